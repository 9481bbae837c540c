// The engine. Count how many consumers each node waits for, then take the ready node that was recorded last, ask its
// rule for the wanted gradients, and hand them to the producers of its inputs. Nothing here recurses, and nothing names
// an operation.
#include <rondo/autograd/graph/anomaly.h>
#include <rondo/autograd/graph/arithmetic.h>
#include <rondo/autograd/graph/engine.h>
#include <rondo/autograd/graph/history.h>
#include <rondo/autograd/graph/hooks.h>
#include <rondo/autograd/graph/watch.h>

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <thread>
#include <unordered_map>
#include <unordered_set>

namespace rondo::graph {

// One backward. Its marks sit in the nodes; where another run holds a node, they sit in a table.
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

  void discover(Node* root);
  void mark_needed(Node* root, std::unordered_set<Node*>& seen);
  void deliver(const Edge& edge, Tensor gradient);
  Tensor& sum_at(const Edge& edge, Node::Scratch& scratch);
  static Tensor& further_sum_at(const Edge& edge, Node::Scratch& scratch);
  Tensor* waiting_sum(const Edge& edge);
  void push_ready(Node* node);
  void push_heap_only(Node* node);
  Node* pop_ready();
  void step(Node* node);
  void step_with(Node* node, Tensor* in, Tensor* out, bool* wanted);
  void call(Node* node, Backward step, const Tensor* out);
  void add_zero_slopes(Node* node, Tensor* out, const bool* wanted);
  void call_hooked(Node* node, Tensor* in, Tensor* out, bool* wanted);
  void call_watched(Node* node, Backward& step, const Tensor* out);

  std::vector<base::Ref<autograd::Callback>> callbacks;

  // One thread at a time takes a node's step: another may be about to forget what this one reads. The thread itself may
  // come again, by a backward within the rule.
  class Turn {
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
};

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
    const Turn turn(*node);
    if (node->hooks()) [[unlikely]] {
      call_hooked(node, in, out, wanted);
    } else {
      call(node, Backward(*node, in, out, wanted, create_graph, this), out);
    }
    if (create_graph && node->traits().flat_slope) add_zero_slopes(node, out, wanted);
    if (!keep_graph) node->release_variables();
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
  call(node, Backward(*node, in, out, wanted, create_graph, any ? nullptr : this), out);
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

namespace {

// Roots, their gradients and where they enter the graph, checked.
struct Roots {
  std::vector<Edge> edges;
  variable_list gradients;
};

Roots check_roots(const char* operation, const variable_list& tensors, const variable_list& given) {
  if (!given.empty() && given.size() != tensors.size()) {
    fail(operation, fmt::format("got {} tensors and {} gradients; need one gradient for each tensor", tensors.size(),
                                given.size()));
  }
  Roots roots;
  for (size_t i = 0; i < tensors.size(); ++i) {
    const Tensor& tensor = tensors[i];
    if (!tensor.defined() || !requires_grad(tensor)) {
      fail(operation, fmt::format("element {} of tensors does not require grad and does not have a grad_fn", i));
    }
    Tensor gradient = given.empty() ? Tensor() : given[i];
    if (!gradient.defined()) {
      if (tensor.numel() != 1) {
        fail(operation, fmt::format("grad can be implicitly created only for scalar outputs; element {} has shape {}",
                                    i, to_string(tensor.sizes())));
      }
      gradient = ones(tensor.sizes(), tensor.dtype());
    } else if (gradient.sizes() != tensor.sizes()) {
      fail(operation,
           fmt::format("Mismatch in shape: grad_output[{0}] has a shape of {1} and output[{0}] has a shape of {2}.", i,
                       to_string(gradient.sizes()), to_string(tensor.sizes())));
    } else if (gradient.dtype() != tensor.dtype()) {
      gradient = cast(gradient, tensor.dtype());
    }
    roots.edges.push_back(gradient_edge(tensor));
    roots.gradients.push_back(std::move(gradient));
  }
  return roots;
}

constinit thread_local Run* current_run = nullptr;
std::atomic<uint32_t> walkers{0};

// Walks from the roots; with captures, only where they lead.
void walk_here(Run& run, Roots& roots) {
  AutoGradMode mode(run.create_graph);
  for (const Edge& edge : roots.edges) run.discover(edge.function.get());
  if (run.restricted) {
    for (size_t i = 0; i < run.captures.size(); ++i) {
      Run::Capture& capture = run.captures[i];
      Node* node = capture.edge.function.get();
      if (node->num_inputs() == 0) continue;
      if (!run.holds(node)) continue;
      Node::Scratch& scratch = run.at(node);
      capture.next = std::max(scratch.capture, 0);
      scratch.capture = static_cast<int32_t>(i) + 1;
    }
    std::unordered_set<Node*> seen;
    for (const Edge& edge : roots.edges) run.mark_needed(edge.function.get(), seen);
  }
  for (size_t i = 0; i < roots.edges.size(); ++i) run.deliver(roots.edges[i], std::move(roots.gradients[i]));
  // Roots whose gradients are undefined have not been listed.
  std::vector<Node*> listed(run.ready);
  std::sort(listed.begin(), listed.end());
  for (const Edge& edge : roots.edges) {
    Node* node = edge.function.get();
    if (run.at(node).waiting > 0 || node == run.latest) continue;
    const auto place = std::lower_bound(listed.begin(), listed.end(), node);
    if (place != listed.end() && *place == node) continue;
    listed.insert(place, node);
    run.push_ready(node);
  }
  while (Node* node = run.pop_ready()) run.step(node);
  // Callbacks may queue callbacks.
  for (size_t i = 0; i < run.callbacks.size(); ++i) run.callbacks[i]->call();
}

// Makes `run` the thread's current one for a scope.
struct Entered {
  explicit Entered(Run& run) : before(current_run), running(modes.running) {
    current_run = &run;
    ++modes.depth;
    if (modes.walker == 0) modes.walker = walkers.fetch_add(1, std::memory_order_relaxed) + 1;
  }
  ~Entered() {
    current_run = before;
    modes.running = running;
    --modes.depth;
  }
  Entered(const Entered&) = delete;
  Entered& operator=(const Entered&) = delete;
  Run* before;
  Node* running;
};

// A backward within a backward within ...: every so many levels go on with a new stack.
constexpr int kLevelsPerStack = 60;

void walk(Run& run, Roots& roots) {
  Entered entered(run);
  if (modes.depth % kLevelsPerStack != 0) {
    walk_here(run, roots);
    return;
  }
  std::exception_ptr thrown;
  std::thread deeper([&, caller = modes, inference = tensor_data::inference_mode, changes = change_watch,
                      allocations = allocation_watch] {
    modes = caller;
    tensor_data::inference_mode = inference;
    change_watch = changes;
    allocation_watch = allocations;
    current_run = &run;
    try {
      walk_here(run, roots);
    } catch (...) {
      thrown = std::current_exception();
    }
  });
  deeper.join();
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace
}  // namespace rondo::graph

namespace rondo::autograd {

void queue_callback(base::Ref<Callback> callback) {
  if (!graph::current_run) fail("queue_callback", "Final callbacks can only be installed during backward pass.");
  graph::current_run->callbacks.push_back(std::move(callback));
}

void backward(const variable_list& tensors, const variable_list& grad_tensors, std::optional<bool> retain_graph,
              bool create_graph, const variable_list& inputs) {
  graph::Roots roots = graph::check_roots("backward", tensors, grad_tensors);
  if (create_graph) {
    warn(
        "Using backward() with create_graph=True will create a reference cycle between the parameter and its gradient "
        "which can cause a memory leak. Use autograd.grad when creating the graph, or reset the .grad fields of your "
        "parameters to undefined after use.");
  }
  graph::Run run(create_graph, retain_graph.value_or(create_graph), !inputs.empty());
  for (const Tensor& input : inputs) {
    if (!graph::requires_grad(input)) fail("backward", "One of the differentiated Tensors does not require grad");
    input.retain_grad();  // nothing for a leaf
    run.captures.push_back({graph::gradient_edge(input), {}, 0});
  }
  graph::walk(run, roots);
  for (size_t i = 0; i < inputs.size(); ++i) {
    Tensor& gradient = run.captures[i].gradient;
    if (!gradient.defined() || !inputs[i].is_leaf()) continue;
    AutoGradMode mode(create_graph);
    graph::AccumulateGrad::accumulate(inputs[i], std::move(gradient), create_graph);
  }
}

variable_list grad(const variable_list& outputs, const variable_list& inputs, const variable_list& grad_outputs,
                   std::optional<bool> retain_graph, bool create_graph, bool allow_unused) {
  if (inputs.empty()) fail("grad", "grad requires non-empty inputs.");
  graph::Roots roots = graph::check_roots("grad", outputs, grad_outputs);
  graph::Run run(create_graph, retain_graph.value_or(create_graph), true);
  run.accumulates = false;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (!inputs[i].defined() || !graph::requires_grad(inputs[i])) {
      fail("grad",
           fmt::format("element {} of the input tensors does not require grad (One of the differentiated Tensors "
                       "does not require grad)",
                       i));
    }
    run.captures.push_back({graph::gradient_edge(inputs[i]), {}, 0});
  }
  graph::walk(run, roots);
  variable_list results;
  for (size_t i = 0; i < inputs.size(); ++i) {
    Tensor& gradient = run.captures[i].gradient;
    if (!gradient.defined() && !allow_unused) {
      fail("grad",
           fmt::format("One of the differentiated Tensors (element {}) appears to not have been used in the graph. "
                       "Set allow_unused=True if this is the desired behavior.",
                       i));
    }
    results.push_back(std::move(gradient));
  }
  return results;
}

}  // namespace rondo::autograd

namespace rondo {

void Tensor::backward(const Tensor& gradient, std::optional<bool> retain_graph, bool create_graph,
                      std::optional<TensorList> inputs) const {
  if (inputs && inputs->empty()) fail("backward", "'inputs' argument to backward cannot be empty.");
  autograd::backward({*this}, {gradient}, retain_graph, create_graph, inputs ? inputs->vec() : variable_list());
}

}  // namespace rondo
