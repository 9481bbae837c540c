// Views of lists that someone else owns: what sizes, strides and dimensions are passed as.
#pragma once

#include <rondo/autograd/base/error.h>

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

namespace rondo {

// A constant view of contiguous elements. It converts from one element, a braced list, a vector and an array, and lives
// no longer than what it was made from: meant for parameters.
template <class T>
class ArrayRef {
 public:
  using value_type = T;
  using iterator = const T*;
  using const_iterator = const T*;
  using size_type = size_t;

  constexpr ArrayRef() = default;
  constexpr ArrayRef(const T& one) : data_(&one), size_(1) {}
  constexpr ArrayRef(const T* data, size_t size) : data_(data), size_(size) {}
  constexpr ArrayRef(const T* first, const T* last) : data_(first), size_(static_cast<size_t>(last - first)) {}
  template <class A>
  ArrayRef(const std::vector<T, A>& list) : data_(list.data()), size_(list.size()) {}
  template <size_t N>
  constexpr ArrayRef(const std::array<T, N>& list) : data_(list.data()), size_(N) {}
  template <size_t N>
  constexpr ArrayRef(const T (&list)[N]) : data_(list), size_(N) {}
#pragma GCC diagnostic push
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Winit-list-lifetime"
#endif
  constexpr ArrayRef(const std::initializer_list<T>& list)
      : data_(list.size() ? list.begin() : nullptr), size_(list.size()) {}
#pragma GCC diagnostic pop

  constexpr const T* begin() const { return data_; }
  constexpr const T* end() const { return data_ + size_; }
  constexpr const T* data() const { return data_; }
  constexpr size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr const T& operator[](size_t i) const { return data_[i]; }
  const T& at(size_t i) const {
    if (i >= size_)
      fail_index("ArrayRef", "index " + std::to_string(i) + " is outside of a list of " + std::to_string(size_));
    return data_[i];
  }
  constexpr const T& front() const { return data_[0]; }
  constexpr const T& back() const { return data_[size_ - 1]; }
  constexpr ArrayRef slice(size_t first, size_t count) const { return {data_ + first, count}; }
  constexpr ArrayRef slice(size_t first) const { return {data_ + first, size_ - first}; }
  std::vector<T> vec() const { return std::vector<T>(begin(), end()); }

  constexpr bool equals(ArrayRef other) const {
    if (size_ != other.size_) return false;
    for (size_t i = 0; i < size_; ++i) {
      if (!(data_[i] == other.data_[i])) return false;
    }
    return true;
  }
  friend constexpr bool operator==(ArrayRef a, ArrayRef b) { return a.equals(b); }

 private:
  const T* data_ = nullptr;
  size_t size_ = 0;
};

using IntArrayRef = ArrayRef<int64_t>;

// Found by their names, not by their arguments: programs have functions of their own that are so called.
namespace by_name {
// "(2, 3)", "(4,)", "()": how messages write shapes.
std::string to_string(IntArrayRef list);
}  // namespace by_name
using namespace by_name;  // NOLINT(google-build-using-namespace)

// A list of integers, or nothing. It converts from what IntArrayRef converts from.
class OptionalIntArrayRef {
 public:
  constexpr OptionalIntArrayRef() = default;
  constexpr OptionalIntArrayRef(IntArrayRef list) : list_(list), present_(true) {}
  constexpr OptionalIntArrayRef(const int64_t& one) : list_(one), present_(true) {}
  OptionalIntArrayRef(const std::vector<int64_t>& list) : list_(list), present_(true) {}
  template <size_t N>
  constexpr OptionalIntArrayRef(const std::array<int64_t, N>& list) : list_(list), present_(true) {}
  constexpr OptionalIntArrayRef(const std::initializer_list<int64_t>& list) : list_(list), present_(true) {}
  constexpr OptionalIntArrayRef(std::nullopt_t) {}

  constexpr bool has_value() const { return present_; }
  constexpr explicit operator bool() const { return present_; }
  constexpr IntArrayRef value() const { return list_; }
  constexpr const IntArrayRef& operator*() const { return list_; }
  constexpr const IntArrayRef* operator->() const { return &list_; }

 private:
  IntArrayRef list_;
  bool present_ = false;
};

}  // namespace rondo
