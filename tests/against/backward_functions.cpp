// Gradients as functions of their own, as backwards of custom Functions call them; and their own gradients.
#include "case.h"

#include <array>
#include <tuple>

using against::gradients;
using against::integers;
using against::real;
using against::refuses;
using against::value;

namespace {

void three(const std::string& what, const std::tuple<torch::Tensor, torch::Tensor, torch::Tensor>& found) {
  const auto part = [&](const char* name, const torch::Tensor& tensor) {
    if (tensor.defined()) value(what + name, tensor);
  };
  part(" input", std::get<0>(found));
  part(" weight", std::get<1>(found));
  part(" bias", std::get<2>(found));
}

}  // namespace

AGAINST(backward_of_activations) {
  const auto g = [] { return real({3, 4}); };
  gradients("sigmoid", {g(), real({3, 4}, 0, 1)}, AGAINST_F(at::sigmoid_backward(in[0], in[1])));
  gradients("tanh", {g(), real({3, 4}, -1, 1)}, AGAINST_F(at::tanh_backward(in[0], in[1])));
  const torch::Tensor grad = g(), wide = g() * 3, odds = real({3, 4}, 0.1, 0.9);
  value("logit", at::logit_backward(grad, odds, 1e-3));
  gradients("elu", {g(), g()}, AGAINST_F(at::elu_backward(in[0], 1.5, 2, 0.5, false, in[1])));
  gradients("elu result", {g(), real({3, 4}, -1, 2)}, AGAINST_F(at::elu_backward(in[0], 1.5, 2, 0.5, true, in[1])));
  gradients("leaky_relu", {g(), g()}, AGAINST_F(at::leaky_relu_backward(in[0], in[1], 0.1, false)));
  gradients("leaky_relu result", {g(), g()}, AGAINST_F(at::leaky_relu_backward(in[0], in[1], 0.1, true)));
  refuses("elu result", [&] { at::elu_backward(g(), -1, 1, 1, true, g()); });
  refuses("leaky_relu result", [&] { at::leaky_relu_backward(g(), g(), -1, true); });
  gradients("threshold", {g(), g()}, AGAINST_F(at::threshold_backward(in[0], in[1], 0.5)));
  gradients("hardtanh", {g(), g()}, AGAINST_F(at::hardtanh_backward(in[0], in[1], -1, 0.5)));
  gradients("softplus", {g(), g()}, AGAINST_F(at::softplus_backward(in[0], in[1], 2, 3)), false);
  value("silu", at::silu_backward(grad, wide));
  gradients("gelu", {g(), g()}, AGAINST_F(at::gelu_backward(in[0], in[1])), false);
  gradients("gelu tanh", {g(), g()}, AGAINST_F(at::gelu_backward(in[0], in[1], "tanh")), false);
  gradients("softmax", {g(), g().softmax(1)}, AGAINST_F(at::_softmax_backward_data(in[0], in[1], 1, torch::kDouble)),
            false);
  gradients("log_softmax", {g(), g().log_softmax(0)},
            AGAINST_F(at::_log_softmax_backward_data(in[0], in[1], 0, torch::kDouble)), false);
}

AGAINST(backward_of_losses) {
  const auto x = [] { return real({3, 4}); };
  for (const int64_t reduction : {0, 1, 2}) {
    const std::string name = " " + std::to_string(reduction);
    const torch::Tensor grad = reduction == 0 ? real({3, 4}) : real({});
    const torch::Tensor a = x(), b = x(), c = x().abs(), classes = integers({3}, 4);
    value("mse" + name, at::mse_loss_backward(grad, a, b, reduction));
    value("bce" + name, at::binary_cross_entropy_backward(grad, a.sigmoid(), b.sigmoid(), c, reduction));
    const torch::Tensor rows = reduction == 0 ? real({3}) : real({});
    value("nll" + name, at::nll_loss_backward(rows, a, classes, torch::Tensor(), reduction, -100,
                                              torch::full({}, 3.0, torch::kDouble)));
  }
  const auto f = [](const against::Inputs& in) { return at::mse_loss_backward(in[0], in[1], in[1].detach() + 1, 1); };
  gradients("mse", {real({}), x()}, f);
}

AGAINST(backward_of_convolutions) {
  const auto run = [](const std::string& what, const torch::Tensor& grad, const torch::Tensor& input,
                      const torch::Tensor& weight, bool bias, std::vector<int64_t> stride, std::vector<int64_t> padding,
                      std::vector<int64_t> dilation, bool transposed, std::vector<int64_t> output_padding,
                      int64_t groups, std::array<bool, 3> mask) {
    const std::vector<int64_t> sizes{grad.size(1)};
    const at::OptionalIntArrayRef bias_sizes = bias ? at::OptionalIntArrayRef(sizes) : at::OptionalIntArrayRef();
    three(what, at::convolution_backward(grad, input, weight, bias_sizes, stride, padding, dilation, transposed,
                                         output_padding, groups, mask));
  };
  run("2d", real({2, 4, 3, 3}), real({2, 2, 5, 6}), real({4, 2, 3, 3}), true, {2, 2}, {1, 1}, {1, 1}, false, {0, 0}, 1,
      {true, true, true});
  run("groups", real({2, 4, 3, 4}), real({2, 2, 5, 6}), real({4, 1, 3, 3}), true, {1, 1}, {0, 0}, {1, 1}, false, {0, 0},
      2, {true, true, true});
  run("weight alone", real({2, 4, 3, 4}), real({2, 2, 5, 6}), real({4, 2, 3, 3}), false, {1, 1}, {0, 0}, {1, 1}, false,
      {0, 0}, 1, {false, true, false});
  run("1d", real({2, 4, 4}), real({2, 3, 6}), real({4, 3, 2}), false, {1}, {0}, {2}, false, {0}, 1,
      {true, true, false});
  run("transposed", real({2, 4, 6, 7}), real({2, 2, 3, 3}), real({2, 4, 2, 3}), true, {2, 2}, {0, 0}, {1, 1}, true,
      {0, 0}, 1, {true, true, true});
  const auto f = [](const against::Inputs& in) {
    return std::get<0>(at::convolution_backward(in[0], in[1], in[2], c10::nullopt, {1, 1}, {0, 0}, {1, 1}, false,
                                                {0, 0}, 1, {true, true, false}));
  };
  gradients("of the gradient", {real({1, 2, 2, 2}), real({1, 1, 3, 3}), real({2, 1, 2, 2})}, f, false);
}

AGAINST(backward_of_norms) {
  {
    const torch::Tensor x = real({4, 3, 2}), weight = real({3, 2}), bias = real({3, 2}), g = real({4, 3, 2});
    const auto [y, mean, rstd] = at::native_layer_norm(x, {3, 2}, weight, bias, 1e-5);
    three("layer", at::native_layer_norm_backward(g, x, {3, 2}, mean, rstd, weight, bias, {true, true, true}));
    three("layer without",
          at::native_layer_norm_backward(g, x, {3, 2}, mean, rstd, c10::nullopt, c10::nullopt, {true, false, false}));
    const auto f = [](const against::Inputs& in) {
      const auto kept = at::native_layer_norm(in[1], {3}, in[2], in[2], 1e-5);
      return std::get<0>(at::native_layer_norm_backward(in[0], in[1], {3}, std::get<1>(kept).detach(),
                                                        std::get<2>(kept).detach(), in[2], in[2],
                                                        {true, false, false}));
    };
    gradients("layer, of the gradient", {real({2, 3}), real({2, 3}), real({3})}, f, false);
  }
  {
    const torch::Tensor x = real({2, 4, 3}), weight = real({4}), bias = real({4}), g = real({2, 4, 3});
    const auto [y, mean, rstd] = at::native_group_norm(x, weight, bias, 2, 4, 3, 2, 1e-5);
    three("group", at::native_group_norm_backward(g, x, mean, rstd, weight, 2, 4, 3, 2, {true, true, true}));
  }
  {
    const torch::Tensor x = real({5, 3, 2}), weight = real({3}), bias = real({3}), g = real({5, 3, 2});
    const torch::Tensor mean = real({3}), var = real({3}, 0.5, 2);
    const auto [y, save_mean, save_invstd] = at::native_batch_norm(x, weight, bias, {}, {}, true, 0.1, 1e-5);
    three("batch",
          at::native_batch_norm_backward(g, x, weight, {}, {}, save_mean, save_invstd, true, 1e-5, {true, true, true}));
    three("batch, evaluated",
          at::native_batch_norm_backward(g, x, weight, mean, var, {}, {}, false, 1e-5, {true, true, true}));
  }
}

AGAINST(backward_of_places) {
  value("dropout", at::native_dropout_backward(real({3, 4}), integers({3, 4}, 2).to(torch::kBool), 2));
  value("embedding", at::embedding_backward(real({3, 2}), integers({3}, 5), 5, 1, true, false));
  value("embedding_dense", at::embedding_dense_backward(real({2, 3, 2}), integers({2, 3}, 5), 5, -1, false));
  value("avg_pool2d",
        at::avg_pool2d_backward(real({2, 2, 3}), real({2, 4, 6}), {2, 2}, {2, 2}, {0, 0}, false, true, c10::nullopt));
  value("adaptive_avg_pool2d", at::_adaptive_avg_pool2d_backward(real({2, 2, 3}), real({2, 5, 4})));
  {
    const torch::Tensor x = real({2, 3, 4, 6});
    const auto [y, indices] = at::max_pool2d_with_indices(x, {3, 2}, {1, 2}, {1, 0});
    value("max_pool2d",
          at::max_pool2d_with_indices_backward(real(y.sizes()), x, {3, 2}, {1, 2}, {1, 0}, {1, 1}, false, indices));
  }
  gradients("select", {real({3})}, AGAINST_F(at::select_backward(in[0], {2, 3}, 0, 1)));
  gradients("slice", {real({3, 2})}, AGAINST_F(at::slice_backward(in[0], {3, 5}, 1, 1, 4, 2)));
  gradients("diagonal", {real({3})}, AGAINST_F(at::diagonal_backward(in[0], {3, 4}, 1, 0, 1)));
}

AGAINST(backward_in_other_forms) {
  const torch::Tensor x = real({2, 3}), grad = real({2, 3}), target = real({2, 3}).requires_grad_();
  {
    const torch::InferenceMode guard;
    value("in inference mode", at::threshold_backward(grad, x, 0.5));
  }
  torch::Tensor inference;
  {
    const torch::InferenceMode guard;
    inference = torch::ones({2, 3}, torch::kDouble);
  }
  value("of an inference tensor", at::mse_loss_backward(grad, inference, x, 0));
  value("of one number", at::hardtanh_backward(torch::ones({}, torch::kDouble), x, -1, 1));
  at::mse_loss_backward(grad, x, target, 0).sum().backward();
  value("by the target", target.grad());
  const torch::Tensor far = torch::tensor({1.0, 89.0, 800.0}, torch::kDouble).requires_grad_();
  at::elu_backward(torch::ones({3}, torch::kDouble), 1, 1, 1, false, far).sum().backward();
  value("far out", far.grad());
}
