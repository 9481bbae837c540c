// Streams write the standard library's vectors, pairs, maps and sets, as they do with libtorch's headers.
#pragma once

#include <rondo/autograd/base/array_ref.h>

#include <ostream>
#include <utility>
#include <vector>

namespace rondo::compat {

template <class T>
concept Ordered = requires(const T& container) {
  typename T::key_type;
  typename T::key_compare;
  container.begin() != container.end();
};

// The first hundred elements.
template <class Container>
void write_elements(std::ostream& out, const Container& container) {
  int count = 0;
  for (const auto& element : container) {
    if (count == 100) {
      out << " ...";
      return;
    }
    if (count++ > 0) out << ' ';
    out << element;
  }
}

}  // namespace rondo::compat

namespace rondo {

// "[1, 2]"; lists of sizes, of double and of tensors have their own.
template <class T>
std::ostream& operator<<(std::ostream& out, ArrayRef<T> list) {
  out << '[';
  for (size_t i = 0; i < list.size(); ++i) out << (i > 0 ? ", " : "") << list[i];
  return out << ']';
}

}  // namespace rondo

// In std, where the operators of such types are looked for.
namespace std {

template <class First, class Second>
ostream& operator<<(ostream& out, const pair<First, Second>& both);

template <class T, class Allocator>
ostream& operator<<(ostream& out, const vector<T, Allocator>& elements) {
  ::rondo::compat::write_elements(out, elements);
  return out;
}
template <::rondo::compat::Ordered Container>
ostream& operator<<(ostream& out, const Container& elements) {
  ::rondo::compat::write_elements(out, elements);
  return out;
}
template <class First, class Second>
ostream& operator<<(ostream& out, const pair<First, Second>& both) {
  return out << '(' << both.first << ", " << both.second << ')';
}

}  // namespace std
