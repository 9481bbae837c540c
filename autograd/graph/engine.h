// backward() and grad(): the walk over the graph.
#pragma once

#include <rondo/autograd/graph/node.h>

#include <type_traits>
#include <utility>

namespace rondo {
namespace autograd {

// Adds the gradients of `tensors` with respect to the leaves (or to `inputs` alone, where given) to their grad().
// `grad_tensors`: a gradient for each, undefined ones only for one-element tensors; empty: all undefined.
// `retain_graph` keeps saved values for a further backward, by default where create_graph is set. With `create_graph`
// the step is recorded itself, so that it can be differentiated again. Throws Error as libtorch does.
void backward(const variable_list& tensors, const variable_list& grad_tensors = {},
              std::optional<bool> retain_graph = std::nullopt, bool create_graph = false,
              const variable_list& inputs = {});

// The gradients of `outputs` with respect to `inputs`; changes no grad(). Throws Error for an input that does not take
// part, unless `allow_unused`: its gradient is then undefined.
variable_list grad(const variable_list& outputs, const variable_list& inputs, const variable_list& grad_outputs = {},
                   std::optional<bool> retain_graph = std::nullopt, bool create_graph = false,
                   bool allow_unused = false);

// Runs f() once the backward that is in progress on this thread is complete. Throws Error outside of one.
struct Callback : base::RefCounted {
  virtual ~Callback() = default;
  virtual void call() = 0;
  static void dispose(Callback* callback) noexcept { delete callback; }
};
void queue_callback(base::Ref<Callback> callback);
template <class F>
requires(std::is_invocable_v<F&>) void queue_callback(F f) {
  struct CallbackOf final : Callback {
    explicit CallbackOf(F function) : f(std::move(function)) {}
    void call() override { f(); }
    F f;
  };
  queue_callback(base::Ref<Callback>(new CallbackOf(std::move(f))));
}

}  // namespace autograd
}  // namespace rondo
