#include <rondo/tests/nn/table.h>

using namespace table;

namespace {

// ASMoutput's tensor; the loss is its mean.
Tensor output_of(nn::AdaptiveLogSoftmaxWithLossImpl& module, const Inputs& in) {
  return module.forward(in[0], in[1]).output;
}

}  // namespace

MODULES(adaptive) {
  row(
      "AdaptiveLogSoftmaxWithLoss",
      [] { return nn::AdaptiveLogSoftmaxWithLoss(nn::AdaptiveLogSoftmaxWithLossOptions(8, 4, {2}).div_value(2.)); },
      {real({5, 8}), rondo::tensor({0, 3, 2, 1, 3})},
      "torch::nn::AdaptiveLogSoftmaxWithLoss(\n"
      "  (head): torch::nn::Linear(in_features=8, out_features=3, bias=false)\n"
      "  (tail): torch::nn::ModuleList(\n"
      "    (0): torch::nn::Sequential(\n"
      "      (0): torch::nn::Linear(in_features=8, out_features=4, bias=false)\n"
      "      (1): torch::nn::Linear(in_features=4, out_features=2, bias=false)\n"
      "    )\n"
      "  )\n"
      ")",
      &output_of);
  row(
      "AdaptiveLogSoftmaxWithLoss of one sample",
      [] {
        return nn::AdaptiveLogSoftmaxWithLoss(
            nn::AdaptiveLogSoftmaxWithLossOptions(8, 10, {4, 8}).div_value(2.).head_bias(true));
      },
      {real({8}), rondo::full({}, 9, rondo::kLong)}, "", &output_of);
  row(
      "AdaptiveLogSoftmaxWithLoss for all classes",
      [] {
        return nn::AdaptiveLogSoftmaxWithLoss(8, 10, std::vector<int64_t>({4, 8}));
      },
      {real({5, 8})}, "",
      [](nn::AdaptiveLogSoftmaxWithLossImpl& module, const Inputs& in) { return module.log_prob(in[0]); });
}
