// Changes of shape in place: a tensor becomes a view of itself.
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>

#include <utility>

namespace rondo {
namespace {

// `view` makes the view of `self` that it is to become.
template <class View>
Tensor& become_view(const char* operation, Tensor& self, View view) {
  graph::check_in_place(operation, self, ops::recording(self));
  const Tensor y = view();
  base::Ref<graph::Node> producer = graph::grad_fn(y);  // asked before the version goes up, which would make another
  TensorImpl &to = self.impl(), &from = y.impl();
  to.data = from.data;
  to.numel = from.numel;
  to.sizes = from.sizes;
  to.strides = from.strides;
  to.contiguous = from.contiguous;
  to.storage->bump_version();
  if (self.is_view()) {
    // y is a view of the same base, with the history that self is to have.
    std::swap(to.autograd, from.autograd);
    to.autograd->view->version = to.storage->version();
  } else if (producer) {
    AutogradMeta& meta = graph::make_meta(self);
    meta.grad_fn = std::move(producer);
    meta.output_nr = 0;
  } else {
    graph::adapt_accumulator(self);  // a leaf: its gradient takes its new shape
  }
  return self;
}

}  // namespace

Tensor& squeeze_(Tensor& self) {
  return become_view("squeeze_", self, [&] { return squeeze(self); });
}
Tensor& squeeze_(Tensor& self, int64_t dim) {
  return become_view("squeeze_", self, [&] { return squeeze(self, dim); });
}
Tensor& squeeze_(Tensor& self, IntArrayRef dims) {
  return become_view("squeeze_", self, [&] { return squeeze(self, dims); });
}
Tensor& unsqueeze_(Tensor& self, int64_t dim) {
  return become_view("unsqueeze_", self, [&] { return unsqueeze(self, dim); });
}
Tensor& t_(Tensor& self) {
  return become_view("t_", self, [&] { return t(self); });
}
Tensor& transpose_(Tensor& self, int64_t dim0, int64_t dim1) {
  return become_view("transpose_", self, [&] { return transpose(self, dim0, dim1); });
}
Tensor& swapaxes_(Tensor& self, int64_t axis0, int64_t axis1) { return transpose_(self, axis0, axis1); }
Tensor& swapdims_(Tensor& self, int64_t dim0, int64_t dim1) { return transpose_(self, dim0, dim1); }
Tensor& as_strided_(Tensor& self, IntArrayRef sizes, IntArrayRef strides, std::optional<int64_t> offset) {
  return become_view("as_strided_", self, [&] { return as_strided(self, sizes, strides, offset); });
}

RONDO_OP(
    view_in_place, .name = "squeeze_, unsqueeze_, t_, transpose_, swapaxes_, swapdims_, as_strided_",
    .doc = "a tensor becomes a view of itself", .samples = [](ops::Samples& s) {
      s.add("squeeze_", {s.real({1, 3, 1})}, RONDO_SAMPLE((in[0] * 2).squeeze_() * 3));
      s.add("squeeze_ one", {s.real({1, 3, 1})}, RONDO_SAMPLE((in[0] * 2).squeeze_(-1)));
      s.add("squeeze_ several", {s.real({1, 3, 1})}, RONDO_SAMPLE((in[0] * 2).squeeze_({0, 2})));
      s.add("unsqueeze_", {s.real({2, 3})}, RONDO_SAMPLE((in[0] * in[0]).unsqueeze_(1) * 3));
      s.add("t_", {s.real({2, 3})}, RONDO_SAMPLE((in[0] * in[0]).t_().add_(1)));
      s.add("transpose_", {s.real({2, 3, 2})}, RONDO_SAMPLE((in[0] * in[0]).transpose_(0, 1)));
      s.add("swapaxes_", {s.real({2, 3})}, RONDO_SAMPLE((in[0] * in[0]).swapaxes_(0, 1).swapdims_(0, 1)));
      s.add("of a view", {s.real({2, 3, 2})}, RONDO_SAMPLE((in[0] * in[0])[1].t_() * 2));
      s.add("as_strided_", {s.real({2, 3})}, RONDO_SAMPLE((in[0] * in[0]).clone().as_strided_({2, 2}, {1, 1}, 1)));
      s.error("a leaf", "a leaf Variable that requires grad", [] { zeros({2, 3}).requires_grad_().t_(); });
      s.error("no such dimension", "transpose: ", [] { zeros({2, 3}).transpose_(0, 2); });
    })

}  // namespace rondo
