#include <rondo/autograd/graph/arithmetic.h>
#include <rondo/autograd/graph/flag_lock.h>
#include <rondo/autograd/graph/history.h>
#include <rondo/autograd/graph/hooks.h>
#include <rondo/autograd/graph/meta.h>
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/graph/watch.h>
#include <rondo/autograd/tensor/layout.h>

#include <fmt/format.h>

#include <limits>

namespace rondo {

void dispose_autograd_meta(AutogradMeta* meta) noexcept { delete meta; }

namespace graph {
namespace {

GradSlot& make_slot(const Tensor& tensor) {
  AutogradMeta& meta = make_meta(tensor);
  if (!meta.slot) meta.slot = base::Ref<GradSlot>(new GradSlot);
  return *meta.slot;
}

}  // namespace

void retain(GradSlot& slot, const Tensor& gradient) {
  Tensor before;  // goes after the lock is gone: its history may hold the tensor that the slot belongs to
  const FlagLock lock(slot.busy);
  if (slot.closed) return;
  // Copied, since the gradient may be the caller's own or one number expanded, and goes on to the inputs.
  before =
      std::exchange(slot.grad, slot.grad.defined() ? add(slot.grad, gradient)
                                                   : copy_with_strides(gradient, tensor_data::dense_layout(gradient)));
}

void clear_gradient(const Tensor& tensor, bool set_to_none) {
  const AutogradMeta* meta = meta_of(tensor);
  if (!meta || !meta->slot || !meta->slot->grad.defined()) return;
  Tensor& grad = meta->slot->grad;
  if (set_to_none) return grad.reset();
  const AutogradMeta* own = meta_of(grad);
  if (own && own->view) {
    grad = alias_without_history(grad);  // the same memory: part of a larger array
  } else if (own) {
    grad.detach_();
  }
  copy_into(grad, zeros(IntArrayRef(), grad.dtype()));
}

AutogradMeta& make_meta(const Tensor& tensor) {
  TensorImpl& impl = tensor.impl();
  if (!impl.autograd) impl.autograd = new AutogradMeta;
  return *impl.autograd;
}

Edge gradient_edge(const Tensor& tensor) {
  const AutogradMeta* meta = meta_of(tensor);
  if (!meta) return {};
  if (Edge edge = meta->view ? producer(tensor) : Edge(meta->grad_fn, meta->output_nr); edge.function) return edge;
  return meta->requires_grad ? Edge(meta->accumulator, 0) : Edge();
}

void set_grad_fn(const Tensor& tensor, base::Ref<Node> node, uint32_t nr) {
  if (node->num_inputs() <= static_cast<int>(nr)) node->add_output(tensor);
  if (modes.watch) [[unlikely]]
    modes.watch->recorded(*node, tensor);
  AutogradMeta& meta = make_meta(tensor);
  meta.grad_fn = std::move(node);
  meta.output_nr = nr;
}

void add_history(const Tensor& output, const base::Ref<Node>& node) {
  set_grad_fn(output, node, static_cast<uint32_t>(node->num_inputs()));
}

namespace {

// Copies get these strides.
void accumulate_in(GradSlot& slot, Tensor gradient, IntArrayRef strides, bool create_graph) {
  Tensor before;  // as in retain
  const FlagLock lock(slot.busy);
  if (slot.closed) return;
  Tensor& grad = slot.grad;
  if (create_graph) {
    before = std::exchange(grad, grad.defined() ? add(grad, gradient) : copy_with_strides(gradient, strides));
  } else if (!grad.defined()) {
    const bool sole = gradient.use_count() == 1 && gradient.unsafeGetTensorImpl()->storage->use_count() == 1 &&
                      strides == gradient.strides();
    grad = sole ? std::move(gradient) : copy_with_strides(gradient, strides);
    if (meta_of(grad)) grad = alias_without_history(grad);
  } else {
    add_in_place(grad, gradient);
  }
}

}  // namespace

AccumulateGrad::AccumulateGrad(const Tensor& leaf, base::Ref<GradSlot> slot) : slot_(std::move(slot)) {
  set_sequence(std::numeric_limits<uint64_t>::max());
  add_output(leaf);
  strides_ = tensor_data::dense_layout(leaf);
}

void AccumulateGrad::backward(Backward& step) {
  Tensor gradient = step.take_gy();
  if (gradient.defined()) accumulate_in(*slot_, std::move(gradient), strides_, step.create_graph());
}

void AccumulateGrad::adapt(const Tensor& leaf) {
  output_meta(0) = {Dims(leaf.sizes()), leaf.dtype()};
  strides_ = tensor_data::dense_layout(leaf);
}

void adapt_accumulator(const Tensor& leaf) {
  const AutogradMeta* meta = meta_of(leaf);
  if (meta && meta->accumulator) static_cast<AccumulateGrad&>(*meta->accumulator).adapt(leaf);
}

void AccumulateGrad::accumulate(const Tensor& tensor, Tensor gradient, bool create_graph) {
  accumulate_in(make_slot(tensor), std::move(gradient), tensor_data::dense_layout(tensor), create_graph);
}

}  // namespace graph

AutogradMeta::~AutogradMeta() {
  delete view;
  if (!retains_grad || !slot) return;
  // The node that fills the slot may outlive the tensor, and the gradient may hold the node.
  Tensor grad;
  const graph::FlagLock lock(slot->busy);
  slot->closed = true;
  grad = std::move(slot->grad);
}

bool Tensor::requires_grad() const { return graph::requires_grad(*this); }

const Tensor& Tensor::requires_grad_(bool value) const {
  if (value && is_inference() && !tensor_data::inference_mode) {
    fail(
        "requires_grad_",
        "Setting requires_grad=True on inference tensor outside InferenceMode is not allowed. Clone the tensor first.");
  }
  if (value == requires_grad()) return *this;
  if (!value && !is_leaf()) {
    fail("requires_grad_",
         "you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a "
         "subgraph that doesn't require differentiation use var_no_grad = var.detach().");
  }
  if (value && !is_floating_point()) {
    fail("requires_grad_", fmt::format("Only Tensors of floating point and complex dtype can require gradients; got {}",
                                       dtype_name(dtype())));
  }
  AutogradMeta& meta = graph::make_meta(*this);
  meta.requires_grad = value;
  if (meta.slot && !meta.grad_fn) meta.slot->closed = !value;
  if (value && !meta.accumulator) {
    graph::make_slot(*this);
    meta.accumulator = base::Ref<graph::Node>(new graph::AccumulateGrad(*this, meta.slot));
  }
  return *this;
}

bool Tensor::is_leaf() const { return !impl().autograd || graph::grad_fn(*this) == nullptr; }

int64_t Tensor::_version() const {
  if (is_inference()) fail("_version", "Inference tensors do not track version counter.");
  return impl().storage->version();
}

int64_t Tensor::output_nr() const { return impl().autograd ? impl().autograd->output_nr : 0; }

const Tensor& Tensor::grad() const {
  static const Tensor none;
  const AutogradMeta* meta = impl().autograd;
  if (meta && !meta->retains_grad && !(meta->slot && meta->slot->grad.defined()) && !is_leaf()) {
    warn(
        "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad attribute won't be "
        "populated during autograd.backward(). If you indeed want the .grad field to be populated for a non-leaf "
        "Tensor, use .retain_grad() on the non-leaf Tensor.");
  }
  return meta && meta->slot ? meta->slot->grad : none;
}

Tensor& Tensor::mutable_grad() const { return graph::make_slot(*this).grad; }

base::Ref<graph::Node> Tensor::grad_fn() const { return impl().autograd ? graph::grad_fn(*this) : nullptr; }

void Tensor::retain_grad() const {
  if (!requires_grad()) fail("retain_grad", "can't retain_grad on Tensor that has requires_grad=False");
  if (is_leaf() || impl().autograd->retains_grad) return;
  graph::make_slot(*this);
  AutogradMeta& meta = *impl().autograd;
  meta.retains_grad = true;
  const graph::Edge edge = graph::gradient_edge(*this);
  edge.function->make_hooks().retained.push_back({edge.input_nr, meta.slot});
}

bool Tensor::retains_grad() const { return impl().autograd && impl().autograd->retains_grad; }

Tensor Tensor::tensor_data() const { return graph::alias_without_history(*this); }

Tensor Tensor::variable_data() const {
  Tensor result = tensor_data();
  if (auto& storage = result.unsafeGetTensorImpl()->storage) storage = StorageImpl::alias(storage);
  return result;
}

bool Tensor::is_view() const { return impl().autograd && impl().autograd->view; }

Tensor Tensor::_base() const {
  if (!is_view()) fail("_base", "Can't get base of non-view Variable");
  return impl().autograd->view->base;
}

}  // namespace rondo
