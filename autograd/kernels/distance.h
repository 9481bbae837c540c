// The p-norms of the differences of all pairs of rows, without a place for the differences.
#pragma once

#include <rondo/autograd/base/scalar_type.h>

#include <cstdint>

namespace rondo::kernels {

// Stacks of `count` contiguous matrices: a is P x M, b is R x M. float32 and float64.
struct DistanceShape {
  int64_t count, p_rows, r_rows, width;
};

// y[P x R] = |a_i - b_j|_p.
void distances(ScalarType type, const DistanceShape& shape, double p, const void* a, const void* b, void* y);
// The gradient of a: of distances y with gradients g, of which both are given by the strides of their rows, columns and
// matrices.
struct PairStrides {
  int64_t matrix, row, column;
};
void distances_backward(ScalarType type, const DistanceShape& shape, double p, const void* a, const void* b,
                        const void* y, PairStrides y_strides, const void* g, PairStrides g_strides, void* ga);

}  // namespace rondo::kernels
