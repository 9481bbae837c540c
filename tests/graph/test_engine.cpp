// The engine: backward, grad, accumulation, lifetime, hooks, second order, size.
#include <rondo/autograd.h>
#include <rondo/autograd/base/allocator.h>
#include <rondo/autograd/graph/history.h>

#include <rondo/tests/support/values.h>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <string>
#include <thread>
#include <vector>

using rondo::Tensor;
using support::check_error;
namespace autograd = rondo::autograd;

namespace {

Tensor leaf(std::initializer_list<double> values) {
  const std::vector<double> list(values);
  return rondo::tensor(list, rondo::kDouble).requires_grad_();
}

double number(const Tensor& t) { return t.item<double>(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(backward)

BOOST_AUTO_TEST_CASE(needs_a_gradient_unless_the_output_is_one_number) {
  Tensor x = leaf({1, 2});
  check_error([&] { (x * 2).backward(); }, "grad can be implicitly created only for scalar outputs");
  (x * 2).backward(rondo::ones({2}, rondo::kDouble));
  BOOST_TEST(number(x.grad()[1]) == 2);
}

BOOST_AUTO_TEST_CASE(refuses_an_output_without_history) {
  check_error([] { rondo::ones({}).backward(); }, "does not require grad and does not have a grad_fn");
}

BOOST_AUTO_TEST_CASE(refuses_a_gradient_of_another_shape) {
  Tensor x = leaf({1, 2});
  check_error([&] { (x * 2).backward(rondo::ones({3}, rondo::kDouble)); }, "Mismatch in shape");
}

BOOST_AUTO_TEST_CASE(of_a_leaf_gives_ones) {
  Tensor x = rondo::scalar_tensor(3.0, rondo::kDouble).requires_grad_();
  x.backward();
  BOOST_TEST(number(x.grad()) == 1);
}

BOOST_AUTO_TEST_CASE(accumulates_in_place_into_the_same_tensor) {
  Tensor x = leaf({1, 2});
  (x * x).sum().backward();
  const void* where = x.grad().data_ptr();
  (x * x).sum().backward();
  BOOST_TEST(x.grad().data_ptr() == where);
  BOOST_TEST(number(x.grad()[1]) == 8);
}

BOOST_AUTO_TEST_CASE(never_changes_the_gradient_that_was_passed) {
  Tensor x = leaf({1, 2}), seed = rondo::ones({2}, rondo::kDouble);
  const Tensor y = x + x + x;
  y.backward(seed);
  BOOST_TEST(number(seed.sum()) == 2);
  BOOST_TEST(number(x.grad()[0]) == 3);
  x.grad().fill_(7);
  BOOST_TEST(number(seed[0]) == 1);
}

BOOST_AUTO_TEST_CASE(leaves_that_receive_one_buffer_do_not_share_it) {
  Tensor x = leaf({1, 2}), y = leaf({3, 4});
  (x + y).backward(rondo::ones({2}, rondo::kDouble));
  x.grad().fill_(9);
  BOOST_TEST(number(y.grad()[0]) == 1);
}

BOOST_AUTO_TEST_CASE(the_same_root_twice_counts_twice) {
  Tensor x = leaf({2});
  const Tensor y = (x * x).sum();
  autograd::backward({y, y}, {}, true);
  BOOST_TEST(number(x.grad()[0]) == 8);
}

BOOST_AUTO_TEST_CASE(with_inputs_reaches_only_those) {
  Tensor x = leaf({2}), w = leaf({3});
  const Tensor h = x * w;
  autograd::backward({(h * h).sum()}, {}, {}, false, {x});
  BOOST_TEST(number(x.grad()[0]) == 36);
  BOOST_TEST(!w.grad().defined());
}

BOOST_AUTO_TEST_CASE(a_second_time_needs_retain_graph) {
  Tensor x = leaf({2});
  const Tensor y = (x * x).sum();
  y.backward({}, true);
  y.backward();
  BOOST_TEST(number(x.grad()[0]) == 8);
  check_error([&] { y.backward(); }, "Trying to backward through the graph a second time");
}

BOOST_AUTO_TEST_CASE(nodes_that_saved_nothing_run_again) {
  Tensor x = leaf({2});
  const Tensor y = x + 1;
  y.backward();
  y.backward();
  BOOST_TEST(number(x.grad()[0]) == 2);
}

BOOST_AUTO_TEST_CASE(an_integer_branch_is_ignored) {
  Tensor x = leaf({1.5, 2.5});
  const Tensor index = x.argmax();
  BOOST_TEST(!index.requires_grad());
  BOOST_TEST(!(x > 2).requires_grad());
  (x * index + x * (x > 2)).sum().backward();
  support::check_values(x.grad(), {1, 2});
}

BOOST_AUTO_TEST_CASE(empty_tensors_have_empty_gradients) {
  Tensor x = rondo::zeros({0, 3}, rondo::kDouble).requires_grad_();
  (x * 2).sum().backward();
  BOOST_TEST((x.grad().sizes() == rondo::IntArrayRef{0, 3}));
}

BOOST_AUTO_TEST_CASE(broadcast_gradients_are_summed_to_the_input) {
  Tensor x = rondo::ones({2, 1}, rondo::kDouble).requires_grad_(),
         b = rondo::ones({3}, rondo::kDouble).requires_grad_();
  (x + b).sum().backward();
  BOOST_TEST((x.grad().sizes() == rondo::IntArrayRef{2, 1}));
  BOOST_TEST(number(x.grad()[0][0]) == 3);
  BOOST_TEST(number(b.grad()[2]) == 2);
}

BOOST_AUTO_TEST_CASE(gradients_are_cast_to_the_inputs_dtype) {
  Tensor x = rondo::ones({2}).requires_grad_();
  (x.to(rondo::kDouble) * 2).sum().backward();
  BOOST_TEST((x.grad().dtype() == rondo::kFloat));
  BOOST_TEST(number(x.grad()[0]) == 2);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(gradients_asked_for)

BOOST_AUTO_TEST_CASE(grad_deposits_nothing) {
  Tensor x = leaf({2}), w = leaf({3});
  const auto g = autograd::grad({(x * w).sum()}, {x, w});
  BOOST_TEST(number(g[0][0]) == 3);
  BOOST_TEST(number(g[1][0]) == 2);
  BOOST_TEST(!x.grad().defined());
}

BOOST_AUTO_TEST_CASE(grad_stops_at_an_inner_tensor) {
  Tensor x = leaf({2});
  const Tensor h = x * x, y = h * h;
  const auto g = autograd::grad({y.sum()}, {h, x});
  BOOST_TEST(number(g[0][0]) == 8);
  BOOST_TEST(number(g[1][0]) == 32);
}

BOOST_AUTO_TEST_CASE(an_unused_input_is_an_error_unless_allowed) {
  Tensor x = leaf({2}), w = leaf({3});
  check_error([&] { autograd::grad({(x * 2).sum()}, {w}); }, "Set allow_unused=True");
  BOOST_TEST(!autograd::grad({(x * 2).sum()}, {w}, {}, {}, false, true)[0].defined());
  check_error([&] { autograd::grad({(x * 2).sum()}, {}); }, "grad requires non-empty inputs.");
  check_error([&] { autograd::grad({(x * 2).sum()}, {rondo::ones({1})}); }, "does not require grad");
}

BOOST_AUTO_TEST_CASE(create_graph_gives_higher_orders) {
  Tensor x = leaf({3});
  const Tensor y = (x * x * x).sum();
  const Tensor first = autograd::grad({y}, {x}, {}, {}, true)[0];
  const Tensor second = autograd::grad({first.sum()}, {x}, {}, {}, true)[0];
  const Tensor third = autograd::grad({second.sum()}, {x})[0];
  BOOST_TEST(number(first[0]) == 27);
  BOOST_TEST(number(second[0]) == 18);
  BOOST_TEST(number(third[0]) == 6);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(hooks)

BOOST_AUTO_TEST_CASE(a_hook_may_watch_or_replace) {
  Tensor x = leaf({2});
  double seen = 0;
  const Tensor h = x * 3;
  h.register_hook([&](const Tensor& g) { seen = number(g[0]); });
  h.register_hook([](const Tensor& g) { return g * 10; });
  (h * 2).sum().backward();
  BOOST_TEST(seen == 2);
  BOOST_TEST(number(x.grad()[0]) == 60);
}

BOOST_AUTO_TEST_CASE(a_removed_hook_is_silent) {
  Tensor x = leaf({2});
  int calls = 0;
  const unsigned number_of_hook = x.register_hook([&](const Tensor&) { ++calls; });
  (x * 2).sum().backward();
  x.remove_hook(number_of_hook);
  (x * 2).sum().backward();
  BOOST_TEST(calls == 1);
  check_error([&] { x.remove_hook(5); }, "Invalid index");
}

BOOST_AUTO_TEST_CASE(a_hook_must_keep_the_shape) {
  Tensor x = leaf({2});
  x.register_hook([](const Tensor&) { return rondo::ones({3}, rondo::kDouble); });
  check_error([&] { (x * 2).sum().backward(); }, "shape");
}

BOOST_AUTO_TEST_CASE(an_undefined_tensor_takes_no_hook) {
  check_error([] { Tensor().register_hook([](const Tensor& g) { return g; }); }, "cannot register a hook");
}

BOOST_AUTO_TEST_CASE(retain_grad_keeps_an_inner_gradient_after_all_hooks) {
  Tensor x = leaf({2});
  const Tensor h = x * 3;
  h.retain_grad();
  h.register_hook([](const Tensor& g) { return g * 10; });
  (h * 2).sum().backward();
  BOOST_TEST(h.retains_grad());
  BOOST_TEST(number(h.grad()[0]) == 20);
}

BOOST_AUTO_TEST_CASE(a_hook_may_run_backward_itself) {
  Tensor x = leaf({2});
  Tensor inner = leaf({5});
  const Tensor h = x * 3;
  h.register_hook([&](const Tensor&) {
    rondo::AutoGradMode record(true);  // a backward step runs without recording
    (inner * inner).sum().backward();
  });
  h.sum().backward();
  BOOST_TEST(number(inner.grad()[0]) == 10);
  BOOST_TEST(number(x.grad()[0]) == 3);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(modes)

BOOST_AUTO_TEST_CASE(no_grad_records_nothing_and_is_restored) {
  Tensor x = leaf({2});
  try {
    rondo::NoGradGuard guard;
    BOOST_TEST(!(x * 2).requires_grad());
    throw 1;
  } catch (int) {}
  BOOST_TEST(rondo::GradMode::is_enabled());
  BOOST_TEST((x * 2).requires_grad());
}

BOOST_AUTO_TEST_CASE(the_mode_belongs_to_the_thread) {
  rondo::NoGradGuard guard;
  bool there = false;
  std::thread([&] { there = rondo::GradMode::is_enabled(); }).join();
  BOOST_TEST(there);
}

BOOST_AUTO_TEST_CASE(only_floating_point_can_require_gradients) {
  check_error([] { rondo::ones({2}, rondo::kLong).requires_grad_(); }, "Only Tensors of floating point");
}

BOOST_AUTO_TEST_CASE(requires_grad_cannot_be_taken_from_a_result) {
  Tensor x = leaf({2});
  const Tensor y = x * 2;
  check_error([&] { y.requires_grad_(false); }, "you can only change requires_grad flags of leaf variables");
  BOOST_TEST(!y.detach().requires_grad());
  BOOST_TEST(y.detach().data_ptr() == y.data_ptr());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(size)

BOOST_AUTO_TEST_CASE(a_chain_of_a_million_operations_is_walked_and_freed_without_recursion) {
  Tensor x = rondo::scalar_tensor(1.0, rondo::kDouble).requires_grad_();
  {
    Tensor y = x;
    for (int i = 0; i < 500000; ++i) y = (y + 1e-9) * 1.0;
    y.backward();
  }
  BOOST_TEST(number(x.grad()) == 1);
  {
    Tensor y = x;
    for (int i = 0; i < 1000000; ++i) y = y + 1.0;  // freed without a backward
  }
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_skip_connections_are_walked_once_each) {
  Tensor x = leaf({1}), y = x, before = x;
  for (int i = 0; i < 100000; ++i) {
    Tensor next = y * 0.5 + before * 0.5;
    before = y;
    y = next;
  }
  before = Tensor();
  y.backward();
  BOOST_TEST(std::abs(number(x.grad()) - 1) < 1e-9);
}

BOOST_AUTO_TEST_CASE(a_diamond_of_depth_1000_takes_a_step_for_each_node) {
  Tensor x = leaf({1}), y = x;
  int steps = 0;
  for (int i = 0; i < 1000; ++i) {
    const Tensor left = y * 0.5, right = y * 0.5;
    y = left + right;
    for (const Tensor& t : {left, right, y}) t.register_hook([&](const Tensor&) { ++steps; });
  }
  y.backward();
  BOOST_TEST(steps == 3000);
  BOOST_TEST(std::abs(number(x.grad()) - 1) < 1e-9);
}

BOOST_AUTO_TEST_CASE(twenty_thousand_slices_of_one_tensor_add_to_one_gradient) {
  constexpr int64_t kRows = 20000;  // a whole gradient for each slice would write 25 GB
  const Tensor x = rondo::ones({kRows, 8}, rondo::kDouble).requires_grad_();
  const Tensor inner = x * 1.0;
  Tensor sum = rondo::zeros({8}, rondo::kDouble);
  for (int64_t i = 0; i < kRows; ++i) sum = sum + inner[i] * static_cast<double>(i);
  sum.sum().backward();
  BOOST_TEST(equal(x.grad(), rondo::arange(kRows, rondo::kDouble).unsqueeze(1).expand({kRows, 8})));
}

BOOST_AUTO_TEST_CASE(slices_and_other_uses_of_a_tensor_share_its_gradient) {
  const Tensor x = leaf({1, 2, 3, 4}), inner = x * 2.0;
  Tensor seen;
  inner.register_hook([&](const Tensor& g) { seen = g; });
  const Tensor y = (inner * 3.0).sum() + inner[1] * 10.0 + inner.slice(0, 1, 4, 2).sum() * 100.0 + inner[3].exp() * 0.0;
  const Tensor ones = rondo::ones({4}, rondo::kDouble);
  autograd::backward({y, inner}, {Tensor(), ones});
  BOOST_TEST(equal(seen, rondo::tensor({4.0, 114.0, 4.0, 104.0}, rondo::kDouble)));
  BOOST_TEST(equal(x.grad(), rondo::tensor({8.0, 228.0, 8.0, 208.0}, rondo::kDouble)));
  BOOST_TEST(equal(ones, rondo::ones({4}, rondo::kDouble)));  // the gradient that was given is not a buffer
}

BOOST_AUTO_TEST_CASE(second_derivatives_of_functions_linear_in_pieces_are_zeros_not_absent) {
  const Tensor x = leaf({-1, 2});
  const Tensor g = autograd::grad({rondo::relu(x).sum()}, {x}, {}, true, true)[0];
  BOOST_TEST(g.requires_grad());
  const Tensor second = autograd::grad({(g * g).sum()}, {x})[0];
  BOOST_TEST(second.defined());
  BOOST_TEST(number(second.abs().sum()) == 0);
}

BOOST_AUTO_TEST_CASE(create_graph_warns_of_the_cycle) {
  support::Warnings watch;
  Tensor x = leaf({2});
  (x * x).sum().backward({}, {}, true);
  BOOST_TEST(support::Warnings::texts().size() == 1U);
  BOOST_TEST(support::Warnings::texts()[0].find("Using backward() with create_graph=True") != std::string::npos);
  x.mutable_grad() = Tensor();
}

BOOST_AUTO_TEST_CASE(memory_stays_flat_over_many_steps) {
  Tensor w = rondo::ones({8, 8}).requires_grad_();
  const auto step = [&](int rows) {
    const Tensor x = rondo::ones({rows, 8});
    x.mm(w).relu().mean().backward();
    w.mutable_grad().reset();
  };
  for (int i = 0; i < 2000; ++i) step(1 + i % 64);
  const auto before = rondo::memory_stats();
  for (int i = 0; i < 20000; ++i) step(1 + i % 64);
  const auto after = rondo::memory_stats();
  BOOST_TEST(after.in_use == before.in_use);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  BOOST_TEST(after.system_allocations == before.system_allocations);
#endif
}

BOOST_AUTO_TEST_SUITE_END()
