// Normalizations at their edges: empty and single inputs, strided inputs and parameters, statistics of other dtypes,
// what forward leaves in the buffers, refusals.
#include "case.h"

#include <tuple>

using namespace against;
namespace nn = torch::nn;
namespace F = torch::nn::functional;

namespace {

torch::Tensor ones(torch::IntArrayRef sizes) { return torch::ones(sizes, torch::kDouble); }

}  // namespace

AGAINST(edges_batch_norm) {
  gradients("strided", {real({4, 3, 5})},
            AGAINST_F(torch::batch_norm(in[0].permute({2, 1, 0}), {}, {}, {}, {}, true, 0.1, 1e-5, false)));
  gradients("strided parameters", {real({4, 3, 5}), real({6}), real({6})},
            AGAINST_F(torch::batch_norm(in[0], in[1].slice(0, 0, 6, 2), in[2].slice(0, 0, 6, 2), {}, {}, true, 0.1,
                                        1e-5, false)));
  // (libtorch has no second derivatives without a weight.)
  gradients("bias alone", {real({4, 3, 5}), real({3})},
            AGAINST_F(torch::batch_norm(in[0], {}, in[1], {}, {}, true, 0.1, 1e-5, false)), false);
  gradients("strided rows", {real({3, 7})},
            AGAINST_F(torch::batch_norm(in[0].t(), {}, {}, {}, {}, true, 0.1, 1e-5, false)));
  gradients("rows in evaluation", {real({7, 3}), real({3}), real({3})},
            AGAINST_F(torch::batch_norm(in[0], in[1], in[2], ones({3}) * 0.3, ones({3}) * 2, false, 0.1, 1e-5, false)));
  gradients("one of a batch", {real({1, 3, 5})},
            AGAINST_F(torch::batch_norm(in[0], {}, {}, {}, {}, true, 0.1, 1e-5, false)));
  gradients("constant", {torch::full({3, 2, 2}, 1.5, torch::kDouble)},
            AGAINST_F(torch::batch_norm(in[0], {}, {}, {}, {}, true, 0.1, 1e-5, false)));
  auto mean = torch::zeros({3}, torch::kDouble), variance = ones({3});
  torch::batch_norm(real({4, 3, 5}), {}, {}, mean, variance, true, 0.25, 1e-5, false);
  value("running mean", mean);
  value("running variance", variance);
  auto slots = torch::zeros({6}, torch::kDouble);
  torch::batch_norm(real({4, 3, 5}), {}, {}, slots.slice(0, 0, 6, 2), slots.slice(0, 1, 6, 2), true, 0.25, 1e-5, false);
  value("strided statistics", slots);
  mean.zero_();
  variance.fill_(1);
  torch::batch_norm(real({4, 3, 5}), {}, {}, mean, variance, false, 0.25, 1e-5, false);
  value("unmoved mean", mean);
  value("unmoved variance", variance);
  {
    const auto [y, m, r] = torch::native_batch_norm(real({4, 3, 5}), {}, {}, {}, {}, true, 0.1, 1e-3);
    value("native", y);
    value("native mean", m);
    value("native rstd", r);
  }
  nn::BatchNorm1d frozen(3);
  frozen->to(torch::kDouble);
  frozen(real({4, 3}));
  frozen->eval();
  value("in evaluation", frozen(real({4, 3})));
  value("batches", frozen->num_batches_tracked);
  frozen->reset_running_stats();
  value("reset mean", frozen->running_mean);
  value("reset batches", frozen->num_batches_tracked);
  frozen->reset_parameters();
  value("reset weight", frozen->weight);
  nn::BatchNorm2d mixed(2);
  mixed->to(torch::kDouble);
  mixed->options.momentum(c10::nullopt);
  for (int i = 0; i < 3; ++i) mixed(real({2, 2, 3, 3}));
  value("mean of all batches", mixed->running_mean);
  value("variance of all batches", mixed->running_var);
  nn::BatchNorm1d empty(3);
  empty(torch::rand({4, 3}));
  auto kept = torch::zeros({3}), spread = torch::ones({3});
  value("no elements", torch::batch_norm(torch::zeros({0, 3, 4}), {}, {}, kept, spread, true, 0.1, 1e-5, false));
  value("no elements' mean", kept);
  value("no elements' variance", spread);
  value("no elements in evaluation",
        torch::batch_norm(torch::zeros({0, 3, 4}), {}, {}, kept, spread, false, 0.1, 1e-5, false));
  nn::BatchNorm2d narrow(2);
  narrow->to(torch::kBFloat16);
  narrow(torch::ones({2, 2, 3, 3}, torch::kBFloat16));
  value("narrow statistics", narrow->running_mean);
  value("narrow statistics' variance", narrow->running_var);
  narrow->eval();
  value("narrow in evaluation", narrow(torch::ones({2, 2, 3, 3}, torch::kBFloat16)));
  refuses("one value", [] { F::batch_norm(torch::rand({1, 3}), {}, {}, F::BatchNormFuncOptions().training(true)); });
  refuses("no statistics", [] { F::batch_norm(torch::rand({2, 3}), {}, {}); });
  refuses("statistics' size", [] { F::batch_norm(torch::rand({2, 3}), torch::zeros({2}), torch::ones({3})); });
  refuses("statistics of two dimensions", [] {
    torch::batch_norm(torch::rand({2, 3, 2}), {}, {}, torch::zeros({1, 3}), torch::ones({1, 3}), true, 0.1, 1e-5,
                      false);
  });
  refuses("bias", [] { torch::batch_norm(torch::rand({2, 3}), {}, torch::ones({2}), {}, {}, true, 0.1, 1e-5, false); });
}

AGAINST(edges_instance_norm) {
  gradients("strided", {real({4, 3, 5})},
            AGAINST_F(torch::instance_norm(in[0].permute({2, 1, 0}), {}, {}, {}, {}, true, 0.1, 1e-5, false)));
  gradients("parameters", {real({2, 3, 2, 2}), real({3}), real({3})},
            AGAINST_F(torch::instance_norm(in[0], in[1], in[2], {}, {}, true, 0.1, 1e-5, false)));
  gradients(
      "in evaluation", {real({2, 3, 4}), real({3}), real({3})},
      AGAINST_F(torch::instance_norm(in[0], in[1], in[2], ones({3}) * 0.3, ones({3}) * 2, false, 0.1, 1e-5, false)));
  auto mean = torch::zeros({3}, torch::kDouble), variance = ones({3});
  torch::instance_norm(real({4, 3, 5}), {}, {}, mean, variance, true, 0.25, 1e-5, false);
  value("running mean", mean);
  value("running variance", variance);
  nn::InstanceNorm2d alone(nn::InstanceNorm2dOptions(2).track_running_stats(true).affine(true));
  alone->to(torch::kDouble);
  value("module alone", alone(real({2, 3, 4})));
  value("module mean", alone->running_mean);
  value("module batches", alone->num_batches_tracked);
  alone->eval();
  value("module in evaluation", alone(real({1, 2, 3, 4})));
  value("one value", F::instance_norm(real({2, 3, 1})));
  refuses("no statistics", [] {
    F::instance_norm(torch::rand({2, 3, 2}), F::InstanceNormFuncOptions().use_input_stats(false));
  });
  refuses("channels", [] { nn::InstanceNorm1d(nn::InstanceNorm1dOptions(3).affine(true))(torch::rand({2, 4, 5})); });
  refuses("dimensions", [] { nn::InstanceNorm3d(3)(torch::rand({2, 3, 5})); });
}

AGAINST(edges_group_norm) {
  gradients("strided", {real({4, 6, 2})},
            AGAINST_F(torch::group_norm(in[0].permute({2, 1, 0}), 3, {}, {}, 1e-5, false)));
  // (libtorch has no gradients without a weight.)
  value("bias alone", torch::group_norm(real({2, 6, 3}), 3, {}, real({6})));
  gradients("strided parameters", {real({2, 4, 3}), real({8})},
            AGAINST_F(torch::group_norm(in[0], 2, in[1].slice(0, 0, 8, 2), in[1].slice(0, 1, 8, 2))));
  gradients("a group for each", {real({2, 4, 3})}, AGAINST_F(torch::group_norm(in[0], 4)));
  gradients("volumes", {real({2, 4, 2, 3, 2}), real({4}), real({4})},
            AGAINST_F(torch::group_norm(in[0], 2, in[1], in[2])));
  value("no elements", torch::group_norm(torch::zeros({0, 4, 3}), 2));
  {
    const auto [y, m, r] = torch::native_group_norm(real({2, 4, 3}), {}, {}, 2, 4, 3, 2, 1e-3);
    value("native", y);
    value("native mean", m);
    value("native rstd", r);
  }
  nn::GroupNorm norm(nn::GroupNormOptions(2, 4).eps(0.1));
  norm->to(torch::kDouble);
  value("module", norm(real({2, 4, 3})));
  value("parameters", static_cast<double>(norm->parameters().size()));
  refuses("weight", [] { torch::group_norm(torch::rand({2, 4}), 2, torch::ones({2})); });
  refuses("channels", [] { nn::GroupNorm(2, 4)(torch::rand({2, 6, 3})); });
  refuses("one dimension", [] { torch::group_norm(torch::rand({4}), 2); });
}

AGAINST(edges_response_norm) {
  for (int64_t size = 1; size <= 7; ++size) {
    const std::string of = " " + std::to_string(size);
    value("rows" + of,
          F::local_response_norm(real({2, 5, 3}), F::LocalResponseNormFuncOptions(size).alpha(0.7).k(0.5)));
    value("images" + of, F::local_response_norm(real({2, 4, 3, 2}), F::LocalResponseNormFuncOptions(size).alpha(0.7)));
    value("volumes" + of,
          F::local_response_norm(real({1, 4, 3, 2, 2}), F::LocalResponseNormFuncOptions(size).alpha(0.7)));
    // (With more channels libtorch's running sums keep the first channel's square.)
    value("across" + of, nn::CrossMapLRN2d(nn::CrossMapLRN2dOptions(size).alpha(0.7))(real({2, (size + 1) / 2, 3, 2})));
  }
  gradients("volumes", {real({1, 4, 3, 2, 2})},
            AGAINST_F(F::local_response_norm(in[0], F::LocalResponseNormFuncOptions(3).alpha(0.7).beta(0.4).k(0.3))));
  nn::LocalResponseNorm norm(nn::LocalResponseNormOptions(2).alpha(0.5));
  value("module", norm(real({2, 3, 4})));
  refuses("across of rows", [] { nn::CrossMapLRN2d(3)(torch::rand({2, 3, 4})); });
}
