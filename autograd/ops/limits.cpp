// The larger and the smaller number, and limits.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/ops/limits.cpp"
#include <hwy/foreach_target.h>

#include <rondo/autograd/ops/pointwise_block-inl.h>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {
namespace {

struct Maximum : Binary<Maximum> {
  static constexpr Kind kKind = Kind::kNumber;
  static constexpr bool kBools = true;
  auto value(auto a, auto b) const { return maximum(a, b); }
  constexpr auto slope_a(auto a, auto b) const { return where(a == b, 0.5, where(a < b, 0.0, 1.0)); }
  constexpr auto slope_b(auto a, auto b) const { return where(a == b, 0.5, where(b < a, 0.0, 1.0)); }
};
struct Minimum : Binary<Minimum> {
  static constexpr Kind kKind = Kind::kNumber;
  static constexpr bool kBools = true;
  auto value(auto a, auto b) const { return minimum(a, b); }
  constexpr auto slope_a(auto a, auto b) const { return where(a == b, 0.5, where(a > b, 0.0, 1.0)); }
  constexpr auto slope_b(auto a, auto b) const { return where(a == b, 0.5, where(b > a, 0.0, 1.0)); }
};
// NaN passes, with slope 0; the slope is 1 on both bounds.
struct Clamp : Unary<Clamp> {
  static constexpr Kind kKind = Kind::kNumber;
  Parameter low, high;
  bool has_low = false, has_high = false;
  auto value(auto x) const {
    auto y = x;
    if (has_low) y = where(y < constant(x, low), constant(x, low), y);
    if (has_high) y = where(y > constant(x, high), constant(x, high), y);
    return y;
  }
  constexpr auto slope(auto x) const {
    const double inf = __builtin_inf();
    return (x >= (has_low ? low.real : -inf)) & (x <= (has_high ? high.real : inf));
  }
};

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <rondo/autograd/ops/methods.h>

#include <cmath>

namespace rondo {

namespace block = HWY_NAMESPACE;
using ops::call;
using ops::parameter;
using ops::unconst;

RONDO_TABLE(maximum_table, Maximum, "maximum")
RONDO_TABLE(minimum_table, Minimum, "minimum")
RONDO_TABLE(clamp_table, Clamp, "clamp", "ClampBackward1")

Tensor maximum(const Tensor& self, const Tensor& other) { return call(maximum_table(), block::Maximum{}, self, other); }
Tensor minimum(const Tensor& self, const Tensor& other) { return call(minimum_table(), block::Minimum{}, self, other); }

namespace {

block::Clamp clamp_op(std::optional<Scalar> min, std::optional<Scalar> max) {
  if (!min && !max) fail("clamp", "At least one of 'min' or 'max' must not be None");
  block::Clamp op;
  op.has_low = min.has_value();
  op.has_high = max.has_value();
  if (min) op.low = parameter(*min);
  if (max) op.high = parameter(*max);
  return op;
}
// The bound that decides the result's dtype.
Scalar wider(std::optional<Scalar> min, std::optional<Scalar> max) {
  return min && (!max || min->isFloatingPoint()) ? *min : *max;
}
// Throws Error where an integer type cannot hold a bound: it would wrap and clamp to another number.
void check_bounds(const Tensor& self, std::optional<Scalar> min, std::optional<Scalar> max) {
  const ScalarType type = ops::result_type(self, wider(min, max));
  if (!is_integral(type)) return;
  for (const std::optional<Scalar>& bound : {min, max}) {
    if (bound) visit_dtype(type, [&](auto tag) { bound->to<typename decltype(tag)::type>(); });
  }
}
// Beyond a bound that is NaN lies every number.
bool is_nan(const std::optional<Scalar>& bound) {
  return bound && bound->isFloatingPoint() && std::isnan(bound->toDouble());
}
Tensor everywhere() { return scalar_tensor(true, kBool); }
Tensor beyond(const Tensor& y, const Tensor& bound, const Tensor& compared) {
  return where(is_floating_point(bound.dtype()) ? compared.logical_or(isnan(bound)) : compared, bound, y);
}

}  // namespace

Tensor clamp(const Tensor& self, std::optional<Scalar> min, std::optional<Scalar> max) {
  const auto op = clamp_op(min, max);
  check_bounds(self, min, max);
  if (is_nan(min) || is_nan(max)) {
    return self.to(ops::result_type(self, wider(min, max))).masked_fill(everywhere(), NAN);
  }
  return ops::run_with_number(clamp_table(), &op, self, wider(min, max));
}
Tensor clamp(const Tensor& self, const std::optional<Tensor>& min, const std::optional<Tensor>& max) {
  const bool low = min && min->defined(), high = max && max->defined();
  if (!low && !high) fail("clamp", "At least one of 'min' or 'max' must not be None");
  // By comparison and selection, so that the gradient passes on the bounds.
  Tensor y = self;
  if (low) y = beyond(y, *min, y < *min);
  if (high) y = beyond(y, *max, y > *max);
  return y;
}
Tensor clamp_min(const Tensor& self, Scalar min) { return clamp(self, min); }
Tensor clamp_max(const Tensor& self, Scalar max) { return clamp(self, std::nullopt, max); }

Tensor& Tensor::clamp_(std::optional<Scalar> min, std::optional<Scalar> max) const {
  const auto op = clamp_op(min, max);
  check_bounds(*this, min, max);
  if (is_floating_point() && (is_nan(min) || is_nan(max))) return masked_fill_(everywhere(), NAN);
  return ops::run_in_place_with_number(clamp_table(), &op, unconst(this), wider(min, max));
}
Tensor& Tensor::clamp_min_(Scalar min) const { return clamp_(min); }
Tensor& Tensor::clamp_max_(Scalar max) const { return clamp_(std::nullopt, max); }

RONDO_BINARY_OP(maximum, .doc = "the larger; equal numbers share the gradient")
RONDO_BINARY_OP(minimum, .doc = "the smaller; equal numbers share the gradient")
RONDO_OP(
    clamp, .name = "clamp", .doc = "min(max(x, low), high); the gradient passes on the bounds", .kinks = {-1, 1},
    .arity = 1, .call = [](const ops::Samples::Inputs& in) { return clamp(in[0], -1.0, 1.0); })
RONDO_OP(
    clamp_forms, .name = "clamp with one limit", .doc = "the forms of clamp", .samples = [](ops::Samples& s) {
      using In = ops::Samples::Inputs;
      s.add("clamp from below", {s.real({2, 3}, 0.6, 2)}, [](const In& in) { return clamp_min(in[0], 0.5); });
      s.error("clamp without limits", "At least one of",
              [] { clamp(ones({2}), std::optional<Scalar>(), std::nullopt); });
    })

}  // namespace rondo
#endif  // HWY_ONCE
