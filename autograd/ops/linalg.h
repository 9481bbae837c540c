// Linear algebra on (stacks of) matrices, through LAPACK: float32 and float64, any leading dimensions; matrices without
// elements are allowed. Functions named linalg_f are linalg::f as well. Throws Error for wrong shapes, for integers and
// for matrices that a factorization cannot do.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <string_view>

namespace rondo {

// ---- determinants ----
Tensor linalg_det(const Tensor& self);
// Its sign and the logarithm of its magnitude; -infinity for singular matrices.
std::tuple<Tensor, Tensor> linalg_slogdet(const Tensor& self);
RONDO_METHOD Tensor det(const Tensor& self);
RONDO_METHOD std::tuple<Tensor, Tensor> slogdet(const Tensor& self);
// The logarithm of the determinant; NaN where that is negative.
RONDO_METHOD Tensor logdet(const Tensor& self);

// ---- inverses and solutions ----
Tensor linalg_inv(const Tensor& self);
// With LAPACK's word for each matrix (int32): 0, or the place of the zero pivot.
std::tuple<Tensor, Tensor> linalg_inv_ex(const Tensor& self, bool check_errors = false);
RONDO_METHOD Tensor inverse(const Tensor& self);
// X with self X = other (X self = other where not `left`); other may be a (stack of) vectors.
Tensor linalg_solve(const Tensor& self, const Tensor& other, bool left = true);
std::tuple<Tensor, Tensor> linalg_solve_ex(const Tensor& self, const Tensor& other, bool left = true,
                                           bool check_errors = false);
// The same for a triangular self, of which the other triangle (with `unitriangular` also the diagonal) is not read.
Tensor linalg_solve_triangular(const Tensor& self, const Tensor& other, bool upper, bool left = true,
                               bool unitriangular = false);
// The solution of A X = self (A^T X = self) and a copy of A.
RONDO_METHOD std::tuple<Tensor, Tensor> triangular_solve(const Tensor& self, const Tensor& A, bool upper = true,
                                                         bool transpose = false, bool unitriangular = false);
// The pseudoinverse; singular values up to max(atol, rtol * the largest) count as 0. rtol is max(m, n) * epsilon where
// neither is given. `hermitian`: symmetric matrices, through eigenvalues.
Tensor linalg_pinv(const Tensor& self, const std::optional<Tensor>& atol = {}, const std::optional<Tensor>& rtol = {},
                   bool hermitian = false);
Tensor linalg_pinv(const Tensor& self, std::optional<double> atol, std::optional<double> rtol, bool hermitian = false);
Tensor linalg_pinv(const Tensor& self, double rcond, bool hermitian = false);
Tensor linalg_pinv(const Tensor& self, const Tensor& rcond, bool hermitian = false);
RONDO_METHOD Tensor pinverse(const Tensor& self, double rcond = 1e-15);
// Solutions of min |self X - other|, squared residuals, ranks and singular values; the last three are empty where the
// driver ("gelsy", which is the default, "gels", "gelsd", "gelss") does not find them.
std::tuple<Tensor, Tensor, Tensor, Tensor> linalg_lstsq(const Tensor& self, const Tensor& other,
                                                        std::optional<double> rcond = std::nullopt,
                                                        std::optional<std::string_view> driver = std::nullopt);
// The inverse of the map between the first `ind` dimensions and the others; X with tensordot(self, X, X.dim()) = other.
Tensor linalg_tensorinv(const Tensor& self, int64_t ind = 2);
Tensor linalg_tensorsolve(const Tensor& self, const Tensor& other, OptionalIntArrayRef dims = std::nullopt);

// ---- factorizations ----
// L of self = L L^T, from the lower triangle alone; with `upper` L^T, from the upper one.
Tensor linalg_cholesky(const Tensor& self, bool upper = false);
std::tuple<Tensor, Tensor> linalg_cholesky_ex(const Tensor& self, bool upper = false, bool check_errors = false);
RONDO_METHOD Tensor cholesky(const Tensor& self, bool upper = false);
// X with L L^T X = self, and the inverse of L L^T (`upper`: the factor is L^T).
RONDO_METHOD Tensor cholesky_solve(const Tensor& self, const Tensor& input2, bool upper = false);
RONDO_METHOD Tensor cholesky_inverse(const Tensor& self, bool upper = false);
// L and U in one matrix, and the rows that were exchanged (int32, from 1).
std::tuple<Tensor, Tensor> linalg_lu_factor(const Tensor& self, bool pivot = true);
std::tuple<Tensor, Tensor, Tensor> linalg_lu_factor_ex(const Tensor& self, bool pivot = true,
                                                       bool check_errors = false);
std::tuple<Tensor, Tensor, Tensor> _lu_with_info(const Tensor& self, bool pivot = true, bool check_errors = true);
// P, L and U with self = P L U, from the matrix or from its factors; what is not asked for is empty.
std::tuple<Tensor, Tensor, Tensor> linalg_lu(const Tensor& self, bool pivot = true);
std::tuple<Tensor, Tensor, Tensor> lu_unpack(const Tensor& LU_data, const Tensor& LU_pivots, bool unpack_data = true,
                                             bool unpack_pivots = true);
Tensor linalg_lu_solve(const Tensor& LU, const Tensor& pivots, const Tensor& B, bool left = true, bool adjoint = false);
// self (symmetric; its lower triangle is read) as P L D L^T P^T with 1 x 1 and 2 x 2 blocks in D (Bunch, Kaufman 1977):
// L and D in one matrix, the exchanged rows (int32, negative in pairs for blocks), and LAPACK's info. No gradient
// passes. `hermitian` says the same for real numbers.
std::tuple<Tensor, Tensor, Tensor> linalg_ldl_factor_ex(const Tensor& self, bool hermitian = false,
                                                        bool check_errors = false);
// The same; throws LinAlgError where D is singular.
std::tuple<Tensor, Tensor> linalg_ldl_factor(const Tensor& self, bool hermitian = false);
// x with self x = B, from self's factors.
Tensor linalg_ldl_solve(const Tensor& LD, const Tensor& pivots, const Tensor& B, bool hermitian = false);
RONDO_METHOD Tensor lu_solve(const Tensor& self, const Tensor& LU_data, const Tensor& LU_pivots);
// Q and R; mode "reduced", "complete" (a square Q) or "r" (no Q, no derivative).
std::tuple<Tensor, Tensor> linalg_qr(const Tensor& self, std::string_view mode = "reduced");
RONDO_METHOD std::tuple<Tensor, Tensor> qr(const Tensor& self, bool some = true);
// R over the reflections that make Q (no derivative), Q's first columns from them, and products with the whole of Q.
RONDO_METHOD std::tuple<Tensor, Tensor> geqrf(const Tensor& self);
Tensor linalg_householder_product(const Tensor& self, const Tensor& tau);
RONDO_METHOD Tensor orgqr(const Tensor& self, const Tensor& input2);
RONDO_METHOD Tensor ormqr(const Tensor& self, const Tensor& input2, const Tensor& input3, bool left = true,
                          bool transpose = false);

// ---- spectra ----
// U, the singular values in descending order and V^T (svd: V).
std::tuple<Tensor, Tensor, Tensor> linalg_svd(const Tensor& self, bool full_matrices = true,
                                              std::optional<std::string_view> driver = std::nullopt);
Tensor linalg_svdvals(const Tensor& self, std::optional<std::string_view> driver = std::nullopt);
RONDO_METHOD std::tuple<Tensor, Tensor, Tensor> svd(const Tensor& self, bool some = true, bool compute_uv = true);
// Ascending eigenvalues and the eigenvectors of a symmetric matrix, of which the triangle "L" or "U" is read.
std::tuple<Tensor, Tensor> linalg_eigh(const Tensor& self, std::string_view UPLO = "L");
Tensor linalg_eigvalsh(const Tensor& self, std::string_view UPLO = "L");
RONDO_METHOD std::tuple<Tensor, Tensor> symeig(const Tensor& self, bool eigenvectors = false, bool upper = true);
// How many singular values are above max(atol, rtol * the largest), int64.
Tensor linalg_matrix_rank(const Tensor& self, const std::optional<Tensor>& atol = {},
                          const std::optional<Tensor>& rtol = {}, bool hermitian = false);
Tensor linalg_matrix_rank(const Tensor& self, std::optional<double> atol, std::optional<double> rtol,
                          bool hermitian = false);
Tensor linalg_matrix_rank(const Tensor& self, double tol, bool hermitian = false);
Tensor linalg_matrix_rank(const Tensor& self, const Tensor& tol, bool hermitian = false);
// |A| |A^-1| in the norm p; the quotient of the extreme singular values for nullopt, 2 and -2.
Tensor linalg_cond(const Tensor& self, std::optional<Scalar> p = std::nullopt);
Tensor linalg_cond(const Tensor& self, std::string_view p);

// ---- norms ----
// Of vectors (any number of dimensions counts as one), of matrices ("fro", "nuc", 1, -1, 2, -2, infinity, -infinity),
// and of what the dimensions say.
Tensor linalg_vector_norm(const Tensor& self, Scalar ord = 2, OptionalIntArrayRef dim = std::nullopt,
                          bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
Tensor linalg_matrix_norm(const Tensor& self, Scalar ord, IntArrayRef dim = {-2, -1}, bool keepdim = false,
                          std::optional<ScalarType> dtype = std::nullopt);
Tensor linalg_matrix_norm(const Tensor& self, std::string_view ord = "fro", IntArrayRef dim = {-2, -1},
                          bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
Tensor linalg_norm(const Tensor& self, std::optional<Scalar> ord = std::nullopt, OptionalIntArrayRef dim = std::nullopt,
                   bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
Tensor linalg_norm(const Tensor& self, std::string_view ord, OptionalIntArrayRef dim = std::nullopt,
                   bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);

// ---- products ----
Tensor linalg_matmul(const Tensor& self, const Tensor& other);
Tensor linalg_matrix_exp(const Tensor& self);
Tensor linalg_matrix_power(const Tensor& self, int64_t n);
// A chain in the cheapest order; the first and the last may be vectors.
Tensor linalg_multi_dot(TensorList tensors);
Tensor linalg_cross(const Tensor& self, const Tensor& other, int64_t dim = -1);
Tensor linalg_vecdot(const Tensor& x, const Tensor& y, int64_t dim = -1);
Tensor linalg_diagonal(const Tensor& self, int64_t offset = 0, int64_t dim1 = -2, int64_t dim2 = -1);
// The powers 0 ... N - 1 of each number along a new last dimension; N is the length of the last one if not given.
Tensor linalg_vander(const Tensor& x, std::optional<int64_t> N = std::nullopt);

namespace linalg {
inline std::tuple<Tensor, Tensor> ldl_factor(const Tensor& self, bool hermitian = false) {
  return linalg_ldl_factor(self, hermitian);
}
inline std::tuple<Tensor, Tensor, Tensor> ldl_factor_ex(const Tensor& self, bool hermitian = false,
                                                        bool check_errors = false) {
  return linalg_ldl_factor_ex(self, hermitian, check_errors);
}
inline Tensor ldl_solve(const Tensor& LD, const Tensor& pivots, const Tensor& B, bool hermitian = false) {
  return linalg_ldl_solve(LD, pivots, B, hermitian);
}
inline Tensor det(const Tensor& self) { return linalg_det(self); }
inline std::tuple<Tensor, Tensor> slogdet(const Tensor& self) { return linalg_slogdet(self); }
inline Tensor inv(const Tensor& self) { return linalg_inv(self); }
inline std::tuple<Tensor, Tensor> inv_ex(const Tensor& self, bool check_errors = false) {
  return linalg_inv_ex(self, check_errors);
}
inline Tensor solve(const Tensor& self, const Tensor& other, bool left = true) {
  return linalg_solve(self, other, left);
}
inline std::tuple<Tensor, Tensor> solve_ex(const Tensor& self, const Tensor& other, bool left = true,
                                           bool check_errors = false) {
  return linalg_solve_ex(self, other, left, check_errors);
}
inline Tensor solve_triangular(const Tensor& self, const Tensor& other, bool upper, bool left = true,
                               bool unitriangular = false) {
  return linalg_solve_triangular(self, other, upper, left, unitriangular);
}
inline Tensor pinv(const Tensor& self, const std::optional<Tensor>& atol = {}, const std::optional<Tensor>& rtol = {},
                   bool hermitian = false) {
  return linalg_pinv(self, atol, rtol, hermitian);
}
inline Tensor pinv(const Tensor& self, std::optional<double> atol, std::optional<double> rtol, bool hermitian = false) {
  return linalg_pinv(self, atol, rtol, hermitian);
}
inline Tensor pinv(const Tensor& self, double rcond, bool hermitian = false) {
  return linalg_pinv(self, rcond, hermitian);
}
inline Tensor pinv(const Tensor& self, const Tensor& rcond, bool hermitian = false) {
  return linalg_pinv(self, rcond, hermitian);
}
inline std::tuple<Tensor, Tensor, Tensor, Tensor> lstsq(const Tensor& self, const Tensor& other,
                                                        std::optional<double> rcond = std::nullopt,
                                                        std::optional<std::string_view> driver = std::nullopt) {
  return linalg_lstsq(self, other, rcond, driver);
}
inline Tensor tensorinv(const Tensor& self, int64_t ind = 2) { return linalg_tensorinv(self, ind); }
inline Tensor tensorsolve(const Tensor& self, const Tensor& other, OptionalIntArrayRef dims = std::nullopt) {
  return linalg_tensorsolve(self, other, dims);
}
inline Tensor cholesky(const Tensor& self, bool upper = false) { return linalg_cholesky(self, upper); }
inline std::tuple<Tensor, Tensor> cholesky_ex(const Tensor& self, bool upper = false, bool check_errors = false) {
  return linalg_cholesky_ex(self, upper, check_errors);
}
inline std::tuple<Tensor, Tensor> lu_factor(const Tensor& self, bool pivot = true) {
  return linalg_lu_factor(self, pivot);
}
inline std::tuple<Tensor, Tensor, Tensor> lu_factor_ex(const Tensor& self, bool pivot = true,
                                                       bool check_errors = false) {
  return linalg_lu_factor_ex(self, pivot, check_errors);
}
inline std::tuple<Tensor, Tensor, Tensor> lu(const Tensor& self, bool pivot = true) { return linalg_lu(self, pivot); }
inline Tensor lu_solve(const Tensor& LU, const Tensor& pivots, const Tensor& B, bool left = true,
                       bool adjoint = false) {
  return linalg_lu_solve(LU, pivots, B, left, adjoint);
}
inline std::tuple<Tensor, Tensor> qr(const Tensor& self, std::string_view mode = "reduced") {
  return linalg_qr(self, mode);
}
inline Tensor householder_product(const Tensor& self, const Tensor& tau) {
  return linalg_householder_product(self, tau);
}
inline std::tuple<Tensor, Tensor, Tensor> svd(const Tensor& self, bool full_matrices = true,
                                              std::optional<std::string_view> driver = std::nullopt) {
  return linalg_svd(self, full_matrices, driver);
}
inline Tensor svdvals(const Tensor& self, std::optional<std::string_view> driver = std::nullopt) {
  return linalg_svdvals(self, driver);
}
inline std::tuple<Tensor, Tensor> eigh(const Tensor& self, std::string_view UPLO = "L") {
  return linalg_eigh(self, UPLO);
}
inline Tensor eigvalsh(const Tensor& self, std::string_view UPLO = "L") { return linalg_eigvalsh(self, UPLO); }
inline Tensor matrix_rank(const Tensor& self, const std::optional<Tensor>& atol = {},
                          const std::optional<Tensor>& rtol = {}, bool hermitian = false) {
  return linalg_matrix_rank(self, atol, rtol, hermitian);
}
inline Tensor matrix_rank(const Tensor& self, std::optional<double> atol, std::optional<double> rtol,
                          bool hermitian = false) {
  return linalg_matrix_rank(self, atol, rtol, hermitian);
}
inline Tensor matrix_rank(const Tensor& self, double tol, bool hermitian = false) {
  return linalg_matrix_rank(self, tol, hermitian);
}
inline Tensor matrix_rank(const Tensor& self, const Tensor& tol, bool hermitian = false) {
  return linalg_matrix_rank(self, tol, hermitian);
}
inline Tensor cond(const Tensor& self, std::optional<Scalar> p = std::nullopt) { return linalg_cond(self, p); }
inline Tensor cond(const Tensor& self, std::string_view p) { return linalg_cond(self, p); }
inline Tensor vector_norm(const Tensor& self, Scalar ord = 2, OptionalIntArrayRef dim = std::nullopt,
                          bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt) {
  return linalg_vector_norm(self, ord, dim, keepdim, dtype);
}
inline Tensor matrix_norm(const Tensor& self, Scalar ord, IntArrayRef dim = {-2, -1}, bool keepdim = false,
                          std::optional<ScalarType> dtype = std::nullopt) {
  return linalg_matrix_norm(self, ord, dim, keepdim, dtype);
}
inline Tensor matrix_norm(const Tensor& self, std::string_view ord = "fro", IntArrayRef dim = {-2, -1},
                          bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt) {
  return linalg_matrix_norm(self, ord, dim, keepdim, dtype);
}
inline Tensor norm(const Tensor& self, std::optional<Scalar> ord = std::nullopt, OptionalIntArrayRef dim = std::nullopt,
                   bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt) {
  return linalg_norm(self, ord, dim, keepdim, dtype);
}
inline Tensor norm(const Tensor& self, std::string_view ord, OptionalIntArrayRef dim = std::nullopt,
                   bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt) {
  return linalg_norm(self, ord, dim, keepdim, dtype);
}
inline Tensor matmul(const Tensor& self, const Tensor& other) { return linalg_matmul(self, other); }
inline Tensor matrix_exp(const Tensor& self) { return linalg_matrix_exp(self); }
inline Tensor matrix_power(const Tensor& self, int64_t n) { return linalg_matrix_power(self, n); }
inline Tensor multi_dot(TensorList tensors) { return linalg_multi_dot(tensors); }
inline Tensor cross(const Tensor& self, const Tensor& other, int64_t dim = -1) {
  return linalg_cross(self, other, dim);
}
inline Tensor vecdot(const Tensor& x, const Tensor& y, int64_t dim = -1) { return linalg_vecdot(x, y, dim); }
inline Tensor diagonal(const Tensor& self, int64_t offset = 0, int64_t dim1 = -2, int64_t dim2 = -1) {
  return linalg_diagonal(self, offset, dim1, dim2);
}
inline Tensor vander(const Tensor& x, std::optional<int64_t> N = std::nullopt) { return linalg_vander(x, N); }
}  // namespace linalg

}  // namespace rondo
