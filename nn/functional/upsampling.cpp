#include <rondo/nn/functional/upsampling.h>

#include <rondo/autograd/ops/upsample.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

namespace rondo::nn::functional {
namespace {

constexpr const char* kName = "interpolate";
using Kind = enumtype::Kind;

std::vector<int64_t> output_size(const Tensor& input, const InterpolateFuncOptions& options) {
  const auto dims = static_cast<size_t>(input.dim() - 2);
  if (!options.size() && !options.scale_factor()) fail(kName, "either size or scale_factor should be defined");
  if (options.size() && options.scale_factor()) fail(kName, "only one of size or scale_factor should be defined");
  if (options.size()) {
    if (options.size()->size() != dims) {
      fail(kName, fmt::format("Input and output must have the same number of spatial dimensions, but got input {} and "
                              "output size ({})",
                              to_string(input.sizes()), fmt::join(*options.size(), ", ")));
    }
    return *options.size();
  }
  const std::vector<double>& factors = *options.scale_factor();
  if (factors.size() != dims) {
    fail(kName, fmt::format("scale_factor shape must match input shape. Input is {}D, scale_factor size is [{}]", dims,
                            fmt::join(factors, ", ")));
  }
  std::vector<int64_t> sizes;
  bool fractions = false;
  for (size_t i = 0; i < dims; ++i) {
    fractions = fractions || std::floor(factors[i]) != factors[i];
    sizes.push_back(
        static_cast<int64_t>(std::floor(static_cast<double>(input.size(static_cast<int64_t>(i) + 2)) * factors[i])));
  }
  if (fractions && !options.recompute_scale_factor()) {
    warn(
        "The default behavior for interpolate/upsample with float scale_factor is to use scale_factor directly, "
        "instead "
        "of relying on the computed output size. If you wish the other, please set recompute_scale_factor=True.");
  }
  return sizes;
}

}  // namespace

Tensor interpolate(const Tensor& input, const InterpolateFuncOptions& options) {
  const Kind mode = options.mode().kind();
  const auto dims = static_cast<int>(input.dim()) - 2;
  if (dims < 1 || dims > 3) {
    fail(kName,
         fmt::format("Input Error: Only 3D, 4D and 5D input Tensors supported (got {}D) for the modes: nearest | "
                     "linear | bilinear | bicubic | trilinear (got {}); area and nearest-exact too",
                     input.dim(), enumtype::name_of(mode)));
  }
  const bool between = mode != Kind::Nearest && mode != Kind::Area && mode != Kind::NearestExact;
  if (!between && mode != Kind::NearestExact && options.align_corners()) {  // libtorch lets nearest-exact pass
    fail(kName,
         "align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | "
         "trilinear");
  }
  if (between && !options.align_corners()) {
    warn(fmt::format(
        "Default upsampling behavior when mode={} is align_corners=False. Please specify align_corners=True "
        "if the other behavior is desired.",
        enumtype::name_of(mode)));
  }
  const bool aligned = options.align_corners().value_or(false);
  if (options.antialias() && !(dims == 2 && (mode == Kind::Bilinear || mode == Kind::Bicubic))) {
    fail(kName, "Anti-alias option is only supported for bilinear and bicubic modes");
  }
  const auto needs = [&](int wanted, const char* name) {
    if (dims != wanted)
      fail(kName, fmt::format("Got {}D input, but {} mode needs {}D input", dims + 2, name, wanted + 2));
  };
  if (mode == Kind::Linear) needs(1, "linear");
  if (mode == Kind::Bilinear) needs(2, "bilinear");
  if (mode == Kind::Bicubic) needs(2, "bicubic");
  if (mode == Kind::Trilinear) needs(3, "trilinear");
  const std::vector<int64_t> size = output_size(input, options);
  OptionalScale scale[3];
  if (options.scale_factor() && !options.recompute_scale_factor().value_or(false)) {
    for (int i = 0; i < dims; ++i) scale[i] = (*options.scale_factor())[static_cast<size_t>(i)];
  }
  const IntArrayRef out = size;
  switch (mode) {
    case Kind::Area:
      return upsample_area(input, out);
    case Kind::NearestExact:
      if (dims == 1) return _upsample_nearest_exact1d(input, out, scale[0]);
      if (dims == 2) return _upsample_nearest_exact2d(input, out, scale[0], scale[1]);
      return _upsample_nearest_exact3d(input, out, scale[0], scale[1], scale[2]);
    case Kind::Linear:
      return upsample_linear1d(input, out, aligned, scale[0]);
    case Kind::Bilinear:
      return options.antialias() ? _upsample_bilinear2d_aa(input, out, aligned, scale[0], scale[1])
                                 : upsample_bilinear2d(input, out, aligned, scale[0], scale[1]);
    case Kind::Bicubic:
      return options.antialias() ? _upsample_bicubic2d_aa(input, out, aligned, scale[0], scale[1])
                                 : upsample_bicubic2d(input, out, aligned, scale[0], scale[1]);
    case Kind::Trilinear:
      return upsample_trilinear3d(input, out, aligned, scale[0], scale[1], scale[2]);
    default:
      if (dims == 1) return upsample_nearest1d(input, out, scale[0]);
      if (dims == 2) return upsample_nearest2d(input, out, scale[0], scale[1]);
      return upsample_nearest3d(input, out, scale[0], scale[1], scale[2]);
  }
}

}  // namespace rondo::nn::functional
