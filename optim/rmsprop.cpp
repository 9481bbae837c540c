#include <rondo/optim/rmsprop.h>

#include <rondo/optim/step-inl.h>

namespace rondo::optim {
namespace {

std::unique_ptr<OptimizerOptions> checked(const RMSpropOptions& options) {
  check_common("RMSprop", options);
  check_option("RMSprop", options.momentum() >= 0, "momentum value", options.momentum());
  check_option("RMSprop", options.alpha() >= 0, "alpha value", options.alpha());
  return options.clone();
}

}  // namespace

RMSpropOptions::RMSpropOptions(double lr) : lr_(lr) {}
Fields RMSpropOptions::fields() {
  return {{"lr", lr_},
          {"alpha", alpha_},
          {"eps", eps_},
          {"weight_decay", weight_decay_},
          {"momentum", momentum_},
          {"centered", centered_},
          {"maximize", maximize_}};
}
Fields RMSpropParamState::fields() {
  return {{"step", step_}, {"square_avg", square_avg_}, {"momentum_buffer", momentum_buffer_}, {"grad_avg", grad_avg_}};
}

RMSprop::RMSprop(const std::vector<OptimizerParamGroup>& param_groups, RMSpropOptions defaults)
    : Optimizer(param_groups, checked(defaults)) {}
RMSprop::RMSprop(std::vector<Tensor> params, RMSpropOptions defaults)
    : Optimizer(std::move(params), checked(defaults)) {}

Tensor RMSprop::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  step_all<RMSpropOptions, RMSpropParamState>(
      "RMSprop", param_groups_, state_,
      [&](const RMSpropOptions& options, RMSpropParamState& state, const Tensor& parameter) {
        Prepared<kernels::RmspropRule> prepared;
        state.step(state.step() + 1);
        prepared.rule = {options.lr(),           options.alpha(),    options.eps(),
                         options.weight_decay(), options.momentum(), options.maximize()};
        prepared.state[0] = flat_state(state.square_avg(), parameter);
        if (options.centered()) prepared.state[1] = flat_state(state.grad_avg(), parameter);
        if (options.momentum() > 0) prepared.state[2] = flat_state(state.momentum_buffer(), parameter);
        return prepared;
      });
  return loss;
}

std::unique_ptr<OptimizerParamState> RMSprop::new_state() const { return std::make_unique<RMSpropParamState>(); }

}  // namespace rondo::optim
