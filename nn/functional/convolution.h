// Convolutions, and windows as columns.
#pragma once

#include <rondo/nn/options/convolution.h>
#include <rondo/nn/options/fold.h>

namespace rondo::nn::functional {

// input (N, C, ...) or (C, ...), weight (out, C / groups, kernel ...).
Tensor conv1d(const Tensor& input, const Tensor& weight, const Conv1dFuncOptions& options = {});
Tensor conv2d(const Tensor& input, const Tensor& weight, const Conv2dFuncOptions& options = {});
Tensor conv3d(const Tensor& input, const Tensor& weight, const Conv3dFuncOptions& options = {});
// weight (C, out / groups, kernel ...): the gradients of the above as operations.
Tensor conv_transpose1d(const Tensor& input, const Tensor& weight, const ConvTranspose1dFuncOptions& options = {});
Tensor conv_transpose2d(const Tensor& input, const Tensor& weight, const ConvTranspose2dFuncOptions& options = {});
Tensor conv_transpose3d(const Tensor& input, const Tensor& weight, const ConvTranspose3dFuncOptions& options = {});

// (N, C, H, W) -> (N, C * kernel, windows), and the image of the sums of such columns; fold takes no N as well.
Tensor unfold(const Tensor& input, const UnfoldFuncOptions& options);
Tensor fold(const Tensor& input, const FoldFuncOptions& options);

}  // namespace rondo::nn::functional
