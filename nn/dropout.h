// The dropouts as modules: they drop while training and pass their input on otherwise. Throw Error unless 0 <= p <= 1.
#pragma once

#include <rondo/nn/cloneable.h>
#include <rondo/nn/functional/dropout.h>

namespace rondo::nn {

#define RONDO_DROPOUT(Name)                                  \
  class Name##Impl : public Cloneable<Name##Impl> {          \
   public:                                                   \
    explicit Name##Impl(double p);                           \
    explicit Name##Impl(const DropoutOptions& options = {}); \
    void reset() override;                                   \
    void pretty_print(std::ostream& stream) const override;  \
    Tensor forward(const Tensor& input);                     \
                                                             \
    DropoutOptions options;                                  \
  };                                                         \
  RONDO_MODULE(Name);

// Elements.
RONDO_DROPOUT(Dropout)
// Channels of (N, C, H, W) or (C, H, W); of (N, C, D, H, W) or (C, D, H, W).
RONDO_DROPOUT(Dropout2d)
RONDO_DROPOUT(Dropout3d)
// Elements, and channels, with mean and variance kept for SELU networks.
RONDO_DROPOUT(AlphaDropout)
RONDO_DROPOUT(FeatureAlphaDropout)
#undef RONDO_DROPOUT

}  // namespace rondo::nn
