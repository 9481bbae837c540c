// Options of Upsample and interpolate.
#pragma once

#include <rondo/autograd/base/arg.h>
#include <rondo/nn/enums.h>

#include <optional>
#include <vector>

namespace rondo::nn {

// Either size or scale_factor, one number for each dimension behind the channels.
struct UpsampleOptions {
  using mode_t = enumtype::OneOf<enumtype::kNearest, enumtype::kLinear, enumtype::kBilinear, enumtype::kBicubic,
                                 enumtype::kTrilinear>;
  RONDO_ARG(std::optional<std::vector<int64_t>>, size) = std::nullopt;
  RONDO_ARG(std::optional<std::vector<double>>, scale_factor) = std::nullopt;
  RONDO_ARG(mode_t, mode) = kNearest;
  // Of the modes between numbers: the centers of the outermost ones stay where they are, else the borders do.
  RONDO_ARG(std::optional<bool>, align_corners) = std::nullopt;
};

namespace functional {

struct InterpolateFuncOptions {
  using mode_t = enumtype::OneOf<enumtype::kNearest, enumtype::kLinear, enumtype::kBilinear, enumtype::kBicubic,
                                 enumtype::kTrilinear, enumtype::kArea, enumtype::kNearestExact>;
  RONDO_ARG(std::optional<std::vector<int64_t>>, size) = std::nullopt;
  RONDO_ARG(std::optional<std::vector<double>>, scale_factor) = std::nullopt;
  RONDO_ARG(mode_t, mode) = kNearest;
  RONDO_ARG(std::optional<bool>, align_corners) = std::nullopt;
  // Positions by the sizes that come out of scale_factor, instead of by the factors themselves.
  RONDO_ARG(std::optional<bool>, recompute_scale_factor) = std::nullopt;
  // kBilinear and kBicubic: filters as wide as a number of the result where that is smaller than the input.
  RONDO_ARG(bool, antialias) = false;
};

}  // namespace functional
}  // namespace rondo::nn
