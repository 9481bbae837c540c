// Dropouts. p is the probability of being dropped; Error unless it is in [0, 1].
#pragma once

#include <rondo/autograd/tensor/tensor.h>
#include <rondo/nn/options/dropout.h>

namespace rondo::nn::functional {

namespace detail {
Tensor dropout(const Tensor& input, double p, bool training, bool inplace);
// Zeroes whole channels. A batch has `batch_dims` dimensions, or any where that is 0; other inputs are one sample.
Tensor dropout_channels(const Tensor& input, double p, bool training, bool inplace, int64_t batch_dims);
// Keeps mean and variance of what SELU gives (Klambauer and others, 2017).
Tensor alpha_dropout(const Tensor& input, double p, bool training, bool inplace, bool channels = false);
}  // namespace detail

// Zeroes elements and scales the others by 1 / (1 - p).
inline Tensor dropout(const Tensor& input, const DropoutFuncOptions& options = {}) {
  return detail::dropout(input, options.p(), options.training(), options.inplace());
}
// Zeroes channels: (N, C, H, W) or (C, H, W); (N, C, D, H, W) or (C, D, H, W). Others are (C, ...) too.
inline Tensor dropout2d(const Tensor& input, const Dropout2dFuncOptions& options = {}) {
  return detail::dropout_channels(input, options.p(), options.training(), options.inplace(), 4);
}
inline Tensor dropout3d(const Tensor& input, const Dropout3dFuncOptions& options = {}) {
  return detail::dropout_channels(input, options.p(), options.training(), options.inplace(), 5);
}
inline Tensor alpha_dropout(const Tensor& input, const AlphaDropoutFuncOptions& options = {}) {
  return detail::alpha_dropout(input, options.p(), options.training(), options.inplace(), false);
}
inline Tensor feature_alpha_dropout(const Tensor& input, const FeatureAlphaDropoutFuncOptions& options = {}) {
  return detail::alpha_dropout(input, options.p(), options.training(), options.inplace(), true);
}

}  // namespace rondo::nn::functional
