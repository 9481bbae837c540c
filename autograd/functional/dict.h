// Dictionaries whose keys and values may be of several kinds: what files of other programs hold.
#pragma once

#include <rondo/autograd/functional/value.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace rondo {

// The entries of a dictionary, in the order in which they came. A key is a number, a bool, a string, or a tensor (the
// same object then); each operation with another one throws Error.
class DictTable : public base::RefCounted {
 public:
  using Entry = std::pair<IValue, IValue>;

  const std::vector<Entry>& entries() const { return entries_; }
  IValue& value(size_t place) { return entries_[place].second; }
  // The place of the key; as many as there are entries where it is none.
  size_t find(const IValue& key) const;
  // The place, and whether the entry is new; an old one stays as it is.
  std::pair<size_t, bool> insert(IValue key, IValue value);
  void erase(size_t place);
  void clear();

  static void dispose(DictTable* table) noexcept { delete table; }

 private:
  void index(size_t place);
  void rebuild();

  std::vector<Entry> entries_;
  std::vector<uint32_t> slots_;  // open addressing: place + 1, 0 free
};

namespace dict_parts {
[[noreturn]] void fail_missing();
}

// libtorch's Dict: copies share their entries; a Dict of another type made from an IValue shares them too.
template <class Key, class Value>
class Dict {
 public:
  using key_type = Key;
  using mapped_type = Value;
  using size_type = size_t;

  // An entry; it is valid until entries come or go.
  class Entry {
   public:
    Entry(DictTable* table, size_t place) : table_(table), place_(place) {}
    Key key() const { return table_->entries()[place_].first.template to<Key>(); }
    Value value() const { return table_->entries()[place_].second.template to<Value>(); }
    void setValue(Value value) const { table_->value(place_) = IValue(std::move(value)); }

   private:
    friend class Dict;
    DictTable* table_;
    size_t place_;
  };
  class iterator {
   public:
    explicit iterator(Entry entry) : entry_(entry) {}
    const Entry& operator*() const { return entry_; }
    const Entry* operator->() const { return &entry_; }
    iterator& operator++() {
      ++entry_.place_;
      return *this;
    }
    bool operator==(const iterator& other) const { return entry_.place_ == other.entry_.place_; }

   private:
    friend class Dict;
    Entry entry_;
  };

  Dict() : table_(new DictTable) {}
  explicit Dict(base::Ref<DictTable> table) : table_(std::move(table)) {}
  operator IValue() const { return table_; }

  size_t size() const { return table_->entries().size(); }
  bool empty() const { return size() == 0; }
  iterator begin() const { return at_place(0); }
  iterator end() const { return at_place(size()); }
  iterator find(const Key& key) const { return at_place(table_->find(key)); }
  bool contains(const Key& key) const { return table_->find(key) < size(); }
  // Throws Error where there is none.
  Value at(const Key& key) const {
    const size_t place = table_->find(key);
    if (place == size()) dict_parts::fail_missing();
    return at_place(place)->value();
  }
  std::pair<iterator, bool> insert(const Key& key, Value value) const {
    const auto [place, is_new] = table_->insert(key, IValue(std::move(value)));
    return {at_place(place), is_new};
  }
  std::pair<iterator, bool> insert_or_assign(const Key& key, Value value) const {
    const auto result = insert(key, value);
    if (!result.second) result.first->setValue(std::move(value));
    return result;
  }
  // Returns how many there were, 0 or 1.
  size_t erase(const Key& key) const {
    const size_t place = table_->find(key);
    if (place == size()) return 0;
    table_->erase(place);
    return 1;
  }
  void erase(iterator entry) const { table_->erase(entry.entry_.place_); }
  void clear() const { table_->clear(); }
  void reserve(size_t) const {}
  // With entries of its own.
  Dict copy() const {
    Dict other;
    for (const Entry& entry : *this) other.insert(entry.key(), entry.value());
    return other;
  }

 private:
  iterator at_place(size_t place) const { return iterator(Entry(table_.get(), place)); }

  base::Ref<DictTable> table_;
};

}  // namespace rondo
