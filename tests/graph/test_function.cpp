// Functions with a derivative of the user's own (LIBTORCH's custom Function).
#include <rondo/autograd.h>

#include <rondo/tests/support/values.h>

#include <boost/test/unit_test.hpp>

#include <functional>
#include <memory>
#include <string>
#include <thread>

using rondo::Tensor;
using rondo::TensorList;
using rondo::variable_list;
using support::check_error;
namespace autograd = rondo::autograd;
using autograd::AutogradContext;

namespace {

Tensor leaf(rondo::IntArrayRef sizes) { return rondo::randn(sizes, rondo::kDouble).requires_grad_(); }

struct MulConstant : autograd::Function<MulConstant> {
  static Tensor forward(AutogradContext* ctx, Tensor x, double constant = 3) {
    ctx->saved_data["constant"] = constant;
    BOOST_TEST(!rondo::GradMode::is_enabled());
    return x.mul(constant);
  }
  static variable_list backward(AutogradContext* ctx, variable_list gradients) {
    return {gradients[0] * ctx->saved_data["constant"].toDouble(), Tensor()};
  }
};

struct Product : autograd::Function<Product> {
  static variable_list forward(AutogradContext* ctx, Tensor a, Tensor b, bool materialize) {
    ctx->save_for_backward({a, Tensor(), b});
    ctx->set_materialize_grads(materialize);
    ctx->saved_data["materialize"] = materialize;
    return {a * b, a + b};
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    const auto saved = ctx->get_saved_variables();
    BOOST_TEST(!saved[1].defined());
    BOOST_TEST(g[1].defined() == ctx->saved_data["materialize"].toBool());
    return {g[0] * saved[2], g[0] * saved[0], Tensor()};
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(custom_function)

BOOST_AUTO_TEST_CASE(forward_runs_without_recording_and_default_arguments_work) {
  Tensor x = leaf({2, 3});
  Tensor y = MulConstant::apply(x, 5.0);
  BOOST_TEST(y.requires_grad());
  y.sum().backward();
  BOOST_TEST(x.grad().allclose(rondo::full({2, 3}, 5.0, rondo::kDouble)));
  BOOST_TEST(!MulConstant::apply(x.detach(), 5.0).requires_grad());
  rondo::NoGradGuard guard;
  BOOST_TEST(!MulConstant::apply(x, 5.0).requires_grad());
}

BOOST_AUTO_TEST_CASE(undefined_gradients_become_zeros_unless_switched_off) {
  for (bool materialize : {true, false}) {
    Tensor a = leaf({3}), b = leaf({3});
    Product::apply(a, b, materialize)[0].sum().backward();
    BOOST_TEST(a.grad().equal(b.detach()));
    BOOST_TEST(b.grad().equal(a.detach()));
  }
}

BOOST_AUTO_TEST_CASE(a_second_backward_needs_retain_graph) {
  Tensor a = leaf({3}), b = leaf({3});
  Tensor y = Product::apply(a, b, true)[0].sum();
  y.backward({}, true);
  y.backward();
  check_error([&] { y.backward(); }, "Specify retain_graph=True");
}

BOOST_AUTO_TEST_CASE(double_backward_goes_through_backward) {
  Tensor a = leaf({3}), b = leaf({3});
  BOOST_TEST(
      autograd::gradgradcheck([](const variable_list& in) { return Product::apply(in[0], in[1], true)[0]; }, {a, b}));
}

struct InPlace : autograd::Function<InPlace> {
  static Tensor forward(AutogradContext* ctx, Tensor x, bool mark, bool give_back) {
    x.mul_(2);
    if (mark) ctx->mark_dirty({x});
    return give_back ? x : x.clone();
  }
  static variable_list backward(AutogradContext*, variable_list g) { return {g[0] * 2, Tensor(), Tensor()}; }
};

BOOST_AUTO_TEST_CASE(a_dirty_input_keeps_its_identity_and_counts_a_version) {
  Tensor leaf_x = leaf({3}), x = leaf_x * 1;
  const int64_t version = x._version();
  Tensor y = InPlace::apply(x, true, true);
  BOOST_TEST(y.is_same(x));
  BOOST_TEST(x._version() > version);
  y.sum().backward();
  BOOST_TEST(leaf_x.grad().allclose(rondo::full({3}, 2.0, rondo::kDouble)));
  check_error([&] { InPlace::apply(leaf({2}) * 1, true, false); },
              "Some elements marked as dirty during the forward method were not returned as output");
  Tensor root = leaf({2});
  check_error([&] { InPlace::apply(root, true, true); },
              "a leaf Variable that requires grad is being used in an in-place operation");
}

BOOST_AUTO_TEST_CASE(a_dirty_view_changes_its_base) {
  Tensor x = leaf({4}), base = x * 1;
  InPlace::apply(base.narrow(0, 0, 2), true, true);
  base.sum().backward();
  BOOST_TEST(x.grad().equal(rondo::tensor({2.0, 2.0, 1.0, 1.0}, rondo::kDouble)));
}

struct SameBack : autograd::Function<SameBack> {
  static variable_list forward(AutogradContext*, Tensor x) { return {x, x}; }
  static variable_list backward(AutogradContext*, variable_list g) { return {g[0] + 10 * g[1]}; }
};

BOOST_AUTO_TEST_CASE(an_input_given_back_is_another_tensor_with_a_history) {
  Tensor x = leaf({2});
  const variable_list y = SameBack::apply(x);
  BOOST_TEST(!y[0].is_same(x));
  BOOST_TEST(x.is_leaf());
  BOOST_TEST(y[0].grad_fn()->name().find("SameBack") != std::string::npos);
  check_error([&] { y[0].mul_(2); }, "view");
}

struct NotDifferentiable : autograd::Function<NotDifferentiable> {
  static variable_list forward(AutogradContext* ctx, Tensor x) {
    Tensor sorted = x * 2, rounded = x.round();
    ctx->mark_non_differentiable({rounded});
    return {sorted, rounded};
  }
  static variable_list backward(AutogradContext*, variable_list g) {
    BOOST_TEST(g.size() == 2U);
    BOOST_TEST(g[1].equal(rondo::zeros_like(g[1])));
    return {g[0] * 2};
  }
};

BOOST_AUTO_TEST_CASE(outputs_marked_as_not_differentiable_require_no_gradient) {
  Tensor x = leaf({3});
  const variable_list y = NotDifferentiable::apply(x);
  BOOST_TEST(y[0].requires_grad());
  BOOST_TEST(!y[1].requires_grad());
  (y[0] + y[1]).sum().backward();
  BOOST_TEST(x.grad().allclose(rondo::full({3}, 2.0, rondo::kDouble)));
}

struct Returns : autograd::Function<Returns> {
  static Tensor forward(AutogradContext* ctx, Tensor x, int count, rondo::IntArrayRef) {
    ctx->saved_data["count"] = count;
    return x * 1;
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    switch (ctx->saved_data["count"].toInt()) {
      case 0:
        return {};
      case 1:
        return {Tensor(), Tensor(), Tensor()};
      case 2:
        return {g[0], Tensor(), Tensor(), Tensor()};
      case 3:
        return {g[0], Tensor(), Tensor(), g[0]};
      case 4:
        return {rondo::ones({7}, rondo::kDouble), Tensor(), Tensor()};
      case 5:
        return {g[0].expand({4, 3}), Tensor(), Tensor()};
      default:
        return {g[0], g[0], Tensor()};
    }
  }
};

BOOST_AUTO_TEST_CASE(gradients_that_backward_returns_are_checked) {
  const auto run = [](int count) {
    Tensor x = leaf({3});
    Returns::apply(x, count, rondo::IntArrayRef()).sum().backward();
    return x.grad();
  };
  check_error([&] { run(0); }, "returned an incorrect number of gradients");
  BOOST_TEST(!run(1).defined());
  BOOST_TEST(run(2).defined());
  check_error([&] { run(3); }, "returned an incorrect number of gradients");
  check_error([&] { run(4); }, "returned an invalid gradient at index 0");
  BOOST_TEST(run(5).equal(rondo::full({3}, 4.0, rondo::kDouble)));
  check_error([&] { run(6); }, "the corresponding forward input was not a Variable");
}

struct Needs : autograd::Function<Needs> {
  static Tensor forward(AutogradContext*, Tensor a, Tensor b) { return a * b; }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    first = ctx->needs_input_grad(0);
    second = ctx->needs_input_grad(1);
    either = ctx->needs_input_grad({autograd::IndexRange(0, 2)});
    return {g[0], g[0]};
  }
  static inline bool first, second, either;
};

BOOST_AUTO_TEST_CASE(needs_input_grad_says_what_this_call_wants) {
  Tensor a = leaf({2}), b = leaf({2});
  autograd::grad({Needs::apply(a, b).sum()}, {b});
  BOOST_TEST(!Needs::first);
  BOOST_TEST(Needs::second);
  BOOST_TEST(Needs::either);
  Needs::apply(a, b.detach()).sum().backward();
  BOOST_TEST(Needs::first);
  BOOST_TEST(!Needs::second);
}

struct Exponential : autograd::Function<Exponential> {
  static Tensor forward(AutogradContext* ctx, Tensor x) {
    Tensor y = x.exp();
    ctx->save_for_backward({y});
    return y;
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    return {g[0] * ctx->get_saved_variables()[0]};
  }
};

BOOST_AUTO_TEST_CASE(a_saved_output_makes_no_cycle_and_has_its_history) {
  BOOST_TEST(autograd::gradgradcheck([](const Tensor& x) { return Exponential::apply(x); }, {leaf({3})}));
  Tensor x = leaf({3});
  Tensor y = Exponential::apply(x);
  auto node = y.grad_fn();
  y.add_(1);
  check_error([&] { y.sum().backward(); }, "modified by an inplace operation");
}

struct Reentrant : autograd::Function<Reentrant> {
  static Tensor forward(AutogradContext* ctx, Tensor x, int depth) {
    ctx->saved_data["depth"] = depth;
    ctx->save_for_backward({x});
    return x * 1;
  }
  static variable_list backward(AutogradContext* ctx, variable_list g) {
    const int64_t depth = ctx->saved_data["depth"].toInt();
    if (depth == 0) return {g[0], Tensor()};
    rondo::AutoGradMode mode(true);
    Tensor x = ctx->get_saved_variables()[0].detach().requires_grad_();
    Reentrant::apply(x, static_cast<int>(depth) - 1).sum().backward();
    return {x.grad(), Tensor()};
  }
};

BOOST_AUTO_TEST_CASE(backward_within_backward_goes_8193_levels_deep) {
  Tensor x = leaf({1});
  Reentrant::apply(x, 8193).sum().backward();
  BOOST_TEST(x.grad().item<double>() == 1);
}

// Where levels go on with a new stack, the settings of the caller's thread and the order of recording go with them.
BOOST_AUTO_TEST_CASE(deep_levels_keep_the_settings_of_the_thread) {
  int level = 0, refused = 0;
  const rondo::Tensor leaves = leaf({1});
  uint64_t newest = 0;
  std::function<void()> deeper = [&] {
    const Tensor y = leaves * 2;
    BOOST_TEST(y.grad_fn()->sequence_nr() >= newest);
    newest = y.grad_fn()->sequence_nr();
    y.register_hook([&](const Tensor&) {
      const rondo::AutoGradMode mode(true);
      try {
        const autograd::SavedTensorHooks hooks([](const Tensor& t) { return t; }, [](const Tensor& t) { return t; });
      } catch (const rondo::Error&) {
        ++refused;
      }
      if (++level < 130) deeper();
    });
    y.backward();
  };
  const autograd::DisableSavedTensorHooks disabled("none here");
  deeper();
  BOOST_TEST(refused == 130);
  BOOST_TEST((leaves * 2).grad_fn()->sequence_nr() > newest);
}

// On a thread of its own, which keeps the last refusal.
BOOST_AUTO_TEST_CASE(refusals_of_hooks_end_in_any_order) {
  std::thread([] {
    const auto hooks = [] {
      autograd::SavedTensorHooks([](const Tensor& t) { return t; }, [](const Tensor& t) { return t; });
    };
    auto first = std::make_unique<autograd::DisableSavedTensorHooks>("the first");
    auto second = std::make_unique<autograd::DisableSavedTensorHooks>("the second");
    check_error(hooks, "the second");
    first.reset();
    hooks();
    second.reset();
    check_error(hooks, "the first");
  }).join();
}

struct Throws : autograd::Function<Throws> {
  static Tensor forward(AutogradContext*, Tensor x) { return x * 1; }
  static variable_list backward(AutogradContext*, variable_list) { throw std::out_of_range("from the user"); }
};

BOOST_AUTO_TEST_CASE(exceptions_reach_the_caller_and_the_engine_stays_usable) {
  Tensor x = leaf({2});
  BOOST_CHECK_THROW(Throws::apply(x * 2).sum().backward(), std::out_of_range);
  (x * 2).sum().backward();
  BOOST_TEST(x.grad().defined());
}

BOOST_AUTO_TEST_SUITE_END()
