// torch::special.
#include "case.h"

#include <limits>

using against::gradients;
using against::integers;
using against::real;
using against::value;
namespace special = torch::special;

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity(), kNan = std::numeric_limits<double>::quiet_NaN();

torch::Tensor edges() {
  return torch::tensor({0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -3.0, 1e-20, 30.0, -30.0, kInf, -kInf, kNan},
                       torch::kDouble);
}
torch::Tensor range(double low, double high) { return torch::linspace(low, high, 41, torch::kDouble); }

}  // namespace

#define SPECIAL(name, low, high)                                        \
  value(#name " values", special::name(range(low, high)));              \
  value(#name " edges", special::name(edges()));                        \
  value(#name " of integers", special::name(integers({3}, 3)).round()); \
  gradients(#name, {real({2, 3}, low, high)}, AGAINST_F(special::name(in[0])))
#define SPECIAL_FINITE(name, low, high)                    \
  value(#name " values", special::name(range(low, high))); \
  gradients(#name, {real({2, 3}, low, high)}, AGAINST_F(special::name(in[0])))
// Without a derivative in the reference.
#define SPECIAL_VALUES(name, low, high)                    \
  value(#name " values", special::name(range(low, high))); \
  value(#name " edges", special::name(edges()))

AGAINST(special_names) {
  SPECIAL(gammaln, 0.3, 5);
  SPECIAL(psi, 0.3, 5);
  SPECIAL(digamma, 0.3, 5);
  SPECIAL(erf, -3, 3);
  SPECIAL(erfc, -3, 3);
  SPECIAL(erfinv, -0.99, 0.99);
  SPECIAL(expit, -3, 3);
  SPECIAL(exp2, -3, 3);
  SPECIAL(expm1, -3, 3);
  SPECIAL(log1p, -0.5, 3);
  SPECIAL(sinc, -3, 3);
  SPECIAL(logit, 0.1, 0.9);
  gradients("polygamma", {real({2, 3}, 0.3, 5)}, AGAINST_F(special::polygamma(2, in[0])));
  gradients("multigammaln", {real({2, 3}, 1.3, 5)}, AGAINST_F(special::multigammaln(in[0], 3)));
  gradients("logsumexp", {real({2, 3})}, AGAINST_F(special::logsumexp(in[0], 1, true)));
  gradients("softmax", {real({2, 3})}, AGAINST_F(special::softmax(in[0], 1, c10::nullopt)));
  gradients("log_softmax", {real({2, 3})}, AGAINST_F(special::log_softmax(in[0], 0, c10::nullopt)));
  gradients("xlogy", {real({2, 3}), real({3}, 0.3, 2)}, AGAINST_F(special::xlogy(in[0], in[1])));
  value("round", special::round(range(-3, 3)));
}

AGAINST(special_error_functions) {
  SPECIAL(erfcx, -3, 9);
  SPECIAL(ndtr, -5, 5);
  SPECIAL(log_ndtr, -9, 5);
  SPECIAL(ndtri, 0.01, 0.99);
  SPECIAL(entr, 0.1, 3);
  value("erfcx large", special::erfcx(torch::tensor({25.0, 60.0, 1e4, 1e10, -5.0, -26.0}, torch::kDouble)));
  value("log_ndtr low", special::log_ndtr(range(-60, -5)));
  value("ndtri low", special::ndtri(torch::tensor({1e-300, 1e-100, 1e-20, 1e-5, 0.2, 1 - 1e-9}, torch::kDouble)));
  value("erfinv ends", special::erfinv(torch::tensor({1e-9, -0.99, 0.999}, torch::kDouble)));
  gradients("xlog1py", {real({2, 3}), real({3}, -0.5, 2)}, AGAINST_F(special::xlog1py(in[0], in[1])));
  gradients("xlog1py numbers", {real({3}, 0.1, 2)}, AGAINST_F(special::xlog1py(in[0], 2) + special::xlog1py(3, in[0])));
  value("xlog1py edges", special::xlog1py(edges().unsqueeze(1), edges()));
}

AGAINST(special_bessel_functions) {
  // Finite numbers: the reference has NaN at the infinities.
  SPECIAL_FINITE(i0, -20, 20);
  SPECIAL(i0e, -20, 20);
  SPECIAL_FINITE(i1, -20, 20);
  SPECIAL(i1e, -20, 20);
  gradients("i1 at 0", {torch::zeros({2}, torch::kDouble)}, AGAINST_F(special::i1(in[0])), false);
  gradients("i1e at 0", {torch::zeros({2}, torch::kDouble)}, AGAINST_F(special::i1e(in[0])), false);
  value("modified_bessel_i0", special::modified_bessel_i0(range(-20, 20)));
  value("modified_bessel_i1", special::modified_bessel_i1(range(-20, 20)));
  SPECIAL_VALUES(modified_bessel_k0, 0.05, 20);
  SPECIAL_VALUES(modified_bessel_k1, 0.05, 20);
  SPECIAL_VALUES(scaled_modified_bessel_k0, 0.05, 20);
  SPECIAL_VALUES(scaled_modified_bessel_k1, 0.05, 20);
  // Near 0, where the reference is accurate.
  value("bessel_j0", special::bessel_j0(range(-2, 2)));
  value("bessel_j1", special::bessel_j1(range(-2, 2)));
  value("bessel_y0", special::bessel_y0(range(0.05, 2)));
  value("bessel_y1", special::bessel_y1(range(0.05, 2)));
  value("spherical_bessel_j0", special::spherical_bessel_j0(range(-30, 30)));
}

AGAINST(special_zeta_and_gamma) {
  const torch::Tensor s = torch::tensor({1.5, 2.0, 3.3, 7.0}, torch::kDouble).unsqueeze(1);
  value("zeta", special::zeta(s, range(0.1, 30)));
  value("zeta of integers", special::zeta(integers({3}, 3) + 2, 1.5));
  value("zeta numbers", special::zeta(3, range(0.1, 4)));
  value("zeta edges", special::zeta(torch::tensor({1.0, 0.5, 2.0, 3.0, 2.5}, torch::kDouble),
                                    torch::tensor({1.0, 1.0, -2.0, 0.0, -1.5}, torch::kDouble)));
  const torch::Tensor a = torch::tensor({0.01, 0.5, 1.0, 3.0, 20.0, 150.0, 500.0}, torch::kDouble).unsqueeze(1);
  const torch::Tensor x = torch::tensor({1e-5, 0.3, 1.0, 1.05, 3.0, 15.0, 25.0, 140.0, 160.0, 520.0}, torch::kDouble);
  value("gammainc values", special::gammainc(a, x));
  value("gammaincc values", special::gammaincc(a, x));
  value("igamma", torch::igamma(a, x) + torch::igammac(a, x) * 2);
  const torch::Tensor ends = torch::tensor({0.0, 1.0, kInf, -1.0}, torch::kDouble);
  value("gammainc ends", special::gammainc(ends.unsqueeze(1), ends));
  value("gammaincc ends", special::gammaincc(ends.unsqueeze(1), ends));
  gradients("gammainc", {integers({3, 1}, 4) + 1, real({4}, 0.3, 6)},
            AGAINST_F(special::gammainc(in[0].to(torch::kDouble), in[1])));
  gradients("gammaincc", {integers({3, 1}, 4) + 1, real({4}, 0.3, 6)},
            AGAINST_F(special::gammaincc(in[0].to(torch::kDouble), in[1])));
}

#define POLYNOMIAL(name, low, high)                                                                \
  value(#name, special::name(range(low, high).unsqueeze(1), torch::arange(0, 9, torch::kDouble))); \
  value(#name " number", special::name(range(low, high), 4));                                      \
  value(#name " of a number", special::name(0.3, torch::arange(0, 9, torch::kDouble)));            \
  value(#name " below 0", special::name(range(low, high), -1))

AGAINST(special_polynomials) {
  POLYNOMIAL(chebyshev_polynomial_t, -0.95, 0.95);
  POLYNOMIAL(chebyshev_polynomial_u, -0.95, 0.95);
  POLYNOMIAL(chebyshev_polynomial_v, -0.95, 0.95);
  POLYNOMIAL(chebyshev_polynomial_w, -0.95, 0.95);
  POLYNOMIAL(shifted_chebyshev_polynomial_t, 0.05, 0.95);
  POLYNOMIAL(shifted_chebyshev_polynomial_u, 0.05, 0.95);
  POLYNOMIAL(shifted_chebyshev_polynomial_v, 0.05, 0.95);
  POLYNOMIAL(shifted_chebyshev_polynomial_w, 0.05, 0.95);
  POLYNOMIAL(hermite_polynomial_h, -0.95, 0.95);
  POLYNOMIAL(hermite_polynomial_he, -0.95, 0.95);
  POLYNOMIAL(laguerre_polynomial_l, -0.95, 0.95);
  POLYNOMIAL(legendre_polynomial_p, -0.95, 0.95);
}
