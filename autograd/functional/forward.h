// Forward mode: tangents carried through a recorded graph, from the inputs to the outputs.
#pragma once

#include <rondo/autograd/graph/node.h>

#include <unordered_map>

namespace rondo::autograd {

// Each operation's tangent comes from its backward rule: an elementwise one multiplies by a diagonal either way; the
// others are linear in the gradient, and are transposed.
class Forward {
 public:
  // With create_graph the tangents can be differentiated themselves.
  explicit Forward(bool create_graph = false) : create_graph_(create_graph) {}

  // Adds to the tangent of a tensor that the outputs are computed from.
  void set(const Tensor& input, const Tensor& tangent);
  // The same for the only output of a node, which the walk does not pass.
  void set(graph::Node* node, const Tensor& tangent);
  // The tangent of an output; undefined where the inputs do not reach it.
  Tensor tangent(const Tensor& output);

 private:
  Tensor at(const graph::Edge& edge) const;
  void walk(graph::Node* root);
  variable_list pass(graph::Node& node) const;
  variable_list multiply(graph::Node& node, const variable_list& given) const;
  variable_list transpose(graph::Node& node, const variable_list& given) const;

  std::unordered_map<graph::Node*, variable_list> tangents_;
  bool create_graph_;
};

}  // namespace rondo::autograd
