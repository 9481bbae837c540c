// Products of vectors and matrices.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <string_view>

namespace rondo {

// (m, k) x (k, n).
Tensor mm(const Tensor& self, const Tensor& other);
// (b, m, k) x (b, k, n).
Tensor bmm(const Tensor& self, const Tensor& other);
// (m, k) x (k,).
Tensor mv(const Tensor& self, const Tensor& vector);
// (n,) x (n,) -> ().
Tensor dot(const Tensor& self, const Tensor& other);
// NumPy's rules: vectors are rows or columns, leading dimensions broadcast.
Tensor matmul(const Tensor& self, const Tensor& other);
// beta * self + alpha * mat1 mat2, where self broadcasts to (m, n).
Tensor addmm(const Tensor& self, const Tensor& mat1, const Tensor& mat2, Scalar beta = 1, Scalar alpha = 1);
RONDO_METHOD Tensor& addmm_(Tensor& self, const Tensor& mat1, const Tensor& mat2, Scalar beta = 1, Scalar alpha = 1);
// beta * self + alpha * mat vec, where self broadcasts to (m,).
RONDO_METHOD Tensor addmv(const Tensor& self, const Tensor& mat, const Tensor& vec, Scalar beta = 1, Scalar alpha = 1);
RONDO_METHOD Tensor& addmv_(Tensor& self, const Tensor& mat, const Tensor& vec, Scalar beta = 1, Scalar alpha = 1);
// beta * self + alpha * vec1 vec2^T, where self broadcasts to (m, n).
RONDO_METHOD Tensor addr(const Tensor& self, const Tensor& vec1, const Tensor& vec2, Scalar beta = 1, Scalar alpha = 1);
RONDO_METHOD Tensor& addr_(Tensor& self, const Tensor& vec1, const Tensor& vec2, Scalar beta = 1, Scalar alpha = 1);
// beta * self + alpha * batch1 batch2 for stacks of matrices; addbmm sums the products of a stack.
RONDO_METHOD Tensor baddbmm(const Tensor& self, const Tensor& batch1, const Tensor& batch2, Scalar beta = 1,
                            Scalar alpha = 1);
RONDO_METHOD Tensor& baddbmm_(Tensor& self, const Tensor& batch1, const Tensor& batch2, Scalar beta = 1,
                              Scalar alpha = 1);
RONDO_METHOD Tensor addbmm(const Tensor& self, const Tensor& batch1, const Tensor& batch2, Scalar beta = 1,
                           Scalar alpha = 1);
RONDO_METHOD Tensor& addbmm_(Tensor& self, const Tensor& batch1, const Tensor& batch2, Scalar beta = 1,
                             Scalar alpha = 1);
// (m,) x (n,) -> (m, n), all products of two numbers.
RONDO_METHOD Tensor outer(const Tensor& self, const Tensor& vec2);
RONDO_METHOD Tensor ger(const Tensor& self, const Tensor& vec2);
// Sums of products over the last dimension of both: (..., k) x (*, k) -> (..., *); numbers multiply.
RONDO_METHOD Tensor inner(const Tensor& self, const Tensor& other);
// dot, under the name that differs for complex numbers.
RONDO_METHOD Tensor vdot(const Tensor& self, const Tensor& other);
// Sums of products over the named dimensions, pairwise; what is left of self, then what is left of other. With a
// number: the last `dims` dimensions of self and the first of other.
Tensor tensordot(const Tensor& self, const Tensor& other, IntArrayRef dims_self, IntArrayRef dims_other);
// Each number of self times the whole of other: sizes multiply.
RONDO_METHOD Tensor kron(const Tensor& self, const Tensor& other);
// The vector product along a dimension of size 3; without `dim`, the first such dimension.
RONDO_METHOD Tensor cross(const Tensor& self, const Tensor& other, std::optional<int64_t> dim = std::nullopt);
// The sum of the main diagonal of a matrix; integers give int64.
RONDO_METHOD Tensor trace(const Tensor& self);
// Einstein's notation: "bij,bjk->bik". Letters that the output lacks are summed over, "..." stands for dimensions that
// broadcast, a letter that comes twice in one operand takes its diagonal, and without "->" the output has the letters
// that come once, in alphabetical order. Contracts the cheapest pair first, unless `path` names the pairs.
Tensor einsum(std::string_view equation, TensorList tensors, OptionalIntArrayRef path = std::nullopt);
// The product of a chain of matrices in the cheapest order.
Tensor chain_matmul(TensorList matrices);
// y[..., o] = sum_ij input1[..., i] weight[o][i][j] input2[..., j] (+ bias[o]).
Tensor bilinear(const Tensor& input1, const Tensor& input2, const Tensor& weight,
                const std::optional<Tensor>& bias = {});
// Integer powers of (stacks of) square matrices; negative ones invert.
RONDO_METHOD Tensor matrix_power(const Tensor& self, int64_t n);
// sum_k self^k / k! of (stacks of) square matrices.
RONDO_METHOD Tensor matrix_exp(const Tensor& self);
// input (..., in) x weight (out, in)^T + bias (out,) -> (..., out).
Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias = {});

}  // namespace rondo
