#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/kernels/update.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/models/optimizers.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace rondo::optimizers {
namespace {

void check_at_least_zero(const std::string& name, const char* what, double value) {
  if (!(value >= 0)) fail_value(name, fmt::format("{} is {}; need a number that is not negative", what, value));
}
void check_fraction(const std::string& name, const char* what, double value) {
  if (!(value >= 0 && value < 1)) fail_value(name, fmt::format("{} is {}; need 0 <= {} < 1", what, value, what));
}

// Zeros like each variable, or nothing where the rule does not need the slot.
class Slot {
 public:
  void make(const std::vector<Tensor>& variables, bool wanted = true) {
    tensors_.clear();
    if (!wanted) return;
    for (const Tensor& variable : variables) tensors_.push_back(zeros(variable.sizes(), variable.dtype()));
  }
  void* at(size_t i) const { return tensors_.empty() ? nullptr : tensors_[i].data_ptr(); }
  void append_to(std::vector<Tensor>& all) const { all.insert(all.end(), tensors_.begin(), tensors_.end()); }

 private:
  std::vector<Tensor> tensors_;
};

template <class... Slots>
std::vector<Tensor> joined(const Slots&... slots) {
  std::vector<Tensor> all;
  (slots.append_to(all), ...);
  return all;
}

class SgdFunction final : public OptimizerFunction {
 public:
  explicit SgdFunction(const SGDOptions& o)
      : OptimizerFunction(o.name, o.learning_rate, {o.weight_decay, o.clipnorm, o.clipvalue, o.global_clipnorm}),
        momentum_(o.momentum),
        nesterov_(o.nesterov) {
    if (!(momentum_ >= 0 && momentum_ <= 1)) {
      fail_value(name(), fmt::format("momentum is {}; need 0 <= momentum <= 1", momentum_));
    }
  }
  std::vector<Tensor> state() const override { return joined(m_); }

 protected:
  void make_state(const std::vector<Tensor>& variables) override { m_.make(variables, momentum_ > 0); }
  void update(size_t i, ScalarType type, int64_t n, void* w, const void* g) override {
    kernels::keras_sgd(type, n, w, g, m_.at(i), {learning_rate(), momentum_, decay(), nesterov_});
  }

 private:
  double momentum_;
  bool nesterov_;
  Slot m_;
};

class RmspropFunction final : public OptimizerFunction {
 public:
  explicit RmspropFunction(const RMSpropOptions& o)
      : OptimizerFunction(o.name, o.learning_rate, {o.weight_decay, o.clipnorm, o.clipvalue, o.global_clipnorm}),
        rho_(o.rho),
        momentum_(o.momentum),
        epsilon_(o.epsilon),
        centered_(o.centered) {
    check_fraction(name(), "rho", rho_);
    check_at_least_zero(name(), "momentum", momentum_);
  }
  std::vector<Tensor> state() const override { return joined(v_, mean_, buffer_); }

 protected:
  void make_state(const std::vector<Tensor>& variables) override {
    v_.make(variables);
    mean_.make(variables, centered_);
    buffer_.make(variables, momentum_ > 0);
  }
  void update(size_t i, ScalarType type, int64_t n, void* w, const void* g) override {
    kernels::keras_rmsprop(type, n, w, g, v_.at(i), mean_.at(i), buffer_.at(i),
                           {learning_rate(), rho_, momentum_, epsilon_, decay()});
  }

 private:
  double rho_, momentum_, epsilon_;
  bool centered_;
  Slot v_, mean_, buffer_;
};

class AdamFunction final : public OptimizerFunction {
 public:
  explicit AdamFunction(const AdamOptions& o)
      : OptimizerFunction(o.name, o.learning_rate, {o.weight_decay, o.clipnorm, o.clipvalue, o.global_clipnorm}),
        beta_1_(o.beta_1),
        beta_2_(o.beta_2),
        epsilon_(o.epsilon),
        amsgrad_(o.amsgrad) {
    check_fraction(name(), "beta_1", beta_1_);
    check_fraction(name(), "beta_2", beta_2_);
  }
  std::vector<Tensor> state() const override { return joined(m_, v_, max_v_); }

 protected:
  void make_state(const std::vector<Tensor>& variables) override {
    m_.make(variables);
    v_.make(variables);
    max_v_.make(variables, amsgrad_);
  }
  void update(size_t i, ScalarType type, int64_t n, void* w, const void* g) override {
    kernels::keras_adam(type, n, w, g, m_.at(i), v_.at(i), max_v_.at(i),
                        {learning_rate(), beta_1_, beta_2_, epsilon_, decay(), iterations() + 1});
  }

 private:
  double beta_1_, beta_2_, epsilon_;
  bool amsgrad_;
  Slot m_, v_, max_v_;
};

double squared_norm(const Tensor& gradient) {
  const Tensor values = gradient.to(kDouble);
  return sum(values * values).item<double>();
}

}  // namespace

OptimizerFunction::OptimizerFunction(std::string name, double learning_rate, Limits limits)
    : name_(std::move(name)), learning_rate_(learning_rate), limits_(limits) {
  check_at_least_zero(name_, "learning_rate", learning_rate);
  for (const auto& [what, limit] : {std::pair{"clipnorm", limits.clipnorm}, std::pair{"clipvalue", limits.clipvalue},
                                    std::pair{"global_clipnorm", limits.global_clipnorm}}) {
    if (limit && !(*limit > 0)) fail_value(name_, fmt::format("{} is {}; need more than 0", what, *limit));
  }
  if (limits.weight_decay) check_at_least_zero(name_, "weight_decay", *limits.weight_decay);
  if (limits.clipnorm && limits.global_clipnorm) {
    fail_value(name_, fmt::format("clipnorm is {} and global_clipnorm is {}; need at most one of them",
                                  *limits.clipnorm, *limits.global_clipnorm));
  }
}

void OptimizerFunction::set_learning_rate(double learning_rate) {
  check_at_least_zero(name_, "learning_rate", learning_rate);
  learning_rate_ = learning_rate;
}

void OptimizerFunction::check_kind(const Tensor& variable) const {
  if (variable.is_contiguous() && (variable.dtype() == kFloat || variable.dtype() == kDouble)) return;
  fail_value(name_, fmt::format("a variable is {} of shape {}{}; need contiguous float32 or float64",
                                dtype_name(variable.dtype()), to_string(variable.sizes()),
                                variable.is_contiguous() ? "" : ", not contiguous"));
}

void OptimizerFunction::build(const std::vector<Tensor>& variables) {
  std::vector<std::pair<ScalarType, int64_t>> kinds;
  for (const Tensor& variable : variables) {
    check_kind(variable);
    kinds.emplace_back(variable.dtype(), variable.numel());
  }
  NoGradGuard no_grad;
  make_state(variables);
  variables_ = variables;
  kinds_ = std::move(kinds);
  built_ = true;
}

void OptimizerFunction::check_gradients(const std::vector<Tensor>& variables,
                                        const std::vector<Tensor>& gradients) const {
  if (gradients.size() != variables.size()) {
    fail_value(name_, fmt::format("got {} gradients for {} variables", gradients.size(), variables.size()));
  }
  for (size_t i = 0; i < variables.size(); ++i) {
    const Tensor &w = variables[i], &g = gradients[i];
    check_kind(w);
    if (g.defined() && (g.dtype() != w.dtype() || g.sizes() != w.sizes())) {
      fail_value(name_,
                 fmt::format("the gradient of variable {} is {} of shape {}; need {} of shape {}", i,
                             dtype_name(g.dtype()), to_string(g.sizes()), dtype_name(w.dtype()), to_string(w.sizes())));
    }
  }
}

void OptimizerFunction::check_same(const std::vector<Tensor>& variables) const {
  bool same = variables.size() == variables_.size();
  for (size_t i = 0; same && i < variables.size(); ++i) same = variables[i].is_same(variables_[i]);
  if (!same) {
    fail_value(name_,
               fmt::format("got {} variables that are not the {} of the first step; need the same ones, or a new "
                           "optimizer",
                           variables.size(), variables_.size()));
  }
  for (size_t i = 0; i < variables.size(); ++i) {
    const Tensor& w = variables[i];
    if (const auto& [dtype, numel] = kinds_[i]; w.dtype() != dtype || w.numel() != numel) {
      fail_value(name_, fmt::format("variable {} is {} of shape {} now; it had {} numbers of {} in the first step", i,
                                    dtype_name(w.dtype()), to_string(w.sizes()), numel, dtype_name(dtype)));
    }
  }
}

std::vector<Tensor> OptimizerFunction::clipped(std::vector<Tensor> gradients) const {
  double square = 0;
  if (limits_.global_clipnorm) {
    for (const Tensor& gradient : gradients) square += gradient.defined() ? squared_norm(gradient) : 0;
  }
  const auto within = [](double limit, double norm) { return limit / std::max(norm, limit); };
  // New tensors: several variables may have one gradient, and the caller keeps what was given.
  for (Tensor& gradient : gradients) {
    if (!gradient.defined()) continue;
    if (limits_.clipnorm) {
      gradient = gradient * within(*limits_.clipnorm, std::sqrt(squared_norm(gradient)));
    } else if (limits_.global_clipnorm) {
      gradient = gradient * within(*limits_.global_clipnorm, std::sqrt(square));
    } else {
      gradient = gradient.clamp(Scalar(-*limits_.clipvalue), Scalar(*limits_.clipvalue));
    }
  }
  return gradients;
}

void OptimizerFunction::apply(const std::vector<Tensor>& variables, const std::vector<Tensor>& gradients) {
  if (built_) check_same(variables);
  check_gradients(variables, gradients);
  if (!built_) build(variables);
  const bool limited = limits_.clipnorm || limits_.global_clipnorm || limits_.clipvalue;
  NoGradGuard no_grad;
  const std::vector<Tensor> limited_gradients = limited ? clipped(gradients) : std::vector<Tensor>();
  for (size_t i = 0; i < variables.size(); ++i) {
    const Tensor& gradient = limited ? limited_gradients[i] : gradients[i];
    if (!gradient.defined()) continue;
    TensorImpl& impl = variables[i].impl();
    const Tensor g = gradient.contiguous();
    update(i, impl.dtype, impl.numel, impl.data, g.data_ptr());
    impl.storage->bump_version();
  }
  ++iterations_;
}

Optimizer::Optimizer(const std::string& name) {
  std::string lower;
  for (char c : name) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (lower == "sgd") {
    *this = SGD();
  } else if (lower == "rmsprop") {
    *this = RMSprop();
  } else if (lower == "adam") {
    *this = Adam();
  } else if (lower == "adamw") {
    *this = AdamW();
  } else {
    fail_value("optimizer",
               fmt::format("unknown name \"{}\"; known are: {}", name, fmt::join(known_optimizers(), ", ")));
  }
}

void Optimizer::apply_gradients(const std::vector<std::pair<Tensor, Tensor>>& gradients_and_variables) const {
  std::vector<Tensor> gradients, variables;
  for (const auto& [gradient, variable] : gradients_and_variables) {
    gradients.push_back(gradient);
    variables.push_back(variable);
  }
  function_->apply(variables, gradients);
}

std::vector<std::string> known_optimizers() { return {"sgd", "rmsprop", "adam", "adamw"}; }

SGD::SGD(SGDOptions options) : Optimizer(std::make_shared<SgdFunction>(options)) {}
RMSprop::RMSprop(RMSpropOptions options) : Optimizer(std::make_shared<RmspropFunction>(options)) {}
Adam::Adam(AdamOptions options) : Optimizer(std::make_shared<AdamFunction>(options)) {}
AdamW::AdamW(AdamWOptions o)
    : Optimizer(std::make_shared<AdamFunction>(AdamOptions{.learning_rate = o.learning_rate,
                                                           .beta_1 = o.beta_1,
                                                           .beta_2 = o.beta_2,
                                                           .epsilon = o.epsilon,
                                                           .amsgrad = o.amsgrad,
                                                           .weight_decay = o.weight_decay,
                                                           .clipnorm = o.clipnorm,
                                                           .clipvalue = o.clipvalue,
                                                           .global_clipnorm = o.global_clipnorm,
                                                           .name = o.name})) {}

}  // namespace rondo::optimizers
