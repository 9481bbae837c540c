#include <rondo/optim/rprop.h>

#include <rondo/optim/step-inl.h>

namespace rondo::optim {
namespace {

std::unique_ptr<OptimizerOptions> checked(const RpropOptions& options) {
  check_common("Rprop", options);
  const auto& [down, up] = options.etas();
  if (!(down > 0 && down < 1 && up > 1)) fail_value("Rprop", fmt::format("Invalid eta values: {}, {}", down, up));
  return options.clone();
}

}  // namespace

RpropOptions::RpropOptions(double lr) : lr_(lr) {}
Fields RpropOptions::fields() {
  return {{"lr", lr_},
          {"etas", etas_},
          {"step_sizes", step_sizes_},
          {"weight_decay", weight_decay_},
          {"maximize", maximize_}};
}
Fields RpropParamState::fields() { return {{"step", step_}, {"prev", prev_}, {"step_size", step_size_}}; }

Rprop::Rprop(const std::vector<OptimizerParamGroup>& param_groups, RpropOptions defaults)
    : Optimizer(param_groups, checked(defaults)) {}
Rprop::Rprop(std::vector<Tensor> params, RpropOptions defaults) : Optimizer(std::move(params), checked(defaults)) {}

Tensor Rprop::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  step_all<RpropOptions, RpropParamState>(
      "Rprop", param_groups_, state_,
      [&](const RpropOptions& options, RpropParamState& state, const Tensor& parameter) {
        Prepared<kernels::RpropRule> prepared;
        state.step(state.step() + 1);
        const auto [down, up] = options.etas();
        const auto [least, most] = options.step_sizes();
        prepared.rule = {down, up, least, most, options.weight_decay(), options.maximize()};
        prepared.state[0] = flat_state(state.prev(), parameter);
        prepared.state[1] = flat_state(state.step_size(), parameter, options.lr());
        return prepared;
      });
  return loss;
}

std::unique_ptr<OptimizerParamState> Rprop::new_state() const { return std::make_unique<RpropParamState>(); }

}  // namespace rondo::optim
