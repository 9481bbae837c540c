#include <rondo/optim/adam.h>

#include <rondo/optim/adamw.h>
#include <rondo/optim/step-inl.h>

namespace rondo::optim {
namespace {

template <class Options>
std::unique_ptr<OptimizerOptions> checked(const char* optimizer, const Options& options) {
  check_common(optimizer, options);
  return options.clone();
}

template <class Options, class State>
void step_adam(bool decoupled, std::vector<OptimizerParamGroup>& groups, StateMap& states) {
  Correction correction1, correction2;
  step_all<Options, State>(decoupled ? "AdamW" : "Adam", groups, states,
                           [&](const Options& options, State& state, const Tensor& parameter) {
                             state.step(state.step() + 1);
                             const auto [beta1, beta2] = options.betas();
                             Prepared<kernels::AdamRule> prepared;
                             prepared.rule = {options.lr(),
                                              beta1,
                                              beta2,
                                              options.eps(),
                                              options.weight_decay(),
                                              correction1.at(beta1, state.step()),
                                              correction2.at(beta2, state.step()),
                                              decoupled,
                                              options.maximize()};
                             prepared.state[0] = flat_state(state.exp_avg(), parameter);
                             prepared.state[1] = flat_state(state.exp_avg_sq(), parameter);
                             if (options.amsgrad()) prepared.state[2] = flat_state(state.max_exp_avg_sq(), parameter);
                             return prepared;
                           });
}

}  // namespace

AdamOptions::AdamOptions(double lr) : lr_(lr) {}
Fields AdamOptions::fields() {
  return {{"lr", lr_},           {"betas", betas_},      {"eps", eps_}, {"weight_decay", weight_decay_},
          {"amsgrad", amsgrad_}, {"maximize", maximize_}};
}
Fields AdamParamState::fields() {
  return {{"step", step_}, {"exp_avg", exp_avg_}, {"exp_avg_sq", exp_avg_sq_}, {"max_exp_avg_sq", max_exp_avg_sq_}};
}

Adam::Adam(const std::vector<OptimizerParamGroup>& param_groups, AdamOptions defaults)
    : Optimizer(param_groups, checked("Adam", defaults)) {}
Adam::Adam(std::vector<Tensor> params, AdamOptions defaults)
    : Optimizer(std::move(params), checked("Adam", defaults)) {}

Tensor Adam::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  step_adam<AdamOptions, AdamParamState>(false, param_groups_, state_);
  return loss;
}

AdamWOptions::AdamWOptions(double lr) : lr_(lr) {}
Fields AdamWOptions::fields() {
  return {{"lr", lr_},           {"betas", betas_},      {"eps", eps_}, {"weight_decay", weight_decay_},
          {"amsgrad", amsgrad_}, {"maximize", maximize_}};
}
Fields AdamWParamState::fields() {
  return {{"step", step_}, {"exp_avg", exp_avg_}, {"exp_avg_sq", exp_avg_sq_}, {"max_exp_avg_sq", max_exp_avg_sq_}};
}

AdamW::AdamW(const std::vector<OptimizerParamGroup>& param_groups, AdamWOptions defaults)
    : Optimizer(param_groups, checked("AdamW", defaults)) {}
AdamW::AdamW(std::vector<Tensor> params, AdamWOptions defaults)
    : Optimizer(std::move(params), checked("AdamW", defaults)) {}

Tensor AdamW::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  step_adam<AdamWOptions, AdamWParamState>(true, param_groups_, state_);
  return loss;
}

std::unique_ptr<OptimizerParamState> Adam::new_state() const { return std::make_unique<AdamParamState>(); }

std::unique_ptr<OptimizerParamState> AdamW::new_state() const { return std::make_unique<AdamWParamState>(); }

}  // namespace rondo::optim
