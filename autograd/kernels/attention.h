// Scaled dot product attention, one block of queries after another, so that the matrix of all scores is never kept (as
// in Dao et al., FlashAttention, 2022); and rotary positions.
#pragma once

#include <rondo/autograd/base/scalar_type.h>

#include <cstdint>

namespace rondo::kernels {

// [batch, heads, rows, columns] of unit column stride; strides in elements, 0 where it repeats.
struct AttentionOperand {
  const void* data = nullptr;
  int64_t batch = 0, head = 0, row = 0;
};

// softmax(scale q k^T + mask) v, times `kept` before the product with v where it is given. q [batch, heads, queries,
// depth], k [.., keys, depth], v [.., keys, width]. With causal, query i sees the keys up to i. mask is added, may be
// null; kept [batch, heads, queries, keys] is contiguous, may be null.
struct Attention {
  int64_t batch = 0, heads = 0, queries = 0, keys = 0, depth = 0, width = 0;
  double scale = 1;
  bool causal = false;
  AttentionOperand q, k, v, mask;
  const void* kept = nullptr;
};

// y as an operand whose data are written; log_sums [batch, heads, queries]: the logarithms of the softmax's sums.
void attention(ScalarType dtype, const Attention& shape, AttentionOperand y, void* log_sums);
// The gradients gq, gk, gv (their data are written) from that of y, gy, and from y.
void attention_backward(ScalarType dtype, const Attention& shape, AttentionOperand y, AttentionOperand gy,
                        const void* log_sums, AttentionOperand gq, AttentionOperand gk, AttentionOperand gv);

// Rows of `depth` numbers, row r at position r % time: the pairs of row r turned by the angle whose cosine and sine are
// cosines[position][pair] and sines[..]. Pairs are neighbours (interleaved) or one number from each half.
void rotate_pairs(ScalarType dtype, int64_t rows, int64_t time, int64_t depth, bool interleaved, const double* cosines,
                  const double* sines, const void* x, void* y);

}  // namespace rondo::kernels
