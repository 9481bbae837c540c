// Looking up rows.
#pragma once

#include <rondo/autograd/ops/index.h>
#include <rondo/nn/options/embedding.h>

namespace rondo::nn::functional {

// int64 classes -> int64 zeros and ones, one dimension more; num_classes -1: one more than the largest.
inline Tensor one_hot(const Tensor& tensor, int64_t num_classes = -1) { return rondo::one_hot(tensor, num_classes); }

// Rows of weight [vocabulary, width] by indices of any shape. Throws Error for a padding_idx out of range.
Tensor embedding(const Tensor& input, const Tensor& weight, const EmbeddingFuncOptions& options = {});
// Rows of weight joined bag by bag: input (N, S) holds N bags of S indices, input (count,) those that options.offsets
// divide; see rondo::embedding_bag. Throws Error for inputs and options that do not fit.
Tensor embedding_bag(const Tensor& input, const Tensor& weight, const EmbeddingBagFuncOptions& options = {});

}  // namespace rondo::nn::functional
