// One direction of one recurrent layer over all of its steps, forwards and back through time.
#pragma once

#include <rondo/autograd/base/scalar_type.h>

#include <cstdint>

namespace rondo::kernels {

enum class Cell : uint8_t { Tanh, Relu, Lstm, Gru };

// Sequences sorted by falling length lie step by step: step t has the rows starts[t] .. starts[t] + sizes[t] of every
// array of `total` rows, and sizes never increase. `reverse` runs from the last step to the first.
struct RecurrentLayer {
  Cell cell = Cell::Tanh;
  bool reverse = false;
  int64_t steps = 0, batch = 0;
  int64_t hidden = 0;  // of the cell
  int64_t out = 0;     // of the output: hidden, or less where it is projected
  const int64_t* sizes = nullptr;
  const int64_t* starts = nullptr;

  int64_t gates() const { return cell == Cell::Lstm ? 4 : cell == Cell::Gru ? 3 : 1; }
  int64_t gate_size() const { return gates() * hidden; }
};

// gates [total, gate_size]: in, the products of the inputs with all biases (GRU: without those of the hidden state);
// out, the gates' values: i f g o (LSTM), r z n (GRU), the output (others). w_hh [gate_size, out]. h [batch, out]
// and c [batch, hidden] (LSTM) hold the state, first and last. y [total, out].
// cells [total, hidden]: c after each step (LSTM); the candidate's product of the hidden state with its bias (GRU).
// b_hh [gate_size]: GRU, may be null. w_hr [out, hidden]: the projection, may be null.
struct RecurrentForward {
  void* gates;
  const void* w_hh;
  const void* b_hh;
  const void* w_hr;
  void* h;
  void* c;
  void* y;
  void* cells;
};
void recurrent(ScalarType dtype, const RecurrentLayer& layer, const RecurrentForward& data);

// gy [total, out], may be null. gh [batch, out] and gc [batch, hidden] (LSTM): in, the gradients of the last state;
// out, those of the first. before [total, out]: the hidden state before each step; c0 [batch, hidden]. Writes d_input
// [total, gate_size], the gradient of the input's products; d_hidden [total, gate_size] for GRU, where that of the
// hidden state's product differs; d_out [total, out] where the output is projected: the gradient of each step's output.
struct RecurrentBackward {
  const void* gates;
  const void* cells;
  const void* before;
  const void* c0;
  const void* w_hh;
  const void* w_hr;
  const void* gy;
  void* gh;
  void* gc;
  void* d_input;
  void* d_hidden;
  void* d_out;
};
void recurrent_backward(ScalarType dtype, const RecurrentLayer& layer, const RecurrentBackward& data);

// to [total, width]: the state before each step, from that after each step and the first one [batch, width].
void states_before(ScalarType dtype, const RecurrentLayer& layer, int64_t width, const void* after, const void* first,
                   void* to);
// to [total, hidden] = o tanh(c): what an LSTM's projection was given.
void unprojected(ScalarType dtype, const RecurrentLayer& layer, int64_t total, const void* gates, const void* cells,
                 void* to);

}  // namespace rondo::kernels
