// Activations as free functions.
#include "case.h"

#include <cmath>
#include <limits>

using against::gradients;
using against::real;
using against::refuses;
using against::value;

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
torch::Tensor edges() {
  return torch::tensor({0.0, -0.0, 0.5, -0.5, 1.0, -1.0, 3.0, -3.0, 6.0, 7.0, 40.0, -40.0, kInf, -kInf},
                       torch::kDouble);
}

}  // namespace

#define ACTIVATION(label, ...)                                                           \
  gradients(label, {real({3, 4}, -5, 5)}, AGAINST_F(__VA_ARGS__(in[0])));                \
  gradients(label " strided", {real({3, 4}, -5, 5)}, AGAINST_F(__VA_ARGS__(in[0].t()))); \
  gradients(label " number", {real({}, -5, 5)}, AGAINST_F(__VA_ARGS__(in[0])));          \
  gradients(label " kinks", {edges().slice(0, 0, 10)}, AGAINST_F(__VA_ARGS__(in[0])), false)
// Where the reference's second derivative is zeros, or missing.
#define FIRST_ORDER(label, ...)                                                                 \
  gradients(label, {real({3, 4}, -5, 5)}, AGAINST_F(__VA_ARGS__(in[0])), false);                \
  gradients(label " strided", {real({3, 4}, -5, 5)}, AGAINST_F(__VA_ARGS__(in[0].t())), false); \
  gradients(label " kinks", {edges().slice(0, 0, 10)}, AGAINST_F(__VA_ARGS__(in[0])), false)
#define IN_PLACE(label, ...)                                                               \
  gradients(label, {real({3, 4}, -5, 5)}, [](const against::Inputs& in) -> torch::Tensor { \
    torch::Tensor x = in[0] * 1.0;                                                         \
    __VA_ARGS__;                                                                           \
    return x;                                                                              \
  })

AGAINST(activation_functions) {
  ACTIVATION("celu", torch::celu);
  FIRST_ORDER("hardshrink", torch::hardshrink);
  FIRST_ORDER("softshrink", torch::softshrink);
  ACTIVATION("hardswish", torch::hardswish);
  // Its gradient has a factor of 1 / 6 in float32 in the reference.
  value("hardsigmoid", torch::hardsigmoid(edges()));
  FIRST_ORDER("hardtanh", torch::hardtanh);
  ACTIVATION("log_sigmoid", torch::log_sigmoid);
  ACTIVATION("selu", torch::selu);
  ACTIVATION("silu", torch::silu);
  ACTIVATION("mish", torch::mish);
  ACTIVATION("elu", torch::elu);
  ACTIVATION("gelu", torch::gelu);
  FIRST_ORDER("leaky_relu", torch::leaky_relu);
  ACTIVATION("softplus", torch::softplus);
  FIRST_ORDER("rrelu", torch::rrelu);
  FIRST_ORDER("relu", torch::relu);
  gradients("relu6", {real({3, 4}, -5, 9)}, AGAINST_F(torch::relu6(in[0])), false);
  gradients("celu 0.5", {real({3, 4})}, AGAINST_F(torch::celu(in[0], 0.5)));
  gradients("hardshrink 1", {real({3, 4})}, AGAINST_F(in[0].hardshrink(1)), false);
  gradients("softshrink 1", {real({3, 4})}, AGAINST_F(torch::softshrink(in[0], 1)), false);
  gradients("threshold", {real({3, 4})}, AGAINST_F(torch::threshold(in[0], 0.3, -7)), false);
  gradients("hardtanh limits", {real({3, 4})}, AGAINST_F(torch::hardtanh(in[0], -0.5, 1.5)), false);
  gradients("glu", {real({3, 4})}, AGAINST_F(torch::glu(in[0])));
  gradients("glu 0", {real({4, 3})}, AGAINST_F(torch::glu(in[0], 0)));
  gradients("prelu", {real({3, 4}), real({1})}, AGAINST_F(torch::prelu(in[0], in[1])));
  gradients("prelu channels", {real({2, 3, 2}), real({3})}, AGAINST_F(in[0].prelu(in[1])));
  gradients("rrelu trained", {real({5, 7})}, AGAINST_F(torch::rrelu(in[0], 0.1, 0.4, true)), false);
  value("celu edges", torch::celu(edges()));
  value("hardswish edges", torch::hardswish(edges()));
  value("hardshrink edges", torch::hardshrink(edges()));
  value("threshold of integers", torch::threshold(torch::arange(5), 2, 9));
  value("hardtanh of integers", torch::hardtanh(torch::arange(5) - 2, -1, 1));
  refuses("glu odd", [] { torch::glu(torch::ones({3})); });
  refuses("glu number", [] { torch::glu(torch::ones({})); });
  refuses("celu 0", [] { torch::celu(torch::ones({3}), 0); });
  refuses("softshrink -1", [] { torch::softshrink(torch::ones({3}), -1); });
  refuses("softshrink NaN", [] { torch::softshrink(torch::ones({3}), NAN); });
}

AGAINST(activations_in_place) {
  IN_PLACE("celu_", torch::celu_(x));
  IN_PLACE("selu_", torch::selu_(x));
  IN_PLACE("gelu_", torch::gelu_(x));
  IN_PLACE("silu_", torch::silu_(x));
  IN_PLACE("mish_", torch::mish_(x));
  IN_PLACE("relu6_", torch::relu6_(x); x = x * x);
  IN_PLACE("hardtanh_", torch::hardtanh_(x, -1, 2); x = x * x);
  IN_PLACE("hardswish_", torch::hardswish_(x));
  torch::Tensor y = edges() * 1.0;
  value("hardsigmoid_", torch::hardsigmoid_(y));
  IN_PLACE("threshold_", torch::threshold_(x, 0, 5); x = x * x);
  IN_PLACE("leaky_relu_", torch::leaky_relu_(x, 0.1); x = x * x);
  IN_PLACE("elu_", torch::elu_(x));
  IN_PLACE("rrelu_", torch::rrelu_(x, 0.1, 0.3); x = x * x);
  IN_PLACE("clamp_", torch::clamp_(x, -1, 1));
  IN_PLACE("clamp_min_", torch::clamp_min_(x, -1));
  IN_PLACE("clamp_max_", torch::clamp_max_(x, 1));
}
