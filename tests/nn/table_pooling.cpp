#include <rondo/tests/nn/table.h>

using namespace table;

namespace {

// Places that pooling 2 by 2 could have found.
const auto unpool = [](auto& module, const Inputs& in) { return module.forward(in[0], in[1]); };

}  // namespace

MODULES(pooling) {
  row(
      "MaxPool1d", [] { return nn::MaxPool1d(2); }, {real({2, 3, 7})},
      "torch::nn::MaxPool1d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=false)");
  row(
      "MaxPool2d", [] { return nn::MaxPool2d(2); }, {real({2, 3, 4, 5})},
      "torch::nn::MaxPool2d(kernel_size=[2, 2], stride=[2, 2], padding=[0, 0], dilation=[1, 1], ceil_mode=false)");
  row(
      "MaxPool2d with options",
      [] {
        return nn::MaxPool2d(nn::MaxPool2dOptions({3, 2}).stride({2, 1}).padding({1, 0}).dilation(2).ceil_mode(true));
      },
      {real({3, 7, 6})},
      "torch::nn::MaxPool2d(kernel_size=[3, 2], stride=[2, 1], padding=[1, 0], dilation=[2, 2], ceil_mode=true)");
  row(
      "MaxPool2d with indices", [] { return nn::MaxPool2d(nn::MaxPool2dOptions(3).stride(2)); }, {real({1, 2, 5, 7})},
      "", [](nn::MaxPool2dImpl& pool, const Inputs& in) { return std::get<0>(pool.forward_with_indices(in[0])); });
  row(
      "MaxPool3d", [] { return nn::MaxPool3d(2); }, {real({1, 2, 4, 4, 5})},
      "torch::nn::MaxPool3d(kernel_size=[2, 2, 2], stride=[2, 2, 2], padding=[0, 0, 0], dilation=[1, 1, 1], "
      "ceil_mode=false)");
  row(
      "AvgPool1d", [] { return nn::AvgPool1d(nn::AvgPool1dOptions(3).stride(2).padding(1)); }, {real({2, 3, 7})},
      "torch::nn::AvgPool1d(kernel_size=3, stride=2, padding=1)");
  row(
      "AvgPool2d", [] { return nn::AvgPool2d(nn::AvgPool2dOptions(2).ceil_mode(true).count_include_pad(false)); },
      {real({2, 3, 5, 5})}, "torch::nn::AvgPool2d(kernel_size=[2, 2], stride=[2, 2], padding=[0, 0])");
  row(
      "AvgPool3d", [] { return nn::AvgPool3d(nn::AvgPool3dOptions(2).divisor_override(3)); }, {real({1, 2, 4, 4, 4})},
      "torch::nn::AvgPool3d(kernel_size=[2, 2, 2], stride=[2, 2, 2], padding=[0, 0, 0])");
  row(
      "AdaptiveAvgPool1d", [] { return nn::AdaptiveAvgPool1d(3); }, {real({2, 3, 7})},
      "torch::nn::AdaptiveAvgPool1d(output_size=3)");
  row(
      "AdaptiveAvgPool2d",
      [] {
        return nn::AdaptiveAvgPool2d(nn::AdaptiveAvgPool2dOptions({2, std::nullopt}));
      },
      {real({2, 3, 5, 4})}, "torch::nn::AdaptiveAvgPool2d(output_size=[2, None])");
  row(
      "AdaptiveAvgPool3d", [] { return nn::AdaptiveAvgPool3d(2); }, {real({1, 2, 4, 3, 5})},
      "torch::nn::AdaptiveAvgPool3d(output_size=[2, 2, 2])");
  row(
      "AdaptiveMaxPool1d", [] { return nn::AdaptiveMaxPool1d(3); }, {real({2, 3, 7})},
      "torch::nn::AdaptiveMaxPool1d(output_size=3)");
  row(
      "AdaptiveMaxPool2d",
      [] {
        return nn::AdaptiveMaxPool2d(nn::AdaptiveMaxPool2dOptions({2, 3}));
      },
      {real({2, 3, 5, 4})}, "torch::nn::AdaptiveMaxPool2d(output_size=[2, 3])");
  row(
      "AdaptiveMaxPool3d",
      [] {
        return nn::AdaptiveMaxPool3d(nn::AdaptiveMaxPool3dOptions({std::nullopt, 2, std::nullopt}));
      },
      {real({1, 2, 3, 3, 3})}, "torch::nn::AdaptiveMaxPool3d(output_size=[None, 2, None])");
  row(
      "MaxUnpool1d", [] { return nn::MaxUnpool1d(nn::MaxUnpool1dOptions(3).stride(2).padding(1)); },
      {real({1, 2, 2}), rondo::tensor({0, 2, 1, 2}).view({1, 2, 2})},
      "torch::nn::MaxUnpool1d(kernel_size=3, stride=2, padding=1)", unpool);
  row(
      "MaxUnpool2d", [] { return nn::MaxUnpool2d(2); },
      {real({1, 1, 2, 2}), rondo::tensor({1, 6, 8, 15}).view({1, 1, 2, 2})},
      "torch::nn::MaxUnpool2d(kernel_size=[2, 2], stride=[2, 2], padding=[0, 0])", unpool);
  row(
      "MaxUnpool3d", [] { return nn::MaxUnpool3d(2); },
      {real({1, 1, 1, 1, 2}), rondo::tensor({1, 6}).view({1, 1, 1, 1, 2})},
      "torch::nn::MaxUnpool3d(kernel_size=[2, 2, 2], stride=[2, 2, 2], padding=[0, 0, 0])", unpool);
  row(
      "FractionalMaxPool2d",
      [] {
        return nn::FractionalMaxPool2d(nn::FractionalMaxPool2dOptions(2)
                                           .output_size(rondo::ExpandingArray<2>(3))
                                           ._random_samples(rondo::full({1, 2, 2}, 0.4)));
      },
      {real({1, 2, 6, 7})}, "torch::nn::FractionalMaxPool2d()");
  row(
      "FractionalMaxPool3d",
      [] {
        return nn::FractionalMaxPool3d(nn::FractionalMaxPool3dOptions(2)
                                           .output_ratio(rondo::ExpandingArray<3, double>(0.5))
                                           ._random_samples(rondo::full({1, 2, 3}, 0.7)));
      },
      {real({1, 2, 4, 5, 6})}, "torch::nn::FractionalMaxPool3d()");
  row(
      "LPPool1d", [] { return nn::LPPool1d(2, 3); }, {real({2, 3, 7})},
      "torch::nn::LPPool1d(norm_type=2, kernel_size=3, stride=3, ceil_mode=false)");
  row(
      "LPPool2d",
      [] {
        return nn::LPPool2d(nn::LPPool2dOptions(2, {1, 2}).stride(2).ceil_mode(true));
      },
      {real({2, 3, 5, 4})}, "torch::nn::LPPool2d(norm_type=2, kernel_size=[1, 2], stride=[2, 2], ceil_mode=true)");
  row(
      "LPPool3d", [] { return nn::LPPool3d(2, 2); }, {real({1, 2, 4, 4, 4})},
      "torch::nn::LPPool3d(norm_type=2, kernel_size=[2, 2, 2], stride=[2, 2, 2], ceil_mode=false)");
}
