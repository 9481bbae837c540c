// Products of all numbers, or along a dimension.
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/reduce_plan.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

namespace rondo {
namespace {

// The slope is the product of the others: y / x where no number is zero; with one zero in a line, the product of the
// rest at its place; with more, nothing.
struct ProdBackward final : ops::Rule {
  ops::Saved x, y;
  int64_t dim = 0;
  bool keepdim = false;

  std::string name() const override { return "ProdBackward0"; }
  void backward(ops::Backward& step) override {
    const Tensor input = x.get(*this);
    if (input.dim() == 0) {
      step[0] = step.gy();
      return;
    }
    const Tensor gy = keepdim ? step.gy() : step.gy().unsqueeze(dim);
    Tensor zero;
    {
      NoGradGuard guard;
      zero = input == 0;
      if (!zero.any().item<bool>()) zero.reset();
    }
    if (!zero.defined()) {
      const Tensor product = y.get(*this);
      step[0] = gy * (keepdim ? product : product.unsqueeze(dim)) / input;
    } else if (step.create_graph()) {
      step[0] = gy * products_of_others(input);
    } else {
      const Tensor count = zero.sum(dim, true), filled = input.masked_fill(zero, 1);
      const Tensor rest = filled.prod(dim, true);
      const Tensor slope = where(zero, rest, Scalar(0)).masked_fill(count > 1, 0);
      step[0] = gy * where(count == 0, rest / filled, slope);
    }
  }
  // By n^2 numbers a line, where the derivative of a division by zero would be asked for.
  Tensor products_of_others(const Tensor& input) const {
    const int64_t n = input.size(dim);
    const Tensor lines = input.transpose(dim, -1).unsqueeze(-2);
    Dims wide(lines.sizes());
    wide[wide.size() - 2] = n;
    const Tensor others = lines.expand(wide).masked_fill(eye(n, kBool), 1);
    return others.prod(-1).transpose(dim, -1);
  }
  void release_variables() override { release(x, y); }
};

}  // namespace

Tensor prod(const Tensor& self, int64_t dim, bool keepdim, std::optional<ScalarType> dtype) {
  const ScalarType from = self.dtype(), type = dtype ? *dtype : (is_floating_point(from) ? from : kLong);
  if (from != type) return prod(self.to(type), dim, keepdim, type);
  if (type != kLong && !is_floating_point(type)) return prod(self.to(kLong), dim, keepdim, kLong).to(type);
  const int64_t along = wrap_dim("prod", dim, self.dim());
  const ops::ReducePlan plan = ops::plan_reduction("prod", self, along, keepdim);
  Tensor y = tensor_data::make(plan.sizes, type);
  kernels::prod(plan.shape(), type, self.data_ptr(), type, y.data_ptr());
  if (auto* node = ops::record<ProdBackward>(y, self)) {
    node->x.save_input(self);
    node->y.save_output(y);
    node->dim = along;
    node->keepdim = keepdim;
  }
  return y;
}

Tensor prod(const Tensor& self, std::optional<ScalarType> dtype) {
  return prod(self.dim() == 1 ? self : self.reshape({self.numel()}), 0, false, dtype);
}

RONDO_OP(
    prod, .name = "prod", .doc = "the product of the numbers; a primitive: its slope is exact at zeros",
    .samples = [](ops::Samples& s) {
      s.add("all", {s.real({2, 3})}, RONDO_SAMPLE(prod(in[0])));
      s.add("a number", {s.real({})}, RONDO_SAMPLE(prod(in[0])));
      s.add("a number along a dimension", {s.real({})}, RONDO_SAMPLE(prod(in[0], 0)));
      s.add("empty", {s.real({0})}, RONDO_SAMPLE(prod(in[0])));
      s.add("first", {s.real({2, 3})}, RONDO_SAMPLE(prod(in[0], 0)));
      s.add("last, kept", {s.real({2, 3})}, RONDO_SAMPLE(prod(in[0], -1, true)));
      s.add("middle", {s.real({2, 3, 2})}, RONDO_SAMPLE(prod(in[0], 1)));
      s.add("strided", {s.real({3, 2})}, RONDO_SAMPLE(prod(in[0].t(), 1)));
      s.add("a zero in each line", {s.real({3, 3})}, RONDO_SAMPLE(prod(in[0] * (1 - eye(3, in[0].dtype())), 1)));
      s.add("two zeros in a line", {s.real({4})},
            RONDO_SAMPLE(prod(in[0] * (1 - eye(4, in[0].dtype()).narrow(0, 0, 2).sum(0)))));
      s.error("no such dimension", "prod: ", [] { prod(zeros({2, 2}), 2); });
    });

}  // namespace rondo
