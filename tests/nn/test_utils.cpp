#include <rondo/nn.h>
#include <rondo/tests/support/values.h>

#include <limits>

namespace nn = rondo::nn;
namespace utils = rondo::nn::utils;
using rondo::Tensor;
using support::check_error;
using support::check_values;

namespace {

std::vector<Tensor> parameters_with_gradients() {
  std::vector<Tensor> parameters{rondo::zeros({2}).requires_grad_(), rondo::zeros({1}).requires_grad_(),
                                 rondo::zeros({1}).requires_grad_()};
  parameters[0].mutable_grad() = rondo::tensor({3.0f, -4.0f});
  parameters[1].mutable_grad() = rondo::tensor({12.0f});
  return parameters;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(utilities)

BOOST_AUTO_TEST_CASE(norms_are_clipped) {
  auto parameters = parameters_with_gradients();
  BOOST_TEST(utils::clip_grad_norm_(parameters, 1.0) == 13);
  check_values(parameters[0].grad(), {3 / 13., -4 / 13.});
  check_values(parameters[1].grad(), {12 / 13.});
  BOOST_TEST(std::abs(utils::clip_grad_norm_(parameters, 2.0) - 1) < 1e-5);
  check_values(parameters[1].grad(), {12 / 13.});
  const double infinity = std::numeric_limits<double>::infinity();
  parameters = parameters_with_gradients();
  BOOST_TEST(utils::clip_grad_norm_(parameters, 6.0, infinity) == 12);
  check_values(parameters[0].grad(), {1.5, -2});
  BOOST_TEST(std::abs(utils::clip_grad_norm_(parameters_with_gradients(), 1.0, 1.0) - 19) < 1e-5);
  BOOST_TEST(utils::clip_grad_norm_(parameters_with_gradients()[0], 1.0) == 5);
  BOOST_TEST(utils::clip_grad_norm_({rondo::zeros({2})}, 1.0) == 0);
}

BOOST_AUTO_TEST_CASE(norms_that_are_not_finite) {
  auto parameters = parameters_with_gradients();
  parameters[1].mutable_grad() = rondo::tensor({std::numeric_limits<float>::quiet_NaN()});
  check_error([&] { utils::clip_grad_norm_(parameters, 1.0, 2.0, true); }, "is non-finite, so it cannot be clipped");
  check_values(parameters[0].grad(), {3, -4});
  BOOST_TEST(std::isnan(utils::clip_grad_norm_(parameters, 1.0)));
}

BOOST_AUTO_TEST_CASE(values_are_clipped) {
  auto parameters = parameters_with_gradients();
  utils::clip_grad_value_(parameters, 3.5);
  check_values(parameters[0].grad(), {3, -3.5});
  check_values(parameters[1].grad(), {3.5});
  BOOST_TEST(!parameters[2].grad().defined());
}

BOOST_AUTO_TEST_CASE(parameters_as_a_vector) {
  nn::Linear linear(2, 3);
  const Tensor flat = utils::parameters_to_vector(linear->parameters());
  BOOST_TEST(flat.numel() == 9);
  const Tensor numbers = rondo::arange(0.0, 9.0);
  utils::vector_to_parameters(numbers, linear->parameters());
  check_values(linear->weight, {0, 1, 2, 3, 4, 5});
  check_values(linear->bias, {6, 7, 8});
  numbers.fill_(1);
  check_values(linear->bias, {1, 1, 1});
  BOOST_TEST(linear->bias.requires_grad());
  check_error([&] { utils::vector_to_parameters(rondo::zeros({3}), linear->parameters()); }, "");
}

BOOST_AUTO_TEST_CASE(a_vector_that_is_too_short_replaces_nothing) {
  const Tensor a = rondo::zeros({2}), b = rondo::zeros({3});
  check_error([&] { nn::utils::vector_to_parameters(rondo::ones({4}), {a, b}); }, "the 2 parameters need 5 numbers");
  support::check_values(a, {0, 0}, 0);
}

BOOST_AUTO_TEST_CASE(hidden_sizes_whose_gates_no_memory_holds) {
  check_error([] { nn::LSTM(nn::LSTMOptions(3, int64_t{1} << 62)); }, "need at most");
  check_error([] { nn::GRUCell(3, std::numeric_limits<int64_t>::max()); }, "need at most");
}

BOOST_AUTO_TEST_SUITE_END()
