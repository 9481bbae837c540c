// Dense matrix products. Loops that read small and narrow operands in place; packed panels for the rest where the
// processor has wide registers, OpenBLAS on fixed tiles where not. A result's bits depend on the shapes and strides
// alone, never on the number of threads.
#pragma once

#include <rondo/autograd/base/scalar_type.h>

#include <cstdint>

namespace rondo::kernels {

// A matrix in memory: strides in elements, any layout (transposed, strided, broadcast with stride 0).
struct MatrixView {
  const void* data;
  int64_t row_stride, column_stride;
};

// y[m, n] = alpha * a[m, k] b[k, n] + beta * y (+ bias[n] where bias is given); y has unit column stride and row stride
// `y_stride`. beta 0 means that y is not read, alpha 0 that a and b are not; k = 0 gives beta * y (+ bias). dtype:
// float32, float64 or an integer type, whose sums wrap and for which alpha and beta are truncated; others throw
// TypeError. y must not overlap a, b or bias.
void gemm(ScalarType dtype, int64_t m, int64_t n, int64_t k, double alpha, MatrixView a, MatrixView b, double beta,
          void* y, int64_t y_stride, const void* bias = nullptr);

// `batch` products of one shape; batch strides in elements (0 repeats an operand). y[i] starts at i * y_batch_stride.
void gemm_batched(ScalarType dtype, int64_t batch, int64_t m, int64_t n, int64_t k, double alpha, MatrixView a,
                  int64_t a_batch_stride, MatrixView b, int64_t b_batch_stride, double beta, void* y, int64_t y_stride,
                  int64_t y_batch_stride);

}  // namespace rondo::kernels
