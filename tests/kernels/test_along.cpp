#include <rondo/autograd/kernels/strided.h>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

#include "arrays.h"

using namespace rondo_test;
namespace kernels = rondo::kernels;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN(), kInf = std::numeric_limits<double>::infinity();

// Lines that are contiguous, side by side, expanded and neither.
const std::vector<kernels::LineShape> kShapes = {
    {1, 1, 1, 1, 1, 1},        {0, 3, 2, 6, 2, 1},          {3, 2, 1, 2, 1, 1},   {5, 7, 1, 7, 1, 1},
    {5, 8, 1, 8, 1, 1},        {3, 16, 1, 16, 1, 1},        {9, 33, 1, 40, 1, 1}, {2, 1000, 1, 1000, 1, 1},
    {2, 9, 17, 153, 17, 1},    {1, 50, 300, 0, 300, 1},     {3, 5, 2, 10, 2, 1},  {4, 11, 3, 33, 1, 11},
    {2, 20, 5, 400, 10, 2},    {3, 6, 4, 0, 4, 1},          {3, 6, 4, 4, 0, 1},   {2, 513, 1, 2000, 3, 1},
    {40, 1000, 1, 1000, 1, 1}, {2, 200, 257, 60000, 257, 1}};

int64_t reach(const kernels::LineShape& s) {
  return extent({s.outer, s.size, s.inner}, {s.outer_stride, s.stride, s.inner_stride});
}
int64_t at(const kernels::LineShape& s, int64_t o, int64_t r, int64_t i) {
  return o * s.outer_stride + r * s.stride + i * s.inner_stride;
}

int64_t wrong_extrema(const kernels::LineShape& s, const Array& x, bool max) {
  Array values(x.type, s.outer * s.inner);
  std::vector<int64_t> indices(static_cast<size_t>(s.outer * s.inner), -1), alone = indices;
  (max ? kernels::max_along : kernels::min_along)(s, x.type, x.data(), values.data(), indices.data());
  (max ? kernels::max_along : kernels::min_along)(s, x.type, x.data(), nullptr, alone.data());
  int64_t wrong = indices != alone;
  for (int64_t o = 0; o < s.outer; ++o) {
    for (int64_t i = 0; i < s.inner; ++i) {
      int64_t place = 0;
      for (int64_t r = 1; r < s.size; ++r) {
        const double best = x[at(s, o, place, i)], value = x[at(s, o, r, i)];
        if (std::isnan(best)) break;
        if (std::isnan(value) || (max ? value > best : value < best)) place = r;
      }
      const double expected = x[at(s, o, place, i)], value = values[o * s.inner + i];
      wrong += indices[static_cast<size_t>(o * s.inner + i)] != place;
      wrong += !(value == expected || (std::isnan(value) && std::isnan(expected)));
    }
  }
  return wrong;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(along_kernels)

BOOST_AUTO_TEST_CASE(first_extremum_of_every_type) {
  for (const auto& s : kShapes) {
    for (const auto type : kAllTypes) {
      const bool is_signed = type != rondo::kByte && type != rondo::kBool;
      // Few different numbers: ties everywhere.
      Array x = random_integers(type, reach(s), is_signed ? -9 : 0, type == rondo::kBool ? 1 : 9);
      BOOST_TEST(wrong_extrema(s, x, true) == 0);
      BOOST_TEST(wrong_extrema(s, x, false) == 0);
      if (!rondo::is_floating_point(type)) continue;
      for (const double special : {kInf, -kInf, kNan}) {
        for (int64_t i = 3; i < x.size; i += 41) x.set(i, special);
        BOOST_TEST(wrong_extrema(s, x, true) == 0);
        BOOST_TEST(wrong_extrema(s, x, false) == 0);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(lines_of_one_value) {
  for (const auto type : kLaneTypes) {
    for (const double value : {-kInf, kInf, kNan, 0.0}) {
      for (const int64_t n : {1, 7, 8, 15, 16, 17, 50}) {
        Array x(type, n);
        for (int64_t i = 0; i < n; ++i) x.set(i, value);
        int64_t place = -1;
        kernels::max_along({1, n, 1, n, 1, 1}, type, x.data(), nullptr, &place);
        BOOST_TEST(place == 0);
        kernels::min_along({1, n, 1, n, 1, 1}, type, x.data(), nullptr, &place);
        BOOST_TEST(place == 0);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(sums_run_along_lines) {
  for (const auto& s : kShapes) {
    for (const auto type : kAllTypes) {
      if (type == rondo::kBool) continue;
      const bool brief = rondo::element_size(type) <= 2;  // sums that these hold
      const Array x = random_integers(type, reach(s), 0, brief ? s.size < 100 : 9);
      for (const bool reverse : {false, true}) {
        Array y(type, s.outer * s.size * s.inner);
        kernels::cumsum(s, type, x.data(), y.data(), reverse);
        int64_t wrong = 0;
        for (int64_t o = 0; o < s.outer; ++o) {
          for (int64_t i = 0; i < s.inner; ++i) {
            double sum = 0;
            for (int64_t k = 0; k < s.size; ++k) {
              const int64_t r = reverse ? s.size - 1 - k : k;
              sum += x[at(s, o, r, i)];
              wrong += y[(o * s.size + r) * s.inner + i] != sum;
            }
          }
        }
        BOOST_TEST(wrong == 0);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(running_sums_accumulate_in_double_and_integers_wrap) {
  std::vector<float> x(3000000, 0.1f);
  const auto n = static_cast<int64_t>(x.size());
  kernels::cumsum({1, n, 1, n, 1, 1}, rondo::kFloat, x.data(), x.data());
  BOOST_TEST(x.back() == static_cast<float>(0.1f * 3000000.0));
  std::vector<int8_t> small = {100, 100, 100};
  kernels::cumsum({1, 3, 1, 3, 1, 1}, rondo::kChar, small.data(), small.data());
  BOOST_TEST(static_cast<int>(small[1]) == -56);
  BOOST_TEST(static_cast<int>(small[2]) == 44);
  std::vector<int64_t> large = {std::numeric_limits<int64_t>::max(), 1};
  kernels::cumsum({1, 2, 1, 2, 1, 1}, rondo::kLong, large.data(), large.data());
  BOOST_TEST(large[1] == std::numeric_limits<int64_t>::min());
}

BOOST_AUTO_TEST_CASE(no_bit_depends_on_threads) {
  for (const kernels::LineShape& s : {kernels::LineShape{201, 1000, 1, 1000, 1, 1}, {2, 500, 301, 150500, 301, 1}}) {
    for (const auto type : kLaneTypes) {
      const Array x = random_numbers(type, reach(s));
      std::vector<Array> results;
      for (const int threads : {1, 2}) {
        with_threads(threads, [&] {
          results.emplace_back(type, x.size);
          kernels::cumsum(s, type, x.data(), results.back().data());
        });
      }
      BOOST_TEST((results[0] == results[1]));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
