#include <rondo/optim/sgd.h>

#include <rondo/optim/step-inl.h>

namespace rondo::optim {
namespace {

std::unique_ptr<OptimizerOptions> checked(const SGDOptions& options) {
  check_common("SGD", options);
  check_option("SGD", options.momentum() >= 0, "momentum value", options.momentum());
  if (options.nesterov() && (options.momentum() <= 0 || options.dampening() != 0)) {
    fail_value("SGD",
               fmt::format("Nesterov momentum requires a momentum and zero dampening; got momentum={}, dampening={}",
                           options.momentum(), options.dampening()));
  }
  return options.clone();
}

}  // namespace

SGDOptions::SGDOptions(double lr) : lr_(lr) {}
Fields SGDOptions::fields() {
  return {{"lr", lr_},
          {"momentum", momentum_},
          {"dampening", dampening_},
          {"weight_decay", weight_decay_},
          {"nesterov", nesterov_},
          {"maximize", maximize_}};
}
Fields SGDParamState::fields() { return {{"momentum_buffer", momentum_buffer_}}; }

SGD::SGD(const std::vector<OptimizerParamGroup>& param_groups, SGDOptions defaults)
    : Optimizer(param_groups, checked(defaults)) {}
SGD::SGD(std::vector<Tensor> params, SGDOptions defaults) : Optimizer(std::move(params), checked(defaults)) {}

Tensor SGD::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  step_all<SGDOptions, SGDParamState>(
      "SGD", param_groups_, state_, [&](const SGDOptions& options, SGDParamState& state, const Tensor& parameter) {
        Prepared<kernels::SgdRule> prepared;
        const bool first = !state.momentum_buffer().defined();
        prepared.rule = {options.lr(),           options.momentum(), options.dampening(),
                         options.weight_decay(), options.nesterov(), first,
                         options.maximize()};
        if (options.momentum() != 0) prepared.state[0] = flat_state(state.momentum_buffer(), parameter);
        return prepared;
      });
  return loss;
}

std::unique_ptr<OptimizerParamState> SGD::new_state() const { return std::make_unique<SGDParamState>(); }

}  // namespace rondo::optim
