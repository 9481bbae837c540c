#include <rondo/autograd/graph/history.h>
#include <rondo/autograd/graph/saved.h>

#include <fmt/format.h>

#include <mutex>
#include <set>
#include <string>
#include <unordered_map>

namespace rondo::graph {
namespace {

// What is kept in place of saved values. Beside them, so that values without functions pay nothing.
struct PackedValue {
  base::Ref<SavedHooks::Packed> kept;
  Edge history;  // of an input
};
struct PackedValues {
  std::mutex mutex;
  std::unordered_map<const Saved*, PackedValue> of;
};
PackedValues& packed_values() {
  static PackedValues* all = new PackedValues;  // nodes of static tensors may die after main has ended
  return *all;
}

}  // namespace

void Saved::save_specially() {
  if (value_.is_inference() && !output_) {
    value_.reset();
    fail("save_for_backward",
         "Inference tensors cannot be saved for backward. To work around you can make a clone to get a normal tensor "
         "and use it in autograd.");
  }
  had_history_ = meta_of(value_) && meta_of(value_)->grad_fn;
  SavedHooks* hooks = modes.saved;
  if (!hooks) return;
  base::Ref<SavedHooks::Packed> kept;
  {
    NoGradGuard no_grad;
    modes.saved = nullptr;  // the functions may use operations
    struct Restore {
      SavedHooks* hooks;
      ~Restore() { modes.saved = hooks; }
    } restore{hooks};
    kept = hooks->pack(alias_without_history(value_));
  }
  if (value_.unsafeGetTensorImpl()->storage->version() != version_) {
    fail("save_for_backward",
         "A saved tensor pack hook is modifying its input in place. Tensors provided as input to "
         "pack hook can not be modified by in-place operations.");
  }
  PackedValues& all = packed_values();
  std::lock_guard lock(all.mutex);
  all.of[this] = {std::move(kept), output_ ? Edge() : gradient_edge(value_)};
  packed_ = true;
  value_.reset();
}

void Saved::look_closely(const Node& owner) const {
  if (value_.defined() && value_.unsafeGetTensorImpl()->storage->version() == version_) {
    const AutogradMeta* meta = output_ || !had_history_ ? nullptr : meta_of(value_);
    if (meta && meta->detached && !meta->grad_fn) {
      fail(owner.name(),
           "Trying to use a saved tensor that has been detached in-place, i.e. with .detach_(). This is not "
           "supported, please use out-of-place `.detach()` instead");
    }
    return;
  }
  if (!packed_) complain(owner);
  unpack(owner);
}

void Saved::unpack(const Node& owner) const {
  PackedValue packed;
  {
    PackedValues& all = packed_values();
    std::lock_guard lock(all.mutex);
    packed = all.of.at(this);
  }
  Tensor tensor = packed.kept->unpack();
  if (!tensor.defined()) fail(owner.name(), "the unpack hook of a saved tensor returned an undefined tensor");
  value_ = alias_without_history(tensor);
  if (packed.history.function) {
    AutogradMeta& meta = make_meta(value_);
    if (auto* leaf = dynamic_cast<AccumulateGrad*>(packed.history.function.get())) {
      meta.requires_grad = true;
      meta.slot = leaf->slot();
      meta.accumulator = packed.history.function;
    } else {
      meta.grad_fn = packed.history.function;
      meta.output_nr = packed.history.input_nr;
    }
  }
  version_ = value_.unsafeGetTensorImpl()->storage->version();
}

void Saved::forget_packed() {
  PackedValues& all = packed_values();
  PackedValue packed;  // destroyed after the lock is gone: it may hold nodes with saved values of their own
  std::lock_guard lock(all.mutex);
  const auto found = all.of.find(this);
  packed = std::move(found->second);
  all.of.erase(found);
  packed_ = false;
}

void Saved::save_output(const Tensor& tensor, uint32_t nr) {
  save(alias_without_history(tensor), true);
  output_nr_ = static_cast<uint16_t>(nr);
}

Tensor Saved::get(Node& owner) const {
  const Tensor& value = peek(owner);
  if (!output_) return value;
  Tensor output = alias_without_history(value);
  AutogradMeta& meta = make_meta(output);
  meta.grad_fn = node_of_output(owner, output);
  meta.output_nr = output_nr_;
  return output;
}

void Saved::complain(const Node& owner) const {
  if (released_ || !value_.defined()) {
    fail(owner.name(),
         "Trying to backward through the graph a second time (or directly access saved tensors after they have already "
         "been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). "
         "Specify retain_graph=True if you need to backward through the graph a second time or if you need to access "
         "saved tensors after calling backward.");
  }
  std::string origin;
  if (output_) {
    origin = fmt::format(", which is output {} of {},", output_nr_, owner.name());
  } else if (value_.grad_fn()) {
    origin = fmt::format(", which is output {} of {},", value_.output_nr(), value_.grad_fn()->name());
  }
  fail(owner.name(),
       fmt::format("one of the variables needed for gradient computation has been modified by an inplace operation: "
                   "[{} [{}]]{} is at version {}; expected version {} instead. Hint: enable anomaly detection to find "
                   "the operation that failed to compute its gradient, with torch::autograd::DetectAnomalyGuard.",
                   value_.toString(), fmt::join(value_.sizes(), ", "), origin,
                   value_.unsafeGetTensorImpl()->storage->version(), version_));
}

void check_saved_hooks() {
  if (modes.saved_hooks_refusal) fail("SavedTensorHooks", modes.saved_hooks_refusal);
}

}  // namespace rondo::graph

namespace rondo::autograd {

namespace {

// Kept for good: guards may end in any order, and each leaves the message of the one before it.
const char* kept_message(const std::string& message) {
  static std::mutex mutex;
  static std::set<std::string>& messages = *new std::set<std::string>;
  const std::lock_guard<std::mutex> lock(mutex);
  return messages.insert(message).first->c_str();
}

}  // namespace

DisableSavedTensorHooks::DisableSavedTensorHooks(const std::string& message)
    : before_(graph::modes.saved_hooks_refusal) {
  if (graph::modes.saved) fail("DisableSavedTensorHooks", message);
  graph::modes.saved_hooks_refusal = kept_message(message);
}
DisableSavedTensorHooks::~DisableSavedTensorHooks() { graph::modes.saved_hooks_refusal = before_; }

}  // namespace rondo::autograd
