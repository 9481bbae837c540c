// Written by tools/methods.py from the declarations marked RONDO_METHOD.
#pragma once

#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/shape.h>
#include <rondo/autograd/ops/sorting.h>
#include <rondo/autograd/ops/view.h>

// clang-format off
namespace rondo {

inline Tensor Tensor::scatter(int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce) const { return rondo::scatter(*this, dim, index, source, reduce); }
inline Tensor Tensor::scatter(int64_t dim, const Tensor& index, Scalar value, std::string_view reduce) const { return rondo::scatter(*this, dim, index, value, reduce); }
inline Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce) const { return rondo::scatter_(const_cast<Tensor&>(*this), dim, index, source, reduce); }
inline Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, Scalar value, std::string_view reduce) const { return rondo::scatter_(const_cast<Tensor&>(*this), dim, index, value, reduce); }
inline Tensor Tensor::scatter_reduce(int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce, bool include_self) const { return rondo::scatter_reduce(*this, dim, index, source, reduce, include_self); }
inline Tensor& Tensor::scatter_reduce_(int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce, bool include_self) const { return rondo::scatter_reduce_(const_cast<Tensor&>(*this), dim, index, source, reduce, include_self); }
inline Tensor Tensor::index_reduce(int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce, bool include_self) const { return rondo::index_reduce(*this, dim, index, source, reduce, include_self); }
inline Tensor& Tensor::index_reduce_(int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce, bool include_self) const { return rondo::index_reduce_(const_cast<Tensor&>(*this), dim, index, source, reduce, include_self); }
inline Tensor Tensor::index_copy(int64_t dim, const Tensor& index, const Tensor& source) const { return rondo::index_copy(*this, dim, index, source); }
inline Tensor& Tensor::index_copy_(int64_t dim, const Tensor& index, const Tensor& source) const { return rondo::index_copy_(const_cast<Tensor&>(*this), dim, index, source); }
inline Tensor Tensor::index_fill(int64_t dim, const Tensor& index, Scalar value) const { return rondo::index_fill(*this, dim, index, value); }
inline Tensor Tensor::index_fill(int64_t dim, const Tensor& index, const Tensor& value) const { return rondo::index_fill(*this, dim, index, value); }
inline Tensor& Tensor::index_fill_(int64_t dim, const Tensor& index, Scalar value) const { return rondo::index_fill_(const_cast<Tensor&>(*this), dim, index, value); }
inline Tensor& Tensor::index_fill_(int64_t dim, const Tensor& index, const Tensor& value) const { return rondo::index_fill_(const_cast<Tensor&>(*this), dim, index, value); }
inline Tensor Tensor::take(const Tensor& index) const { return rondo::take(*this, index); }
inline Tensor Tensor::put(const Tensor& index, const Tensor& source, bool accumulate) const { return rondo::put(*this, index, source, accumulate); }
inline Tensor& Tensor::put_(const Tensor& index, const Tensor& source, bool accumulate) const { return rondo::put_(const_cast<Tensor&>(*this), index, source, accumulate); }
inline Tensor Tensor::take_along_dim(const Tensor& indices, std::optional<int64_t> dim) const { return rondo::take_along_dim(*this, indices, std::move(dim)); }
inline Tensor Tensor::masked_scatter(const Tensor& mask, const Tensor& source) const { return rondo::masked_scatter(*this, mask, source); }
inline Tensor& Tensor::masked_scatter_(const Tensor& mask, const Tensor& source) const { return rondo::masked_scatter_(const_cast<Tensor&>(*this), mask, source); }
inline Tensor Tensor::argwhere() const { return rondo::argwhere(*this); }
inline std::vector<Tensor> Tensor::nonzero_numpy() const { return rondo::nonzero_numpy(*this); }
inline Tensor Tensor::select_scatter(const Tensor& source, int64_t dim, int64_t index) const { return rondo::select_scatter(*this, source, dim, index); }
inline Tensor Tensor::slice_scatter(const Tensor& source, int64_t dim, std::optional<int64_t> start, std::optional<int64_t> end, int64_t step) const { return rondo::slice_scatter(*this, source, dim, std::move(start), std::move(end), step); }
inline Tensor Tensor::diagonal_scatter(const Tensor& source, int64_t offset, int64_t dim1, int64_t dim2) const { return rondo::diagonal_scatter(*this, source, offset, dim1, dim2); }
inline Tensor Tensor::as_strided_scatter(const Tensor& source, IntArrayRef sizes, IntArrayRef strides, std::optional<int64_t> offset) const { return rondo::as_strided_scatter(*this, source, sizes, strides, std::move(offset)); }
inline Tensor Tensor::index_put(TensorList indices, const Tensor& values, bool accumulate) const { return rondo::index_put(*this, indices, values, accumulate); }
inline Tensor Tensor::lerp(const Tensor& end, Scalar weight) const { return rondo::lerp(*this, end, weight); }
inline Tensor Tensor::clamp_min(Scalar min) const { return rondo::clamp_min(*this, min); }
inline Tensor Tensor::clamp_max(Scalar max) const { return rondo::clamp_max(*this, max); }
inline Tensor Tensor::roll(IntArrayRef shifts, IntArrayRef dims) const { return rondo::roll(*this, shifts, dims); }
inline Tensor Tensor::fliplr() const { return rondo::fliplr(*this); }
inline Tensor Tensor::flipud() const { return rondo::flipud(*this); }
inline Tensor Tensor::rot90(int64_t k, IntArrayRef dims) const { return rondo::rot90(*this, k, dims); }
inline Tensor Tensor::tile(IntArrayRef dims) const { return rondo::tile(*this, dims); }
inline Tensor Tensor::repeat_interleave(const Tensor& repeats, std::optional<int64_t> dim, std::optional<int64_t> output_size) const { return rondo::repeat_interleave(*this, repeats, std::move(dim), std::move(output_size)); }
inline Tensor Tensor::repeat_interleave(int64_t repeats, std::optional<int64_t> dim, std::optional<int64_t> output_size) const { return rondo::repeat_interleave(*this, repeats, std::move(dim), std::move(output_size)); }
inline Tensor Tensor::diag(int64_t diagonal) const { return rondo::diag(*this, diagonal); }
inline Tensor Tensor::diag_embed(int64_t offset, int64_t dim1, int64_t dim2) const { return rondo::diag_embed(*this, offset, dim1, dim2); }
inline Tensor Tensor::diagflat(int64_t offset) const { return rondo::diagflat(*this, offset); }
inline Tensor& Tensor::triu_(int64_t diagonal) const { return rondo::triu_(const_cast<Tensor&>(*this), diagonal); }
inline Tensor& Tensor::tril_(int64_t diagonal) const { return rondo::tril_(const_cast<Tensor&>(*this), diagonal); }
inline Tensor& Tensor::fill_diagonal_(Scalar value, bool wrap) const { return rondo::fill_diagonal_(const_cast<Tensor&>(*this), value, wrap); }
inline Tensor Tensor::ravel() const { return rondo::ravel(*this); }
inline Tensor Tensor::new_empty(IntArrayRef sizes, TensorOptions options) const { return rondo::new_empty(*this, sizes, options); }
inline Tensor Tensor::new_empty_strided(IntArrayRef sizes, IntArrayRef strides, TensorOptions options) const { return rondo::new_empty_strided(*this, sizes, strides, options); }
inline Tensor Tensor::new_full(IntArrayRef sizes, Scalar value, TensorOptions options) const { return rondo::new_full(*this, sizes, value, options); }
inline Tensor Tensor::new_zeros(IntArrayRef sizes, TensorOptions options) const { return rondo::new_zeros(*this, sizes, options); }
inline Tensor Tensor::new_ones(IntArrayRef sizes, TensorOptions options) const { return rondo::new_ones(*this, sizes, options); }
inline Tensor& Tensor::resize_as_(const Tensor& other) const { return rondo::resize_as_(const_cast<Tensor&>(*this), other); }
inline bool Tensor::is_same_size(const Tensor& other) const { return rondo::is_same_size(*this, other); }
inline bool Tensor::is_nonzero() const { return rondo::is_nonzero(*this); }
inline std::tuple<Tensor, Tensor> Tensor::sort(std::optional<bool> stable, int64_t dim, bool descending) const { return rondo::sort(*this, std::move(stable), dim, descending); }
inline Tensor Tensor::argsort(bool stable, int64_t dim, bool descending) const { return rondo::argsort(*this, stable, dim, descending); }
inline Tensor Tensor::argsort(int dim, bool descending) const { return rondo::argsort(*this, dim, descending); }
inline Tensor Tensor::msort() const { return rondo::msort(*this); }
inline std::tuple<Tensor, Tensor> Tensor::kthvalue(int64_t k, int64_t dim, bool keepdim) const { return rondo::kthvalue(*this, k, dim, keepdim); }
inline Tensor Tensor::median() const { return rondo::median(*this); }
inline std::tuple<Tensor, Tensor> Tensor::median(int64_t dim, bool keepdim) const { return rondo::median(*this, dim, keepdim); }
inline Tensor Tensor::nanmedian() const { return rondo::nanmedian(*this); }
inline std::tuple<Tensor, Tensor> Tensor::nanmedian(int64_t dim, bool keepdim) const { return rondo::nanmedian(*this, dim, keepdim); }
inline std::tuple<Tensor, Tensor> Tensor::mode(int64_t dim, bool keepdim) const { return rondo::mode(*this, dim, keepdim); }
inline Tensor Tensor::quantile(const Tensor& q, std::optional<int64_t> dim, bool keepdim, std::string_view interpolation) const { return rondo::quantile(*this, q, std::move(dim), keepdim, interpolation); }
inline Tensor Tensor::quantile(double q, std::optional<int64_t> dim, bool keepdim, std::string_view interpolation) const { return rondo::quantile(*this, q, std::move(dim), keepdim, interpolation); }
inline Tensor Tensor::nanquantile(const Tensor& q, std::optional<int64_t> dim, bool keepdim, std::string_view interpolation) const { return rondo::nanquantile(*this, q, std::move(dim), keepdim, interpolation); }
inline Tensor Tensor::nanquantile(double q, std::optional<int64_t> dim, bool keepdim, std::string_view interpolation) const { return rondo::nanquantile(*this, q, std::move(dim), keepdim, interpolation); }
inline std::tuple<Tensor, Tensor, Tensor> Tensor::unique_consecutive(bool return_inverse, bool return_counts, std::optional<int64_t> dim) const { return rondo::unique_consecutive(*this, return_inverse, return_counts, std::move(dim)); }
inline Tensor Tensor::histc(int64_t bins, Scalar min, Scalar max) const { return rondo::histc(*this, bins, min, max); }
inline std::tuple<Tensor, Tensor> Tensor::histogram(const Tensor& bins, const std::optional<Tensor>& weight, bool density) const { return rondo::histogram(*this, bins, weight, density); }
inline std::tuple<Tensor, Tensor> Tensor::histogram(int64_t bins, std::optional<ArrayRef<double>> range, const std::optional<Tensor>& weight, bool density) const { return rondo::histogram(*this, bins, std::move(range), weight, density); }
inline Tensor Tensor::bincount(const std::optional<Tensor>& weights, int64_t minlength) const { return rondo::bincount(*this, weights, minlength); }
inline Tensor Tensor::movedim(IntArrayRef source, IntArrayRef destination) const { return rondo::movedim(*this, source, destination); }
inline Tensor Tensor::moveaxis(int64_t source, int64_t destination) const { return rondo::moveaxis(*this, source, destination); }
inline Tensor Tensor::moveaxis(IntArrayRef source, IntArrayRef destination) const { return rondo::moveaxis(*this, source, destination); }
inline Tensor Tensor::swapaxes(int64_t axis0, int64_t axis1) const { return rondo::swapaxes(*this, axis0, axis1); }
inline Tensor Tensor::swapdims(int64_t dim0, int64_t dim1) const { return rondo::swapdims(*this, dim0, dim1); }
inline Tensor Tensor::numpy_T() const { return rondo::numpy_T(*this); }
inline Tensor Tensor::mT() const { return rondo::mT(*this); }
inline Tensor Tensor::mH() const { return rondo::mH(*this); }
inline Tensor Tensor::matrix_H() const { return rondo::matrix_H(*this); }
inline Tensor Tensor::adjoint() const { return rondo::adjoint(*this); }
inline Tensor Tensor::broadcast_to(IntArrayRef sizes) const { return rondo::broadcast_to(*this, sizes); }
inline Tensor Tensor::narrow(int64_t dim, const Tensor& start, int64_t length) const { return rondo::narrow(*this, dim, start, length); }
inline Tensor Tensor::narrow_copy(int64_t dim, int64_t start, int64_t length) const { return rondo::narrow_copy(*this, dim, start, length); }
inline Tensor Tensor::squeeze(IntArrayRef dims) const { return rondo::squeeze(*this, dims); }
inline Tensor Tensor::unfold(int64_t dimension, int64_t size, int64_t step) const { return rondo::unfold(*this, dimension, size, step); }
inline Tensor Tensor::view(ScalarType dtype) const { return rondo::view(*this, dtype); }
inline Tensor& Tensor::squeeze_() const { return rondo::squeeze_(const_cast<Tensor&>(*this)); }
inline Tensor& Tensor::squeeze_(int64_t dim) const { return rondo::squeeze_(const_cast<Tensor&>(*this), dim); }
inline Tensor& Tensor::squeeze_(IntArrayRef dims) const { return rondo::squeeze_(const_cast<Tensor&>(*this), dims); }
inline Tensor& Tensor::unsqueeze_(int64_t dim) const { return rondo::unsqueeze_(const_cast<Tensor&>(*this), dim); }
inline Tensor& Tensor::t_() const { return rondo::t_(const_cast<Tensor&>(*this)); }
inline Tensor& Tensor::transpose_(int64_t dim0, int64_t dim1) const { return rondo::transpose_(const_cast<Tensor&>(*this), dim0, dim1); }
inline Tensor& Tensor::swapaxes_(int64_t axis0, int64_t axis1) const { return rondo::swapaxes_(const_cast<Tensor&>(*this), axis0, axis1); }
inline Tensor& Tensor::swapdims_(int64_t dim0, int64_t dim1) const { return rondo::swapdims_(const_cast<Tensor&>(*this), dim0, dim1); }
inline Tensor& Tensor::as_strided_(IntArrayRef sizes, IntArrayRef strides, std::optional<int64_t> offset) const { return rondo::as_strided_(const_cast<Tensor&>(*this), sizes, strides, std::move(offset)); }
inline std::vector<Tensor> Tensor::split_with_sizes(IntArrayRef sizes, int64_t dim) const { return rondo::split_with_sizes(*this, sizes, dim); }
inline std::vector<Tensor> Tensor::unsafe_split(int64_t size, int64_t dim) const { return rondo::unsafe_split(*this, size, dim); }
inline std::vector<Tensor> Tensor::unsafe_split_with_sizes(IntArrayRef sizes, int64_t dim) const { return rondo::unsafe_split_with_sizes(*this, sizes, dim); }
inline std::vector<Tensor> Tensor::unsafe_chunk(int64_t count, int64_t dim) const { return rondo::unsafe_chunk(*this, count, dim); }
inline std::vector<Tensor> Tensor::tensor_split(int64_t sections, int64_t dim) const { return rondo::tensor_split(*this, sections, dim); }
inline std::vector<Tensor> Tensor::tensor_split(IntArrayRef indices, int64_t dim) const { return rondo::tensor_split(*this, indices, dim); }
inline std::vector<Tensor> Tensor::tensor_split(const Tensor& indices_or_sections, int64_t dim) const { return rondo::tensor_split(*this, indices_or_sections, dim); }
inline std::vector<Tensor> Tensor::hsplit(int64_t sections) const { return rondo::hsplit(*this, sections); }
inline std::vector<Tensor> Tensor::hsplit(IntArrayRef indices) const { return rondo::hsplit(*this, indices); }
inline std::vector<Tensor> Tensor::vsplit(int64_t sections) const { return rondo::vsplit(*this, sections); }
inline std::vector<Tensor> Tensor::vsplit(IntArrayRef indices) const { return rondo::vsplit(*this, indices); }
inline std::vector<Tensor> Tensor::dsplit(int64_t sections) const { return rondo::dsplit(*this, sections); }
inline std::vector<Tensor> Tensor::dsplit(IntArrayRef indices) const { return rondo::dsplit(*this, indices); }

}  // namespace rondo
// clang-format on
