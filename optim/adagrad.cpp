#include <rondo/optim/adagrad.h>

#include <rondo/optim/step-inl.h>

namespace rondo::optim {
namespace {

std::unique_ptr<OptimizerOptions> checked(const AdagradOptions& options) {
  check_common("Adagrad", options);
  check_option("Adagrad", options.lr_decay() >= 0, "lr_decay value", options.lr_decay());
  check_option("Adagrad", options.initial_accumulator_value() >= 0, "initial_accumulator_value value",
               options.initial_accumulator_value());
  return options.clone();
}

}  // namespace

AdagradOptions::AdagradOptions(double lr) : lr_(lr) {}
Fields AdagradOptions::fields() {
  return {{"lr", lr_},
          {"lr_decay", lr_decay_},
          {"weight_decay", weight_decay_},
          {"initial_accumulator_value", initial_accumulator_value_},
          {"eps", eps_},
          {"maximize", maximize_}};
}
Fields AdagradParamState::fields() { return {{"sum", sum_}, {"step", step_}}; }

Adagrad::Adagrad(const std::vector<OptimizerParamGroup>& param_groups, AdagradOptions defaults)
    : Optimizer(param_groups, checked(defaults)) {
  make_states();
}
Adagrad::Adagrad(std::vector<Tensor> params, AdagradOptions defaults)
    : Optimizer(std::move(params), checked(defaults)) {
  make_states();
}

void Adagrad::make_states() {
  for (OptimizerParamGroup& group : param_groups_) {
    const auto& options = static_cast<const AdagradOptions&>(group.options());
    for (const Tensor& parameter : group.params()) {
      auto state = std::make_unique<AdagradParamState>();
      flat_state(state->sum(), parameter, options.initial_accumulator_value());
      state_[parameter.unsafeGetTensorImpl()] = std::move(state);
    }
  }
}

Tensor Adagrad::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  step_all<AdagradOptions, AdagradParamState>(
      "Adagrad", param_groups_, state_,
      [&](const AdagradOptions& options, AdagradParamState& state, const Tensor& parameter) {
        Prepared<kernels::AdagradRule> prepared;
        prepared.state[0] = flat_state(state.sum(), parameter, options.initial_accumulator_value());
        const double steps = static_cast<double>(state.step());
        state.step(state.step() + 1);
        prepared.rule = {options.lr() / (1 + steps * options.lr_decay()), options.eps(), options.weight_decay(),
                         options.maximize()};
        return prepared;
      });
  return loss;
}

std::unique_ptr<OptimizerParamState> Adagrad::new_state() const { return std::make_unique<AdagradParamState>(); }

}  // namespace rondo::optim
