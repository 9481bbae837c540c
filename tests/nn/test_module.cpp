#include <rondo/nn.h>
#include <rondo/tests/support/values.h>

namespace nn = rondo::nn;
using rondo::Tensor;
using support::check_error;
using support::Warnings;

namespace {

struct Unit : nn::Module {};

struct Net : nn::Module {
  Net() : nn::Module("Net") {
    first = register_module("first", nn::Linear(3, 4));
    inner = register_module("inner", nn::Sequential(nn::Linear(4, 2), nn::ReLU()));
    scale = register_parameter("scale", rondo::ones({2}));
    steps = register_buffer("steps", rondo::zeros({}, rondo::kLong));
  }
  Tensor forward(const Tensor& x) { return inner->forward(first(x)) * scale; }

  nn::Linear first{nullptr};
  nn::Sequential inner{nullptr};
  Tensor scale, steps;
};

struct Branch : nn::Cloneable<Branch> {
  Branch() { reset(); }
  void reset() override {
    linear = register_module("linear", nn::Linear(2, 2));
    weight = register_parameter("weight", rondo::ones({2}));
    count = register_buffer("count", rondo::zeros({1}));
  }
  nn::Linear linear{nullptr};
  Tensor weight, count;
  int value = 0;
};

std::vector<std::string> keys_of(const rondo::OrderedDict<std::string, Tensor>& dict) { return dict.keys(); }

}  // namespace

BOOST_AUTO_TEST_SUITE(module)

BOOST_AUTO_TEST_CASE(names) {
  BOOST_TEST(Net().name() == "Net");
  BOOST_TEST(Unit().name() == "(anonymous namespace)::Unit");
  BOOST_TEST(nn::LinearImpl(1, 1).name() == "torch::nn::LinearImpl");
  const nn::Linear linear(1, 1);
  BOOST_TEST(linear->name() == "torch::nn::LinearImpl");
}

BOOST_AUTO_TEST_CASE(parameters_come_in_the_order_of_registration_own_ones_first) {
  Net net;
  const std::vector<std::string> wanted{"scale", "first.weight", "first.bias", "inner.0.weight", "inner.0.bias"};
  BOOST_TEST(keys_of(net.named_parameters()) == wanted, boost::test_tools::per_element());
  BOOST_TEST(keys_of(net.named_parameters(false)) == std::vector<std::string>{"scale"},
             boost::test_tools::per_element());
  BOOST_TEST(keys_of(net.named_buffers()) == std::vector<std::string>{"steps"}, boost::test_tools::per_element());
  BOOST_TEST(net.parameters().size() == 5u);
  BOOST_TEST(net.buffers().size() == 1u);
  BOOST_TEST(net.named_parameters()["first.weight"].is_same(net.first->weight));
  for (const Tensor& parameter : net.parameters()) BOOST_TEST(parameter.requires_grad());
  BOOST_TEST(!net.steps.requires_grad());
}

BOOST_AUTO_TEST_CASE(undefined_tensors_are_kept_and_left_out) {
  Warnings warnings;
  nn::Linear linear(nn::LinearOptions(2, 3).bias(false));
  BOOST_TEST(!linear->bias.defined());
  BOOST_TEST(linear->parameters().size() == 1u);
  BOOST_TEST(Warnings::texts().empty());
  Unit unit;
  unit.register_parameter("p", {});
  BOOST_REQUIRE(Warnings::texts().size() == 1u);
  BOOST_TEST(Warnings::texts()[0].find("Ignoring the `requires_grad=true` function parameter") != std::string::npos);
  BOOST_TEST(unit.parameters().empty());
  check_error([&] { unit.register_parameter("p", rondo::ones({1})); }, "Parameter 'p' already defined");
}

BOOST_AUTO_TEST_CASE(bad_names_are_refused) {
  Unit unit;
  check_error([&] { unit.register_parameter("", rondo::ones({1})); }, "Parameter name must not be empty");
  check_error([&] { unit.register_parameter("a.b", rondo::ones({1})); },
              "Parameter name must not contain a dot (got 'a.b')");
  check_error([&] { unit.register_buffer("", rondo::ones({1})); }, "Buffer name must not be empty");
  check_error([&] { unit.register_buffer("a.b", rondo::ones({1})); }, "Buffer name must not contain a dot (got 'a.b')");
  check_error([&] { unit.register_module("", nn::ReLU()); }, "Submodule name must not be empty");
  check_error([&] { unit.register_module("a.b", nn::ReLU()); }, "Submodule name must not contain a dot (got 'a.b')");
  unit.register_module("r", nn::ReLU());
  check_error([&] { unit.register_module("r", nn::ReLU()); }, "Submodule 'r' already defined");
  unit.register_buffer("b", rondo::ones({1}));
  check_error([&] { unit.register_buffer("b", rondo::ones({1})); }, "Buffer 'b' already defined");
}

BOOST_AUTO_TEST_CASE(submodules_are_replaced_and_removed) {
  Net net;
  net.first = net.replace_module("first", nn::Linear(3, 4));
  BOOST_TEST(net.named_parameters()["first.weight"].is_same(net.first->weight));
  check_error([&] { net.replace_module("third", nn::Linear(1, 1)); }, "Submodule 'third' is not defined");
  net.unregister_module("first");
  BOOST_TEST(net.children().size() == 1u);
  check_error([&] { net.unregister_module("first"); }, "No Module with name `first` is registered");
}

BOOST_AUTO_TEST_CASE(modules_are_listed_depth_first) {
  const auto net = std::make_shared<Net>();
  const auto named = net->named_modules("net");
  const std::vector<std::string> wanted{"net", "net.first", "net.inner", "net.inner.0", "net.inner.1"};
  BOOST_TEST(named.keys() == wanted, boost::test_tools::per_element());
  BOOST_TEST(named[0].value() == net);
  BOOST_TEST(net->modules().size() == 5u);
  BOOST_TEST(net->modules(false).size() == 4u);
  BOOST_TEST(net->named_children().keys() == (std::vector<std::string>{"first", "inner"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_module_on_the_stack_is_not_in_its_own_list) {
  Net net;
  BOOST_TEST(net.modules(false).size() == 4u);
  check_error([&] { net.modules(); }, "It looks like you attempted to retrieve your top-level module as a shared_ptr");
}

BOOST_AUTO_TEST_CASE(apply_in_all_forms) {
  const auto net = std::make_shared<Net>();
  const Net& constant = *net;
  std::vector<std::string> names;
  int count = 0;
  net->apply([&](nn::Module& module) { count += module.is_training(); });
  constant.apply([&](const nn::Module& module) { count += module.is_training(); });
  net->apply([&](const std::string& name, nn::Module&) { names.push_back(name); }, "net");
  constant.apply([&](const std::string& name, const nn::Module&) { names.push_back(name); });
  net->apply([&](const std::shared_ptr<nn::Module>& module) { count += module != nullptr; });
  net->apply([&](const std::string& name, const std::shared_ptr<nn::Module>&) { names.push_back(name); }, "p");
  BOOST_TEST(count == 15);
  const std::vector<std::string> wanted{"net", "net.first", "net.inner", "net.inner.0", "net.inner.1",
                                        "",    "first",     "inner",     "inner.0",     "inner.1",
                                        "p",   "p.first",   "p.inner",   "p.inner.0",   "p.inner.1"};
  BOOST_TEST(names == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(training_reaches_all_submodules) {
  Net net;
  BOOST_TEST(net.is_training());
  net.eval();
  BOOST_TEST(!net.is_training());
  BOOST_TEST(!net.inner->ptr(1)->is_training());
  net.train();
  BOOST_TEST(net.inner->ptr(1)->is_training());
}

BOOST_AUTO_TEST_CASE(to_converts_parameters_and_buffers_in_place) {
  Net net;
  const Tensor weight = net.first->weight;
  net.to(rondo::kDouble);
  BOOST_TEST((weight.dtype() == rondo::kDouble));
  BOOST_TEST((net.steps.dtype() == rondo::kDouble));
  BOOST_TEST(weight.requires_grad());
  net.to(rondo::kCPU, rondo::kFloat);
  BOOST_TEST((weight.dtype() == rondo::kFloat));
  net.forward(rondo::ones({1, 3})).sum().backward();
  BOOST_TEST((weight.grad().dtype() == rondo::kFloat));
}

BOOST_AUTO_TEST_CASE(zero_grad_drops_or_clears) {
  Net net;
  net.forward(rondo::ones({1, 3})).sum().backward();
  BOOST_TEST(net.scale.grad().defined());
  net.zero_grad(false);
  BOOST_TEST(net.first->weight.grad().sum().item<double>() == 0);
  net.zero_grad();
  for (const Tensor& parameter : net.parameters()) BOOST_TEST(!parameter.grad().defined());
}

BOOST_AUTO_TEST_CASE(as_takes_holders_and_modules) {
  const nn::Linear linear(3, 4);
  const std::shared_ptr<nn::Module> module = linear.ptr();
  BOOST_TEST(module->as<nn::Linear>() == linear.get());
  BOOST_TEST(module->as<nn::LinearImpl>() == linear.get());
  BOOST_TEST(module->as<nn::Module>() == module.get());
  BOOST_TEST(module->as<nn::ReLU>() == nullptr);
  BOOST_TEST(static_cast<const nn::Module&>(*module).as<nn::Linear>()->options.in_features() == 3);
}

BOOST_AUTO_TEST_CASE(clones_are_deep) {
  Branch branch;
  branch.value = 7;
  {
    rondo::NoGradGuard no_grad;
    branch.weight.fill_(5);
    branch.count.fill_(2);
  }
  const auto copy = std::dynamic_pointer_cast<Branch>(branch.clone());
  BOOST_REQUIRE(copy);
  BOOST_TEST(copy->value == 7);
  BOOST_TEST(rondo::equal(copy->weight, branch.weight));
  BOOST_TEST(rondo::equal(copy->count, branch.count));
  BOOST_TEST(rondo::equal(copy->linear->weight, branch.linear->weight));
  BOOST_TEST(copy->weight.requires_grad());
  BOOST_TEST(!copy->weight.is_same(branch.weight));
  BOOST_TEST(copy->weight.is_same(copy->named_parameters()["weight"]));
  BOOST_TEST(copy->linear->weight.is_same(copy->named_parameters()["linear.weight"]));
  {
    rondo::NoGradGuard no_grad;
    copy->linear->weight.add_(1);
  }
  BOOST_TEST(!rondo::equal(copy->linear->weight, branch.linear->weight));
}

BOOST_AUTO_TEST_CASE(clones_that_cannot_be) {
  check_error([] { Unit().clone(); }, "clone() has not been implemented for (anonymous namespace)::Unit");
  struct Forgetful : nn::Cloneable<Forgetful> {
    Forgetful() { register_parameter("p", rondo::ones({1})); }
    void reset() override {}
  };
  check_error([] { Forgetful().clone(); },
              "does not have the same number of parameters as the original module after calling reset()");
  struct ForgetfulOfBuffers : nn::Cloneable<ForgetfulOfBuffers> {
    ForgetfulOfBuffers() { register_buffer("b", rondo::ones({1})); }
    void reset() override {}
  };
  check_error([] { ForgetfulOfBuffers().clone(); }, "does not have the same number of buffers");
  struct ForgetfulOfModules : nn::Cloneable<ForgetfulOfModules> {
    ForgetfulOfModules() { register_module("m", nn::ReLU()); }
    void reset() override {}
  };
  check_error([] { ForgetfulOfModules().clone(); }, "does not have the same number of child modules");
}

BOOST_AUTO_TEST_CASE(holders) {
  nn::Linear empty = nullptr;
  BOOST_TEST(empty.is_empty());
  BOOST_TEST(!empty);
  check_error([&] { empty->forward(rondo::ones({1, 1})); }, "Accessing empty ModuleHolder");
  nn::Linear linear(2, 3);
  nn::Linear same = linear;
  BOOST_TEST(same.get() == linear.get());
  BOOST_TEST(same.ptr().get() == linear.get());
  empty = linear.ptr();
  BOOST_TEST(empty.get() == linear.get());
  BOOST_TEST(linear->shared_from_this().get() == linear.get());
  BOOST_TEST(linear(rondo::ones({4, 2})).size(1) == 3);
}

BOOST_AUTO_TEST_SUITE_END()
