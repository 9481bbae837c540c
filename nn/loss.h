// The losses as modules; nn/functional/loss.h has their formulas.
#pragma once

#include <rondo/nn/cloneable.h>
#include <rondo/nn/functional/loss.h>

namespace rondo::nn {

// forward(input, target).
#define RONDO_LOSS(Name)                                       \
  class Name##Impl : public Cloneable<Name##Impl> {            \
   public:                                                     \
    explicit Name##Impl(const Name##Options& options = {});    \
    void reset() override;                                     \
    void pretty_print(std::ostream& stream) const override;    \
    Tensor forward(const Tensor& input, const Tensor& target); \
                                                               \
    Name##Options options;                                     \
  };                                                           \
  RONDO_MODULE(Name);
// The same with `weight` (and more), which are buffers.
#define RONDO_WEIGHTED_LOSS(Name, ...)                         \
  class Name##Impl : public Cloneable<Name##Impl> {            \
   public:                                                     \
    explicit Name##Impl(const Name##Options& options = {});    \
    void reset() override;                                     \
    void pretty_print(std::ostream& stream) const override;    \
    Tensor forward(const Tensor& input, const Tensor& target); \
                                                               \
    Name##Options options;                                     \
    Tensor __VA_ARGS__;                                        \
  };                                                           \
  RONDO_MODULE(Name);

RONDO_LOSS(L1Loss)
RONDO_LOSS(MSELoss)
RONDO_LOSS(SmoothL1Loss)
RONDO_LOSS(HuberLoss)
RONDO_LOSS(KLDivLoss)
RONDO_LOSS(HingeEmbeddingLoss)
RONDO_LOSS(BCELoss)
RONDO_WEIGHTED_LOSS(BCEWithLogitsLoss, weight, pos_weight)
RONDO_WEIGHTED_LOSS(NLLLoss, weight)
RONDO_WEIGHTED_LOSS(CrossEntropyLoss, weight)
#undef RONDO_LOSS
#undef RONDO_WEIGHTED_LOSS

}  // namespace rondo::nn
