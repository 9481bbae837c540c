// Derivatives checked against finite differences.
#pragma once

#include <rondo/autograd/functional/callable.h>

namespace rondo::autograd {

struct GradcheckOptions {
  double eps = 1e-6;   // step of the central differences
  double atol = 1e-5;  // |analytic - numerical| <= atol + rtol * |numerical|
  double rtol = 1e-3;
  bool raise_exception = true;       // false: return false instead of throwing
  double nondet_tol = 0;             // how far two backward runs may be apart
  bool check_undefined_grad = true;  // whether outputs that no gradient reaches are tried
  bool fast_mode = false;            // one random direction instead of whole Jacobians
};

// Whether the gradients of f agree with central differences, number by number, for all inputs that require grad (which
// should be float64: others warn). Throws Error that names the output, the input, the element and both values. Also an
// error: no input that requires grad, an input with a dimension of stride 0, a backward that gives other values the
// second time, gradients of the wrong shape.
bool gradcheck(TensorFunction f, const variable_list& inputs, const GradcheckOptions& options = {});
// The same for the gradient function: second derivatives. Without grad_outputs random ones are used.
bool gradgradcheck(TensorFunction f, const variable_list& inputs, const variable_list& grad_outputs = {},
                   const GradcheckOptions& options = {});

}  // namespace rondo::autograd
