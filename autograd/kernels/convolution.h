// Convolutions of up to three dimensions, their gradients, and the columns that they are products with. A result's bits
// depend on the shape alone, never on the number of threads.
#pragma once

#include <rondo/autograd/base/scalar_type.h>

#include <cstdint>

namespace rondo::kernels {

// Pairs x (batch, in_channels, in) and y (batch, out_channels, out) through w (out_channels, in_channels / groups,
// kernel): y at o reads x at o * stride - padding + k * dilation, zeros outside. Fewer than three dimensions have sizes
// of 1 in front. `out` is any size: positions that no x reaches count as zeros.
struct Convolution {
  int64_t batch, groups, in_channels, out_channels;
  int64_t in[3], kernel[3], out[3], stride[3], padding[3], dilation[3];

  int64_t in_size() const { return in[0] * in[1] * in[2]; }
  int64_t out_size() const { return out[0] * out[1] * out[2]; }
  int64_t kernel_size() const { return kernel[0] * kernel[1] * kernel[2]; }
  int64_t group_in() const { return in_channels / groups; }
  int64_t group_out() const { return out_channels / groups; }
  // Rows of the columns of one group.
  int64_t depth() const { return group_in() * kernel_size(); }
};

// All arrays are contiguous; dtype: float32, float64 or integers, whose sums wrap.
// y = w * x + bias (null for none).
void convolution(ScalarType type, const Convolution& shape, const void* x, const void* w, const void* bias, void* y);
// gx: the gradient of x for y's gradient gy. It is the forward step of a transposed convolution as well, which has a
// bias.
void convolution_data(ScalarType type, const Convolution& shape, const void* gy, const void* w, const void* bias,
                      void* gx);
// gw: the gradient of w.
void convolution_weight(ScalarType type, const Convolution& shape, const void* gy, const void* x, void* gw);

// Whether float32 convolutions may take Winograd's way; on from the start.
void set_winograd(bool on);
bool winograd();

// columns (batch, in_channels * kernel, out) of x, with zeros outside; any dtype of this many bytes.
void im2col(int64_t element_bytes, const Convolution& shape, const void* x, void* columns);
// x = the sums of the columns that were read from each place.
void col2im(ScalarType type, const Convolution& shape, const void* columns, void* x);

}  // namespace rondo::kernels
