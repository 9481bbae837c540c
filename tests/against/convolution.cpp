// Convolutions, their transposes, and windows as columns. Squares of the inputs give them second derivatives.
#include "case.h"

using against::gradients;
using against::integers;
using against::real;
using against::refuses;
using against::value;
namespace F = torch::nn::functional;
using torch::ones;

// Lists that are no text: libtorch takes {0} for either.
static const std::vector<int64_t> kNone{0}, kNegative{-1};

AGAINST(convolution_functions) {
  gradients("conv1d", {real({2, 3, 7}), real({4, 3, 3}), real({4})}, AGAINST_F(torch::conv1d(in[0], in[1], in[2])));
  gradients("conv1d unbatched", {real({3, 7}), real({4, 3, 3}), real({4})},
            AGAINST_F(torch::conv1d(in[0], in[1], in[2], 2, 1)));
  gradients("conv1d all", {real({2, 4, 9}), real({6, 2, 3}), real({6})},
            AGAINST_F(torch::conv1d(in[0], in[1], in[2], 2, 3, 2, 2)));
  gradients("conv1d same", {real({2, 2, 6}), real({2, 2, 4})}, AGAINST_F(torch::conv1d(in[0], in[1], {}, 1, "same")));
  gradients("conv1d same dilated", {real({2, 2, 6}), real({2, 1, 2})},
            AGAINST_F(torch::conv1d(in[0], in[1], {}, 1, "same", 3, 2)));
  gradients("conv1d valid", {real({2, 2, 6}), real({2, 2, 4})}, AGAINST_F(torch::conv1d(in[0], in[1], {}, 2, "valid")));
  gradients("conv1d strided", {real({7, 3, 2}), real({3, 3, 4})},
            AGAINST_F(torch::conv1d(in[0].permute({2, 1, 0}), in[1].transpose(0, 2))));
  gradients("conv2d", {real({2, 3, 5, 4}), real({4, 3, 3, 2}), real({4})},
            AGAINST_F(torch::conv2d(in[0], in[1], in[2])));
  gradients("conv2d unbatched", {real({3, 5, 4}), real({2, 3, 2, 2})}, AGAINST_F(torch::conv2d(in[0], in[1])));
  gradients("conv2d one pixel windows", {real({2, 3, 3, 4}), real({2, 3, 1, 1}), real({2})},
            AGAINST_F(torch::conv2d(in[0], in[1], in[2])));
  gradients("conv2d one pixel windows with stride", {real({2, 3, 5, 4}), real({2, 3, 1, 1}), real({2})},
            AGAINST_F(torch::conv2d(in[0], in[1], in[2], {2, 3})));
  gradients("conv2d all", {real({2, 4, 7, 6}), real({6, 2, 3, 2}), real({6})},
            AGAINST_F(torch::conv2d(in[0], in[1], in[2], {2, 1}, {3, 1}, {2, 1}, 2)));
  gradients("conv2d stride above the kernel", {real({1, 2, 8, 9}), real({3, 2, 2, 1})},
            AGAINST_F(torch::conv2d(in[0], in[1], {}, {4, 3})));
  gradients("conv2d padding above the input", {real({1, 2, 2, 1}), real({3, 2, 3, 3})},
            AGAINST_F(torch::conv2d(in[0], in[1], {}, 1, {4, 3})));
  gradients("conv2d one output", {real({2, 2, 3, 4}), real({3, 2, 3, 4}), real({3})},
            AGAINST_F(torch::conv2d(in[0], in[1], in[2])));
  gradients("conv2d depthwise", {real({2, 3, 5, 6}), real({6, 1, 3, 3}), real({6})},
            AGAINST_F(torch::conv2d(in[0], in[1], in[2], 1, 1, 1, 3)));
  gradients("conv2d same", {real({1, 2, 4, 5}), real({2, 2, 4, 3})},
            AGAINST_F(torch::conv2d(in[0], in[1], {}, 1, "same", {1, 2})));
  gradients("conv2d 3x3", {real({2, 5, 7, 6}), real({4, 5, 3, 3}), real({4})},
            AGAINST_F(torch::conv2d(in[0], in[1], in[2], 1, 1)));
  gradients("conv3d", {real({2, 2, 3, 4, 3}), real({3, 2, 2, 3, 2}), real({3})},
            AGAINST_F(torch::conv3d(in[0], in[1], in[2])));
  gradients("conv3d all", {real({1, 2, 5, 4, 5}), real({4, 1, 2, 2, 3}), real({4})},
            AGAINST_F(torch::conv3d(in[0], in[1], in[2], {2, 1, 2}, {1, 0, 2}, {2, 1, 1}, 2)));
  gradients("conv3d same", {real({2, 3, 3, 4}), real({2, 2, 2, 1, 3})},
            AGAINST_F(torch::conv3d(in[0], in[1], {}, 1, "same")));
  gradients("convolution", {real({2, 2, 5, 4}), real({3, 2, 2, 2}), real({3})},
            AGAINST_F(torch::convolution(in[0], in[1], in[2], {2, 1}, {1, 0}, {1, 2}, false, {0, 0}, 1)));
  gradients("convolution transposed", {real({2, 4, 5}), real({4, 3, 2}), real({6})},
            AGAINST_F(torch::convolution(in[0], in[1], in[2], {3}, {1}, {1}, true, {2}, 2)));
  gradients("conv_tbc", {real({5, 2, 3}), real({3, 3, 4}), real({4})},
            AGAINST_F(torch::conv_tbc(in[0], in[1], in[2], 1)), false);
  value("empty batch", torch::conv2d(ones({0, 2, 3, 3}), ones({4, 2, 2, 2})));
  value("float", torch::conv2d(torch::arange(24, torch::kFloat).reshape({1, 2, 3, 4}), ones({1, 2, 2, 2})));
  value("bfloat16",
        torch::conv2d(torch::arange(12, torch::kBFloat16).reshape({1, 1, 3, 4}), ones({1, 1, 2, 2}, torch::kBFloat16)));
}

AGAINST(convolution_transposed) {
  gradients("1d", {real({2, 3, 4}), real({3, 2, 3}), real({2})},
            AGAINST_F(torch::conv_transpose1d(in[0], in[1], in[2])));
  gradients("1d unbatched", {real({3, 4}), real({3, 2, 3})}, AGAINST_F(torch::conv_transpose1d(in[0], in[1], {}, 2)));
  gradients("1d all", {real({2, 4, 3}), real({4, 2, 3}), real({4})},
            AGAINST_F(torch::conv_transpose1d(in[0], in[1], in[2], 3, 2, 2, 2, 2)));
  gradients("1d output_padding by dilation", {real({2, 1, 3}), real({1, 1, 3})},
            AGAINST_F(torch::conv_transpose1d(in[0], in[1], {}, 1, 0, 2, 1, 3)));
  gradients("2d", {real({2, 3, 3, 4}), real({3, 2, 2, 3}), real({2})},
            AGAINST_F(torch::conv_transpose2d(in[0], in[1], in[2])));
  gradients("2d one pixel windows", {real({2, 3, 3, 4}), real({3, 2, 1, 1}), real({2})},
            AGAINST_F(torch::conv_transpose2d(in[0], in[1], in[2])));
  gradients("2d all", {real({2, 4, 3, 2}), real({4, 1, 3, 2}), real({2})},
            AGAINST_F(torch::conv_transpose2d(in[0], in[1], in[2], {2, 3}, {1, 0}, {1, 2}, 2, {2, 1})));
  gradients("3d", {real({1, 2, 2, 3, 2}), real({2, 2, 2, 2, 3}), real({2})},
            AGAINST_F(torch::conv_transpose3d(in[0], in[1], in[2])));
  gradients("3d all", {real({2, 2, 2, 2}), real({2, 2, 2, 1, 2}), real({4})},
            AGAINST_F(torch::conv_transpose3d(in[0], in[1], in[2], {2, 1, 3}, {0, 0, 1}, {1, 0, 0}, 2, {1, 3, 1})),
            false);
  value("empty batch", torch::conv_transpose2d(ones({0, 2, 3, 3}), ones({2, 4, 2, 2})));
}

AGAINST(convolution_refuses) {
  refuses("rank", [] { torch::conv2d(ones({3, 3}), ones({1, 3, 1, 1})); });
  refuses("weight rank", [] { torch::conv2d(ones({1, 3, 3, 3}), ones({1, 3, 1})); });
  refuses("channels", [] { torch::conv1d(ones({1, 2, 3}), ones({1, 3, 1})); });
  refuses("dtype", [] { torch::conv1d(ones({1, 2, 3}), ones({1, 2, 1}, torch::kDouble)); });
  refuses("bias", [] { torch::conv1d(ones({1, 2, 3}), ones({4, 2, 1}), ones({2})); });
  refuses("stride", [] { torch::conv1d(ones({1, 2, 3}), ones({4, 2, 1}), {}, {0}); });
  refuses("strides", [] { torch::conv1d(ones({1, 2, 3}), ones({4, 2, 1}), {}, {1, 1}); });
  refuses("padding", [] { torch::conv1d(ones({1, 2, 3}), ones({4, 2, 1}), {}, {1}, kNegative); });
  refuses("dilation", [] { torch::conv1d(ones({1, 2, 3}), ones({4, 2, 1}), {}, {1}, kNone, {-1}); });
  refuses("groups", [] { torch::conv1d(ones({1, 4, 3}), ones({2, 1, 1}), {}, {1}, kNone, {1}, 4); });
  refuses("groups that do not divide", [] { torch::conv1d(ones({1, 4, 3}), ones({3, 2, 1}), {}, {1}, kNone, {1}, 2); });
  refuses("kernel", [] { torch::conv1d(ones({1, 2, 3}), ones({4, 2, 4})); });
  refuses("same with stride", [] { torch::conv1d(ones({1, 2, 3}), ones({4, 2, 1}), {}, 2, "same"); });
  refuses("padding name", [] { torch::conv1d(ones({1, 2, 3}), ones({4, 2, 1}), {}, 1, "full"); });
  refuses("output_padding", [] { torch::conv_transpose1d(ones({1, 2, 3}), ones({2, 1, 3}), {}, {2}, {0}, {2}); });
  refuses("transposed channels", [] { torch::conv_transpose1d(ones({1, 2, 3}), ones({3, 1, 3})); });
  refuses("transposed bias", [] { torch::conv_transpose1d(ones({1, 2, 3}), ones({2, 1, 3}), ones({2})); });
  refuses("transposed too small", [] { torch::conv_transpose1d(ones({1, 2, 1}), ones({2, 1, 1}), {}, {1}, {1}); });
  refuses("module groups", [] { torch::nn::Conv2d(torch::nn::Conv2dOptions(3, 4, 2).groups(2)); });
  refuses("module out groups", [] { torch::nn::Conv2d(torch::nn::Conv2dOptions(4, 3, 2).groups(2)); });
  refuses("module same", [] { torch::nn::Conv2d(torch::nn::Conv2dOptions(4, 3, 2).padding(torch::kSame).stride(2)); });
  refuses("module mode", [] {
    torch::nn::ConvTranspose1d(torch::nn::ConvTranspose1dOptions(1, 1, 2).padding_mode(torch::kReflect))(
        ones({1, 1, 3}));
  });
  refuses("output size", [] {
    torch::nn::ConvTranspose1d module(torch::nn::ConvTranspose1dOptions(1, 1, 2).stride(2));
    const std::vector<int64_t> size{9};
    module->forward(ones({1, 1, 3}), torch::IntArrayRef(size));
  });
}

AGAINST(convolution_functional) {
  gradients("conv1d", {real({2, 2, 7}), real({4, 1, 3}), real({4})},
            AGAINST_F(F::conv1d(in[0], in[1],
                                F::Conv1dFuncOptions().bias(in[2]).stride(2).padding(1).dilation(2).groups(2))));
  gradients("conv2d", {real({2, 2, 5, 6}), real({2, 2, 2, 3})},
            AGAINST_F(F::conv2d(in[0], in[1], F::Conv2dFuncOptions().stride({1, 2}).padding({2, 1}))));
  gradients("conv2d defaults", {real({2, 2, 5, 6}), real({2, 2, 2, 3})}, AGAINST_F(F::conv2d(in[0], in[1])));
  gradients("conv2d same", {real({2, 2, 5, 6}), real({2, 2, 2, 3})},
            AGAINST_F(F::conv2d(in[0], in[1], F::Conv2dFuncOptions().padding(torch::kSame))));
  gradients("conv3d valid", {real({2, 2, 3, 2, 3}), real({2, 2, 2, 1, 2})},
            AGAINST_F(F::conv3d(in[0], in[1], F::Conv3dFuncOptions().padding(torch::kValid))));
  gradients(
      "conv_transpose1d", {real({2, 2, 4}), real({2, 1, 3}), real({2})},
      AGAINST_F(F::conv_transpose1d(
          in[0], in[1], F::ConvTranspose1dFuncOptions().bias(in[2]).stride(2).padding(1).output_padding(1).groups(2))));
  gradients("conv_transpose2d", {real({2, 2, 3, 4}), real({2, 2, 2, 3})},
            AGAINST_F(F::conv_transpose2d(in[0], in[1], F::ConvTranspose2dFuncOptions().dilation({2, 1}))));
  gradients("conv_transpose3d", {real({1, 2, 2, 2, 2}), real({2, 2, 2, 1, 3})},
            AGAINST_F(F::conv_transpose3d(in[0], in[1], F::ConvTranspose3dFuncOptions().stride({1, 2, 2}))));
  gradients("unfold", {real({2, 3, 4, 5})},
            AGAINST_F(F::unfold(in[0].square(),
                                F::UnfoldFuncOptions({2, 3}).padding({1, 2}).stride({2, 1}).dilation({1, 2}))));
  gradients("fold", {real({2, 8, 6})}, AGAINST_F(F::fold(in[0].square(), F::FoldFuncOptions({3, 4}, {2, 2}))));
  gradients("fold unbatched", {real({8, 6})},
            AGAINST_F(F::fold(in[0].square(), F::FoldFuncOptions({4, 4}, 2).stride(2).padding({0, 1}))));
  gradients("im2col unbatched", {real({2, 3, 4})},
            AGAINST_F(torch::im2col(in[0].square(), {2, 2}, {1, 1}, {0, 1}, {1, 1})));
  value("unfold of integers", F::unfold(integers({1, 2, 3, 3}, 9).to(torch::kFloat), F::UnfoldFuncOptions(2)));
  refuses("unfold rank", [] { F::unfold(ones({2, 3, 3}), F::UnfoldFuncOptions(2)); });
  refuses("unfold size", [] { F::unfold(ones({1, 2, 3, 3}), F::UnfoldFuncOptions(4)); });
  refuses("fold rank", [] { F::fold(ones({1, 1, 8, 6}), F::FoldFuncOptions({3, 4}, {2, 2})); });
  refuses("fold rows", [] { F::fold(ones({1, 7, 6}), F::FoldFuncOptions({3, 4}, {2, 2})); });
  refuses("fold columns", [] { F::fold(ones({1, 8, 7}), F::FoldFuncOptions({3, 4}, {2, 2})); });
}

AGAINST(convolution_modules) {
  using namespace torch::nn;
  const auto parameters = [](const char* what, const Module& module) {
    for (const auto& pair : module.named_parameters()) value(std::string(what) + " " + pair.key(), pair.value());
  };
  torch::manual_seed(5);
  parameters("Conv1d", *Conv1d(3, 4, 2));
  parameters("Conv2d", *Conv2d(Conv2dOptions(4, 6, {2, 3}).groups(2)));
  parameters("Conv3d", *Conv3d(Conv3dOptions(2, 2, 2).bias(false)));
  parameters("ConvTranspose1d", *ConvTranspose1d(3, 4, 2));
  parameters("ConvTranspose2d", *ConvTranspose2d(ConvTranspose2dOptions(4, 6, 2).groups(2)));
  parameters("ConvTranspose3d", *ConvTranspose3d(2, 3, 2));
  const auto run = [](const char* what, auto module, const torch::Tensor& x) {
    module->to(torch::kDouble);
    torch::Tensor input = x.clone().requires_grad_();
    torch::Tensor y = module->forward(input);
    y.square().sum().backward();
    value(what, y);
    value(std::string(what) + " input", input.grad());
    for (const auto& pair : module->named_parameters())
      value(std::string(what) + " " + pair.key(), pair.value().grad());
  };
  run("conv1d", Conv1d(Conv1dOptions(2, 3, 3).stride(2).padding(1)), real({2, 2, 6}));
  run("conv1d circular", Conv1d(Conv1dOptions(2, 3, 3).padding(2).padding_mode(torch::kCircular)), real({2, 2, 6}));
  run("conv2d reflect", Conv2d(Conv2dOptions(2, 3, 3).padding({1, 2}).padding_mode(torch::kReflect)),
      real({2, 2, 4, 5}));
  run("conv2d same", Conv2d(Conv2dOptions(2, 3, {2, 3}).padding(torch::kSame)), real({2, 2, 4, 5}));
  run("conv2d same reflect", Conv2d(Conv2dOptions(2, 3, 4).padding(torch::kSame).padding_mode(torch::kReflect)),
      real({2, 2, 4, 5}));
  run("conv2d valid", Conv2d(Conv2dOptions(2, 3, {2, 3}).padding(torch::kValid)), real({2, 4, 5}));
  run("conv3d replicate", Conv3d(Conv3dOptions(2, 2, 2).padding({1, 0, 2}).padding_mode(torch::kReplicate)),
      real({1, 2, 2, 3, 2}));
  run("transpose1d", ConvTranspose1d(ConvTranspose1dOptions(2, 3, 3).stride(2).output_padding(1)), real({2, 2, 4}));
  run("transpose2d", ConvTranspose2d(ConvTranspose2dOptions(2, 4, {2, 3}).groups(2).padding({1, 0})),
      real({1, 2, 3, 4}));
  run("transpose3d", ConvTranspose3d(ConvTranspose3dOptions(2, 1, 2).dilation(2).bias(false)), real({1, 2, 2, 2, 2}));
  ConvTranspose2d sized(ConvTranspose2dOptions(1, 1, 3).stride(2).padding(1));
  const std::vector<int64_t> size{6, 5}, full{1, 1, 5, 6};
  value("output size", sized->forward(ones({1, 1, 3, 3}), torch::IntArrayRef(size)));
  value("full output size", sized->forward(ones({1, 1, 3, 3}), torch::IntArrayRef(full)));
  Sequential net(Conv2d(1, 2, 3), ConvTranspose2d(2, 1, 3));
  net->to(torch::kDouble);
  value("in a Sequential", net->forward(ones({1, 1, 4, 4}, torch::kDouble)));
  value("Fold", Fold(FoldOptions({3, 4}, 2))(torch::arange(24, torch::kFloat).reshape({1, 4, 6})));
  value("Unfold", Unfold(UnfoldOptions(2).stride(2))(torch::arange(16, torch::kFloat).reshape({1, 1, 4, 4})));
}
