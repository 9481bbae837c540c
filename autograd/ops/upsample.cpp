// Interpolation: one linear map along each dimension.
#include <rondo/autograd/ops/upsample.h>

#include <rondo/autograd/kernels/resample.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace rondo {
namespace {

using kernels::AxisTaps;

enum class UpsampleMode : uint8_t { Nearest, NearestExact, Linear, Cubic, SmoothLinear, SmoothCubic, Area };

// One dimension's part of an interpolation.
struct Axis {
  int64_t in = 1, out = 1;
  bool align_corners = false;
  OptionalScale scale;

  // Input numbers per output number.
  template <class T>
  T step() const {
    if (align_corners) return out > 1 ? static_cast<T>(in - 1) / static_cast<T>(out - 1) : T(0);
    return scale && *scale > 0 ? static_cast<T>(1.0 / *scale) : static_cast<T>(in) / static_cast<T>(out);
  }
  // The position of output number i among the input's.
  double position(int64_t i) const {
    const double at = static_cast<double>(i);
    return align_corners ? step<double>() * at : step<double>() * (at + 0.5) - 0.5;
  }
};

struct TapList {
  explicit TapList(const Axis& axis) {
    taps.in = axis.in;
    taps.out = axis.out;
    taps.first.push_back(0);
  }
  void add(int64_t source, double weight) {
    taps.source.push_back(std::clamp<int64_t>(source, 0, taps.in - 1));
    taps.weight.push_back(weight);
  }
  void end() { taps.first.push_back(static_cast<int64_t>(taps.source.size())); }
  AxisTaps taps;
};

// Keys' kernel: of a number at distance x, |x| < 2.
double cubic(double x, double a) {
  x = std::abs(x);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}
double tent(double x) { return std::max(0.0, 1 - std::abs(x)); }

// float32 as in the reference, so that the same numbers are taken.
int64_t nearest(const Axis& axis, int64_t i, bool exact) {
  if (!exact && axis.out == axis.in) return i;
  if (!exact && axis.out == 2 * axis.in) return i / 2;
  const auto step = axis.step<float>();
  const auto at = exact ? static_cast<float>((static_cast<double>(i) + 0.5) * static_cast<double>(step))
                        : static_cast<float>(i) * step;
  return static_cast<int64_t>(std::floor(at));
}

// Filters that are widened to a number of the result.
void add_smooth(const Axis& axis, int64_t i, bool is_cubic, TapList& list) {
  const auto step = axis.step<double>();
  const double widened = std::max(step, 1.0), reach = (is_cubic ? 2.0 : 1.0) * widened;
  const double center = step * (static_cast<double>(i) + 0.5);
  const int64_t begin = std::max<int64_t>(static_cast<int64_t>(center - reach + 0.5), 0);
  const int64_t end = std::min(static_cast<int64_t>(center + reach + 0.5), axis.in);
  std::vector<double> weights;
  double total = 0;
  for (int64_t j = begin; j < end; ++j) {
    const double x = (static_cast<double>(j) - center + 0.5) / widened;
    weights.push_back(is_cubic ? cubic(x, -0.5) : tent(x));
    total += weights.back();
  }
  for (int64_t j = begin; j < end; ++j) list.add(j, weights[static_cast<size_t>(j - begin)] / total);
}

void add_taps(UpsampleMode mode, const Axis& axis, int64_t i, TapList& list) {
  switch (mode) {
    case UpsampleMode::Nearest:
    case UpsampleMode::NearestExact:
      return list.add(nearest(axis, i, mode == UpsampleMode::NearestExact), 1);
    case UpsampleMode::Linear: {
      const double at = std::max(axis.position(i), 0.0);
      const int64_t left = std::min(static_cast<int64_t>(at), axis.in - 1);
      const double part = std::clamp(at - static_cast<double>(left), 0.0, 1.0);
      list.add(left, 1 - part);
      return list.add(left + 1, part);
    }
    case UpsampleMode::Cubic: {
      const double at = axis.position(i);
      const int64_t left = std::min(static_cast<int64_t>(std::floor(at)), axis.in - 1);
      const double part = std::clamp(at - static_cast<double>(left), 0.0, 1.0);
      for (int64_t k = -1; k <= 2; ++k) list.add(left + k, cubic(part - static_cast<double>(k), -0.75));
      return;
    }
    case UpsampleMode::SmoothLinear:
    case UpsampleMode::SmoothCubic:
      return add_smooth(axis, i, mode == UpsampleMode::SmoothCubic, list);
    case UpsampleMode::Area: {
      const int64_t begin = i * axis.in / axis.out, end = ((i + 1) * axis.in + axis.out - 1) / axis.out;
      for (int64_t j = begin; j < end; ++j) list.add(j, 1.0 / static_cast<double>(end - begin));
    }
  }
}

AxisTaps taps_of(UpsampleMode mode, const Axis& axis) {
  TapList list(axis);
  const bool copies = axis.in == axis.out &&
                      (mode == UpsampleMode::Nearest || mode == UpsampleMode::Linear || mode == UpsampleMode::Area);
  for (int64_t i = 0; i < axis.out; ++i) {
    copies ? list.add(i, 1) : add_taps(mode, axis, i, list);
    list.end();
  }
  list.taps.identity = copies;
  return std::move(list.taps);
}

struct Map {
  UpsampleMode mode = UpsampleMode::Nearest;
  int spatial = 1;
  Axis axes[3];  // the last `spatial` ones count
};
constexpr const char* kUpsampleNodes[] = {"UpsampleNearest",  "UpsampleNearestExact", "UpsampleLinear", "UpsampleCubic",
                                          "UpsampleLinearAa", "UpsampleCubicAa",      "UpsampleArea"};

Tensor mapped(const Tensor& x, const Map& map, bool transposed);

// The transpose is linear as well, and its transpose the map itself.
struct UpsampleBackward final : ops::Rule {
  Map map;
  bool transposed = false;

  std::string name() const override {
    return fmt::format("{}{}D{}Backward0", kUpsampleNodes[static_cast<int>(map.mode)], map.spatial,
                       transposed ? "Backward" : "");
  }
  void backward(ops::Backward& step) override { step[0] = mapped(step.gy(), map, !transposed); }
  Traits traits() const override { return {.flat_slope = map.mode == UpsampleMode::Area && !transposed}; }
};

Tensor mapped(const Tensor& x, const Map& map, bool transposed) {
  const ScalarType type = x.dtype();
  if (type != kFloat && type != kDouble) {
    const ScalarType wide = is_reduced_floating(type) ? kFloat : kDouble;
    return mapped(x.to(wide), map, transposed).to(type);
  }
  Tensor dense = x;
  {
    NoGradGuard guard;
    dense = x.contiguous();
  }
  Dims sizes(x.sizes());
  for (int i = 3 - map.spatial; i < 3; ++i) {
    sizes[sizes.size() - 3 + i] = transposed ? map.axes[i].in : map.axes[i].out;
  }
  Tensor y = tensor_data::make(sizes, type);  // before the taps: refuses sizes for which there is no memory
  AxisTaps taps[3];
  for (int i = 0; i < 3; ++i) {
    taps[i] = taps_of(map.mode, map.axes[i]);
    if (transposed) taps[i] = taps[i].transposed();
  }
  if (y.numel() > 0) kernels::resample(type, sizes[0] * sizes[1], taps, dense.data_ptr(), y.data_ptr());
  if (auto* node = ops::record<UpsampleBackward>(y, x)) {
    node->map = map;
    node->transposed = transposed;
  }
  return y;
}

Tensor upsample(const char* name, UpsampleMode mode, int spatial, const Tensor& x, IntArrayRef out, bool align_corners,
                ArrayRef<OptionalScale> scales) {
  const IntArrayRef in = x.sizes();
  if (static_cast<int>(out.size()) != spatial) {
    fail(name, fmt::format("It is expected output_size equals to {}, but got size {}", spatial, out.size()));
  }
  if (static_cast<int>(in.size()) != spatial + 2) {
    fail(name, fmt::format("It is expected input_size equals to {}, but got size {}: input is {}", spatial + 2,
                           in.size(), to_string(in)));
  }
  if (!is_floating_point(x.dtype()) && mode != UpsampleMode::Nearest && mode != UpsampleMode::NearestExact) {
    fail_type(name, fmt::format("input is {}; need a floating point dtype", dtype_name(x.dtype())));
  }
  Map map;
  map.mode = mode;
  map.spatial = spatial;
  bool fits = in[1] > 0;
  for (int i = 0; i < spatial; ++i) {
    const auto at = static_cast<size_t>(i);
    map.axes[3 - spatial + i] = {in[at + 2], out[at], align_corners, scales[at]};
    fits = fits && in[at + 2] > 0 && out[at] > 0;
  }
  if (!fits) {
    fail(name, fmt::format("Input and output sizes should be greater than 0, but got input {} and output {}",
                           to_string(in), to_string(out)));
  }
  return mapped(x, map, false);
}

// By sizes or by factors.
Tensor upsample(const char* name, UpsampleMode mode, int spatial, const Tensor& x, OptionalIntArrayRef out,
                bool align_corners, OptionalScales factors) {
  if (out.has_value() == factors.has_value()) {
    fail(name, "Must specify exactly one of output_size and scale_factors");
  }
  std::array<OptionalScale, 3> scales;
  if (out.has_value()) return upsample(name, mode, spatial, x, *out, align_corners, ArrayRef<OptionalScale>(scales));
  if (static_cast<int>(factors->size()) != spatial || x.dim() != spatial + 2) {
    fail(name, fmt::format("got {} scale_factors for input {}; need {} for {} dimensions", factors->size(),
                           to_string(x.sizes()), spatial, spatial + 2));
  }
  Dims sizes;
  for (int i = 0; i < spatial; ++i) {
    const double factor = (*factors)[static_cast<size_t>(i)];
    scales[static_cast<size_t>(i)] = factor;
    sizes.push_back(static_cast<int64_t>(static_cast<double>(x.size(i + 2)) * factor));
  }
  return upsample(name, mode, spatial, x, sizes, align_corners, ArrayRef<OptionalScale>(scales));
}

}  // namespace

#define RONDO_UPSAMPLE1(name, mode)                                                                 \
  Tensor name(const Tensor& self, IntArrayRef output_size, OptionalScale scales) {                  \
    const OptionalScale all[] = {scales};                                                           \
    return upsample(#name, mode, 1, self, output_size, false, all);                                 \
  }                                                                                                 \
  Tensor name(const Tensor& input, OptionalIntArrayRef output_size, OptionalScales scale_factors) { \
    return upsample(#name, mode, 1, input, output_size, false, scale_factors);                      \
  }
#define RONDO_UPSAMPLE2(name, mode)                                                                          \
  Tensor name(const Tensor& self, IntArrayRef output_size, OptionalScale scales_h, OptionalScale scales_w) { \
    const OptionalScale all[] = {scales_h, scales_w};                                                        \
    return upsample(#name, mode, 2, self, output_size, false, all);                                          \
  }                                                                                                          \
  Tensor name(const Tensor& input, OptionalIntArrayRef output_size, OptionalScales scale_factors) {          \
    return upsample(#name, mode, 2, input, output_size, false, scale_factors);                               \
  }
#define RONDO_UPSAMPLE3(name, mode)                                                                        \
  Tensor name(const Tensor& self, IntArrayRef output_size, OptionalScale scales_d, OptionalScale scales_h, \
              OptionalScale scales_w) {                                                                    \
    const OptionalScale all[] = {scales_d, scales_h, scales_w};                                            \
    return upsample(#name, mode, 3, self, output_size, false, all);                                        \
  }                                                                                                        \
  Tensor name(const Tensor& input, OptionalIntArrayRef output_size, OptionalScales scale_factors) {        \
    return upsample(#name, mode, 3, input, output_size, false, scale_factors);                             \
  }
RONDO_UPSAMPLE1(upsample_nearest1d, UpsampleMode::Nearest)
RONDO_UPSAMPLE2(upsample_nearest2d, UpsampleMode::Nearest)
RONDO_UPSAMPLE3(upsample_nearest3d, UpsampleMode::Nearest)
RONDO_UPSAMPLE1(_upsample_nearest_exact1d, UpsampleMode::NearestExact)
RONDO_UPSAMPLE2(_upsample_nearest_exact2d, UpsampleMode::NearestExact)
RONDO_UPSAMPLE3(_upsample_nearest_exact3d, UpsampleMode::NearestExact)

#define RONDO_FACTORS(name, mode, spatial)                                                   \
  Tensor name(const Tensor& input, OptionalIntArrayRef output_size, bool align_corners,      \
              OptionalScales scale_factors) {                                                \
    return upsample(#name, mode, spatial, input, output_size, align_corners, scale_factors); \
  }
#define RONDO_PLANES(name, mode)                                                                       \
  Tensor name(const Tensor& self, IntArrayRef output_size, bool align_corners, OptionalScale scales_h, \
              OptionalScale scales_w) {                                                                \
    const OptionalScale all[] = {scales_h, scales_w};                                                  \
    return upsample(#name, mode, 2, self, output_size, align_corners, all);                            \
  }                                                                                                    \
  RONDO_FACTORS(name, mode, 2)
RONDO_PLANES(upsample_bilinear2d, UpsampleMode::Linear)
RONDO_PLANES(upsample_bicubic2d, UpsampleMode::Cubic)
RONDO_PLANES(_upsample_bilinear2d_aa, UpsampleMode::SmoothLinear)
RONDO_PLANES(_upsample_bicubic2d_aa, UpsampleMode::SmoothCubic)
Tensor upsample_linear1d(const Tensor& self, IntArrayRef output_size, bool align_corners, OptionalScale scales) {
  const OptionalScale all[] = {scales};
  return upsample("upsample_linear1d", UpsampleMode::Linear, 1, self, output_size, align_corners, all);
}
RONDO_FACTORS(upsample_linear1d, UpsampleMode::Linear, 1)
Tensor upsample_trilinear3d(const Tensor& self, IntArrayRef output_size, bool align_corners, OptionalScale scales_d,
                            OptionalScale scales_h, OptionalScale scales_w) {
  const OptionalScale all[] = {scales_d, scales_h, scales_w};
  return upsample("upsample_trilinear3d", UpsampleMode::Linear, 3, self, output_size, align_corners, all);
}
RONDO_FACTORS(upsample_trilinear3d, UpsampleMode::Linear, 3)

Tensor upsample_area(const Tensor& self, IntArrayRef output_size) {
  const std::array<OptionalScale, 3> none;
  const auto spatial = static_cast<int>(output_size.size());
  if (spatial < 1 || spatial > 3) {
    fail("upsample_area", fmt::format("got {} sizes; need one to three", spatial));
  }
  return upsample("upsample_area", UpsampleMode::Area, spatial, self, output_size, false,
                  ArrayRef<OptionalScale>(none));
}

#define RONDO_CASE(name, ...) RONDO_SAMPLE(name(in[0], IntArrayRef{__VA_ARGS__}))
#define RONDO_NEAREST(function, dims, small, large)                                                                    \
  RONDO_OP(                                                                                                            \
      function, .name = #function, .doc = "the nearest number; a primitive: rows are copied once",                     \
      .samples = [](ops::Samples& s) {                                                                                 \
        s.add("larger", {s.real(dims)}, RONDO_SAMPLE(function(in[0], large)));                                         \
        s.add("smaller", {s.real(dims)}, RONDO_SAMPLE(function(in[0], small)));                                        \
        s.error("rank", "It is expected input_size equals to", [] { function(zeros({2, 3}), large); });                \
        s.error("no sizes", "exactly one of", [] { function(zeros(dims), OptionalIntArrayRef(), OptionalScales()); }); \
      });
#define RONDO_SIZES(...) \
  IntArrayRef { __VA_ARGS__ }
RONDO_NEAREST(upsample_nearest1d, RONDO_SIZES(2, 1, 3), RONDO_SIZES(2), RONDO_SIZES(7))
RONDO_NEAREST(upsample_nearest2d, RONDO_SIZES(2, 2, 3, 2), RONDO_SIZES(2, 1), RONDO_SIZES(6, 3))
RONDO_NEAREST(upsample_nearest3d, RONDO_SIZES(1, 2, 2, 3, 2), RONDO_SIZES(1, 2, 1), RONDO_SIZES(2, 5, 3))
RONDO_NEAREST(_upsample_nearest_exact1d, RONDO_SIZES(2, 1, 3), RONDO_SIZES(2), RONDO_SIZES(7))
RONDO_NEAREST(_upsample_nearest_exact2d, RONDO_SIZES(2, 2, 3, 2), RONDO_SIZES(2, 1), RONDO_SIZES(6, 3))
RONDO_NEAREST(_upsample_nearest_exact3d, RONDO_SIZES(1, 2, 2, 3, 2), RONDO_SIZES(1, 2, 1), RONDO_SIZES(2, 5, 3))

#define RONDO_BETWEEN(function, text, dims, small, large, factors)                                                    \
  RONDO_OP(                                                                                                           \
      function, .name = #function, .doc = text "; a primitive: one pass", .samples = [](ops::Samples& s) {            \
        s.add("larger", {s.real(dims)}, RONDO_SAMPLE(function(in[0], large, false)));                                 \
        s.add("larger, corners aligned", {s.real(dims)}, RONDO_SAMPLE(function(in[0], large, true)));                 \
        s.add("smaller", {s.real(dims)}, RONDO_SAMPLE(function(in[0], small, false)));                                \
        s.add("smaller, corners aligned", {s.real(dims)}, RONDO_SAMPLE(function(in[0], small, true)));                \
        s.add("factors", {s.real(dims)}, RONDO_SAMPLE(function(in[0], OptionalIntArrayRef(), false, factors)));       \
        s.error("rank", "It is expected input_size equals to", [] { function(zeros({2, 3}), large, false); });        \
        s.error("sizes", "It is expected output_size equals to", [] { function(zeros(dims), {1, 1, 1, 1}, false); }); \
        s.error("empty", "should be greater than 0", [] { function(zeros(dims).slice(-1, 0, 0), large, false); });    \
        s.error("integers", "need a floating point dtype", [] { function(zeros(dims, kLong), large, false); });       \
      });
#define RONDO_FACTOR(...) \
  ArrayRef<double> { __VA_ARGS__ }
RONDO_BETWEEN(upsample_linear1d, "between two numbers", RONDO_SIZES(2, 1, 3), RONDO_SIZES(2), RONDO_SIZES(7),
              RONDO_FACTOR(1.7))
RONDO_BETWEEN(upsample_bilinear2d, "between two numbers along each dimension", RONDO_SIZES(2, 2, 3, 4),
              RONDO_SIZES(2, 1), RONDO_SIZES(5, 9), RONDO_FACTOR(1.7, 0.6))
RONDO_BETWEEN(upsample_trilinear3d, "between two numbers along each dimension", RONDO_SIZES(1, 2, 2, 3, 3),
              RONDO_SIZES(1, 2, 2), RONDO_SIZES(3, 5, 4), RONDO_FACTOR(1.7, 1, 2))
RONDO_BETWEEN(upsample_bicubic2d, "by cubic convolution of four numbers along each dimension", RONDO_SIZES(1, 2, 4, 5),
              RONDO_SIZES(2, 3), RONDO_SIZES(7, 9), RONDO_FACTOR(1.7, 0.6))
RONDO_BETWEEN(_upsample_bilinear2d_aa, "by tents as wide as a number of the result", RONDO_SIZES(1, 2, 6, 5),
              RONDO_SIZES(2, 3), RONDO_SIZES(7, 9), RONDO_FACTOR(1.7, 0.4))
RONDO_BETWEEN(_upsample_bicubic2d_aa, "by cubics as wide as a number of the result", RONDO_SIZES(1, 2, 6, 5),
              RONDO_SIZES(2, 3), RONDO_SIZES(7, 9), RONDO_FACTOR(1.7, 0.4))

RONDO_OP(
    upsample_area, .name = "upsample_area", .doc = "means of areas; a primitive: one pass",
    .samples = [](ops::Samples& s) {
      s.add("lines", {s.real({2, 2, 5})}, RONDO_CASE(upsample_area, 3));
      s.add("planes", {s.real({1, 2, 5, 4})}, RONDO_CASE(upsample_area, 2, 7));
      s.add("volumes", {s.real({1, 1, 3, 4, 2})}, RONDO_CASE(upsample_area, 2, 3, 1));
      s.error("sizes", "need one to three", [] { upsample_area(zeros({1, 1}), IntArrayRef()); });
    });

#undef RONDO_UPSAMPLE1
#undef RONDO_UPSAMPLE2
#undef RONDO_UPSAMPLE3
#undef RONDO_FACTORS
#undef RONDO_PLANES
#undef RONDO_CASE
#undef RONDO_NEAREST
#undef RONDO_SIZES
#undef RONDO_BETWEEN
#undef RONDO_FACTOR

}  // namespace rondo
