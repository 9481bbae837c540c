// Sums over two arrays, float32 and float64, contiguous. Blocks of a fixed size are added in double, so that neither
// the rounding grows with n nor a bit depends on the threads.
#pragma once

#include <rondo/autograd/base/scalar_type.h>

#include <cstdint>

namespace rondo::kernels {

// sum(x t), and sum((x - t)^2).
double inner_product(ScalarType type, int64_t n, const void* x, const void* t);
double squared_error(ScalarType type, int64_t n, const void* x, const void* t);
// y = scale * (x - t).
void scaled_difference(ScalarType type, int64_t n, double scale, const void* x, const void* t, void* y);

}  // namespace rondo::kernels
