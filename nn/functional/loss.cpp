#include <rondo/nn/functional/loss.h>

#include <rondo/autograd/ops/distance.h>
#include <rondo/autograd/ops/likelihood_loss.h>
#include <rondo/autograd/ops/margin_loss.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/view.h>

#include <fmt/format.h>

namespace rondo::nn::functional {
namespace {

using enumtype::reduction_get_enum;

// Warns of different shapes.
void check_shapes(const Tensor& input, const Tensor& target) {
  if (IntArrayRef(input.sizes()) == target.sizes()) return;
  warn(
      fmt::format("Using a target size {} that is different to the input size {}. This will likely lead to incorrect "
                  "results due to broadcasting. Please ensure they have the same size.",
                  to_string(target.sizes()), to_string(input.sizes())));
}

using Loss = Tensor (*)(const Tensor&, const Tensor&, int64_t);

Tensor pointwise(const Tensor& input, const Tensor& target, const ReductionType& reduction, Loss loss) {
  check_shapes(input, target);
  if (IntArrayRef(input.sizes()) == target.sizes()) return loss(input, target, reduction_get_enum(reduction));
  const std::vector<Tensor> same = broadcast_tensors({input, target});
  return loss(same[0], same[1], reduction_get_enum(reduction));
}

template <class Reduction>
Tensor reduced(const Tensor& loss, const Reduction& reduction) {
  if (reduction.template is<enumtype::kNone>()) return loss;
  return reduction.template is<enumtype::kSum>() ? loss.sum() : loss.mean();
}

}  // namespace

Tensor l1_loss(const Tensor& input, const Tensor& target, const L1LossFuncOptions& options) {
  return pointwise(input, target, options.reduction(), &rondo::l1_loss);
}

Tensor mse_loss(const Tensor& input, const Tensor& target, const MSELossFuncOptions& options) {
  return pointwise(input, target, options.reduction(), &rondo::mse_loss);
}

Tensor smooth_l1_loss(const Tensor& input, const Tensor& target, const SmoothL1LossFuncOptions& options) {
  check_shapes(input, target);
  return rondo::smooth_l1_loss(input, target, reduction_get_enum(options.reduction()), options.beta().value_or(1.0));
}

Tensor smooth_l1_loss(const Tensor& input, const Tensor& target, const SmoothL1LossFuncOptions& options, double beta) {
  if (options.beta()) {
    fail("smooth_l1_loss", fmt::format("expected beta not to be provided in 'options', but got {}", *options.beta()));
  }
  check_shapes(input, target);
  return rondo::smooth_l1_loss(input, target, reduction_get_enum(options.reduction()), beta);
}

Tensor huber_loss(const Tensor& input, const Tensor& target, const HuberLossFuncOptions& options) {
  check_shapes(input, target);
  return rondo::huber_loss(input, target, reduction_get_enum(options.reduction()), options.delta());
}

Tensor binary_cross_entropy(const Tensor& input, const Tensor& target, const BinaryCrossEntropyFuncOptions& options) {
  if (!(IntArrayRef(input.sizes()) == target.sizes())) {
    fail("binary_cross_entropy",
         fmt::format("Using a target size {} that is different to the input size {} is deprecated. Please ensure they "
                     "have the same size.",
                     to_string(target.sizes()), to_string(input.sizes())));
  }
  Tensor weight = options.weight();
  if (weight.defined()) {
    weight = weight.expand(broadcast_shapes("binary_cross_entropy", target.sizes(), weight.sizes()));
  }
  return rondo::binary_cross_entropy(input, target, weight, reduction_get_enum(options.reduction()));
}

Tensor binary_cross_entropy_with_logits(const Tensor& input, const Tensor& target,
                                        const BinaryCrossEntropyWithLogitsFuncOptions& options) {
  if (!(IntArrayRef(input.sizes()) == target.sizes())) {
    fail("binary_cross_entropy_with_logits", fmt::format("Target size {} must be the same as input size {}",
                                                         to_string(target.sizes()), to_string(input.sizes())));
  }
  return rondo::binary_cross_entropy_with_logits(input, target, options.weight(), options.pos_weight(),
                                                 reduction_get_enum(options.reduction()));
}

Tensor nll_loss(const Tensor& input, const Tensor& target, const NLLLossFuncOptions& options) {
  return rondo::nll_loss(input, target, options.weight(), reduction_get_enum(options.reduction()),
                         options.ignore_index());
}

Tensor cross_entropy(const Tensor& input, const Tensor& target, const CrossEntropyFuncOptions& options) {
  return rondo::cross_entropy_loss(input, target, options.weight(), reduction_get_enum(options.reduction()),
                                   options.ignore_index(), options.label_smoothing());
}

Tensor kl_div(const Tensor& input, const Tensor& target, const KLDivFuncOptions& options) {
  if (options.reduction().is<enumtype::kMean>()) {
    warn(
        "reduction: 'mean' divides the total loss by both the batch size and the support size. 'batchmean' divides "
        "only by the batch size, and aligns with the KL div math definition. 'mean' will be changed to behave the "
        "same as 'batchmean' in the next major release.");
  }
  if (options.reduction().is<enumtype::kBatchMean>()) {
    const Tensor loss = rondo::kl_div(input, target, Reduction::Sum, options.log_target());
    return input.dim() == 0 ? loss : loss / input.size(0);
  }
  return rondo::kl_div(input, target, reduction_get_enum(options.reduction()), options.log_target());
}

Tensor hinge_embedding_loss(const Tensor& input, const Tensor& target, const HingeEmbeddingLossFuncOptions& options) {
  return rondo::hinge_embedding_loss(input, target, options.margin(), reduction_get_enum(options.reduction()));
}

Tensor multi_margin_loss(const Tensor& input, const Tensor& target, const MultiMarginLossFuncOptions& options) {
  return rondo::multi_margin_loss(input, target, options.p(), options.margin(), options.weight(),
                                  reduction_get_enum(options.reduction()));
}

Tensor cosine_embedding_loss(const Tensor& input1, const Tensor& input2, const Tensor& target,
                             const CosineEmbeddingLossFuncOptions& options) {
  return rondo::cosine_embedding_loss(input1, input2, target, options.margin(),
                                      reduction_get_enum(options.reduction()));
}

Tensor multilabel_margin_loss(const Tensor& input, const Tensor& target,
                              const MultilabelMarginLossFuncOptions& options) {
  return rondo::multilabel_margin_loss(input, target, reduction_get_enum(options.reduction()));
}

Tensor soft_margin_loss(const Tensor& input, const Tensor& target, const SoftMarginLossFuncOptions& options) {
  return rondo::soft_margin_loss(input, target, reduction_get_enum(options.reduction()));
}

Tensor multilabel_soft_margin_loss(const Tensor& input, const Tensor& target,
                                   const MultilabelSoftMarginLossFuncOptions& options) {
  const Tensor labels = target.sizes() == input.sizes() ? target : target.expand(input.sizes());
  const Tensor losses = rondo::binary_cross_entropy_with_logits(input, labels, options.weight(), {}, Reduction::None);
  return reduced(losses.mean(-1), options.reduction());
}

Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                           const TripletMarginLossFuncOptions& options) {
  return rondo::triplet_margin_loss(anchor, positive, negative, options.margin(), options.p(), options.eps(),
                                    options.swap(), reduction_get_enum(options.reduction()));
}

Tensor triplet_margin_with_distance_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                                         const TripletMarginWithDistanceLossFuncOptions& options) {
  const auto distance = [&](const Tensor& a, const Tensor& b) {
    return options.distance_function() ? (*options.distance_function())(a, b) : rondo::pairwise_distance(a, b);
  };
  const Tensor near = distance(anchor, positive);
  Tensor far = distance(anchor, negative);
  if (options.swap()) far = minimum(far, distance(positive, negative));
  return reduced((near - far + options.margin()).clamp_min(0), options.reduction());
}

Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths,
                const Tensor& target_lengths, const CTCLossFuncOptions& options) {
  return rondo::ctc_loss(log_probs, targets, input_lengths, target_lengths, options.blank(),
                         reduction_get_enum(options.reduction()), options.zero_infinity());
}

Tensor poisson_nll_loss(const Tensor& input, const Tensor& target, const PoissonNLLLossFuncOptions& options) {
  return rondo::poisson_nll_loss(input, target, options.log_input(), options.full(), options.eps(),
                                 reduction_get_enum(options.reduction()));
}

Tensor margin_ranking_loss(const Tensor& input1, const Tensor& input2, const Tensor& target,
                           const MarginRankingLossFuncOptions& options) {
  if (input1.dim() != input2.dim() || input1.dim() != target.dim()) {
    fail("margin_ranking_loss",
         fmt::format("All input tensors should have same dimension but got sizes: input1: {}, input2: {}, target: {}",
                     to_string(input1.sizes()), to_string(input2.sizes()), to_string(target.sizes())));
  }
  return rondo::margin_ranking_loss(input1, input2, target, options.margin(), reduction_get_enum(options.reduction()));
}

}  // namespace rondo::nn::functional
