#include <rondo/autograd/kernels/resample.h>

#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/scratch.h>

#include <algorithm>
#include <cstring>

namespace rondo::kernels {
namespace {

constexpr int64_t kGrain = 16384;  // numbers that are worth a thread

// The taps of the last dimension, weights in the arrays' type.
template <class T>
struct Line {
  explicit Line(const AxisTaps& of) : taps(of), weight(of.weight.begin(), of.weight.end()) {
    width = taps.out == 0 ? 0 : taps.first[1] - taps.first[0];
    for (int64_t i = 0; i < taps.out; ++i) {
      if (taps.first[static_cast<size_t>(i) + 1] - taps.first[static_cast<size_t>(i)] != width) width = 0;
    }
    doubles = width == 1 && taps.out == 2 * taps.in && takes_each(2);
    halves = width == 2 && taps.in == 2 * taps.out && takes_each(1);
  }
  // Whether the input's numbers are taken in order, each `times` times and with the weight 1.
  bool takes_each(size_t times) const {
    for (size_t k = 0; k < weight.size(); ++k) {
      if (weight[k] != 1 || taps.source[k] != static_cast<int64_t>(k / times)) return false;
    }
    return true;
  }
  // With a fixed number of taps the inner loop is unrolled.
  template <int kWidth>
  void run_fixed(const T* x, T* y) const {
    const int64_t* source = taps.source.data();
    const T* w = weight.data();
    for (int64_t i = 0; i < taps.out; ++i, source += kWidth, w += kWidth) {
      T sum = w[0] * x[source[0]];
      for (int k = 1; k < kWidth; ++k) sum += w[k] * x[source[k]];
      y[i] = sum;
    }
  }
  void run(const T* x, T* y) const {
    if (taps.identity) {
      std::memcpy(y, x, sizeof(T) * static_cast<size_t>(taps.out));
      return;
    }
    // Nearest neighbours twice as many, and back: loops that the compiler can turn into vectors.
    if (doubles) {
      for (int64_t i = 0; i < taps.in; ++i) y[2 * i] = y[2 * i + 1] = x[i];
      return;
    }
    if (halves) {
      for (int64_t i = 0; i < taps.out; ++i) y[i] = x[2 * i] + x[2 * i + 1];
      return;
    }
    switch (width) {
      case 1:
        return run_fixed<1>(x, y);
      case 2:
        return run_fixed<2>(x, y);
      case 4:
        return run_fixed<4>(x, y);
      default:
        break;
    }
    for (int64_t i = 0; i < taps.out; ++i) {
      T sum = 0;
      const int64_t last = taps.first[static_cast<size_t>(i) + 1];
      for (int64_t k = taps.first[static_cast<size_t>(i)]; k < last; ++k) {
        sum += weight[static_cast<size_t>(k)] * x[taps.source[static_cast<size_t>(k)]];
      }
      y[i] = sum;
    }
  }

  const AxisTaps& taps;
  std::vector<T> weight;
  int64_t width;  // 0: it differs
  bool doubles, halves;
};

template <class T>
void resample_typed(int64_t planes, const AxisTaps taps[3], const T* x, T* y) {
  const AxisTaps &outer = taps[0], &middle = taps[1], &inner = taps[2];
  const Line<T> line(inner);
  const int64_t width = inner.in;
  // A row of the result: the rows that it is made of, weighted and added, then along the row.
  parallel_for(0, planes * outer.out * middle.out, std::max<int64_t>(1, kGrain / std::max<int64_t>(1, inner.out)),
               [&](int64_t first, int64_t last) {
                 Scratch<8192> scratch(sizeof(T) * static_cast<size_t>(width));
                 T* mixed = scratch.template as<T>();
                 const T* last_source = nullptr;
                 for (int64_t row = first; row < last; ++row) {
                   const int64_t j = row % middle.out, i = row / middle.out % outer.out;
                   const T* plane = x + row / middle.out / outer.out * outer.in * middle.in * width;
                   T* to = y + row * inner.out;
                   const auto a0 = outer.first[static_cast<size_t>(i)], a1 = outer.first[static_cast<size_t>(i) + 1];
                   const auto b0 = middle.first[static_cast<size_t>(j)], b1 = middle.first[static_cast<size_t>(j) + 1];
                   const T* from = mixed;
                   bool empty = true;
                   for (int64_t a = a0; a < a1; ++a) {
                     for (int64_t b = b0; b < b1; ++b) {
                       const T* source = plane + (outer.source[static_cast<size_t>(a)] * middle.in +
                                                  middle.source[static_cast<size_t>(b)]) *
                                                     width;
                       const T weight =
                           static_cast<T>(outer.weight[static_cast<size_t>(a)] * middle.weight[static_cast<size_t>(b)]);
                       if (empty && weight == 1 && a1 - a0 == 1 && b1 - b0 == 1) {
                         from = source;
                       } else if (empty) {
                         for (int64_t k = 0; k < width; ++k) mixed[k] = weight * source[k];
                       } else {
                         for (int64_t k = 0; k < width; ++k) mixed[k] += weight * source[k];
                       }
                       empty = false;
                     }
                   }
                   if (empty) {
                     std::fill_n(to, inner.out, T(0));
                   } else if (from != mixed && from == last_source) {
                     std::memcpy(to, to - inner.out, sizeof(T) * static_cast<size_t>(inner.out));
                   } else {
                     line.run(from, to);
                   }
                   last_source = empty || from == mixed ? nullptr : from;
                 }
               });
}

}  // namespace

AxisTaps AxisTaps::transposed() const {
  AxisTaps turned;
  turned.in = out;
  turned.out = in;
  turned.identity = identity;
  turned.first.assign(static_cast<size_t>(in) + 1, 0);
  for (int64_t s : source) ++turned.first[static_cast<size_t>(s) + 1];
  for (size_t s = 1; s < turned.first.size(); ++s) turned.first[s] += turned.first[s - 1];
  std::vector<int64_t> next(turned.first.begin(), turned.first.end() - 1);
  turned.source.resize(source.size());
  turned.weight.resize(source.size());
  for (int64_t i = 0; i < out; ++i) {
    for (int64_t k = first[static_cast<size_t>(i)]; k < first[static_cast<size_t>(i) + 1]; ++k) {
      const auto place = static_cast<size_t>(next[static_cast<size_t>(source[static_cast<size_t>(k)])]++);
      turned.source[place] = i;
      turned.weight[place] = weight[static_cast<size_t>(k)];
    }
  }
  return turned;
}

void resample(ScalarType type, int64_t planes, const AxisTaps taps[3], const void* x, void* y) {
  if (type == kDouble) return resample_typed(planes, taps, static_cast<const double*>(x), static_cast<double*>(y));
  resample_typed(planes, taps, static_cast<const float*>(x), static_cast<float*>(y));
}

}  // namespace rondo::kernels
