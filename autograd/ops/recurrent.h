// Recurrent nets (Elman 1990; Hochreiter and Schmidhuber 1997 with forget gates; Cho et al. 2014), and batches of
// sequences of unequal length.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <tuple>

namespace rondo {

// input [time, batch, in], or [batch, time, in] with batch_first. hx: {h0 [layers * directions, batch, out], c0 [..,
// .., hidden]}; out is hidden unless there are projections. params, for each layer and direction: w_ih, w_hh, b_ih and
// b_hh (has_biases), w_hr (projections); gates in the order i f g o, those of gru r z n. Dropout between layers where
// train is set. Returns the outputs [time, batch, directions * out], h and c. Throws Error for shapes that do not fit.
std::tuple<Tensor, Tensor, Tensor> lstm(const Tensor& input, TensorList hx, TensorList params, bool has_biases,
                                        int64_t num_layers, double dropout, bool train, bool bidirectional,
                                        bool batch_first);
std::tuple<Tensor, Tensor> gru(const Tensor& input, const Tensor& hx, TensorList params, bool has_biases,
                               int64_t num_layers, double dropout, bool train, bool bidirectional, bool batch_first);
std::tuple<Tensor, Tensor> rnn_tanh(const Tensor& input, const Tensor& hx, TensorList params, bool has_biases,
                                    int64_t num_layers, double dropout, bool train, bool bidirectional,
                                    bool batch_first);
std::tuple<Tensor, Tensor> rnn_relu(const Tensor& input, const Tensor& hx, TensorList params, bool has_biases,
                                    int64_t num_layers, double dropout, bool train, bool bidirectional,
                                    bool batch_first);
// Of packed sequences: data [sum of batch_sizes, in], batch_sizes int64 [time].
std::tuple<Tensor, Tensor, Tensor> lstm(const Tensor& data, const Tensor& batch_sizes, TensorList hx, TensorList params,
                                        bool has_biases, int64_t num_layers, double dropout, bool train,
                                        bool bidirectional);
std::tuple<Tensor, Tensor> gru(const Tensor& data, const Tensor& batch_sizes, const Tensor& hx, TensorList params,
                               bool has_biases, int64_t num_layers, double dropout, bool train, bool bidirectional);
std::tuple<Tensor, Tensor> rnn_tanh(const Tensor& data, const Tensor& batch_sizes, const Tensor& hx, TensorList params,
                                    bool has_biases, int64_t num_layers, double dropout, bool train,
                                    bool bidirectional);
std::tuple<Tensor, Tensor> rnn_relu(const Tensor& data, const Tensor& batch_sizes, const Tensor& hx, TensorList params,
                                    bool has_biases, int64_t num_layers, double dropout, bool train,
                                    bool bidirectional);

// One step: input [batch, in], hx [batch, hidden]. The LSTM's hx is {h, c}, and so is its result.
std::tuple<Tensor, Tensor> lstm_cell(const Tensor& input, TensorList hx, const Tensor& w_ih, const Tensor& w_hh,
                                     const Tensor& b_ih = {}, const Tensor& b_hh = {});
Tensor gru_cell(const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh, const Tensor& b_ih = {},
                const Tensor& b_hh = {});
Tensor rnn_tanh_cell(const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh,
                     const Tensor& b_ih = {}, const Tensor& b_hh = {});
Tensor rnn_relu_cell(const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh,
                     const Tensor& b_ih = {}, const Tensor& b_hh = {});

// The rows of padded sequences [time, batch, ...], step by step without the padding, and how many each step has.
// lengths: int64, falling, on the host. Throws Error for lengths that do not fall, are not positive, or not one each.
std::tuple<Tensor, Tensor> _pack_padded_sequence(const Tensor& input, const Tensor& lengths, bool batch_first);
// The way back: the sequences padded to total_length (0: to the longest), and their lengths.
std::tuple<Tensor, Tensor> _pad_packed_sequence(const Tensor& data, const Tensor& batch_sizes, bool batch_first,
                                                Scalar padding_value, int64_t total_length);
// Sequences [length, ...] side by side, padded to the longest: [time, batch, ...] or [batch, time, ...].
Tensor pad_sequence(TensorList sequences, bool batch_first = false, double padding_value = 0);

}  // namespace rondo
