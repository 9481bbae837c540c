// The few operations that the graph itself needs. Declared here, defined by the operations' floor (ops/for_graph.cpp),
// so that the engine names no operation.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

namespace rondo::graph {

// a + b: differentiable where gradients are recorded.
Tensor add(const Tensor& a, const Tensor& b);
// a += b without history; counts the change.
void add_in_place(const Tensor& a, const Tensor& b);
// Sums the broadcast dimensions away; `sizes` must broadcast to the gradient's.
Tensor sum_to(const Tensor& gradient, IntArrayRef sizes);
Tensor cast(const Tensor& tensor, ScalarType type);
Tensor zeros(IntArrayRef sizes, ScalarType type);
Tensor ones(IntArrayRef sizes, ScalarType type);
// A copy with the given strides (row-major where they overlap or leave gaps), differentiable.
Tensor copy_with_strides(const Tensor& tensor, IntArrayRef strides);
// A view of the tensor's storage; `offset` in elements from the storage's start. Differentiable.
Tensor as_strided(const Tensor& tensor, IntArrayRef sizes, IntArrayRef strides, int64_t offset);
// Zeros of `count` places, to which the numbers of `gradient` were added, where a view with these strides has them:
// several may share a place. Differentiable.
Tensor add_strided(const Tensor& gradient, IntArrayRef strides, int64_t offset, int64_t count);
bool has_nan(const Tensor& tensor);
void copy_into(const Tensor& destination, const Tensor& source);

}  // namespace rondo::graph
