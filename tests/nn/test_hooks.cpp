#include <rondo/nn.h>
#include <rondo/tests/support/values.h>

namespace nn = rondo::nn;
using nn::ForwardValue;
using nn::ForwardValues;
using rondo::Tensor;
using support::check_error;
using support::check_values;

namespace {

struct TwiceImpl : nn::Cloneable<TwiceImpl> {
  void reset() override {}
  Tensor forward(Tensor x) { return x * 2; }
};
RONDO_MODULE(Twice);

struct PairImpl : nn::Module {
  std::tuple<Tensor, int> forward(const Tensor& x, int n) { return {x + n, n}; }
};
RONDO_MODULE(Pair);

struct NothingImpl : nn::Module {
  void forward() { ++calls; }
  int calls = 0;
};
RONDO_MODULE(Nothing);

struct OwnerImpl : nn::Module {
  int forward(const std::unique_ptr<int>& value) { return *value; }
};
RONDO_MODULE(Owner);

}  // namespace

BOOST_AUTO_TEST_SUITE(hooks)

BOOST_AUTO_TEST_CASE(hooks_see_and_replace_tensors) {
  Twice twice;
  BOOST_TEST(!twice->has_forward_hooks());
  std::vector<std::string> order;
  Tensor seen_input, seen_output;
  auto first = twice->register_forward_pre_hook([&](nn::Module& module, const Tensor& input) {
    BOOST_TEST(&module == twice.get());
    order.push_back("before");
    seen_input = input;
  });
  auto second = twice->register_forward_pre_hook([](nn::Module&, const Tensor& input) { return input + 1; });
  auto third = twice->register_forward_hook([&](nn::Module&, const Tensor& input, const Tensor& output) {
    order.push_back("after");
    check_values(input, {4});
    seen_output = output;
  });
  auto fourth = twice->register_forward_hook([](nn::Module&, const Tensor&, const Tensor& y) { return y * 10; });
  const Tensor x = rondo::full({1}, 3.0);
  check_values(twice(x), {80});
  BOOST_TEST(order == (std::vector<std::string>{"before", "after"}), boost::test_tools::per_element());
  BOOST_TEST(seen_input.is_same(x));
  check_values(seen_output, {8});
  check_values(x, {3});
  Tensor variable = x;
  check_values(twice(variable), {80});
  BOOST_TEST(variable.is_same(x));
  check_values(twice(rondo::full({1}, 3.0)), {80});
  // A direct call passes them by.
  check_values(twice->forward(x), {6});
  second.remove();
  third.remove();
  check_values(twice(x), {60});
  first.remove();
  first.remove();
  fourth.remove();
  check_values(twice(x), {6});
}

BOOST_AUTO_TEST_CASE(hooks_run_in_any_modules_and_sequentials) {
  Twice twice;
  twice->register_forward_pre_hook([](nn::Module&, const Tensor& input) { return input + 1; });
  twice->register_forward_hook([](nn::Module&, const Tensor& input, const Tensor& y) { return y + input; });
  const Tensor x = rondo::ones({1});
  check_values(nn::AnyModule(twice).forward(x), {6});
  check_values(nn::AnyModule(twice).forward_tensor(x), {6});
  nn::Sequential chain(twice, nn::Identity());
  check_values(chain->forward(x), {6});
  chain->register_forward_hook([](nn::Module&, const Tensor&, const Tensor& y) { return -y; });
  check_values(chain(x), {-6});
}

BOOST_AUTO_TEST_CASE(hooks_for_values_of_any_type) {
  Pair pair;
  int calls = 0;
  pair->register_forward_pre_hook([&](nn::Module&, ForwardValues inputs) {
    ++calls;
    BOOST_TEST(inputs.size() == 2u);
    inputs[0].set(inputs[0].get<Tensor>() + 1);
    BOOST_TEST(inputs[1].get<int>() == 5);
    BOOST_TEST(inputs[1].try_get<double>() == nullptr);
    check_error<rondo::TypeError>([&] { inputs[1].get<double>(); }, "the value is of type int, not double");
    check_error<rondo::IndexError>([&] { inputs[2]; }, "index 2 is out of range; there are 2 inputs");
  });
  pair->register_forward_hook([&](nn::Module&, ForwardValues inputs, ForwardValue& output) {
    BOOST_TEST(inputs[1].get<int>() == 5);
    auto result = output.get<std::tuple<Tensor, int>>();
    std::get<1>(result) += 1;
    output.set(result);
  });
  const Tensor x = rondo::zeros({1});
  auto [y, n] = pair(x, 5);
  check_values(y, {6});
  BOOST_TEST(n == 6);
  auto held = nn::AnyModule(pair).forward<std::tuple<Tensor, int>>(x, 5);
  check_values(std::get<0>(held), {6});
  BOOST_TEST(std::get<1>(held) == 6);
  BOOST_TEST(calls == 2);
  auto wrong = pair->register_forward_hook([](nn::Module&, const Tensor&, const Tensor&) {});
  check_error<rondo::TypeError>([&] { pair(x, 5); }, "the hook takes tensors, but the output of");
}

BOOST_AUTO_TEST_CASE(modules_without_inputs_or_results) {
  Nothing nothing;
  nothing->register_forward_hook([](nn::Module&, ForwardValues inputs, ForwardValue& output) {
    BOOST_TEST(inputs.size() == 0u);
    BOOST_TEST((output.type_info() == typeid(void)));
  });
  nothing();
  BOOST_TEST(nothing->calls == 1);
  auto handle = nothing->register_forward_pre_hook([](nn::Module&, const Tensor&) {});
  check_error<rondo::TypeError>([&] { nothing(); }, "was called without inputs");

  Owner owner;
  owner->register_forward_pre_hook(
      [](nn::Module&, ForwardValues inputs) { BOOST_TEST(*inputs[0].get<std::unique_ptr<int>>() == 7); });
  auto seven = std::make_unique<int>(7);
  BOOST_TEST(owner(seven) == 7);
  BOOST_TEST(owner(std::move(seven)) == 7);
}

BOOST_AUTO_TEST_CASE(hooks_remove_themselves_and_outlive_modules) {
  nn::RemovableHandle handle;
  {
    Twice twice;
    int calls = 0;
    handle = twice->register_forward_hook([&](nn::Module&, const Tensor&, const Tensor&) {
      ++calls;
      handle.remove();
    });
    twice(rondo::ones({1}));
    twice(rondo::ones({1}));
    BOOST_TEST(calls == 1);
    handle = twice->register_forward_hook([](nn::Module&, const Tensor&, const Tensor&) {});
  }
  handle.remove();
  check_error([] { Twice()->add_forward_hook(nullptr); }, "the hook is null");
}

BOOST_AUTO_TEST_CASE(clones_have_hooks_of_their_own) {
  Twice twice;
  auto handle = twice->register_forward_hook([](nn::Module&, const Tensor&, const Tensor& y) { return y + 1; });
  Twice copy = std::dynamic_pointer_cast<TwiceImpl>(twice->clone());
  nn::Sequential chain(twice);
  nn::Sequential chain_copy = std::dynamic_pointer_cast<nn::SequentialImpl>(chain->clone());
  handle.remove();
  const Tensor x = rondo::ones({1});
  check_values(twice(x), {2});
  check_values(copy(x), {3});
  check_values(chain_copy(x), {3});
}

BOOST_AUTO_TEST_CASE(gradients_pass_through_hooks) {
  nn::Linear linear(2, 1);
  linear->register_forward_pre_hook([](nn::Module&, const Tensor& input) { return input * 3; });
  const Tensor x = rondo::ones({1, 2}, rondo::requires_grad());
  linear(x).sum().backward();
  BOOST_TEST(rondo::allclose(x.grad(), linear->weight.detach() * 3));
}

BOOST_AUTO_TEST_SUITE_END()
