// The gamma function's relatives.
#include <rondo/autograd/kernels/special.h>
#include <rondo/autograd/ops/in_place.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/number_function.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/ops/special.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <cmath>

namespace rondo {
namespace {

using ops::NumberFunction;
namespace kernel = kernels::special;

constexpr NumberFunction kLgamma{"lgamma", 1, [](double a, double, int64_t) { return kernel::lgamma(a); },
                                 [](const Tensor& a, const Tensor&, const Tensor&, int64_t) { return digamma(a); }};
constexpr NumberFunction kDigamma{
    "digamma", 1, [](double a, double, int64_t) { return kernel::digamma(a); },
    [](const Tensor& a, const Tensor&, const Tensor&, int64_t) { return polygamma(1, a); }};
constexpr NumberFunction kPolygamma{
    "polygamma", 1, [](double a, double, int64_t n) { return kernel::polygamma(n, a); },
    [](const Tensor& a, const Tensor&, const Tensor&, int64_t n) { return polygamma(n + 1, a); }};
constexpr NumberFunction kZeta{
    "special_zeta", 2, [](double a, double b, int64_t) { return kernel::zeta(a, b); }, nullptr,
    [](const Tensor& a, const Tensor& b, const Tensor&, int64_t) { return -a * special::zeta(a + 1, b); }};

// x^(a - 1) e^-x / gamma(a), the density that both incomplete functions change with.
Tensor density(const Tensor& a, const Tensor& x) { return exp(xlogy(a - 1, x) - x - lgamma(a)); }
constexpr NumberFunction kGammaLower{
    "igamma", 2, [](double a, double b, int64_t) { return kernel::gamma_lower(a, b); }, nullptr,
    [](const Tensor& a, const Tensor& b, const Tensor&, int64_t) { return density(a, b); }};
constexpr NumberFunction kGammaUpper{
    "igammac", 2, [](double a, double b, int64_t) { return kernel::gamma_upper(a, b); }, nullptr,
    [](const Tensor& a, const Tensor& b, const Tensor&, int64_t) { return -density(a, b); }};

}  // namespace

Tensor lgamma(const Tensor& self) { return ops::run(kLgamma, self); }
Tensor& lgamma_(Tensor& self) { return ops::become("lgamma_", self, lgamma(ops::before_change(self))); }
Tensor digamma(const Tensor& self) { return ops::run(kDigamma, self); }
Tensor& digamma_(Tensor& self) { return ops::become("digamma_", self, digamma(ops::before_change(self))); }
Tensor polygamma(int64_t n, const Tensor& self) {
  if (n < 0) fail("polygamma", fmt::format("polygamma(n, x) does not support negative n; got {}", n));
  return n == 0 ? digamma(self) : ops::run(kPolygamma, self, n);
}
Tensor& polygamma_(Tensor& self, int64_t n) {
  return ops::become("polygamma_", self, polygamma(n, ops::before_change(self)));
}

// (p (p - 1) / 4) log(pi) + sum over i < p of lgamma(x - i / 2).
Tensor mvlgamma(const Tensor& self, int64_t p) {
  if (p < 1) fail("mvlgamma", fmt::format("p has to be greater than or equal to 1; got {}", p));
  const Tensor x = is_floating_point(self.dtype()) ? self : self.to(default_dtype());
  const double least = 0.5 * static_cast<double>(p - 1);
  const Tensor shifts = arange(0, p, TensorOptions(x.dtype())) * -0.5;
  return lgamma(x.unsqueeze(-1) + shifts).sum(-1) +
         0.5 * least * static_cast<double>(p) * std::log(3.141592653589793238);
}
Tensor& mvlgamma_(Tensor& self, int64_t p) {
  return ops::become("mvlgamma_", self, mvlgamma(ops::before_change(self), p));
}

Tensor igamma(const Tensor& self, const Tensor& other) { return ops::run(kGammaLower, self, other); }
Tensor igammac(const Tensor& self, const Tensor& other) { return ops::run(kGammaUpper, self, other); }
Tensor& igamma_(Tensor& self, const Tensor& other) {
  return ops::become("igamma_", self, igamma(ops::before_change(self, {other}), other));
}
Tensor& igammac_(Tensor& self, const Tensor& other) {
  return ops::become("igammac_", self, igammac(ops::before_change(self, {other}), other));
}

namespace special {

Tensor gammaln(const Tensor& self) { return rondo::lgamma(self); }
Tensor psi(const Tensor& self) { return rondo::digamma(self); }
Tensor digamma(const Tensor& self) { return rondo::digamma(self); }
Tensor polygamma(int64_t n, const Tensor& self) { return rondo::polygamma(n, self); }
Tensor multigammaln(const Tensor& self, int64_t p) { return rondo::mvlgamma(self, p); }
Tensor zeta(const Tensor& self, const Tensor& other) { return ops::run(kZeta, self, other); }
Tensor zeta(const Tensor& self, Scalar other) { return zeta(self, ops::beside_real(self, other)); }
Tensor zeta(Scalar self, const Tensor& other) { return zeta(ops::beside_real(other, self), other); }
Tensor gammainc(const Tensor& self, const Tensor& other) { return igamma(self, other); }
Tensor gammaincc(const Tensor& self, const Tensor& other) { return igammac(self, other); }

}  // namespace special

#define RONDO_UNARY_NUMBER_OP(function, ...)                \
  RONDO_OP(                                                 \
      function, .name = #function, __VA_ARGS__, .arity = 1, \
      .call = [](const ops::Samples::Inputs& in) { return rondo::function(in[0]); })
RONDO_UNARY_NUMBER_OP(lgamma, .doc = "log |gamma(x)|", .low = 0.2, .high = 4)
RONDO_UNARY_NUMBER_OP(digamma, .doc = "the derivative of lgamma", .low = 0.3, .high = 4)
RONDO_OP(
    polygamma, .name = "polygamma", .doc = "the n-th derivative of digamma, from the Hurwitz zeta function",
    .samples = [](ops::Samples& s) {
      s.add("order 0", {s.real({2, 3}, 0.5, 3)}, RONDO_SAMPLE(polygamma(0, in[0])));
      s.add("order 1", {s.real({2, 3}, 0.5, 3)}, RONDO_SAMPLE(in[0].polygamma(1)));
      s.add("order 2, a number", {s.real({}, 0.5, 3)}, RONDO_SAMPLE(polygamma(2, in[0])));
      s.add("order 3, strided", {s.real({2, 3}, 0.5, 3)}, RONDO_SAMPLE(polygamma(3, in[0].t())));
      s.add("negative numbers", {s.real({3}, -2.7, -2.3)}, RONDO_SAMPLE(polygamma(1, in[0])));
      s.add("empty", {s.real({0, 2})}, RONDO_SAMPLE(polygamma(4, in[0])));
      s.error("negative order", "does not support negative n", [] { polygamma(-1, ones({2})); });
    })
RONDO_OP(
    mvlgamma, .name = "mvlgamma", .doc = "log of the multivariate gamma function; from lgamma",
    .samples = [](ops::Samples& s) {
      s.add("p = 1", {s.real({2, 3}, 0.5, 3)}, RONDO_SAMPLE(mvlgamma(in[0], 1)));
      s.add("p = 3", {s.real({2, 3}, 1.5, 4)}, RONDO_SAMPLE(mvlgamma(in[0].t(), 3)));
      s.add("p = 5, a number", {s.real({}, 2.5, 4)}, RONDO_SAMPLE(special::multigammaln(in[0], 5)));
      s.error("p", "greater than or equal to 1", [] { mvlgamma(ones({2}), 0); });
    })
RONDO_OP(
    zeta, .name = "special::zeta", .doc = "the sum of (k + q)^-s over k >= 0", .samples = [](ops::Samples& s) {
      s.add("two shapes", {s.index({2, 1}, 4), s.real({3}, 0.5, 3)}, RONDO_SAMPLE(special::zeta(in[0] + 2, in[1])));
      s.add("a number", {s.real({3}, 0.5, 3)}, RONDO_SAMPLE(special::zeta(2.5, in[0])));
      s.add("of integers", {s.index({3}, 4)}, RONDO_SAMPLE(special::zeta(in[0] + 2, 1.5)));
    })
RONDO_OP(
    gammainc, .name = "special::gammainc, gammaincc", .doc = "the regularized incomplete gamma functions",
    .samples = [](ops::Samples& s) {
      s.add("lower", {s.index({2, 1}, 4), s.real({3}, 0.5, 6)}, RONDO_SAMPLE(special::gammainc(in[0] + 1, in[1])));
      s.add("upper", {s.index({2, 1}, 4), s.real({3}, 0.5, 6)}, RONDO_SAMPLE(special::gammaincc(in[0] + 1, in[1])));
      s.add("empty", {s.index({0}, 4), s.real({0})}, RONDO_SAMPLE(special::gammainc(in[0], in[1])));
    })
RONDO_OP(
    special_gamma_names, .name = "special:: names of gamma functions", .doc = "gammaln, psi, polygamma",
    .samples = [](ops::Samples& s) {
      s.add("gammaln", {s.real({2}, 0.5, 3)}, RONDO_SAMPLE(special::gammaln(in[0])));
      s.add("psi", {s.real({2}, 0.5, 3)}, RONDO_SAMPLE(special::psi(in[0]) + special::digamma(in[0])));
      s.add("polygamma", {s.real({2}, 0.5, 3)}, RONDO_SAMPLE(special::polygamma(2, in[0])));
    })

#undef RONDO_UNARY_NUMBER_OP

}  // namespace rondo
