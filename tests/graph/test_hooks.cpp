// Hooks of nodes, of accumulated gradients and of saved tensors; callbacks.
#include <rondo/autograd.h>

#include <rondo/tests/support/values.h>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using rondo::Tensor;
using rondo::variable_list;
using support::check_error;
namespace autograd = rondo::autograd;

namespace {

Tensor one(double value) { return rondo::full({}, value, rondo::kDouble).requires_grad_(); }

struct Minus final : autograd::FunctionPreHook {
  variable_list operator()(const variable_list& g) override { return {g[0] / 5}; }
};
struct Times final : autograd::FunctionPostHook {
  explicit Times(double by) : factor(by) {}
  variable_list operator()(const variable_list& outputs, const variable_list&) override {
    variable_list changed;
    for (const Tensor& g : outputs) changed.push_back(g.defined() ? g * factor : g);
    return changed;
  }
  double factor;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(hooks)

BOOST_AUTO_TEST_CASE(run_in_the_order_tensor_node_accumulated) {
  Tensor x = one(2);
  std::string order;
  x.register_hook([&](const Tensor& g) {
    order += "t";
    return g - 2;
  });
  Tensor y = x * 1;
  auto accumulator = y.grad_fn()->next_edge(0).function;
  accumulator->add_pre_hook(std::make_unique<Minus>());
  x.register_post_accumulate_grad_hook([&](const Tensor& leaf) {
    order += "a";
    rondo::NoGradGuard guard;
    leaf.grad().add_(0.5).mul_(10);
    BOOST_TEST(leaf.data_ptr() == x.data_ptr());
  });
  y.backward();
  BOOST_TEST(order == "ta");
  BOOST_TEST(x.grad().item<double>() == 3);  // ((1 - 2) / 5 + 0.5) * 10
  check_error([&] { y.register_post_accumulate_grad_hook([](const Tensor&) {}); },
              "cannot be registered on non-leaf tensors");
}

BOOST_AUTO_TEST_CASE(of_nodes_may_replace_gradients_and_be_removed) {
  Tensor x = one(2);
  Tensor y = x * 3;
  const auto number = y.grad_fn()->add_post_hook(std::make_unique<Times>(10));
  y.backward({}, true);
  BOOST_TEST(x.grad().item<double>() == 30);
  BOOST_TEST(y.grad_fn()->del_post_hook(number));
  BOOST_TEST(!y.grad_fn()->del_post_hook(number));
  y.backward();
  BOOST_TEST(x.grad().item<double>() == 33);
}

BOOST_AUTO_TEST_CASE(of_a_captured_tensor_run_but_not_those_of_its_node) {
  Tensor x = one(2);
  Tensor y = x * 3, z = y * y;
  y.register_hook([](const Tensor& g) { return g * 2; });
  y.grad_fn()->add_pre_hook(std::make_unique<Minus>());
  BOOST_TEST(autograd::grad({z}, {y})[0].item<double>() == 24);
}

BOOST_AUTO_TEST_CASE(stay_with_the_version_they_were_registered_on) {
  Tensor x = one(1), y = x * 1;
  double first = 0, second = 0;
  y.register_hook([&](const Tensor& g) { first = g.item<double>(); });
  y.retain_grad();
  y.mul_(2);
  y.register_hook([&](const Tensor& g) { second = g.item<double>(); });
  y.backward();
  BOOST_TEST(first == 2);
  BOOST_TEST(second == 1);
  BOOST_TEST(y.grad().item<double>() == 1);  // retain_grad moves to the newest version
}

BOOST_AUTO_TEST_CASE(a_callback_runs_once_after_backward_and_may_queue_another) {
  Tensor x = one(1), y = x * 1;
  int first = 0, second = 0;
  y.register_hook([&](const Tensor&) {
    autograd::queue_callback([&] {
      ++first;
      BOOST_TEST(x.grad().defined());
      autograd::queue_callback([&] { ++second; });
    });
  });
  y.backward();
  BOOST_TEST(first == 1);
  BOOST_TEST(second == 1);
  check_error([] { autograd::queue_callback([] {}); }, "can only be installed during backward");
}

BOOST_AUTO_TEST_CASE(of_several_tensors_run_once_when_all_reachable_gradients_are_there) {
  const Tensor a = one(2), b = one(3), apart = one(4);
  int calls = 0;
  auto hook = autograd::register_multi_grad_hook({a, b, apart}, [&](const variable_list& gradients) {
    ++calls;
    BOOST_TEST(gradients[0].item<double>() == 3);
    BOOST_TEST(gradients[1].item<double>() == 2);
    BOOST_TEST(!gradients[2].defined());
  });
  (a * b).backward();
  BOOST_TEST(calls == 1);
  autograd::grad({a * b}, {a, b});
  BOOST_TEST(calls == 2);
  hook.remove();
  (a * b).backward();
  BOOST_TEST(calls == 2);
}

BOOST_AUTO_TEST_CASE(of_any_of_several_tensors_run_once_on_the_first_gradient) {
  const Tensor a = one(2), b = one(3);
  std::vector<double> seen;
  autograd::register_any_grad_hook({a, b}, [&](const Tensor& gradient) { seen.push_back(gradient.item<double>()); });
  (a * b).backward();
  BOOST_TEST(seen.size() == 1);
  (a * 7).backward();
  BOOST_TEST(seen.size() == 2);
  BOOST_TEST(seen[1] == 7);
}

BOOST_AUTO_TEST_CASE(of_several_tensors_do_not_run_where_backward_throws_and_start_anew_after) {
  const Tensor a = one(2), b = one(3);
  bool broken = true;
  std::vector<bool> first_defined;
  autograd::register_multi_grad_hook(
      {a, b}, [&](const variable_list& gradients) { first_defined.push_back(gradients[0].defined()); });
  Tensor middle = b * 1;
  middle.register_hook([&](const Tensor&) {
    if (broken) throw std::runtime_error("broken");
  });
  BOOST_CHECK_THROW((middle * 1 + a).backward({}, true), std::runtime_error);
  BOOST_TEST(first_defined.empty());
  broken = false;
  (middle * 1).backward();
  BOOST_TEST(first_defined.size() == 1);
  BOOST_TEST(!first_defined[0]);
}

BOOST_AUTO_TEST_CASE(of_several_tensors_count_each_thread_and_nested_backward_apart) {
  const Tensor a = one(2), b = one(3);
  std::atomic<int> calls = 0;
  autograd::register_multi_grad_hook({a, b}, [&](const variable_list&) { ++calls; });
  const Tensor outer = a * b;
  outer.register_hook([&](const Tensor&) {
    const rondo::AutoGradMode recording(true);
    (a * 5 + b).backward();
  });
  outer.backward();
  BOOST_TEST(calls == 2);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { (a * b).backward(); });
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(calls == 6);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(saved_tensor_hooks)

BOOST_AUTO_TEST_CASE(the_unpacked_value_is_used) {
  Tensor x = one(3);
  Tensor y;
  {
    autograd::SavedTensorHooks hooks([](const Tensor& t) { return t * 2; }, [](const Tensor& t) { return t; });
    y = x * x;
  }
  y.backward();
  BOOST_TEST(x.grad().item<double>() == 12);  // 2 * x + 2 * x
}

BOOST_AUTO_TEST_CASE(pack_may_return_anything_and_the_innermost_pair_wins) {
  Tensor x = one(3), y;
  int outer = 0;
  {
    autograd::SavedTensorHooks all(
        [&](const Tensor& t) {
          ++outer;
          return t;
        },
        [](const Tensor& t) { return t; });
    autograd::SavedTensorHooks hooks([](const Tensor& t) { return t.item<double>(); },
                                     [](double value) { return rondo::full({}, value, rondo::kDouble); });
    y = x.exp() * x;
  }
  y.backward();
  BOOST_TEST(outer == 0);
  BOOST_TEST(x.grad().item<double>() == (x.exp() * (1 + x)).item<double>());
}

BOOST_AUTO_TEST_CASE(second_derivatives_go_through_unpacked_values) {
  const auto f = [](const Tensor& x) {
    autograd::SavedTensorHooks hooks([](const Tensor& t) { return t.clone(); }, [](const Tensor& t) { return t; });
    return x.exp() * x * x;
  };
  BOOST_TEST(autograd::gradgradcheck(f, {rondo::randn({3}, rondo::kDouble).requires_grad_()}));
}

BOOST_AUTO_TEST_CASE(pack_may_not_change_its_input) {
  Tensor x = one(3);
  autograd::SavedTensorHooks hooks([](const Tensor& t) { return t.mul_(2); }, [](const Tensor& t) { return t; });
  check_error([&] { (x * x).backward(); }, "pack hook is modifying its input");
}

BOOST_AUTO_TEST_CASE(can_be_forbidden_with_a_message) {
  const auto identity = [](const Tensor& t) { return t; };
  {
    const autograd::DisableSavedTensorHooks forbidden("not under this transform");
    check_error([&] { autograd::SavedTensorHooks(identity, identity); }, "not under this transform");
    const autograd::DisableSavedTensorHooks inner("nor here");
    check_error([&] { autograd::SavedTensorHooks(identity, identity); }, "nor here");
  }
  const autograd::SavedTensorHooks allowed(identity, identity);
  check_error([] { autograd::DisableSavedTensorHooks("too late"); }, "too late");
}

BOOST_AUTO_TEST_CASE(innermost_pair_also_takes_what_a_recorded_backward_saves) {
  int outer = 0, inner = 0;
  const Tensor x = one(3);
  const auto count = [](int& n) {
    return [&n](const Tensor& t) {
      ++n;
      return t.detach();
    };
  };
  const auto back = [](const Tensor& t) { return t; };
  const autograd::SavedTensorHooks outside(count(outer), back);
  Tensor y;
  {
    const autograd::SavedTensorHooks within(count(inner), back);
    y = x * x;
    const int forward = inner;
    BOOST_TEST(forward > 0);
    autograd::grad({y}, {x}, {}, true, true);
    BOOST_TEST(inner > forward);
  }
  BOOST_TEST(outer == 0);
}

BOOST_AUTO_TEST_CASE(mutation_of_saved_tensors_is_allowed_in_a_scope_and_copies_are_freed) {
  const Tensor x = rondo::full({3}, 0.5, rondo::kDouble).requires_grad_();
  Tensor work = x * 2, y;
  {
    const autograd::AllowMutationOnSaved scope;
    y = work.sin() + work * work;
    work.zero_();
    work[1] = 7;  // of what nobody saved: no further copy
    check_error([] { autograd::AllowMutationOnSaved(); }, "cannot be nested");
  }
  y.sum().backward();
  support::check_values(x.grad(), std::vector<double>(3, 2 * (std::cos(1.0) + 2.0)), 1e-12);
}

BOOST_AUTO_TEST_CASE(mutation_after_the_scope_or_of_another_tensor_is_an_error_as_ever) {
  const Tensor x = one(0.5);
  Tensor work = x * 2, y;
  {
    const autograd::AllowMutationOnSaved scope;
    y = work.sin();
  }
  work.zero_();
  check_error([&] { y.backward(); }, "modified by an inplace operation");
}

BOOST_AUTO_TEST_CASE(mutation_through_a_view_keeps_what_its_base_held) {
  const Tensor x = rondo::full({4}, 2, rondo::kDouble).requires_grad_();
  const autograd::AllowMutationOnSaved scope;
  Tensor work = x.clone();
  const Tensor y = work * work;
  work.slice(0, 0, 2).exp_();
  (y.sum() + work.sum()).backward();
  const double e = 4 + std::exp(2.0);
  support::check_values(x.grad(), {e, e, 5, 5}, 1e-12);
}

BOOST_AUTO_TEST_CASE(mutation_through_unsafe_parts_keeps_what_was_saved) {
  const Tensor x = rondo::ones({4}, rondo::kDouble).requires_grad_();
  const autograd::AllowMutationOnSaved scope;
  const Tensor base = x * 2, y = base * base;
  for (const Tensor& part : base.unsafe_chunk(2)) part.mul_(5);
  y.sum().backward();
  support::check_values(x.grad(), {8, 8, 8, 8});
}

BOOST_AUTO_TEST_CASE(a_hook_after_accumulation_is_removed_by_its_own_number) {
  const Tensor x = rondo::ones({2}).requires_grad_();
  int of_gradients = 0, accumulated = 0;
  x.register_hook([&](const Tensor&) { ++of_gradients; });
  const unsigned number = x.register_post_accumulate_grad_hook([&](const Tensor&) { ++accumulated; });
  x.sum().backward();
  x.remove_hook(number);
  x.sum().backward();
  BOOST_TEST(of_gradients == 2);
  BOOST_TEST(accumulated == 1);
}

BOOST_AUTO_TEST_CASE(removed_hooks_are_freed) {
  const Tensor x = rondo::ones({2}).requires_grad_();
  const auto token = std::make_shared<int>(0);
  for (int i = 0; i < 100; ++i) {
    x.remove_hook(x.register_hook([token](const Tensor&) { ++*token; }));
    x.remove_hook(x.register_post_accumulate_grad_hook([token](const Tensor&) { ++*token; }));
  }
  BOOST_TEST(token.use_count() == 1);
  for (int i = 0; i < 100; ++i) {
    autograd::register_multi_grad_hook({x}, [token](const variable_list&) { ++*token; }).remove();
  }
  BOOST_TEST(token.use_count() < 20);
  x.sum().backward();
  BOOST_TEST(*token == 0);
  const unsigned number = x.register_hook([](const Tensor&) {});
  x.remove_hook(number);
  x.remove_hook(number);
}

BOOST_AUTO_TEST_CASE(a_hook_of_another_output_is_not_removed) {
  const Tensor x = rondo::ones({3}).requires_grad_();
  const std::vector<Tensor> parts = (x * 2).unbind(0);
  int calls = 0;
  const unsigned number = parts[1].register_hook([&](const Tensor&) { ++calls; });
  check_error([&] { parts[2].remove_hook(number); }, "belongs to another output");
  (parts[0] + parts[1] + parts[2]).backward();
  BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(a_hook_may_remove_others_and_add_some) {
  const Tensor x = rondo::ones({2}).requires_grad_();
  std::string calls;
  unsigned last = 0;
  x.register_hook([&](const Tensor&) {
    calls += 'a';
    x.remove_hook(last);
    x.register_hook([&](const Tensor&) { calls += 'n'; });
  });
  x.register_hook([&](const Tensor&) { calls += 'b'; });
  last = x.register_hook([&](const Tensor&) { calls += 'c'; });
  x.sum().backward();
  BOOST_TEST(calls == "ab");
  x.sum().backward();
  BOOST_TEST(calls == "ababn");
}

BOOST_AUTO_TEST_CASE(new_data_keep_the_hooks_and_the_graphs_of_a_leaf) {
  const Tensor x = rondo::ones({2}).requires_grad_();
  int calls = 0;
  x.register_hook([&](const Tensor&) { ++calls; });
  const Tensor before = (x * 2).sum();
  x.set_data(rondo::full({2}, 5.0));
  support::check_values(autograd::grad({before}, {x})[0], {2, 2});
  BOOST_TEST(calls == 1);
  x.set_data(rondo::ones({3}, rondo::kDouble));
  (x * x).sum().backward();
  BOOST_TEST(calls == 2);
  BOOST_TEST((x.grad().dtype() == rondo::kDouble));
  support::check_values(x.grad(), {2, 2, 2});
}

BOOST_AUTO_TEST_CASE(a_new_shape_in_place_keeps_the_hooks_of_a_leaf) {
  const Tensor x = rondo::ones({2, 3}).requires_grad_();
  int calls = 0;
  const auto hook = x.register_hook([&](const Tensor&) { ++calls; });
  {
    const rondo::NoGradGuard guard;
    Tensor(x).t_();
  }
  (x * x).sum().backward();
  BOOST_TEST(calls == 1);
  BOOST_TEST((x.grad().sizes() == rondo::IntArrayRef({3, 2})));
  x.remove_hook(hook);
}

BOOST_AUTO_TEST_SUITE_END()
