#include <rondo/nn/utils/clip_grad.h>

#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <cmath>

namespace rondo::nn::utils {
namespace {

std::vector<Tensor> gradients_of(const std::vector<Tensor>& parameters) {
  std::vector<Tensor> gradients;
  for (const Tensor& parameter : parameters) {
    if (Tensor grad = parameter.grad(); grad.defined()) gradients.push_back(grad.detach());
  }
  return gradients;
}

Tensor total_norm(const std::vector<Tensor>& gradients, double norm_type) {
  if (norm_type == 0) return full({}, static_cast<double>(gradients.size()));
  std::vector<Tensor> norms;
  norms.reserve(gradients.size());
  for (const Tensor& grad : gradients) norms.push_back(std::isinf(norm_type) ? grad.abs().max() : grad.norm(norm_type));
  if (norms.size() == 1) return norms[0];
  const Tensor all = stack(norms);
  return std::isinf(norm_type) ? all.max() : all.norm(norm_type);
}

}  // namespace

double clip_grad_norm_(const std::vector<Tensor>& parameters, double max_norm, double norm_type,
                       bool error_if_nonfinite) {
  NoGradGuard no_grad;
  const std::vector<Tensor> gradients = gradients_of(parameters);
  if (gradients.empty()) return 0;
  const Tensor norm = total_norm(gradients, norm_type);
  const double result = norm.item<double>();
  if (error_if_nonfinite && !std::isfinite(result)) {
    fail("clip_grad_norm_",
         fmt::format("The total norm of order {} for gradients from `parameters` is non-finite, so it cannot be "
                     "clipped. To disable this error and scale the gradients with the non-finite norm anyway, set "
                     "`error_if_nonfinite=false`",
                     norm_type));
  }
  const Tensor scale = (Scalar(max_norm) / (norm + 1e-6)).clamp_max(1.0);
  for (const Tensor& grad : gradients) grad.mul_(scale);
  return result;
}

double clip_grad_norm_(std::initializer_list<Tensor> parameters, double max_norm, double norm_type,
                       bool error_if_nonfinite) {
  return clip_grad_norm_(std::vector<Tensor>(parameters), max_norm, norm_type, error_if_nonfinite);
}

double clip_grad_norm_(const Tensor& parameter, double max_norm, double norm_type, bool error_if_nonfinite) {
  return clip_grad_norm_(std::vector<Tensor>{parameter}, max_norm, norm_type, error_if_nonfinite);
}

void clip_grad_value_(const std::vector<Tensor>& parameters, double clip_value) {
  NoGradGuard no_grad;
  for (const Tensor& grad : gradients_of(parameters)) grad.clamp_(-clip_value, clip_value);
}

void clip_grad_value_(std::initializer_list<Tensor> parameters, double clip_value) {
  clip_grad_value_(std::vector<Tensor>(parameters), clip_value);
}

void clip_grad_value_(const Tensor& parameter, double clip_value) {
  clip_grad_value_(std::vector<Tensor>{parameter}, clip_value);
}

}  // namespace rondo::nn::utils
