// A list whose copies share its elements.
#pragma once

#include <rondo/autograd/base/array_ref.h>
#include <rondo/autograd/base/ref.h>

#include <initializer_list>
#include <type_traits>
#include <utility>
#include <vector>

namespace rondo {

// libtorch's list of values, which index and index_put take with optional tensors in it. Copies share their elements;
// copy() does not. An IValue of tensors, int64_t, double or IValue shares them too.
template <class T>
class List {
 public:
  using value_type = T;
  using iterator = typename std::vector<T>::iterator;
  using size_type = size_t;

  List() : List(std::vector<T>()) {}
  List(std::initializer_list<T> values) : List(std::vector<T>(values)) {}
  explicit List(ArrayRef<T> values) : List(values.vec()) {}
  explicit List(std::vector<T> values) : shared_(new Shared(std::move(values))) {}

  T get(size_t i) const { return values().at(i); }
  void set(size_t i, T value) const { values().at(i) = std::move(value); }
  T extract(size_t i) const { return std::exchange(values().at(i), T()); }
  decltype(auto) operator[](size_t i) const { return values().at(i); }
  iterator begin() const { return values().begin(); }
  iterator end() const { return values().end(); }
  size_t size() const { return values().size(); }
  bool empty() const { return values().empty(); }
  void push_back(T value) const { values().push_back(std::move(value)); }
  template <class... Args>
  void emplace_back(Args&&... args) const {
    values().emplace_back(std::forward<Args>(args)...);
  }
  void append(const List& other) const { values().insert(end(), other.begin(), other.end()); }
  iterator insert(iterator where, T value) const { return values().insert(where, std::move(value)); }
  iterator erase(iterator where) const { return values().erase(where); }
  void pop_back() const { values().pop_back(); }
  void clear() const { values().clear(); }
  void reserve(size_t count) const { values().reserve(count); }
  void resize(size_t count) const { values().resize(count); }
  void resize(size_t count, const T& value) const { values().resize(count, value); }
  List copy() const { return List(values()); }
  std::vector<T> vec() const { return values(); }
  std::vector<T>& values() const { return shared_->values; }
  bool is(const List& other) const { return shared_ == other.shared_; }
  operator ArrayRef<T>() const requires(!std::is_same_v<T, bool>) { return values(); }
  friend bool operator==(const List& a, const List& b) { return a.values() == b.values(); }

 private:
  struct Shared : base::RefCounted {
    explicit Shared(std::vector<T> from) : values(std::move(from)) {}
    static void dispose(Shared* shared) noexcept { delete shared; }
    std::vector<T> values;
  };

  base::Ref<Shared> shared_;
};

}  // namespace rondo
