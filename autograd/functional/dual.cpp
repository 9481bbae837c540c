// The level of dual numbers, and the way from a result back to the tangents that it depends on.
#include <rondo/autograd/functional/dual.h>
#include <rondo/autograd/functional/forward.h>
#include <rondo/autograd/graph/history.h>
#include <rondo/autograd/ops/methods.h>

#include <fmt/format.h>

#include <mutex>
#include <unordered_set>

namespace rondo {
namespace autograd {
namespace {

// Passes gradients on to the primal; the source of a tangent.
struct MakeDual final : graph::Node {
  std::string name() const override { return "MakeDual"; }
  Traits traits() const override { return {.elementwise = true}; }
  void backward(graph::Backward& step) override {
    if (step.wants(0)) step[0] = step.take_gy();
  }
  Tensor tangent;  // undefined once the level is left
};

struct Level {
  std::mutex busy;
  bool active = false;
  std::vector<base::Ref<MakeDual>> sources;
};
Level& the_level() {
  static Level level;
  return level;
}

void check_level(const char* operation, int64_t level) {
  const std::lock_guard lock(the_level().busy);
  if (level != 0 || !the_level().active) {
    fail(operation, fmt::format("Trying to use the forward AD level {}, but {}", level,
                                the_level().active ? "the active one is 0" : "none is active; see enter_dual_level"));
  }
}

// The dual numbers that a tensor was computed from, and whether a leaf that requires grad took part.
struct Origins {
  std::vector<MakeDual*> duals;
  bool leaf = false;      // of the tensor itself
  bool tangents = false;  // of a tangent
};
Origins origins(const Tensor& tensor) {
  Origins found;
  if (!tensor.requires_grad()) return found;
  std::unordered_set<graph::Node*> seen;
  const graph::Edge edge = graph::gradient_edge(tensor);  // kept while its nodes are visited
  std::vector<graph::Node*> waiting;
  const auto visit = [&](graph::Node* node) {
    if (node && seen.insert(node).second) waiting.push_back(node);
  };
  visit(edge.function.get());
  while (!waiting.empty()) {
    graph::Node* const node = waiting.back();
    waiting.pop_back();
    if (dynamic_cast<graph::AccumulateGrad*>(node)) found.leaf = true;
    if (auto* dual = dynamic_cast<MakeDual*>(node); dual && dual->tangent.defined()) {
      found.duals.push_back(dual);
      found.tangents = found.tangents || dual->tangent.requires_grad();
    }
    for (int i = 0; i < node->num_outputs(); ++i) visit(node->next_edge(i).function.get());
  }
  return found;
}

}  // namespace

uint64_t forward_ad::enter_dual_level() {
  const std::lock_guard lock(the_level().busy);
  if (the_level().active)
    fail("enter_dual_level", "Nested forward mode AD is not supported at the moment; leave the active level first");
  the_level().active = true;
  return 0;
}

void forward_ad::exit_dual_level(uint64_t level) {
  check_level("exit_dual_level", static_cast<int64_t>(level));
  const std::lock_guard lock(the_level().busy);
  for (const base::Ref<MakeDual>& source : the_level().sources) source->tangent.reset();
  the_level().sources.clear();
  the_level().active = false;
}

}  // namespace autograd

Tensor _make_dual(const Tensor& primal, const Tensor& tangent, int64_t level) {
  autograd::check_level("make_dual", level);
  for (const Tensor& tensor : {primal, tangent}) {
    if (!tensor.is_floating_point()) {
      fail("make_dual", fmt::format("Expected {} to be floating point, but got: {}",
                                    tensor.is_same(primal) ? "primal" : "tangent", dtype_name(tensor.scalar_type())));
    }
  }
  if (primal.sizes() != tangent.sizes() || primal.dtype() != tangent.dtype()) {
    fail("make_dual", fmt::format("the tangent must have the primal's shape {} and dtype {}, got {} and {}",
                                  to_string(primal.sizes()), dtype_name(primal.scalar_type()),
                                  to_string(tangent.sizes()), dtype_name(tangent.scalar_type())));
  }
  if (!autograd::origins(primal).duals.empty()) {
    fail("make_dual",
         "Making a dual Tensor based on a Tensor that already has a forward gradient at the same level 0 "
         "is not supported");
  }
  if (!autograd::origins(tangent).duals.empty()) {
    fail("make_dual", "Cannot set a forward grad that is itself a dual Tensor of the same level 0");
  }
  const base::Ref<autograd::MakeDual> node(new autograd::MakeDual);
  node->add_edge(primal.requires_grad() ? graph::gradient_edge(primal) : graph::Edge());
  node->tangent = tangent;
  Tensor dual = graph::alias_without_history(primal);
  graph::set_grad_fn(dual, node, 0);
  const std::lock_guard lock(autograd::the_level().busy);
  autograd::the_level().sources.push_back(node);
  return dual;
}

std::tuple<Tensor, Tensor> _unpack_dual(const Tensor& dual, int64_t level) {
  const autograd::Origins from = autograd::origins(dual);
  const Tensor primal = from.leaf ? dual.alias() : dual.detach();
  if (level != 0 || from.duals.empty()) return {primal, Tensor()};
  const bool create_graph = (from.leaf || from.tangents) && graph::grad_enabled();
  autograd::Forward forward(create_graph);
  for (autograd::MakeDual* source : from.duals) forward.set(source, source->tangent);
  Tensor tangent = forward.tangent(dual);
  if (tangent.defined() && !create_graph && tangent.requires_grad()) tangent = tangent.detach();
  return {primal, tangent};
}

}  // namespace rondo
