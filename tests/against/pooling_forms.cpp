// Unpooling, fractional and power-average pooling; the functions and modules of
// all pooling.
#include "pooling.h"

#include <cmath>
#include <limits>
#include <sstream>
#include <tuple>

using namespace against;
namespace nn = torch::nn;
namespace F = torch::nn::functional;

AGAINST(edges_pool_functions) {
  both("max 1d", F::max_pool1d_with_indices(real({2, 3, 9}), F::MaxPool1dFuncOptions(3).stride(2).padding(1)));
  value("avg 2d",
        F::avg_pool2d(real({2, 3, 7, 9}),
                      F::AvgPool2dFuncOptions(3).stride(2).padding(1).ceil_mode(true).count_include_pad(false)));
  value("avg 3d divisor", F::avg_pool3d(real({1, 3, 4, 4, 4}), F::AvgPool3dFuncOptions(2).divisor_override(3)));
  value("adaptive avg, kept",
        F::adaptive_avg_pool2d(real({2, 3, 7, 5}), F::AdaptiveAvgPool2dFuncOptions({3, c10::nullopt})));
  both("adaptive max, kept",
       F::adaptive_max_pool3d_with_indices(real({1, 2, 4, 7, 5}),
                                           F::AdaptiveMaxPool3dFuncOptions({c10::nullopt, 3, c10::nullopt})));
}

AGAINST(edges_unpool) {
  {
    const auto [y, at] = F::max_pool1d_with_indices(real({2, 3, 9}), F::MaxPool1dFuncOptions(2));
    gradients("1d", {y, at}, SQUARED(F::max_unpool1d(in[0], in[1], F::MaxUnpool1dFuncOptions(2))));
    gradients("1d size", {y, at},
              SQUARED(F::max_unpool1d(in[0], in[1],
                                      F::MaxUnpool1dFuncOptions(2).output_size(std::vector<int64_t>{2, 3, 9}))));
  }
  {
    const auto [y, at] = F::max_pool2d_with_indices(real({2, 3, 8, 6}), F::MaxPool2dFuncOptions({2, 3}));
    gradients("2d", {y, at}, SQUARED(F::max_unpool2d(in[0], in[1], F::MaxUnpool2dFuncOptions({2, 3}))));
    gradients("2d op", {y, at}, SQUARED(torch::max_unpool2d(in[0], in[1], {8, 6})));
    gradients("2d without a batch", {y[0], at[0]}, SQUARED(torch::max_unpool2d(in[0], in[1], {8, 6})));
    gradients("2d strided", {y.transpose(0, 1), at.transpose(0, 1)},
              SQUARED(F::max_unpool2d(in[0], in[1], F::MaxUnpool2dFuncOptions({2, 3}))));
  }
  {
    const auto [y, at] = F::max_pool3d_with_indices(real({1, 2, 4, 4, 6}), F::MaxPool3dFuncOptions(2));
    gradients("3d", {y, at}, SQUARED(F::max_unpool3d(in[0], in[1], F::MaxUnpool3dFuncOptions(2))));
    gradients("3d op", {y, at}, SQUARED(torch::max_unpool3d(in[0], in[1], {4, 4, 6}, {2, 2, 2}, {0, 0, 0})));
  }
  nn::MaxUnpool2d unpool(nn::MaxUnpool2dOptions(3).stride(2).padding(1));
  const auto [y, at] = F::max_pool2d_with_indices(real({1, 2, 5, 5}), F::MaxPool2dFuncOptions(3).stride(2).padding(1));
  value("module", unpool(y, at));
  value("module with a size", unpool(y, at, std::vector<int64_t>{1, 2, 6, 6}));
  refuses("size", [&y = y, &at = at, &unpool] { unpool(y, at, std::vector<int64_t>{1, 2, 9, 9}); });
  refuses("indices outside", [] {
    torch::max_unpool2d(torch::rand({1, 1, 1, 1}), torch::full({1, 1, 1, 1}, 9, torch::kLong), {2, 2});
  });
  refuses("negative indices", [] {
    torch::max_unpool2d(torch::rand({1, 1, 1, 1}), torch::full({1, 1, 1, 1}, -1, torch::kLong), {2, 2});
  });
  refuses("indices' dtype", [] { torch::max_unpool2d(torch::rand({1, 1, 1, 1}), torch::zeros({1, 1, 1, 1}), {2, 2}); });
  refuses("indices' sizes", [] {
    torch::max_unpool2d(torch::rand({1, 1, 1, 2}), torch::zeros({1, 1, 1, 1}, torch::kLong), {2, 2});
  });
}

AGAINST(edges_fractional) {
  const auto samples = [](torch::IntArrayRef sizes) { return real(sizes, 0, 1); };
  for (const double u : {0.0, 0.3, 0.5, 0.9, 0.999}) {
    both("2d " + std::to_string(u),
         torch::fractional_max_pool2d(real({1, 2, 9, 8}), {2, 3}, {4, 5}, torch::full({1, 2, 2}, u, torch::kDouble)));
  }
  both("2d random", torch::fractional_max_pool2d(real({2, 3, 9, 8}), {2, 2}, {5, 4}, samples({2, 3, 2})));
  both("2d one row", torch::fractional_max_pool2d(real({2, 3, 9, 8}), {2, 2}, {1, 4}, samples({2, 3, 2})));
  both("2d without a batch", torch::fractional_max_pool2d(real({3, 9, 8}), {2, 2}, {5, 4}, samples({1, 3, 2})));
  both("3d pair", torch::fractional_max_pool3d(real({1, 2, 7, 9, 8}), {2, 3, 2}, {3, 4, 5}, samples({1, 2, 3})));
  both("3d without a batch",
       torch::fractional_max_pool3d(real({2, 7, 9, 8}), {2, 3, 2}, {3, 4, 5}, samples({1, 2, 3})));
  both("2d nan",
       torch::fractional_max_pool2d(marked(real({1, 1, 9, 8}), 20, std::nan("")), {2, 2}, {5, 4}, samples({1, 1, 2})));
  gradients("2d", {real({2, 3, 9, 8})},
            SQUARED(std::get<0>(
                torch::fractional_max_pool2d(in[0], {2, 2}, {5, 4}, torch::full({2, 3, 2}, 0.4, torch::kDouble)))),
            false);
  gradients("3d", {real({1, 2, 7, 9, 8})},
            SQUARED(std::get<0>(torch::fractional_max_pool3d(in[0], {2, 3, 2}, {3, 4, 5},
                                                             torch::full({1, 2, 3}, 0.4, torch::kDouble)))),
            false);
  // The library's own samples.
  both("2d drawn",
       F::fractional_max_pool2d_with_indices(
           real({2, 3, 9, 8}), F::FractionalMaxPool2dFuncOptions(2).output_size(std::vector<int64_t>{5, 4})));
  both("2d ratio", F::fractional_max_pool2d_with_indices(
                       real({2, 3, 9, 8}).to(torch::kFloat),
                       F::FractionalMaxPool2dFuncOptions(2).output_ratio(std::vector<double>{0.5, 0.6})));
  value("3d drawn", F::fractional_max_pool3d(
                        real({1, 2, 7, 9, 8}),
                        F::FractionalMaxPool3dFuncOptions({2, 3, 2}).output_size(std::vector<int64_t>{3, 4, 5})));
  value("3d ratio", F::fractional_max_pool3d(real({1, 2, 7, 9, 8}), F::FractionalMaxPool3dFuncOptions(2).output_ratio(
                                                                        std::vector<double>{0.5, 0.6, 0.7})));
  nn::FractionalMaxPool2d drawn(nn::FractionalMaxPool2dOptions(3).output_size(std::vector<int64_t>{4, 4}));
  value("module", drawn(real({1, 2, 9, 8})));
  both("module with indices", drawn->forward_with_indices(real({1, 2, 9, 8})));
  refuses("neither size nor ratio", [] { nn::FractionalMaxPool2d(nn::FractionalMaxPool2dOptions(2)); });
  refuses("size and ratio", [] {
    nn::FractionalMaxPool2d(nn::FractionalMaxPool2dOptions(2)
                                .output_size(std::vector<int64_t>{2, 2})
                                .output_ratio(std::vector<double>{0.5, 0.5}));
  });
  refuses("ratio", [] {
    nn::FractionalMaxPool2d(nn::FractionalMaxPool2dOptions(2).output_ratio(std::vector<double>{1.5, 0.5}));
  });
  refuses("too large", [] {
    torch::fractional_max_pool2d(torch::rand({1, 1, 4, 4}), {3, 3}, {3, 3}, torch::rand({1, 1, 2}));
  });
}

AGAINST(edges_lp_pool) {
  gradients("1d", {real({2, 3, 9})}, SQUARED(F::lp_pool1d(in[0], F::LPPool1dFuncOptions(2, 3))));
  gradients("1d stride", {real({2, 3, 9})}, SQUARED(F::lp_pool1d(in[0], F::LPPool1dFuncOptions(2, 3).stride(2))));
  gradients("1d cubes", {real({2, 3, 9}, 0.5, 2)}, SQUARED(F::lp_pool1d(in[0], F::LPPool1dFuncOptions(3, 2))));
  gradients("2d", {real({2, 3, 6, 8})}, SQUARED(F::lp_pool2d(in[0], F::LPPool2dFuncOptions(2, {2, 3}))));
  gradients("2d ceil", {real({2, 3, 7, 8}, 0.5, 2)},
            SQUARED(F::lp_pool2d(in[0], F::LPPool2dFuncOptions(1.5, {2, 3}).stride(2).ceil_mode(true))));
  nn::LPPool2d pool(nn::LPPool2dOptions(2, 2));
  value("module", pool(real({1, 2, 4, 4})));
}

AGAINST(edges_pool_modules) {
  const auto print = [](const std::string& what, const nn::Module& module) {
    std::ostringstream text;
    module.pretty_print(text);
    int64_t place = 0;
    for (const char c : text.str()) value(label(what, {place++}), static_cast<double>(c));
  };
  print("max", *nn::MaxPool2d(nn::MaxPool2dOptions({3, 2}).stride(2).padding({1, 0}).dilation(2).ceil_mode(true)));
  print("avg", *nn::AvgPool3d(nn::AvgPool3dOptions(2).ceil_mode(true)));
  print("adaptive", *nn::AdaptiveAvgPool2d(nn::AdaptiveAvgPool2dOptions({5, c10::nullopt})));
  print("unpool", *nn::MaxUnpool1d(nn::MaxUnpool1dOptions(3).stride(2)));
  print("lp", *nn::LPPool1d(nn::LPPool1dOptions(1.5, 2).stride(5).ceil_mode(true)));
  const auto x1 = real({2, 3, 9}), x2 = real({2, 3, 9, 8}), x3 = real({1, 2, 6, 7, 5});
  value("MaxPool1d alone", nn::MaxPool1d(2)(x1));
  value("MaxPool2d alone", nn::MaxPool2d(nn::MaxPool2dOptions(3).stride(2))(x2));
  value("MaxPool3d alone", nn::MaxPool3d(2)(x3));
  both("MaxPool1d", nn::MaxPool1d(2)->forward_with_indices(x1));
  both("MaxPool2d", nn::MaxPool2d(2)->forward_with_indices(x2));
  both("MaxPool3d", nn::MaxPool3d(2)->forward_with_indices(x3));
  value("AvgPool1d", nn::AvgPool1d(2)(x1));
  value("AvgPool2d", nn::AvgPool2d(nn::AvgPool2dOptions(2).divisor_override(3))(x2));
  value("AvgPool3d", nn::AvgPool3d(2)(x3));
  value("AdaptiveAvgPool1d", nn::AdaptiveAvgPool1d(4)(x1));
  value("AdaptiveAvgPool2d", nn::AdaptiveAvgPool2d(4)(x2));
  value("AdaptiveAvgPool3d", nn::AdaptiveAvgPool3d(nn::AdaptiveAvgPool3dOptions({2, c10::nullopt, 3}))(x3));
  value("AdaptiveMaxPool1d", nn::AdaptiveMaxPool1d(4)(x1));
  value("AdaptiveMaxPool2d", nn::AdaptiveMaxPool2d(nn::AdaptiveMaxPool2dOptions({4, c10::nullopt}))(x2));
  both("AdaptiveMaxPool3d", nn::AdaptiveMaxPool3d(3)->forward_with_indices(x3));
}
