// Transposition of a small matrix in registers.
#if defined(RONDO_AUTOGRAD_KERNELS_TRANSPOSE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RONDO_AUTOGRAD_KERNELS_TRANSPOSE_INL_H_
#undef RONDO_AUTOGRAD_KERNELS_TRANSPOSE_INL_H_
#else
#define RONDO_AUTOGRAD_KERNELS_TRANSPOSE_INL_H_
#endif

#include <hwy/highway.h>

#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace rondo::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// to[c * to_stride + r] = from[r * from_stride + c].
template <class T>
HWY_INLINE void transpose(const T* from, int64_t from_stride, int64_t rows, int64_t columns, T* to, int64_t to_stride) {
  int64_t r = 0;
#if HWY_TARGET != HWY_SCALAR
  // Squares of one 128-bit block a side.
  constexpr int64_t kSide = 16 / sizeof(T);
  const hn::CappedTag<T, 16 / sizeof(T)> d;
  while (r < rows && rows >= kSide) {
    if (r + kSide > rows) r = rows - kSide;  // the last square goes over rows once more rather than one by one
    const T* source = from + r * from_stride;
    T* target = to + r;
    int64_t c = 0;
    for (; c + kSide <= columns; c += kSide, source += kSide, target += kSide * to_stride) {
      // The rows of the next square: a row is read for too short a time for the processor to see where it leads.
      if (c % (64 / static_cast<int64_t>(sizeof(T))) == 0) {
        for (int64_t i = kSide; i < 2 * kSide; ++i) __builtin_prefetch(source + i * from_stride);
      }
      const auto x0 = hn::LoadU(d, source), x1 = hn::LoadU(d, source + from_stride);
      if constexpr (kSide == 4) {
        const hn::Repartition<double, decltype(d)> wide;
        const auto x2 = hn::LoadU(d, source + 2 * from_stride), x3 = hn::LoadU(d, source + 3 * from_stride);
        const auto low01 = hn::BitCast(wide, hn::InterleaveLower(d, x0, x1));
        const auto high01 = hn::BitCast(wide, hn::InterleaveUpper(d, x0, x1));
        const auto low23 = hn::BitCast(wide, hn::InterleaveLower(d, x2, x3));
        const auto high23 = hn::BitCast(wide, hn::InterleaveUpper(d, x2, x3));
        hn::StoreU(hn::BitCast(d, hn::InterleaveLower(wide, low01, low23)), d, target);
        hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(wide, low01, low23)), d, target + to_stride);
        hn::StoreU(hn::BitCast(d, hn::InterleaveLower(wide, high01, high23)), d, target + 2 * to_stride);
        hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(wide, high01, high23)), d, target + 3 * to_stride);
      } else {
        hn::StoreU(hn::InterleaveLower(d, x0, x1), d, target);
        hn::StoreU(hn::InterleaveUpper(d, x0, x1), d, target + to_stride);
      }
    }
    for (; c < columns; ++c, ++source, target += to_stride) {
      for (int64_t i = 0; i < kSide; ++i) target[i] = source[i * from_stride];
    }
    r += kSide;
  }
#endif
  for (; r < rows; ++r) {
    for (int64_t c = 0; c < columns; ++c) to[c * to_stride + r] = from[r * from_stride + c];
  }
}

}  // namespace
}  // namespace rondo::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
