// A recurrent layer: the inputs of all steps in one product, the steps in one kernel, the gradients of the weights in
// one product each.
#include <rondo/autograd/kernels/product.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/product.h>
#include <rondo/autograd/ops/recompute.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/recurrent_layer.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>

#include <algorithm>

namespace rondo::ops {
namespace {

using kernels::Cell;
using kernels::MatrixView;
using kernels::RecurrentLayer;

// The numbers of the inputs.
enum Input { kInput, kH0, kC0, kWih, kWhh, kBih, kBhh, kWhr };

MatrixView matrix_of(const Tensor& x) { return {x.data_ptr(), x.stride(0), x.stride(1)}; }
MatrixView transposed(MatrixView m) { return {m.data, m.column_stride, m.row_stride}; }

struct Steps {
  explicit Steps(IntArrayRef batch_sizes) : sizes(batch_sizes.begin(), batch_sizes.end()) {
    for (int64_t size : sizes) {
      starts.push_back(total);
      total += size;
    }
  }
  std::vector<int64_t> sizes, starts;
  int64_t total = 0;
};

// One step of the cell on rows, by public operations: x holds the input's product and biases (GRU: b_ih alone).
struct State {
  Tensor h, c;
};
State step_of(Cell cell, const Tensor& x, const State& before, const variable_list& in) {
  const Tensor &w_hh = in[kWhh], &b_hh = in[kBhh], &w_hr = in[kWhr];
  const Tensor y = linear(before.h, w_hh, b_hh);
  if (cell == Cell::Tanh) return {(x + y).tanh(), {}};
  if (cell == Cell::Relu) return {(x + y).relu(), {}};
  if (cell == Cell::Gru) {
    const std::vector<Tensor> a = x.chunk(3, 1), b = y.chunk(3, 1);
    const Tensor reset = (a[0] + b[0]).sigmoid(), update = (a[1] + b[1]).sigmoid();
    const Tensor candidate = (a[2] + reset * b[2]).tanh();
    return {candidate + update * (before.h - candidate), {}};
  }
  const std::vector<Tensor> gates = (x + y).chunk(4, 1);
  const Tensor c = gates[1].sigmoid() * before.c + gates[0].sigmoid() * gates[2].tanh();
  const Tensor h = gates[3].sigmoid() * c.tanh();
  return {w_hr.defined() ? mm(h, w_hr.t()) : h, c};
}

// The whole layer by public operations.
variable_list composed(Cell cell, const Steps& steps, bool reverse, const variable_list& in) {
  const Tensor x = linear(in[kInput], in[kWih], in[kBih]);
  const auto count = static_cast<int64_t>(steps.sizes.size());
  std::vector<Tensor> outputs(steps.sizes.size());
  // The rows that run, and those that have ended, the last ones first.
  const auto head = [](const Tensor& t, int64_t rows) { return t.defined() ? t.narrow(0, 0, rows) : t; };
  const int64_t begin = count == 0 ? 0 : steps.sizes[reverse ? static_cast<size_t>(count - 1) : 0];
  State state{head(in[kH0], begin), head(in[kC0], begin)};
  std::vector<State> ended;
  int64_t rows = begin;
  for (int64_t i = 0; i < count; ++i) {
    const auto t = static_cast<size_t>(reverse ? count - 1 - i : i);
    const int64_t size = steps.sizes[t];
    const auto cut = [&](const Tensor& tensor, int64_t from, int64_t to) {
      return tensor.defined() ? tensor.narrow(0, from, to - from) : tensor;
    };
    if (size < rows) {
      ended.push_back({cut(state.h, size, rows), cut(state.c, size, rows)});
      state = {head(state.h, size), head(state.c, size)};
    } else if (size > rows) {
      state.h = cat({state.h, cut(in[kH0], rows, size)});
      if (state.c.defined()) state.c = cat({state.c, cut(in[kC0], rows, size)});
    }
    rows = size;
    state = step_of(cell, x.narrow(0, steps.starts[t], size), state, in);
    outputs[t] = state.h;
  }
  ended.push_back(state);
  std::vector<Tensor> h, c;
  for (size_t i = ended.size(); i-- > 0;) {
    h.push_back(ended[i].h);
    if (cell == Cell::Lstm) c.push_back(ended[i].c);
  }
  variable_list result{cat(outputs), cat(h)};
  if (cell == Cell::Lstm) result.push_back(cat(c));
  return result;
}

const char* name_of(Cell cell) {
  switch (cell) {
    case Cell::Lstm:
      return "LstmLayerBackward0";
    case Cell::Gru:
      return "GruLayerBackward0";
    case Cell::Tanh:
      return "RnnTanhLayerBackward0";
    default:
      return "RnnReluLayerBackward0";
  }
}

struct RecurrentLayerBackward final : Rule {
  explicit RecurrentLayerBackward(IntArrayRef batch_sizes) : steps(batch_sizes) {}

  Steps steps;
  RecurrentLayer layer;
  Saved inputs[8];
  Saved gates, cells, before;

  std::string name() const override { return name_of(layer.cell); }

  // One product for the gradient of a weight: d^T x.
  static Tensor weight_gradient(const Tensor& d, const Tensor& x) {
    const int64_t n = d.size(1), k = x.size(1);
    Tensor gradient = tensor_data::make({n, k}, d.dtype());
    kernels::gemm(d.dtype(), n, k, d.size(0), 1, transposed(matrix_of(d)), matrix_of(x), 0, gradient.data_ptr(), k);
    return gradient;
  }

  void backward(Backward& step) override {
    if (step.create_graph()) {
      variable_list in(8);
      for (size_t i = 0; i < 8; ++i) {
        if (inputs[i].holds()) in[i] = inputs[i].get(*this);
      }
      backward_by_recomputation(
          step, in, [&](const variable_list& fresh) { return composed(layer.cell, steps, layer.reverse, fresh); });
      return;
    }
    const ScalarType type = gates.peek(*this).dtype();
    const int64_t wide = layer.gate_size();
    const auto start = [&](int output, int64_t width) {
      Tensor gradient = tensor_data::make({layer.batch, width}, type);
      if (step.gy(output).defined()) {
        gradient.copy_(step.gy(output));
      } else {
        gradient.zero_();
      }
      return gradient;
    };
    const bool is_lstm = layer.cell == Cell::Lstm, is_gru = layer.cell == Cell::Gru, projects = inputs[kWhr].holds();
    const Tensor gy = step.gy(0).defined() ? step.gy(0).contiguous() : Tensor();
    const Tensor gh = start(1, layer.out), gc = is_lstm ? start(2, layer.hidden) : Tensor();
    const Tensor d_input = tensor_data::make({steps.total, wide}, type);
    const Tensor d_hidden = is_gru ? tensor_data::make({steps.total, wide}, type) : d_input;
    const Tensor d_out = projects ? tensor_data::make({steps.total, layer.out}, type) : Tensor();
    const Tensor w_hh = inputs[kWhh].peek(*this).contiguous();
    const Tensor w_hr = projects ? inputs[kWhr].peek(*this).contiguous() : Tensor();
    const Tensor c0 = is_lstm ? inputs[kC0].peek(*this).contiguous() : Tensor();
    const auto data = [](const Tensor& t) -> void* { return t.defined() ? t.data_ptr() : nullptr; };
    const Tensor of_cells = cells.holds() ? cells.peek(*this) : Tensor();
    kernels::recurrent_backward(type, layer,
                                {.gates = gates.peek(*this).data_ptr(),
                                 .cells = data(of_cells),
                                 .before = before.peek(*this).data_ptr(),
                                 .c0 = data(c0),
                                 .w_hh = w_hh.data_ptr(),
                                 .w_hr = data(w_hr),
                                 .gy = data(gy),
                                 .gh = gh.data_ptr(),
                                 .gc = data(gc),
                                 .d_input = d_input.data_ptr(),
                                 .d_hidden = d_hidden.data_ptr(),
                                 .d_out = data(d_out)});
    step[kH0] = gh;
    step[kC0] = gc;
    if (step.wants(kInput)) step[kInput] = mm(d_input, inputs[kWih].peek(*this));
    if (step.wants(kWih)) step[kWih] = weight_gradient(d_input, inputs[kInput].peek(*this));
    if (step.wants(kWhh)) step[kWhh] = weight_gradient(d_hidden, before.peek(*this));
    Tensor of_bias;
    if (step.wants(kBih)) step[kBih] = of_bias = d_input.sum(0);
    if (step.wants(kBhh)) step[kBhh] = is_gru || !of_bias.defined() ? d_hidden.sum(0) : of_bias;
    if (step.wants(kWhr)) {
      const Tensor given = tensor_data::make({steps.total, layer.hidden}, type);
      kernels::unprojected(type, layer, steps.total, gates.peek(*this).data_ptr(), of_cells.data_ptr(),
                           given.data_ptr());
      step[kWhr] = weight_gradient(d_out, given);
    }
  }
  void release_variables() override {
    for (Saved& input : inputs) input.release();
    release(gates, cells, before);
  }
};

}  // namespace

std::tuple<Tensor, Tensor, Tensor> recurrent_layer(Cell cell, const Tensor& input, IntArrayRef batch_sizes,
                                                   const Tensor& h0, const Tensor& c0, const RecurrentWeights& weights,
                                                   bool reverse) {
  const auto& [w_ih, w_hh, b_ih, b_hh, w_hr] = weights;
  const ScalarType type = input.dtype();
  if (is_reduced_floating(type)) {
    const auto wide = [](const Tensor& t) { return t.defined() ? t.to(kFloat) : t; };
    const auto [y, h, c] = recurrent_layer(cell, wide(input), batch_sizes, wide(h0), wide(c0),
                                           {wide(w_ih), wide(w_hh), wide(b_ih), wide(b_hh), wide(w_hr)}, reverse);
    return {y.to(type), h.to(type), c.defined() ? c.to(type) : c};
  }
  const Tensor* const inputs[] = {&input, &h0, &c0, &w_ih, &w_hh, &b_ih, &b_hh, &w_hr};
  auto node = base::Ref<RecurrentLayerBackward>(new RecurrentLayerBackward(batch_sizes));
  const Steps& steps = node->steps;
  RecurrentLayer& layer = node->layer;
  layer.cell = cell;
  layer.reverse = reverse;
  layer.steps = static_cast<int64_t>(steps.sizes.size());
  layer.batch = h0.size(0);
  layer.out = h0.size(1);
  layer.hidden = w_ih.size(0) / layer.gates();
  layer.sizes = steps.sizes.data();
  layer.starts = steps.starts.data();
  const bool is_lstm = cell == Cell::Lstm, is_gru = cell == Cell::Gru;
  const bool recorded = recording(input, h0, c0, w_ih, w_hh, b_ih, b_hh, w_hr);

  Tensor y = tensor_data::make({steps.total, layer.out}, type), h, c, gates, cells, before;
  {
    NoGradGuard guard;
    Tensor bias = b_ih;
    if (b_ih.defined() && !is_gru) bias = b_ih + b_hh;
    gates = linear(input, w_ih, bias);
    if (is_lstm || is_gru) cells = tensor_data::make({steps.total, layer.hidden}, type);
    const auto copy = [&](const Tensor& t) {
      Tensor made = tensor_data::make(t.sizes(), type);
      made.copy_(t);
      return made;
    };
    h = copy(h0);
    if (is_lstm) c = copy(c0);
    const auto dense = [](const Tensor& t) { return t.defined() ? t.contiguous() : t; };
    const auto data = [](const Tensor& t) -> void* { return t.defined() ? t.data_ptr() : nullptr; };
    const Tensor of_hidden = dense(w_hh), bias_of_hidden = dense(b_hh), projection = dense(w_hr);
    kernels::recurrent(type, layer,
                       {.gates = gates.data_ptr(),
                        .w_hh = of_hidden.data_ptr(),
                        .b_hh = data(bias_of_hidden),
                        .w_hr = data(projection),
                        .h = h.data_ptr(),
                        .c = data(c),
                        .y = y.data_ptr(),
                        .cells = data(cells)});
    if (recorded) {
      // A copy: the output may be changed in place afterwards.
      before = tensor_data::make({steps.total, layer.out}, type);
      const Tensor first = dense(h0);
      kernels::states_before(type, layer, layer.out, y.data_ptr(), first.data_ptr(), before.data_ptr());
    }
  }
  if (recorded) {
    for (int i = 0; i < 8; ++i) {
      node->add_edge(*inputs[i]);
      if (inputs[i]->defined()) node->inputs[i].save_input(*inputs[i]);
    }
    node->gates.save_input(gates);
    if (cells.defined()) node->cells.save_input(cells);
    node->before.save_input(before);
    graph::add_history(y, node);
    graph::add_history(h, node);
    if (is_lstm) graph::add_history(c, node);
  }
  return {std::move(y), std::move(h), std::move(c)};
}

}  // namespace rondo::ops
