// Shared by the kernels on rows: registers of which only a part counts, sums along a row, groups of short rows turned
// so that each has a lane.
#if defined(RONDO_AUTOGRAD_KERNELS_ROWS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RONDO_AUTOGRAD_KERNELS_ROWS_INL_H_
#undef RONDO_AUTOGRAD_KERNELS_ROWS_INL_H_
#else
#define RONDO_AUTOGRAD_KERNELS_ROWS_INL_H_
#endif

#include <rondo/autograd/kernels/lanes-inl.h>
#include <rondo/autograd/kernels/math-inl.h>
#include <rondo/autograd/kernels/transpose-inl.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

HWY_BEFORE_NAMESPACE();
namespace rondo::HWY_NAMESPACE {
namespace {

template <class T>
HWY_INLINE constexpr int64_t lane_count() {
  return static_cast<int64_t>(hn::MaxLanes(hn::ScalableTag<T>()));
}
template <class T>
HWY_INLINE Lanes<T> lowest() {
  return Lanes<T>(-std::numeric_limits<T>::infinity());
}

// A whole register in memory.
struct Whole {
  template <class T>
  HWY_INLINE Lanes<T> load(const T* from) const {
    return Lanes<T>::load(from);
  }
  template <class T>
  HWY_INLINE void store(Lanes<T> v, T* to) const {
    v.store(to);
  }
  template <class T>
  HWY_INLINE Lanes<T> select(Lanes<T> v, Lanes<T>) const {
    return v;
  }
};
// Its first n lanes; `select` replaces the others.
struct First {
  size_t n;

  template <class T>
  HWY_INLINE Lanes<T> load(const T* from) const {
    return Lanes<T>::load_first(from, n);
  }
  template <class T>
  HWY_INLINE void store(Lanes<T> v, T* to) const {
    v.store_first(to, n);
  }
  template <class T>
  HWY_INLINE Lanes<T> select(Lanes<T> v, Lanes<T> other) const {
    return Lanes<T>(hn::IfThenElse(hn::FirstN(hn::ScalableTag<T>(), n), v.v, other.v));
  }
};

// f(i, part) on each register of a row; the last one may be partial.
template <class T, class F>
HWY_INLINE void each_register(int64_t size, const F& f) {
  constexpr int64_t kL = lane_count<T>();
  int64_t i = 0;
  for (; i + kL <= size; i += kL) f(i, Whole());
  if (i < size) f(i, First{static_cast<size_t>(size - i)});
}

// The sum along a row of what f gives: lanes within pieces of the row, the pieces in double, so that the error does not
// grow with the row. f sees the lanes behind the end too; they do not count.
template <class T, class F>
HWY_INLINE double row_sum(int64_t size, const F& f) {
  constexpr int64_t kL = lane_count<T>(), kPiece = 128 * kL;
  double total = 0;
  for (int64_t first = 0; first < size; first += kPiece) {
    const int64_t end = std::min(size, first + kPiece);
    int64_t i = first;
    Lanes<T> a, b;
    for (; i + 2 * kL <= end; i += 2 * kL) {
      a += f(i, Whole());
      b += f(i + kL, Whole());
    }
    for (; i < end; i += kL) {
      const First part{static_cast<size_t>(std::min(kL, end - i))};
      b += part.select(f(i, part), Lanes<T>());
    }
    total += static_cast<double>(sum_of(a + b));
  }
  return total;
}

// The largest element, NaN where there is one.
template <class T>
HWY_INLINE T row_max(const T* x, int64_t size) {
  constexpr int64_t kL = lane_count<T>();
  Lanes<T> a = lowest<T>(), b = a;
  int64_t i = 0;
  for (; i + 2 * kL <= size; i += 2 * kL) {
    a = maximum(a, Lanes<T>::load(x + i));
    b = maximum(b, Lanes<T>::load(x + i + kL));
  }
  for (; i + kL <= size; i += kL) a = maximum(a, Lanes<T>::load(x + i));
  if (i < size) {
    const First part{static_cast<size_t>(size - i)};
    b = maximum(b, part.select(part.load(x + i), lowest<T>()));
  }
  a = maximum(a, b);
  return any_of(is_nan(a)) ? std::numeric_limits<T>::quiet_NaN() : max_of(a);
}

// Rows up to this length are turned in groups of as many as a register has lanes.
constexpr int64_t kShortRow = 24;

// to[c][lane] = from[lane][c] for `rows` lanes, zeros in the others.
template <class T>
HWY_INLINE void turn_in(const T* from, int64_t rows, int64_t size, T* to) {
  constexpr int64_t kL = lane_count<T>();
#if HWY_TARGET != HWY_SCALAR
  if (size == 2 && rows == kL) {
    const hn::ScalableTag<T> d;
    hn::Vec<decltype(d)> first, second;
    hn::LoadInterleaved2(d, from, first, second);
    hn::Store(first, d, to);
    hn::Store(second, d, to + kL);
    return;
  }
#endif
  if (rows < kL) std::fill(to, to + size * kL, T(0));
  transpose(from, size, rows, size, to, kL);
}

template <class T>
HWY_INLINE void turn_out(const T* from, int64_t rows, int64_t size, T* to) {
  constexpr int64_t kL = lane_count<T>();
#if HWY_TARGET != HWY_SCALAR
  if (size == 2 && rows == kL) {
    const hn::ScalableTag<T> d;
    hn::StoreInterleaved2(hn::Load(d, from), hn::Load(d, from + kL), d, to);
    return;
  }
#endif
  if (rows == kL) {
    transpose(from, kL, size, kL, to, size);
  } else {
    for (int64_t r = 0; r < rows; ++r) {
      for (int64_t c = 0; c < size; ++c) to[r * size + c] = from[c * kL + r];
    }
  }
}

}  // namespace
}  // namespace rondo::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
