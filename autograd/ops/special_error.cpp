// The error function's relatives, the normal distribution, entropies.
#include <rondo/autograd/kernels/special.h>
#include <rondo/autograd/ops/in_place.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/number_function.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/ops/special.h>

#include <cmath>

namespace rondo {
namespace {

using ops::NumberFunction;
namespace kernel = kernels::special;

constexpr double kTwoOverRootPi = 1.12837916709551257390, kHalfRootPi = 0.88622692545275801365;
constexpr double kOneOverRootTwoPi = 0.39894228040143267794, kRootTwoPi = 2.50662827463100050242;

// The density over the distribution: by erfcx, which scales both, at negative x, where the difference of their
// logarithms would cancel.
Tensor log_ndtr_slope(const Tensor& x, const Tensor& y) {
  const Tensor negative = x < 0;
  const Tensor scaled = 2 * kOneOverRootTwoPi / special::erfcx(x.clamp_max(0) * -0.70710678118654752440);
  return where(negative, scaled, kOneOverRootTwoPi * exp(-0.5 * square(x.clamp_min(0)) - y.masked_fill(negative, 0)));
}

#define RONDO_FUNCTION(constant, name, value, slope)                                                         \
  constexpr NumberFunction constant{name,                                                                    \
                                    1,                                                                       \
                                    [](double x, double, int64_t) -> double { return value; },               \
                                    [](const Tensor& a, const Tensor&, const Tensor& y, int64_t) -> Tensor { \
                                      static_cast<void>(a), static_cast<void>(y);                            \
                                      return slope;                                                          \
                                    },                                                                       \
                                    nullptr,                                                                 \
                                    true};
RONDO_FUNCTION(kErfinv, "erfinv", kernel::erfinv(x), kHalfRootPi* exp(square(y)))
RONDO_FUNCTION(kErfcx, "special_erfcx", kernel::erfcx(x), 2 * a * y - kTwoOverRootPi)
RONDO_FUNCTION(kNdtr, "special_ndtr", kernel::ndtr(x), kOneOverRootTwoPi* exp(-0.5 * square(a)))
RONDO_FUNCTION(kLogNdtr, "special_log_ndtr", kernel::log_ndtr(x), log_ndtr_slope(a, y))
RONDO_FUNCTION(kNdtri, "special_ndtri", kernel::ndtri(x), kRootTwoPi* exp(0.5 * square(y)))
RONDO_FUNCTION(kEntr, "special_entr", x > 0 ? -x * std::log(x) : (x == 0 ? 0 : x < 0 ? -INFINITY : x), -1 - log(a))
#undef RONDO_FUNCTION

// 0 times a logarithm is 0, at NaN excepted.
double xlog1py_of(double a, double b, int64_t) {
  if (std::isnan(b)) return b;
  return a == 0 ? 0 : a * std::log1p(b);
}
constexpr NumberFunction kXlog1py{"special_xlog1py", 2, &xlog1py_of,
                                  [](const Tensor& a, const Tensor& b, const Tensor&, int64_t) {
                                    return log1p(b).masked_fill(logical_and(a == 0, b <= -1), 0);
                                  },
                                  [](const Tensor& a, const Tensor& b, const Tensor&, int64_t) { return a / (b + 1); }};

}  // namespace

Tensor erfinv(const Tensor& self) { return ops::run(kErfinv, self); }
Tensor& erfinv_(Tensor& self) { return ops::become("erfinv_", self, erfinv(ops::before_change(self))); }

namespace special {

Tensor expit(const Tensor& self) { return rondo::sigmoid(self); }
Tensor logit(const Tensor& self, std::optional<double> eps) { return rondo::logit(self, eps); }
Tensor exp2(const Tensor& self) { return rondo::exp2(self); }
Tensor expm1(const Tensor& self) { return rondo::expm1(self); }
Tensor log1p(const Tensor& self) { return rondo::log1p(self); }
Tensor erf(const Tensor& self) { return rondo::erf(self); }
Tensor erfc(const Tensor& self) { return rondo::erfc(self); }
Tensor erfinv(const Tensor& self) { return rondo::erfinv(self); }
Tensor round(const Tensor& self, int64_t decimals) {
  return decimals == 0 ? rondo::round(self) : rondo::round(self, decimals);
}
Tensor xlogy(const Tensor& self, const Tensor& other) { return rondo::xlogy(self, other); }
Tensor xlogy(const Tensor& self, Scalar other) { return rondo::xlogy(self, other); }
Tensor xlogy(Scalar self, const Tensor& other) { return rondo::xlogy(self, other); }
Tensor logsumexp(const Tensor& self, IntArrayRef dim, bool keepdim) { return rondo::logsumexp(self, dim, keepdim); }
Tensor softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) {
  return rondo::softmax(self, dim, dtype);
}
Tensor log_softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) {
  return rondo::log_softmax(self, dim, dtype);
}

Tensor xlog1py(const Tensor& self, const Tensor& other) { return ops::run(kXlog1py, self, other); }
Tensor xlog1py(const Tensor& self, Scalar other) { return xlog1py(self, ops::beside_real(self, other)); }
Tensor xlog1py(Scalar self, const Tensor& other) { return xlog1py(ops::beside_real(other, self), other); }
Tensor entr(const Tensor& self) { return ops::run(kEntr, self); }
Tensor erfcx(const Tensor& self) { return ops::run(kErfcx, self); }
Tensor ndtr(const Tensor& self) { return ops::run(kNdtr, self); }
Tensor log_ndtr(const Tensor& self) { return ops::run(kLogNdtr, self); }
Tensor ndtri(const Tensor& self) { return ops::run(kNdtri, self); }

}  // namespace special

#define RONDO_ERROR_OP(function, ...)                                   \
  RONDO_OP(                                                             \
      function, .name = "special::" #function, __VA_ARGS__, .arity = 1, \
      .call = [](const ops::Samples::Inputs& in) { return special::function(in[0]); })
RONDO_ERROR_OP(erfinv, .doc = "the inverse of erf", .low = -0.9, .high = 0.9)
RONDO_ERROR_OP(erfcx, .doc = "erfc(x) e^(x^2)", .low = -2)
RONDO_ERROR_OP(ndtr, .doc = "the normal distribution's function")
RONDO_ERROR_OP(log_ndtr, .doc = "log(ndtr(x)) without underflow")
RONDO_ERROR_OP(ndtri, .doc = "the inverse of ndtr", .low = 0.1, .high = 0.9)
RONDO_ERROR_OP(entr, .doc = "-x log(x)", .low = 0.2)
RONDO_OP(
    xlog1py, .name = "special::xlog1py", .doc = "a log(1 + b), 0 where a is 0", .low = -0.8, .arity = 2,
    .call = [](const ops::Samples::Inputs& in) { return special::xlog1py(in[0], in[1]); })
RONDO_OP(
    special_names, .name = "special:: names", .doc = "names of torch::special for operations of rondo's",
    .samples = [](ops::Samples& s) {
      s.add("expit", {s.real({2, 3})}, RONDO_SAMPLE(special::expit(in[0])));
      s.add("logit", {s.real({2, 3}, 0.1, 0.9)}, RONDO_SAMPLE(special::logit(in[0], 1e-6)));
      s.add("exponentials", {s.real({2})}, RONDO_SAMPLE(special::exp2(in[0]) + special::expm1(in[0])));
      s.add("log1p", {s.real({2}, -0.5, 2)}, RONDO_SAMPLE(special::log1p(in[0])));
      s.add("errors", {s.real({2})}, RONDO_SAMPLE(special::erf(in[0]) * special::erfc(in[0])));
      s.add("round", {s.real({2}, 0.6, 1.4)}, RONDO_SAMPLE(special::round(in[0])));
      s.add("xlogy", {s.real({2}), s.real({2}, 0.5, 2)}, RONDO_SAMPLE(special::xlogy(in[0], in[1])));
      s.add("xlogy of numbers", {s.real({2}, 0.5, 2)},
            RONDO_SAMPLE(special::xlogy(in[0], 1.5) + special::xlogy(1.5, in[0])));
      s.add("xlog1py of numbers", {s.real({2}, 0.5, 2)},
            RONDO_SAMPLE(special::xlog1py(in[0], 1.5) + special::xlog1py(1.5, in[0])));
      s.add("logsumexp", {s.real({2, 3})}, RONDO_SAMPLE(special::logsumexp(in[0], 1, true)));
      s.add("softmax", {s.real({2, 3})}, RONDO_SAMPLE(special::softmax(in[0], 1) - special::log_softmax(in[0], 0)));
    })

#undef RONDO_ERROR_OP

}  // namespace rondo
