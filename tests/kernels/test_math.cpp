// Every function of lanes-inl.h and math-inl.h on every target that this machine has, in both types, against libm's
// long double functions: over ranges within a bound in units of the last place, and on special values.
#include <boost/test/unit_test.hpp>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/tests/kernels/test_math.cpp"
#include <hwy/foreach_target.h>

#include <rondo/autograd/kernels/lanes-inl.h>
#include <rondo/autograd/kernels/math-inl.h>

// clang-format off
#define RONDO_TEST_UNARY(F)                                                                                         \
  F(exp) F(expm1) F(exp2) F(log) F(log1p) F(log2) F(log10) F(tanh) F(sigmoid) F(log1p_exp) F(erf) F(erfc) F(sin)    \
  F(cos) F(tan) F(asin) F(acos) F(atan) F(sinh) F(cosh) F(asinh) F(acosh) F(atanh) F(sqrt) F(rsqrt) F(abs) F(floor) \
  F(ceil) F(round) F(trunc) F(sign) F(normal_cdf)
#define RONDO_TEST_BINARY(F) F(pow) F(maximum) F(minimum) F(copysign)
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {
namespace {

#define RONDO_DEFINE_UNARY(NAME)                            \
  struct Call_##NAME {                                      \
    template <class T>                                      \
    static HWY_INLINE Lanes<T> call(Lanes<T> a, Lanes<T>) { \
      return NAME(a);                                       \
    }                                                       \
  };
#define RONDO_DEFINE_BINARY(NAME)                             \
  struct Call_##NAME {                                        \
    template <class T>                                        \
    static HWY_INLINE Lanes<T> call(Lanes<T> a, Lanes<T> b) { \
      return NAME(a, b);                                      \
    }                                                         \
  };
RONDO_TEST_UNARY(RONDO_DEFINE_UNARY)
RONDO_TEST_BINARY(RONDO_DEFINE_BINARY)

struct Call_sincos {
  template <class T>
  static HWY_INLINE Lanes<T> call(Lanes<T> a, Lanes<T> b) {
    const auto both = sincos(a);
    return where(b > 0.0, both.sin, both.cos);
  }
};

// The density where b > 0, else the distribution's function; the table's rows have a for b.
struct Call_normal {
  template <class T>
  static HWY_INLINE Lanes<T> call(Lanes<T> a, Lanes<T> b) {
    const auto both = normal(a);
    return where(b > 0.0, both.density, both.cdf);
  }
};

// y = f(a, b), n numbers, the last ones through load_first and store_first.
template <class F, class T>
HWY_NOINLINE void apply(const T* a, const T* b, T* y, size_t n) {
  const size_t step = Lanes<T>::count();
  size_t i = 0;
  for (; i + step <= n; i += step) F::call(Lanes<T>::load(a + i), Lanes<T>::load(b + i)).store(y + i);
  if (i == n) return;
  F::call(Lanes<T>::load_first(a + i, n - i), Lanes<T>::load_first(b + i, n - i)).store_first(y + i, n - i);
}

template <class T>
using Apply = void (*)(const T*, const T*, T*, size_t);

template <class T>
Apply<T> find(const char* name) {
#define RONDO_FIND(NAME) \
  if (strcmp(name, #NAME) == 0) return apply<Call_##NAME, T>;
  RONDO_TEST_UNARY(RONDO_FIND)
  RONDO_TEST_BINARY(RONDO_FIND)
  RONDO_FIND(sincos)
  RONDO_FIND(normal)
  return nullptr;
}
Apply<float> find_float(const char* name) { return find<float>(name); }
Apply<double> find_double(const char* name) { return find<double>(name); }

// Bit i of the result: comparison or test i of a and b holds in lane 0. Every lane holds the same.
template <class T>
int compare(T a, T b) {
  const Lanes<T> x(static_cast<double>(a)), y(static_cast<double>(b));
  const Where<T> tests[] = {x<y, x <= y, x> y,  x >= y,    x == y,       x != y,
                            is_nan(x),          is_inf(x), is_finite(x), (x < y) & (x < 0.0),
                            (x < y) | (x < 0.0)};
  int bits = 0;
  for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); ++i) {
    if (all_of(tests[i])) bits |= 1 << i;
    if (all_of(tests[i]) != any_of(tests[i]) || any_of(tests[i]) == any_of(!tests[i])) bits |= 1 << 30;
  }
  return bits;
}
int compare_float(float a, float b) { return compare(a, b); }
int compare_double(double a, double b) { return compare(a, b); }

template <class T>
bool reduces() {
  const size_t n = Lanes<T>::count();
  T numbers[HWY_MAX_BYTES / sizeof(T)];
  T sum = 0;
  for (size_t i = 0; i < n; ++i) sum += numbers[i] = static_cast<T>((i * 5) % 7) - 2;
  const Lanes<T> x = Lanes<T>::load(numbers);
  T highest = numbers[0], lowest = numbers[0];
  for (size_t i = 0; i < n; ++i) {
    highest = numbers[i] > highest ? numbers[i] : highest;
    lowest = numbers[i] < lowest ? numbers[i] : lowest;
  }
  return sum_of(x) == sum && max_of(x) == highest && min_of(x) == lowest;
}
bool reduces_both() { return reduces<float>() && reduces<double>(); }

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace rondo {
namespace {

HWY_EXPORT(find_float);
HWY_EXPORT(find_double);
HWY_EXPORT(compare_float);
HWY_EXPORT(compare_double);
HWY_EXPORT(reduces_both);

template <class T>
auto find_now(const char* name) {
  if constexpr (sizeof(T) == 4) {
    return HWY_DYNAMIC_DISPATCH(find_float)(name);
  } else {
    return HWY_DYNAMIC_DISPATCH(find_double)(name);
  }
}
template <class T>
int compare_now(T a, T b) {
  if constexpr (sizeof(T) == 4) {
    return HWY_DYNAMIC_DISPATCH(compare_float)(a, b);
  } else {
    return HWY_DYNAMIC_DISPATCH(compare_double)(a, b);
  }
}

// Runs f with each target chosen in turn.
template <class F>
void on_every_target(F f) {
  for (int64_t target : hwy::SupportedAndGeneratedTargets()) {
    hwy::GetChosenTarget().Update(target);
    BOOST_TEST_CONTEXT(hwy::TargetName(target)) f();
  }
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

using Real = long double;

Real sign_of(Real x) { return x > 0 ? 1 : x < 0 ? -1 : 0; }
Real sigmoid_of(Real x) { return x < 0 ? expl(x) / (1 + expl(x)) : 1 / (1 + expl(-x)); }
Real softplus_of(Real x) { return std::isnan(x) ? x : std::max(x, Real(0)) + log1pl(expl(-fabsl(x))); }

Real normal_cdf_of(Real x) { return erfcl(-x / sqrtl(2)) / 2; }
Real normal_density_of(Real x) { return expl(-x * x / 2) / sqrtl(2 * acosl(-1)); }

struct Row {
  const char* name;
  Real (*reference)(Real);
  double low, high;  // sampled uniformly, besides all magnitudes of the type's range
  double float_ulp, double_ulp;
};
// clang-format off
const Row kRows[] = {
    {"exp", expl, -104, 89, 1.1, 1.1},
    {"expm1", expm1l, -20, 89, 3, 3},
    {"exp2", exp2l, -150, 129, 1.5, 1.5},
    {"log", logl, 0, 4, 1, 1},
    {"log1p", log1pl, -1, 3, 2, 2},
    {"log2", log2l, 0, 4, 3, 3},
    {"log10", log10l, 0, 4, 3, 3},
    {"tanh", tanhl, -10, 10, 4, 4},
    {"sigmoid", sigmoid_of, -104, 40, 3, 3},
    {"log1p_exp", softplus_of, -104, 40, 3, 3},
    {"erf", erfl, -6, 6, 4, 4},
    {"erfc", erfcl, -6, 28, 6, 6},
    {"normal_cdf", normal_cdf_of, -40, 6, 7, 7},
    {"normal", [](Real x) { return x > 0 ? normal_density_of(x) : normal_cdf_of(x); }, -40, 40, 5, 5},
    {"sin", sinl, -4000, 4000, 2, 2},
    {"cos", cosl, -4000, 4000, 2, 2},
    {"tan", tanl, -4000, 4000, 4, 4},
    {"asin", asinl, -1, 1, 3, 3},
    {"acos", acosl, -1, 1, 3, 3},
    {"atan", atanl, -5, 5, 2, 2},
    {"sinh", sinhl, -91, 91, 3, 3},
    {"cosh", coshl, -91, 91, 3, 3},
    {"asinh", asinhl, -5, 5, 3, 3},
    {"acosh", acoshl, 1, 5, 3, 3},
    {"atanh", atanhl, -1, 1, 3, 3},
    {"sqrt", sqrtl, 0, 4, 0.5, 0.5},
    {"rsqrt", [](Real x) { return 1 / sqrtl(x); }, 0, 4, 1.5, 1.5},
    {"abs", fabsl, -4, 4, 0, 0},
    {"floor", floorl, -4, 4, 0, 0},
    {"ceil", ceill, -4, 4, 0, 0},
    {"round", rintl, -4, 4, 0, 0},
    {"trunc", truncl, -4, 4, 0, 0},
    {"sign", sign_of, -4, 4, 0, 0},
};
// clang-format on

template <class T>
std::vector<T> special_values() {
  using L = std::numeric_limits<T>;
  const T below_half = std::nextafter(T(0.5), T(0));
  std::vector<T> list = {0,
                         L::denorm_min(),
                         3 * L::denorm_min(),
                         L::min() / 2,
                         L::min(),
                         T(1e-30),
                         T(1e-9),
                         T(0.1),
                         below_half,
                         T(0.5),
                         T(0.75),
                         T(1) - L::epsilon(),
                         1,
                         T(1) + L::epsilon(),
                         T(1.5),
                         2,
                         T(2.5),
                         3,
                         T(3.5),
                         4,
                         8,
                         10,
                         88,
                         T(88.7),
                         89,
                         T(103.9),
                         104,
                         200,
                         T(709.7),
                         T(709.8),
                         T(710.4),
                         711,
                         T(745.2),
                         746,
                         1000,
                         T(1e4),
                         T(39000),
                         T(123456.78),
                         T(8388608),
                         T(1e10),
                         T(1e15) + 1,
                         T(1e30),
                         L::max() / 2,
                         L::max(),
                         L::infinity()};
  const size_t n = list.size();
  for (size_t i = 0; i < n; ++i) list.push_back(-list[i]);
  list.push_back(L::quiet_NaN());
  return list;
}

// The exact result's distance from y in units of y's last place; infinite where the kinds (NaN, infinity, sign of zero)
// differ.
template <class T>
double ulp_error(T y, Real exact) {
  constexpr double kWrong = std::numeric_limits<double>::infinity();
  const T rounded = static_cast<T>(exact);
  if (std::isnan(exact) || std::isnan(y)) return std::isnan(exact) && std::isnan(y) ? 0 : kWrong;
  if (y == rounded && std::signbit(y) == std::signbit(rounded)) {
    if (std::isinf(y) || y == 0) return 0;
  } else if (y == 0 && rounded == 0 && exact == 0) {
    return kWrong;
  }
  Real nearby =
      std::isinf(y) ? Real(std::numeric_limits<T>::max()) * (1 + Real(std::numeric_limits<T>::epsilon()) / 2) : Real(y);
  if (std::isinf(y) && y < 0) nearby = -fabsl(nearby);
  const T magnitude =
      std::min(std::max(std::fabs(rounded), std::numeric_limits<T>::min()), std::numeric_limits<T>::max());
  int exponent;
  std::frexp(magnitude, &exponent);
  return static_cast<double>(fabsl(nearby - exact) / ldexpl(1, exponent - std::numeric_limits<T>::digits));
}

template <class T>
std::vector<T> samples(const Row& row) {
  std::mt19937_64 random(1);
  std::vector<T> x = special_values<T>();
  std::uniform_real_distribution<double> uniform(row.low, row.high);
  for (int i = 0; i < 20000; ++i) x.push_back(static_cast<T>(uniform(random)));
  // Around 1 and 0, and every magnitude.
  std::uniform_real_distribution<double> near(-1, 1);
  for (int i = 0; i < 5000; ++i) x.push_back(static_cast<T>(1 + near(random) * near(random) * 0.1));
  std::uniform_real_distribution<double> exponent(std::numeric_limits<T>::min_exponent - std::numeric_limits<T>::digits,
                                                  std::numeric_limits<T>::max_exponent);
  for (int i = 0; i < 20000; ++i) {
    const T magnitude = static_cast<T>(exp2l(exponent(random)));
    x.push_back(i % 2 ? magnitude : -magnitude);
    const T moderate = static_cast<T>(std::exp2(exponent(random) / std::numeric_limits<T>::max_exponent * 20));
    x.push_back(i % 2 ? moderate : -moderate);
  }
  return x;
}

template <class T>
void check_row(const Row& row) {
  const std::vector<T> x = samples<T>(row);
  std::vector<Real> exact(x.size());
  for (size_t i = 0; i < x.size(); ++i) exact[i] = row.reference(x[i]);
  std::vector<T> y(x.size());
  on_every_target([&] {
    find_now<T>(row.name)(x.data(), x.data(), y.data(), x.size());
    double worst = 0;
    size_t where = 0;
    for (size_t i = 0; i < x.size(); ++i) {
      const double error = ulp_error(y[i], exact[i]);
      if (error > worst) {
        worst = error;
        where = i;
      }
    }
    BOOST_TEST_MESSAGE(row.name << (sizeof(T) == 4 ? " float " : " double ") << worst << " ulp at " << x[where]);
    BOOST_TEST(worst <= (sizeof(T) == 4 ? row.float_ulp : row.double_ulp),
               row.name << "(" << x[where] << ") = " << y[where] << ", exact " << static_cast<double>(exact[where])
                        << ": " << worst << " ulp");
  });
}

template <class T>
void check_binary(const char* name, Real (*reference)(Real, Real), double bound) {
  const std::vector<T> values = special_values<T>();
  std::vector<T> a, b;
  for (T x : values) {
    for (T y : values) {
      a.push_back(x);
      b.push_back(y);
    }
  }
  std::mt19937_64 random(2);
  std::uniform_real_distribution<double> base(0.01, 100), exponent(-8, 8);
  for (int i = 0; i < 5000; ++i) {
    a.push_back(static_cast<T>(base(random)));
    b.push_back(static_cast<T>(exponent(random)));
  }
  std::vector<T> y(a.size());
  on_every_target([&] {
    find_now<T>(name)(a.data(), b.data(), y.data(), a.size());
    for (size_t i = 0; i < a.size(); ++i) {
      const double error = ulp_error(y[i], reference(a[i], b[i]));
      if (error > bound) BOOST_ERROR(name << "(" << a[i] << ", " << b[i] << ") = " << y[i] << ": " << error << " ulp");
    }
  });
}

template <class T>
void check_comparisons() {
  const T inf = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  on_every_target([&] {
    for (T a : {T(-1), T(-0.0), T(0), T(2), inf, -inf, nan}) {
      for (T b : {T(-1), T(0), T(2), inf, -inf, nan}) {
        const bool tests[] = {a<b, a <= b, a> b, a >= b,           a == b,         a != b,        std::isnan(a),
                              std::isinf(a),     std::isfinite(a), a < b && a < 0, a < b || a < 0};
        int expected = 0;
        for (int i = 0; i < 11; ++i) expected |= tests[i] ? 1 << i : 0;
        BOOST_TEST(compare_now(a, b) == expected, "comparisons of " << a << " and " << b);
      }
    }
  });
}

// One number gives the same bits wherever it stands and whatever stands beside it.
template <class T>
void check_place(const Row& row) {
  const std::vector<T> x = samples<T>(row);
  std::vector<T> whole(x.size());
  on_every_target([&] {
    const auto f = find_now<T>(row.name);
    f(x.data(), x.data(), whole.data(), x.size());
    for (size_t i = 0; i < x.size(); i += 97) {
      T alone;
      f(&x[i], &x[i], &alone, 1);
      const bool same = std::memcmp(&alone, &whole[i], sizeof(T)) == 0 || (std::isnan(alone) && std::isnan(whole[i]));
      BOOST_TEST(same, row.name << "(" << x[i] << ") alone " << alone << ", among others " << whole[i]);
    }
  });
}

BOOST_AUTO_TEST_SUITE(lanes)

BOOST_AUTO_TEST_CASE(functions_of_one_argument_float) {
  for (const Row& row : kRows) check_row<float>(row);
}
BOOST_AUTO_TEST_CASE(functions_of_one_argument_double) {
  for (const Row& row : kRows) check_row<double>(row);
}
BOOST_AUTO_TEST_CASE(a_lane_does_not_depend_on_its_neighbours) {
  for (const Row& row : kRows) {
    check_place<float>(row);
    check_place<double>(row);
  }
}

BOOST_AUTO_TEST_CASE(sincos_is_sin_and_cos) {
  on_every_target([&] {
    std::vector<double> x = samples<double>(kRows[0]), choice(x.size()), y(x.size()), sine(x.size()), cosine(x.size());
    for (size_t i = 0; i < x.size(); ++i) choice[i] = i % 2 ? 1 : -1;
    find_now<double>("sincos")(x.data(), choice.data(), y.data(), x.size());
    find_now<double>("sin")(x.data(), x.data(), sine.data(), x.size());
    find_now<double>("cos")(x.data(), x.data(), cosine.data(), x.size());
    for (size_t i = 0; i < x.size(); ++i) {
      const double expected = i % 2 ? sine[i] : cosine[i];
      if (std::memcmp(&y[i], &expected, sizeof(double)) != 0 && !std::isnan(expected))
        BOOST_ERROR("sincos of " << x[i]);
    }
  });
}

BOOST_AUTO_TEST_CASE(power) {
  check_binary<float>("pow", powl, 1);
  check_binary<double>("pow", powl, 1);
}

// The sign of a zero is left open between zeros of both signs.
Real maximum_of(Real a, Real b) { return std::isnan(a) ? a : std::isnan(b) ? b : a > b ? a : b; }
Real minimum_of(Real a, Real b) { return std::isnan(a) ? a : std::isnan(b) ? b : a < b ? a : b; }

BOOST_AUTO_TEST_CASE(maximum_and_minimum_propagate_nan) {
  check_binary<float>("maximum", maximum_of, 0);
  check_binary<double>("maximum", maximum_of, 0);
  check_binary<float>("minimum", minimum_of, 0);
  check_binary<double>("minimum", minimum_of, 0);
  check_binary<float>("copysign", copysignl, 0);
  check_binary<double>("copysign", copysignl, 0);
}

BOOST_AUTO_TEST_CASE(comparisons) {
  check_comparisons<float>();
  check_comparisons<double>();
}

BOOST_AUTO_TEST_CASE(reductions) {
  on_every_target([] { BOOST_TEST(HWY_DYNAMIC_DISPATCH(reduces_both)()); });
}

// Neither reads nor writes behind the numbers (address sanitizer sees it), nor changes them.
BOOST_AUTO_TEST_CASE(tails_of_every_length) {
  on_every_target([] {
    for (size_t n = 1; n < 40; ++n) {
      std::vector<float> x(n, 2), y(n, -1), guarded(n + 64, -7);
      find_now<float>("sqrt")(x.data(), x.data(), y.data(), n);
      find_now<float>("sqrt")(x.data(), x.data(), guarded.data(), n);
      BOOST_TEST(std::count(y.begin(), y.end(), std::sqrt(2.0f)) == static_cast<long>(n));
      BOOST_TEST(std::count(guarded.begin(), guarded.end(), -7.0f) == 64);
    }
  });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rondo
#endif  // HWY_ONCE
