// Nodes and edges: what operations record and what backward walks.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <string>
#include <type_traits>
#include <vector>

namespace rondo {

namespace autograd {
struct FunctionPreHook;
struct FunctionPostHook;
}  // namespace autograd

using variable_list = std::vector<Tensor>;

namespace graph {

class Node;
struct NodeHooks;
struct Run;

// The handle on a node that a program keeps by a std::shared_ptr: graph and program share it.
template <class P>
requires(std::is_convertible_v<typename P::weak_type::element_type*, Node*>) base::Ref<Node> share(const P& node);

// Where a gradient goes: the `input_nr`-th output of the forward operation that `function` belongs to. A null function
// means that no gradient is wanted.
struct Edge {
  base::Ref<Node> function;
  uint32_t input_nr = 0;

  Edge() = default;
  Edge(base::Ref<Node> to, uint32_t nr) : function(std::move(to)), input_nr(nr) {}
  template <class P>
  requires(std::is_convertible_v<typename P::weak_type::element_type*, Node*>) Edge(const P& to, uint32_t nr)
      : function(share(to)), input_nr(nr) {}
  bool is_valid() const { return static_cast<bool>(function); }
};
using edge_list = std::vector<Edge>;

// Shape and dtype of one output of the forward operation: what its gradient must have.
struct OutputMeta {
  Dims sizes;
  ScalarType dtype = ScalarType::Undefined;
};

// Up to N elements in place, more on the heap: edges and outputs of nodes. Places without an element are
// never touched; a new last one is made where it stays.
template <class T, int N>
class InlineList {
 public:
  InlineList() {}
  ~InlineList() { clear(); }
  void clear() {
    for (int32_t i = 0; i < size_ && i < N; ++i) here_[i].~T();
    delete std::exchange(more_, nullptr);
    size_ = 0;
  }
  int32_t size() const { return size_; }
  T& operator[](int64_t i) { return i < N ? here_[i] : (*more_)[static_cast<size_t>(i - N)]; }
  const T& operator[](int64_t i) const { return i < N ? here_[i] : (*more_)[static_cast<size_t>(i - N)]; }
  template <class... Parts>
  void add(Parts&&... parts) {
    if (size_ < N) {
      new (here_ + size_) T{std::forward<Parts>(parts)...};
    } else {
      if (!more_) more_ = new std::vector<T>;
      more_->push_back(T{std::forward<Parts>(parts)...});
    }
    ++size_;
  }

 private:
  int32_t size_ = 0;
  std::vector<T>* more_ = nullptr;
  union {
    T here_[N];
  };
};

// What a rule sees of a backward step: the gradients of the outputs, where the wanted gradients of the inputs go, and
// whether the step itself is being recorded.
class Backward {
 public:
  Backward(const Node& node, Tensor* incoming, Tensor* outgoing, const bool* wanted, bool create_graph,
           Run* run = nullptr)
      : node_(node),
        incoming_(incoming),
        outgoing_(outgoing),
        wanted_(wanted),
        create_graph_(create_graph),
        run_(run) {}

  // Gradient of output i; undefined when nothing flowed into it.
  const Tensor& gy(int i = 0) const { return incoming_[i]; }
  // Gradient of output i, zeros where nothing flowed into it.
  Tensor gy_or_zeros(int i) const;
  Tensor take_gy(int i = 0) { return std::move(incoming_[i]); }
  bool wants(int input) const { return wanted_[input]; }
  // Where the gradient of an input goes; it may stay undefined, and may have a shape that broadcast made larger.
  Tensor& operator[](int input) { return outgoing_[input]; }
  // True when second derivatives are asked for: only recorded operations may be used then.
  bool create_graph() const { return create_graph_; }
  // The contiguous sum of gradients that other uses of an input have already left, if the rule may add to it in place
  // (and then leave its own gradient undefined); else null. For rules whose gradient is zero almost everywhere.
  Tensor* waiting_sum(int input) const;

 private:
  const Node& node_;
  Tensor* incoming_;
  Tensor* outgoing_;
  const bool* wanted_;
  bool create_graph_;
  Run* run_;
};

// One recorded operation: its edges lead to the producers of its inputs. It never owns its own output.
class Node : public base::QuicklyCounted, public base::Pooled {
 public:
  Node();
  explicit Node(edge_list&& edges);
  virtual ~Node();
  static void dispose(Node* node) noexcept;

  // What the engine may assume of a rule.
  struct Traits {
    // It handles the case that every incoming gradient is undefined.
    bool accepts_undefined = false;
    // Each output number depends only on the input numbers of its own place, so that the Jacobians are diagonal.
    bool elementwise = false;
    // The gradients depend on the inputs only by comparisons (relu, max_pool2d): the second derivative is 0 then, not
    // absent. Differentiating twice gives zeros, as from libtorch, and optimizers see all parameters.
    bool flat_slope = false;
  };
  virtual Traits traits() const { return {}; }
  // libtorch's name for the operation, "MulBackward0"; of nodes that programs define, the type's name.
  virtual std::string name() const;
  // Writes the wanted gradients. The rule of nodes that programs define is apply.
  virtual void backward(Backward& step);
  // Gradients of the outputs in (undefined where nothing flowed), gradients of the inputs out.
  virtual variable_list apply(variable_list&& gradients);
  // Forgets saved values: called after backward unless the graph is retained.
  virtual void release_variables() {}

  // ---- building ----
  // Adds the edge of an input: to its producer, or to its accumulator when it is a leaf, or to nowhere.
  void add_edge(const Tensor& input);
  void add_edge(Edge edge) { edges_.add(std::move(edge)); }
  void add_output(const Tensor& output);
  void set_next_edges(edge_list&& edges);
  // The same by libtorch's names; the latter returns the output's number.
  void add_next_edge(Edge edge) { edges_.add(std::move(edge)); }
  uint32_t add_input_metadata(const Tensor& output) {
    add_output(output);
    return static_cast<uint32_t>(num_inputs() - 1);
  }

  // ---- reading ----
  int num_outputs() const { return edges_.size(); }   // gradients that it produces: forward's inputs
  int num_inputs() const { return outputs_.size(); }  // gradients that it takes: forward's outputs
  const Edge& next_edge(int i) const { return edges_[i]; }
  edge_list next_edges() const;
  bool wants(int input) const { return edges_[input].is_valid(); }
  bool should_compute_output(size_t input) const { return wants(static_cast<int>(input)); }
  OutputMeta& output_meta(int i) { return outputs_[i]; }
  const OutputMeta& output_meta(int i) const { return outputs_[i]; }
  uint64_t sequence_nr() const { return sequence_; }

  // Runs the rule outside of the engine: gradients of the outputs in, gradients of the inputs out.
  variable_list operator()(variable_list gradients);

  // ---- hooks (hooks.h) ----
  NodeHooks* hooks() const { return hooks_; }
  NodeHooks& make_hooks();
  // Functions that run before and after the rule; the result names the hook in del_pre_hook and del_post_hook.
  // Owner: a std::unique_ptr of an autograd::FunctionPreHook, of a FunctionPostHook.
  template <class Owner>
  uintptr_t add_pre_hook(Owner hook) {
    return own_pre_hook(hook.release());
  }
  template <class Owner>
  uintptr_t add_post_hook(Owner hook) {
    return own_post_hook(hook.release());
  }
  // False where no such hook is left.
  bool del_pre_hook(uintptr_t number);
  bool del_post_hook(uintptr_t number);

  // Marks of the backward run that holds a node; further runs at the same time keep theirs in a table.
  struct Scratch {
    Tensor first;                   // gradient of output 0
    variable_list* more = nullptr;  // gradients of the further outputs, from the first that comes until the step
    int32_t waiting = 0;            // consumers that have not delivered yet
    int32_t capture = 0;            // index + 1 of its first capture, 0: none
    bool needed = true;             // leads to a wanted input
  };

 protected:
  // Sorted last to run first: accumulators take a number above all others.
  void set_sequence(uint64_t number) { sequence_ = number; }

 private:
  friend struct Run;
  uintptr_t own_pre_hook(autograd::FunctionPreHook* hook);
  uintptr_t own_post_hook(autograd::FunctionPostHook* hook);

  std::atomic<uint32_t> walker_{0};  // whose step is under way, where several threads may go through one graph
  InlineList<Edge, 3> edges_;
  InlineList<OutputMeta, 1> outputs_;
  uint64_t sequence_;
  NodeHooks* hooks_ = nullptr;
  std::atomic<Run*> holder_{nullptr};
  Scratch scratch_;
};

// Keeps a program's share of its node while the graph holds the node.
struct NodeOwner {
  virtual ~NodeOwner() = default;
};
// Takes the owner where the node has none yet.
base::Ref<Node> share(Node& node, NodeOwner* owner);

template <class P>
requires(std::is_convertible_v<typename P::weak_type::element_type*, Node*>) base::Ref<Node> share(const P& node) {
  struct Owner final : NodeOwner {
    explicit Owner(const P& share) : kept(share) {}
    P kept;
  };
  if (!node) return {};
  if (const auto* keeper = get_deleter<base::Keeper<Node>>(node)) return keeper->share;
  return share(*node, new Owner(node));
}

}  // namespace graph

namespace autograd {
using graph::Edge;
using graph::edge_list;
using Variable = Tensor;
using tensor_list = variable_list;
using rondo::variable_list;
}  // namespace autograd
}  // namespace rondo
