#include <rondo/nn/loss.h>

#include <ostream>

namespace rondo::nn {

#define RONDO_LOSS(Name, function)                                                                   \
  Name##Impl::Name##Impl(const Name##Options& options_) : options(options_) { Name##Impl::reset(); } \
  void Name##Impl::pretty_print(std::ostream& stream) const { stream << "torch::nn::" #Name "()"; }  \
  Tensor Name##Impl::forward(const Tensor& input, const Tensor& target) {                            \
    return functional::function(input, target, options);                                             \
  }

RONDO_LOSS(L1Loss, l1_loss)
RONDO_LOSS(MSELoss, mse_loss)
RONDO_LOSS(SmoothL1Loss, smooth_l1_loss)
RONDO_LOSS(HuberLoss, huber_loss)
RONDO_LOSS(KLDivLoss, kl_div)
RONDO_LOSS(BCELoss, binary_cross_entropy)
#undef RONDO_LOSS

void L1LossImpl::reset() {}
void MSELossImpl::reset() {}
void SmoothL1LossImpl::reset() {}
void HuberLossImpl::reset() {}
void KLDivLossImpl::reset() {}
void BCELossImpl::reset() { register_buffer("weight", options.weight()); }

HingeEmbeddingLossImpl::HingeEmbeddingLossImpl(const HingeEmbeddingLossOptions& options_) : options(options_) {}
void HingeEmbeddingLossImpl::reset() {}
void HingeEmbeddingLossImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::HingeEmbeddingLoss(margin=" << options.margin() << ")";
}
Tensor HingeEmbeddingLossImpl::forward(const Tensor& input, const Tensor& target) {
  return functional::hinge_embedding_loss(input, target, options);
}

BCEWithLogitsLossImpl::BCEWithLogitsLossImpl(const BCEWithLogitsLossOptions& options_) : options(options_) {
  BCEWithLogitsLossImpl::reset();
}
void BCEWithLogitsLossImpl::reset() {
  weight = register_buffer("weight", options.weight());
  pos_weight = register_buffer("pos_weight", options.pos_weight());
}
void BCEWithLogitsLossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::BCEWithLogitsLoss()"; }
Tensor BCEWithLogitsLossImpl::forward(const Tensor& input, const Tensor& target) {
  return functional::binary_cross_entropy_with_logits(
      input, target, BCEWithLogitsLossOptions().weight(weight).reduction(options.reduction()).pos_weight(pos_weight));
}

NLLLossImpl::NLLLossImpl(const NLLLossOptions& options_) : options(options_) { NLLLossImpl::reset(); }
void NLLLossImpl::reset() { weight = register_buffer("weight", options.weight()); }
void NLLLossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::NLLLoss()"; }
Tensor NLLLossImpl::forward(const Tensor& input, const Tensor& target) {
  return rondo::nll_loss(input, target, weight, enumtype::reduction_get_enum(options.reduction()),
                         options.ignore_index());
}

CrossEntropyLossImpl::CrossEntropyLossImpl(const CrossEntropyLossOptions& options_) : options(options_) {
  CrossEntropyLossImpl::reset();
}
void CrossEntropyLossImpl::reset() { weight = register_buffer("weight", options.weight()); }
void CrossEntropyLossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::CrossEntropyLoss()"; }
Tensor CrossEntropyLossImpl::forward(const Tensor& input, const Tensor& target) {
  return rondo::cross_entropy_loss(input, target, weight, enumtype::reduction_get_enum(options.reduction()),
                                   options.ignore_index(), options.label_smoothing());
}

}  // namespace rondo::nn
