// Elements of a tensor by their indices, for loops in user code.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

namespace rondo {

// One dimension of N: what operator[] gives has one less, the last one a reference to a number. Nothing is checked.
template <class T, size_t N>
class TensorAccessor {
 public:
  TensorAccessor(T* data, const int64_t* sizes, const int64_t* strides)
      : data_(data), sizes_(sizes), strides_(strides) {}

  IntArrayRef sizes() const { return {sizes_, N}; }
  IntArrayRef strides() const { return {strides_, N}; }
  int64_t size(int64_t dim) const { return sizes_[dim]; }
  int64_t stride(int64_t dim) const { return strides_[dim]; }
  T* data() const { return data_; }
  decltype(auto) operator[](int64_t i) const {
    if constexpr (N == 1) {
      return static_cast<T&>(data_[i * strides_[0]]);
    } else {
      return TensorAccessor<T, N - 1>(data_ + i * strides_[0], sizes_ + 1, strides_ + 1);
    }
  }

 private:
  T* data_;
  const int64_t *sizes_, *strides_;
};

namespace tensor_data {
// Throws Error.
[[noreturn]] void wrong_accessor(size_t wanted, int64_t dim);
}  // namespace tensor_data

template <class T, size_t N>
TensorAccessor<T, N> Tensor::accessor() const& {
  static_assert(N > 0, "accessors are for tensors with dimensions; use item() or data_ptr() for a single number");
  if (dim() != static_cast<int64_t>(N)) tensor_data::wrong_accessor(N, dim());
  return {data_ptr<std::remove_const_t<T>>(), sizes().data(), strides().data()};
}

}  // namespace rondo
