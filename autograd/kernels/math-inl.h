// Elementary functions on lanes, right over the whole range of their argument: zeros with their sign, subnormals,
// infinities, NaN, arguments outside of the domain (NaN). At most 3 units in the last place off, erf and tanh 4, erfc
// 6; tests/kernels/test_math.cpp holds each function's bound. A lane's result does not depend on the other lanes.
//
// The polynomials' coefficients interpolate at Chebyshev nodes (computed with 60 digits); each comment names the
// function and the range. Reductions use constants in parts whose products with the exponent are exact, so that targets
// without FMA are as good.

// Guard per target: toggled by foreach_target.h.
#if defined(RONDO_AUTOGRAD_KERNELS_MATH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RONDO_AUTOGRAD_KERNELS_MATH_INL_H_
#undef RONDO_AUTOGRAD_KERNELS_MATH_INL_H_
#else
#define RONDO_AUTOGRAD_KERNELS_MATH_INL_H_
#endif

#include <rondo/autograd/kernels/lanes-inl.h>

#include <cmath>
#include <limits>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {
namespace math {

template <class T>
struct Constants;

template <>
struct Constants<float> {
  static constexpr int kMantissaBits = 23;
  static constexpr uint32_t kMantissaMask = 0x007fffff, kRootHalfBits = 0x3f3504f3, kOneBits = 0x3f800000;
  static constexpr uint32_t kHighHalfMask = 0xfffff000;
  static constexpr float kTwoToMantissa = 0x1p23f;
  // 1.5 * 2^23: adding it rounds to an integer, which then sits in the low bits.
  static constexpr float kRounder = 0x1.8p23f;
  static constexpr int kBias = 127;

  static constexpr float kExpFast = 87, kExpHigh = 89, kExpLow = -104, kExp2High = 129, kExp2Low = -151;
  static constexpr float kLn2High = 0x1.62e4p-1f, kLn2Low = 1.4286068203094172321e-6f;
  static constexpr float kLog10Of2High = 0.301025390625f, kLog10Of2Low = 4.6050389811952137389e-6f;
  static constexpr float kPiHigh = 3.1415927410125732422f, kPiLow = -8.7422780003724856617e-8f;
  static constexpr float kExpm1Low = -18, kTanhHigh = 10, kErfHigh = 4.5, kErfcHigh = 11, kSinhSmall = 1e-4f;
  static constexpr float kLogAsymptote = 1e9f;

  // pi/2 in three parts of 13 bits and the rest: n * part is exact for n <= 2^11.
  static constexpr float kTrigHigh = 3216, kHalfPi0 = 0x1.921p+0f, kHalfPi1 = 0x1.f6ap-13f, kHalfPi2 = 0x1.11p-26f,
                         kHalfPi3 = 2.5633441515949e-12f;

  // (e^r - 1 - r) / r^2, |r| <= ln(2)/2.
  static constexpr float kExp[] = {0.5f, 0.1666657685f, 0.04166655444f, 8.363202972e-3f, 1.392621347e-3f};
  // (2 atanh(s)/s - 2) / s^2 in s^2, s <= (sqrt(2)-1)/(sqrt(2)+1).
  static constexpr float kLog[] = {0.6666668505f, 0.3998877828f, 0.2958005304f};
  // (sin(r)/r - 1) / r^2 and (cos(r) - 1 + r^2/2) / r^4 in r^2, r <= pi/4.
  static constexpr float kSin[] = {-0.1666666666f, 8.333331866e-3f, -1.984008202e-4f, 2.724931436e-6f};
  static constexpr float kCos[] = {0.04166666465f, -1.38883007e-3f, 2.454743746e-5f};
  // (atan(r)/r - 1) / r^2 in r^2, r <= tan(pi/8).
  static constexpr float kAtan[] = {-0.3333333175f, 0.1999953879f, -0.1426389711f, 0.1074309967f, -0.06449835225f};
  // (asin(r)/r - 1) / r^2 in r^2, r <= 1/2.
  static constexpr float kAsin[] = {0.1666666634f,  0.07500094543f, 0.04459940153f,
                                    0.03110066274f, 0.01714923836f, 0.0336908472f};
  // erf(x)/x in x^2, x <= 1.
  static constexpr float kErf[] = {1.128379166f,    -0.3761262667f,   0.1128359472f,  -0.02685421201f,
                                   5.189087423e-3f, -8.016864287e-4f, 7.875875063e-5f};
  // erfc(z) e^(z^2) / t in 2t - 1, t = 2 / (2 + z), z <= 10.2.
  static constexpr float kErfc[] = {0.5107913544f,    0.3435803591f,    0.1397358829f,   0.0182206355f,
                                    -0.0107528117f,   -3.236229796e-3f, 1.530702807e-3f, 4.117000837e-4f,
                                    -2.939562793e-4f, -1.971264976e-5f, 3.207765565e-5f};
  // ((Phi(x) - 1/2) / x - 1/sqrt(2 pi)) / x^2 in x^2, x^2 <= 3; 1/sqrt(2 pi) in two parts.
  static constexpr float kDensityHigh = 0.3989422917366f, kDensityLow = -1.13351701e-8f;
  static constexpr float kNormalNear[] = {-0.06649035022f,  0.009973385139f, -0.001186951394f, 0.0001150121052f,
                                          -9.175824509e-6f, 5.662457006e-7f, -2.026412373e-8f};
  // Phi(-a) e^(a^2 / 2) / t in t - kNormalCentre, t = kNormalScale / (kNormalScale + a), 1.53 <= a <= 14.6.
  static constexpr float kNormalScale = 2, kNormalCentre = 0.353134182669f;
  static constexpr float kNormal[] = {0.2892299529f,   0.3053016476f, 0.118080704f,   -0.1187400952f,
                                      -0.09375172862f, 0.1187099427f, 0.05906171795f, -0.1454567862f};
};

template <>
struct Constants<double> {
  static constexpr int kMantissaBits = 52;
  static constexpr uint64_t kMantissaMask = 0x000fffffffffffff, kRootHalfBits = 0x3fe6a09e667f3bcd,
                            kOneBits = 0x3ff0000000000000;
  static constexpr uint64_t kHighHalfMask = 0xfffffffff8000000;
  static constexpr double kTwoToMantissa = 0x1p52;
  static constexpr double kRounder = 0x1.8p52;
  static constexpr int kBias = 1023;

  static constexpr double kExpFast = 708, kExpHigh = 710, kExpLow = -746, kExp2High = 1025, kExp2Low = -1080;
  static constexpr double kLn2High = 0.69314718060195446014, kLn2Low = -4.2009150726810847292e-11;
  static constexpr double kLog10Of2High = 0.30102999566588550806, kLog10Of2Low = -1.9043128467164275411e-12;
  static constexpr double kPiHigh = 3.141592653589793116, kPiLow = 1.2246467991473531772e-16;
  static constexpr double kExpm1Low = -38, kTanhHigh = 20, kErfHigh = 6.5, kErfcHigh = 28, kSinhSmall = 1e-9;
  static constexpr double kLogAsymptote = 1e17;

  // pi/2 in two parts of 33 bits and the rest: n * part is exact for n <= 2^20.
  static constexpr double kTrigHigh = 1e6, kHalfPi0 = 0x1.921fb544p+0, kHalfPi1 = 0x1.0b4611a6p-34,
                          kHalfPi2 = 2.022266248795950633e-21, kHalfPi3 = 0;

  static constexpr double kExp[] = {0.5,
                                    0.1666666666666667101,
                                    0.04166666666666666977,
                                    8.333333333326112053e-3,
                                    1.388888888888373183e-3,
                                    1.984126987490125923e-4,
                                    2.480158732560532278e-5,
                                    2.755725529796964439e-6,
                                    2.755727357010213967e-7,
                                    2.510525953844849342e-8,
                                    2.091471734171637595e-9};
  static constexpr double kLog[] = {0.6666666666666669688, 0.3999999999989944323, 0.2857142862600326877,
                                    0.222222111302598742,  0.1818288945567510606, 0.1533171061820642037,
                                    0.1461658542493412164};
  static constexpr double kSin[] = {-0.1666666666666666667,   8.33333333333333147e-3,   -1.984126984126501705e-4,
                                    2.755731921930193737e-6,  -2.505210621952836669e-8, 1.605852957329173612e-10,
                                    -7.586576648405163465e-13};
  static constexpr double kCos[] = {0.04166666666666666537,   -1.388888888888738228e-3, 2.480158729874308062e-5,
                                    -2.755731726001470736e-7, 2.087614382921393453e-9,  -1.138245686584033999e-11};
  static constexpr double kAtan[] = {-0.3333333333333333013, 0.199999999999954792,    -0.1428571428465789355,
                                     0.1111111101456101359,  -0.09090904549884610541, 0.07692182535116640344,
                                     -0.066645022156713535,  0.05858068756860806352,  -0.05085030492807691542,
                                     0.03921955253246737892, -0.01916206891580966871};
  static constexpr double kAsin[] = {0.1666666666666666783,   0.07499999999998432933, 0.04464285714635542978,
                                     0.03038194413853124724,  0.02237217294214988934, 0.01735239272086994389,
                                     0.01397121297355331043,  0.01147917741518161673, 0.01032281435020519945,
                                     5.457506718563782028e-3, 0.01740087944288715169, -0.01485188707152891292,
                                     0.02875785136760232752};
  static constexpr double kErf[] = {1.128379167095512567,     -0.3761263890318354044,   0.1128379167094500627,
                                    -0.02686617064323777036,  5.223977607116422732e-3,  -8.548325975389692066e-4,
                                    1.205529490483970753e-4,  -1.492473690741965364e-5, 1.644742470331728768e-6,
                                    -1.620848380187118197e-7, 1.372006454677559166e-8,  -7.795898826998503403e-10};
  // z <= 27.3.
  static constexpr double kErfc[] = {
      0.5107913526210114872,    0.3435803422069053403,    0.1397360462780275405,    0.01822111575343326702,
      -0.01075533094475258751,  -3.239592533612255695e-3, 1.545306029809695429e-3,  4.186480262783331118e-4,
      -3.315367549804307004e-4, -1.718566413920829002e-5, 7.223538507237442376e-5,  -1.707480981041254173e-5,
      -1.084809409005653221e-5, 8.062020882675009985e-6,  -5.63230990819728148e-7,  -1.826326975636612423e-6,
      1.003329364866766141e-6,  7.198185198736125936e-9,  -2.920676671372799753e-7, 1.525504898500439044e-7,
      8.660155501754607637e-9,  -4.870996178863634845e-8, 1.915536550411313194e-8,  3.447962867495257939e-9,
      -4.480636296109858802e-9, 9.546721277817803305e-10};
  // ((Phi(x) - 1/2) / x - 1/sqrt(2 pi)) / x^2 in x^2, x^2 <= 3; 1/sqrt(2 pi) in two parts.
  static constexpr double kDensityHigh = 0.3989422804014327, kDensityLow = -2.49232720227773e-17;
  static constexpr double kNormalNear[] = {
      -0.06649038006690147132,   0.009973557009976021499,  -0.001187328215131024227,  0.000115434686521697539,
      -9.444654156537848668e-6,  6.659666897601539785e-7,  -4.122436535068134386e-8,  2.272130910609324496e-9,
      -1.124177001326598589e-10, 4.937942076574373779e-12, -1.778870605548868252e-13, 3.910666004679994606e-15};
  // Phi(-a) e^(a^2 / 2) / t in t - kNormalCentre, t = kNormalScale / (kNormalScale + a), 1.53 <= a <= 39.7.
  static constexpr double kNormalScale = 3, kNormalCentre = 0.37494018511208852936;
  static constexpr double kNormal[] = {
      0.2051020493924098379,    0.2691017802909363293,   0.2556728707711217262,   0.1418690010063596176,
      -0.007461413151839157779, -0.07476265202325887446, -0.02124893406644442765, 0.04681257045911012084,
      0.0202788102204723712,    -0.04002476293971257995, -0.01322741521206703829, 0.04226105172753223896,
      0.0003539033484330450906, -0.04673311803140377541, 0.02132707703530648077,  0.04502289454583266839,
      -0.04798708962773199044,  -0.02725195188126032333, 0.05064065658620703479};
};

template <class T>
using BitTag = hn::RebindToUnsigned<hn::ScalableTag<T>>;
template <class T>
using Bits = hn::Vec<BitTag<T>>;

template <class T>
HWY_INLINE Bits<T> bits_of(Lanes<T> x) {
  return hn::BitCast(BitTag<T>(), x.v);
}
template <class T>
HWY_INLINE Lanes<T> from_bits(Bits<T> bits) {
  return Lanes<T>(hn::BitCast(hn::ScalableTag<T>(), bits));
}

// c[I] + c[I + Step] x + c[I + 2 Step] x^2 + ...
template <size_t I, size_t Step, class T, size_t N>
HWY_INLINE Lanes<T> horner(Lanes<T> x, const T (&c)[N]) {
  if constexpr (I + Step >= N) {
    return Lanes<T>(c[I]);
  } else {
    return fma(horner<I + Step, Step>(x, c), x, Lanes<T>(c[I]));
  }
}
// Long polynomials as two interleaved chains, which halves the latency for one product more.
template <class T, size_t N>
HWY_INLINE Lanes<T> polynomial(Lanes<T> x, const T (&c)[N]) {
  if constexpr (N < 6) {
    return horner<0, 1>(x, c);
  } else {
    const Lanes<T> x2 = x * x;
    return fma(horner<1, 2>(x2, c), x, horner<0, 2>(x2, c));
  }
}

// f on every lane in turn.
template <class T>
HWY_INLINE Lanes<T> lane_by_lane(Lanes<T> x, T (*f)(T)) {
  HWY_ALIGN T buffer[HWY_MAX_BYTES / sizeof(T)];
  x.store(buffer);
  for (size_t i = 0; i < Lanes<T>::count(); ++i) buffer[i] = f(buffer[i]);
  return Lanes<T>::load(buffer);
}

// 2^n for integral n from -kBias (which gives 0) to kBias. The sum puts n + bias into the low bits; the shift drops the
// rest.
template <class T>
HWY_INLINE Lanes<T> power_of_2(Lanes<T> n) {
  using C = Constants<T>;
  return from_bits<T>(hn::ShiftLeft<C::kMantissaBits>(bits_of(n + Lanes<T>(C::kRounder + C::kBias))));
}
// y * 2^n in two steps, the second of which may overflow or round to a subnormal: |n| up to 2 * kBias.
template <class T>
HWY_INLINE Lanes<T> scale(Lanes<T> y, Lanes<T> n) {
  const Lanes<T> rounder(Constants<T>::kRounder);
  const Lanes<T> half = (n * 0.5 + rounder) - rounder;
  return y * power_of_2(half) * power_of_2(n - half);
}

// y * 2^n, rounded once, for any n: one instruction of AVX-512.
#if HWY_TARGET <= HWY_AVX3 && HWY_ARCH_X86
HWY_INLINE Lanes<float> scale_any(Lanes<float> y, Lanes<float> n) {
  return Lanes<float>(hn::Vec512<float>{_mm512_scalef_ps(y.v.raw, n.v.raw)});
}
HWY_INLINE Lanes<double> scale_any(Lanes<double> y, Lanes<double> n) {
  return Lanes<double>(hn::Vec512<double>{_mm512_scalef_pd(y.v.raw, n.v.raw)});
}
#else
template <class T>
HWY_INLINE Lanes<T> scale_any(Lanes<T> y, Lanes<T> n) {
  if (HWY_LIKELY(all_of(n > -static_cast<double>(Constants<T>::kBias)))) return y * power_of_2(n);
  return scale(y, n);
}
#endif

// e^x = 2^n e^rest after exp_reduce, = 2^n (1 + rest) after exp_parts.
template <class T>
struct ExpParts {
  Lanes<T> n, rest;
};
template <class T>
HWY_INLINE Lanes<T> expm1_reduced(Lanes<T> r) {
  return fma(r * r, polynomial(r, Constants<T>::kExp), r);
}
template <class T>
HWY_INLINE ExpParts<T> exp_reduce(Lanes<T> x) {
  using C = Constants<T>;
  const Lanes<T> rounder(C::kRounder);
  const Lanes<T> n = fma(x, Lanes<T>(1.4426950408889634074), rounder) - rounder;
  return {n, fma(n, Lanes<T>(-C::kLn2Low), fma(n, Lanes<T>(-C::kLn2High), x))};
}
template <class T>
HWY_INLINE ExpParts<T> exp_parts(Lanes<T> x) {
  const ExpParts<T> reduced = exp_reduce(x);
  return {reduced.n, expm1_reduced(reduced.rest)};
}

// |x| <= kExpFast.
template <class T>
HWY_INLINE Lanes<T> exp_bounded(Lanes<T> x) {
  const ExpParts<T> parts = exp_parts(x);
  return (1.0 + parts.rest) * power_of_2(parts.n);
}
template <class T>
HWY_INLINE Lanes<T> exp_any(Lanes<T> x) {
  using C = Constants<T>;
  if (HWY_LIKELY(all_of(abs(x) <= Lanes<T>(C::kExpFast)))) return exp_bounded(x);
  x = where(x > Lanes<T>(C::kExpHigh), Lanes<T>(C::kExpHigh), x);
  x = where(x < Lanes<T>(C::kExpLow), Lanes<T>(C::kExpLow), x);
  const ExpParts<T> parts = exp_parts(x);
  return scale(1.0 + parts.rest, parts.n);
}

// (e^x - 1) * 2^-n with its n, kExpm1Low <= x <= kExpHigh.
template <class T>
HWY_INLINE ExpParts<T> expm1_parts(Lanes<T> x) {
  const ExpParts<T> parts = exp_parts(x);
  // 2^-n is below a tenth of the last place of 1 long before 64.
  const Lanes<T> inverse = power_of_2(-where(parts.n > 64.0, Lanes<T>(64.0), parts.n));
  return {parts.n, parts.rest + (1.0 - inverse)};
}
// kExpm1Low <= x <= kExpFast.
template <class T>
HWY_INLINE Lanes<T> expm1_bounded(Lanes<T> x) {
  const ExpParts<T> parts = expm1_parts(x);
  return parts.rest * power_of_2(parts.n);
}
template <class T>
HWY_INLINE Lanes<T> expm1_any(Lanes<T> x) {
  using C = Constants<T>;
  const Lanes<T> low = where(x < Lanes<T>(C::kExpm1Low), Lanes<T>(C::kExpm1Low), x);
  const Lanes<T> clamped = where(low > Lanes<T>(C::kExpHigh), Lanes<T>(C::kExpHigh), low);
  const ExpParts<T> parts = expm1_parts(clamped);
  return where(x == 0.0, x, scale(parts.rest, parts.n));
}

// x = 2^k (1 + f), 1 + f from sqrt(1/2) to sqrt(2); x positive and normal.
template <class T>
struct LogParts {
  Lanes<T> k, f;
};
template <class T>
HWY_INLINE LogParts<T> log_parts(Lanes<T> x) {
  using C = Constants<T>;
  const BitTag<T> d;
  const Bits<T> shifted = hn::Add(bits_of(x), hn::Set(d, C::kOneBits - C::kRootHalfBits));
  const Bits<T> exponent = hn::ShiftRight<C::kMantissaBits>(shifted);
  const Lanes<T> offset(C::kTwoToMantissa);
  const Lanes<T> k = from_bits<T>(hn::Or(exponent, bits_of(offset))) - Lanes<T>(C::kTwoToMantissa + C::kBias);
  const Bits<T> mantissa = hn::And(shifted, hn::Set(d, C::kMantissaMask));
  return {k, from_bits<T>(hn::Add(mantissa, hn::Set(d, C::kRootHalfBits))) - 1.0};
}
// log(1 + f) + low, for a low that is small against the last places of either.
template <class T>
HWY_INLINE Lanes<T> log1p_reduced(Lanes<T> f, Lanes<T> low) {
  const Lanes<T> s = f / (2.0 + f), z = s * s;
  const Lanes<T> half_square = 0.5 * f * f;
  const Lanes<T> r = z * polynomial(z, Constants<T>::kLog);
  return f - (half_square - fma(s, half_square + r, low));
}
template <class T>
HWY_INLINE Lanes<T> log_of_parts(LogParts<T> parts, Lanes<T> low) {
  using C = Constants<T>;
  const Lanes<T> fraction = log1p_reduced(parts.f, fma(parts.k, Lanes<T>(C::kLn2Low), low));
  return fma(parts.k, Lanes<T>(C::kLn2High), fraction);
}
template <class T>
HWY_INLINE Where<T> is_positive_normal(Lanes<T> x) {
  return (x >= Lanes<T>(std::numeric_limits<T>::min())) & (x <= Lanes<T>(std::numeric_limits<T>::max()));
}
// The parts for subnormal arguments too.
template <class T>
HWY_INLINE LogParts<T> log_parts_of_subnormal(Lanes<T> x) {
  using C = Constants<T>;
  const Where<T> small = x < Lanes<T>(std::numeric_limits<T>::min());
  LogParts<T> parts = log_parts(where(small, x * Lanes<T>(C::kTwoToMantissa), x));
  parts.k = where(small, parts.k - static_cast<double>(C::kMantissaBits), parts.k);
  return parts;
}
// A logarithm's values outside of (0, inf).
template <class T>
HWY_INLINE Lanes<T> log_specials(Lanes<T> x, Lanes<T> y) {
  y = where(x <= Lanes<T>(std::numeric_limits<T>::max()), y, x);
  y = where(x == 0.0, Lanes<T>(-__builtin_inf()), y);
  return where(x < 0.0, Lanes<T>(__builtin_nan("")), y);
}
template <class T>
HWY_INLINE Lanes<T> log_any(Lanes<T> x) {
  if (HWY_LIKELY(all_of(is_positive_normal(x)))) return log_of_parts(log_parts(x), Lanes<T>(0.0));
  return log_specials(x, log_of_parts(log_parts_of_subnormal(x), Lanes<T>(0.0)));
}

// x > -1 and finite.
template <class T>
HWY_INLINE Lanes<T> log1p_bounded(Lanes<T> x) {
  const Lanes<T> u = 1.0 + x;
  // What u lost in rounding, at least one of the differences being exact.
  const Lanes<T> lost = where(x >= 1.0, 1.0 - (u - x), x - (u - 1.0));
  return copysign(log_of_parts(log_parts(u), lost / u), x);
}
template <class T>
HWY_INLINE Lanes<T> log1p_any(Lanes<T> x) {
  const Lanes<T> y = log1p_bounded(x);
  if (HWY_LIKELY(all_of((x > -1.0) & (x <= Lanes<T>(std::numeric_limits<T>::max()))))) return y;
  return log_specials(x + 1.0, where(x > -1.0, y, x));
}

template <class T>
HWY_INLINE Lanes<T> log2_any(Lanes<T> x) {
  const LogParts<T> parts = log_parts_of_subnormal(x);
  const Lanes<T> y = fma(log1p_reduced(parts.f, Lanes<T>(0.0)), Lanes<T>(1.4426950408889634074), parts.k);
  return HWY_LIKELY(all_of(is_positive_normal(x))) ? y : log_specials(x, y);
}
template <class T>
HWY_INLINE Lanes<T> log10_any(Lanes<T> x) {
  using C = Constants<T>;
  const LogParts<T> parts = log_parts_of_subnormal(x);
  const Lanes<T> fraction = log1p_reduced(parts.f, Lanes<T>(0.0)) * 0.43429448190325182765;
  const Lanes<T> y = fma(parts.k, Lanes<T>(C::kLog10Of2High), fma(parts.k, Lanes<T>(C::kLog10Of2Low), fraction));
  return HWY_LIKELY(all_of(is_positive_normal(x))) ? y : log_specials(x, y);
}

// a * a - square, where square is a * a rounded.
template <class T>
HWY_INLINE Lanes<T> square_error(Lanes<T> a, Lanes<T> square) {
#if HWY_NATIVE_FMA
  return fma(a, a, -square);
#else
  const Lanes<T> high = from_bits<T>(hn::And(bits_of(a), hn::Set(BitTag<T>(), Constants<T>::kHighHalfMask)));
  const Lanes<T> low = a - high;
  return ((high * high - square) + 2.0 * high * low) + low * low;
#endif
}
// erfc(z) = t P(2t - 1) e^(-z^2), t = 2 / (2 + z); 0 <= z <= kErfcHigh, below sqrt(kExpFast) where kBounded.
template <bool kBounded, class T>
HWY_INLINE Lanes<T> erfc_positive(Lanes<T> z) {
  const Lanes<T> t = 2.0 / (2.0 + z);
  const Lanes<T> p = t * polynomial(2.0 * t - 1.0, Constants<T>::kErfc);
  const Lanes<T> square = z * z;
  const ExpParts<T> e = exp_reduce(-square);
  const Lanes<T> y = fma(p, expm1_reduced(e.rest - square_error(z, square)), p);
  if (kBounded || HWY_LIKELY(all_of(square <= Lanes<T>(Constants<T>::kExpFast)))) return y * power_of_2(e.n);
  return scale(y, e.n);
}

// The normal distribution's function and density.
template <class T>
struct Normal {
  Lanes<T> cdf, density;
};
// e^(-a^2 / 2) = 2^n (1 + rest), from a itself: a^2 is not rounded before its half is taken to the exponent.
template <class T>
struct GaussParts {
  Lanes<T> n, rest;
  HWY_INLINE Lanes<T> times(Lanes<T> factor) const { return scale_any(fma(factor, rest, factor), n); }
};
template <class T>
HWY_INLINE GaussParts<T> gauss_parts(Lanes<T> a) {
  const Lanes<T> square = a * a, half_square = -0.5 * square;
  const ExpParts<T> e = exp_reduce(half_square);
  return {e.n, expm1_reduced(fma(Lanes<T>(-0.5), square_error(a, square), e.rest))};
}
template <class T>
HWY_INLINE Lanes<T> bounded_magnitude(Lanes<T> x) {
  const Lanes<T> high(Constants<T>::kErfcHigh * 1.4142135623730950488), a = abs(x);
  return where(a > high, high, a);
}
// x^2 >= 2.35.
template <class T>
HWY_INLINE Lanes<T> normal_cdf_far(Lanes<T> x) {
  using C = Constants<T>;
  const Lanes<T> a = bounded_magnitude(x), t = Lanes<T>(C::kNormalScale) / (a + Lanes<T>(C::kNormalScale));
  const Lanes<T> tail = gauss_parts(a).times(t * polynomial(t - Lanes<T>(C::kNormalCentre), C::kNormal));
  return where(x > 0.0, 1.0 - tail, tail);
}
// By erfc's formula at |x| / sqrt(2).
template <class T>
HWY_INLINE Normal<T> normal_any(Lanes<T> x) {
  using C = Constants<T>;
  const Lanes<T> a = bounded_magnitude(x);
  const Lanes<T> half_t = Lanes<T>(1.4142135623730950488) / (a + Lanes<T>(2.8284271247461900976));
  const Lanes<T> p = half_t * polynomial(fma(half_t, Lanes<T>(4.0), Lanes<T>(-1.0)), C::kErfc);
  const GaussParts<T> gauss = gauss_parts(a);
  const Lanes<T> tail = gauss.times(p);
  return {where(x > 0.0, 1.0 - tail, tail), gauss.times(Lanes<T>(C::kDensityHigh))};
}

template <class T>
struct SinCos {
  Lanes<T> sin, cos;
};
// |x| <= kTrigHigh.
template <class T>
HWY_INLINE SinCos<T> sincos_bounded(Lanes<T> x) {
  using C = Constants<T>;
  const BitTag<T> d;
  const Lanes<T> rounder(C::kRounder);
  const Lanes<T> shifted = fma(x, Lanes<T>(0.63661977236758134308), rounder);
  const Lanes<T> n = shifted - rounder;
  Lanes<T> r = fma(n, Lanes<T>(-C::kHalfPi2), fma(n, Lanes<T>(-C::kHalfPi1), fma(n, Lanes<T>(-C::kHalfPi0), x)));
  if constexpr (C::kHalfPi3 != 0) r = fma(n, Lanes<T>(-C::kHalfPi3), r);

  const Lanes<T> z = r * r;
  const Lanes<T> sine = copysign(fma(r * z, polynomial(z, C::kSin), r), r);  // -0 stays
  const Lanes<T> half = 0.5 * z, one_less = 1.0 - half;
  const Lanes<T> cosine = one_less + fma(z * z, polynomial(z, C::kCos), (1.0 - one_less) - half);

  // The quadrant's low bit swaps the two, its high bit (for cos that of quadrant + 1) negates.
  constexpr int kToSign = C::kMantissaBits == 23 ? 30 : 62;
  const Bits<T> quadrant = bits_of(shifted), one = hn::Set(d, typename hn::TFromD<BitTag<T>>(1));
  const Bits<T> two = hn::Add(one, one);
  const Where<T> swap(hn::RebindMask(hn::ScalableTag<T>(), hn::Eq(hn::And(quadrant, one), one)));
  const Bits<T> sin_sign = hn::ShiftLeft<kToSign>(hn::And(quadrant, two));
  const Bits<T> cos_sign = hn::ShiftLeft<kToSign>(hn::And(hn::Add(quadrant, one), two));
  return {from_bits<T>(hn::Xor(bits_of(where(swap, cosine, sine)), sin_sign)),
          from_bits<T>(hn::Xor(bits_of(where(swap, sine, cosine)), cos_sign))};
}
template <class T>
HWY_INLINE SinCos<T> sincos_any(Lanes<T> x) {
  SinCos<T> y = sincos_bounded(x);
  const Where<T> large = abs(x) > Lanes<T>(Constants<T>::kTrigHigh);
  if (HWY_UNLIKELY(any_of(large))) {
    y.sin = where(large, lane_by_lane<T>(x, [](T lane) { return std::sin(lane); }), y.sin);
    y.cos = where(large, lane_by_lane<T>(x, [](T lane) { return std::cos(lane); }), y.cos);
  }
  return y;
}

template <class T>
HWY_INLINE Lanes<T> asin_reduced(Lanes<T> r, Lanes<T> square) {
  return fma(r * square, polynomial(square, Constants<T>::kAsin), r);
}

}  // namespace math

template <class T>
HWY_NOINLINE Lanes<T> exp(Lanes<T> x) {
  return math::exp_any(x);
}
template <class T>
HWY_NOINLINE Lanes<T> expm1(Lanes<T> x) {
  return math::expm1_any(x);
}
template <class T>
HWY_NOINLINE Lanes<T> exp2(Lanes<T> x) {
  using C = math::Constants<T>;
  x = where(x > Lanes<T>(C::kExp2High), Lanes<T>(C::kExp2High), x);
  x = where(x < Lanes<T>(C::kExp2Low), Lanes<T>(C::kExp2Low), x);
  const Lanes<T> rounder(C::kRounder);
  const Lanes<T> n = (x + rounder) - rounder;
  return math::scale(1.0 + math::expm1_reduced((x - n) * 0.69314718055994530942), n);
}
template <class T>
HWY_NOINLINE Lanes<T> log(Lanes<T> x) {
  return math::log_any(x);
}
template <class T>
HWY_NOINLINE Lanes<T> log1p(Lanes<T> x) {
  return math::log1p_any(x);
}
template <class T>
HWY_NOINLINE Lanes<T> log2(Lanes<T> x) {
  return math::log2_any(x);
}
template <class T>
HWY_NOINLINE Lanes<T> log10(Lanes<T> x) {
  return math::log10_any(x);
}

template <class T>
HWY_NOINLINE Lanes<T> tanh(Lanes<T> x) {
  const Lanes<T> high(math::Constants<T>::kTanhHigh), a = abs(x);
  const Lanes<T> e = math::expm1_bounded(2.0 * where(a > high, high, a));
  return copysign(e / (e + 2.0), x);
}
// 1 / (1 + e^-x), without loss where the result is tiny.
template <class T>
HWY_NOINLINE Lanes<T> sigmoid(Lanes<T> x) {
  const Lanes<T> e = math::exp_any(-abs(x));
  return where(x < 0.0, e, Lanes<T>(1.0)) / (1.0 + e);
}
// log(1 + e^x), the softplus.
template <class T>
HWY_NOINLINE Lanes<T> log1p_exp(Lanes<T> x) {
  return where(x > 0.0, x, Lanes<T>(0.0)) + math::log1p_bounded(math::exp_any(-abs(x)));
}

template <class T>
HWY_NOINLINE Lanes<T> erfc(Lanes<T> x) {
  const Lanes<T> high(math::Constants<T>::kErfcHigh), a = abs(x);
  const Lanes<T> y = math::erfc_positive<false>(where(a > high, high, a));
  return where(x < 0.0, 2.0 - y, y);
}
template <class T>
HWY_NOINLINE Lanes<T> erf(Lanes<T> x) {
  using C = math::Constants<T>;
  const Lanes<T> high(C::kErfHigh), a = abs(x);
  const Lanes<T> near = x * math::polynomial(x * x, C::kErf);
  if (all_of(a < 1.0)) return near;
  const Lanes<T> far = copysign(1.0 - math::erfc_positive<true>(where(a > high, high, a)), x);
  return where(a < 1.0, near, far);
}

// The normal distribution's function. Networks often have small x only, and then a polynomial does.
template <class T>
HWY_NOINLINE Lanes<T> normal_cdf(Lanes<T> x) {
  using C = math::Constants<T>;
  const Lanes<T> square = x * x;
  const Lanes<T> slope = fma(square, math::polynomial(square, C::kNormalNear), Lanes<T>(C::kDensityLow));
  const Lanes<T> near = fma(x, slope, fma(x, Lanes<T>(C::kDensityHigh), Lanes<T>(0.5)));
  const Where<T> is_near = square < 2.35;  // beyond it few places are left of 1/2 - |x| slope
  if (all_of(is_near)) return near;
  return where(is_near, near, math::normal_cdf_far(x));
}
using math::Normal;
// Both at once: members cdf and density.
template <class T>
HWY_NOINLINE Normal<T> normal(Lanes<T> x) {
  return math::normal_any(x);
}

using math::SinCos;
// Both at once: members sin and cos.
template <class T>
HWY_INLINE SinCos<T> sincos(Lanes<T> x) {
  return math::sincos_any(x);
}
template <class T>
HWY_NOINLINE Lanes<T> sin(Lanes<T> x) {
  return math::sincos_any(x).sin;
}
template <class T>
HWY_NOINLINE Lanes<T> cos(Lanes<T> x) {
  return math::sincos_any(x).cos;
}
template <class T>
HWY_NOINLINE Lanes<T> tan(Lanes<T> x) {
  const SinCos<T> y = math::sincos_any(x);
  return y.sin / y.cos;
}

template <class T>
HWY_NOINLINE Lanes<T> asin(Lanes<T> x) {
  using C = math::Constants<T>;
  const Lanes<T> a = abs(x);
  const Where<T> outer = a > 0.5;  // asin(a) = pi/2 - 2 asin(sqrt((1 - a) / 2))
  const Lanes<T> square = where(outer, 0.5 - 0.5 * a, a * a);
  const Lanes<T> p = math::asin_reduced(where(outer, sqrt(square), a), square);
  return copysign(where(outer, 0.5 * C::kPiHigh - (2.0 * p - 0.5 * C::kPiLow), p), x);
}
template <class T>
HWY_NOINLINE Lanes<T> acos(Lanes<T> x) {
  using C = math::Constants<T>;
  const Lanes<T> a = abs(x);
  const Where<T> outer = a > 0.5;
  const Lanes<T> square = where(outer, 0.5 - 0.5 * a, a * a);
  const Lanes<T> p = math::asin_reduced(where(outer, sqrt(square), a), square);
  const Lanes<T> inner = 0.5 * C::kPiHigh - (copysign(p, x) - 0.5 * C::kPiLow);
  return where(outer, where(x < 0.0, C::kPiHigh - (2.0 * p - C::kPiLow), 2.0 * p), inner);
}
template <class T>
HWY_NOINLINE Lanes<T> atan(Lanes<T> x) {
  using C = math::Constants<T>;
  const Lanes<T> a = abs(x), zero(0.0);
  const Where<T> middle = a > 0.41421356237309504880, far = a > 2.4142135623730950488;
  // atan(a) = pi/4 + atan((a - 1) / (a + 1)) = pi/2 + atan(-1 / a)
  const Lanes<T> numerator = where(far, Lanes<T>(-1.0), where(middle, a - 1.0, a));
  const Lanes<T> denominator = where(far, a, where(middle, a + 1.0, Lanes<T>(1.0)));
  const Lanes<T> turns = where(far, Lanes<T>(0.5), where(middle, Lanes<T>(0.25), zero));
  const Lanes<T> r = numerator / denominator, square = r * r;
  const Lanes<T> low = fma(r * square, math::polynomial(square, C::kAtan), turns * C::kPiLow);
  return copysign(turns * C::kPiHigh + (low + r), x);
}

template <class T>
HWY_NOINLINE Lanes<T> sinh(Lanes<T> x) {
  using C = math::Constants<T>;
  const Lanes<T> a = abs(x), high(C::kExpHigh + 1);
  const math::ExpParts<T> parts = math::expm1_parts(where(a > high, high, a));
  const Lanes<T> half = math::scale(parts.rest, parts.n - 1.0);  // (e^a - 1) / 2
  const Lanes<T> y = where(is_inf(half), half, half + half / (2.0 * half + 1.0));
  return copysign(where(a < Lanes<T>(C::kSinhSmall), a, y), x);
}
template <class T>
HWY_NOINLINE Lanes<T> cosh(Lanes<T> x) {
  const Lanes<T> a = abs(x), high(math::Constants<T>::kExpHigh + 1);
  const math::ExpParts<T> parts = math::exp_parts(where(a > high, high, a));
  const Lanes<T> half = math::scale(1.0 + parts.rest, parts.n - 1.0);  // e^a / 2
  return half + 0.25 / half;
}
template <class T>
HWY_NOINLINE Lanes<T> asinh(Lanes<T> x) {
  const Lanes<T> a = abs(x);
  const Where<T> large = a > Lanes<T>(math::Constants<T>::kLogAsymptote);  // log(2a)
  const Lanes<T> b = where(large, Lanes<T>(1.0), a), square = b * b;
  const Lanes<T> y = math::log1p_any(where(large, a, b + square / (1.0 + sqrt(square + 1.0))));
  return copysign(where(large, y + 0.69314718055994530942, y), x);
}
template <class T>
HWY_NOINLINE Lanes<T> acosh(Lanes<T> x) {
  const Where<T> large = x > Lanes<T>(math::Constants<T>::kLogAsymptote);
  const Lanes<T> t = where(large, Lanes<T>(1.0), x) - 1.0;
  const Lanes<T> y = math::log1p_any(where(large, x, t + sqrt(t * (t + 2.0))));
  return where(x < 1.0, Lanes<T>(__builtin_nan("")), where(large, y + 0.69314718055994530942, y));
}
template <class T>
HWY_NOINLINE Lanes<T> atanh(Lanes<T> x) {
  const Lanes<T> a = abs(x);
  return copysign(0.5 * math::log1p_any(2.0 * a / (1.0 - a)), x);
}

// libm's, lane by lane: e^(b log a) in lanes would lose 57 units in the last place of double.
template <class T>
HWY_NOINLINE Lanes<T> pow(Lanes<T> a, Lanes<T> b) {
  HWY_ALIGN T base[HWY_MAX_BYTES / sizeof(T)];
  HWY_ALIGN T exponent[HWY_MAX_BYTES / sizeof(T)];
  a.store(base);
  b.store(exponent);
  for (size_t i = 0; i < Lanes<T>::count(); ++i) base[i] = std::pow(base[i], exponent[i]);
  return Lanes<T>::load(base);
}

}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#endif  // per-target guard
