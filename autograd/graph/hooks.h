// Functions that users attach to gradients.
#pragma once

#include <rondo/autograd/graph/node.h>

#include <type_traits>

namespace rondo {
namespace autograd {

// Sees the gradients of a node's outputs before its rule runs; what it returns takes their place.
struct FunctionPreHook {
  virtual ~FunctionPreHook() = default;
  virtual variable_list operator()(const variable_list& gradients) = 0;
};
// Sees, after the rule, the gradients that it made (`outputs`) and those that it was given (`inputs`); what it returns
// takes the place of the former.
struct FunctionPostHook {
  virtual ~FunctionPostHook() = default;
  virtual variable_list operator()(const variable_list& outputs, const variable_list& inputs) = 0;
};

}  // namespace autograd

namespace graph {

struct GradSlot;

// A function of one gradient. An undefined result leaves the gradient as it is.
struct TensorHook : base::RefCounted {
  std::atomic<bool> over{false};  // not called any more
  virtual ~TensorHook() = default;
  virtual Tensor call(const Tensor& gradient) = 0;
  static void dispose(TensorHook* hook) noexcept { delete hook; }
};

// What is attached to one node, each entry to one of its outputs; functions and accumulated by ascending numbers.
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
  // Counted, since a hook may remove itself while it runs.
  template <class Hook>
  struct Owned final : base::RefCounted {
    explicit Owned(Hook* h) : hook(h) {}
    ~Owned() { delete hook; }
    static void dispose(Owned* owned) noexcept { delete owned; }
    Hook* hook;
  };
  template <class Hook>
  struct OfNode {
    uintptr_t number;
    base::Ref<Owned<Hook>> owned;
  };
  // Of an accumulator: what runs after the leaf has its gradient. The leaf is kept as an alias without autograd data,
  // since the leaf owns the accumulator.
  struct Accumulated {
    unsigned number;
    base::Ref<TensorHook> hook;
    Tensor leaf;
  };
  std::vector<Function> functions;
  std::vector<Retained> retained;
  std::vector<OfNode<autograd::FunctionPreHook>> before;
  std::vector<OfNode<autograd::FunctionPostHook>> after;
  std::vector<Accumulated> accumulated;
  unsigned next_number = 0;
  uintptr_t next_node_hook = 0;
  // Of a node that a program made by std::make_shared, while the graph holds it.
  NodeOwner* owner = nullptr;
  Node* slices = nullptr;  // the CopySlices that this node, the change of a view, belongs to
  // In anomaly mode: the return addresses where the node was recorded, and the node whose rule recorded it.
  std::vector<void*> recorded_at;
  base::Ref<Node> recorded_by;

  // Runs the hooks of output `nr` on its gradient. Throws Error where a hook returns another shape or dtype.
  void run(uint32_t nr, Tensor& gradient) const;
  // Then the gradients that tensors retain are filled.
  void fill_retained(uint32_t nr, const Tensor& gradient) const;
  // Throw Error where a hook returns another number of gradients.
  void run_before(Tensor* gradients, int count) const;
  void run_after(Tensor* outputs, int count, const variable_list& inputs) const;
  void run_accumulated(Node& accumulator) const;
};

// Adds the hook to the node that the tensor's gradient passes; returns its number.
unsigned add_tensor_hook(const Tensor& tensor, base::Ref<TensorHook> hook);
unsigned add_accumulated_hook(const Tensor& leaf, base::Ref<TensorHook> hook);

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

template <class F>
unsigned Tensor::register_post_accumulate_grad_hook(F&& hook) const {
  using Hook = graph::TensorHookOf<std::decay_t<F>>;
  static_assert(std::is_void_v<std::invoke_result_t<std::decay_t<F>&, const Tensor&>>,
                "a post-accumulate hook must return nothing: it may change the gradient in place");
  return graph::add_accumulated_hook(*this, base::Ref<graph::TensorHook>(new Hook(std::forward<F>(hook))));
}

}  // namespace rondo
