// What optimizers remember of each parameter.
#pragma once

#include <rondo/optim/fields.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace rondo::optim {

class OptimizerParamState {
 public:
  virtual ~OptimizerParamState();
  // Throws Error unless overridden; OptimizerCloneableParamState does so.
  virtual std::unique_ptr<OptimizerParamState> clone() const;
  // The members, by which states are compared, saved and loaded; none unless overridden.
  virtual Fields fields();
  // Save and load the members. Throw Error if there are none.
  virtual void serialize(rondo::serialize::InputArchive& archive);
  virtual void serialize(rondo::serialize::OutputArchive& archive) const;

 protected:
  OptimizerParamState() = default;
  OptimizerParamState(const OptimizerParamState&) = default;
  OptimizerParamState& operator=(const OptimizerParamState&) = default;
};

template <class Derived>
class OptimizerCloneableParamState : public OptimizerParamState {
 public:
  std::unique_ptr<OptimizerParamState> clone() const override {
    return std::unique_ptr<OptimizerParamState>(new Derived(static_cast<const Derived&>(*this)));
  }
};

// Whether all members are equal. Throws Error for states that do not list theirs.
bool same_states(const OptimizerParamState& a, const OptimizerParamState& b);
template <class Derived>
bool operator==(const OptimizerCloneableParamState<Derived>& a, const OptimizerCloneableParamState<Derived>& b) {
  return same_states(a, b);
}

// States by the parameter's unsafeGetTensorImpl(), in the order in which they were made.
class StateMap {
 public:
  using key_type = void*;
  using mapped_type = std::unique_ptr<OptimizerParamState>;
  using value_type = std::pair<void*, mapped_type>;
  using iterator = std::vector<value_type>::iterator;
  using const_iterator = std::vector<value_type>::const_iterator;

  iterator begin() { return entries_.begin(); }
  iterator end() { return entries_.end(); }
  const_iterator begin() const { return entries_.begin(); }
  const_iterator end() const { return entries_.end(); }
  size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }

  iterator find(void* key) { return begin() + static_cast<std::ptrdiff_t>(place_of(key)); }
  const_iterator find(void* key) const { return begin() + static_cast<std::ptrdiff_t>(place_of(key)); }
  size_t count(void* key) const { return place_of(key) < size() ? 1 : 0; }
  bool contains(void* key) const { return count(key) == 1; }
  // The state, null where there was none.
  mapped_type& operator[](void* key);
  // The parameter's address as text, as c10::guts::to_string writes it: libtorch 1.13's keys.
  mapped_type& operator[](const std::string& key) { return (*this)[address_of(key)]; }
  iterator find(const std::string& key) { return find(address_of(key)); }
  const_iterator find(const std::string& key) const { return find(address_of(key)); }
  size_t count(const std::string& key) const { return count(address_of(key)); }
  mapped_type& at(const std::string& key) { return at(address_of(key)); }
  const mapped_type& at(const std::string& key) const { return at(address_of(key)); }
  size_t erase(const std::string& key) { return erase(address_of(key)); }
  // Throws Error if the key is not there.
  mapped_type& at(void* key);
  const mapped_type& at(void* key) const { return const_cast<StateMap*>(this)->at(key); }
  void insert(value_type entry) { emplace(entry.first, std::move(entry.second)); }
  // Keeps what is there already.
  void emplace(void* key, mapped_type state);
  size_t erase(void* key);
  void clear();

  // The state or null; quick if it is the `hint`th entry, as it is when the parameters are walked in their order.
  OptimizerParamState* lookup(void* key, size_t hint) const {
    if (hint >= entries_.size() || entries_[hint].first != key) hint = place_of(key);
    return hint < entries_.size() ? entries_[hint].second.get() : nullptr;
  }

 private:
  static void* address_of(const std::string& key);
  // The entry's number; size() if there is none.
  size_t place_of(void* key) const;
  void index(size_t place);
  void rebuild();

  std::vector<value_type> entries_;
  std::vector<uint32_t> slots_;  // open addressing: entry number + 1, 0 free
};

}  // namespace rondo::optim
