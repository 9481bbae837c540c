// Bessel functions, sinc, and orthogonal polynomials.
#include <rondo/autograd/kernels/special.h>
#include <rondo/autograd/ops/in_place.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/number_function.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/ops/special.h>

#include <math.h>

#include <cmath>

namespace rondo {
namespace {

using ops::NumberFunction;
namespace kernel = kernels::special;
constexpr double kPi = 3.14159265358979323846;

// f / x; near 0 limit * (1 + bend x^2), e^-|x| times that if scaled, so that its slope does not cancel.
Tensor over(const Tensor& f, const Tensor& x, double limit, double bend, bool scaled = false) {
  const Tensor near = x.abs() < 1e-4, small = x.masked_fill(logical_not(near), 0);
  const Tensor series = limit + (limit * bend) * square(small);
  return where(near, scaled ? series * exp(-small.abs()) : series, f / x.masked_fill(near, 1));
}

// RONDO_FUNCTION(kName, "name", value of x, slope at a with result y).
#define RONDO_FUNCTION(constant, name, value, slope)                                                         \
  constexpr NumberFunction constant{name,                                                                    \
                                    1,                                                                       \
                                    [](double x, double, int64_t) -> double { return value; },               \
                                    [](const Tensor& a, const Tensor&, const Tensor& y, int64_t) -> Tensor { \
                                      static_cast<void>(y);                                                  \
                                      return slope;                                                          \
                                    },                                                                       \
                                    nullptr,                                                                 \
                                    true};
RONDO_FUNCTION(kI0, "i0", kernel::i0(x), special::i1(a))
RONDO_FUNCTION(kI0e, "special_i0e", kernel::i0e(x), special::i1e(a) - a.sgn() * y)
RONDO_FUNCTION(kI1, "special_i1", kernel::i1(x), i0(a) - over(y, a, 0.5, 0.125))
RONDO_FUNCTION(kI1e, "special_i1e", kernel::i1e(x), special::i0e(a) - a.sgn() * y - over(y, a, 0.5, 0.125, true))
RONDO_FUNCTION(kK0, "special_modified_bessel_k0", kernel::k0(x), -special::modified_bessel_k1(a))
RONDO_FUNCTION(kK1, "special_modified_bessel_k1", kernel::k1(x), -special::modified_bessel_k0(a) - y / a)
RONDO_FUNCTION(kK0e, "special_scaled_modified_bessel_k0", kernel::k0e(x), y - special::scaled_modified_bessel_k1(a))
RONDO_FUNCTION(kK1e, "special_scaled_modified_bessel_k1", kernel::k1e(x),
               y - special::scaled_modified_bessel_k0(a) - y / a)
RONDO_FUNCTION(kJ0, "special_bessel_j0", ::j0(x), -special::bessel_j1(a))
RONDO_FUNCTION(kJ1, "special_bessel_j1", ::j1(x), special::bessel_j0(a) - over(y, a, 0.5, -0.125))
RONDO_FUNCTION(kY0, "special_bessel_y0", x < 0 ? NAN : ::y0(x), -special::bessel_y1(a))
RONDO_FUNCTION(kY1, "special_bessel_y1", x < 0 ? NAN : ::y1(x), special::bessel_y0(a) - y / a)

extern const NumberFunction kAiryAiSlope;
RONDO_FUNCTION(kAiryAi, "special_airy_ai", kernel::airy_ai(x), ops::run(kAiryAiSlope, a))
RONDO_FUNCTION(kAiryAiSlope, "special_airy_ai_slope", kernel::airy_ai_slope(x), a* special::airy_ai(a))
extern const NumberFunction kSphericalJ1;
RONDO_FUNCTION(kSphericalJ0, "special_spherical_bessel_j0", kernel::spherical_j0(x), -ops::run(kSphericalJ1, a))
RONDO_FUNCTION(kSphericalJ1, "special_spherical_bessel_j1", kernel::spherical_j1(x),
               special::spherical_bessel_j0(a) - 2 * over(y, a, 1.0 / 3, -0.1))
RONDO_FUNCTION(kSinc, "sinc", x == 0 ? 1 : std::sin(kPi * x) / (kPi * x), -kPi* ops::run(kSphericalJ1, kPi* a))

// Of the derivative of some order in x, so that every slope is one of these again.
template <kernel::Polynomial kind>
struct PolynomialFunction {
  static Tensor slope(const Tensor& x, const Tensor& n, const Tensor&, int64_t order) {
    return ops::run(kFunction, x, n, order + 1);
  }
  static constexpr NumberFunction kFunction{
      "special_polynomial", 2, [](double x, double n, int64_t order) { return kernel::polynomial(kind, order, x, n); },
      &slope,
      // The degree is an integer.
      [](const Tensor&, const Tensor& n, const Tensor&, int64_t) -> Tensor { return n * 0; }};
};

}  // namespace

Tensor i0(const Tensor& self) { return ops::run(kI0, self); }
Tensor& i0_(Tensor& self) { return ops::become("i0_", self, i0(ops::before_change(self))); }
Tensor sinc(const Tensor& self) { return ops::run(kSinc, self); }
Tensor& sinc_(Tensor& self) { return ops::become("sinc_", self, sinc(ops::before_change(self))); }

namespace special {

Tensor sinc(const Tensor& self) { return rondo::sinc(self); }
Tensor i0(const Tensor& self) { return rondo::i0(self); }
Tensor i0e(const Tensor& self) { return ops::run(kI0e, self); }
Tensor i1(const Tensor& self) { return ops::run(kI1, self); }
Tensor i1e(const Tensor& self) { return ops::run(kI1e, self); }
Tensor modified_bessel_i0(const Tensor& self) { return rondo::i0(self); }
Tensor modified_bessel_i1(const Tensor& self) { return i1(self); }
Tensor modified_bessel_k0(const Tensor& self) { return ops::run(kK0, self); }
Tensor modified_bessel_k1(const Tensor& self) { return ops::run(kK1, self); }
Tensor scaled_modified_bessel_k0(const Tensor& x) { return ops::run(kK0e, x); }
Tensor scaled_modified_bessel_k1(const Tensor& x) { return ops::run(kK1e, x); }
Tensor bessel_j0(const Tensor& self) { return ops::run(kJ0, self); }
Tensor bessel_j1(const Tensor& self) { return ops::run(kJ1, self); }
Tensor bessel_y0(const Tensor& self) { return ops::run(kY0, self); }
Tensor bessel_y1(const Tensor& self) { return ops::run(kY1, self); }
Tensor airy_ai(const Tensor& x) { return ops::run(kAiryAi, x); }
Tensor spherical_bessel_j0(const Tensor& x) { return ops::run(kSphericalJ0, x); }

#define RONDO_POLYNOMIAL(function, kind, argument)                                                    \
  Tensor function(const Tensor& x, const Tensor& n) {                                                 \
    return ops::run(PolynomialFunction<kernel::Polynomial::kind>::kFunction, argument, n);            \
  }                                                                                                   \
  Tensor function(const Tensor& x, Scalar n) { return function(x, ops::beside_real(x, n)); }          \
  Tensor function(Scalar x, const Tensor& n) { return function(ops::beside_real(n, x), n); }          \
  RONDO_OP(                                                                                           \
      function, .name = "special::" #function, .doc = "an orthogonal polynomial, by its recurrence",  \
      .samples = [](ops::Samples& s) {                                                                \
        s.add("degrees", {s.real({2, 3}), s.index({3}, 6)}, RONDO_SAMPLE(function(in[0], in[1])));    \
        s.add("degree 5", {s.real({2, 3})}, RONDO_SAMPLE(function(in[0].t(), 5)));                    \
        s.add("of a number", {s.index({4}, 6)}, RONDO_SAMPLE(function(0.4, in[0])));                  \
        s.add("degree 0, 0-dimensional", {s.real({})}, RONDO_SAMPLE(function(in[0], 0) + 0 * in[0])); \
      });
RONDO_POLYNOMIAL(chebyshev_polynomial_t, kChebyshevT, x)
RONDO_POLYNOMIAL(chebyshev_polynomial_u, kChebyshevU, x)
RONDO_POLYNOMIAL(chebyshev_polynomial_v, kChebyshevV, x)
RONDO_POLYNOMIAL(chebyshev_polynomial_w, kChebyshevW, x)
RONDO_POLYNOMIAL(shifted_chebyshev_polynomial_t, kChebyshevT, 2 * x - 1)
RONDO_POLYNOMIAL(shifted_chebyshev_polynomial_u, kChebyshevU, 2 * x - 1)
RONDO_POLYNOMIAL(shifted_chebyshev_polynomial_v, kChebyshevV, 2 * x - 1)
RONDO_POLYNOMIAL(shifted_chebyshev_polynomial_w, kChebyshevW, 2 * x - 1)
RONDO_POLYNOMIAL(hermite_polynomial_h, kHermiteH, x)
RONDO_POLYNOMIAL(hermite_polynomial_he, kHermiteHe, x)
RONDO_POLYNOMIAL(laguerre_polynomial_l, kLaguerre, x)
RONDO_POLYNOMIAL(legendre_polynomial_p, kLegendre, x)

}  // namespace special

#define RONDO_BESSEL_OP(function, ...)                                  \
  RONDO_OP(                                                             \
      function, .name = "special::" #function, __VA_ARGS__, .arity = 1, \
      .call = [](const ops::Samples::Inputs& in) { return special::function(in[0]); })
RONDO_BESSEL_OP(i0, .doc = "the modified Bessel function of order 0")
RONDO_BESSEL_OP(i0e, .doc = "i0(x) e^-|x|", .kinks = {0})
RONDO_BESSEL_OP(i1, .doc = "the modified Bessel function of order 1")
RONDO_BESSEL_OP(i1e, .doc = "i1(x) e^-|x|", .kinks = {0})
RONDO_BESSEL_OP(modified_bessel_i0, .doc = "i0 by another name")
RONDO_BESSEL_OP(modified_bessel_i1, .doc = "i1 by another name")
RONDO_BESSEL_OP(modified_bessel_k0, .doc = "the modified Bessel function of the second kind", .low = 0.3, .high = 4)
RONDO_BESSEL_OP(modified_bessel_k1, .doc = "the modified Bessel function of the second kind", .low = 0.3, .high = 4)
RONDO_BESSEL_OP(scaled_modified_bessel_k0, .doc = "k0(x) e^x", .low = 0.3, .high = 4)
RONDO_BESSEL_OP(scaled_modified_bessel_k1, .doc = "k1(x) e^x", .low = 0.3, .high = 4)
RONDO_BESSEL_OP(airy_ai, .doc = "Airy's function Ai, the solution of y'' = x y that vanishes at infinity", .low = -4,
                .high = 3)
// Large arguments turn too far for float32.
#define RONDO_TURNING_OP(function, text, low, high)                                                \
  RONDO_OP(                                                                                        \
      function, .name = "special::" #function, .doc = text, .samples = [](ops::Samples& s) {       \
        s.add("a matrix", {s.real({2, 3}, low, high)}, RONDO_SAMPLE(special::function(in[0])));    \
        s.add("strided", {s.real({2, 3}, low, high)}, RONDO_SAMPLE(special::function(in[0].t()))); \
        s.add("a number", {s.real({}, low, high)}, RONDO_SAMPLE(special::function(in[0])));        \
        s.add("empty", {s.real({0, 2})}, RONDO_SAMPLE(special::function(in[0])));                  \
      });
RONDO_TURNING_OP(bessel_j0, "the Bessel function of the first kind of order 0", -4, 4)
RONDO_TURNING_OP(bessel_j1, "the Bessel function of the first kind of order 1", -4, 4)
RONDO_TURNING_OP(bessel_y0, "the Bessel function of the second kind of order 0", 0.3, 4)
RONDO_TURNING_OP(bessel_y1, "the Bessel function of the second kind of order 1", 0.3, 4)
RONDO_TURNING_OP(spherical_bessel_j0, "sin(x) / x", -4, 4)
RONDO_TURNING_OP(sinc, "sin(pi x) / (pi x)", -2, 2)

#undef RONDO_FUNCTION
#undef RONDO_POLYNOMIAL
#undef RONDO_BESSEL_OP
#undef RONDO_TURNING_OP

}  // namespace rondo
