// Convolutions, transposed convolutions, and the columns of windows.
//
// input (N, C, ...) or, but for `convolution`, (C, ...) with one to three dimensions behind the channels; weight (out,
// C / groups, kernel ...), of transposed ones (C, out / groups, kernel ...); bias (out,) or none. Lists hold one number
// for all dimensions or one for each. All of one dtype; half and bfloat16 are computed in float32. Throws Error for
// shapes that do not fit, TypeError for other dtypes.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <optional>
#include <string_view>
#include <type_traits>

namespace rondo {

// A text, and unlike std::string_view not the literal 0, which is a number of zeros.
struct PaddingName {
  template <class T>
  requires(std::is_convertible_v<const T&, std::string_view>) PaddingName(const T& name) : text(name) {}
  std::string_view text;
};

Tensor conv1d(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias = {}, IntArrayRef stride = 1,
              IntArrayRef padding = 0, IntArrayRef dilation = 1, int64_t groups = 1);
Tensor conv2d(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias = {}, IntArrayRef stride = 1,
              IntArrayRef padding = 0, IntArrayRef dilation = 1, int64_t groups = 1);
Tensor conv3d(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias = {}, IntArrayRef stride = 1,
              IntArrayRef padding = 0, IntArrayRef dilation = 1, int64_t groups = 1);
// padding: "valid", none, or "same", which keeps the sizes (with strides of 1) and puts the odd zero behind.
Tensor conv1d(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias, IntArrayRef stride,
              PaddingName padding, IntArrayRef dilation = 1, int64_t groups = 1);
Tensor conv2d(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias, IntArrayRef stride,
              PaddingName padding, IntArrayRef dilation = 1, int64_t groups = 1);
Tensor conv3d(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias, IntArrayRef stride,
              PaddingName padding, IntArrayRef dilation = 1, int64_t groups = 1);

// The gradient of a convolution as an operation: sizes are (in - 1) stride - 2 padding + dilation (kernel - 1) +
// output_padding + 1. output_padding is smaller than stride or dilation.
Tensor conv_transpose1d(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias = {},
                        IntArrayRef stride = 1, IntArrayRef padding = 0, IntArrayRef output_padding = 0,
                        int64_t groups = 1, IntArrayRef dilation = 1);
Tensor conv_transpose2d(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias = {},
                        IntArrayRef stride = 1, IntArrayRef padding = 0, IntArrayRef output_padding = 0,
                        int64_t groups = 1, IntArrayRef dilation = 1);
Tensor conv_transpose3d(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias = {},
                        IntArrayRef stride = 1, IntArrayRef padding = 0, IntArrayRef output_padding = 0,
                        int64_t groups = 1, IntArrayRef dilation = 1);

// Any of them, by the number of weight's dimensions. output_padding is read where `transposed` alone.
Tensor convolution(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias, IntArrayRef stride,
                   IntArrayRef padding, IntArrayRef dilation, bool transposed, IntArrayRef output_padding,
                   int64_t groups);
// Time first: input (T, N, C), weight (kernel, C, out), bias (out,) -> (T + 2 pad - kernel + 1, N, out).
Tensor conv_tbc(const Tensor& self, const Tensor& weight, const Tensor& bias, int64_t pad = 0);

// The windows of an image as columns: (N, C, H, W) -> (N, C * kernel, windows), or without N; lists hold one or two
// numbers.
Tensor im2col(const Tensor& self, IntArrayRef kernel_size, IntArrayRef dilation, IntArrayRef padding,
              IntArrayRef stride);
// The image (N, C, output_size) whose numbers are the sums of all columns that im2col would read from them.
Tensor col2im(const Tensor& self, IntArrayRef output_size, IntArrayRef kernel_size, IntArrayRef dilation,
              IntArrayRef padding, IntArrayRef stride);

// Whether 3x3 convolutions of many channels in float32 may use Winograd's products of transformed tiles (Lavin and
// Gray, 2015): about twice as quick, with a rounding error some 3 to 9 times that of plain sums, and an infinite or
// NaN input spoils its whole tile of outputs. On from the start; a setting of the process.
void set_winograd(bool on);
bool winograd();

}  // namespace rondo
