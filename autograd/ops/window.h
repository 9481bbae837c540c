// Window functions of signal processing.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

namespace rondo {

// `length` numbers of a window that falls off to both ends. A periodic window leaves out the last of length + 1
// numbers, so that it can be repeated. Floating point only; throw Error for negative lengths. alpha - beta cos(2 pi k /
// (length - 1)); Hann's with 0.5 for both.
Tensor hamming_window(int64_t length, bool periodic, double alpha, double beta, TensorOptions options = {});
Tensor hamming_window(int64_t length, bool periodic, double alpha, TensorOptions options = {});
Tensor hamming_window(int64_t length, bool periodic, TensorOptions options = {});
Tensor hamming_window(int64_t length, TensorOptions options = {});
Tensor hann_window(int64_t length, bool periodic, TensorOptions options = {});
Tensor hann_window(int64_t length, TensorOptions options = {});
// 0.42 - 0.5 cos(2 pi k / (length - 1)) + 0.08 cos(4 pi k / (length - 1)).
Tensor blackman_window(int64_t length, bool periodic, TensorOptions options = {});
Tensor blackman_window(int64_t length, TensorOptions options = {});
// A triangle from 0 over 1 to 0.
Tensor bartlett_window(int64_t length, bool periodic, TensorOptions options = {});
Tensor bartlett_window(int64_t length, TensorOptions options = {});
// i0(beta sqrt(1 - t^2)) / i0(beta), t from -1 to 1 (Kaiser 1974).
Tensor kaiser_window(int64_t length, bool periodic, double beta, TensorOptions options = {});
Tensor kaiser_window(int64_t length, bool periodic, TensorOptions options = {});
Tensor kaiser_window(int64_t length, TensorOptions options = {});

}  // namespace rondo
