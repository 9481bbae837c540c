#include <rondo/optim/lion.h>

#include <rondo/optim/step-inl.h>

namespace rondo::optim {
namespace {

std::unique_ptr<OptimizerOptions> checked(const LionOptions& options) {
  check_common("Lion", options);
  return options.clone();
}

}  // namespace

LionOptions::LionOptions(double lr) : lr_(lr) {}
Fields LionOptions::fields() {
  return {{"lr", lr_}, {"betas", betas_}, {"weight_decay", weight_decay_}, {"maximize", maximize_}};
}
Fields LionParamState::fields() { return {{"exp_avg", exp_avg_}}; }

Lion::Lion(const std::vector<OptimizerParamGroup>& param_groups, LionOptions defaults)
    : Optimizer(param_groups, checked(defaults)) {}
Lion::Lion(std::vector<Tensor> params, LionOptions defaults) : Optimizer(std::move(params), checked(defaults)) {}

Tensor Lion::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  step_all<LionOptions, LionParamState>(
      "Lion", param_groups_, state_, [&](const LionOptions& options, LionParamState& state, const Tensor& parameter) {
        Prepared<kernels::LionRule> prepared;
        const auto [beta1, beta2] = options.betas();
        prepared.rule = {options.lr(), beta1, beta2, options.weight_decay(), options.maximize()};
        prepared.state[0] = flat_state(state.exp_avg(), parameter);
        return prepared;
      });
  return loss;
}

std::unique_ptr<OptimizerParamState> Lion::new_state() const { return std::make_unique<LionParamState>(); }

}  // namespace rondo::optim
