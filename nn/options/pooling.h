// Options of the poolings. kernel_size, stride, padding and dilation: one number, or one for each dimension; the stride
// begins as the kernel's size.
#pragma once

#include <rondo/autograd/base/arg.h>
#include <rondo/autograd/tensor/tensor.h>
#include <rondo/nn/expanding_array.h>

#include <optional>
#include <vector>

namespace rondo::nn {

template <size_t D>
struct AvgPoolOptions {
  AvgPoolOptions(ExpandingArray<D> kernel_size) : kernel_size_(kernel_size), stride_(kernel_size) {}
  RONDO_ARG(ExpandingArray<D>, kernel_size);
  RONDO_ARG(ExpandingArray<D>, stride);
  RONDO_ARG(ExpandingArray<D>, padding) = 0;
  RONDO_ARG(bool, ceil_mode) = false;
  RONDO_ARG(bool, count_include_pad) = true;
  RONDO_ARG(std::optional<int64_t>, divisor_override) = std::nullopt;
};

template <size_t D>
struct MaxPoolOptions {
  MaxPoolOptions(ExpandingArray<D> kernel_size) : kernel_size_(kernel_size), stride_(kernel_size) {}
  RONDO_ARG(ExpandingArray<D>, kernel_size);
  RONDO_ARG(ExpandingArray<D>, stride);
  RONDO_ARG(ExpandingArray<D>, padding) = 0;
  RONDO_ARG(ExpandingArray<D>, dilation) = 1;
  RONDO_ARG(bool, ceil_mode) = false;
};

// Sizes that are missing stay as the input has them.
template <class output_size_t>
struct AdaptiveMaxPoolOptions {
  AdaptiveMaxPoolOptions(output_size_t output_size) : output_size_(output_size) {}
  RONDO_ARG(output_size_t, output_size);
};
template <class output_size_t>
struct AdaptiveAvgPoolOptions {
  AdaptiveAvgPoolOptions(output_size_t output_size) : output_size_(output_size) {}
  RONDO_ARG(output_size_t, output_size);
};

template <size_t D>
struct MaxUnpoolOptions {
  MaxUnpoolOptions(ExpandingArray<D> kernel_size) : kernel_size_(kernel_size), stride_(kernel_size) {}
  RONDO_ARG(ExpandingArray<D>, kernel_size);
  RONDO_ARG(ExpandingArray<D>, stride);
  RONDO_ARG(ExpandingArray<D>, padding) = 0;
};

// Either output_size, or output_ratio as a part of the input's size, between 0 and 1.
template <size_t D>
struct FractionalMaxPoolOptions {
  FractionalMaxPoolOptions(ExpandingArray<D> kernel_size) : kernel_size_(kernel_size) {}
  using ExpandingArrayDouble = ExpandingArray<D, double>;
  RONDO_ARG(ExpandingArray<D>, kernel_size);
  RONDO_ARG(std::optional<ExpandingArray<D>>, output_size) = std::nullopt;
  RONDO_ARG(std::optional<ExpandingArrayDouble>, output_ratio) = std::nullopt;
  RONDO_ARG(Tensor, _random_samples) = {};
};

template <size_t D>
struct LPPoolOptions {
  LPPoolOptions(double norm_type, ExpandingArray<D> kernel_size)
      : norm_type_(norm_type), kernel_size_(kernel_size), stride_(kernel_size) {}
  RONDO_ARG(double, norm_type);
  RONDO_ARG(ExpandingArray<D>, kernel_size);
  RONDO_ARG(ExpandingArray<D>, stride);
  RONDO_ARG(bool, ceil_mode) = false;
};

namespace functional {

// output_size: that of the pooled dimensions, or of all; it begins as the smallest that the windows cover.
template <size_t D>
struct MaxUnpoolFuncOptions {
  MaxUnpoolFuncOptions(ExpandingArray<D> kernel_size) : kernel_size_(kernel_size), stride_(kernel_size) {}
  RONDO_ARG(ExpandingArray<D>, kernel_size);
  RONDO_ARG(ExpandingArray<D>, stride);
  RONDO_ARG(ExpandingArray<D>, padding) = 0;
  RONDO_ARG(std::optional<std::vector<int64_t>>, output_size) = std::nullopt;
};

}  // namespace functional

#define RONDO_NAMED(Name, ...)             \
  using Name##Options = __VA_ARGS__;       \
  namespace functional {                   \
  using Name##FuncOptions = Name##Options; \
  }
RONDO_NAMED(AvgPool1d, AvgPoolOptions<1>)
RONDO_NAMED(AvgPool2d, AvgPoolOptions<2>)
RONDO_NAMED(AvgPool3d, AvgPoolOptions<3>)
RONDO_NAMED(MaxPool1d, MaxPoolOptions<1>)
RONDO_NAMED(MaxPool2d, MaxPoolOptions<2>)
RONDO_NAMED(MaxPool3d, MaxPoolOptions<3>)
RONDO_NAMED(AdaptiveMaxPool1d, AdaptiveMaxPoolOptions<ExpandingArray<1>>)
RONDO_NAMED(AdaptiveMaxPool2d, AdaptiveMaxPoolOptions<ExpandingArrayWithOptionalElem<2>>)
RONDO_NAMED(AdaptiveMaxPool3d, AdaptiveMaxPoolOptions<ExpandingArrayWithOptionalElem<3>>)
RONDO_NAMED(AdaptiveAvgPool1d, AdaptiveAvgPoolOptions<ExpandingArray<1>>)
RONDO_NAMED(AdaptiveAvgPool2d, AdaptiveAvgPoolOptions<ExpandingArrayWithOptionalElem<2>>)
RONDO_NAMED(AdaptiveAvgPool3d, AdaptiveAvgPoolOptions<ExpandingArrayWithOptionalElem<3>>)
RONDO_NAMED(FractionalMaxPool2d, FractionalMaxPoolOptions<2>)
RONDO_NAMED(FractionalMaxPool3d, FractionalMaxPoolOptions<3>)
RONDO_NAMED(LPPool1d, LPPoolOptions<1>)
RONDO_NAMED(LPPool2d, LPPoolOptions<2>)
RONDO_NAMED(LPPool3d, LPPoolOptions<3>)
#undef RONDO_NAMED

using MaxUnpool1dOptions = MaxUnpoolOptions<1>;
using MaxUnpool2dOptions = MaxUnpoolOptions<2>;
using MaxUnpool3dOptions = MaxUnpoolOptions<3>;
namespace functional {
using MaxUnpool1dFuncOptions = MaxUnpoolFuncOptions<1>;
using MaxUnpool2dFuncOptions = MaxUnpoolFuncOptions<2>;
using MaxUnpool3dFuncOptions = MaxUnpoolFuncOptions<3>;
}  // namespace functional

}  // namespace rondo::nn
