// Count how many consumers each node waits for, then take the ready node that was recorded last, ask its rule for the
// wanted gradients, and hand them to the producers of its inputs. Nothing here recurses, and nothing names an
// operation.
#include <rondo/autograd/graph/anomaly.h>
#include <rondo/autograd/graph/arithmetic.h>
#include <rondo/autograd/graph/history.h>
#include <rondo/autograd/graph/hooks.h>
#include <rondo/autograd/graph/run-inl.h>
#include <rondo/autograd/graph/watch.h>

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace rondo::graph {

namespace {

bool earlier(const Node* a, const Node* b) { return a->sequence_nr() < b->sequence_nr(); }

// Brings the gradient into the shape and dtype of what it is the gradient of.
void fit_closely(const Node& producer, int nr, Tensor& gradient, const OutputMeta& meta) {
  if (gradient.sizes() != IntArrayRef(meta.sizes)) {
    const IntArrayRef have = gradient.sizes(), want = meta.sizes;
    if (!expands_to(want, have)) {
      fail(producer.name(),
           fmt::format("Function {} returned an invalid gradient at index {} - got {} but expected shape "
                       "compatible with {}",
                       producer.name(), nr, to_string(have), to_string(want)));
    }
    gradient = sum_to(gradient, want);
  }
  if (gradient.dtype() != meta.dtype) gradient = cast(gradient, meta.dtype);
}
[[gnu::always_inline]] inline void fit(const Node& producer, int nr, Tensor& gradient, const OutputMeta& meta) {
  const TensorImpl& impl = *gradient.unsafeGetTensorImpl();
  if (!(impl.sizes == meta.sizes) || impl.dtype != meta.dtype) [[unlikely]]
    fit_closely(producer, nr, gradient, meta);
}

// Whether nobody else sees the gradient, so that it may be changed.
bool sole(const Tensor& t) {
  const TensorImpl& impl = *t.unsafeGetTensorImpl();
  return impl.use_count() == 1 && impl.storage->use_count() == 1 && impl.contiguous;
}

// Adds to a gradient that waits in a buffer: in place where nobody else sees it.
void accumulate(Tensor& sum, Tensor gradient, bool create_graph) {
  if (!sum.defined()) {
    sum = std::move(gradient);
    return;
  }
  if (!create_graph && sole(sum)) {
    add_in_place(sum, gradient);
  } else if (!create_graph && sole(gradient)) {
    add_in_place(gradient, sum);
    sum = std::move(gradient);
  } else {
    sum = add(sum, gradient);
  }
}

}  // namespace

// One thread at a time takes a node's step: another may be about to forget what this one reads. The thread itself may
// come again, by a backward within the rule.
class Run::Turn {
 public:
  explicit Turn(Node& node) {
    if (!base::is_single_threaded()) take(node);
  }
  ~Turn() {
    if (!taken_) return;
    taken_->walker_.store(0, std::memory_order_release);
    taken_->walker_.notify_one();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  void take(Node& node) {
    uint32_t holder = 0;
    while (!node.walker_.compare_exchange_weak(holder, modes.walker, std::memory_order_acquire)) {
      if (holder == modes.walker) return;
      if (holder != 0) node.walker_.wait(holder, std::memory_order_relaxed);
      holder = 0;
    }
    taken_ = &node;
  }
  Node* taken_ = nullptr;
};

void Run::discover(Node* root) {
  if (!claim(root)) return;
  for (size_t i = visited.size() - 1; i < visited.size(); ++i) {
    Node* node = visited[i];
    for (int e = 0; e < node->num_outputs(); ++e) {
      Node* next = node->next_edge(e).function.get();
      if (!next) continue;
      claim(next);
      ++at(next).waiting;
    }
  }
}

// A node is needed when a captured node can be reached from it: computed after all nodes behind it, without recursion.
// `seen` holds the nodes of earlier roots.
void Run::mark_needed(Node* root, std::unordered_set<Node*>& seen) {
  if (!seen.insert(root).second) return;
  std::vector<std::pair<Node*, int>> path{{root, 0}};
  at(root).needed = false;
  while (!path.empty()) {
    auto& [node, e] = path.back();
    if (e == node->num_outputs()) {
      path.pop_back();
      continue;
    }
    Node* next = node->next_edge(e).function.get();
    if (next && seen.insert(next).second) {
      at(next).needed = false;
      path.push_back({next, 0});
      continue;
    }
    if (next && (at(next).needed || at(next).capture > 0)) at(node).needed = true;
    ++e;
  }
}

void Run::push_ready(Node* node) {
  if (!latest) {
    latest = node;
    return;
  }
  push_heap_only(node);
}

// The ready node that was recorded last; null where none is left.
Node* Run::pop_ready() {
  Node* node = std::exchange(latest, nullptr);
  if (ready.empty() || (node && !earlier(node, ready.front()))) return node;
  if (node) push_heap_only(node);
  std::pop_heap(ready.begin(), ready.end(), earlier);
  node = ready.back();
  ready.pop_back();
  return node;
}

void Run::push_heap_only(Node* node) {
  ready.push_back(node);
  std::push_heap(ready.begin(), ready.end(), earlier);
}

// Where the gradients of one output of a node are summed up before its step.
[[gnu::always_inline]] inline Tensor& Run::sum_at(const Edge& edge, Node::Scratch& scratch) {
  return edge.input_nr == 0 ? scratch.first : further_sum_at(edge, scratch);
}

Tensor& Run::further_sum_at(const Edge& edge, Node::Scratch& scratch) {
  if (!scratch.more) scratch.more = new variable_list(static_cast<size_t>(edge.function->num_inputs() - 1));
  return (*scratch.more)[edge.input_nr - 1];
}

void Run::deliver(const Edge& edge, Tensor gradient) {
  accumulate(sum_at(edge, at(edge.function.get())), std::move(gradient), create_graph);
}

Tensor* Run::waiting_sum(const Edge& edge) {
  if (create_graph || modes.anomaly) return nullptr;
  Tensor& sum = sum_at(edge, at(edge.function.get()));
  return sum.defined() && sole(sum) ? &sum : nullptr;
}

Tensor* Backward::waiting_sum(int input) const {
  return run_ && wants(input) ? run_->waiting_sum(node_.next_edge(input)) : nullptr;
}

// The step with room for the gradients that go in and come out; a part of the common case of step.
[[gnu::always_inline]] inline void Run::step_with(Node* node, Tensor* in, Tensor* out, bool* wanted) {
  const int inputs = node->num_inputs(), outputs = node->num_outputs();
  bool needed;
  bool any = false;
  {
    Node::Scratch& scratch = at(node);
    in[0] = std::move(scratch.first);
    if (scratch.more) {
      for (size_t i = 0; i < scratch.more->size(); ++i) in[i + 1] = std::move((*scratch.more)[i]);
      forget_more(scratch);
    }
    needed = scratch.needed;
    if (const NodeHooks* hooks = node->hooks()) {
      for (int i = 0; i < inputs; ++i) {
        hooks->run(static_cast<uint32_t>(i), in[i]);
        if (!restricted || needed || accumulates) hooks->fill_retained(static_cast<uint32_t>(i), in[i]);
      }
    }
    for (int32_t c = scratch.capture; c > 0; c = captures[static_cast<size_t>(c - 1)].next) {
      Capture& capture = captures[static_cast<size_t>(c - 1)];
      capture.gradient = in[capture.edge.input_nr];
    }
  }
  if (restricted && !needed) return;
  for (int i = 0; i < inputs; ++i) any = any || in[i].defined();

  for (int i = 0; i < outputs; ++i) {
    Node* next = node->next_edge(i).function.get();
    wanted[i] = next != nullptr;
    if (next && restricted) {
      const Node::Scratch& scratch = at(next);
      wanted[i] = scratch.needed || scratch.capture > 0;
    }
  }
  if (any || node->traits().accepts_undefined) {
    if (node->hooks()) [[unlikely]] {
      call_hooked(node, in, out, wanted);
    } else {
      const Turn turn(*node);
      call(node, Backward(*node, in, out, wanted, create_graph, this), out);
      if (!keep_graph) node->release_variables();
    }
    if (create_graph && node->traits().flat_slope) add_zero_slopes(node, out, wanted);
  }
  for (int i = 0; i < outputs; ++i) {
    const Edge& edge = node->next_edge(i);
    if (!edge.function) continue;
    Node::Scratch& next = at(edge.function.get());
    if (wanted[i] && out[i].defined()) {
      fit(*node, i, out[i], edge.function->output_meta(edge.input_nr));
      Tensor& sum = sum_at(edge, next);
      if (!sum.defined()) {
        sum = std::move(out[i]);
      } else {
        accumulate(sum, std::move(out[i]), create_graph);
      }
    }
    if (--next.waiting == 0) push_ready(edge.function.get());
  }
}

void Run::step(Node* node) {
  const int inputs = node->num_inputs(), outputs = node->num_outputs();
  constexpr int kHere = 3;
  if (inputs <= kHere && outputs <= kHere) [[likely]] {
    Tensor in[kHere], out[kHere];
    bool wanted[kHere];
    return step_with(node, in, out, wanted);
  }
  variable_list in(static_cast<size_t>(inputs)), out(static_cast<size_t>(outputs));
  const auto wanted = std::make_unique<bool[]>(static_cast<size_t>(outputs) + 1);
  step_with(node, in.data(), out.data(), wanted.get());
}

namespace {

// A gradient that is constant in an input, connected with it.
Tensor connect(const Tensor& gradient, const Edge& input);

// The first input's gradient passes; the second input gets zeros, which are constant in it too.
struct FlatSlopeBackward final : Node {
  std::string name() const override { return "FlatSlopeBackward0"; }
  void backward(Backward& step) override {
    if (step.wants(1)) {
      const Edge& edge = next_edge(1);
      const OutputMeta& meta = edge.function->output_meta(edge.input_nr);
      step[1] = zeros(meta.sizes, meta.dtype);
      if (step.create_graph()) step[1] = connect(step[1], edge);
    }
    if (step.wants(0)) step[0] = step.take_gy();
  }
};

Tensor connect(const Tensor& gradient, const Edge& input) {
  auto link = base::Ref<FlatSlopeBackward>(new FlatSlopeBackward);
  link->add_edge(gradient);
  link->add_edge(input);
  Tensor connected = alias_without_history(gradient);
  set_grad_fn(connected, std::move(link), 0);
  return connected;
}

}  // namespace

// Connects the gradients with the inputs that they are constant in, piece by piece.
void Run::add_zero_slopes(Node* node, Tensor* out, const bool* wanted) {
  if (!grad_enabled()) return;
  for (int i = 0; i < node->num_outputs(); ++i) {
    if (wanted[i] && out[i].defined()) out[i] = connect(out[i], node->next_edge(i));
  }
}

void Run::call(Node* node, Backward step, const Tensor* out) {
  if (modes.anomaly || modes.watch) [[unlikely]]
    return call_watched(node, step, out);
  node->backward(step);
}

// Between the node's hooks.
void Run::call_hooked(Node* node, Tensor* in, Tensor* out, bool* wanted) {
  const NodeHooks& hooks = *node->hooks();
  const bool any = !(hooks.before.empty() && hooks.after.empty() && hooks.accumulated.empty());
  variable_list given;
  if (any) {
    hooks.run_before(in, node->num_inputs());
    given.assign(in, in + node->num_inputs());
  }
  {
    const Turn turn(*node);  // hooks may wait for one another
    call(node, Backward(*node, in, out, wanted, create_graph, any ? nullptr : this), out);
    if (!keep_graph) node->release_variables();
  }
  if (any) {
    hooks.run_accumulated(*node);
    hooks.run_after(out, node->num_outputs(), given);
  }
}

// In anomaly mode errors and NaN come with the place where the operation was recorded; a profiler sees the step.
void Run::call_watched(Node* node, Backward& step, const Tensor* out) {
  Node* const before = std::exchange(modes.running, node);
  OperationWatch* const watch = modes.watch;
  if (watch) watch->before_step(*node);
  bool ended = false;
  try {
    node->backward(step);
    ended = true;
    if (watch) watch->after_step(*node);
    for (int i = 0; modes.anomaly && modes.check_nan && i < node->num_outputs(); ++i) {
      if (out[i].defined() && has_nan(out[i])) {
        fail(node->name(), fmt::format("Function '{}' returned nan values in its {}th output.", node->name(), i));
      }
    }
  } catch (...) {
    modes.running = before;
    if (watch && !ended) watch->after_step(*node);
    if (modes.anomaly) warn_of_origin(*node);
    throw;
  }
  modes.running = before;
}

void Run::walk() {
  while (Node* node = pop_ready()) step(node);
  // Callbacks may queue callbacks.
  for (size_t i = 0; i < callbacks.size(); ++i) callbacks[i]->call();
}

}  // namespace rondo::graph
