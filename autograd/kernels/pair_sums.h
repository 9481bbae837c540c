// The two passes of the mean squared error: float32 and float64, contiguous arrays.
#pragma once

#include <rondo/autograd/base/scalar_type.h>

#include <cstdint>

namespace rondo::kernels {

// sum((x - t)^2). Blocks of a fixed size are added in double, so that neither the rounding grows with n nor a bit
// depends on the threads.
double squared_error(ScalarType type, int64_t n, const void* x, const void* t);
// y = scale * (x - t).
void scaled_difference(ScalarType type, int64_t n, double scale, const void* x, const void* t, void* y);

}  // namespace rondo::kernels
