// Options of AdaptiveLogSoftmaxWithLoss.
#pragma once

#include <rondo/autograd/base/arg.h>

#include <cstdint>
#include <vector>

namespace rondo::nn {

// cutoffs: where each cluster of classes begins, the frequent ones in front. div_value: by how much the projection of a
// cluster is narrower than that of the one before it. head_bias: whether the head has a bias.
struct AdaptiveLogSoftmaxWithLossOptions {
  AdaptiveLogSoftmaxWithLossOptions(int64_t in_features, int64_t n_classes, std::vector<int64_t> cutoffs)
      : in_features_(in_features), n_classes_(n_classes), cutoffs_(std::move(cutoffs)) {}
  RONDO_ARG(int64_t, in_features);
  RONDO_ARG(int64_t, n_classes);
  RONDO_ARG(std::vector<int64_t>, cutoffs);
  RONDO_ARG(double, div_value) = 4.;
  RONDO_ARG(bool, head_bias) = false;
};

}  // namespace rondo::nn
