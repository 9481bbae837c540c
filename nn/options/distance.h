// Options of the distances.
#pragma once

#include <rondo/autograd/base/arg.h>

#include <cstdint>

namespace rondo::nn {

struct CosineSimilarityOptions {
  RONDO_ARG(int64_t, dim) = 1;
  RONDO_ARG(double, eps) = 1e-8;
};
struct PairwiseDistanceOptions {
  RONDO_ARG(double, p) = 2.0;
  RONDO_ARG(double, eps) = 1e-6;
  RONDO_ARG(bool, keepdim) = false;
};

namespace functional {

using CosineSimilarityFuncOptions = CosineSimilarityOptions;
using PairwiseDistanceFuncOptions = PairwiseDistanceOptions;

}  // namespace functional
}  // namespace rondo::nn
