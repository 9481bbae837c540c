#include <rondo/nn/functional/activation.h>

#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

namespace rondo::nn::functional {
namespace {

// elu's parameters of selu (Klambauer and others, 2017).
constexpr double kSeluAlpha = 1.6732632423543772848170429916717, kSeluScale = 1.0507009873554804934193349852946;

Tensor elu_of(const Tensor& input, bool inplace, double alpha, double scale, double input_scale) {
  if (!inplace) return rondo::elu(input, alpha, scale, input_scale);
  Tensor handle = input;
  return rondo::elu_(handle, alpha, scale, input_scale);
}

Tensor limited(const Tensor& input, bool inplace, double low, double high) {
  if (!inplace) return rondo::hardtanh(input, low, high);
  Tensor handle = input;
  return rondo::hardtanh_(handle, low, high);
}

}  // namespace

Tensor relu6(const Tensor& input, const ReLU6FuncOptions& options) { return limited(input, options.inplace(), 0, 6); }

Tensor leaky_relu(const Tensor& input, const LeakyReLUFuncOptions& options) {
  if (!options.inplace()) return rondo::leaky_relu(input, options.negative_slope());
  Tensor handle = input;
  return rondo::leaky_relu_(handle, options.negative_slope());
}

Tensor elu(const Tensor& input, const ELUFuncOptions& options) {
  return elu_of(input, options.inplace(), options.alpha(), 1, 1);
}

Tensor selu(const Tensor& input, const SELUFuncOptions& options) {
  return options.inplace() ? elu_of(input, true, kSeluAlpha, kSeluScale, 1) : rondo::selu(input);
}

Tensor celu(const Tensor& input, const CELUFuncOptions& options) {
  if (options.alpha() == 0) fail("celu", "ZeroDivisionError: alpha cannot be 0 for CELU");
  return elu_of(input, options.inplace(), options.alpha(), 1, 1 / options.alpha());
}

Tensor hardtanh(const Tensor& input, const HardtanhFuncOptions& options) {
  return limited(input, options.inplace(), options.min_val(), options.max_val());
}

Tensor hardshrink(const Tensor& input, const HardshrinkFuncOptions& options) {
  return rondo::hardshrink(input, options.lambda());
}

Tensor softshrink(const Tensor& input, const SoftshrinkFuncOptions& options) {
  return rondo::softshrink(input, options.lambda());
}

Tensor tanhshrink(const Tensor& input) { return input - input.tanh(); }

Tensor threshold(const Tensor& input, const ThresholdFuncOptions& options) {
  if (!options.inplace()) return rondo::threshold(input, options.threshold(), options.value());
  Tensor handle = input;
  return rondo::threshold_(handle, options.threshold(), options.value());
}

Tensor glu(const Tensor& input, const GLUFuncOptions& options) { return rondo::glu(input, options.dim()); }

Tensor prelu(const Tensor& input, const Tensor& weight) { return rondo::prelu(input, weight); }

Tensor rrelu(const Tensor& input, const RReLUFuncOptions& options) {
  if (!(options.lower() <= options.upper())) {
    fail("rrelu", fmt::format("lower bound {} is above the upper bound {}", options.lower(), options.upper()));
  }
  if (!options.training()) {
    return leaky_relu(
        input, LeakyReLUOptions().negative_slope((options.lower() + options.upper()) / 2).inplace(options.inplace()));
  }
  if (options.inplace()) {
    Tensor self = input;
    return rondo::rrelu_(self, options.lower(), options.upper(), true);
  }
  return rondo::rrelu(input, options.lower(), options.upper(), true);
}

Tensor softmin(const Tensor& input, const SoftminFuncOptions& options) {
  return rondo::softmax(-input, options.dim(), options.dtype());
}

Tensor hardswish(const Tensor& input, const HardswishFuncOptions& options) {
  Tensor x = input;
  return options.inplace() ? rondo::hardswish_(x) : rondo::hardswish(input);
}

Tensor hardsigmoid(const Tensor& input, const HardsigmoidFuncOptions& options) {
  Tensor x = input;
  return options.inplace() ? rondo::hardsigmoid_(x) : rondo::hardsigmoid(input);
}

Tensor gumbel_softmax(const Tensor& logits, const GumbelSoftmaxFuncOptions& options) {
  if (!(options.tau() > 0)) fail("gumbel_softmax", fmt::format("tau must be positive; got {}", options.tau()));
  const Tensor noise = -empty_like(logits.detach()).exponential_().log();
  const Tensor soft = rondo::softmax((logits + noise) / options.tau(), options.dim());
  if (!options.hard()) return soft;
  const Tensor sure = soft.detach(), most = std::get<1>(sure.max(options.dim(), true));
  return zeros_like(sure).scatter(options.dim(), most, Scalar(1)) - sure + soft;
}

}  // namespace rondo::nn::functional
