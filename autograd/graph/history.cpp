// Views and changes in place. A view knows its base; when a view is changed, the base's history becomes "the base with
// this region replaced" (CopySlices), and every other view takes its history from the base anew when next asked.
#include <rondo/autograd/graph/arithmetic.h>
#include <rondo/autograd/graph/flag_lock.h>
#include <rondo/autograd/graph/history.h>
#include <rondo/autograd/graph/hooks.h>
#include <rondo/autograd/graph/watch.h>
#include <rondo/autograd/tensor/factory_parts.h>
#include <rondo/autograd/tensor/layout.h>

#include <fmt/format.h>

#include <algorithm>

namespace rondo::graph {
namespace {

struct Geometry {
  Dims sizes, strides;
  int64_t offset = 0;  // in elements, from the storage's start

  explicit Geometry(const Tensor& tensor)
      : sizes(tensor.sizes()), strides(tensor.strides()), offset(tensor.storage_offset()) {}
};

int64_t extent(const Geometry& g) { return tensor_data::storage_extent(g.sizes, g.strides); }

Tensor strided_zeros(const Geometry& g, ScalarType type) {
  return as_strided(graph::zeros(extent(g), type), g.sizes, g.strides, 0);
}

// The gradient of a view with respect to its base: the view's gradient in its place, zeros elsewhere.
class ViewBackward final : public Node {
 public:
  ViewBackward(const Tensor& view, const Tensor& base) : ViewBackward(Geometry(view), Geometry(base), view) {
    add_edge(gradient_edge(base));
  }
  ViewBackward(Geometry view, Geometry base, const Tensor& output) : view_(std::move(view)), base_(std::move(base)) {
    add_output(output);
  }
  std::string name() const override { return "AsStridedBackward0"; }
  void backward(Backward& step) override {
    if (tensor_data::may_overlap(view_.sizes, view_.strides)) {
      const Tensor places = add_strided(step.gy(), view_.strides, view_.offset - base_.offset,
                                        std::max(extent(base_), view_.offset - base_.offset + extent(view_)));
      step[0] = as_strided(places, base_.sizes, base_.strides, 0);
      return;
    }
    Tensor whole = strided_zeros(base_, step.gy().dtype());
    copy_into(as_strided(whole, view_.sizes, view_.strides, view_.offset - base_.offset), step.gy());
    step[0] = std::move(whole);
  }

 private:
  Geometry view_, base_;
};

// The base after one of its views was changed by `change`: the gradient passes outside of the view, and goes through
// `change` inside.
class CopySlices final : public Node {
 public:
  CopySlices(const Tensor& base, const Tensor& view, base::Ref<Node> change)
      : base_(base), view_(view), change_(std::move(change)) {
    add_output(base);
    Node::add_edge(gradient_edge(base));
    for (int i = 1; i < change_->num_outputs(); ++i) Node::add_edge(change_->next_edge(i));
    change_->make_hooks().slices = this;
  }
  ~CopySlices() override {
    if (NodeHooks* hooks = change_->hooks(); hooks && hooks->slices == this) hooks->slices = nullptr;
  }
  // The changed view as this node's output has it.
  base::Ref<Node> view_node(const Tensor& view) {
    auto node = base::Ref<Node>(new ViewBackward(view_, base_, view));
    node->add_next_edge({base::Ref<Node>(this), 0});
    return node;
  }
  std::string name() const override { return "torch::autograd::CopySlices"; }
  void backward(Backward& step) override {
    Tensor whole = strided_zeros(base_, step.gy().dtype());
    copy_into(whole, step.gy());
    const Tensor region = as_strided(whole, view_.sizes, view_.strides, view_.offset - base_.offset);
    // The rule gets a copy: it may keep the gradient while the region is overwritten.
    variable_list results = (*change_)({copy_with_strides(region, contiguous_strides(view_.sizes))});
    if (step.wants(0)) {
      if (!results.empty() && results[0].defined()) {
        Tensor inner = results[0];
        if (inner.sizes() != IntArrayRef(view_.sizes)) inner = sum_to(inner, view_.sizes);
        copy_into(region, inner);
      } else {
        copy_into(region, graph::zeros(IntArrayRef(), step.gy().dtype()));
      }
      step[0] = std::move(whole);
    }
    for (int i = 1; i < num_outputs(); ++i) {
      if (step.wants(i)) step[i] = std::move(results[static_cast<size_t>(i)]);
    }
  }
  void release_variables() override { change_->release_variables(); }

 private:
  Geometry base_, view_;
  base::Ref<Node> change_;
};

constexpr const char* kMultipleViews =
    "Output of a function that returns multiple views is being modified inplace. This view is the output of a function "
    "that returns multiple views. Such functions do not allow the output views to be modified inplace. You should "
    "replace the inplace operation by an out-of-place one.";
constexpr const char* kNoGradView =
    "A view was created in no_grad mode and is being modified inplace with grad mode enabled. Given that this use case "
    "is ambiguous and error-prone, it is forbidden. Clone the view, or make and change it in the same mode.";
constexpr const char* kInferenceTensor =
    "Inplace update to inference tensor outside InferenceMode is not allowed. You can make a clone to get a normal "
    "tensor before doing inplace update.";
constexpr const char* kInferenceView =
    "A view was created in inference mode and is being modified inplace in normal mode. Given that this use case is "
    "ambiguous and error-prone, it is forbidden. Clone the view, or make and change it in the same mode.";
constexpr const char* kInferenceBase =
    "A view was created in inference mode and its base or another view of its base has been modified inplace in normal "
    "mode. Given that this use case is ambiguous and error-prone, it is forbidden. Make the view in normal mode.";
constexpr const char* kCustomBase =
    "The output of a custom Function is a view and its base or another view of its base has been modified inplace. The "
    "autograd logic to handle view+inplace would override the custom backward associated with the custom Function, "
    "leading to incorrect gradients. Clone the output of the custom Function.";
constexpr const char* kCustomView =
    "This view was created inside a custom Function (or because an input was returned as-is) and the autograd logic to "
    "handle view+inplace would override the custom backward associated with the custom Function, leading to incorrect "
    "gradients. Clone the output of the custom Function.";

// The node no longer fills the gradient that the tensor retains.
void drop_retained(Node* node, const AutogradMeta& meta) {
  if (!node || !node->hooks()) return;
  std::erase_if(node->hooks()->retained, [&](const auto& entry) { return entry.slot == meta.slot; });
}

}  // namespace

Edge producer(const Tensor& tensor) {
  AutogradMeta* meta = meta_of(tensor);
  if (!meta) return {};
  if (!meta->view) return {meta->grad_fn, meta->output_nr};
  ViewMeta& view = *meta->view;
  base::Ref<Node> before;  // goes after the lock is gone
  const FlagLock lock(view.busy);
  const uint32_t version = tensor.unsafeGetTensorImpl()->storage->version();
  if (view.version == version || !requires_grad(view.base)) return {meta->grad_fn, meta->output_nr};
  if (view.creation == CreationMeta::INFERENCE_MODE) {
    if (tensor_data::inference_mode) return {meta->grad_fn, meta->output_nr};
    fail("grad_fn", kInferenceBase);
  }
  if (meta->grad_fn || !view.base.is_leaf()) {
    if (view.creation == CreationMeta::IN_CUSTOM_FUNCTION) fail("grad_fn", kCustomBase);
    auto node = base::Ref<Node>(new ViewBackward(tensor, view.base));
    if (meta->retains_grad) {
      drop_retained(meta->grad_fn.get(), *meta);
      node->make_hooks().retained.push_back({0, meta->slot});
    }
    before = std::exchange(meta->grad_fn, std::move(node));
    meta->output_nr = 0;
    view.version = version;
  }
  return {meta->grad_fn, meta->output_nr};
}

Tensor alias_without_history(const Tensor& tensor) {
  const TensorImpl& from = tensor.impl();
  auto impl = base::Ref<TensorImpl>(new TensorImpl);
  impl->storage = from.storage;
  impl->data = from.data;
  impl->numel = from.numel;
  impl->sizes = from.sizes;
  impl->strides = from.strides;
  impl->dtype = from.dtype;
  impl->contiguous = from.contiguous;
  impl->inference = from.inference;
  return Tensor(std::move(impl));
}

void mark_view(const Tensor& view, const Tensor& base, CreationMeta creation) {
  if (base.impl().inference) return;  // nothing watches its changes
  const AutogradMeta* base_meta = meta_of(base);
  auto* info = new ViewMeta;
  if (base_meta && base_meta->view) {
    info->base = base_meta->view->base;
    if (creation == CreationMeta::DEFAULT) creation = base_meta->view->creation;
  } else {
    info->base = base;
  }
  if ((creation == CreationMeta::DEFAULT || creation == CreationMeta::MULTI_OUTPUT_NODE) && !grad_enabled()) {
    creation = tensor_data::inference_mode ? CreationMeta::INFERENCE_MODE : CreationMeta::NO_GRAD_MODE;
  }
  info->creation = creation;
  info->version = view.unsafeGetTensorImpl()->storage->version();
  AutogradMeta& meta = make_meta(view);
  delete meta.view;
  meta.view = info;
}

base::Ref<Node> node_of_output(Node& node, const Tensor& output) {
  NodeHooks* hooks = node.hooks();
  if (!hooks || !hooks->slices) return base::Ref<Node>(&node);
  return static_cast<CopySlices*>(hooks->slices)->view_node(output);
}

void forget_view(const Tensor& view) {
  AutogradMeta* meta = meta_of(view);
  if (!meta || !meta->view) return;
  grad_fn(view);
  delete std::exchange(meta->view, nullptr);
}

constinit thread_local ChangeWatch* change_watch = nullptr;

void check_distinct(const char* operation, const Tensor& self) {
  const TensorImpl& impl = self.impl();
  if (impl.contiguous) return;
  for (int32_t i = 0; i < impl.sizes.size(); ++i) {
    if (impl.strides[i] != 0 || impl.sizes[i] <= 1) continue;
    fail(operation, fmt::format("unsupported operation: more than one element of the written-to tensor refers to a "
                                "single memory location; it has shape {} and strides {}. Please clone() the tensor "
                                "before performing the operation.",
                                to_string(impl.sizes), to_string(impl.strides)));
  }
}

void check_in_place(const char* operation, const Tensor& self, bool recorded) {
  if (self.impl().inference && !tensor_data::inference_mode) fail(operation, kInferenceTensor);
  if (change_watch) [[unlikely]]
    change_watch->before_change(self);
  const AutogradMeta* meta = self.impl().autograd;
  if (!meta || !grad_enabled()) return;
  if (meta->requires_grad && !meta->grad_fn) {
    fail(operation, "a leaf Variable that requires grad is being used in an in-place operation.");
  }
  if (meta->view && (recorded || requires_grad(self))) check_view_in_place(operation, *meta->view);
}

void check_view_in_place(const char* operation, const ViewMeta& view) {
  switch (view.creation) {
    case CreationMeta::MULTI_OUTPUT_NODE:
      fail(operation, kMultipleViews);
    case CreationMeta::NO_GRAD_MODE:
      fail(operation, kNoGradView);
    case CreationMeta::IN_CUSTOM_FUNCTION:
      fail(operation, kCustomView);
    case CreationMeta::INFERENCE_MODE:
      fail(operation, kInferenceView);
    default:
      break;
  }
  if (requires_grad(view.base) && view.base.is_leaf()) {
    fail(operation, "a view of a leaf Variable that requires grad is being used in an in-place operation.");
  }
}

namespace {

// A tensor that retains its gradient retains that of its newest version.
struct MoveRetained {
  explicit MoveRetained(const Tensor& tensor) : self(tensor), meta(make_meta(tensor)) {
    if (!meta.retains_grad) return;
    drop_retained(gradient_edge(self).function.get(), meta);
  }
  ~MoveRetained() {
    if (!meta.retains_grad) return;
    const Edge edge = gradient_edge(self);
    edge.function->make_hooks().retained.push_back({edge.input_nr, meta.slot});
  }
  MoveRetained(const MoveRetained&) = delete;
  MoveRetained& operator=(const MoveRetained&) = delete;

  const Tensor& self;
  AutogradMeta& meta;
};

}  // namespace

void rebase_history(const Tensor& self, base::Ref<Node> node) {
  AutogradMeta& meta = make_meta(self);
  if (modes.watch) [[unlikely]]
    modes.watch->recorded(*node, self);
  const MoveRetained retained(self);
  if (!meta.view) {
    node->add_output(self);
    meta.grad_fn = std::move(node);
    meta.output_nr = 0;
    return;
  }
  const Tensor base = meta.view->base;
  node->add_output(self);
  auto slices = base::Ref<Node>(new CopySlices(base, self, std::move(node)));
  AutogradMeta& base_meta = make_meta(base);
  base_meta.grad_fn = std::move(slices);
  base_meta.output_nr = 0;
  meta.grad_fn = base::Ref<Node>(new ViewBackward(self, base));
  meta.output_nr = 0;
  meta.view->version = self.impl().storage->version();
}

}  // namespace rondo::graph
