// Creation of tensors.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <type_traits>

namespace rondo {

// Memory that is not set. All factories throw ValueError for negative sizes.
Tensor empty(IntArrayRef sizes, TensorOptions options = {});
Tensor empty_strided(IntArrayRef sizes, IntArrayRef strides, TensorOptions options = {});
Tensor zeros(IntArrayRef sizes, TensorOptions options = {});
Tensor ones(IntArrayRef sizes, TensorOptions options = {});
// Without a dtype in the options: bool, int64 or the default dtype, as `value` is.
Tensor full(IntArrayRef sizes, Scalar value, TensorOptions options = {});
// A 0-dimensional tensor of one value.
Tensor scalar_tensor(Scalar value, TensorOptions options = {});
Tensor empty_like(const Tensor& like, TensorOptions options = {});
Tensor zeros_like(const Tensor& like, TensorOptions options = {});
Tensor ones_like(const Tensor& like, TensorOptions options = {});
Tensor full_like(const Tensor& like, Scalar value, TensorOptions options = {});
Tensor rand_like(const Tensor& like, TensorOptions options = {});
Tensor randn_like(const Tensor& like, TensorOptions options = {});

// start, start + step, ... below `end`; int64 where all numbers are integers and no dtype is given.
Tensor arange(Scalar end, TensorOptions options = {});
Tensor arange(Scalar start, Scalar end, TensorOptions options = {});
Tensor arange(Scalar start, Scalar end, Scalar step, TensorOptions options = {});
// `steps` numbers from start to end, both included.
Tensor linspace(Scalar start, Scalar end, int64_t steps = 100, TensorOptions options = {});
// base to the power of linspace's numbers.
Tensor logspace(Scalar start, Scalar end, int64_t steps = 100, double base = 10, TensorOptions options = {});
// start, start + step, ... up to and including `end`, in the default dtype: libtorch's old arange.
Tensor range(Scalar start, Scalar end, Scalar step, TensorOptions options = {});
Tensor range(Scalar start, Scalar end, TensorOptions options = {});
Tensor eye(int64_t n, TensorOptions options = {});
Tensor eye(int64_t n, int64_t m, TensorOptions options = {});

// Uniform in [0, 1), standard normal, integers in [low, high) (int64 by default), a permutation of 0 ... n - 1.
Tensor rand(IntArrayRef sizes, TensorOptions options = {});
Tensor rand(IntArrayRef sizes, std::optional<Generator> generator, TensorOptions options = {});
Tensor randn(IntArrayRef sizes, TensorOptions options = {});
Tensor randn(IntArrayRef sizes, std::optional<Generator> generator, TensorOptions options = {});
Tensor randint(int64_t high, IntArrayRef sizes, TensorOptions options = {});
Tensor randint(int64_t low, int64_t high, IntArrayRef sizes, TensorOptions options = {});
Tensor randperm(int64_t n, TensorOptions options = {});
Tensor randperm(int64_t n, std::optional<Generator> generator, TensorOptions options = {});

namespace tensor_data {

template <class T>
concept Number = std::is_arithmetic_v<T> || std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>;
// A number or a braced list of such, up to ten levels deep: what `tensor(...)` takes.
class Nested {
 public:
  template <Number T>
  Nested(T value) : scalar_(value), type_(scalar_type_of<std::remove_cv_t<T>>) {}
  Nested(std::initializer_list<Nested> list);
  template <Number T>
  Nested(const std::vector<T>& list) : Nested(ArrayRef<T>(list)) {}
  template <Number T>
  Nested(ArrayRef<T> list) : sizes_{static_cast<int64_t>(list.size())}, type_(scalar_type_of<T>), is_list_(true) {
    for (const T& value : list) values_.push_back(value);
  }
  Nested(const std::vector<bool>& list);

  bool is_scalar() const { return !is_list_; }
  Scalar scalar() const { return scalar_; }
  ScalarType type() const { return type_; }
  IntArrayRef sizes() const { return sizes_; }
  const std::vector<Scalar>& values() const { return values_; }

 private:
  Scalar scalar_;
  Dims sizes_;
  std::vector<Scalar> values_;  // row-major
  ScalarType type_;
  bool is_list_ = false;
};

}  // namespace tensor_data

// A tensor of the values: int and int64 give int64, floating point numbers the default dtype, other types themselves,
// unless the options say otherwise. Throws for ragged lists and for lists that mix types.
Tensor tensor(const tensor_data::Nested& data, TensorOptions options = {});
namespace tensor_data {
Tensor from_list(const void* numbers, ScalarType type, size_t count, TensorOptions options);
}
// A list of numbers in one dimension, by the same rules.
template <tensor_data::Number T>
Tensor tensor(ArrayRef<T> list, TensorOptions options = {}) {
  return tensor_data::from_list(list.data(), scalar_type_of<T>, list.size(), options);
}
template <tensor_data::Number T>
requires(!std::is_same_v<T, bool>) Tensor tensor(const std::vector<T>& list, TensorOptions options = {}) {
  return tensor(ArrayRef<T>(list), options);
}

// A tensor over someone else's memory, which must outlive it; strides in elements. With a deleter, `deleter(data)` is
// called when the last reference is gone.
Tensor from_blob(void* data, IntArrayRef sizes, TensorOptions options = {});
Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides, TensorOptions options = {});
namespace tensor_data {
Tensor from_external(void* data, IntArrayRef sizes, IntArrayRef strides, StorageImpl::Release release, void* context,
                     TensorOptions options);
}
template <class Deleter>
requires(std::is_invocable_v<Deleter&, void*>) Tensor
    from_blob(void* data, IntArrayRef sizes, IntArrayRef strides, Deleter deleter, TensorOptions options = {}) {
  return tensor_data::from_external(
      data, sizes, strides,
      [](void* context, void* memory) {
        auto* kept = static_cast<Deleter*>(context);
        (*kept)(memory);
        delete kept;
      },
      new Deleter(std::move(deleter)), options);
}
template <class Deleter>
requires(std::is_invocable_v<Deleter&, void*>) Tensor
    from_blob(void* data, IntArrayRef sizes, Deleter deleter, TensorOptions options = {}) {
  return from_blob(data, sizes, contiguous_strides(sizes), std::move(deleter), options);
}

namespace tensor_data {
// A new contiguous tensor without history: the quick way for operations.
Tensor make(IntArrayRef sizes, ScalarType type);
Tensor make_strided(IntArrayRef sizes, IntArrayRef strides, ScalarType type);
// The same sizes as a contiguous tensor.
Tensor make_like(const TensorImpl& like, ScalarType type);
// Another window on the tensor's storage; `offset` in elements from the tensor's own first element. No history.
Tensor window(const Tensor& tensor, IntArrayRef sizes, IntArrayRef strides, int64_t offset);
}  // namespace tensor_data

}  // namespace rondo
