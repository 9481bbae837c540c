// The namespace at: rondo's names, but for at::tensor.
#pragma once

#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>

namespace at {

using namespace ::rondo;  // NOLINT(google-build-using-namespace): this namespace is rondo under another name

// Unlike torch::tensor it keeps the C++ type as the dtype, and makes one dimension of a single number.
template <class T>
requires(std::is_arithmetic_v<T>) Tensor tensor(ArrayRef<T> values, TensorOptions options = {}) {
  const auto count = static_cast<int64_t>(values.size());
  Tensor all = rondo::empty({count}, scalar_type_of<T>);
  for (int64_t i = 0; i < count; ++i) all.data_ptr<T>()[i] = values[static_cast<size_t>(i)];
  if (options.has_dtype()) all = all.to(options.dtype());
  return options.requires_grad() ? all.requires_grad_() : all;
}
template <class T>
requires(std::is_arithmetic_v<T>) Tensor tensor(std::initializer_list<T> values, TensorOptions options = {}) {
  return at::tensor(ArrayRef<T>(values), options);
}
template <class T>
requires(std::is_arithmetic_v<T>) Tensor tensor(T value, TensorOptions options = {}) {
  return at::tensor(ArrayRef<T>(value), options);
}
template <class T>
requires(std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) Tensor
    tensor(const std::vector<T>& values, TensorOptions options = {}) {
  return at::tensor(ArrayRef<T>(values), options);
}

namespace native {
using namespace ::rondo;  // NOLINT(google-build-using-namespace): libtorch's kernels, which programs call at times
}

}  // namespace at
