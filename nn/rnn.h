// RNN, LSTM, GRU and their cells.
#pragma once

#include <rondo/nn/any_module.h>
#include <rondo/nn/cloneable.h>
#include <rondo/nn/options/rnn.h>
#include <rondo/nn/utils/rnn.h>

namespace rondo::nn {

namespace detail {

// For each layer and direction: weight_ih_l<k>, weight_hh_l<k>, with biases bias_ih_l<k>, bias_hh_l<k>, with a
// projection weight_hr_l<k>, all with "_reverse" behind for the second direction. They begin uniform in +-1 /
// sqrt(hidden_size).
template <class Derived>
class RNNImplBase : public Cloneable<Derived> {
 public:
  explicit RNNImplBase(const RNNOptionsBase& options);
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  // Does nothing: the weights are read where they lie.
  void flatten_parameters() {}
  // All weights as forward reads them, layer by layer.
  std::vector<Tensor> all_weights() const;
  // What forward reads in place of the parameter of that name, at first the parameter: where weight_norm puts what it
  // computes. Throws Error for any other name.
  Tensor& weight(const std::string& name);

  RNNOptionsBase options_base;

 private:
  std::vector<std::pair<std::string, Tensor>> replaced_;
};

// weight_ih, weight_hh and, with biases, bias_ih, bias_hh, which begin uniform in +-1 / sqrt(hidden_size).
template <class Derived>
class RNNCellImplBase : public Cloneable<Derived> {
 public:
  explicit RNNCellImplBase(const RNNCellOptionsBase& options);
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;

  RNNCellOptionsBase options_base;
  Tensor weight_ih, weight_hh, bias_ih, bias_hh;

 protected:
  virtual std::string get_nonlinearity_str() const;
};

}  // namespace detail

class RNNImpl;
class LSTMImpl;
class GRUImpl;
class RNNCellImpl;
class LSTMCellImpl;
class GRUCellImpl;

extern template class detail::RNNImplBase<RNNImpl>;
extern template class detail::RNNImplBase<LSTMImpl>;
extern template class detail::RNNImplBase<GRUImpl>;
extern template class detail::RNNCellImplBase<RNNCellImpl>;
extern template class detail::RNNCellImplBase<LSTMCellImpl>;
extern template class detail::RNNCellImplBase<GRUCellImpl>;

// h = tanh(W x + b + U h + c), or relu of it. Input (time, batch, in), with batch_first (batch, time, in), or one
// sequence (time, in). hx: (layers * directions, batch, hidden), zeros unless given. Returns the last layer's outputs
// of all steps (both directions side by side) and the last h of every layer and direction.
class RNNImpl : public detail::RNNImplBase<RNNImpl> {
 public:
  RNNImpl(int64_t input_size, int64_t hidden_size);
  explicit RNNImpl(const RNNOptions& options);
  std::tuple<Tensor, Tensor> forward(const Tensor& input, Tensor hx = {});
  std::tuple<utils::rnn::PackedSequence, Tensor> forward_with_packed_input(
      const utils::rnn::PackedSequence& packed_input, Tensor hx = {});

  RNNOptions options;

 protected:
  RONDO_DECLARE_DEFAULT_ARGS
};
RONDO_MODULE(RNN);

// Long short-term memory: c = sigmoid(f) c + sigmoid(i) tanh(g), h = sigmoid(o) tanh(c), whose gates i f g o are sums
// of products of the input and of h. hx: {h, c}, zeros unless given. With proj_size, h is projected to that size.
class LSTMImpl : public detail::RNNImplBase<LSTMImpl> {
 public:
  LSTMImpl(int64_t input_size, int64_t hidden_size);
  explicit LSTMImpl(const LSTMOptions& options);
  std::tuple<Tensor, std::tuple<Tensor, Tensor>> forward(const Tensor& input,
                                                         std::optional<std::tuple<Tensor, Tensor>> hx_opt = {});
  std::tuple<utils::rnn::PackedSequence, std::tuple<Tensor, Tensor>> forward_with_packed_input(
      const utils::rnn::PackedSequence& packed_input, std::optional<std::tuple<Tensor, Tensor>> hx_opt = {});

  LSTMOptions options;

 protected:
  RONDO_DECLARE_DEFAULT_ARGS
};
RONDO_MODULE(LSTM);

// Gated recurrent units: h = (1 - z) n + z h with n = tanh(W x + b + r (U h + c)) and gates r, z.
class GRUImpl : public detail::RNNImplBase<GRUImpl> {
 public:
  GRUImpl(int64_t input_size, int64_t hidden_size);
  explicit GRUImpl(const GRUOptions& options);
  std::tuple<Tensor, Tensor> forward(const Tensor& input, Tensor hx = {});
  std::tuple<utils::rnn::PackedSequence, Tensor> forward_with_packed_input(
      const utils::rnn::PackedSequence& packed_input, Tensor hx = {});

  GRUOptions options;

 protected:
  RONDO_DECLARE_DEFAULT_ARGS
};
RONDO_MODULE(GRU);

// One step of each: input (batch, in) or (in,), hx (batch, hidden) or (hidden,), zeros unless given; the new state.
class RNNCellImpl : public detail::RNNCellImplBase<RNNCellImpl> {
 public:
  RNNCellImpl(int64_t input_size, int64_t hidden_size);
  explicit RNNCellImpl(const RNNCellOptions& options);
  Tensor forward(const Tensor& input, Tensor hx = {});

  RNNCellOptions options;

 protected:
  RONDO_DECLARE_DEFAULT_ARGS
  std::string get_nonlinearity_str() const override;
};
RONDO_MODULE(RNNCell);

class LSTMCellImpl : public detail::RNNCellImplBase<LSTMCellImpl> {
 public:
  LSTMCellImpl(int64_t input_size, int64_t hidden_size);
  explicit LSTMCellImpl(const LSTMCellOptions& options);
  std::tuple<Tensor, Tensor> forward(const Tensor& input, std::optional<std::tuple<Tensor, Tensor>> hx_opt = {});

  LSTMCellOptions options;

 protected:
  RONDO_DECLARE_DEFAULT_ARGS
};
RONDO_MODULE(LSTMCell);

class GRUCellImpl : public detail::RNNCellImplBase<GRUCellImpl> {
 public:
  GRUCellImpl(int64_t input_size, int64_t hidden_size);
  explicit GRUCellImpl(const GRUCellOptions& options);
  Tensor forward(const Tensor& input, Tensor hx = {});

  GRUCellOptions options;

 protected:
  RONDO_DECLARE_DEFAULT_ARGS
};
RONDO_MODULE(GRUCell);

}  // namespace rondo::nn
