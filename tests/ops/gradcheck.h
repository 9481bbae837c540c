// Numerical checks of derivatives along random directions: <w, f(x + h v) - f(x - h v)> / 2h against <gradient, v>.
#pragma once

#include <rondo/autograd.h>
#include <rondo/autograd/ops/op.h>

#include <string>
#include <vector>

namespace gradcheck {

using Inputs = rondo::ops::Samples::Inputs;
using Function = rondo::ops::Samples::Function;

// What a check found: empty when all is well, else what differs, with both values.
using Finding = std::string;

// First derivatives of f at float64 inputs, for every floating point input at once and for each alone; the gradient
// must be the same with and without create_graph.
Finding first_order(Function f, const Inputs& inputs);
// Derivatives of the gradient.
Finding second_order(Function f, const Inputs& inputs);
// Values and gradients in float32 against float64.
Finding against_float32(Function f, const Inputs& inputs);
// The same values through inputs that are strided: every other element of a larger array, in permuted order.
Finding strided_inputs(Function f, const Inputs& inputs);

// Numbers that differ by more than `tolerance` relative to the largest of the pair's scale, or in kind (NaN, infinity).
Finding compare(const char* what, const rondo::Tensor& got, const rondo::Tensor& want, double tolerance);

}  // namespace gradcheck
