// Interpolation between the numbers of planes: (N, C, W), (N, C, H, W) or (N, C, D, H, W) to other sizes of the last
// dimensions. Floating point; the nearest ones take integers as well. Throws Error for other shapes and empty sizes.
//
// align_corners: the centers of the outermost numbers stay where they are, else the borders of the whole do. scales:
// out / in as it was asked for, which counts for the positions where it is given. The second form of each takes either
// sizes or scale factors.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <optional>
#include <vector>

namespace rondo {

using OptionalScale = std::optional<double>;

// A list of factors or nothing. A single number is none: it belongs to the first forms.
class OptionalScales {
 public:
  OptionalScales() = default;
  OptionalScales(std::nullopt_t) {}
  OptionalScales(ArrayRef<double> list) : list_(list) {}
  OptionalScales(const std::vector<double>& list) : list_(list) {}
  OptionalScales(const std::optional<ArrayRef<double>>& list) : list_(list) {}
  bool has_value() const { return list_.has_value(); }
  const ArrayRef<double>& operator*() const { return *list_; }
  const ArrayRef<double>* operator->() const { return &*list_; }

 private:
  std::optional<ArrayRef<double>> list_;
};

// The number at or before the position; exact: the one whose center is nearest.
Tensor upsample_nearest1d(const Tensor& self, IntArrayRef output_size, OptionalScale scales = std::nullopt);
Tensor upsample_nearest2d(const Tensor& self, IntArrayRef output_size, OptionalScale scales_h = std::nullopt,
                          OptionalScale scales_w = std::nullopt);
Tensor upsample_nearest3d(const Tensor& self, IntArrayRef output_size, OptionalScale scales_d = std::nullopt,
                          OptionalScale scales_h = std::nullopt, OptionalScale scales_w = std::nullopt);
Tensor _upsample_nearest_exact1d(const Tensor& self, IntArrayRef output_size, OptionalScale scales = std::nullopt);
Tensor _upsample_nearest_exact2d(const Tensor& self, IntArrayRef output_size, OptionalScale scales_h = std::nullopt,
                                 OptionalScale scales_w = std::nullopt);
Tensor _upsample_nearest_exact3d(const Tensor& self, IntArrayRef output_size, OptionalScale scales_d = std::nullopt,
                                 OptionalScale scales_h = std::nullopt, OptionalScale scales_w = std::nullopt);
// Between two numbers along each dimension.
Tensor upsample_linear1d(const Tensor& self, IntArrayRef output_size, bool align_corners,
                         OptionalScale scales = std::nullopt);
Tensor upsample_bilinear2d(const Tensor& self, IntArrayRef output_size, bool align_corners,
                           OptionalScale scales_h = std::nullopt, OptionalScale scales_w = std::nullopt);
Tensor upsample_trilinear3d(const Tensor& self, IntArrayRef output_size, bool align_corners,
                            OptionalScale scales_d = std::nullopt, OptionalScale scales_h = std::nullopt,
                            OptionalScale scales_w = std::nullopt);
// Among four, by Keys' cubic convolution (1981) with a = -0.75.
Tensor upsample_bicubic2d(const Tensor& self, IntArrayRef output_size, bool align_corners,
                          OptionalScale scales_h = std::nullopt, OptionalScale scales_w = std::nullopt);
// The same with filters as wide as a number of the result where that is smaller than the input (a = -0.5).
Tensor _upsample_bilinear2d_aa(const Tensor& self, IntArrayRef output_size, bool align_corners,
                               OptionalScale scales_h = std::nullopt, OptionalScale scales_w = std::nullopt);
Tensor _upsample_bicubic2d_aa(const Tensor& self, IntArrayRef output_size, bool align_corners,
                              OptionalScale scales_h = std::nullopt, OptionalScale scales_w = std::nullopt);
// Means of the areas that adaptive average pooling takes; one to three dimensions.
Tensor upsample_area(const Tensor& self, IntArrayRef output_size);

#define RONDO_UPSAMPLE(name) \
  Tensor name(const Tensor& input, OptionalIntArrayRef output_size, OptionalScales scale_factors)
RONDO_UPSAMPLE(upsample_nearest1d);
RONDO_UPSAMPLE(upsample_nearest2d);
RONDO_UPSAMPLE(upsample_nearest3d);
RONDO_UPSAMPLE(_upsample_nearest_exact1d);
RONDO_UPSAMPLE(_upsample_nearest_exact2d);
RONDO_UPSAMPLE(_upsample_nearest_exact3d);
#undef RONDO_UPSAMPLE
#define RONDO_UPSAMPLE(name) \
  Tensor name(const Tensor& input, OptionalIntArrayRef output_size, bool align_corners, OptionalScales scale_factors)
RONDO_UPSAMPLE(upsample_linear1d);
RONDO_UPSAMPLE(upsample_bilinear2d);
RONDO_UPSAMPLE(upsample_trilinear3d);
RONDO_UPSAMPLE(upsample_bicubic2d);
RONDO_UPSAMPLE(_upsample_bilinear2d_aa);
RONDO_UPSAMPLE(_upsample_bicubic2d_aa);
#undef RONDO_UPSAMPLE

}  // namespace rondo
