// One direction of one recurrent layer as an operation.
#pragma once

#include <rondo/autograd/kernels/recurrent.h>
#include <rondo/autograd/tensor/tensor.h>

#include <tuple>

namespace rondo::ops {

// w_ih [gates, in], w_hh [gates, out], b_ih and b_hh [gates] (both or neither), w_hr [out, hidden] (LSTM, may be
// undefined).
struct RecurrentWeights {
  Tensor w_ih, w_hh, b_ih, b_hh, w_hr;
};

// input [sum of batch_sizes, in], step by step; h0 [batch, out]; c0 [batch, hidden] for LSTM. Returns the outputs [sum,
// out], the last state [batch, out] and the last cell [batch, hidden] (undefined but for LSTM). Shapes must be right.
std::tuple<Tensor, Tensor, Tensor> recurrent_layer(kernels::Cell cell, const Tensor& input, IntArrayRef batch_sizes,
                                                   const Tensor& h0, const Tensor& c0, const RecurrentWeights& weights,
                                                   bool reverse);

}  // namespace rondo::ops
