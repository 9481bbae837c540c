// Random numbers: the same streams.
#include "case.h"

using against::integers;
using against::real;
using against::refuses;
using against::value;

AGAINST(random_in_place) {
  for (const auto type : {torch::kFloat, torch::kDouble}) {
    const std::string name = type == torch::kFloat ? "float" : "double";
    // float32 differs in last places of the logarithm.
    const auto print = [&](const std::string& what, const torch::Tensor& x) {
      value(what + " " + name, type == torch::kFloat ? (x.to(torch::kDouble) * 1000).round() : x);
    };
    const auto fresh = [&] { return torch::zeros({5, 7}, type); };
    print("uniform_", fresh().uniform_(-1, 2));
    print("normal_", fresh().normal_(1, 2));
    print("exponential_", fresh().exponential_(2));
    print("geometric_", fresh().geometric_(0.3));
    print("cauchy_", fresh().cauchy_(1, 0.01));
    print("log_normal_", fresh().log_normal_(0, 0.5));
    print("bernoulli_", fresh().bernoulli_(0.4));
    print("bernoulli_ tensor", fresh().bernoulli_(real({7}, 0, 1).to(type)));
    print("random_", fresh().random_(3, 20));
    print("bernoulli p", torch::bernoulli(fresh(), 0.3));
    print("bernoulli", torch::bernoulli(real({5, 7}, 0, 1).to(type)));
    print("bernoulli method", fresh().bernoulli(0.6));
  }
  value("geometric_ of integers", torch::zeros({9}, torch::kLong).geometric_(0.2));
  value("bernoulli_ of integers", torch::zeros({9}, torch::kInt).bernoulli_(real({9}, 0, 1)));
  refuses("geometric_ 1", [] { torch::ones({2}).geometric_(1); });
  refuses("log_normal_ 0", [] { torch::ones({2}).log_normal_(0, 0); });
}

AGAINST(random_normal) {
  const torch::Tensor mean = real({3, 1}), std = real({7}, 0.1, 2);
  value("number and number", torch::normal(1.0, 2.0, {5, 7}, c10::nullopt, torch::TensorOptions(torch::kDouble)));
  value("mean", at::normal(mean, 2.0));
  value("std", at::normal(1.0, std));
  value("both", at::normal(mean, std));
  value("both of one shape", at::normal(real({20}), real({20}, 0.1, 2)));
  value("normal float type", at::normal(torch::zeros({20}), 1.0).sum().mul(0));
  refuses("negative", [] { at::normal(0.0, -torch::ones({2})); });
}

AGAINST(random_choices) {
  value("multinomial one", torch::multinomial(real({6}, 0, 1), 1));
  value("multinomial", torch::multinomial(real({6}, 0, 1), 4));
  value("multinomial rows", torch::multinomial(real({3, 6}, 0, 1), 4));
  value("multinomial replaced", torch::multinomial(real({6}, 0, 1), 20, true));
  value("multinomial replaced rows", real({3, 6}, 0, 1).multinomial(9, true));
  value("multinomial float", torch::multinomial(real({3, 6}, 0, 1).to(torch::kFloat), 9, true));
  value("multinomial one, replaced", torch::multinomial(real({3, 6}, 0, 1), 1, true));
  value("poisson", torch::poisson(real({50}, 0, 9)));
  value("poisson large", torch::poisson(real({50}, 10, 400)));
  value("poisson float", torch::poisson(real({50}, 0, 30).to(torch::kFloat)));
  value("randperm", torch::randperm(50));
  value("randperm large", torch::randperm(5000));
  value("randperm int32", torch::randperm(20, torch::kInt));
  value("randint", torch::randint(9, {20}, torch::kLong));
  value("randint wide", torch::randint(int64_t{1} << 40, {20}, torch::kLong).bitwise_and(1023));
  value("randint low", torch::randint(-5, 9, {20}, torch::kInt));
  value("randint float", torch::randint(9, {20}, torch::kFloat));
  value("randint generator", torch::randint(9, {20}, c10::nullopt, torch::TensorOptions(torch::kLong)));
  value("randint_like", torch::randint_like(real({20}), 9));
  value("randint_like low", torch::randint_like(integers({20}, 3), -5, 9));
  value("rand_like", torch::rand_like(real({20})));
  value("randn_like", torch::randn_like(real({20})));
  value("randn_like strided", torch::randn_like(real({4, 5}).t()));
  value("randn double", torch::randn({37}, torch::kDouble));
  value("randn few", torch::randn({5}, torch::kDouble));
  refuses("multinomial too many", [] { torch::multinomial(torch::ones({2}), 3); });
  refuses("multinomial negative", [] { torch::multinomial(-torch::ones({2}), 1); });
  refuses("multinomial zero", [] { torch::multinomial(torch::zeros({2}), 1); });
  refuses("poisson negative", [] { torch::poisson(-torch::ones({2})); });
}

AGAINST(random_gamma) {
  value("gamma", at::_standard_gamma(real({50}, 0, 20)));
  value("gamma below one", at::_standard_gamma(real({50}, 0.05, 1)));
  value("gamma float", at::_standard_gamma(real({50}, 0.1, 9).to(torch::kFloat)).mul(1000).round());
  value("dirichlet", at::_sample_dirichlet(real({4, 5}, 0.1, 9)));
  value("no element", at::_standard_gamma(torch::ones({0, 3})));
  refuses("integers", [] { at::_standard_gamma(torch::ones({3}, torch::kLong)); });
  // The reference's slopes are fits, good to a few parts in 10,000.
  const torch::Tensor alpha = real({50}, 0.05, 40), draw = at::_standard_gamma(alpha);
  value("slope", at::_standard_gamma_grad(alpha, draw).mul(0));
  const torch::Tensor variable = real({50}, 0.05, 40).requires_grad_();
  at::_standard_gamma(variable).sum().backward();
  value("gradient", variable.grad().mul(0));
}

AGAINST(random_parameters) {
  const torch::Tensor mean = real({3, 1}).requires_grad_(), std = real({2}, 0.1, 2).requires_grad_();
  const torch::Tensor y = at::normal(mean, std);
  value("requires grad", y.requires_grad());
  y.sum().backward();
  value("by mean", mean.grad());
  value("by std", std.grad());
}
