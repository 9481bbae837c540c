// Written by tools/methods.py from the declarations marked RONDO_METHOD.
#pragma once

#include <rondo/autograd/ops/distance.h>
#include <rondo/autograd/ops/linalg.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/product.h>
#include <rondo/autograd/ops/reduction.h>

// clang-format off
namespace rondo {

inline Tensor Tensor::dist(const Tensor& other, Scalar p) const { return rondo::dist(*this, other, p); }
inline Tensor Tensor::cov(int64_t correction, const std::optional<Tensor>& fweights, const std::optional<Tensor>& aweights) const { return rondo::cov(*this, correction, fweights, aweights); }
inline Tensor Tensor::corrcoef() const { return rondo::corrcoef(*this); }
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
inline Tensor Tensor::lerp(const Tensor& end, Scalar weight) const { return rondo::lerp(*this, end, weight); }
inline Tensor Tensor::clamp_min(Scalar min) const { return rondo::clamp_min(*this, min); }
inline Tensor Tensor::clamp_max(Scalar max) const { return rondo::clamp_max(*this, max); }
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
inline Tensor Tensor::norm(std::optional<Scalar> p, ScalarType dtype) const { return rondo::norm(*this, std::move(p), dtype); }
inline Tensor Tensor::norm(std::optional<Scalar> p, IntArrayRef dim, bool keepdim, ScalarType dtype) const { return rondo::norm(*this, std::move(p), dim, keepdim, dtype); }
inline Tensor Tensor::renorm(Scalar p, int64_t dim, Scalar maxnorm) const { return rondo::renorm(*this, p, dim, maxnorm); }
inline Tensor& Tensor::renorm_(Scalar p, int64_t dim, Scalar maxnorm) const { return rondo::renorm_(const_cast<Tensor&>(*this), p, dim, maxnorm); }

}  // namespace rondo
// clang-format on
