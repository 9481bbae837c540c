// Rows of a table, summed bag by bag. embedding is among the operations of index.h.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <optional>
#include <tuple>

namespace rondo {

// The rows of weight (vocabulary, width) that the 1-dimensional indices name, joined bag by bag: (bags, width).
// offsets: where each bag begins, the first at 0; with include_last_offset, where the last one ends, too. mode: 0 sum,
// 1 mean, 2 maximum; an empty bag gives zeros. per_sample_weights: a factor for each index of a sum. The row
// padding_idx does not count and gets no gradient. scale_grad_by_freq divides each row's gradient by how often it was
// read. Gradients are dense, also where `sparse` is set. Gives the result, the bag of each index, the bags' sizes, and
// for a maximum the rows that its numbers came from. Throws Error for shapes, dtypes and offsets that do not fit.
std::tuple<Tensor, Tensor, Tensor, Tensor> embedding_bag(const Tensor& weight, const Tensor& indices,
                                                         const Tensor& offsets, bool scale_grad_by_freq = false,
                                                         int64_t mode = 0, bool sparse = false,
                                                         const Tensor& per_sample_weights = {},
                                                         bool include_last_offset = false);
std::tuple<Tensor, Tensor, Tensor, Tensor> embedding_bag(const Tensor& weight, const Tensor& indices,
                                                         const Tensor& offsets, bool scale_grad_by_freq, int64_t mode,
                                                         bool sparse, const Tensor& per_sample_weights,
                                                         bool include_last_offset, std::optional<int64_t> padding_idx);

}  // namespace rondo
