// Special functions of float64 numbers: a few units in the last place off, but near zeros of the function, where the
// error is as small as that of the larger numbers it is a difference of.
#pragma once

#include <cstdint>

namespace rondo::kernels::special {

// log |gamma(x)|; its n-th derivatives: digamma for n = 0.
double lgamma(double x);
double digamma(double x);
double polygamma(int64_t n, double x);
// The sum of (k + q)^-s over k >= 0: s > 1; where q is negative, s must be an integer.
double zeta(double s, double q);
// The regularized incomplete gamma functions of a and x >= 0, lower and upper.
double gamma_lower(double a, double x);
double gamma_upper(double a, double x);
// The slope by a of the x at which gamma_lower(a, x) has its value.
double gamma_quantile_slope(double a, double x);

// Modified Bessel functions; an e: times e^-|x| (i) or e^x (k).
double i0(double x);
double i0e(double x);
double i1(double x);
double i1e(double x);
double k0(double x);
double k0e(double x);
double k1(double x);
double k1e(double x);
// sin(x) / x and its negative slope.
double spherical_j0(double x);
double spherical_j1(double x);

// Airy's function Ai, and its derivative.
double airy_ai(double x);
double airy_ai_slope(double x);

// erfc(x) e^(x^2); the inverse of erf; the normal distribution's function, its logarithm and its inverse.
double erfcx(double x);
double erfinv(double y);
double ndtr(double x);
double log_ndtr(double x);
double ndtri(double p);

// The m-th derivative of an orthogonal polynomial of degree n.
enum class Polynomial {
  kChebyshevT,
  kChebyshevU,
  kChebyshevV,
  kChebyshevW,
  kHermiteH,
  kHermiteHe,
  kLaguerre,
  kLegendre
};
double polynomial(Polynomial kind, int64_t m, double x, double n);

}  // namespace rondo::kernels::special
