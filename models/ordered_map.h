// A small map that keeps the order in which its keys came: logs, histories, results.
#pragma once

#include <rondo/autograd/base/error.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rondo::models {

namespace detail {
// Throws ValueError: lists the keys that there are.
[[noreturn]] void no_such_key(std::string_view key, const std::vector<std::string>& known);
}  // namespace detail

template <class V>
class OrderedMap {
 public:
  using value_type = std::pair<std::string, V>;

  OrderedMap() = default;
  OrderedMap(std::initializer_list<value_type> items) : items_(items) {}

  // The value of a key; throws ValueError where there is none.
  const V& at(std::string_view key) const {
    if (const V* value = find(key)) return *value;
    detail::no_such_key(key, keys());
  }
  V& at(std::string_view key) { return const_cast<V&>(std::as_const(*this).at(key)); }
  const V& operator[](std::string_view key) const { return at(key); }
  V& operator[](std::string_view key) { return at(key); }

  bool contains(std::string_view key) const { return find(key) != nullptr; }
  // Null where there is no such key.
  const V* find(std::string_view key) const {
    for (const value_type& item : items_) {
      if (item.first == key) return &item.second;
    }
    return nullptr;
  }
  // Sets the value of a key; a new key comes last.
  V& insert_or_assign(std::string_view key, V value) {
    for (value_type& item : items_) {
      if (item.first == key) return item.second = std::move(value);
    }
    items_.emplace_back(std::string(key), std::move(value));
    return items_.back().second;
  }
  void clear() { items_.clear(); }

  std::vector<std::string> keys() const {
    std::vector<std::string> list;
    for (const value_type& item : items_) list.push_back(item.first);
    return list;
  }
  std::vector<V> values() const {
    std::vector<V> list;
    for (const value_type& item : items_) list.push_back(item.second);
    return list;
  }

  size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }
  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }
  auto begin() { return items_.begin(); }
  auto end() { return items_.end(); }

 private:
  std::vector<value_type> items_;
};

// Named numbers: what callbacks are handed, what evaluate returns.
class Logs : public OrderedMap<double> {
 public:
  using OrderedMap<double>::OrderedMap;
  using OrderedMap<double>::operator[];

  // By place: evaluate's loss is [0], the metrics follow. Throws IndexError.
  double operator[](int place) const {
    if (place < 0 || static_cast<size_t>(place) >= size()) {
      fail_index("Logs", "place " + std::to_string(place) + " of " + std::to_string(size()) + " values");
    }
    return (begin() + place)->second;
  }
  double operator[](int place) { return std::as_const(*this)[place]; }
};

}  // namespace rondo::models
