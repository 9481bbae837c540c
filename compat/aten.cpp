#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/loss.h>
#include <rondo/compat/aten.h>

namespace rondo {

std::tuple<Tensor, Tensor, Tensor> native_layer_norm(const Tensor& input, IntArrayRef normalized_shape,
                                                     const std::optional<Tensor>& weight,
                                                     const std::optional<Tensor>& bias, double eps) {
  const Tensor y = layer_norm(input, normalized_shape, weight.value_or(Tensor()), bias.value_or(Tensor()), eps);
  std::vector<int64_t> dims;
  for (size_t i = 0; i < normalized_shape.size(); ++i) dims.push_back(-1 - static_cast<int64_t>(i));
  const NoGradGuard guard;
  return {y, input.mean(dims, true), rsqrt(input.var(dims, false, true) + eps)};
}

std::tuple<Tensor, Tensor> native_dropout(const Tensor& input, double p, std::optional<bool> train) {
  if (p == 0 || !train.value_or(true)) return {input.clone(), ones_like(input, kBool)};
  const double keep = 1 - p;
  const Tensor mask = empty_like(input, kBool).bernoulli_(keep);
  return {input * mask * (keep == 0 ? 0 : 1 / keep), mask};
}

}  // namespace rondo
