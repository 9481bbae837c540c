// Columns of a convolution: read from an image, or added to it.
#include <rondo/autograd/base/error.h>
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/convolution_parts.h>

#include <algorithm>
#include <cstring>

namespace rondo::kernels {
namespace conv {
namespace {

constexpr int64_t kGrain = 32768;  // numbers that are worth a thread

// f(out_first, out_last, x_first): the outputs of one image row [first, last) of row `row` whose x lies inside, for the
// window's place k along the last dimension.
struct Inside {
  int64_t first, last;
};
inline Inside inside(const Convolution& s, int64_t shift, int64_t first, int64_t last) {
  const int64_t step = s.stride[2];
  const int64_t lowest = shift >= 0 ? 0 : (-shift + step - 1) / step;
  const int64_t room = s.in[2] - shift;
  const int64_t above = room <= 0 ? 0 : (room + step - 1) / step;
  const int64_t begin = std::clamp(lowest, first, last);
  return {begin, std::max(begin, std::min(last, above))};
}

// Walks the pieces of rows of outputs [first, last) for one row of columns: f(place in the row of columns, piece's
// first and last output within its image row, x's row or null where it is outside).
template <class T, class F>
inline void walk(const Convolution& s, int64_t row, int64_t first, int64_t last, T* x, const F& f) {
  const int64_t k2 = row % s.kernel[2], k1 = row / s.kernel[2] % s.kernel[1];
  const int64_t k0 = row / s.kernel[2] / s.kernel[1] % s.kernel[0], channel = row / s.kernel_size();
  const int64_t shift = k2 * s.dilation[2] - s.padding[2];
  x += channel * s.in_size();
  int64_t line = first / s.out[2], begin = first % s.out[2];
  for (int64_t at = first; at < last; ++line, begin = 0) {
    const int64_t end = std::min(s.out[2], begin + last - at);
    const int64_t i1 = line % s.out[1] * s.stride[1] - s.padding[1] + k1 * s.dilation[1];
    const int64_t i0 = line / s.out[1] * s.stride[0] - s.padding[0] + k0 * s.dilation[0];
    const bool within = i0 >= 0 && i0 < s.in[0] && i1 >= 0 && i1 < s.in[1];
    f(at - first, begin, end, within ? x + (i0 * s.in[1] + i1) * s.in[2] : nullptr, shift);
    at += end - begin;
  }
}

template <class T>
void read_row(const Convolution& s, int64_t row, int64_t first, int64_t last, const T* x, T* to) {
  const int64_t step = s.stride[2];
  walk(s, row, first, last, x, [&](int64_t at, int64_t begin, int64_t end, const T* from, int64_t shift) {
    T* out = to + at - begin;
    if (from == nullptr) {
      std::fill(out + begin, out + end, T(0));
      return;
    }
    const Inside in = inside(s, shift, begin, end);
    std::fill(out + begin, out + in.first, T(0));
    from += shift;
    if (step == 1) {
      std::copy(from + in.first, from + in.last, out + in.first);
    } else {
      for (int64_t i = in.first; i < in.last; ++i) out[i] = from[i * step];
    }
    std::fill(out + in.last, out + end, T(0));
  });
}

template <class T>
void add_row(const Convolution& s, int64_t row, int64_t first, int64_t last, const T* from, T* x) {
  const int64_t step = s.stride[2];
  walk(s, row, first, last, x, [&](int64_t at, int64_t begin, int64_t end, T* to, int64_t shift) {
    if (to == nullptr) return;
    const Inside in = inside(s, shift, begin, end);
    const T* column = from + at - begin;
    to += shift;
    if (step == 1) {
      for (int64_t i = in.first; i < in.last; ++i) to[i] = static_cast<T>(to[i] + column[i]);
    } else {
      for (int64_t i = in.first; i < in.last; ++i) to[i * step] = static_cast<T>(to[i * step] + column[i]);
    }
  });
}

template <class T>
void read(const Convolution& s, int64_t channels, int64_t first, int64_t last, const T* x, T* to, int64_t row_stride) {
  const int64_t grain = std::max<int64_t>(1, kGrain / std::max<int64_t>(1, last - first));
  parallel_for(0, channels * s.kernel_size(), grain, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) read_row(s, row, first, last, x, to + row * row_stride);
  });
}

// Threads share channels: each number of x is one thread's.
template <class T>
void add(const Convolution& s, int64_t channels, int64_t first, int64_t last, const T* from, int64_t row_stride, T* x) {
  const int64_t rows = s.kernel_size();
  const int64_t grain = std::max<int64_t>(1, kGrain / std::max<int64_t>(1, (last - first) * rows));
  parallel_for(0, channels, grain, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin * rows; row < end * rows; ++row) add_row(s, row, first, last, from + row * row_stride, x);
  });
}

}  // namespace

void read_columns(int64_t element_bytes, const Convolution& shape, int64_t channels, int64_t first, int64_t last,
                  const void* x, void* to, int64_t row_stride) {
  const auto run = [&](auto tag) {
    using T = typename decltype(tag)::type;
    read(shape, channels, first, last, static_cast<const T*>(x), static_cast<T*>(to), row_stride);
  };
  if (element_bytes == 1) return run(TypeTag<uint8_t>{});
  if (element_bytes == 2) return run(TypeTag<uint16_t>{});
  if (element_bytes == 4) return run(TypeTag<uint32_t>{});
  run(TypeTag<uint64_t>{});
}

void add_columns(ScalarType type, const Convolution& shape, int64_t channels, int64_t first, int64_t last,
                 const void* from, int64_t row_stride, void* x) {
  const auto run = [&](auto tag) {
    using T = typename decltype(tag)::type;
    add(shape, channels, first, last, static_cast<const T*>(from), row_stride, static_cast<T*>(x));
  };
  switch (type) {
    case kFloat:
      return run(TypeTag<float>{});
    case kDouble:
      return run(TypeTag<double>{});
    case kByte:
    case kChar:
      return run(TypeTag<uint8_t>{});
    case kShort:
      return run(TypeTag<uint16_t>{});
    case kInt:
      return run(TypeTag<uint32_t>{});
    case kLong:
      return run(TypeTag<uint64_t>{});
    default:
      fail_type("col2im", std::string("got ") + dtype_name(type) + "; need float32, float64 or an integer type");
  }
}

}  // namespace conv

void im2col(int64_t element_bytes, const Convolution& shape, const void* x, void* columns) {
  const int64_t rows = shape.in_channels * shape.kernel_size(), size = shape.out_size();
  const auto* from = static_cast<const char*>(x);
  auto* to = static_cast<char*>(columns);
  const int64_t grain = std::max<int64_t>(1, conv::kGrain / std::max<int64_t>(1, rows * size));
  parallel_for(0, shape.batch, shape.batch < get_num_threads() ? shape.batch : grain, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) {
      conv::read_columns(element_bytes, shape, shape.in_channels, 0, size,
                         from + i * shape.in_channels * shape.in_size() * element_bytes,
                         to + i * rows * size * element_bytes, size);
    }
  });
}

void col2im(ScalarType type, const Convolution& shape, const void* columns, void* x) {
  const auto bytes = static_cast<int64_t>(element_size(type));
  const int64_t rows = shape.in_channels * shape.kernel_size(), size = shape.out_size();
  const int64_t image = shape.in_channels * shape.in_size();
  const auto* from = static_cast<const char*>(columns);
  auto* to = static_cast<char*>(x);
  const int64_t grain = std::max<int64_t>(1, conv::kGrain / std::max<int64_t>(1, rows * size));
  parallel_for(0, shape.batch, shape.batch < get_num_threads() ? shape.batch : grain, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) {
      std::memset(to + i * image * bytes, 0, static_cast<size_t>(image * bytes));
      conv::add_columns(type, shape, shape.in_channels, 0, size, from + i * rows * size * bytes, size,
                        to + i * image * bytes);
    }
  });
}

}  // namespace rondo::kernels
