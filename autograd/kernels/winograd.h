// Convolutions of 3x3 and stride 1 in float32 by Winograd's F(4x4, 3x3).
#pragma once

#include <rondo/autograd/base/scalar_type.h>
#include <rondo/autograd/kernels/convolution.h>

namespace rondo::kernels::winograd_4x4 {

// What the three functions can do: 3x3, stride 1, padding of at most 2, float32.
bool takes(ScalarType type, const Convolution& shape);
// Where they are quicker than other methods as well: channels enough on both sides, tiles that are mostly used.
bool is_quick(const Convolution& shape);

// As in convolution.h.
void forward(const Convolution& shape, const float* x, const float* w, const float* bias, float* y);
void data(const Convolution& shape, const float* gy, const float* w, const float* bias, float* gx);
void weight(const Convolution& shape, const float* gy, const float* x, float* gw);

}  // namespace rondo::kernels::winograd_4x4
