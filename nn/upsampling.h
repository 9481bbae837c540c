// Upsample.
#pragma once

#include <rondo/nn/cloneable.h>
#include <rondo/nn/functional/upsampling.h>

namespace rondo::nn {

// (N, C, ...) to other sizes of the dimensions behind the channels; see functional::interpolate.
class UpsampleImpl : public Cloneable<UpsampleImpl> {
 public:
  explicit UpsampleImpl(const UpsampleOptions& options = {});
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  UpsampleOptions options;
};
RONDO_MODULE(Upsample);

}  // namespace rondo::nn
