// Elementwise functions that are computed number by number in float64: what is too rare or too costly for lanes.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

namespace rondo::ops {

// A function of one or two tensors and of a fixed integer n (an order, or nothing). It lives as long as the program.
struct NumberFunction {
  // What the gradient of an argument is multiplied with: on tensors, so that it is differentiable itself. `y` is
  // defined where keeps_result is set.
  using Slope = Tensor (*)(const Tensor& a, const Tensor& b, const Tensor& y, int64_t n);

  const char* name;
  int arity;
  double (*value)(double a, double b, int64_t n);
  Slope slope_a = nullptr, slope_b = nullptr;  // null: backward throws
  bool keeps_result = false;
};

// Integers are computed in the default dtype, 16-bit numbers in float32; two shapes broadcast.
Tensor run(const NumberFunction& function, const Tensor& a, int64_t n = 0);
Tensor run(const NumberFunction& function, const Tensor& a, const Tensor& b, int64_t n = 0);

// A number as the other argument of an operation on `self`: 0-dimensional, of the dtype that both promote to.
Tensor beside(const Tensor& self, Scalar number);
// The same for operations with real results: beside integers it stays itself, in the default dtype.
Tensor beside_real(const Tensor& self, Scalar number);

}  // namespace rondo::ops
