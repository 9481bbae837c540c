#include <rondo/optim/rmsprop.h>

#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/optim/step-inl.h>

namespace rondo::optim {
namespace {

std::unique_ptr<OptimizerOptions> checked(const RMSpropOptions& options) {
  check_option("RMSprop", options.lr() >= 0, "learning rate", options.lr());
  check_option("RMSprop", options.eps() >= 0, "epsilon value", options.eps());
  check_option("RMSprop", options.momentum() >= 0, "momentum value", options.momentum());
  check_option("RMSprop", options.weight_decay() >= 0, "weight_decay value", options.weight_decay());
  check_option("RMSprop", options.alpha() >= 0, "alpha value", options.alpha());
  return options.clone();
}

Tensor& ready(Tensor& state, const Tensor& parameter) {
  flat_state(state, parameter);
  return state;
}

void update(const RMSpropOptions& options, RMSpropParamState& state, const Tensor& parameter, const Tensor& gradient) {
  const double alpha = options.alpha();
  Tensor grad = gradient.detach();
  if (options.weight_decay() != 0) grad = grad.add(parameter, options.weight_decay());
  state.step(state.step() + 1);
  Tensor& mean_square = ready(state.square_avg(), parameter);
  mean_square.mul_(alpha).addcmul_(grad, grad, 1 - alpha);
  Tensor variance = mean_square;
  if (options.centered()) {
    Tensor& mean = ready(state.grad_avg(), parameter);
    mean.mul_(alpha).add_(grad, 1 - alpha);
    variance = mean_square.addcmul(mean, mean, -1);
  }
  const Tensor divisor = variance.sqrt().add_(options.eps());
  if (options.momentum() > 0) {
    Tensor& buffer = ready(state.momentum_buffer(), parameter);
    buffer.mul_(options.momentum()).addcdiv_(grad, divisor);
    parameter.add_(buffer, -options.lr());
  } else {
    parameter.addcdiv_(grad, divisor, -options.lr());
  }
}

}  // namespace

RMSpropOptions::RMSpropOptions(double lr) : lr_(lr) {}
double RMSpropOptions::get_lr() const { return lr(); }
void RMSpropOptions::set_lr(double lr) { this->lr(lr); }

bool operator==(const RMSpropOptions& a, const RMSpropOptions& b) {
  return a.lr() == b.lr() && a.alpha() == b.alpha() && a.eps() == b.eps() && a.weight_decay() == b.weight_decay() &&
         a.momentum() == b.momentum() && a.centered() == b.centered();
}

RMSprop::RMSprop(const std::vector<OptimizerParamGroup>& param_groups, RMSpropOptions defaults)
    : Optimizer(param_groups, checked(defaults)) {}
RMSprop::RMSprop(std::vector<Tensor> params, RMSpropOptions defaults)
    : Optimizer(std::move(params), checked(defaults)) {}

Tensor RMSprop::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  for_each_parameter<RMSpropOptions, RMSpropParamState>(param_groups_, state_, update);
  return loss;
}

}  // namespace rondo::optim
