#include <rondo/optim/adamax.h>

#include <rondo/optim/step-inl.h>

namespace rondo::optim {
namespace {

std::unique_ptr<OptimizerOptions> checked(const AdamaxOptions& options) {
  check_common("Adamax", options);
  return options.clone();
}

}  // namespace

AdamaxOptions::AdamaxOptions(double lr) : lr_(lr) {}
Fields AdamaxOptions::fields() {
  return {{"lr", lr_}, {"betas", betas_}, {"eps", eps_}, {"weight_decay", weight_decay_}, {"maximize", maximize_}};
}
Fields AdamaxParamState::fields() { return {{"step", step_}, {"exp_avg", exp_avg_}, {"exp_inf", exp_inf_}}; }

Adamax::Adamax(const std::vector<OptimizerParamGroup>& param_groups, AdamaxOptions defaults)
    : Optimizer(param_groups, checked(defaults)) {}
Adamax::Adamax(std::vector<Tensor> params, AdamaxOptions defaults) : Optimizer(std::move(params), checked(defaults)) {}

Tensor Adamax::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  Correction correction1;
  step_all<AdamaxOptions, AdamaxParamState>(
      "Adamax", param_groups_, state_,
      [&](const AdamaxOptions& options, AdamaxParamState& state, const Tensor& parameter) {
        Prepared<kernels::AdamaxRule> prepared;
        state.step(state.step() + 1);
        const auto [beta1, beta2] = options.betas();
        prepared.rule = {options.lr() / correction1.at(beta1, state.step()),
                         beta1,
                         beta2,
                         options.eps(),
                         options.weight_decay(),
                         options.maximize()};
        prepared.state[0] = flat_state(state.exp_avg(), parameter);
        prepared.state[1] = flat_state(state.exp_inf(), parameter);
        return prepared;
      });
  return loss;
}

std::unique_ptr<OptimizerParamState> Adamax::new_state() const { return std::make_unique<AdamaxParamState>(); }

}  // namespace rondo::optim
