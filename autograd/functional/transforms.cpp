#include <rondo/autograd/functional/transforms.h>
#include <rondo/autograd/graph/engine.h>
#include <rondo/autograd/graph/history.h>
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <memory>
#include <unordered_map>

namespace rondo::autograd {
namespace {

// The inputs as the start of a graph of their own, or as they are where that graph must reach further back.
variable_list start(const variable_list& inputs, bool create_graph) {
  variable_list leaves;
  for (const Tensor& input : inputs) {
    if (create_graph) {
      leaves.push_back(input.requires_grad() ? input.view_as(input) : input.detach().requires_grad_());
    } else {
      leaves.push_back(input.detach().requires_grad_());
    }
  }
  return leaves;
}

variable_list zeros_for_missing(variable_list gradients, const variable_list& inputs) {
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (!gradients[i].defined()) gradients[i] = zeros_like(inputs[i]);
  }
  return gradients;
}

variable_list detached(variable_list tensors, bool keep_history) {
  if (keep_history) return tensors;
  for (Tensor& tensor : tensors) tensor = tensor.detach();
  return tensors;
}

void check_vectors(const char* operation, const char* what, const variable_list& v, const variable_list& like) {
  if (v.size() != like.size()) {
    fail(operation, fmt::format("got {} vectors for {} {}; need one for each", v.size(), like.size(), what));
  }
  for (size_t i = 0; i < v.size(); ++i) {
    if (v[i].sizes() != like[i].sizes()) {
      fail(operation, fmt::format("vector {} has shape {}; need {}, the shape of that of the {}", i,
                                  to_string(v[i].sizes()), to_string(like[i].sizes()), what));
    }
  }
}

// The gradients of the outputs that take part.
variable_list gradients(const variable_list& outputs, const variable_list& inputs, const variable_list& v,
                        bool create_graph, bool retain_graph) {
  variable_list roots, weights;
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (!outputs[i].requires_grad()) continue;
    roots.push_back(outputs[i]);
    weights.push_back(v.empty() ? Tensor() : v[i]);
  }
  if (roots.empty()) return zeros_for_missing(variable_list(inputs.size()), inputs);
  return zeros_for_missing(grad(roots, inputs, weights, retain_graph, create_graph, true), inputs);
}

// ---- forward mode

// Carries tangents through a recorded graph, from the inputs to the outputs.
class Forward {
 public:
  Forward(const variable_list& inputs, const variable_list& tangents) {
    for (size_t i = 0; i < inputs.size(); ++i) {
      const graph::Edge edge = graph::gradient_edge(inputs[i]);
      add(tangents_[edge.function.get()], edge.input_nr, tangents[i]);
    }
  }

  // The tangent of an output; undefined where the inputs do not reach it.
  Tensor tangent(const Tensor& output) {
    const graph::Edge edge = graph::gradient_edge(output);
    if (!edge.function) return {};
    walk(edge.function.get());
    return at(edge);
  }

 private:
  static void add(variable_list& list, uint32_t nr, const Tensor& tangent) {
    if (list.size() <= nr) list.resize(nr + 1);
    list[nr] = list[nr].defined() ? list[nr] + tangent : tangent;
  }

  Tensor at(const graph::Edge& edge) const {
    const auto found = tangents_.find(edge.function.get());
    if (found == tangents_.end() || found->second.size() <= edge.input_nr) return {};
    return found->second[edge.input_nr];
  }

  // Every node after those that it reads from; no recursion.
  void walk(graph::Node* root) {
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

  variable_list pass(graph::Node& node) const {
    variable_list given(static_cast<size_t>(node.num_outputs()));
    bool any = false;
    for (int i = 0; i < node.num_outputs(); ++i) {
      if (node.wants(i)) given[static_cast<size_t>(i)] = at(node.next_edge(i));
      any = any || given[static_cast<size_t>(i)].defined();
    }
    if (!any) return {};
    return node.elementwise() ? multiply(node, given) : transpose(node, given);
  }

  static variable_list call(graph::Node& node, variable_list in, const bool* wanted, bool create_graph) {
    variable_list out(static_cast<size_t>(node.num_outputs()));
    AutoGradMode mode(create_graph);
    graph::Backward step(node, in.data(), out.data(), wanted, create_graph);
    node.backward(step);
    return out;
  }

  // The Jacobian of an elementwise operation is a diagonal, which backward multiplies with as well.
  static variable_list multiply(graph::Node& node, const variable_list& given) {
    const graph::OutputMeta& meta = node.output_meta(0);
    const auto wanted = std::make_unique<bool[]>(given.size());
    Tensor sum;
    for (size_t i = 0; i < given.size(); ++i) {
      if (!given[i].defined()) continue;
      wanted[i] = true;
      const Tensor wide = given[i].to(meta.dtype).expand(meta.sizes);
      const Tensor part = call(node, {wide}, wanted.get(), false)[i];
      wanted[i] = false;
      if (part.defined()) sum = sum.defined() ? sum + part : part;
    }
    return {sum};
  }

  // <J^T u, t> is linear in u, and its derivative for u is J t.
  static variable_list transpose(graph::Node& node, const variable_list& given) {
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
    return grad({total}, u, {}, false, false, true);
  }

  std::unordered_map<graph::Node*, variable_list> tangents_;
};

Tensor one_number(const char* operation, const variable_list& outputs) {
  if (outputs.size() != 1 || outputs[0].numel() != 1) {
    fail(operation, fmt::format("the function must return one number, got {} tensors, the first of shape {}",
                                outputs.size(), outputs.empty() ? "none" : to_string(outputs[0].sizes())));
  }
  return outputs[0];
}

}  // namespace

void TensorFunction::check_one(const variable_list& inputs) {
  if (inputs.size() != 1) {
    fail("TensorFunction", fmt::format("the function takes one tensor, got {}", inputs.size()));
  }
}

std::pair<variable_list, variable_list> vjp(TensorFunction f, const variable_list& inputs, const variable_list& v,
                                            bool create_graph) {
  AutoGradMode mode(true);
  const variable_list leaves = start(inputs, create_graph);
  const variable_list outputs = f(leaves);
  if (!v.empty()) {
    check_vectors("vjp", "outputs", v, outputs);
  } else if (outputs.size() != 1 || outputs[0].numel() != 1) {
    fail("vjp", "the vector may be left out only where the function returns one number");
  }
  const variable_list products = gradients(outputs, leaves, v, create_graph, create_graph);
  return {detached(outputs, create_graph), products};
}

std::pair<variable_list, variable_list> jvp(TensorFunction f, const variable_list& inputs, const variable_list& v) {
  check_vectors("jvp", "inputs", v, inputs);
  AutoGradMode mode(true);
  const variable_list leaves = start(inputs, false);
  const variable_list outputs = f(leaves);
  Forward forward(leaves, v);
  variable_list tangents;
  for (const Tensor& output : outputs) {
    const Tensor tangent = forward.tangent(output);
    tangents.push_back(tangent.defined() ? tangent.detach() : zeros_like(output));
  }
  return {detached(outputs, false), tangents};
}

std::vector<variable_list> jacobian(TensorFunction f, const variable_list& inputs, bool create_graph) {
  AutoGradMode mode(true);
  const variable_list leaves = start(inputs, create_graph);
  const variable_list outputs = f(leaves);
  std::vector<variable_list> result;
  for (const Tensor& output : outputs) {
    std::vector<variable_list> rows(leaves.size());
    for (int64_t k = 0; k < output.numel(); ++k) {
      Tensor unit = zeros({output.numel()}, output.options());
      unit[k].fill_(1);
      const variable_list row = gradients({output}, leaves, {unit.view(output.sizes())}, create_graph, true);
      for (size_t i = 0; i < leaves.size(); ++i) rows[i].push_back(row[i]);
    }
    variable_list blocks;
    for (size_t i = 0; i < leaves.size(); ++i) {
      Dims sizes(output.sizes());
      for (int64_t size : leaves[i].sizes()) sizes.push_back(size);
      blocks.push_back(rows[i].empty() ? zeros(sizes, leaves[i].options()) : stack(rows[i]).reshape(sizes));
    }
    result.push_back(std::move(blocks));
  }
  return result;
}

Tensor jacobian(TensorFunction f, const Tensor& input, bool create_graph) {
  const std::vector<variable_list> blocks = jacobian(f, variable_list{input}, create_graph);
  if (blocks.size() != 1) {
    fail("jacobian", fmt::format("the function returned {} tensors; need one, or inputs as a list", blocks.size()));
  }
  return blocks[0][0];
}

std::vector<variable_list> hessian(TensorFunction f, const variable_list& inputs, bool create_graph) {
  const auto gradient = [&](const variable_list& x) {
    const Tensor y = one_number("hessian", f(x));
    return gradients({y}, x, {}, true, true);
  };
  return jacobian(gradient, inputs, create_graph);
}

Tensor hessian(TensorFunction f, const Tensor& input, bool create_graph) {
  return hessian(f, variable_list{input}, create_graph)[0][0];
}

std::pair<Tensor, variable_list> hvp(TensorFunction f, const variable_list& inputs, const variable_list& v,
                                     bool create_graph) {
  check_vectors("hvp", "inputs", v, inputs);
  AutoGradMode mode(true);
  const variable_list leaves = start(inputs, create_graph);
  const Tensor y = one_number("hvp", f(leaves));
  const variable_list first = gradients({y}, leaves, {}, true, true);
  return {create_graph ? y : y.detach(), gradients(first, leaves, v, create_graph, create_graph)};
}

}  // namespace rondo::autograd
