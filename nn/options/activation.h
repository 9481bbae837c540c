// Options of the activations. `inplace` writes the result into the input.
#pragma once

#include <rondo/autograd/base/arg.h>
#include <rondo/autograd/base/scalar_type.h>

#include <optional>
#include <string>

namespace rondo::nn {

struct ELUOptions {
  RONDO_ARG(double, alpha) = 1.0;
  RONDO_ARG(bool, inplace) = false;
};

struct SELUOptions {
  SELUOptions(bool inplace = false) : inplace_(inplace) {}
  RONDO_ARG(bool, inplace);
};

struct HardswishOptions {
  HardswishOptions(bool inplace = false) : inplace_(inplace) {}
  RONDO_ARG(bool, inplace);
};

struct HardsigmoidOptions {
  HardsigmoidOptions(bool inplace = false) : inplace_(inplace) {}
  RONDO_ARG(bool, inplace);
};

struct GLUOptions {
  GLUOptions(int64_t dim = -1) : dim_(dim) {}
  RONDO_ARG(int64_t, dim);
};

// approximate: "none" or "tanh".
struct GELUOptions {
  RONDO_ARG(std::string, approximate) = "none";
};

struct HardshrinkOptions {
  HardshrinkOptions(double lambda = 0.5) : lambda_(lambda) {}
  RONDO_ARG(double, lambda);
};

struct HardtanhOptions {
  RONDO_ARG(double, min_val) = -1.0;
  RONDO_ARG(double, max_val) = 1.0;
  RONDO_ARG(bool, inplace) = false;
};

struct LeakyReLUOptions {
  RONDO_ARG(double, negative_slope) = 1e-2;
  RONDO_ARG(bool, inplace) = false;
};

struct SoftmaxOptions {
  SoftmaxOptions(int64_t dim) : dim_(dim) {}
  RONDO_ARG(int64_t, dim);
};

struct SoftminOptions {
  SoftminOptions(int64_t dim) : dim_(dim) {}
  RONDO_ARG(int64_t, dim);
};

struct LogSoftmaxOptions {
  LogSoftmaxOptions(int64_t dim) : dim_(dim) {}
  RONDO_ARG(int64_t, dim);
};

struct PReLUOptions {
  RONDO_ARG(int64_t, num_parameters) = 1;
  RONDO_ARG(double, init) = 0.25;
};

struct ReLUOptions {
  ReLUOptions(bool inplace = false) : inplace_(inplace) {}
  RONDO_ARG(bool, inplace);
};

struct ReLU6Options {
  ReLU6Options(bool inplace = false) : inplace_(inplace) {}
  RONDO_ARG(bool, inplace);
};

struct RReLUOptions {
  RONDO_ARG(double, lower) = 1.0 / 8.0;
  RONDO_ARG(double, upper) = 1.0 / 3.0;
  RONDO_ARG(bool, inplace) = false;
};

struct CELUOptions {
  RONDO_ARG(double, alpha) = 1.0;
  RONDO_ARG(bool, inplace) = false;
};

struct SoftplusOptions {
  RONDO_ARG(double, beta) = 1.0;
  RONDO_ARG(double, threshold) = 20.0;
};

struct SoftshrinkOptions {
  SoftshrinkOptions(double lambda = 0.5) : lambda_(lambda) {}
  RONDO_ARG(double, lambda);
};

struct ThresholdOptions {
  ThresholdOptions(double threshold, double value) : threshold_(threshold), value_(value) {}
  RONDO_ARG(double, threshold);
  RONDO_ARG(double, value);
  RONDO_ARG(bool, inplace) = false;
};

namespace functional {

// tau: the temperature; hard: zeros and ones, with the gradient of the soft ones.
struct GumbelSoftmaxFuncOptions {
  RONDO_ARG(double, tau) = 1.0;
  RONDO_ARG(bool, hard) = false;
  RONDO_ARG(int, dim) = -1;
};
using HardswishFuncOptions = HardswishOptions;
using HardsigmoidFuncOptions = HardsigmoidOptions;

using ELUFuncOptions = ELUOptions;
using SELUFuncOptions = SELUOptions;
using GLUFuncOptions = GLUOptions;
using GELUFuncOptions = GELUOptions;
using HardshrinkFuncOptions = HardshrinkOptions;
using HardtanhFuncOptions = HardtanhOptions;
using LeakyReLUFuncOptions = LeakyReLUOptions;
using ReLUFuncOptions = ReLUOptions;
using ReLU6FuncOptions = ReLU6Options;
using CELUFuncOptions = CELUOptions;
using SoftplusFuncOptions = SoftplusOptions;
using SoftshrinkFuncOptions = SoftshrinkOptions;
using ThresholdFuncOptions = ThresholdOptions;

// dtype: the input is converted first.
struct SoftmaxFuncOptions {
  SoftmaxFuncOptions(int64_t dim) : dim_(dim) {}
  RONDO_ARG(int64_t, dim);
  RONDO_ARG(std::optional<Dtype>, dtype) = std::nullopt;
};

struct SoftminFuncOptions {
  SoftminFuncOptions(int64_t dim) : dim_(dim) {}
  RONDO_ARG(int64_t, dim);
  RONDO_ARG(std::optional<Dtype>, dtype) = std::nullopt;
};

struct LogSoftmaxFuncOptions {
  LogSoftmaxFuncOptions(int64_t dim) : dim_(dim) {}
  RONDO_ARG(int64_t, dim);
  RONDO_ARG(std::optional<Dtype>, dtype) = std::nullopt;
};

struct RReLUFuncOptions {
  RONDO_ARG(double, lower) = 1.0 / 8.0;
  RONDO_ARG(double, upper) = 1.0 / 3.0;
  RONDO_ARG(bool, training) = false;
  RONDO_ARG(bool, inplace) = false;
};

}  // namespace functional
}  // namespace rondo::nn
