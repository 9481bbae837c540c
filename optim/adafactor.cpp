#include <rondo/optim/adafactor.h>

#include <rondo/autograd/kernels/norm_step.h>
#include <rondo/optim/step-inl.h>

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace rondo::optim {
namespace {

std::unique_ptr<OptimizerOptions> checked(const AdafactorOptions& options) {
  const auto check = [](bool holds, const char* what, const char* need, double value) {
    if (!holds) fail_value("Adafactor", fmt::format("{} should be {} but is: {}", what, need, value));
  };
  check(options.lr() >= 0, "Learning rate", ">= 0", options.lr());
  check(options.beta2_decay() <= 0, "beta2_decay", "<= 0", options.beta2_decay());
  if (options.eps1()) check(*options.eps1() >= 0, "epsilon1", ">= 0", *options.eps1());
  check(options.eps2() >= 0, "epsilon2", ">= 0", options.eps2());
  check(options.d() >= 1, "Clipping threshold d", ">= 1", options.d());
  check(options.weight_decay() >= 0, "weight_decay", ">= 0", options.weight_decay());
  return options.clone();
}

// The parameter's sizes with 1 for one dimension, counted from the end.
std::vector<int64_t> without(const Tensor& parameter, int64_t dim) {
  std::vector<int64_t> sizes = parameter.sizes().vec();
  sizes[sizes.size() - static_cast<size_t>(dim)] = 1;
  return sizes;
}

void* made(Tensor& state, const std::vector<int64_t>& sizes, ScalarType type) {
  if (!state.defined()) {
    state = zeros(sizes, type);
  } else if (state.sizes() != IntArrayRef(sizes)) {
    fail("Adafactor", fmt::format("a state of shape {} does not fit its parameter, which needs {}",
                                  to_string(state.sizes()), to_string(sizes)));
  } else if (state.impl().dtype != type || !state.impl().contiguous) {
    state = state.to(type).contiguous();
  }
  return state.impl().data;
}

}  // namespace

AdafactorOptions::AdafactorOptions(double lr) : lr_(lr) {}
Fields AdafactorOptions::fields() {
  return {{"lr", lr_}, {"beta2_decay", beta2_decay_},   {"eps1", eps1_},        {"eps2", eps2_},
          {"d", d_},   {"weight_decay", weight_decay_}, {"maximize", maximize_}};
}
Fields AdafactorParamState::fields() {
  return {{"step", step_}, {"row_var", row_var_}, {"col_var", col_var_}, {"variance", variance_}};
}

Adafactor::Adafactor(const std::vector<OptimizerParamGroup>& param_groups, const AdafactorOptions& defaults)
    : Optimizer(param_groups, checked(defaults)) {}
Adafactor::Adafactor(std::vector<Tensor> params, const AdafactorOptions& defaults)
    : Optimizer(std::move(params), checked(defaults)) {}

void Adafactor::check_state(const Tensor& parameter, OptimizerParamState& state) const {
  auto& loaded = static_cast<AdafactorParamState&>(state);
  const auto check = [](const char* name, const Tensor& tensor, const std::vector<int64_t>& sizes) {
    if (!tensor.defined() || tensor.sizes() == sizes) return;
    fail("load", fmt::format("{} has shape {}; need {}", name, to_string(tensor.impl().sizes), to_string(sizes)));
  };
  check("variance", loaded.variance(), parameter.sizes().vec());
  if (parameter.dim() > 1) {
    check("row_var", loaded.row_var(), without(parameter, 1));
    check("col_var", loaded.col_var(), without(parameter, 2));
  }
}

Tensor Adafactor::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  step_all<AdafactorOptions, AdafactorParamState>(
      "Adafactor", param_groups_, state_,
      [](const AdafactorOptions& options, AdafactorParamState& state, const Tensor& parameter) {
        state.step(state.step() + 1);
        const auto t = static_cast<double>(state.step());
        const ScalarType type = parameter.impl().dtype;
        Prepared<kernels::AdafactorRule> prepared;
        prepared.rule = {std::min(options.lr(), 1 / std::sqrt(t)),
                         std::pow(t, options.beta2_decay()),
                         options.eps1().value_or(type == kDouble ? std::numeric_limits<double>::epsilon()
                                                                 : std::numeric_limits<float>::epsilon()),
                         options.eps2(),
                         options.d(),
                         1 - options.lr() * options.weight_decay(),
                         options.maximize(),
                         0,
                         0,
                         0};
        if (parameter.dim() > 1 && parameter.numel() > 0) {
          prepared.rule.rows = parameter.size(-2);
          prepared.rule.columns = parameter.size(-1);
          prepared.rule.matrices = parameter.numel() / (prepared.rule.rows * prepared.rule.columns);
          prepared.state[0] = made(state.row_var(), without(parameter, 1), type);
          prepared.state[1] = made(state.col_var(), without(parameter, 2), type);
        } else {
          prepared.state[0] = flat_state(state.variance(), parameter);
        }
        return prepared;
      });
  return loss;
}

std::unique_ptr<OptimizerParamState> Adafactor::new_state() const { return std::make_unique<AdafactorParamState>(); }

}  // namespace rondo::optim
