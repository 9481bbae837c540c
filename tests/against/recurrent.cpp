// Recurrent nets: modules from a seed, their derivatives, packed sequences, cells, free functions.
#include "case.h"

using against::gradients;
using against::real;
using against::refuses;
using against::value;

namespace nn = torch::nn;
namespace packing = torch::nn::utils::rnn;

namespace {

torch::Tensor flat(const torch::Tensor& t) { return t.reshape({-1}); }
torch::Tensor joined(const std::tuple<torch::Tensor, torch::Tensor>& r) {
  return torch::cat({flat(std::get<0>(r)), flat(std::get<1>(r))});
}
torch::Tensor joined(const std::tuple<torch::Tensor, std::tuple<torch::Tensor, torch::Tensor>>& r) {
  return torch::cat({flat(std::get<0>(r)), flat(std::get<0>(std::get<1>(r))), flat(std::get<1>(std::get<1>(r)))});
}
torch::Tensor joined(const std::tuple<torch::Tensor, torch::Tensor, torch::Tensor>& r) {
  return torch::cat({flat(std::get<0>(r)), flat(std::get<1>(r)), flat(std::get<2>(r))});
}

// Names, initial values, outputs, and all gradients of a module.
template <class Module, class Call>
void trained(const std::string& what, Module module, const Call& call) {
  for (const auto& item : module->named_parameters()) value(what + " initially " + item.key(), item.value());
  module->to(torch::kDouble);
  const torch::Tensor y = call(module);
  value(what + " output", y);
  (y * torch::linspace(-1, 1, y.numel(), torch::kDouble).view(y.sizes())).sum().backward();
  for (const auto& item : module->named_parameters()) value(what + " gradient " + item.key(), item.value().grad());
  value(what + " weights", double(module->parameters().size()));
}

}  // namespace

AGAINST(recurrent_modules) {
  torch::manual_seed(5);
  trained("lstm", nn::LSTM(3, 4), [](auto& m) { return joined(m->forward(real({5, 2, 3}))); });
  trained("lstm all options",
          nn::LSTM(nn::LSTMOptions(3, 4).num_layers(2).bidirectional(true).batch_first(true).bias(false)), [](auto& m) {
            return joined(m->forward(real({2, 5, 3}), std::make_tuple(real({4, 2, 4}), real({4, 2, 4}))));
          });
  trained("lstm dropout", nn::LSTM(nn::LSTMOptions(3, 4).num_layers(3).dropout(0.4)), [](auto& m) {
    return joined(m->forward(real({5, 2, 3})));
  });
  trained("lstm projected", nn::LSTM(nn::LSTMOptions(3, 4).num_layers(2).bidirectional(true).proj_size(2)),
          [](auto& m) {
            return joined(m->forward(real({5, 2, 3}), std::make_tuple(real({4, 2, 2}), real({4, 2, 4}))));
          });
  trained("gru", nn::GRU(3, 4), [](auto& m) { return joined(m->forward(real({5, 2, 3}))); });
  trained("gru all options",
          nn::GRU(nn::GRUOptions(3, 4).num_layers(2).bidirectional(true).batch_first(true).bias(false).dropout(0.3)),
          [](auto& m) {
            return joined(m->forward(real({2, 5, 3}), real({4, 2, 4})));
          });
  trained("rnn", nn::RNN(3, 4), [](auto& m) { return joined(m->forward(real({5, 2, 3}))); });
  trained("rnn all options",
          nn::RNN(nn::RNNOptions(3, 4).num_layers(2).bidirectional(true).nonlinearity(torch::kReLU).batch_first(true)),
          [](auto& m) {
            return joined(m->forward(real({2, 5, 3}), real({4, 2, 4})));
          });
  trained("one step", nn::GRU(3, 4), [](auto& m) { return joined(m->forward(real({1, 1, 3}))); });
  trained("wide", nn::LSTM(37, 41), [](auto& m) { return joined(m->forward(real({7, 19, 37}))); });
  trained("wide gru", nn::GRU(37, 41), [](auto& m) { return joined(m->forward(real({7, 19, 37}))); });
}

AGAINST(recurrent_packed) {
  torch::manual_seed(7);
  const auto lengths = torch::tensor({4, 6, 1, 4}, torch::kLong);
  for (bool batch_first : {false, true}) {
    const std::string tag = batch_first ? " batch first" : "";
    const auto padded = batch_first ? real({4, 6, 3}) : real({6, 4, 3});
    const auto packed = packing::pack_padded_sequence(padded, lengths, batch_first, false);
    value("data" + tag, packed.data());
    value("batch sizes" + tag, packed.batch_sizes());
    value("sorted" + tag, packed.sorted_indices());
    value("unsorted" + tag, packed.unsorted_indices());
    const auto back = packing::pad_packed_sequence(packed, batch_first, 0.25, 8);
    value("padded" + tag, std::get<0>(back));
    value("lengths" + tag, std::get<1>(back));
    value("shortest padding" + tag, std::get<0>(packing::pad_packed_sequence(packed, batch_first)));
  }
  const std::vector<torch::Tensor> list{real({3, 2}), real({1, 2}), real({4, 2})};
  value("pad_sequence", packing::pad_sequence(list));
  value("pad_sequence batch first", packing::pad_sequence(list, true, -1));
  value("pack_sequence", packing::pack_sequence(list, false).data());
  value("invert_permutation", packing::invert_permutation(torch::tensor({2, 0, 1}, torch::kLong)));

  const auto input = [&] { return packing::pack_padded_sequence(real({6, 4, 3}), lengths, false, false); };
  const auto unpacked = [](const packing::PackedSequence& p) {
    return std::get<0>(packing::pad_packed_sequence(p, true));
  };
  trained("lstm", nn::LSTM(nn::LSTMOptions(3, 4).num_layers(2).bidirectional(true).dropout(0.2)), [&](auto& m) {
    auto r = m->forward_with_packed_input(input(), std::make_tuple(real({4, 4, 4}), real({4, 4, 4})));
    return joined(std::make_tuple(unpacked(std::get<0>(r)), std::get<1>(r)));
  });
  trained("lstm projected", nn::LSTM(nn::LSTMOptions(3, 4).bidirectional(true).proj_size(3)), [&](auto& m) {
    auto r = m->forward_with_packed_input(input());
    return joined(std::make_tuple(unpacked(std::get<0>(r)), std::get<1>(r)));
  });
  trained("gru", nn::GRU(nn::GRUOptions(3, 4).num_layers(2).bidirectional(true)), [&](auto& m) {
    auto r = m->forward_with_packed_input(input(), real({4, 4, 4}));
    return joined(std::make_tuple(unpacked(std::get<0>(r)), std::get<1>(r)));
  });
  trained("rnn", nn::RNN(nn::RNNOptions(3, 4).bidirectional(true)), [&](auto& m) {
    auto r = m->forward_with_packed_input(input());
    return joined(std::make_tuple(unpacked(std::get<0>(r)), std::get<1>(r)));
  });
  refuses("unsorted", [] { packing::pack_padded_sequence(torch::ones({4, 2}), torch::tensor({1, 4})); });
  refuses("zero", [] { packing::pack_padded_sequence(torch::ones({4, 2}), torch::tensor({4, 0})); });
  refuses("count", [] { packing::pack_padded_sequence(torch::ones({4, 2}), torch::tensor({4})); });
  refuses("total length", [&] { packing::pad_packed_sequence(input(), false, 0, 2); });
}

AGAINST(recurrent_cells) {
  torch::manual_seed(8);
  trained("lstm cell", nn::LSTMCell(3, 4), [](auto& m) { return joined(m->forward(real({2, 3}))); });
  trained("lstm cell with state", nn::LSTMCell(nn::LSTMCellOptions(3, 4).bias(false)), [](auto& m) {
    return joined(m->forward(real({2, 3}), std::make_tuple(real({2, 4}), real({2, 4}))));
  });
  trained("gru cell", nn::GRUCell(3, 4), [](auto& m) { return m->forward(real({2, 3})); });
  trained("gru cell with state", nn::GRUCell(nn::GRUCellOptions(3, 4).bias(false)), [](auto& m) {
    return m->forward(real({2, 3}), real({2, 4}));
  });
  trained("rnn cell", nn::RNNCell(3, 4), [](auto& m) { return m->forward(real({2, 3})); });
  trained("rnn cell relu", nn::RNNCell(nn::RNNCellOptions(3, 4).nonlinearity(torch::kReLU)), [](auto& m) {
    return m->forward(real({2, 3}), real({2, 4}));
  });
  gradients("lstm_cell",
            {real({2, 3}), real({2, 4}), real({2, 4}), real({16, 3}), real({16, 4}), real({16}), real({16})},
            AGAINST_F(joined(torch::lstm_cell(in[0], {in[1], in[2]}, in[3], in[4], in[5], in[6]))));
  gradients("gru_cell", {real({2, 3}), real({2, 4}), real({12, 3}), real({12, 4}), real({12}), real({12})},
            AGAINST_F(torch::gru_cell(in[0], in[1], in[2], in[3], in[4], in[5])));
  gradients("rnn_tanh_cell", {real({2, 3}), real({2, 4}), real({4, 3}), real({4, 4}), real({4}), real({4})},
            AGAINST_F(torch::rnn_tanh_cell(in[0], in[1], in[2], in[3], in[4], in[5])));
  gradients("rnn_relu_cell", {real({2, 3}), real({2, 4}), real({4, 3}), real({4, 4}), real({4}), real({4})},
            AGAINST_F(torch::rnn_relu_cell(in[0], in[1], in[2], in[3], in[4], in[5])), false);
}

AGAINST(recurrent_functions) {
  gradients(
      "lstm", {real({3, 2, 3}), real({1, 2, 4}), real({1, 2, 4}), real({16, 3}), real({16, 4}), real({16}), real({16})},
      AGAINST_F(
          joined(torch::lstm(in[0], {in[1], in[2]}, {in[3], in[4], in[5], in[6]}, true, 1, 0, true, false, false))));
  gradients("gru", {real({3, 2, 3}), real({1, 2, 4}), real({12, 3}), real({12, 4}), real({12}), real({12})},
            AGAINST_F(joined(torch::gru(in[0], in[1], {in[2], in[3], in[4], in[5]}, true, 1, 0., true, false, false))));
  gradients("rnn_tanh", {real({3, 2, 3}), real({1, 3, 4}), real({4, 3}), real({4, 4})},
            AGAINST_F(joined(torch::rnn_tanh(in[0], in[1], {in[2], in[3]}, false, 1, 0., true, false, true))));
  gradients("rnn_relu", {real({3, 2, 3}), real({1, 2, 4}), real({4, 3}), real({4, 4})},
            AGAINST_F(joined(torch::rnn_relu(in[0], in[1], {in[2], in[3]}, false, 1, 0., true, false, false))), false);
  gradients("packed", {real({6, 3}), real({2, 3, 4}), real({12, 3}), real({12, 4}), real({12, 3}), real({12, 4})},
            AGAINST_F(joined(torch::gru(in[0], torch::tensor({3, 2, 1}, torch::kLong), in[1],
                                        {in[2], in[3], in[4], in[5]}, false, 1, 0., true, true))));
}

AGAINST(recurrent_refusals) {
  nn::LSTM lstm(3, 4);
  nn::GRU gru(nn::GRUOptions(3, 4).bidirectional(true));
  refuses("features", [&] { lstm->forward(torch::ones({5, 2, 4})); });
  refuses("dimensions", [&] { lstm->forward(torch::ones({5, 2, 4, 3})); });
  refuses("hidden", [&] {
    lstm->forward(torch::ones({5, 2, 3}), std::make_tuple(torch::ones({1, 2, 4}), torch::ones({1, 3, 4})));
  });
  refuses("hidden layers", [&] { gru->forward(torch::ones({5, 2, 3}), torch::ones({1, 2, 4})); });
  refuses("no steps", [&] { gru->forward(torch::ones({0, 2, 3})); });
  refuses("dropout", [] { nn::GRU(nn::GRUOptions(3, 4).dropout(1.5)); });
  refuses("projection", [] { nn::LSTM(nn::LSTMOptions(3, 4).proj_size(4)); });
  refuses("cell features", [] { nn::GRUCell(3, 4)->forward(torch::ones({2, 2})); });
  refuses("cell batch", [] { nn::GRUCell(3, 4)->forward(torch::ones({2, 3}), torch::ones({3, 4})); });
  refuses("cell hidden", [] {
    nn::LSTMCell(3, 4)->forward(torch::ones({2, 3}), std::make_tuple(torch::ones({2, 3}), torch::ones({2, 4})));
  });
}

// Truncated backpropagation detaches the state in place.
AGAINST(states_are_no_views) {
  torch::nn::RNN rnn(torch::nn::RNNOptions(3, 4));
  torch::nn::LSTM lstm(torch::nn::LSTMOptions(3, 4).batch_first(true));
  rnn->to(torch::kDouble);
  lstm->to(torch::kDouble);
  torch::Tensor state = against::real({1, 2, 4}), output;
  for (int i = 0; i < 2; ++i) {
    std::tie(output, state) = rnn(against::real({5, 2, 3}), state);
    output.sum().backward();
    state.detach_();
    output.detach_();
    against::value("state " + std::to_string(i), state);
  }
  auto [y, states] = lstm(against::real({2, 5, 3}));
  (y.sum() + std::get<0>(states).sum()).backward();
  std::get<0>(states).detach_();
  std::get<1>(states).detach_();
  against::value("gradient", lstm->all_weights()[0].grad());
  torch::Tensor turned = against::real({2, 3}).requires_grad_().t().reshape({-1});
  turned.detach_();
  against::value("reshaped", turned);
}
