// Transforms of functions, checkpoints, gradcheck, pictures and profiles.
#include <rondo/autograd.h>
#include <rondo/autograd/base/allocator.h>

#include <rondo/tests/support/values.h>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <string>
#include <thread>
#include <vector>

using rondo::Tensor;
using rondo::variable_list;
using support::check_error;
namespace autograd = rondo::autograd;

namespace {

Tensor random(rondo::IntArrayRef sizes) { return rondo::randn(sizes, rondo::kDouble); }

Tensor network(const variable_list& in) {
  return rondo::softmax(rondo::tanh(in[0].mm(in[1]) + in[2]), 1).log().sum(0).exp() * in[2].sin();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(transforms)

BOOST_AUTO_TEST_CASE(jvp_agrees_with_differences_and_with_the_jacobian) {
  const variable_list x{random({4, 3}), random({3, 5}), random({5})};
  const variable_list v{random({4, 3}), random({3, 5}), random({5})};
  const auto [y, tangent] = autograd::jvp(network, x, v);
  const double h = 1e-6;
  variable_list up, down;
  for (size_t i = 0; i < x.size(); ++i) {
    up.push_back(x[i] + v[i] * h);
    down.push_back(x[i] - v[i] * h);
  }
  BOOST_TEST(tangent[0].allclose((network(up) - network(down)) / (2 * h), 1e-6, 1e-8));
  const auto blocks = autograd::jacobian(network, x);
  Tensor sum = rondo::zeros_like(y[0]);
  for (size_t i = 0; i < x.size(); ++i) sum += blocks[0][i].reshape({5, -1}).mv(v[i].reshape({-1}));
  BOOST_TEST(tangent[0].allclose(sum, 1e-10, 1e-12));
}

BOOST_AUTO_TEST_CASE(vjp_agrees_with_the_jacobian_and_changes_no_grad) {
  const Tensor x = random({3}).requires_grad_(), v = random({3, 3});
  const auto f = [](const Tensor& t) { return t.unsqueeze(0) * t.unsqueeze(1).exp(); };
  const auto [y, products] = autograd::vjp(f, {x}, {v});
  const Tensor j = autograd::jacobian(f, x);
  BOOST_TEST(j.sizes() == rondo::IntArrayRef({3, 3, 3}));
  BOOST_TEST(products[0].allclose(v.reshape({-1}).unsqueeze(0).mm(j.reshape({9, 3})).reshape({3})));
  BOOST_TEST(!x.grad().defined());
  check_error([&] { autograd::vjp(f, {x}, {random({2})}); }, "need (3, 3)");
}

BOOST_AUTO_TEST_CASE(hessians_and_their_products_of_a_quadratic_form) {
  const Tensor a = random({4, 4}), x = random({4}), v = random({4});
  const auto f = [&](const Tensor& t) { return t.dot(a.mv(t)); };
  const Tensor h = autograd::hessian(f, x);
  BOOST_TEST(h.allclose(a + a.t()));
  const auto [y, product] = autograd::hvp(f, {x}, {v});
  BOOST_TEST(product[0].allclose((a + a.t()).mv(v)));
  BOOST_TEST(y.allclose(f(x)));
}

BOOST_AUTO_TEST_CASE(jacobians_with_create_graph_can_be_differentiated) {
  const Tensor x = random({3}).requires_grad_();
  const Tensor j = autograd::jacobian([](const Tensor& t) { return t.pow(3); }, x, true);
  j.sum().backward();
  BOOST_TEST(x.grad().allclose(6 * x.detach()));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(checkpoint)

BOOST_AUTO_TEST_CASE(gives_the_same_gradients_also_of_tensors_that_the_function_refers_to) {
  const Tensor w = random({3, 3}).requires_grad_(), x = random({2, 3}).requires_grad_();
  const auto block = [&](const Tensor& t) { return rondo::tanh(t.mm(w)) * t; };
  block(block(x)).sum().backward();
  const Tensor gw = w.grad().clone(), gx = x.grad().clone();
  w.mutable_grad() = Tensor();
  x.mutable_grad() = Tensor();
  const auto both = [&](const Tensor& t) { return autograd::checkpoint(block, autograd::checkpoint(block, t)); };
  autograd::checkpoint(both, x).sum().backward();  // nested
  BOOST_TEST(w.grad().equal(gw));
  BOOST_TEST(x.grad().equal(gx));
  BOOST_TEST(autograd::gradgradcheck([&](const Tensor& t) { return autograd::checkpoint(block, t); }, {x}));
}

BOOST_AUTO_TEST_CASE(runs_once_more_stops_early_and_draws_the_same_numbers) {
  int runs = 0, ends = 0;
  const Tensor x = random({100}).requires_grad_();
  const auto f = [&](const Tensor& t) {
    ++runs;
    Tensor y = rondo::dropout(t, 0.5, true) * t;
    ++ends;
    return y;
  };
  Tensor y = autograd::checkpoint(f, x);
  const Tensor mask = (y.detach() / (x.detach() * x.detach()));
  y.sum().backward();
  BOOST_TEST(runs == 2);
  BOOST_TEST(ends == 1);
  BOOST_TEST(x.grad().allclose(2 * mask * x.detach()));
}

BOOST_AUTO_TEST_CASE(another_computation_the_second_time_is_an_error) {
  int runs = 0;
  const Tensor x = random({4}).requires_grad_();
  const auto f = [&](const Tensor& t) { return ++runs == 1 ? (t * t).exp() : t * 2; };
  Tensor y = autograd::checkpoint(f, x);
  check_error([&] { y.sum().backward(); }, "different number of tensors was saved");
}

BOOST_AUTO_TEST_CASE(an_input_that_was_changed_is_an_error) {
  const Tensor x = random({4}).requires_grad_();
  Tensor y = x * 1;
  const Tensor z = autograd::checkpoint([](const Tensor& t) { return t.exp() * t; }, y);
  y.mul_(3);
  check_error([&] { z.sum().backward(); }, "input 0 has been modified by an inplace operation");
}

BOOST_AUTO_TEST_CASE(several_threads_go_back_through_one) {
  const Tensor x = rondo::full({64}, 0.5, rondo::kDouble).requires_grad_();
  const Tensor y = autograd::checkpoint([](const Tensor& t) { return (t * t).exp() * t.sin(); }, x);
  const Tensor once = autograd::grad({y}, {x}, {rondo::ones({64}, rondo::kDouble)}, true)[0];
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) y.sum().backward({}, true);
    });
  }
  for (auto& thread : threads) thread.join();
  BOOST_TEST(x.grad().allclose(once * 80));
}

BOOST_AUTO_TEST_CASE(a_chain_in_sqrt_n_pieces_keeps_about_two_sqrt_n_activations) {
  constexpr int kLayers = 256, kPiece = 16;
  constexpr int64_t kNumbers = 4096;
  const auto layers = [](Tensor t, int count) {
    for (int i = 0; i < count; ++i) t = rondo::sin(t);
    return t;
  };
  const auto peak = [&](bool pieces) {
    const Tensor x = random({kNumbers}).requires_grad_();
    const int64_t before = rondo::memory_stats().in_use;
    int64_t most = 0;
    const auto note = [&] { most = std::max<int64_t>(most, rondo::memory_stats().in_use - before); };
    Tensor y = x;
    for (int i = 0; i < kLayers / kPiece; ++i) {
      const auto piece = [&, kept = layers](const Tensor& t) {
        Tensor r = kept(t, kPiece);
        note();
        return r;
      };
      y = pieces ? autograd::checkpoint([layers](const Tensor& t) { return layers(t, 16); }, y) : piece(y);
      y.register_hook([&](const Tensor&) { note(); });
      note();
    }
    y.sum().backward();
    return most;
  };
  const int64_t all = peak(false), some = peak(true);
  BOOST_TEST_MESSAGE("activations kept: " << all / (kNumbers * 8) << " without, " << some / (kNumbers * 8) << " with");
  BOOST_TEST(all >= kLayers * kNumbers * 8);
  BOOST_TEST(some <= (3 * kPiece + 4) * kNumbers * 8);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(gradcheck)

struct Wrong : autograd::Function<Wrong> {
  static Tensor forward(autograd::AutogradContext* ctx, Tensor x) {
    ctx->save_for_backward({x});
    return x * x;
  }
  static variable_list backward(autograd::AutogradContext* ctx, variable_list g) {
    return {3 * ctx->get_saved_variables()[0] * g[0]};
  }
};

BOOST_AUTO_TEST_CASE(finds_a_wrong_derivative_and_names_element_and_values) {
  const Tensor x = rondo::tensor({1.0, 2.0}, rondo::kDouble).requires_grad_();
  const auto f = [](const Tensor& t) { return Wrong::apply(t); };
  check_error([&] { autograd::gradcheck(f, {x}); },
              "Jacobian mismatch for output 0 with respect to input 0: element 0");
  check_error([&] { autograd::gradcheck(f, {x}); }, "analytical: 3");
  BOOST_TEST(!autograd::gradcheck(f, {x}, {.raise_exception = false}));
  BOOST_TEST(!autograd::gradcheck(f, {x}, {.raise_exception = false, .fast_mode = true}));
}

BOOST_AUTO_TEST_CASE(passes_right_ones) {
  const variable_list x{random({2, 3}).requires_grad_(), random({3, 5}).requires_grad_(), random({5}).requires_grad_()};
  BOOST_TEST(autograd::gradcheck(network, x));
  BOOST_TEST(autograd::gradcheck(network, x, {.fast_mode = true}));
  BOOST_TEST(autograd::gradgradcheck(network, x));
  BOOST_TEST(x[0].is_leaf());
}

BOOST_AUTO_TEST_CASE(refuses_inputs_that_it_cannot_check) {
  const auto f = [](const Tensor& t) { return t * 2; };
  check_error([&] { autograd::gradcheck(f, {random({2})}); }, "at least one input tensor to require gradient");
  const Tensor wide = random({1}).expand({3}).detach().requires_grad_();
  check_error([&] { autograd::gradcheck(f, {wide}); }, "has a dimension with stride 0");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(pictures)

BOOST_AUTO_TEST_CASE(a_graph_in_dot_names_operations_shapes_and_leaves) {
  const Tensor w = random({3, 2}).requires_grad_();
  const std::string dot = autograd::to_dot((random({4, 3}).mm(w)).relu().sum(), {{"weight", w}});
  for (const char* part : {"digraph", "MmBackward0", "ReluBackward0", "SumBackward0", "weight", "(3, 2)", "->"}) {
    BOOST_TEST(dot.find(part) != std::string::npos, part);
  }
  check_error([] { autograd::to_dot(rondo::ones({2})); }, "does not require grad");
}

BOOST_AUTO_TEST_CASE(a_profile_sees_operations_and_steps_with_bytes) {
  const Tensor w = random({30, 20}).requires_grad_();
  autograd::Profile profile;
  (random({40, 30}).mm(w)).relu().sum().backward();
  const auto events = profile.events();
  BOOST_TEST_MESSAGE(profile.table());
  const auto has = [&](const std::string& name, size_t bytes) {
    for (const auto& event : events) {
      if (event.name == name && event.bytes >= bytes) return true;
    }
    return false;
  };
  BOOST_TEST(has("Mm", 40 * 20 * 8));
  BOOST_TEST(has("Relu", 40 * 20 * 8));
  BOOST_TEST(has("MmBackward0", 30 * 20 * 8));
  BOOST_TEST(profile.table().find("MmBackward0") != std::string::npos);
  BOOST_TEST(profile.chrome_trace().find("\"traceEvents\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_profile_of_detached_results_changes_in_place_and_failures) {
  const Tensor x = random({4}).requires_grad_();
  autograd::Profile profile;
  Tensor y = x.exp();
  y.detach_();
  Tensor z = x * 1;
  z.mul_(x);
  const Tensor failing = (x * 1).sigmoid();
  failing.register_hook([](const Tensor&) { throw std::runtime_error("stop"); });
  const Tensor root = failing.tanh().sum();
  BOOST_CHECK_THROW(root.backward(), std::runtime_error);
  const Tensor large = random({1000});
  const std::string table = profile.table();
  BOOST_TEST(table.find("Exp") != std::string::npos, table);
  int products = 0;
  for (const auto& event : profile.events()) {
    products += event.name == "Mul";
    if (event.backward) BOOST_TEST(event.bytes < 4000u);
  }
  BOOST_TEST(products == 3);
}

BOOST_AUTO_TEST_SUITE_END()
