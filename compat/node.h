// Nodes that programs define, and what connects them to tensors by libtorch's names.
//
//   struct Twice : torch::autograd::Node {
//     variable_list apply(variable_list&& g) override { return {g[0] * 2}; }
//   };
//   auto node = std::make_shared<Twice>();
//   node->set_next_edges(torch::autograd::collect_next_edges(x));
//   torch::autograd::set_history(y, node);
#pragma once

#include <rondo/autograd/graph/meta.h>
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/graph/saved.h>
#include <rondo/autograd/tensor/factory.h>

#include <memory>
#include <optional>

namespace rondo::autograd {

using graph::Node;
using rondo::InferenceMode;

inline void deleteNode(Node* node) { delete node; }

namespace impl {
using graph::gradient_edge;
inline std::shared_ptr<Node> grad_accumulator(const Variable& leaf) {
  return leaf.defined() && leaf.is_leaf() && leaf.requires_grad() ? graph::gradient_edge(leaf).function : nullptr;
}
inline void set_gradient_edge(const Variable& tensor, Edge edge) {
  graph::set_grad_fn(tensor, std::move(edge.function), edge.input_nr);
}
}  // namespace impl

// Whether history would be recorded for any of the tensors.
template <class... Tensors>
bool compute_requires_grad(const Tensors&... tensors) {
  return GradMode::is_enabled() && (false || ... || (tensors.defined() && tensors.requires_grad()));
}

namespace detail {
template <class Call>
void each_tensor(const Tensor& tensor, const Call& call) {
  call(tensor);
}
template <class Call>
void each_tensor(TensorList tensors, const Call& call) {
  for (const Tensor& tensor : tensors) call(tensor);
}
}  // namespace detail

// Tensors, or lists of them, as one list.
template <class... Tensors>
variable_list flatten_tensor_args(const Tensors&... tensors) {
  variable_list list;
  (detail::each_tensor(tensors, [&](const Tensor& tensor) { list.push_back(tensor); }), ...);
  return list;
}

// Where the gradients of the tensors (or lists of tensors) go; nothing while no history is recorded.
template <class... Tensors>
edge_list collect_next_edges(const Tensors&... tensors) {
  edge_list edges;
  const auto add = [&](const Tensor& tensor) {
    edges.push_back(tensor.defined() ? graph::gradient_edge(tensor) : Edge());
  };
  if (GradMode::is_enabled()) (detail::each_tensor(tensors, add), ...);
  return edges;
}

// Makes the node the producer of a tensor (of each of several) that has no history yet.
inline void set_history(const Variable& tensor, const std::shared_ptr<Node>& node) {
  if (!node) return;
  if (!tensor.defined()) fail("set_history", "an output is undefined");
  const uint32_t number = node->add_input_metadata(tensor);
  impl::set_gradient_edge(tensor, {node, number});
}
inline void set_history(const variable_list& tensors, const std::shared_ptr<Node>& node) {
  for (const Variable& tensor : tensors) set_history(tensor, node);
}
inline void create_gradient_edge(const Variable& tensor, const std::shared_ptr<Node>& node) {
  set_history(tensor, node);
}

// `outputs`, which the node made by `make` from the inputs' edges has produced; without history where none is recorded.
template <class Make>
variable_list wrap_outputs(const variable_list& inputs, variable_list&& outputs, const Make& make) {
  bool recorded = false;
  for (const Tensor& input : inputs) recorded = recorded || compute_requires_grad(input);
  variable_list results = std::move(outputs);
  const std::shared_ptr<Node> node = make(recorded ? collect_next_edges(inputs) : edge_list());
  for (Tensor& result : results) {
    if (!result.defined()) {
      node->add_input_metadata(empty({0}));
      continue;
    }
    result = result.detach();
    if (recorded) set_history(result, node);
  }
  return results;
}

// A tensor that a node keeps for its backward step. `unpack` throws where it was changed in place since.
class SavedVariable {
 public:
  SavedVariable() = default;
  SavedVariable(const Variable& tensor, bool is_output, bool = false) : is_output_(is_output) {
    if (!tensor.defined()) return;
    saved_ = std::make_unique<graph::Saved>();
    if (is_output) {
      saved_->save_output(tensor, static_cast<uint32_t>(tensor.output_nr()));
    } else {
      saved_->save_input(tensor);
    }
  }
  SavedVariable(const std::optional<Variable>& tensor, bool is_output, bool = false)
      : SavedVariable(tensor ? *tensor : Variable(), is_output) {}

  // `saved_for`: the node that keeps it. Throws Error for an output without it.
  Variable unpack(const std::shared_ptr<Node>& saved_for = nullptr) const {
    if (!saved_) return {};
    if (!saved_for && is_output_)
      fail("SavedVariable::unpack", "No grad_fn for non-leaf saved variable; need the node");
    // An output comes back with its node as producer, so the graph takes a share of it first.
    const auto owner = saved_for ? graph::share(saved_for) : base::Ref<Node>(new Node);
    return saved_->get(*owner);
  }
  void reset_data() {
    if (saved_) saved_->release();
  }

 private:
  std::unique_ptr<graph::Saved> saved_;
  bool is_output_ = false;
};

}  // namespace rondo::autograd

// Found by their arguments too: a node's class lies here.
namespace rondo::graph {
using autograd::create_gradient_edge;
using autograd::set_history;
}  // namespace rondo::graph
