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

// The same for the pairs i < j of the rows of one matrix (n x width), in the order of rows: y and g hold n (n - 1) / 2
// numbers.
void pair_distances(ScalarType type, int64_t n, int64_t width, double p, const void* a, void* y);
void pair_distances_backward(ScalarType type, int64_t n, int64_t width, double p, const void* a, const void* y,
                             const void* g, void* ga);

}  // namespace rondo::kernels
