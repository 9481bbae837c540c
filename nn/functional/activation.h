// Activations. With options.inplace the result is written into the input, which is returned.
#pragma once

#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/nn/options/activation.h>

namespace rondo::nn::functional {

inline Tensor relu(const Tensor& input, const ReLUFuncOptions& options = {}) {
  return options.inplace() ? input.relu_() : rondo::relu(input);
}
Tensor relu6(const Tensor& input, const ReLU6FuncOptions& options = {});
Tensor leaky_relu(const Tensor& input, const LeakyReLUFuncOptions& options = {});
Tensor elu(const Tensor& input, const ELUFuncOptions& options = {});
Tensor selu(const Tensor& input, const SELUFuncOptions& options = {});
// max(0, x) + min(0, alpha (exp(x / alpha) - 1)); throws Error for alpha 0.
Tensor celu(const Tensor& input, const CELUFuncOptions& options = {});
inline Tensor gelu(const Tensor& input, const GELUFuncOptions& options = {}) {
  return rondo::gelu(input, options.approximate());
}
inline Tensor silu(const Tensor& input) { return rondo::silu(input); }
inline Tensor mish(const Tensor& input) { return rondo::mish(input); }
inline Tensor logsigmoid(const Tensor& input) { return rondo::log_sigmoid(input); }
inline Tensor softsign(const Tensor& input) { return rondo::softsign(input); }
inline Tensor softplus(const Tensor& input, const SoftplusFuncOptions& options = {}) {
  return rondo::softplus(input, options.beta(), options.threshold());
}
// Limits to [min_val, max_val].
Tensor hardtanh(const Tensor& input, const HardtanhFuncOptions& options = {});
// x where |x| > lambda, else 0.
Tensor hardshrink(const Tensor& input, const HardshrinkFuncOptions& options = {});
// x moved by lambda towards 0, and 0 within lambda of it.
Tensor softshrink(const Tensor& input, const SoftshrinkFuncOptions& options = {});
// x - tanh(x).
Tensor tanhshrink(const Tensor& input);
// x where x > threshold, else value.
Tensor threshold(const Tensor& input, const ThresholdFuncOptions& options);
// a sigmoid(b), where a and b are the halves of the input along dim. Throws Error for an odd size.
Tensor glu(const Tensor& input, const GLUFuncOptions& options = {});
// x where x > 0, else weight * x; weight has one element or one for each channel (dimension 1).
Tensor prelu(const Tensor& input, const Tensor& weight);
// leaky_relu whose slope is drawn for each element from U(lower, upper); their mean when not training.
Tensor rrelu(const Tensor& input, const RReLUFuncOptions& options = {});

inline Tensor softmax(const Tensor& input, const SoftmaxFuncOptions& options) {
  return rondo::softmax(input, options.dim(), options.dtype());
}
Tensor softmin(const Tensor& input, const SoftminFuncOptions& options);
inline Tensor log_softmax(const Tensor& input, const LogSoftmaxFuncOptions& options) {
  return rondo::log_softmax(input, options.dim(), options.dtype());
}
// x clamp(x + 3, 0, 6) / 6, and clamp(x + 3, 0, 6) / 6.
Tensor hardswish(const Tensor& input, const HardswishFuncOptions& options = {});
Tensor hardsigmoid(const Tensor& input, const HardsigmoidFuncOptions& options = {});
// Samples of a categorical distribution that can be differentiated: softmax((logits + g) / tau) with g drawn from
// Gumbel(0, 1) (Jang et al. 2017). Throws Error unless tau is positive.
Tensor gumbel_softmax(const Tensor& logits, const GumbelSoftmaxFuncOptions& options = {});

}  // namespace rondo::nn::functional
