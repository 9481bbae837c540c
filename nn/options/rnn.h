// Options of the recurrent modules.
#pragma once

#include <rondo/autograd/base/arg.h>
#include <rondo/nn/enums.h>

#include <cstdint>

namespace rondo::nn {

namespace detail {

struct RNNOptionsBase {
  using rnn_options_base_mode_t =
      enumtype::OneOf<enumtype::kLSTM, enumtype::kGRU, enumtype::kRNN_TANH, enumtype::kRNN_RELU>;
  RNNOptionsBase(rnn_options_base_mode_t mode, int64_t input_size, int64_t hidden_size)
      : mode_(mode), input_size_(input_size), hidden_size_(hidden_size) {}
  RONDO_ARG(rnn_options_base_mode_t, mode);
  RONDO_ARG(int64_t, input_size);
  RONDO_ARG(int64_t, hidden_size);
  RONDO_ARG(int64_t, num_layers) = 1;
  RONDO_ARG(bool, bias) = true;
  RONDO_ARG(bool, batch_first) = false;
  RONDO_ARG(double, dropout) = 0.0;
  RONDO_ARG(bool, bidirectional) = false;
  RONDO_ARG(int64_t, proj_size) = 0;
};

struct RNNCellOptionsBase {
  RNNCellOptionsBase(int64_t input_size, int64_t hidden_size, bool bias, int64_t num_chunks)
      : input_size_(input_size), hidden_size_(hidden_size), bias_(bias), num_chunks_(num_chunks) {}
  RONDO_ARG(int64_t, input_size);
  RONDO_ARG(int64_t, hidden_size);
  RONDO_ARG(bool, bias);
  RONDO_ARG(int64_t, num_chunks);
};

}  // namespace detail

struct RNNOptions {
  using nonlinearity_t = enumtype::OneOf<enumtype::kTanh, enumtype::kReLU>;
  RNNOptions(int64_t input_size, int64_t hidden_size) : input_size_(input_size), hidden_size_(hidden_size) {}
  RONDO_ARG(int64_t, input_size);
  RONDO_ARG(int64_t, hidden_size);
  RONDO_ARG(int64_t, num_layers) = 1;
  RONDO_ARG(nonlinearity_t, nonlinearity) = kTanh;
  RONDO_ARG(bool, bias) = true;
  // Inputs and outputs are (batch, time, features) instead of (time, batch, features).
  RONDO_ARG(bool, batch_first) = false;
  // Of the outputs of all layers but the last.
  RONDO_ARG(double, dropout) = 0.0;
  RONDO_ARG(bool, bidirectional) = false;
};

struct LSTMOptions {
  LSTMOptions(int64_t input_size, int64_t hidden_size) : input_size_(input_size), hidden_size_(hidden_size) {}
  RONDO_ARG(int64_t, input_size);
  RONDO_ARG(int64_t, hidden_size);
  RONDO_ARG(int64_t, num_layers) = 1;
  RONDO_ARG(bool, bias) = true;
  RONDO_ARG(bool, batch_first) = false;
  RONDO_ARG(double, dropout) = 0.0;
  RONDO_ARG(bool, bidirectional) = false;
  // The size that the hidden state is projected to; 0: it is not.
  RONDO_ARG(int64_t, proj_size) = 0;
};

struct GRUOptions {
  GRUOptions(int64_t input_size, int64_t hidden_size) : input_size_(input_size), hidden_size_(hidden_size) {}
  RONDO_ARG(int64_t, input_size);
  RONDO_ARG(int64_t, hidden_size);
  RONDO_ARG(int64_t, num_layers) = 1;
  RONDO_ARG(bool, bias) = true;
  RONDO_ARG(bool, batch_first) = false;
  RONDO_ARG(double, dropout) = 0.0;
  RONDO_ARG(bool, bidirectional) = false;
};

struct RNNCellOptions {
  using nonlinearity_t = enumtype::OneOf<enumtype::kTanh, enumtype::kReLU>;
  RNNCellOptions(int64_t input_size, int64_t hidden_size) : input_size_(input_size), hidden_size_(hidden_size) {}
  RONDO_ARG(int64_t, input_size);
  RONDO_ARG(int64_t, hidden_size);
  RONDO_ARG(bool, bias) = true;
  RONDO_ARG(nonlinearity_t, nonlinearity) = kTanh;
};

struct LSTMCellOptions {
  LSTMCellOptions(int64_t input_size, int64_t hidden_size) : input_size_(input_size), hidden_size_(hidden_size) {}
  RONDO_ARG(int64_t, input_size);
  RONDO_ARG(int64_t, hidden_size);
  RONDO_ARG(bool, bias) = true;
};

struct GRUCellOptions {
  GRUCellOptions(int64_t input_size, int64_t hidden_size) : input_size_(input_size), hidden_size_(hidden_size) {}
  RONDO_ARG(int64_t, input_size);
  RONDO_ARG(int64_t, hidden_size);
  RONDO_ARG(bool, bias) = true;
};

}  // namespace rondo::nn
