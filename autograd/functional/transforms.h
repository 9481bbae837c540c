// Derivatives of functions: products with vectors, whole Jacobians and Hessians.
//
// A function takes a Tensor or a variable_list and returns either. Its inputs are used by value: no grad() changes.
// With create_graph the results can be differentiated again.
#pragma once

#include <rondo/autograd/functional/callable.h>

#include <utility>

namespace rondo::autograd {

// The outputs of f, and v^T J for each input: reverse mode. v: one tensor for each output, with its shape; may be empty
// where the only output has one element. Inputs that take no part get zeros.
std::pair<variable_list, variable_list> vjp(TensorFunction f, const variable_list& inputs, const variable_list& v = {},
                                            bool create_graph = false);

// The outputs of f, and J v for each output: forward mode. Tangents go through the operations in the order in which
// they ran: an elementwise operation multiplies them with its slope; the others use that their rule is linear in the
// gradient, and transpose it (one operation at a time). v: one tensor for each input, with its shape.
std::pair<variable_list, variable_list> jvp(TensorFunction f, const variable_list& inputs, const variable_list& v);

// J[o][i]: the derivative of output o for input i, of the output's shape followed by the input's. One reverse pass for
// each number of the outputs.
std::vector<variable_list> jacobian(TensorFunction f, const variable_list& inputs, bool create_graph = false);
Tensor jacobian(TensorFunction f, const Tensor& input, bool create_graph = false);

// H[i][j]: the second derivatives of f, which returns one number, of the shape of input i followed by that of input j.
std::vector<variable_list> hessian(TensorFunction f, const variable_list& inputs, bool create_graph = false);
Tensor hessian(TensorFunction f, const Tensor& input, bool create_graph = false);

// The value of f (one number), and H v for each input, by differentiating the gradient.
std::pair<Tensor, variable_list> hvp(TensorFunction f, const variable_list& inputs, const variable_list& v,
                                     bool create_graph = false);

}  // namespace rondo::autograd
