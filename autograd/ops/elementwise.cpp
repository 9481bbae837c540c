// Elementwise functions of two numbers, and those made of other operations.
#include <rondo/autograd/ops/in_place.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/number_function.h>
#include <rondo/autograd/ops/pointwise_family.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace rondo {
namespace {

using ops::beside;
using ops::beside_real;
using ops::NumberFunction;

constexpr double kLn2 = 0.69314718055994530942;

constexpr NumberFunction kAtan2{"atan2", 2, [](double a, double b, int64_t) { return std::atan2(a, b); },
                                // Divided twice by the radius: its square may overflow.
                                [](const Tensor& a, const Tensor& b, const Tensor&, int64_t) {
                                  const Tensor radius = hypot(a, b);
                                  return b / radius / radius;
                                },
                                [](const Tensor& a, const Tensor& b, const Tensor&, int64_t) {
                                  const Tensor radius = hypot(a, b);
                                  return -(a / radius / radius);
                                }};
constexpr NumberFunction kHypot{"hypot",
                                2,
                                [](double a, double b, int64_t) { return std::hypot(a, b); },
                                [](const Tensor& a, const Tensor&, const Tensor& y, int64_t) { return a / y; },
                                [](const Tensor&, const Tensor& b, const Tensor& y, int64_t) { return b / y; },
                                true};
constexpr NumberFunction kCopysign{
    "copysign",
    2,
    [](double a, double b, int64_t) { return std::copysign(a, b); },
    [](const Tensor& a, const Tensor&, const Tensor& y, int64_t) { return sign(a) * sign(y); },
    [](const Tensor&, const Tensor& b, const Tensor&, int64_t) { return zeros_like(b); },
    true};

double logaddexp_of(double a, double b, int64_t) {
  if (std::isinf(a) && a == b) return a;
  const double m = std::max(a, b);
  return m + std::log1p(std::exp(-std::abs(a - b)));
}
double logaddexp2_of(double a, double b, int64_t) {
  if (std::isinf(a) && a == b) return a;
  const double m = std::max(a, b);
  return m + std::log1p(std::exp2(-std::abs(a - b))) / kLn2;
}
constexpr NumberFunction kLogaddexp{
    "logaddexp", 2, &logaddexp_of,
    [](const Tensor& a, const Tensor& b, const Tensor&, int64_t) { return sigmoid(a - b); },
    [](const Tensor& a, const Tensor& b, const Tensor&, int64_t) { return sigmoid(b - a); }};
constexpr NumberFunction kLogaddexp2{
    "logaddexp2", 2, &logaddexp2_of,
    [](const Tensor& a, const Tensor& b, const Tensor&, int64_t) { return sigmoid((a - b) * kLn2); },
    [](const Tensor& a, const Tensor& b, const Tensor&, int64_t) { return sigmoid((b - a) * kLn2); }};

double xlogy_of(double a, double b, int64_t) {
  if (std::isnan(b)) return b;
  return a == 0 ? 0 : a * std::log(b);
}
constexpr NumberFunction kXlogy{"xlogy", 2, &xlogy_of,
                                [](const Tensor& a, const Tensor& b, const Tensor&, int64_t) {
                                  return log(b).masked_fill(logical_and(a == 0, b <= 0), 0);
                                },
                                [](const Tensor& a, const Tensor& b, const Tensor&, int64_t) { return a / b; }};

// 0.5 log(x / (1 - x)) = atanh(2x - 1), with its digits near 1/2.
double logit_of(double x, double, int64_t) {
  return x > 0.3 && x < 0.65 ? std::log1p((2 * x - 1) / (1 - x)) : std::log(x / (1 - x));
}
constexpr NumberFunction kLogit{
    "logit", 1, &logit_of, [](const Tensor& a, const Tensor&, const Tensor&, int64_t) {
      return (1 / (a * (1 - a))).masked_fill(logical_or(a < 0, 1 < a), std::numeric_limits<double>::quiet_NaN());
    }};

// The mantissa, and its slope 2^-exponent.
constexpr NumberFunction kMantissa{"frexp", 1,
                                   [](double a, double, int64_t) {
                                     int exponent;
                                     return std::frexp(a, &exponent);
                                   },
                                   [](const Tensor& a, const Tensor&, const Tensor&, int64_t) {
                                     NoGradGuard guard;
                                     return exp2(-std::get<1>(frexp(a)).to(a.dtype()));
                                   }};

template <class T>
void exponent_loop(const void*, void* const* data, const int64_t* step, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    int exponent = 0;
    static_cast<void>(std::frexp(static_cast<const T*>(data[1])[i * step[1]], &exponent));
    static_cast<int32_t*>(data[0])[i] = exponent;
  }
}
template <class T>
T neighbour(T x, T toward) {
  if constexpr (std::is_floating_point_v<T>) {
    return std::nextafter(x, toward);
  } else {
    const float from = x, to = toward;
    if (from != from) return x;
    if (to != to || from == to) return toward;
    // Apart from 0 the bits of numbers of one sign are in the order of their sizes.
    T y = x;
    if (from == 0) {
      y.x = static_cast<uint16_t>(to < 0 ? 0x8001 : 0x0001);
    } else {
      y.x = static_cast<uint16_t>((to > from) == (from > 0) ? x.x + 1 : x.x - 1);
    }
    return y;
  }
}
template <class T>
void neighbour_loop(const void*, void* const* data, const int64_t* step, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    static_cast<T*>(data[0])[i] =
        neighbour(static_cast<const T*>(data[1])[i * step[1]], static_cast<const T*>(data[2])[i * step[2]]);
  }
}

void check_real(const char* operation, ScalarType type) {
  if (type != kFloat && type != kDouble) {
    fail_type(operation, fmt::format("not implemented for {}; need float32 or float64", dtype_name(type)));
  }
}

}  // namespace

Tensor atan2(const Tensor& self, const Tensor& other) { return ops::run(kAtan2, self, other); }
Tensor arctan2(const Tensor& self, const Tensor& other) { return atan2(self, other); }
Tensor hypot(const Tensor& self, const Tensor& other) { return ops::run(kHypot, self, other); }
Tensor fmax(const Tensor& self, const Tensor& other) {
  return where(logical_or(self >= other, isnan(other)), self, other);
}
Tensor fmin(const Tensor& self, const Tensor& other) {
  return where(logical_or(self <= other, isnan(other)), self, other);
}
Tensor copysign(const Tensor& self, const Tensor& other) { return ops::run(kCopysign, self, other); }
Tensor copysign(const Tensor& self, Scalar other) { return copysign(self, beside_real(self, other)); }
Tensor logaddexp(const Tensor& self, const Tensor& other) { return ops::run(kLogaddexp, self, other); }
Tensor logaddexp2(const Tensor& self, const Tensor& other) { return ops::run(kLogaddexp2, self, other); }
Tensor xlogy(const Tensor& self, const Tensor& other) { return ops::run(kXlogy, self, other); }
Tensor xlogy(const Tensor& self, Scalar other) { return xlogy(self, beside_real(self, other)); }
Tensor xlogy(Scalar self, const Tensor& other) { return xlogy(beside_real(other, self), other); }
Tensor logit(const Tensor& self, std::optional<double> eps) {
  if (!eps) return ops::run(kLogit, self);
  // Beyond the limits the gradient is 0 (clamp's), on them it passes.
  const Tensor x = is_floating_point(self.dtype()) ? self : self.to(default_dtype());
  return ops::run(kLogit, clamp(x, *eps, 1 - *eps));
}

Tensor ldexp(const Tensor& self, const Tensor& other) { return mul(self, pow(2.0, other)); }
std::tuple<Tensor, Tensor> frexp(const Tensor& self) {
  if (is_reduced_floating(self.dtype())) {
    const auto [mantissa, exponent] = frexp(self.to(kFloat));
    return {mantissa.to(self.dtype()), exponent};
  }
  check_real("frexp", self.dtype());
  Tensor exponent;
  const Tensor* inputs[] = {&self};
  ops::walk(self.dtype() == kDouble ? &exponent_loop<double> : &exponent_loop<float>, nullptr, exponent, kInt,
            self.sizes(), inputs, 1, 4096);
  return {ops::run(kMantissa, self), exponent};
}
Tensor nextafter(const Tensor& self, const Tensor& other) {
  const Tensor* arguments[] = {&self, &other};
  const ScalarType type = ops::result_type(arguments, 2);
  if (type != kBFloat16) check_real("nextafter", type);
  const Tensor a = self.to(type).detach(), b = other.to(type).detach();
  const Tensor* inputs[] = {&a, &b};
  Tensor y;
  const auto loop = type == kDouble  ? &neighbour_loop<double>
                    : type == kFloat ? &neighbour_loop<float>
                                     : &neighbour_loop<BFloat16>;
  ops::walk(loop, nullptr, y, type, broadcast_shapes("nextafter", a.sizes(), b.sizes()), inputs, 2, 4096);
  return y;
}
Tensor heaviside(const Tensor& self, const Tensor& values) {
  if (self.dtype() != values.dtype()) {
    fail("heaviside", fmt::format("not yet implemented for tensors with different dtypes: self is {}, values is {}",
                                  dtype_name(self.dtype()), dtype_name(values.dtype())));
  }
  NoGradGuard guard;
  return where(self == 0, values, (self > 0).to(self.dtype()));
}

// At `places` decimals: scaled by a power of ten, which is exact where it is written as a multiplication by 10^places
// or a division by 10^-places.
Tensor round(const Tensor& self, int64_t decimals) {
  if (decimals == 0) return round(self);
  if (!is_floating_point(self.dtype())) {
    fail_type("round", fmt::format("\"round_cpu\" not implemented for {} with decimals {}; need a floating point type",
                                   dtype_name(self.dtype()), decimals));
  }
  const double ten = std::pow(10.0, static_cast<double>(std::abs(decimals)));
  return decimals > 0 ? round(self * ten) / ten : round(self / ten) * ten;
}

Tensor remainder(Scalar self, const Tensor& other) { return remainder(beside(other, self), other); }
Tensor float_power(const Tensor& self, const Tensor& exponent) { return pow(self.to(kDouble), exponent.to(kDouble)); }
Tensor float_power(const Tensor& self, Scalar exponent) { return pow(self.to(kDouble), exponent.toDouble()); }
Tensor float_power(Scalar self, const Tensor& exponent) { return pow(self.toDouble(), exponent.to(kDouble)); }

// From the nearer end, so that weight 1 gives `end` exactly.
Tensor lerp(const Tensor& self, const Tensor& end, const Tensor& weight) {
  if (self.dtype() != end.dtype() || self.dtype() != weight.dtype()) {
    fail("lerp", fmt::format("expected dtype {} for `end` and `weight` but got dtypes {} and {}",
                             dtype_name(self.dtype()), dtype_name(end.dtype()), dtype_name(weight.dtype())));
  }
  const Tensor distance = end - self;
  return where(weight.abs() < 0.5, self + weight * distance, end - distance * (1 - weight));
}
Tensor nan_to_num(const Tensor& self, std::optional<double> nan, std::optional<double> posinf,
                  std::optional<double> neginf) {
  if (!is_floating_point(self.dtype())) return self.clone();
  double most = std::numeric_limits<double>::max();
  if (self.dtype() == kFloat) most = std::numeric_limits<float>::max();
  if (self.dtype() == kHalf) most = 65504;
  if (self.dtype() == kBFloat16) most = 0x1.fep127;
  const Tensor infinite = isinf(self), below = self < 0;
  // A number beyond the type's range becomes infinite.
  const auto fitting = [&](double x) { return std::fabs(x) > most ? std::copysign(INFINITY, x) : x; };
  return self.masked_fill(isnan(self), fitting(nan.value_or(0)))
      .masked_fill(logical_and(infinite, logical_not(below)), fitting(posinf.value_or(most)))
      .masked_fill(logical_and(infinite, below), fitting(neginf.value_or(-most)));
}

Tensor positive(const Tensor& self) {
  if (self.dtype() == kBool) fail("positive", "The `+` operator, on a bool tensor is not supported.");
  return self;
}
Tensor conj(const Tensor& self) { return self; }
Tensor resolve_conj(const Tensor& self) { return self; }
Tensor conj_physical(const Tensor& self) { return self; }
Tensor real(const Tensor& self) { return self; }

Tensor clamp_min(const Tensor& self, const Tensor& min) { return clamp(self, std::optional<Tensor>(min)); }
Tensor clamp_max(const Tensor& self, const Tensor& max) {
  return clamp(self, std::nullopt, std::optional<Tensor>(max));
}

Tensor isposinf(const Tensor& self) { return self == std::numeric_limits<double>::infinity(); }
Tensor isneginf(const Tensor& self) { return self == -std::numeric_limits<double>::infinity(); }
Tensor isreal(const Tensor& self) { return ones_like(self, kBool); }
Tensor signbit(const Tensor& self) {
  if (!is_floating_point(self.dtype())) return self < 0;
  return copysign(ones({}, self.dtype()), self.detach()) < 0;
}

#define RONDO_ELEMENTWISE_OP(function, ...)                 \
  RONDO_OP(                                                 \
      function, .name = #function, __VA_ARGS__, .arity = 2, \
      .call = [](const ops::Samples::Inputs& in) { return rondo::function(in[0], in[1]); })
RONDO_ELEMENTWISE_OP(atan2, .doc = "the angle of (b, a)", .kinks = {0})
RONDO_ELEMENTWISE_OP(arctan2, .doc = "another name of atan2", .kinks = {0})
RONDO_ELEMENTWISE_OP(hypot, .doc = "sqrt(a^2 + b^2)", .kinks = {0})
RONDO_ELEMENTWISE_OP(fmax, .doc = "the larger, a number before NaN; from where")
RONDO_ELEMENTWISE_OP(fmin, .doc = "the smaller, a number before NaN; from where")
RONDO_ELEMENTWISE_OP(copysign, .doc = "|a| with b's sign", .kinks = {0})
RONDO_ELEMENTWISE_OP(logaddexp, .doc = "log(e^a + e^b)")
RONDO_ELEMENTWISE_OP(logaddexp2, .doc = "log2(2^a + 2^b)")
RONDO_ELEMENTWISE_OP(xlogy, .doc = "a log(b), 0 where a is 0", .low = 0.3)
RONDO_OP(
    nan_to_num, .name = "nan_to_num", .doc = "numbers in place of NaN and infinities; from masked_fill",
    .samples = [](ops::Samples& s) {
      s.add("infinities", {s.real({2, 3})},
            RONDO_SAMPLE(
                nan_to_num(in[0].masked_fill(in[0] > 1, INFINITY).masked_fill(in[0] < -1, -INFINITY), 0, 3, -4)));
      s.add("defaults", {s.real({2, 3})}, RONDO_SAMPLE(nan_to_num(in[0].t())));
      s.add("NaN", {s.real({3})}, RONDO_SAMPLE(in[0].log().nan_to_num(7)));
    })
RONDO_OP(
    logit, .name = "logit", .doc = "log(x / (1 - x))", .low = 0.1, .high = 0.9, .arity = 1,
    .call = [](const ops::Samples::Inputs& in) { return logit(in[0]); })
RONDO_OP(
    elementwise_forms, .name = "elementwise functions, other forms", .doc = "overloads, and functions that give two",
    .samples = [](ops::Samples& s) {
      s.add("logit with eps", {s.real({2, 3}, -0.5, 1.5)}, RONDO_SAMPLE(logit(in[0], 0.2)));
      s.add("copysign of a number", {s.real({2, 3}, 0.5, 2)}, RONDO_SAMPLE(copysign(in[0], -1)));
      s.add("xlogy with numbers", {s.real({3}, 0.5, 2)}, RONDO_SAMPLE(xlogy(in[0], 3) + xlogy(2, in[0])));
      s.add("ldexp", {s.real({2, 3}), s.real({3})}, RONDO_SAMPLE(ldexp(in[0], in[1]) + in[0].ldexp(in[1])));
      s.add("frexp", {s.real({2, 3}, 0.6, 0.9)}, RONDO_SAMPLE(std::get<0>(frexp(in[0] * 4))));
      s.add("frexp, exponents", {s.real({2, 3}, 0.6, 0.9)},
            RONDO_SAMPLE(std::get<1>(in[0].t().frexp()).to(in[0].dtype()) + in[0].t()));
      s.add("lerp", {s.real({2, 3}), s.real({3}), s.real({2, 1}, 0.1, 0.4)}, RONDO_SAMPLE(lerp(in[0], in[1], in[2])));
      s.add("lerp near the end", {s.real({3}), s.real({3}), s.real({3}, 0.6, 1.4)},
            RONDO_SAMPLE(in[0].lerp(in[1], in[2])));
      s.add("round at decimals", {s.real({2, 3}, 0.011, 0.014)}, RONDO_SAMPLE(round(in[0], 2)));
      s.add("round at tens", {s.real({2, 3}, 11, 14)}, RONDO_SAMPLE(in[0].round(-1)));
      s.add("float_power", {s.real({2, 3}, 0.5, 2)},
            RONDO_SAMPLE(
                (float_power(in[0], 1.5) + float_power(1.5, in[0]) + float_power(in[0], in[0])).to(in[0].dtype())));
      s.add("remainder of a number", {s.real({3}, 1.2, 1.9)}, RONDO_SAMPLE(remainder(5.0, in[0]) + 5.0 % in[0]));
      s.add("clamp by tensors", {s.real({2, 3}), s.real({3}, -0.5, 0), s.real({3}, 0.1, 0.5)},
            RONDO_SAMPLE(clamp_max(clamp_min(in[0], in[1]), in[2])));
      s.add("positive, conj, real", {s.real({2})}, RONDO_SAMPLE(positive(in[0]) + in[0].conj() * real(in[0])));
      s.error("frexp of integers", "need float32 or float64", [] { frexp(ones({2}, kLong)); });
      s.error("round of integers", "not implemented for int64", [] { round(ones({2}, kLong), 1); });
      s.error("lerp of two dtypes", "expected dtype float32", [] { lerp(ones({2}), ones({2}), ones({2}, kDouble)); });
      s.error("positive bool", "on a bool tensor is not supported", [] { positive(ones({2}, kBool)); });
      s.error("heaviside of two dtypes", "different dtypes", [] { heaviside(ones({2}), ones({2}, kLong)); });
      s.error("nextafter of integers", "need float32 or float64", [] { nextafter(ones(2, kLong), ones(2, kLong)); });
      s.error("shapes", "(2,) with (3,)", [] { atan2(ones({2}), ones({3})); });
    })
RONDO_OP(
    elementwise_tests, .name = "heaviside, nextafter, signbit, infinities", .doc = "results that carry no gradient",
    .differentiable = false, .samples = [](ops::Samples& s) {
      s.add("heaviside", {s.real({2, 3}), s.real({3})}, RONDO_SAMPLE(heaviside(in[0], in[1])));
      s.add("nextafter", {s.real({2, 3}), s.real({3})}, RONDO_SAMPLE(nextafter(in[0], in[1])));
      s.add("signbit", {s.real({2, 3})}, RONDO_SAMPLE(signbit(in[0].t())));
      s.add("infinities", {s.real({2, 3})}, RONDO_SAMPLE(isposinf(1 / in[0].floor()) + isneginf(in[0].floor().log())));
      s.add("isreal", {s.real({0, 3})}, RONDO_SAMPLE(isreal(in[0])));
    })

#undef RONDO_ELEMENTWISE_OP

}  // namespace rondo
