// Losses of numbers, and of margins.
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/loss.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/models/losses.h>
#include <rondo/models/session.h>

#include <cmath>
#include <numbers>

namespace rondo::losses {
namespace {

using models::kEpsilon;

Tensor at_least_epsilon(const Tensor& x) { return clamp_min(x, kEpsilon); }

// x / |x| over the last dimension.
Tensor normalized(const Tensor& x) { return x * rsqrt(clamp_min(sum(x * x, -1, true), 1e-12)); }

// 0 and 1 become -1 and 1 where nothing else occurs.
Tensor signed_labels(const Tensor& y_true) {
  NoGradGuard no_grad;
  return all(logical_or(y_true == 0, y_true == 1)).item<bool>() ? 2 * y_true - 1 : y_true;
}

Tensor margins(const Tensor& y_true, const Tensor& y_pred) {
  return clamp_min(1 - signed_labels(y_true) * y_pred, 0.0);
}

}  // namespace

Tensor mean_squared_error(const Tensor& y_true, const Tensor& y_pred) {
  return mean(mse_loss(y_pred, y_true, Reduction::None), -1);
}

Tensor mean_absolute_error(const Tensor& y_true, const Tensor& y_pred) {
  return mean(l1_loss(y_pred, y_true, Reduction::None), -1);
}

Tensor mean_absolute_percentage_error(const Tensor& y_true, const Tensor& y_pred) {
  return 100 * mean(abs((y_true - y_pred) / at_least_epsilon(abs(y_true))), -1);
}

Tensor mean_squared_logarithmic_error(const Tensor& y_true, const Tensor& y_pred) {
  const Tensor difference = log(at_least_epsilon(y_pred) + 1) - log(at_least_epsilon(y_true) + 1);
  return mean(difference * difference, -1);
}

Tensor huber(const Tensor& y_true, const Tensor& y_pred, double delta) {
  return mean(huber_loss(y_pred, y_true, Reduction::None, delta), -1);
}

Tensor log_cosh(const Tensor& y_true, const Tensor& y_pred) {
  const Tensor error = y_pred - y_true;
  return mean(error + softplus(-2 * error) - std::numbers::ln2, -1);
}

Tensor cosine_similarity(const Tensor& y_true, const Tensor& y_pred) {
  return -sum(normalized(y_true) * normalized(y_pred), -1);
}

Tensor hinge(const Tensor& y_true, const Tensor& y_pred) { return mean(margins(y_true, y_pred), -1); }

Tensor squared_hinge(const Tensor& y_true, const Tensor& y_pred) { return mean(square(margins(y_true, y_pred)), -1); }

Tensor categorical_hinge(const Tensor& y_true, const Tensor& y_pred) {
  const Tensor positive = sum(y_true * y_pred, -1);
  const Tensor negative = amax((1 - y_true) * y_pred, -1);
  return clamp_min(negative - positive + 1, 0.0);
}

Tensor kl_divergence(const Tensor& y_true, const Tensor& y_pred) {
  const Tensor t = clamp(y_true, Scalar(kEpsilon), Scalar(1.0));
  const Tensor p = clamp(y_pred, Scalar(kEpsilon), Scalar(1.0));
  return sum(t * log(t / p), -1);
}

Tensor poisson(const Tensor& y_true, const Tensor& y_pred) {
  return mean(y_pred - y_true * log(y_pred + kEpsilon), -1);
}

}  // namespace rondo::losses
