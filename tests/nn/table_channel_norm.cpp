#include <rondo/tests/nn/table.h>

using namespace table;

MODULES(channel_norm) {
  row(
      "BatchNorm1d", [] { return nn::BatchNorm1d(3); }, {real({4, 3})},
      "torch::nn::BatchNorm1d(3, eps=1e-05, momentum=0.1, affine=true, track_running_stats=true)");
  row(
      "BatchNorm1d of sequences", [] { return nn::BatchNorm1d(3); }, {real({2, 3, 4})}, "");
  row(
      "BatchNorm2d", [] { return nn::BatchNorm2d(2); }, {real({3, 2, 2, 2})},
      "torch::nn::BatchNorm2d(2, eps=1e-05, momentum=0.1, affine=true, track_running_stats=true)");
  row(
      "BatchNorm2d without parameters",
      [] { return nn::BatchNorm2d(nn::BatchNorm2dOptions(2).affine(false).momentum(std::nullopt).eps(0.5)); },
      {real({3, 2, 2, 2})},
      "torch::nn::BatchNorm2d(2, eps=0.5, momentum=None, affine=false, track_running_stats=true)");
  row(
      "BatchNorm2d without statistics",
      [] { return nn::BatchNorm2d(nn::BatchNorm2dOptions(2).track_running_stats(false)); }, {real({3, 2, 2, 2})}, "");
  row(
      "BatchNorm3d", [] { return nn::BatchNorm3d(2); }, {real({2, 2, 1, 2, 2})},
      "torch::nn::BatchNorm3d(2, eps=1e-05, momentum=0.1, affine=true, track_running_stats=true)");
  row(
      "InstanceNorm1d", [] { return nn::InstanceNorm1d(nn::InstanceNorm1dOptions(2).affine(true)); }, {real({3, 2, 4})},
      "torch::nn::InstanceNorm1d(2, eps=1e-05, momentum=0.1, affine=true, track_running_stats=false)");
  row(
      "InstanceNorm1d without a batch", [] { return nn::InstanceNorm1d(2); }, {real({2, 4})}, "");
  row(
      "InstanceNorm2d", [] { return nn::InstanceNorm2d(nn::InstanceNorm2dOptions(2).track_running_stats(true)); },
      {real({2, 2, 2, 3})},
      "torch::nn::InstanceNorm2d(2, eps=1e-05, momentum=0.1, affine=false, track_running_stats=true)");
  row(
      "InstanceNorm3d", [] { return nn::InstanceNorm3d(2); }, {real({2, 2, 2, 2, 2})},
      "torch::nn::InstanceNorm3d(2, eps=1e-05, momentum=0.1, affine=false, track_running_stats=false)");
  row(
      "GroupNorm", [] { return nn::GroupNorm(2, 4); }, {real({2, 4, 3})},
      "torch::nn::GroupNorm(2, 4, eps=1e-05, affine=true)");
  row(
      "GroupNorm without parameters", [] { return nn::GroupNorm(nn::GroupNormOptions(1, 4).affine(false)); },
      {real({2, 4, 3})}, "torch::nn::GroupNorm(1, 4, eps=1e-05, affine=false)");
  row(
      "RMSNorm", [] { return nn::RMSNorm(std::vector<int64_t>{4}); }, {real({3, 4})},
      "torch::nn::RMSNorm([4], eps=None, elementwise_affine=true)");
  row(
      "LocalResponseNorm", [] { return nn::LocalResponseNorm(nn::LocalResponseNormOptions(3).alpha(0.5)); },
      {real({2, 4, 3})}, "torch::nn::LocalResponseNorm(3, alpha=0.5, beta=0.75, k=1)");
  row(
      "CrossMapLRN2d", [] { return nn::CrossMapLRN2d(nn::CrossMapLRN2dOptions(3).alpha(0.5)); }, {real({2, 4, 2, 2})},
      "torch::nn::CrossMapLRN2d(3, alpha=0.5, beta=0.75, k=1)");
}
