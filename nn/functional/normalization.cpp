#include <rondo/nn/functional/normalization.h>

#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/reduction.h>

namespace rondo::nn::functional {

Tensor normalize(const Tensor& input, NormalizeFuncOptions options) {
  const Tensor length = input.norm(Scalar(options.p()), {options.dim()}, true).clamp_min(options.eps());
  Tensor result = input / length.expand_as(input);
  if (options.out()) return options.out()->copy_(result);
  return result;
}

}  // namespace rondo::nn::functional
