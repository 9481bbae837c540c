// SwiGLU.
#pragma once

#include <rondo/nn/linear.h>
#include <rondo/nn/options/swiglu.h>

namespace rondo::nn {

// silu(x W^T + b) * (x V^T + c), elementwise (Shazeer 2020, "GLU Variants Improve Transformer"): (..., in_features) ->
// (..., hidden_features). W and b are those of `gate`, V and c those of `up`; they begin as Linear's, gate's first.
class SwiGLUImpl : public Cloneable<SwiGLUImpl> {
 public:
  SwiGLUImpl(int64_t in_features, int64_t hidden_features);
  explicit SwiGLUImpl(const SwiGLUOptions& options);
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  SwiGLUOptions options;
  Linear gate = nullptr, up = nullptr;
};
RONDO_MODULE(SwiGLU);

}  // namespace rondo::nn
