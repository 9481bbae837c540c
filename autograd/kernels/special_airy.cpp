// Airy's function Ai and its derivative.
#include <rondo/autograd/kernels/special.h>

#include <cmath>

namespace rondo::kernels::special {
namespace {

struct Pair {
  double value, slope;
};

// Ai and Ai' at -10, -9.5, ..., 10.
constexpr int kReach = 10;
constexpr Pair kNodes[] = {
    {0.04024123848644319, 0.99626504413279},           {0.3191032477191282, -0.10809531881187123},
    {-0.022133721547341403, -0.9756639809263316},      {-0.33029023763020887, -0.03231334828463914},
    {-0.0527050503563862, 0.9355609381983065},         {0.3217757163806479, 0.3188095066985546},
    {0.18428083525050565, -0.7710081684101265},        {-0.2380203019971158, -0.6749524925132022},
    {-0.3291451736298231, 0.3459354872813429},         {0.017781541276574976, 0.8641972177713984},
    {0.35076100902411433, 0.32719281855444315},        {0.2921527810559595, -0.5233625323157477},
    {-0.07026553294928951, -0.7906285753685813},       {-0.37553382314043193, -0.34344343345404815},
    {-0.37881429367765806, 0.3145837692165988},        {-0.11232506769296609, 0.6788527342647943},
    {0.22740742820168558, 0.618259020741691},          {0.4642565777488694, 0.3091869672024104},
    {0.5355608832923521, -0.01016056711664521},        {0.4757280916105396, -0.20408167033954738},
    {0.3550280538878172, -0.2588194037928068},         {0.23169360648083348, -0.2249105326646839},
    {0.13529241631288141, -0.1591474412967932},        {0.07174949700810541, -0.09738201284230132},
    {0.03492413042327438, -0.05309038443365363},       {0.01572592338047049, -0.026250881035903232},
    {0.006591139357460719, -0.011912976705951319},     {0.002584098786989635, -0.005004413967952583},
    {0.0009515638512048018, -0.001958640950204179},    {0.00033025032351430896, -0.0007178665675575089},
    {0.00010834442813607442, -0.0002474138908684625},  {3.368531190859981e-05, -8.046339130556515e-05},
    {9.947694360252889e-06, -2.4765200397034955e-05},  {2.7958823432049136e-06, -7.231931466601793e-06},
    {7.492128863997167e-07, -2.008150894738792e-06},   {1.9172560675134309e-07, -5.312713959720545e-07},
    {4.6922076160992316e-08, -1.3414392979067865e-07}, {1.0997009755195506e-08, -3.237725440447602e-08},
    {2.47116843087249e-09, -7.480641389658946e-09},    {5.330263704617492e-10, -1.6566394593740667e-09},
    {1.1047532552898686e-10, -3.5206336767389237e-10},
};

// The Taylor series at the nearest node: y'' = x y gives its coefficients, each from two before it.
Pair near(double x) {
  const auto k = static_cast<int>(std::lround(2 * x));
  const double x0 = 0.5 * k, d = x - x0;
  const Pair& node = kNodes[k + 2 * kReach];
  double before = node.value, here = node.slope, earlier = 0;  // coefficients n - 2, n - 1, n - 3
  double value = before + here * d, slope = here;
  double power = d;  // d^(n - 1)
  for (int n = 2; n < 24; ++n) {
    const double next = (x0 * before + earlier) / (n * (n - 1));
    slope += n * next * power;
    power *= d;
    value += next * power;
    earlier = before;
    before = here;
    here = next;
  }
  return {value, slope};
}

// Far from 0: expansions in 1 / zeta, zeta = 2/3 |x|^(3/2) (DLMF 9.7). What zeta loses in rounding is `rest`, since
// exp, sin and cos would show it.
Pair far(double x) {
  const double z = std::fabs(x), root = std::sqrt(z);
  const double root_rest = std::fma(-root, root, z) / (2 * root);
  const double cube = z * root, cube_rest = std::fma(z, root, -cube) + z * root_rest;
  const double zeta = 2 * cube / 3, rest = std::fma(-3.0, zeta, 2 * cube) / 3 + 2 * cube_rest / 3;
  const double fourth = std::sqrt(root);
  constexpr double kRootPi = 1.77245385090551602730, kRootHalf = 0.70710678118654752440;

  // Sums of u_k and v_k with the signs of the even and odd terms that both sides of 0 need.
  const double sign = x > 0 ? 1 : -1;
  double u = 1, even_u = 1, odd_u = 0, even_v = 1, odd_v = 0, power = 1;
  for (int k = 1; k <= 20; ++k) {
    u *= (6.0 * k - 5) * (6.0 * k - 3) * (6.0 * k - 1) / (216.0 * k * (2.0 * k - 1));
    const double v = -u * (6.0 * k + 1) / (6.0 * k - 1);
    power /= zeta;
    const double turned = (k / 2) % 2 == 0 ? power : sign * power;
    (k % 2 == 0 ? even_u : odd_u) += u * turned;
    (k % 2 == 0 ? even_v : odd_v) += v * turned;
    if (u * power < 1e-17) break;
  }
  if (x > 0) {
    const double decay = std::exp(-zeta) * (1 - rest) / (2 * kRootPi);
    return {decay / fourth * (even_u - odd_u), -decay * fourth * (even_v - odd_v)};
  }
  const double c = std::cos(zeta) - rest * std::sin(zeta), s = std::sin(zeta) + rest * std::cos(zeta);
  const double cosine = kRootHalf * (c + s), sine = kRootHalf * (s - c);  // of zeta - pi / 4
  return {(cosine * even_u + sine * odd_u) / (kRootPi * fourth), (sine * even_v - cosine * odd_v) * fourth / kRootPi};
}

constexpr double kLargest = 1e5;  // from here on Ai is 0 in float64; the other way its phase has no digit left at 1e10

}  // namespace

double airy_ai(double x) {
  if (x > kLargest || x == -INFINITY) return 0;
  return std::fabs(x) <= kReach ? near(x).value : far(x).value;
}
double airy_ai_slope(double x) {
  if (x > kLargest) return 0;
  return std::fabs(x) <= kReach ? near(x).slope : far(x).slope;
}

}  // namespace rondo::kernels::special
