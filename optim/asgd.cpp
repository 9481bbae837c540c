#include <rondo/optim/asgd.h>

#include <rondo/optim/step-inl.h>

#include <algorithm>

namespace rondo::optim {
namespace {

std::unique_ptr<OptimizerOptions> checked(const ASGDOptions& options) {
  check_common("ASGD", options);
  return options.clone();
}

}  // namespace

ASGDOptions::ASGDOptions(double lr) : lr_(lr) {}
Fields ASGDOptions::fields() {
  return {{"lr", lr_},
          {"lambd", lambd_},
          {"alpha", alpha_},
          {"t0", t0_},
          {"weight_decay", weight_decay_},
          {"maximize", maximize_}};
}
Fields ASGDParamState::fields() { return {{"step", step_}, {"eta", eta_}, {"mu", mu_}, {"ax", ax_}}; }

ASGD::ASGD(const std::vector<OptimizerParamGroup>& param_groups, ASGDOptions defaults)
    : Optimizer(param_groups, checked(defaults)) {}
ASGD::ASGD(std::vector<Tensor> params, ASGDOptions defaults) : Optimizer(std::move(params), checked(defaults)) {}

Tensor ASGD::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  step_all<ASGDOptions, ASGDParamState>(
      "ASGD", param_groups_, state_, [&](const ASGDOptions& options, ASGDParamState& state, const Tensor& parameter) {
        Prepared<kernels::AsgdRule> prepared;
        if (state.step() == 0) state.eta(options.lr());
        state.step(state.step() + 1);
        prepared.rule = {state.eta(), state.mu(), options.lambd(), options.weight_decay(), options.maximize()};
        prepared.state[0] = flat_state(state.ax(), parameter);
        const auto t = static_cast<double>(state.step());
        state.eta(options.lr() / std::pow(1 + options.lambd() * options.lr() * t, options.alpha()));
        state.mu(1 / std::max(1.0, t - options.t0()));
        return prepared;
      });
  return loss;
}

std::unique_ptr<OptimizerParamState> ASGD::new_state() const { return std::make_unique<ASGDParamState>(); }

}  // namespace rondo::optim
