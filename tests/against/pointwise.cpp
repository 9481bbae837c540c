// Elementwise functions: values, gradients, dtypes, edges.
#include "case.h"

#include <limits>

using against::gradients;
using against::integers;
using against::real;
using against::refuses;
using against::value;

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity(), kNan = std::numeric_limits<double>::quiet_NaN();

torch::Tensor edges() {
  return torch::tensor(
      {0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -3.0, 1e-20, 1e20, kInf, -kInf, kNan, 1.5, 2.5, -2.5, 710.0},
      torch::kDouble);
}
torch::Tensor flags(torch::IntArrayRef sizes) { return integers(sizes, 2).to(torch::kBool); }

}  // namespace

// Its values and two derivatives, in the dtypes, at the edges, in place.
#define UNARY(name, low, high)                                                                \
  gradients(#name, {real({2, 3}, low, high)}, AGAINST_F(torch::name(in[0])));                 \
  gradients(#name " strided", {real({2, 3}, low, high)}, AGAINST_F(in[0].t().name()));        \
  gradients(#name " number", {real({}, low, high)}, AGAINST_F(torch::name(in[0])), false);    \
  gradients(#name " empty", {real({0, 2}, low, high)}, AGAINST_F(torch::name(in[0])), false); \
  value(#name " in place", (real({2, 3}, low, high) * 1.0).name##_());                        \
  value(#name " edges", torch::name(edges().slice(0, 0, 10)))
// Where the reference's second derivative is zeros without memory.
#define LINEAR(name, low, high)                                                               \
  gradients(#name, {real({2, 3}, low, high)}, AGAINST_F(torch::name(in[0])), false);          \
  gradients(#name " strided", {real({2, 3}, low, high)}, AGAINST_F(in[0].t().name()), false); \
  value(#name " in place", (real({2, 3}, low, high) * 1.0).name##_());                        \
  value(#name " edges", torch::name(edges()))
#define REAL_UNARY(name, low, high) \
  UNARY(name, low, high);           \
  value(#name " type of integers", static_cast<double>(torch::name(torch::zeros({2}, torch::kInt)).scalar_type()))

AGAINST(pointwise_inverse_functions) {
  REAL_UNARY(acos, -0.9, 0.9);
  REAL_UNARY(asin, -0.9, 0.9);
  REAL_UNARY(atan, -3, 3);
  REAL_UNARY(acosh, 1.1, 4);
  REAL_UNARY(asinh, -3, 3);
  REAL_UNARY(atanh, -0.9, 0.9);
  REAL_UNARY(arccos, -0.9, 0.9);
  REAL_UNARY(arcsin, -0.9, 0.9);
  REAL_UNARY(arctan, -3, 3);
  REAL_UNARY(arccosh, 1.1, 4);
  REAL_UNARY(arcsinh, -3, 3);
  REAL_UNARY(arctanh, -0.9, 0.9);
}

AGAINST(pointwise_simple_functions) {
  REAL_UNARY(deg2rad, -3, 3);
  REAL_UNARY(rad2deg, -3, 3);
  REAL_UNARY(sinc, -3, 3);
  gradients("sinc at 0", {torch::zeros({2}, torch::kDouble)}, AGAINST_F(torch::sinc(in[0])), false);
  UNARY(frac, -3, 3);
  LINEAR(absolute, -3, 3);
  LINEAR(negative, -3, 3);
  LINEAR(fix, -3, 3);
  // The reference's gradient is zeros without memory.
  value("sgn", torch::sgn(edges()) + real({17}).sgn_());
  value("infinities", torch::atan(edges()) + torch::asinh(edges()) + torch::rad2deg(edges()) + torch::frac(edges()));
  value("sgn of integers", torch::sgn(integers({4}, 5) - 2));
  value("fix of integers", torch::fix(integers({4}, 5) - 2));
  gradients("angle", {real({6})}, AGAINST_F(torch::angle(in[0])));
  value("angle edges", edges().angle());
  value("angle of integers", torch::angle(integers({4}, 5) - 2));
  value("angle of bools", torch::angle(flags({4})));
  gradients("positive", {real({3})}, AGAINST_F(torch::positive(in[0]) * in[0]));
  gradients("conj", {real({3})}, AGAINST_F(torch::conj(in[0]) * torch::real(in[0]) * in[0].resolve_conj()));
  refuses("positive bool", [] { torch::positive(torch::ones({2}, torch::kBool)); });
}

AGAINST(pointwise_unary_special) {
  REAL_UNARY(lgamma, 0.2, 4);
  REAL_UNARY(digamma, 0.3, 4);
  REAL_UNARY(erfinv, -0.95, 0.95);
  REAL_UNARY(i0, -12, 12);
  gradients("digamma of negatives", {real({6}, -5, -4)}, AGAINST_F(torch::digamma(in[0])), false);
  gradients("lgamma of negatives", {real({6}, -5, -4)}, AGAINST_F(torch::lgamma(in[0])), false);
  for (int64_t n = 0; n < 5; ++n) {
    value("polygamma values " + std::to_string(n), torch::polygamma(n, torch::linspace(0.3, 7, 9, torch::kDouble)));
  }
  gradients("polygamma 1", {real({2, 3}, 0.3, 4)}, AGAINST_F(torch::polygamma(1, in[0])));
  gradients("polygamma 3", {real({2, 3}, 0.3, 4)}, AGAINST_F(in[0].polygamma(3)));
  gradients("polygamma_", {real({2, 3}, 0.3, 4)}, AGAINST_F((in[0] * 1.0).polygamma_(2)));
  gradients("mvlgamma 1", {real({2, 3}, 0.3, 4)}, AGAINST_F(torch::mvlgamma(in[0], 1)));
  gradients("mvlgamma 4", {real({2, 3}, 1.7, 4)}, AGAINST_F(in[0].mvlgamma(4)));
  gradients("mvlgamma_", {real({2, 3}, 1.7, 4)}, AGAINST_F((in[0] * 1.0).mvlgamma_(2)));
  value("mvlgamma of integers", torch::mvlgamma(integers({3}, 4) + 3, 3));
  refuses("polygamma -1", [] { torch::polygamma(-1, torch::ones({2})); });
  refuses("mvlgamma 0", [] { torch::mvlgamma(torch::ones({2}), 0); });
}

#define BINARY(name, low, high)                                                                                      \
  gradients(#name, {real({2, 3}, low, high), real({2, 3}, low, high)}, AGAINST_F(torch::name(in[0], in[1])));        \
  gradients(#name " broadcast", {real({2, 1}, low, high), real({3}, low, high)}, AGAINST_F(in[0].name(in[1])));      \
  gradients(#name " strided", {real({2, 3}, low, high), real({3, 2}, low, high)}, AGAINST_F(in[0].name(in[1].t()))); \
  gradients(#name " numbers", {real({}, low, high), real({}, low, high)}, AGAINST_F(torch::name(in[0], in[1])));     \
  gradients(#name " empty", {real({0, 3}, low, high), real({3}, low, high)}, AGAINST_F(torch::name(in[0], in[1])),   \
            false)
#define BINARY_IN_PLACE(name, low, high) \
  gradients(#name "_", {real({2, 3}, low, high), real({3}, low, high)}, AGAINST_F((in[0] * 1.0).name##_(in[1])))
#define BINARY_EDGES(name) value(#name " edges", torch::name(edges().unsqueeze(1), edges()))
#define BINARY_INTEGERS(name)                                                           \
  value(#name " integers", torch::name(integers({2, 3}, 5) + 1, integers({3}, 4) + 1)); \
  value(#name " mixed", torch::name(integers({3}, 5) + 1, torch::full({3}, 1.5)))

AGAINST(pointwise_binary) {
  BINARY(atan2, -2, 2);
  BINARY_IN_PLACE(atan2, -2, 2);
  BINARY_EDGES(atan2);
  BINARY_INTEGERS(atan2);
  BINARY(arctan2, -2, 2);
  BINARY_IN_PLACE(arctan2, -2, 2);
  BINARY(hypot, 0.2, 2);
  BINARY_IN_PLACE(hypot, 0.2, 2);
  BINARY_EDGES(hypot);
  BINARY(copysign, -2, 2);
  BINARY_IN_PLACE(copysign, -2, 2);
  BINARY_EDGES(copysign);
  BINARY_INTEGERS(copysign);
  BINARY(logaddexp, -2, 2);
  BINARY_EDGES(logaddexp);
  BINARY(logaddexp2, -2, 2);
  BINARY_EDGES(logaddexp2);
  BINARY(xlogy, 0.2, 2);
  BINARY_IN_PLACE(xlogy, 0.2, 2);
  BINARY_EDGES(xlogy);
  BINARY_INTEGERS(xlogy);
  BINARY(fmax, -2, 2);
  BINARY_EDGES(fmax);
  BINARY_INTEGERS(fmax);
  BINARY(fmin, -2, 2);
  BINARY_EDGES(fmin);
  BINARY_INTEGERS(fmin);
  BINARY(ldexp, -2, 2);
  value("ldexp_", (real({2, 3}) * 1.0).ldexp_(real({3})));
  BINARY_INTEGERS(ldexp);
  BINARY(float_power, 0.2, 2);
  BINARY_IN_PLACE(float_power, 0.2, 2);
  BINARY_INTEGERS(float_power);
  gradients("fmax ties", {torch::ones({3}, torch::kDouble), torch::ones({3}, torch::kDouble)},
            AGAINST_F(torch::fmax(in[0], in[1])));
  gradients("fmin ties", {torch::ones({3}, torch::kDouble), torch::ones({3}, torch::kDouble)},
            AGAINST_F(torch::fmin(in[0], in[1])));
  gradients("copysign number", {real({4})}, AGAINST_F(in[0].copysign(-2)));
  gradients("copysign at 0", {torch::zeros({2}, torch::kDouble)}, AGAINST_F(in[0].copysign(-2)), false);
  gradients("copysign_ number", {real({4})}, AGAINST_F((in[0] * 1.0).copysign_(-2)));
  gradients("xlogy with numbers", {real({4}, 0.2, 2)}, AGAINST_F(torch::xlogy(in[0], 3) + torch::xlogy(2, in[0])));
  gradients("xlogy_ number", {real({4}, 0.2, 2)}, AGAINST_F((in[0] * 1.0).xlogy_(3)));
  gradients("xlogy at 0", {torch::zeros({3}, torch::kDouble), real({3}, -1, 1)}, AGAINST_F(torch::xlogy(in[0], in[1])),
            false);
  gradients("float_power with numbers", {real({4}, 0.2, 2)},
            AGAINST_F(torch::float_power(in[0], 3) + torch::float_power(2, in[0])));
  value("float_power of float", torch::float_power(torch::full({2}, 2.0f), 2));
}

AGAINST(pointwise_parts) {
  const auto parts = torch::frexp(edges().slice(0, 0, 10));
  value("mantissa", std::get<0>(parts));
  value("exponent", std::get<1>(parts));
  gradients("frexp", {real({2, 3})}, AGAINST_F(std::get<0>(in[0].frexp())));
  value("heaviside", torch::heaviside(edges(), torch::full({1}, 0.25, torch::kDouble)));
  value("heaviside of integers", torch::heaviside(integers({5}, 5) - 2, integers({5}, 9)));
  value("heaviside_", (real({4}) * 1.0).heaviside_(real({4})));
  refuses("heaviside of two types", [] { torch::heaviside(torch::ones({2}), torch::ones({2}, torch::kLong)); });
  value("nextafter", torch::nextafter(edges().unsqueeze(1), edges()) - edges().unsqueeze(1));
  value("nextafter float", torch::nextafter(torch::ones({2}), torch::zeros({2})));
  value("nextafter_", (real({4}) * 1.0).nextafter_(real({4})));
  value("signbit", torch::signbit(edges().slice(0, 0, 12)));
  value("signbit of integers", torch::signbit(integers({5}, 5) - 2));
  value("isposinf", torch::isposinf(edges()));
  value("isneginf", edges().isneginf());
  value("isreal", torch::isreal(edges()));
  value("isposinf of integers", torch::isposinf(integers({3}, 5)));
}

AGAINST(pointwise_replacing) {
  value("nan_to_num", torch::nan_to_num(edges()));
  value("nan_to_num given", edges().nan_to_num(7, 8, -9));
  value("nan_to_num float", torch::nan_to_num(edges().to(torch::kFloat)));
  value("nan_to_num of integers", torch::nan_to_num(integers({3}, 5)));
  value("nan_to_num_", (edges() * 1.0).nan_to_num_(1));
  gradients("nan_to_num gradient", {edges()}, AGAINST_F(torch::nan_to_num(in[0], 1, 2, 3) * 2.0));
  gradients("logit", {real({2, 3}, 0.05, 0.95)}, AGAINST_F(torch::logit(in[0])));
  gradients("logit eps", {real({2, 5}, -0.5, 1.5)}, AGAINST_F(in[0].logit(0.2)));
  gradients("logit_", {real({2, 3}, 0.05, 0.95)}, AGAINST_F((in[0] * 1.0).logit_(0.1)));
  value("logit edges", torch::logit(torch::tensor({0.0, 1.0, -0.5, 2.0, 0.5, kNan}, torch::kDouble)));
  gradients("lerp tensor", {real({2, 3}), real({3}), real({2, 1}, -1, 2)}, AGAINST_F(torch::lerp(in[0], in[1], in[2])));
  gradients("lerp_ tensor", {real({2, 3}), real({3}), real({2, 1}, -1, 2)},
            AGAINST_F((in[0] * 1.0).lerp_(in[1], in[2])));
  gradients("round 2", {real({2, 3}, -50, 50)}, AGAINST_F(torch::round(in[0], 2)));
  gradients("round -1", {real({2, 3}, -50, 50)}, AGAINST_F(in[0].round(-1)));
  gradients("round_ 1", {real({2, 3}, -50, 50)}, AGAINST_F((in[0] * 1.0).round_(1)));
  gradients("clamp_min tensor", {real({2, 3}), real({3})}, AGAINST_F(torch::clamp_min(in[0], in[1])));
  gradients("clamp_max tensor", {real({2, 3}), real({3})}, AGAINST_F(in[0].clamp_max(in[1])));
  gradients("clamp_ tensors", {real({2, 3}), real({3}, -1, 0), real({3}, 0, 1)},
            AGAINST_F((in[0] * 1.0).clamp_(in[1], in[2])));
  gradients("clamp_min_ and max_", {real({2, 3}), real({3}, -1, 0), real({3}, 0, 1)},
            AGAINST_F((in[0] * 1.0).clamp_min_(in[1]).clamp_max_(in[2])));
  gradients("clip", {real({2, 3})}, AGAINST_F(torch::clip(in[0], -0.5, 0.5)));
  gradients("clip_", {real({2, 3})}, AGAINST_F((in[0] * 1.0).clip_(-0.5, c10::nullopt)));
  gradients("fill", {real({2, 3}), real({})}, AGAINST_F(torch::fill(in[0], in[1]) + torch::fill(in[0], 2)));
  gradients("fill_ and zero_", {real({2, 3}), real({})}, [](const against::Inputs& in) -> torch::Tensor {
    torch::Tensor x = in[0] * 1.0, y = in[0] * 1.0;
    torch::fill_(x, in[1]);
    torch::zero_(y);
    return x + y + torch::zero(in[0]);
  });
}

AGAINST(pointwise_division) {
  gradients("remainder_", {real({2, 3}, -5, 5), real({3}, 1, 2)}, AGAINST_F((in[0] * 1.0).remainder_(in[1])));
  gradients("remainder_ number", {real({2, 3}, -5, 5)}, AGAINST_F((in[0] * 1.0).remainder_(1.5)));
  value("remainder of a number", torch::remainder(7.0, real({2, 3}, 1, 2)));
  gradients("fmod_", {real({2, 3}, -5, 5), real({3}, 1, 2)}, AGAINST_F((in[0] * 1.0).fmod_(in[1])));
  gradients("fmod_ number", {real({2, 3}, -5, 5)}, AGAINST_F((in[0] * 1.0).fmod_(-1.5)));
  gradients("div_ floor", {real({2, 3}, -5, 5), real({3}, 1, 2)}, AGAINST_F((in[0] * 1.0).div_(in[1], "floor")));
  gradients("div_ trunc", {real({2, 3}, -5, 5)}, AGAINST_F((in[0] * 1.0).div_(1.5, "trunc")));
  gradients("div none", {real({2, 3}, -5, 5)}, AGAINST_F((in[0] * 1.0).div_(1.5, c10::nullopt)));
  gradients("divide", {real({2, 3}, -5, 5), real({3}, 1, 2)},
            AGAINST_F(torch::divide(in[0], in[1]).divide(2).true_divide(in[1]) + torch::true_divide(in[0], 3)));
  gradients("divide rounded", {real({2, 3}, -5, 5), real({3}, 1, 2)},
            AGAINST_F(torch::divide(in[0], in[1], "floor") + torch::divide(in[0], 1.5, "trunc")));
  gradients("divide_", {real({2, 3}, -5, 5), real({3}, 1, 2)},
            AGAINST_F((in[0] * 1.0).divide_(in[1]).true_divide_(in[1]).divide_(1.5).divide_(in[1], "trunc")));
  value("floor_divide", (integers({6}, 20) - 10).floor_divide(3));
  value("floor_divide tensors", (integers({6}, 20) - 10).floor_divide(integers({6}, 5) - 6));
  value("floor_divide real", real({6}, -9, 9).floor_divide(real({6}, 1, 2)));
  value("floor_divide_", (integers({6}, 20) - 10).floor_divide_(-3));
  value("integers in place", (integers({6}, 20) - 10).remainder_(7).fmod_(4));
  value("integers div_", (integers({6}, 20) - 10).div_(3, "trunc"));
  value("type of integers divided", torch::divide(integers({3}, 5), 2));
  refuses("floor_divide by zero", [] { torch::ones({2}, torch::kLong).floor_divide(0); });
  refuses("rounding", [] { torch::divide(torch::ones({2}), 2, "up"); });
  refuses("true_divide_ of integers", [] { torch::ones({2}, torch::kLong).true_divide_(2); });
}

AGAINST(pointwise_names) {
  gradients("subtract", {real({2, 3}), real({3})},
            AGAINST_F(torch::subtract(in[0], in[1], 2).subtract(3, 2).multiply(in[1]).multiply(2)));
  gradients("subtract_", {real({2, 3}), real({3})},
            AGAINST_F((in[0] * 1.0).subtract_(in[1], 2).subtract_(3).multiply_(in[1]).multiply_(2)));
  const torch::Tensor a = integers({2, 6}, 3), b = integers({6}, 3);
  value("greater", torch::greater(a, b));
  value("greater_equal", a.greater_equal(b));
  value("less", torch::less(a, b));
  value("less_equal", a.less_equal(b));
  value("not_equal", torch::not_equal(a, b));
  value("greater number", torch::greater(a, 1));
  value("greater_equal number", a.greater_equal(1));
  value("less number", torch::less(a, 1));
  value("less_equal number", a.less_equal(1));
  value("not_equal number", torch::not_equal(a, 1));
  value("in place", a.clone().greater_(b) + a.clone().less_(b) * 2 + a.clone().not_equal_(b) * 4);
  value("in place numbers",
        a.clone().greater_equal_(1) + a.clone().less_equal_(1) * 2 + a.clone().not_equal_(1) * 4 + a.clone().less_(1));
}

AGAINST(pointwise_comparisons_in_place) {
  const torch::Tensor a = real({2, 6}, 0, 1).round(1), b = real({6}, 0, 1).round(1);
  value("eq_", a.clone().eq_(b));
  value("ne_", a.clone().ne_(b));
  value("lt_", a.clone().lt_(b));
  value("le_", a.clone().le_(b));
  value("gt_", a.clone().gt_(b));
  value("ge_", a.clone().ge_(b));
  value("numbers", a.clone().eq_(0.5) + a.clone().ne_(0.5) * 2 + a.clone().lt_(0.5) * 4 + a.clone().le_(0.5) * 8 +
                       a.clone().gt_(0.5) * 16 + a.clone().ge_(0.5) * 32);
  gradients("of a gradient", {real({3})}, AGAINST_F((in[0] * 1.0).gt_(0) + in[0]));
  const torch::Tensor x = real({6}).round(), y = flags({6});
  value("logical_and_", x.clone().logical_and_(y));
  value("logical_or_", x.clone().logical_or_(y));
  value("logical_xor_", x.clone().logical_xor_(y));
  value("logical_not_", x.clone().logical_not_());
  value("logical_and_ bool", y.clone().logical_and_(x));
}

AGAINST(pointwise_bits) {
  const torch::Tensor a = integers({2, 6}, 100) - 50, b = integers({6}, 7), c = flags({6});
  value("and number", torch::bitwise_and(a, 13));
  value("number and", torch::bitwise_and(13, a));
  value("or number", torch::bitwise_or(a, 13));
  value("number or", torch::bitwise_or(13, a));
  value("xor number", torch::bitwise_xor(a, 13));
  value("number xor", torch::bitwise_xor(13, a));
  value("and bool", torch::bitwise_and(c, true));
  value("bool and integer", torch::bitwise_and(c, 3));
  value("int32 and number", torch::bitwise_and(a.to(torch::kInt), 3));
  value("operators", (a & 13) + (a | 6) + (a ^ 5));
  value("operators of tensors", (a & b) + (a | b) + (a ^ b));
  value("in place", a.clone().bitwise_and_(60).bitwise_or_(b).bitwise_xor_(3).bitwise_not_());
  value("in place tensors", a.clone().bitwise_and_(b).bitwise_or_(1).bitwise_xor_(b));
  value("python names", a.__and__(13) + a.__or__(b) + a.__xor__(5) + a.__lshift__(2) + a.__rshift__(b));
  value("left shift", torch::bitwise_left_shift(a, b));
  value("right shift", torch::bitwise_right_shift(a, b));
  value("shift by number", a.bitwise_left_shift(3) + a.bitwise_right_shift(2));
  value("number shifted", torch::bitwise_left_shift(3, b) + torch::bitwise_right_shift(1000, b));
  value("shifts in place", a.clone().bitwise_left_shift_(b).bitwise_right_shift_(1));
  value("left shift int8", torch::bitwise_left_shift(a.to(torch::kChar), b.to(torch::kChar)));
  value("right shift uint8", torch::bitwise_right_shift((a + 50).to(torch::kByte), b.to(torch::kByte)));
  refuses("bits of floats", [] { torch::bitwise_and(torch::ones({2}), 1); });
}

AGAINST(pointwise_divisors) {
  const torch::Tensor a = integers({2, 6}, 100) - 50, b = integers({6}, 30) - 10;
  value("gcd", torch::gcd(a, b));
  value("lcm", torch::lcm(a, b));
  value("gcd with 0", torch::gcd(torch::zeros({2}, torch::kLong), integers({2}, 5)));
  value("lcm with 0", torch::lcm(torch::zeros({2}, torch::kLong), integers({2}, 5)));
  value("gcd int32", torch::gcd(a.to(torch::kInt), b.to(torch::kInt)));
  value("gcd uint8", torch::gcd((a + 50).to(torch::kByte), (b + 10).to(torch::kByte)));
  value("gcd mixed", torch::gcd(a.to(torch::kShort), b));
  value("in place", a.clone().gcd_(b).lcm_(b));
  refuses("gcd of floats", [] { torch::gcd(torch::ones({2}), torch::ones({2})); });
}

AGAINST(pointwise_isin) {
  const torch::Tensor a = integers({3, 4}, 9), b = integers({2, 2}, 9);
  value("tensors", torch::isin(a, b));
  value("inverted", torch::isin(a, b, false, true));
  value("number", torch::isin(a, 3));
  value("of a number", torch::isin(3, a));
  value("real", torch::isin(edges(), torch::tensor({1.0, 2.0, -0.0, kInf}, torch::kDouble)));
  value("empty", torch::isin(a, torch::zeros({0}, torch::kLong)));
}

AGAINST(pointwise_dtypes) {
  const torch::Tensor x = real({5}, 0.1, 0.9), y = real({5}, 0.1, 0.9);
  for (const auto type : {torch::kFloat, torch::kDouble}) {
    const std::string name = type == torch::kFloat ? " float" : " double";
    const auto print = [&](const char* what, const torch::Tensor& t) {
      value(what + name, t.to(torch::kDouble).mul(100).round() + 0.0 * (t.scalar_type() == type ? 1 : 0));
      value(what + name + " type", (t.scalar_type() == type) ? 1.0 : 0.0);
    };
    const torch::Tensor a = x.to(type), b = y.to(type);
    print("atan2", torch::atan2(a, b));
    print("lgamma", torch::lgamma(a));
    print("xlogy", torch::xlogy(a, 2));
    print("copysign", torch::copysign(a, -1));
    print("hypot", torch::hypot(a, b));
    print("logaddexp", torch::logaddexp(a, b));
    print("mixed", torch::atan2(a, y.to(torch::kFloat).to(type)));
  }
  const torch::Tensor integer = integers({4}, 3) + 1;
  value("int atan2", torch::atan2(integer, integer));
  value("int and 0-dim double", torch::xlogy(integer, torch::full({}, 2.0, torch::kDouble)));
  value("float and 0-dim double", torch::xlogy(torch::ones({2}), torch::full({}, 2.0, torch::kDouble)));
  value("bool copysign", torch::copysign(flags({4}), -1));
  value("bool fmax", torch::fmax(flags({4}), flags({4})));
}
