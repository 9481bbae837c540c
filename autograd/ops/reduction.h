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
Tensor var(const Tensor& self, OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false);
Tensor std(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim = false);
Tensor std(const Tensor& self, OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false);
template <class... B>
requires(one_bool<B...>) Tensor var(const Tensor& self, B... unbiased) { return self.var(unbiased...); }
template <class... B>
requires(one_bool<B...>) Tensor std(const Tensor& self, B... unbiased) { return self.std(unbiased...); }
// The variance (or its root) and the mean, together.
std::tuple<Tensor, Tensor> var_mean(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction,
                                    bool keepdim = false);
std::tuple<Tensor, Tensor> var_mean(const Tensor& self, OptionalIntArrayRef dim, bool unbiased = true,
                                    bool keepdim = false);
std::tuple<Tensor, Tensor> std_mean(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction,
                                    bool keepdim = false);
std::tuple<Tensor, Tensor> std_mean(const Tensor& self, OptionalIntArrayRef dim, bool unbiased = true,
                                    bool keepdim = false);
template <class... B>
requires(one_bool<B...>) std::tuple<Tensor, Tensor> var_mean(const Tensor& self, B... unbiased) {
  return var_mean(self, OptionalIntArrayRef(), std::optional<int64_t>((unbiased && ...) ? 1 : 0));
}
template <class... B>
requires(one_bool<B...>) std::tuple<Tensor, Tensor> std_mean(const Tensor& self, B... unbiased) {
  return std_mean(self, OptionalIntArrayRef(), std::optional<int64_t>((unbiased && ...) ? 1 : 0));
}
// sum and mean of the numbers that are no NaN.
RONDO_METHOD Tensor nansum(const Tensor& self, OptionalIntArrayRef dim = std::nullopt, bool keepdim = false,
                           std::optional<ScalarType> dtype = std::nullopt);
RONDO_METHOD Tensor nanmean(const Tensor& self, OptionalIntArrayRef dim = std::nullopt, bool keepdim = false,
                            std::optional<ScalarType> dtype = std::nullopt);
// How many numbers are not zero: int64.
RONDO_METHOD Tensor count_nonzero(const Tensor& self, IntArrayRef dim);
RONDO_METHOD Tensor count_nonzero(const Tensor& self, int64_t dim);
RONDO_METHOD Tensor count_nonzero(const Tensor& self, std::optional<int64_t> dim = std::nullopt);
// amin and amax.
RONDO_METHOD std::tuple<Tensor, Tensor> aminmax(const Tensor& self, std::optional<int64_t> dim = std::nullopt,
                                                bool keepdim = false);
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
RONDO_METHOD Tensor& cumsum_(Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
// Running products; running extrema with int64 indices (of equal numbers the last; NaN stays); log(cumsum(exp(x))).
RONDO_METHOD Tensor cumprod(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
RONDO_METHOD Tensor& cumprod_(Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
RONDO_METHOD std::tuple<Tensor, Tensor> cummax(const Tensor& self, int64_t dim);
RONDO_METHOD std::tuple<Tensor, Tensor> cummin(const Tensor& self, int64_t dim);
RONDO_METHOD Tensor logcumsumexp(const Tensor& self, int64_t dim);
// softmax(-x).
namespace by_name {
Tensor softmin(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
}
// The integral of y along a dimension by the trapezoidal rule, at points dx apart or at points x; its running values.
Tensor trapezoid(const Tensor& y, Scalar dx = 1, int64_t dim = -1);
Tensor trapezoid(const Tensor& y, const Tensor& x, int64_t dim = -1);
Tensor trapz(const Tensor& y, double dx = 1, int64_t dim = -1);
Tensor trapz(const Tensor& y, const Tensor& x, int64_t dim = -1);
Tensor cumulative_trapezoid(const Tensor& y, Scalar dx = 1, int64_t dim = -1);
Tensor cumulative_trapezoid(const Tensor& y, const Tensor& x, int64_t dim = -1);
// The n-th differences of neighbours, after `prepend` and `append` were joined on; of bools whether they differ.
RONDO_METHOD Tensor diff(const Tensor& self, int64_t n = 1, int64_t dim = -1,
                         const std::optional<Tensor>& prepend = std::nullopt,
                         const std::optional<Tensor>& append = std::nullopt);
// Estimates of the partial derivatives of a function given by its values on a grid, for each dimension (or those in
// `dim`): central differences inside, one-sided ones of order 1 or 2 at the ends. Spacings: one, one for each
// dimension, or the coordinates.
std::vector<Tensor> gradient(const Tensor& self, std::optional<Scalar> spacing = std::nullopt,
                             std::optional<int64_t> dim = std::nullopt, int64_t edge_order = 1);
std::vector<Tensor> gradient(const Tensor& self, Scalar spacing, IntArrayRef dim, int64_t edge_order = 1);
std::vector<Tensor> gradient(const Tensor& self, IntArrayRef dim, int64_t edge_order = 1);
std::vector<Tensor> gradient(const Tensor& self, ArrayRef<Scalar> spacing, std::optional<int64_t> dim = std::nullopt,
                             int64_t edge_order = 1);
std::vector<Tensor> gradient(const Tensor& self, ArrayRef<Scalar> spacing, IntArrayRef dim, int64_t edge_order = 1);
std::vector<Tensor> gradient(const Tensor& self, TensorList spacing, std::optional<int64_t> dim = std::nullopt,
                             int64_t edge_order = 1);
std::vector<Tensor> gradient(const Tensor& self, TensorList spacing, IntArrayRef dim, int64_t edge_order = 1);
// Values and int64 indices, stable; NaN counts as the largest number.
std::tuple<Tensor, Tensor> sort(const Tensor& self, int64_t dim = -1, bool descending = false);
Tensor argsort(const Tensor& self, int64_t dim = -1, bool descending = false);
std::tuple<Tensor, Tensor> topk(const Tensor& self, int64_t k, int64_t dim = -1, bool largest = true,
                                bool sorted = true);

}  // namespace rondo
