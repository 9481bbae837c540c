// libtorch's flat names of the dropouts that torch::nn::functional has as well.
#pragma once

#include <rondo/nn/functional/dropout.h>

namespace rondo {

inline Tensor alpha_dropout(const Tensor& input, double p, bool train) {
  return nn::functional::detail::alpha_dropout(input, p, train, false, false);
}
inline Tensor feature_alpha_dropout(const Tensor& input, double p, bool train) {
  return nn::functional::detail::alpha_dropout(input, p, train, false, true);
}
inline Tensor feature_dropout(const Tensor& input, double p, bool train) {
  return nn::functional::detail::dropout_channels(input, p, train, false, 0);
}
inline Tensor& alpha_dropout_(Tensor& input, double p, bool train) {
  nn::functional::detail::alpha_dropout(input, p, train, true, false);
  return input;
}
inline Tensor& feature_alpha_dropout_(Tensor& input, double p, bool train) {
  nn::functional::detail::alpha_dropout(input, p, train, true, true);
  return input;
}
inline Tensor& feature_dropout_(Tensor& input, double p, bool train) {
  nn::functional::detail::dropout_channels(input, p, train, true, 0);
  return input;
}
inline const Tensor& detach_(const Tensor& self) { return self.detach_(); }

}  // namespace rondo
