// Padding by what lies inside a tensor. constant_pad_nd is among the operations of shape.h.
//
// padding: before and after the last dimension, then the one before it, ...; negative numbers cut. The input has one or
// two dimensions (channels, or batch and channels) before those that are padded, and any dtype. Throws Error for other
// shapes and for pads that reach beyond the input.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <optional>
#include <string_view>

namespace rondo {

// Mirrored at the border, which is not repeated: each pad is smaller than its dimension.
Tensor reflection_pad1d(const Tensor& self, IntArrayRef padding);
Tensor reflection_pad2d(const Tensor& self, IntArrayRef padding);
Tensor reflection_pad3d(const Tensor& self, IntArrayRef padding);
// The border repeated.
Tensor replication_pad1d(const Tensor& self, IntArrayRef padding);
Tensor replication_pad2d(const Tensor& self, IntArrayRef padding);
Tensor replication_pad3d(const Tensor& self, IntArrayRef padding);

// By mode: "constant" (any number of dimensions; `value`, 0 unless given), "reflect", "replicate", or "circular": the
// other end, each pad at most the dimension.
Tensor pad(const Tensor& self, IntArrayRef pad, std::string_view mode = "constant",
           std::optional<double> value = std::nullopt);

}  // namespace rondo
