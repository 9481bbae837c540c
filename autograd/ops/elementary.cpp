// Trigonometry, magnitudes, signs and roundings.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/ops/elementary.cpp"
#include <hwy/foreach_target.h>

#include <rondo/autograd/ops/pointwise_block-inl.h>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {
namespace {

struct Sin : Unary<Sin> {
  auto value(auto x) const { return sin(x); }
  constexpr auto slope(auto x) const { return cos(x); }
};
struct Cos : Unary<Cos> {
  auto value(auto x) const { return cos(x); }
  constexpr auto slope(auto x) const { return -sin(x); }
};
struct Tan : Unary<Tan> {
  auto value(auto x) const { return tan(x); }
  constexpr auto slope_from_output(auto y) const { return 1.0 + y * y; }
};
struct Abs : Unary<Abs> {
  static constexpr Kind kKind = Kind::kNumber;
  auto value(auto x) const { return abs(x); }
  constexpr auto slope(auto x) const { return sign(x); }
};
struct Sign : Unary<Sign> {
  static constexpr Kind kKind = Kind::kNumber;
  static constexpr bool kBools = true;
  auto value(auto x) const { return sign(x); }
  constexpr auto slope(auto) const { return flat; }
};
struct Floor : Unary<Floor> {
  static constexpr Kind kKind = Kind::kNumber;
  auto value(auto x) const { return floor(x); }
  constexpr auto slope(auto) const { return flat; }
};
struct Ceil : Unary<Ceil> {
  static constexpr Kind kKind = Kind::kNumber;
  auto value(auto x) const { return ceil(x); }
  constexpr auto slope(auto) const { return flat; }
};
struct Round : Unary<Round> {
  static constexpr Kind kKind = Kind::kNumber;
  auto value(auto x) const { return round(x); }
  constexpr auto slope(auto) const { return flat; }
};
struct Trunc : Unary<Trunc> {
  static constexpr Kind kKind = Kind::kNumber;
  auto value(auto x) const { return trunc(x); }
  constexpr auto slope(auto) const { return flat; }
};

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo {

RONDO_UNARY(sin, Sin, .doc = "the sine")
RONDO_UNARY(cos, Cos, .doc = "the cosine")
RONDO_UNARY(tan, Tan, .doc = "the tangent", .low = -1.2, .high = 1.2)
RONDO_UNARY(abs, Abs, .doc = "|x|; slope 0 at 0", .kinks = {0})
RONDO_UNARY(sign, Sign, .doc = "-1, 0 or 1", .kinks = {0})
RONDO_UNARY(floor, Floor, .doc = "the integer at or below", .low = 0.1, .high = 0.9)
RONDO_UNARY(ceil, Ceil, .doc = "the integer at or above", .low = 0.1, .high = 0.9)
RONDO_UNARY(round, Round, .doc = "the nearest integer, ties to even", .low = 0.6, .high = 1.4)
RONDO_UNARY(trunc, Trunc, .doc = "the integer part", .low = 0.1, .high = 0.9)

}  // namespace rondo
#endif  // HWY_ONCE
