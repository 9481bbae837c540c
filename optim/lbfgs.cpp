#include <rondo/optim/lbfgs.h>

#include <rondo/autograd/ops/linalg.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/product.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/shape.h>
#include <rondo/optim/line_search.h>
#include <rondo/optim/step-inl.h>

#include <algorithm>

namespace rondo::optim {
namespace {

double number(const Tensor& tensor) { return tensor.item<double>(); }
double largest(const Tensor& tensor) { return number(tensor.abs().max()); }
double call(const LossClosure& closure) {
  AutoGradMode enabled(true);
  return number(closure());
}

// All parameters as one point.
class Space {
 public:
  explicit Space(const std::vector<Tensor>& parameters) : parameters_(parameters) {}

  Tensor gradient() const {
    std::vector<Tensor> parts;
    for (const Tensor& parameter : parameters_) {
      const Tensor* grad = gradient_of(parameter);
      parts.push_back(grad ? grad->detach().reshape({-1}) : zeros({parameter.numel()}, parameter.dtype()));
    }
    return cat(parts);
  }
  void move(double step, const Tensor& direction) const {
    int64_t offset = 0;
    for (const Tensor& parameter : parameters_) {
      parameter.add_(direction.narrow(0, offset, parameter.numel()).view(parameter.sizes()), step);
      offset += parameter.numel();
    }
  }
  std::vector<Tensor> copies() const {
    std::vector<Tensor> all;
    for (const Tensor& parameter : parameters_) all.push_back(parameter.detach().clone());
    return all;
  }
  void set(const std::vector<Tensor>& values) const {
    for (size_t i = 0; i < values.size(); ++i) parameters_[i].copy_(values[i]);
  }

 private:
  const std::vector<Tensor>& parameters_;
};

// The loss along the direction from where the parameters stood; they stand there again after each question.
class LossLine final : public Line {
 public:
  LossLine(const Space& space, const LossClosure& closure, const Tensor& direction)
      : space_(space), closure_(closure), direction_(direction), start_(space.copies()) {}

  LinePoint at(double t) override {
    const GoBack go_back{*this};  // also when the closure throws
    space_.move(t, direction_);
    const double value = call(closure_);
    const Tensor gradient = space_.gradient();
    return {t, value, gradient, number(gradient.dot(direction_))};
  }

 private:
  struct GoBack {
    const LossLine& line;
    ~GoBack() { line.space_.set(line.start_); }
  };

  const Space& space_;
  const LossClosure& closure_;
  const Tensor& direction_;
  std::vector<Tensor> start_;
};

// Takes the last change of parameters and gradient into the history.
void remember(LBFGSParamState& state, const Tensor& gradient, int64_t history_size) {
  const Tensor y = gradient - state.prev_flat_grad(), s = state.d() * state.t(), ys = y.dot(s);
  if (!(number(ys) > 1e-10)) return;
  if (static_cast<int64_t>(state.old_dirs().size()) >= history_size) {
    for (std::vector<Tensor>* list : {&state.old_dirs(), &state.old_stps(), &state.ro()}) list->erase(list->begin());
  }
  state.old_dirs().push_back(y);
  state.old_stps().push_back(s);
  state.ro().push_back(ys.reciprocal());
  state.H_diag(ys / y.dot(y));
}

// The approximate inverse Hessian times the negative gradient.
Tensor direction_from(LBFGSParamState& state, const Tensor& gradient, int64_t history_size) {
  const std::vector<Tensor>& dirs = state.old_dirs();
  const std::vector<Tensor>& steps = state.old_stps();
  if (!state.al()) state.al(std::vector<Tensor>());
  std::vector<Tensor>& al = *state.al();
  al.resize(std::max(dirs.size(), static_cast<size_t>(history_size)));
  Tensor r = gradient.neg();
  for (size_t i = dirs.size(); i-- > 0;) {
    al[i] = steps[i].dot(r) * state.ro()[i];
    r.add_(dirs[i], -number(al[i]));
  }
  r.mul_(state.H_diag());
  for (size_t i = 0; i < dirs.size(); ++i) {
    const Tensor back = dirs[i].dot(r) * state.ro()[i];
    r.add_(steps[i], number(al[i] - back));
  }
  return r;
}

void check_history(int64_t size) {
  if (size < 1) fail_value("LBFGS", fmt::format("Invalid history_size: {}; need at least 1", size));
}

std::unique_ptr<OptimizerOptions> completed(LBFGSOptions options) {
  check_option("LBFGS", options.lr() >= 0, "learning rate", options.lr());
  check_history(options.history_size());
  if (!options.max_eval()) options.max_eval(options.max_iter() * 5 / 4);
  return options.clone();
}

}  // namespace

LBFGSOptions::LBFGSOptions(double lr) : lr_(lr) {}
Fields LBFGSOptions::fields() {
  return {{"lr", lr_},
          {"max_iter", max_iter_},
          {"max_eval", max_eval_},
          {"tolerance_grad", tolerance_grad_},
          {"tolerance_change", tolerance_change_},
          {"history_size", history_size_},
          {"line_search_fn", line_search_fn_}};
}
Fields LBFGSParamState::fields() {
  return {{"func_evals", func_evals_},
          {"n_iter", n_iter_},
          {"t", t_},
          {"prev_loss", prev_loss_},
          {"d", d_},
          {"H_diag", H_diag_},
          {"prev_flat_grad", prev_flat_grad_},
          {"old_dirs", old_dirs_},
          {"old_stps", old_stps_},
          {"ro", ro_}};
}

LBFGS::LBFGS(const std::vector<OptimizerParamGroup>& param_groups, LBFGSOptions defaults)
    : Optimizer(param_groups, completed(std::move(defaults))) {
  if (param_groups_.size() != 1) {
    fail("LBFGS", fmt::format("LBFGS doesn't support per-parameter options (parameter groups); got {} groups",
                              param_groups_.size()));
  }
  auto& options = static_cast<LBFGSOptions&>(param_groups_[0].options());
  if (!options.max_eval()) options.max_eval(options.max_iter() * 5 / 4);
}
LBFGS::LBFGS(std::vector<Tensor> params, LBFGSOptions defaults)
    : LBFGS(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(params))}, std::move(defaults)) {}

void LBFGS::check_state(const Tensor&, OptimizerParamState& state) const {
  int64_t numbers = 0;
  for (const Tensor& parameter : param_groups_[0].params()) numbers += parameter.numel();
  auto& loaded = static_cast<LBFGSParamState&>(state);
  std::vector<Tensor> vectors = loaded.old_dirs();
  vectors.insert(vectors.end(), loaded.old_stps().begin(), loaded.old_stps().end());
  for (const Tensor& each : {loaded.d(), loaded.prev_flat_grad()}) {
    if (each.defined()) vectors.push_back(each);
  }
  for (const Tensor& each : vectors) {
    if (each.dim() != 1 || each.numel() != numbers) {
      fail("load", fmt::format("a vector of LBFGS has shape {}; need ({},)", to_string(each.impl().sizes), numbers));
    }
  }
  const size_t history = loaded.old_dirs().size();
  if (loaded.old_stps().size() != history || loaded.ro().size() != history) {
    fail("load", fmt::format("the lists of LBFGS have {}, {} and {} entries; need equally many", history,
                             loaded.old_stps().size(), loaded.ro().size()));
  }
}

Tensor LBFGS::step(LossClosure closure) {
  NoGradGuard no_grad;
  if (!closure) fail("LBFGS", "LBFGS requires a closure function");
  const std::vector<Tensor>& parameters = param_groups_[0].params();
  if (parameters.empty()) return evaluate(closure);
  const auto options = static_cast<const LBFGSOptions&>(param_groups_[0].options());
  check_history(options.history_size());  // a group's own options come here unseen
  const bool searches = options.line_search_fn().has_value();
  if (searches && *options.line_search_fn() != "strong_wolfe") {
    fail("LBFGS", fmt::format("only 'strong_wolfe' is supported; got '{}'", *options.line_search_fn()));
  }
  std::unique_ptr<OptimizerParamState>& entry = state_[parameters[0].unsafeGetTensorImpl()];
  if (!entry) entry = std::make_unique<LBFGSParamState>();
  auto& state = static_cast<LBFGSParamState&>(*entry);
  const Space space(parameters);

  Tensor first_loss = evaluate(closure);
  double loss = number(first_loss);
  int64_t evaluations = 1;
  state.func_evals(state.func_evals() + 1);
  Tensor gradient = space.gradient();
  if (largest(gradient) <= options.tolerance_grad()) return first_loss;

  for (int64_t iteration = 1; iteration <= options.max_iter(); ++iteration) {
    state.n_iter(state.n_iter() + 1);
    if (state.n_iter() == 1) {
      state.d(gradient.neg());
      state.H_diag(ones({}, gradient.dtype()));
    } else {
      remember(state, gradient, options.history_size());
      state.d(direction_from(state, gradient, options.history_size()));
    }
    state.prev_flat_grad(gradient.clone());
    state.prev_loss(loss);
    state.t(state.n_iter() == 1 ? std::min(1.0, 1 / number(gradient.abs().sum())) * options.lr() : options.lr());
    const double slope = number(gradient.dot(state.d()));
    if (slope > -options.tolerance_change()) break;

    int64_t asked = 0;
    if (searches) {
      LossLine line(space, closure, state.d());
      const LinePoint found = strong_wolfe(line, {0, loss, gradient, slope}, state.t(), largest(state.d()), asked);
      loss = found.value;
      gradient = found.gradient;
      state.t(found.t);
      space.move(found.t, state.d());
    } else {
      space.move(state.t(), state.d());
      // After the last iteration the loss is not needed: with random batches it would say little.
      if (iteration != options.max_iter()) {
        loss = call(closure);
        gradient = space.gradient();
        asked = 1;
      }
    }
    evaluations += asked;
    state.func_evals(state.func_evals() + asked);
    if (evaluations >= *options.max_eval() || largest(gradient) <= options.tolerance_grad()) break;
    if (largest(state.d() * state.t()) <= options.tolerance_change()) break;
    if (std::abs(loss - state.prev_loss()) < options.tolerance_change()) break;
  }
  return first_loss;
}

std::unique_ptr<OptimizerParamState> LBFGS::new_state() const { return std::make_unique<LBFGSParamState>(); }

}  // namespace rondo::optim
