#include <rondo/autograd/base/allocator.h>
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/pair_sums.h>

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/kernels/pair_sums.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, as Highway asks.
#include <rondo/autograd/kernels/lanes-inl.h>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {
namespace {

// Four chains of sums, so that additions overlap.
template <class T, class Add>
HWY_INLINE double pair_sum(int64_t n, const T* HWY_RESTRICT x, const T* HWY_RESTRICT t, const Add& add_pair) {
  const auto count = static_cast<int64_t>(Lanes<T>::count());
  Lanes<T> sums[4];
  int64_t i = 0;
  const auto add = [&](int chain, Lanes<T> a, Lanes<T> b) HWY_ATTR { sums[chain] = add_pair(a, b, sums[chain]); };
  for (; i + 4 * count <= n; i += 4 * count) {
    for (int c = 0; c < 4; ++c) add(c, Lanes<T>::load(x + i + c * count), Lanes<T>::load(t + i + c * count));
  }
  for (int c = 0; i + count <= n; i += count, ++c) add(c, Lanes<T>::load(x + i), Lanes<T>::load(t + i));
  if (i < n) {
    const auto rest = static_cast<size_t>(n - i);
    add(3, Lanes<T>::load_first(x + i, rest), Lanes<T>::load_first(t + i, rest));
  }
  return static_cast<double>(sum_of((sums[0] + sums[1]) + (sums[2] + sums[3])));
}
template <class T>
HWY_INLINE double squared_error_typed(int64_t n, const T* x, const T* t) {
  return pair_sum(n, x, t, [](Lanes<T> a, Lanes<T> b, Lanes<T> sum) HWY_ATTR { return fma(a - b, a - b, sum); });
}
template <class T>
HWY_INLINE double inner_product_typed(int64_t n, const T* x, const T* t) {
  return pair_sum(n, x, t, [](Lanes<T> a, Lanes<T> b, Lanes<T> sum) HWY_ATTR { return fma(a, b, sum); });
}

template <class T>
HWY_INLINE void scaled_difference_typed(int64_t n, double scale, const T* HWY_RESTRICT x, const T* HWY_RESTRICT t,
                                        T* HWY_RESTRICT y) {
  const auto count = static_cast<int64_t>(Lanes<T>::count());
  const Lanes<T> by(scale);
  int64_t i = 0;
  for (; i + count <= n; i += count) (by * (Lanes<T>::load(x + i) - Lanes<T>::load(t + i))).store(y + i);
  if (i < n) {
    const auto rest = static_cast<size_t>(n - i);
    (by * (Lanes<T>::load_first(x + i, rest) - Lanes<T>::load_first(t + i, rest))).store_first(y + i, rest);
  }
}

double squared_error_f32(int64_t n, const float* x, const float* t) { return squared_error_typed(n, x, t); }
double squared_error_f64(int64_t n, const double* x, const double* t) { return squared_error_typed(n, x, t); }
double inner_product_f32(int64_t n, const float* x, const float* t) { return inner_product_typed(n, x, t); }
double inner_product_f64(int64_t n, const double* x, const double* t) { return inner_product_typed(n, x, t); }
void scaled_difference_f32(int64_t n, double scale, const float* x, const float* t, float* y) {
  scaled_difference_typed(n, scale, x, t, y);
}
void scaled_difference_f64(int64_t n, double scale, const double* x, const double* t, double* y) {
  scaled_difference_typed(n, scale, x, t, y);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace rondo::kernels {
namespace {

HWY_EXPORT(squared_error_f32);
HWY_EXPORT(squared_error_f64);
HWY_EXPORT(inner_product_f32);
HWY_EXPORT(inner_product_f64);
HWY_EXPORT(scaled_difference_f32);
HWY_EXPORT(scaled_difference_f64);

constexpr int64_t kBlock = 4096, kGrain = 8 * kBlock;

// The blocks' sums go to memory first and are then added in order.
template <class T, class Block>
double add_blocks(int64_t n, const T* x, const T* t, const Block& block) {
  if (n <= kBlock) return n > 0 ? block(n, x, t) : 0;
  const int64_t blocks = (n + kBlock - 1) / kBlock;
  const size_t bytes = static_cast<size_t>(blocks) * sizeof(double);
  auto* sums = static_cast<double*>(base::allocate(bytes));
  parallel_for(0, blocks, kGrain / kBlock, [&](int64_t first, int64_t last) {
    for (int64_t b = first; b < last; ++b) {
      const int64_t begin = b * kBlock;
      sums[b] = block(std::min(kBlock, n - begin), x + begin, t + begin);
    }
  });
  double sum = 0;
  for (int64_t b = 0; b < blocks; ++b) sum += sums[b];
  base::deallocate(sums, bytes);
  return sum;
}

double add_blocks(ScalarType type, int64_t n, const void* x, const void* t,
                  double (*floats)(int64_t, const float*, const float*),
                  double (*doubles)(int64_t, const double*, const double*)) {
  if (type == kDouble) return add_blocks(n, static_cast<const double*>(x), static_cast<const double*>(t), doubles);
  return add_blocks(n, static_cast<const float*>(x), static_cast<const float*>(t), floats);
}

}  // namespace

double squared_error(ScalarType type, int64_t n, const void* x, const void* t) {
  return add_blocks(type, n, x, t, HWY_DYNAMIC_DISPATCH(squared_error_f32), HWY_DYNAMIC_DISPATCH(squared_error_f64));
}
double inner_product(ScalarType type, int64_t n, const void* x, const void* t) {
  return add_blocks(type, n, x, t, HWY_DYNAMIC_DISPATCH(inner_product_f32), HWY_DYNAMIC_DISPATCH(inner_product_f64));
}

void scaled_difference(ScalarType type, int64_t n, double scale, const void* x, const void* t, void* y) {
  const auto run = [&](auto* to, auto kernel) {
    using T = std::remove_pointer_t<decltype(to)>;
    const auto *a = static_cast<const T*>(x), *b = static_cast<const T*>(t);
    parallel_for(0, n, kGrain,
                 [&](int64_t first, int64_t last) { kernel(last - first, scale, a + first, b + first, to + first); });
  };
  if (type == kDouble) {
    run(static_cast<double*>(y), HWY_DYNAMIC_DISPATCH(scaled_difference_f64));
  } else {
    run(static_cast<float*>(y), HWY_DYNAMIC_DISPATCH(scaled_difference_f32));
  }
}

}  // namespace rondo::kernels

#endif  // HWY_ONCE
