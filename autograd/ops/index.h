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

// With reduce "add" or "multiply" the source (or the number) is joined to what stands there.
RONDO_METHOD Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source,
                            std::string_view reduce);
RONDO_METHOD Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, Scalar value,
                            std::string_view reduce);
RONDO_METHOD Tensor& scatter_(Tensor& self, int64_t dim, const Tensor& index, const Tensor& source,
                              std::string_view reduce);
RONDO_METHOD Tensor& scatter_(Tensor& self, int64_t dim, const Tensor& index, Scalar value, std::string_view reduce);
// What scatter would write to a place, reduced: "sum", "prod", "mean", "amax" or "amin". include_self: together with
// self's own element, which is otherwise kept only where nothing is written. Equal extrema share the gradient.
RONDO_METHOD Tensor scatter_reduce(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source,
                                   std::string_view reduce, bool include_self = true);
RONDO_METHOD Tensor& scatter_reduce_(Tensor& self, int64_t dim, const Tensor& index, const Tensor& source,
                                     std::string_view reduce, bool include_self = true);
// The same for slices, by a 1-dimensional index as long as source's `dim`: "prod", "mean", "amax" or "amin".
RONDO_METHOD Tensor index_reduce(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source,
                                 std::string_view reduce, bool include_self = true);
RONDO_METHOD Tensor& index_reduce_(Tensor& self, int64_t dim, const Tensor& index, const Tensor& source,
                                   std::string_view reduce, bool include_self = true);
// Slices of `dim` written by a 1-dimensional index: from source, which has as many, or from one number.
RONDO_METHOD Tensor index_copy(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source);
RONDO_METHOD Tensor& index_copy_(Tensor& self, int64_t dim, const Tensor& index, const Tensor& source);
RONDO_METHOD Tensor index_fill(const Tensor& self, int64_t dim, const Tensor& index, Scalar value);
RONDO_METHOD Tensor index_fill(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& value);
RONDO_METHOD Tensor& index_fill_(Tensor& self, int64_t dim, const Tensor& index, Scalar value);
RONDO_METHOD Tensor& index_fill_(Tensor& self, int64_t dim, const Tensor& index, const Tensor& value);
// Elements by row-major number, negative ones from the end; put writes source (as many elements as indices) or adds it.
RONDO_METHOD Tensor take(const Tensor& self, const Tensor& index);
RONDO_METHOD Tensor put(const Tensor& self, const Tensor& index, const Tensor& source, bool accumulate = false);
RONDO_METHOD Tensor& put_(Tensor& self, const Tensor& index, const Tensor& source, bool accumulate = false);
// gather whose other dimensions broadcast; over the flattened tensors without `dim`.
RONDO_METHOD Tensor take_along_dim(const Tensor& self, const Tensor& indices,
                                   std::optional<int64_t> dim = std::nullopt);
// The elements where the mask holds are replaced by source's elements, in order.
RONDO_METHOD Tensor masked_scatter(const Tensor& self, const Tensor& mask, const Tensor& source);
RONDO_METHOD Tensor& masked_scatter_(Tensor& self, const Tensor& mask, const Tensor& source);
// nonzero, and its columns as one tensor for each dimension.
RONDO_METHOD Tensor argwhere(const Tensor& self);
RONDO_METHOD std::vector<Tensor> nonzero_numpy(const Tensor& self);
// A copy of self with source in the place of the view of that name; source has the view's shape.
RONDO_METHOD Tensor select_scatter(const Tensor& self, const Tensor& source, int64_t dim, int64_t index);
RONDO_METHOD Tensor slice_scatter(const Tensor& self, const Tensor& source, int64_t dim = 0,
                                  std::optional<int64_t> start = std::nullopt,
                                  std::optional<int64_t> end = std::nullopt, int64_t step = 1);
RONDO_METHOD Tensor diagonal_scatter(const Tensor& self, const Tensor& source, int64_t offset = 0, int64_t dim1 = 0,
                                     int64_t dim2 = 1);
RONDO_METHOD Tensor as_strided_scatter(const Tensor& self, const Tensor& source, IntArrayRef sizes, IntArrayRef strides,
                                       std::optional<int64_t> offset = std::nullopt);
// Each of the segments of `axis`, given by their lengths or by offsets (one more than segments), reduced by "sum",
// "mean", "max", "min" or "prod"; empty segments give `initial` or the operation's neutral number.
Tensor segment_reduce(const Tensor& data, std::string_view reduce, const std::optional<Tensor>& lengths = {},
                      const std::optional<Tensor>& indices = {}, const std::optional<Tensor>& offsets = {},
                      int64_t axis = 0, bool unsafe = false, std::optional<Scalar> initial = std::nullopt);
// Scales the rows that the indices name down to max_norm, outside of the graph.
Tensor embedding_renorm(const Tensor& self, const Tensor& indices, double max_norm, double norm_type);
Tensor& embedding_renorm_(Tensor& self, const Tensor& indices, double max_norm, double norm_type);

// Tensor::index and index_put_ with one tensor for each dimension, an undefined one for a whole dimension.
Tensor index(const Tensor& self, TensorList indices);
RONDO_METHOD Tensor index_put(const Tensor& self, TensorList indices, const Tensor& values, bool accumulate = false);
Tensor& index_put_(Tensor& self, TensorList indices, const Tensor& values, bool accumulate = false);

// The same with lists in which nothing stands for a whole dimension.
std::vector<Tensor> given_or_undefined(ArrayRef<std::optional<Tensor>> indices);
template <class List>
requires(std::is_convertible_v<const List&, ArrayRef<std::optional<Tensor>>>) Tensor
    index(const Tensor& self, const List& indices) {
  return index(self, TensorList(given_or_undefined(indices)));
}
template <class List>
requires(std::is_convertible_v<const List&, ArrayRef<std::optional<Tensor>>>) Tensor
    index_put(const Tensor& self, const List& indices, const Tensor& values, bool accumulate = false) {
  return index_put(self, TensorList(given_or_undefined(indices)), values, accumulate);
}
template <class List>
requires(std::is_convertible_v<const List&, ArrayRef<std::optional<Tensor>>>) Tensor& index_put_(
    Tensor& self, const List& indices, const Tensor& values, bool accumulate = false) {
  return index_put_(self, TensorList(given_or_undefined(indices)), values, accumulate);
}

template <class List>
requires(std::is_convertible_v<const List&, ArrayRef<std::optional<Tensor>>>) Tensor Tensor::index(const List& indices)
const { return rondo::index(*this, indices); }
template <class List>
requires(std::is_convertible_v<const List&, ArrayRef<std::optional<Tensor>>>) Tensor& Tensor::index_put_(
    const List& indices, const Tensor& value, bool accumulate) const {
  return rondo::index_put_(const_cast<Tensor&>(*this), indices, value, accumulate);
}
template <class List>
requires(std::is_convertible_v<const List&, ArrayRef<std::optional<Tensor>>>) Tensor Tensor::index_put(
    const List& indices, const Tensor& value, bool accumulate)
const { return rondo::index_put(*this, indices, value, accumulate); }

}  // namespace rondo
