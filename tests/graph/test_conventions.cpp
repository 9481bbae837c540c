// Conventions of derivatives where mathematics leaves a choice.
#include <rondo/autograd.h>

#include <rondo/tests/support/values.h>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <vector>

using rondo::Tensor;
using rondo::variable_list;
using support::check_error;
using support::check_values;
namespace autograd = rondo::autograd;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Tensor leaf(const std::vector<double>& values) { return rondo::tensor(values, rondo::kDouble).requires_grad_(); }

template <class F>
Tensor gradient(const std::vector<double>& at, F f) {
  const Tensor x = leaf(at);
  return autograd::grad({f(x).sum()}, {x}, {}, std::nullopt, false, true)[0];
}

}  // namespace

BOOST_AUTO_TEST_SUITE(conventions)

BOOST_AUTO_TEST_CASE(extrema_share_their_gradient_among_ties) {
  const double third = 1.0 / 3;
  const std::vector<double> at = {5, 1, 5, 5}, shared = {third, 0, third, third};
  check_values(gradient(at, [](const Tensor& x) { return x.max(); }), shared);
  check_values(gradient(at, [](const Tensor& x) { return x.amax(0); }), shared);
  check_values(gradient({-5, 1, -5, -5}, [](const Tensor& x) { return x.min(); }), shared);
  check_values(gradient({-5, 1, -5, -5}, [](const Tensor& x) { return x.amin(0); }), shared);
  check_values(gradient({kNan, kNan}, [](const Tensor& x) { return x.max(); }), {0.5, 0.5});
}

BOOST_AUTO_TEST_CASE(extrema_along_a_dimension_send_it_to_the_index_they_give) {
  const std::vector<double> at = {5, 1, 5};
  const Tensor x = leaf(at);
  const auto [value, index] = x.max(0);
  std::vector<double> wanted(3, 0.0);
  wanted[static_cast<size_t>(index.item<int64_t>())] = 1;
  check_values(autograd::grad({value}, {x})[0], wanted);
  check_values(gradient(at, [](const Tensor& t) { return std::get<0>(t.sort(0)).slice(0, 0, 1); }), {0, 1, 0});
  check_values(gradient({5, 1, 3}, [](const Tensor& t) { return std::get<0>(t.topk(2)).slice(0, 1, 2); }), {0, 0, 1});
}

BOOST_AUTO_TEST_CASE(repeated_indices_accumulate_and_written_parts_get_zeros) {
  const Tensor places = rondo::tensor({0, 2, 0});
  check_values(gradient({1, 2, 3}, [&](const Tensor& x) { return x.index({places}); }), {2, 0, 1});
  check_values(gradient({1, 2, 3}, [](const Tensor& x) { return x.masked_select(x > 1.5); }), {0, 1, 1});
  check_values(gradient({1, 2, 3},
                        [](const Tensor& x) {
                          Tensor y = x * 2;
                          y.index_put_({rondo::indexing::Slice(0, 2)}, rondo::zeros({2}, rondo::kDouble));
                          return y;
                        }),
               {0, 0, 2});
}

BOOST_AUTO_TEST_CASE(expanded_gradients_pass_through_views_and_products) {
  const Tensor x = rondo::rand({3, 3}, rondo::kDouble).requires_grad_();
  x.diagonal().expand({2, 3}).select(0, 1).sum().backward();
  check_values(x.grad(), {1, 0, 0, 0, 1, 0, 0, 0, 1});
  const Tensor m = rondo::ones({2, 3}, rondo::kDouble).requires_grad_();
  const Tensor v = rondo::full({1}, 2.0, rondo::kDouble).requires_grad_();
  m.mv(v.expand({3})).sum().backward();
  check_values(m.grad(), std::vector<double>(6, 2));
  check_values(v.grad(), {6});
}

BOOST_AUTO_TEST_CASE(powers_at_zero) {
  check_values(gradient({0, 2}, [](const Tensor& x) { return x.pow(0); }), {0, 0});
  check_values(gradient({0, 2}, [](const Tensor& x) { return x.pow(rondo::zeros({2}, rondo::kDouble)); }), {0, 0});
  const Tensor x = leaf({0});
  const Tensor once = autograd::grad({x.pow(1.5).sum()}, {x}, {}, true, true)[0];
  const double twice = autograd::grad({once.sum()}, {x})[0].item<double>();
  BOOST_TEST(!std::isfinite(twice));
}

BOOST_AUTO_TEST_CASE(kinks_take_the_subgradient_zero) {
  check_values(gradient({-1, 0, 1}, [](const Tensor& x) { return x.relu(); }), {0, 0, 1});
  check_values(gradient({-1, 0, 1}, [](const Tensor& x) { return x.abs(); }), {-1, 0, 1});
  check_values(gradient({-1, 0, 7}, [](const Tensor& x) { return rondo::relu6(x); }), {0, 0, 0});
  check_values(gradient({-2, -1, 0, 1, 2}, [](const Tensor& x) { return x.clamp(-1, 1); }), {0, 1, 1, 1, 0});
  for (const auto& f : {&Tensor::floor, &Tensor::ceil, &Tensor::round, &Tensor::sign, &Tensor::trunc}) {
    check_values(gradient({-1.5, 0, 2.25}, [&](const Tensor& x) { return (x.*f)(); }), {0, 0, 0});
  }
}

BOOST_AUTO_TEST_CASE(conditions_route_and_masks_block) {
  const Tensor a = leaf({1, 2}), b = leaf({3});
  const Tensor condition = rondo::tensor({{true, false}, {true, true}});
  rondo::where(condition, a, b).sum().backward();
  check_values(a.grad(), {2, 1});
  check_values(b.grad(), {1});
  check_values(gradient({1, kNan}, [](const Tensor& x) { return x.masked_fill(x.isnan(), 0) * 2; }), {2, 0});
}

BOOST_AUTO_TEST_CASE(unused_parts_of_a_split_get_zeros) {
  check_values(gradient({1, 2, 3, 4}, [](const Tensor& x) { return x.chunk(2)[1]; }), {0, 0, 1, 1});
  check_values(gradient({1, 2, 3, 4}, [](const Tensor& x) { return x.split(3)[0]; }), {1, 1, 1, 0});
  check_values(gradient({1, 2, 3, 4}, [](const Tensor& x) { return x.unbind()[2]; }), {0, 0, 1, 0});
  check_values(gradient({1, 2}, [](const Tensor& x) { return rondo::cat({x, x * 2}).slice(0, 3); }), {0, 2});
  check_values(gradient({1, 2}, [](const Tensor& x) { return rondo::stack({x, x * 2})[1]; }), {2, 2});
}

BOOST_AUTO_TEST_CASE(variance_and_mean_differentiate_together) {
  const Tensor x = leaf({1, 2, 6});
  const auto [variance, mean] = rondo::var_mean(x, rondo::IntArrayRef{0}, false);
  const Tensor got = autograd::grad({variance * 2 + mean * 3}, {x})[0];
  check_values(got, {2 * 2.0 / 3 * -2 + 1, 2 * 2.0 / 3 * -1 + 1, 2 * 2.0 / 3 * 3 + 1});
}

BOOST_AUTO_TEST_CASE(results_that_cannot_be_differentiated_require_no_grad) {
  const Tensor x = leaf({1, -2, 3});
  for (const Tensor& result :
       {x > 0, x.eq(1), x.signbit(), rondo::isin(x, rondo::tensor({1.0}, rondo::kDouble)), x.argmax(), x.argsort(),
        x.isnan(), x.logical_not(), rondo::searchsorted(rondo::tensor({0.0, 2.0}, rondo::kDouble), x)}) {
    BOOST_TEST(!result.requires_grad());
  }
}

BOOST_AUTO_TEST_CASE(copies_and_casts_between_floating_dtypes_pass_gradients) {
  const Tensor x = leaf({1, 2});
  Tensor target = rondo::zeros({2}, rondo::kFloat);
  target.copy_(x);
  (target * 3).sum().backward();
  BOOST_TEST((x.grad().dtype() == rondo::kDouble));
  check_values(x.grad(), {3, 3});
  (x.to(rondo::kFloat) * 2).sum().backward();
  check_values(x.grad(), {5, 5});
}

BOOST_AUTO_TEST_CASE(clone_is_differentiable_and_creation_is_not) {
  const Tensor x = leaf({1, 2});
  BOOST_TEST(x.clone().requires_grad());
  BOOST_TEST(!rondo::empty_like(x).requires_grad());
  BOOST_TEST(!rondo::zeros_like(x).requires_grad());
  const Tensor made = rondo::ones({2}, rondo::TensorOptions().dtype(rondo::kDouble).requires_grad(true));
  BOOST_TEST(made.requires_grad());
  BOOST_TEST(made.is_leaf());
}

BOOST_AUTO_TEST_SUITE_END()
