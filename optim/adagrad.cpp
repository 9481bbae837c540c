#include <rondo/optim/adagrad.h>

#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/optim/step-inl.h>

namespace rondo::optim {
namespace {

std::unique_ptr<OptimizerOptions> checked(const AdagradOptions& options) {
  check_option("Adagrad", options.lr() >= 0, "learning rate", options.lr());
  check_option("Adagrad", options.lr_decay() >= 0, "lr_decay value", options.lr_decay());
  check_option("Adagrad", options.weight_decay() >= 0, "weight_decay value", options.weight_decay());
  check_option("Adagrad", options.initial_accumulator_value() >= 0, "initial_accumulator_value value",
               options.initial_accumulator_value());
  check_option("Adagrad", options.eps() >= 0, "epsilon value", options.eps());
  return options.clone();
}

void prepare(const AdagradOptions& options, AdagradParamState& state, const Tensor& parameter) {
  const bool fresh = !state.sum().defined();
  flat_state(state.sum(), parameter);
  if (fresh) state.sum().fill_(options.initial_accumulator_value());
}

void update(const AdagradOptions& options, AdagradParamState& state, const Tensor& parameter, const Tensor& gradient) {
  prepare(options, state, parameter);
  state.step(state.step() + 1);
  Tensor grad = gradient.detach();
  if (options.weight_decay() != 0) grad = grad.add(parameter, options.weight_decay());
  const double rate = options.lr() / (1 + static_cast<double>(state.step() - 1) * options.lr_decay());
  state.sum().addcmul_(grad, grad, 1);
  parameter.addcdiv_(grad, state.sum().sqrt().add_(options.eps()), -rate);
}

}  // namespace

AdagradOptions::AdagradOptions(double lr) : lr_(lr) {}
double AdagradOptions::get_lr() const { return lr(); }
void AdagradOptions::set_lr(double lr) { this->lr(lr); }

bool operator==(const AdagradOptions& a, const AdagradOptions& b) {
  return a.lr() == b.lr() && a.lr_decay() == b.lr_decay() && a.weight_decay() == b.weight_decay() &&
         a.initial_accumulator_value() == b.initial_accumulator_value() && a.eps() == b.eps();
}

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
    for (const Tensor& parameter : group.params()) {
      auto state = std::make_unique<AdagradParamState>();
      prepare(static_cast<const AdagradOptions&>(group.options()), *state, parameter);
      state_[parameter.unsafeGetTensorImpl()] = std::move(state);
    }
  }
}

Tensor Adagrad::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  for_each_parameter<AdagradOptions, AdagradParamState>(param_groups_, state_, update);
  return loss;
}

}  // namespace rondo::optim
