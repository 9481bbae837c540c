#include <rondo/autograd/tensor/layout.h>

#include <algorithm>

namespace rondo::tensor_data {

bool is_dense(const Tensor& tensor) {
  if (tensor.is_contiguous()) return true;
  const IntArrayRef sizes = tensor.sizes(), strides = tensor.strides();
  Dims order;
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] != 1) order.push_back(static_cast<int64_t>(i));
  }
  std::sort(order.begin(), order.end(),
            [&](int64_t a, int64_t b) { return strides[static_cast<size_t>(a)] < strides[static_cast<size_t>(b)]; });
  int64_t step = 1;
  for (const int64_t i : order) {
    if (strides[static_cast<size_t>(i)] != step) return false;
    step *= sizes[static_cast<size_t>(i)];
  }
  return true;
}

Dims dense_layout(const Tensor& tensor) {
  return is_dense(tensor) ? Dims(tensor.strides()) : contiguous_strides(tensor.sizes());
}

}  // namespace rondo::tensor_data
