// A dictionary that keeps the order of insertion.
#pragma once

#include <rondo/autograd/base/error.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace rondo {

// Keys are unique and can be compared by <. Looking up is a binary search. Messages call the keys what
// `key_description` says: "Parameter 'weight' already defined".
template <class Key, class Value>
class OrderedDict {
 public:
  class Item {
   public:
    Item(Key key, Value value) : pair_(std::move(key), std::move(value)) {}
    Value& operator*() { return value(); }
    const Value& operator*() const { return value(); }
    Value* operator->() { return &value(); }
    const Value* operator->() const { return &value(); }
    const Key& key() const noexcept { return pair_.first; }
    Value& value() noexcept { return pair_.second; }
    const Value& value() const noexcept { return pair_.second; }
    const std::pair<Key, Value>& pair() const noexcept { return pair_; }

   private:
    std::pair<Key, Value> pair_;
  };
  using Iterator = typename std::vector<Item>::iterator;
  using ConstIterator = typename std::vector<Item>::const_iterator;

  explicit OrderedDict(std::string key_description = "Key") : key_description_(std::move(key_description)) {}
  // Throws Error for a key that comes twice.
  OrderedDict(std::initializer_list<Item> items) : OrderedDict() {
    reserve(items.size());
    for (const Item& item : items) insert(item.key(), item.value());
  }

  const std::string& key_description() const noexcept { return key_description_; }

  Item& front() { return items_[first("front")]; }
  const Item& front() const { return items_[first("front")]; }
  Item& back() { return items_[first("back") + size() - 1]; }
  const Item& back() const { return items_[first("back") + size() - 1]; }
  Item& operator[](size_t index) { return items_[checked(index)]; }
  const Item& operator[](size_t index) const { return items_[checked(index)]; }
  Value& operator[](const Key& key) { return items_[existing(key)].value(); }
  const Value& operator[](const Key& key) const { return items_[existing(key)].value(); }

  // The value, or null.
  Value* find(const Key& key) noexcept {
    const size_t rank = rank_of(key);
    return is_at(rank, key) ? &items_[order_[rank]].value() : nullptr;
  }
  const Value* find(const Key& key) const noexcept { return const_cast<OrderedDict*>(this)->find(key); }
  bool contains(const Key& key) const noexcept { return find(key) != nullptr; }

  Iterator begin() { return items_.begin(); }
  ConstIterator begin() const { return items_.begin(); }
  Iterator end() { return items_.end(); }
  ConstIterator end() const { return items_.end(); }

  size_t size() const noexcept { return items_.size(); }
  bool is_empty() const noexcept { return items_.empty(); }
  void reserve(size_t capacity) {
    items_.reserve(capacity);
    order_.reserve(capacity);
  }

  // Throws Error if the key is there already.
  Value& insert(Key key, Value value) {
    const size_t rank = rank_of(key);
    if (is_at(rank, key)) complain(key, "already defined");
    order_.reserve(order_.size() + 1);  // the second insertion cannot throw
    items_.emplace_back(std::move(key), std::move(value));
    order_.insert(order_.begin() + static_cast<std::ptrdiff_t>(rank), static_cast<uint32_t>(items_.size() - 1));
    return items_.back().value();
  }
  // Inserts all items of another dictionary.
  void update(const OrderedDict& other) {
    reserve(size() + other.size());
    for (const Item& item : other) insert(item.key(), item.value());
  }
  void update(OrderedDict&& other) {
    reserve(size() + other.size());
    for (Item& item : other) insert(item.key(), std::move(item.value()));
  }
  // Throws Error if the key is not there.
  void erase(const Key& key) {
    const auto place = static_cast<uint32_t>(existing(key));
    order_.erase(order_.begin() + static_cast<std::ptrdiff_t>(rank_of(key)));
    items_.erase(items_.begin() + place);
    for (uint32_t& other : order_) {
      if (other > place) --other;
    }
  }
  void clear() {
    items_.clear();
    order_.clear();
  }

  const std::vector<Item>& items() const noexcept { return items_; }
  std::vector<Key> keys() const {
    std::vector<Key> list;
    list.reserve(size());
    for (const Item& item : items_) list.push_back(item.key());
    return list;
  }
  std::vector<Value> values() const {
    std::vector<Value> list;
    list.reserve(size());
    for (const Item& item : items_) list.push_back(item.value());
    return list;
  }
  std::vector<std::pair<Key, Value>> pairs() const {
    std::vector<std::pair<Key, Value>> list;
    list.reserve(size());
    for (const Item& item : items_) list.push_back(item.pair());
    return list;
  }

  // Equal if keys, values and their order are.
  friend bool operator==(const OrderedDict& a, const OrderedDict& b) {
    if (a.size() != b.size()) return false;
    for (size_t i = 0; i < a.size(); ++i) {
      if (!(a.items_[i].pair() == b.items_[i].pair())) return false;
    }
    return true;
  }

 private:
  // Where in order_ the key is, or is to be inserted.
  size_t rank_of(const Key& key) const noexcept {
    size_t low = 0, high = order_.size();
    while (low < high) {
      const size_t middle = (low + high) / 2;
      if (items_[order_[middle]].key() < key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
  bool is_at(size_t rank, const Key& key) const noexcept {
    return rank < order_.size() && !(key < items_[order_[rank]].key());
  }
  size_t existing(const Key& key) const {
    const size_t rank = rank_of(key);
    if (!is_at(rank, key)) complain(key, "is not defined");
    return order_[rank];
  }
  size_t checked(size_t index) const {
    if (index >= size()) {
      fail_index("OrderedDict", "Index " + std::to_string(index) + " is out of bounds; there are " +
                                    std::to_string(size()) + " items");
    }
    return index;
  }
  size_t first(const char* what) const {
    if (items_.empty()) fail("OrderedDict", std::string("Called ") + what + "() on an empty OrderedDict");
    return 0;
  }
  [[noreturn]] void complain(const Key& key, const char* what) const {
    std::string text;
    if constexpr (std::is_arithmetic_v<Key>) {
      text = std::to_string(key);
    } else if constexpr (std::is_convertible_v<Key, std::string>) {
      text = key;
    }
    fail("OrderedDict", key_description_ + " '" + text + "' " + what);
  }

  std::vector<Item> items_;
  std::vector<uint32_t> order_;  // places in items_, sorted by key
  std::string key_description_;
};

}  // namespace rondo
