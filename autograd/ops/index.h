// Reading and writing by indices, which are int64 tensors. Indices out of range throw IndexError.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

namespace rondo {

// The slices of `dim` that the 1-dimensional index names.
Tensor index_select(const Tensor& self, int64_t dim, const Tensor& index);
// out[i][j][k] = self[i][index[i][j][k]][k] for dim 1, and so on.
Tensor gather(const Tensor& self, int64_t dim, const Tensor& index, bool sparse_grad = false);
// A copy of self with source added (written) where gather would read.
Tensor scatter_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source);
Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source);
Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, Scalar value);
Tensor index_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, Scalar alpha = 1);
Tensor masked_select(const Tensor& self, const Tensor& mask);
// The positions of the elements that are not zero, [count, dim()].
Tensor nonzero(const Tensor& self);
// int64 classes -> int64 zeros and ones, one dimension more; num_classes -1: one more than the largest.
Tensor one_hot(const Tensor& self, int64_t num_classes = -1);
// Rows of weight [vocabulary, width] by indices of any shape. The gradient of row padding_idx is zero (-1: no such
// row); scale_grad_by_freq divides each row's by how often it was read. Gradients are dense, also where `sparse` is
// set.
Tensor embedding(const Tensor& weight, const Tensor& indices, int64_t padding_idx = -1, bool scale_grad_by_freq = false,
                 bool sparse = false);

// Tensor::index and index_put_ with one tensor for each dimension, an undefined one for a whole dimension.
Tensor index(const Tensor& self, TensorList indices);
Tensor index_put(const Tensor& self, TensorList indices, const Tensor& values, bool accumulate = false);
Tensor& index_put_(Tensor& self, TensorList indices, const Tensor& values, bool accumulate = false);

}  // namespace rondo
