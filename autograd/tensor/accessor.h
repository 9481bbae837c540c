// Elements of a tensor by their indices, for loops in user code.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <cstdint>
#include <utility>

namespace rondo {

namespace tensor_data {
// Throws Error.
[[noreturn]] void wrong_accessor(size_t wanted, int64_t dim);
[[noreturn]] void wrong_accessor_dim(int64_t dim, size_t count);
[[noreturn]] void too_large_for_accessor(int64_t numel);
}  // namespace tensor_data

// One dimension of N: what operator[] gives has one less, the last one a reference to a number. Nothing is checked.
template <class T, size_t N, template <class> class PtrTraits, class Index>
class TensorAccessor {
 public:
  using PtrType = typename PtrTraits<T>::PtrType;

  TensorAccessor(PtrType data, const Index* sizes, const Index* strides)
      : data_(data), sizes_(sizes), strides_(strides) {}

  ArrayRef<Index> sizes() const { return {sizes_, N}; }
  ArrayRef<Index> strides() const { return {strides_, N}; }
  Index size(Index dim) const { return sizes_[dim]; }
  Index stride(Index dim) const { return strides_[dim]; }
  PtrType data() const { return data_; }
  decltype(auto) operator[](Index i) const {
    if constexpr (N == 1) {
      return static_cast<T&>(data_[i * strides_[0]]);
    } else {
      return TensorAccessor<T, N - 1, PtrTraits, Index>(data_ + i * strides_[0], sizes_ + 1, strides_ + 1);
    }
  }

 private:
  PtrType data_;
  const Index *sizes_, *strides_;
};

// The same with sizes and strides of its own.
template <class T, size_t N, template <class> class PtrTraits, class Index>
class GenericPackedTensorAccessor {
 public:
  using PtrType = typename PtrTraits<T>::PtrType;

  template <class From>
  GenericPackedTensorAccessor(PtrType data, const From* sizes, const From* strides) : data_(data) {
    for (size_t i = 0; i < N; ++i) {
      sizes_[i] = static_cast<Index>(sizes[i]);
      strides_[i] = static_cast<Index>(strides[i]);
    }
  }

  Index size(Index dim) const { return sizes_[dim]; }
  Index stride(Index dim) const { return strides_[dim]; }
  PtrType data() const { return data_; }
  decltype(auto) operator[](Index i) const {
    return TensorAccessor<T, N, PtrTraits, Index>(data_, sizes_, strides_)[i];
  }
  // With two dimensions exchanged; throws IndexError for one that is not there.
  GenericPackedTensorAccessor transpose(Index dim1, Index dim2) const {
    for (const Index dim : {dim1, dim2}) {
      if (dim < 0 || dim >= static_cast<Index>(N)) tensor_data::wrong_accessor_dim(dim, N);
    }
    GenericPackedTensorAccessor result(*this);
    std::swap(result.sizes_[dim1], result.sizes_[dim2]);
    std::swap(result.strides_[dim1], result.strides_[dim2]);
    return result;
  }

 private:
  PtrType data_;
  Index sizes_[N], strides_[N];
};

template <class T, size_t N>
TensorAccessor<T, N> Tensor::accessor() const& {
  static_assert(N > 0, "accessors are for tensors with dimensions; use item() or data_ptr() for a single number");
  if (dim() != static_cast<int64_t>(N)) tensor_data::wrong_accessor(N, dim());
  return {data_ptr<std::remove_const_t<T>>(), sizes().data(), strides().data()};
}

template <class T, size_t N, template <class> class PtrTraits>
PackedTensorAccessor32<T, N, PtrTraits> Tensor::packed_accessor32() const& {
  if (dim() != static_cast<int64_t>(N)) tensor_data::wrong_accessor(N, dim());
  if (numel() > INT32_MAX) tensor_data::too_large_for_accessor(numel());
  return {data_ptr<std::remove_const_t<T>>(), sizes().data(), strides().data()};
}
template <class T, size_t N, template <class> class PtrTraits>
PackedTensorAccessor64<T, N, PtrTraits> Tensor::packed_accessor64() const& {
  if (dim() != static_cast<int64_t>(N)) tensor_data::wrong_accessor(N, dim());
  return {data_ptr<std::remove_const_t<T>>(), sizes().data(), strides().data()};
}

}  // namespace rondo
