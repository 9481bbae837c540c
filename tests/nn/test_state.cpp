#include <rondo/nn.h>
#include <rondo/tests/support/values.h>

namespace nn = rondo::nn;
using rondo::Tensor;
using State = rondo::OrderedDict<std::string, Tensor>;
using support::check_error;
using support::check_values;

namespace {

using Keys = std::vector<std::string>;

struct StatefulNet : nn::Module {
  StatefulNet() : nn::Module("Net") {
    inner = register_module("inner", nn::Sequential(nn::Linear(2, 2), nn::Linear(nn::LinearOptions(2, 1).bias(false))));
    scale = register_parameter("scale", rondo::ones({2}));
    steps = register_buffer("steps", rondo::zeros({}, rondo::kLong));
    register_buffer("unused", {});
  }
  nn::Sequential inner{nullptr};
  Tensor scale, steps;
};

// All numbers of a module, to see that a failed load changes nothing.
std::vector<Tensor> numbers_of(const nn::Module& module) {
  std::vector<Tensor> all;
  for (const auto& item : module.state_dict()) all.push_back(item.value().clone());
  return all;
}

void check_unchanged(const nn::Module& module, const std::vector<Tensor>& before) {
  const auto after = module.state_dict();
  for (size_t i = 0; i < before.size(); ++i) BOOST_TEST(rondo::equal(after[i].value(), before[i]));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(state)

BOOST_AUTO_TEST_CASE(parameters_and_buffers_by_path) {
  StatefulNet net;
  const State state = net.state_dict();
  BOOST_TEST(state.keys() == (Keys{"scale", "steps", "inner.0.weight", "inner.0.bias", "inner.1.weight"}),
             boost::test_tools::per_element());
  BOOST_TEST(net.state_dict("net").keys()[2] == "net.inner.0.weight");
  BOOST_TEST(net.state_dict("net.").keys()[0] == "net.scale");
  BOOST_TEST(!state["scale"].requires_grad());
  {
    rondo::NoGradGuard no_grad;
    net.scale.fill_(4);
  }
  check_values(state["scale"], {4, 4});
}

BOOST_AUTO_TEST_CASE(round_trip) {
  StatefulNet a, b;
  {
    rondo::NoGradGuard no_grad;
    a.steps.fill_(7);
  }
  const auto report = b.load_state_dict(a.state_dict());
  BOOST_TEST(report.missing_keys.empty());
  BOOST_TEST(report.unexpected_keys.empty());
  check_unchanged(b, numbers_of(a));
  BOOST_TEST(b.scale.requires_grad());
  BOOST_TEST(b.scale.is_leaf());
  BOOST_TEST(b.steps.item<int64_t>() == 7);
  BOOST_TEST(b.steps.scalar_type() == rondo::kLong);
  b.to(rondo::kDouble);
  b.load_state_dict(a.state_dict());
  BOOST_TEST(b.scale.scalar_type() == rondo::kDouble);
}

BOOST_AUTO_TEST_CASE(all_problems_are_named_and_nothing_changes) {
  StatefulNet net;
  const auto before = numbers_of(net);
  State state = net.state_dict();
  for (auto& item : state) item.value() = rondo::zeros_like(item.value());
  state.erase("inner.0.bias");
  state.erase("scale");
  state["inner.1.weight"] = rondo::zeros({3, 1});
  state.insert("extra", rondo::zeros({1}));
  state.insert("more.extra", rondo::zeros({1}));
  check_error(
      [&] { net.load_state_dict(state); },
      "Error(s) in loading state_dict for Net:\n"
      "\tMissing key(s) in state_dict: \"scale\", \"inner.0.bias\".\n"
      "\tUnexpected key(s) in state_dict: \"extra\", \"more.extra\".\n"
      "\tsize mismatch for inner.1.weight: copying a param with shape torch.Size([3, 1]) from checkpoint, the shape in "
      "current model is torch.Size([1, 2]).");
  check_unchanged(net, before);
  check_error([&] { net.load_state_dict(state, false); }, "size mismatch for inner.1.weight");
  check_unchanged(net, before);
  state["inner.1.weight"] = Tensor();
  check_error([&] { net.load_state_dict(state, false); }, "inner.1.weight is undefined");
  state.erase("inner.1.weight");
  const auto report = net.load_state_dict(state, false);
  BOOST_TEST(report.missing_keys == (Keys{"scale", "inner.0.bias", "inner.1.weight"}),
             boost::test_tools::per_element());
  BOOST_TEST(report.unexpected_keys == (Keys{"extra", "more.extra"}), boost::test_tools::per_element());
  check_values(net.inner[0]->parameters()[0], {0, 0, 0, 0});
  check_values(net.scale, {1, 1});
}

BOOST_AUTO_TEST_CASE(a_state_that_shares_the_memory) {
  nn::ParameterList list(rondo::zeros({2}), rondo::ones({2}));
  State swapped;
  swapped.insert("0", list->state_dict()["1"]);
  swapped.insert("1", list->state_dict()["0"]);
  list->load_state_dict(swapped);
  check_values(list[0], {1, 1});
  check_values(list[1], {0, 0});
  list->load_state_dict(list->state_dict());
  check_values(list[0], {1, 1});
  State aliases;
  aliases.insert("0", list[1].data());
  aliases.insert("1", list[0].data());
  list->load_state_dict(aliases);
  check_values(list[0], {0, 0});
  check_values(list[1], {1, 1});
}

BOOST_AUTO_TEST_CASE(parameters_leave_the_lists) {
  nn::Linear linear(2, 1);
  BOOST_TEST(linear->unregister_parameter("bias").is_same(linear->bias));
  BOOST_TEST(linear->parameters().size() == 1u);
  check_error([&] { linear->unregister_parameter("bias"); }, "Parameter 'bias' is not defined");
  check_error([&] { linear->unregister_buffer("count"); }, "Buffer 'count' is not defined");
}

BOOST_AUTO_TEST_SUITE_END()
