// Powers.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/ops/power.cpp"
#include <hwy/foreach_target.h>

#include <rondo/autograd/ops/pointwise_block-inl.h>

#include <fmt/format.h>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {

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

// At exponent 0 the slope in a is 0, and at a = 0 the slope in a non-negative exponent.
struct Pow : Binary<Pow> {
  static constexpr Kind kKind = Kind::kNumber;
  auto value(auto a, auto b) const { return pow(a, b); }
  constexpr auto slope_a(auto a, auto b) const { return where(b == 0.0, 0.0, b * pow(a, b - 1.0)); }
  constexpr auto slope_b(auto a, auto b, auto y) const { return where((a == 0.0) & (b >= 0.0), 0.0, y * log(a)); }
};

// Its slope is written with squares, which stay connected with x at every order.
struct Cube : Unary<Cube> {
  static constexpr Kind kKind = Kind::kNumber;
  auto value(auto x) const { return x * x * x; }
  constexpr auto slope(auto x) const { return 3.0 * (x * x); }
  ops::Sym slope(const ops::Sym& x) const { return 3.0 * ops::Sym(square(x.tensor)); }
};

using PowNumber = BindB<Pow>;
using NumberPow = BindA<Pow>;

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo {

namespace block = HWY_NAMESPACE;
using ops::call;
using ops::call_in_place;
using ops::unconst;
using ops::with_number;
using ops::with_number_in_place;

RONDO_TABLE(pow_table, Pow, "pow", "PowBackward1")
RONDO_TABLE(cube_table, Cube, "pow", "PowBackward0")
RONDO_TABLE(pow_number_table, PowNumber, "pow")
RONDO_TABLE(number_pow_table, NumberPow, "pow", "PowBackward2")

namespace {

void check_exponent(const Tensor& self, Scalar exponent) {
  if (is_floating_point(self.dtype()) || exponent.isFloatingPoint() || exponent.toDouble() >= 0) return;
  fail("pow", fmt::format("Integers to negative integer powers are not allowed; got exponent {}", exponent.toLong()));
}

}  // namespace

Tensor pow(const Tensor& self, const Tensor& exponent) { return call(pow_table(), block::Pow{}, self, exponent); }
// The exponents that arithmetic does quicker and exactly.
Tensor pow(const Tensor& self, Scalar exponent) {
  const double e = exponent.toDouble();
  const bool real = is_floating_point(self.dtype());
  check_exponent(self, exponent);
  const bool keeps_type = real || (self.dtype() != kBool && !exponent.isFloatingPoint());
  if (e == 2 && keeps_type) return square(self);
  if (e == 3 && keeps_type) return call(cube_table(), block::Cube{}, self);
  if (e == 0.5 && real) return sqrt(self);
  if (e == -1 && real) return reciprocal(self);
  return with_number<block::PowNumber>(pow_number_table(), self, exponent);
}
Tensor pow(Scalar self, const Tensor& exponent) {
  return with_number<block::NumberPow>(number_pow_table(), exponent, self);
}

Tensor& Tensor::pow_(const Tensor& exponent) const {
  return call_in_place(pow_table(), block::Pow{}, unconst(this), exponent);
}
Tensor& Tensor::pow_(Scalar exponent) const {
  check_exponent(*this, exponent);
  return with_number_in_place<block::PowNumber>(pow_number_table(), unconst(this), exponent);
}

RONDO_BINARY_OP(pow, .doc = "a^b; at a = 0 the slope in b is 0", .low = 0.3, .high = 2.5)
RONDO_OP(
    powers_with_numbers, .name = "powers with numbers", .doc = "pow where the base or the exponent is a number",
    .samples = [](ops::Samples& s) {
      using In = ops::Samples::Inputs;
      s.add("x ^ 1.7", {s.real({2, 3}, 0.3, 2)}, [](const In& in) { return in[0].pow(1.7); });
      s.add("x ^ 2", {s.real({2, 3})}, [](const In& in) { return in[0].pow(2); });
      s.add("x ^ 3", {s.real({2, 3})}, [](const In& in) { return in[0].pow(3); });
      s.add("1.7 ^ x", {s.real({2, 3})}, [](const In& in) { return pow(1.7, in[0]); });
      s.error("negative integer powers", "negative integer powers", [] { pow(ones({2}, kLong), -1); });
    })

}  // namespace rondo
#endif  // HWY_ONCE
