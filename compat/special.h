// libtorch's flat names of the special functions: special_erf for special::erf, special_erf_out.
#pragma once

#include <rondo/autograd/ops/special.h>
#include <rondo/compat/out.h>

#include <utility>

namespace rondo {

#define RONDO_FLAT_NAME(name)                                                                 \
  template <class... Args>                                                                    \
  auto special_##name(Args&&... args)->decltype(special::name(std::forward<Args>(args)...)) { \
    return special::name(std::forward<Args>(args)...);                                        \
  }                                                                                           \
  template <class... Args>                                                                    \
  auto special_##name##_out(Tensor& out, Args&&... args)                                      \
      ->decltype(special::name##_out(out, std::forward<Args>(args)...)) {                     \
    return special::name##_out(out, std::forward<Args>(args)...);                             \
  }
RONDO_FLAT_NAME(airy_ai)
RONDO_FLAT_NAME(bessel_j0)
RONDO_FLAT_NAME(bessel_j1)
RONDO_FLAT_NAME(bessel_y0)
RONDO_FLAT_NAME(bessel_y1)
RONDO_FLAT_NAME(chebyshev_polynomial_t)
RONDO_FLAT_NAME(chebyshev_polynomial_u)
RONDO_FLAT_NAME(chebyshev_polynomial_v)
RONDO_FLAT_NAME(chebyshev_polynomial_w)
RONDO_FLAT_NAME(digamma)
RONDO_FLAT_NAME(entr)
RONDO_FLAT_NAME(erf)
RONDO_FLAT_NAME(erfc)
RONDO_FLAT_NAME(erfcx)
RONDO_FLAT_NAME(erfinv)
RONDO_FLAT_NAME(exp2)
RONDO_FLAT_NAME(expit)
RONDO_FLAT_NAME(expm1)
RONDO_FLAT_NAME(gammainc)
RONDO_FLAT_NAME(gammaincc)
RONDO_FLAT_NAME(gammaln)
RONDO_FLAT_NAME(hermite_polynomial_h)
RONDO_FLAT_NAME(hermite_polynomial_he)
RONDO_FLAT_NAME(i0)
RONDO_FLAT_NAME(i0e)
RONDO_FLAT_NAME(i1)
RONDO_FLAT_NAME(i1e)
RONDO_FLAT_NAME(laguerre_polynomial_l)
RONDO_FLAT_NAME(legendre_polynomial_p)
RONDO_FLAT_NAME(log1p)
RONDO_FLAT_NAME(log_ndtr)
RONDO_FLAT_NAME(logit)
RONDO_FLAT_NAME(modified_bessel_i0)
RONDO_FLAT_NAME(modified_bessel_i1)
RONDO_FLAT_NAME(modified_bessel_k0)
RONDO_FLAT_NAME(modified_bessel_k1)
RONDO_FLAT_NAME(multigammaln)
RONDO_FLAT_NAME(ndtr)
RONDO_FLAT_NAME(ndtri)
RONDO_FLAT_NAME(polygamma)
RONDO_FLAT_NAME(psi)
RONDO_FLAT_NAME(round)
RONDO_FLAT_NAME(scaled_modified_bessel_k0)
RONDO_FLAT_NAME(scaled_modified_bessel_k1)
RONDO_FLAT_NAME(shifted_chebyshev_polynomial_t)
RONDO_FLAT_NAME(shifted_chebyshev_polynomial_u)
RONDO_FLAT_NAME(shifted_chebyshev_polynomial_v)
RONDO_FLAT_NAME(shifted_chebyshev_polynomial_w)
RONDO_FLAT_NAME(sinc)
RONDO_FLAT_NAME(spherical_bessel_j0)
RONDO_FLAT_NAME(xlog1py)
RONDO_FLAT_NAME(xlogy)
RONDO_FLAT_NAME(zeta)
#undef RONDO_FLAT_NAME
inline Tensor special_softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt) {
  return special::softmax(self, dim, dtype);
}
inline Tensor special_log_softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt) {
  return special::log_softmax(self, dim, dtype);
}
inline Tensor special_logsumexp(const Tensor& self, IntArrayRef dim, bool keepdim = false) {
  return special::logsumexp(self, dim, keepdim);
}

}  // namespace rondo
