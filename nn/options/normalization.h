// Options of the normalizations.
#pragma once

#include <rondo/autograd/base/arg.h>
#include <rondo/autograd/tensor/tensor.h>

#include <vector>

namespace rondo::nn {

struct LayerNormOptions {
  LayerNormOptions(std::vector<int64_t> normalized_shape) : normalized_shape_(std::move(normalized_shape)) {}
  RONDO_ARG(std::vector<int64_t>, normalized_shape);
  RONDO_ARG(double, eps) = 1e-5;
  RONDO_ARG(bool, elementwise_affine) = true;
};

namespace functional {

struct LayerNormFuncOptions {
  LayerNormFuncOptions(std::vector<int64_t> normalized_shape) : normalized_shape_(std::move(normalized_shape)) {}
  RONDO_ARG(std::vector<int64_t>, normalized_shape);
  RONDO_ARG(Tensor, weight) = {};
  RONDO_ARG(Tensor, bias) = {};
  RONDO_ARG(double, eps) = 1e-5;
};

struct NormalizeFuncOptions {
  RONDO_ARG(double, p) = 2.0;
  RONDO_ARG(int64_t, dim) = 1;
  RONDO_ARG(double, eps) = 1e-12;
  RONDO_ARG(std::optional<Tensor>, out) = std::nullopt;
};

}  // namespace functional
}  // namespace rondo::nn
