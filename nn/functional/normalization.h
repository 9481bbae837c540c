// Normalizations.
#pragma once

#include <rondo/autograd/ops/loss.h>
#include <rondo/nn/options/normalization.h>

namespace rondo::nn::functional {

// (x - mean) / sqrt(var + eps) over the last dimensions, times weight, plus bias.
inline Tensor layer_norm(const Tensor& input, const LayerNormFuncOptions& options) {
  return rondo::layer_norm(input, options.normalized_shape(), options.weight(), options.bias(), options.eps());
}
// input / max(p-norm along dim, eps).
Tensor normalize(const Tensor& input, NormalizeFuncOptions options = {});

}  // namespace rondo::nn::functional
