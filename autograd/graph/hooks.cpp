#include <rondo/autograd/graph/history.h>
#include <rondo/autograd/graph/hooks.h>

#include <fmt/format.h>

#include <algorithm>

namespace rondo {
namespace graph {

namespace {

template <class Entry>
auto at_or_after(const std::vector<Entry>& entries, unsigned number) {
  return std::lower_bound(entries.begin(), entries.end(), number,
                          [](const Entry& entry, unsigned n) { return entry.number < n; });
}

// Hooks that are over make room before the list grows.
template <class Entry>
void append(std::vector<Entry>& entries, Entry entry) {
  if (entries.size() == entries.capacity()) {
    std::erase_if(entries, [](const Entry& old) { return old.hook->over.load(); });
  }
  entries.push_back(std::move(entry));
}

}  // namespace

void NodeHooks::run(uint32_t nr, Tensor& gradient) const {
  // By number, not by place: a hook may add hooks, which wait for the next time, and remove some, itself too.
  const unsigned end = next_number;
  for (auto place = functions.begin(); place != functions.end() && place->number < end;) {
    const Function entry = *place;
    if (entry.output_nr == nr && !entry.hook->over && gradient.defined()) {
      Tensor changed = entry.hook->call(gradient);
      if (changed.defined()) {
        if (changed.sizes() != gradient.sizes() || changed.dtype() != gradient.dtype()) {
          fail("hook", fmt::format("changed the gradient's shape or dtype: got {} of {}; need {} of {}",
                                   to_string(changed.sizes()), dtype_name(changed.dtype()), to_string(gradient.sizes()),
                                   dtype_name(gradient.dtype())));
        }
        gradient = std::move(changed);
      }
    }
    place = at_or_after(functions, entry.number + 1);
  }
}

void NodeHooks::fill_retained(uint32_t nr, const Tensor& gradient) const {
  for (const Retained& entry : retained) {
    if (entry.output_nr == nr && gradient.defined()) retain(*entry.slot, gradient);
  }
}

unsigned add_tensor_hook(const Tensor& tensor, base::Ref<TensorHook> hook) {
  const Edge edge = tensor.defined() ? gradient_edge(tensor) : Edge();
  if (!edge.function) fail("register_hook", "cannot register a hook on a tensor that doesn't require gradient");
  NodeHooks& hooks = edge.function->make_hooks();
  append(hooks.functions, {edge.input_nr, hooks.next_number, std::move(hook)});
  return hooks.next_number++;
}

unsigned add_accumulated_hook(const Tensor& leaf, base::Ref<TensorHook> hook) {
  constexpr const char* kOperation = "register_post_accumulate_grad_hook";
  if (!leaf.requires_grad()) fail(kOperation, "cannot register a hook on a tensor that doesn't require gradient");
  if (!leaf.is_leaf()) fail(kOperation, "post accumulate grad hooks cannot be registered on non-leaf tensors");
  NodeHooks& hooks = gradient_edge(leaf).function->make_hooks();
  append(hooks.accumulated, {hooks.next_number, std::move(hook), alias_without_history(leaf)});
  return hooks.next_number++;
}

void NodeHooks::run_before(Tensor* gradients, int count) const {
  const auto hooks = before;  // a hook may remove itself
  for (const auto& entry : hooks) {
    variable_list changed = (*entry.owned->hook)(variable_list(gradients, gradients + count));
    if (static_cast<int>(changed.size()) != count) {
      fail("hook", fmt::format("a pre-hook returned {} gradients; need {}", changed.size(), count));
    }
    std::move(changed.begin(), changed.end(), gradients);
  }
}

void NodeHooks::run_after(Tensor* outputs, int count, const variable_list& inputs) const {
  const auto hooks = after;
  for (const auto& entry : hooks) {
    variable_list changed = (*entry.owned->hook)(variable_list(outputs, outputs + count), inputs);
    if (static_cast<int>(changed.size()) != count) {
      fail("hook", fmt::format("a post-hook returned {} gradients; need {}", changed.size(), count));
    }
    std::move(changed.begin(), changed.end(), outputs);
  }
}

void NodeHooks::run_accumulated(Node& accumulator) const {
  const std::vector<Accumulated> hooks = accumulated;
  for (const Accumulated& entry : hooks) {
    if (entry.hook->over) continue;
    Tensor leaf = alias_without_history(entry.leaf);
    AutogradMeta& meta = make_meta(leaf);
    meta.requires_grad = true;
    meta.accumulator = base::Ref<Node>(&accumulator);
    meta.slot = static_cast<AccumulateGrad&>(accumulator).slot();
    if (entry.hook->call(leaf).defined()) fail("hook", "a post accumulate grad hook must return nothing");
  }
}

uintptr_t Node::own_pre_hook(autograd::FunctionPreHook* hook) {
  using Owned = NodeHooks::Owned<autograd::FunctionPreHook>;
  base::Ref<Owned> owned(new Owned(hook));
  NodeHooks& all = make_hooks();
  all.before.push_back({++all.next_node_hook, std::move(owned)});
  return all.next_node_hook;
}
uintptr_t Node::own_post_hook(autograd::FunctionPostHook* hook) {
  using Owned = NodeHooks::Owned<autograd::FunctionPostHook>;
  base::Ref<Owned> owned(new Owned(hook));
  NodeHooks& all = make_hooks();
  all.after.push_back({++all.next_node_hook, std::move(owned)});
  return all.next_node_hook;
}
bool Node::del_pre_hook(uintptr_t number) {
  return hooks_ && std::erase_if(hooks_->before, [&](const auto& entry) { return entry.number == number; }) > 0;
}
bool Node::del_post_hook(uintptr_t number) {
  return hooks_ && std::erase_if(hooks_->after, [&](const auto& entry) { return entry.number == number; }) > 0;
}

}  // namespace graph

void Tensor::remove_hook(unsigned number) const {
  const graph::Edge edge = graph::gradient_edge(*this);
  graph::NodeHooks* hooks = edge.function ? edge.function->hooks() : nullptr;
  // To remove one twice is no error.
  if (!hooks || number >= hooks->next_number) {
    fail("remove_hook", fmt::format("Invalid index, no hook at position {}", number));
  }
  const auto remove = [&](auto& entries) {
    const auto place = graph::at_or_after(entries, number);
    if (place == entries.end() || place->number != number) return;
    if constexpr (requires { place->output_nr; }) {
      if (place->output_nr != edge.input_nr) {
        fail("remove_hook", fmt::format("hook {} belongs to another output of the same operation", number));
      }
    }
    place->hook->over = true;  // also for who is about to call it
    entries.erase(place);
  };
  remove(hooks->functions);
  remove(hooks->accumulated);
}

}  // namespace rondo
