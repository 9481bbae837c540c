#include <rondo/optim/radam.h>

#include <rondo/optim/step-inl.h>

namespace rondo::optim {
namespace {

std::unique_ptr<OptimizerOptions> checked(const RAdamOptions& options) {
  check_common("RAdam", options);
  return options.clone();
}

}  // namespace

RAdamOptions::RAdamOptions(double lr) : lr_(lr) {}
Fields RAdamOptions::fields() {
  return {{"lr", lr_},
          {"betas", betas_},
          {"eps", eps_},
          {"weight_decay", weight_decay_},
          {"decoupled_weight_decay", decoupled_weight_decay_},
          {"maximize", maximize_}};
}
Fields RAdamParamState::fields() { return {{"step", step_}, {"exp_avg", exp_avg_}, {"exp_avg_sq", exp_avg_sq_}}; }

RAdam::RAdam(const std::vector<OptimizerParamGroup>& param_groups, RAdamOptions defaults)
    : Optimizer(param_groups, checked(defaults)) {}
RAdam::RAdam(std::vector<Tensor> params, RAdamOptions defaults) : Optimizer(std::move(params), checked(defaults)) {}

Tensor RAdam::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  Correction correction1, correction2;
  step_all<RAdamOptions, RAdamParamState>(
      "RAdam", param_groups_, state_,
      [&](const RAdamOptions& options, RAdamParamState& state, const Tensor& parameter) {
        Prepared<kernels::RadamRule> prepared;
        state.step(state.step() + 1);
        const auto [beta1, beta2] = options.betas();
        const auto t = static_cast<double>(state.step());
        const double rest = correction2.at(beta2, state.step());
        const double longest = 2 / (1 - beta2) - 1, length = longest - 2 * t * (1 - rest) / rest;
        const bool rectified = length > 5;
        const double root =
            rectified
                ? std::sqrt(rest * (length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length))
                : 0;
        prepared.rule = {options.lr(),
                         beta1,
                         beta2,
                         options.eps(),
                         options.weight_decay(),
                         options.lr() / correction1.at(beta1, state.step()),
                         root,
                         rectified,
                         options.decoupled_weight_decay(),
                         options.maximize()};
        prepared.state[0] = flat_state(state.exp_avg(), parameter);
        prepared.state[1] = flat_state(state.exp_avg_sq(), parameter);
        return prepared;
      });
  return loss;
}

std::unique_ptr<OptimizerParamState> RAdam::new_state() const { return std::make_unique<RAdamParamState>(); }

}  // namespace rondo::optim
