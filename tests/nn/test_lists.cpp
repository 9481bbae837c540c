#include <rondo/nn.h>
#include <rondo/tests/support/values.h>

namespace nn = rondo::nn;
using rondo::Tensor;
using support::check_error;
using support::check_values;
using support::printed;

namespace {

using Keys = std::vector<std::string>;

struct Number : nn::Module {
  explicit Number(int value) : value_(value) {}
  int value_;
};

struct TwoLayers : nn::Cloneable<TwoLayers> {
  TwoLayers() { TwoLayers::reset(); }
  void reset() override {
    list = register_module("list", nn::ModuleList());
    list->push_back(nn::Linear(2, 2));
    list->push_back(nn::Linear(2, 1));
    numbers = register_module("numbers", nn::ParameterList(rondo::ones({2})));
  }
  Tensor forward(const Tensor& x) { return list->at<nn::LinearImpl>(1).forward(list[0]->as<nn::Linear>()->forward(x)); }
  nn::ModuleList list;
  nn::ParameterList numbers;
};

std::vector<int> values_of(const nn::ModuleList& list) {
  std::vector<int> values;
  for (const auto& module : *list) values.push_back(module->as<Number>()->value_);
  return values;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(lists)

BOOST_AUTO_TEST_CASE(module_list_holds_modules_of_any_kind) {
  nn::ModuleList list(nn::Linear(2, 3), std::make_shared<Number>(7), Number(8));
  BOOST_TEST(list->size() == 3u);
  BOOST_TEST(list->at<Number>(1).value_ == 7);
  BOOST_TEST(list->ptr<Number>(2)->value_ == 8);
  BOOST_TEST(!list->ptr<Number>(0));
  BOOST_TEST(list[0]->as<nn::Linear>() != nullptr);
  BOOST_TEST(list->named_parameters().keys() == (Keys{"0.weight", "0.bias"}), boost::test_tools::per_element());
  check_error<rondo::IndexError>([&] { list->ptr(3); }, "Index out of range: got 3, there are 3 modules");
  check_error<rondo::TypeError>([&] { list->at<Number>(0); },
                                "Attempted to cast module of type torch::nn::LinearImpl to type");
  BOOST_TEST(printed(list).find("torch::nn::ModuleList(\n  (0): torch::nn::Linear(in_features=2") == 0u);
  check_error([&] { list->push_back(std::shared_ptr<nn::Module>()); }, "Submodule '3' is null");
  BOOST_TEST(list->size() == 3u);
}

BOOST_AUTO_TEST_CASE(module_list_inserts_and_renames) {
  nn::ModuleList list;
  BOOST_TEST(list->is_empty());
  list->extend(std::vector<std::shared_ptr<Number>>{std::make_shared<Number>(1), std::make_shared<Number>(2)});
  list->insert(0, Number(0));
  list->insert(3, std::make_shared<Number>(4));
  list->insert(3, std::make_shared<Number>(3));
  BOOST_TEST(values_of(list) == (std::vector<int>{0, 1, 2, 3, 4}), boost::test_tools::per_element());
  int place = 0;
  for (const auto& child : list->named_children()) {
    BOOST_TEST(child.key() == std::to_string(place));
    BOOST_TEST(child.value()->as<Number>()->value_ == place++);
  }
  check_error<rondo::IndexError>([&] { list->insert(6, Number(9)); }, "Index out of range");
  nn::ModuleList both(Number(-1));
  both->extend(*list);
  BOOST_TEST(both->size() == 6u);
}

BOOST_AUTO_TEST_CASE(module_dict_updates_and_pops) {
  nn::ModuleDict::Impl::Items items = {{"a", nn::Linear(1, 2).ptr()}, {"b", std::make_shared<Number>(1)}};
  nn::ModuleDict dict(items);
  BOOST_TEST(dict->keys() == (Keys{"a", "b"}), boost::test_tools::per_element());
  BOOST_TEST(dict->at<Number>("b").value_ == 1);
  rondo::OrderedDict<std::string, std::shared_ptr<nn::Module>> more;
  more.insert("b", std::make_shared<Number>(2));
  more.insert("c", std::make_shared<Number>(3));
  dict->update(more);
  BOOST_TEST(dict->size() == 3u);
  BOOST_TEST(dict->at<Number>("b").value_ == 2);
  BOOST_TEST(dict->named_children()["b"] == dict["b"]);
  dict->update(*nn::ModuleDict(items));
  BOOST_TEST(dict->at<Number>("b").value_ == 1);
  BOOST_TEST(dict->pop("a") == items[0].second);
  BOOST_TEST(!dict->contains("a"));
  BOOST_TEST(dict->parameters().empty());
  check_error([&] { dict->pop("a"); }, "'a' is not defined");
  check_error([&] { dict["a"]; }, "'a' is not defined");
  check_error<rondo::TypeError>([&] { dict->at<nn::LinearImpl>("b"); }, "Attempted to cast module of type");
  dict->clear();
  BOOST_TEST(dict->empty());
  BOOST_TEST(dict->children().empty());
  dict->update(items);
  BOOST_TEST(dict->size() == 2u);
}

BOOST_AUTO_TEST_CASE(parameter_lists) {
  const Tensor a = rondo::ones({1, 2}, rondo::requires_grad()), b = rondo::zeros({3});
  nn::ParameterList list(a, b);
  list->append(rondo::full({}, 4.0, rondo::kFloat64));
  BOOST_TEST(list->at(0).is_same(a));
  BOOST_TEST(list[0].requires_grad());
  BOOST_TEST(!list[1].requires_grad());
  BOOST_TEST(printed(list) ==
             "torch::nn::ParameterList(\n(0): Parameter containing: [Float of size [1, 2]]\n"
             "(1): Parameter containing: [Float of size [3]]\n(2): Parameter containing: [Double of size []]\n)");
  nn::ParameterList other(b);
  *other += *list;
  other->extend(std::vector<Tensor>{a});
  BOOST_TEST(other->size() == 5u);
  BOOST_TEST(other->named_parameters().keys()[4] == "4");
  check_error<rondo::IndexError>([&] { list->at(3); }, "Index out of range: got 3, there are 3 parameters");
  for (const auto& item : *list) BOOST_TEST(item.value().defined());
}

BOOST_AUTO_TEST_CASE(parameter_dicts) {
  nn::ParameterDict dict;
  BOOST_TEST(dict->empty());
  dict->insert("w", rondo::ones({2}, rondo::requires_grad()));
  BOOST_TEST(dict["w"].requires_grad());
  check_error([&] { dict->insert("w", rondo::ones({})); }, "Parameter 'w' already defined");
  check_error([&] { dict->insert("w.x", rondo::ones({})); }, "must not contain a dot");
  rondo::OrderedDict<std::string, Tensor> more;
  more.insert("w", rondo::zeros({1}));
  more.insert("v", rondo::zeros({3}));
  dict->update(more);
  BOOST_TEST(dict->keys() == (Keys{"w", "v"}), boost::test_tools::per_element());
  BOOST_TEST(dict->get("w").numel() == 1);
  BOOST_TEST(printed(nn::ParameterDict(more)) ==
             "torch::nn::ParameterDict(\n(w): Parameter containing: [Float of size [1]]\n"
             "(v): Parameter containing: [Float of size [3]]\n)");
  BOOST_TEST(dict->pop("w").numel() == 1);
  BOOST_TEST(!dict->contains("w"));
  dict->clear();
  BOOST_TEST(dict->size() == 0u);
}

BOOST_AUTO_TEST_CASE(lists_clone_deeply) {
  rondo::manual_seed(0);
  TwoLayers pair;
  {
    rondo::NoGradGuard no_grad;
    pair.numbers->at(0).fill_(3);
  }
  pair.eval();
  const auto copy = std::dynamic_pointer_cast<TwoLayers>(pair.clone());
  const Tensor x = rondo::ones({1, 2});
  BOOST_TEST(rondo::equal(copy->forward(x), pair.forward(x)));
  check_values(copy->numbers->at(0), {3, 3});
  BOOST_TEST(!copy->numbers->at(0).is_same(pair.numbers->at(0)));
  BOOST_TEST(copy->named_parameters()["numbers.0"].is_same(copy->numbers->at(0)));
  BOOST_TEST(!copy->numbers->is_training());

  nn::ParameterDict dict;
  dict->insert("frozen", rondo::ones({2}));
  dict->insert("free", rondo::ones({2}, rondo::requires_grad()));
  nn::ParameterDict twin = std::dynamic_pointer_cast<nn::ParameterDictImpl>(dict->clone());
  BOOST_TEST(!twin["frozen"].requires_grad());
  BOOST_TEST(twin["free"].requires_grad());
  BOOST_TEST(twin["free"].is_leaf());

  nn::ModuleDict modules(nn::ModuleDictImpl::Items{{"a", nn::Linear(1, 1).ptr()}});
  nn::ModuleDict other = std::dynamic_pointer_cast<nn::ModuleDictImpl>(modules->clone());
  BOOST_TEST(rondo::equal(other->parameters()[0], modules->parameters()[0]));
  BOOST_TEST(other["a"] != modules["a"]);
}

BOOST_AUTO_TEST_SUITE_END()
