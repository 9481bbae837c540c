#include <rondo/autograd/kernels/strided.h>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

#include "arrays.h"

using namespace rondo_test;
namespace kernels = rondo::kernels;

namespace {

// Copies a view of x to a view of y and counts wrong elements, those between y's included.
int64_t wrong_after_copy(const Sizes& sizes, rondo::ScalarType y_type, const Sizes& y_strides, const Array& x,
                         const Sizes& x_strides) {
  Array y = random_integers(y_type, extent(sizes, y_strides) + 3, 0, 1, 7), expected = y;
  const int64_t n = product(sizes);
  for (int64_t i = 0; i < n; ++i) {
    const double value = x[offset_at(sizes, x_strides, i)];
    expected.set(offset_at(sizes, y_strides, i), y_type == rondo::kBool ? value != 0 : value);
  }
  kernels::copy(static_cast<int>(sizes.size()), sizes.data(), y_type, y.data(), y_strides.data(), x.type, x.data(),
                x_strides.data());
  int64_t wrong = 0;
  for (int64_t i = 0; i < y.size; ++i) wrong += y[i] != expected[i];
  return wrong;
}

const Sizes kLengths = {0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 255, 256, 257, 511, 512, 513, 1025};

template <class T>
T convert(rondo::ScalarType y_type, double value, rondo::ScalarType x_type) {
  Array x(x_type, 1);
  x.set(0, value);
  T y;
  kernels::copy(0, nullptr, y_type, &y, nullptr, x_type, x.data(), nullptr);
  return y;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(copy_kernel)

BOOST_AUTO_TEST_CASE(every_pair_of_types) {
  for (const auto x_type : kAllTypes) {
    for (const auto y_type : kAllTypes) {
      for (const int64_t n : kLengths) {
        const Array x = random_integers(x_type, 3 * n + 1, 0, x_type == rondo::kBool ? 1 : 100);
        BOOST_TEST(wrong_after_copy({n}, y_type, {1}, x, {1}) == 0);
        BOOST_TEST(wrong_after_copy({n}, y_type, {2}, x, {3}) == 0);
        BOOST_TEST(wrong_after_copy({n}, y_type, {1}, x, {0}) == 0);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(negative_and_wrapping_integers) {
  for (const auto x_type : {rondo::kChar, rondo::kShort, rondo::kInt, rondo::kLong, rondo::kFloat, rondo::kDouble}) {
    BOOST_TEST(convert<int8_t>(rondo::kChar, -5, x_type) == -5);
    BOOST_TEST(convert<uint8_t>(rondo::kByte, -5, x_type) == 251);
    BOOST_TEST(convert<int16_t>(rondo::kShort, -5, x_type) == -5);
    BOOST_TEST(convert<int32_t>(rondo::kInt, -5, x_type) == -5);
    BOOST_TEST(convert<int64_t>(rondo::kLong, -5, x_type) == -5);
    BOOST_TEST(convert<float>(rondo::kFloat, -5, x_type) == -5);
    BOOST_TEST(convert<double>(rondo::kDouble, -5, x_type) == -5);
  }
  BOOST_TEST(convert<uint8_t>(rondo::kByte, 300, rondo::kInt) == 44);
  BOOST_TEST(convert<int8_t>(rondo::kChar, 200, rondo::kByte) == -56);
}

BOOST_AUTO_TEST_CASE(floating_to_integer_truncates_and_is_defined_everywhere) {
  constexpr double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  for (const auto type : {rondo::kFloat, rondo::kDouble}) {
    BOOST_TEST(convert<int32_t>(rondo::kInt, 2.9, type) == 2);
    BOOST_TEST(convert<int32_t>(rondo::kInt, -2.9, type) == -2);
    BOOST_TEST(convert<uint8_t>(rondo::kByte, 256.7, type) == 0);
    BOOST_TEST(convert<int16_t>(rondo::kShort, 65537, type) == 1);
    for (const double wild : {nan, inf, -inf, 1e30, -1e30}) {
      BOOST_TEST(convert<int64_t>(rondo::kLong, wild, type) == std::numeric_limits<int64_t>::min());
      BOOST_TEST(convert<int32_t>(rondo::kInt, wild, type) == std::numeric_limits<int32_t>::min());
      BOOST_TEST(convert<int16_t>(rondo::kShort, wild, type) == 0);
      BOOST_TEST(convert<int8_t>(rondo::kChar, wild, type) == 0);
      BOOST_TEST(convert<uint8_t>(rondo::kByte, wild, type) == 0);
    }
    BOOST_TEST(convert<int32_t>(rondo::kInt, -0x1p31, type) == std::numeric_limits<int32_t>::min());
    BOOST_TEST(convert<int64_t>(rondo::kLong, 0x1p62, type) == int64_t{1} << 62);
    BOOST_TEST(convert<int64_t>(rondo::kLong, 0x1p63, type) == std::numeric_limits<int64_t>::min());
  }
  BOOST_TEST(convert<uint8_t>(rondo::kByte, 3000000001.0, rondo::kDouble) == 1);
  for (const auto type : {rondo::kHalf, rondo::kBFloat16}) {
    BOOST_TEST(convert<int64_t>(rondo::kLong, nan, type) == std::numeric_limits<int64_t>::min());
  }
}

BOOST_AUTO_TEST_CASE(anything_but_zero_is_true) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  for (const auto type : {rondo::kHalf, rondo::kFloat, rondo::kDouble, rondo::kBFloat16}) {
    BOOST_TEST(convert<bool>(rondo::kBool, nan, type));
    BOOST_TEST(convert<bool>(rondo::kBool, 0.25, type));
    BOOST_TEST(convert<bool>(rondo::kBool, 0x1p-24, type));
    BOOST_TEST(!convert<bool>(rondo::kBool, -0.0, type));
  }
  BOOST_TEST(convert<bool>(rondo::kBool, 256, rondo::kShort));
  BOOST_TEST(convert<bool>(rondo::kBool, 0x1p40, rondo::kLong));
  BOOST_TEST(convert<bool>(rondo::kBool, 2, rondo::kByte));
}

// The lanes' conversions are written without branches; half.h has the plain ones.
BOOST_AUTO_TEST_CASE(short_formats_convert_as_their_types_do) {
  constexpr int64_t count = 65536, unit = 1;
  std::vector<uint16_t> all(count);
  for (int64_t i = 0; i < count; ++i) all[static_cast<size_t>(i)] = static_cast<uint16_t>(i);
  std::vector<float> wide(count);
  int64_t wrong = 0;
  const auto differ = [](float a, float b) { return std::bit_cast<uint32_t>(a) != std::bit_cast<uint32_t>(b); };
  kernels::copy(1, &count, rondo::kFloat, wide.data(), &unit, rondo::kHalf, all.data(), &unit);
  for (size_t i = 0; i < all.size(); ++i) wrong += differ(wide[i], std::bit_cast<rondo::Half>(all[i]));
  BOOST_TEST(wrong == 0);
  kernels::copy(1, &count, rondo::kFloat, wide.data(), &unit, rondo::kBFloat16, all.data(), &unit);
  for (size_t i = 0; i < all.size(); ++i) wrong += differ(wide[i], std::bit_cast<rondo::BFloat16>(all[i]));
  BOOST_TEST(wrong == 0);
  std::vector<uint16_t> narrow(count);
  for (uint32_t start = 0; start < 16; ++start) {
    for (size_t i = 0; i < wide.size(); ++i) {
      wide[i] = std::bit_cast<float>(static_cast<uint32_t>(i) << 16 | (start * 0x1111u));
    }
    kernels::copy(1, &count, rondo::kHalf, narrow.data(), &unit, rondo::kFloat, wide.data(), &unit);
    for (size_t i = 0; i < wide.size(); ++i) wrong += narrow[i] != rondo::Half(wide[i]).x;
    kernels::copy(1, &count, rondo::kBFloat16, narrow.data(), &unit, rondo::kFloat, wide.data(), &unit);
    for (size_t i = 0; i < wide.size(); ++i) wrong += narrow[i] != rondo::BFloat16(wide[i]).x;
  }
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(transposed_planes) {
  for (const auto type : {rondo::kByte, rondo::kShort, rondo::kFloat, rondo::kDouble}) {
    for (const auto y_type : {type, rondo::kLong}) {
      for (const int64_t m : {1, 2, 7, 8, 16, 17, 33, 70}) {
        for (const int64_t n : {1, 3, 8, 15, 16, 40, 64, 65}) {
          const Array x = random_integers(type, (m + 3) * (n + 1), 0, 100);
          BOOST_TEST(wrong_after_copy({m, n}, y_type, {n, 1}, x, {1, m}) == 0);
          BOOST_TEST(wrong_after_copy({n, m}, y_type, {1, n}, x, {m, 1}) == 0);
          BOOST_TEST(wrong_after_copy({m, n}, y_type, {n + 1, 1}, x, {1, m + 3}) == 0);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(many_dimensions) {
  const Sizes sizes = {3, 5, 2, 18, 17};
  const Array x = random_integers(rondo::kFloat, product(sizes), -50, 50);
  const Sizes dense = contiguous_strides(sizes);
  // All orders of x's dimensions.
  std::vector<size_t> order = {0, 1, 2, 3, 4};
  do {
    Sizes permuted(5), strides(5);
    for (size_t d = 0; d < 5; ++d) permuted[d] = sizes[order[d]], strides[d] = dense[order[d]];
    BOOST_TEST(wrong_after_copy(permuted, rondo::kFloat, contiguous_strides(permuted), x, strides) == 0);
    BOOST_TEST(wrong_after_copy(permuted, rondo::kDouble, contiguous_strides(permuted), x, strides) == 0);
  } while (std::next_permutation(order.begin(), order.end()));
  BOOST_TEST(wrong_after_copy({4, 18, 17}, rondo::kFloat, {306, 17, 1}, x, {0, 1, 18}) == 0);
  BOOST_TEST(wrong_after_copy({4, 18, 17}, rondo::kFloat, {306, 1, 18}, x, {1, 0, 40}) == 0);
  BOOST_TEST(wrong_after_copy({3, 0, 2}, rondo::kFloat, {2, 2, 1}, x, {2, 2, 1}) == 0);
  BOOST_TEST(wrong_after_copy({}, rondo::kFloat, {}, x, {}) == 0);
  const Sizes many(40, 1);
  BOOST_TEST(wrong_after_copy(many, rondo::kFloat, many, x, Sizes(40, 9)) == 0);
}

BOOST_AUTO_TEST_CASE(large_copies_do_not_depend_on_threads) {
  struct Case {
    Sizes sizes, y_strides, x_strides;
  };
  for (const Case& c :
       {Case{{1504, 1511}, {1511, 1}, {1, 1504}}, Case{{1504, 1520}, {1520, 1}, {1, 1504}}, Case{{2000000}, {1}, {1}},
        Case{{2000, 1000}, {1000, 1}, {0, 1}}, Case{{7, 300, 200}, {60000, 200, 1}, {60000, 1, 300}}}) {
    const Array x = random_integers(rondo::kFloat, extent(c.sizes, c.x_strides), 0, 100);
    for (const int threads : {1, 2}) {
      with_threads(threads, [&] {
        BOOST_TEST(wrong_after_copy(c.sizes, rondo::kFloat, c.y_strides, x, c.x_strides) == 0);
        BOOST_TEST(wrong_after_copy(c.sizes, rondo::kInt, c.y_strides, x, c.x_strides) == 0);
      });
    }
  }
}

BOOST_AUTO_TEST_CASE(onto_itself) {
  Array x = random_integers(rondo::kFloat, 12, 0, 9);
  const Array before = x;
  const int64_t sizes[] = {3, 4}, strides[] = {4, 1};
  kernels::copy(2, sizes, rondo::kFloat, x.data(), strides, rondo::kFloat, x.data(), strides);
  BOOST_TEST((x == before));
}

BOOST_AUTO_TEST_CASE(fills) {
  for (const auto type : kAllTypes) {
    Array value(type, 1);
    value.set(0, 1);
    for (const auto& [sizes, strides] : std::vector<std::pair<Sizes, Sizes>>{{{}, {}},
                                                                             {{0, 3}, {3, 1}},
                                                                             {{100000}, {1}},
                                                                             {{100}, {3}},
                                                                             {{33, 17}, {1, 40}},
                                                                             {{5, 6, 7}, {100, 16, 2}}}) {
      Array y(type, extent(sizes, strides) + 2), expected = y;
      for (int64_t i = 0; i < product(sizes); ++i) expected.set(offset_at(sizes, strides, i), 1);
      kernels::fill(static_cast<int>(sizes.size()), sizes.data(), type, y.data(), strides.data(), value.data());
      BOOST_TEST((y == expected));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
