// One function for the gradients of several tensors.
#pragma once

#include <rondo/autograd/graph/hooks.h>

namespace rondo::autograd {

// A function that is attached to several tensors.
class MultiGradHook {
 public:
  // What is called, once in each backward that reaches one of the tensors: with all their gradients once they are
  // complete (undefined for tensors that were not reached), at the end of the backward; or with the first one alone.
  struct Function : base::RefCounted {
    virtual ~Function() = default;
    virtual void call(const variable_list& gradients) = 0;
    static void dispose(Function* function) noexcept { delete function; }
  };

  struct Shared : base::RefCounted {
    virtual ~Shared() = default;
    virtual void remove() = 0;
    static void dispose(Shared* shared) noexcept { delete shared; }
  };

  MultiGradHook(const variable_list& tensors, base::Ref<Function> function, bool any);
  // The function is not called any more.
  void remove() { shared_->remove(); }

 private:
  base::Ref<Shared> shared_;
};

template <class F, class Argument>
struct MultiGradFunction final : MultiGradHook::Function {
  explicit MultiGradFunction(F f) : function(std::move(f)) {}
  void call(const variable_list& gradients) override {
    if constexpr (std::is_same_v<Argument, Tensor>) {
      function(gradients[0]);
    } else {
      function(gradients);
    }
  }
  F function;
};

// f(gradients): a void function of a variable_list. It is not called by a backward that throws; backwards within one
// another and on several threads count apart.
template <class F>
MultiGradHook register_multi_grad_hook(const variable_list& tensors, F f) {
  return {tensors, base::Ref<MultiGradHook::Function>(new MultiGradFunction<F, variable_list>(std::move(f))), false};
}
// f(gradient): a void function of a Tensor.
template <class F>
MultiGradHook register_any_grad_hook(const variable_list& tensors, F f) {
  return {tensors, base::Ref<MultiGradHook::Function>(new MultiGradFunction<F, Tensor>(std::move(f))), true};
}

}  // namespace rondo::autograd
