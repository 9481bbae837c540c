#include <rondo/optim/lamb.h>

#include <rondo/autograd/kernels/norm_step.h>
#include <rondo/optim/step-inl.h>

namespace rondo::optim {
namespace {

std::unique_ptr<OptimizerOptions> checked(const LAMBOptions& options) {
  check_common("LAMB", options);
  return options.clone();
}

}  // namespace

LAMBOptions::LAMBOptions(double lr) : lr_(lr) {}
Fields LAMBOptions::fields() {
  return {{"lr", lr_}, {"betas", betas_}, {"eps", eps_}, {"weight_decay", weight_decay_}, {"maximize", maximize_}};
}
Fields LAMBParamState::fields() { return {{"step", step_}, {"exp_avg", exp_avg_}, {"exp_avg_sq", exp_avg_sq_}}; }

LAMB::LAMB(const std::vector<OptimizerParamGroup>& param_groups, LAMBOptions defaults)
    : Optimizer(param_groups, checked(defaults)) {}
LAMB::LAMB(std::vector<Tensor> params, LAMBOptions defaults) : Optimizer(std::move(params), checked(defaults)) {}

Tensor LAMB::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  Correction correction1, correction2;
  step_all<LAMBOptions, LAMBParamState>(
      "LAMB", param_groups_, state_, [&](const LAMBOptions& options, LAMBParamState& state, const Tensor& parameter) {
        Prepared<kernels::LambRule> prepared;
        state.step(state.step() + 1);
        const auto [beta1, beta2] = options.betas();
        prepared.rule = {options.lr(),
                         beta1,
                         beta2,
                         options.eps(),
                         options.weight_decay(),
                         correction1.at(beta1, state.step()),
                         correction2.at(beta2, state.step()),
                         options.maximize()};
        prepared.state[0] = flat_state(state.exp_avg(), parameter);
        prepared.state[1] = flat_state(state.exp_avg_sq(), parameter);
        return prepared;
      });
  return loss;
}

std::unique_ptr<OptimizerParamState> LAMB::new_state() const { return std::make_unique<LAMBParamState>(); }

}  // namespace rondo::optim
