// Tensors put together, repeated, turned, padded and cut to triangles; and what a tensor is, as free functions.
#pragma once

#include <rondo/autograd/ops/view.h>

namespace rondo {

Tensor concatenate(TensorList tensors, int64_t dim = 0);
// Side by side along columns, rows and the third dimension; column_stack takes lists as columns.
Tensor hstack(TensorList tensors);
Tensor vstack(TensorList tensors);
Tensor row_stack(TensorList tensors);
Tensor dstack(TensorList tensors);
Tensor column_stack(TensorList tensors);
// Matrices along a diagonal, zeros elsewhere; vectors are rows.
Tensor block_diag(TensorList tensors);
// All combinations of the elements of 1-dimensional tensors, one a row.
Tensor cartesian_prod(TensorList tensors);
// All choices of r elements of a 1-dimensional tensor, one a row.
Tensor combinations(const Tensor& self, int64_t r = 2, bool with_replacement = false);

// Elements moved around by `shifts` along `dims`, over the flattened tensor without dims.
RONDO_METHOD Tensor roll(const Tensor& self, IntArrayRef shifts, IntArrayRef dims = {});
RONDO_METHOD Tensor fliplr(const Tensor& self);
RONDO_METHOD Tensor flipud(const Tensor& self);
// Turned k times by 90 degrees in the plane of two dimensions, from the first towards the second.
RONDO_METHOD Tensor rot90(const Tensor& self, int64_t k = 1, IntArrayRef dims = {0, 1});
// repeat whose missing leading counts are 1.
RONDO_METHOD Tensor tile(const Tensor& self, IntArrayRef dims);
// Number i `repeats[i]` times; slices of a dimension (of the flattened tensor without one) so many times, one after
// another. output_size, where given, must be the sum of the repeats.
Tensor repeat_interleave(const Tensor& repeats, std::optional<int64_t> output_size = std::nullopt);
RONDO_METHOD Tensor repeat_interleave(const Tensor& self, const Tensor& repeats,
                                      std::optional<int64_t> dim = std::nullopt,
                                      std::optional<int64_t> output_size = std::nullopt);
RONDO_METHOD Tensor repeat_interleave(const Tensor& self, int64_t repeats, std::optional<int64_t> dim = std::nullopt,
                                      std::optional<int64_t> output_size = std::nullopt);

// A vector as a diagonal matrix, or the diagonal of a matrix; the last dimension on the diagonals of two new ones; all
// elements on one diagonal.
RONDO_METHOD Tensor diag(const Tensor& self, int64_t diagonal = 0);
RONDO_METHOD Tensor diag_embed(const Tensor& self, int64_t offset = 0, int64_t dim1 = -2, int64_t dim2 = -1);
RONDO_METHOD Tensor diagflat(const Tensor& self, int64_t offset = 0);
RONDO_METHOD Tensor& triu_(Tensor& self, int64_t diagonal = 0);
RONDO_METHOD Tensor& tril_(Tensor& self, int64_t diagonal = 0);
// The main diagonal of a matrix (of a cube of any dimension) set to a number; wrap: of a tall matrix again behind each
// square.
RONDO_METHOD Tensor& fill_diagonal_(Tensor& self, Scalar value, bool wrap = false);
// [2, count]: rows and columns of the triangle's places in a matrix, row by row.
Tensor triu_indices(int64_t row, int64_t col, int64_t offset = 0, TensorOptions options = kLong);
Tensor tril_indices(int64_t row, int64_t col, int64_t offset = 0, TensorOptions options = kLong);
RONDO_METHOD Tensor ravel(const Tensor& self);
// [.., c r^2, h, w] -> [.., c, h r, w r], and back; channels of `groups` groups interleaved.
Tensor pixel_shuffle(const Tensor& self, int64_t upscale_factor);
Tensor pixel_unshuffle(const Tensor& self, int64_t downscale_factor);
Tensor channel_shuffle(const Tensor& self, int64_t groups);
// pad: before and after the last dimension, then the one before it, ...; negative numbers cut.
Tensor constant_pad_nd(const Tensor& self, IntArrayRef pad, Scalar value = 0);
// Powers of a vector's elements as columns, from N - 1 (its length - 1) to 0, or increasing.
Tensor vander(const Tensor& x, std::optional<int64_t> N = std::nullopt, bool increasing = false);

// New tensors of self's dtype, unless the options say otherwise.
RONDO_METHOD Tensor new_empty(const Tensor& self, IntArrayRef sizes, TensorOptions options = {});
RONDO_METHOD Tensor new_empty_strided(const Tensor& self, IntArrayRef sizes, IntArrayRef strides,
                                      TensorOptions options = {});
RONDO_METHOD Tensor new_full(const Tensor& self, IntArrayRef sizes, Scalar value, TensorOptions options = {});
RONDO_METHOD Tensor new_zeros(const Tensor& self, IntArrayRef sizes, TensorOptions options = {});
RONDO_METHOD Tensor new_ones(const Tensor& self, IntArrayRef sizes, TensorOptions options = {});
// resize_ to the sizes of another tensor.
RONDO_METHOD Tensor& resize_as_(Tensor& self, const Tensor& other);

inline int64_t numel(const Tensor& self) { return self.numel(); }
inline int64_t size(const Tensor& self, int64_t dim) { return self.size(dim); }
inline int64_t stride(const Tensor& self, int64_t dim) { return self.stride(dim); }
inline bool is_floating_point(const Tensor& self) { return self.is_floating_point(); }
inline bool is_complex(const Tensor& self) { return self.is_complex(); }
inline bool is_signed(const Tensor& self) { return self.is_signed(); }
RONDO_METHOD bool is_same_size(const Tensor& self, const Tensor& other);
// Whether the only element is not zero; throws where there is not exactly one.
RONDO_METHOD bool is_nonzero(const Tensor& self);
// The dtype of an operation of both: tensors with dimensions count more than those without, and these than numbers.
ScalarType result_type(const Tensor& tensor, const Tensor& other);
ScalarType result_type(const Tensor& tensor, Scalar other);
ScalarType result_type(Scalar scalar, const Tensor& tensor);
ScalarType result_type(Scalar scalar1, Scalar scalar2);

namespace ops {
// (..., n): 1, x, x^2, ... of each number of (...).
Tensor rising_powers(const Tensor& base, int64_t n);
}  // namespace ops

}  // namespace rondo
