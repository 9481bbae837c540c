// Pooling: the largest number or the mean of windows, of rows (N, C, L), images (N, C, H, W) and volumes (N, C, D, H,
// W), with or without N. kernel_size, stride, padding and dilation: one number, or one for each dimension; no stride:
// the kernel's size. Throw Error for windows that do not fit. NaN propagates.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <optional>
#include <tuple>

namespace rondo {

// The padding counts as -inf; at most half of the kernel. ceil_mode: also windows that the end cuts off.
#define RONDO_DECLARE(D)                                                                                               \
  Tensor max_pool##D##d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride = {}, IntArrayRef padding = 0, \
                        IntArrayRef dilation = 1, bool ceil_mode = false);                                             \
  std::tuple<Tensor, Tensor> max_pool##D##d_with_indices(const Tensor& self, IntArrayRef kernel_size,                  \
                                                         IntArrayRef stride = {}, IntArrayRef padding = 0,             \
                                                         IntArrayRef dilation = 1, bool ceil_mode = false);            \
  Tensor adaptive_avg_pool##D##d(const Tensor& self, IntArrayRef output_size);                                         \
  std::tuple<Tensor, Tensor> adaptive_max_pool##D##d(const Tensor& self, IntArrayRef output_size);
RONDO_DECLARE(1)
RONDO_DECLARE(2)
RONDO_DECLARE(3)
#undef RONDO_DECLARE

// Divided by the window's numbers, padding counted unless count_include_pad is false, or by divisor_override.
Tensor avg_pool1d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride = {}, IntArrayRef padding = 0,
                  bool ceil_mode = false, bool count_include_pad = true);
Tensor avg_pool2d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride = {}, IntArrayRef padding = 0,
                  bool ceil_mode = false, bool count_include_pad = true,
                  std::optional<int64_t> divisor_override = std::nullopt);
Tensor avg_pool3d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride = {}, IntArrayRef padding = 0,
                  bool ceil_mode = false, bool count_include_pad = true,
                  std::optional<int64_t> divisor_override = std::nullopt);

// Windows at pseudo-random places (Graham, 2014): random_samples in [0, 1), (N, C, 2) or (N, C, 3), which place them.
std::tuple<Tensor, Tensor> fractional_max_pool2d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef output_size,
                                                 const Tensor& random_samples);
std::tuple<Tensor, Tensor> fractional_max_pool3d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef output_size,
                                                 const Tensor& random_samples);

// The numbers at the places that max_pool's indices say, zeros elsewhere; output_size: of the pooled dimensions.
Tensor max_unpool2d(const Tensor& self, const Tensor& indices, IntArrayRef output_size);
Tensor max_unpool3d(const Tensor& self, const Tensor& indices, IntArrayRef output_size, IntArrayRef stride,
                    IntArrayRef padding);

}  // namespace rondo
