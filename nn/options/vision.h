// Options of grid_sample.
#pragma once

#include <rondo/autograd/base/arg.h>
#include <rondo/nn/enums.h>

#include <optional>

namespace rondo::nn::functional {

// padding_mode: what stands outside of the input.
struct GridSampleFuncOptions {
  using mode_t = enumtype::OneOf<enumtype::kBilinear, enumtype::kNearest, enumtype::kBicubic>;
  using padding_mode_t = enumtype::OneOf<enumtype::kZeros, enumtype::kBorder, enumtype::kReflection>;
  RONDO_ARG(mode_t, mode) = kBilinear;
  RONDO_ARG(padding_mode_t, padding_mode) = kZeros;
  // -1 and 1 stand for the outermost centers, else for the borders.
  RONDO_ARG(std::optional<bool>, align_corners) = std::nullopt;
};

}  // namespace rondo::nn::functional
