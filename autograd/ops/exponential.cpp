// Exponentials, logarithms and what is made of them.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/ops/exponential.cpp"
#include <hwy/foreach_target.h>

#include <rondo/autograd/ops/pointwise_block-inl.h>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {
namespace {

struct Exp : Unary<Exp> {
  auto value(auto x) const { return exp(x); }
  constexpr auto slope_from_output(auto y) const { return y; }
};
struct Exp2 : Unary<Exp2> {
  auto value(auto x) const { return exp2(x); }
  constexpr auto slope_from_output(auto y) const { return 0.69314718055994531 * y; }
};
struct Expm1 : Unary<Expm1> {
  auto value(auto x) const { return expm1(x); }
  constexpr auto slope_from_output(auto y) const { return y + 1.0; }
};
struct Log : Unary<Log> {
  auto value(auto x) const { return log(x); }
  constexpr auto slope(auto x) const { return 1.0 / x; }
};
struct Log2 : Unary<Log2> {
  auto value(auto x) const { return log2(x); }
  constexpr auto slope(auto x) const { return 1.4426950408889634 / x; }
};
struct Log10 : Unary<Log10> {
  auto value(auto x) const { return log10(x); }
  constexpr auto slope(auto x) const { return 0.43429448190325183 / x; }
};
struct Log1p : Unary<Log1p> {
  auto value(auto x) const { return log1p(x); }
  constexpr auto slope(auto x) const { return 1.0 / (1.0 + x); }
};
struct Sinh : Unary<Sinh> {
  auto value(auto x) const { return sinh(x); }
  constexpr auto slope(auto x) const { return cosh(x); }
};
struct Cosh : Unary<Cosh> {
  auto value(auto x) const { return cosh(x); }
  constexpr auto slope(auto x) const { return sinh(x); }
};
struct Tanh : Unary<Tanh> {
  auto value(auto x) const { return tanh(x); }
  constexpr auto slope_from_output(auto y) const { return 1.0 - y * y; }
};
struct Sigmoid : Unary<Sigmoid> {
  auto value(auto x) const { return sigmoid(x); }
  constexpr auto slope_from_output(auto y) const { return y * (1.0 - y); }
};
struct Erf : Unary<Erf> {
  auto value(auto x) const { return erf(x); }
  constexpr auto slope(auto x) const { return 1.1283791670955126 * exp(-(x * x)); }
};
struct Erfc : Unary<Erfc> {
  auto value(auto x) const { return erfc(x); }
  constexpr auto slope(auto x) const { return -1.1283791670955126 * exp(-(x * x)); }
};

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo {

RONDO_UNARY(exp, Exp, .doc = "e^x")
RONDO_UNARY(exp2, Exp2, .doc = "2^x")
RONDO_UNARY(expm1, Expm1, .doc = "e^x - 1, accurate near 0")
RONDO_UNARY(log, Log, .doc = "the natural logarithm", .low = 0.2, .high = 4)
RONDO_UNARY(log2, Log2, .doc = "the logarithm to base 2", .low = 0.2, .high = 4)
RONDO_UNARY(log10, Log10, .doc = "the logarithm to base 10", .low = 0.2, .high = 4)
RONDO_UNARY(log1p, Log1p, .doc = "log(1 + x), accurate near 0", .low = -0.8, .high = 4)
RONDO_UNARY(sinh, Sinh, .doc = "(e^x - e^-x) / 2")
RONDO_UNARY(cosh, Cosh, .doc = "(e^x + e^-x) / 2")
RONDO_UNARY(tanh, Tanh, .doc = "sinh(x) / cosh(x)")
RONDO_UNARY(sigmoid, Sigmoid, .doc = "1 / (1 + e^-x)")
RONDO_UNARY(erf, Erf, .doc = "2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x")
RONDO_UNARY(erfc, Erfc, .doc = "1 - erf(x), accurate for large x")

}  // namespace rondo
#endif  // HWY_ONCE
