// Reductions, scans and sorting. `dim` may be negative; with `keepdim` reduced dimensions stay with size 1.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

namespace rondo {

// Sums; integers and bool give int64. An empty list of dimensions means all.
Tensor sum(const Tensor& self, std::optional<ScalarType> dtype = std::nullopt);
Tensor sum(const Tensor& self, OptionalIntArrayRef dim, bool keepdim = false,
           std::optional<ScalarType> dtype = std::nullopt);
// Sums broadcast dimensions away until the shape is `sizes`.
Tensor sum_to_size(const Tensor& self, IntArrayRef sizes);
// Means; floating point only, unless a dtype is given.
Tensor mean(const Tensor& self, std::optional<ScalarType> dtype = std::nullopt);
Tensor mean(const Tensor& self, OptionalIntArrayRef dim, bool keepdim = false,
            std::optional<ScalarType> dtype = std::nullopt);
Tensor prod(const Tensor& self, std::optional<ScalarType> dtype = std::nullopt);
Tensor prod(const Tensor& self, int64_t dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
// Of all elements (the gradient is split evenly among equal extrema), or along a dimension with int64 indices (the
// gradient goes to the index). NaN counts as the extremum. Throws for empty tensors.
Tensor max(const Tensor& self);
Tensor min(const Tensor& self);
std::tuple<Tensor, Tensor> max(const Tensor& self, int64_t dim, bool keepdim = false);
std::tuple<Tensor, Tensor> min(const Tensor& self, int64_t dim, bool keepdim = false);
Tensor max(const Tensor& self, const Tensor& other);
Tensor min(const Tensor& self, const Tensor& other);
Tensor amax(const Tensor& self, IntArrayRef dim = {}, bool keepdim = false);
Tensor amin(const Tensor& self, IntArrayRef dim = {}, bool keepdim = false);
// The index of the first extremum, over the flattened tensor without `dim`.
Tensor argmax(const Tensor& self, std::optional<int64_t> dim = std::nullopt, bool keepdim = false);
Tensor argmin(const Tensor& self, std::optional<int64_t> dim = std::nullopt, bool keepdim = false);
Tensor all(const Tensor& self);
Tensor all(const Tensor& self, int64_t dim, bool keepdim = false);
Tensor any(const Tensor& self);
Tensor any(const Tensor& self, int64_t dim, bool keepdim = false);
// sum((x - mean)^2) / (n - correction) and its root; unbiased means correction 1. Floating point only.
Tensor var(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim = false);
Tensor var(const Tensor& self, OptionalIntArrayRef dim, bool unbiased, bool keepdim = false);
Tensor std(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim = false);
Tensor std(const Tensor& self, OptionalIntArrayRef dim, bool unbiased, bool keepdim = false);
template <class B = bool>
requires(std::is_same_v<B, bool>) Tensor var(const Tensor& self, B unbiased = true) { return self.var(unbiased); }
template <class B = bool>
requires(std::is_same_v<B, bool>) Tensor std(const Tensor& self, B unbiased = true) { return self.std(unbiased); }
// (sum |x|^p)^(1/p); p = 2 unless given, infinity gives the largest magnitude.
Tensor norm(const Tensor& self, Scalar p = 2);
Tensor norm(const Tensor& self, std::optional<Scalar> p, IntArrayRef dim, bool keepdim = false);
// The same of self.to(dtype).
RONDO_METHOD Tensor norm(const Tensor& self, std::optional<Scalar> p, ScalarType dtype);
RONDO_METHOD Tensor norm(const Tensor& self, std::optional<Scalar> p, IntArrayRef dim, bool keepdim, ScalarType dtype);
// Slices along `dim` whose p-norm is above maxnorm are scaled to maxnorm.
RONDO_METHOD Tensor renorm(const Tensor& self, Scalar p, int64_t dim, Scalar maxnorm);
RONDO_METHOD Tensor& renorm_(Tensor& self, Scalar p, int64_t dim, Scalar maxnorm);
// The 2-norm over all or at most two dimensions; the sum of the singular values.
Tensor frobenius_norm(const Tensor& self);
Tensor frobenius_norm(const Tensor& self, IntArrayRef dim, bool keepdim = false);
Tensor nuclear_norm(const Tensor& self, bool keepdim = false);
Tensor nuclear_norm(const Tensor& self, IntArrayRef dim, bool keepdim = false);
// log(sum(exp(x))) without overflow.
Tensor logsumexp(const Tensor& self, IntArrayRef dim, bool keepdim = false);
Tensor softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
Tensor log_softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
Tensor cumsum(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
// Values and int64 indices, stable; NaN counts as the largest number.
std::tuple<Tensor, Tensor> sort(const Tensor& self, int64_t dim = -1, bool descending = false);
Tensor argsort(const Tensor& self, int64_t dim = -1, bool descending = false);
std::tuple<Tensor, Tensor> topk(const Tensor& self, int64_t k, int64_t dim = -1, bool largest = true,
                                bool sorted = true);

}  // namespace rondo
