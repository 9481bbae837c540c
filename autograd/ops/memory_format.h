// The order of a tensor's numbers in memory: row-major, as they are, or with the channels last.
#pragma once

#include <rondo/autograd/tensor/accessor.h>

namespace rondo {

// Copies in a given order: Contiguous is row-major, Preserve keeps the strides of dense tensors, ChannelsLast stores
// [N, C, H, W] as N, H, W, C (ChannelsLast3d: [N, C, D, H, W] as N, D, H, W, C). They throw Error where the number of
// dimensions does not fit. `contiguous` returns the tensor itself where it is in that order already.
RONDO_METHOD Tensor clone(const Tensor& self, std::optional<MemoryFormat> format);
RONDO_METHOD Tensor contiguous(const Tensor& self, MemoryFormat format);
RONDO_METHOD bool is_contiguous(const Tensor& self, MemoryFormat format);
RONDO_METHOD Tensor to(const Tensor& self, ScalarType type, bool non_blocking, bool copy,
                       std::optional<MemoryFormat> format);
RONDO_METHOD Tensor to(const Tensor& self, TensorOptions options, bool non_blocking, bool copy,
                       std::optional<MemoryFormat> format);
RONDO_METHOD Tensor to(const Tensor& self, Device device, ScalarType type, bool non_blocking, bool copy,
                       std::optional<MemoryFormat> format);
RONDO_METHOD Tensor to(const Tensor& self, const Tensor& like, bool non_blocking, bool copy = false,
                       std::optional<MemoryFormat> format = std::nullopt);
// ChannelsLast or ChannelsLast3d for tensors in that order, else Contiguous.
RONDO_METHOD MemoryFormat suggest_memory_format(const Tensor& self);
// Whether the numbers fill a piece of memory without gaps and without sharing, in any order.
RONDO_METHOD bool is_non_overlapping_and_dense(const Tensor& self);

Tensor empty(IntArrayRef sizes, TensorOptions options, std::optional<MemoryFormat> format);
Tensor empty_like(const Tensor& like, TensorOptions options, std::optional<MemoryFormat> format);
Tensor zeros_like(const Tensor& like, TensorOptions options, std::optional<MemoryFormat> format);
Tensor ones_like(const Tensor& like, TensorOptions options, std::optional<MemoryFormat> format);
Tensor full_like(const Tensor& like, Scalar value, TensorOptions options, std::optional<MemoryFormat> format);
Tensor rand_like(const Tensor& like, TensorOptions options, std::optional<MemoryFormat> format);
Tensor randn_like(const Tensor& like, TensorOptions options, std::optional<MemoryFormat> format);

// The tensor takes another's memory, shape and strides, or none. Throws Error where it has gradients or another dtype.
RONDO_METHOD Tensor& set_(Tensor& self, const Tensor& source);
RONDO_METHOD Tensor& set_(Tensor& self);
// All numbers of a storage in one dimension, or a part of it: throws Error where the sizes and strides (row by row if
// empty) reach beyond it.
RONDO_METHOD Tensor& set_(Tensor& self, const Storage& source);
RONDO_METHOD Tensor& set_(Tensor& self, const Storage& source, int64_t storage_offset, IntArrayRef size,
                          IntArrayRef stride = {});
// Whether both have the same memory, shape and strides.
RONDO_METHOD bool is_set_to(const Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& resize_(Tensor& self, IntArrayRef sizes, std::optional<MemoryFormat> format);
RONDO_METHOD Tensor toType(const Tensor& self, ScalarType type);

}  // namespace rondo
