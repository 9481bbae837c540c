// Reductions, running reductions, differences.
#include "case.h"

#include <limits>

using against::gradients;
using against::integers;
using against::real;
using against::refuses;
using against::value;

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity(), kNan = std::numeric_limits<double>::quiet_NaN();
torch::Tensor holes() { return torch::tensor({{1.0, kNan, 3.0}, {kNan, kNan, -2.0}}, torch::kDouble); }
torch::Tensor ties() { return torch::tensor({{2.0, 1.0, 2.0}, {1.0, 2.0, 0.0}}, torch::kDouble); }

void pair(const std::string& what, const std::tuple<torch::Tensor, torch::Tensor>& both) {
  value(what + ", first", std::get<0>(both));
  value(what + ", second", std::get<1>(both));
}

}  // namespace

AGAINST(reductions_nan) {
  value("nansum", torch::nansum(holes()));
  value("nansum 0", torch::nansum(holes(), 0));
  value("nansum kept", holes().nansum({0, 1}, true));
  value("nansum of integers", torch::nansum(integers({2, 3}, 9)));
  value("nansum to float", torch::nansum(holes(), 1, false, torch::kFloat));
  value("nanmean", torch::nanmean(holes()));
  value("nanmean 0", holes().nanmean(0));
  value("nanmean kept", torch::nanmean(holes(), {1}, true));
  gradients("nansum gradient", {holes()}, AGAINST_F(torch::nansum(in[0] * 2.0, 1)));
  gradients("nanmean gradient", {holes()}, AGAINST_F(torch::nanmean(in[0] * 2.0, 1)));
  refuses("nanmean of integers", [] { torch::nanmean(torch::ones({2}, torch::kLong)); });
  value("count_nonzero", torch::count_nonzero(integers({3, 4}, 3)));
  value("count_nonzero 1", integers({3, 4}, 3).count_nonzero(torch::IntArrayRef{1}));
  value("count_nonzero two", integers({2, 3, 4}, 3).count_nonzero(torch::IntArrayRef{0, 2}));
  value("count_nonzero real", torch::count_nonzero(holes(), c10::optional<int64_t>(0)));
  value("count_nonzero bool", torch::count_nonzero(integers({3, 4}, 2).to(torch::kBool)));
}

AGAINST(reductions_pairs) {
  pair("var_mean", torch::var_mean(real({3, 4})));
  pair("var_mean biased", torch::var_mean(real({3, 4}), false));
  pair("var_mean 1", torch::var_mean(real({3, 4}), torch::IntArrayRef{1}, true, true));
  pair("var_mean correction", torch::var_mean(real({3, 4}), torch::IntArrayRef{0, 1}, c10::optional<int64_t>(2), true));
  pair("std_mean", torch::std_mean(real({3, 4})));
  pair("std_mean 0", torch::std_mean(real({3, 4}), torch::IntArrayRef{0}, false, false));
  pair("std_mean correction", torch::std_mean(real({3, 4}), torch::IntArrayRef{0}, c10::optional<int64_t>(0)));
  gradients("var_mean gradient", {real({3, 4})}, [](const against::Inputs& in) {
    const auto both = torch::var_mean(in[0], torch::IntArrayRef{1}, true);
    return std::get<0>(both) * std::get<1>(both);
  });
  gradients("std_mean gradient", {real({3, 4})}, [](const against::Inputs& in) {
    const auto both = torch::std_mean(in[0]);
    return std::get<0>(both) * std::get<1>(both);
  });
  pair("aminmax", torch::aminmax(ties()));
  pair("aminmax 1", ties().aminmax(1, true));
  pair("aminmax of integers", torch::aminmax(integers({3, 4}, 9), 0));
  pair("aminmax NaN", torch::aminmax(holes(), 0));
  refuses("aminmax empty", [] { torch::aminmax(torch::ones({0})); });
}

AGAINST(reductions_truth) {
  const torch::Tensor a = integers({3, 4}, 2);
  for (const auto type : {torch::kBool, torch::kByte, torch::kLong, torch::kFloat}) {
    const std::string name = std::to_string(static_cast<int>(type));
    value("all " + name, a.to(type).all());
    value("any " + name, a.to(type).any());
    value("all 0 " + name, a.to(type).all(0));
    value("any 1 " + name, a.to(type).any(1, true));
  }
  value("all empty", torch::zeros({0, 3}).all(0));
  value("any empty", torch::zeros({0, 3}).any());
  value("all NaN", holes().all());
  refuses("all of no dimension", [] { torch::ones({2}).all(1); });
}

AGAINST(reductions_edges) {
  value("sum empty", torch::zeros({0, 3}).sum(0));
  value("mean empty", torch::zeros({0, 3}).mean(0));
  value("prod empty", torch::zeros({0, 3}).prod(0));
  value("sum of bools", integers({4}, 2).to(torch::kBool).sum());
  value("sum to double", integers({4}, 9).sum(torch::kDouble));
  value("mean to double", integers({4}, 9).mean(torch::kDouble));
  value("prod of bools", integers({4}, 2).to(torch::kBool).prod());
  value("sum of uint8", integers({4}, 200).to(torch::kByte).sum());
  gradients("max ties", {ties()}, AGAINST_F(in[0].max()), false);
  gradients("min ties", {ties()}, AGAINST_F(in[0].min()), false);
  gradients("amax ties", {ties()}, AGAINST_F(in[0].amax({0, 1})), false);
  gradients("amin ties", {ties()}, AGAINST_F(in[0].amin(1, true)), false);
  gradients("max dim ties", {ties()}, AGAINST_F(std::get<0>(in[0].max(1))), false);
  value("max index", std::get<1>(ties().max(1)));
  value("min index", std::get<1>(ties().min(0)));
  value("argmax", ties().argmax());
  value("argmax NaN", holes().argmax(1));
  value("max NaN", std::get<0>(holes().max(1)));
  gradients("logsumexp", {real({3, 4})}, AGAINST_F(torch::logsumexp(in[0], 1)));
  gradients("logsumexp two", {real({3, 4})}, AGAINST_F(torch::logsumexp(in[0], torch::IntArrayRef{0, 1}, true)));
  value("logsumexp infinities", torch::logsumexp(torch::full({2, 2}, -kInf, torch::kDouble), 1));
  refuses("mean of integers", [] { torch::ones({2}, torch::kLong).mean(); });
  refuses("max of nothing", [] { torch::ones({0}).max(); });
  refuses("max along nothing", [] { torch::ones({0, 2}).max(0); });
  refuses("argmax of nothing", [] { torch::ones({0}).argmax(); });
  refuses("sum of no dimension", [] { torch::ones({2}).sum(1); });
}

AGAINST(reductions_running) {
  gradients("cumprod 0", {real({3, 4})}, AGAINST_F(torch::cumprod(in[0], 0)));
  gradients("cumprod -1", {real({3, 4})}, AGAINST_F(in[0].cumprod(-1)));
  gradients("cumprod strided", {real({3, 4})}, AGAINST_F(in[0].t().cumprod(0)));
  gradients("cumprod number", {real({})}, AGAINST_F(torch::cumprod(in[0], 0)));
  gradients("cumprod empty", {real({0, 3})}, AGAINST_F(torch::cumprod(in[0], 0)), false);
  gradients("cumprod zeros", {torch::tensor({{1.0, 0.0, 3.0, 2.0}, {0.0, 0.0, 2.0, 1.0}}, torch::kDouble)},
            AGAINST_F(torch::cumprod(in[0], 1)));
  gradients("cumprod_", {real({3, 4})}, AGAINST_F((in[0] * 1.0).cumprod_(1)));
  gradients("cumsum_", {real({3, 4})}, AGAINST_F((in[0] * 1.0).cumsum_(1)));
  value("cumprod of integers", torch::cumprod(integers({6}, 4) + 1, 0));
  value("cumprod of int32", torch::cumprod((integers({6}, 4) + 1).to(torch::kInt), 0));
  value("cumprod of bools", torch::cumprod(integers({6}, 2).to(torch::kBool), 0));
  value("cumprod to double", torch::cumprod(integers({6}, 4) + 1, 0, torch::kDouble));
  value("cumprod_ of int32", (integers({6}, 4) + 1).to(torch::kInt).cumprod_(0));
  value("cumsum_ of int32", (integers({6}, 4) + 1).to(torch::kInt).cumsum_(0));
  value("cumsum of bools", torch::cumsum(integers({6}, 2).to(torch::kBool), 0));
  pair("cummax", torch::cummax(integers({3, 6}, 4), 1));
  pair("cummin", torch::cummin(integers({3, 6}, 4), 0));
  pair("cummax NaN", holes().cummax(1));
  pair("cummin NaN", holes().cummin(0));
  pair("cummax number", torch::cummax(real({}), 0));
  pair("cummax of bools", torch::cummax(integers({6}, 2).to(torch::kBool), 0));
  gradients("cummax gradient", {ties()}, AGAINST_F(std::get<0>(in[0].cummax(1))));
  gradients("cummin gradient", {real({3, 4})}, AGAINST_F(std::get<0>(torch::cummin(in[0], 0))));
  gradients("logcumsumexp", {real({3, 4})}, AGAINST_F(torch::logcumsumexp(in[0], 1)));
  gradients("logcumsumexp 0", {real({3, 4}, -50, 50)}, AGAINST_F(in[0].logcumsumexp(0)), false);
  gradients("logcumsumexp number", {real({})}, AGAINST_F(torch::logcumsumexp(in[0], 0)), false);
  value("logcumsumexp large", torch::logcumsumexp(torch::tensor({1000.0, -1000.0, 1001.0, 999.0}, torch::kDouble), 0));
  value("logcumsumexp infinities",
        torch::logcumsumexp(torch::tensor({-kInf, -kInf, 1.0, kInf, 2.0, kNan, 1.0}, torch::kDouble), 0));
  gradients("softmin", {real({3, 4})}, AGAINST_F(torch::softmax(-in[0], 1)));
  refuses("logcumsumexp of integers", [] { torch::logcumsumexp(torch::ones({2}, torch::kLong), 0); });
  refuses("cumprod of no dimension", [] { torch::cumprod(torch::ones({2}), 1); });
}

AGAINST(reductions_differences) {
  gradients("diff", {real({3, 4})}, AGAINST_F(torch::diff(in[0])));
  gradients("diff 2, 0", {real({4, 3})}, AGAINST_F(in[0].diff(2, 0)));
  gradients("diff joined", {real({2, 3}), real({2, 1}), real({2, 2})},
            AGAINST_F(torch::diff(in[0], 1, 1, in[1], in[2])));
  value("diff too far", torch::diff(real({3}), 5));
  value("diff none", torch::diff(real({3}), 0));
  value("diff of integers", torch::diff(integers({5}, 9)));
  value("diff of bools", torch::diff(integers({5}, 2).to(torch::kBool)));
  value("diff of uint8", torch::diff(integers({5}, 9).to(torch::kByte)));
  refuses("diff of a number", [] { torch::diff(torch::ones({})); });
  gradients("trapezoid", {real({3, 4})}, AGAINST_F(torch::trapezoid(in[0])));
  gradients("trapezoid dx", {real({3, 4})}, AGAINST_F(torch::trapezoid(in[0], 0.5, 0)));
  gradients("trapezoid x", {real({3, 4}), real({4})}, AGAINST_F(torch::trapezoid(in[0], in[1])));
  gradients("trapezoid x 0", {real({3, 4}), real({3})}, AGAINST_F(torch::trapezoid(in[0], in[1], 0)));
  gradients("trapezoid x wide", {real({3, 4}), real({3, 4})}, AGAINST_F(torch::trapezoid(in[0], in[1])));
  gradients("trapz", {real({3, 4}), real({4})}, AGAINST_F(torch::trapz(in[0], in[1]) + torch::trapz(in[0], 0.5)));
  gradients("cumulative", {real({3, 4})}, AGAINST_F(torch::cumulative_trapezoid(in[0], 0.5, 0)));
  gradients("cumulative x", {real({3, 4}), real({4})}, AGAINST_F(torch::cumulative_trapezoid(in[0], in[1])));
  value("trapezoid of integers", torch::trapezoid(integers({4}, 9)));
  value("trapezoid empty", torch::trapezoid(torch::ones({0, 3}), 1, 0));
  value("cumulative of integers", torch::cumulative_trapezoid(integers({4}, 9)));
  refuses("trapezoid points", [] { torch::trapezoid(torch::ones({3}), torch::ones({2})); });
}

AGAINST(reductions_gradient) {
  const auto print = [](const std::string& what, const std::vector<torch::Tensor>& all) {
    for (size_t i = 0; i < all.size(); ++i) value(what + " " + std::to_string(i), all[i]);
  };
  const torch::Tensor f = real({4, 5});
  print("plain", torch::gradient(f));
  print("spaced", torch::gradient(f, c10::optional<torch::Scalar>(0.5)));
  print("dimension", torch::gradient(f, c10::optional<torch::Scalar>(0.5), c10::optional<int64_t>(1)));
  print("edges", torch::gradient(f, c10::optional<torch::Scalar>(2), c10::nullopt, 2));
  print("dimensions", torch::gradient(f, torch::IntArrayRef{1, 0}));
  const std::vector<torch::Scalar> spacings{0.5, 2.0};
  print("spacings", torch::gradient(f, torch::ArrayRef<torch::Scalar>(spacings)));
  print("spacings of dimensions",
        torch::gradient(f, torch::ArrayRef<torch::Scalar>(spacings), torch::IntArrayRef{1, 0}, 2));
  const std::vector<torch::Tensor> points{real({4}, 0.1, 1).cumsum(0), real({5}, 0.1, 1).cumsum(0)};
  print("coordinates", torch::gradient(f, torch::TensorList(points)));
  print("coordinates, edges", torch::gradient(f, torch::TensorList(points), torch::IntArrayRef{0, 1}, 2));
  gradients("gradient of a gradient", {real({4, 5})}, AGAINST_F(torch::stack(torch::gradient(in[0]))));
  refuses("too short", [] { torch::gradient(torch::ones({1})); });
}
