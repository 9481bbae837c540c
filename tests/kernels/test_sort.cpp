#include <rondo/autograd/kernels/strided.h>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "arrays.h"

using namespace rondo_test;
namespace kernels = rondo::kernels;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN(), kInf = std::numeric_limits<double>::infinity();

// Ascending order with NaN above everything.
bool below(double a, double b) { return std::isnan(b) ? !std::isnan(a) : a < b; }

bool same_number(double a, double b) {
  return std::isnan(a) ? std::isnan(b) : a == b && std::signbit(a) == std::signbit(b);
}

int64_t wrong_after_sort(const kernels::LineShape& s, const Array& x, bool descending) {
  Array values(x.type, s.outer * s.size * s.inner);
  std::vector<int64_t> indices(static_cast<size_t>(values.size), -1);
  kernels::sort(s, x.type, x.data(), descending, 0, s.size, values.data(), indices.data());
  int64_t wrong = 0;
  for (int64_t o = 0; o < s.outer; ++o) {
    for (int64_t i = 0; i < s.inner; ++i) {
      std::vector<double> line;
      for (int64_t r = 0; r < s.size; ++r) line.push_back(x[o * s.outer_stride + r * s.stride + i * s.inner_stride]);
      std::vector<size_t> places(line.size());
      std::iota(places.begin(), places.end(), size_t{0});
      std::stable_sort(places.begin(), places.end(), [&](size_t a, size_t b) {
        return descending ? below(line[b], line[a]) : below(line[a], line[b]);
      });
      for (int64_t r = 0; r < s.size; ++r) {
        const int64_t k = (o * s.size + r) * s.inner + i;
        const size_t expected = places[static_cast<size_t>(r)];
        wrong += indices[static_cast<size_t>(k)] != static_cast<int64_t>(expected);
        wrong += !same_number(values[k], line[expected]);
      }
    }
  }
  return wrong;
}

kernels::LineShape rows(int64_t outer, int64_t size) { return {outer, size, 1, size, 1, 1}; }

}  // namespace

BOOST_AUTO_TEST_SUITE(sort_kernel)

BOOST_AUTO_TEST_CASE(every_type_and_length) {
  for (const auto type : kAllTypes) {
    for (const int64_t n : {0, 1, 2, 3, 8, 39, 40, 41, 64, 100, 257, 1000}) {
      for (const int width : {1, 100, 30000}) {  // from ties everywhere to hardly any
        const int top = type == rondo::kBool ? 1 : type == rondo::kByte || type == rondo::kChar ? 100 : width;
        const bool is_signed = type != rondo::kByte && type != rondo::kBool;
        const Array x = random_integers(type, 3 * n, is_signed ? -top : 0, top);
        BOOST_TEST(wrong_after_sort(rows(3, n), x, false) == 0);
        BOOST_TEST(wrong_after_sort(rows(3, n), x, true) == 0);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(other_dimensions_and_strides) {
  for (const auto type : {rondo::kByte, rondo::kHalf, rondo::kFloat, rondo::kLong}) {
    const Array x = random_integers(type, 4000, 0, 50);
    for (const bool descending : {false, true}) {
      BOOST_TEST(wrong_after_sort({2, 9, 7, 63, 7, 1}, x, descending) == 0);
      BOOST_TEST(wrong_after_sort({2, 60, 17, 1020, 17, 1}, x, descending) == 0);
      BOOST_TEST(wrong_after_sort({3, 70, 1, 200, 2, 1}, x, descending) == 0);
      BOOST_TEST(wrong_after_sort({2, 50, 8, 0, 1, 50}, x, descending) == 0);
      BOOST_TEST(wrong_after_sort({2, 50, 3, 3, 0, 1}, x, descending) == 0);
      BOOST_TEST(wrong_after_sort({0, 50, 3, 3, 0, 1}, x, descending) == 0);
      BOOST_TEST(wrong_after_sort({2, 50, 0, 3, 1, 1}, x, descending) == 0);
    }
  }
}

BOOST_AUTO_TEST_CASE(special_values_keep_their_order_and_their_signs) {
  for (const auto type : {rondo::kHalf, rondo::kFloat, rondo::kDouble, rondo::kBFloat16}) {
    for (const int64_t n : {7, 40, 41, 600}) {
      Array x = random_numbers(type, n);
      const double specials[] = {kNan, 0.0, -0.0, kInf, -kInf, 0x1p-24, -0x1p-24};
      std::mt19937 random(11);
      for (int64_t i = 0; i < n; ++i) {
        if (n == 7 || random() % 2) x.set(i, specials[random() % 7]);
      }
      BOOST_TEST(wrong_after_sort(rows(1, n), x, false) == 0);
      BOOST_TEST(wrong_after_sort(rows(1, n), x, true) == 0);
    }
  }
  // A NaN with its sign bit set is as large as any other.
  const std::vector<float> x = {std::copysign(static_cast<float>(kNan), -1.0f), -1.0f, static_cast<float>(kInf)};
  float values[3];
  int64_t indices[3];
  kernels::sort(rows(1, 3), rondo::kFloat, x.data(), false, 0, 3, values, indices);
  BOOST_TEST(indices[2] == 0);
  kernels::sort(rows(1, 3), rondo::kFloat, x.data(), true, 0, 3, values, indices);
  BOOST_TEST(indices[0] == 0);
}

BOOST_AUTO_TEST_CASE(extremes_of_integers) {
  const int64_t low = std::numeric_limits<int64_t>::min(), high = std::numeric_limits<int64_t>::max();
  const std::vector<int64_t> x = {5, high, low, -1, 0, high - 1, low + 1, int64_t{1} << 32, -(int64_t{1} << 32)};
  std::vector<int64_t> many, values(180), indices(180);
  for (int i = 0; i < 20; ++i) many.insert(many.end(), x.begin(), x.end());
  kernels::sort(rows(1, 180), rondo::kLong, many.data(), false, 0, 180, values.data(), indices.data());
  std::vector<int64_t> expected = many;
  std::sort(expected.begin(), expected.end());
  BOOST_TEST(values == expected);
}

BOOST_AUTO_TEST_CASE(threads_and_length) {
  const Array x = random_numbers(rondo::kFloat, 300000);
  for (const int threads : {1, 2}) {
    with_threads(threads, [&] {
      BOOST_TEST(wrong_after_sort(rows(1, 300000), x, false) == 0);
      BOOST_TEST(wrong_after_sort(rows(300, 1000), x, true) == 0);
      BOOST_TEST(wrong_after_sort({1, 1000, 300, 1, 300, 1}, x, true) == 0);
    });
  }
}

BOOST_AUTO_TEST_SUITE_END()
