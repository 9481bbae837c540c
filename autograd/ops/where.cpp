// Selection by a condition.
#include <rondo/autograd/kernels/select.h>
#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/op.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/pointwise_family.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

namespace rondo {
namespace {

struct WhereBackward final : ops::Rule {
  std::string name() const override { return label; }
  void backward(ops::Backward& step) override {
    const Tensor& mask = condition.peek(*this);
    if (step.wants(0)) step[0] = where(mask, step.gy(), Scalar(0.0));
    if (step.wants(1)) step[1] = where(mask, Scalar(0.0), step.gy());
  }
  void release_variables() override { release(condition); }
  ops::Saved condition;
  const char* label = "WhereBackward0";
};

Tensor as_condition(const Tensor& condition) {
  if (condition.dtype() == kBool) return condition;
  if (condition.dtype() == kByte) {
    warn(
        "where received a uint8 condition tensor. This behavior is deprecated and will be removed in a future version "
        "of "
        "PyTorch. Use a boolean condition instead.");
    return condition.to(kBool);
  }
  fail_type("where", fmt::format("expected condition to be a boolean tensor, but got a tensor with dtype {}",
                                 toString(condition.dtype())));
}

// `label`: the node's name.
Tensor select_from(const Tensor& condition, const Tensor& a, const Tensor& b, const char* label = "WhereBackward0") {
  const Tensor mask = as_condition(condition);
  Dims shape = a.sizes();
  if (b.sizes() != a.sizes()) shape = broadcast_shapes("where", a.sizes(), b.sizes());
  if (mask.sizes() != IntArrayRef(shape)) shape = broadcast_shapes("where", shape, mask.sizes());
  const Tensor* inputs[] = {&mask, &a, &b};
  Tensor y;
  ops::walk(kernels::select_loop(element_size(a.dtype())), nullptr, y, a.dtype(), shape, inputs, 3, 32768);
  if (auto* node = ops::record<WhereBackward>(y, a, b)) {
    node->condition.save_input(mask);
    node->label = label;
  }
  return y;
}

}  // namespace

Tensor where(const Tensor& condition, const Tensor& self, const Tensor& other) {
  if (self.dtype() == other.dtype()) return select_from(condition, self, other);
  const Tensor* both[] = {&self, &other};
  const ScalarType type = ops::result_type(both, 2);
  return select_from(condition, self.to(type), other.to(type));
}
Tensor where(const Tensor& condition, const Tensor& self, Scalar other) {
  const ScalarType type = ops::result_type(self, other);
  return select_from(condition, self.to(type), full({}, other, type));
}
Tensor where(const Tensor& condition, Scalar self, const Tensor& other) {
  const ScalarType type = ops::result_type(other, self);
  return select_from(condition, full({}, self, type), other.to(type));
}
Tensor where(const Tensor& condition, Scalar self, Scalar other) {
  const ScalarType type = self.isFloatingPoint() || other.isFloatingPoint() ? default_dtype()
                          : self.isBoolean() && other.isBoolean()           ? kBool
                                                                            : kLong;
  return select_from(condition, full({}, self, type), full({}, other, type));
}

std::vector<Tensor> where(const Tensor& condition) {
  return unbind(nonzero(condition.dim() == 0 ? condition.unsqueeze(0) : condition), 1);
}

Tensor masked_fill(const Tensor& self, const Tensor& mask, Scalar value) {
  if (mask.dtype() != kBool && mask.dtype() != kByte) {
    fail_type("masked_fill", fmt::format("expects a boolean mask, but got {}", dtype_name(mask.dtype())));
  }
  return select_from(mask, full({}, value, self.dtype()), self, "MaskedFillBackward0");
}
Tensor masked_fill(const Tensor& self, const Tensor& mask, const Tensor& value) {
  if (value.dim() != 0) {
    fail("masked_fill",
         fmt::format("only supports a 0-dimensional value tensor, but got tensor with {} dimension(s).", value.dim()));
  }
  return select_from(mask, value.to(self.dtype()), self, "MaskedFillBackward1");
}

Tensor& Tensor::masked_fill_(const Tensor& mask, Scalar value) const {
  return copy_(rondo::masked_fill(*this, mask, value));
}
Tensor& Tensor::masked_fill_(const Tensor& mask, const Tensor& value) const {
  return copy_(rondo::masked_fill(*this, mask, value));
}

RONDO_OP(
    where, .name = "where", .doc = "a where the condition holds, else b", .samples = [](ops::Samples& s) {
      using In = ops::Samples::Inputs;
      s.add("one shape", {s.real({2, 3}), s.real({2, 3}), s.boolean({2, 3})},
            [](const In& in) { return where(in[2], in[0], in[1]); });
      s.add("all broadcast", {s.real({2, 1}), s.real({3}), s.boolean({4, 1, 1})},
            [](const In& in) { return where(in[2], in[0], in[1]); });
      s.add("with numbers", {s.real({2, 3}), s.boolean({3})},
            [](const In& in) { return where(in[1], in[0], 2.0) + where(in[1], -1.0, in[0]); });
      s.add("empty", {s.real({0, 3}), s.real({3}), s.boolean({1, 3})},
            [](const In& in) { return where(in[2], in[0], in[1]); });
      s.error("a condition of floats", "boolean tensor", [] { where(ones({2}), ones({2}), ones({2})); });
    })
RONDO_OP(
    masked_fill, .name = "masked_fill", .doc = "x with `value` where the mask holds", .samples = [](ops::Samples& s) {
      using In = ops::Samples::Inputs;
      s.add("a number", {s.real({2, 3}), s.boolean({2, 3})},
            [](const In& in) { return masked_fill(in[0], in[1], -1.5); });
      s.add("a tensor", {s.real({2, 3}), s.real({}), s.boolean({3})},
            [](const In& in) { return masked_fill(in[0], in[2], in[1]); });
      s.error("a mask of floats", "boolean mask", [] { masked_fill(ones({2}), ones({2}), 1); });
      s.error("a value with dimensions", "0-dimensional", [] { masked_fill(ones({2}), ones({2}, kBool), ones({2})); });
    })

}  // namespace rondo
