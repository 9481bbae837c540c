#include <rondo/autograd/kernels/distance.h>

#include <rondo/autograd/base/parallel.h>

#include <algorithm>
#include <cmath>

namespace rondo::kernels {
namespace {

// What a difference adds, how two sums become one, what the norm is, and the norm's slope at a difference.
template <class T>
struct Zero {
  T add(T d) const { return d == 0 ? T(0) : T(1); }
  static T join(T a, T b) { return a + b; }
  T finish(T sum) const { return sum; }
  T factor(T, T) const { return 0; }
  T slope(T, T, T) const { return 0; }
};
template <class T>
struct One {
  T add(T d) const { return std::abs(d); }
  static T join(T a, T b) { return a + b; }
  T finish(T sum) const { return sum; }
  T factor(T g, T) const { return g; }
  T slope(T d, T factor, T) const { return d > 0 ? factor : (d < 0 ? -factor : T(0)); }
};
template <class T>
struct Two {
  T add(T d) const { return d * d; }
  static T join(T a, T b) { return a + b; }
  T finish(T sum) const { return std::sqrt(sum); }
  T factor(T g, T y) const { return y == 0 ? T(0) : g / y; }
  T slope(T d, T factor, T) const { return d * factor; }
};
template <class T>
struct Largest {
  T add(T d) const { return std::abs(d); }
  static T join(T a, T b) { return a > b || std::isnan(a) ? a : b; }
  T finish(T largest) const { return largest; }
  T factor(T g, T) const { return g; }
  T slope(T d, T factor, T y) const { return std::abs(d) != y || d == 0 ? T(0) : (d > 0 ? factor : -factor); }
};
template <class T>
struct General {
  T p;
  T add(T d) const { return std::pow(std::abs(d), p); }
  static T join(T a, T b) { return a + b; }
  T finish(T sum) const { return std::pow(sum, 1 / p); }
  T factor(T g, T y) const { return y == 0 ? T(0) : g / std::pow(y, p - 1); }
  T slope(T d, T factor, T) const {
    if (d == 0) return 0;
    const T size = std::pow(std::abs(d), p - 1) * factor;
    return d > 0 ? size : -size;
  }
};

// Small whole exponents, by products.
template <class T>
struct Whole {
  int p;
  static T power(T x, int n) {
    T y = x;
    for (int i = 1; i < n; ++i) y *= x;
    return y;
  }
  T add(T d) const { return power(std::abs(d), p); }
  static T join(T a, T b) { return a + b; }
  T finish(T sum) const { return std::pow(sum, T(1) / static_cast<T>(p)); }
  T factor(T g, T y) const { return y == 0 ? T(0) : g / power(y, p - 1); }
  T slope(T d, T factor, T) const { return d * power(std::abs(d), p - 2) * factor; }
};

constexpr int64_t kLanes = 8;

template <class T, class Norm>
T distance(const Norm& norm, int64_t width, const T* a, const T* b) {
  T lanes[kLanes] = {};
  int64_t k = 0;
  for (; k + kLanes <= width; k += kLanes) {
    for (int64_t l = 0; l < kLanes; ++l) lanes[l] = Norm::join(lanes[l], norm.add(a[k + l] - b[k + l]));
  }
  for (int64_t l = 0; k < width; ++k, ++l) lanes[l] = Norm::join(lanes[l], norm.add(a[k] - b[k]));
  for (int64_t half = kLanes / 2; half > 0; half /= 2) {
    for (int64_t l = 0; l < half; ++l) lanes[l] = Norm::join(lanes[l], lanes[l + half]);
  }
  return norm.finish(lanes[0]);
}

template <class F>
void with_norm(ScalarType type, double p, const F& f) {
  const auto of = [&]<class T>(T) {
    if (p == 0) return f(Zero<T>(), T());
    if (p == 1) return f(One<T>(), T());
    if (p == 2) return f(Two<T>(), T());
    if (std::isinf(p)) return f(Largest<T>(), T());
    if (p >= 3 && p <= 8 && p == std::floor(p)) return f(Whole<T>{static_cast<int>(p)}, T());
    return f(General<T>{static_cast<T>(p)}, T());
  };
  type == kFloat ? of(float()) : of(double());
}

int64_t rows_at_once(int64_t others, int64_t width) {
  constexpr int64_t kPiece = 1 << 14;
  return std::max<int64_t>(1, kPiece / std::max<int64_t>(1, others * width));
}

// The place of the pair of rows i < j.
int64_t place_of(int64_t n, int64_t i, int64_t j) { return i * (2 * n - i - 1) / 2 + (j - i - 1); }

template <class T, class Norm>
void add_slopes(const Norm& norm, int64_t width, const T* row, const T* other, T value, T gradient, T* to) {
  const T factor = norm.factor(gradient, value);
  for (int64_t k = 0; k < width; ++k) to[k] += norm.slope(row[k] - other[k], factor, value);
}

}  // namespace

void distances(ScalarType type, const DistanceShape& shape, double p, const void* a, const void* b, void* y) {
  with_norm(type, p, [&]<class Norm, class T>(const Norm& norm, T) {
    parallel_for(0, shape.count * shape.p_rows, rows_at_once(shape.r_rows, shape.width),
                 [&](int64_t first, int64_t last) {
                   for (int64_t i = first; i < last; ++i) {
                     const T* row = static_cast<const T*>(a) + i * shape.width;
                     const T* others = static_cast<const T*>(b) + i / shape.p_rows * shape.r_rows * shape.width;
                     T* to = static_cast<T*>(y) + i * shape.r_rows;
                     for (int64_t j = 0; j < shape.r_rows; ++j)
                       to[j] = distance(norm, shape.width, row, others + j * shape.width);
                   }
                 });
  });
}

void distances_backward(ScalarType type, const DistanceShape& shape, double p, const void* a, const void* b,
                        const void* y, PairStrides y_strides, const void* g, PairStrides g_strides, void* ga) {
  with_norm(type, p, [&]<class Norm, class T>(const Norm& norm, T) {
    parallel_for(0, shape.count * shape.p_rows, rows_at_once(shape.r_rows, shape.width),
                 [&](int64_t first, int64_t last) {
                   for (int64_t i = first; i < last; ++i) {
                     const int64_t matrix = i / shape.p_rows, r = i % shape.p_rows;
                     const T* row = static_cast<const T*>(a) + i * shape.width;
                     const T* others = static_cast<const T*>(b) + matrix * shape.r_rows * shape.width;
                     const T* values = static_cast<const T*>(y) + matrix * y_strides.matrix + r * y_strides.row;
                     const T* gradients = static_cast<const T*>(g) + matrix * g_strides.matrix + r * g_strides.row;
                     T* to = static_cast<T*>(ga) + i * shape.width;
                     std::fill(to, to + shape.width, T(0));
                     for (int64_t j = 0; j < shape.r_rows; ++j) {
                       add_slopes(norm, shape.width, row, others + j * shape.width, values[j * y_strides.column],
                                  gradients[j * g_strides.column], to);
                     }
                   }
                 });
  });
}

void pair_distances(ScalarType type, int64_t n, int64_t width, double p, const void* a, void* y) {
  with_norm(type, p, [&]<class Norm, class T>(const Norm& norm, T) {
    const T* rows = static_cast<const T*>(a);
    parallel_for(0, n, rows_at_once(n / 2, width), [&](int64_t first, int64_t last) {
      for (int64_t i = first; i < last; ++i) {
        T* to = static_cast<T*>(y) + place_of(n, i, i + 1);
        for (int64_t j = i + 1; j < n; ++j) *to++ = distance(norm, width, rows + i * width, rows + j * width);
      }
    });
  });
}

void pair_distances_backward(ScalarType type, int64_t n, int64_t width, double p, const void* a, const void* y,
                             const void* g, void* ga) {
  with_norm(type, p, [&]<class Norm, class T>(const Norm& norm, T) {
    const T* rows = static_cast<const T*>(a);
    parallel_for(0, n, rows_at_once(n, width), [&](int64_t first, int64_t last) {
      for (int64_t i = first; i < last; ++i) {
        T* to = static_cast<T*>(ga) + i * width;
        std::fill(to, to + width, T(0));
        for (int64_t j = 0; j < n; ++j) {
          if (j == i) continue;
          const int64_t place = place_of(n, std::min(i, j), std::max(i, j));
          add_slopes(norm, width, rows + i * width, rows + j * width, static_cast<const T*>(y)[place],
                     static_cast<const T*>(g)[place], to);
        }
      }
    });
  });
}

}  // namespace rondo::kernels
