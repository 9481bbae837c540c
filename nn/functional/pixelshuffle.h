// Channels into pixels and back.
#pragma once

#include <rondo/autograd/ops/shape.h>
#include <rondo/nn/options/pixelshuffle.h>

namespace rondo::nn::functional {

// (..., C r^2, H, W) -> (..., C, H r, W r), and back.
inline Tensor pixel_shuffle(const Tensor& input, const PixelShuffleFuncOptions& options) {
  return rondo::pixel_shuffle(input, options.upscale_factor());
}
inline Tensor pixel_unshuffle(const Tensor& input, const PixelUnshuffleFuncOptions& options) {
  return rondo::pixel_unshuffle(input, options.downscale_factor());
}

}  // namespace rondo::nn::functional
