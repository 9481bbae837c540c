// The table of modules: each row is a module with inputs, which test_table.cpp puts through every check that all
// modules share: printed form, derivatives of inputs and parameters in train and eval mode, clones, and the round trip
// of its state.
//
//   MODULES(linear) {
//     row("Linear", [] { return nn::Linear(3, 4); }, {real({2, 3})},
//         "torch::nn::Linear(in_features=3, out_features=4, bias=true)");
//     row("LSTM", [] { return nn::LSTM(3, 4); }, {real({5, 2, 3})}, "torch::nn::LSTM(3, 4)",
//         [](nn::LSTMImpl& lstm, const Inputs& in) { return std::get<0>(lstm.forward(in[0])); });
//   }
#pragma once

#include <rondo/autograd.h>
#include <rondo/nn.h>

#include <functional>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

namespace table {

namespace nn = rondo::nn;
using rondo::Tensor;
using Inputs = std::vector<Tensor>;
using Outputs = std::vector<Tensor>;

struct Row {
  std::string name;
  std::function<std::shared_ptr<nn::Module>()> make;
  Inputs inputs;
  std::string printed;
  std::function<Outputs(nn::Module&, const Inputs&)> forward;
};

// All rows, in the order of the files.
const std::vector<Row>& rows();

// Numbers of float64 in [low, high), drawn anew for each call; integers of int64 in [0, high).
Tensor real(rondo::IntArrayRef sizes, double low = -2, double high = 2);
Tensor integers(rondo::IntArrayRef sizes, int64_t high);

void add(Row row);
struct Group {
  explicit Group(void (*fill)());
};

inline Outputs outputs_of(Tensor result) { return {std::move(result)}; }
inline Outputs outputs_of(std::vector<Tensor> results) { return results; }
template <class... T>
Outputs outputs_of(const std::tuple<T...>& results) {
  return std::apply([](const auto&... each) { return Outputs{each...}; }, results);
}

// `make` returns a new module in its holder; `call` takes the module and the inputs and returns a tensor, a tuple or a
// list of tensors. Floating point inputs are differentiated. An empty `printed` is not compared.
template <class Make, class Call>
void row(std::string name, Make make, Inputs inputs, std::string printed, Call call) {
  using Impl = typename std::invoke_result_t<Make>::ContainedType;
  add({std::move(name), [make] { return std::static_pointer_cast<nn::Module>(make().ptr()); }, std::move(inputs),
       std::move(printed),
       [call](nn::Module& module, const Inputs& in) { return outputs_of(call(dynamic_cast<Impl&>(module), in)); }});
}
// With as many inputs as there are.
template <class Make>
void row(std::string name, Make make, Inputs inputs, std::string printed) {
  row(std::move(name), make, std::move(inputs), std::move(printed), [](auto& module, const Inputs& in) {
    if constexpr (requires { module.forward(in[0]); }) {
      if (in.size() == 1) return outputs_of(module.forward(in[0]));
    }
    if constexpr (requires { module.forward(in[0], in[1]); }) {
      if (in.size() == 2) return outputs_of(module.forward(in[0], in[1]));
    }
    if constexpr (requires { module.forward(in[0], in[1], in[2]); }) {
      if (in.size() == 3) return outputs_of(module.forward(in[0], in[1], in[2]));
    }
    throw std::logic_error("row: forward takes other inputs");
  });
}

}  // namespace table

#define MODULES(group)                                      \
  static void fill_##group();                               \
  static const ::table::Group group_##group{&fill_##group}; \
  static void fill_##group()
