// Sums, products, quotients, squares and roots.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/ops/arithmetic.cpp"
#include <hwy/foreach_target.h>

#include <rondo/autograd/ops/pointwise_block-inl.h>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {

namespace {

constexpr auto twice(auto x) { return 2.0 * x; }

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
struct Neg : Unary<Neg> {
  static constexpr Kind kKind = Kind::kNumber;
  auto value(auto x) const { return -x; }
  constexpr auto slope(auto) const { return -1.0; }
};
struct Square : Unary<Square> {
  static constexpr Kind kKind = Kind::kNumber;
  auto value(auto x) const { return x * x; }
  constexpr auto slope(auto x) const { return twice(x); }
};
// The slope of a square: 2x whose own slope stays connected with x, as that of libtorch's 2 x^1 does.
struct Twice : Unary<Twice> {
  static constexpr bool kFlatSlope = true;
  auto value(auto x) const { return 2.0 * x; }
  constexpr auto slope(auto) const { return 2.0; }
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

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <fmt/format.h>

namespace rondo {

namespace block = HWY_NAMESPACE;
using ops::call;
using ops::call_in_place;
using ops::parameter;
using ops::unconst;
using ops::with_number;
using ops::with_number_in_place;

RONDO_UNARY(neg, Neg, .doc = "-x")
RONDO_TABLE(square_table, Square, "square", "PowBackward0")
RONDO_TABLE(twice_table, Twice, "twice", "MulBackward0")
Tensor ops::twice(const Tensor& x) { return call(twice_table(), block::Twice{}, x); }
Tensor square(const Tensor& self) {
  // The squares of truth values are integers, as pow's are.
  if (self.dtype() == kBool) return square(self.to(kLong));
  return call(square_table(), block::Square{}, self);
}
Tensor& square_(Tensor& self) { return call_in_place(square_table(), block::Square{}, self); }
RONDO_OP(
    square, .name = "square", .doc = "x^2", .arity = 1,
    .call = [](const ops::Samples::Inputs& in) { return square(in[0]); })
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

namespace {

bool is_one(Scalar alpha) { return alpha.toDouble() == 1; }

// libtorch refuses to subtract bools, and to scale integers by fractions.
void check_subtraction(const char* operation, ScalarType a, ScalarType b) {
  if (a != kBool && b != kBool) return;
  const char* instead = a == b ? "two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead"
                               : "a bool tensor is not supported. If you are trying to invert a mask, use the `~` or "
                                 "`logical_not()` operator instead";
  fail(operation,
       fmt::format("Subtraction, the `-` operator, with {}; got {} and {}", instead, dtype_name(a), dtype_name(b)));
}
void check_scaled(const char* operation, ScalarType a, ScalarType b, Scalar alpha) {
  if (alpha.isFloatingPoint() && !is_floating_point(a) && !is_floating_point(b)) {
    fail(operation, "For integral input tensors, argument alpha must not be a floating point number.");
  }
}

Scalar product(Scalar a, Scalar b) {
  if (a.isFloatingPoint() || b.isFloatingPoint()) return a.toDouble() * b.toDouble();
  return a.toLong() * b.toLong();
}

}  // namespace

Tensor add(const Tensor& self, const Tensor& other, Scalar alpha) {
  if (is_one(alpha)) return call(add_table(), block::Add{}, self, other);
  check_scaled("add", self.dtype(), other.dtype(), alpha);
  if (self.dtype() == kBool && other.dtype() == kBool) return add(self, mul(other, alpha.toBool()), 1);
  return call(add_scaled_table(), block::AddScaled{{}, parameter(alpha)}, self, other);
}
Tensor add(const Tensor& self, Scalar other, Scalar alpha) {
  return with_number<block::AddNumber>(add_number_table(), self, is_one(alpha) ? other : product(other, alpha));
}
Tensor sub(const Tensor& self, const Tensor& other, Scalar alpha) {
  check_subtraction("sub", self.dtype(), other.dtype());
  check_scaled("sub", self.dtype(), other.dtype(), alpha);
  if (is_one(alpha)) return call(sub_table(), block::Sub{}, self, other);
  return call(sub_scaled_table(), block::AddScaled{{}, parameter(-alpha)}, self, other);
}
Tensor sub(const Tensor& self, Scalar other, Scalar alpha) {
  check_subtraction("sub", self.dtype(), other.type());
  return with_number<block::AddNumber>(sub_number_table(), self, -(is_one(alpha) ? other : product(other, alpha)));
}
Tensor rsub(const Tensor& self, const Tensor& other, Scalar alpha) { return sub(other, self, alpha); }
Tensor rsub(const Tensor& self, Scalar other, Scalar alpha) {
  check_subtraction("rsub", self.dtype(), other.type());
  if (!is_one(alpha)) return sub(mul(self, -alpha), -other);
  return with_number<block::SubFromNumber>(sub_from_number_table(), self, other);
}
Tensor mul(const Tensor& self, const Tensor& other) { return call(mul_table(), block::Mul{}, self, other); }
Tensor mul(const Tensor& self, Scalar other) { return with_number<block::MulNumber>(mul_number_table(), self, other); }
Tensor div(const Tensor& self, const Tensor& other) { return call(div_table(), block::Div{}, self, other); }
Tensor div(const Tensor& self, Scalar other) { return with_number<block::DivNumber>(div_number_table(), self, other); }
Tensor operator/(Scalar a, const Tensor& b) { return with_number<block::NumberDiv>(number_div_table(), b, a); }

Tensor& Tensor::add_(const Tensor& other, Scalar alpha) const {
  if (is_one(alpha)) return call_in_place(add_table(), block::Add{}, unconst(this), other);
  check_scaled("add_", dtype(), other.dtype(), alpha);
  return call_in_place(add_scaled_table(), block::AddScaled{{}, parameter(alpha)}, unconst(this), other);
}
Tensor& Tensor::add_(Scalar other, Scalar alpha) const {
  return with_number_in_place<block::AddNumber>(add_number_table(), unconst(this),
                                                is_one(alpha) ? other : product(other, alpha));
}
Tensor& Tensor::sub_(const Tensor& other, Scalar alpha) const {
  check_subtraction("sub_", dtype(), other.dtype());
  check_scaled("sub_", dtype(), other.dtype(), alpha);
  if (is_one(alpha)) return call_in_place(sub_table(), block::Sub{}, unconst(this), other);
  return call_in_place(sub_scaled_table(), block::AddScaled{{}, parameter(-alpha)}, unconst(this), other);
}
Tensor& Tensor::sub_(Scalar other, Scalar alpha) const {
  check_subtraction("sub_", dtype(), other.type());
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
RONDO_BINARY_OP(add, .doc = "a + alpha * b")
RONDO_BINARY_OP(sub, .doc = "a - alpha * b")
RONDO_BINARY_OP(mul, .doc = "a b")
RONDO_BINARY_OP(div, .doc = "a / b", .low = 0.3, .high = 3)
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
      s.add("a + 0.5 b", {s.real({2, 3}), s.real({3})}, [](const In& in) { return add(in[0], in[1], 0.5); });
      s.add("a - 0.5 b", {s.real({2, 1}), s.real({3})}, [](const In& in) { return sub(in[0], in[1], 0.5); });
      s.error("shapes do not broadcast", "(2, 3) with (4,)", [] { zeros({2, 3}) + zeros({4}); });
      s.error("bools cannot be subtracted", "bool", [] { zeros({2}, kBool) - zeros({2}, kBool); });
      s.error("in place into integers", "can't be cast", [] { ones({2}, kLong).add_(0.5); });
      s.error("in place with a larger shape", "doesn't match the broadcast shape", [] {
        ones({2}).add_(ones({3, 2}));
      });
    })

}  // namespace rondo
#endif  // HWY_ONCE
