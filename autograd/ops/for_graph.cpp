// The operations that the graph asks for (graph/arithmetic.h).
#include <rondo/autograd/graph/arithmetic.h>
#include <rondo/autograd/graph/history.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>

namespace rondo::graph {

Tensor add(const Tensor& a, const Tensor& b) { return rondo::add(a, b); }

void add_in_place(const Tensor& a, const Tensor& b) {
  NoGradGuard guard;
  alias_without_history(a).add_(b);
}

Tensor sum_to(const Tensor& gradient, IntArrayRef sizes) { return rondo::sum_to_size(gradient, sizes); }
Tensor cast(const Tensor& tensor, ScalarType type) { return tensor.to(type); }
Tensor zeros(IntArrayRef sizes, ScalarType type) { return rondo::zeros(sizes, type); }
Tensor ones(IntArrayRef sizes, ScalarType type) { return rondo::ones(sizes, type); }

Tensor copy_with_strides(const Tensor& tensor, IntArrayRef strides) {
  if (is_contiguous(tensor.sizes(), strides)) {
    return tensor.is_contiguous() ? tensor.clone() : tensor.contiguous();
  }
  if (tensor.strides() == strides) {
    Tensor copy = tensor.clone();
    if (copy.strides() == strides) return copy;
  }
  Tensor copy = empty_strided(tensor.sizes(), strides, tensor.options());
  copy.copy_(tensor);
  return copy;
}

Tensor as_strided(const Tensor& tensor, IntArrayRef sizes, IntArrayRef strides, int64_t offset) {
  return rondo::as_strided(tensor, sizes, strides, offset);
}

Tensor add_strided(const Tensor& gradient, IntArrayRef strides, int64_t offset, int64_t count) {
  const Tensor places = arange(count).as_strided(gradient.sizes(), strides, offset).reshape({-1});
  return rondo::zeros({count}, gradient.dtype()).index_add(0, places, gradient.reshape({-1}));
}

bool has_nan(const Tensor& tensor) {
  NoGradGuard guard;
  return rondo::isnan(tensor).any().item<bool>();
}

void copy_into(const Tensor& destination, const Tensor& source) { destination.copy_(source); }

}  // namespace rondo::graph
