// Functions that users attach to gradients.
#pragma once

#include <rondo/autograd/graph/node.h>

#include <type_traits>

namespace rondo {
namespace graph {

struct GradSlot;

// A function of one gradient. An undefined result leaves the gradient as it is.
struct TensorHook : base::RefCounted {
  virtual ~TensorHook() = default;
  virtual Tensor call(const Tensor& gradient) = 0;
  static void dispose(TensorHook* hook) noexcept { delete hook; }
};

// What is attached to one node, each entry to one of its outputs. Slots are filled after all functions have run.
struct NodeHooks {
  struct Function {
    uint32_t output_nr;
    unsigned number;
    base::Ref<TensorHook> hook;
  };
  struct Retained {
    uint32_t output_nr;
    base::Ref<GradSlot> slot;
  };
  std::vector<Function> functions;
  std::vector<Retained> retained;
  unsigned next_number = 0;

  // Runs the hooks of output `nr` on its gradient. Throws Error where a hook returns another shape or dtype.
  void run(uint32_t nr, Tensor& gradient);
};

// Adds the hook to the node that the tensor's gradient passes; returns its number.
unsigned add_tensor_hook(const Tensor& tensor, base::Ref<TensorHook> hook);

template <class F>
struct TensorHookOf final : TensorHook {
  explicit TensorHookOf(F f) : function(std::move(f)) {}
  Tensor call(const Tensor& gradient) override {
    if constexpr (std::is_void_v<std::invoke_result_t<F&, const Tensor&>>) {
      function(gradient);
      return {};
    } else {
      return function(gradient);
    }
  }
  F function;
};

}  // namespace graph

template <class F>
unsigned Tensor::register_hook(F&& hook) const {
  using Hook = graph::TensorHookOf<std::decay_t<F>>;
  return graph::add_tensor_hook(*this, base::Ref<graph::TensorHook>(new Hook(std::forward<F>(hook))));
}

}  // namespace rondo
