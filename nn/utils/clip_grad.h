// Limits on gradients. Parameters without a gradient are left out.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <vector>

namespace rondo::nn::utils {

// Scales all gradients by one factor so that the norm of them together is at most max_norm (norm_type 2, any p, or
// infinity); returns the norm before. Throws Error for a norm that is not finite if asked to, the gradients untouched.
double clip_grad_norm_(const std::vector<Tensor>& parameters, double max_norm, double norm_type = 2.0,
                       bool error_if_nonfinite = false);
double clip_grad_norm_(std::initializer_list<Tensor> parameters, double max_norm, double norm_type = 2.0,
                       bool error_if_nonfinite = false);
double clip_grad_norm_(const Tensor& parameter, double max_norm, double norm_type = 2.0,
                       bool error_if_nonfinite = false);

// Limits each element of the gradients to [-clip_value, clip_value].
void clip_grad_value_(const std::vector<Tensor>& parameters, double clip_value);
void clip_grad_value_(std::initializer_list<Tensor> parameters, double clip_value);
void clip_grad_value_(const Tensor& parameter, double clip_value);

}  // namespace rondo::nn::utils
