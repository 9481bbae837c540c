// Normalization of each number by the squares of the same place in neighbouring channels.
#pragma once

#include <rondo/autograd/base/scalar_type.h>

#include <cstdint>

namespace rondo::kernels {

// D = k + factor * the sum of x^2 over the channels from `before` channels before to `after` behind; y = x D^-beta.
struct ResponseNorm {
  int64_t batch, channels, inner;
  int64_t before, after;
  double factor, k, beta;
};

// Contiguous arrays [batch, channels, inner], float32 or float64.
void response_norm(ScalarType type, const ResponseNorm& norm, const void* x, void* y);
// gx = gy D^-beta - 2 factor beta x * the sum of gy x D^(-beta - 1) over the channels that have this one in their
// window.
void response_norm_backward(ScalarType type, const ResponseNorm& norm, const void* gy, const void* x, void* gx);

}  // namespace rondo::kernels
