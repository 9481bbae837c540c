// How a tensor lies in memory.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

namespace rondo::tensor_data {

// Dense and free of overlaps: some order of the dimensions is row-major without gaps.
bool is_dense(IntArrayRef sizes, IntArrayRef strides);
inline bool is_dense(const Tensor& tensor) {
  return tensor.is_contiguous() || is_dense(tensor.sizes(), tensor.strides());
}
// Whether both lie in the same memory, by whatever handles: x and x.data() do.
inline bool share_memory(const Tensor& a, const Tensor& b) {
  return a.impl().storage->origin() == b.impl().storage->origin();
}
// Whether two elements may share a place.
bool may_overlap(IntArrayRef sizes, IntArrayRef strides);
// The tensor's strides if it is dense, else row-major ones.
Dims dense_layout(const Tensor& tensor);

}  // namespace rondo::tensor_data
