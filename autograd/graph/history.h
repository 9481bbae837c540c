// How operations attach themselves to the graph: recording, views, changes in place.
#pragma once

#include <rondo/autograd/graph/meta.h>
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/graph/saved.h>

namespace rondo::graph {

template <class... Tensors>
bool recording(const Tensors&... inputs) {
  return grad_enabled() && (... || requires_grad(inputs));
}

// A node of type N with an edge for each input, made the producer of `output`. Null when nothing is to be recorded.
template <class N, class... Tensors>
N* record(const Tensor& output, const Tensors&... inputs) {
  if (!recording(inputs...)) return nullptr;
  auto node = base::Ref<N>(new N);
  (node->add_edge(inputs), ...);
  N* raw = node.get();
  set_grad_fn(output, std::move(node), 0);
  return raw;
}

// Connects a node whose edges are set to one of several outputs, in their order.
void add_history(const Tensor& output, const base::Ref<Node>& node);

// The same array as a new tensor that has no history.
Tensor alias_without_history(const Tensor& tensor);

// Notes that `view` looks into `base`'s memory, so that changes in place of either reach the other's history.
void mark_view(const Tensor& view, const Tensor& base, CreationMeta creation = CreationMeta::DEFAULT);
// The node that made what `node` saved of its output: a view's, where the change of a view was recorded.
base::Ref<Node> node_of_output(Node& node, const Tensor& output);
// For results that are views of what nobody else holds: they are then tensors of their own, with the same history.
void forget_view(const Tensor& view);
inline Tensor unviewed(Tensor view) {
  forget_view(view);
  return view;
}

// Sees each change in place on its thread before it happens; null where nobody asks.
struct ChangeWatch {
  virtual void before_change(const Tensor& self) = 0;

 protected:
  ~ChangeWatch() = default;
};
extern constinit thread_local ChangeWatch* change_watch;

// Throws Error where a change in place of `self` would be wrong: a leaf that requires grad, a view of one, an output of
// a function that returns several views, a view made without gradients. `recorded`: the change will have a history.
void check_in_place(const char* operation, const Tensor& self, bool recorded);
// The part of it that concerns views.
void check_view_in_place(const char* operation, const ViewMeta& view);
// Throws Error where one number in memory stands for several of `self`, as in an expanded tensor: each of them would
// change it.
void check_distinct(const char* operation, const Tensor& self);
// Makes `node` the producer of a tensor that was changed in place, through its base where it is a view. The version has
// been counted up already.
void rebase_history(const Tensor& self, base::Ref<Node> node);

}  // namespace rondo::graph
