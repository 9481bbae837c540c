// Copies, conversions and fills.
#include <rondo/autograd/kernels/strided.h>
#include <rondo/autograd/ops/op.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/autograd/tensor/factory_parts.h>
#include <rondo/autograd/tensor/layout.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace rondo {
namespace {

Tensor& unconst(const Tensor* self) { return const_cast<Tensor&>(*self); }

// to = from on memory alone; `from` broadcasts.
void write(const Tensor& to, const Tensor& from) {
  const TensorImpl &y = to.impl(), &x = from.impl();
  if (y.numel == 0) return;
  if (y.sizes == x.sizes) {
    kernels::copy(y.sizes.size(), y.sizes.data(), y.dtype, y.data, y.strides.data(), x.dtype, x.data, x.strides.data());
    return;
  }
  Dims strides(y.sizes.size(), 0);
  const int32_t lead = y.sizes.size() - x.sizes.size();
  for (int32_t i = 0; i < x.sizes.size(); ++i) strides[lead + i] = x.sizes[i] == 1 ? 0 : x.strides[i];
  kernels::copy(y.sizes.size(), y.sizes.data(), y.dtype, y.data, y.strides.data(), x.dtype, x.data, strides.data());
}

// The gradient of a copy is the gradient; the engine casts its dtype.
struct CopyBackward final : ops::Rule {
  explicit CopyBackward(const char* libtorch_name) : name_(libtorch_name) {}
  std::string name() const override { return name_; }
  void backward(ops::Backward& step) override {
    if (step.wants(0)) step[0] = step.gy();
  }

 private:
  const char* name_;
};

void record_copy(const Tensor& y, const Tensor& x, const char* name) {
  if (!ops::recording(x) || !is_floating_point(y.dtype())) return;
  auto node = base::Ref<CopyBackward>(new CopyBackward(name));
  node->add_edge(x);
  graph::set_grad_fn(y, std::move(node), 0);
}

// A copy may keep the strides.
bool keeps_layout(const TensorImpl& impl) { return tensor_data::is_dense(impl.sizes, impl.strides); }

// y = x in place: the old y's gradient is zero, x's is the gradient.
struct CopyInPlaceBackward final : ops::Rule {
  std::string name() const override { return "torch::autograd::CopyBackwards"; }
  void backward(ops::Backward& step) override {
    if (step.wants(0)) step[0] = zeros_like(step.gy());
    if (step.wants(1)) step[1] = step.gy();
  }
};

struct FillBackward final : ops::Rule {
  std::string name() const override { return "FillBackward0"; }
  void backward(ops::Backward& step) override {
    if (step.wants(0)) step[0] = zeros_like(step.gy());
    if (num_outputs() > 1 && step.wants(1)) step[1] = step.gy().sum();
  }
};

void check_device(const char* operation, Device device) {
  if (!device.is_cpu())
    fail(operation, fmt::format("device {} is not available; tensors live on the CPU", device.str()));
}

}  // namespace

Tensor clone(const Tensor& self) {
  const TensorImpl& x = self.impl();
  Tensor y = !x.contiguous && keeps_layout(x) ? tensor_data::make_strided(x.sizes, x.strides, x.dtype)
                                              : tensor_data::make(x.sizes, x.dtype);
  write(y, self);
  record_copy(y, self, "CloneBackward0");
  return y;
}
Tensor Tensor::clone() const { return rondo::clone(*this); }

Tensor Tensor::contiguous() const {
  if (impl().contiguous) return *this;
  Tensor y = tensor_data::make(sizes(), dtype());
  write(y, *this);
  record_copy(y, *this, "CloneBackward0");
  return y;
}

Tensor Tensor::to(ScalarType type, bool, bool copy) const {
  const TensorImpl& x = impl();
  if (x.dtype == type) return copy ? clone() : *this;
  Tensor y = !x.contiguous && keeps_layout(x) ? tensor_data::make_strided(x.sizes, x.strides, type)
                                              : tensor_data::make(x.sizes, type);
  write(y, *this);
  record_copy(y, *this, "ToCopyBackward0");
  return y;
}
Tensor Tensor::to(TensorOptions options, bool non_blocking, bool copy) const {
  if (options.requires_grad()) {
    fail("to", "Operators taking TensorOptions cannot take a TensorOptions with options.requires_grad set as true");
  }
  check_device("to", options.device());
  if (options.has_memory_format()) return rondo::to(*this, options, non_blocking, copy, options.memory_format_opt());
  return to(options.has_dtype() ? options.dtype() : dtype(), non_blocking, copy);
}
Tensor Tensor::to(Device device, ScalarType type, bool non_blocking, bool copy) const {
  check_device("to", device);
  return to(type, non_blocking, copy);
}
Tensor Tensor::cuda() const { return to(kCUDA); }
Tensor Tensor::to(Device device, bool non_blocking, bool copy) const { return to(device, dtype(), non_blocking, copy); }
Tensor Tensor::to(DeviceType device, bool non_blocking, bool copy) const {
  return to(Device(device), non_blocking, copy);
}
Tensor Tensor::to(const Tensor& like) const { return to(like.dtype()); }
Tensor Tensor::type_as(const Tensor& like) const { return to(like.dtype()); }
Tensor Tensor::cpu() const { return *this; }

Tensor& Tensor::copy_(const Tensor& source, bool) const {
  Tensor& self = unconst(this);
  if (is_same(source)) return self;
  const bool recorded = ops::recording(*this, source) && is_floating_point();
  graph::check_in_place("copy_", *this, recorded);
  graph::check_distinct("copy_", *this);
  const Dims shape = source.sizes() == sizes() ? Dims(sizes()) : broadcast_shapes("copy_", sizes(), source.sizes());
  if (IntArrayRef(shape) != sizes()) {
    fail("copy_", fmt::format("output with shape {} doesn't match the broadcast shape {}", to_string(sizes()),
                              to_string(shape)));
  }
  base::Ref<CopyInPlaceBackward> node;
  if (recorded) {
    node = base::Ref<CopyInPlaceBackward>(new CopyInPlaceBackward);
    node->add_edge(*this);
    node->add_edge(source);
  }
  const bool overlaps = tensor_data::share_memory(*this, source);
  if (overlaps) {
    NoGradGuard guard;
    write(*this, source.clone());
  } else {
    write(*this, source);
  }
  impl().storage->bump_version();
  if (node) graph::rebase_history(self, std::move(node));
  return self;
}

Tensor& Tensor::fill_(Scalar value) const {
  Tensor& self = unconst(this);
  const bool recorded = ops::recording(*this);
  graph::check_in_place("fill_", *this, recorded);
  base::Ref<FillBackward> node;
  if (recorded) {
    node = base::Ref<FillBackward>(new FillBackward);
    node->add_edge(*this);
  }
  TensorImpl& y = impl();
  visit_dtype(y.dtype, [&](auto tag) {
    const auto number = value.to<typename decltype(tag)::type>();
    kernels::fill(y.sizes.size(), y.sizes.data(), y.dtype, y.data, y.strides.data(), &number);
  });
  y.storage->bump_version();
  if (node) graph::rebase_history(self, std::move(node));
  return self;
}
Tensor& Tensor::fill_(const Tensor& value) const {
  if (value.dim() != 0) {
    fail("fill_",
         fmt::format("only supports 0-dimension value tensor but got tensor with {} dimensions.", value.dim()));
  }
  return copy_(value);
}
Tensor& Tensor::zero_() const { return fill_(0); }

Tensor& Tensor::resize_(IntArrayRef new_sizes) const {
  Tensor& self = unconst(this);
  TensorImpl& y = impl();
  if (IntArrayRef(y.sizes) == new_sizes) return self;
  if (graph::requires_grad(*this)) fail("resize_", "cannot resize variables that require grad");
  for (int64_t size : new_sizes) {
    if (size < 0) fail_value("resize_", fmt::format("negative size in {}", to_string(new_sizes)));
  }
  const int64_t numel = count_elements(new_sizes), width = static_cast<int64_t>(rondo::element_size(y.dtype));
  const auto room = static_cast<int64_t>(y.storage->nbytes()) / width - y.offset();
  if (numel > room) {
    if (!y.storage->origin()->owned()) fail("resize_", "Trying to resize storage that is not resizable");
    const Tensor larger = tensor_data::make(new_sizes, y.dtype);
    std::memcpy(larger.data_ptr(), y.data, static_cast<size_t>(std::max<int64_t>(room, 0) * width));
    y.storage = StorageImpl::alias(larger.impl().storage, y.storage->version());
    y.data = larger.impl().data;
  }
  y.sizes = new_sizes;
  y.strides = contiguous_strides(new_sizes);
  y.numel = numel;
  y.contiguous = true;
  y.storage->bump_version();
  return self;
}

Tensor& Tensor::operator=(const Tensor& value) && { return copy_(value); }
Tensor& Tensor::operator=(Tensor&& value) && { return copy_(value); }
Tensor& Tensor::operator=(Scalar value) && { return fill_(value); }

void Tensor::set_data(const Tensor& other) const {
  TensorImpl& mine = impl();
  const TensorImpl& theirs = other.impl();
  if (requires_grad() && !rondo::is_floating_point(theirs.dtype)) {
    fail("set_data", fmt::format("data set to a tensor that requires gradients must be floating point; got {}",
                                 dtype_name(theirs.dtype)));
  }
  tensor_data::take_place(mine, theirs);
  mine.dtype = theirs.dtype;
  graph::adapt_accumulator(*this);
}

Tensor detach(const Tensor& self) {
  Tensor y = graph::alias_without_history(self);
  return y;
}
Tensor Tensor::detach() const { return rondo::detach(*this); }
const Tensor& Tensor::detach_() const {
  AutogradMeta* meta = impl().autograd;
  if (!meta) return *this;
  if (meta->view) {
    fail("detach_",
         "Can't detach views in-place. Use detach() instead. If you are using a function that returns views, "
         "detach its result.");
  }
  if (meta->grad_fn) {
    meta->detached = true;
    graph::detached_in_place = true;
  }
  meta->grad_fn.reset();
  meta->output_nr = 0;
  meta->requires_grad = false;
  if (meta->accumulator && meta->slot) meta->slot->closed = true;
  return *this;
}

RONDO_OP(
    clone, .name = "clone", .doc = "a copy", .arity = 1,
    .call = [](const ops::Samples::Inputs& in) { return in[0].clone(); })
RONDO_OP(
    contiguous, .name = "contiguous", .doc = "row-major: itself or a copy", .arity = 1,
    .call = [](const ops::Samples::Inputs& in) { return in[0].contiguous(); })
RONDO_OP(
    copy, .name = "copy_", .doc = "writes into a tensor in place", .samples = [](ops::Samples& s) {
      using In = ops::Samples::Inputs;
      s.add("into a whole tensor", {s.real({2, 3}), s.real({3})}, [](const In& in) {
        Tensor y = in[0] * 2.0;
        y.copy_(in[1]);
        return y * in[0];
      });
      s.add("into a slice", {s.real({2, 3}), s.real({3})}, [](const In& in) {
        Tensor y = in[0] * 2.0;
        y[1].copy_(in[1]);
        return y * y;
      });
      s.add("a number into a column", {s.real({2, 3})}, [](const In& in) {
        Tensor y = in[0] * in[0];
        y.select(1, 0).fill_(3.0);
        return y * in[0];
      });
      s.error("a larger source", "doesn't match the broadcast shape", [] { zeros({2}).copy_(zeros({3, 2})); });
      s.error("a leaf that requires grad", "a leaf Variable that requires grad",
              [] { zeros({2}).requires_grad_().fill_(1); });
    })
RONDO_OP(
    to, .name = "to", .doc = "conversion of dtype; the gradient is converted back", .samples = [](ops::Samples& s) {
      s.add("there and back", {s.real({2, 3})},
            [](const ops::Samples::Inputs& in) { return in[0].to(kDouble).to(in[0].dtype()); });
      s.error("another device", "not available", [] { zeros({2}).to(kCUDA); });
    })

}  // namespace rondo
