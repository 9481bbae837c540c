// Files: values as pickles, and what libtorch 1.13.1 wrote of its optimizers.
#include "case.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

using against::refuses;
using against::value;
using torch::IValue;
using torch::Tensor;
namespace optim = torch::optim;

namespace {

std::string fixture(const std::string& folder, const std::string& name) {
  const char* root = std::getenv("RONDO_SOURCE_DIR");
  return std::string(root ? root : ".") + "/tests/" + folder + "/data/" + name;
}

std::vector<char> bytes_of(const std::string& name) {
  std::ifstream file(fixture("serialize", name), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

IValue around(const IValue& given) { return torch::pickle_load(torch::pickle_save(given)); }

void print(const std::string& what, const IValue& given) {
  if (given.isNone()) {
    value(what, -77);
  } else if (given.isTensor()) {
    value(what, given.toTensor());
    value(what + " requires grad", given.toTensor().requires_grad());
  } else if (given.isInt()) {
    value(what + " int", static_cast<double>(given.toInt()));
  } else if (given.isDouble()) {
    value(what + " double", given.toDouble());
  } else if (given.isBool()) {
    value(what + " bool", given.toBool());
  } else if (given.isString()) {
    value(what + " string " + given.toStringRef(), 1);
  } else if (given.isGenericDict()) {
    const auto dict = given.toGenericDict();
    value(what + " size", static_cast<double>(dict.size()));
    for (const auto& entry : dict) {
      const std::string key =
          entry.key().isString() ? entry.key().toStringRef() : "#" + std::to_string(entry.key().toInt());
      print(what + " " + key, entry.value());
    }
  } else {
    value(what + " tensors", given.isTensorList());
    value(what + " integers", given.isIntList());
    value(what + " doubles", given.isDoubleList());
    value(what + " list", given.isList());
    value(what + " tuple", given.isTuple());
    int64_t i = 0;
    if (given.isTuple()) {
      for (const IValue& each : given.toTuple()->elements()) print(what + " " + std::to_string(i++), each);
    } else {
      for (const IValue& each : given.toListRef()) print(what + " " + std::to_string(i++), each);
    }
  }
}

struct Numbers {
  Tensor w = torch::linspace(-1, 1, 6).reshape({2, 3}).requires_grad_();
  Tensor idle = torch::ones({2}).requires_grad_();
  Tensor v = torch::linspace(0.5, 2, 4).requires_grad_();
  Tensor loss() const { return (w * w).sum() + (v - 1).pow(4).sum() + w.sum() * v.sum(); }
};

// Goes on from what the file holds. libtorch takes no options from it, so they are given.
template <class Optimizer, class Options>
void resumed(const std::string& name, const Options& first, const Options& second, bool groups = true) {
  Numbers n;
  std::vector<optim::OptimizerParamGroup> all;
  if (groups) {
    all.emplace_back(std::vector<Tensor>{n.w, n.idle}, std::make_unique<Options>(first));
    all.emplace_back(std::vector<Tensor>{n.v}, std::make_unique<Options>(second));
  } else {
    all.emplace_back(std::vector<Tensor>{n.w, n.v, n.idle}, std::make_unique<Options>(first));
  }
  Optimizer optimizer(all, first);
  torch::load(optimizer, fixture("optim", "libtorch_" + name + ".pt"));
  for (int i = 0; i < 3; ++i) {
    optimizer.step([&] {
      optimizer.zero_grad();
      Tensor loss = n.loss();
      loss.backward();
      return loss;
    });
    const std::string label = name + " step " + std::to_string(i);
    value(label + " w", n.w.detach() + 16);
    value(label + " v", n.v.detach() + 16);
    value(label + " idle", n.idle);
  }
}

}  // namespace

AGAINST(files_pickled_values) {
  for (const int64_t number : {int64_t{0}, int64_t{255}, int64_t{256}, int64_t{65536}, int64_t{-1}, int64_t{1} << 40}) {
    print("number " + std::to_string(number), around(number));
  }
}

AGAINST(files_pickled_containers) {
  const Tensor base = against::real({3, 4});
  print("none", around(IValue()));
  print("double", around(2.5));
  print("bool", around(true));
  print("string", around("text"));
  print("tensor", around(base));
  print("transposed", around(base.t()));
  print("leaf", around(torch::ones({2}).requires_grad_()));
  for (const auto type : {torch::kFloat, torch::kHalf, torch::kBFloat16, torch::kLong, torch::kInt, torch::kShort,
                          torch::kChar, torch::kByte, torch::kBool}) {
    print("dtype " + std::to_string(static_cast<int>(type)), around(base.to(type)));
  }
  print("tensors", around(std::vector<Tensor>{base, base[1]}));
  print("integers", around(std::vector<int64_t>{1, 2}));
  print("doubles", around(std::vector<double>{1, 2}));
  print("strings", around(std::vector<std::string>{"a", "b"}));
  print("tuple", around(c10::ivalue::Tuple::create({IValue(1), IValue("x"), IValue(base)})));
  c10::Dict<std::string, Tensor> weights;
  weights.insert("b", base);
  weights.insert("a", torch::ones({2}));
  print("dict", around(weights));
  c10::Dict<int64_t, std::string> names;
  names.insert(7, "seven");
  names.insert(1, "one");
  print("names", around(names));
  const auto shared = around(std::vector<Tensor>{base, base[1]}).toTensorVector();
  shared[1].fill_(9);
  value("shared", shared[0]);
  refuses("an undefined tensor", [] { torch::pickle_save(Tensor()); });
  refuses("no bytes", [] { torch::pickle_load({}); });
}

AGAINST(files_of_either_library) {
  for (const std::string name : {"libtorch_pickle.pt", "rondo_pickle.pt"})
    print(name, torch::pickle_load(bytes_of(name)));
}

AGAINST(files_of_optimizers) {
  resumed<optim::SGD>("sgd", optim::SGDOptions(0.01).momentum(0.9),
                      optim::SGDOptions(0.02).momentum(0.8).nesterov(true));
  resumed<optim::Adam>("adam", optim::AdamOptions(0.01).amsgrad(true), optim::AdamOptions(0.02).betas({0.8, 0.9}));
  resumed<optim::AdamW>("adamw", optim::AdamWOptions(0.01), optim::AdamWOptions(0.02).weight_decay(0.1));
  resumed<optim::RMSprop>("rmsprop", optim::RMSpropOptions(0.01).momentum(0.9).centered(true),
                          optim::RMSpropOptions(0.02));
  resumed<optim::Adagrad>("adagrad", optim::AdagradOptions(0.01), optim::AdagradOptions(0.02).lr_decay(0.1));
  resumed<optim::LBFGS>("lbfgs", optim::LBFGSOptions(0.1).max_iter(4).history_size(3), optim::LBFGSOptions(0.1), false);
}

AGAINST(values) {
  const auto text = [](const IValue& given) {
    std::ostringstream stream;
    stream << given;
    return stream.str();
  };
  // The numbers of the printed letters, which is what cases can compare.
  const auto printed = [&](const std::string& what, const IValue& given) {
    std::vector<double> letters;
    for (const char letter : text(given)) letters.push_back(letter);
    value(what + " printed", torch::tensor(letters, torch::kDouble));
  };
  int count = 0;
  for (const double number : {3.0, 0.1, 1e20, -2.5, 1e-7, 1e12, 9e18, -1e17}) printed(std::to_string(count++), number);
  printed("true", true);
  printed("text", "text");
  printed("none", IValue());
  printed("integers", std::vector<int64_t>{1, 2, 3});
  printed("numbers", std::vector<double>{1, 2.5});
  printed("pair", std::make_tuple(1, 2.5));
  printed("single", std::make_tuple(1));
  printed("an optional number", c10::optional<int64_t>(3));
  printed("no number", c10::optional<int64_t>());
  printed("a list", c10::List<int64_t>({1, 2}));
  c10::Dict<std::string, int64_t> dict;
  dict.insert("a", 1);
  dict.insert("b", 2);
  printed("a dictionary", dict);
  const IValue list(std::vector<int64_t>{1, 2});
  list.toIntList().push_back(9);
  printed("changed through its list", list);
  value("of a list", list.toList().get(2).toInt());
  value("a string", static_cast<double>(IValue("four").toString()->string().size()));
  const torch::Tensor x = against::real({2});
  value("equality", (IValue(3) == IValue(3)) + 2 * (IValue(3) == IValue(3.0)) + 4 * (IValue("a") != IValue("b")) +
                        8 * (IValue() == IValue()) + 16 * (list == IValue(std::vector<int64_t>{1, 2, 9})));
  value("identity", IValue(x).is(IValue(x)) + 2 * IValue(x).is(IValue(x.clone())) + 4 * IValue(3).is(IValue(3)));
  const auto [tensor, number] = IValue(std::make_tuple(x, int64_t{4})).to<std::tuple<torch::Tensor, int64_t>>();
  value("a tuple's tensor", tensor);
  value("a tuple's number", number);
}
