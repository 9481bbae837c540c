// Views, which share memory and never copy, and the operations that put tensors together.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

namespace rondo {

// The method of the same name says what each does.
Tensor view(const Tensor& self, IntArrayRef sizes);
// A view where the strides allow it, else a copy. One size may be -1.
Tensor reshape(const Tensor& self, IntArrayRef sizes);
Tensor flatten(const Tensor& self, int64_t start_dim = 0, int64_t end_dim = -1);
Tensor unflatten(const Tensor& self, int64_t dim, IntArrayRef sizes);
Tensor t(const Tensor& self);
Tensor transpose(const Tensor& self, int64_t dim0, int64_t dim1);
Tensor permute(const Tensor& self, IntArrayRef dims);
Tensor movedim(const Tensor& self, int64_t source, int64_t destination);
RONDO_METHOD Tensor movedim(const Tensor& self, IntArrayRef source, IntArrayRef destination);
RONDO_METHOD Tensor moveaxis(const Tensor& self, int64_t source, int64_t destination);
RONDO_METHOD Tensor moveaxis(const Tensor& self, IntArrayRef source, IntArrayRef destination);
RONDO_METHOD Tensor swapaxes(const Tensor& self, int64_t axis0, int64_t axis1);
RONDO_METHOD Tensor swapdims(const Tensor& self, int64_t dim0, int64_t dim1);
// All dimensions reversed; the last two swapped; the two of a matrix swapped (matrix_H, adjoint: also conjugated, which
// changes no real number).
RONDO_METHOD Tensor numpy_T(const Tensor& self);
RONDO_METHOD Tensor mT(const Tensor& self);
RONDO_METHOD Tensor mH(const Tensor& self);
RONDO_METHOD Tensor matrix_H(const Tensor& self);
RONDO_METHOD Tensor adjoint(const Tensor& self);
Tensor expand(const Tensor& self, IntArrayRef sizes);
RONDO_METHOD Tensor broadcast_to(const Tensor& self, IntArrayRef sizes);
std::vector<Tensor> broadcast_tensors(TensorList tensors);
Tensor select(const Tensor& self, int64_t dim, int64_t index);
Tensor slice(const Tensor& self, int64_t dim = 0, std::optional<int64_t> start = std::nullopt,
             std::optional<int64_t> end = std::nullopt, int64_t step = 1);
Tensor narrow(const Tensor& self, int64_t dim, int64_t start, int64_t length);
RONDO_METHOD Tensor narrow(const Tensor& self, int64_t dim, const Tensor& start, int64_t length);
RONDO_METHOD Tensor narrow_copy(const Tensor& self, int64_t dim, int64_t start, int64_t length);
Tensor squeeze(const Tensor& self);
Tensor squeeze(const Tensor& self, int64_t dim);
RONDO_METHOD Tensor squeeze(const Tensor& self, IntArrayRef dims);
Tensor unsqueeze(const Tensor& self, int64_t dim);
Tensor diagonal(const Tensor& self, int64_t offset = 0, int64_t dim1 = 0, int64_t dim2 = 1);
Tensor as_strided(const Tensor& self, IntArrayRef sizes, IntArrayRef strides,
                  std::optional<int64_t> offset = std::nullopt);
// The windows of `size` elements at every `step` along a dimension, as a last dimension.
RONDO_METHOD Tensor unfold(const Tensor& self, int64_t dimension, int64_t size, int64_t step);
// The same memory read as numbers of another type; the last size changes where the types' sizes differ. No gradient.
RONDO_METHOD Tensor view(const Tensor& self, ScalarType dtype);
// Changes of shape in place: the tensor itself becomes the view.
RONDO_METHOD Tensor& squeeze_(Tensor& self);
RONDO_METHOD Tensor& squeeze_(Tensor& self, int64_t dim);
RONDO_METHOD Tensor& squeeze_(Tensor& self, IntArrayRef dims);
RONDO_METHOD Tensor& unsqueeze_(Tensor& self, int64_t dim);
RONDO_METHOD Tensor& t_(Tensor& self);
RONDO_METHOD Tensor& transpose_(Tensor& self, int64_t dim0, int64_t dim1);
RONDO_METHOD Tensor& swapaxes_(Tensor& self, int64_t axis0, int64_t axis1);
RONDO_METHOD Tensor& swapdims_(Tensor& self, int64_t dim0, int64_t dim1);
RONDO_METHOD Tensor& as_strided_(Tensor& self, IntArrayRef sizes, IntArrayRef strides,
                                 std::optional<int64_t> offset = std::nullopt);
Tensor alias(const Tensor& self);
Tensor detach(const Tensor& self);
std::vector<Tensor> split(const Tensor& self, int64_t size, int64_t dim = 0);
std::vector<Tensor> split(const Tensor& self, IntArrayRef sizes, int64_t dim = 0);
std::vector<Tensor> chunk(const Tensor& self, int64_t count, int64_t dim = 0);
std::vector<Tensor> unbind(const Tensor& self, int64_t dim = 0);
RONDO_METHOD std::vector<Tensor> split_with_sizes(const Tensor& self, IntArrayRef sizes, int64_t dim = 0);
// Parts that may be changed in place, since nobody watches that they share memory.
RONDO_METHOD std::vector<Tensor> unsafe_split(const Tensor& self, int64_t size, int64_t dim = 0);
RONDO_METHOD std::vector<Tensor> unsafe_split_with_sizes(const Tensor& self, IntArrayRef sizes, int64_t dim = 0);
RONDO_METHOD std::vector<Tensor> unsafe_chunk(const Tensor& self, int64_t count, int64_t dim = 0);
// `sections` parts, the first ones one longer where the size is no multiple; or cut before each of the indices, which
// may lie outside. A tensor of int64 gives either (0-dimensional: the number of sections).
RONDO_METHOD std::vector<Tensor> tensor_split(const Tensor& self, int64_t sections, int64_t dim = 0);
RONDO_METHOD std::vector<Tensor> tensor_split(const Tensor& self, IntArrayRef indices, int64_t dim = 0);
RONDO_METHOD std::vector<Tensor> tensor_split(const Tensor& self, const Tensor& indices_or_sections, int64_t dim = 0);
// Along dimension 1 (0 of a 1-dimensional tensor), 0 and 2; the sections must divide the size.
RONDO_METHOD std::vector<Tensor> hsplit(const Tensor& self, int64_t sections);
RONDO_METHOD std::vector<Tensor> hsplit(const Tensor& self, IntArrayRef indices);
RONDO_METHOD std::vector<Tensor> vsplit(const Tensor& self, int64_t sections);
RONDO_METHOD std::vector<Tensor> vsplit(const Tensor& self, IntArrayRef indices);
RONDO_METHOD std::vector<Tensor> dsplit(const Tensor& self, int64_t sections);
RONDO_METHOD std::vector<Tensor> dsplit(const Tensor& self, IntArrayRef indices);
// With at least so many dimensions; new ones go in front, but behind the second for atleast_3d.
Tensor atleast_1d(const Tensor& self);
Tensor atleast_2d(const Tensor& self);
Tensor atleast_3d(const Tensor& self);
std::vector<Tensor> atleast_1d(TensorList tensors);
std::vector<Tensor> atleast_2d(TensorList tensors);
std::vector<Tensor> atleast_3d(TensorList tensors);
// 1-dimensional tensors (and numbers) expanded over each other's dimensions; "xy" swaps the first two dimensions.
std::vector<Tensor> meshgrid(TensorList tensors);
std::vector<Tensor> meshgrid(TensorList tensors, std::string_view indexing);
Tensor clone(const Tensor& self);

// Tensors side by side along a dimension that they have (cat), or along a new one (stack).
Tensor cat(TensorList tensors, int64_t dim = 0);
Tensor concat(TensorList tensors, int64_t dim = 0);
Tensor stack(TensorList tensors, int64_t dim = 0);
Tensor triu(const Tensor& self, int64_t diagonal = 0);
Tensor tril(const Tensor& self, int64_t diagonal = 0);
Tensor flip(const Tensor& self, IntArrayRef dims);

}  // namespace rondo
