// Saving and loading through archives.
#include "case.h"

#include <sstream>

using torch::serialize::InputArchive;
using torch::serialize::OutputArchive;

namespace {

struct Net : torch::nn::Module {
  Net() {
    body =
        register_module("body", torch::nn::Sequential(torch::nn::Linear(3, 4), torch::nn::Tanh(),
                                                      torch::nn::Linear(torch::nn::LinearOptions(4, 2).bias(false))));
    scale = register_parameter("scale", torch::randn({2}));
    frozen = register_parameter("frozen", torch::randn({2}), false);
    count = register_buffer("count", torch::randint(100, {3}));
  }
  torch::nn::Sequential body{nullptr};
  torch::Tensor scale, frozen, count;
};

void print(const std::string& what, const torch::nn::Module& module) {
  for (const auto& item : module.named_parameters()) {
    against::value(what + " " + item.key(), item.value());
    against::value(what + " " + item.key() + " requires grad", item.value().requires_grad());
  }
  for (const auto& item : module.named_buffers()) against::value(what + " " + item.key(), item.value());
}

InputArchive reloaded(OutputArchive& archive) {
  std::stringstream stream;
  archive.save_to(stream);
  InputArchive loaded;
  loaded.load_from(stream);
  return loaded;
}

}  // namespace

AGAINST(state_modules) {
  auto net = std::make_shared<Net>(), other = std::make_shared<Net>();
  print("before", *other);
  std::stringstream stream;
  torch::save(net, stream);
  const torch::Tensor handle = other->scale;
  torch::load(other, stream);
  print("after", *other);
  against::value("the member", other->scale);
  against::value("an old handle", handle);

  torch::nn::Linear a(2, 3), b(5, 1);
  std::stringstream second;
  torch::save(a, second);
  torch::nn::Linear c(2, 3);
  torch::load(c, second);
  print("holder", *c);
  torch::nn::Linear empty = nullptr;
  std::shared_ptr<Net> none;
  std::stringstream third;
  against::refuses("an empty holder", [&] { torch::save(empty, third); });
  against::refuses("a null pointer", [&] { torch::save(none, third); });
  against::refuses("another module's file", [&] {
    std::stringstream fourth;
    torch::save(a, fourth);
    torch::load(net, fourth);
  });
  against::refuses("no file", [&] { torch::load(net, "no such file"); });
  against::refuses("no archive", [&] {
    std::stringstream fourth("these are no tensors");
    torch::load(net, fourth);
  });
}

AGAINST(state_tensors) {
  std::vector<torch::Tensor> all = {against::real({2, 3}),
                                    against::real({}),
                                    against::real({0, 2}),
                                    against::real({3, 4}).t(),
                                    against::real({2, 2}).to(torch::kFloat),
                                    against::integers({3}, 9),
                                    against::integers({3}, 9).to(torch::kInt),
                                    against::integers({3}, 9).to(torch::kShort),
                                    against::integers({3}, 9).to(torch::kChar),
                                    against::integers({3}, 9).to(torch::kByte),
                                    against::real({4}) > 0,
                                    against::real({3}).to(torch::kHalf),
                                    against::real({3}).to(torch::kBFloat16)};
  std::stringstream stream;
  torch::save(all, stream);
  std::vector<torch::Tensor> loaded = {torch::ones({1})};
  torch::load(loaded, stream);
  against::value("the list", static_cast<double>(loaded.size()));
  for (size_t i = 0; i < loaded.size(); ++i) against::value("number " + std::to_string(i), loaded[i]);

  for (const bool requires_grad : {false, true}) {
    const std::string what = requires_grad ? "a leaf" : "a tensor";
    std::stringstream one;
    torch::save(against::real({2}).set_requires_grad(requires_grad), one);
    torch::Tensor undefined;
    torch::load(undefined, one);
    against::value(what, undefined);
    against::value(what + " requires grad", undefined.requires_grad());
    std::stringstream two;
    torch::save(against::real({2}).set_requires_grad(requires_grad), two);
    torch::Tensor defined = torch::zeros({3}, torch::kDouble), alias = defined;
    torch::load(defined, two);
    against::value(what + " into a defined one", alias);
    against::value(what + " into a defined one requires grad", defined.requires_grad());
  }
}

AGAINST(state_values) {
  OutputArchive archive, nested, empty;
  archive.write("i", c10::IValue(int64_t{-7}));
  archive.write("d", c10::IValue(0.1));
  archive.write("b", c10::IValue(true));
  archive.write("s", c10::IValue(std::string("some text")));
  archive.write("t", against::real({2}));
  archive.write("buffer", against::integers({2}, 5), /*is_buffer=*/true);
  nested.write("x", against::real({3}));
  nested.write("empty", empty);
  archive.write("nested", nested);
  InputArchive loaded = reloaded(archive), inner, innermost;
  c10::IValue value;
  loaded.read("i", value);
  against::value("int", static_cast<double>(value.toInt()));
  loaded.read("d", value);
  against::value("double", value.toDouble());
  loaded.read("b", value);
  against::value("bool", value.toBool());
  loaded.read("s", value);
  against::value("string", static_cast<double>(value.toStringRef().size()));
  torch::Tensor tensor;
  loaded.read("t", tensor);
  against::value("tensor", tensor);
  loaded.read("t", value);
  against::value("tensor as a value", value.toTensor());
  tensor = torch::Tensor();
  loaded.read("buffer", tensor, /*is_buffer=*/true);
  against::value("buffer", tensor);
  loaded.read("nested", inner);
  tensor = torch::Tensor();
  inner.read("x", tensor);
  against::value("nested", tensor);
  against::value("empty", inner.try_read("empty", innermost));
  against::value("keys of empty", static_cast<double>(innermost.keys().size()));
  against::value("keys", static_cast<double>(loaded.keys().size()));
  against::value("try another key", loaded.try_read("none", tensor));
  against::value("try another value", loaded.try_read("none", value));
  against::value("try another archive", loaded.try_read("none", inner));
  against::refuses("another key", [&] { loaded.read("none", tensor); });
  against::refuses("another value", [&] { loaded.read("none", value); });
  against::refuses("another archive", [&] { loaded.read("none", inner); });
  against::refuses("no tensor", [&] { loaded.read("i", tensor); });
}
