// Names of libtorch's older namespaces: what torch:: and c10:: have of the standard library, c10::irange.
#pragma once

#include <rondo/autograd/functional/dict.h>
#include <rondo/nn/enums.h>

#include <optional>
#include <type_traits>
#include <vector>

namespace rondo {

using enumtype::holds_alternative;
using std::make_optional;
using std::nullopt;
using std::nullopt_t;
using std::optional;

// libtorch's list of any values, which index and index_put take with optional tensors in it.
template <class T>
using List = std::vector<T>;

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
