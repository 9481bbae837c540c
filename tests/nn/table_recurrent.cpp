#include <rondo/tests/nn/table.h>

using namespace table;

namespace {

// The last layer's output and all states.
Outputs all_of(const std::tuple<Tensor, std::tuple<Tensor, Tensor>>& result) {
  const auto& [y, states] = result;
  return {y, std::get<0>(states), std::get<1>(states)};
}

}  // namespace

MODULES(recurrent) {
  const auto lstm = [](nn::LSTMImpl& module, const Inputs& in) {
    if (in.size() == 1) return all_of(module.forward(in[0]));
    return all_of(module.forward(in[0], std::make_tuple(in[1], in[2])));
  };
  row(
      "LSTM", [] { return nn::LSTM(3, 4); }, {real({5, 2, 3})},
      "torch::nn::LSTM(input_size=3, hidden_size=4, num_layers=1, bias=true, batch_first=false, dropout=0, "
      "bidirectional=false)",
      lstm);
  row(
      "LSTM with states, two layers, both directions",
      [] { return nn::LSTM(nn::LSTMOptions(3, 4).num_layers(2).bidirectional(true).batch_first(true).bias(false)); },
      {real({2, 5, 3}), real({4, 2, 4}), real({4, 2, 4})},
      "torch::nn::LSTM(input_size=3, hidden_size=4, num_layers=2, bias=false, batch_first=true, dropout=0, "
      "bidirectional=true)",
      lstm);
  row(
      "LSTM projected", [] { return nn::LSTM(nn::LSTMOptions(3, 4).proj_size(2).num_layers(2)); },
      {real({3, 2, 3}), real({2, 2, 2}), real({2, 2, 4})},
      "torch::nn::LSTM(input_size=3, hidden_size=4, num_layers=2, bias=true, batch_first=false, dropout=0, "
      "bidirectional=false, proj_size=2)",
      lstm);
  row(
      "LSTM of one sequence", [] { return nn::LSTM(3, 4); }, {real({5, 3}), real({1, 4}), real({1, 4})}, "", lstm);
  row(
      "GRU", [] { return nn::GRU(nn::GRUOptions(3, 4).num_layers(2).bidirectional(true)); },
      {real({5, 2, 3}), real({4, 2, 4})},
      "torch::nn::GRU(input_size=3, hidden_size=4, num_layers=2, bias=true, batch_first=false, dropout=0, "
      "bidirectional=true)");
  row(
      "GRU of one sequence", [] { return nn::GRU(nn::GRUOptions(3, 4).batch_first(true)); }, {real({5, 3})}, "");
  row(
      "RNN", [] { return nn::RNN(3, 4); }, {real({5, 2, 3})},
      "torch::nn::RNN(input_size=3, hidden_size=4, num_layers=1, bias=true, batch_first=false, dropout=0, "
      "bidirectional=false)");
  row(
      "RNN relu", [] { return nn::RNN(nn::RNNOptions(3, 4).nonlinearity(rondo::kReLU)); },
      {real({5, 2, 3}), real({1, 2, 4})}, "");
  row(
      "GRU packed", [] { return nn::GRU(nn::GRUOptions(3, 4).bidirectional(true)); },
      {real({4, 3, 3}), real({2, 3, 4})}, "",
      [](nn::GRUImpl& module, const Inputs& in) {
        namespace packing = nn::utils::rnn;
        const auto packed = packing::pack_padded_sequence(in[0], rondo::tensor({2, 4, 1}), false, false);
        const auto [y, h] = module.forward_with_packed_input(packed, in[1]);
        return Outputs{std::get<0>(packing::pad_packed_sequence(y)), h};
      });
  row(
      "RNNCell", [] { return nn::RNNCell(3, 4); }, {real({2, 3}), real({2, 4})}, "torch::nn::RNNCell(3, 4)");
  row(
      "RNNCell relu", [] { return nn::RNNCell(nn::RNNCellOptions(3, 4).bias(false).nonlinearity(rondo::kReLU)); },
      {real({2, 3}), real({2, 4})}, "torch::nn::RNNCell(3, 4, bias=false, nonlinearity=kReLU)");
  row(
      "LSTMCell", [] { return nn::LSTMCell(3, 4); }, {real({2, 3}), real({2, 4}), real({2, 4})},
      "torch::nn::LSTMCell(3, 4)",
      [](nn::LSTMCellImpl& module, const Inputs& in) { return module.forward(in[0], std::make_tuple(in[1], in[2])); });
  row(
      "GRUCell", [] { return nn::GRUCell(nn::GRUCellOptions(3, 4).bias(false)); }, {real({2, 3}), real({2, 4})},
      "torch::nn::GRUCell(3, 4, bias=false)");
  row(
      "GRUCell of one sample", [] { return nn::GRUCell(3, 4); }, {real({3})}, "torch::nn::GRUCell(3, 4)");
}
