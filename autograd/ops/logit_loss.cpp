// The cross entropy of a logit of one class: one pass over its arguments, and slopes that lose no small number.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/ops/logit_loss.cpp"
#include <hwy/foreach_target.h>

#include <rondo/autograd/ops/pointwise_block-inl.h>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {
namespace {

// -(t log p + (1 - t) log(1 - p)) with p = sigmoid(x).
struct LogitLoss : Binary<LogitLoss> {
  auto value(auto x, auto t) const { return where(x < 0.0, 0.0, x) - x * t + log1p_exp(-abs(x)); }
  constexpr auto slope_a(auto x, auto t) const { return (1.0 - t) * sigmoid(x) - t * sigmoid(-x); }
  constexpr auto slope_b(auto x, auto) const { return -x; }
};
// -(w t log p + (1 - t) log(1 - p)).
struct WeightedLogitLoss : Ternary<WeightedLogitLoss> {
  auto value(auto x, auto t, auto w) const {
    const auto least = log1p_exp(-abs(x));
    return (1.0 - t) * (where(x < 0.0, 0.0, x) + least) + w * t * (where(x < 0.0, -x, 0.0) + least);
  }
  constexpr auto slope_a(auto x, auto t, auto w) const { return (1.0 - t) * sigmoid(x) - w * t * sigmoid(-x); }
  constexpr auto slope_b(auto x, auto, auto w) const { return w * log1p_exp(-x) - log1p_exp(x); }
  constexpr auto slope_c(auto x, auto t, auto) const { return t * log1p_exp(-x); }
};

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <rondo/autograd/ops/loss.h>
#include <rondo/autograd/ops/loss_parts.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

namespace rondo {

namespace block = HWY_NAMESPACE;

RONDO_TABLE(logit_loss_table, LogitLoss, "binary_cross_entropy_with_logits")
RONDO_TABLE(weighted_logit_loss_table, WeightedLogitLoss, "binary_cross_entropy_with_logits")

Tensor binary_cross_entropy_with_logits(const Tensor& self, const Tensor& target, const Tensor& weight,
                                        const Tensor& pos_weight, int64_t reduction) {
  ops::check_reduction("binary_cross_entropy_with_logits", reduction);
  if (self.sizes() != target.sizes()) {
    fail("binary_cross_entropy_with_logits", fmt::format("Target size ({}) must be the same as input size ({})",
                                                         to_string(target.sizes()), to_string(self.sizes())));
  }
  const Tensor losses = pos_weight.defined() ? ops::call(weighted_logit_loss_table(), block::WeightedLogitLoss{}, self,
                                                         target, pos_weight)
                                             : ops::call(logit_loss_table(), block::LogitLoss{}, self, target);
  return ops::reduce_losses(weight.defined() ? losses * weight : losses, reduction);
}

#define RONDO_CASE(...) RONDO_SAMPLE(binary_cross_entropy_with_logits(in[0], in[1], __VA_ARGS__))
RONDO_OP(
    binary_cross_entropy_with_logits, .name = "binary_cross_entropy_with_logits",
    .doc = "binary_cross_entropy of sigmoid(x), exact for large x", .samples = [](ops::Samples& s) {
      s.add("mean", {s.real({3, 4}), s.real({3, 4}, 0, 1)}, RONDO_CASE({}));
      s.add("sum", {s.real({3, 4}), s.real({3, 4}, 0, 1)}, RONDO_CASE({}, {}, Reduction::Sum));
      s.add("large", {s.real({3, 4}, 30, 60), s.real({3, 4}, 0, 1)}, RONDO_CASE({}, {}, Reduction::None));
      s.add("weights, each", {s.real({3, 4}), s.real({3, 4}, 0, 1), s.real({4}, 0.5, 2)},
            RONDO_CASE(in[2], {}, Reduction::None));
      s.add("positive weights", {s.real({3, 4}), s.real({3, 4}, 0, 1), s.real({4}, 0.5, 2)}, RONDO_CASE({}, in[2]));
      s.error("shapes", "must be the same as input size",
              [] { binary_cross_entropy_with_logits(zeros({2}), zeros({3})); });
    })
#undef RONDO_CASE

}  // namespace rondo
#endif  // HWY_ONCE
