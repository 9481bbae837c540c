// Distances and similarities.
#pragma once

#include <rondo/autograd/ops/distance.h>
#include <rondo/nn/options/distance.h>

namespace rondo::nn::functional {

// x1 . x2 / (|x1| |x2|) along dim, where norms below eps count as eps.
inline Tensor cosine_similarity(const Tensor& x1, const Tensor& x2, const CosineSimilarityFuncOptions& options = {}) {
  return rondo::cosine_similarity(x1, x2, options.dim(), options.eps());
}
// The p-norm of x1 - x2 + eps over the last dimension.
inline Tensor pairwise_distance(const Tensor& x1, const Tensor& x2, const PairwiseDistanceFuncOptions& options = {}) {
  return rondo::pairwise_distance(x1, x2, options.p(), options.eps(), options.keepdim());
}
// The p-norms of the differences of all pairs i < j of rows of (N, M), in rows.
inline Tensor pdist(const Tensor& input, double p = 2.0) { return rondo::pdist(input, p); }

}  // namespace rondo::nn::functional
