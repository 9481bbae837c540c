// The methods of Tensor that forward to the free functions of the same names.
#pragma once

#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/method_bodies.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/product.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/indexing.h>

namespace rondo {

// clang-format off
#define RONDO_DEFINE(name)                                           \
  inline Tensor Tensor::name() const { return rondo::name(*this); } \
  inline Tensor& Tensor::name##_() const { return rondo::name##_(const_cast<Tensor&>(*this)); }
RONDO_UNARY_OPERATIONS(RONDO_DEFINE, RONDO_DEFINE)
#undef RONDO_DEFINE
inline Tensor Tensor::operator-() const { return rondo::neg(*this); }
inline Tensor Tensor::operator~() const { return rondo::bitwise_not(*this); }
#define RONDO_DEFINE(name)                                                                                     \
  inline Tensor Tensor::name(const Tensor& other) const { return rondo::name(*this, other); } \
  inline Tensor Tensor::name(Scalar other) const { return rondo::name(*this, other); }
RONDO_DEFINE(mul)
RONDO_DEFINE(div)
RONDO_DEFINE(pow)
RONDO_DEFINE(remainder)
RONDO_DEFINE(fmod)
RONDO_DEFINE(eq)
RONDO_DEFINE(ne)
RONDO_DEFINE(lt)
RONDO_DEFINE(le)
RONDO_DEFINE(gt)
RONDO_DEFINE(ge)
#undef RONDO_DEFINE

inline Tensor Tensor::add(const Tensor& other, Scalar alpha) const { return rondo::add(*this, other, alpha); }
inline Tensor Tensor::add(Scalar other, Scalar alpha) const { return rondo::add(*this, other, alpha); }
inline Tensor Tensor::sub(const Tensor& other, Scalar alpha) const { return rondo::sub(*this, other, alpha); }
inline Tensor Tensor::sub(Scalar other, Scalar alpha) const { return rondo::sub(*this, other, alpha); }
inline Tensor Tensor::div(const Tensor& other, std::optional<std::string> rounding_mode) const { return rondo::div(*this, other, std::move(rounding_mode)); }
inline Tensor Tensor::div(Scalar other, std::optional<std::string> rounding_mode) const { return rondo::div(*this, other, std::move(rounding_mode)); }
inline Tensor Tensor::addcmul(const Tensor& tensor1, const Tensor& tensor2, Scalar value) const { return rondo::addcmul(*this, tensor1, tensor2, value); }
inline Tensor Tensor::addcdiv(const Tensor& tensor1, const Tensor& tensor2, Scalar value) const { return rondo::addcdiv(*this, tensor1, tensor2, value); }
inline Tensor Tensor::clamp(std::optional<Scalar> min, std::optional<Scalar> max) const { return rondo::clamp(*this, min, max); }
inline Tensor Tensor::clamp(const std::optional<Tensor>& min, const std::optional<Tensor>& max) const { return rondo::clamp(*this, min, max); }
inline Tensor Tensor::polygamma(int64_t n) const { return rondo::polygamma(n, *this); }
inline Tensor Tensor::maximum(const Tensor& other) const { return rondo::maximum(*this, other); }
inline Tensor Tensor::minimum(const Tensor& other) const { return rondo::minimum(*this, other); }
inline Tensor Tensor::logical_and(const Tensor& other) const { return rondo::logical_and(*this, other); }
inline Tensor Tensor::logical_or(const Tensor& other) const { return rondo::logical_or(*this, other); }
inline Tensor Tensor::logical_xor(const Tensor& other) const { return rondo::logical_xor(*this, other); }
inline Tensor Tensor::bitwise_and(const Tensor& other) const { return rondo::bitwise_and(*this, other); }
inline Tensor Tensor::bitwise_or(const Tensor& other) const { return rondo::bitwise_or(*this, other); }
inline Tensor Tensor::bitwise_xor(const Tensor& other) const { return rondo::bitwise_xor(*this, other); }
inline Tensor Tensor::where(const Tensor& condition, const Tensor& other) const { return rondo::where(condition, *this, other); }
inline Tensor Tensor::masked_fill(const Tensor& mask, Scalar value) const { return rondo::masked_fill(*this, mask, value); }
inline Tensor Tensor::masked_fill(const Tensor& mask, const Tensor& value) const { return rondo::masked_fill(*this, mask, value); }
inline Tensor Tensor::logical_not() const { return rondo::logical_not(*this); }
inline Tensor Tensor::bitwise_not() const { return rondo::bitwise_not(*this); }
inline Tensor Tensor::isnan() const { return rondo::isnan(*this); }
inline Tensor Tensor::isinf() const { return rondo::isinf(*this); }
inline Tensor Tensor::isfinite() const { return rondo::isfinite(*this); }
inline bool Tensor::equal(const Tensor& other) const { return rondo::equal(*this, other); }
inline bool Tensor::allclose(const Tensor& other, double rtol, double atol, bool equal_nan) const { return rondo::allclose(*this, other, rtol, atol, equal_nan); }
inline Tensor Tensor::isclose(const Tensor& other, double rtol, double atol, bool equal_nan) const { return rondo::isclose(*this, other, rtol, atol, equal_nan); }
inline Tensor Tensor::sum(std::optional<ScalarType> dtype) const { return rondo::sum(*this, dtype); }
inline Tensor Tensor::sum(OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) const { return rondo::sum(*this, dim, keepdim, dtype); }
inline Tensor Tensor::mean(std::optional<ScalarType> dtype) const { return rondo::mean(*this, dtype); }
inline Tensor Tensor::mean(OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) const { return rondo::mean(*this, dim, keepdim, dtype); }
inline Tensor Tensor::sum_to_size(IntArrayRef sizes) const { return rondo::sum_to_size(*this, sizes); }
inline Tensor Tensor::prod(std::optional<ScalarType> dtype) const { return rondo::prod(*this, dtype); }
inline Tensor Tensor::prod(int64_t dim, bool keepdim, std::optional<ScalarType> dtype) const { return rondo::prod(*this, dim, keepdim, dtype); }
inline Tensor Tensor::max() const { return rondo::max(*this); }
inline Tensor Tensor::max(const Tensor& other) const { return rondo::max(*this, other); }
inline std::tuple<Tensor, Tensor> Tensor::max(int64_t dim, bool keepdim) const { return rondo::max(*this, dim, keepdim); }
inline Tensor Tensor::min() const { return rondo::min(*this); }
inline Tensor Tensor::min(const Tensor& other) const { return rondo::min(*this, other); }
inline std::tuple<Tensor, Tensor> Tensor::min(int64_t dim, bool keepdim) const { return rondo::min(*this, dim, keepdim); }
inline Tensor Tensor::amax(IntArrayRef dim, bool keepdim) const { return rondo::amax(*this, dim, keepdim); }
inline Tensor Tensor::amin(IntArrayRef dim, bool keepdim) const { return rondo::amin(*this, dim, keepdim); }
inline Tensor Tensor::argmax(std::optional<int64_t> dim, bool keepdim) const { return rondo::argmax(*this, dim, keepdim); }
inline Tensor Tensor::argmin(std::optional<int64_t> dim, bool keepdim) const { return rondo::argmin(*this, dim, keepdim); }
inline Tensor Tensor::all() const { return rondo::all(*this); }
inline Tensor Tensor::all(int64_t dim, bool keepdim) const { return rondo::all(*this, dim, keepdim); }
inline Tensor Tensor::any() const { return rondo::any(*this); }
inline Tensor Tensor::any(int64_t dim, bool keepdim) const { return rondo::any(*this, dim, keepdim); }
inline Tensor Tensor::var(OptionalIntArrayRef dim, bool unbiased, bool keepdim) const { return rondo::var(*this, dim, unbiased, keepdim); }
inline Tensor Tensor::var(OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim) const { return rondo::var(*this, dim, correction, keepdim); }
inline Tensor Tensor::std(OptionalIntArrayRef dim, bool unbiased, bool keepdim) const { return rondo::std(*this, dim, unbiased, keepdim); }
inline Tensor Tensor::std(OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim) const { return rondo::std(*this, dim, correction, keepdim); }
inline Tensor Tensor::norm(Scalar p) const { return rondo::norm(*this, p); }
inline Tensor Tensor::norm(std::optional<Scalar> p, IntArrayRef dim, bool keepdim) const { return rondo::norm(*this, p, dim, keepdim); }
inline Tensor Tensor::logsumexp(IntArrayRef dim, bool keepdim) const { return rondo::logsumexp(*this, dim, keepdim); }
inline Tensor Tensor::softmax(int64_t dim, std::optional<ScalarType> dtype) const { return rondo::softmax(*this, dim, dtype); }
inline Tensor Tensor::log_softmax(int64_t dim, std::optional<ScalarType> dtype) const { return rondo::log_softmax(*this, dim, dtype); }
inline Tensor Tensor::cumsum(int64_t dim, std::optional<ScalarType> dtype) const { return rondo::cumsum(*this, dim, dtype); }
inline std::tuple<Tensor, Tensor> Tensor::sort(int64_t dim, bool descending) const { return rondo::sort(*this, dim, descending); }
inline Tensor Tensor::argsort(int64_t dim, bool descending) const { return rondo::argsort(*this, dim, descending); }
inline std::tuple<Tensor, Tensor> Tensor::topk(int64_t k, int64_t dim, bool largest, bool sorted) const { return rondo::topk(*this, k, dim, largest, sorted); }
inline Tensor Tensor::matmul(const Tensor& other) const { return rondo::matmul(*this, other); }
inline Tensor Tensor::mm(const Tensor& other) const { return rondo::mm(*this, other); }
inline Tensor Tensor::bmm(const Tensor& other) const { return rondo::bmm(*this, other); }
inline Tensor Tensor::dot(const Tensor& other) const { return rondo::dot(*this, other); }
inline Tensor Tensor::mv(const Tensor& vector) const { return rondo::mv(*this, vector); }
inline Tensor Tensor::addmm(const Tensor& mat1, const Tensor& mat2, Scalar beta, Scalar alpha) const { return rondo::addmm(*this, mat1, mat2, beta, alpha); }
inline Tensor Tensor::index_select(int64_t dim, const Tensor& index) const { return rondo::index_select(*this, dim, index); }
inline Tensor Tensor::gather(int64_t dim, const Tensor& index, bool sparse_grad) const { return rondo::gather(*this, dim, index, sparse_grad); }
inline Tensor Tensor::scatter_add(int64_t dim, const Tensor& index, const Tensor& source) const { return rondo::scatter_add(*this, dim, index, source); }
inline Tensor Tensor::scatter(int64_t dim, const Tensor& index, const Tensor& source) const { return rondo::scatter(*this, dim, index, source); }
inline Tensor Tensor::scatter(int64_t dim, const Tensor& index, Scalar value) const { return rondo::scatter(*this, dim, index, value); }
inline Tensor Tensor::index_add(int64_t dim, const Tensor& index, const Tensor& source, Scalar alpha) const { return rondo::index_add(*this, dim, index, source, alpha); }
inline Tensor Tensor::masked_select(const Tensor& mask) const { return rondo::masked_select(*this, mask); }
inline Tensor Tensor::nonzero() const { return rondo::nonzero(*this); }
inline Tensor Tensor::triu(int64_t diagonal) const { return rondo::triu(*this, diagonal); }
inline Tensor Tensor::tril(int64_t diagonal) const { return rondo::tril(*this, diagonal); }
inline Tensor Tensor::flip(IntArrayRef dims) const { return rondo::flip(*this, dims); }
inline Tensor Tensor::view(IntArrayRef sizes) const { return rondo::view(*this, sizes); }
inline Tensor Tensor::reshape(IntArrayRef sizes) const { return rondo::reshape(*this, sizes); }
inline Tensor Tensor::view_as(const Tensor& other) const { return rondo::view(*this, other.sizes()); }
inline Tensor Tensor::reshape_as(const Tensor& other) const { return rondo::reshape(*this, other.sizes()); }
inline Tensor Tensor::flatten(int64_t start_dim, int64_t end_dim) const { return rondo::flatten(*this, start_dim, end_dim); }
inline Tensor Tensor::unflatten(int64_t dim, IntArrayRef sizes) const { return rondo::unflatten(*this, dim, sizes); }
inline Tensor Tensor::t() const { return rondo::t(*this); }
inline Tensor Tensor::transpose(int64_t dim0, int64_t dim1) const { return rondo::transpose(*this, dim0, dim1); }
inline Tensor Tensor::permute(IntArrayRef dims) const { return rondo::permute(*this, dims); }
inline Tensor Tensor::movedim(int64_t source, int64_t destination) const { return rondo::movedim(*this, source, destination); }
inline Tensor Tensor::expand(IntArrayRef sizes, bool) const { return rondo::expand(*this, sizes); }
inline Tensor Tensor::expand_as(const Tensor& other) const { return rondo::expand(*this, other.sizes()); }
inline Tensor Tensor::select(int64_t dim, int64_t index) const { return rondo::select(*this, dim, index); }
inline Tensor Tensor::slice(int64_t dim, std::optional<int64_t> start, std::optional<int64_t> end, int64_t step) const { return rondo::slice(*this, dim, start, end, step); }
inline Tensor Tensor::narrow(int64_t dim, int64_t start, int64_t length) const { return rondo::narrow(*this, dim, start, length); }
inline Tensor Tensor::squeeze() const { return rondo::squeeze(*this); }
inline Tensor Tensor::squeeze(int64_t dim) const { return rondo::squeeze(*this, dim); }
inline Tensor Tensor::unsqueeze(int64_t dim) const { return rondo::unsqueeze(*this, dim); }
inline Tensor Tensor::diagonal(int64_t offset, int64_t dim1, int64_t dim2) const { return rondo::diagonal(*this, offset, dim1, dim2); }
inline Tensor Tensor::as_strided(IntArrayRef sizes, IntArrayRef strides, std::optional<int64_t> offset) const { return rondo::as_strided(*this, sizes, strides, offset); }
inline Tensor Tensor::alias() const { return rondo::alias(*this); }
inline Tensor Tensor::operator[](int64_t index) const { return rondo::select(*this, 0, index); }
inline std::vector<Tensor> Tensor::split(int64_t size, int64_t dim) const { return rondo::split(*this, size, dim); }
inline std::vector<Tensor> Tensor::split(IntArrayRef sizes, int64_t dim) const { return rondo::split(*this, sizes, dim); }
inline std::vector<Tensor> Tensor::chunk(int64_t count, int64_t dim) const { return rondo::chunk(*this, count, dim); }
inline std::vector<Tensor> Tensor::unbind(int64_t dim) const { return rondo::unbind(*this, dim); }
// clang-format on

}  // namespace rondo
