// The largest of each 2x2 window, on lanes.
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/dispatch.h>
#include <rondo/autograd/kernels/pool.h>
#include <rondo/autograd/kernels/work.h>

#include <algorithm>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/kernels/quarter_pool.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <rondo/autograd/kernels/rows-inl.h>

HWY_BEFORE_NAMESPACE();
namespace rondo::HWY_NAMESPACE {
namespace {

// The larger of what there is and a candidate, which also wins if it is NaN, with its place.
template <class T>
HWY_INLINE void better(Lanes<T> candidate, double place, Lanes<T>& value, Lanes<T>& at) {
  const Where<T> wins = (candidate > value) | is_nan(candidate);
  value = where(wins, candidate, value);
  at = where(wins, Lanes<T>(place), at);
}

template <class T>
HWY_INLINE void store_places(Lanes<T> at, uint8_t* to) {
  const hn::ScalableTag<T> d;
  const hn::Rebind<uint8_t, decltype(d)> bytes;
  if constexpr (sizeof(T) == 4) {
    const hn::Rebind<int32_t, decltype(d)> integers;
    hn::StoreU(hn::DemoteTo(bytes, hn::ConvertTo(integers, at.v)), bytes, to);
  } else {
    HWY_ALIGN T places[HWY_MAX_BYTES / sizeof(T)];
    hn::Store(at.v, d, places);
    for (size_t i = 0; i < hn::Lanes(d); ++i) to[i] = static_cast<uint8_t>(places[i]);
  }
}

template <class T>
HWY_INLINE Lanes<T> load_places(const uint8_t* from) {
  const hn::ScalableTag<T> d;
  const hn::Rebind<uint8_t, decltype(d)> bytes;
  if constexpr (sizeof(T) == 4) {
    const hn::Rebind<int32_t, decltype(d)> integers;
    return Lanes<T>(hn::ConvertTo(d, hn::PromoteTo(integers, hn::LoadU(bytes, from))));
  } else {
    HWY_ALIGN T places[HWY_MAX_BYTES / sizeof(T)];
    for (size_t i = 0; i < hn::Lanes(d); ++i) places[i] = static_cast<T>(from[i]);
    return Lanes<T>(hn::Load(d, places));
  }
}

// One row of windows from two rows of the input.
template <class T>
HWY_INLINE void pool_rows(const T* top, const T* bottom, int64_t count, T* y, uint8_t* places) {
  int64_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::ScalableTag<T> d;
  constexpr int64_t kL = lane_count<T>();
  for (; i + kL <= count; i += kL) {
    hn::Vec<decltype(d)> a, b, c, e;
    hn::LoadInterleaved2(d, top + 2 * i, a, b);
    hn::LoadInterleaved2(d, bottom + 2 * i, c, e);
    Lanes<T> value(a), at;
    better(Lanes<T>(b), 1, value, at);
    better(Lanes<T>(c), 2, value, at);
    better(Lanes<T>(e), 3, value, at);
    value.store(y + i);
    store_places(at, places + i);
  }
#endif
  for (; i < count; ++i) {
    const T window[4] = {top[2 * i], top[2 * i + 1], bottom[2 * i], bottom[2 * i + 1]};
    uint8_t best = 0;
    for (uint8_t k = 1; k < 4; ++k) {
      if (window[k] > window[best] || std::isnan(window[k])) best = k;
    }
    y[i] = window[best];
    places[i] = best;
  }
}

template <class T>
HWY_INLINE void spread_rows(const T* gy, const uint8_t* places, int64_t count, T* top, T* bottom) {
  int64_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::ScalableTag<T> d;
  constexpr int64_t kL = lane_count<T>();
  for (; i + kL <= count; i += kL) {
    const Lanes<T> g = Lanes<T>::load(gy + i), at = load_places<T>(places + i), zero;
    const auto share = [&](double place) HWY_ATTR { return where(at == Lanes<T>(place), g, zero).v; };
    hn::StoreInterleaved2(share(0), share(1), d, top + 2 * i);
    hn::StoreInterleaved2(share(2), share(3), d, bottom + 2 * i);
  }
#endif
  for (; i < count; ++i) {
    top[2 * i] = places[i] == 0 ? gy[i] : T(0);
    top[2 * i + 1] = places[i] == 1 ? gy[i] : T(0);
    bottom[2 * i] = places[i] == 2 ? gy[i] : T(0);
    bottom[2 * i + 1] = places[i] == 3 ? gy[i] : T(0);
  }
}

template <class T>
void forward(const kernels::PoolShape& s, const T* x, T* y, uint8_t* places) {
  const int64_t in = s.numbers_in(), out = s.numbers_out(), width = s.in[2];
  parallel_for(0, s.planes, kernels::grain_of(in), [&](int64_t first, int64_t last) {
    for (int64_t plane = first; plane < last; ++plane) {
      for (int64_t row = 0; row < s.out[1]; ++row) {
        const T* top = x + plane * in + 2 * row * width;
        const int64_t to = plane * out + row * s.out[2];
        pool_rows(top, top + width, s.out[2], y + to, places + to);
      }
    }
  });
}

template <class T>
void backward(const kernels::PoolShape& s, const T* gy, const uint8_t* places, T* gx) {
  const int64_t in = s.numbers_in(), out = s.numbers_out(), width = s.in[2];
  parallel_for(0, s.planes, kernels::grain_of(in), [&](int64_t first, int64_t last) {
    for (int64_t plane = first; plane < last; ++plane) {
      T* to = gx + plane * in;
      for (int64_t row = 0; row < s.out[1]; ++row) {
        T* top = to + 2 * row * width;
        const int64_t from = plane * out + row * s.out[2];
        spread_rows(gy + from, places + from, s.out[2], top, top + width);
        for (int64_t k = 2 * s.out[2]; k < width; ++k) top[k] = top[width + k] = T(0);
      }
      std::fill(to + 2 * s.out[1] * width, to + in, T(0));
    }
  });
}

void forward_float(const kernels::PoolShape& s, const float* x, float* y, uint8_t* places) { forward(s, x, y, places); }
void forward_double(const kernels::PoolShape& s, const double* x, double* y, uint8_t* places) {
  forward(s, x, y, places);
}
void backward_float(const kernels::PoolShape& s, const float* gy, const uint8_t* places, float* gx) {
  backward(s, gy, places, gx);
}
void backward_double(const kernels::PoolShape& s, const double* gy, const uint8_t* places, double* gx) {
  backward(s, gy, places, gx);
}

}  // namespace
}  // namespace rondo::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo {
namespace {

HWY_EXPORT(forward_float);
HWY_EXPORT(forward_double);
HWY_EXPORT(backward_float);
HWY_EXPORT(backward_double);

}  // namespace

namespace kernels {

bool is_quarter_pool(const PoolShape& s) {
  if (s.adaptive || s.in[0] != 1 || s.out[0] != 1 || s.size[0] != 1) return false;
  for (int d = 1; d < 3; ++d) {
    if (s.size[d] != 2 || s.stride[d] != 2 || s.pad[d] != 0 || s.dilation[d] != 1 || s.out[d] != s.in[d] / 2)
      return false;
  }
  return true;
}

void quarter_pool(ScalarType dtype, const PoolShape& shape, const void* x, void* y, uint8_t* places) {
  if (dtype == kDouble) {
    RONDO_CHOSEN(forward_double)(shape, static_cast<const double*>(x), static_cast<double*>(y), places);
  } else {
    RONDO_CHOSEN(forward_float)(shape, static_cast<const float*>(x), static_cast<float*>(y), places);
  }
}

void quarter_pool_backward(ScalarType dtype, const PoolShape& shape, const void* gy, const uint8_t* places, void* gx) {
  if (dtype == kDouble) {
    RONDO_CHOSEN(backward_double)(shape, static_cast<const double*>(gy), places, static_cast<double*>(gx));
  } else {
    RONDO_CHOSEN(backward_float)(shape, static_cast<const float*>(gy), places, static_cast<float*>(gx));
  }
}

}  // namespace kernels
}  // namespace rondo
#endif
