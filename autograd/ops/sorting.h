// Order statistics, distinct values, places in sorted lists, counts. NaN counts as the largest number; `dim` may be
// negative; values along a dimension come with int64 indices, to which the gradient goes.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

namespace rondo {

// Sorting is stable, whatever `stable` says.
RONDO_METHOD std::tuple<Tensor, Tensor> sort(const Tensor& self, std::optional<bool> stable, int64_t dim = -1,
                                             bool descending = false);
RONDO_METHOD Tensor argsort(const Tensor& self, bool stable, int64_t dim = -1, bool descending = false);
// So that a literal dimension is not taken for `stable`.
RONDO_METHOD Tensor argsort(const Tensor& self, int dim, bool descending = false);
// Sorted along the first dimension.
RONDO_METHOD Tensor msort(const Tensor& self);
// The k-th smallest number, k from 1.
RONDO_METHOD std::tuple<Tensor, Tensor> kthvalue(const Tensor& self, int64_t k, int64_t dim = -1, bool keepdim = false);
// The lower of the middle numbers; NaN where there is one (median), or of the others (nanmedian). Of all elements,
// equal ones share the gradient.
RONDO_METHOD Tensor median(const Tensor& self);
RONDO_METHOD std::tuple<Tensor, Tensor> median(const Tensor& self, int64_t dim, bool keepdim = false);
RONDO_METHOD Tensor nanmedian(const Tensor& self);
RONDO_METHOD std::tuple<Tensor, Tensor> nanmedian(const Tensor& self, int64_t dim, bool keepdim = false);
// The most frequent number, the smallest of those, and its last place.
RONDO_METHOD std::tuple<Tensor, Tensor> mode(const Tensor& self, int64_t dim = -1, bool keepdim = false);
// Quantiles q in [0, 1] (a number, or a list, which becomes the first dimension), along a dimension or of all elements;
// float32 and float64. interpolation: "linear", "lower", "higher", "midpoint" or "nearest". NaN where there is one
// (quantile), or of the others (nanquantile).
RONDO_METHOD Tensor quantile(const Tensor& self, const Tensor& q, std::optional<int64_t> dim = std::nullopt,
                             bool keepdim = false, std::string_view interpolation = "linear");
RONDO_METHOD Tensor quantile(const Tensor& self, double q, std::optional<int64_t> dim = std::nullopt,
                             bool keepdim = false, std::string_view interpolation = "linear");
RONDO_METHOD Tensor nanquantile(const Tensor& self, const Tensor& q, std::optional<int64_t> dim = std::nullopt,
                                bool keepdim = false, std::string_view interpolation = "linear");
RONDO_METHOD Tensor nanquantile(const Tensor& self, double q, std::optional<int64_t> dim = std::nullopt,
                                bool keepdim = false, std::string_view interpolation = "linear");

// The distinct values in ascending order; for each element the place of its value; how often each comes. What was not
// asked for is empty. Each NaN is distinct.
std::tuple<Tensor, Tensor> _unique(const Tensor& self, bool sorted = true, bool return_inverse = false);
std::tuple<Tensor, Tensor, Tensor> _unique2(const Tensor& self, bool sorted = true, bool return_inverse = false,
                                            bool return_counts = false);
// The same of the slices along a dimension, in lexicographic order.
std::tuple<Tensor, Tensor, Tensor> unique_dim(const Tensor& self, int64_t dim, bool sorted = true,
                                              bool return_inverse = false, bool return_counts = false);
// Of runs of equal neighbours one is kept: of the flattened tensor, or of the slices along a dimension.
RONDO_METHOD std::tuple<Tensor, Tensor, Tensor> unique_consecutive(const Tensor& self, bool return_inverse = false,
                                                                   bool return_counts = false,
                                                                   std::optional<int64_t> dim = std::nullopt);
std::tuple<Tensor, Tensor, Tensor> unique_dim_consecutive(const Tensor& self, int64_t dim, bool return_inverse = false,
                                                          bool return_counts = false);

// For each value of self the first place in the sorted last dimension of sorted_sequence whose number is not smaller
// (side "right": larger): int64, or int32. The sequence has one dimension or self's leading ones. sorter: indices that
// sort it.
Tensor searchsorted(const Tensor& sorted_sequence, const Tensor& self, bool out_int32 = false, bool right = false,
                    std::optional<std::string_view> side = std::nullopt, const std::optional<Tensor>& sorter = {});
Tensor searchsorted(const Tensor& sorted_sequence, Scalar self, bool out_int32 = false, bool right = false,
                    std::optional<std::string_view> side = std::nullopt, const std::optional<Tensor>& sorter = {});
Tensor bucketize(const Tensor& self, const Tensor& boundaries, bool out_int32 = false, bool right = false);
Tensor bucketize(Scalar self, const Tensor& boundaries, bool out_int32 = false, bool right = false);

// How many elements lie in each of the equal bins between min and max (of the data, where both are equal), the last one
// closed; floating point.
RONDO_METHOD Tensor histc(const Tensor& self, int64_t bins = 100, Scalar min = 0, Scalar max = 0);
// Counts, or sums of weights, between the bins' edges, and the edges: equal bins over `range` (over the data without
// one), or a sorted list of edges. density: so that the integral over the bins is 1.
RONDO_METHOD std::tuple<Tensor, Tensor> histogram(const Tensor& self, const Tensor& bins,
                                                  const std::optional<Tensor>& weight = {}, bool density = false);
RONDO_METHOD std::tuple<Tensor, Tensor> histogram(const Tensor& self, int64_t bins = 100,
                                                  std::optional<ArrayRef<double>> range = std::nullopt,
                                                  const std::optional<Tensor>& weight = {}, bool density = false);
// How often each number 0, 1, ... comes in a list of integers, or the sum of its weights; at least minlength long.
RONDO_METHOD Tensor bincount(const Tensor& self, const std::optional<Tensor>& weights = {}, int64_t minlength = 0);

}  // namespace rondo
