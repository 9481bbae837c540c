// clang-format off
// Written by tools/methods.py from the declarations marked RONDO_METHOD.
// distance.h
Tensor dist(const Tensor& other, Scalar p = 2) const;
Tensor cov(int64_t correction = 1, const std::optional<Tensor>& fweights = {}, const std::optional<Tensor>& aweights = {}) const;
Tensor corrcoef() const;
// linalg.h
Tensor det() const;
std::tuple<Tensor, Tensor> slogdet() const;
Tensor logdet() const;
Tensor inverse() const;
std::tuple<Tensor, Tensor> triangular_solve(const Tensor& A, bool upper = true, bool transpose = false, bool unitriangular = false) const;
Tensor pinverse(double rcond = 1e-15) const;
Tensor cholesky(bool upper = false) const;
Tensor cholesky_solve(const Tensor& input2, bool upper = false) const;
Tensor cholesky_inverse(bool upper = false) const;
Tensor lu_solve(const Tensor& LU_data, const Tensor& LU_pivots) const;
std::tuple<Tensor, Tensor> qr(bool some = true) const;
std::tuple<Tensor, Tensor> geqrf() const;
Tensor orgqr(const Tensor& input2) const;
Tensor ormqr(const Tensor& input2, const Tensor& input3, bool left = true, bool transpose = false) const;
std::tuple<Tensor, Tensor, Tensor> svd(bool some = true, bool compute_uv = true) const;
std::tuple<Tensor, Tensor> symeig(bool eigenvectors = false, bool upper = true) const;
// pointwise.h
Tensor lerp(const Tensor& end, Scalar weight) const;
Tensor clamp_min(Scalar min) const;
Tensor clamp_max(Scalar max) const;
// product.h
Tensor& addmm_(const Tensor& mat1, const Tensor& mat2, Scalar beta = 1, Scalar alpha = 1) const;
Tensor addmv(const Tensor& mat, const Tensor& vec, Scalar beta = 1, Scalar alpha = 1) const;
Tensor& addmv_(const Tensor& mat, const Tensor& vec, Scalar beta = 1, Scalar alpha = 1) const;
Tensor addr(const Tensor& vec1, const Tensor& vec2, Scalar beta = 1, Scalar alpha = 1) const;
Tensor& addr_(const Tensor& vec1, const Tensor& vec2, Scalar beta = 1, Scalar alpha = 1) const;
Tensor baddbmm(const Tensor& batch1, const Tensor& batch2, Scalar beta = 1, Scalar alpha = 1) const;
Tensor& baddbmm_(const Tensor& batch1, const Tensor& batch2, Scalar beta = 1, Scalar alpha = 1) const;
Tensor addbmm(const Tensor& batch1, const Tensor& batch2, Scalar beta = 1, Scalar alpha = 1) const;
Tensor& addbmm_(const Tensor& batch1, const Tensor& batch2, Scalar beta = 1, Scalar alpha = 1) const;
Tensor outer(const Tensor& vec2) const;
Tensor ger(const Tensor& vec2) const;
Tensor inner(const Tensor& other) const;
Tensor vdot(const Tensor& other) const;
Tensor kron(const Tensor& other) const;
Tensor cross(const Tensor& other, std::optional<int64_t> dim = std::nullopt) const;
Tensor trace() const;
Tensor matrix_power(int64_t n) const;
Tensor matrix_exp() const;
// reduction.h
Tensor norm(std::optional<Scalar> p, ScalarType dtype) const;
Tensor norm(std::optional<Scalar> p, IntArrayRef dim, bool keepdim, ScalarType dtype) const;
Tensor renorm(Scalar p, int64_t dim, Scalar maxnorm) const;
Tensor& renorm_(Scalar p, int64_t dim, Scalar maxnorm) const;
// clang-format on
