// Options of the linear modules.
#pragma once

#include <rondo/autograd/base/arg.h>

#include <cstdint>
#include <vector>

namespace rondo::nn {

struct LinearOptions {
  LinearOptions(int64_t in_features, int64_t out_features) : in_features_(in_features), out_features_(out_features) {}
  RONDO_ARG(int64_t, in_features);
  RONDO_ARG(int64_t, out_features);
  RONDO_ARG(bool, bias) = true;
};

struct FlattenOptions {
  RONDO_ARG(int64_t, start_dim) = 1;
  RONDO_ARG(int64_t, end_dim) = -1;
};

struct UnflattenOptions {
  UnflattenOptions(int64_t dim, std::vector<int64_t> sizes) : dim_(dim), sizes_(std::move(sizes)) {}
  RONDO_ARG(int64_t, dim);
  RONDO_ARG(std::vector<int64_t>, sizes);
};

struct BilinearOptions {
  BilinearOptions(int64_t in1_features, int64_t in2_features, int64_t out_features)
      : in1_features_(in1_features), in2_features_(in2_features), out_features_(out_features) {}
  RONDO_ARG(int64_t, in1_features);
  RONDO_ARG(int64_t, in2_features);
  RONDO_ARG(int64_t, out_features);
  RONDO_ARG(bool, bias) = true;
};

}  // namespace rondo::nn
