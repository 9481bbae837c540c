// Losses. They warn where input and target have different shapes that broadcast, and throw Error for wrong shapes.
#pragma once

#include <rondo/autograd/ops/loss.h>
#include <rondo/nn/options/loss.h>

namespace rondo::nn::functional {

// |input - target|; (input - target)^2.
Tensor l1_loss(const Tensor& input, const Tensor& target, const L1LossFuncOptions& options = {});
Tensor mse_loss(const Tensor& input, const Tensor& target, const MSELossFuncOptions& options = {});
// 0.5 d^2 / beta where |d| < beta, else |d| - 0.5 beta. beta: 1 unless given, either way but not twice.
Tensor smooth_l1_loss(const Tensor& input, const Tensor& target, const SmoothL1LossFuncOptions& options = {});
Tensor smooth_l1_loss(const Tensor& input, const Tensor& target, const SmoothL1LossFuncOptions& options, double beta);
// 0.5 d^2 where |d| <= delta, else delta (|d| - 0.5 delta).
Tensor huber_loss(const Tensor& input, const Tensor& target, const HuberLossFuncOptions& options = {});
// -weight (t log p + (1 - t) log(1 - p)); the second of probabilities sigmoid(input).
Tensor binary_cross_entropy(const Tensor& input, const Tensor& target,
                            const BinaryCrossEntropyFuncOptions& options = {});
Tensor binary_cross_entropy_with_logits(const Tensor& input, const Tensor& target,
                                        const BinaryCrossEntropyWithLogitsFuncOptions& options = {});
// Of log-probabilities (N, C, ...) and classes (N, ...).
Tensor nll_loss(const Tensor& input, const Tensor& target, const NLLLossFuncOptions& options = {});
// Of scores (N, C, ...) and classes (N, ...) or probabilities of the input's shape.
Tensor cross_entropy(const Tensor& input, const Tensor& target, const CrossEntropyFuncOptions& options = {});
// target (log target - input), input being log-probabilities. kMean warns, since it divides by all elements.
Tensor kl_div(const Tensor& input, const Tensor& target, const KLDivFuncOptions& options = {});
// input where target is 1, max(0, margin - input) where it is -1.
Tensor hinge_embedding_loss(const Tensor& input, const Tensor& target,
                            const HingeEmbeddingLossFuncOptions& options = {});
// sum over the classes c != t of weight[t] max(0, margin - x[t] + x[c])^p / C, p 1 or 2; scores (N, C) or (C,).
Tensor multi_margin_loss(const Tensor& input, const Tensor& target, const MultiMarginLossFuncOptions& options = {});
// 1 - cos where target is 1, max(0, cos - margin) where it is -1; rows (N, D) or (D,).
Tensor cosine_embedding_loss(const Tensor& input1, const Tensor& input2, const Tensor& target,
                             const CosineEmbeddingLossFuncOptions& options = {});
// sum over labels t and classes c that are no labels of max(0, 1 - x[t] + x[c]) / C; target: a row's labels, then -1.
Tensor multilabel_margin_loss(const Tensor& input, const Tensor& target,
                              const MultilabelMarginLossFuncOptions& options = {});
// log(1 + exp(-target x)).
Tensor soft_margin_loss(const Tensor& input, const Tensor& target, const SoftMarginLossFuncOptions& options = {});
// The binary cross entropy of sigmoid(x), the mean over the classes, which are the last dimension.
Tensor multilabel_soft_margin_loss(const Tensor& input, const Tensor& target,
                                   const MultilabelSoftMarginLossFuncOptions& options = {});
// max(0, d(anchor, positive) - d(anchor, negative) + margin), d the p-norm of the difference or what is given.
Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                           const TripletMarginLossFuncOptions& options = {});
Tensor triplet_margin_with_distance_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                                         const TripletMarginWithDistanceLossFuncOptions& options = {});
// Connectionist temporal classification of log_probs (T, N, C) or (T, C); see rondo::ctc_loss.
Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths,
                const Tensor& target_lengths, const CTCLossFuncOptions& options = {});
// exp(x) - target x, or x - target log(x + eps) without log_input; full adds Stirling's approximation.
Tensor poisson_nll_loss(const Tensor& input, const Tensor& target, const PoissonNLLLossFuncOptions& options = {});
// max(0, margin - target (input1 - input2)).
Tensor margin_ranking_loss(const Tensor& input1, const Tensor& input2, const Tensor& target,
                           const MarginRankingLossFuncOptions& options = {});

}  // namespace rondo::nn::functional
