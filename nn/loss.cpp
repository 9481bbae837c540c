#include <rondo/nn/loss.h>

#include <rondo/autograd/ops/margin_loss.h>

#include <ostream>

namespace rondo::nn {

#define RONDO_LOSS(Name, function, brackets)                                                            \
  Name##Impl::Name##Impl(const Name##Options& options_) : options(options_) { Name##Impl::reset(); }    \
  void Name##Impl::pretty_print(std::ostream& stream) const { stream << "torch::nn::" #Name brackets; } \
  Tensor Name##Impl::forward(const Tensor& input, const Tensor& target) {                               \
    return functional::function(input, target, options);                                                \
  }

RONDO_LOSS(L1Loss, l1_loss, "()")
RONDO_LOSS(MSELoss, mse_loss, "()")
RONDO_LOSS(SmoothL1Loss, smooth_l1_loss, "")
RONDO_LOSS(HuberLoss, huber_loss, "")
RONDO_LOSS(KLDivLoss, kl_div, "()")
RONDO_LOSS(BCELoss, binary_cross_entropy, "()")
RONDO_LOSS(SoftMarginLoss, soft_margin_loss, "()")
RONDO_LOSS(MultiLabelMarginLoss, multilabel_margin_loss, "()")
RONDO_LOSS(PoissonNLLLoss, poisson_nll_loss, "()")
#undef RONDO_LOSS

void L1LossImpl::reset() {}
void MSELossImpl::reset() {}
void SmoothL1LossImpl::reset() {}
void HuberLossImpl::reset() {}
void KLDivLossImpl::reset() {}
void SoftMarginLossImpl::reset() {}
void MultiLabelMarginLossImpl::reset() {}
void PoissonNLLLossImpl::reset() {}
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

MultiLabelSoftMarginLossImpl::MultiLabelSoftMarginLossImpl(const MultiLabelSoftMarginLossOptions& options_)
    : options(options_) {
  MultiLabelSoftMarginLossImpl::reset();
}
void MultiLabelSoftMarginLossImpl::reset() { weight = register_buffer("weight", options.weight()); }
void MultiLabelSoftMarginLossImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::MultiLabelSoftMarginLoss()";
}
Tensor MultiLabelSoftMarginLossImpl::forward(const Tensor& input, const Tensor& target) {
  return functional::multilabel_soft_margin_loss(
      input, target, MultiLabelSoftMarginLossOptions().weight(weight).reduction(options.reduction()));
}

MultiMarginLossImpl::MultiMarginLossImpl(const MultiMarginLossOptions& options_) : options(options_) {
  MultiMarginLossImpl::reset();
}
void MultiMarginLossImpl::reset() {
  if (options.p() != 1 && options.p() != 2) {
    fail("MultiMarginLoss", "only p == 1 and p == 2 supported; got " + std::to_string(options.p()));
  }
  if (options.weight().defined() && options.weight().dim() != 1) {
    fail("MultiMarginLoss", "weight must be one-dimensional; got " + to_string(options.weight().sizes()));
  }
  weight = register_buffer("weight", options.weight());
}
void MultiMarginLossImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::MultiMarginLoss(p=" << options.p() << ", margin=" << options.margin() << ", weight=" << weight
         << ", reduction=" << get_enum_name(options.reduction()) << ")";
}
Tensor MultiMarginLossImpl::forward(const Tensor& input, const Tensor& target) {
  return rondo::multi_margin_loss(input, target, options.p(), options.margin(), weight,
                                  enumtype::reduction_get_enum(options.reduction()));
}

// Constructor, reset and forward of losses of several tensors.
#define RONDO_LOSS(Name, function, parameters, arguments)                      \
  Name##Impl::Name##Impl(const Name##Options& options_) : options(options_) {} \
  void Name##Impl::reset() {}                                                  \
  Tensor Name##Impl::forward parameters { return functional::function arguments; }
#define RONDO_PAIR (const Tensor& input1, const Tensor& input2, const Tensor& target), (input1, input2, target, options)
#define RONDO_TRIPLET \
  (const Tensor& anchor, const Tensor& positive, const Tensor& negative), (anchor, positive, negative, options)
#define RONDO_SEQUENCES                                                                                        \
  (const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths, const Tensor& target_lengths), \
      (log_probs, targets, input_lengths, target_lengths, options)
#define RONDO_LOSS_OF(Name, function, both) RONDO_LOSS(Name, function, both)
RONDO_LOSS_OF(CosineEmbeddingLoss, cosine_embedding_loss, RONDO_PAIR)
RONDO_LOSS_OF(MarginRankingLoss, margin_ranking_loss, RONDO_PAIR)
RONDO_LOSS_OF(TripletMarginLoss, triplet_margin_loss, RONDO_TRIPLET)
RONDO_LOSS_OF(TripletMarginWithDistanceLoss, triplet_margin_with_distance_loss, RONDO_TRIPLET)
RONDO_LOSS_OF(CTCLoss, ctc_loss, RONDO_SEQUENCES)
#undef RONDO_LOSS
#undef RONDO_LOSS_OF
#undef RONDO_PAIR
#undef RONDO_TRIPLET
#undef RONDO_SEQUENCES

void CosineEmbeddingLossImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::CosineEmbeddingLoss(margin=" << options.margin() << ")";
}
void MarginRankingLossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::MarginRankingLoss()"; }
void TripletMarginLossImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::TripletMarginLoss(margin=" << options.margin() << ", p=" << options.p()
         << ", eps=" << options.eps() << ", swap=" << std::boolalpha << options.swap() << ")";
}
void TripletMarginWithDistanceLossImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::TripletMarginWithDistanceLoss(margin=" << options.margin() << ", swap=" << std::boolalpha
         << options.swap() << ")";
}
void CTCLossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::CTCLoss()"; }

}  // namespace rondo::nn
