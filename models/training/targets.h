// True values, and weights of samples, in the form that a loss or a metric wants.
#pragma once

#include <rondo/models/losses.h>

#include <string_view>

namespace rondo::models {

// `y` for predictions of shape `output`, batch in front, and type `type`. Classes: int64 of output's shape without the
// last dimension. Values: numbers of output's shape. A last dimension of 1 is added or dropped where that suits. Throws
// ValueError, which begins with `who`, for other shapes, and for classes with fractions or out of range.
Tensor fit_target(std::string_view who, const Tensor& y, losses::Target form, IntArrayRef output, ScalarType type,
                  std::optional<int64_t> ignored_class = std::nullopt);

// Weights of samples, (N,) or (N, 1) or of the losses' own shape, in a shape that multiplies `losses`. Throws
// ValueError, in the name of a loss or a metric, where their numbers do not fit.
Tensor weights_beside(const Tensor& losses, const Tensor& weight, const std::string& name);

}  // namespace rondo::models
