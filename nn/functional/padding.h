// Padding by a number or by what lies inside.
#pragma once

#include <rondo/autograd/tensor/tensor.h>
#include <rondo/nn/options/padding.h>

namespace rondo::nn::functional {

// Negative pads cut. kReflect, kReplicate and kCircular pad the last one to three dimensions, behind channels or batch
// and channels. Throws Error for other shapes, for pads that reach beyond the input, and for a value in these modes.
Tensor pad(const Tensor& input, const PadFuncOptions& options);

}  // namespace rondo::nn::functional
