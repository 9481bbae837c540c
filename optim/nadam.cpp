#include <rondo/optim/nadam.h>

#include <rondo/optim/step-inl.h>

namespace rondo::optim {
namespace {

std::unique_ptr<OptimizerOptions> checked(const NAdamOptions& options) {
  check_common("NAdam", options);
  check_option("NAdam", options.momentum_decay() >= 0, "momentum_decay value", options.momentum_decay());
  return options.clone();
}

double momentum_at(const NAdamOptions& options, int64_t step) {
  const double beta1 = std::get<0>(options.betas());
  return beta1 * (1 - 0.5 * std::pow(0.96, static_cast<double>(step) * options.momentum_decay()));
}

}  // namespace

NAdamOptions::NAdamOptions(double lr) : lr_(lr) {}
Fields NAdamOptions::fields() {
  return {{"lr", lr_},
          {"betas", betas_},
          {"eps", eps_},
          {"weight_decay", weight_decay_},
          {"momentum_decay", momentum_decay_},
          {"decoupled_weight_decay", decoupled_weight_decay_},
          {"maximize", maximize_}};
}
Fields NAdamParamState::fields() {
  return {{"step", step_}, {"mu_product", mu_product_}, {"exp_avg", exp_avg_}, {"exp_avg_sq", exp_avg_sq_}};
}

NAdam::NAdam(const std::vector<OptimizerParamGroup>& param_groups, NAdamOptions defaults)
    : Optimizer(param_groups, checked(defaults)) {}
NAdam::NAdam(std::vector<Tensor> params, NAdamOptions defaults) : Optimizer(std::move(params), checked(defaults)) {}

Tensor NAdam::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  Correction correction2;
  step_all<NAdamOptions, NAdamParamState>(
      "NAdam", param_groups_, state_,
      [&](const NAdamOptions& options, NAdamParamState& state, const Tensor& parameter) {
        Prepared<kernels::NadamRule> prepared;
        state.step(state.step() + 1);
        const auto [beta1, beta2] = options.betas();
        const double mu = momentum_at(options, state.step()), next = momentum_at(options, state.step() + 1);
        state.mu_product(state.mu_product() * mu);
        const double rate_g = options.lr() * (1 - mu) / (1 - state.mu_product());
        const double rate_m = options.lr() * next / (1 - state.mu_product() * next);
        prepared.rule = {options.lr(),
                         beta1,
                         beta2,
                         options.eps(),
                         options.weight_decay(),
                         correction2.at(beta2, state.step()),
                         rate_g,
                         rate_m,
                         options.decoupled_weight_decay(),
                         options.maximize()};
        prepared.state[0] = flat_state(state.exp_avg(), parameter);
        prepared.state[1] = flat_state(state.exp_avg_sq(), parameter);
        return prepared;
      });
  return loss;
}

std::unique_ptr<OptimizerParamState> NAdam::new_state() const { return std::make_unique<NAdamParamState>(); }

}  // namespace rondo::optim
