// Pooling: see autograd/ops/pooling.h.
#pragma once

#include <rondo/nn/options/pooling.h>

#include <tuple>

namespace rondo::nn::functional {

#define RONDO_DECLARE(D)                                                                                            \
  /* The largest number of each window; its place in the plane. */                                                  \
  Tensor max_pool##D##d(const Tensor& input, const MaxPool##D##dFuncOptions& options);                              \
  std::tuple<Tensor, Tensor> max_pool##D##d_with_indices(const Tensor& input,                                       \
                                                         const MaxPool##D##dFuncOptions& options);                  \
  /* The mean of each window. */                                                                                    \
  Tensor avg_pool##D##d(const Tensor& input, const AvgPool##D##dFuncOptions& options);                              \
  /* Windows of about the same size, as many as are asked for. */                                                   \
  Tensor adaptive_max_pool##D##d(const Tensor& input, const AdaptiveMaxPool##D##dFuncOptions& options);             \
  std::tuple<Tensor, Tensor> adaptive_max_pool##D##d_with_indices(const Tensor& input,                              \
                                                                  const AdaptiveMaxPool##D##dFuncOptions& options); \
  Tensor adaptive_avg_pool##D##d(const Tensor& input, const AdaptiveAvgPool##D##dFuncOptions& options);             \
  /* The numbers back at the places that max_pool found, zeros elsewhere. Throws Error for an output_size that */   \
  /* the windows cannot have come from. */                                                                          \
  Tensor max_unpool##D##d(const Tensor& input, const Tensor& indices, const MaxUnpool##D##dFuncOptions& options);   \
  /* (sum of x^p)^(1/p) of each window; its gradient is 0 where the sum is. */                                      \
  Tensor lp_pool##D##d(const Tensor& input, const LPPool##D##dFuncOptions& options);
RONDO_DECLARE(1)
RONDO_DECLARE(2)
RONDO_DECLARE(3)
#undef RONDO_DECLARE

// The largest numbers of windows at random places, which are drawn unless _random_samples says them.
#define RONDO_DECLARE(D)                                                                                    \
  Tensor fractional_max_pool##D##d(const Tensor& input, const FractionalMaxPool##D##dFuncOptions& options); \
  std::tuple<Tensor, Tensor> fractional_max_pool##D##d_with_indices(                                        \
      const Tensor& input, const FractionalMaxPool##D##dFuncOptions& options);
RONDO_DECLARE(2)
RONDO_DECLARE(3)
#undef RONDO_DECLARE

}  // namespace rondo::nn::functional
