// Options of SwiGLU.
#pragma once

#include <rondo/autograd/base/arg.h>

#include <cstdint>

namespace rondo::nn {

struct SwiGLUOptions {
  SwiGLUOptions(int64_t in_features, int64_t hidden_features)
      : in_features_(in_features), hidden_features_(hidden_features) {}
  RONDO_ARG(int64_t, in_features);
  RONDO_ARG(int64_t, hidden_features);
  RONDO_ARG(bool, bias) = true;
};

}  // namespace rondo::nn
