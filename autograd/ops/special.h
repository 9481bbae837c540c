// Special functions, under the names of torch::special. Elementwise: shapes broadcast, integers are computed in the
// default dtype, float16 and bfloat16 through float32.
#pragma once

#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/reduction.h>

namespace rondo {

// special::gammainc and gammaincc by their older names.
RONDO_METHOD Tensor igamma(const Tensor& self, const Tensor& other);
RONDO_METHOD Tensor igammac(const Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& igamma_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& igammac_(Tensor& self, const Tensor& other);

}  // namespace rondo

namespace rondo::special {

// Other names of operations of rondo's.
Tensor expit(const Tensor& self);
Tensor logit(const Tensor& self, std::optional<double> eps = std::nullopt);
Tensor exp2(const Tensor& self);
Tensor expm1(const Tensor& self);
Tensor log1p(const Tensor& self);
Tensor erf(const Tensor& self);
Tensor erfc(const Tensor& self);
Tensor erfinv(const Tensor& self);
Tensor sinc(const Tensor& self);
Tensor round(const Tensor& self, int64_t decimals = 0);
Tensor gammaln(const Tensor& self);
Tensor psi(const Tensor& self);
Tensor digamma(const Tensor& self);
Tensor polygamma(int64_t n, const Tensor& self);
Tensor multigammaln(const Tensor& self, int64_t p);
Tensor xlogy(const Tensor& self, const Tensor& other);
Tensor xlogy(const Tensor& self, Scalar other);
Tensor xlogy(Scalar self, const Tensor& other);
Tensor i0(const Tensor& self);
Tensor logsumexp(const Tensor& self, IntArrayRef dim, bool keepdim = false);
Tensor softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
Tensor log_softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);

// self * log1p(other), 0 where self is 0 and other no NaN.
Tensor xlog1py(const Tensor& self, const Tensor& other);
Tensor xlog1py(const Tensor& self, Scalar other);
Tensor xlog1py(Scalar self, const Tensor& other);
// -x log(x); 0 at 0, -inf below.
Tensor entr(const Tensor& self);
// erfc(x) e^(x^2).
Tensor erfcx(const Tensor& self);
// The distribution function of the normal distribution, its logarithm without underflow, and its inverse.
Tensor ndtr(const Tensor& self);
Tensor log_ndtr(const Tensor& self);
Tensor ndtri(const Tensor& self);
// The regularized incomplete gamma functions, lower and upper, of a = self and x = other >= 0; differentiable in x.
Tensor gammainc(const Tensor& self, const Tensor& other);
Tensor gammaincc(const Tensor& self, const Tensor& other);
// The Hurwitz zeta function, the sum of (k + other)^-self over k >= 0. Differentiable in `other` alone.
Tensor zeta(const Tensor& self, const Tensor& other);
Tensor zeta(const Tensor& self, Scalar other);
Tensor zeta(Scalar self, const Tensor& other);
// Modified Bessel functions; those with an e are times e^-|x|, the scaled k times e^x.
Tensor i0e(const Tensor& self);
Tensor i1(const Tensor& self);
Tensor i1e(const Tensor& self);
Tensor modified_bessel_i0(const Tensor& self);
Tensor modified_bessel_i1(const Tensor& self);
Tensor modified_bessel_k0(const Tensor& self);
Tensor modified_bessel_k1(const Tensor& self);
Tensor scaled_modified_bessel_k0(const Tensor& x);
Tensor scaled_modified_bessel_k1(const Tensor& x);
// Bessel functions of the first and second kind, and sin(x) / x.
Tensor bessel_j0(const Tensor& self);
Tensor bessel_j1(const Tensor& self);
Tensor bessel_y0(const Tensor& self);
Tensor bessel_y1(const Tensor& self);
Tensor spherical_bessel_j0(const Tensor& x);
// Airy's function Ai, the solution of y'' = x y that vanishes at infinity.
Tensor airy_ai(const Tensor& x);

// Orthogonal polynomials of x, of degree n truncated to an integer; 0 for negative degrees. Differentiable in x.
#define RONDO_DECLARE(name)                      \
  Tensor name(const Tensor& x, const Tensor& n); \
  Tensor name(const Tensor& x, Scalar n);        \
  Tensor name(Scalar x, const Tensor& n);
RONDO_DECLARE(chebyshev_polynomial_t)
RONDO_DECLARE(chebyshev_polynomial_u)
RONDO_DECLARE(chebyshev_polynomial_v)
RONDO_DECLARE(chebyshev_polynomial_w)
RONDO_DECLARE(shifted_chebyshev_polynomial_t)
RONDO_DECLARE(shifted_chebyshev_polynomial_u)
RONDO_DECLARE(shifted_chebyshev_polynomial_v)
RONDO_DECLARE(shifted_chebyshev_polynomial_w)
RONDO_DECLARE(hermite_polynomial_h)
RONDO_DECLARE(hermite_polynomial_he)
RONDO_DECLARE(laguerre_polynomial_l)
RONDO_DECLARE(legendre_polynomial_p)
#undef RONDO_DECLARE

}  // namespace rondo::special
