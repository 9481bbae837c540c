// What the convolutions' sources share: a convolution's sizes, and its three products.
#pragma once

#include <rondo/autograd/base/dims.h>
#include <rondo/autograd/kernels/convolution.h>
#include <rondo/autograd/tensor/tensor.h>

namespace rondo::ops::conv {

enum class Product : uint8_t { Output, Data, Weight };

// A transposed convolution is the data product of the convolution that it is the gradient of.
struct Plan {
  kernels::Convolution shape{};
  Dims x_sizes, w_sizes, y_sizes;
  bool transposed = false;

  Product first_product() const { return transposed ? Product::Data : Product::Output; }
};

// y = w * x + bias, gx = w^T * gy + bias, gw = gy * x; recorded. An undefined bias is none.
Tensor output(const Tensor& x, const Tensor& w, const Tensor& bias, const Plan& plan);
Tensor data(const Tensor& gy, const Tensor& w, const Tensor& bias, const Plan& plan);
Tensor weight(const Tensor& gy, const Tensor& x, const Plan& plan);

// `list` with one number for each of `count` dimensions. Throws Error for other lengths.
Dims expanded(const char* operation, const char* what, IntArrayRef list, int count);

}  // namespace rondo::ops::conv
