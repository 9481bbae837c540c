// The strides that gradients are stored with.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

namespace rondo::graph {

// Dense and free of overlaps: some order of the dimensions is row-major without gaps.
bool is_dense(const Tensor& tensor);
// The tensor's strides if it is dense, else row-major ones.
Dims dense_layout(const Tensor& tensor);

}  // namespace rondo::graph
