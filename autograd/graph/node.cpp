#include <rondo/autograd/base/demangle.h>
#include <rondo/autograd/graph/anomaly.h>
#include <rondo/autograd/graph/arithmetic.h>
#include <rondo/autograd/graph/hooks.h>
#include <rondo/autograd/graph/meta.h>
#include <rondo/autograd/graph/mode.h>

#include <fmt/format.h>

#include <memory>
#include <typeinfo>

namespace rondo::graph {
namespace {

// Nodes whose count reached zero while another node was being freed: freed in a loop, so that the depth of the graph
// is no depth of calls.
constinit thread_local std::vector<Node*>* condemned = nullptr;

// The program may still hold a node of its own.
void free_node(Node* node) {
  if (NodeHooks* hooks = node->hooks(); hooks && hooks->owner) [[unlikely]] {
    delete std::exchange(hooks->owner, nullptr);
  } else {
    delete node;
  }
}

}  // namespace

Node::Node() : sequence_(modes.sequence++) {
  if (modes.anomaly) [[unlikely]]
    remember_origin(*this);
}

Node::Node(edge_list&& edges) : Node() { set_next_edges(std::move(edges)); }

Node::~Node() {
  if (hooks_) [[unlikely]]
    delete hooks_;
}

void Node::dispose(Node* node) noexcept {
  if (condemned) {
    condemned->push_back(node);
    return;
  }
  std::vector<Node*> list;
  condemned = &list;
  free_node(node);
  while (!list.empty()) {
    Node* next = list.back();
    list.pop_back();
    free_node(next);
  }
  condemned = nullptr;
}

void Node::add_edge(const Tensor& input) {
  const AutogradMeta* meta = input.defined() ? meta_of(input) : nullptr;
  // gradient_edge's common cases, made where the edge stays: moving it there is a tenth of a small operation's time.
  if (meta && meta->view) {
    edges_.add(gradient_edge(input));
  } else if (meta && meta->grad_fn) {
    edges_.add(meta->grad_fn, meta->output_nr);
  } else if (meta && meta->requires_grad) {
    edges_.add(meta->accumulator, 0u);
  } else {
    edges_.add();
  }
}

void Node::add_output(const Tensor& output) {
  const TensorImpl& impl = *output.unsafeGetTensorImpl();
  outputs_.add(impl.sizes, impl.dtype);
}

void Node::set_next_edges(edge_list&& edges) {
  edges_.clear();
  for (Edge& edge : edges) edges_.add(std::move(edge));
}

edge_list Node::next_edges() const {
  edge_list list;
  for (int i = 0; i < edges_.size(); ++i) list.push_back(edges_[i]);
  return list;
}

NodeHooks& Node::make_hooks() {
  if (!hooks_) hooks_ = new NodeHooks;
  return *hooks_;
}

std::string Node::name() const { return base::demangle(typeid(*this).name()); }

variable_list Node::apply(variable_list&&) { fail(name(), "the node has no rule; need apply or backward"); }

void Node::backward(Backward& step) {
  variable_list gradients;
  for (int i = 0; i < num_inputs(); ++i) gradients.push_back(step.take_gy(i));
  variable_list results = apply(std::move(gradients));
  const auto expected = static_cast<size_t>(num_outputs());
  while (results.size() > expected && !results.back().defined()) results.pop_back();
  if (results.size() != expected) {
    fail(name(), fmt::format("Function {} returned an invalid number of gradients - got {}, but expected {}", name(),
                             results.size(), expected));
  }
  for (int i = 0; i < num_outputs(); ++i) {
    if (step.wants(i)) step[i] = std::move(results[static_cast<size_t>(i)]);
  }
}

base::Ref<Node> share(Node& node, NodeOwner* owner) {
  NodeOwner*& kept = node.make_hooks().owner;
  if (kept) {
    delete owner;
    return base::Ref<Node>(&node);
  }
  kept = owner;
  // The graph holds no reference; the last that it had is not counted down before the node is given up (free_node).
  return node.use_count() == 1 ? base::Ref<Node>::adopt(&node) : base::Ref<Node>(&node);
}

variable_list Node::operator()(variable_list gradients) {
  if (static_cast<int>(gradients.size()) != num_inputs()) {
    fail(name(), fmt::format("got {} gradients; need one for each of {} outputs", gradients.size(), num_inputs()));
  }
  variable_list results(static_cast<size_t>(num_outputs()));
  const auto wanted = std::make_unique<bool[]>(results.size() + 1);
  for (size_t i = 0; i < results.size(); ++i) wanted[i] = wants(static_cast<int>(i));
  Backward step(*this, gradients.data(), results.data(), wanted.get(), GradMode::is_enabled());
  backward(step);
  return results;
}

Tensor Backward::gy_or_zeros(int i) const {
  if (incoming_[i].defined()) return incoming_[i];
  const OutputMeta& meta = node_.output_meta(i);
  return zeros(meta.sizes, meta.dtype);
}

}  // namespace rondo::graph
