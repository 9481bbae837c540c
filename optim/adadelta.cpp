#include <rondo/optim/adadelta.h>

#include <rondo/optim/step-inl.h>

namespace rondo::optim {
namespace {

std::unique_ptr<OptimizerOptions> checked(const AdadeltaOptions& options) {
  check_common("Adadelta", options);
  check_option("Adadelta", options.rho() >= 0 && options.rho() <= 1, "rho value", options.rho());
  return options.clone();
}

}  // namespace

AdadeltaOptions::AdadeltaOptions(double lr) : lr_(lr) {}
Fields AdadeltaOptions::fields() {
  return {{"lr", lr_}, {"rho", rho_}, {"eps", eps_}, {"weight_decay", weight_decay_}, {"maximize", maximize_}};
}
Fields AdadeltaParamState::fields() {
  return {{"step", step_}, {"square_avg", square_avg_}, {"acc_delta", acc_delta_}};
}

Adadelta::Adadelta(const std::vector<OptimizerParamGroup>& param_groups, AdadeltaOptions defaults)
    : Optimizer(param_groups, checked(defaults)) {}
Adadelta::Adadelta(std::vector<Tensor> params, AdadeltaOptions defaults)
    : Optimizer(std::move(params), checked(defaults)) {}

Tensor Adadelta::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  step_all<AdadeltaOptions, AdadeltaParamState>(
      "Adadelta", param_groups_, state_,
      [&](const AdadeltaOptions& options, AdadeltaParamState& state, const Tensor& parameter) {
        Prepared<kernels::AdadeltaRule> prepared;
        state.step(state.step() + 1);
        prepared.rule = {options.lr(), options.rho(), options.eps(), options.weight_decay(), options.maximize()};
        prepared.state[0] = flat_state(state.square_avg(), parameter);
        prepared.state[1] = flat_state(state.acc_delta(), parameter);
        return prepared;
      });
  return loss;
}

std::unique_ptr<OptimizerParamState> Adadelta::new_state() const { return std::make_unique<AdadeltaParamState>(); }

}  // namespace rondo::optim
