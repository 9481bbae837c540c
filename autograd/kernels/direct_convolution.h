// Convolutions in float32 and float64 that sum over channels and taps in registers, on copies of the images with zeros
// around them and, for strides, sorted by remainders: every tap then is a shift of one flat array. Any kernel, stride,
// padding and dilation.
#pragma once

#include <rondo/autograd/base/scalar_type.h>
#include <rondo/autograd/kernels/convolution.h>

namespace rondo::kernels::direct_convolution {

// float32 and float64 on processors with registers that are wide enough to be worth it (AVX2 or AVX-512).
bool takes(ScalarType type, const Convolution& shape);

// As in convolution.h.
void forward(ScalarType type, const Convolution& shape, const void* x, const void* w, const void* bias, void* y);
void data(ScalarType type, const Convolution& shape, const void* gy, const void* w, const void* bias, void* gx);
void weight(ScalarType type, const Convolution& shape, const void* gy, const void* x, void* gw);

}  // namespace rondo::kernels::direct_convolution
