// Options of the dropouts: p is the probability of being dropped.
#pragma once

#include <rondo/autograd/base/arg.h>

namespace rondo::nn {

struct DropoutOptions {
  DropoutOptions(double p = 0.5) : p_(p) {}
  RONDO_ARG(double, p);
  RONDO_ARG(bool, inplace) = false;
};
using Dropout2dOptions = DropoutOptions;
using Dropout3dOptions = DropoutOptions;
using AlphaDropoutOptions = DropoutOptions;
using FeatureAlphaDropoutOptions = DropoutOptions;

namespace functional {

struct DropoutFuncOptions {
  RONDO_ARG(double, p) = 0.5;
  RONDO_ARG(bool, training) = true;
  RONDO_ARG(bool, inplace) = false;
};
using Dropout2dFuncOptions = DropoutFuncOptions;
using Dropout3dFuncOptions = DropoutFuncOptions;

struct AlphaDropoutFuncOptions {
  RONDO_ARG(double, p) = 0.5;
  RONDO_ARG(bool, training) = false;
  RONDO_ARG(bool, inplace) = false;
};
using FeatureAlphaDropoutFuncOptions = AlphaDropoutFuncOptions;

}  // namespace functional
}  // namespace rondo::nn
