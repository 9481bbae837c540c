// The autograd data of a tensor: which node made it, or where its gradient accumulates; and of a view, its base.
#pragma once

#include <rondo/autograd/graph/node.h>

#include <atomic>

namespace rondo {

namespace graph {

// Where a gradient is kept: owned by the tensor and by the node that writes it, which therefore needs no way back.
struct GradSlot final : base::RefCounted, base::Pooled {
  Tensor grad;
  std::atomic_flag busy;  // held while one of several threads accumulates
  bool closed = false;    // the tensor is gone, or a leaf that requires no gradient any more: nothing is written
  static void dispose(GradSlot* slot) noexcept { delete slot; }
};

// How a view may be changed in place.
enum class CreationMeta : uint8_t { DEFAULT, IN_CUSTOM_FUNCTION, MULTI_OUTPUT_NODE, NO_GRAD_MODE, INFERENCE_MODE };

struct ViewMeta final : base::Pooled {
  Tensor base;           // never itself a view
  uint32_t version = 0;  // of the storage when grad_fn was last made
  CreationMeta creation = CreationMeta::DEFAULT;
  std::atomic_flag busy;  // held while one of several threads makes grad_fn anew
};

}  // namespace graph

struct AutogradMeta final : base::Pooled {
  base::Ref<graph::Node> grad_fn;      // null for leaves
  uint32_t output_nr = 0;              // which output of grad_fn
  bool requires_grad = false;          // of a leaf
  base::Ref<graph::Node> accumulator;  // of a leaf that requires grad
  base::Ref<graph::GradSlot> slot;     // made when first needed
  bool retains_grad = false;
  bool detached = false;  // by detach_
  graph::ViewMeta* view = nullptr;

  ~AutogradMeta();
};

namespace graph {

inline AutogradMeta* meta_of(const Tensor& tensor) { return tensor.unsafeGetTensorImpl()->autograd; }
AutogradMeta& make_meta(const Tensor& tensor);
void retain(GradSlot& slot, const Tensor& gradient);  // of a tensor that is no leaf

// The node that made the tensor, null for a leaf, and which of its outputs the tensor is; a view's is made anew when
// its base was changed in place.
Edge producer(const Tensor& tensor);
inline base::Ref<Node> grad_fn(const Tensor& tensor) { return producer(tensor).function; }

inline bool requires_grad(const Tensor& tensor) {
  const AutogradMeta* meta = tensor.defined() ? meta_of(tensor) : nullptr;
  if (!meta) return false;
  if (meta->requires_grad) return true;
  // A view made without recording requires what its base does, so that changes of it are not lost silently.
  return meta->view ? grad_fn(tensor) != nullptr || requires_grad(meta->view->base) : meta->grad_fn != nullptr;
}

// Forgets the tensor's gradient, or fills it with zeros.
void clear_gradient(const Tensor& tensor, bool set_to_none);

// Where the tensor's gradient goes.
Edge gradient_edge(const Tensor& tensor);
// Makes `node`'s output `nr` the producer of a tensor that has no history yet.
void set_grad_fn(const Tensor& tensor, base::Ref<Node> node, uint32_t nr);

// Gradients of a leaf take the shape, dtype and layout that it was given since.
void adapt_accumulator(const Tensor& leaf);

// The gradient of a leaf arrives here. Its layout is that of the leaf.
class AccumulateGrad final : public Node {
 public:
  explicit AccumulateGrad(const Tensor& leaf, base::Ref<GradSlot> slot);
  std::string name() const override { return "torch::autograd::AccumulateGrad"; }
  void backward(Backward& step) override;
  // Adds to the gradient of a tensor; a copy gets the tensor's layout.
  static void accumulate(const Tensor& tensor, Tensor gradient, bool create_graph);
  void adapt(const Tensor& leaf);  // whose shape or dtype changed
  const base::Ref<GradSlot>& slot() const { return slot_; }

 private:
  base::Ref<GradSlot> slot_;
  Dims strides_;
};

}  // namespace graph
}  // namespace rondo
