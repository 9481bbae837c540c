// Nets of sequences while they learn: the losses of some steps.
#include "case.h"

using against::real;
using against::value;

namespace nn = torch::nn;

namespace {

template <class Loss>
void train(const std::string& what, std::vector<torch::Tensor> parameters, const Loss& loss_of) {
  torch::optim::Adam adam(parameters, torch::optim::AdamOptions(0.05));
  for (int step = 0; step < 6; ++step) {
    adam.zero_grad();
    const torch::Tensor loss = loss_of();
    value(what + " loss " + std::to_string(step), loss);
    loss.backward();
    value(what + " norm " + std::to_string(step), nn::utils::clip_grad_norm_(parameters, 0.5));
    adam.step();
  }
}

std::vector<torch::Tensor> joined(std::vector<torch::Tensor> a, const std::vector<torch::Tensor>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace

AGAINST(sequence_training) {
  torch::manual_seed(21);
  const auto x = real({7, 5, 3}), target = real({5, 2});
  nn::Linear head(8, 2);
  head->to(torch::kDouble);
  nn::LSTM lstm(nn::LSTMOptions(3, 4).bidirectional(true).num_layers(2).dropout(0.1));
  lstm->to(torch::kDouble);
  train("lstm", joined(lstm->parameters(), head->parameters()),
        [&] { return torch::mse_loss(head(std::get<0>(lstm(x))[6]), target); });
  nn::GRU gru(3, 8);
  gru->to(torch::kDouble);
  train("gru", joined(gru->parameters(), head->parameters()),
        [&] { return torch::mse_loss(head(std::get<1>(gru(x))[0]), target); });
  nn::TransformerEncoder encoder(
      nn::TransformerEncoderOptions(nn::TransformerEncoderLayerOptions(8, 2).dim_feedforward(6).dropout(0.1), 2));
  encoder->to(torch::kDouble);
  const auto y = real({7, 5, 8});
  train("transformer", joined(encoder->parameters(), head->parameters()),
        [&] { return torch::mse_loss(head(encoder(y).mean(0)), target); });
}
