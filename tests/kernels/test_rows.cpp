#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/rows.h>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace rondo::kernels;

std::mt19937 engine(11);
constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

template <class T>
std::vector<T> random_numbers(int64_t count, double low = -3, double high = 3) {
  std::uniform_real_distribution<double> pick(low, high);
  std::vector<T> x(static_cast<size_t>(count));
  for (T& value : x) value = static_cast<T>(pick(engine));
  return x;
}

template <class T>
std::vector<double> widened(const std::vector<T>& x) {
  return {x.begin(), x.end()};
}

// The largest difference relative to `size` or to the wanted number, whichever is larger; infinite where only one is
// NaN or they are different infinities.
template <class T>
double distance(const std::vector<T>& got, const std::vector<double>& want, double size = 1) {
  if (got.size() != want.size()) return kInf;
  double worst = 0;
  for (size_t i = 0; i < got.size(); ++i) {
    const double a = static_cast<double>(got[i]), b = want[i];
    if (std::isnan(a) && std::isnan(b)) continue;
    if (a == b) continue;
    const double difference = std::abs(a - b) / std::max(size, std::abs(b));
    worst = std::isnan(difference) ? kInf : std::max(worst, difference);
  }
  return worst;
}

std::string text(RowShape s) {
  return std::to_string(s.outer) + "x" + std::to_string(s.size) + "x" + std::to_string(s.inner);
}

// f(line, at) with `at(c)` the position of element c, for every line of the shape.
template <class F>
void each_line(RowShape s, const F& f) {
  for (int64_t o = 0; o < s.outer; ++o) {
    for (int64_t i = 0; i < s.inner; ++i) {
      f(static_cast<size_t>(o * s.inner + i),
        [=](int64_t c) { return static_cast<size_t>((o * s.size + c) * s.inner + i); });
    }
  }
}

struct Reference {
  std::vector<double> softmax, log_softmax, logsumexp;

  Reference(RowShape s, const std::vector<double>& x)
      : softmax(x.size()), log_softmax(x.size()), logsumexp(static_cast<size_t>(s.outer * s.inner)) {
    each_line(s, [&](size_t line, auto at) {
      double high = -kInf;
      for (int64_t c = 0; c < s.size; ++c) high = std::isnan(high) || x[at(c)] <= high ? high : x[at(c)];
      long double sum = 0, shifted = 0;
      const double shift = std::isinf(high) ? 0 : high;
      for (int64_t c = 0; c < s.size; ++c) sum += std::exp(x[at(c)] - high), shifted += std::exp(x[at(c)] - shift);
      for (int64_t c = 0; c < s.size; ++c) {
        softmax[at(c)] = static_cast<double>(std::exp(x[at(c)] - high) / sum);
        log_softmax[at(c)] = static_cast<double>(x[at(c)] - high - std::log(sum));
      }
      logsumexp[line] = static_cast<double>(shift + std::log(shifted));
    });
  }
};

template <class T>
void check_softmax(RowShape s, const std::vector<T>& x) {
  constexpr rondo::ScalarType kType = rondo::scalar_type_of<T>;
  const double eps = std::numeric_limits<T>::epsilon();
  const Reference want(s, widened(x));
  std::vector<T> y(x.size()), gx(x.size()), gy = random_numbers<T>(static_cast<int64_t>(x.size()));
  const auto backward = [&](const std::vector<T>& output, auto rule) {
    std::vector<double> g(x.size());
    each_line(s, [&](size_t, auto at) {
      double sum = 0;
      for (int64_t c = 0; c < s.size; ++c) sum += rule(output[at(c)], gy[at(c)], 0.0, 0);
      for (int64_t c = 0; c < s.size; ++c) g[at(c)] = rule(output[at(c)], gy[at(c)], sum, 1);
    });
    return g;
  };
  const double tolerance = 20 * eps * (1 + std::sqrt(static_cast<double>(s.size)));

  softmax(kType, s, x.data(), y.data());
  BOOST_TEST(distance(y, want.softmax, 1.0 / static_cast<double>(s.size + 1)) < 20 * eps, "softmax " << text(s));
  softmax_backward(kType, s, gy.data(), y.data(), gx.data());
  BOOST_TEST(distance(gx, backward(y, [](double out, double g, double sum,
                                         int last) { return last ? out * (g - sum) : g * out; })) < tolerance,
             "softmax_backward " << text(s));

  log_softmax(kType, s, x.data(), y.data());
  BOOST_TEST(distance(y, want.log_softmax) < 20 * eps, "log_softmax " << text(s));
  log_softmax_backward(kType, s, gy.data(), y.data(), gx.data());
  BOOST_TEST(distance(gx,
                      backward(y, [](double out, double g, double sum,
                                     int last) { return last ? g - std::exp(out) * sum : g; }),
                      10) < tolerance,
             "log_softmax_backward " << text(s));

  std::vector<T> total(static_cast<size_t>(s.outer * s.inner));
  logsumexp(kType, s, x.data(), total.data());
  BOOST_TEST(distance(total, want.logsumexp) < 20 * eps, "logsumexp " << text(s));
}

template <class T>
void check_layer_norm(int64_t rows, int64_t size, bool with_weight, bool with_bias, double offset) {
  constexpr rondo::ScalarType kType = rondo::scalar_type_of<T>;
  const double eps = 1e-5, epsilon = std::numeric_limits<T>::epsilon();
  const auto x = random_numbers<T>(rows * size, offset - 2, offset + 2);
  const auto weight = random_numbers<T>(size), bias = random_numbers<T>(size), gy = random_numbers<T>(rows * size);
  std::vector<T> y(x.size()), mean(static_cast<size_t>(rows)), rstd(mean), gx(x.size()), gweight(weight.size()),
      gbias(weight.size());
  layer_norm(kType, rows, size, eps, x.data(), with_weight ? weight.data() : nullptr, with_bias ? bias.data() : nullptr,
             y.data(), mean.data(), rstd.data());
  layer_norm_backward(kType, rows, size, gy.data(), x.data(), with_weight ? weight.data() : nullptr, mean.data(),
                      rstd.data(), gx.data(), gweight.data(), gbias.data());

  std::vector<double> want_y(x.size()), want_gx(x.size()), want_gweight(weight.size()), want_gbias(weight.size());
  const double n = static_cast<double>(size);
  for (int64_t r = 0; r < rows; ++r) {
    const auto at = [&](int64_t c) { return static_cast<size_t>(r * size + c); };
    double m = 0, v = 0;
    for (int64_t c = 0; c < size; ++c) m += static_cast<double>(x[at(c)]) / n;
    for (int64_t c = 0; c < size; ++c)
      v += (static_cast<double>(x[at(c)]) - m) * (static_cast<double>(x[at(c)]) - m) / n;
    const double factor = 1 / std::sqrt(v + eps);
    double sum_g = 0, sum_gn = 0;
    for (int64_t c = 0; c < size; ++c) {
      const size_t k = static_cast<size_t>(c);
      const double normal = (static_cast<double>(x[at(c)]) - m) * factor, g = static_cast<double>(gy[at(c)]);
      want_y[at(c)] =
          normal * (with_weight ? static_cast<double>(weight[k]) : 1) + (with_bias ? static_cast<double>(bias[k]) : 0);
      want_gweight[k] += g * normal;
      want_gbias[k] += g;
      sum_g += g * (with_weight ? static_cast<double>(weight[k]) : 1) / n;
      sum_gn += g * (with_weight ? static_cast<double>(weight[k]) : 1) * normal / n;
    }
    for (int64_t c = 0; c < size; ++c) {
      const size_t k = static_cast<size_t>(c);
      const double normal = (static_cast<double>(x[at(c)]) - m) * factor;
      const double g = static_cast<double>(gy[at(c)]) * (with_weight ? static_cast<double>(weight[k]) : 1);
      want_gx[at(c)] = factor * (g - sum_g - normal * sum_gn);
    }
  }
  // An offset costs the digits that x itself has lost.
  const double bound = 100 * epsilon * (1 + std::abs(offset)) * (size == 1 ? 400 : 1);
  const std::string name = "layer_norm " + std::to_string(rows) + "x" + std::to_string(size);
  BOOST_TEST(distance(y, want_y) < bound, name);
  BOOST_TEST(distance(gx, want_gx, size < 4 ? 300 : 10) < bound, name << " gx");
  BOOST_TEST(distance(gweight, want_gweight, std::sqrt(static_cast<double>(rows) + 1)) < bound, name << " gweight");
  BOOST_TEST(distance(gbias, want_gbias, std::sqrt(static_cast<double>(rows) + 1)) < bound, name << " gbias");
}

struct LossCase {
  int64_t rows, classes;
  bool weighted, row_scales;
  double smoothing, ignored;  // `ignored`: the share of rows
};

template <class T>
void check_cross_entropy(const LossCase& c) {
  constexpr rondo::ScalarType kType = rondo::scalar_type_of<T>;
  const double eps = std::numeric_limits<T>::epsilon();
  const auto x = random_numbers<T>(c.rows * c.classes), weight = random_numbers<T>(c.classes, 0.1, 2);
  const auto scales = random_numbers<T>(c.rows);
  std::vector<int64_t> target(static_cast<size_t>(c.rows));
  const int64_t ignore = c.classes > 3 ? 1 : -100;
  for (int64_t& t : target) {
    const bool skip = std::uniform_real_distribution<double>(0, 1)(engine) < c.ignored;
    t = skip ? ignore : static_cast<int64_t>(engine() % static_cast<uint64_t>(c.classes));
  }
  const CrossEntropyOptions options{c.weighted ? weight.data() : nullptr, ignore, c.smoothing};
  std::vector<T> losses(target.size()), p(x.size()), g(x.size());
  const CrossEntropySums sums =
      cross_entropy(kType, c.rows, c.classes, x.data(), target.data(), options, losses.data(), p.data());
  const CrossEntropySums again =
      cross_entropy(kType, c.rows, c.classes, x.data(), target.data(), options, nullptr, nullptr);
  cross_entropy_backward(kType, c.rows, c.classes, p.data(), target.data(), options, 0.25,
                         c.row_scales ? scales.data() : nullptr, g.data());

  const Reference reference({c.rows, c.classes, 1}, widened(x));
  std::vector<double> want(losses.size()), want_g(x.size());
  double total = 0, total_weight = 0;
  const auto weight_of = [&](int64_t k) {
    return c.weighted ? static_cast<double>(weight[static_cast<size_t>(k)]) : 1;
  };
  for (int64_t r = 0; r < c.rows; ++r) {
    const size_t row = static_cast<size_t>(r);
    const int64_t t = target[row];
    if (t == ignore) continue;
    const double scale = c.row_scales ? static_cast<double>(scales[row]) : 0.25, s = c.smoothing;
    const double* log_p = reference.log_softmax.data() + r * c.classes;
    want[row] = -(1 - s) * weight_of(t) * log_p[t];
    for (int64_t k = 0; k < c.classes; ++k) want[row] -= s / static_cast<double>(c.classes) * weight_of(k) * log_p[k];
    total += want[row];
    total_weight += weight_of(t);
    // d(-log p[k]) / dx[j] = p[j] - [j == k], of each k with its share.
    const auto share = [&](int64_t k) {
      return ((k == t) * (1 - s) * weight_of(k)) + s / static_cast<double>(c.classes) * weight_of(k);
    };
    long double all = 0;
    for (int64_t k = 0; k < c.classes; ++k) all += share(k);
    for (int64_t j = 0; j < c.classes; ++j) {
      const long double gradient = scale * (all * std::exp(log_p[j]) - share(j));
      want_g[static_cast<size_t>(r * c.classes + j)] = static_cast<double>(gradient);
    }
  }
  const std::string name = "cross_entropy " + std::to_string(c.rows) + "x" + std::to_string(c.classes) +
                           (c.weighted ? " weighted" : "") + " smoothing " + std::to_string(c.smoothing);
  BOOST_TEST(sums.bad_row == -1, name);
  BOOST_TEST(distance(losses, want) < 30 * eps, name << " losses");
  BOOST_TEST(distance(p, reference.softmax, 0.01) < 30 * eps, name << " softmax");
  BOOST_TEST(distance(g, want_g) < 30 * eps, name << " gradient");
  BOOST_TEST(std::abs(sums.loss - total) <= 30 * eps * (1 + std::abs(total)), name << " sum");
  BOOST_TEST(std::abs(sums.weight - total_weight) <= 30 * eps * (1 + total_weight), name << " weight");
  BOOST_TEST(again.loss == sums.loss, name << " depends on the outputs asked for");
}

template <class T>
std::vector<T> with_threads(int threads, RowShape s, const std::vector<T>& x, const std::vector<T>& gy,
                            const std::vector<int64_t>& target) {
  constexpr rondo::ScalarType kType = rondo::scalar_type_of<T>;
  const int before = rondo::get_num_threads();
  rondo::set_num_threads(threads);
  const size_t count = x.size();
  std::vector<T> all(5 * count + static_cast<size_t>(s.outer * (s.inner + 2) + 2 * s.size + 1));
  T* out = all.data();
  softmax(kType, s, x.data(), out);
  softmax_backward(kType, s, gy.data(), out, out + count);
  log_softmax(kType, s, x.data(), out + 2 * count);
  logsumexp(kType, s, x.data(), out + 5 * count);
  if (s.inner == 1) {
    T* small = out + 5 * count + s.outer;
    layer_norm(kType, s.outer, s.size, 1e-5, x.data(), nullptr, nullptr, out + 3 * count, small, small + s.outer);
    layer_norm_backward(kType, s.outer, s.size, gy.data(), x.data(), nullptr, small, small + s.outer, out + 4 * count,
                        small + 2 * s.outer, small + 2 * s.outer + s.size);
    all.back() =
        static_cast<T>(cross_entropy(kType, s.outer, s.size, x.data(), target.data(), {}, nullptr, nullptr).loss);
  }
  rondo::set_num_threads(before);
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rows)

BOOST_AUTO_TEST_CASE(softmax_of_all_sizes) {
  for (int64_t size = 1; size <= 70; ++size) {
    for (int64_t inner : {1, 1, 3, 16, 21}) {
      const RowShape s{static_cast<int64_t>(1 + engine() % 20), size, inner};
      check_softmax<float>(s, random_numbers<float>(s.outer * size * inner, -20, 20));
      check_softmax<double>(s, random_numbers<double>(s.outer * size * inner, -20, 20));
    }
  }
  for (RowShape s : {RowShape{3, 1000, 1}, RowShape{2, 50257, 1}, RowShape{2, 3000, 5}, RowShape{0, 5, 1},
                     RowShape{5, 3, 0}, RowShape{700, 2, 1}, RowShape{1, 1 << 20, 1}}) {
    check_softmax<float>(s, random_numbers<float>(s.outer * s.size * s.inner));
    check_softmax<double>(s, random_numbers<double>(s.outer * s.size * s.inner));
  }
}

BOOST_AUTO_TEST_CASE(softmax_of_huge_and_special_values) {
  const double rows[][4] = {{1e30, -1e30, 0, 1},
                            {-kInf, -kInf, -kInf, -kInf},
                            {-kInf, 1, 2, -kInf},
                            {kInf, 1, 2, 3},
                            {kNan, 1, 2, 3},
                            {1, 2, 3, kNan},
                            {kInf, kInf, 0, 0},
                            {-kInf, kInf, 0, kNan},
                            {-1e4, -1.0001e4, -1e4, -2e4},
                            {88, 89, 710, 1000}};
  // Each row alone and repeated, so that it is short, long, and a line of several.
  for (const auto& row : rows) {
    for (int repeat : {1, 20}) {
      for (int64_t inner : {1, 2, 17}) {
        const RowShape s{2, 4 * repeat, inner};
        std::vector<float> x(static_cast<size_t>(s.outer * s.size * s.inner));
        each_line(s, [&](size_t, auto at) {
          for (int64_t c = 0; c < s.size; ++c) x[at(c)] = static_cast<float>(row[c % 4]);
        });
        check_softmax(s, x);
        check_softmax(s, widened(x));
      }
    }
  }
}

// One bad row must not spoil the rows beside it, which share registers with it.
BOOST_AUTO_TEST_CASE(rows_are_independent) {
  for (int64_t size : {2, 3, 10, 40}) {
    auto x = random_numbers<float>(33 * size);
    std::vector<float> clean(x.size()), y(x.size());
    softmax(rondo::kFloat, {33, size, 1}, x.data(), clean.data());
    for (int64_t c = 0; c < size; ++c) x[static_cast<size_t>(5 * size + c)] = static_cast<float>(kNan);
    softmax(rondo::kFloat, {33, size, 1}, x.data(), y.data());
    for (size_t i = 0; i < x.size(); ++i) {
      BOOST_TEST((static_cast<int64_t>(i) / size == 5 ? std::isnan(y[i]) : y[i] == clean[i]));
    }
  }
}

BOOST_AUTO_TEST_CASE(layer_norm_values_and_gradients) {
  for (int64_t size : {2, 3, 7, 8, 15, 16, 17, 31, 33, 64, 100, 257, 1000, 5000}) {
    for (int64_t rows : {0, 1, 2, 9}) {
      for (double offset : {0.0, 100.0}) {
        check_layer_norm<float>(rows, size, rows % 2 == 0, size % 2 == 0, offset);
        check_layer_norm<double>(rows, size, true, true, offset);
      }
    }
  }
  check_layer_norm<float>(3000, 33, true, true, 0);
  check_layer_norm<double>(5, 1, true, true, 0);
}

BOOST_AUTO_TEST_CASE(layer_norm_leaves_unwanted_gradients_alone) {
  const auto x = random_numbers<float>(40), gy = random_numbers<float>(40);
  std::vector<float> y(40), mean(4), rstd(4), gx(40), alone(40), gbias(10), both(10), gweight(10);
  layer_norm(rondo::kFloat, 4, 10, 1e-5, x.data(), nullptr, nullptr, y.data(), mean.data(), rstd.data());
  layer_norm_backward(rondo::kFloat, 4, 10, gy.data(), x.data(), nullptr, mean.data(), rstd.data(), gx.data(),
                      gweight.data(), both.data());
  layer_norm_backward(rondo::kFloat, 4, 10, gy.data(), x.data(), nullptr, mean.data(), rstd.data(), alone.data(),
                      nullptr, nullptr);
  layer_norm_backward(rondo::kFloat, 4, 10, gy.data(), x.data(), nullptr, mean.data(), rstd.data(), nullptr, nullptr,
                      gbias.data());
  BOOST_TEST((gx == alone));
  BOOST_TEST((gbias == both));
}

BOOST_AUTO_TEST_CASE(cross_entropy_values_and_gradients) {
  for (int64_t classes : {1, 2, 3, 5, 10, 16, 24, 25, 40, 100, 1000}) {
    for (int64_t rows : {0, 1, 7, 16, 32, 45}) {
      for (double smoothing : {0.0, 0.1}) {
        for (bool weighted : {false, true}) {
          check_cross_entropy<float>({rows, classes, weighted, rows % 2 == 1, smoothing, 0.2});
          check_cross_entropy<double>({rows, classes, weighted, rows % 2 == 0, smoothing, 0});
        }
      }
    }
  }
  check_cross_entropy<float>({40000, 2, false, false, 0, 0.1});
  check_cross_entropy<float>({3000, 50, true, false, 0, 0.1});
}

BOOST_AUTO_TEST_CASE(cross_entropy_of_bad_targets) {
  for (int64_t classes : {2, 10, 50}) {
    const auto x = random_numbers<float>(40 * classes);
    std::vector<int64_t> target(40, 0);
    const auto bad_row = [&] {
      return cross_entropy(rondo::kFloat, 40, classes, x.data(), target.data(), {}, nullptr, nullptr).bad_row;
    };
    BOOST_TEST(bad_row() == -1);
    target[3] = -100;
    BOOST_TEST(bad_row() == -1);
    target[37] = classes;
    BOOST_TEST(bad_row() == 37);
    target[18] = -1;
    BOOST_TEST(bad_row() == 18);
  }
}

// An ignored row counts for nothing, whatever is in it; infinite logits give the limits.
BOOST_AUTO_TEST_CASE(cross_entropy_of_special_values) {
  for (int64_t classes : {2, 30}) {
    auto x = random_numbers<double>(3 * classes);
    for (int64_t c = 0; c < classes; ++c) x[static_cast<size_t>(classes + c)] = kNan;
    x[static_cast<size_t>(2 * classes)] = -kInf;
    std::vector<int64_t> target{0, -100, 0};
    std::vector<double> losses(3), p(x.size()), g(x.size());
    auto sums = cross_entropy(rondo::kDouble, 2, classes, x.data(), target.data(), {}, losses.data(), p.data());
    BOOST_TEST(losses[1] == 0);
    BOOST_TEST(sums.loss == losses[0]);
    BOOST_TEST(sums.weight == 1);
    cross_entropy_backward(rondo::kDouble, 2, classes, p.data(), target.data(), {}, 1, nullptr, g.data());
    for (int64_t c = 0; c < classes; ++c) BOOST_TEST(g[static_cast<size_t>(classes + c)] == 0);
    sums = cross_entropy(rondo::kDouble, 3, classes, x.data(), target.data(), {}, losses.data(), nullptr);
    BOOST_TEST(losses[2] == kInf);
    target[1] = 1;
    sums = cross_entropy(rondo::kDouble, 2, classes, x.data(), target.data(), {}, losses.data(), nullptr);
    BOOST_TEST(std::isnan(sums.loss));
  }
}

BOOST_AUTO_TEST_CASE(bits_do_not_depend_on_threads) {
  for (RowShape s : {RowShape{5000, 2, 1}, RowShape{4100, 10, 1}, RowShape{301, 1000, 1}, RowShape{20, 60, 333},
                     RowShape{3, 70001, 1}}) {
    const auto x = random_numbers<float>(s.outer * s.size * s.inner),
               gy = random_numbers<float>(s.outer * s.size * s.inner);
    std::vector<int64_t> target(static_cast<size_t>(s.outer));
    for (int64_t& t : target) t = static_cast<int64_t>(engine() % static_cast<uint64_t>(s.size));
    const auto one = with_threads(1, s, x, gy, target);
    for (int threads : {2, 3, 7}) {
      const auto many = with_threads(threads, s, x, gy, target);
      BOOST_TEST((std::memcmp(one.data(), many.data(), one.size() * sizeof(float)) == 0), text(s) << " " << threads);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
