// What normalizations and poolings do where libtorch does otherwise, and so cannot be compared.
#include <rondo/autograd.h>
#include <rondo/nn.h>
#include <rondo/tests/support/values.h>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

namespace nn = rondo::nn;
namespace F = rondo::nn::functional;
using rondo::Tensor;

BOOST_AUTO_TEST_SUITE(norms_and_pools)

// libtorch takes the statistics as they are when backward comes.
BOOST_AUTO_TEST_CASE(evaluation_differentiates_with_the_statistics_of_its_moment) {
  nn::BatchNorm1d norm(2);
  norm->eval();
  const Tensor x = rondo::ones({3, 2}).requires_grad_();
  const Tensor y = norm(x).sum();
  norm->running_var.fill_(100);
  y.backward();
  BOOST_TEST(rondo::allclose(x.grad(), rondo::full({3, 2}, 1 / std::sqrt(1 + 1e-5))));
}

// libtorch's running sums keep the first channel's square.
BOOST_AUTO_TEST_CASE(cross_map_response_of_many_channels_forgets_the_first) {
  Tensor x = rondo::zeros({1, 6, 1, 1});
  x.fill_(1);
  x[0][0].fill_(100);
  const Tensor y = nn::CrossMapLRN2d(nn::CrossMapLRN2dOptions(3).alpha(3).beta(1))(x);
  BOOST_TEST(y[0][3].item<float>() == 0.25F);
}

// libtorch gives such a window a place outside of the plane.
BOOST_AUTO_TEST_CASE(a_window_of_padding_alone_gives_nothing_back) {
  const Tensor x = rondo::ones({1, 1, 3, 3}).requires_grad_();
  const auto [y, places] = rondo::max_pool2d_with_indices(x, 2, 1, 1, 4);
  BOOST_TEST(y.item<float>() == -std::numeric_limits<float>::infinity());
  BOOST_TEST(places.item<int64_t>() == -1);
  BOOST_TEST(rondo::autograd::grad({y}, {x}, {rondo::ones_like(y)}, true)[0].abs().sum().item<float>() == 0);
  const Tensor again = rondo::autograd::grad({y}, {x}, {rondo::ones_like(y)}, true, true)[0];
  BOOST_TEST(again.abs().sum().item<float>() == 0);
}

// libtorch's gradient is NaN there.
BOOST_AUTO_TEST_CASE(power_average_of_zeros_has_a_gradient_of_zero) {
  const Tensor x = rondo::zeros({1, 1, 4}).requires_grad_();
  F::lp_pool1d(x, F::LPPool1dFuncOptions(2, 2)).sum().backward();
  BOOST_TEST(x.grad().abs().sum().item<float>() == 0);
}

BOOST_AUTO_TEST_CASE(unpooling_without_a_batch) {
  const Tensor x = rondo::arange(1, 9, rondo::kFloat).view({1, 8});
  const auto [y, places] = F::max_pool1d_with_indices(x, F::MaxPool1dFuncOptions(2));
  const Tensor back = F::max_unpool1d(y, places, F::MaxUnpool1dFuncOptions(2));
  BOOST_TEST(rondo::equal(back, rondo::tensor({0, 2, 0, 4, 0, 6, 0, 8}).view({1, 8}).to(rondo::kFloat)));
}

// A mean over a long run keeps its digits.
BOOST_AUTO_TEST_CASE(the_mean_of_a_large_plane) {
  const Tensor x = rondo::full({1, 1, 1000, 1003}, 0.1F);
  BOOST_TEST(std::abs(rondo::adaptive_avg_pool2d(x, 1).item<float>() - 0.1F) < 1e-7);
}

BOOST_AUTO_TEST_SUITE_END()
