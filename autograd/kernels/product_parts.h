// The bodies behind product.h: `direct` reads its operands where they lie, `packed` copies them into strips first,
// `blas` calls OpenBLAS.
#pragma once

#include <cstdint>

namespace rondo::kernels::product {

// y[m, n] = alpha * a[m, k] b[k, n] + beta * y + bias[n]; every extent is positive. Strides in elements; y has unit
// column stride.
template <class T>
struct Task {
  int64_t m, n, k;
  T alpha;
  const T* a;
  int64_t a_row, a_column;
  const T* b;
  int64_t b_row, b_column;
  T beta;
  T* y;
  int64_t y_row;
  const T* bias;  // may be null

  bool plain() const { return alpha == T(1) && beta == T(0) && bias == nullptr; }
};

// Reads a and b in place, or through a copy of at most kDirectCopy elements on the stack. Returns false, having done
// nothing, where `packed` is the better body.
inline constexpr int64_t kDirectCopy = 8192;
bool direct(const Task<float>& task);
bool direct(const Task<double>& task);

void packed(const Task<float>& task);
void packed(const Task<double>& task);
// Whether this processor has the registers that `packed` is made for (AVX2 or AVX-512).
bool packed_is_quick();

// Returns false, having done nothing, where BLAS cannot express the strides.
bool blas(const Task<float>& task);
bool blas(const Task<double>& task);

}  // namespace rondo::kernels::product
