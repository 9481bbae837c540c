#include <rondo/autograd/kernels/distance.h>
#include <rondo/autograd/kernels/work.h>

#include <rondo/autograd/base/parallel.h>

#include <algorithm>
#include <cmath>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/kernels/distance.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, as Highway asks.
#include <rondo/autograd/kernels/lanes-inl.h>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {
namespace {

// What a difference adds, how two sums become one, what the norm of a sum is, and, for a gradient g of a norm y, the
// factor that the slopes at all differences have.
template <class T>
struct Zero {
  HWY_INLINE Lanes<T> add(Lanes<T> d) const { return where(d == Lanes<T>(0.0), Lanes<T>(0.0), Lanes<T>(1.0)); }
  HWY_INLINE Lanes<T> join(Lanes<T> a, Lanes<T> b) const { return a + b; }
  T finish(T sum) const { return sum; }
  T factor(T, T) const { return 0; }
  HWY_INLINE Lanes<T> slope(Lanes<T>, Lanes<T> factor, Lanes<T>) const { return factor; }
};
template <class T>
struct One {
  HWY_INLINE Lanes<T> add(Lanes<T> d) const { return abs(d); }
  HWY_INLINE Lanes<T> join(Lanes<T> a, Lanes<T> b) const { return a + b; }
  T finish(T sum) const { return sum; }
  T factor(T g, T) const { return g; }
  HWY_INLINE Lanes<T> slope(Lanes<T> d, Lanes<T> factor, Lanes<T>) const {
    return where(d > 0.0, factor, where(d < 0.0, -factor, Lanes<T>(0.0)));
  }
};
template <class T>
struct Two {
  HWY_INLINE Lanes<T> add(Lanes<T> d) const { return d * d; }
  HWY_INLINE Lanes<T> join(Lanes<T> a, Lanes<T> b) const { return a + b; }
  T finish(T sum) const { return std::sqrt(sum); }
  T factor(T g, T y) const { return y == 0 ? T(0) : g / y; }
  HWY_INLINE Lanes<T> slope(Lanes<T> d, Lanes<T> factor, Lanes<T>) const { return d * factor; }
};
template <class T>
struct Largest {
  HWY_INLINE Lanes<T> add(Lanes<T> d) const { return abs(d); }
  HWY_INLINE Lanes<T> join(Lanes<T> a, Lanes<T> b) const { return maximum(a, b); }
  T finish(T largest) const { return largest; }
  T factor(T g, T) const { return g; }
  HWY_INLINE Lanes<T> slope(Lanes<T> d, Lanes<T> factor, Lanes<T> y) const {
    return where(abs(d) == y, One<T>().slope(d, factor, y), Lanes<T>(0.0));
  }
};
// Small whole exponents from 3 on.
template <class T>
struct Whole {
  int p;
  template <class V>
  static HWY_INLINE V power(V x, int n) {
    V y = x;
    for (int i = 1; i < n; ++i) y = y * x;
    return y;
  }
  HWY_INLINE Lanes<T> add(Lanes<T> d) const { return power(abs(d), p); }
  HWY_INLINE Lanes<T> join(Lanes<T> a, Lanes<T> b) const { return a + b; }
  T finish(T sum) const { return std::pow(sum, T(1) / static_cast<T>(p)); }
  T factor(T g, T y) const { return y == 0 ? T(0) : g / power(y, p - 1); }
  HWY_INLINE Lanes<T> slope(Lanes<T> d, Lanes<T> factor, Lanes<T>) const { return d * power(abs(d), p - 2) * factor; }
};

// Calls f(norm) for the p that lanes can do.
template <class T, class F>
HWY_INLINE void with_norm(double p, const F& f) {
  if (p == 0) return f(Zero<T>());
  if (p == 1) return f(One<T>());
  if (p == 2) return f(Two<T>());
  if (std::isinf(p)) return f(Largest<T>());
  f(Whole<T>{static_cast<int>(p)});
}

template <class T, class Norm>
HWY_INLINE T joined(const Norm& norm, Lanes<T> sums) {
  HWY_ALIGN T lanes[HWY_MAX_BYTES / sizeof(T)];
  sums.store(lanes);
  for (size_t half = Lanes<T>::count() / 2; half > 0; half /= 2) {
    // Through lanes, so that NaN stays.
    for (size_t i = 0; i < half; ++i) {
      norm.join(Lanes<T>::load_first(lanes + i, 1), Lanes<T>::load_first(lanes + i + half, 1))
          .store_first(lanes + i, 1);
    }
  }
  return lanes[0];
}
// Sums in their usual order.
template <class T, class Norm>
HWY_INLINE T total(const Norm&, Lanes<T> sums) {
  return sum_of(sums);
}
template <class T>
HWY_INLINE T total(const Largest<T>& norm, Lanes<T> sums) {
  return joined(norm, sums);
}

template <class T, class Norm>
HWY_INLINE void norms_of(const Norm& norm, int64_t width, const T* HWY_RESTRICT row, const T* HWY_RESTRICT others,
                         int64_t count, T* HWY_RESTRICT to) {
  const auto lanes = static_cast<int64_t>(Lanes<T>::count());
  for (int64_t j = 0; j < count; ++j, others += width) {
    Lanes<T> first, second;
    int64_t k = 0;
    for (; k + 2 * lanes <= width; k += 2 * lanes) {
      first = norm.join(first, norm.add(Lanes<T>::load(row + k) - Lanes<T>::load(others + k)));
      second = norm.join(second, norm.add(Lanes<T>::load(row + k + lanes) - Lanes<T>::load(others + k + lanes)));
    }
    if (k + lanes <= width) {
      first = norm.join(first, norm.add(Lanes<T>::load(row + k) - Lanes<T>::load(others + k)));
      k += lanes;
    }
    if (k < width) {
      const auto rest = static_cast<size_t>(width - k);
      second =
          norm.join(second, norm.add(Lanes<T>::load_first(row + k, rest) - Lanes<T>::load_first(others + k, rest)));
    }
    to[j] = norm.finish(total(norm, norm.join(first, second)));
  }
}

template <class T, class Norm>
HWY_INLINE void slopes_of(const Norm& norm, int64_t width, const T* HWY_RESTRICT row, const T* HWY_RESTRICT others,
                          int64_t count, const T* values, int64_t value_step, const T* gradients, int64_t gradient_step,
                          T* HWY_RESTRICT to) {
  const auto lanes = static_cast<int64_t>(Lanes<T>::count());
  for (int64_t j = 0; j < count; ++j, others += width) {
    const T value = values[j * value_step];
    const Lanes<T> y(static_cast<double>(value));
    const Lanes<T> factor(static_cast<double>(norm.factor(gradients[j * gradient_step], value)));
    int64_t k = 0;
    for (; k + lanes <= width; k += lanes) {
      const Lanes<T> d = Lanes<T>::load(row + k) - Lanes<T>::load(others + k);
      (Lanes<T>::load(to + k) + norm.slope(d, factor, y)).store(to + k);
    }
    if (k < width) {
      const auto rest = static_cast<size_t>(width - k);
      const Lanes<T> d = Lanes<T>::load_first(row + k, rest) - Lanes<T>::load_first(others + k, rest);
      (Lanes<T>::load_first(to + k, rest) + norm.slope(d, factor, y)).store_first(to + k, rest);
    }
  }
}

#define RONDO_DISTANCE(T, name)                                                                              \
  void norms_##name(double p, int64_t width, const T* row, const T* others, int64_t count, T* to) {          \
    with_norm<T>(p, [&](const auto& norm) HWY_ATTR { norms_of(norm, width, row, others, count, to); });      \
  }                                                                                                          \
  void slopes_##name(double p, int64_t width, const T* row, const T* others, int64_t count, const T* values, \
                     int64_t value_step, const T* gradients, int64_t gradient_step, T* to) {                 \
    with_norm<T>(p, [&](const auto& norm) HWY_ATTR {                                                         \
      slopes_of(norm, width, row, others, count, values, value_step, gradients, gradient_step, to);          \
    });                                                                                                      \
  }
RONDO_DISTANCE(float, f32)
RONDO_DISTANCE(double, f64)
#undef RONDO_DISTANCE

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace rondo::kernels {
namespace {

HWY_EXPORT(norms_f32);
HWY_EXPORT(norms_f64);
HWY_EXPORT(slopes_f32);
HWY_EXPORT(slopes_f64);

template <class T>
auto norms_kernel() {
  if constexpr (sizeof(T) == 4) {
    return HWY_DYNAMIC_DISPATCH(norms_f32);
  } else {
    return HWY_DYNAMIC_DISPATCH(norms_f64);
  }
}
template <class T>
auto slopes_kernel() {
  if constexpr (sizeof(T) == 4) {
    return HWY_DYNAMIC_DISPATCH(slopes_f32);
  } else {
    return HWY_DYNAMIC_DISPATCH(slopes_f64);
  }
}

// Other exponents need powers of each difference.
bool lanes_can(double p) { return p == 0 || p == 1 || std::isinf(p) || (p >= 2 && p <= 8 && p == std::floor(p)); }

template <class T>
void norms(double p, int64_t width, const T* row, const T* others, int64_t count, T* to) {
  if (lanes_can(p)) return norms_kernel<T>()(p, width, row, others, count, to);
  const T exponent = static_cast<T>(p);
  for (int64_t j = 0; j < count; ++j, others += width) {
    T sum = 0;
    for (int64_t k = 0; k < width; ++k) sum += std::pow(std::abs(row[k] - others[k]), exponent);
    to[j] = std::pow(sum, 1 / exponent);
  }
}

// Where a norm or a difference is 0, so is the slope.
template <class T>
void add_slopes(double p, int64_t width, const T* row, const T* others, int64_t count, const T* values,
                int64_t value_step, const T* gradients, int64_t gradient_step, T* to) {
  if (lanes_can(p)) {
    return slopes_kernel<T>()(p, width, row, others, count, values, value_step, gradients, gradient_step, to);
  }
  const T exponent = static_cast<T>(p) - 1;
  for (int64_t j = 0; j < count; ++j, others += width) {
    const T y = values[j * value_step], factor = y == 0 ? T(0) : gradients[j * gradient_step] / std::pow(y, exponent);
    for (int64_t k = 0; k < width; ++k) {
      const T d = row[k] - others[k];
      if (d != 0) to[k] += std::copysign(std::pow(std::abs(d), exponent), d) * factor;
    }
  }
}

int64_t rows_at_once(int64_t others, int64_t width) {
  constexpr int64_t kPiece = 1 << 14;
  return std::max<int64_t>(1, kPiece / std::max<int64_t>(1, others * width));
}

// The place of the pair of rows i < j.
int64_t place_of(int64_t n, int64_t i, int64_t j) { return i * (2 * n - i - 1) / 2 + (j - i - 1); }

}  // namespace

void distances(ScalarType type, const DistanceShape& shape, double p, const void* a, const void* b, void* y) {
  const int64_t width = shape.width, count = shape.r_rows;
  with_type(type, [&]<class T>(T) {
    parallel_for(0, shape.count * shape.p_rows, rows_at_once(count, width), [&](int64_t first, int64_t last) {
      for (int64_t i = first; i < last; ++i) {
        norms(p, width, static_cast<const T*>(a) + i * width,
              static_cast<const T*>(b) + i / shape.p_rows * count * width, count, static_cast<T*>(y) + i * count);
      }
    });
  });
}

void distances_backward(ScalarType type, const DistanceShape& shape, double p, const void* a, const void* b,
                        const void* y, PairStrides y_strides, const void* g, PairStrides g_strides, void* ga) {
  const int64_t width = shape.width, count = shape.r_rows;
  with_type(type, [&]<class T>(T) {
    parallel_for(0, shape.count * shape.p_rows, rows_at_once(count, width), [&](int64_t first, int64_t last) {
      for (int64_t i = first; i < last; ++i) {
        const int64_t matrix = i / shape.p_rows, row = i % shape.p_rows;
        T* to = static_cast<T*>(ga) + i * width;
        std::fill(to, to + width, T(0));
        add_slopes(p, width, static_cast<const T*>(a) + i * width, static_cast<const T*>(b) + matrix * count * width,
                   count, static_cast<const T*>(y) + matrix * y_strides.matrix + row * y_strides.row, y_strides.column,
                   static_cast<const T*>(g) + matrix * g_strides.matrix + row * g_strides.row, g_strides.column, to);
      }
    });
  });
}

void pair_distances(ScalarType type, int64_t n, int64_t width, double p, const void* a, void* y) {
  with_type(type, [&]<class T>(T) {
    const T* rows = static_cast<const T*>(a);
    parallel_for(0, n, rows_at_once(n / 2, width), [&](int64_t first, int64_t last) {
      for (int64_t i = first; i < last; ++i) {
        norms(p, width, rows + i * width, rows + (i + 1) * width, n - i - 1,
              static_cast<T*>(y) + place_of(n, i, i + 1));
      }
    });
  });
}

void pair_distances_backward(ScalarType type, int64_t n, int64_t width, double p, const void* a, const void* y,
                             const void* g, void* ga) {
  with_type(type, [&]<class T>(T) {
    const T *rows = static_cast<const T*>(a), *values = static_cast<const T*>(y), *gradients = static_cast<const T*>(g);
    parallel_for(0, n, rows_at_once(n, width), [&](int64_t first, int64_t last) {
      std::vector<T> before(static_cast<size_t>(2 * n));  // the values and gradients of the pairs with smaller rows
      for (int64_t i = first; i < last; ++i) {
        T *to = static_cast<T*>(ga) + i * width, *value = before.data(), *gradient = value + n;
        std::fill(to, to + width, T(0));
        for (int64_t j = 0; j < i; ++j) {
          value[j] = values[place_of(n, j, i)];
          gradient[j] = gradients[place_of(n, j, i)];
        }
        const int64_t place = place_of(n, i, i + 1);
        add_slopes(p, width, rows + i * width, rows, i, value, 1, gradient, 1, to);
        add_slopes(p, width, rows + i * width, rows + (i + 1) * width, n - i - 1, values + place, 1, gradients + place,
                   1, to);
      }
    });
  });
}

}  // namespace rondo::kernels

#endif  // HWY_ONCE
