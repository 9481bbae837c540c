// What the sources of the factories share.
#pragma once

#include <rondo/autograd/tensor/factory.h>

namespace rondo::tensor_data {

// Throws Error for devices and layouts that rondo does not have, TypeError for an undefined dtype.
void check_options(const char* operation, const TensorOptions& options);
// Throws ValueError for negative sizes or strides, and for lists of different lengths.
void check_geometry(const char* operation, IntArrayRef sizes, IntArrayRef strides);
// The elements from the first to the last, both included.
int64_t storage_extent(IntArrayRef sizes, IntArrayRef strides);
Tensor over_storage(base::Ref<StorageImpl> storage, void* data, IntArrayRef sizes, IntArrayRef strides,
                    ScalarType type);
// `like`'s properties where the options are silent.
TensorOptions options_like(const Tensor& like, const TensorOptions& options);
// A new tensor of `like`'s shape, dense, its dimensions in the order in which they lie in memory.
Tensor make_like(const Tensor& like, ScalarType type);
// The same in the order that is asked for; Preserve is the one above.
Tensor make_like(const Tensor& like, ScalarType type, std::optional<MemoryFormat> format);
// Strides without gaps for an order. Throws Error where the number of dimensions does not fit.
Dims format_strides(const char* operation, IntArrayRef sizes, MemoryFormat format);
// Lets a tensor lie where another lies, of the same dtype.
void take_place(TensorImpl& self, const TensorImpl& source);
// Sets a new tensor without gaps.
void fill(const Tensor& tensor, Scalar value);
// high - low. Throws ValueError unless low < high and the type holds both low and high - 1.
uint64_t check_random_range(const char* operation, ScalarType type, int64_t low, int64_t high);
// Makes the tensor a leaf that requires grad where the options ask for it.
Tensor finish(Tensor tensor, const TensorOptions& options);

}  // namespace rondo::tensor_data
