// Sums, products, quotients, powers; limits; and the mixtures of them that optimizers use.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/ops/arithmetic.cpp"
#include <hwy/foreach_target.h>

#include <rondo/autograd/ops/pointwise_block-inl.h>

#include <fmt/format.h>

#include <cmath>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {

// Lane by lane through libm.
template <class T, class F>
HWY_INLINE Lanes<T> by_lane(Lanes<T> a, Lanes<T> b, F f) {
  T x[HWY_MAX_BYTES / sizeof(T)], y[HWY_MAX_BYTES / sizeof(T)];
  a.store(x);
  b.store(y);
  for (size_t i = 0; i < Lanes<T>::count(); ++i) x[i] = f(x[i], y[i]);
  return Lanes<T>::load(x);
}
template <class T>
HWY_INLINE Lanes<T> fmod(Lanes<T> a, Lanes<T> b) {
  return by_lane(a, b, [](T x, T y) { return std::fmod(x, y); });
}
template <class T>
HWY_INLINE Lanes<T> remainder(Lanes<T> a, Lanes<T> b) {
  return by_lane(a, b, [](T x, T y) {
    const T mod = std::fmod(x, y);
    return mod != 0 && (y < 0) != (mod < 0) ? mod + y : mod;
  });
}
template <class T>
constexpr One<T> fmod(One<T> a, One<T> b) {
  return a - trunc_divide(a, b) * b;
}
template <class T>
constexpr One<T> remainder(One<T> a, One<T> b) {
  return a - floor_divide(a, b) * b;
}
// Integer powers by squaring; the caller has excluded negative exponents but for bases 1 and -1.
template <class T>
constexpr One<T> pow(One<T> base, One<T> exponent) {
  One<T> result(T(1));
  if (exponent.v < T(0)) {
    if (base.v == T(1)) return result;
    if (base.v == static_cast<T>(-1)) return exponent.v % T(2) != 0 ? base : result;
    return One<T>(T(0));
  }
  for (auto e = exponent.v; e > T(0); e = static_cast<T>(e / T(2))) {
    if (e % T(2) != 0) result = result * base;
    base = base * base;
  }
  return result;
}

namespace {

struct Add : Binary<Add> {
  static constexpr Kind kKind = Kind::kNumber;
  static constexpr bool kStreams = true;
  static constexpr bool kBools = true;
  auto value(auto a, auto b) const { return a + b; }
  constexpr auto slope_a(auto, auto) const { return unit; }
  constexpr auto slope_b(auto, auto) const { return unit; }
};
struct AddScaled : Binary<AddScaled> {
  static constexpr Kind kKind = Kind::kNumber;
  Parameter alpha{1, 1};
  auto value(auto a, auto b) const { return a + constant(b, alpha) * b; }
  constexpr auto slope_a(auto, auto) const { return unit; }
  constexpr auto slope_b(auto, auto) const { return alpha.real; }
};
struct Sub : Binary<Sub> {
  static constexpr Kind kKind = Kind::kNumber;
  auto value(auto a, auto b) const { return a - b; }
  constexpr auto slope_a(auto, auto) const { return unit; }
  constexpr auto slope_b(auto, auto) const { return -1.0; }
};
struct Mul : Binary<Mul> {
  static constexpr Kind kKind = Kind::kNumber;
  static constexpr bool kStreams = true;
  static constexpr bool kBools = true;
  auto value(auto a, auto b) const { return a * b; }
  constexpr auto slope_a(auto, auto b) const { return b; }
  constexpr auto slope_b(auto a, auto) const { return a; }
};
// The quotient is not kept: it may be changed in place afterwards, as in libtorch.
struct Div : Binary<Div> {
  auto value(auto a, auto b) const { return a / b; }
  constexpr auto slope_a(auto, auto b) const { return 1.0 / b; }
  constexpr auto slope_b(auto a, auto b) const { return -(a / b / b); }
};
struct FloorDivide : Binary<FloorDivide> {
  static constexpr Kind kKind = Kind::kNumber;
  auto value(auto a, auto b) const { return floor_divide(a, b); }
  constexpr auto slope_a(auto, auto) const { return flat; }
  constexpr auto slope_b(auto, auto) const { return flat; }
};
struct TruncDivide : Binary<TruncDivide> {
  static constexpr Kind kKind = Kind::kNumber;
  auto value(auto a, auto b) const { return trunc_divide(a, b); }
  constexpr auto slope_a(auto, auto) const { return flat; }
  constexpr auto slope_b(auto, auto) const { return flat; }
};
struct Remainder : Binary<Remainder> {
  static constexpr Kind kKind = Kind::kNumber;
  auto value(auto a, auto b) const { return remainder(a, b); }
  constexpr auto slope_a(auto, auto) const { return unit; }
  constexpr auto slope_b(auto a, auto b) const { return -floor_divide(a, b); }
};
struct Fmod : Binary<Fmod> {
  static constexpr Kind kKind = Kind::kNumber;
  auto value(auto a, auto b) const { return fmod(a, b); }
  constexpr auto slope_a(auto, auto) const { return unit; }
  constexpr auto slope_b(auto a, auto b) const { return -trunc_divide(a, b); }
};
// At exponent 0 the slope in a is 0, and at a = 0 the slope in a non-negative exponent.
struct Pow : Binary<Pow> {
  static constexpr Kind kKind = Kind::kNumber;
  auto value(auto a, auto b) const { return pow(a, b); }
  constexpr auto slope_a(auto a, auto b) const { return where(b == 0.0, 0.0, b * pow(a, b - 1.0)); }
  constexpr auto slope_b(auto a, auto b, auto y) const { return where((a == 0.0) & (b >= 0.0), 0.0, y * log(a)); }
};
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
// NaN passes; the slope is 1 on both bounds.
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
    return (!(x < (has_low ? low.real : -inf))) & (!(x > (has_high ? high.real : inf)));
  }
};
struct Addcmul : Ternary<Addcmul> {
  static constexpr Kind kKind = Kind::kNumber;
  Parameter factor{1, 1};
  auto value(auto a, auto b, auto c) const { return a + constant(a, factor) * b * c; }
  constexpr auto slope_a(auto, auto, auto) const { return unit; }
  constexpr auto slope_b(auto, auto, auto c) const { return factor.real * c; }
  constexpr auto slope_c(auto, auto b, auto) const { return factor.real * b; }
};
struct Addcdiv : Ternary<Addcdiv> {
  Parameter factor{1, 1};
  auto value(auto a, auto b, auto c) const { return a + factor.real * b / c; }
  constexpr auto slope_a(auto, auto, auto) const { return unit; }
  constexpr auto slope_b(auto, auto, auto c) const { return factor.real / c; }
  constexpr auto slope_c(auto, auto b, auto c) const { return -factor.real * b / (c * c); }
};
// From the nearer end, so that weight 1 gives `end` exactly.
struct Lerp : Binary<Lerp> {
  double weight = 0;
  auto value(auto a, auto b) const { return weight < 0.5 ? a + weight * (b - a) : b - (b - a) * (1.0 - weight); }
  constexpr auto slope_a(auto, auto) const { return 1.0 - weight; }
  constexpr auto slope_b(auto, auto) const { return weight; }
};
struct Neg : Unary<Neg> {
  static constexpr Kind kKind = Kind::kNumber;
  auto value(auto x) const { return -x; }
  constexpr auto slope(auto) const { return -1.0; }
};
struct Square : Unary<Square> {
  static constexpr Kind kKind = Kind::kNumber;
  auto value(auto x) const { return x * x; }
  constexpr auto slope(auto x) const { return 2.0 * x; }
};
struct Reciprocal : Unary<Reciprocal> {
  auto value(auto x) const { return 1.0 / x; }
  constexpr auto slope_from_output(auto y) const { return -(y * y); }
};
struct Sqrt : Unary<Sqrt> {
  auto value(auto x) const { return sqrt(x); }
  constexpr auto slope_from_output(auto y) const { return 0.5 / y; }
};
struct Rsqrt : Unary<Rsqrt> {
  auto value(auto x) const { return rsqrt(x); }
  constexpr auto slope_from_output(auto y) const { return -0.5 * (y * y * y); }
};

using AddNumber = BindB<Add>;
using SubFromNumber = BindA<Sub>;
using MulNumber = BindB<Mul>;
using DivNumber = BindB<Div>;
using NumberDiv = BindA<Div>;
using FloorDivideNumber = BindB<FloorDivide>;
using TruncDivideNumber = BindB<TruncDivide>;
using RemainderNumber = BindB<Remainder>;
using FmodNumber = BindB<Fmod>;
using PowNumber = BindB<Pow>;
using NumberPow = BindA<Pow>;

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo {

using ops::call;
using ops::call_in_place;
using ops::parameter;
namespace block = HWY_NAMESPACE;

RONDO_UNARY(neg, Neg, .doc = "-x")
RONDO_UNARY_NODE(square, Square, "PowBackward0", .doc = "x^2")
RONDO_UNARY(reciprocal, Reciprocal, .doc = "1 / x", .low = 0.3, .high = 3)
RONDO_UNARY(sqrt, Sqrt, .doc = "the square root", .low = 0.2, .high = 4)
RONDO_UNARY(rsqrt, Rsqrt, .doc = "1 / sqrt(x)", .low = 0.2, .high = 4)

RONDO_TABLE(add_table, Add, "add")
RONDO_TABLE(add_scaled_table, AddScaled, "add")
RONDO_TABLE(add_number_table, AddNumber, "add", "AddBackward1")
RONDO_TABLE(sub_number_table, AddNumber, "sub", "SubBackward1")
RONDO_TABLE(sub_table, Sub, "sub")
RONDO_TABLE(sub_scaled_table, AddScaled, "sub")
RONDO_TABLE(sub_from_number_table, SubFromNumber, "rsub", "SubBackward0")
RONDO_TABLE(mul_table, Mul, "mul")
RONDO_TABLE(mul_number_table, MulNumber, "mul", "MulBackward1")
RONDO_TABLE(div_table, Div, "div")
RONDO_TABLE(div_number_table, DivNumber, "div", "DivBackward1")
RONDO_TABLE(number_div_table, NumberDiv, "reciprocal", "DivBackward0")
RONDO_TABLE(floor_divide_table, FloorDivide, "floor_divide", "DivBackward2")
RONDO_TABLE(floor_divide_number_table, FloorDivideNumber, "floor_divide", "DivBackward3")
RONDO_TABLE(trunc_divide_table, TruncDivide, "div", "DivBackward2")
RONDO_TABLE(trunc_divide_number_table, TruncDivideNumber, "div", "DivBackward3")
RONDO_TABLE(remainder_table, Remainder, "remainder", "RemainderBackward1")
RONDO_TABLE(remainder_number_table, RemainderNumber, "remainder")
RONDO_TABLE(fmod_table, Fmod, "fmod", "FmodBackward1")
RONDO_TABLE(fmod_number_table, FmodNumber, "fmod")
RONDO_TABLE(pow_table, Pow, "pow", "PowBackward1")
RONDO_TABLE(pow_number_table, PowNumber, "pow")
RONDO_TABLE(number_pow_table, NumberPow, "pow", "PowBackward2")
RONDO_TABLE(maximum_table, Maximum, "maximum")
RONDO_TABLE(minimum_table, Minimum, "minimum")
RONDO_TABLE(clamp_table, Clamp, "clamp", "ClampBackward1")
RONDO_TABLE(addcmul_table, Addcmul, "addcmul")
RONDO_TABLE(addcdiv_table, Addcdiv, "addcdiv")
RONDO_TABLE(lerp_table, Lerp, "lerp")

namespace {

bool is_one(Scalar alpha) { return alpha.toDouble() == 1; }

// libtorch refuses to subtract bools, and to scale integers by fractions.
void check_scaled(const char* operation, ScalarType a, ScalarType b, Scalar alpha, bool subtracts) {
  if (subtracts && a == kBool && b == kBool) {
    fail(operation,
         "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or "
         "`logical_xor()` operator instead.");
  }
  if (alpha.isFloatingPoint() && !is_floating_point(a) && !is_floating_point(b)) {
    fail(operation, "For integral input tensors, argument alpha must not be a floating point number.");
  }
}

template <class Op>
Op bound(Scalar number) {
  Op op;
  if constexpr (requires { op.b; }) {
    op.b = parameter(number);
  } else {
    op.a = parameter(number);
  }
  return op;
}

template <class Op>
Tensor with_number(const ops::Pointwise& table, const Tensor& self, Scalar number) {
  const Op op = bound<Op>(number);
  return ops::run_with_number(table, &op, self, number);
}
template <class Op>
Tensor& with_number_in_place(const ops::Pointwise& table, Tensor& self, Scalar number) {
  const Op op = bound<Op>(number);
  return ops::run_in_place_with_number(table, &op, self, number);
}

// Integer division has no result for 0.
void check_divisor(const char* operation, const Tensor& self, const Tensor& other) {
  if (is_floating_point(self.dtype()) || is_floating_point(other.dtype())) return;
  if ((other == Scalar(0)).any().item<bool>()) fail(operation, "ZeroDivisionError: an integer divisor is 0");
}
void check_divisor(const char* operation, const Tensor& self, Scalar other) {
  if (is_floating_point(self.dtype()) || other.isFloatingPoint()) return;
  if (other.toLong() == 0) fail(operation, "ZeroDivisionError: the integer divisor is 0");
}

Scalar product(Scalar a, Scalar b) {
  if (a.isFloatingPoint() || b.isFloatingPoint()) return a.toDouble() * b.toDouble();
  return a.toLong() * b.toLong();
}

enum class Rounding { kTrue, kTrunc, kFloor };
Rounding rounding_of(const std::optional<std::string>& mode) {
  if (!mode) return Rounding::kTrue;
  if (*mode == "trunc") return Rounding::kTrunc;
  if (*mode == "floor") return Rounding::kFloor;
  fail("div", fmt::format("expected rounding_mode to be one of None, 'trunc', or 'floor' but found '{}'", *mode));
}

}  // namespace

Tensor add(const Tensor& self, const Tensor& other, Scalar alpha) {
  if (is_one(alpha)) return call(add_table(), block::Add{}, self, other);
  check_scaled("add", self.dtype(), other.dtype(), alpha, false);
  if (self.dtype() == kBool && other.dtype() == kBool) return add(self, mul(other, alpha.toBool()), 1);
  return call(add_scaled_table(), block::AddScaled{{}, parameter(alpha)}, self, other);
}
Tensor add(const Tensor& self, Scalar other, Scalar alpha) {
  return with_number<block::AddNumber>(add_number_table(), self, is_one(alpha) ? other : product(other, alpha));
}
Tensor sub(const Tensor& self, const Tensor& other, Scalar alpha) {
  check_scaled("sub", self.dtype(), other.dtype(), alpha, true);
  if (is_one(alpha)) return call(sub_table(), block::Sub{}, self, other);
  return call(sub_scaled_table(), block::AddScaled{{}, parameter(-alpha)}, self, other);
}
Tensor sub(const Tensor& self, Scalar other, Scalar alpha) {
  return with_number<block::AddNumber>(sub_number_table(), self, -(is_one(alpha) ? other : product(other, alpha)));
}
Tensor rsub(const Tensor& self, const Tensor& other, Scalar alpha) { return sub(other, self, alpha); }
Tensor rsub(const Tensor& self, Scalar other, Scalar alpha) {
  if (!is_one(alpha)) return sub(mul(self, -alpha), -other);
  return with_number<block::SubFromNumber>(sub_from_number_table(), self, other);
}
Tensor mul(const Tensor& self, const Tensor& other) { return call(mul_table(), block::Mul{}, self, other); }
Tensor mul(const Tensor& self, Scalar other) { return with_number<block::MulNumber>(mul_number_table(), self, other); }
Tensor div(const Tensor& self, const Tensor& other) { return call(div_table(), block::Div{}, self, other); }
Tensor div(const Tensor& self, Scalar other) { return with_number<block::DivNumber>(div_number_table(), self, other); }
Tensor operator/(Scalar a, const Tensor& b) { return with_number<block::NumberDiv>(number_div_table(), b, a); }

Tensor div(const Tensor& self, const Tensor& other, std::optional<std::string> rounding_mode) {
  switch (rounding_of(rounding_mode)) {
    case Rounding::kFloor:
      return floor_divide(self, other);
    case Rounding::kTrunc:
      check_divisor("div", self, other);
      return call(trunc_divide_table(), block::TruncDivide{}, self, other);
    default:
      return div(self, other);
  }
}
Tensor div(const Tensor& self, Scalar other, std::optional<std::string> rounding_mode) {
  switch (rounding_of(rounding_mode)) {
    case Rounding::kFloor:
      return floor_divide(self, other);
    case Rounding::kTrunc:
      check_divisor("div", self, other);
      return with_number<block::TruncDivideNumber>(trunc_divide_number_table(), self, other);
    default:
      return div(self, other);
  }
}
Tensor floor_divide(const Tensor& self, const Tensor& other) {
  check_divisor("floor_divide", self, other);
  return call(floor_divide_table(), block::FloorDivide{}, self, other);
}
Tensor floor_divide(const Tensor& self, Scalar other) {
  check_divisor("floor_divide", self, other);
  return with_number<block::FloorDivideNumber>(floor_divide_number_table(), self, other);
}
Tensor remainder(const Tensor& self, const Tensor& other) {
  check_divisor("remainder", self, other);
  return call(remainder_table(), block::Remainder{}, self, other);
}
Tensor remainder(const Tensor& self, Scalar other) {
  check_divisor("remainder", self, other);
  return with_number<block::RemainderNumber>(remainder_number_table(), self, other);
}
Tensor fmod(const Tensor& self, const Tensor& other) {
  check_divisor("fmod", self, other);
  return call(fmod_table(), block::Fmod{}, self, other);
}
Tensor fmod(const Tensor& self, Scalar other) {
  check_divisor("fmod", self, other);
  return with_number<block::FmodNumber>(fmod_number_table(), self, other);
}

Tensor pow(const Tensor& self, const Tensor& exponent) { return call(pow_table(), block::Pow{}, self, exponent); }
// The exponents that arithmetic does quicker and exactly.
Tensor pow(const Tensor& self, Scalar exponent) {
  const double e = exponent.toDouble();
  const bool real = is_floating_point(self.dtype());
  if (!real && !exponent.isFloatingPoint() && e < 0) {
    fail("pow", fmt::format("Integers to negative integer powers are not allowed; got exponent {}", exponent.toLong()));
  }
  if (e == 2 && self.dtype() != kBool && (real || !exponent.isFloatingPoint())) return square(self);
  if (e == 0.5 && real) return sqrt(self);
  if (e == -1 && real) return reciprocal(self);
  return with_number<block::PowNumber>(pow_number_table(), self, exponent);
}
Tensor pow(Scalar self, const Tensor& exponent) {
  return with_number<block::NumberPow>(number_pow_table(), exponent, self);
}

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
// Throws Error where an integer type cannot hold a bound: it would wrap and clamp to another number.
void check_bounds(const Tensor& self, std::optional<Scalar> min, std::optional<Scalar> max) {
  for (const std::optional<Scalar>& bound : {min, max}) {
    if (!bound) continue;
    const ScalarType type = ops::result_type(self, *bound);
    if (is_integral(type)) visit_dtype(type, [&](auto tag) { bound->to<typename decltype(tag)::type>(); });
  }
}
// The bound that decides the result's dtype.
Scalar wider(std::optional<Scalar> min, std::optional<Scalar> max) {
  return min && (!max || min->isFloatingPoint()) ? *min : *max;
}

}  // namespace

Tensor clamp(const Tensor& self, std::optional<Scalar> min, std::optional<Scalar> max) {
  const auto op = clamp_op(min, max);
  check_bounds(self, min, max);
  return ops::run_with_number(clamp_table(), &op, self, wider(min, max));
}
Tensor clamp(const Tensor& self, const std::optional<Tensor>& min, const std::optional<Tensor>& max) {
  const bool low = min && min->defined(), high = max && max->defined();
  if (!low && !high) fail("clamp", "At least one of 'min' or 'max' must not be None");
  // By comparison and selection, so that the gradient passes on the bounds.
  Tensor y = self;
  if (low) y = where(y < *min, *min, y);
  if (high) y = where(y > *max, *max, y);
  return y;
}
Tensor clamp_min(const Tensor& self, Scalar min) { return clamp(self, min); }
Tensor clamp_max(const Tensor& self, Scalar max) { return clamp(self, std::nullopt, max); }

Tensor addcmul(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, Scalar value) {
  return call(addcmul_table(), block::Addcmul{{}, parameter(value)}, self, tensor1, tensor2);
}
Tensor addcdiv(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, Scalar value) {
  return call(addcdiv_table(), block::Addcdiv{{}, parameter(value)}, self, tensor1, tensor2);
}
Tensor lerp(const Tensor& start, const Tensor& end, Scalar weight) {
  return call(lerp_table(), block::Lerp{{}, weight.toDouble()}, start, end);
}

namespace {
Tensor& unconst(const Tensor* self) { return const_cast<Tensor&>(*self); }
}  // namespace

Tensor& Tensor::add_(const Tensor& other, Scalar alpha) const {
  if (is_one(alpha)) return call_in_place(add_table(), block::Add{}, unconst(this), other);
  check_scaled("add_", dtype(), other.dtype(), alpha, false);
  return call_in_place(add_scaled_table(), block::AddScaled{{}, parameter(alpha)}, unconst(this), other);
}
Tensor& Tensor::add_(Scalar other, Scalar alpha) const {
  return with_number_in_place<block::AddNumber>(add_number_table(), unconst(this),
                                                is_one(alpha) ? other : product(other, alpha));
}
Tensor& Tensor::sub_(const Tensor& other, Scalar alpha) const {
  check_scaled("sub_", dtype(), other.dtype(), alpha, true);
  if (is_one(alpha)) return call_in_place(sub_table(), block::Sub{}, unconst(this), other);
  return call_in_place(sub_scaled_table(), block::AddScaled{{}, parameter(-alpha)}, unconst(this), other);
}
Tensor& Tensor::sub_(Scalar other, Scalar alpha) const {
  return add_(-(is_one(alpha) ? other : product(other, alpha)));
}
Tensor& Tensor::mul_(const Tensor& other) const {
  return call_in_place(mul_table(), block::Mul{}, unconst(this), other);
}
Tensor& Tensor::mul_(Scalar other) const {
  return with_number_in_place<block::MulNumber>(mul_number_table(), unconst(this), other);
}
Tensor& Tensor::div_(const Tensor& other) const {
  return call_in_place(div_table(), block::Div{}, unconst(this), other);
}
Tensor& Tensor::div_(Scalar other) const {
  return with_number_in_place<block::DivNumber>(div_number_table(), unconst(this), other);
}
Tensor& Tensor::pow_(const Tensor& exponent) const {
  return call_in_place(pow_table(), block::Pow{}, unconst(this), exponent);
}
Tensor& Tensor::pow_(Scalar exponent) const {
  return with_number_in_place<block::PowNumber>(pow_number_table(), unconst(this), exponent);
}
Tensor& Tensor::addcmul_(const Tensor& tensor1, const Tensor& tensor2, Scalar value) const {
  return call_in_place(addcmul_table(), block::Addcmul{{}, parameter(value)}, unconst(this), tensor1, tensor2);
}
Tensor& Tensor::addcdiv_(const Tensor& tensor1, const Tensor& tensor2, Scalar value) const {
  return call_in_place(addcdiv_table(), block::Addcdiv{{}, parameter(value)}, unconst(this), tensor1, tensor2);
}
Tensor& Tensor::lerp_(const Tensor& end, Scalar weight) const {
  return call_in_place(lerp_table(), block::Lerp{{}, weight.toDouble()}, unconst(this), end);
}
Tensor& Tensor::clamp_(std::optional<Scalar> min, std::optional<Scalar> max) const {
  const auto op = clamp_op(min, max);
  return ops::run_in_place_with_number(clamp_table(), &op, unconst(this), wider(min, max));
}
Tensor& Tensor::clamp_min_(Scalar min) const { return clamp_(min); }
Tensor& Tensor::clamp_max_(Scalar max) const { return clamp_(std::nullopt, max); }

#define RONDO_BINARY_OP(function, ...)                      \
  RONDO_OP(                                                 \
      function, .name = #function, __VA_ARGS__, .arity = 2, \
      .call = [](const ops::Samples::Inputs& in) { return rondo::function(in[0], in[1]); })

RONDO_BINARY_OP(add, .doc = "a + alpha * b")
RONDO_BINARY_OP(sub, .doc = "a - alpha * b")
RONDO_BINARY_OP(mul, .doc = "a b")
RONDO_BINARY_OP(div, .doc = "a / b", .low = 0.3, .high = 3)
RONDO_BINARY_OP(remainder, .doc = "a - b floor(a / b)", .low = 1.2, .high = 1.9)
RONDO_BINARY_OP(fmod, .doc = "a - b trunc(a / b)", .low = 1.2, .high = 1.9)
RONDO_BINARY_OP(floor_divide, .doc = "floor(a / b)", .low = 1.2, .high = 1.9)
RONDO_BINARY_OP(pow, .doc = "a^b; at a = 0 the slope in b is 0", .low = 0.3, .high = 2.5)
RONDO_BINARY_OP(maximum, .doc = "the larger; equal numbers share the gradient")
RONDO_BINARY_OP(minimum, .doc = "the smaller; equal numbers share the gradient")
RONDO_OP(
    clamp, .name = "clamp", .doc = "min(max(x, low), high); the gradient passes on the bounds", .kinks = {-1, 1},
    .arity = 1, .call = [](const ops::Samples::Inputs& in) { return clamp(in[0], -1.0, 1.0); })
RONDO_OP(
    addcmul, .name = "addcmul", .doc = "a + value * b c", .arity = 3,
    .call = [](const ops::Samples::Inputs& in) { return addcmul(in[0], in[1], in[2], 0.7); })
RONDO_OP(
    addcdiv, .name = "addcdiv", .doc = "a + value * b / c", .low = 0.3, .arity = 3,
    .call = [](const ops::Samples::Inputs& in) { return addcdiv(in[0], in[1], in[2], 0.7); })
RONDO_OP(
    lerp, .name = "lerp", .doc = "a + weight (b - a)", .arity = 2,
    .call = [](const ops::Samples::Inputs& in) { return lerp(in[0], in[1], 0.3); })
RONDO_OP(
    arithmetic_with_numbers, .name = "arithmetic with numbers", .doc = "the forms in which one operand is a number",
    .samples = [](ops::Samples& s) {
      using In = ops::Samples::Inputs;
      s.add("x + 2.5", {s.real({2, 3})}, [](const In& in) { return in[0] + 2.5; });
      s.add("2.5 - x", {s.real({2, 3})}, [](const In& in) { return 2.5 - in[0]; });
      s.add("x - 2.5", {s.real({2, 3})}, [](const In& in) { return in[0] - 2.5; });
      s.add("x * 2.5", {s.real({2, 3})}, [](const In& in) { return in[0] * 2.5; });
      s.add("x / 2.5", {s.real({2, 3})}, [](const In& in) { return in[0] / 2.5; });
      s.add("2.5 / x", {s.real({2, 3}, 0.3, 2)}, [](const In& in) { return 2.5 / in[0]; });
      s.add("x ^ 1.7", {s.real({2, 3}, 0.3, 2)}, [](const In& in) { return in[0].pow(1.7); });
      s.add("x ^ 2", {s.real({2, 3})}, [](const In& in) { return in[0].pow(2); });
      s.add("x ^ 3", {s.real({2, 3})}, [](const In& in) { return in[0].pow(3); });
      s.add("1.7 ^ x", {s.real({2, 3})}, [](const In& in) { return pow(1.7, in[0]); });
      s.add("a + 0.5 b", {s.real({2, 3}), s.real({3})}, [](const In& in) { return add(in[0], in[1], 0.5); });
      s.add("a - 0.5 b", {s.real({2, 1}), s.real({3})}, [](const In& in) { return sub(in[0], in[1], 0.5); });
      s.add("clamp from below", {s.real({2, 3}, 0.6, 2)}, [](const In& in) { return clamp_min(in[0], 0.5); });
      s.add("trunc division", {s.real({3}, 1.2, 1.9), s.real({3}, 1.2, 1.9)},
            [](const In& in) { return div(in[0], in[1], "trunc"); });
      s.error("shapes do not broadcast", "(2, 3) with (4,)", [] { zeros({2, 3}) + zeros({4}); });
      s.error("bools cannot be subtracted", "bool", [] { zeros({2}, kBool) - zeros({2}, kBool); });
      s.error("unknown rounding", "rounding_mode", [] { div(ones({2}), ones({2}), "up"); });
      s.error("integer division by zero", "ZeroDivisionError", [] { floor_divide(ones({2}, kLong), 0); });
      s.error("negative integer powers", "negative integer powers", [] { pow(ones({2}, kLong), -1); });
      s.error("clamp without limits", "At least one of",
              [] { clamp(ones({2}), std::optional<Scalar>(), std::nullopt); });
      s.error("in place into integers", "can't be cast", [] { ones({2}, kLong).add_(0.5); });
      s.error("in place with a larger shape", "doesn't match the broadcast shape", [] {
        ones({2}).add_(ones({3, 2}));
      });
    })

}  // namespace rondo
#endif  // HWY_ONCE
