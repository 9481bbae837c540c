// How a tensor lies in memory.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

namespace rondo::tensor_data {

// Dense and free of overlaps: some order of the dimensions is row-major without gaps.
bool is_dense(const Tensor& tensor);
// The tensor's strides if it is dense, else row-major ones.
Dims dense_layout(const Tensor& tensor);

}  // namespace rondo::tensor_data
