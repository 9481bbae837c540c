#include <rondo/autograd/tensor/layout.h>

namespace rondo::tensor_data {
namespace {

// The dimensions with more than one place, by their strides.
Dims by_stride(IntArrayRef sizes, IntArrayRef strides) {
  Dims order;
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] == 1) continue;
    int32_t place = 0;
    while (place < order.size() && strides[static_cast<size_t>(order[place])] < strides[i]) ++place;
    order.insert(place, static_cast<int64_t>(i));
  }
  return order;
}

}  // namespace

bool is_dense(IntArrayRef sizes, IntArrayRef strides) {
  int64_t step = 1;
  for (const int64_t i : by_stride(sizes, strides)) {
    if (strides[static_cast<size_t>(i)] != step) return false;
    step *= sizes[static_cast<size_t>(i)];
  }
  return true;
}

bool may_overlap(IntArrayRef sizes, IntArrayRef strides) {
  int64_t covered = 1;
  for (const int64_t i : by_stride(sizes, strides)) {
    const int64_t size = sizes[static_cast<size_t>(i)], stride = strides[static_cast<size_t>(i)];
    if (size == 0) return false;
    if (stride < covered) return true;
    covered += (size - 1) * stride;
  }
  return false;
}

Dims dense_layout(const Tensor& tensor) {
  return is_dense(tensor) ? Dims(tensor.strides()) : contiguous_strides(tensor.sizes());
}

}  // namespace rondo::tensor_data
