#include <rondo/optim/muon.h>

#include <rondo/autograd/ops/linalg.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/product.h>
#include <rondo/optim/step-inl.h>

#include <algorithm>

namespace rondo::optim {
namespace {

std::unique_ptr<OptimizerOptions> checked(const MuonOptions& options) {
  const auto check = [](bool holds, const char* what, double value) {
    if (!holds) fail_value("Muon", fmt::format("{} should be >= 0 but is: {}", what, value));
  };
  check(options.lr() >= 0, "Learning rate", options.lr());
  check(options.momentum() >= 0, "momentum", options.momentum());
  check(options.weight_decay() >= 0, "weight decay", options.weight_decay());
  const std::string rule = options.adjust_lr_fn().value_or("original");
  if (rule != "original" && rule != "match_rms_adamw") {
    fail_value("Muon", fmt::format("Adjust learning rate function {} is not supported; need original or "
                                   "match_rms_adamw",
                                   rule));
  }
  if (options.ns_steps() < 0 || options.ns_steps() >= 100) {
    fail_value("Muon", fmt::format("Number of steps must be less than 100 and at least 0; got {}", options.ns_steps()));
  }
  return options.clone();
}

double adjusted_rate(const MuonOptions& options, const Tensor& parameter) {
  const auto rows = static_cast<double>(parameter.size(0)), columns = static_cast<double>(parameter.size(1));
  if (options.adjust_lr_fn().value_or("original") == "original") {
    return options.lr() * std::sqrt(std::max(1.0, rows / columns));
  }
  return options.lr() * 0.2 * std::sqrt(std::max(rows, columns));
}

// Newton and Schulz's iteration for the orthogonal factor, on the side with the smaller products.
Tensor orthogonalized(const Tensor& matrix, const MuonOptions& options) {
  const auto& [a, b, c] = options.ns_coefficients();
  const bool tall = matrix.size(0) > matrix.size(1);
  Tensor x = tall ? matrix.t() : matrix;
  x = x / std::max(x.norm().item<double>(), options.eps());
  for (int64_t i = 0; i < options.ns_steps(); ++i) {
    const Tensor gram = x.mm(x.t());
    x = x.mul(a).add_(gram.mul(b).add_(gram.mm(gram), c).mm(x));
  }
  return tall ? x.t() : x;
}

}  // namespace

MuonOptions::MuonOptions(double lr) : lr_(lr) {}
Fields MuonOptions::fields() {
  return {{"lr", lr_},
          {"weight_decay", weight_decay_},
          {"momentum", momentum_},
          {"nesterov", nesterov_},
          {"ns_coefficients", ns_coefficients_},
          {"eps", eps_},
          {"ns_steps", ns_steps_},
          {"adjust_lr_fn", adjust_lr_fn_},
          {"maximize", maximize_}};
}
Fields MuonParamState::fields() { return {{"momentum_buffer", momentum_buffer_}}; }

Muon::Muon(const std::vector<OptimizerParamGroup>& param_groups, const MuonOptions& defaults)
    : Optimizer(param_groups, checked(defaults)) {
  check_parameters();
}
Muon::Muon(std::vector<Tensor> params, const MuonOptions& defaults) : Optimizer(std::move(params), checked(defaults)) {
  check_parameters();
}

void Muon::check_parameters() const {
  for (const OptimizerParamGroup& group : param_groups_) {
    for (const Tensor& parameter : group.params()) {
      if (parameter.dim() == 2) continue;
      fail_value("Muon", fmt::format("Muon only supports 2D parameters whereas we found a parameter with size: {}",
                                     to_string(parameter.impl().sizes)));
    }
  }
}

Tensor Muon::step(LossClosure closure) {
  NoGradGuard no_grad;
  Tensor loss = evaluate(closure);
  check_parameters();
  check_gradients("Muon", param_groups_);
  for_each_parameter<MuonOptions, MuonParamState>(
      param_groups_, state_,
      [](const MuonOptions& options, MuonParamState& state, const Tensor& parameter, const Tensor& gradient) {
        const Tensor grad = options.maximize() ? -gradient.detach() : gradient.detach();
        flat_state(state.momentum_buffer(), parameter);
        Tensor& buffer = state.momentum_buffer();
        buffer.lerp_(grad, 1 - options.momentum());
        const Tensor direction = options.nesterov() ? grad.lerp(buffer, options.momentum()) : buffer;
        if (direction.numel() == 0) return;
        parameter.mul_(1 - options.lr() * options.weight_decay());
        parameter.add_(orthogonalized(direction, options), -adjusted_rate(options, parameter));
      });
  return loss;
}

std::unique_ptr<OptimizerParamState> Muon::new_state() const { return std::make_unique<MuonParamState>(); }

}  // namespace rondo::optim
