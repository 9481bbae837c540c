// Shared by the product kernels: partial vectors, unrolled loops, the last step on a block.
#if defined(RONDO_AUTOGRAD_KERNELS_PRODUCT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RONDO_AUTOGRAD_KERNELS_PRODUCT_INL_H_
#undef RONDO_AUTOGRAD_KERNELS_PRODUCT_INL_H_
#else
#define RONDO_AUTOGRAD_KERNELS_PRODUCT_INL_H_
#endif

#include <hwy/highway.h>
#include <rondo/autograd/kernels/product_parts.h>
#include <rondo/autograd/kernels/transpose-inl.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

HWY_BEFORE_NAMESPACE();
namespace rondo::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// f(0), ..., f(N - 1) with compile-time indices, so that arrays of registers stay in registers.
template <class F, int... I>
HWY_INLINE void unroll(std::integer_sequence<int, I...>, const F& f) {
  (f(std::integral_constant<int, I>()), ...);
}
template <int N, class F>
HWY_INLINE void unroll(const F& f) {
  unroll(std::make_integer_sequence<int, N>(), f);
}
#undef RONDO_UNROLLED
#define RONDO_UNROLLED HWY_ATTR __attribute__((always_inline))

// Keeps g++ from loading a register again from memory at each of its uses.
template <class V>
HWY_INLINE void keep(V& x) {
#if HWY_COMPILER_GCC_ACTUAL && (HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3)
  asm("" : "+v"(x.raw));
#else
  (void)x;
#endif
}

// The first `count` lanes of memory, zeros behind; nothing behind them is touched.
template <class D>
struct Part {
  using T = hn::TFromD<D>;
  explicit Part(size_t lanes) : count(lanes), mask(hn::FirstN(D(), lanes)) {}

  HWY_INLINE hn::VFromD<D> load(const T* from) const {
#if HWY_MEM_OPS_MIGHT_FAULT
    HWY_ALIGN T buffer[hn::MaxLanes(D())] = {};
    std::memcpy(buffer, from, count * sizeof(T));
    return hn::Load(D(), buffer);
#else
    return hn::MaskedLoad(mask, D(), from);
#endif
  }

  HWY_INLINE void store(hn::VFromD<D> v, T* to) const {
#if HWY_MEM_OPS_MIGHT_FAULT
    HWY_ALIGN T buffer[hn::MaxLanes(D())];
    hn::Store(v, D(), buffer);
    std::memcpy(to, buffer, count * sizeof(T));
#else
    hn::BlendedStore(v, mask, D(), to);
#endif
  }

  size_t count;
  hn::Mask<D> mask;
};

// y = alpha * x + beta * y + bias on a block; x has rows of `x_row` elements.
template <class T>
HWY_INLINE void finish(const kernels::product::Task<T>& task, const T* x, int64_t x_row, int64_t rows, int64_t columns,
                       T beta, const T* bias, T* y) {
  for (int64_t r = 0; r < rows; ++r, x += x_row, y += task.y_row) {
    for (int64_t c = 0; c < columns; ++c) {
      T value = task.alpha * x[c];
      if (beta != T(0)) value += beta * y[c];
      if (bias != nullptr) value += bias[c];
      y[c] = value;
    }
  }
}

}  // namespace
}  // namespace rondo::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
