// LayerNorm.
#pragma once

#include <rondo/nn/cloneable.h>
#include <rondo/nn/functional/normalization.h>

namespace rondo::nn {

// (x - mean) / sqrt(var + eps) over the last dimensions, whose sizes are normalized_shape; with elementwise_affine
// times weight, plus bias, which begin as 1 and 0.
class LayerNormImpl : public Cloneable<LayerNormImpl> {
 public:
  explicit LayerNormImpl(std::vector<int64_t> normalized_shape);
  explicit LayerNormImpl(LayerNormOptions options);
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  LayerNormOptions options;
  Tensor weight, bias;
};
RONDO_MODULE(LayerNorm);

}  // namespace rondo::nn
