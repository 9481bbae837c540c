// Losses of two tensors of numbers.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/ops/regression_loss.cpp"
#include <hwy/foreach_target.h>

#include <rondo/autograd/ops/pointwise_block-inl.h>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {
namespace {

// Of a difference: a square up to a distance, from there on the straight line that goes on with it; `steep`: its slope,
// which is the distance times the curvature.
struct Huber : Unary<Huber> {
  double distance = 1, steep = 1, curvature = 1;
  auto value(auto d) const {
    const auto size = abs(d);
    return where(size >= distance, (size - 0.5 * distance) * steep, d * d * (0.5 * curvature));
  }
  constexpr auto slope(auto d) const { return where(abs(d) >= distance, steep * sign(d), d * curvature); }
};

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <rondo/autograd/kernels/pair_sums.h>
#include <rondo/autograd/ops/loss.h>
#include <rondo/autograd/ops/loss_parts.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/reduce_plan.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

namespace rondo {

namespace block = HWY_NAMESPACE;
using ops::call;

RONDO_TABLE(huber_table, Huber, "huber_loss")
RONDO_TABLE(smooth_l1_table, Huber, "smooth_l1_loss")

namespace {

// self - target; beside numbers, truth values are 0 and 1.
Tensor difference(const Tensor& self, const Tensor& target) {
  const bool truth = self.dtype() == kBool;
  if (truth == (target.dtype() == kBool)) return self - target;
  return truth ? self.to(target.dtype()) - target : self - target.to(self.dtype());
}

struct MseLossBackward final : ops::Rule {
  ops::Saved x, t;
  double scale = 1;  // 1, or one n-th

  std::string name() const override { return "MseLossBackward0"; }
  void backward(ops::Backward& step) override {
    if (step.create_graph()) {
      const Tensor gx = (x.get(*this) - t.get(*this)) * (step.gy() * (2 * scale));
      if (step.wants(0)) step[0] = gx;
      if (step.wants(1)) step[1] = -gx;
      return;
    }
    const Tensor &input = x.peek(*this), &target = t.peek(*this);
    const double factor = 2 * scale * ops::number_of(step.gy());
    for (int i = 0; i < 2; ++i) {
      if (!step.wants(i)) continue;
      Tensor gx = tensor_data::make(input.sizes(), input.dtype());
      kernels::scaled_difference(input.dtype(), input.numel(), i == 0 ? factor : -factor, input.data_ptr(),
                                 target.data_ptr(), gx.data_ptr());
      step[i] = std::move(gx);
    }
  }
  void release_variables() override { release(x, t); }
};

// Two arrays of one layout, whose squares are added as they are read.
bool is_plain(const Tensor& x, const Tensor& t) {
  const ScalarType type = x.dtype();
  return (type == kFloat || type == kDouble) && t.dtype() == type && x.is_contiguous() && t.is_contiguous() &&
         x.sizes() == t.sizes();
}

}  // namespace

Tensor mse_loss(const Tensor& self, const Tensor& target, int64_t reduction) {
  ops::check_reduction("mse_loss", reduction);
  if (reduction == Reduction::None || !is_plain(self, target)) {
    return ops::reduce_losses(difference(self, target).square(), reduction);
  }
  const int64_t n = self.numel();
  const double sum = kernels::squared_error(self.dtype(), n, self.data_ptr(), target.data_ptr());
  const double value = reduction == Reduction::Mean ? sum / static_cast<double>(n) : sum;
  Tensor y = tensor_data::make({}, self.dtype());
  if (self.dtype() == kDouble) {
    *static_cast<double*>(y.data_ptr()) = value;
  } else {
    *static_cast<float*>(y.data_ptr()) = static_cast<float>(value);
  }
  if (auto* node = ops::record<MseLossBackward>(y, self, target)) {
    node->x.save_input(self);
    node->t.save_input(target);
    if (reduction == Reduction::Mean) node->scale = 1 / static_cast<double>(n);
  }
  return y;
}

Tensor l1_loss(const Tensor& self, const Tensor& target, int64_t reduction) {
  ops::check_reduction("l1_loss", reduction);
  return ops::reduce_losses((self - target).abs(), reduction);
}

Tensor smooth_l1_loss(const Tensor& self, const Tensor& target, int64_t reduction, double beta) {
  ops::check_reduction("smooth_l1_loss", reduction);
  if (!(beta >= 0)) {
    fail_value("smooth_l1_loss",
               fmt::format("beta is {}; smooth_l1_loss does not support negative values for beta", beta));
  }
  if (beta == 0) return l1_loss(self, target, reduction);
  return ops::reduce_losses(call(smooth_l1_table(), block::Huber{{}, beta, 1, 1 / beta}, difference(self, target)),
                            reduction);
}

Tensor huber_loss(const Tensor& self, const Tensor& target, int64_t reduction, double delta) {
  ops::check_reduction("huber_loss", reduction);
  if (!(delta > 0)) {
    fail_value("huber_loss",
               fmt::format("delta is {}; huber_loss does not support non-positive values for delta", delta));
  }
  return ops::reduce_losses(call(huber_table(), block::Huber{{}, delta, delta, 1}, difference(self, target)),
                            reduction);
}

#define RONDO_CASE(f, ...) RONDO_SAMPLE(f(in[0], in[1], __VA_ARGS__))
// The target lies away from the input, but for the kinks at equal numbers.
#define RONDO_FORMS(f)                                                                                \
  s.add("mean", {s.real({3, 4}, -1, 1), s.real({3, 4}, 2, 4)}, RONDO_CASE(f, Reduction::Mean));       \
  s.add("sum", {s.real({3, 4}, -1, 1), s.real({3, 4}, 1.1, 1.8)}, RONDO_CASE(f, Reduction::Sum));     \
  s.add("each", {s.real({3, 4}, -1, 1), s.real({3, 4}, -3, -2)}, RONDO_CASE(f, Reduction::None));     \
  s.add("two numbers", {s.real({}, -1, 1), s.real({}, 2, 3)}, RONDO_CASE(f, Reduction::Mean));        \
  s.add("broadcast", {s.real({3, 4}, -1, 1), s.real({4}, 2, 3)}, RONDO_CASE(f, Reduction::Mean));     \
  s.add("strided", {s.real({3, 4}, -1, 1), s.real({4, 3}, 2, 3)}, RONDO_SAMPLE(f(in[0].t(), in[1]))); \
  s.add("empty", {s.real({0, 2}), s.real({0, 2})}, RONDO_CASE(f, Reduction::Sum));                    \
  s.error("reduction", "not a valid value for reduction", [] { f(zeros({2}), zeros({2}), 7); });      \
  s.error("shapes", "do not broadcast", [] { f(zeros({2}), zeros({3})); })

RONDO_OP(
    mse_loss, .name = "mse_loss", .doc = "(x - t)^2; a primitive: one pass forward, one back",
    .samples = [](ops::Samples& s) {
      RONDO_FORMS(mse_loss);
      s.add("the same tensor twice", {s.real({3, 2})}, RONDO_SAMPLE(mse_loss(in[0], in[0])));
    });

RONDO_OP(
    l1_loss, .name = "l1_loss", .doc = "|x - t|; from sub and abs: sub-gradient 0 where both are equal",
    .samples = [](ops::Samples& s) { RONDO_FORMS(l1_loss); });

RONDO_OP(
    smooth_l1_loss, .name = "smooth_l1_loss",
    .doc = "0.5 d^2 / beta where |d| < beta, else |d| - 0.5 beta, with d = x - t; a block",
    .samples = [](ops::Samples& s) {
      RONDO_FORMS(smooth_l1_loss);
      s.add("inside beta", {s.real({3, 4}, 0, 1), s.real({3, 4}, 1.5, 2)},
            RONDO_CASE(smooth_l1_loss, Reduction::Sum, 3.0));
      s.add("outside beta", {s.real({3, 4}, 0, 1), s.real({3, 4}, 1.5, 2)},
            RONDO_CASE(smooth_l1_loss, Reduction::Sum, 0.25));
      s.add("beta 0", {s.real({3, 4}, 0, 1), s.real({3, 4}, 1.5, 2)}, RONDO_CASE(smooth_l1_loss, Reduction::None, 0.0));
      s.error("beta", "does not support negative values for beta",
              [] { smooth_l1_loss(zeros({2}), zeros({2}), Reduction::Mean, -1); });
    });

RONDO_OP(
    huber_loss, .name = "huber_loss",
    .doc = "0.5 d^2 where |d| < delta, else delta (|d| - 0.5 delta), with d = x - t; a block",
    .samples = [](ops::Samples& s) {
      RONDO_FORMS(huber_loss);
      s.add("inside delta", {s.real({3, 4}, 0, 1), s.real({3, 4}, 1.5, 2)},
            RONDO_CASE(huber_loss, Reduction::Sum, 3.0));
      s.add("outside delta", {s.real({3, 4}, 0, 1), s.real({3, 4}, 1.5, 2)},
            RONDO_CASE(huber_loss, Reduction::None, 0.25));
      s.error("delta", "does not support non-positive values for delta",
              [] { huber_loss(zeros({2}), zeros({2}), Reduction::Mean, 0); });
    });

#undef RONDO_CASE
#undef RONDO_FORMS

}  // namespace rondo
#endif  // HWY_ONCE
