// Results where types and numbers end: bytes, truth values, NaN, infinities, negative zeros.
#include "expect.h"

#include <cmath>
#include <functional>
#include <utility>
#include <vector>

namespace rondo {
namespace {

using expect::kInf;
using expect::kNan;

Tensor bytes(const std::vector<int64_t>& list) { return tensor(list).to(kByte); }

BOOST_AUTO_TEST_SUITE(edges)

BOOST_AUTO_TEST_CASE(bytes_are_unsigned) {
  expect::close(gcd(bytes({5, 7, 16, 100, 255}), bytes({255, 255, 255, 255, 255})), {5, 1, 1, 5, 255});
  expect::close(lcm(bytes({1, 5}), bytes({255, 17})), {255, 85});
  expect::close(bitwise_right_shift(bytes({255, 246, 128}), bytes({8, 10, 7})), {0, 0, 1});
  expect::close(bitwise_right_shift(tensor({-5, 7}), tensor({70, 70})), {-1, 0});
}

BOOST_AUTO_TEST_CASE(a_number_beside_integers_keeps_its_value) {
  expect::close(copysign(bytes({5}), -3), {-5});
  expect::close(xlogy(bytes({5, 0}), -3), {kNan, 0});
  expect::close(xlogy(tensor({5}).to(kChar), 300).to(kDouble), {5 * std::log(300)}, 1e-6);
  expect::close(kron(bytes({1, 2}), tensor(300)), {300, 600});
  expect::close(clamp(bytes({1, 200}), -1.5, 300), {1, 200});
  BOOST_CHECK(tensor({true, false}).square().dtype() == kLong);
}

BOOST_AUTO_TEST_CASE(sizes_and_shifts_at_the_end_of_64_bits) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max(), kLeast = std::numeric_limits<int64_t>::min();
  const Tensor x = ones({1, 3});
  for (const auto& [before, after] : std::vector<std::pair<int64_t, int64_t>>{
           {kMost, kMost}, {kLeast, kLeast}, {kLeast, kMost}, {kMost, 0}, {0, kLeast}}) {
    BOOST_CHECK_THROW(replication_pad1d(x, {before, after}), Error);
    BOOST_CHECK_THROW(reflection_pad1d(x, {before, after}), Error);
  }
  BOOST_CHECK_THROW(zeros({2}, kDouble).resize_({int64_t{1} << 61}), Error);
  BOOST_CHECK_THROW(zeros({4}, kDouble).slice(0, 2, 4).resize_({(int64_t{1} << 61) - 2}), Error);
  BOOST_CHECK_THROW(combinations(arange(3), kMost, true), Error);
  BOOST_TEST((combinations(arange(3), kMost).sizes() == IntArrayRef{0, kMost}));
  BOOST_CHECK_THROW(zeros({1}).expand({int64_t{1} << 62}).sum(), Error);
  for (int64_t shift : {kLeast, kMost}) {
    const Tensor y = tensor({1., 2., 3.}, kDouble);  // both shifts are one more than a multiple of 3
    expect::close(y.roll(shift), {3, 1, 2});
    expect::close(expect::gradient(y, [&](const Tensor& t) { return (t.roll(shift, 0) * y).sum(); }), {2, 3, 1});
  }
  const Tensor large = full({2}, kMost);
  expect::close(zeros({1}, kLong).add(2).scatter_reduce(0, zeros({2}, kLong), large, "prod").to(kDouble), {2});
}

BOOST_AUTO_TEST_CASE(counts_and_lengths_at_the_end_of_64_bits) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max(), kLeast = std::numeric_limits<int64_t>::min();
  const Tensor image = ones({1, 1, 4, 4});
  BOOST_CHECK_THROW(constant_pad_nd(ones({2}), {kLeast, kLeast}, 1), Error);
  BOOST_CHECK_THROW(constant_pad_nd(ones({2}), {kMost, kMost}, 1), Error);
  BOOST_CHECK_THROW(avg_pool2d(image, {kMost, 2}), Error);
  BOOST_CHECK_THROW(max_pool2d(image, {kMost, 2}), Error);
  BOOST_CHECK_THROW(max_pool2d(image, {2, 2}, {1, 1}, {0, 0}, {kMost, kMost}), Error);
  BOOST_CHECK_THROW(fractional_max_pool2d(image, {kMost, 2}, {2, 2}, full({1, 1, 2}, 0.5)), Error);
  BOOST_CHECK_THROW(fractional_max_pool2d(image, {2, 2}, {kMost, 2}, full({1, 1, 2}, 0.5)), Error);
  BOOST_TEST(ones({4}).chunk(kMost >> 33).size() == 4u);
  BOOST_TEST(ones({4}).chunk(kMost).size() == 4u);
  BOOST_CHECK_THROW(zeros({0}).chunk(3000000000), Error);
  BOOST_CHECK_THROW(tensor_split(zeros({0}), kMost, 0), Error);
  BOOST_CHECK_THROW(vander(ones({1}), kMost), Error);
  BOOST_CHECK_THROW(segment_reduce(ones({3}), "sum", tensor({kMost, kMost, int64_t{5}})), Error);
  BOOST_CHECK_THROW(ctc_loss(zeros({4, 3, 2}).log_softmax(2), empty({0}, kLong),
                             tensor({int64_t{4}, int64_t{4}, int64_t{4}}), tensor({kMost, kMost, int64_t{2}})),
                    Error);
  for (const int32_t pivot : {100000000, -100000000, 0, -1}) {
    BOOST_CHECK_THROW(linalg_ldl_solve(eye(3), tensor({1, 2, pivot}, kInt), ones({3, 1})), Error);
  }
  const Tensor a = tensor({0., 1., 1., 0.}, kDouble).reshape({2, 2});  // its factors have a block of two rows
  const auto [factors, pivots] = linalg_ldl_factor(a);
  expect::close(linalg_ldl_solve(factors, pivots, tensor({2., 3.}, kDouble).reshape({2, 1})), {3, 2});
}

BOOST_AUTO_TEST_CASE(convolutions_beyond_what_memory_holds) {
  const Tensor x = ones({1, 1, 3}), w = ones({1, 1, 3}), tall = ones({1, 1, 3, 1}), image = ones({1, 1, 3, 3});
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  for (int64_t large : {kMost, kMost - 1, kMost / 2, kMost / 4, int64_t{1} << 46}) {
    BOOST_CHECK_THROW(conv1d(x, w, {}, 1, "same", large), Error);
    BOOST_CHECK_THROW(conv1d(x, w, {}, 1, 0, large), Error);
    BOOST_CHECK_THROW(conv1d(x, w, {}, 1, large, large), Error);
    BOOST_CHECK_THROW(conv2d(image, tall, {}, 1, "same", large), Error);
    BOOST_CHECK_THROW(conv_transpose1d(x, w, {}, 1, 0, 0, 1, large), Error);
    BOOST_CHECK_THROW(conv_transpose1d(x, w, {}, large), Error);
    BOOST_CHECK_THROW(max_pool1d(x, 3, 1, 0, large), Error);
  }
  expect::shape(conv1d(x, w, {}, kMost), {1, 1, 1});
}

BOOST_AUTO_TEST_CASE(infinite_gradients_stay_with_their_extrema) {
  const Tensor x = tensor({-1., 0., -2.}, kDouble);
  for (const auto& f : std::vector<std::function<Tensor(const Tensor&)>>{
           [](const Tensor& t) { return t.max().sqrt(); }, [](const Tensor& t) { return (-t).min().sqrt(); }}) {
    const Tensor slope = expect::gradient(x, f).abs();
    expect::close(slope, {0, kInf, 0});
  }
  expect::close(expect::gradient(x, [](const Tensor& t) { return (t + 1).median().sqrt(); }), {kInf, 0, 0});
  const Tensor rows = tensor({kNan, 0.1, 0.2, 0.3}, kDouble).reshape({2, 2});
  expect::close(expect::gradient(rows, [](const Tensor& t) { return renorm(t, 2, 0, 1); }), {1, 1, 1, 1});
}

BOOST_AUTO_TEST_CASE(singular_values_of_infinite_matrices_are_nan) {
  Tensor x = eye(2, kDouble).expand({2, 2, 2}).clone();
  x[1][0][0] = kInf;
  expect::close(linalg_svdvals(x), {1, 1, kNan, kNan});
  const auto [u, s, vh] = linalg_svd(x);
  expect::close(s, {1, 1, kNan, kNan});
  expect::close(u[0].abs(), {1, 0, 0, 1});
  expect::close(vh[1], {kNan, kNan, kNan, kNan});
  BOOST_CHECK_THROW(linalg_svd(full({2, 2}, kNan)), Error);
  const auto solved = std::get<0>(linalg_lstsq(x, ones({2, 2, 1}, kDouble)));
  expect::close(solved, {1, 1, kNan, kNan});
}

BOOST_AUTO_TEST_CASE(an_index_may_be_what_is_written) {
  Tensor x = tensor({int64_t{1}, int64_t{0}});
  const Tensor large = tensor({int64_t{4000000000000}, int64_t{5}});
  expect::close(x.clone().scatter_(0, x, large), {5, 4000000000000});
  x.scatter_(0, x, large);
  expect::close(x, {5, 4000000000000});
  x = tensor({int64_t{1}, int64_t{0}});
  x.scatter_add_(0, x, large);
  expect::close(x, {6, 4000000000000});
  x = tensor({int64_t{1}, int64_t{0}, int64_t{2}});
  x.index_add_(0, x.narrow(0, 1, 2), large);
  expect::close(x, {4000000000001, 0, 7});
}

BOOST_AUTO_TEST_CASE(copies_of_overlapping_views_do_not_overlap) {
  const Tensor x = zeros({2, 11}).narrow(1, 0, 7).unfold(1, 3, 2);
  BOOST_TEST(x.clone().is_contiguous());
  Tensor y = x.clone();
  y.add_(1);
  expect::close(y.sum(), {18});
  Tensor z = x.to(kDouble);
  z.select(2, 0).fill_(1);
  expect::close(z.sum(), {6});
}

BOOST_AUTO_TEST_CASE(numbers_that_the_type_cannot_hold_are_refused_in_place_too) {
  const auto chars = [] { return tensor({1, 2, 100}).to(kChar); };
  BOOST_CHECK_THROW(chars().clamp_(0, 300), Error);
  BOOST_CHECK_THROW(chars().clamp_max_(-300), Error);
  BOOST_CHECK_THROW(threshold(chars(), 2, 300), Error);
  BOOST_CHECK_THROW(tensor({1, 2}).pow_(-1), Error);
  BOOST_CHECK_THROW(empty({3}, kHalf).uniform_(0, 1e6), Error);
  BOOST_CHECK_THROW(binomial(tensor({kNan}), tensor({0.3})), Error);
  expect::close(
      addmm(zeros({1, 1}, kLong), ones({1, 1}, kLong), ones({1, 1}, kLong), 1, 9007199254740993) - 9007199254740992,
      {1});
  BOOST_TEST((poisson(full({3}, 1e20, kDouble)) > 9e19).all().item<bool>());
}

BOOST_AUTO_TEST_CASE(shares_of_many_equal_halves) {
  const Tensor x = zeros({70000}, kHalf);
  for (const auto& f : std::vector<std::function<Tensor(const Tensor&)>>{[](const Tensor& t) { return t.max(); },
                                                                         [](const Tensor& t) { return t.amax(0); },
                                                                         [](const Tensor& t) { return t.median(); }}) {
    const Tensor slope = expect::gradient(x, f);
    BOOST_CHECK(slope.dtype() == kHalf);
    expect::close(slope[0], {1.0 / 70000}, 1e-7);
  }
  expect::close(segment_reduce(ones({70000}, kHalf), "mean", tensor({70000})), {1});
}

BOOST_AUTO_TEST_CASE(infinite_gradients_stay_with_their_targets) {
  const Tensor x = zeros({2, 3}, kDouble).requires_grad_();
  nll_loss(x, tensor({1, 2}), {}, Reduction::None).backward(tensor({kInf, 1.}, kDouble));
  expect::close(x.grad(), {0, -kInf, 0, 0, 0, -1});
}

BOOST_AUTO_TEST_CASE(samples_at_nan_are_nan) {
  const Tensor x = arange(9, kDouble).reshape({1, 1, 3, 3}), at = tensor({kNan, 0., 0., kInf, 0., 0.}, kDouble);
  for (const int64_t mode : {0, 2}) {
    const Tensor image = x.clone().requires_grad_(), grid = at.reshape({1, 1, 3, 2}).clone().requires_grad_();
    const Tensor y = grid_sampler(image, grid, mode, 0, true);
    expect::close(y, {kNan, kNan, 4});
    y.sum().backward();
    expect::close(image.grad(), {0, 0, 0, 0, 1, 0, 0, 0, 0});
    expect::close(grid.grad()[0][0][0], {0, kNan});
  }
}

BOOST_AUTO_TEST_CASE(edges_of_forms_without_elements) {
  const Tensor number = tensor(2.0).requires_grad_();
  number.unfold(0, 0, 1).sum().backward();
  expect::close(number.grad(), {0});
  expect::close(multi_margin_loss(ones({0, 3}), empty({0}, kLong), 1, 1, {}, Reduction::Sum), {0});
  const Tensor table = ones({0, 3}).requires_grad_();
  std::get<0>(embedding_bag(table, empty({0}, kLong), tensor({0, 0}), false, 2)).sum().backward();
  expect::shape(table.grad(), {0, 3});
  BOOST_CHECK_THROW(linalg_lstsq(full({2, 2}, kNan), ones({2, 1}), std::nullopt, "gelsd"), Error);
  Tensor x = zeros({12});
  BOOST_CHECK_THROW(x.resize_({2, 6}, MemoryFormat::ChannelsLast), Error);
  expect::shape(x, {12});
  expect::close(vander(tensor({1., 2., 3.}, kDouble), 4), {1, 1, 1, 1, 8, 4, 2, 1, 27, 9, 3, 1});
  expect::close(vander(tensor({2, 3}), 3, true).to(kDouble), {1, 2, 4, 1, 3, 9});
  expect::shape(vander(ones({3}), 0), {3, 0});
}

BOOST_AUTO_TEST_CASE(an_alias_of_the_data_is_read_before_it_is_written) {
  Tensor x = arange(5, kDouble);
  x.index_put_({tensor({1, 2, 3})}, x.data().slice(0, 0, 3));
  expect::close(x, {0, 0, 1, 2, 4});
  x = arange(5, kDouble);
  x.scatter_(0, tensor({1, 2, 3, 4}), x.data());
  expect::close(x, {0, 0, 1, 2, 3});
  x = arange(5, kDouble);
  x.slice(0, 1, 5).add_(x.data().slice(0, 0, 4));
  expect::close(x, {0, 1, 3, 5, 7});
  const Tensor square = arange(4, kDouble).reshape({2, 2});
  square.data().copy_(square.t());
  expect::close(square, {0, 2, 1, 3});
  const Tensor y = tensor({1., 2.}, kDouble).requires_grad_() * 1;
  const Tensor alias = y.data();
  const Tensor z = y * y;
  y.mul_(alias);
  expect::close(y, {1, 4});
  BOOST_TEST(y.is_set_to(y.data()));
}

BOOST_AUTO_TEST_CASE(derivatives_of_powers_stay_connected_until_they_are_zero) {
  const Tensor x = tensor({2.}, kDouble).requires_grad_();
  const auto chain = [&](const Tensor& y, const std::vector<double>& expected) {
    Tensor derivative = y.sum();
    for (double value : expected) {
      derivative = autograd::grad({derivative.sum()}, {x}, {}, true, true)[0];
      expect::close(derivative, {value});
    }
  };
  chain(x.pow(3), {12, 12, 6, 0});
  chain(x.pow(2), {4, 2, 0});
  chain(square(x), {4, 2, 0});
  chain(x.pow(1), {1, 0});
  chain(relu(x), {1, 0, 0, 0});
  chain(relu(x) * x, {4, 2, 0});
}

BOOST_AUTO_TEST_CASE(a_constant_channel_without_eps_is_zero) {
  const Tensor x = full({4, 2}, 3.0, kDouble), wide = full({1, 2, 3}, 3.0, kDouble);
  const auto batch = [](const Tensor& t) { return batch_norm(t, {}, {}, {}, {}, true, 0.1, 0, false); };
  const auto instance = [](const Tensor& t) { return instance_norm(t, {}, {}, {}, {}, true, 0.1, 0, false); };
  expect::close(batch(x), std::vector<double>(8, 0));
  expect::close(instance(wide), std::vector<double>(6, 0));
  expect::close(expect::gradient(x, batch), std::vector<double>(8, 0));
  const Tensor leaf = x.clone().requires_grad_();
  expect::close(autograd::grad({batch(leaf).sum()}, {leaf}, {}, true, true)[0], std::vector<double>(8, 0));
}

BOOST_AUTO_TEST_CASE(limits_below_zero_do_not_fit_bytes) {
  BOOST_CHECK_THROW(hardtanh(bytes({0, 5})), Error);
  expect::close(hardtanh(bytes({0, 5, 9}), -0.5, 6), {0, 5, 6});
  expect::close(hardtanh(bytes({0, 5, 9}), 1, 6), {1, 5, 6});
}

BOOST_AUTO_TEST_CASE(truth_values_are_not_subtracted) {
  const Tensor truth = tensor({true, false}), whole = tensor({1, 2});
  BOOST_CHECK_THROW(truth - truth, Error);
  BOOST_CHECK_THROW(whole - truth, Error);
  BOOST_CHECK_THROW(truth - 1, Error);
  BOOST_CHECK_THROW(1 - truth, Error);
  BOOST_CHECK_THROW(whole - true, Error);
  BOOST_CHECK_THROW(whole.sub_(truth), Error);
}

BOOST_AUTO_TEST_CASE(a_bound_that_is_nan_leaves_nothing) {
  const Tensor x = tensor({3., -2., kNan}, kDouble);
  expect::close(clamp(x, kNan, 3.), {kNan, kNan, kNan});
  expect::close(x.clone().clamp_max_(kNan), {kNan, kNan, kNan});
  expect::close(clamp(x, tensor({0., kNan, 0.}, kDouble)), {3, kNan, kNan});
  expect::close(expect::gradient(x, [](const Tensor& y) { return clamp(y, kNan, 3.).sum(); }), {0, 0, 0});
}

BOOST_AUTO_TEST_CASE(sums_start_from_zero) {
  for (const Tensor& sum : {full({3, 40}, -0.0).sum(), full({3, 40}, -0.0).sum(0), full({3, 40}, -0.0).sum(1),
                            full({5, 3}, -0.0).sum(0), full({1, 3}, -0.0).sum(0), full({9000}, -0.0).mean()}) {
    BOOST_CHECK(!signbit(sum).any().item<bool>());
  }
}

BOOST_AUTO_TEST_CASE(infinite_differences_and_ranks) {
  expect::close(gradient(tensor({3., kNan, 0., kInf}, kDouble))[0], {kNan, -1.5, kNan, kInf});
  expect::close(nanquantile(tensor({kInf, -kInf, kNan, 1.}, kDouble), 0.4), {-kInf});
  for (const auto& [at, slope] : {std::pair{kInf, 1.}, {-kInf, -1.}, {0.25, 0.25}, {kNan, kNan}}) {
    const Tensor zero = zeros({1}, kDouble);
    expect::close(
        expect::gradient(tensor({at}, kDouble), [&](const Tensor& y) { return huber_loss(y, zero, Reduction::Sum); }),
        {slope});
    expect::close(expect::gradient(tensor({at}, kDouble),
                                   [&](const Tensor& y) { return smooth_l1_loss(y, zero, Reduction::Sum); }),
                  {slope});
  }
}

// Near 0 the first term of the series is all: 1 / x to a power.
BOOST_AUTO_TEST_CASE(special_functions_just_below_zero) {
  expect::close(digamma(tensor({-1e-8}, kDouble)) / 1e8, {1 - 0.57721566490153286e-8}, 1e-15);
  expect::close(polygamma(1, tensor({-1e-8}, kDouble)) / 1e16, {1}, 1e-15);
  expect::close(special::zeta(3, tensor({-1e-8}, kDouble)) / 1e24, {-1}, 1e-15);
}

BOOST_AUTO_TEST_CASE(neighbours_of_bfloat16) {
  const Tensor x = tensor({1., 0., -2.5}).to(kBFloat16), high = full({3}, kInf).to(kBFloat16);
  expect::close(nextafter(x, high).to(kDouble), {1 + 0x1p-7, 0x1p-133, -2.5 + 0x1p-6});
  expect::close(nextafter(x, -high).to(kDouble), {1 - 0x1p-8, -0x1p-133, -2.5 - 0x1p-6});
  expect::close(nextafter(x, x).to(kDouble), {1, 0, -2.5});
}

BOOST_AUTO_TEST_CASE(probabilities_have_no_index_to_ignore) {
  const Tensor x = tensor({{1., 2.}}, kDouble);
  expect::error("ignore_index is not supported for floating point target",
                [&] { cross_entropy_loss(x, x.softmax(1), {}, Reduction::Mean, 1); });
}

BOOST_AUTO_TEST_CASE(slices_and_draws) {
  const Tensor cube = tensor({2, 2, 9, 1, 0, 5, 7, 8}).reshape({2, 2, 2});
  expect::close(std::get<1>(unique_dim(cube, 2)), {0, 1});
  BOOST_CHECK_THROW(multinomial(empty({0}), 3, true), Error);
  BOOST_CHECK(std::get<0>(aminmax(tensor(1.), 0, true)).sizes() == IntArrayRef({1}));
  const Tensor halves = tensor({Half(1.5f), Half(3.f)});
  BOOST_CHECK(halves.dtype() == kHalf);
  expect::close(halves.to(kDouble), {1.5, 3});
}

// The first and the second derivative of f at each number of x.
std::pair<Tensor, Tensor> derivatives(const std::vector<double>& at, const std::function<Tensor(const Tensor&)>& f) {
  const Tensor x = tensor(at, kDouble).requires_grad_();
  const Tensor slope = autograd::grad({f(x).sum()}, {x}, {}, true, true)[0];
  if (!slope.requires_grad()) return {slope, zeros_like(x)};
  return {slope, autograd::grad({slope.sum()}, {x}, {}, false, false, true)[0]};
}

BOOST_AUTO_TEST_CASE(second_derivatives_at_ends) {
  using In = const Tensor&;
  const std::vector<double> ends{1, -1, 1e-30};
  expect::close(derivatives(ends, [](In x) { return asin(x); }).second, {kInf, -kInf, 1e-30});
  expect::close(derivatives(ends, [](In x) { return acos(x); }).second, {-kInf, kInf, -1e-30});
  expect::close(derivatives(ends, [](In x) { return atanh(x); }).second, {kInf, -kInf, 2e-30});
  const auto [slope, bend] = derivatives({1, kInf, 2}, [](In x) { return acosh(x); });
  expect::close(slope, {kInf, 0, std::pow(3, -0.5)}, 1e-15);
  expect::close(bend, {-kInf, kNan, -2 * std::pow(3, -1.5)}, 1e-15);
  expect::close(derivatives({1e-8, 1e-30, -1e-30}, [](In x) { return special::i1(x); }).second,
                {3.75e-9, 3.75e-31, -3.75e-31}, 1e-12);
  expect::close(derivatives({1e-30, -1e-30}, [](In x) { return special::i1e(x); }).second, {-1, 1}, 1e-12);
  expect::close(derivatives({100, -100}, [](In x) { return special::log_ndtr(x); }).second, {0, -0.99990005991}, 1e-9);
  expect::close(derivatives({0, -1, kInf}, [](In x) { return x.pow(0); }).second, {0, 0, 0});
  expect::close(derivatives({-1, 2, 0.5}, [](In x) { return logit(x); }).first, {kNan, kNan, 4});
  expect::close(derivatives({kNan, 3, 0.5}, [](In x) { return hardtanh(x); }).first, {1, 0, 1});
}

BOOST_AUTO_TEST_CASE(the_slope_of_a_logit_keeps_small_numbers) {
  const Tensor x = tensor({100., -100., 30., -30.}, kDouble);
  const auto loss = [](const Tensor& at, double target, const Tensor& weight) {
    return binary_cross_entropy_with_logits(at, full({4}, target, kDouble), {}, weight, Reduction::None);
  };
  const Tensor two = full({1}, 2., kDouble), right = (-x).exp() / (1 + (-x).exp());
  for (const Tensor& weight : {Tensor(), two}) {
    const double scale = weight.defined() ? 2 : 1;
    const auto one = [&](const Tensor& at) { return loss(at, 1, weight).sum(); };
    BOOST_CHECK(allclose(expect::gradient(x, one), -scale * right, 1e-14, 0));
    const auto none = [&](const Tensor& at) { return loss(at, 0, weight).sum(); };
    BOOST_CHECK(allclose(expect::gradient(x, none), 1 / (1 + (-x).exp()), 1e-14, 0));
    BOOST_CHECK(allclose(loss(x, 1, weight), -scale * log_sigmoid(x), 1e-14, 0));
    BOOST_CHECK(allclose(loss(x, 0, weight), -log_sigmoid(-x), 1e-14, 0));
  }
}

BOOST_AUTO_TEST_CASE(incomplete_gamma_functions_far_out) {
  const Tensor a = full({2}, 2., kDouble), x = tensor({1e300, 1e3}, kDouble);
  expect::close(igamma(a, x), {1, 1});
  expect::close(igammac(a, x), {0, 0});
}

BOOST_AUTO_TEST_CASE(logarithms_of_nothing_in_both_gradients) {
  const Tensor x = tensor({-kInf, 0., 1.}, kDouble);
  const auto sum = [](const Tensor& y) { return logcumsumexp(y, 0).slice(0, 1); };
  const Tensor plain = expect::gradient(x, sum), recorded = derivatives({-kInf, 0., 1.}, sum).first;
  expect::close(plain, expect::numbers(recorded), 1e-14);
  BOOST_CHECK_EQUAL(plain[0].item<double>(), 0);
}

BOOST_AUTO_TEST_CASE(truth_values_as_targets) {
  const Tensor x = tensor({1., 0.25}, kDouble), truth = tensor({true, true});
  expect::close(mse_loss(x, truth, Reduction::None), {0, 0.5625});
  expect::close(smooth_l1_loss(truth, x, Reduction::None), {0, 0.28125});
  BOOST_CHECK_THROW(mse_loss(truth, truth), Error);
}

BOOST_AUTO_TEST_CASE(lists_with_nothing_to_do) {
  const Tensor x = ones({2, 2});
  expect::close(cat({x, Tensor()}), {1, 1, 1, 1});
  const std::vector<Tensor> same = broadcast_tensors({x, x});
  BOOST_CHECK(same[0].is_same(x) && same[1].is_same(x));
  BOOST_CHECK(!x.repeat({2, 1}).is_view());
  BOOST_CHECK(!std::get<1>(unique_consecutive(x, true)).is_view());
}

BOOST_AUTO_TEST_CASE(lists_of_16_bits_are_rounded_at_each_step) {
  expect::close(linspace(0, 1, 4, kHalf).to(kDouble), {0, 0.333251953125, 0.6669921875, 1});
  expect::close(linspace(0, 5, 4, kBFloat16).to(kDouble), {0, 1.6640625, 3.34375, 5});
}

BOOST_AUTO_TEST_CASE(attention_to_values_without_width) {
  const Tensor q = randn({1, 1, 3, 4}).requires_grad_(), k = randn({1, 1, 3, 4}).requires_grad_();
  const Tensor v = randn({1, 1, 3, 0}).requires_grad_();
  for (int i = 0; i < 40; ++i) static_cast<void>(full({3}, kNan));  // what fresh memory may hold
  by_name::scaled_dot_product_attention(q, k, v).sum().backward();
  BOOST_CHECK(q.grad().equal(zeros_like(q)));
  BOOST_CHECK(k.grad().equal(zeros_like(k)));
}

BOOST_AUTO_TEST_CASE(cubic_samples_from_far_away) {
  for (const int64_t padding : {1, 2}) {
    const Tensor y = grid_sampler(ones({1, 1, 4, 4}), full({1, 1, 1, 2}, 3e9), 2, padding, false);
    BOOST_CHECK_EQUAL(y.item<float>(), 1);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rondo
