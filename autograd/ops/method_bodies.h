// Written by tools/methods.py from the declarations marked RONDO_METHOD.
#pragma once

#include <rondo/autograd/ops/distance.h>
#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/linalg.h>
#include <rondo/autograd/ops/memory_format.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/pointwise_in_place.h>
#include <rondo/autograd/ops/product.h>
#include <rondo/autograd/ops/random.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/shape.h>
#include <rondo/autograd/ops/sorting.h>
#include <rondo/autograd/ops/special.h>
#include <rondo/autograd/ops/view.h>

// clang-format off
namespace rondo {

inline Tensor Tensor::dist(const Tensor& other, Scalar p) const { return rondo::dist(*this, other, p); }
inline Tensor Tensor::cov(int64_t correction, const std::optional<Tensor>& fweights, const std::optional<Tensor>& aweights) const { return rondo::cov(*this, correction, fweights, aweights); }
inline Tensor Tensor::corrcoef() const { return rondo::corrcoef(*this); }
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
inline Tensor Tensor::det() const { return rondo::det(*this); }
inline std::tuple<Tensor, Tensor> Tensor::slogdet() const { return rondo::slogdet(*this); }
inline Tensor Tensor::logdet() const { return rondo::logdet(*this); }
inline Tensor Tensor::inverse() const { return rondo::inverse(*this); }
inline std::tuple<Tensor, Tensor> Tensor::triangular_solve(const Tensor& A, bool upper, bool transpose, bool unitriangular) const { return rondo::triangular_solve(*this, A, upper, transpose, unitriangular); }
inline Tensor Tensor::pinverse(double rcond) const { return rondo::pinverse(*this, rcond); }
inline Tensor Tensor::cholesky(bool upper) const { return rondo::cholesky(*this, upper); }
inline Tensor Tensor::cholesky_solve(const Tensor& input2, bool upper) const { return rondo::cholesky_solve(*this, input2, upper); }
inline Tensor Tensor::cholesky_inverse(bool upper) const { return rondo::cholesky_inverse(*this, upper); }
inline Tensor Tensor::lu_solve(const Tensor& LU_data, const Tensor& LU_pivots) const { return rondo::lu_solve(*this, LU_data, LU_pivots); }
inline std::tuple<Tensor, Tensor> Tensor::qr(bool some) const { return rondo::qr(*this, some); }
inline std::tuple<Tensor, Tensor> Tensor::geqrf() const { return rondo::geqrf(*this); }
inline Tensor Tensor::orgqr(const Tensor& input2) const { return rondo::orgqr(*this, input2); }
inline Tensor Tensor::ormqr(const Tensor& input2, const Tensor& input3, bool left, bool transpose) const { return rondo::ormqr(*this, input2, input3, left, transpose); }
inline std::tuple<Tensor, Tensor, Tensor> Tensor::svd(bool some, bool compute_uv) const { return rondo::svd(*this, some, compute_uv); }
inline std::tuple<Tensor, Tensor> Tensor::symeig(bool eigenvectors, bool upper) const { return rondo::symeig(*this, eigenvectors, upper); }
inline Tensor Tensor::clone(std::optional<MemoryFormat> format) const { return rondo::clone(*this, std::move(format)); }
inline Tensor Tensor::contiguous(MemoryFormat format) const { return rondo::contiguous(*this, format); }
inline bool Tensor::is_contiguous(MemoryFormat format) const { return rondo::is_contiguous(*this, format); }
inline Tensor Tensor::to(ScalarType type, bool non_blocking, bool copy, std::optional<MemoryFormat> format) const { return rondo::to(*this, type, non_blocking, copy, std::move(format)); }
inline Tensor Tensor::to(TensorOptions options, bool non_blocking, bool copy, std::optional<MemoryFormat> format) const { return rondo::to(*this, options, non_blocking, copy, std::move(format)); }
inline Tensor Tensor::to(Device device, ScalarType type, bool non_blocking, bool copy, std::optional<MemoryFormat> format) const { return rondo::to(*this, device, type, non_blocking, copy, std::move(format)); }
inline Tensor Tensor::to(const Tensor& like, bool non_blocking, bool copy, std::optional<MemoryFormat> format) const { return rondo::to(*this, like, non_blocking, copy, std::move(format)); }
inline MemoryFormat Tensor::suggest_memory_format() const { return rondo::suggest_memory_format(*this); }
inline bool Tensor::is_non_overlapping_and_dense() const { return rondo::is_non_overlapping_and_dense(*this); }
inline Tensor& Tensor::set_(const Tensor& source) const { return rondo::set_(const_cast<Tensor&>(*this), source); }
inline Tensor& Tensor::set_() const { return rondo::set_(const_cast<Tensor&>(*this)); }
inline Tensor& Tensor::set_(const Storage& source) const { return rondo::set_(const_cast<Tensor&>(*this), source); }
inline Tensor& Tensor::set_(const Storage& source, int64_t storage_offset, IntArrayRef size, IntArrayRef stride) const { return rondo::set_(const_cast<Tensor&>(*this), source, storage_offset, size, stride); }
inline bool Tensor::is_set_to(const Tensor& other) const { return rondo::is_set_to(*this, other); }
inline Tensor& Tensor::resize_(IntArrayRef sizes, std::optional<MemoryFormat> format) const { return rondo::resize_(const_cast<Tensor&>(*this), sizes, std::move(format)); }
inline Tensor Tensor::toType(ScalarType type) const { return rondo::toType(*this, type); }
inline Tensor Tensor::round(int64_t decimals) const { return rondo::round(*this, decimals); }
inline Tensor Tensor::floor_divide(const Tensor& other) const { return rondo::floor_divide(*this, other); }
inline Tensor Tensor::floor_divide(Scalar other) const { return rondo::floor_divide(*this, other); }
inline Tensor Tensor::float_power(const Tensor& exponent) const { return rondo::float_power(*this, exponent); }
inline Tensor Tensor::float_power(Scalar exponent) const { return rondo::float_power(*this, exponent); }
inline Tensor Tensor::fmax(const Tensor& other) const { return rondo::fmax(*this, other); }
inline Tensor Tensor::fmin(const Tensor& other) const { return rondo::fmin(*this, other); }
inline Tensor Tensor::atan2(const Tensor& other) const { return rondo::atan2(*this, other); }
inline Tensor Tensor::arctan2(const Tensor& other) const { return rondo::arctan2(*this, other); }
inline Tensor Tensor::hypot(const Tensor& other) const { return rondo::hypot(*this, other); }
inline Tensor Tensor::copysign(const Tensor& other) const { return rondo::copysign(*this, other); }
inline Tensor Tensor::copysign(Scalar other) const { return rondo::copysign(*this, other); }
inline Tensor Tensor::logaddexp(const Tensor& other) const { return rondo::logaddexp(*this, other); }
inline Tensor Tensor::logaddexp2(const Tensor& other) const { return rondo::logaddexp2(*this, other); }
inline Tensor Tensor::xlogy(const Tensor& other) const { return rondo::xlogy(*this, other); }
inline Tensor Tensor::xlogy(Scalar other) const { return rondo::xlogy(*this, other); }
inline Tensor Tensor::ldexp(const Tensor& other) const { return rondo::ldexp(*this, other); }
inline std::tuple<Tensor, Tensor> Tensor::frexp() const { return rondo::frexp(*this); }
inline Tensor Tensor::heaviside(const Tensor& values) const { return rondo::heaviside(*this, values); }
inline Tensor Tensor::nextafter(const Tensor& other) const { return rondo::nextafter(*this, other); }
inline Tensor Tensor::gcd(const Tensor& other) const { return rondo::gcd(*this, other); }
inline Tensor Tensor::lcm(const Tensor& other) const { return rondo::lcm(*this, other); }
inline Tensor Tensor::lerp(const Tensor& end, Scalar weight) const { return rondo::lerp(*this, end, weight); }
inline Tensor Tensor::lerp(const Tensor& end, const Tensor& weight) const { return rondo::lerp(*this, end, weight); }
inline Tensor Tensor::nan_to_num(std::optional<double> nan, std::optional<double> posinf, std::optional<double> neginf) const { return rondo::nan_to_num(*this, std::move(nan), std::move(posinf), std::move(neginf)); }
inline Tensor Tensor::logit(std::optional<double> eps) const { return rondo::logit(*this, std::move(eps)); }
inline Tensor Tensor::mvlgamma(int64_t p) const { return rondo::mvlgamma(*this, p); }
inline Tensor Tensor::angle() const { return rondo::angle(*this); }
inline Tensor Tensor::positive() const { return rondo::positive(*this); }
inline Tensor Tensor::conj() const { return rondo::conj(*this); }
inline Tensor Tensor::resolve_conj() const { return rondo::resolve_conj(*this); }
inline Tensor Tensor::conj_physical() const { return rondo::conj_physical(*this); }
inline Tensor Tensor::clamp_min(Scalar min) const { return rondo::clamp_min(*this, min); }
inline Tensor Tensor::clamp_max(Scalar max) const { return rondo::clamp_max(*this, max); }
inline Tensor Tensor::clamp_min(const Tensor& min) const { return rondo::clamp_min(*this, min); }
inline Tensor Tensor::clamp_max(const Tensor& max) const { return rondo::clamp_max(*this, max); }
inline Tensor Tensor::bitwise_and(Scalar other) const { return rondo::bitwise_and(*this, other); }
inline Tensor Tensor::bitwise_or(Scalar other) const { return rondo::bitwise_or(*this, other); }
inline Tensor Tensor::bitwise_xor(Scalar other) const { return rondo::bitwise_xor(*this, other); }
inline Tensor Tensor::bitwise_left_shift(const Tensor& other) const { return rondo::bitwise_left_shift(*this, other); }
inline Tensor Tensor::bitwise_left_shift(Scalar other) const { return rondo::bitwise_left_shift(*this, other); }
inline Tensor Tensor::bitwise_right_shift(const Tensor& other) const { return rondo::bitwise_right_shift(*this, other); }
inline Tensor Tensor::bitwise_right_shift(Scalar other) const { return rondo::bitwise_right_shift(*this, other); }
inline Tensor Tensor::isposinf() const { return rondo::isposinf(*this); }
inline Tensor Tensor::isneginf() const { return rondo::isneginf(*this); }
inline Tensor Tensor::isreal() const { return rondo::isreal(*this); }
inline Tensor Tensor::signbit() const { return rondo::signbit(*this); }
inline Tensor Tensor::hardshrink(Scalar lambd) const { return rondo::hardshrink(*this, lambd); }
inline Tensor Tensor::prelu(const Tensor& weight) const { return rondo::prelu(*this, weight); }
inline Tensor& Tensor::eq_(const Tensor& other) const { return rondo::eq_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::eq_(Scalar other) const { return rondo::eq_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::ne_(const Tensor& other) const { return rondo::ne_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::ne_(Scalar other) const { return rondo::ne_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::lt_(const Tensor& other) const { return rondo::lt_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::lt_(Scalar other) const { return rondo::lt_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::le_(const Tensor& other) const { return rondo::le_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::le_(Scalar other) const { return rondo::le_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::gt_(const Tensor& other) const { return rondo::gt_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::gt_(Scalar other) const { return rondo::gt_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::ge_(const Tensor& other) const { return rondo::ge_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::ge_(Scalar other) const { return rondo::ge_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::floor_divide_(const Tensor& other) const { return rondo::floor_divide_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::floor_divide_(Scalar other) const { return rondo::floor_divide_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::remainder_(const Tensor& other) const { return rondo::remainder_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::remainder_(Scalar other) const { return rondo::remainder_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::fmod_(const Tensor& other) const { return rondo::fmod_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::fmod_(Scalar other) const { return rondo::fmod_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::copysign_(const Tensor& other) const { return rondo::copysign_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::copysign_(Scalar other) const { return rondo::copysign_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::xlogy_(const Tensor& other) const { return rondo::xlogy_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::xlogy_(Scalar other) const { return rondo::xlogy_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::bitwise_and_(const Tensor& other) const { return rondo::bitwise_and_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::bitwise_and_(Scalar other) const { return rondo::bitwise_and_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::bitwise_or_(const Tensor& other) const { return rondo::bitwise_or_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::bitwise_or_(Scalar other) const { return rondo::bitwise_or_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::bitwise_xor_(const Tensor& other) const { return rondo::bitwise_xor_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::bitwise_xor_(Scalar other) const { return rondo::bitwise_xor_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::bitwise_left_shift_(const Tensor& other) const { return rondo::bitwise_left_shift_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::bitwise_left_shift_(Scalar other) const { return rondo::bitwise_left_shift_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::bitwise_right_shift_(const Tensor& other) const { return rondo::bitwise_right_shift_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::bitwise_right_shift_(Scalar other) const { return rondo::bitwise_right_shift_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::float_power_(const Tensor& exponent) const { return rondo::float_power_(const_cast<Tensor&>(*this), exponent); }
inline Tensor& Tensor::float_power_(Scalar exponent) const { return rondo::float_power_(const_cast<Tensor&>(*this), exponent); }
inline Tensor& Tensor::logical_and_(const Tensor& other) const { return rondo::logical_and_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::logical_or_(const Tensor& other) const { return rondo::logical_or_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::logical_xor_(const Tensor& other) const { return rondo::logical_xor_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::atan2_(const Tensor& other) const { return rondo::atan2_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::arctan2_(const Tensor& other) const { return rondo::arctan2_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::hypot_(const Tensor& other) const { return rondo::hypot_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::ldexp_(const Tensor& other) const { return rondo::ldexp_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::nextafter_(const Tensor& other) const { return rondo::nextafter_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::gcd_(const Tensor& other) const { return rondo::gcd_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::lcm_(const Tensor& other) const { return rondo::lcm_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::heaviside_(const Tensor& values) const { return rondo::heaviside_(const_cast<Tensor&>(*this), values); }
inline Tensor& Tensor::logical_not_() const { return rondo::logical_not_(const_cast<Tensor&>(*this)); }
inline Tensor& Tensor::bitwise_not_() const { return rondo::bitwise_not_(const_cast<Tensor&>(*this)); }
inline Tensor& Tensor::div_(const Tensor& other, std::optional<std::string> rounding_mode) const { return rondo::div_(const_cast<Tensor&>(*this), other, std::move(rounding_mode)); }
inline Tensor& Tensor::div_(Scalar other, std::optional<std::string> rounding_mode) const { return rondo::div_(const_cast<Tensor&>(*this), other, std::move(rounding_mode)); }
inline Tensor& Tensor::lerp_(const Tensor& end, const Tensor& weight) const { return rondo::lerp_(const_cast<Tensor&>(*this), end, weight); }
inline Tensor& Tensor::round_(int64_t decimals) const { return rondo::round_(const_cast<Tensor&>(*this), decimals); }
inline Tensor& Tensor::nan_to_num_(std::optional<double> nan, std::optional<double> posinf, std::optional<double> neginf) const { return rondo::nan_to_num_(const_cast<Tensor&>(*this), std::move(nan), std::move(posinf), std::move(neginf)); }
inline Tensor& Tensor::logit_(std::optional<double> eps) const { return rondo::logit_(const_cast<Tensor&>(*this), std::move(eps)); }
inline Tensor& Tensor::polygamma_(int64_t n) const { return rondo::polygamma_(const_cast<Tensor&>(*this), n); }
inline Tensor& Tensor::mvlgamma_(int64_t p) const { return rondo::mvlgamma_(const_cast<Tensor&>(*this), p); }
inline Tensor& Tensor::clamp_min_(const Tensor& min) const { return rondo::clamp_min_(const_cast<Tensor&>(*this), min); }
inline Tensor& Tensor::clamp_max_(const Tensor& max) const { return rondo::clamp_max_(const_cast<Tensor&>(*this), max); }
inline Tensor& Tensor::clamp_(const std::optional<Tensor>& min, const std::optional<Tensor>& max) const { return rondo::clamp_(const_cast<Tensor&>(*this), min, max); }
inline Tensor Tensor::subtract(const Tensor& other, Scalar alpha) const { return rondo::subtract(*this, other, alpha); }
inline Tensor& Tensor::subtract_(const Tensor& other, Scalar alpha) const { return rondo::subtract_(const_cast<Tensor&>(*this), other, alpha); }
inline Tensor Tensor::subtract(Scalar other, Scalar alpha) const { return rondo::subtract(*this, other, alpha); }
inline Tensor& Tensor::subtract_(Scalar other, Scalar alpha) const { return rondo::subtract_(const_cast<Tensor&>(*this), other, alpha); }
inline Tensor Tensor::multiply(const Tensor& other) const { return rondo::multiply(*this, other); }
inline Tensor& Tensor::multiply_(const Tensor& other) const { return rondo::multiply_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::multiply(Scalar other) const { return rondo::multiply(*this, other); }
inline Tensor& Tensor::multiply_(Scalar other) const { return rondo::multiply_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::divide(const Tensor& other) const { return rondo::divide(*this, other); }
inline Tensor& Tensor::divide_(const Tensor& other) const { return rondo::divide_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::divide(Scalar other) const { return rondo::divide(*this, other); }
inline Tensor& Tensor::divide_(Scalar other) const { return rondo::divide_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::true_divide(const Tensor& other) const { return rondo::true_divide(*this, other); }
inline Tensor& Tensor::true_divide_(const Tensor& other) const { return rondo::true_divide_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::true_divide(Scalar other) const { return rondo::true_divide(*this, other); }
inline Tensor& Tensor::true_divide_(Scalar other) const { return rondo::true_divide_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::not_equal(const Tensor& other) const { return rondo::not_equal(*this, other); }
inline Tensor& Tensor::not_equal_(const Tensor& other) const { return rondo::not_equal_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::not_equal(Scalar other) const { return rondo::not_equal(*this, other); }
inline Tensor& Tensor::not_equal_(Scalar other) const { return rondo::not_equal_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::greater(const Tensor& other) const { return rondo::greater(*this, other); }
inline Tensor& Tensor::greater_(const Tensor& other) const { return rondo::greater_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::greater(Scalar other) const { return rondo::greater(*this, other); }
inline Tensor& Tensor::greater_(Scalar other) const { return rondo::greater_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::greater_equal(const Tensor& other) const { return rondo::greater_equal(*this, other); }
inline Tensor& Tensor::greater_equal_(const Tensor& other) const { return rondo::greater_equal_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::greater_equal(Scalar other) const { return rondo::greater_equal(*this, other); }
inline Tensor& Tensor::greater_equal_(Scalar other) const { return rondo::greater_equal_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::less(const Tensor& other) const { return rondo::less(*this, other); }
inline Tensor& Tensor::less_(const Tensor& other) const { return rondo::less_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::less(Scalar other) const { return rondo::less(*this, other); }
inline Tensor& Tensor::less_(Scalar other) const { return rondo::less_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::less_equal(const Tensor& other) const { return rondo::less_equal(*this, other); }
inline Tensor& Tensor::less_equal_(const Tensor& other) const { return rondo::less_equal_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::less_equal(Scalar other) const { return rondo::less_equal(*this, other); }
inline Tensor& Tensor::less_equal_(Scalar other) const { return rondo::less_equal_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::divide(const Tensor& other, std::optional<std::string> rounding_mode) const { return rondo::divide(*this, other, std::move(rounding_mode)); }
inline Tensor& Tensor::divide_(const Tensor& other, std::optional<std::string> rounding_mode) const { return rondo::divide_(const_cast<Tensor&>(*this), other, std::move(rounding_mode)); }
inline Tensor Tensor::divide(Scalar other, std::optional<std::string> rounding_mode) const { return rondo::divide(*this, other, std::move(rounding_mode)); }
inline Tensor& Tensor::divide_(Scalar other, std::optional<std::string> rounding_mode) const { return rondo::divide_(const_cast<Tensor&>(*this), other, std::move(rounding_mode)); }
inline Tensor Tensor::clip(std::optional<Scalar> min, std::optional<Scalar> max) const { return rondo::clip(*this, std::move(min), std::move(max)); }
inline Tensor& Tensor::clip_(std::optional<Scalar> min, std::optional<Scalar> max) const { return rondo::clip_(const_cast<Tensor&>(*this), std::move(min), std::move(max)); }
inline Tensor Tensor::clip(const std::optional<Tensor>& min, const std::optional<Tensor>& max) const { return rondo::clip(*this, min, max); }
inline Tensor& Tensor::clip_(const std::optional<Tensor>& min, const std::optional<Tensor>& max) const { return rondo::clip_(const_cast<Tensor&>(*this), min, max); }
inline Tensor Tensor::__and__(const Tensor& other) const { return rondo::__and__(*this, other); }
inline Tensor& Tensor::__iand__(const Tensor& other) const { return rondo::__iand__(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::__and__(Scalar other) const { return rondo::__and__(*this, other); }
inline Tensor& Tensor::__iand__(Scalar other) const { return rondo::__iand__(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::__or__(const Tensor& other) const { return rondo::__or__(*this, other); }
inline Tensor& Tensor::__ior__(const Tensor& other) const { return rondo::__ior__(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::__or__(Scalar other) const { return rondo::__or__(*this, other); }
inline Tensor& Tensor::__ior__(Scalar other) const { return rondo::__ior__(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::__xor__(const Tensor& other) const { return rondo::__xor__(*this, other); }
inline Tensor& Tensor::__ixor__(const Tensor& other) const { return rondo::__ixor__(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::__xor__(Scalar other) const { return rondo::__xor__(*this, other); }
inline Tensor& Tensor::__ixor__(Scalar other) const { return rondo::__ixor__(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::__lshift__(const Tensor& other) const { return rondo::__lshift__(*this, other); }
inline Tensor& Tensor::__ilshift__(const Tensor& other) const { return rondo::__ilshift__(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::__lshift__(Scalar other) const { return rondo::__lshift__(*this, other); }
inline Tensor& Tensor::__ilshift__(Scalar other) const { return rondo::__ilshift__(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::__rshift__(const Tensor& other) const { return rondo::__rshift__(*this, other); }
inline Tensor& Tensor::__irshift__(const Tensor& other) const { return rondo::__irshift__(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::__rshift__(Scalar other) const { return rondo::__rshift__(*this, other); }
inline Tensor& Tensor::__irshift__(Scalar other) const { return rondo::__irshift__(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::addmm_(const Tensor& mat1, const Tensor& mat2, Scalar beta, Scalar alpha) const { return rondo::addmm_(const_cast<Tensor&>(*this), mat1, mat2, beta, alpha); }
inline Tensor Tensor::addmv(const Tensor& mat, const Tensor& vec, Scalar beta, Scalar alpha) const { return rondo::addmv(*this, mat, vec, beta, alpha); }
inline Tensor& Tensor::addmv_(const Tensor& mat, const Tensor& vec, Scalar beta, Scalar alpha) const { return rondo::addmv_(const_cast<Tensor&>(*this), mat, vec, beta, alpha); }
inline Tensor Tensor::addr(const Tensor& vec1, const Tensor& vec2, Scalar beta, Scalar alpha) const { return rondo::addr(*this, vec1, vec2, beta, alpha); }
inline Tensor& Tensor::addr_(const Tensor& vec1, const Tensor& vec2, Scalar beta, Scalar alpha) const { return rondo::addr_(const_cast<Tensor&>(*this), vec1, vec2, beta, alpha); }
inline Tensor Tensor::baddbmm(const Tensor& batch1, const Tensor& batch2, Scalar beta, Scalar alpha) const { return rondo::baddbmm(*this, batch1, batch2, beta, alpha); }
inline Tensor& Tensor::baddbmm_(const Tensor& batch1, const Tensor& batch2, Scalar beta, Scalar alpha) const { return rondo::baddbmm_(const_cast<Tensor&>(*this), batch1, batch2, beta, alpha); }
inline Tensor Tensor::addbmm(const Tensor& batch1, const Tensor& batch2, Scalar beta, Scalar alpha) const { return rondo::addbmm(*this, batch1, batch2, beta, alpha); }
inline Tensor& Tensor::addbmm_(const Tensor& batch1, const Tensor& batch2, Scalar beta, Scalar alpha) const { return rondo::addbmm_(const_cast<Tensor&>(*this), batch1, batch2, beta, alpha); }
inline Tensor Tensor::outer(const Tensor& vec2) const { return rondo::outer(*this, vec2); }
inline Tensor Tensor::ger(const Tensor& vec2) const { return rondo::ger(*this, vec2); }
inline Tensor Tensor::inner(const Tensor& other) const { return rondo::inner(*this, other); }
inline Tensor Tensor::vdot(const Tensor& other) const { return rondo::vdot(*this, other); }
inline Tensor Tensor::kron(const Tensor& other) const { return rondo::kron(*this, other); }
inline Tensor Tensor::cross(const Tensor& other, std::optional<int64_t> dim) const { return rondo::cross(*this, other, std::move(dim)); }
inline Tensor Tensor::trace() const { return rondo::trace(*this); }
inline Tensor Tensor::matrix_power(int64_t n) const { return rondo::matrix_power(*this, n); }
inline Tensor Tensor::matrix_exp() const { return rondo::matrix_exp(*this); }
inline Tensor& Tensor::exponential_(double lambd, std::optional<Generator> generator) const { return rondo::exponential_(const_cast<Tensor&>(*this), lambd, std::move(generator)); }
inline Tensor& Tensor::geometric_(double p, std::optional<Generator> generator) const { return rondo::geometric_(const_cast<Tensor&>(*this), p, std::move(generator)); }
inline Tensor& Tensor::cauchy_(double median, double sigma, std::optional<Generator> generator) const { return rondo::cauchy_(const_cast<Tensor&>(*this), median, sigma, std::move(generator)); }
inline Tensor& Tensor::log_normal_(double mean, double std, std::optional<Generator> generator) const { return rondo::log_normal_(const_cast<Tensor&>(*this), mean, std, std::move(generator)); }
inline Tensor& Tensor::bernoulli_(const Tensor& p, std::optional<Generator> generator) const { return rondo::bernoulli_(const_cast<Tensor&>(*this), p, std::move(generator)); }
inline Tensor Tensor::bernoulli(double p, std::optional<Generator> generator) const { return rondo::bernoulli(*this, p, std::move(generator)); }
inline Tensor Tensor::multinomial(int64_t num_samples, bool replacement, std::optional<Generator> generator) const { return rondo::multinomial(*this, num_samples, replacement, std::move(generator)); }
inline Tensor Tensor::nansum(OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) const { return rondo::nansum(*this, dim, keepdim, std::move(dtype)); }
inline Tensor Tensor::nanmean(OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) const { return rondo::nanmean(*this, dim, keepdim, std::move(dtype)); }
inline Tensor Tensor::count_nonzero(IntArrayRef dim) const { return rondo::count_nonzero(*this, dim); }
inline Tensor Tensor::count_nonzero(int64_t dim) const { return rondo::count_nonzero(*this, dim); }
inline Tensor Tensor::count_nonzero(std::optional<int64_t> dim) const { return rondo::count_nonzero(*this, std::move(dim)); }
inline std::tuple<Tensor, Tensor> Tensor::aminmax(std::optional<int64_t> dim, bool keepdim) const { return rondo::aminmax(*this, std::move(dim), keepdim); }
inline Tensor Tensor::norm(std::optional<Scalar> p, ScalarType dtype) const { return rondo::norm(*this, std::move(p), dtype); }
inline Tensor Tensor::norm(std::optional<Scalar> p, IntArrayRef dim, bool keepdim, ScalarType dtype) const { return rondo::norm(*this, std::move(p), dim, keepdim, dtype); }
inline Tensor Tensor::renorm(Scalar p, int64_t dim, Scalar maxnorm) const { return rondo::renorm(*this, p, dim, maxnorm); }
inline Tensor& Tensor::renorm_(Scalar p, int64_t dim, Scalar maxnorm) const { return rondo::renorm_(const_cast<Tensor&>(*this), p, dim, maxnorm); }
inline Tensor& Tensor::cumsum_(int64_t dim, std::optional<ScalarType> dtype) const { return rondo::cumsum_(const_cast<Tensor&>(*this), dim, std::move(dtype)); }
inline Tensor Tensor::cumprod(int64_t dim, std::optional<ScalarType> dtype) const { return rondo::cumprod(*this, dim, std::move(dtype)); }
inline Tensor& Tensor::cumprod_(int64_t dim, std::optional<ScalarType> dtype) const { return rondo::cumprod_(const_cast<Tensor&>(*this), dim, std::move(dtype)); }
inline std::tuple<Tensor, Tensor> Tensor::cummax(int64_t dim) const { return rondo::cummax(*this, dim); }
inline std::tuple<Tensor, Tensor> Tensor::cummin(int64_t dim) const { return rondo::cummin(*this, dim); }
inline Tensor Tensor::logcumsumexp(int64_t dim) const { return rondo::logcumsumexp(*this, dim); }
inline Tensor Tensor::diff(int64_t n, int64_t dim, const std::optional<Tensor>& prepend, const std::optional<Tensor>& append) const { return rondo::diff(*this, n, dim, prepend, append); }
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
inline Tensor Tensor::igamma(const Tensor& other) const { return rondo::igamma(*this, other); }
inline Tensor Tensor::igammac(const Tensor& other) const { return rondo::igammac(*this, other); }
inline Tensor& Tensor::igamma_(const Tensor& other) const { return rondo::igamma_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::igammac_(const Tensor& other) const { return rondo::igammac_(const_cast<Tensor&>(*this), other); }
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
