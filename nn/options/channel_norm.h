// Options of the normalizations by channel.
#pragma once

#include <rondo/autograd/base/arg.h>
#include <rondo/autograd/tensor/tensor.h>

#include <optional>
#include <vector>

namespace rondo::nn {

// momentum: the weight of the newest batch in the running statistics; nullopt: their plain mean over all batches.
struct BatchNormOptions {
  BatchNormOptions(int64_t num_features) : num_features_(num_features) {}
  RONDO_ARG(int64_t, num_features);
  RONDO_ARG(double, eps) = 1e-5;
  RONDO_ARG(std::optional<double>, momentum) = 0.1;
  RONDO_ARG(bool, affine) = true;
  RONDO_ARG(bool, track_running_stats) = true;
};
using BatchNorm1dOptions = BatchNormOptions;
using BatchNorm2dOptions = BatchNormOptions;
using BatchNorm3dOptions = BatchNormOptions;

struct InstanceNormOptions {
  InstanceNormOptions(int64_t num_features) : num_features_(num_features) {}
  RONDO_ARG(int64_t, num_features);
  RONDO_ARG(double, eps) = 1e-5;
  RONDO_ARG(double, momentum) = 0.1;
  RONDO_ARG(bool, affine) = false;
  RONDO_ARG(bool, track_running_stats) = false;
};
using InstanceNorm1dOptions = InstanceNormOptions;
using InstanceNorm2dOptions = InstanceNormOptions;
using InstanceNorm3dOptions = InstanceNormOptions;

struct GroupNormOptions {
  GroupNormOptions(int64_t num_groups, int64_t num_channels) : num_groups_(num_groups), num_channels_(num_channels) {}
  RONDO_ARG(int64_t, num_groups);
  RONDO_ARG(int64_t, num_channels);
  RONDO_ARG(double, eps) = 1e-5;
  RONDO_ARG(bool, affine) = true;
};

// size: channels of the window.
struct LocalResponseNormOptions {
  LocalResponseNormOptions(int64_t size) : size_(size) {}
  RONDO_ARG(int64_t, size);
  RONDO_ARG(double, alpha) = 1e-4;
  RONDO_ARG(double, beta) = 0.75;
  RONDO_ARG(double, k) = 1;
};

struct CrossMapLRN2dOptions {
  CrossMapLRN2dOptions(int64_t size) : size_(size) {}
  RONDO_ARG(int64_t, size);
  RONDO_ARG(double, alpha) = 1e-4;
  RONDO_ARG(double, beta) = 0.75;
  RONDO_ARG(int64_t, k) = 1;
};

// eps: nullopt stands for the smallest step of the dtype.
struct RMSNormOptions {
  RMSNormOptions(std::vector<int64_t> normalized_shape) : normalized_shape_(std::move(normalized_shape)) {}
  RONDO_ARG(std::vector<int64_t>, normalized_shape);
  RONDO_ARG(std::optional<double>, eps) = std::nullopt;
  RONDO_ARG(bool, elementwise_affine) = true;
};

namespace functional {

struct BatchNormFuncOptions {
  RONDO_ARG(Tensor, weight) = {};
  RONDO_ARG(Tensor, bias) = {};
  RONDO_ARG(bool, training) = false;
  RONDO_ARG(std::optional<double>, momentum) = 0.1;
  RONDO_ARG(double, eps) = 1e-5;
};

struct InstanceNormFuncOptions {
  RONDO_ARG(Tensor, running_mean) = {};
  RONDO_ARG(Tensor, running_var) = {};
  RONDO_ARG(Tensor, weight) = {};
  RONDO_ARG(Tensor, bias) = {};
  RONDO_ARG(bool, use_input_stats) = true;
  RONDO_ARG(double, momentum) = 0.1;
  RONDO_ARG(double, eps) = 1e-5;
};

struct GroupNormFuncOptions {
  GroupNormFuncOptions(int64_t num_groups) : num_groups_(num_groups) {}
  RONDO_ARG(int64_t, num_groups);
  RONDO_ARG(Tensor, weight) = {};
  RONDO_ARG(Tensor, bias) = {};
  RONDO_ARG(double, eps) = 1e-5;
};

struct RMSNormFuncOptions {
  RMSNormFuncOptions(std::vector<int64_t> normalized_shape) : normalized_shape_(std::move(normalized_shape)) {}
  RONDO_ARG(std::vector<int64_t>, normalized_shape);
  RONDO_ARG(Tensor, weight) = {};
  RONDO_ARG(std::optional<double>, eps) = std::nullopt;
};

using LocalResponseNormFuncOptions = LocalResponseNormOptions;

}  // namespace functional
}  // namespace rondo::nn
