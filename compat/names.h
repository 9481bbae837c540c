// Names of libtorch's older namespaces: what torch:: and c10:: have of the standard library, c10::irange, c10::List.
#pragma once

#include <rondo/autograd/base/dims.h>
#include <rondo/autograd/functional/dict.h>
#include <rondo/autograd/tensor/tensor.h>
#include <rondo/nn/enums.h>

#include <initializer_list>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace rondo {

using enumtype::holds_alternative;
using std::in_place;
using std::in_place_t;
using std::make_optional;
using std::nullopt;
using std::nullopt_t;
using std::optional;
using std::string_view;

template <class T>
using OptionalArrayRef =
    std::conditional_t<std::is_same_v<T, int64_t>, OptionalIntArrayRef, std::optional<ArrayRef<T>>>;

// libtorch's list of any values, which index and index_put take with optional tensors in it. Copies share their
// elements; copy() does not.
template <class T>
class List {
 public:
  using value_type = T;
  using iterator = typename std::vector<T>::iterator;
  using size_type = size_t;

  List() : values_(std::make_shared<std::vector<T>>()) {}
  List(std::initializer_list<T> values) : List(std::vector<T>(values)) {}
  explicit List(ArrayRef<T> values) : List(values.vec()) {}
  explicit List(std::vector<T> values) : values_(std::make_shared<std::vector<T>>(std::move(values))) {}

  T get(size_t i) const { return values_->at(i); }
  void set(size_t i, T value) const { values_->at(i) = std::move(value); }
  T extract(size_t i) const { return std::exchange(values_->at(i), T()); }
  decltype(auto) operator[](size_t i) const { return values_->at(i); }
  iterator begin() const { return values_->begin(); }
  iterator end() const { return values_->end(); }
  size_t size() const { return values_->size(); }
  bool empty() const { return values_->empty(); }
  void push_back(T value) const { values_->push_back(std::move(value)); }
  template <class... Args>
  void emplace_back(Args&&... args) const {
    values_->emplace_back(std::forward<Args>(args)...);
  }
  void append(const List& other) const { values_->insert(end(), other.begin(), other.end()); }
  iterator insert(iterator where, T value) const { return values_->insert(where, std::move(value)); }
  iterator erase(iterator where) const { return values_->erase(where); }
  void pop_back() const { values_->pop_back(); }
  void clear() const { values_->clear(); }
  void reserve(size_t count) const { values_->reserve(count); }
  void resize(size_t count) const { values_->resize(count); }
  void resize(size_t count, const T& value) const { values_->resize(count, value); }
  List copy() const { return List(*values_); }
  std::vector<T> vec() const { return *values_; }
  bool is(const List& other) const { return values_ == other.values_; }
  operator ArrayRef<T>() const requires(!std::is_same_v<T, bool>) { return *values_; }
  friend bool operator==(const List& a, const List& b) { return *a.values_ == *b.values_; }

 private:
  std::shared_ptr<std::vector<T>> values_;
};

// The dtype of a C++ type, and the C++ type of a dtype.
template <class T>
struct CppTypeToScalarType : std::integral_constant<ScalarType, scalar_type_of<T>> {};
inline ScalarType get_default_dtype_as_scalartype() { return default_dtype(); }
inline int64_t maybe_wrap_dim(int64_t dim, int64_t ndim, bool = true) { return wrap_dim("maybe_wrap_dim", dim, ndim); }
inline std::vector<int64_t> infer_size(IntArrayRef a, IntArrayRef b) {
  const Dims sizes = broadcast_shapes("infer_size", a, b);
  return IntArrayRef(sizes).vec();
}

// Writes the tensor to std::cout, in lines of so many columns.
void print(const Tensor& tensor, int64_t line_size = 80);

namespace impl {
using rondo::GenericDict;
using GenericList = std::vector<IValue>;
}  // namespace impl

namespace compat {

// begin, ..., end - 1.
template <class T>
class IntegerRange {
 public:
  struct Iterator {
    T value;
    T operator*() const { return value; }
    Iterator& operator++() {
      ++value;
      return *this;
    }
    bool operator!=(Iterator other) const { return value != other.value; }
    bool operator==(Iterator other) const { return value == other.value; }
  };
  IntegerRange(T begin, T end) : begin_(begin), end_(end < begin ? begin : end) {}
  Iterator begin() const { return {begin_}; }
  Iterator end() const { return {end_}; }

 private:
  T begin_, end_;
};

}  // namespace compat

// For loops: `for (auto i : irange(n))`, of the type of the end; empty where the end is below the begin.
template <class T>
requires(std::is_integral_v<T>) compat::IntegerRange<T> irange(T end) { return {T(0), end}; }
template <class A, class B>
requires(std::is_integral_v<A>&& std::is_integral_v<B>) compat::IntegerRange<B> irange(A begin, B end) {
  return {static_cast<B>(begin), end};
}

}  // namespace rondo
