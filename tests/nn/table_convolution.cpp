#include <rondo/tests/nn/table.h>

using namespace table;

MODULES(convolution) {
  row(
      "Conv1d", [] { return nn::Conv1d(3, 4, 2); }, {real({2, 3, 5})},
      "torch::nn::Conv1d(3, 4, kernel_size=2, stride=1)");
  row(
      "Conv1d of channels", [] { return nn::Conv1d(nn::Conv1dOptions(2, 3, 3).stride(2).padding(1)); }, {real({2, 5})},
      "torch::nn::Conv1d(2, 3, kernel_size=3, stride=2, padding=1)");
  row(
      "Conv1d reflect", [] { return nn::Conv1d(nn::Conv1dOptions(1, 2, 3).padding(2).padding_mode(rondo::kReflect)); },
      {real({2, 1, 4})}, "torch::nn::Conv1d(1, 2, kernel_size=3, stride=1, padding=2, padding_mode=kReflect)");
  row(
      "Conv2d", [] { return nn::Conv2d(2, 3, 2); }, {real({2, 2, 3, 3})},
      "torch::nn::Conv2d(2, 3, kernel_size=[2, 2], stride=[1, 1])");
  row(
      "Conv2d same",
      [] {
        return nn::Conv2d(nn::Conv2dOptions(2, 2, {2, 3}).padding(rondo::kSame).dilation({1, 2}).groups(2).bias(false));
      },
      {real({1, 2, 3, 4})},
      "torch::nn::Conv2d(2, 2, kernel_size=[2, 3], stride=[1, 1], padding='same', dilation=[1, 2], groups=2, "
      "bias=false)");
  row(
      "Conv2d valid",
      [] {
        return nn::Conv2d(nn::Conv2dOptions(1, 2, 2).padding(rondo::kValid).stride({1, 2}));
      },
      {real({1, 1, 3, 4})}, "torch::nn::Conv2d(1, 2, kernel_size=[2, 2], stride=[1, 2], padding='valid')");
  row(
      "Conv2d replicate",
      [] {
        return nn::Conv2d(nn::Conv2dOptions(1, 2, 3).padding({1, 2}).padding_mode(rondo::kReplicate));
      },
      {real({1, 1, 3, 2})},
      "torch::nn::Conv2d(1, 2, kernel_size=[3, 3], stride=[1, 1], padding=[1, 2], padding_mode=kReplicate)");
  row(
      "Conv2d circular",
      [] {
        return nn::Conv2d(nn::Conv2dOptions(1, 1, 3).padding({1, 2}).padding_mode(rondo::kCircular));
      },
      {real({1, 3, 4})},
      "torch::nn::Conv2d(1, 1, kernel_size=[3, 3], stride=[1, 1], padding=[1, 2], padding_mode=kCircular)");
  row(
      "Conv3d",
      [] {
        return nn::Conv3d(nn::Conv3dOptions(2, 2, {1, 2, 2}).padding({0, 1, 0}).groups(2));
      },
      {real({1, 2, 2, 2, 3})},
      "torch::nn::Conv3d(2, 2, kernel_size=[1, 2, 2], stride=[1, 1, 1], padding=[0, 1, 0], groups=2)");
  row(
      "ConvTranspose1d", [] { return nn::ConvTranspose1d(3, 2, 2); }, {real({2, 3, 4})},
      "torch::nn::ConvTranspose1d(3, 2, kernel_size=2, stride=1)",
      [](nn::ConvTranspose1dImpl& module, const Inputs& in) { return module.forward(in[0]); });
  row(
      "ConvTranspose2d",
      [] {
        return nn::ConvTranspose2d(
            nn::ConvTranspose2dOptions(2, 4, {2, 3}).stride({2, 1}).padding({0, 1}).output_padding({1, 0}).groups(2));
      },
      {real({1, 2, 2, 3})},
      "torch::nn::ConvTranspose2d(2, 4, kernel_size=[2, 3], stride=[2, 1], padding=[0, 1], output_padding=[1, 0], "
      "groups=2)",
      [](nn::ConvTranspose2dImpl& module, const Inputs& in) { return module.forward(in[0]); });
  row(
      "ConvTranspose2d to a size",
      [] { return nn::ConvTranspose2d(nn::ConvTranspose2dOptions(2, 1, 2).stride(2).bias(false)); },
      {real({1, 2, 2, 2})}, "torch::nn::ConvTranspose2d(2, 1, kernel_size=[2, 2], stride=[2, 2], bias=false)",
      [](nn::ConvTranspose2dImpl& module, const Inputs& in) {
        return module.forward(in[0], rondo::IntArrayRef({5, 4}));
      });
  row(
      "ConvTranspose3d",
      [] {
        return nn::ConvTranspose3d(nn::ConvTranspose3dOptions(1, 2, 2).dilation({1, 2, 1}));
      },
      {real({1, 1, 2, 1, 2})},
      "torch::nn::ConvTranspose3d(1, 2, kernel_size=[2, 2, 2], stride=[1, 1, 1], dilation=[1, 2, 1])",
      [](nn::ConvTranspose3dImpl& module, const Inputs& in) { return module.forward(in[0]); });
  row(
      "Fold",
      [] {
        return nn::Fold(nn::FoldOptions({3, 4}, {2, 2}).padding({1, 0}).stride(2));
      },
      {real({1, 4, 4})},
      "torch::nn::Fold(output_size=[3, 4], kernel_size=[2, 2], dilation=[1, 1], padding=[1, 0], stride=[2, 2])");
  row(
      "Unfold",
      [] {
        return nn::Unfold(nn::UnfoldOptions({2, 3}).dilation({1, 2}).padding(1));
      },
      {real({1, 2, 3, 4})}, "torch::nn::Unfold(kernel_size=[2, 3], dilation=[1, 2], padding=[1, 1], stride=[1, 1])");
}
