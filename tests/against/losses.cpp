// Losses: free functions, nn::functional and modules. Squares of the inputs give linear functions second derivatives.
#include "case.h"

using against::gradients;
using against::integers;
using against::real;
using against::refuses;
using against::value;
namespace F = torch::nn::functional;

namespace {

torch::Tensor signs(torch::IntArrayRef sizes) { return (integers(sizes, 2) * 2 - 1).to(torch::kDouble); }
torch::Tensor alternating(torch::IntArrayRef sizes) {
  torch::Tensor y = torch::arange(torch::zeros(sizes).numel()).remainder(2).mul(2).sub(1);
  return y.reshape(sizes).to(torch::kDouble);
}
torch::Tensor labels() { return torch::tensor({1, 2, -1, 0, 3, -1, 1, 1, 0, 1, 2, 3}).reshape({3, 4}); }
torch::Tensor longs(std::vector<int64_t> list) { return torch::tensor(list, torch::kLong); }
// Targets that carry no gradient in the reference.
torch::Tensor fixed(torch::IntArrayRef sizes) { return torch::arange(1, 13, torch::kDouble).reshape(sizes) / 12; }

}  // namespace

// inputs in parentheses and braces; call: a macro of the reduction.
#define REDUCTIONS(label, inputs, call)                                                                      \
  {                                                                                                          \
    const against::Inputs given inputs;                                                                      \
    gradients(label " mean", given, [](const against::Inputs& in) { return call(torch::Reduction::Mean); }); \
    gradients(label " sum", given, [](const against::Inputs& in) { return call(torch::Reduction::Sum); });   \
    gradients(label " none", given, [](const against::Inputs& in) { return call(torch::Reduction::None); }); \
  }

AGAINST(loss_functions) {
#define PAIR(r) torch::margin_ranking_loss(in[0], in[1], alternating({3, 4}), 0.3, r)
  REDUCTIONS("margin ranking", ({real({3, 4}), real({3, 4})}), PAIR)
#define HINGE(r) torch::hinge_embedding_loss(in[0], alternating({3, 4}), 0.7, r)
  REDUCTIONS("hinge embedding", ({real({3, 4})}), HINGE)
#define COSINE(r) torch::cosine_embedding_loss(in[0], in[1], alternating({4}), 0.1, r)
  REDUCTIONS("cosine embedding", ({real({4, 3}), real({4, 3})}), COSINE)
#define TRIPLET(r) torch::triplet_margin_loss(in[0], in[1], in[2], 1.5, 2, 1e-6, false, r)
  REDUCTIONS("triplet", ({real({4, 3}), real({4, 3}), real({4, 3})}), TRIPLET)
#define SWAPPED(r) torch::triplet_margin_loss(in[0], in[1], in[2], 2, 3, 1e-3, true, r)
  REDUCTIONS("triplet swap", ({real({4, 3}), real({4, 3}), real({4, 3})}), SWAPPED)
#define SOFT(r) torch::soft_margin_loss(in[0], alternating({3, 4}), r)
  REDUCTIONS("soft margin", ({real({3, 4})}), SOFT)
#define KL(r) torch::kl_div(in[0], fixed({3, 4}), r)
  REDUCTIONS("kl_div", ({real({3, 4}, -3, 0)}), KL)
#define KL_LOG(r) torch::kl_div(in[0], in[1], r, true)
  REDUCTIONS("kl_div log", ({real({3, 4}, -3, 0), real({3, 4}, -3, 0)}), KL_LOG)
#define POISSON(r) torch::poisson_nll_loss(in[0], in[1], true, false, 1e-8, r)
  REDUCTIONS("poisson", ({real({3, 4}), real({3, 4}, 0, 3)}), POISSON)
#define POISSON_RATES(r) torch::poisson_nll_loss(in[0], fixed({3, 4}) * 5, false, true, 1e-8, r)
  REDUCTIONS("poisson rates", ({real({3, 4}, 0.1, 3)}), POISSON_RATES)
#define NLL(r) torch::nll_loss_nd(in[0].square(), in[1], torch::arange(1, 4, torch::kDouble), r, 1)
  REDUCTIONS("nll_loss_nd", ({real({5, 3}), integers({5}, 3)}), NLL)
#define NLL2D(r) torch::nll_loss2d(in[0].square(), in[1], {}, r)
  REDUCTIONS("nll_loss2d", ({real({2, 3, 2, 2}), integers({2, 2, 2}, 3)}), NLL2D)
  // The reference's gradients of these have no derivatives, or zeros.
  gradients("multi margin", {real({5, 3}), integers({5}, 3)}, AGAINST_F(torch::multi_margin_loss(in[0], in[1], 1, 1.3)),
            false);
  gradients("multi margin square", {real({5, 3}), integers({5}, 3)},
            AGAINST_F(torch::multi_margin_loss(in[0], in[1], 2, 0.5, torch::arange(1, 4, torch::kDouble),
                                               torch::Reduction::Sum)),
            false);
  gradients("multi margin none", {real({5, 3}), integers({5}, 3)},
            AGAINST_F(torch::multi_margin_loss(in[0], in[1], 1, 1, {}, torch::Reduction::None)), false);
  gradients("multi margin row", {real({3}), integers({}, 3)},
            AGAINST_F(torch::multi_margin_loss(in[0], in[1], 2, 1, {}, torch::Reduction::None)), false);
  gradients("multi margin row of one", {real({3}), integers({1}, 3)},
            AGAINST_F(torch::multi_margin_loss(in[0], in[1], 2, 1, {}, torch::Reduction::None)), false);
  gradients("multilabel margin", {real({3, 4})}, AGAINST_F(torch::multilabel_margin_loss(in[0], labels())), false);
  gradients("multilabel margin sum", {real({3, 4})},
            AGAINST_F(torch::multilabel_margin_loss(in[0], labels(), torch::Reduction::Sum)), false);
  gradients("multilabel margin none", {real({3, 4})},
            AGAINST_F(torch::multilabel_margin_loss(in[0], labels(), torch::Reduction::None)), false);
  gradients("multilabel margin row", {real({4})},
            AGAINST_F(torch::multilabel_margin_loss(in[0], labels()[0], torch::Reduction::None)), false);
  gradients("cosine embedding row", {real({3}), real({3})},
            AGAINST_F(torch::cosine_embedding_loss(in[0], in[1], torch::ones({}, torch::kDouble))));
  gradients("triplet row", {real({3}), real({3}), real({3})},
            AGAINST_F(torch::triplet_margin_loss(in[0], in[1], in[2])));
  value("kl_div of zeros", torch::kl_div(torch::tensor({-1.0, -2.0}), torch::tensor({0.0, 1.0})));
  refuses("multi margin p", [] { torch::multi_margin_loss(torch::ones({2, 2}), longs({0, 1}), 3); });
  refuses("multi margin target", [] { torch::multi_margin_loss(torch::ones({2, 2}), longs({0, 2})); });
  refuses("multi margin sizes", [] { torch::multi_margin_loss(torch::ones({2, 2}), longs({0})); });
  refuses("multilabel target", [] { torch::multilabel_margin_loss(torch::ones({2}), longs({0, 2})); });
  refuses("multilabel sizes", [] { torch::multilabel_margin_loss(torch::ones({2, 2}), longs({0, 1})); });
  refuses("cosine target", [] {
    torch::cosine_embedding_loss(torch::ones({2, 2}), torch::ones({2, 2}), signs({2, 2}));
  });
  refuses("cosine rank", [] { torch::cosine_embedding_loss(torch::ones({2}), torch::ones({2}), signs({2})); });
  refuses("triplet rank", [] { torch::triplet_margin_loss(torch::ones({2}), torch::ones({2, 2}), torch::ones({2})); });
}

AGAINST(loss_ctc) {
  // Of log_softmax: where the reference's gradient is that of the function.
  gradients("mean", {real({6, 3, 5})},
            AGAINST_F(torch::ctc_loss(in[0].log_softmax(2), longs({1, 2, 3, 3, 4, 0}).reshape({3, 2}), longs({6, 4, 5}),
                                      longs({2, 2, 1}))),
            false);
  gradients("none", {real({6, 3, 5})},
            AGAINST_F(torch::ctc_loss(in[0].log_softmax(2), longs({1, 2, 3, 3, 4, 0}).reshape({3, 2}), {6, 4, 5},
                                      {2, 2, 0}, 0, torch::Reduction::None)),
            false);
  gradients("in a row", {real({7, 2, 4})},
            AGAINST_F(torch::ctc_loss(in[0].log_softmax(2), longs({1, 0, 0, 2, 1}), {7, 5}, {3, 2}, 3,
                                      torch::Reduction::Sum)),
            false);
  gradients("int32", {real({7, 2, 4})},
            AGAINST_F(torch::ctc_loss(in[0].log_softmax(2), longs({1, 3, 3, 2, 1}).to(torch::kInt), {7, 5}, {3, 2})),
            false);
  gradients("no alignment", {real({3, 2, 4})},
            AGAINST_F(torch::ctc_loss(in[0].log_softmax(2), longs({1, 1, 2, 1, 3, 2}).reshape({2, 3}), {3, 3}, {3, 3},
                                      0, torch::Reduction::None)),
            false);
  gradients("no alignment, zero", {real({3, 2, 4})},
            AGAINST_F(torch::ctc_loss(in[0].log_softmax(2), longs({1, 1, 2, 1, 3, 2}).reshape({2, 3}), {3, 3}, {3, 3},
                                      0, torch::Reduction::Sum, true)),
            false);
  gradients("no labels", {real({3, 2, 4})},
            AGAINST_F(torch::ctc_loss(in[0].log_softmax(2), torch::zeros({2, 0}, torch::kLong), {3, 2}, {0, 0})),
            false);
  gradients("one", {real({5, 4})},
            AGAINST_F(torch::ctc_loss(in[0].log_softmax(1), longs({1, 2}), longs({5}), longs({2}), 0,
                                      torch::Reduction::None)),
            false);
  value("long", torch::ctc_loss(real({200, 2, 20}).log_softmax(2), integers({2, 50}, 19) + 1, {200, 180}, {50, 31}, 0,
                                torch::Reduction::None));
  gradients("functional", {real({6, 3, 5})},
            AGAINST_F(F::ctc_loss(in[0].log_softmax(2), longs({1, 2, 3, 3, 1, 0}).reshape({3, 2}), longs({6, 4, 5}),
                                  longs({2, 2, 1}),
                                  F::CTCLossFuncOptions().blank(4).reduction(torch::kSum).zero_infinity(true))),
            false);
  gradients("module", {real({6, 3, 5})},
            AGAINST_F(torch::nn::CTCLoss()(in[0].log_softmax(2), longs({1, 2, 3, 3, 1, 2}).reshape({3, 2}),
                                           longs({6, 4, 5}), longs({2, 2, 1}))),
            false);
  const auto refused = [](const char* what, torch::Tensor targets, std::vector<int64_t> steps,
                          std::vector<int64_t> counts, int64_t blank) {
    refuses(what, [&] { torch::ctc_loss(torch::zeros({4, 2, 3}), targets, longs(steps), longs(counts), blank); });
  };
  refused("blank", torch::ones({2, 2}, torch::kLong), {4, 4}, {2, 2}, 3);
  refused("steps", torch::ones({2, 2}, torch::kLong), {4, 5}, {2, 2}, 0);
  refused("batch of steps", torch::ones({2, 2}, torch::kLong), {4}, {2, 2}, 0);
  refused("batch of counts", torch::ones({2, 2}, torch::kLong), {4, 4}, {2}, 0);
  refused("batch of targets", torch::ones({3, 2}, torch::kLong), {4, 4}, {2, 2}, 0);
  refused("too few targets", torch::ones({3}, torch::kLong), {4, 4}, {2, 2}, 0);
  refused("too short targets", torch::ones({2, 1}, torch::kLong), {4, 4}, {2, 2}, 0);
}

#define FUNCTIONAL(label, inputs, options, function, ...)                                                       \
  {                                                                                                             \
    const against::Inputs given inputs;                                                                         \
    gradients(label " mean", given, AGAINST_F(F::function(__VA_ARGS__, F::options().reduction(torch::kMean)))); \
    gradients(label " sum", given, AGAINST_F(F::function(__VA_ARGS__, F::options().reduction(torch::kSum))));   \
    gradients(label " none", given, AGAINST_F(F::function(__VA_ARGS__, F::options().reduction(torch::kNone)))); \
  }

AGAINST(loss_functional) {
  // Its second derivative is a tensor without memory in the reference.
  gradients("l1", {real({3, 4})}, AGAINST_F(F::l1_loss(in[0], fixed({3, 4}))), false);
  gradients("l1 sum", {real({3, 4})}, AGAINST_F(F::l1_loss(in[0], fixed({3, 4}), torch::kSum)), false);
  FUNCTIONAL("mse", ({real({3, 4})}), MSELossFuncOptions, mse_loss, in[0], fixed({3, 4}))
  FUNCTIONAL("smooth l1", ({real({3, 4})}), SmoothL1LossFuncOptions, smooth_l1_loss, in[0], fixed({3, 4}))
  FUNCTIONAL("huber", ({real({3, 4})}), HuberLossFuncOptions, huber_loss, in[0], fixed({3, 4}))
  FUNCTIONAL("bce", ({real({3, 4}, 0.1, 0.9)}), BinaryCrossEntropyFuncOptions, binary_cross_entropy, in[0],
             fixed({3, 4}))
  FUNCTIONAL("bce with logits", ({real({3, 4})}), BinaryCrossEntropyWithLogitsFuncOptions,
             binary_cross_entropy_with_logits, in[0], fixed({3, 4}))
  FUNCTIONAL("nll", ({real({5, 3}), integers({5}, 3)}), NLLLossFuncOptions, nll_loss, in[0].square(), in[1])
  FUNCTIONAL("cross entropy", ({real({5, 3}), integers({5}, 3)}), CrossEntropyFuncOptions, cross_entropy, in[0], in[1])
  FUNCTIONAL("kl_div", ({real({3, 4}, -3, 0)}), KLDivFuncOptions, kl_div, in[0], fixed({3, 4}))
  FUNCTIONAL("hinge", ({real({3, 4})}), HingeEmbeddingLossFuncOptions, hinge_embedding_loss, in[0], alternating({3, 4}))
  FUNCTIONAL("cosine", ({real({4, 3}), real({4, 3})}), CosineEmbeddingLossFuncOptions, cosine_embedding_loss, in[0],
             in[1], alternating({4}))
  FUNCTIONAL("soft margin", ({real({3, 4})}), SoftMarginLossFuncOptions, soft_margin_loss, in[0], alternating({3, 4}))
  FUNCTIONAL("multilabel soft margin", ({real({3, 4})}), MultilabelSoftMarginLossFuncOptions,
             multilabel_soft_margin_loss, in[0], fixed({3, 4}).round())
  FUNCTIONAL("triplet", ({real({4, 3}), real({4, 3}), real({4, 3})}), TripletMarginLossFuncOptions, triplet_margin_loss,
             in[0], in[1], in[2])
  FUNCTIONAL("triplet with distance", ({real({4, 3}), real({4, 3}), real({4, 3})}),
             TripletMarginWithDistanceLossFuncOptions, triplet_margin_with_distance_loss, in[0], in[1], in[2])
  FUNCTIONAL("poisson", ({real({3, 4}), real({3, 4}, 0, 3)}), PoissonNLLLossFuncOptions, poisson_nll_loss, in[0], in[1])
  FUNCTIONAL("margin ranking", ({real({3, 4}), real({3, 4})}), MarginRankingLossFuncOptions, margin_ranking_loss, in[0],
             in[1], alternating({3, 4}))
  gradients("huber delta", {real({3, 4})},
            AGAINST_F(F::huber_loss(in[0], fixed({3, 4}), F::HuberLossFuncOptions().delta(0.4))));
  gradients("smooth l1 beta", {real({3, 4})},
            AGAINST_F(F::smooth_l1_loss(in[0], fixed({3, 4}), F::SmoothL1LossFuncOptions(), 0.4)));
  gradients("bce weight", {real({3, 4}, 0.1, 0.9)},
            AGAINST_F(F::binary_cross_entropy(in[0], fixed({3, 4}),
                                              F::BinaryCrossEntropyFuncOptions().weight(fixed({3, 4})[1]))));
  gradients("bce with logits weights", {real({3, 4})},
            AGAINST_F(F::binary_cross_entropy_with_logits(
                in[0], fixed({3, 4}),
                F::BinaryCrossEntropyWithLogitsFuncOptions().weight(fixed({3, 4})[0]).pos_weight(fixed({3, 4})[2]))));
  gradients(
      "nll options", {real({5, 3}), integers({5}, 3)},
      AGAINST_F(F::nll_loss(in[0].square(), in[1],
                            F::NLLLossFuncOptions().weight(torch::arange(1, 4, torch::kDouble)).ignore_index(2))));
  gradients("cross entropy options", {real({5, 3}), integers({5}, 3)},
            AGAINST_F(F::cross_entropy(in[0], in[1],
                                       F::CrossEntropyFuncOptions()
                                           .weight(torch::arange(1, 4, torch::kDouble))
                                           .ignore_index(0)
                                           .label_smoothing(0.2))));
  gradients("kl_div batch", {real({3, 4}, -3, 0)},
            AGAINST_F(F::kl_div(in[0], fixed({3, 4}), F::KLDivFuncOptions(torch::kBatchMean))));
  gradients("kl_div log", {real({3, 4}, -3, 0), real({3, 4}, -3, 0)},
            AGAINST_F(F::kl_div(in[0], in[1], F::KLDivFuncOptions(torch::kSum).log_target(true))));
  gradients(
      "hinge margin", {real({3, 4})},
      AGAINST_F(F::hinge_embedding_loss(in[0], alternating({3, 4}), F::HingeEmbeddingLossFuncOptions().margin(2))));
  gradients("cosine margin", {real({4, 3}), real({4, 3})},
            AGAINST_F(F::cosine_embedding_loss(in[0], in[1], alternating({4}),
                                               F::CosineEmbeddingLossFuncOptions().margin(-0.3))));
  gradients("multilabel soft margin weight", {real({2, 3, 4})},
            AGAINST_F(F::multilabel_soft_margin_loss(
                in[0], torch::ones({2, 3, 4}, torch::kDouble),
                F::MultilabelSoftMarginLossFuncOptions().weight(fixed({3, 4})[1]).reduction(torch::kNone))));
  gradients("triplet options", {real({4, 3}), real({4, 3}), real({4, 3})},
            AGAINST_F(F::triplet_margin_loss(in[0], in[1], in[2],
                                             F::TripletMarginLossFuncOptions().margin(3).p(3).eps(0.1).swap(true))));
  gradients("triplet of products", {real({4, 3}), real({4, 3}), real({4, 3})},
            AGAINST_F(F::triplet_margin_with_distance_loss(
                in[0], in[1], in[2],
                F::TripletMarginWithDistanceLossFuncOptions()
                    .distance_function([](const torch::Tensor& a, const torch::Tensor& b) { return -(a * b).sum(1); })
                    .margin(2)
                    .swap(true))));
  gradients("poisson options", {real({3, 4}, 0.1, 3)},
            AGAINST_F(F::poisson_nll_loss(in[0], fixed({3, 4}) * 5,
                                          F::PoissonNLLLossFuncOptions().log_input(false).full(true).eps(1e-3))));
  gradients("margin ranking margin", {real({3, 4}), real({3, 4})},
            AGAINST_F(F::margin_ranking_loss(in[0], in[1], alternating({3, 4}),
                                             F::MarginRankingLossFuncOptions().margin(1.5))));
  gradients("multi margin", {real({5, 3}), integers({5}, 3)},
            AGAINST_F(F::multi_margin_loss(in[0], in[1],
                                           F::MultiMarginLossFuncOptions()
                                               .p(2)
                                               .margin(0.5)
                                               .weight(torch::arange(1, 4, torch::kDouble))
                                               .reduction(torch::kSum))),
            false);
  gradients("multilabel margin", {real({3, 4})},
            AGAINST_F(F::multilabel_margin_loss(in[0], labels(), F::MultilabelMarginLossFuncOptions(torch::kSum))),
            false);
  refuses("margin ranking ranks", [] {
    F::margin_ranking_loss(torch::ones({2}), torch::ones({2, 2}), torch::ones({2}));
  });
  refuses("nll batch", [] { F::nll_loss(torch::ones({2, 2}), longs({0, 1, 1})); });
  refuses("bce with logits sizes", [] { F::binary_cross_entropy_with_logits(torch::ones({2, 2}), torch::ones({2})); });
}

AGAINST(loss_modules) {
  using namespace torch::nn;
  gradients("L1Loss", {real({3, 4})}, AGAINST_F(L1Loss()(in[0], fixed({3, 4}))), false);
  gradients("L1Loss sum", {real({3, 4})}, AGAINST_F(L1Loss(torch::kSum)(in[0], fixed({3, 4}))), false);
  gradients("MSELoss", {real({3, 4})}, AGAINST_F(MSELoss()(in[0], fixed({3, 4}))));
  gradients("SmoothL1Loss", {real({3, 4})}, AGAINST_F(SmoothL1Loss(torch::kSum)(in[0], fixed({3, 4}))));
  gradients("HuberLoss", {real({3, 4})}, AGAINST_F(HuberLoss()(in[0], fixed({3, 4}))));
  gradients("BCELoss", {real({3, 4}, 0.1, 0.9)}, AGAINST_F(BCELoss()(in[0], fixed({3, 4}))));
  gradients("BCEWithLogitsLoss", {real({3, 4})}, AGAINST_F(BCEWithLogitsLoss()(in[0], fixed({3, 4}))));
  gradients("NLLLoss", {real({5, 3}), integers({5}, 3)}, AGAINST_F(NLLLoss()(in[0].square(), in[1])));
  gradients("CrossEntropyLoss", {real({5, 3}), integers({5}, 3)}, AGAINST_F(CrossEntropyLoss()(in[0], in[1])));
  gradients("KLDivLoss", {real({3, 4}, -3, 0)}, AGAINST_F(KLDivLoss(torch::kBatchMean)(in[0], fixed({3, 4}))));
  gradients("HingeEmbeddingLoss", {real({3, 4})},
            AGAINST_F(HingeEmbeddingLoss(HingeEmbeddingLossOptions().margin(4))(in[0], alternating({3, 4}))));
  gradients("MultiMarginLoss", {real({5, 3}), integers({5}, 3)},
            AGAINST_F(MultiMarginLoss(MultiMarginLossOptions().margin(2))(in[0], in[1])), false);
  gradients("CosineEmbeddingLoss", {real({4, 3}), real({4, 3})},
            AGAINST_F(CosineEmbeddingLoss(CosineEmbeddingLossOptions().margin(0.25))(in[0], in[1], alternating({4}))));
  gradients("MultiLabelMarginLoss", {real({3, 4})}, AGAINST_F(MultiLabelMarginLoss()(in[0], labels())), false);
  gradients("SoftMarginLoss", {real({3, 4})}, AGAINST_F(SoftMarginLoss(torch::kSum)(in[0], alternating({3, 4}))));
  gradients("MultiLabelSoftMarginLoss", {real({3, 4})},
            AGAINST_F(MultiLabelSoftMarginLoss(MultiLabelSoftMarginLossOptions().weight(fixed({3, 4})[0]))(
                in[0], fixed({3, 4}).round())));
  gradients("TripletMarginLoss", {real({4, 3}), real({4, 3}), real({4, 3})},
            AGAINST_F(TripletMarginLoss(TripletMarginLossOptions().margin(3))(in[0], in[1], in[2])));
  gradients("TripletMarginWithDistanceLoss", {real({4, 3}), real({4, 3}), real({4, 3})},
            AGAINST_F(TripletMarginWithDistanceLoss(TripletMarginWithDistanceLossOptions().margin(1.5).swap(true))(
                in[0], in[1], in[2])));
  gradients("PoissonNLLLoss", {real({3, 4}), real({3, 4}, 0, 3)}, AGAINST_F(PoissonNLLLoss()(in[0].square(), in[1])));
  gradients("MarginRankingLoss", {real({3, 4}), real({3, 4})},
            AGAINST_F(MarginRankingLoss(MarginRankingLossOptions().margin(0.5))(in[0], in[1], alternating({3, 4}))));
  refuses("MultiMarginLoss p", [] { MultiMarginLoss(MultiMarginLossOptions().p(3)); });
  refuses("MultiMarginLoss weight", [] { MultiMarginLoss(MultiMarginLossOptions().weight(torch::ones({2, 2}))); });
}

AGAINST(loss_adaptive) {
  using torch::nn::AdaptiveLogSoftmaxWithLoss;
  using torch::nn::AdaptiveLogSoftmaxWithLossOptions;
  AdaptiveLogSoftmaxWithLoss module(AdaptiveLogSoftmaxWithLossOptions(8, 10, {4, 8}).div_value(2.).head_bias(true));
  for (const auto& parameter : module->named_parameters()) value(parameter.key(), parameter.value());
  module->to(torch::kDouble);
  const auto x = torch::randn({6, 8}, torch::kDouble);
  const auto result = module(x, longs({0, 3, 9, 5, 8, 1}));
  value("output", result.output);
  value("loss", result.loss);
  value("log_prob", module->log_prob(x));
  value("predict", module->predict(x * 10));
  const auto mean = result.output.mean();
  for (const auto& gradient : torch::autograd::grad({mean}, {module->head->weight})) value("gradient", gradient);
  refuses("target", [&] { module(x, longs({0, 3, 10, 5, 8, 1})); });
  refuses("falling", [] { AdaptiveLogSoftmaxWithLoss(8, 10, std::vector<int64_t>({4, 3})); });
  refuses("too large", [] { AdaptiveLogSoftmaxWithLoss(8, 10, std::vector<int64_t>({4, 11})); });
}

AGAINST(targets_that_do_not_count) {
  const torch::Tensor x = real({2, 4}).requires_grad_(), ignored = torch::full({2}, -100, torch::kLong);
  const torch::Tensor loss = torch::nn::functional::cross_entropy(x, ignored);
  value("recorded gradient", torch::autograd::grad({loss}, {x}, {}, true, true)[0]);
  const torch::Tensor bytes = torch::tensor({1, 3}, torch::kByte);
  value("labels of uint8", torch::nn::CrossEntropyLoss()(x, bytes));
  value("nll of uint8", torch::nn::functional::nll_loss(x, bytes));
  refuses("labels of int32", [&] { torch::nn::CrossEntropyLoss()(x, bytes.to(torch::kInt)); });
}

AGAINST(flat_second_derivatives) {
  const auto twice = [](const std::string& what, const torch::Tensor& x, const torch::Tensor& y) {
    const torch::Tensor g = torch::autograd::grad({y.sum()}, {x}, {}, true, true)[0];
    value(what + " first", g);
    value(what + " second", torch::autograd::grad({(g * g).sum()}, {x})[0]);
  };
  const torch::Tensor x = real({1, 2, 4}).requires_grad_();
  twice("area", x, F::interpolate(x, F::InterpolateFuncOptions().size(std::vector<int64_t>{2}).mode(torch::kArea)));
}
