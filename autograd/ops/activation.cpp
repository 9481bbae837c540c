// The activations of neural networks.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/ops/activation.cpp"
#include <hwy/foreach_target.h>

#include <rondo/autograd/ops/pointwise_block-inl.h>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {
namespace {

// Slope 0 at 0; NaN passes.
struct Relu : Unary<Relu> {
  static constexpr bool kFlatSlope = true;
  static constexpr Kind kKind = Kind::kNumber;
  auto value(auto x) const { return where(x <= 0.0, 0.0, x); }
  constexpr auto slope_from_output(auto y) const { return !(y <= 0.0); }
};
struct LeakyRelu : Unary<LeakyRelu> {
  static constexpr bool kFlatSlope = true;
  double negative_slope = 0.01;
  auto value(auto x) const { return where(x > 0.0, x, negative_slope * x); }
  constexpr auto slope(auto x) const { return where(x > 0.0, 1.0, negative_slope); }
};
// The exponential sees no positive argument, so that no infinity meets a zero in second derivatives.
struct Elu : Unary<Elu> {
  double alpha = 1, scale = 1, input_scale = 1;
  auto value(auto x) const { return where(x > 0.0, scale * x, (scale * alpha) * expm1(input_scale * x)); }
  constexpr auto slope(auto x) const {
    return where(x > 0.0, scale, (scale * alpha * input_scale) * exp(input_scale * where(x > 0.0, 0.0, x)));
  }
};
// x Phi(x), by a Phi that does not cancel at negative x.
struct Gelu : Unary<Gelu> {
  static constexpr int64_t kGrain = 16384;
  auto value(auto x) const { return x * normal_cdf(x); }
  constexpr auto slope(auto x) const {
    const auto n = normal(x);
    return n.cdf + x * n.density;
  }
};
struct GeluTanh : Unary<GeluTanh> {
  static constexpr double kRoot = 0.79788456080286536, kCubic = 0.044715;  // sqrt(2 / pi)
  auto value(auto x) const { return 0.5 * x * (1.0 + tanh(kRoot * (x + kCubic * (x * x * x)))); }
  constexpr auto slope(auto x) const {
    const auto t = tanh(kRoot * (x + kCubic * (x * x * x)));
    return 0.5 * (1.0 + t) + 0.5 * x * (1.0 - t * t) * (kRoot * (1.0 + 3.0 * kCubic * (x * x)));
  }
};
struct Silu : Unary<Silu> {
  auto value(auto x) const { return x * sigmoid(x); }
  constexpr auto slope(auto x) const {
    const auto s = sigmoid(x);
    return s * (1.0 + x * (1.0 - s));
  }
};
struct Softplus : Unary<Softplus> {
  double beta = 1, threshold = 20;
  auto value(auto x) const { return where(beta * x > threshold, x, log1p(exp(beta * x)) / beta); }
  constexpr auto slope(auto x) const { return where(beta * x > threshold, 1.0, sigmoid(beta * x)); }
};
struct LogSigmoid : Unary<LogSigmoid> {
  auto value(auto x) const { return -log1p_exp(-x); }
  constexpr auto slope(auto x) const { return sigmoid(-x); }
};
// Slope 0 on both bounds, 1 at NaN.
struct Hardtanh : Unary<Hardtanh> {
  static constexpr bool kFlatSlope = true;
  static constexpr Kind kKind = Kind::kNumber;
  Parameter low{-1, -1}, high{1, 1};
  auto value(auto x) const {
    return where(x < constant(x, low), constant(x, low), where(x > constant(x, high), constant(x, high), x));
  }
  constexpr auto slope(auto x) const { return !((x <= low.real) | (x >= high.real)); }
};

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <fmt/format.h>

namespace rondo {

namespace block = HWY_NAMESPACE;
using ops::call;
using ops::call_in_place;

RONDO_UNARY(relu, Relu, .doc = "max(x, 0); slope 0 at 0", .kinks = {0})
RONDO_TABLE(leaky_relu_table, LeakyRelu, "leaky_relu")
RONDO_TABLE(elu_table, Elu, "elu")
RONDO_TABLE(gelu_table, Gelu, "gelu")
RONDO_TABLE(gelu_tanh_table, GeluTanh, "gelu")
RONDO_TABLE(silu_table, Silu, "silu")
RONDO_TABLE(softplus_table, Softplus, "softplus")
RONDO_TABLE(log_sigmoid_table, LogSigmoid, "log_sigmoid")
RONDO_TABLE(hardtanh_table, Hardtanh, "hardtanh")

Tensor leaky_relu(const Tensor& self, Scalar negative_slope) {
  return call(leaky_relu_table(), block::LeakyRelu{{}, negative_slope.toDouble()}, self);
}
Tensor& leaky_relu_(Tensor& self, Scalar negative_slope) {
  return call_in_place(leaky_relu_table(), block::LeakyRelu{{}, negative_slope.toDouble()}, self);
}
Tensor elu(const Tensor& self, Scalar alpha, Scalar scale, Scalar input_scale) {
  return call(elu_table(), block::Elu{{}, alpha.toDouble(), scale.toDouble(), input_scale.toDouble()}, self);
}
Tensor& elu_(Tensor& self, Scalar alpha, Scalar scale, Scalar input_scale) {
  return call_in_place(elu_table(), block::Elu{{}, alpha.toDouble(), scale.toDouble(), input_scale.toDouble()}, self);
}
Tensor selu(const Tensor& self) { return elu(self, 1.6732632423543772, 1.0507009873554805, 1); }
Tensor gelu(const Tensor& self, const std::string& approximate) {
  if (approximate == "none") return call(gelu_table(), block::Gelu{}, self);
  if (approximate == "tanh") return call(gelu_tanh_table(), block::GeluTanh{}, self);
  fail_value("gelu", fmt::format("approximate argument must be either none or tanh, but got {}", approximate));
}
Tensor silu(const Tensor& self) { return call(silu_table(), block::Silu{}, self); }
Tensor softplus(const Tensor& self, Scalar beta, Scalar threshold) {
  return call(softplus_table(), block::Softplus{{}, beta.toDouble(), threshold.toDouble()}, self);
}
Tensor log_sigmoid(const Tensor& self) { return call(log_sigmoid_table(), block::LogSigmoid{}, self); }
Tensor hardtanh(const Tensor& self, Scalar min_val, Scalar max_val) {
  if (!(min_val.toDouble() <= max_val.toDouble())) {
    fail_value("hardtanh", fmt::format("max_val must be greater than min_val; got min_val {} and max_val {}",
                                       min_val.toDouble(), max_val.toDouble()));
  }
  if (self.dtype() == kByte && (min_val.toLong() < 0 || max_val.toLong() < 0)) {
    fail("hardtanh", fmt::format("cannot do hardtanh on an unsigned type with negative limits; got min_val {} and "
                                 "max_val {}",
                                 min_val.toDouble(), max_val.toDouble()));
  }
  return call(hardtanh_table(), block::Hardtanh{{}, ops::parameter(min_val), ops::parameter(max_val)}, self);
}
Tensor relu6(const Tensor& self) { return hardtanh(self, 0, 6); }
Tensor by_name::softsign(const Tensor& self) { return self / (1 + self.abs()); }
Tensor mish(const Tensor& self) { return self * tanh(softplus(self)); }

#define RONDO_ACTIVATION(function, ...)                     \
  RONDO_OP(                                                 \
      function, .name = #function, __VA_ARGS__, .arity = 1, \
      .call = [](const ops::Samples::Inputs& in) { return rondo::function(in[0]); })

RONDO_ACTIVATION(leaky_relu, .doc = "x where x > 0, else negative_slope x", .kinks = {0})
RONDO_ACTIVATION(elu, .doc = "x where x > 0, else alpha (e^x - 1)", .kinks = {0})
RONDO_ACTIVATION(selu, .doc = "elu with the constants that keep mean and variance (Klambauer et al. 2017)",
                 .kinks = {0})
RONDO_ACTIVATION(gelu, .doc = "x Phi(x), Phi the normal distribution (Hendrycks, Gimpel 2016)")
RONDO_OP(
    gelu_tanh, .name = "gelu, tanh form", .doc = "0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))", .arity = 1,
    .call = [](const ops::Samples::Inputs& in) { return gelu(in[0], "tanh"); })
RONDO_ACTIVATION(silu, .doc = "x sigmoid(x)")
RONDO_ACTIVATION(softplus, .doc = "log(1 + e^(beta x)) / beta")
RONDO_ACTIVATION(log_sigmoid, .doc = "log(sigmoid(x)) without underflow")
RONDO_ACTIVATION(hardtanh, .doc = "x limited to [min_val, max_val]; slope 0 on the bounds", .kinks = {-1, 1})
RONDO_ACTIVATION(relu6, .doc = "x limited to [0, 6]", .kinks = {0, 6})
RONDO_ACTIVATION(softsign, .doc = "x / (1 + |x|)", .kinks = {0})
RONDO_ACTIVATION(mish, .doc = "x tanh(softplus(x))")
RONDO_OP(
    activation_errors, .name = "activations, wrong use", .doc = "what activations refuse",
    .samples = [](ops::Samples& s) {
      s.error("unknown approximation", "must be either none or tanh", [] { gelu(ones({2}), "fast"); });
      s.error("empty range", "max_val must be greater", [] { hardtanh(ones({2}), 2, 1); });
    })

}  // namespace rondo
#endif  // HWY_ONCE
