#include <rondo/optim/adam.h>

#include <rondo/autograd/kernels/update.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/optim/adamw.h>
#include <rondo/optim/step-inl.h>

namespace rondo::optim {
namespace {

template <class Options>
std::unique_ptr<OptimizerOptions> checked(const char* optimizer, const Options& options) {
  const auto [beta1, beta2] = options.betas();
  check_option(optimizer, options.lr() >= 0, "learning rate", options.lr());
  check_option(optimizer, options.eps() >= 0, "epsilon value", options.eps());
  check_option(optimizer, beta1 >= 0 && beta1 < 1, "beta parameter at index 0", beta1);
  check_option(optimizer, beta2 >= 0 && beta2 < 1, "beta parameter at index 1", beta2);
  check_option(optimizer, options.weight_decay() >= 0, "weight_decay value", options.weight_decay());
  return options.clone();
}

template <bool kDecoupled, class Options, class State>
void update(const Options& options, State& state, const Tensor& parameter, const Tensor& grad) {
  state.step(state.step() + 1);
  const auto& [beta1, beta2] = options.betas();
  const kernels::AdamRule rule{options.lr(),           beta1,        beta2,      options.eps(),
                               options.weight_decay(), state.step(), kDecoupled, false};
  void* m = flat_state(state.exp_avg(), parameter);
  void* v = flat_state(state.exp_avg_sq(), parameter);
  void* max_v = options.amsgrad() ? flat_state(state.max_exp_avg_sq(), parameter) : nullptr;
  update_flat(kDecoupled ? "AdamW" : "Adam", parameter, grad, [&](ScalarType type, int64_t n, void* w, const void* g) {
    kernels::adam(type, n, w, g, m, v, max_v, rule);
  });
}

template <class Options>
bool same_options(const Options& a, const Options& b) {
  return a.lr() == b.lr() && a.betas() == b.betas() && a.eps() == b.eps() && a.weight_decay() == b.weight_decay() &&
         a.amsgrad() == b.amsgrad();
}

bool same(const Tensor& a, const Tensor& b) {
  return a.defined() && b.defined() ? equal(a, b) : a.defined() == b.defined();
}

template <class State>
bool same_state(const State& a, const State& b) {
  return a.step() == b.step() && same(a.exp_avg(), b.exp_avg()) && same(a.exp_avg_sq(), b.exp_avg_sq()) &&
         same(a.max_exp_avg_sq(), b.max_exp_avg_sq());
}

}  // namespace

AdamOptions::AdamOptions(double lr) : lr_(lr) {}
double AdamOptions::get_lr() const { return lr(); }
void AdamOptions::set_lr(double lr) { this->lr(lr); }
bool operator==(const AdamOptions& a, const AdamOptions& b) { return same_options(a, b); }
bool operator==(const AdamParamState& a, const AdamParamState& b) { return same_state(a, b); }

Adam::Adam(const std::vector<OptimizerParamGroup>& param_groups, AdamOptions defaults)
    : Optimizer(param_groups, checked("Adam", defaults)) {}
Adam::Adam(std::vector<Tensor> params, AdamOptions defaults)
    : Optimizer(std::move(params), checked("Adam", defaults)) {}

Tensor Adam::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  for_each_parameter<AdamOptions, AdamParamState>(param_groups_, state_, update<false, AdamOptions, AdamParamState>);
  return loss;
}

AdamWOptions::AdamWOptions(double lr) : lr_(lr) {}
double AdamWOptions::get_lr() const { return lr(); }
void AdamWOptions::set_lr(double lr) { this->lr(lr); }
bool operator==(const AdamWOptions& a, const AdamWOptions& b) { return same_options(a, b); }
bool operator==(const AdamWParamState& a, const AdamWParamState& b) { return same_state(a, b); }

AdamW::AdamW(const std::vector<OptimizerParamGroup>& param_groups, AdamWOptions defaults)
    : Optimizer(param_groups, checked("AdamW", defaults)) {}
AdamW::AdamW(std::vector<Tensor> params, AdamWOptions defaults)
    : Optimizer(std::move(params), checked("AdamW", defaults)) {}

Tensor AdamW::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  for_each_parameter<AdamWOptions, AdamWParamState>(param_groups_, state_, update<true, AdamWOptions, AdamWParamState>);
  return loss;
}

}  // namespace rondo::optim
