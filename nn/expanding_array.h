// Sizes of windows and strides: one number for all dimensions, or one for each.
#pragma once

#include <rondo/autograd/base/array_ref.h>

#include <iosfwd>
#include <vector>

namespace rondo {

// D values of T. It converts from one value, which is repeated, and from lists, which throw Error unless they have D.
template <size_t D, class T = int64_t>
class ExpandingArray {
 public:
  ExpandingArray(std::initializer_list<T> list) : ExpandingArray(ArrayRef<T>(list)) {}
  ExpandingArray(const std::vector<T>& list) : ExpandingArray(ArrayRef<T>(list)) {}
  ExpandingArray(ArrayRef<T> list) {
    if (list.size() != D) {
      fail("ExpandingArray",
           "Expected " + std::to_string(D) + " values, but instead got " + std::to_string(list.size()));
    }
    for (size_t i = 0; i < D; ++i) values_[i] = list[i];
  }
  ExpandingArray(T single) {
    for (T& value : values_) value = single;
  }
  ExpandingArray(const std::array<T, D>& values) : values_(values) {}

  std::array<T, D>& operator*() { return values_; }
  const std::array<T, D>& operator*() const { return values_; }
  std::array<T, D>* operator->() { return &values_; }
  const std::array<T, D>* operator->() const { return &values_; }
  operator ArrayRef<T>() const { return values_; }
  size_t size() const noexcept { return D; }

 protected:
  std::array<T, D> values_;
};

// The same of values that may be missing, written None.
template <size_t D, class T = int64_t>
class ExpandingArrayWithOptionalElem : public ExpandingArray<D, std::optional<T>> {
  using Base = ExpandingArray<D, std::optional<T>>;

 public:
  using Base::Base;
  ExpandingArrayWithOptionalElem(std::initializer_list<T> list) : ExpandingArrayWithOptionalElem(ArrayRef<T>(list)) {}
  ExpandingArrayWithOptionalElem(const std::vector<T>& list) : ExpandingArrayWithOptionalElem(ArrayRef<T>(list)) {}
  ExpandingArrayWithOptionalElem(ArrayRef<T> list) : Base(wrapped(list)) {}
  ExpandingArrayWithOptionalElem(T single) : Base(std::optional<T>(single)) {}

 private:
  static std::vector<std::optional<T>> wrapped(ArrayRef<T> list) {
    return std::vector<std::optional<T>>(list.begin(), list.end());
  }
};

namespace nn {
// "5" for one dimension, "[5, 6]" for more; None for what is missing.
std::string to_text(ArrayRef<int64_t> values);
std::string to_text(ArrayRef<double> values);
std::string to_text(ArrayRef<std::optional<int64_t>> values);
// "[5]" also for one.
std::string list_text(IntArrayRef values);
}  // namespace nn

template <size_t D, class T>
std::ostream& operator<<(std::ostream& out, const ExpandingArray<D, T>& array) {
  return out << nn::to_text(ArrayRef<T>(array)).c_str();
}

}  // namespace rondo
