// How long the graph and what it saved live.
#include <rondo/autograd.h>

#include <rondo/tests/support/values.h>

#include <boost/test/unit_test.hpp>

#include <memory>

using rondo::Tensor;
using rondo::variable_list;
using support::check_error;
using support::check_values;
namespace autograd = rondo::autograd;

namespace {

Tensor leaf(rondo::IntArrayRef sizes, double value = 2) {
  return rondo::full(sizes, value, rondo::kDouble).requires_grad_();
}

// A tensor over memory that says when it is given back.
Tensor watched(bool& freed, double value = 3) {
  auto* numbers = new double[2]{value, value};
  freed = false;
  return rondo::from_blob(
      numbers, {2},
      [&freed](void* memory) {
        delete[] static_cast<double*>(memory);
        freed = true;
      },
      rondo::kDouble);
}

// exp with its own result saved.
struct Exp : autograd::Function<Exp> {
  static Tensor forward(autograd::AutogradContext* context, const Tensor& x) {
    const Tensor y = x.exp();
    context->save_for_backward({y});
    return y;
  }
  static variable_list backward(autograd::AutogradContext* context, const variable_list& g) {
    return {g[0] * context->get_saved_variables()[0]};
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(lifetime)

BOOST_AUTO_TEST_CASE(intermediate_results_that_no_derivative_needs_are_freed) {
  bool freed = false;
  const Tensor x = leaf({2});
  Tensor y;
  {
    const Tensor middle = watched(freed);
    y = ((middle + x) * 2).sum();
  }
  BOOST_TEST(freed);
}

BOOST_AUTO_TEST_CASE(a_factor_is_saved_only_for_the_gradient_of_the_other) {
  bool freed = false;
  const Tensor x = leaf({2});
  Tensor constant = rondo::full({2}, 4.0, rondo::kDouble), inner = x * 1;
  const Tensor y = (inner * constant).sum();
  inner.add_(1);  // what stands beside a constant is not saved
  y.backward();
  check_values(x.grad(), {4, 4});
  {
    const Tensor other = watched(freed);
    const Tensor z = (x * other).sum();
    BOOST_TEST(!freed);
  }
  BOOST_TEST(freed);
}

BOOST_AUTO_TEST_CASE(saved_values_are_freed_by_backward_unless_the_graph_is_retained) {
  bool freed = false;
  const Tensor x = leaf({2});
  Tensor y;
  {
    const Tensor other = watched(freed);
    y = (x * other).sum();
  }
  BOOST_TEST(!freed);
  y.backward({}, true);
  BOOST_TEST(!freed);
  y.backward();
  BOOST_TEST(freed);
  check_error([&] { y.backward(); }, "Trying to backward through the graph a second time");
}

BOOST_AUTO_TEST_CASE(the_last_reference_to_the_result_frees_the_graph) {
  bool freed = false;
  const Tensor x = leaf({2});
  Tensor y;
  {
    Tensor other = watched(freed);
    y = (x * other).exp().sum();
  }
  y.reset();
  BOOST_TEST(freed);
}

BOOST_AUTO_TEST_CASE(relu_in_place_on_a_view_and_retain_grad_make_no_cycle) {
  bool freed = false;
  const Tensor x = leaf({2});
  {
    const Tensor other = watched(freed);
    Tensor y = x * other;
    y.retain_grad();
    Tensor part = y.slice(0, 0, 1);
    part.relu_();
    part.sum().backward({}, true);
  }
  BOOST_TEST(freed);
}

BOOST_AUTO_TEST_CASE(a_function_that_saved_its_result_gives_the_same_gradients_again) {
  const Tensor x = leaf({2}, 0.5);
  const Tensor y = Exp::apply(x).sum();
  const Tensor first = autograd::grad({y}, {x}, {}, true, true)[0];
  const Tensor second = autograd::grad({first.sum()}, {x}, {}, true, true)[0];
  const Tensor third = autograd::grad({first.sum()}, {x}, {}, true, true)[0];
  BOOST_TEST(rondo::equal(first, second));
  BOOST_TEST(rondo::equal(second, third));
}

BOOST_AUTO_TEST_CASE(what_a_backward_saved_is_watched_too) {
  const Tensor x = leaf({2});
  Tensor weight = rondo::ones({2}, rondo::kDouble);
  const Tensor g = autograd::grad({(x * x * x).sum()}, {x}, {}, true, true)[0];
  Tensor inner = g * 1;
  const Tensor squared = inner * inner;
  inner.add_(1);
  check_error([&] { squared.sum().backward(); }, "modified by an inplace operation");
}

BOOST_AUTO_TEST_CASE(a_tensor_saved_as_input_may_not_be_detached_in_place) {
  const Tensor x = leaf({2});
  Tensor inner = x * 2;
  const Tensor y = (inner * inner).sum();
  inner.detach_();
  check_error([&] { y.backward(); }, "Trying to use a saved tensor that has been detached");
  Tensor result = (x * 2).exp();
  const Tensor z = result.sum();
  result.detach_();  // exp saved it as its result: fine
  z.backward();
  BOOST_TEST(x.grad().defined());
}

BOOST_AUTO_TEST_CASE(a_retained_gradient_with_a_graph_of_its_own_goes_with_its_tensor) {
  const Tensor x = leaf({1000});
  const auto round = [&] {
    const Tensor y = x * x;
    y.retain_grad();
    autograd::grad({(y * y).sum()}, {x}, {}, true, true);
  };
  round();
  const int64_t before = rondo::memory_stats().in_use;
  for (int i = 0; i < 10; ++i) round();
  BOOST_TEST(rondo::memory_stats().in_use == before);
}

BOOST_AUTO_TEST_CASE(a_leaf_that_requires_no_gradient_any_more_gets_none) {
  const Tensor x = leaf({2});
  const Tensor y = (x * 2).sum();
  x.set_requires_grad(false);
  y.backward({}, true);
  BOOST_TEST(!x.grad().defined());
  x.set_requires_grad(true);
  y.backward();
  check_values(x.grad(), {2, 2});
}

BOOST_AUTO_TEST_SUITE_END()
