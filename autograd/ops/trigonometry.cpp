// Inverse trigonometric and hyperbolic functions, angles.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/ops/trigonometry.cpp"
#include <hwy/foreach_target.h>

#include <rondo/autograd/ops/pointwise_block-inl.h>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {
namespace {

// With the digits that 1 - x^2 loses near 1.
constexpr auto one_minus_square(auto x) { return (1.0 - x) * (1.0 + x); }
constexpr auto square_minus_one(auto x) { return (x - 1.0) * (x + 1.0); }

struct Asin : Unary<Asin> {
  auto value(auto x) const { return asin(x); }
  constexpr auto slope(auto x) const { return rsqrt(one_minus_square(x)); }
};
struct Acos : Unary<Acos> {
  auto value(auto x) const { return acos(x); }
  constexpr auto slope(auto x) const { return -rsqrt(one_minus_square(x)); }
};
struct Atan : Unary<Atan> {
  auto value(auto x) const { return atan(x); }
  constexpr auto slope(auto x) const { return 1.0 / (1.0 + x * x); }
};
struct Asinh : Unary<Asinh> {
  auto value(auto x) const { return asinh(x); }
  constexpr auto slope(auto x) const { return rsqrt(x * x + 1.0); }
};
struct Acosh : Unary<Acosh> {
  auto value(auto x) const { return acosh(x); }
  constexpr auto slope(auto x) const { return rsqrt(square_minus_one(x)); }
};
struct Atanh : Unary<Atanh> {
  auto value(auto x) const { return atanh(x); }
  constexpr auto slope(auto x) const { return 1.0 / one_minus_square(x); }
};
struct DegToRad : Unary<DegToRad> {
  static constexpr double kFactor = 0.017453292519943295769;
  auto value(auto x) const { return kFactor * x; }
  constexpr auto slope(auto) const { return kFactor; }
};
struct RadToDeg : Unary<RadToDeg> {
  static constexpr double kFactor = 57.295779513082320877;
  auto value(auto x) const { return kFactor * x; }
  constexpr auto slope(auto) const { return kFactor; }
};
struct Frac : Unary<Frac> {
  auto value(auto x) const { return x - trunc(x); }
  constexpr auto slope(auto) const { return unit; }
};
// The angle of a real number as a complex one; NaN stays.
struct Angle : Unary<Angle> {
  auto value(auto x) const {
    return where(x < 0.0, decltype(x)(3.14159265358979323846), where(x == x, decltype(x)(0.0), x));
  }
  constexpr auto slope(auto) const { return flat; }
};

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo {

RONDO_UNARY(asin, Asin, .doc = "the angle in [-pi/2, pi/2] of that sine", .low = -0.9, .high = 0.9)
RONDO_UNARY(acos, Acos, .doc = "the angle in [0, pi] of that cosine", .low = -0.9, .high = 0.9)
RONDO_UNARY(atan, Atan, .doc = "the angle in (-pi/2, pi/2) of that tangent")
RONDO_UNARY(asinh, Asinh, .doc = "log(x + sqrt(x^2 + 1))")
RONDO_UNARY(acosh, Acosh, .doc = "log(x + sqrt(x^2 - 1))", .low = 1.2, .high = 4)
RONDO_UNARY(atanh, Atanh, .doc = "log((1 + x) / (1 - x)) / 2", .low = -0.9, .high = 0.9)
RONDO_UNARY(deg2rad, DegToRad, .doc = "degrees in radians")
RONDO_UNARY(rad2deg, RadToDeg, .doc = "radians in degrees")
RONDO_UNARY(frac, Frac, .doc = "x - trunc(x)", .low = 0.1, .high = 0.9)

RONDO_TABLE(angle_table, Angle, "angle")
Tensor angle(const Tensor& self) { return ops::call(angle_table(), HWY_STATIC_DISPATCH(Angle){}, self); }
RONDO_OP(
    angle, .name = "angle", .doc = "0, or pi for negative numbers", .kinks = {0}, .arity = 1,
    .call = [](const ops::Samples::Inputs& in) { return angle(in[0]); })

// NumPy's names.
#define RONDO_OTHER_NAME(other, function)                                                              \
  Tensor other(const Tensor& self) { return function(self); }                                          \
  Tensor& other##_(Tensor& self) { return function##_(self); }                                         \
  RONDO_OP(                                                                                            \
      other, .name = #other, .doc = "another name of " #function, .low = 0.1, .high = 0.9, .arity = 1, \
      .call = [](const ops::Samples::Inputs& in) { return rondo::other(in[0]); })
RONDO_OTHER_NAME(arcsin, asin)
RONDO_OTHER_NAME(arccos, acos)
RONDO_OTHER_NAME(arctan, atan)
RONDO_OTHER_NAME(arcsinh, asinh)
RONDO_OTHER_NAME(arctanh, atanh)
RONDO_OTHER_NAME(absolute, abs)
RONDO_OTHER_NAME(negative, neg)
RONDO_OTHER_NAME(sgn, sign)
RONDO_OTHER_NAME(fix, trunc)
Tensor arccosh(const Tensor& self) { return acosh(self); }
Tensor& arccosh_(Tensor& self) { return acosh_(self); }
RONDO_OP(
    arccosh, .name = "arccosh", .doc = "another name of acosh", .low = 1.2, .high = 4, .arity = 1,
    .call = [](const ops::Samples::Inputs& in) { return arccosh(in[0]); })

}  // namespace rondo
#endif  // HWY_ONCE
