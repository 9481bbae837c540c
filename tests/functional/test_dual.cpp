// Dual numbers: levels, tangents through operations, changes in place and views.
#include <rondo/autograd.h>
#include <rondo/tests/support/values.h>

#include <boost/test/unit_test.hpp>

#include <cmath>

using rondo::_make_dual;
using rondo::_unpack_dual;
using rondo::Tensor;
using rondo::variable_list;
using support::check_error;
using support::check_values;
namespace autograd = rondo::autograd;
namespace forward_ad = rondo::autograd::forward_ad;

namespace {

// A level for a scope.
struct Level {
  Level() : number(static_cast<int64_t>(forward_ad::enter_dual_level())) {}
  ~Level() { forward_ad::exit_dual_level(static_cast<uint64_t>(number)); }
  int64_t number;
};

Tensor vector(std::initializer_list<double> values) {
  return rondo::tensor(std::vector<double>(values), rondo::kDouble);
}
Tensor tangent_of(const Tensor& tensor, const Level& level) { return std::get<1>(_unpack_dual(tensor, level.number)); }

}  // namespace

BOOST_AUTO_TEST_SUITE(dual_numbers)

BOOST_AUTO_TEST_CASE(there_is_one_level_and_leaving_it_drops_its_tangents) {
  const Tensor x = vector({1, 2}), v = vector({3, 4});
  Tensor y;
  {
    const Level level;
    check_error([] { forward_ad::enter_dual_level(); }, "Nested forward mode AD is not supported");
    y = _make_dual(x, v, level.number) * 2;
    BOOST_TEST(tangent_of(y, level).defined());
    check_error([&] { _make_dual(x, v, 1); }, "the active one is 0");
  }
  BOOST_TEST(!std::get<1>(_unpack_dual(y, 0)).defined());
  check_error([&] { _make_dual(x, v, 0); }, "none is active");
  check_error([] { forward_ad::exit_dual_level(0); }, "none is active");
}

BOOST_AUTO_TEST_CASE(make_dual_checks_shape_dtype_and_tangents) {
  const Level level;
  const Tensor x = vector({1, 2});
  check_error([&] { _make_dual(x, vector({1}), 0); }, "shape (2,)");
  check_error([&] { _make_dual(x, x.to(rondo::kFloat), 0); }, "the tangent must have");
  check_error([&] { _make_dual(x.to(rondo::kLong), x, 0); }, "Expected primal to be floating point");
  const Tensor dual = _make_dual(x, x, 0);
  check_error([&] { _make_dual(dual, x, 0); }, "already has a forward gradient");
  check_error([&] { _make_dual(x, dual, 0); }, "is itself a dual");
}

BOOST_AUTO_TEST_CASE(unpacking_gives_a_view_of_the_primal_and_the_same_tangent) {
  const Level level;
  const Tensor x = vector({1, 2}), v = vector({3, 4});
  const auto [primal, tangent] = _unpack_dual(_make_dual(x, v, level.number), level.number);
  BOOST_TEST(primal.data_ptr() == x.data_ptr());
  BOOST_TEST(tangent.is_same(v));
  BOOST_TEST(!x.requires_grad());
  BOOST_TEST(!primal.requires_grad());
  BOOST_TEST(!tangent_of(x, level).defined());
}

BOOST_AUTO_TEST_CASE(operations_carry_tangents) {
  const Level level;
  const Tensor x = _make_dual(vector({1, 2}), vector({3, 4}), level.number);
  const Tensor w = rondo::tensor({{1.0, 2.0}, {3.0, 4.0}}, rondo::kDouble);
  check_values(tangent_of(x * x, level), {6, 16});
  check_values(tangent_of(w.mv(x).sin(), level), {std::cos(5.0) * 11, std::cos(11.0) * 25}, 1e-12);
  check_values(tangent_of(std::get<0>(x.max(0)), level), {4});
  BOOST_TEST(!tangent_of(x.detach() * 2, level).defined());
}

BOOST_AUTO_TEST_CASE(changes_in_place_and_views_pass_tangents_on) {
  const Level level;
  Tensor x = _make_dual(vector({1, 2}).clone(), vector({3, 4}), level.number);
  const Tensor first = x.slice(0, 0, 1);
  x.mul_(2);
  check_values(tangent_of(x, level), {6, 8});
  check_values(tangent_of(first, level), {6});
  Tensor plain = rondo::zeros({3}, rondo::kDouble);
  plain.slice(0, 1, 3).copy_(x);
  check_values(tangent_of(plain, level), {0, 6, 8});
  plain.detach_();
  BOOST_TEST(!tangent_of(plain, level).defined());
}

BOOST_AUTO_TEST_CASE(a_tangent_of_leaves_can_be_differentiated_itself) {
  const Level level;
  const Tensor leaf = vector({1, 2}).requires_grad_(), v = vector({3, 4});
  const Tensor x = _make_dual(leaf, v, level.number);
  const auto [y, tangent] = _unpack_dual((x * x * x).sum(), level.number);
  check_values(tangent, {3 * 3 + 12 * 4});
  const Tensor gradient = autograd::grad({y}, {leaf}, {}, true)[0];
  check_values(gradient, {3, 12});
  check_values(autograd::grad({tangent}, {leaf})[0], {6 * 3, 12 * 4});
}

BOOST_AUTO_TEST_CASE(forward_over_reverse_gives_products_with_the_hessian) {
  const Level level;
  const Tensor x = _make_dual(vector({1, 2}), vector({3, 4}), level.number);
  const Tensor gradient = autograd::grad({(x * x * x).sum()}, {x}, {}, std::nullopt, true)[0];
  check_values(tangent_of(gradient, level), {6 * 3, 12 * 4});
}

BOOST_AUTO_TEST_SUITE_END()
