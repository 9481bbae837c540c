#include <rondo/nn/functional/dropout.h>

#include <rondo/autograd/ops/loss.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <cmath>

namespace rondo::nn::functional::detail {
namespace {

void check(double p) {
  if (p >= 0 && p <= 1) return;
  fail("dropout", fmt::format("dropout probability has to be between 0 and 1, but got {}", p));
}

// 1 with probability `keep`, for each element or for each channel.
Tensor mask(const Tensor& input, double keep, bool channels) {
  if (!channels) return empty(input.sizes(), input.dtype()).bernoulli_(keep);
  if (input.dim() < 2) {
    fail("dropout",
         fmt::format("Feature dropout requires at least 2 dimensions in the input; got {}", to_string(input.sizes())));
  }
  Dims sizes(static_cast<int32_t>(input.dim()), 1);
  sizes[0] = input.size(0);
  sizes[1] = input.size(1);
  return empty(sizes, input.dtype()).bernoulli_(keep);
}

Tensor times(const Tensor& input, const Tensor& noise, bool inplace) {
  return inplace ? input.mul_(noise) : input * noise;
}

}  // namespace

Tensor dropout(const Tensor& input, double p, bool training, bool inplace) {
  check(p);
  if (!inplace) return rondo::dropout(input, p, training);
  Tensor handle = input;
  return rondo::dropout_(handle, p, training);
}

Tensor dropout_channels(const Tensor& input, double p, bool training, bool inplace, int64_t batch_dims) {
  check(p);
  if (p == 0 || !training || input.numel() == 0) return input;
  if (p == 1) return times(input, zeros({}, input.dtype()), inplace);
  const bool batched = batch_dims == 0 || input.dim() == batch_dims;
  const Tensor noise = mask(batched ? input : input.unsqueeze(0), 1 - p, true).div_(1 - p);
  return times(input, batched ? noise : noise.squeeze(0), inplace);
}

Tensor alpha_dropout(const Tensor& input, double p, bool training, bool inplace, bool channels) {
  check(p);
  if (p == 0 || !training || input.numel() == 0) return input;
  if (p == 1) return times(input, zeros({}, input.dtype()), inplace);
  constexpr double kAlpha = 1.7580993408473766;  // -(limit of selu at minus infinity)
  const double a = 1 / std::sqrt((kAlpha * kAlpha * p + 1) * (1 - p));
  const Tensor noise = mask(input, 1 - p, channels);
  const Tensor shift = (noise - 1) * (kAlpha * a) + kAlpha * a * p;
  noise.mul_(a);
  return inplace ? input.mul_(noise).add_(shift) : input * noise + shift;
}

}  // namespace rondo::nn::functional::detail
