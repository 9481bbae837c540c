// Values as .pt files in memory: pickle_save and pickle_load, Dict.
#include "files.h"

#include <rondo/tests/support/values.h>

#include <limits>

using rondo::Dict;
using rondo::GenericDict;
using rondo::IValue;
using rondo::Tensor;
using rondo::ivalue::Tuple;
using support::check_error;
using support::check_values;

namespace {

IValue around(const IValue& value) { return rondo::pickle_load(rondo::pickle_save(value)); }

std::vector<char> bytes_of(const std::string& fixture) {
  const std::string text = files::read(files::fixture(fixture));
  return {text.begin(), text.end()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pickled)

BOOST_AUTO_TEST_CASE(values_come_back) {
  BOOST_TEST(around({}).isNone());
  for (const int64_t number :
       {int64_t{0}, int64_t{255}, int64_t{256}, int64_t{-1}, int64_t{1} << 31, -(int64_t{1} << 40),
        std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()}) {
    BOOST_TEST(around(number).toInt() == number);
  }
  BOOST_TEST(around(-0.1).toDouble() == -0.1);
  BOOST_TEST(around(true).toBool());
  BOOST_TEST(around("näher").toStringRef() == "näher");
  BOOST_TEST((around(std::vector<int64_t>{1, -2}).toIntVector() == std::vector<int64_t>{1, -2}));
  BOOST_TEST((around(std::vector<double>{1, -2}).toDoubleVector() == std::vector<double>{1, -2}));
  BOOST_TEST(around(std::vector<Tensor>{rondo::ones({2}), rondo::zeros({1})}).toTensorVector().size() == 2u);
  const IValue list = around(std::vector<IValue>{1, "x", 2.5});
  BOOST_TEST(list.isList());
  BOOST_TEST(list.toList()[1].toStringRef() == "x");
  BOOST_TEST(list.tagKind() == std::string("GenericList"));
  const IValue strings = around(std::vector<std::string>{"a", "b"});
  BOOST_TEST((strings.to<std::vector<std::string>>() == std::vector<std::string>{"a", "b"}));
  const IValue tuple = around(Tuple::create({1, true, IValue()}));
  BOOST_TEST(tuple.isTuple());
  BOOST_TEST(!tuple.isList());
  BOOST_TEST(tuple.toTuple()->elements().size() == 3u);
  BOOST_TEST(tuple.toTupleRef().elements()[2].isNone());
}

BOOST_AUTO_TEST_CASE(tensors_keep_strides_dtypes_and_what_they_share) {
  const Tensor base = rondo::arange(12, rondo::kFloat).reshape({3, 4});
  const Tensor leaf = rondo::ones({2}, rondo::kDouble).requires_grad_();
  const IValue loaded = around(std::vector<Tensor>{base.t(), base[1], leaf});
  const std::vector<Tensor> tensors = loaded.toTensorVector();
  BOOST_TEST((tensors[0].strides() == rondo::IntArrayRef({1, 4})));
  BOOST_TEST(rondo::equal(tensors[0], base.t()));
  BOOST_TEST(rondo::equal(tensors[1], base[1]));
  BOOST_TEST(tensors[2].requires_grad());
  tensors[1].fill_(-1);
  check_values(tensors[0].select(1, 1), {-1, -1, -1, -1});
  for (const rondo::ScalarType type : {rondo::kHalf, rondo::kBFloat16, rondo::kLong, rondo::kInt, rondo::kShort,
                                       rondo::kChar, rondo::kByte, rondo::kBool}) {
    const Tensor tensor = rondo::ones({2, 3}).to(type);
    BOOST_TEST((around(tensor).toTensor().dtype() == type));
    BOOST_TEST(rondo::equal(around(tensor).toTensor(), tensor));
  }
  BOOST_TEST((around(rondo::empty({0, 3})).toTensor().sizes() == rondo::IntArrayRef({0, 3})));
  BOOST_TEST(around(rondo::tensor(2.5)).toTensor().dim() == 0);
}

BOOST_AUTO_TEST_CASE(dictionaries) {
  Dict<std::string, Tensor> weights;
  weights.insert("b", rondo::ones({2}));
  weights.insert("a", rondo::zeros({1}));
  const GenericDict loaded = around(weights).toGenericDict();
  std::vector<std::string> names;
  for (const auto& entry : loaded) {
    names.push_back(entry.key().toStringRef());
    BOOST_TEST(entry.value().isTensor());
  }
  BOOST_TEST((names == std::vector<std::string>{"b", "a"}));
  check_values(loaded.at("b").toTensor(), {1, 1});
  const auto typed = around(weights).to<Dict<std::string, Tensor>>();
  check_values(typed.at("a"), {0});
  BOOST_TEST(!typed.contains("c"));
  check_error([&] { typed.at("c"); }, "not in the map");
}

BOOST_AUTO_TEST_CASE(dict_as_libtorch_has_it) {
  Dict<int64_t, std::string> dict;
  BOOST_TEST(dict.empty());
  BOOST_TEST(dict.insert(3, "three").second);
  BOOST_TEST(!dict.insert(3, "other").second);
  BOOST_TEST(dict.at(3) == "three");
  BOOST_TEST(!dict.insert_or_assign(3, "four").second);
  for (int64_t i = 0; i < 100; ++i) dict.insert_or_assign(i, std::to_string(i));
  BOOST_TEST(dict.size() == 100u);
  const Dict<int64_t, std::string> shared = dict, own = dict.copy();
  dict.erase(dict.find(50));
  BOOST_TEST(shared.size() == 99u);
  BOOST_TEST(own.size() == 100u);
  BOOST_TEST(dict.erase(50) == 0u);
  BOOST_TEST(dict.erase(0) == 1u);
  BOOST_TEST((dict.find(50) == dict.end()));
  dict.find(51)->setValue("x");
  BOOST_TEST(dict.at(51) == "x");
  dict.clear();
  BOOST_TEST(shared.empty());
  GenericDict any;
  any.insert(1, "int");
  any.insert(true, "bool");
  any.insert(1.0, "double");
  any.insert("1", "string");
  BOOST_TEST(any.size() == 4u);
  BOOST_TEST(any.at(true).toStringRef() == "bool");
  check_error([&] { any.insert(std::vector<int64_t>{1}, 1); },
              "a key is a number, a bool, a string or a tensor; got IntList");
}

BOOST_AUTO_TEST_CASE(what_other_programs_wrote) {
  const GenericDict libtorch = rondo::pickle_load(bytes_of("libtorch_pickle.pt")).toGenericDict();
  BOOST_TEST(libtorch.at("n").toInt() == 3);
  BOOST_TEST(libtorch.at("big").toInt() == int64_t{1} << 40);
  BOOST_TEST((libtorch.at("list").toIntVector() == std::vector<int64_t>{1, 2}));
  BOOST_TEST((libtorch.at("doubles").toDoubleVector() == std::vector<double>{1, 2}));
  BOOST_TEST(libtorch.at("ts").toTensorList().size() == 1u);
  BOOST_TEST(libtorch.at("bools").toList()[0].toBool());
  BOOST_TEST((libtorch.at("strs").to<std::vector<std::string>>() == std::vector<std::string>{"a", "b"}));
  BOOST_TEST(libtorch.at("tuple").toTupleRef().size() == 4u);

  const GenericDict python = rondo::pickle_load(bytes_of("python_nested.pt")).toGenericDict();
  BOOST_TEST(python.at("epoch").toInt() == 12);
  BOOST_TEST(python.at("model").toGenericDict().at("0.bias").isTensor());
  const GenericDict optimizer = python.at("optimizer").toGenericDict();
  const GenericDict group = optimizer.at("param_groups").toList()[0].toGenericDict();
  BOOST_TEST(group.at("betas").toTupleRef().elements()[1].toDouble() == 0.999);
  BOOST_TEST(group.at("foreach").isNone());
  BOOST_TEST(optimizer.at("state").toGenericDict().at(0).toGenericDict().at("step").isTensor());
  check_values(rondo::pickle_load(bytes_of("python_tensor.pt")).toTensor(), {1, 2, 3});
  BOOST_TEST(rondo::pickle_load(bytes_of("python_list.pt")).toListRef()[1].isTensor());
}

BOOST_AUTO_TEST_CASE(what_is_refused) {
  check_error([] { rondo::pickle_load({}); }, "the data");
  check_error([] { rondo::pickle_load(bytes_of("c.npy")); }, "the data");
  check_error([] { rondo::pickle_save(Tensor()); }, "not defined");
  check_error([] { rondo::pickle_save("\xff"); }, "UTF-8");
  IValue deep = 1;
  for (int i = 0; i < 200; ++i) deep = std::vector<IValue>{deep};
  check_error([&] { rondo::pickle_save(deep); }, "100 levels");
  rondo::serialize::OutputArchive archive;
  check_error([&] { archive.write("x", IValue(Tuple::create({1}))); }, "'x' is a Tuple");
  check_error([] { IValue(1).toGenericDict(); }, "Expected GenericDict but got Int");
}

BOOST_AUTO_TEST_SUITE_END()
