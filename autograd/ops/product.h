// Products of vectors and matrices.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

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
// input (..., in) x weight (out, in)^T + bias (out,) -> (..., out).
Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias = {});

}  // namespace rondo
