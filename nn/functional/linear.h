// Linear functions.
#pragma once

#include <rondo/autograd/ops/product.h>

namespace rondo::nn::functional {

// input (..., in) x weight (out, in)^T + bias (out,) -> (..., out).
inline Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias = {}) {
  return rondo::linear(input, weight, bias);
}
// y_k = input1 W_k input2 + bias_k: (..., in1), (..., in2), weight (out, in1, in2) -> (..., out).
Tensor bilinear(const Tensor& input1, const Tensor& input2, const Tensor& weight, const Tensor& bias = Tensor());

}  // namespace rondo::nn::functional
