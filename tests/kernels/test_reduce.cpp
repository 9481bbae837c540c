#include <rondo/autograd/kernels/strided.h>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "arrays.h"

using namespace rondo_test;
namespace kernels = rondo::kernels;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN(), kInf = std::numeric_limits<double>::infinity();

// A reduction's shape that owns its arrays.
struct Shape {
  Sizes kept, kept_strides, reduced, reduced_strides;

  operator kernels::ReduceShape() const {
    return {static_cast<int>(kept.size()),
            static_cast<int>(reduced.size()),
            kept.data(),
            kept_strides.data(),
            reduced.data(),
            reduced_strides.data()};
  }
  int64_t outputs() const { return product(kept); }
  int64_t length() const { return product(reduced); }
  int64_t reach() const { return extent(kept, kept_strides) + extent(reduced, reduced_strides); }
  int64_t at(int64_t output, int64_t i) const {
    return offset_at(kept, kept_strides, output) + offset_at(reduced, reduced_strides, i);
  }
};

// Views of arrays whose dimensions lie in any order, may be expanded, and are kept or reduced at random.
std::vector<Shape> shapes() {
  std::vector<Shape> all = {{{}, {}, {}, {}},
                            {{}, {}, {5}, {1}},
                            {{0}, {1}, {5}, {0}},
                            {{4}, {1}, {0}, {4}},
                            {{}, {}, {100003}, {1}},
                            {{}, {}, {70001}, {2}},
                            {{2}, {70000}, {70000}, {1}},
                            {{2}, {1}, {70000}, {2}},
                            {{300}, {1}, {450}, {300}},
                            {{1030}, {1}, {9}, {1030}},
                            {{9}, {1}, {5000}, {9}},
                            {{5}, {1}, {4100}, {5}},
                            {{6}, {3136}, {3, 3136}, {6 * 3136, 1}},
                            {{2, 100}, {15000, 1}, {150}, {100}},
                            {{300, 20}, {40, 1}, {2}, {20}},
                            {{5}, {0}, {6}, {1}},
                            {{5}, {1}, {6}, {0}},
                            {{40, 3}, {3, 1}, {20, 5}, {600, 120}}};
  std::mt19937 random(5);
  const Sizes choices = {1, 1, 2, 3, 7, 8, 16, 17, 33};
  for (int trial = 0; trial < 150; ++trial) {
    const size_t ndim = 1 + random() % 4;
    std::vector<size_t> order(ndim);
    for (size_t d = 0; d < ndim; ++d) order[d] = d;
    std::shuffle(order.begin(), order.end(), random);
    Sizes sizes(ndim), strides(ndim);
    for (auto& s : sizes) s = choices[random() % choices.size()];
    int64_t step = 1 + random() % 5 / 4;
    for (const size_t d : order) {
      strides[d] = random() % 8 == 0 ? 0 : step;
      step *= sizes[d] + (random() % 4 == 0);
    }
    if (product(sizes) > 5000) continue;
    Shape s;
    for (size_t d = 0; d < ndim; ++d) {
      const bool kept = random() % 2;
      (kept ? s.kept : s.reduced).push_back(sizes[d]);
      (kept ? s.kept_strides : s.reduced_strides).push_back(strides[d]);
    }
    all.push_back(s);
  }
  return all;
}

using Kernel = std::function<void(const kernels::ReduceShape&, const Array& x, Array& y)>;
using Reference = std::function<double(const std::vector<double>&)>;

// The largest error over all outputs, relative to 1 + |expected|; infinite where NaN is only on one side.
double error_of(const Shape& shape, const Array& x, rondo::ScalarType y_type, const Kernel& kernel,
                const Reference& reference) {
  Array y(y_type, shape.outputs());
  kernel(shape, x, y);
  double worst = 0;
  for (int64_t o = 0; o < shape.outputs(); ++o) {
    std::vector<double> numbers;
    for (int64_t i = 0; i < shape.length(); ++i) numbers.push_back(x[shape.at(o, i)]);
    const double expected = reference(numbers);
    if (std::isnan(expected) || std::isnan(y[o])) {
      if (std::isnan(expected) != std::isnan(y[o])) worst = kInf;
    } else if (y[o] != expected) {
      worst = std::max(worst, std::abs(y[o] - expected) / (1 + std::abs(expected)));
    }
  }
  return worst;
}

double sum_of(const std::vector<double>& v) {
  long double sum = 0;
  for (const double x : v) sum += x;
  return static_cast<double>(sum);
}
double product_of(const std::vector<double>& v) {
  double all = 1;
  for (const double x : v) all *= x;
  return all;
}
double largest_of(const std::vector<double>& v) {
  double best = v[0];
  for (const double x : v) best = x > best || std::isnan(x) ? x : best;
  return best;
}

const Kernel kSum = [](const kernels::ReduceShape& s, const Array& x, Array& y) {
  kernels::sum(s, x.type, x.data(), y.type, y.data());
};
const Kernel kProd = [](const kernels::ReduceShape& s, const Array& x, Array& y) {
  kernels::prod(s, x.type, x.data(), y.type, y.data());
};
const Kernel kMax = [](const kernels::ReduceShape& s, const Array& x, Array& y) {
  kernels::amax(s, x.type, x.data(), y.data());
};
const Kernel kMin = [](const kernels::ReduceShape& s, const Array& x, Array& y) {
  kernels::amin(s, x.type, x.data(), y.data());
};

rondo::ScalarType sum_type(rondo::ScalarType type) { return rondo::is_floating_point(type) ? type : rondo::kLong; }

}  // namespace

BOOST_AUTO_TEST_SUITE(reduce_kernels)

BOOST_AUTO_TEST_CASE(sums_of_every_type_and_shape) {
  for (const Shape& shape : shapes()) {
    for (const auto type : kAllTypes) {
      const bool brief = rondo::element_size(type) == 2 && rondo::is_floating_point(type);
      const Array x = random_integers(type, shape.reach(), 0, type == rondo::kBool || brief ? 1 : 3);
      // Sums of small integers are exact in all but the short formats.
      const double error = error_of(shape, x, sum_type(type), kSum, sum_of);
      BOOST_TEST(error <= (brief ? 0.005 : 0.0));
    }
    const Array x = random_numbers(rondo::kFloat, shape.reach());
    BOOST_TEST(error_of(shape, x, rondo::kFloat, kSum, sum_of) < 2e-5);
    BOOST_TEST(error_of(shape, x, rondo::kDouble, kSum, sum_of) < 1e-12);
  }
}

BOOST_AUTO_TEST_CASE(sums_to_wider_types) {
  const Shape shape{{3}, {1}, {50}, {3}};
  BOOST_TEST(error_of(shape, random_integers(rondo::kHalf, 150, 0, 90), rondo::kFloat, kSum, sum_of) == 0);
  BOOST_TEST(error_of(shape, random_integers(rondo::kBFloat16, 150, 0, 90), rondo::kDouble, kSum, sum_of) == 0);
  BOOST_TEST(error_of(shape, random_integers(rondo::kInt, 150, -90, 90), rondo::kFloat, kSum, sum_of) == 0);
  BOOST_TEST(error_of(shape, random_integers(rondo::kBool, 150, 0, 1), rondo::kDouble, kSum, sum_of) == 0);
}

BOOST_AUTO_TEST_CASE(integer_sums_wrap) {
  const int64_t top = std::numeric_limits<int64_t>::max();
  const std::vector<int64_t> x = {top, top, 3};
  int64_t y = 0;
  kernels::sum(Shape{{}, {}, {3}, {1}}, rondo::kLong, x.data(), rondo::kLong, &y);
  BOOST_TEST(y == 1);
  kernels::prod(Shape{{}, {}, {2}, {1}}, rondo::kLong, x.data(), rondo::kLong, &y);
  BOOST_TEST(y == 1);
}

BOOST_AUTO_TEST_CASE(products) {
  for (const Shape& shape : shapes()) {
    if (shape.length() > 100) continue;  // 2^100 fits into a float
    for (const auto type : {rondo::kFloat, rondo::kDouble, rondo::kLong, rondo::kByte}) {
      Array x = random_integers(type, shape.reach(), 1, 1);
      std::mt19937 random(3);
      for (int64_t i = 0; i < x.size; ++i) x.set(i, random() % 16 == 0 ? 2 : random() % 31 == 0 ? 0 : 1);
      const Reference reference = [](const std::vector<double>& v) {
        const double all = product_of(v);
        return std::abs(all) < 0x1p62 ? all : 0;
      };
      if (type == rondo::kLong || type == rondo::kByte) {
        BOOST_TEST(error_of(shape, x, rondo::kLong, kProd, reference) == 0);
      } else {
        BOOST_TEST(error_of(shape, x, type, kProd, product_of) == 0);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(extrema_of_every_type) {
  const Reference smallest = [](const std::vector<double>& v) {
    std::vector<double> negative;
    for (const double x : v) negative.push_back(-x);
    return -largest_of(negative);
  };
  for (const Shape& shape : shapes()) {
    if (shape.length() == 0) continue;
    for (const auto type : kAllTypes) {
      if (type != rondo::kFloat && shape.outputs() * shape.length() > 50000) continue;
      const bool is_signed = rondo::is_floating_point(type) || (type != rondo::kByte && type != rondo::kBool);
      Array x = random_integers(type, shape.reach(), is_signed ? -100 : 0, type == rondo::kBool ? 1 : 100);
      BOOST_TEST(error_of(shape, x, type, kMax, largest_of) == 0);
      BOOST_TEST(error_of(shape, x, type, kMin, smallest) == 0);
      if (!rondo::is_floating_point(type)) continue;
      for (int64_t i = 0; i < x.size; i += 29) x.set(i, i % 2 ? kNan : -kInf);
      BOOST_TEST(error_of(shape, x, type, kMax, largest_of) == 0);
      BOOST_TEST(error_of(shape, x, type, kMin, smallest) == 0);
    }
  }
}

BOOST_AUTO_TEST_CASE(truth) {
  for (const Shape& shape : shapes()) {
    for (const auto type : kAllTypes) {
      if (type != rondo::kFloat && shape.outputs() * shape.length() > 50000) continue;
      for (const int rare : {0, 1}) {
        Array x(type, shape.reach());
        for (int64_t i = 0; i < x.size; ++i) x.set(i, (i % 97 == 13) == (rare == 1));
        Array every(rondo::kBool, shape.outputs()), some = every;
        kernels::all(shape, type, x.data(), static_cast<bool*>(every.data()));
        kernels::any(shape, type, x.data(), static_cast<bool*>(some.data()));
        int64_t wrong = 0;
        for (int64_t o = 0; o < shape.outputs(); ++o) {
          bool all = true, any = false;
          for (int64_t i = 0; i < shape.length(); ++i) {
            all &= x[shape.at(o, i)] != 0;
            any |= x[shape.at(o, i)] != 0;
          }
          wrong += (every[o] != all) + (some[o] != any);
        }
        BOOST_TEST(wrong == 0);
      }
    }
  }
  const std::vector<float> odd = {-0.0f, static_cast<float>(kNan), 0x1p-149f};
  bool y[3];
  kernels::any(Shape{{3}, {1}, {1}, {1}}, rondo::kFloat, odd.data(), y);
  BOOST_TEST(!y[0]);
  BOOST_TEST(y[1]);
  BOOST_TEST(y[2]);
}

BOOST_AUTO_TEST_CASE(special_values) {
  for (const int64_t n : {1, 5, 16, 40, 5000}) {
    Array x = random_integers(rondo::kFloat, n, 0, 3);
    float y = 0;
    const Shape shape{{}, {}, {n}, {1}};
    x.set(n / 2, kInf);
    kernels::sum(shape, rondo::kFloat, x.data(), rondo::kFloat, &y);
    BOOST_TEST(y == kInf);
    x.set(n - 1, -kInf);
    x.set(0, kNan);
    kernels::sum(shape, rondo::kFloat, x.data(), rondo::kFloat, &y);
    BOOST_TEST(std::isnan(y));
    for (const double value : {kInf, -kInf, kNan}) {
      for (int64_t i = 0; i < n; ++i) x.set(i, value);
      kernels::amax(shape, rondo::kFloat, x.data(), &y);
      BOOST_TEST((y == value || (std::isnan(y) && std::isnan(value))));
      kernels::amin(shape, rondo::kFloat, x.data(), &y);
      BOOST_TEST((y == value || (std::isnan(y) && std::isnan(value))));
    }
  }
}

// A running float sum of these would be off by percents.
BOOST_AUTO_TEST_CASE(errors_of_long_sums_stay_small) {
  const int64_t n = 4000000;
  const std::vector<float> x(static_cast<size_t>(n), 0.1f);
  const double expected = static_cast<double>(0.1f) * static_cast<double>(n);
  for (const Shape& shape : {Shape{{}, {}, {n}, {1}}, Shape{{2}, {1}, {n / 2}, {2}}, Shape{{2}, {n / 2}, {n / 2}, {1}},
                             Shape{{}, {}, {n / 4, 2}, {4, 1}}, Shape{{2}, {1}, {n / 8, 2}, {8, 4}}}) {
    std::vector<float> y(static_cast<size_t>(shape.outputs()));
    kernels::sum(shape, rondo::kFloat, x.data(), rondo::kFloat, y.data());
    const double share = static_cast<double>(shape.length()) / static_cast<double>(n);
    for (const float value : y) BOOST_TEST(std::abs(value / (expected * share) - 1) < 1e-6);
  }
}

BOOST_AUTO_TEST_CASE(means_and_variances) {
  for (const Shape& shape : shapes()) {
    for (const auto type : kLaneTypes) {
      Array x = random_numbers(type, shape.reach());
      for (int64_t i = 0; i < x.size; ++i) x.set(i, x[i] + 1000);
      for (const double correction : {0.0, 1.0}) {
        const Kernel mean = [&](const kernels::ReduceShape& s, const Array& from, Array& y) {
          kernels::mean_variance(s, from.type, from.data(), correction, y.data(), nullptr);
        };
        const Kernel variance = [&](const kernels::ReduceShape& s, const Array& from, Array& y) {
          kernels::mean_variance(s, from.type, from.data(), correction, nullptr, y.data());
        };
        const Reference mean_of = [](const std::vector<double>& v) {
          return v.empty() ? kNan : sum_of(v) / static_cast<double>(v.size());
        };
        const Reference variance_of = [&](const std::vector<double>& v) {
          const double center = mean_of(v);
          std::vector<double> squares;
          for (const double number : v) squares.push_back((number - center) * (number - center));
          const double freedom = std::max(0.0, static_cast<double>(v.size()) - correction);
          return freedom == 0 ? kNan : sum_of(squares) / freedom;
        };
        const double tolerance = type == rondo::kFloat ? 1e-6 : 1e-12;
        BOOST_TEST(error_of(shape, x, type, mean, mean_of) < tolerance);
        BOOST_TEST(error_of(shape, x, type, variance, variance_of) < tolerance);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(variance_far_from_zero) {
  const int64_t n = 300000;
  std::vector<float> x(static_cast<size_t>(n));
  for (size_t i = 0; i < x.size(); ++i) x[i] = i % 2 ? 16777216.0f : 16777214.0f;
  float mean = 0, variance = 0;
  kernels::mean_variance(Shape{{}, {}, {n}, {1}}, rondo::kFloat, x.data(), 0, &mean, &variance);
  BOOST_TEST(variance == 1.0f);
  BOOST_TEST(mean == 16777215.0f);
}

BOOST_AUTO_TEST_CASE(no_bit_depends_on_threads) {
  for (const Shape& shape : shapes()) {
    if (shape.outputs() * shape.length() < 30000) continue;
    for (const auto type : kLaneTypes) {
      const Array x = random_numbers(type, shape.reach());
      std::vector<Array> results;
      for (const int threads : {1, 2}) {
        with_threads(threads, [&] {
          Array sum(type, shape.outputs()), variance = sum;
          kernels::sum(shape, type, x.data(), type, sum.data());
          kernels::mean_variance(shape, type, x.data(), 1, nullptr, variance.data());
          results.push_back(sum);
          results.push_back(variance);
        });
      }
      BOOST_TEST((results[0] == results[2]));
      BOOST_TEST((results[1] == results[3]));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
