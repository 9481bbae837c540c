// Backward from its roots: they and their gradients are checked, a run is made ready, and walks (run-inl.h).
#include <rondo/autograd/graph/arithmetic.h>
#include <rondo/autograd/graph/history.h>
#include <rondo/autograd/graph/run-inl.h>

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <thread>

namespace rondo::graph {
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
      if (node->num_inputs() == 0) continue;  // made by a program, without outputs: no gradient passes
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
  run.walk();
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
  uint64_t sequence = 0;
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
    sequence = modes.sequence;
  });
  deeper.join();
  modes.sequence = sequence;
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
