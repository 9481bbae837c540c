// The error function's relatives and the normal distribution.
#include <rondo/autograd/kernels/chebyshev.h>
#include <rondo/autograd/kernels/special.h>

#include <cmath>
#include <limits>

namespace rondo::kernels::special {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity(), kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kRootHalf = 0.70710678118654752440, kRootTwo = 1.4142135623730950488;
constexpr double kHalfRootPi = 0.88622692545275801365, kRootTwoOverPi = 0.79788456080286535588;

// erfc(z) e^(z^2) / t in 2t - 1, t = 2 / (2 + z); computed with 50 digits.
constexpr double kErfcx[] = {
    0.5770337386164696886,     0.3554369212704984873,     0.06509515882878652455,    0.003671142395836639166,
    -0.001112844743352632497,  -0.0001607582991537807976, 0.0000327803157417313706,  5.442441645505016033e-6,
    -1.515466555317148162e-6,  -1.429760818116986492e-7,  8.234608827419493433e-8,   -1.296284685230656254e-9,
    -4.154721631015198304e-9,  6.347058278362811181e-10,  1.432082271225622371e-10,  -6.160390105204585542e-11,
    2.061213855472169631e-12,  3.571493148847704445e-12,  -8.586422843251796476e-13, -6.145600213790630554e-14,
    7.418725748596617057e-14,  -1.289504275503232562e-14, -2.358726385710632357e-15, 1.57293493816859114e-15,
    -2.278296623954646517e-16, -6.31233045075642981e-17,  3.591676353181492299e-17,  -5.049809149847729279e-18,
    -1.532454111315489895e-18, 8.903345288990610214e-19};

// e^(x^2), without the error of the rounded square.
double exp_square(double x) {
  const double square = x * x, y = std::exp(square);
  return std::isinf(y) ? y : y + y * std::fma(x, x, -square);
}

// Single precision (Giles 2010) for |y| <= 0.99, the start of the iteration.
double erfinv_start(double y) {
  const double w = -std::log((1 - y) * (1 + y)) - 2.5;
  constexpr double c[] = {2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087,
                          -0.00125372503, -0.00417768164, 0.246640727,    1.50140941};
  double p = 0;
  for (double k : c) p = p * w + k;
  return p * y;
}

// ndtri for p <= 1/4 by Newton's iteration on the logarithm, which is smooth down to the smallest numbers.
double ndtri_low(double p) {
  const double wanted = std::log(p), t = std::sqrt(-2 * wanted);
  double x = (2.30753 + 0.27061 * t) / (1 + t * (0.99229 + 0.04481 * t)) - t;
  for (int i = 0; i < 5; ++i) {
    const double slope = kRootTwoOverPi / erfcx(-x * kRootHalf);
    const double change = (log_ndtr(x) - wanted) / slope;
    x -= change;
    if (std::abs(change) < 1e-10 * std::abs(x)) break;
  }
  return x;
}

}  // namespace

double erfcx(double x) {
  if (std::isnan(x)) return x;
  if (x < 0) return 2 * exp_square(x) - erfcx(-x);
  const double t = 2 / (2 + x);
  return t * chebyshev(kErfcx, 2 * t - 1);
}

double erfinv(double y) {
  const double a = std::abs(y);
  if (!(a < 1)) return a == 1 ? std::copysign(kInf, y) : kNan;
  if (y == 0) return y;
  if (a > 0.9) return std::copysign(kRootHalf * ndtri_low(0.5 * (1 - a)), y);
  double x = erfinv_start(a);
  for (int i = 0; i < 2; ++i) {  // Halley's steps
    const double off = a < 0.5 ? std::erf(x) - a : (1 - a) - std::erfc(x);
    const double step = off * kHalfRootPi * std::exp(x * x);
    x -= step / (1 + x * step);
  }
  return std::copysign(x, y);
}

double ndtr(double x) { return 0.5 * std::erfc(-x * kRootHalf); }

double log_ndtr(double x) {
  const double t = x * kRootHalf;
  return x < -1 ? std::log(0.5 * erfcx(-t)) - t * t : std::log1p(-0.5 * std::erfc(t));
}

double ndtri(double p) {
  if (!(p > 0 && p < 1)) return p == 0 ? -kInf : p == 1 ? kInf : kNan;
  if (p < 0.25) return ndtri_low(p);
  if (p > 0.75) return -ndtri_low(1 - p);
  return kRootTwo * erfinv(2 * p - 1);
}

}  // namespace rondo::kernels::special
