// Activations made of pieces, and the in-place forms of activations.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/ops/piecewise.cpp"
#include <hwy/foreach_target.h>

#include <rondo/autograd/ops/pointwise_block-inl.h>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {
namespace {

struct Threshold : Unary<Threshold> {
  static constexpr bool kFlatSlope = true;
  static constexpr Kind kKind = Kind::kNumber;
  Parameter threshold, fill;
  auto value(auto x) const { return where(x <= constant(x, threshold), constant(x, fill), x); }
  constexpr auto slope(auto x) const { return !(x <= threshold.real); }
};
struct Hardshrink : Unary<Hardshrink> {
  static constexpr bool kFlatSlope = true;
  double lambd = 0.5;
  auto value(auto x) const { return where((x >= -lambd) & (x <= lambd), 0.0, x); }
  constexpr auto slope(auto x) const { return !((x >= -lambd) & (x <= lambd)); }
};
// NaN passes.
struct Softshrink : Unary<Softshrink> {
  static constexpr bool kFlatSlope = true;
  double lambd = 0.5;
  auto value(auto x) const { return where(x > lambd, x - lambd, where(x < -lambd, x + lambd, where(x != x, x, 0.0))); }
  constexpr auto slope(auto x) const { return !((x >= -lambd) & (x <= lambd)); }
};
// The slope at 3 is 1, at -3 that of the inner piece, as in libtorch.
struct Hardswish : Unary<Hardswish> {
  auto value(auto x) const { return where(x < 3.0, x * where(x < -3.0, 0.0, x + 3.0) / 6.0, x); }
  constexpr auto slope(auto x) const { return where(x < 3.0, where(x < -3.0, 0.0, x / 3.0 + 0.5), 1.0); }
};
// Slope 0 at both ends.
struct Hardsigmoid : Unary<Hardsigmoid> {
  static constexpr bool kFlatSlope = true;
  auto value(auto x) const { return where(x <= -3.0, 0.0, where(x >= 3.0, 1.0, (x + 3.0) / 6.0)); }
  constexpr auto slope(auto x) const { return where((x > -3.0) & (x < 3.0), 1.0 / 6.0, 0.0); }
};
struct Prelu : Binary<Prelu> {
  static constexpr bool kFlatSlope = true;
  auto value(auto x, auto w) const { return where(x > 0.0, x, w * x); }
  constexpr auto slope_a(auto x, auto w) const { return where(x > 0.0, 1.0, w); }
  constexpr auto slope_b(auto x, auto) const { return where(x > 0.0, 0.0, x); }
};

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/kernels/random.h>
#include <rondo/autograd/ops/in_place.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

namespace rondo {

namespace block = HWY_NAMESPACE;
using ops::become;
using ops::call;

RONDO_TABLE(threshold_table, Threshold, "threshold")
RONDO_TABLE(hardshrink_table, Hardshrink, "hardshrink")
RONDO_TABLE(softshrink_table, Softshrink, "softshrink")
RONDO_TABLE(hardswish_table, Hardswish, "hardswish")
RONDO_TABLE(hardsigmoid_table, Hardsigmoid, "hardsigmoid")
RONDO_TABLE(prelu_table, Prelu, "prelu")

Tensor celu(const Tensor& self, Scalar alpha) {
  if (alpha.toDouble() == 0) fail("celu", "ZeroDivisionError: alpha cannot be 0 for CELU");
  return elu(self, alpha, 1, 1 / alpha.toDouble());
}
Tensor glu(const Tensor& self, int64_t dim) {
  if (self.dim() == 0) fail("glu", "glu does not support 0-dimensional tensors");
  const int64_t along = wrap_dim("glu", dim, self.dim()), size = self.size(along);
  if (size % 2 != 0) {
    fail("glu", fmt::format("Halving dimension must be even, but dimension {} is size {}", along, size));
  }
  return self.narrow(along, 0, size / 2) * sigmoid(self.narrow(along, size / 2, size / 2));
}
Tensor hardshrink(const Tensor& self, Scalar lambd) {
  return call(hardshrink_table(), block::Hardshrink{{}, lambd.toDouble()}, self);
}
Tensor softshrink(const Tensor& self, Scalar lambd) {
  if (!(lambd.toDouble() >= 0)) {
    fail("softshrink", fmt::format("lambda must be greater or equal to 0, but found to be {}", lambd.toDouble()));
  }
  return call(softshrink_table(), block::Softshrink{{}, lambd.toDouble()}, self);
}
Tensor hardswish(const Tensor& self) { return call(hardswish_table(), block::Hardswish{}, self); }
Tensor hardsigmoid(const Tensor& self) { return call(hardsigmoid_table(), block::Hardsigmoid{}, self); }
Tensor threshold(const Tensor& self, Scalar threshold, Scalar value) {
  if (is_integral(self.dtype())) {  // throws for what the type cannot hold
    visit_dtype(self.dtype(), [&](auto tag) {
      for (const Scalar& number : {threshold, value}) number.to<typename decltype(tag)::type>();
    });
  }
  return call(threshold_table(), block::Threshold{{}, ops::parameter(threshold), ops::parameter(value)}, self);
}

Tensor prelu(const Tensor& self, const Tensor& weight) {
  Tensor slope = weight;
  if (weight.numel() != 1) {
    if (self.dim() == 0) fail("prelu", "Not allow zero-dim input tensor.");
    const int64_t channels = self.dim() > 1 ? self.size(1) : 1;
    if (weight.dim() > 1 || weight.numel() != channels) {
      fail("prelu",
           fmt::format("Mismatch of parameter numbers and input channel size. Found parameter numbers = {} and "
                       "channel size = {}.",
                       weight.numel(), channels));
    }
    Dims sizes(static_cast<int32_t>(self.dim()), 1);
    sizes[1] = channels;
    slope = weight.reshape(sizes);
  } else if (weight.dim() > 0) {
    slope = weight.reshape({});
  }
  return call(prelu_table(), block::Prelu{}, self, slope);
}

Tensor rrelu(const Tensor& self, Scalar lower, Scalar upper, bool training, std::optional<Generator> generator) {
  const double low = lower.toDouble(), high = upper.toDouble();
  if (!(low <= high)) {
    fail_value("rrelu",
               fmt::format("lower bound should be less than or equal to the upper bound; got {} and {}", low, high));
  }
  if (!training) return leaky_relu(self, (low + high) / 2);
  Tensor slopes;
  {
    NoGradGuard guard;
    // One double for each number that has a slope, in row-major order, as libtorch draws them.
    const Tensor below = (self <= 0).contiguous();
    const auto* chosen = below.data_ptr<bool>();
    slopes = ones(self.sizes(), kDouble);
    const GeneratorLock lock(generator ? *generator : default_generator());
    for (int64_t i = 0; i < slopes.numel(); ++i) {
      if (chosen[i]) kernels::uniform(lock.source(), kDouble, 1, slopes.data_ptr<double>() + i, low, high);
    }
    slopes = slopes.to(self.dtype());
  }
  return self * slopes;
}

Tensor& celu_(Tensor& self, Scalar alpha) { return become("celu_", self, celu(ops::before_change(self), alpha)); }
Tensor& selu_(Tensor& self) { return become("selu_", self, selu(ops::before_change(self))); }
Tensor& gelu_(Tensor& self, const std::string& approximate) {
  return become("gelu_", self, gelu(ops::before_change(self), approximate));
}
Tensor& silu_(Tensor& self) { return become("silu_", self, silu(ops::before_change(self))); }
Tensor& mish_(Tensor& self) { return become("mish_", self, mish(ops::before_change(self))); }
Tensor& relu6_(Tensor& self) { return become("relu6_", self, relu6(ops::before_change(self))); }
Tensor& hardtanh_(Tensor& self, Scalar min_val, Scalar max_val) {
  return become("hardtanh_", self, hardtanh(ops::before_change(self), min_val, max_val));
}
Tensor& hardswish_(Tensor& self) { return become("hardswish_", self, hardswish(ops::before_change(self))); }
Tensor& hardsigmoid_(Tensor& self) { return become("hardsigmoid_", self, hardsigmoid(ops::before_change(self))); }
Tensor& threshold_(Tensor& self, Scalar threshold, Scalar value) {
  return become("threshold_", self, rondo::threshold(ops::before_change(self), threshold, value));
}
Tensor& rrelu_(Tensor& self, Scalar lower, Scalar upper, bool training, std::optional<Generator> generator) {
  return become("rrelu_", self, rrelu(ops::before_change(self), lower, upper, training, std::move(generator)));
}

#define RONDO_PIECEWISE(function, ...)                      \
  RONDO_OP(                                                 \
      function, .name = #function, __VA_ARGS__, .arity = 1, \
      .call = [](const ops::Samples::Inputs& in) { return rondo::function(in[0]); })
RONDO_PIECEWISE(celu, .doc = "x where x > 0, else alpha (e^(x / alpha) - 1); from elu", .kinks = {0})
RONDO_PIECEWISE(hardshrink, .doc = "0 where |x| <= lambd, else x", .kinks = {-0.5, 0.5})
RONDO_PIECEWISE(softshrink, .doc = "x moved by lambd toward 0", .kinks = {-0.5, 0.5})
RONDO_PIECEWISE(hardswish, .doc = "x relu6(x + 3) / 6", .low = -5, .high = 5, .kinks = {-3, 3})
RONDO_PIECEWISE(hardsigmoid, .doc = "relu6(x + 3) / 6", .low = -5, .high = 5, .kinks = {-3, 3})

#define RONDO_COPY (in[0] * 1.0)
RONDO_OP(
    piecewise, .name = "glu, threshold, prelu, rrelu", .doc = "and the in-place forms of activations", .kinks = {0},
    .samples = [](ops::Samples& s) {
      s.add("glu", {s.real({3, 4})}, RONDO_SAMPLE(glu(in[0])));
      s.add("glu, first dimension, strided", {s.real({3, 4})}, RONDO_SAMPLE(glu(in[0].t(), 0)));
      s.add("threshold", {s.real({3, 4})}, RONDO_SAMPLE(threshold(in[0], 0, -7)));
      s.add("prelu, one weight", {s.real({3, 4}), s.real({1})}, RONDO_SAMPLE(prelu(in[0], in[1])));
      s.add("prelu, a 0-dimensional weight", {s.real({3}), s.real({})}, RONDO_SAMPLE(in[0].prelu(in[1])));
      s.add("prelu, channels", {s.real({2, 3, 2}), s.real({3})}, RONDO_SAMPLE(prelu(in[0], in[1])));
      s.add("prelu of a number", {s.real({}), s.real({1})}, RONDO_SAMPLE(prelu(in[0], in[1])));
      s.add("rrelu", {s.real({3, 4})}, RONDO_SAMPLE(rrelu(in[0])));
      s.add("rrelu, drawn", {s.real({3, 4})}, RONDO_SAMPLE(rrelu(in[0], 0.1, 0.4, true, Generator(3))));
      s.add("in place", {s.real({3, 4}, 0.1, 0.4)}, [](const ops::Samples::Inputs& in) -> Tensor {
        Tensor x = RONDO_COPY, y = RONDO_COPY, z = RONDO_COPY;
        gelu_(mish_(silu_(selu_(celu_(x)))));
        hardsigmoid_(hardswish_(threshold_(hardtanh_(relu6_(y)), 0, 5)));
        return x + y * rrelu_(z, 0.1, 0.3);
      });
      s.error("glu of a number", "does not support 0-dimensional tensors", [] { glu(ones({})); });
      s.error("glu, odd", "Halving dimension must be even", [] { glu(ones({3})); });
      s.error("celu", "alpha cannot be 0", [] { celu(ones({3}), 0); });
      s.error("softshrink", "lambda must be greater or equal to 0", [] { softshrink(ones({3}), -1); });
      s.error("prelu", "Mismatch of parameter numbers", [] { prelu(ones({2, 3}), ones({2})); });
    })

}  // namespace rondo
#endif  // HWY_ONCE
