// Several threads with one leaf, one graph, one view.
#include <rondo/autograd.h>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cmath>
#include <string>
#include <thread>
#include <vector>

using rondo::Tensor;
using rondo::variable_list;
namespace autograd = rondo::autograd;

namespace {

// f(number) on each of `count` threads, all of them under way before the first begins.
template <class F>
void on_threads(int count, F f) {
  std::atomic<int> waiting{count};
  std::vector<std::thread> threads;
  for (int t = 0; t < count; ++t) {
    threads.emplace_back([&, t] {
      for (--waiting; waiting > 0;) std::this_thread::yield();
      f(t);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

struct Cube : autograd::Function<Cube> {
  static Tensor forward(autograd::AutogradContext* context, const Tensor& x) {
    context->save_for_backward({x});
    return x * x * x;
  }
  static variable_list backward(autograd::AutogradContext* context, const variable_list& gradients) {
    const Tensor x = context->get_saved_variables()[0];
    return {context->needs_input_grad(0) ? gradients[0] * 3 * x * x : Tensor()};
  }
};

// x^2 whose rule asks for the derivative of its own result once more.
struct Nested : autograd::Function<Nested> {
  static inline Tensor input, result;
  static inline bool inside = false;

  static Tensor forward(autograd::AutogradContext* context, const Tensor& x) {
    context->save_for_backward({x});
    return x * x;
  }
  static variable_list backward(autograd::AutogradContext* context, const variable_list& gradients) {
    if (inside) return {gradients[0] * 2 * context->get_saved_variables()[0]};
    inside = true;
    return {gradients[0] * autograd::grad({result}, {input}, {}, true)[0] + 1};
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(threads)

BOOST_AUTO_TEST_CASE(several_threads_accumulate_into_shared_leaves) {
  const Tensor w = rondo::ones({16}, rondo::kDouble).requires_grad_();
  constexpr int kRounds = 50;
  on_threads(8, [&](int) {
    for (int i = 0; i < kRounds; ++i) (w * w).sum().backward();
  });
  BOOST_TEST(w.grad()[3].item<double>() == 2.0 * 8 * kRounds);
}

// Each run meets the leaf again and again while the other, which may have held it first, comes to its end.
BOOST_AUTO_TEST_CASE(a_leaf_of_many_uses_loses_no_gradient) {
  const Tensor w = rondo::ones({1}, rondo::kDouble).requires_grad_();
  constexpr int kRounds = 300, kUses[] = {40, 200};
  on_threads(2, [&](int t) {
    for (int i = 0; i < kRounds; ++i) {
      Tensor sum = w * 1;
      for (int use = 1; use < kUses[t]; ++use) sum = sum + w;
      sum.sum().backward();
    }
  });
  BOOST_TEST(w.grad().item<double>() == kRounds * (kUses[0] + kUses[1]));
}

BOOST_AUTO_TEST_CASE(several_threads_walk_one_graph) {
  Tensor w = rondo::ones({4}, rondo::kDouble).requires_grad_();
  const Tensor shared = (w * 2).exp();
  on_threads(4, [&](int) {
    for (int i = 0; i < 20; ++i) shared.sum().backward({}, true);
  });
  BOOST_TEST(std::abs(w.grad()[0].item<double>() - 80 * 2 * std::exp(2.0)) < 1e-6);
}

BOOST_AUTO_TEST_CASE(racing_through_a_graph_that_is_not_retained_gives_an_error_at_worst) {
  constexpr int kThreads = 4, kRounds = 100;
  std::atomic<int> ended{0}, refused{0};
  for (int round = 0; round < kRounds; ++round) {
    const Tensor w = rondo::full({64}, 0.5, rondo::kDouble).requires_grad_();
    Tensor y = w;
    for (int i = 0; i < 40; ++i) y = (y * y).sigmoid().exp();
    on_threads(kThreads, [&](int) {
      try {
        y.sum().backward();
        ++ended;
      } catch (const rondo::Error& error) {
        if (std::string(error.what()).find("backward through the graph a second time") != std::string::npos) ++refused;
      }
    });
  }
  BOOST_TEST(ended + refused == kThreads * kRounds);
}

BOOST_AUTO_TEST_CASE(a_rule_may_go_back_through_itself) {
  on_threads(2, [](int t) {
    if (t == 0) return;
    Nested::input = rondo::full({1}, 3.0, rondo::kDouble).requires_grad_();
    Nested::result = Nested::apply(Nested::input);
    Nested::result.backward({}, true);
    BOOST_TEST(Nested::input.grad().item<double>() == 7);
    Nested::input = Nested::result = Tensor();
  });
}

BOOST_AUTO_TEST_CASE(custom_functions_in_one_graph) {
  const Tensor w = rondo::full({8}, 2.0, rondo::kDouble).requires_grad_();
  Tensor y = w;
  for (int i = 0; i < 4; ++i) y = Cube::apply(y) * 0.25;
  on_threads(4, [&](int) {
    for (int i = 0; i < 100; ++i) y.sum().backward({}, true);
  });
  BOOST_TEST(std::abs(w.grad()[0].item<double>() - 400 * 81) < 1e-6);
}

BOOST_AUTO_TEST_CASE(a_view_whose_base_changed) {
  const Tensor w = rondo::ones({4}, rondo::kDouble).requires_grad_();
  const Tensor view = w.narrow(0, 1, 2);
  for (int round = 0; round < 100; ++round) {
    {
      const rondo::NoGradGuard guard;
      w.add_(1);
    }
    on_threads(2, [&](int) { (view * 3).sum().backward(); });
  }
  BOOST_TEST(w.grad()[1].item<double>() == 600);
  BOOST_TEST(w.grad()[0].item<double>() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
