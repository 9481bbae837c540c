#include <rondo/optim/sgd.h>

#include <rondo/autograd/kernels/update.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/optim/step-inl.h>

namespace rondo::optim {
namespace {

std::unique_ptr<OptimizerOptions> checked(const SGDOptions& options) {
  check_option("SGD", options.lr() >= 0, "learning rate", options.lr());
  check_option("SGD", options.momentum() >= 0, "momentum value", options.momentum());
  check_option("SGD", options.weight_decay() >= 0, "weight_decay value", options.weight_decay());
  if (options.nesterov() && (options.momentum() <= 0 || options.dampening() != 0)) {
    fail_value("SGD", fmt::format("Nesterov momentum requires a momentum and zero dampening; got momentum={}, "
                                  "dampening={}",
                                  options.momentum(), options.dampening()));
  }
  return options.clone();
}

void update(const SGDOptions& options, SGDParamState& state, const Tensor& parameter, const Tensor& grad) {
  kernels::SgdRule rule{
      options.lr(), options.momentum(), options.dampening(), options.weight_decay(), options.nesterov(), false, false};
  void* buffer = nullptr;
  if (rule.momentum != 0) {
    rule.first = !state.momentum_buffer().defined();
    buffer = flat_state(state.momentum_buffer(), parameter);
  }
  update_flat("SGD", parameter, grad,
              [&](ScalarType type, int64_t n, void* w, const void* g) { kernels::sgd(type, n, w, g, buffer, rule); });
}

}  // namespace

SGDOptions::SGDOptions(double lr) : lr_(lr) {}
double SGDOptions::get_lr() const { return lr(); }
void SGDOptions::set_lr(double lr) { this->lr(lr); }

bool operator==(const SGDOptions& a, const SGDOptions& b) {
  return a.lr() == b.lr() && a.momentum() == b.momentum() && a.dampening() == b.dampening() &&
         a.weight_decay() == b.weight_decay() && a.nesterov() == b.nesterov();
}

bool operator==(const SGDParamState& a, const SGDParamState& b) {
  if (!a.momentum_buffer().defined() || !b.momentum_buffer().defined()) {
    return a.momentum_buffer().defined() == b.momentum_buffer().defined();
  }
  return equal(a.momentum_buffer(), b.momentum_buffer());
}

SGD::SGD(const std::vector<OptimizerParamGroup>& param_groups, SGDOptions defaults)
    : Optimizer(param_groups, checked(defaults)) {}
SGD::SGD(std::vector<Tensor> params, SGDOptions defaults) : Optimizer(std::move(params), checked(defaults)) {}

Tensor SGD::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  for_each_parameter<SGDOptions, SGDParamState>(param_groups_, state_, update);
  return loss;
}

}  // namespace rondo::optim
