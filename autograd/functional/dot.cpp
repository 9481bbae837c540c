#include <rondo/autograd/base/escape.h>
#include <rondo/autograd/functional/dot.h>
#include <rondo/autograd/graph/history.h>

#include <fmt/format.h>

#include <unordered_map>

namespace rondo::autograd {
namespace {

std::string shapes(const graph::Node& node) {
  std::string text;
  for (int i = 0; i < node.num_inputs(); ++i) {
    text += fmt::format("\\n{} {}", dtype_name(node.output_meta(i).dtype), to_string(node.output_meta(i).sizes));
  }
  return text;
}

}  // namespace

std::string to_dot(const Tensor& result, const std::vector<std::pair<std::string, Tensor>>& names) {
  const graph::Edge root = graph::gradient_edge(result);
  if (!root.function) fail("to_dot", "the tensor has no graph: it does not require grad");
  std::unordered_map<const graph::Node*, std::string> labels;
  for (const auto& [name, leaf] : names) {
    if (leaf.defined() && leaf.requires_grad()) labels[graph::gradient_edge(leaf).function.get()] = name;
  }
  std::unordered_map<const graph::Node*, size_t> numbers{{root.function.get(), 0}};
  std::vector<const graph::Node*> nodes{root.function.get()};
  std::string arrows;
  for (size_t i = 0; i < nodes.size(); ++i) {
    for (int e = 0; e < nodes[i]->num_outputs(); ++e) {
      const graph::Node* from = nodes[i]->next_edge(e).function.get();
      if (!from) continue;
      const auto [place, is_new] = numbers.try_emplace(from, nodes.size());
      if (is_new) nodes.push_back(from);
      arrows += fmt::format("  n{} -> n{};\n", place->second, i);
    }
  }
  std::string text = "digraph autograd {\n  rankdir=TB;\n  node [fontname=\"Helvetica\", fontsize=10];\n";
  for (size_t i = 0; i < nodes.size(); ++i) {
    const bool leaf = dynamic_cast<const graph::AccumulateGrad*>(nodes[i]) != nullptr;
    const auto label = labels.find(nodes[i]);
    const std::string name = label != labels.end() ? label->second : leaf ? "leaf" : nodes[i]->name();
    text += fmt::format("  n{} [label=\"{}{}\", shape={}, style=filled, fillcolor=\"{}\"];\n", i, base::escaped(name),
                        shapes(*nodes[i]), leaf ? "ellipse" : "box",
                        leaf     ? "#d5e8d4"
                        : i == 0 ? "#ffe6cc"
                                 : "#f5f5f5");
  }
  return text + arrows + "}\n";
}

}  // namespace rondo::autograd
