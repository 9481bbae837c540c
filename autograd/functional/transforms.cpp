#include <rondo/autograd/functional/forward.h>
#include <rondo/autograd/functional/transforms.h>
#include <rondo/autograd/graph/engine.h>
#include <rondo/autograd/graph/history.h>
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

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
  Forward forward;
  for (size_t i = 0; i < leaves.size(); ++i) forward.set(leaves[i], v[i]);
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
