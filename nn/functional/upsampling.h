// Planes of another size.
#pragma once

#include <rondo/autograd/tensor/tensor.h>
#include <rondo/nn/options/upsampling.h>

namespace rondo::nn::functional {

// (N, C, W), (N, C, H, W) or (N, C, D, H, W) to other sizes of the dimensions behind the channels. kLinear takes one of
// them, kBilinear and kBicubic two, kTrilinear three, the others any. Warns where align_corners is left to its default.
// Throws Error for options that do not fit together.
Tensor interpolate(const Tensor& input, const InterpolateFuncOptions& options = {});

}  // namespace rondo::nn::functional
