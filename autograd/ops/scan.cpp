// Running sums.
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/reduce_plan.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

namespace rondo {
namespace {

Tensor scan(const Tensor& x, int64_t dim, bool reverse);

// What a running sum adds to runs the other way.
struct CumsumBackward final : ops::Rule {
  int64_t dim = 0;
  bool reverse = false;
  std::string name() const override { return "CumsumBackward0"; }
  void backward(ops::Backward& step) override { step[0] = scan(step.gy(), dim, !reverse); }
};

Tensor scan(const Tensor& x, int64_t dim, bool reverse) {
  Tensor y = tensor_data::make(x.sizes(), x.dtype());
  if (y.numel() > 0) {
    const ops::Lines lines(x, dim);
    kernels::cumsum(lines.shape, x.dtype(), lines.source.data_ptr(), y.data_ptr(), reverse);
  }
  if (auto* node = ops::record<CumsumBackward>(y, x)) {
    node->dim = dim;
    node->reverse = reverse;
  }
  return y;
}

}  // namespace

Tensor cumsum(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) {
  const ScalarType from = self.dtype(), type = dtype ? *dtype : (is_floating_point(from) ? from : kLong);
  const int64_t along = wrap_dim("cumsum", dim, self.dim());
  if (is_reduced_floating(type)) return cumsum(self.to(type).to(kFloat), along).to(type);
  if (!is_floating_point(type) && type != kLong) return cumsum(self.to(type), along, kLong).to(type);
  return scan(from == type ? self : self.to(type), along, false);
}

RONDO_OP(
    cumsum, .name = "cumsum", .doc = "y[i] = x[0] + ... + x[i] along a dimension; a primitive: one pass",
    .samples = [](ops::Samples& s) {
      s.add("a vector", {s.real({5})}, RONDO_SAMPLE(cumsum(in[0], 0)));
      s.add("first", {s.real({3, 4})}, RONDO_SAMPLE(cumsum(in[0], 0)));
      s.add("last", {s.real({3, 4})}, RONDO_SAMPLE(cumsum(in[0], -1)));
      s.add("middle", {s.real({2, 3, 4})}, RONDO_SAMPLE(cumsum(in[0], 1)));
      s.add("a number", {s.real({})}, RONDO_SAMPLE(cumsum(in[0], 0)));
      s.add("empty", {s.real({0, 3})}, RONDO_SAMPLE(cumsum(in[0], 0)));
      s.add("strided", {s.real({3, 4})}, RONDO_SAMPLE(cumsum(in[0].t(), 1)));
      s.add("broadcast", {s.real({1, 4})}, RONDO_SAMPLE(cumsum(in[0].expand({3, 4}), 0)));
      s.error("no such dimension", "cumsum: ", [] { cumsum(zeros({2, 2}), 2); });
    });

}  // namespace rondo
