// Sizes, strides and counts that integers or memory do not hold are refused, before anything outside is touched.
#include "expect.h"

#include <cstdint>

namespace rondo {
namespace {

constexpr int64_t kMost = std::numeric_limits<int64_t>::max(), kHalf32 = int64_t{1} << 32;

BOOST_AUTO_TEST_SUITE(sizes)

BOOST_AUTO_TEST_CASE(views_with_more_elements_than_can_be_counted) {
  const Tensor one = ones({1}), four = ones({4}), none = ones({0});
  BOOST_CHECK_THROW(one.expand({kHalf32, kHalf32}), ValueError);
  BOOST_CHECK_THROW(four.view({(int64_t{1} << 62) + 1, 4}), Error);
  BOOST_CHECK_THROW(none.reshape({kHalf32, kHalf32}), Error);
  BOOST_CHECK_THROW(one.repeat({kHalf32, kHalf32}), Error);
  BOOST_CHECK_THROW(ones({3}).as_strided({kHalf32 + 1}, {kHalf32}), Error);
  BOOST_CHECK_THROW(ones({3}).as_strided({1}, {1}, kMost), Error);
  BOOST_CHECK_EQUAL(count_elements({0, 3}), 0);
  expect::error("more elements than can be counted", [] { count_elements({kHalf32, kHalf32, 0}); });
}

BOOST_AUTO_TEST_CASE(a_step_beyond_the_end_leaves_one_element) {
  const Tensor last = ones({3, 2}).slice(0, 1, 3, kMost);
  expect::shape(last, {1, 2});
  expect::close(last, {1, 1});
}

BOOST_AUTO_TEST_CASE(resizing_copies_what_is_there) {
  Tensor wide = ones({1}).expand({100'000'000});
  wide.resize_({10});
  expect::shape(wide, {10});
  BOOST_CHECK_EQUAL(wide[0].item<float>(), 1);
  Tensor seen = arange(8, kFloat).slice(0, 2, 4);
  seen.resize_({100});
  expect::close(seen.slice(0, 0, 6), {2, 3, 4, 5, 6, 7});
  BOOST_CHECK_THROW(Tensor(ones({3})).resize_({kHalf32, kHalf32}), Error);
}

BOOST_AUTO_TEST_CASE(sums_of_lengths_that_overflow) {
  const Tensor x = ones({3}), huge = ones({1}).expand({int64_t{1} << 62});
  BOOST_CHECK_THROW(x.split_with_sizes({kMost, kMost, 5}), Error);
  BOOST_CHECK_THROW(cat({huge, huge, huge, huge}), Error);
  BOOST_CHECK_THROW(repeat_interleave(tensor({kMost, kMost, int64_t{2}})), Error);
}

BOOST_AUTO_TEST_CASE(factors_and_windows_that_overflow) {
  BOOST_CHECK_THROW(pixel_shuffle(ones({1, 4, 2, 2}), kHalf32), Error);
  BOOST_CHECK_THROW(col2im(ones({1, 4, 4}), {4, 4}, {kHalf32, kHalf32}, 1, {kHalf32 / 2, kHalf32 / 2}, 1), Error);
  BOOST_CHECK_THROW(im2col(ones({1, 1, 4, 4}), 2, kMost, 0, 1), Error);
  BOOST_CHECK_THROW(upsample_nearest1d(ones({1, 1, 2}), {int64_t{1} << 62}), Error);
  BOOST_CHECK_THROW(tril_indices(kMost, 2), Error);
  BOOST_CHECK_THROW(matrix_power(eye(2), std::numeric_limits<int64_t>::min()), ValueError);
  expect::close(tril_indices(2, 2, kMost), {0, 0, 1, 1, 0, 1, 0, 1});
}

BOOST_AUTO_TEST_CASE(bins_at_the_ends) {
  const auto [counts, edges] = histogram(ones({5}), ones({1}));
  BOOST_CHECK_EQUAL(counts.numel(), 0);
  BOOST_CHECK_EQUAL(edges.numel(), 1);
  const Tensor wide = histc(tensor({-1e38F, 0.F, 1e38F}), 100);
  BOOST_CHECK_EQUAL(wide[0].item<float>(), 1);
  BOOST_CHECK_EQUAL(wide[50].item<float>(), 1);
  BOOST_CHECK_EQUAL(wide[99].item<float>(), 1);
  expect::close(histc(tensor({-1.5e308, 1.5e308}, kDouble), 2), {1, 1});
}

BOOST_AUTO_TEST_CASE(draws_that_a_type_does_not_hold) {
  BOOST_CHECK_THROW(empty({3}).uniform_(-3e38, 3e38), ValueError);
  BOOST_CHECK_THROW(empty({3}).uniform_(0, expect::kInf), ValueError);
  BOOST_CHECK(isfinite(empty({3}, kDouble).uniform_(-3e38, 3e38)).all().item<bool>());
  BOOST_CHECK_THROW(rrelu(ones({3}), 0.5, 0.1), ValueError);
}

BOOST_AUTO_TEST_CASE(quantiles_of_more_numbers_than_float_tells_apart) {
  Tensor x = zeros({(1 << 24) + 4});
  x[-1] = 1;
  BOOST_CHECK_EQUAL(quantile(x, 1.0).item<float>(), 1);
  BOOST_CHECK_EQUAL(nanquantile(x, 1.0).item<float>(), 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rondo
