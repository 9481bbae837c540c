// Sampling at the positions of a grid; rondo::grid_sampler has the shapes.
#pragma once

#include <rondo/autograd/tensor/tensor.h>
#include <rondo/nn/options/vision.h>

namespace rondo::nn::functional {

// The grid (N, H, W, 2) or (N, D, H, W, 3) of a size, moved by theta (N, 2, 3) or (N, 3, 4). Throws Error for others.
Tensor affine_grid(const Tensor& theta, IntArrayRef size, bool align_corners = false);
// Warns where align_corners is left to its default, false.
Tensor grid_sample(const Tensor& input, const Tensor& grid, const GridSampleFuncOptions& options = {});

}  // namespace rondo::nn::functional
