#include <rondo/tests/nn/table.h>

using namespace table;
using rondo::ExpandingArray;

MODULES(padding) {
  row(
      "ReflectionPad1d", [] { return nn::ReflectionPad1d(2); }, {real({2, 1, 4})},
      "torch::nn::ReflectionPad1d(padding=[2, 2])");
  row(
      "ReflectionPad1d of channels",
      [] {
        return nn::ReflectionPad1d(nn::ReflectionPad1dOptions({3, 1}));
      },
      {real({2, 4})}, "torch::nn::ReflectionPad1d(padding=[3, 1])");
  row(
      "ReflectionPad2d",
      [] {
        return nn::ReflectionPad2d(nn::ReflectionPad2dOptions({1, 1, 2, 0}));
      },
      {real({2, 1, 3, 3})}, "torch::nn::ReflectionPad2d(padding=[1, 1, 2, 0])");
  row(
      "ReflectionPad3d", [] { return nn::ReflectionPad3d(1); }, {real({1, 2, 2, 3, 2})},
      "torch::nn::ReflectionPad3d(padding=[1, 1, 1, 1, 1, 1])");
  row(
      "ReplicationPad1d",
      [] {
        return nn::ReplicationPad1d(nn::ReplicationPad1dOptions({3, 1}));
      },
      {real({2, 1, 2})}, "torch::nn::ReplicationPad1d(padding=[3, 1])");
  row(
      "ReplicationPad2d", [] { return nn::ReplicationPad2d(2); }, {real({2, 1, 2, 2})},
      "torch::nn::ReplicationPad2d(padding=[2, 2, 2, 2])");
  row(
      "ReplicationPad3d",
      [] {
        return nn::ReplicationPad3d(nn::ReplicationPad3dOptions({1, 2, 1, 2, 1, 2}));
      },
      {real({1, 1, 2, 2, 2})}, "torch::nn::ReplicationPad3d(padding=[1, 2, 1, 2, 1, 2])");
  row(
      "ZeroPad1d", [] { return nn::ZeroPad1d(2); }, {real({2, 1, 2})}, "torch::nn::ZeroPad1d(padding=[2, 2])");
  row(
      "ZeroPad2d",
      [] {
        return nn::ZeroPad2d(nn::ZeroPad2dOptions({1, -1, 2, 0}));
      },
      {real({2, 3, 3})}, "torch::nn::ZeroPad2d(padding=[1, -1, 2, 0])");
  row(
      "ZeroPad3d", [] { return nn::ZeroPad3d(1); }, {real({1, 2, 1, 2})},
      "torch::nn::ZeroPad3d(padding=[1, 1, 1, 1, 1, 1])");
  row(
      "ConstantPad1d",
      [] {
        return nn::ConstantPad1d(nn::ConstantPad1dOptions({3, 1}, 3.5));
      },
      {real({2, 2})}, "torch::nn::ConstantPad1d(padding=[3, 1], value=3.5)");
  row(
      "ConstantPad2d", [] { return nn::ConstantPad2d(2, 3.5); }, {real({2, 1, 2, 2})},
      "torch::nn::ConstantPad2d(padding=[2, 2, 2, 2], value=3.5)");
  row(
      "ConstantPad3d",
      [] {
        return nn::ConstantPad3d(nn::ConstantPad3dOptions({1, 2, 1, 2, 1, 2}, 3.5));
      },
      {real({1, 2, 1, 2})}, "torch::nn::ConstantPad3d(padding=[1, 2, 1, 2, 1, 2], value=3.5)");
}
