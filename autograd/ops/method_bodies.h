// Written by tools/methods.py from the declarations marked RONDO_METHOD.
#pragma once

#include <rondo/autograd/ops/pointwise.h>

// clang-format off
namespace rondo {

inline Tensor Tensor::lerp(const Tensor& end, Scalar weight) const { return rondo::lerp(*this, end, weight); }
inline Tensor Tensor::clamp_min(Scalar min) const { return rondo::clamp_min(*this, min); }
inline Tensor Tensor::clamp_max(Scalar max) const { return rondo::clamp_max(*this, max); }

}  // namespace rondo
// clang-format on
