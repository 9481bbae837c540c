// Distances, similarities and correlations.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

namespace rondo {

// The p-norms of all differences of rows: (..., P, M) x (..., R, M) -> (..., P, R); leading dimensions broadcast. p >=
// 0; 0 counts the numbers that differ, infinity takes the largest difference. compute_mode (0, 1 or 2) says in libtorch
// when products may replace differences: rondo always takes differences.
Tensor cdist(const Tensor& x1, const Tensor& x2, double p = 2, std::optional<int64_t> compute_mode = std::nullopt);
// The distances of all pairs i < j of rows of (N, M), in rows: (N (N - 1) / 2,).
Tensor pdist(const Tensor& self, double p = 2);
// The p-norm of self - other, which broadcast.
RONDO_METHOD Tensor dist(const Tensor& self, const Tensor& other, Scalar p = 2);
// The p-norm of x1 - x2 + eps over the last dimension.
Tensor pairwise_distance(const Tensor& x1, const Tensor& x2, double p = 2, double eps = 1e-6, bool keepdim = false);
// x1 . x2 / (|x1| |x2|) along a dimension, where norms below eps count as eps.
Tensor cosine_similarity(const Tensor& x1, const Tensor& x2, int64_t dim = 1, double eps = 1e-8);
// The covariances of the rows of (variables, observations); fweights are counts (integers), aweights weights (floating
// point) of the observations. The divisor is the sum of the weights less `correction`.
RONDO_METHOD Tensor cov(const Tensor& self, int64_t correction = 1, const std::optional<Tensor>& fweights = {},
                        const std::optional<Tensor>& aweights = {});
// Pearson's correlations of the rows, within [-1, 1].
RONDO_METHOD Tensor corrcoef(const Tensor& self);

}  // namespace rondo
