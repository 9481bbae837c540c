// Mean and squared deviations, block by block: two passes over a block that the cache holds, then Chan's formula for
// the union of two blocks.
#include <rondo/autograd/kernels/reduce.h>

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/kernels/reduce_moments.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, as Highway asks.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {
namespace {

using kernels::Moments;

HWY_INLINE Moments join(const Moments& a, const Moments& b) {
  if (b.count == 0) return a;
  if (a.count == 0) return b;
  const double count = a.count + b.count, delta = b.mean - a.mean, share = b.count / count;
  return {count, a.mean + delta * share, a.deviation + b.deviation + delta * delta * a.count * share};
}

template <class T>
HWY_INLINE Moments block_moments(const T* x, int64_t n) {
  double sum = 0, squares = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < n; ++i) sum += static_cast<double>(x[i]);
  const double mean = sum / static_cast<double>(n);
#pragma omp simd reduction(+ : squares)
  for (int64_t i = 0; i < n; ++i) {
    const double delta = static_cast<double>(x[i]) - mean;
    squares += delta * delta;
  }
  return {static_cast<double>(n), mean, squares};
}

template <class T>
void moments_run(const void* x, int64_t n, int64_t count, int64_t step, void* out) {
  constexpr int64_t block = 2048;
  const T* from = static_cast<const T*>(x);
  auto* to = static_cast<Moments*>(out);
  for (int64_t i = 0; i < count; ++i, from += step) {
    Moments all{0, 0, 0};
    for (int64_t k = 0; k < n; k += block) all = join(all, block_moments(from + k, std::min(block, n - k)));
    to[i] = all;
  }
}

template <class T>
void moments_rows(const void* x, int64_t rows, int64_t step, int64_t columns, void* out) {
  constexpr int64_t strip = 64, block = 64;  // a block stays in the first cache
  const T* from = static_cast<const T*>(x);
  auto* to = static_cast<Moments*>(out);
  for (int64_t j0 = 0; j0 < columns; j0 += strip) {
    const int64_t m = std::min(strip, columns - j0);
    std::fill_n(to + j0, m, Moments{0, 0, 0});
    for (int64_t r0 = 0; r0 < rows; r0 += block) {
      const int64_t n = std::min(block, rows - r0);
      const T* first = from + r0 * step + j0;
      double mean[strip] = {}, squares[strip] = {};
      for (int64_t r = 0; r < n; ++r) {
        for (int64_t j = 0; j < m; ++j) mean[j] += static_cast<double>(first[r * step + j]);
      }
      for (int64_t j = 0; j < m; ++j) mean[j] /= static_cast<double>(n);
      for (int64_t r = 0; r < n; ++r) {
        for (int64_t j = 0; j < m; ++j) {
          const double delta = static_cast<double>(first[r * step + j]) - mean[j];
          squares[j] += delta * delta;
        }
      }
      for (int64_t j = 0; j < m; ++j) to[j0 + j] = join(to[j0 + j], {static_cast<double>(n), mean[j], squares[j]});
    }
  }
}

void moments_merge(void* a, const void* b, int64_t n) {
  auto* to = static_cast<Moments*>(a);
  const auto* from = static_cast<const Moments*>(b);
  for (int64_t i = 0; i < n; ++i) to[i] = join(to[i], from[i]);
}

template <class T>
kernels::Reducer make_moments(ScalarType type) {
  return {type, sizeof(Moments), &moments_run<T>, &moments_rows<T>, &moments_merge};
}

kernels::Reducer choose_moments(ScalarType type) {
  return type == kDouble ? make_moments<double>(type) : make_moments<float>(type);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace rondo::kernels {

HWY_EXPORT(choose_moments);

Reducer moments_reducer(ScalarType native) { return HWY_DYNAMIC_DISPATCH(choose_moments)(native); }

}  // namespace rondo::kernels

#endif  // HWY_ONCE
