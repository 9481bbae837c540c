// Options of Fold and Unfold. Lists hold one number for both dimensions or one for each.
#pragma once

#include <rondo/autograd/base/arg.h>
#include <rondo/nn/expanding_array.h>

namespace rondo::nn {

struct FoldOptions {
  FoldOptions(ExpandingArray<2> output_size, ExpandingArray<2> kernel_size)
      : output_size_(output_size), kernel_size_(kernel_size) {}
  RONDO_ARG(ExpandingArray<2>, output_size);
  RONDO_ARG(ExpandingArray<2>, kernel_size);
  RONDO_ARG(ExpandingArray<2>, dilation) = 1;
  RONDO_ARG(ExpandingArray<2>, padding) = 0;
  RONDO_ARG(ExpandingArray<2>, stride) = 1;
};

struct UnfoldOptions {
  UnfoldOptions(ExpandingArray<2> kernel_size) : kernel_size_(kernel_size) {}
  RONDO_ARG(ExpandingArray<2>, kernel_size);
  RONDO_ARG(ExpandingArray<2>, dilation) = 1;
  RONDO_ARG(ExpandingArray<2>, padding) = 0;
  RONDO_ARG(ExpandingArray<2>, stride) = 1;
};

namespace functional {
using FoldFuncOptions = FoldOptions;
using UnfoldFuncOptions = UnfoldOptions;
}  // namespace functional
}  // namespace rondo::nn
