// What the optimizers' sources share: checks of options, and the walk over the parameters, whose arrays go to a kernel
// in batches.
#pragma once

#include <rondo/autograd/graph/meta.h>
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/kernels/step.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/optim/optimizer.h>

#include <fmt/format.h>

#include <cmath>

namespace rondo::optim {

// Throws ValueError("<optimizer>: Invalid <what>: <value>") unless it holds.
void check_option(const char* optimizer, bool holds, const char* what, double value);
// The checks that Adam and its kin share: betas, and those of the options that every optimizer has.
template <class Options>
void check_common(const char* optimizer, const Options& options) {
  check_option(optimizer, options.lr() >= 0, "learning rate", options.lr());
  if constexpr (requires { options.eps(); }) {
    check_option(optimizer, options.eps() >= 0, "epsilon value", options.eps());
  }
  if constexpr (requires { options.betas(); }) {
    const auto& [beta1, beta2] = options.betas();
    check_option(optimizer, beta1 >= 0 && beta1 < 1, "beta parameter at index 0", beta1);
    check_option(optimizer, beta2 >= 0 && beta2 < 1, "beta parameter at index 1", beta2);
  }
  check_option(optimizer, options.weight_decay() >= 0, "weight_decay value", options.weight_decay());
}

// The gradient of a leaf, null if it has none.
inline const Tensor* gradient_of(const Tensor& parameter) {
  const AutogradMeta* meta = parameter.defined() ? graph::meta_of(parameter) : nullptr;
  return meta && meta->slot && meta->slot->grad.defined() ? &meta->slot->grad : nullptr;
}

// Throws Error unless every gradient has its parameter's shape and dtype, float32 or float64.
void check_gradients(const char* optimizer, const std::vector<OptimizerParamGroup>& groups);

// Flat numbers like the parameter, at first all `value`; or what is there already, converted if the parameter's dtype
// has changed since.
void* flat_state(Tensor& state, const Tensor& parameter, double value = 0);

// 1 - beta^t. Parameters of one step ask for the same powers, and pow costs as much as the step of eight numbers.
class Correction {
 public:
  double at(double beta, int64_t t) {
    if (beta != beta_ || t != t_) {
      beta_ = beta;
      t_ = t;
      value_ = 1 - std::pow(beta, static_cast<double>(t));
    }
    return value_;
  }

 private:
  double beta_ = 0, value_ = 1;
  int64_t t_ = 1;
};

// What a rule needs of one parameter: the kernel's rule, and its arrays.
template <class Rule>
struct Prepared {
  Rule rule;
  void* state[3] = {};
};

// Collects parameters and runs the kernel on many of them at once, without allocating.
template <class Rule>
class Batch {
 public:
  void add(const Tensor& parameter, const Tensor& grad, const Prepared<Rule>& prepared) {
    TensorImpl& w = parameter.impl();
    const TensorImpl& g = grad.impl();
    kernels::Update<Rule>& update = updates_[count_];
    update = {w.dtype, w.numel, w.data, g.data, {}, prepared.rule};
    for (int i = 0; i < 3; ++i) update.state[i] = prepared.state[i];
    if (w.contiguous && g.contiguous) {
      w.storage->bump_version();
      note(update);
      if (++count_ == kMost) run();
      return;
    }
    // Views with gaps go through copies.
    const Tensor flat = parameter.detach().contiguous(), flat_grad = grad.detach().contiguous();
    update.w = flat.impl().data;
    update.g = flat_grad.impl().data;
    step(&update, 1);  // the kernel of this rule, found by its argument
    if (w.contiguous) {
      w.storage->bump_version();
    } else {
      parameter.detach().copy_(flat);
    }
  }
  void run() {
    step(updates_, count_);
    count_ = 0;
    seen_ = 0;
  }

 private:
  static constexpr size_t kMost = 64;

  // A parameter that is listed twice is stepped twice, one after the other: threads share what lies in one batch.
  void note(kernels::Update<Rule>& update) {
    const uint64_t mark = uint64_t{1} << (reinterpret_cast<uintptr_t>(update.w) / 64 % 64);
    if (seen_ & mark) {
      for (size_t i = 0; i < count_; ++i) {
        if (updates_[i].w != update.w) continue;
        const kernels::Update<Rule> last = update;
        run();
        updates_[0] = last;
        break;
      }
    }
    seen_ |= mark;
  }

  uint64_t seen_ = 0;  // of the places of the batch's parameters, one bit each

  kernels::Update<Rule> updates_[kMost];
  size_t count_ = 0;
};

// Calls `f(options, state, parameter, gradient)` for each parameter that has a gradient.
template <class Options, class State, class F>
void for_each_parameter(std::vector<OptimizerParamGroup>& groups, StateMap& states, F f) {
  size_t place = 0;
  for (OptimizerParamGroup& group : groups) {
    const auto& options = static_cast<const Options&>(group.options());
    for (const Tensor& parameter : group.params()) {
      const Tensor* grad = gradient_of(parameter);
      if (!grad) continue;
      void* key = parameter.unsafeGetTensorImpl();
      OptimizerParamState* state = states.lookup(key, place++);
      if (!state) {
        state = new State;
        states[key].reset(state);
      }
      f(options, static_cast<State&>(*state), parameter, *grad);
    }
  }
}

// One step of all parameters: `prepare(options, state, parameter)` gives what the kernel needs of each.
template <class Options, class State, class Prepare>
void step_all(const char* optimizer, std::vector<OptimizerParamGroup>& groups, StateMap& states, Prepare prepare) {
  using Rule = decltype(prepare(std::declval<const Options&>(), std::declval<State&>(), Tensor()).rule);
  check_gradients(optimizer, groups);
  Batch<Rule> batch;
  for_each_parameter<Options, State>(
      groups, states, [&](const Options& options, State& state, const Tensor& parameter, const Tensor& grad) {
        batch.add(parameter, grad, prepare(options, state, parameter));
      });
  batch.run();
}

}  // namespace rondo::optim
