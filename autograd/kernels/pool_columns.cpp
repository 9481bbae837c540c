#include <rondo/autograd/kernels/pool_columns.h>

#include <rondo/autograd/kernels/dispatch.h>

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/kernels/pool_columns.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <rondo/autograd/kernels/rows-inl.h>

HWY_BEFORE_NAMESPACE();
namespace rondo::HWY_NAMESPACE {
namespace {

using kernels::PoolColumns;

// A register of numbers from `from` on, `kStride` apart.
template <int kStride, class T>
HWY_INLINE Lanes<T> load(const T* from) {
#if HWY_TARGET != HWY_SCALAR
  if constexpr (kStride == 2) {
    const hn::ScalableTag<T> d;
    hn::Vec<decltype(d)> even, odd;
    hn::LoadInterleaved2(d, from, even, odd);
    return Lanes<T>(even);
  }
#endif
  return Lanes<T>::load(from);
}

// Calls f(first column) for registers that cover the columns up to the one returned: the last register overlaps the one
// before it. None reads behind the numbers.
template <int kStride, class T, class F>
HWY_INLINE int64_t each_block(const PoolColumns<T>& c, const F& f) {
#if HWY_TARGET == HWY_SCALAR
  static_cast<void>(f);
  return c.first;
#else
  constexpr int64_t kL = lane_count<T>();
  const int64_t end = std::min(c.end, (c.numbers - c.offsets[c.taps - 1]) / kStride), last = end - kL;
  if (last < c.first) return c.first;
  for (int64_t k = c.first; k < last; k += kL) f(k);
  f(last);
  return end;
#endif
}

template <int kStride, class T>
HWY_INLINE int64_t max_blocks(const PoolColumns<T>& c, T* y, int64_t* indices) {
  return each_block<kStride>(c, [&](int64_t k) HWY_ATTR {
    const T* x = c.x + k * kStride;
    Lanes<T> value = load<kStride>(x + c.offsets[0]), at;
    for (int64_t t = 1; t < c.taps; ++t) {
      const Lanes<T> candidate = load<kStride>(x + c.offsets[t]);
      const Where<T> wins = (candidate > value) | is_nan(candidate);
      value = where(wins, candidate, value);
      at = where(wins, Lanes<T>(static_cast<double>(t)), at);
    }
    value.store(y + k);
    HWY_ALIGN T places[HWY_MAX_BYTES / sizeof(T)];
    at.store(places);
    for (int64_t l = 0; l < lane_count<T>(); ++l) {
      indices[k + l] = c.offsets[static_cast<int64_t>(places[l])] + (k + l) * kStride;
    }
  });
}

template <int kStride, class T>
HWY_INLINE int64_t mean_blocks(const PoolColumns<T>& c, T divisor, T* y) {
  return each_block<kStride>(c, [&](int64_t k) HWY_ATTR {
    const T* x = c.x + k * kStride;
    Lanes<T> sum = load<kStride>(x + c.offsets[0]);
    for (int64_t t = 1; t < c.taps; ++t) sum += load<kStride>(x + c.offsets[t]);
    (sum / Lanes<T>(static_cast<double>(divisor))).store(y + k);
  });
}

int64_t max_float(const PoolColumns<float>& c, float* y, int64_t* indices) {
  return c.stride == 2 ? max_blocks<2>(c, y, indices) : max_blocks<1>(c, y, indices);
}
int64_t max_double(const PoolColumns<double>& c, double* y, int64_t* indices) {
  return c.stride == 2 ? max_blocks<2>(c, y, indices) : max_blocks<1>(c, y, indices);
}
int64_t mean_float(const PoolColumns<float>& c, float divisor, float* y) {
  return c.stride == 2 ? mean_blocks<2>(c, divisor, y) : mean_blocks<1>(c, divisor, y);
}
int64_t mean_double(const PoolColumns<double>& c, double divisor, double* y) {
  return c.stride == 2 ? mean_blocks<2>(c, divisor, y) : mean_blocks<1>(c, divisor, y);
}

}  // namespace
}  // namespace rondo::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo {
namespace {

HWY_EXPORT(max_float);
HWY_EXPORT(max_double);
HWY_EXPORT(mean_float);
HWY_EXPORT(mean_double);

}  // namespace

namespace kernels {

int64_t max_columns(const PoolColumns<float>& columns, float* y, int64_t* indices) {
  return RONDO_CHOSEN(max_float)(columns, y, indices);
}
int64_t max_columns(const PoolColumns<double>& columns, double* y, int64_t* indices) {
  return RONDO_CHOSEN(max_double)(columns, y, indices);
}
int64_t mean_columns(const PoolColumns<float>& columns, float divisor, float* y) {
  return RONDO_CHOSEN(mean_float)(columns, divisor, y);
}
int64_t mean_columns(const PoolColumns<double>& columns, double divisor, double* y) {
  return RONDO_CHOSEN(mean_double)(columns, divisor, y);
}

}  // namespace kernels
}  // namespace rondo
#endif
