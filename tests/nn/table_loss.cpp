#include <rondo/tests/nn/table.h>

using namespace table;
using rondo::tensor;

namespace {

Tensor signs(rondo::IntArrayRef sizes) { return integers(sizes, 2) * 2 - 1; }
Tensor labels() { return tensor({1, 2, -1, 0, 3, -1, 1, 1, 0, 1, 2, 3}).reshape({3, 4}); }
Tensor weight() { return tensor({0.5, 1.0, 1.5}); }

}  // namespace

MODULES(loss) {
  row(
      "L1Loss", [] { return nn::L1Loss(); }, {real({3, 4}), real({3, 4})}, "torch::nn::L1Loss()");
  row(
      "MSELoss", [] { return nn::MSELoss(rondo::kSum); }, {real({3, 4}), real({3, 4})}, "torch::nn::MSELoss()");
  row(
      "SmoothL1Loss", [] { return nn::SmoothL1Loss(); }, {real({3, 4}), real({3, 4})}, "torch::nn::SmoothL1Loss");
  row(
      "HuberLoss", [] { return nn::HuberLoss(); }, {real({3, 4}), real({3, 4})}, "torch::nn::HuberLoss");
  row(
      "BCELoss", [] { return nn::BCELoss(); }, {real({3, 4}, 0.1, 0.9), real({3, 4}, 0.1, 0.9)},
      "torch::nn::BCELoss()");
  row(
      "BCEWithLogitsLoss", [] { return nn::BCEWithLogitsLoss(nn::BCEWithLogitsLossOptions().pos_weight(weight())); },
      {real({2, 3}), real({2, 3}, 0, 1)}, "torch::nn::BCEWithLogitsLoss()");
  row(
      "NLLLoss", [] { return nn::NLLLoss(nn::NLLLossOptions().weight(weight())); }, {real({5, 3}), integers({5}, 3)},
      "torch::nn::NLLLoss()");
  row(
      "CrossEntropyLoss", [] { return nn::CrossEntropyLoss(nn::CrossEntropyLossOptions().label_smoothing(0.1)); },
      {real({5, 3}), integers({5}, 3)}, "torch::nn::CrossEntropyLoss()");
  row(
      "KLDivLoss", [] { return nn::KLDivLoss(rondo::kBatchMean); }, {real({3, 4}, -3, 0), real({3, 4}, 0.1, 1)},
      "torch::nn::KLDivLoss()");
  row(
      "HingeEmbeddingLoss", [] { return nn::HingeEmbeddingLoss(nn::HingeEmbeddingLossOptions().margin(4)); },
      {real({3, 4}), signs({3, 4})}, "torch::nn::HingeEmbeddingLoss(margin=4)");
  row(
      "MultiMarginLoss", [] { return nn::MultiMarginLoss(); }, {real({5, 3}), integers({5}, 3)},
      "torch::nn::MultiMarginLoss(p=1, margin=1, weight=[ Tensor (undefined) ], reduction=kMean)");
  row(
      "MultiMarginLoss with squares and weights",
      [] { return nn::MultiMarginLoss(nn::MultiMarginLossOptions().p(2).weight(weight()).reduction(rondo::kSum)); },
      {real({5, 3}), integers({5}, 3)}, "");
  row(
      "CosineEmbeddingLoss", [] { return nn::CosineEmbeddingLoss(nn::CosineEmbeddingLossOptions().margin(0.25)); },
      {real({4, 3}), real({4, 3}), signs({4})}, "torch::nn::CosineEmbeddingLoss(margin=0.25)");
  row(
      "MultiLabelMarginLoss", [] { return nn::MultiLabelMarginLoss(); }, {real({3, 4}), labels()},
      "torch::nn::MultiLabelMarginLoss()");
  row(
      "SoftMarginLoss", [] { return nn::SoftMarginLoss(); }, {real({3, 4}), signs({3, 4})},
      "torch::nn::SoftMarginLoss()");
  row(
      "MultiLabelSoftMarginLoss",
      [] { return nn::MultiLabelSoftMarginLoss(nn::MultiLabelSoftMarginLossOptions().weight(weight())); },
      {real({4, 3}), real({4, 3}, 0, 1)}, "torch::nn::MultiLabelSoftMarginLoss()");
  row(
      "TripletMarginLoss", [] { return nn::TripletMarginLoss(nn::TripletMarginLossOptions().margin(3)); },
      {real({4, 3}), real({4, 3}), real({4, 3})}, "torch::nn::TripletMarginLoss(margin=3, p=2, eps=1e-06, swap=false)");
  row(
      "TripletMarginWithDistanceLoss",
      [] {
        return nn::TripletMarginWithDistanceLoss(
            nn::TripletMarginWithDistanceLossOptions()
                .distance_function([](const Tensor& a, const Tensor& b) { return (a - b).square().sum(-1); })
                .margin(1.5)
                .swap(true));
      },
      {real({4, 3}), real({4, 3}), real({4, 3})}, "torch::nn::TripletMarginWithDistanceLoss(margin=1.5, swap=true)");
  row(
      "CTCLoss", [] { return nn::CTCLoss(); },
      {real({5, 2, 4}, -3, -0.1), tensor({1, 2, 3, 3}).reshape({2, 2}), tensor({5, 4}), tensor({2, 2})},
      "torch::nn::CTCLoss()",
      [](nn::CTCLossImpl& loss, const Inputs& in) { return loss.forward(in[0], in[1], in[2], in[3]); });
  row(
      "PoissonNLLLoss", [] { return nn::PoissonNLLLoss(); }, {real({3, 4}), real({3, 4}, 0.1, 3)},
      "torch::nn::PoissonNLLLoss()");
  row(
      "MarginRankingLoss", [] { return nn::MarginRankingLoss(nn::MarginRankingLossOptions().margin(0.5)); },
      {real({3, 4}), real({3, 4}), signs({3, 4})}, "torch::nn::MarginRankingLoss()");
}
