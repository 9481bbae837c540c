// libtorch's handles on its engine.
#pragma once

#include <rondo/autograd/functional/function.h>
#include <rondo/autograd/graph/engine.h>
#include <rondo/autograd/graph/hooks.h>
#include <rondo/autograd/ops/methods.h>

namespace rondo::autograd {

// Only a name for queue_callback: rondo's engine has no state.
struct Engine {
  static Engine& get_default_engine() {
    static Engine engine;
    return engine;
  }
  template <class F>
  void queue_callback(F f) {
    autograd::queue_callback(std::move(f));
  }
};

// Copies its inputs; no gradient comes back through it.
struct UndefinedGrad {
  variable_list operator()(const variable_list& inputs) const { return apply(inputs); }
  variable_list apply(const variable_list& inputs) const {
    variable_list outputs;
    for (const Tensor& input : inputs) outputs.push_back(input.defined() ? Stop::apply(input) : Tensor());
    return outputs;
  }

 private:
  struct Stop : Function<Stop> {
    static Tensor forward(AutogradContext*, const Tensor& x) { return x.clone(); }
    static variable_list backward(AutogradContext*, const variable_list&) { return {Tensor()}; }
  };
};

}  // namespace rondo::autograd

namespace rondo {

// Whether functions for saved tensors may be used on this thread.
class SavedTensorDefaultHooks {
 public:
  static void disable(const std::string& message) { current().emplace(message); }
  static void enable() { current().reset(); }
  static bool is_enabled() { return !current(); }

 private:
  static std::optional<autograd::DisableSavedTensorHooks>& current() {
    thread_local std::optional<autograd::DisableSavedTensorHooks> scope;
    return scope;
  }
};

}  // namespace rondo
