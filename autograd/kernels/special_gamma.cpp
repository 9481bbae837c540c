// The gamma function's relatives, and orthogonal polynomials.
#include <rondo/autograd/kernels/special.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace rondo::kernels::special {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity(), kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kPi = 3.14159265358979323846, kEpsilon = 1.1e-16;
// About 9 sqrt(a) terms are needed where x is near a.
constexpr int kMostTerms = 20'000'000;

// q > 0: Euler and Maclaurin's sum behind the first terms.
double zeta_positive(double s, double q) {
  if (q > 1e8) return (1 / (s - 1) + 1 / (2 * q)) * std::pow(q, 1 - s);
  // (2k)! / B(2k).
  constexpr double kFactors[] = {12.0,
                                 -720.0,
                                 30240.0,
                                 -1209600.0,
                                 47900160.0,
                                 -1.8924375803183791606e9,
                                 7.47242496e10,
                                 -2.950130727918164224e12,
                                 1.1646782814350067249e14,
                                 -4.5979787224074726105e15,
                                 1.8152105401943546773e17,
                                 -7.1661652561756670113e18};
  double sum = std::pow(q, -s), a = q, b = sum;
  for (int i = 0; i < 9 || a <= 9; ++i) {
    a += 1;
    b = std::pow(a, -s);
    sum += b;
    if (b < kEpsilon * sum) return sum;
  }
  sum += b * a / (s - 1) - 0.5 * b;
  double factor = 1, k = 0;
  for (double f : kFactors) {
    factor *= s + k;
    b /= a;
    const double term = factor * b / f;
    sum += term;
    if (std::abs(term) < kEpsilon * std::abs(sum)) break;
    factor *= s + k + 1;
    b /= a;
    k += 2;
  }
  return sum;
}

// x^a e^-x / gamma(a + 1).
double gamma_density(double a, double x) {
  if (a < 15 && x > 800) return 0;  // before the power overflows
  if (a < 15) return std::pow(x, a) * std::exp(-x) / std::tgamma(a + 1);
  // By Stirling's series, so that no two large logarithms cancel.
  const double mu = (x - a) / a, i = 1 / a, i2 = i * i;
  const double stirling =
      i *
      (1.0 / 12 - i2 * (1.0 / 360 - i2 * (1.0 / 1260 - i2 * (1.0 / 1680 - i2 * (1.0 / 1188 - i2 * 691.0 / 360360)))));
  const double log_ratio = mu < -0.5 ? std::log(x / a) : std::log1p(mu);
  return std::exp(-a * (mu - log_ratio) - stirling) / std::sqrt(2 * kPi * a);
}

double lower_series(double a, double x) {
  double term = 1, sum = 1;
  for (int n = 1; n < kMostTerms; ++n) {
    term *= x / (a + n);
    sum += term;
    if (term < kEpsilon * sum) break;
  }
  return gamma_density(a, x) * sum;
}

// Lentz's continued fraction, x > a.
double upper_fraction(double a, double x) {
  constexpr double kTiny = 1e-300;
  double b = x + 1 - a, c = 1 / kTiny, d = 1 / b, h = d;
  for (int n = 1; n < kMostTerms; ++n) {
    const double an = -n * (n - a);
    b += 2;
    d = an * d + b;
    if (std::abs(d) < kTiny) d = kTiny;
    c = b + an / c;
    if (std::abs(c) < kTiny) c = kTiny;
    d = 1 / d;
    const double factor = d * c;
    h *= factor;
    if (std::abs(factor - 1) < kEpsilon * 2) break;
  }
  return gamma_density(a, x) * a * h;
}

// lgamma(1 + a), in relation to a.
double lgamma_of_1_plus(double a) {
  if (a > 1e-3) return lgamma(1 + a);
  constexpr double kEuler = 0.57721566490153286061, kZeta3 = 1.2020569031595942854;
  return a * (-kEuler + a * (kPi * kPi / 12 - a * (kZeta3 / 3 - a * (1.0823232337111381915 / 4 - a * 0.20738555))));
}

// For small x, where 1 - lower would cancel.
double upper_series(double a, double x) {
  double term = 1, sum = 0;
  for (int n = 1; n < 200; ++n) {
    term *= -x / n;
    const double part = term / (a + n);
    sum += part;
    if (std::abs(part) <= kEpsilon * std::abs(sum)) break;
  }
  const double log_x = std::log(x);
  return -std::expm1(a * log_x - lgamma_of_1_plus(a)) - std::exp(a * log_x - lgamma(a)) * sum;
}

// The results at the ends, NaN where there is none.
bool gamma_ends(double a, double x, double& lower) {
  lower = kNan;
  if (!(a >= 0) || !(x >= 0)) return true;
  if (a == 0) {
    if (x > 0) lower = 1;
    return true;
  }
  if (x == 0) {
    lower = 0;
    return true;
  }
  if (std::isinf(a)) {
    if (!std::isinf(x)) lower = 0;
    return true;
  }
  if (std::isinf(x)) {
    lower = 1;
    return true;
  }
  return false;
}

}  // namespace

double lgamma(double x) {
  int sign;
  return ::lgamma_r(x, &sign);
}

double digamma(double x) {
  if (x == 0) return std::copysign(kInf, -x);
  if (x < 0) {
    if (x == std::floor(x)) return kNan;
    return digamma(1 - x) - kPi / std::tan(kPi * (x - std::nearbyint(x)));
  }
  if (std::isinf(x)) return x;
  double sum = 0;
  for (; x < 10; x += 1) sum -= 1 / x;
  const double z = 1 / (x * x);
  const double series =
      z *
      (1.0 / 12 - z * (1.0 / 120 - z * (1.0 / 252 - z * (1.0 / 240 - z * (1.0 / 132 - z * (691.0 / 32760 - z / 12))))));
  return sum + std::log(x) - 0.5 / x - series;
}

double zeta(double s, double q) {
  if (std::isnan(s) || std::isnan(q)) return kNan;
  if (s == 1) return kInf;
  if (s < 1) return kNan;
  if (q > 0) return zeta_positive(s, q);
  if (q == std::floor(q)) return kInf;
  if (s != std::floor(s)) return kNan;
  // The terms k + q over all integers k, less those below q.
  const double f = q - std::floor(q), sign = std::fmod(s, 2) == 0 ? 1 : -1;
  return zeta_positive(s, f) + sign * (zeta_positive(s, std::ceil(q) - q) - zeta_positive(s, 1 - q));
}

double polygamma(int64_t n, double x) {
  if (n == 0) return digamma(x);
  const auto order = static_cast<double>(n);
  return (n % 2 ? 1 : -1) * std::tgamma(order + 1) * zeta(order + 1, x);
}

double gamma_lower(double a, double x) {
  double lower;
  if (gamma_ends(a, x, lower)) return lower;
  if (x > 1 && x > a) return 1 - gamma_upper(a, x);
  return lower_series(a, x);
}

double gamma_upper(double a, double x) {
  double lower;
  if (gamma_ends(a, x, lower)) return 1 - lower;
  if (x > 1.1) return x > a ? upper_fraction(a, x) : 1 - lower_series(a, x);
  const bool small = x <= 0.5 ? -0.4 / std::log(x) < a : x * 1.1 < a;
  return small ? 1 - lower_series(a, x) : upper_series(a, x);
}

namespace {

// The series of lower_series and the fraction of upper_fraction, differentiated by a term by term; both in relation to
// the density at x.
double quantile_slope_by_series(double a, double x) {
  const double log_x = std::log(x);
  double term = x / a, psi = digamma(a + 1), slope = 0;
  for (int n = 1; n < kMostTerms; ++n) {
    const double part = term * (psi - log_x);
    slope += part;
    if (n > 8 && std::abs(part) <= kEpsilon * std::abs(slope)) break;
    psi += 1 / (a + n);
    term *= x / (a + n);
  }
  return slope;
}
double quantile_slope_by_fraction(double a, double x) {
  // c, d and h as in upper_fraction; an _a: the derivative by a, for h in relation to h.
  double b = x + 1 - a, c = 0, c_a = 0, d = 1 / b, d_a = d * d, h = d, h_a = d;
  for (int n = 1; n < kMostTerms; ++n) {
    const double an = -n * (n - a);
    b += 2;
    d_a = -1 + n * d + an * d_a;
    d = 1 / (an * d + b);
    d_a *= -d * d;
    c_a = n == 1 ? -1 : -1 + n / c - an * c_a / (c * c);
    c = n == 1 ? b : b + an / c;
    h *= c * d;
    const double change = c_a / c + d_a / d;
    h_a += change;
    if (std::abs(c * d - 1) < kEpsilon * 2 && std::abs(change) <= kEpsilon * 2 * (1 + std::abs(h_a))) break;
  }
  return x * h * (std::log(x) - digamma(a) + h_a);
}

// Cornish and Fisher's expansion of the quantile in the normal number z, for x within ten deviations of a large a.
double quantile_slope_by_normal(double a, double x) {
  const double root = std::sqrt(a), w = (x - a) / root;
  double z = w;
  for (int i = 0; i < 4; ++i) z = w - (z * z - 1) / (3 * root) - z * (z * z - 7) / (36 * a);
  return 1 + z / (2 * root) - z * (z * z - 7) / (72 * a * root);
}

}  // namespace

double gamma_quantile_slope(double a, double x) {
  if (!(a >= 0) || !(x >= 0)) return kNan;
  if (x == 0 || a == 0) return 0;
  if (std::isinf(a) || std::isinf(x)) return 1;
  if (a > 1e5 && std::abs(x - a) < 10 * std::sqrt(a)) return quantile_slope_by_normal(a, x);
  return x > a + 1 ? quantile_slope_by_fraction(a, x) : quantile_slope_by_series(a, x);
}

// All derivatives up to the m-th go through the recurrence p(k+1) = (c x + d) p(k) - e p(k-1), in which
// ((c x + d) p)^(m) = (c x + d) p^(m) + m c p^(m-1).
double polynomial(Polynomial kind, int64_t m, double x, double degree) {
  if (!(degree >= 0) || static_cast<double>(m) > degree) return 0;
  if (std::isnan(x)) return x;
  const auto n = static_cast<int64_t>(std::min(degree, 1e9));
  std::vector<double> before(static_cast<size_t>(m + 1)), now(before), next(before);
  now[0] = 1;
  for (int64_t k = 0; k < n; ++k) {
    const auto order = static_cast<double>(k);
    double c = 2, d = 0, e = 1;
    switch (kind) {
      case Polynomial::kChebyshevT:
        c = k == 0 ? 1 : 2;
        break;
      case Polynomial::kChebyshevU:
        break;
      case Polynomial::kChebyshevV:
        d = k == 0 ? -1 : 0;
        break;
      case Polynomial::kChebyshevW:
        d = k == 0 ? 1 : 0;
        break;
      case Polynomial::kHermiteH:
        e = 2 * order;
        break;
      case Polynomial::kHermiteHe:
        c = 1;
        e = order;
        break;
      case Polynomial::kLaguerre:
        c = -1 / (order + 1);
        d = (2 * order + 1) / (order + 1);
        e = order / (order + 1);
        break;
      case Polynomial::kLegendre:
        c = (2 * order + 1) / (order + 1);
        e = order / (order + 1);
        break;
    }
    for (size_t j = 0; j < now.size(); ++j) {
      next[j] = (c * x + d) * now[j] + (j > 0 ? static_cast<double>(j) * c * now[j - 1] : 0) - e * before[j];
    }
    before.swap(now);
    now.swap(next);
  }
  return now[static_cast<size_t>(m)];
}

}  // namespace rondo::kernels::special
