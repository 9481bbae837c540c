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

}  // namespace rondo::nn::functional
