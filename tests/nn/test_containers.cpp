#include <rondo/nn.h>
#include <rondo/tests/support/values.h>

namespace nn = rondo::nn;
using nn::AnyModule;
using nn::AnyValue;
using rondo::Tensor;
using support::check_error;
using support::check_values;

namespace {

struct AddImpl : nn::Module {
  explicit AddImpl(double amount) : amount_(amount) {}
  Tensor forward(Tensor x) { return x + amount_; }
  double amount_;
};
RONDO_MODULE(Add);

struct ToIntImpl : nn::Module {
  int forward(const Tensor& x) { return static_cast<int>(x.item<double>()); }
};
RONDO_MODULE(ToInt);

struct Sum : nn::Module {
  Tensor forward(Tensor a, Tensor b) { return a + b; }
};

struct Half : nn::Cloneable<Half> {
  void reset() override {}
  double forward(int x) { return x / 2.0; }
};

struct Defaults : nn::Module {
  int forward(int a, int b = 2, double c = 3.0) { return a + b + static_cast<int>(c); }

 protected:
  RONDO_FORWARD_HAS_DEFAULT_ARGS({1, AnyValue(2)}, {2, AnyValue(3.0)})
};

struct WithoutMacro : nn::Module {
  int forward(int a, int b = 2) { return a + b; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(containers)

BOOST_AUTO_TEST_CASE(any_values_are_exact) {
  AnyValue five(5);
  BOOST_TEST(five.get<int>() == 5);
  BOOST_TEST(five.try_get<double>() == nullptr);
  check_error<rondo::TypeError>([&] { five.get<float>(); },
                                "Attempted to cast AnyValue to float, but its actual type is int");
  const AnyValue text(std::string("hello"));
  AnyValue copy = text;
  BOOST_TEST(copy.get<std::string>() == "hello");
  BOOST_TEST((copy.type_info() == typeid(std::string)));
}

BOOST_AUTO_TEST_CASE(any_modules_take_any_signature) {
  AnyModule half(Half{});
  BOOST_TEST(half.any_forward(5).get<double>() == 2.5);
  BOOST_TEST(half.forward<double>(4) == 2);
  BOOST_TEST(!half.is_tensor_to_tensor());
  check_error([&] { half.any_forward(5.0); },
              "Expected argument #0 to be of type int, but received value of type double");
  check_error([&] { half.any_forward(5, 6); }, "forward() method expects 1 argument(s), but received 2.");
  check_error([&] { half.any_forward(); }, "If (anonymous namespace)::Half's forward() method has default arguments");
  check_error([&] { half.forward<int>(5); }, "Attempted to cast AnyValue to int, but its actual type is double");

  AnyModule sum(std::make_shared<Sum>());
  check_values(sum.forward(rondo::ones({2}), rondo::ones({2})), {2, 2});
  BOOST_TEST(&sum.get<Sum>() == sum.ptr<Sum>().get());
  check_error([&] { sum.get<Half>(); }, "Attempted to cast module of type (anonymous namespace)::Sum");

  AnyModule add(Add(1));
  BOOST_TEST(add.is_tensor_to_tensor());
  check_values(add.forward_tensor(rondo::ones({2})), {2, 2});
  BOOST_TEST(add.get<Add>()->amount_ == 1);
  BOOST_TEST((add.type_info() == typeid(AddImpl)));
}

BOOST_AUTO_TEST_CASE(default_arguments_of_forward) {
  AnyModule defaults(Defaults{});
  BOOST_TEST(defaults.forward<int>(1) == 6);
  BOOST_TEST(defaults.forward<int>(1, 5) == 9);
  BOOST_TEST(defaults.forward<int>(1, 5, 7.0) == 13);
  check_error([&] { defaults.any_forward(); },
              "expects at least 1 argument(s) and at most 3 argument(s), but received 0.");
  AnyModule without(WithoutMacro{});
  BOOST_TEST(without.forward<int>(1, 2) == 3);
  check_error([&] { without.any_forward(1); }, "`FORWARD_HAS_DEFAULT_ARGS` macro");
}

BOOST_AUTO_TEST_CASE(empty_any_modules) {
  AnyModule empty;
  BOOST_TEST(empty.is_empty());
  check_error([&] { empty.any_forward(1); }, "Cannot call forward() on an empty AnyModule");
  check_error([&] { empty.get<Sum>(); }, "Cannot call get() on an empty AnyModule");
  check_error([&] { empty.ptr(); }, "Cannot call ptr() on an empty AnyModule");
  check_error([&] { empty.type_info(); }, "Cannot call type_info() on an empty AnyModule");
  BOOST_TEST(empty.clone().is_empty());
  empty = std::make_shared<Half>();
  BOOST_TEST(empty.clone().forward<double>(3) == 1.5);
}

BOOST_AUTO_TEST_CASE(sequential_chains_tensors) {
  nn::Sequential chain(Add(1), std::make_shared<AddImpl>(2), AddImpl(3), nn::ReLU());
  BOOST_TEST(chain->size() == 4u);
  check_values(chain->forward(rondo::zeros({2})), {6, 6});
  check_values(chain(rondo::full({1}, -8.0)), {0});
  BOOST_TEST(chain->at<AddImpl>(1).amount_ == 2);
  BOOST_TEST(chain->ptr<AddImpl>(2)->amount_ == 3);
  BOOST_TEST(chain[3]->as<nn::ReLU>() != nullptr);
  BOOST_TEST(chain->named_children().keys() == (std::vector<std::string>{"0", "1", "2", "3"}),
             boost::test_tools::per_element());
  check_error<rondo::IndexError>([&] { chain->ptr(4); }, "Index out of range");
  check_error([&] { chain->at<Sum>(0); }, "Attempted to cast module of type");
}

BOOST_AUTO_TEST_CASE(sequential_passes_other_types) {
  nn::Sequential chain(Add(1), ToInt(), Half{});
  BOOST_TEST(chain->forward<double>(rondo::full({}, 4.0)) == 2.5);
  check_error<rondo::TypeError>([&] { chain->forward(rondo::full({}, 4.0)); },
                                "The type of the return value is double, but you asked for type torch::Tensor");
  nn::Sequential two(Sum{}, Add(1));
  check_values(two->forward(rondo::ones({1}), rondo::ones({1})), {3});
  nn::Sequential wrong(ToInt(), Add(1));
  check_error([&] { wrong->forward(rondo::ones({})); }, "Expected argument #0 to be of type torch::Tensor");
  nn::Sequential empty;
  BOOST_TEST(empty->is_empty());
  check_error([&] { empty->forward(rondo::ones({})); }, "Cannot call forward() on an empty Sequential");
  check_error([&] { empty->forward<int>(1); }, "Cannot call forward() on an empty Sequential");
}

BOOST_AUTO_TEST_CASE(sequential_grows) {
  nn::Sequential chain({{"a", Add(1)}, {"b", std::make_shared<AddImpl>(2)}});
  BOOST_TEST(chain->named_children().keys() == (std::vector<std::string>{"a", "b"}), boost::test_tools::per_element());
  chain->push_back("c", Add(3));
  chain->push_back(AddImpl(4));
  nn::Sequential more{nn::Identity()};
  more->extend(*chain);
  more->extend(std::vector<Add>{Add(5)});
  BOOST_TEST(more->size() == 6u);
  check_values(more->forward(rondo::zeros({1})), {15});
  check_error([&] { chain->push_back("c", Add(3)); }, "Submodule 'c' already defined");
  rondo::OrderedDict<std::string, AnyModule> dict;
  dict.insert("x", AnyModule(Add(1)));
  BOOST_TEST(nn::Sequential(dict)->named_children().keys()[0] == "x");
  size_t count = 0;
  for (auto& module : *more) count += module.is_empty() ? 0 : 1;
  BOOST_TEST(count == 6u);
}

BOOST_AUTO_TEST_CASE(sequentials_nest_and_clone) {
  rondo::manual_seed(0);
  nn::Sequential outer(nn::Linear(2, 3), nn::Sequential(nn::Tanh(), nn::Linear(3, 1)));
  const Tensor x = rondo::ones({1, 2});
  const auto copy = std::dynamic_pointer_cast<nn::SequentialImpl>(outer->clone());
  BOOST_REQUIRE(copy);
  BOOST_TEST(rondo::equal(copy->forward(x), outer->forward(x)));
  BOOST_TEST(outer->named_parameters().keys()[2] == "1.1.weight");
  {
    rondo::NoGradGuard no_grad;
    outer->parameters()[0].add_(1);
  }
  BOOST_TEST(!rondo::equal(copy->forward(x), outer->forward(x)));
}

BOOST_AUTO_TEST_CASE(functions_become_modules) {
  const Tensor x = rondo::tensor({-1.0, 2.0});
  nn::Functional relu(rondo::relu);
  check_values(relu(x), {0, 2});
  nn::Functional elu(rondo::elu, 1, 0, 1);
  check_values(elu(x), {0, 0});
  int called = 0;
  nn::Sequential chain(nn::Functional([&](const Tensor& input) {
                         ++called;
                         return input * 2;
                       }),
                       relu);
  check_values(chain->forward(x), {0, 4});
  BOOST_TEST(called == 1);
  BOOST_TEST(!relu->is_serializable());
  check_values(std::dynamic_pointer_cast<nn::FunctionalImpl>(relu->clone())->forward(x), {0, 2});
}

BOOST_AUTO_TEST_SUITE_END()
