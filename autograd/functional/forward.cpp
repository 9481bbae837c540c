// The walk of forward mode, and how a backward rule yields a tangent.
#include <rondo/autograd/functional/forward.h>
#include <rondo/autograd/graph/engine.h>
#include <rondo/autograd/graph/meta.h>
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/tensor/factory.h>

#include <memory>

namespace rondo::autograd {
namespace {

void add(variable_list& list, uint32_t nr, const Tensor& tangent) {
  if (list.size() <= nr) list.resize(nr + 1);
  list[nr] = list[nr].defined() ? list[nr] + tangent : tangent;
}

variable_list call(graph::Node& node, variable_list in, const bool* wanted, bool create_graph) {
  variable_list out(static_cast<size_t>(node.num_outputs()));
  AutoGradMode mode(create_graph);
  graph::Backward step(node, in.data(), out.data(), wanted, create_graph);
  node.backward(step);
  return out;
}

}  // namespace

void Forward::set(const Tensor& input, const Tensor& tangent) {
  const graph::Edge edge = graph::gradient_edge(input);
  add(tangents_[edge.function.get()], edge.input_nr, tangent);
}

void Forward::set(graph::Node* node, const Tensor& tangent) { tangents_[node] = {tangent}; }

Tensor Forward::tangent(const Tensor& output) {
  const graph::Edge edge = graph::gradient_edge(output);
  if (!edge.function) return {};
  walk(edge.function.get());
  return at(edge);
}

Tensor Forward::at(const graph::Edge& edge) const {
  const auto found = tangents_.find(edge.function.get());
  if (found == tangents_.end() || found->second.size() <= edge.input_nr) return {};
  return found->second[edge.input_nr];
}

// Every node after those that it reads from; no recursion.
void Forward::walk(graph::Node* root) {
  std::vector<std::pair<graph::Node*, int>> path{{root, 0}};
  while (!path.empty()) {
    auto& [node, next] = path.back();
    if (tangents_.contains(node)) {
      path.pop_back();
      continue;
    }
    if (next < node->num_outputs()) {
      graph::Node* before = node->next_edge(next++).function.get();
      if (before && !tangents_.contains(before)) path.emplace_back(before, 0);
      continue;
    }
    graph::Node* const ready = node;
    path.pop_back();
    tangents_[ready] = pass(*ready);
  }
}

variable_list Forward::pass(graph::Node& node) const {
  variable_list given(static_cast<size_t>(node.num_outputs()));
  bool any = false;
  for (int i = 0; i < node.num_outputs(); ++i) {
    if (node.wants(i)) given[static_cast<size_t>(i)] = at(node.next_edge(i));
    any = any || given[static_cast<size_t>(i)].defined();
  }
  if (!any) return {};
  return node.traits().elementwise ? multiply(node, given) : transpose(node, given);
}

// The Jacobian of an elementwise operation is a diagonal, which backward multiplies with as well.
variable_list Forward::multiply(graph::Node& node, const variable_list& given) const {
  const graph::OutputMeta& meta = node.output_meta(0);
  const auto wanted = std::make_unique<bool[]>(given.size());
  Tensor sum;
  for (size_t i = 0; i < given.size(); ++i) {
    if (!given[i].defined()) continue;
    wanted[i] = true;
    const Tensor wide = given[i].to(meta.dtype).expand(meta.sizes);
    const Tensor part = call(node, {wide}, wanted.get(), create_graph_)[i];
    wanted[i] = false;
    if (part.defined()) sum = sum.defined() ? sum + part : part;
  }
  return {sum};
}

// <J^T u, t> is linear in u, and its derivative for u is J t.
variable_list Forward::transpose(graph::Node& node, const variable_list& given) const {
  variable_list u;
  for (int k = 0; k < node.num_inputs(); ++k) {
    u.push_back(zeros(node.output_meta(k).sizes, node.output_meta(k).dtype).requires_grad_());
  }
  const auto wanted = std::make_unique<bool[]>(given.size());
  for (size_t i = 0; i < given.size(); ++i) wanted[i] = given[i].defined();
  AutoGradMode mode(true);
  variable_list through;
  for (const Tensor& t : u) through.push_back(t.view_as(t));  // rules may change what they are given
  const variable_list back = call(node, through, wanted.get(), true);
  Tensor total;
  for (size_t i = 0; i < given.size(); ++i) {
    if (!given[i].defined() || !back[i].defined() || !back[i].requires_grad()) continue;
    const Tensor fitting = back[i].sum_to_size(given[i].sizes()).to(given[i].dtype());
    const Tensor part = (fitting * given[i]).sum();
    total = total.defined() ? total + part : part;
  }
  if (!total.defined()) return {};
  return grad({total}, u, {}, create_graph_, create_graph_, true);
}

}  // namespace rondo::autograd
