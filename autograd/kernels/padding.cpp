// Rows with repeated borders, and their sums.
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/padding.h>
#include <rondo/autograd/kernels/work.h>

#include <algorithm>
#include <cstring>
#include <vector>

namespace rondo::kernels {
namespace {

template <class T>
void pad_rows(const PaddedPlanes& shape, const T* x, T* y) {
  const int64_t width = shape.in[2], out_width = shape.out[2];
  const int64_t begin = shape.inside_begin, end = shape.inside_end;
  const int64_t* source = shape.source[2];
  parallel_for(0, shape.planes * shape.out[0] * shape.out[1], grain_of(out_width), [&](int64_t first, int64_t last) {
    for (int64_t row = first; row < last; ++row) {
      const int64_t j = row % shape.out[1], i = row / shape.out[1] % shape.out[0],
                    plane = row / shape.out[1] / shape.out[0];
      const T* from = x + ((plane * shape.in[0] + shape.source[0][i]) * shape.in[1] + shape.source[1][j]) * width;
      T* to = y + row * out_width;
      for (int64_t k = 0; k < begin; ++k) to[k] = from[source[k]];
      if (end > begin) std::memcpy(to + begin, from + source[begin], sizeof(T) * static_cast<size_t>(end - begin));
      for (int64_t k = end; k < out_width; ++k) to[k] = from[source[k]];
    }
  });
}

// For each source the places that read it.
struct Readers {
  Readers(const int64_t* source, int64_t count, int64_t size)
      : first(static_cast<size_t>(size) + 1), places(static_cast<size_t>(count)) {
    for (int64_t i = 0; i < count; ++i) ++first[static_cast<size_t>(source[i]) + 1];
    for (size_t s = 1; s < first.size(); ++s) first[s] += first[s - 1];
    std::vector<int64_t> next(first.begin(), first.end() - 1);
    for (int64_t i = 0; i < count; ++i) {
      places[static_cast<size_t>(next[static_cast<size_t>(source[i])]++)] = i;
    }
  }
  const int64_t* begin(int64_t s) const { return places.data() + first[static_cast<size_t>(s)]; }
  const int64_t* end(int64_t s) const { return places.data() + first[static_cast<size_t>(s) + 1]; }

  std::vector<int64_t> first, places;
};

template <class T>
void add_rows(const PaddedPlanes& shape, const T* gy, T* gx) {
  const int64_t width = shape.in[2], out_width = shape.out[2];
  const int64_t begin = shape.inside_begin, end = shape.inside_end;
  const int64_t* source = shape.source[2];
  const Readers outer(shape.source[0], shape.out[0], shape.in[0]), middle(shape.source[1], shape.out[1], shape.in[1]);
  // Threads share rows of the input: each sums what was read from its own, in the order of the output.
  parallel_for(0, shape.planes * shape.in[0] * shape.in[1], grain_of(width), [&](int64_t first, int64_t last) {
    for (int64_t row = first; row < last; ++row) {
      const int64_t j = row % shape.in[1], i = row / shape.in[1] % shape.in[0], plane = row / shape.in[1] / shape.in[0];
      T* to = gx + row * width;
      std::fill_n(to, width, T(0));
      for (const int64_t* a = outer.begin(i); a != outer.end(i); ++a) {
        for (const int64_t* b = middle.begin(j); b != middle.end(j); ++b) {
          const T* from = gy + ((plane * shape.out[0] + *a) * shape.out[1] + *b) * out_width;
          for (int64_t k = 0; k < begin; ++k) to[source[k]] += from[k];
          if (end > begin) {
            T* inside = to + source[begin];
            for (int64_t k = begin; k < end; ++k) inside[k - begin] += from[k];
          }
          for (int64_t k = end; k < out_width; ++k) to[source[k]] += from[k];
        }
      }
    }
  });
}

}  // namespace

void pad_planes(int64_t element_bytes, const PaddedPlanes& shape, const void* x, void* y) {
  switch (element_bytes) {
    case 1:
      return pad_rows(shape, static_cast<const uint8_t*>(x), static_cast<uint8_t*>(y));
    case 2:
      return pad_rows(shape, static_cast<const uint16_t*>(x), static_cast<uint16_t*>(y));
    case 4:
      return pad_rows(shape, static_cast<const uint32_t*>(x), static_cast<uint32_t*>(y));
    default:
      return pad_rows(shape, static_cast<const uint64_t*>(x), static_cast<uint64_t*>(y));
  }
}

void pad_planes_backward(ScalarType type, const PaddedPlanes& shape, const void* gy, void* gx) {
  if (type == kDouble) return add_rows(shape, static_cast<const double*>(gy), static_cast<double*>(gx));
  add_rows(shape, static_cast<const float*>(gy), static_cast<float*>(gx));
}

}  // namespace rondo::kernels
