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
RONDO_LOSS(SoftMarginLoss)
RONDO_LOSS(MultiLabelMarginLoss)
RONDO_LOSS(PoissonNLLLoss)
RONDO_WEIGHTED_LOSS(MultiLabelSoftMarginLoss, weight)
// Throws Error for other p than 1 and 2, and for a weight that is no vector.
RONDO_WEIGHTED_LOSS(MultiMarginLoss, weight)
#undef RONDO_LOSS
#undef RONDO_WEIGHTED_LOSS

// forward of other tensors.
#define RONDO_LOSS(Name, ...)                               \
  class Name##Impl : public Cloneable<Name##Impl> {         \
   public:                                                  \
    explicit Name##Impl(const Name##Options& options = {}); \
    void reset() override;                                  \
    void pretty_print(std::ostream& stream) const override; \
    Tensor forward(__VA_ARGS__);                            \
                                                            \
    Name##Options options;                                  \
  };                                                        \
  RONDO_MODULE(Name);

RONDO_LOSS(CosineEmbeddingLoss, const Tensor& input1, const Tensor& input2, const Tensor& target)
RONDO_LOSS(MarginRankingLoss, const Tensor& input1, const Tensor& input2, const Tensor& target)
RONDO_LOSS(TripletMarginLoss, const Tensor& anchor, const Tensor& positive, const Tensor& negative)
RONDO_LOSS(TripletMarginWithDistanceLoss, const Tensor& anchor, const Tensor& positive, const Tensor& negative)
RONDO_LOSS(CTCLoss, const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths,
           const Tensor& target_lengths)
#undef RONDO_LOSS

}  // namespace rondo::nn
