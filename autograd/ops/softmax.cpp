// Softmax and what belongs to it: the largest number is subtracted before any exponential.
#include <rondo/autograd/kernels/rows.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/reduce_plan.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <limits>

namespace rondo {
namespace {

struct SoftmaxBackward final : ops::Rule {
  ops::Saved y;
  int64_t dim = 0;
  bool is_log = false;

  std::string name() const override { return is_log ? "LogSoftmaxBackward0" : "SoftmaxBackward0"; }
  void backward(ops::Backward& step) override {
    const Tensor& gy = step.gy();
    if (step.create_graph()) {
      const Tensor out = y.get(*this);
      if (is_log) {
        step[0] = gy - out.exp() * gy.sum(dim, true);
      } else {
        const Tensor product = gy * out;
        step[0] = product - out * product.sum(dim, true);
      }
      return;
    }
    const Tensor& out = y.peek(*this);
    const Tensor g = gy.contiguous();
    Tensor gx = tensor_data::make(out.sizes(), out.dtype());
    (is_log ? kernels::log_softmax_backward : kernels::softmax_backward)(out.dtype(), ops::row_shape(out, dim),
                                                                         g.data_ptr(), out.data_ptr(), gx.data_ptr());
    step[0] = std::move(gx);
  }
  void release_variables() override { release(y); }
};

Tensor normalize(const char* operation, const Tensor& self, int64_t dim, std::optional<ScalarType> dtype, bool is_log) {
  if (dtype && *dtype != self.dtype()) return normalize(operation, self.to(*dtype), dim, std::nullopt, is_log);
  const ScalarType type = self.dtype();
  if (!is_floating_point(type)) {
    fail_type(operation, fmt::format("not implemented for '{}'; need a floating point dtype, or one given as dtype",
                                     toString(type)));
  }
  const int64_t along = wrap_dim(operation, dim, self.dim());
  if (is_reduced_floating(type)) {
    return normalize(operation, self.to(kFloat), along, std::nullopt, is_log).to(type);
  }
  Tensor x = self;
  if (!x.is_contiguous()) {
    NoGradGuard guard;
    x = x.contiguous();
  }
  Tensor y = tensor_data::make(x.sizes(), type);
  if (x.numel() > 0) {
    (is_log ? kernels::log_softmax : kernels::softmax)(type, ops::row_shape(x, along), x.data_ptr(), y.data_ptr());
  }
  if (auto* node = ops::record<SoftmaxBackward>(y, self)) {
    node->y.save_output(y);
    node->dim = along;
    node->is_log = is_log;
  }
  return y;
}

struct LogsumexpBackward final : ops::Rule {
  ops::Saved x, y;
  uint64_t mask = 0;
  bool keepdim = false;

  std::string name() const override { return "LogsumexpBackward0"; }
  void backward(ops::Backward& step) override {
    const Tensor input = x.get(*this);
    const Tensor top = ops::restore_dims(y.get(*this), input.dim(), mask, keepdim);
    step[0] = ops::restore_dims(step.gy(), input.dim(), mask, keepdim) * (input - top).exp();
  }
  void release_variables() override { release(x, y); }
};

// The reduced dimensions in one place, which the rows kernel wants: as they are where they are neighbours.
kernels::RowShape gather_reduced(Tensor& x, uint64_t mask) {
  kernels::RowShape shape{1, 1, 1};
  bool neighbours = true, entered = false, left = false;
  Dims order, reduced;
  for (int64_t d = 0; d < x.dim(); ++d) {
    const bool in = mask >> d & 1;
    neighbours = neighbours && !(in && left);
    entered = entered || in;
    left = entered && !in;
    (in ? shape.size : (entered ? shape.inner : shape.outer)) *= x.sizes()[static_cast<size_t>(d)];
    (in ? reduced : order).push_back(d);
  }
  if (!neighbours) {
    for (int64_t d : reduced) order.push_back(d);
    x = x.permute(order);
    shape.outer *= shape.inner;
    shape.inner = 1;
  }
  x = x.contiguous();
  return shape;
}

}  // namespace

Tensor softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) {
  return normalize("softmax", self, dim, dtype, false);
}

Tensor log_softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) {
  return normalize("log_softmax", self, dim, dtype, true);
}

Tensor logsumexp(const Tensor& self, IntArrayRef dim, bool keepdim) {
  const ScalarType type = self.dtype();
  if (!is_floating_point(type)) return logsumexp(self.to(default_dtype()), dim, keepdim);
  if (is_reduced_floating(type)) return logsumexp(self.to(kFloat), dim, keepdim).to(type);
  const ops::ReducePlan plan = ops::plan_reduction("logsumexp", self, dim, keepdim);
  Tensor y;
  {
    NoGradGuard guard;
    Tensor x = self;
    const kernels::RowShape shape = gather_reduced(x, plan.mask);
    y = tensor_data::make(plan.sizes, type);
    if (shape.size == 0) {
      y.fill_(-std::numeric_limits<double>::infinity());
    } else if (y.numel() > 0) {
      kernels::logsumexp(type, shape, x.data_ptr(), y.data_ptr());
    }
  }
  if (auto* node = ops::record<LogsumexpBackward>(y, self)) {
    node->x.save_input(self);
    node->y.save_output(y);
    node->mask = plan.mask;
    node->keepdim = keepdim;
  }
  return y;
}

#define RONDO_FORMS(f)                                                            \
  s.add("last", {s.real({3, 4})}, RONDO_SAMPLE(f(in[0], -1)));                    \
  s.add("first", {s.real({3, 4})}, RONDO_SAMPLE(f(in[0], 0)));                    \
  s.add("middle", {s.real({2, 3, 4})}, RONDO_SAMPLE(f(in[0], 1)));                \
  s.add("one number a row", {s.real({3, 1})}, RONDO_SAMPLE(f(in[0], 1)));         \
  s.add("a number", {s.real({})}, RONDO_SAMPLE(f(in[0], 0)));                     \
  s.add("strided", {s.real({3, 4})}, RONDO_SAMPLE(f(in[0].t(), 1)));              \
  s.add("broadcast", {s.real({1, 4})}, RONDO_SAMPLE(f(in[0].expand({3, 4}), 1))); \
  s.add("large", {s.real({3, 4}, 900, 902)}, RONDO_SAMPLE(f(in[0], 1)));          \
  s.error("no such dimension", #f ": ", [] { f(zeros({2, 3}), 2); })

#define RONDO_NORMALIZED(f)                                                                       \
  RONDO_FORMS(f);                                                                                 \
  s.add("no rows", {s.real({0, 4})}, RONDO_SAMPLE(f(in[0], 1)));                                  \
  s.add("another dtype", {s.real({3, 4})}, RONDO_SAMPLE(f(in[0], 1, kDouble).to(in[0].dtype()))); \
  s.error("integers", "not implemented for 'Long'", [] { f(zeros({2, 3}, kLong), 1); })

RONDO_OP(
    softmax, .name = "softmax", .doc = "exp(x) / sum(exp(x)) along a dimension; a primitive: one pass, no overflow",
    .samples = [](ops::Samples& s) { RONDO_NORMALIZED(softmax); });

RONDO_OP(
    log_softmax, .name = "log_softmax", .doc = "x - logsumexp(x) along a dimension; a primitive: one pass, no overflow",
    .samples = [](ops::Samples& s) { RONDO_NORMALIZED(log_softmax); });

RONDO_OP(
    logsumexp, .name = "logsumexp",
    .doc = "log(sum(exp(x))) over dimensions; a primitive: the largest number is taken out first",
    .samples = [](ops::Samples& s) {
      RONDO_FORMS(logsumexp);
      s.add("two neighbours, kept", {s.real({2, 3, 4})}, RONDO_SAMPLE(logsumexp(in[0], {0, 1}, true)));
      s.add("two apart", {s.real({2, 3, 4})}, RONDO_SAMPLE(logsumexp(in[0], {0, 2})));
      s.add("two apart, kept", {s.real({2, 3, 4})}, RONDO_SAMPLE(logsumexp(in[0], {0, -1}, true)));
      s.add("all", {s.real({2, 3})}, RONDO_SAMPLE(logsumexp(in[0], {0, 1})));
    });

#undef RONDO_FORMS
#undef RONDO_NORMALIZED

}  // namespace rondo
