// What reaches which tensor: the part of the graph that runs, and how gradients are stored in leaves.
#include <rondo/torch.h>

#include <rondo/tests/support/values.h>

#include <boost/test/unit_test.hpp>

#include <string>
#include <thread>
#include <vector>

using rondo::Tensor;
using rondo::variable_list;
using support::check_error;
using support::check_values;
namespace autograd = rondo::autograd;

namespace {

Tensor leaf(rondo::IntArrayRef sizes, double value = 2) {
  return rondo::full(sizes, value, rondo::kDouble).requires_grad_();
}

// The identity, whose backward fails.
struct Fails : autograd::Function<Fails> {
  static Tensor forward(autograd::AutogradContext*, const Tensor& x) { return x.clone(); }
  static variable_list backward(autograd::AutogradContext*, const variable_list&) {
    throw std::runtime_error("this node must not run");
  }
};

// Two results, of which backward takes what it gets.
struct Two : autograd::Function<Two> {
  static variable_list forward(autograd::AutogradContext* context, const Tensor& x, bool materialize) {
    context->set_materialize_grads(materialize);
    return {x * 2, x * 3};
  }
  static variable_list backward(autograd::AutogradContext*, const variable_list& g) {
    seen = (g[0].defined() ? 1 : 0) + (g[1].defined() ? 2 : 0);
    Tensor sum;
    if (g[0].defined()) sum = g[0] * 2;
    if (g[1].defined()) sum = sum.defined() ? sum + g[1] * 3 : g[1] * 3;
    return {sum, Tensor()};
  }
  static int seen;
};
int Two::seen = 0;

}  // namespace

BOOST_AUTO_TEST_SUITE(accumulation)

BOOST_AUTO_TEST_CASE(any_root_without_history_is_named_by_its_place) {
  const Tensor x = leaf({}), plain = rondo::ones({}, rondo::kDouble);
  check_error(
      [&] {
        autograd::backward({x * 2, plain});
      },
      "element 1 of tensors does not require grad and does not have a grad_fn");
}

BOOST_AUTO_TEST_CASE(several_roots_add_up) {
  const Tensor x = leaf({});
  autograd::backward({x * 2, x * x});
  check_values(x.grad(), {6});
}

BOOST_AUTO_TEST_CASE(inputs_may_be_inner_tensors_and_unreachable_ones_stay_undefined) {
  const Tensor x = leaf({}), y = x * 3, far = leaf({});
  (y * y).backward({}, true, false, variable_list{y, far});
  check_values(y.grad(), {12});
  BOOST_TEST(!x.grad().defined());
  BOOST_TEST(!far.grad().defined());
  check_error([&] { (y * y).backward({}, true, false, variable_list{}); }, "cannot be empty");
}

BOOST_AUTO_TEST_CASE(only_the_part_on_the_way_to_the_inputs_runs) {
  const Tensor a = leaf({}), b = leaf({});
  const Tensor y = a * 2 + Fails::apply(b);
  check_values(autograd::grad({y}, {a}, {}, true)[0], {2});
  y.backward({}, true, false, variable_list{a});
  check_values(a.grad(), {2});
  const Tensor inner = Fails::apply(a) * 3;
  check_values(autograd::grad({inner * inner}, {inner})[0], {12});
  BOOST_CHECK_THROW(y.backward(), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(unused_results_of_a_node_give_zeros_or_nothing) {
  const Tensor x = leaf({});
  Two::apply(x, true)[0].backward();
  BOOST_TEST(Two::seen == 3);
  Two::apply(x, false)[1].backward();
  BOOST_TEST(Two::seen == 2);
  check_values(x.grad(), {5});
}

BOOST_AUTO_TEST_CASE(undefined_gradients_go_on) {
  const Tensor x = leaf({}), y = leaf({});
  autograd::UndefinedGrad cut;
  Tensor cut_off = cut.apply({x * 2})[0];
  (cut_off * 3 + y).backward();
  BOOST_TEST(!x.grad().defined());
  check_values(y.grad(), {1});
}

BOOST_AUTO_TEST_CASE(one_gradient_in_three_places_is_not_shared) {
  const Tensor x = leaf({}, 3), y = leaf({}, 4);
  // Each sum passes on the very gradient that it got.
  const Tensor a = x + y, b = a + x, c = b + a;
  (c * 2 + b).backward();
  check_values(x.grad(), {8});
  check_values(y.grad(), {5});
}

BOOST_AUTO_TEST_CASE(results_and_their_ancestors_are_captured_together) {
  const Tensor x = leaf({}), y = x * 3;
  const Tensor z = y * y;
  const variable_list g = autograd::grad({z}, {z, y, x});
  check_values(g[0], {1});
  check_values(g[1], {12});
  check_values(g[2], {36});
  const Tensor pair = leaf({2, 3});
  const auto parts = pair.unbind(0);
  const variable_list of_parts = autograd::grad({(parts[0] * 2 + parts[1] * 3).sum()}, {parts[0], parts[1]});
  check_values(of_parts[0], {2, 2, 2});
  check_values(of_parts[1], {3, 3, 3});
}

BOOST_AUTO_TEST_CASE(an_input_that_requires_no_grad_is_refused) {
  const Tensor x = leaf({}), plain = rondo::ones({}, rondo::kDouble);
  check_error([&] { autograd::grad({x * plain}, {plain}); }, "One of the differentiated Tensors does not require grad");
  check_error([&] { autograd::grad({x * 2}, {}); }, "grad requires non-empty inputs");
}

BOOST_AUTO_TEST_CASE(grad_after_a_change_in_place_is_that_of_the_new_version) {
  const Tensor x = leaf({});
  Tensor y = x * 3;
  y.mul_(5);
  check_values(autograd::grad({y * 2}, {y}, {}, true)[0], {2});
  check_values(autograd::grad({y * 2}, {x})[0], {30});
}

BOOST_AUTO_TEST_CASE(the_first_gradient_has_the_strides_of_its_leaf) {
  const Tensor dense = rondo::rand({3, 2}, rondo::kDouble).t().requires_grad_();
  (dense * 2).sum().backward();
  BOOST_TEST((dense.grad().strides() == dense.strides()));
  const Tensor gaps = rondo::rand({2, 6}, rondo::kDouble).slice(1, 0, 6, 2).detach().requires_grad_();
  (gaps * 2).sum().backward();
  BOOST_TEST(gaps.grad().is_contiguous());
}

BOOST_AUTO_TEST_CASE(an_expanded_gradient_is_stored_whole) {
  const Tensor x = leaf({3});
  x.sum().backward();
  BOOST_TEST(x.grad().is_contiguous());
  rondo::NoGradGuard guard;
  x.grad()[0].add_(1);
  check_values(x.grad(), {2, 1, 1});
}

BOOST_AUTO_TEST_CASE(with_create_graph_a_later_gradient_is_a_new_tensor) {
  support::Warnings warnings;
  const Tensor x = leaf({});
  (x * x).backward();
  const Tensor first = x.grad();
  (x * x * x).backward({}, std::nullopt, true);
  BOOST_TEST(!x.grad().is_same(first));
  check_values(first, {4});
  check_values(x.grad(), {16});
  x.mutable_grad().reset();  // the gradient's graph holds x, and x the gradient: only its user can break the circle
}

BOOST_AUTO_TEST_CASE(after_create_graph_a_plain_gradient_is_added_in_place) {
  support::Warnings warnings;
  const Tensor x = leaf({});
  (x * x).backward({}, std::nullopt, true);
  const Tensor first = x.grad();
  (x * x).backward();
  BOOST_TEST(x.grad().is_same(first));
  BOOST_TEST(first.requires_grad());
  check_values(first.detach(), {8});
  x.mutable_grad().reset();
}

BOOST_AUTO_TEST_CASE(a_retained_gradient_is_a_tensor_of_its_own) {
  const Tensor x = leaf({3}), y = x * 1, given = rondo::ones({3}, rondo::kDouble);
  y.retain_grad();
  y.sum().backward({}, true);
  y.grad()[0].add_(1);
  check_values(y.grad(), {2, 1, 1});
  check_values(x.grad(), {1, 1, 1});
  const Tensor z = x * 1;
  z.retain_grad();
  z.backward(given);
  z.grad().zero_();
  check_values(given, {1, 1, 1});
}

BOOST_AUTO_TEST_CASE(reading_the_gradient_of_an_inner_tensor_warns) {
  support::Warnings warnings;
  const Tensor x = leaf({}), y = x * 2;
  BOOST_TEST(!y.grad().defined());
  BOOST_REQUIRE_EQUAL(warnings.texts().size(), 1u);
  BOOST_TEST(warnings.texts()[0].find("is not a leaf") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_retained_gradient_may_hold_the_tensor_that_it_belongs_to) {
  const Tensor x = rondo::ones({3}, rondo::kDouble).requires_grad_();
  Tensor y;
  {
    const Tensor t = x * 2;
    t.retain_grad();
    y = (t * t * t).sum();
  }
  y.backward({}, true, true);
  x.mutable_grad().reset();
  y.backward();
  support::check_values(x.grad(), {24, 24, 24});
}

BOOST_AUTO_TEST_CASE(inputs_that_are_no_leaves_retain_their_gradients) {
  const Tensor x = rondo::full({2}, 3.0, rondo::kDouble).requires_grad_();
  const Tensor kept = x * x, plain = x * 2;
  kept.retain_grad();
  (kept + plain).sum().backward({}, true, false, std::vector<Tensor>{kept, plain});
  support::check_values(kept.grad(), {1, 1});
  support::check_values(plain.grad(), {1, 1});
  BOOST_TEST(!x.grad().defined());
  BOOST_TEST(plain.retains_grad());
}

BOOST_AUTO_TEST_CASE(grad_leaves_what_tensors_retain_alone) {
  const Tensor x = rondo::full({2}, 3.0, rondo::kDouble).requires_grad_(), y = x * x;
  y.retain_grad();
  support::check_values(autograd::grad({y.sum()}, {y}, {}, true)[0], {1, 1});
  BOOST_TEST(!y.grad().defined());
}

BOOST_AUTO_TEST_CASE(zeros_fill_gradients_that_are_parts_of_a_larger_array) {
  const Tensor x = rondo::ones({2}).requires_grad_(), flat = rondo::ones({4});
  x.mutable_grad() = flat.narrow(0, 1, 2);
  rondo::optim::SGD({x}, 0.1).zero_grad(false);
  support::check_values(flat, {1, 0, 0, 1});
}

BOOST_AUTO_TEST_CASE(zeros_leave_the_gradient_that_others_hold_without_its_graph) {
  const Tensor x = rondo::full({2}, 3.0, rondo::kDouble).requires_grad_();
  (x * x).sum().backward({}, true, true);
  const Tensor held = x.grad();
  rondo::optim::SGD({x}, 0.1).zero_grad(false);
  BOOST_TEST(x.grad().is_same(held));
  BOOST_TEST(!held.requires_grad());
  support::check_values(held, {0, 0});
}

BOOST_AUTO_TEST_CASE(ten_threads_add_ten_gradients) {
  const Tensor x = leaf({100});
  std::vector<std::thread> threads;
  for (int i = 0; i < 10; ++i) threads.emplace_back([&] { (x * 3).sum().backward(); });
  for (std::thread& thread : threads) thread.join();
  check_values(x.grad(), std::vector<double>(100, 30));
}

BOOST_AUTO_TEST_CASE(an_assigned_gradient_is_added_to_and_one_of_another_shape_is_an_error) {
  const Tensor x = leaf({2});
  x.mutable_grad() = rondo::full({2}, 10, rondo::kDouble);
  const void* memory = x.grad().data_ptr();
  (x * 3).sum().backward();
  check_values(x.grad(), {13, 13});
  BOOST_TEST(x.grad().data_ptr() == memory);
  x.mutable_grad() = rondo::zeros({3}, rondo::kDouble);
  BOOST_CHECK_THROW((x * 3).sum().backward(), rondo::Error);
  x.mutable_grad().reset();
  (x * 3).sum().backward();
  check_values(x.grad(), {3, 3});
}

BOOST_AUTO_TEST_CASE(post_accumulate_hooks_run_in_the_order_of_registration) {
  const Tensor x = leaf({});
  std::string order;
  x.register_post_accumulate_grad_hook([&](const Tensor& t) { order += t.grad().defined() ? "a" : "-"; });
  x.register_post_accumulate_grad_hook([&](const Tensor&) { order += "b"; });
  (x * 2).backward();
  BOOST_TEST(order == "ab");
}

BOOST_AUTO_TEST_CASE(retain_graph_follows_create_graph) {
  const Tensor x = leaf({});
  const Tensor y = x * x;
  autograd::grad({y}, {x}, {}, std::nullopt, true);
  check_values(autograd::grad({y}, {x})[0], {4});
  check_error([&] { autograd::grad({y}, {x}); }, "Specify retain_graph=True");
}

BOOST_AUTO_TEST_CASE(a_gradient_given_through_data_stays_as_it_was) {
  const Tensor x = leaf({3}), given = rondo::ones({3}, rondo::kDouble);
  const auto pass = [&] {
    const Tensor y = x * 1;
    y.register_hook([&](const Tensor&) { return given.data(); });
    y.sum().backward();
  };
  pass();
  pass();
  check_values(x.grad(), {2, 2, 2});
  check_values(given, {1, 1, 1});
}

BOOST_AUTO_TEST_CASE(what_data_gives_shares_numbers_and_counts_its_own_changes) {
  const Tensor x = leaf({2});
  const Tensor y = (x * x).sum();
  const Tensor seen = x.data(), again = seen.data();
  seen.add_(1);
  again.select(0, 0).fill_(7);
  check_values(x.detach(), {7, 3});
  BOOST_TEST(x._version() == 0);
  BOOST_TEST(seen._version() == 1);
  BOOST_TEST(again._version() == 1);
  BOOST_TEST(seen.is_alias_of(x));
  BOOST_TEST(again.is_alias_of(seen));
  BOOST_TEST(!x.is_alias_of(y));
  y.backward();
  check_values(x.grad(), {14, 6});  // with the numbers that stand there now, as asked for
  const Tensor larger = x.data();
  larger.resize_({4});
  BOOST_TEST(larger.numel() == 4);
  BOOST_TEST(!larger.is_alias_of(x));
  check_values(x.detach(), {7, 3});
}

BOOST_AUTO_TEST_CASE(chosen_inputs_accumulate_as_leaves_do) {
  const Tensor w = leaf({3}), v = leaf({3}), middle = w * 1;
  const auto run = [](const Tensor& root, const Tensor& input) {
    root.backward({}, std::nullopt, false, std::vector<Tensor>{input});
  };
  run((w + v).sum(), w);  // the gradient is one number expanded
  check_values(w.grad(), {1, 1, 1});
  BOOST_TEST(w.grad().is_contiguous());
  BOOST_TEST(!v.grad().defined());
  const Tensor kept = w.grad();
  run(w.sum(), w);
  check_values(kept, {2, 2, 2});  // in place, as without a choice
  run(middle.sum(), middle);
  check_values(middle.grad(), {1, 1, 1});
}

BOOST_AUTO_TEST_CASE(many_roots_of_one_chain) {
  const Tensor x = leaf({});
  std::vector<Tensor> roots;
  Tensor y = x;
  for (int i = 0; i < 20000; ++i) roots.push_back(y = y + 1);  // quadratic work would take minutes
  check_values(autograd::grad(roots, {x})[0], {20000});
}

BOOST_AUTO_TEST_SUITE_END()
