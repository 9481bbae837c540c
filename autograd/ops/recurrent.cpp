// Recurrent nets: checks, layers, directions.
#include <rondo/autograd/graph/history.h>
#include <rondo/autograd/ops/loss.h>
#include <rondo/autograd/ops/recurrent.h>
#include <rondo/autograd/ops/recurrent_layer.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

namespace rondo {
namespace {

using kernels::Cell;
using ops::RecurrentWeights;

const char* name_of(Cell cell) {
  switch (cell) {
    case Cell::Lstm:
      return "lstm";
    case Cell::Gru:
      return "gru";
    case Cell::Tanh:
      return "rnn_tanh";
    default:
      return "rnn_relu";
  }
}
int64_t gates_of(Cell cell) { return cell == Cell::Lstm ? 4 : cell == Cell::Gru ? 3 : 1; }

void check_sizes(const char* operation, const char* what, const Tensor& t, IntArrayRef needed) {
  if (t.defined() && t.sizes() == needed) return;
  fail(operation,
       fmt::format("{} is {}; need {}", what, t.defined() ? to_string(t.sizes()) : "undefined", to_string(needed)));
}
void check_dtype(const char* operation, const char* what, const Tensor& t, ScalarType type) {
  if (!t.defined() || t.dtype() == type) return;
  fail(operation, fmt::format("expected input and {} to have the same dtype, but got: {} != {}", what, dtype_name(type),
                              dtype_name(t.dtype())));
}

// What one layer and direction has of the flat list.
RecurrentWeights weights_at(TensorList params, int64_t index, bool has_biases, bool projects) {
  const size_t each = 2 + (has_biases ? 2 : 0) + (projects ? 1 : 0);
  const Tensor* at = params.begin() + static_cast<size_t>(index) * each;
  RecurrentWeights weights{at[0], at[1], {}, {}, {}};
  if (has_biases) {
    weights.b_ih = at[2];
    weights.b_hh = at[3];
  }
  if (projects) weights.w_hr = at[each - 1];
  return weights;
}

void check_weights(Cell cell, const RecurrentWeights& weights, const Tensor& input, int64_t hidden, int64_t out) {
  const char* const name = name_of(cell);
  const int64_t gates = gates_of(cell) * hidden, in = input.size(-1);
  const ScalarType type = input.dtype();
  check_sizes(name, "weight_ih", weights.w_ih, {gates, in});
  check_sizes(name, "weight_hh", weights.w_hh, {gates, out});
  if (weights.b_ih.defined() || weights.b_hh.defined()) {
    check_sizes(name, "bias_ih", weights.b_ih, {gates});
    check_sizes(name, "bias_hh", weights.b_hh, {gates});
  }
  if (weights.w_hr.defined()) check_sizes(name, "weight_hr", weights.w_hr, {out, hidden});
  check_dtype(name, "weight_ih", weights.w_ih, type);
  check_dtype(name, "weight_hh", weights.w_hh, type);
  check_dtype(name, "bias_ih", weights.b_ih, type);
  check_dtype(name, "bias_hh", weights.b_hh, type);
  check_dtype(name, "weight_hr", weights.w_hr, type);
}

struct Net {
  Cell cell;
  bool has_biases;
  int64_t num_layers;
  double dropout;
  bool train, bidirectional;
};
struct Result {
  Tensor output, h, c;
};

// input: rows of all steps.
Result run(const Net& net, Tensor input, IntArrayRef batch_sizes, const Tensor& h0, const Tensor& c0,
           TensorList params) {
  const char* const name = name_of(net.cell);
  const int64_t directions = net.bidirectional ? 2 : 1, count = net.num_layers * directions;
  const bool is_lstm = net.cell == Cell::Lstm;
  if (!is_floating_point(input.dtype())) {
    fail_type(name, fmt::format("input is {}; need a floating point dtype", dtype_name(input.dtype())));
  }
  if (h0.dim() != 3) fail(name, fmt::format("hx is {}; need 3 dimensions", to_string(h0.sizes())));
  const int64_t out = h0.size(2), hidden = is_lstm ? c0.size(2) : out;
  const int64_t batch = batch_sizes.empty() ? 0 : batch_sizes[0];
  if (batch_sizes.empty()) fail(name, "Expected sequence length to be larger than 0 in RNN");
  check_sizes(name, "hx", h0, {count, batch, out});
  if (is_lstm) check_sizes(name, "the second of hx", c0, {count, batch, hidden});
  check_dtype(name, "hx", h0, input.dtype());
  check_dtype(name, "the second of hx", c0, input.dtype());
  const bool projects = is_lstm && out != hidden;
  const int64_t each = 2 + (net.has_biases ? 2 : 0) + (projects ? 1 : 0);
  if (static_cast<int64_t>(params.size()) != each * count) {
    fail(name, fmt::format("got {} parameters; need {} for each of {} layers and {} directions", params.size(), each,
                           net.num_layers, directions));
  }
  std::vector<Tensor> h, c;
  for (int64_t layer = 0; layer < net.num_layers; ++layer) {
    Tensor outputs[2];
    for (int64_t direction = 0; direction < directions; ++direction) {
      const int64_t index = layer * directions + direction;
      const RecurrentWeights weights = weights_at(params, index, net.has_biases, projects);
      check_weights(net.cell, weights, input, hidden, out);
      auto [y, last, cell] = ops::recurrent_layer(net.cell, input, batch_sizes, h0.select(0, index),
                                                  is_lstm ? c0.select(0, index) : Tensor(), weights, direction == 1);
      outputs[direction] = std::move(y);
      h.push_back(std::move(last));
      if (is_lstm) c.push_back(std::move(cell));
    }
    input = directions == 1 ? outputs[0] : cat({outputs[0], outputs[1]}, 1);
    if (net.dropout != 0 && net.train && layer + 1 < net.num_layers) input = dropout(input, net.dropout, true);
  }
  const auto stacked = [](const std::vector<Tensor>& states) {
    return graph::unviewed(states.size() == 1 ? states[0].unsqueeze(0) : stack(states));
  };
  return {input, stacked(h), is_lstm ? stacked(c) : Tensor()};
}

Result run_padded(const Net& net, const Tensor& input, const Tensor& h0, const Tensor& c0, TensorList params,
                  bool batch_first) {
  if (input.dim() != 3) {
    fail(name_of(net.cell), fmt::format("input must have 3 dimensions, got {}", to_string(input.sizes())));
  }
  const Tensor by_time = batch_first ? input.transpose(0, 1) : input;
  const int64_t time = by_time.size(0), batch = by_time.size(1);
  const std::vector<int64_t> sizes(static_cast<size_t>(time), batch);
  Result result = run(net, by_time.reshape({time * batch, by_time.size(2)}), sizes, h0, c0, params);
  result.output = result.output.view({time, batch, result.output.size(1)});
  if (batch_first) result.output = result.output.transpose(0, 1);
  graph::forget_view(result.output);
  return result;
}

Result run_packed(const Net& net, const Tensor& data, const Tensor& batch_sizes, const Tensor& h0, const Tensor& c0,
                  TensorList params) {
  const char* const name = name_of(net.cell);
  if (data.dim() != 2) fail(name, fmt::format("input must have 2 dimensions, got {}", to_string(data.sizes())));
  if (batch_sizes.dim() != 1 || batch_sizes.dtype() != kLong) {
    fail(name, fmt::format("batch_sizes is {} of {}; need one dimension of int64", to_string(batch_sizes.sizes()),
                           dtype_name(batch_sizes.dtype())));
  }
  const Tensor dense = batch_sizes.contiguous();
  const auto* const sizes = dense.data_ptr<int64_t>();
  int64_t sum = 0;
  for (int64_t t = 0; t < dense.numel(); ++t) {
    if (sizes[t] <= 0 || (t > 0 && sizes[t] > sizes[t - 1])) {
      fail(name, fmt::format("batch_sizes must be positive and must not increase; number {} is {}", t, sizes[t]));
    }
    sum += sizes[t];
  }
  if (sum != data.size(0)) {
    fail(name, fmt::format("batch_sizes sum to {}; the data have {} rows", sum, data.size(0)));
  }
  return run(net, data, IntArrayRef(sizes, static_cast<size_t>(dense.numel())), h0, c0, params);
}

std::tuple<Tensor, Tensor> states_of(Result result) { return {std::move(result.output), std::move(result.h)}; }

void check_pair(TensorList hx) {
  if (hx.size() != 2) fail("lstm", "lstm expects two hidden states");
  if (hx[1].dim() != 3)
    fail("lstm", fmt::format("the second of hx is {}; need 3 dimensions", to_string(hx[1].sizes())));
}

// ---- cells ----

void check_hidden(const char* operation, const Tensor& input, const Tensor& hx, int64_t hidden, const char* label) {
  if (hx.dim() != 2) fail(operation, fmt::format("hidden{} is {}; need (batch, hidden)", label, to_string(hx.sizes())));
  if (input.size(0) != hx.size(0)) {
    fail(operation,
         fmt::format("Input batch size {} doesn't match hidden{} batch size {}", input.size(0), label, hx.size(0)));
  }
  if (hx.size(1) != hidden) {
    fail(operation,
         fmt::format("hidden{} has inconsistent hidden_size: got {}, expected {}", label, hx.size(1), hidden));
  }
  check_dtype(operation, "hx", hx, input.dtype());
}

std::tuple<Tensor, Tensor, Tensor> one_step(Cell cell, const Tensor& input, const Tensor& h, const Tensor& c,
                                            const RecurrentWeights& weights) {
  const char* const name = cell == Cell::Lstm   ? "lstm_cell"
                           : cell == Cell::Gru  ? "gru_cell"
                           : cell == Cell::Tanh ? "rnn_tanh_cell"
                                                : "rnn_relu_cell";
  if (input.dim() != 2 || !is_floating_point(input.dtype())) {
    fail(name, fmt::format("input is {} of {}; need (batch, in) of a floating point dtype", to_string(input.sizes()),
                           dtype_name(input.dtype())));
  }
  const Tensor& w_hh = weights.w_hh;
  if (weights.w_ih.dim() != 2 || w_hh.dim() != 2) {
    fail(name, fmt::format("the weights are {} and {}; need matrices", to_string(weights.w_ih.sizes()),
                           to_string(w_hh.sizes())));
  }
  if (input.size(1) != weights.w_ih.size(1)) {
    fail(name,
         fmt::format("input has inconsistent input_size: got {} expected {}", input.size(1), weights.w_ih.size(1)));
  }
  check_hidden(name, input, h, w_hh.size(1), cell == Cell::Lstm ? "[0]" : "");
  if (cell == Cell::Lstm) check_hidden(name, input, c, w_hh.size(1), "[1]");
  check_weights(cell, weights, input, w_hh.size(1), w_hh.size(1));
  return ops::recurrent_layer(cell, input, {input.size(0)}, h, c, weights, false);
}

}  // namespace

std::tuple<Tensor, Tensor, Tensor> lstm(const Tensor& input, TensorList hx, TensorList params, bool has_biases,
                                        int64_t num_layers, double dropout, bool train, bool bidirectional,
                                        bool batch_first) {
  check_pair(hx);
  Result result = run_padded({Cell::Lstm, has_biases, num_layers, dropout, train, bidirectional}, input, hx[0], hx[1],
                             params, batch_first);
  return {std::move(result.output), std::move(result.h), std::move(result.c)};
}
std::tuple<Tensor, Tensor, Tensor> lstm(const Tensor& data, const Tensor& batch_sizes, TensorList hx, TensorList params,
                                        bool has_biases, int64_t num_layers, double dropout, bool train,
                                        bool bidirectional) {
  check_pair(hx);
  Result result = run_packed({Cell::Lstm, has_biases, num_layers, dropout, train, bidirectional}, data, batch_sizes,
                             hx[0], hx[1], params);
  return {std::move(result.output), std::move(result.h), std::move(result.c)};
}

#define RONDO_PLAIN_NET(name, kind)                                                                                    \
  std::tuple<Tensor, Tensor> name(const Tensor& input, const Tensor& hx, TensorList params, bool has_biases,           \
                                  int64_t num_layers, double dropout, bool train, bool bidirectional,                  \
                                  bool batch_first) {                                                                  \
    return states_of(run_padded({kind, has_biases, num_layers, dropout, train, bidirectional}, input, hx, {}, params,  \
                                batch_first));                                                                         \
  }                                                                                                                    \
  std::tuple<Tensor, Tensor> name(const Tensor& data, const Tensor& batch_sizes, const Tensor& hx, TensorList params,  \
                                  bool has_biases, int64_t num_layers, double dropout, bool train,                     \
                                  bool bidirectional) {                                                                \
    return states_of(                                                                                                  \
        run_packed({kind, has_biases, num_layers, dropout, train, bidirectional}, data, batch_sizes, hx, {}, params)); \
  }                                                                                                                    \
  Tensor name##_cell(const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh,                    \
                     const Tensor& b_ih, const Tensor& b_hh) {                                                         \
    return std::get<1>(one_step(kind, input, hx, {}, {w_ih, w_hh, b_ih, b_hh, {}}));                                   \
  }
RONDO_PLAIN_NET(gru, Cell::Gru)
RONDO_PLAIN_NET(rnn_tanh, Cell::Tanh)
RONDO_PLAIN_NET(rnn_relu, Cell::Relu)
#undef RONDO_PLAIN_NET

std::tuple<Tensor, Tensor> lstm_cell(const Tensor& input, TensorList hx, const Tensor& w_ih, const Tensor& w_hh,
                                     const Tensor& b_ih, const Tensor& b_hh) {
  if (hx.size() != 2) fail("lstm_cell", "lstm_cell expects two hidden states");
  auto [y, h, c] = one_step(Cell::Lstm, input, hx[0], hx[1], {w_ih, w_hh, b_ih, b_hh, {}});
  return {std::move(h), std::move(c)};
}

namespace {

// All that a net returns as one row.
Tensor joined(const std::tuple<Tensor, Tensor, Tensor>& r) {
  return cat({std::get<0>(r).reshape({-1}), std::get<1>(r).reshape({-1}), std::get<2>(r).reshape({-1})});
}
Tensor joined(const std::tuple<Tensor, Tensor>& r) {
  return cat({std::get<0>(r).reshape({-1}), std::get<1>(r).reshape({-1})});
}
TensorList from(const std::vector<Tensor>& in, size_t first) { return TensorList(in).slice(first, in.size() - first); }

// Weights of layers that take `in` numbers first.
std::vector<Tensor> with_weights(ops::Samples& s, std::vector<Tensor> inputs, int64_t gates, int64_t in, int64_t hidden,
                                 int64_t layers, int64_t directions, bool biases, int64_t projected = 0) {
  const int64_t out = projected > 0 ? projected : hidden;
  for (int64_t i = 0; i < layers * directions; ++i) {
    inputs.push_back(s.real({gates * hidden, i < directions ? in : out * directions}, -1, 1));
    inputs.push_back(s.real({gates * hidden, out}, -1, 1));
    for (int j = 0; j < (biases ? 2 : 0); ++j) inputs.push_back(s.real({gates * hidden}, -1, 1));
    if (projected > 0) inputs.push_back(s.real({out, hidden}, -1, 1));
  }
  return inputs;
}

using Function = ops::Samples::Function;
void plain_samples(ops::Samples& s, int64_t gates, Function plain, Function batch_first, Function two,
                   Function packed) {
  s.add("one layer", with_weights(s, {s.real({3, 2, 3}), s.real({1, 2, 4})}, gates, 3, 4, 1, 1, true), plain);
  s.add("batch first, no biases", with_weights(s, {s.real({2, 3, 3}), s.real({1, 2, 4})}, gates, 3, 4, 1, 1, false),
        batch_first);
  s.add("two layers, both directions", with_weights(s, {s.real({2, 3, 2}), s.real({4, 3, 2})}, gates, 2, 2, 2, 2, true),
        two);
  s.add("packed, both directions", with_weights(s, {s.real({6, 2}), s.real({2, 3, 2})}, gates, 2, 2, 1, 2, true),
        packed);
}

const auto kSizes = [] { return tensor({3, 2, 1}); };

}  // namespace

RONDO_OP(
    lstm, .name = "lstm",
    .doc = "c = sigmoid(f) c + sigmoid(i) tanh(g), h = sigmoid(o) tanh(c); a primitive: all steps in one kernel",
    .samples = [](ops::Samples& s) {
      s.add("one layer",
            with_weights(s, {s.real({3, 2, 3}), s.real({1, 2, 4}), s.real({1, 2, 4})}, 4, 3, 4, 1, 1, true),
            RONDO_SAMPLE(joined(lstm(in[0], {in[1], in[2]}, from(in, 3), true, 1, 0, true, false, false))));
      s.add("batch first, no biases",
            with_weights(s, {s.real({2, 3, 3}), s.real({1, 2, 4}), s.real({1, 2, 4})}, 4, 3, 4, 1, 1, false),
            RONDO_SAMPLE(joined(lstm(in[0], {in[1], in[2]}, from(in, 3), false, 1, 0, true, false, true))));
      s.add("two layers, both directions",
            with_weights(s, {s.real({2, 3, 2}), s.real({4, 3, 2}), s.real({4, 3, 2})}, 4, 2, 2, 2, 2, true),
            RONDO_SAMPLE(joined(lstm(in[0], {in[1], in[2]}, from(in, 3), true, 2, 0, true, true, false))));
      s.add("projected",
            with_weights(s, {s.real({3, 2, 3}), s.real({2, 2, 2}), s.real({2, 2, 4})}, 4, 3, 4, 1, 2, true, 2),
            RONDO_SAMPLE(joined(lstm(in[0], {in[1], in[2]}, from(in, 3), true, 1, 0, true, true, false))));
      s.add("packed, both directions",
            with_weights(s, {s.real({6, 2}), s.real({2, 3, 2}), s.real({2, 3, 2})}, 4, 2, 2, 1, 2, true),
            RONDO_SAMPLE(joined(lstm(in[0], kSizes(), {in[1], in[2]}, from(in, 3), true, 1, 0, true, true))));
      s.error("one state", "two hidden states", [] { lstm(ones({2, 2, 2}), {}, {}, true, 1, 0, true, false, false); });
      s.error("weights", "got 0 parameters", [] {
        lstm(ones({2, 2, 2}), {ones({1, 2, 3}), ones({1, 2, 3})}, {}, true, 1, 0, true, false, false);
      });
      s.error("no steps", "sequence length", [] {
        lstm(ones({0, 2, 2}), {ones({1, 2, 3}), ones({1, 2, 3})}, {}, true, 1, 0, true, false, false);
      });
    });
RONDO_OP(
    gru, .name = "gru",
    .doc = "h = (1 - z) tanh(x_n + r h_n) + z h with gates r, z; a primitive: all steps in one kernel",
    .samples = [](ops::Samples& s) {
      plain_samples(s, 3, RONDO_SAMPLE(joined(gru(in[0], in[1], from(in, 2), true, 1, 0, true, false, false))),
                    RONDO_SAMPLE(joined(gru(in[0], in[1], from(in, 2), false, 1, 0, true, false, true))),
                    RONDO_SAMPLE(joined(gru(in[0], in[1], from(in, 2), true, 2, 0, true, true, false))),
                    RONDO_SAMPLE(joined(gru(in[0], kSizes(), in[1], from(in, 2), true, 1, 0, true, true))));
      s.error("state", "hx is (1, 3, 3); need (1, 2, 3)", [] {
        gru(ones({2, 2, 2}), ones({1, 3, 3}), TensorList(), true, 1, 0, true, false, false);
      });
      s.error("packed sizes", "must not increase", [] {
        gru(ones({3, 2}), tensor({1, 2}), ones({1, 1, 3}), TensorList(), true, 1, 0, true, false);
      });
    });
RONDO_OP(
    rnn_tanh, .name = "rnn_tanh", .doc = "h = tanh(W x + b + U h + c); a primitive: all steps in one kernel",
    .samples = [](ops::Samples& s) {
      plain_samples(s, 1, RONDO_SAMPLE(joined(rnn_tanh(in[0], in[1], from(in, 2), true, 1, 0, true, false, false))),
                    RONDO_SAMPLE(joined(rnn_tanh(in[0], in[1], from(in, 2), false, 1, 0, true, false, true))),
                    RONDO_SAMPLE(joined(rnn_tanh(in[0], in[1], from(in, 2), true, 2, 0, true, true, false))),
                    RONDO_SAMPLE(joined(rnn_tanh(in[0], kSizes(), in[1], from(in, 2), true, 1, 0, true, true))));
    });
RONDO_OP(
    rnn_relu, .name = "rnn_relu", .doc = "h = max(0, W x + b + U h + c); a primitive: all steps in one kernel",
    .samples = [](ops::Samples& s) {
      plain_samples(s, 1, RONDO_SAMPLE(joined(rnn_relu(in[0], in[1], from(in, 2), true, 1, 0, true, false, false))),
                    RONDO_SAMPLE(joined(rnn_relu(in[0], in[1], from(in, 2), false, 1, 0, true, false, true))),
                    RONDO_SAMPLE(joined(rnn_relu(in[0], in[1], from(in, 2), true, 2, 0, true, true, false))),
                    RONDO_SAMPLE(joined(rnn_relu(in[0], kSizes(), in[1], from(in, 2), true, 1, 0, true, true))));
    });
RONDO_OP(
    recurrent_cells, .name = "recurrent cells", .doc = "one step of lstm, gru, rnn_tanh, rnn_relu",
    .samples = [](ops::Samples& s) {
      s.add("lstm_cell", with_weights(s, {s.real({2, 3}), s.real({2, 4}), s.real({2, 4})}, 4, 3, 4, 1, 1, true),
            RONDO_SAMPLE(joined(lstm_cell(in[0], {in[1], in[2]}, in[3], in[4], in[5], in[6]))));
      s.add("gru_cell", with_weights(s, {s.real({2, 3}), s.real({2, 4})}, 3, 3, 4, 1, 1, true),
            RONDO_SAMPLE(gru_cell(in[0], in[1], in[2], in[3], in[4], in[5])));
      s.add("rnn_tanh_cell", with_weights(s, {s.real({2, 3}), s.real({2, 4})}, 1, 3, 4, 1, 1, false),
            RONDO_SAMPLE(rnn_tanh_cell(in[0], in[1], in[2], in[3])));
      s.add("rnn_relu_cell", with_weights(s, {s.real({2, 3}), s.real({2, 4})}, 1, 3, 4, 1, 1, true),
            RONDO_SAMPLE(rnn_relu_cell(in[0], in[1], in[2], in[3], in[4], in[5])));
      s.error("input", "input has inconsistent input_size: got 3 expected 2", [] {
        gru_cell(ones({1, 3}), ones({1, 2}), ones({6, 2}), ones({6, 2}));
      });
      s.error("batch", "doesn't match hidden", [] {
        gru_cell(ones({1, 2}), ones({3, 2}), ones({6, 2}), ones({6, 2}));
      });
    });

}  // namespace rondo
