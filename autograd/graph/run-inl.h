// One backward: which nodes take part, in which order, and each one's step. Internal to the engine.
#pragma once

#include <rondo/autograd/graph/engine.h>
#include <rondo/autograd/graph/node.h>

#include <unordered_map>
#include <unordered_set>

namespace rondo::graph {

// Its marks sit in the nodes; where another run holds a node, they sit in a table.
struct Run {
  struct Capture {
    Edge edge;
    Tensor gradient;
    int32_t next;  // further captures of the same node: index + 1
  };

  bool create_graph, keep_graph, restricted;
  bool accumulates = true;  // restricted: the captured gradients go where tensors retain theirs
  std::vector<Node*> visited, ready;
  Node* latest = nullptr;  // a ready node outside of the heap: in a chain there is no other
  std::vector<Capture> captures;
  std::unordered_map<Node*, Node::Scratch> elsewhere;

  Run(bool create, bool keep, bool only_inputs) : create_graph(create), keep_graph(keep), restricted(only_inputs) {}
  ~Run() {
    for (Node* node : visited) {
      if (node->holder_.load(std::memory_order_relaxed) != this) continue;
      node->scratch_.first.reset();
      forget_more(node->scratch_);
      node->scratch_.waiting = 0;
      node->scratch_.needed = true;
      node->scratch_.capture = 0;
      node->holder_.store(nullptr, std::memory_order_release);
    }
    for (auto& [node, scratch] : elsewhere) forget_more(scratch);
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  static void forget_more(Node::Scratch& scratch) {
    if (scratch.more) [[unlikely]]
      delete std::exchange(scratch.more, nullptr);
  }

  // Marks a node as part of this run; false if it already was.
  bool claim(Node* node) {
    // What another run held when this one came keeps its marks in the table, also once that run has let go of it.
    if (!elsewhere.empty() && elsewhere.contains(node)) return false;
    Run* holder = nullptr;
    if (base::is_single_threaded()) {
      holder = node->holder_.load(std::memory_order_relaxed);
      if (!holder) node->holder_.store(this, std::memory_order_relaxed);
    } else {
      node->holder_.compare_exchange_strong(holder, this, std::memory_order_acquire);
    }
    if (holder == this || (holder && !elsewhere.try_emplace(node).second)) return false;
    visited.push_back(node);
    return true;
  }
  Node::Scratch& at(Node* node) {
    return node->holder_.load(std::memory_order_relaxed) == this ? node->scratch_ : elsewhere.at(node);
  }

  bool holds(Node* node) const {
    return node->holder_.load(std::memory_order_relaxed) == this || elsewhere.contains(node);
  }

  // Lists the nodes behind a root, and how many gradients each of them waits for.
  void discover(Node* root);
  void mark_needed(Node* root, std::unordered_set<Node*>& seen);
  void deliver(const Edge& edge, Tensor gradient);
  Tensor& sum_at(const Edge& edge, Node::Scratch& scratch);
  static Tensor& further_sum_at(const Edge& edge, Node::Scratch& scratch);
  Tensor* waiting_sum(const Edge& edge);
  void push_ready(Node* node);
  void push_heap_only(Node* node);
  Node* pop_ready();
  // The steps of all ready nodes and of those that become ready, then the callbacks.
  void walk();
  void step(Node* node);
  void step_with(Node* node, Tensor* in, Tensor* out, bool* wanted);
  void call(Node* node, Backward step, const Tensor* out);
  void add_zero_slopes(Node* node, Tensor* out, const bool* wanted);
  void call_hooked(Node* node, Tensor* in, Tensor* out, bool* wanted);
  void call_watched(Node* node, Backward& step, const Tensor* out);

  std::vector<base::Ref<autograd::Callback>> callbacks;

  class Turn;  // to take a node's step
};

}  // namespace rondo::graph
