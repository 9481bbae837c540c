// Sampling at the positions of a grid, as spatial transformers do (Jaderberg et al. 2015).
#pragma once

#include <rondo/autograd/tensor/tensor.h>

namespace rondo {

// input (N, C, H, W) at grid (N, h, w, 2) gives (N, C, h, w); input (N, C, D, H, W) at grid (N, d, h, w, 3) gives
// (N, C, d, h, w). A position is (x, y) or (x, y, z), from -1 to 1 over the last dimension, the one before it, ...:
// between the outermost centers with align_corners, else between the borders. interpolation_mode: 0 linear, 1 nearest,
// 2 cubic (planes alone). padding_mode: what stands outside, 0 zeros, 1 the border, 2 the mirrored input. Throws Error
// for other shapes, dtypes and modes.
Tensor grid_sampler(const Tensor& input, const Tensor& grid, int64_t interpolation_mode, int64_t padding_mode,
                    bool align_corners);
Tensor grid_sampler_2d(const Tensor& input, const Tensor& grid, int64_t interpolation_mode, int64_t padding_mode,
                       bool align_corners);
Tensor grid_sampler_3d(const Tensor& input, const Tensor& grid, int64_t interpolation_mode, int64_t padding_mode,
                       bool align_corners);
// The grid of a size (N, C, H, W) or (N, C, D, H, W), moved by theta (N, 2, 3) or (N, 3, 4).
Tensor affine_grid_generator(const Tensor& theta, IntArrayRef size, bool align_corners);

}  // namespace rondo
