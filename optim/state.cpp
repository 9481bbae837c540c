#include <rondo/optim/state.h>

#include <rondo/autograd/base/error.h>

#include <cstdlib>

namespace rondo::optim {
namespace {

size_t hash(void* key) {
  const auto bits = static_cast<uint64_t>(reinterpret_cast<uintptr_t>(key));
  return static_cast<size_t>((bits * 0x9e3779b97f4a7c15u) >> 32);
}

}  // namespace

OptimizerParamState::~OptimizerParamState() = default;

std::unique_ptr<OptimizerParamState> OptimizerParamState::clone() const {
  fail("OptimizerParamState",
       "clone() has not been implemented for torch::optim::OptimizerParamState. Subclass "
       "torch::optim::OptimizerCloneableParamState<YourOptimizerParamState> instead of "
       "torch::optim::OptimizerParamState to inherit the ability to clone.");
}

Fields OptimizerParamState::fields() { return {}; }

bool same_states(const OptimizerParamState& a, const OptimizerParamState& b) {
  const Fields left = const_cast<OptimizerParamState&>(a).fields(),
               right = const_cast<OptimizerParamState&>(b).fields();
  if (left.empty() || right.empty()) fail("OptimizerParamState", "states that list no fields() cannot be compared");
  return same_fields(left, right);
}

void* StateMap::address_of(const std::string& key) {
  return reinterpret_cast<void*>(static_cast<uintptr_t>(std::strtoull(key.c_str(), nullptr, 16)));
}

StateMap::mapped_type& StateMap::operator[](void* key) {
  const size_t place = place_of(key);
  if (place < size()) return entries_[place].second;
  entries_.emplace_back(key, nullptr);
  index(place);
  return entries_.back().second;
}

StateMap::mapped_type& StateMap::at(void* key) {
  const size_t place = place_of(key);
  if (place == size()) fail_index("state", "there is no state of this parameter");
  return entries_[place].second;
}

void StateMap::emplace(void* key, mapped_type state) {
  if (!contains(key)) (*this)[key] = std::move(state);
}

size_t StateMap::erase(void* key) {
  const size_t place = place_of(key);
  if (place == size()) return 0;
  entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(place));
  rebuild();
  return 1;
}

void StateMap::clear() {
  entries_.clear();
  slots_.clear();
}

size_t StateMap::place_of(void* key) const {
  if (slots_.empty()) return size();
  const size_t mask = slots_.size() - 1;
  for (size_t slot = hash(key) & mask; slots_[slot] != 0; slot = (slot + 1) & mask) {
    if (entries_[slots_[slot] - 1].first == key) return slots_[slot] - 1;
  }
  return size();
}

void StateMap::index(size_t place) {
  if (entries_.size() * 2 > slots_.size()) return rebuild();
  const size_t mask = slots_.size() - 1;
  size_t slot = hash(entries_[place].first) & mask;
  while (slots_[slot] != 0) slot = (slot + 1) & mask;
  slots_[slot] = static_cast<uint32_t>(place + 1);
}

void StateMap::rebuild() {
  size_t capacity = 16;
  while (capacity < entries_.size() * 4) capacity *= 2;
  slots_.assign(capacity, 0);
  for (size_t place = 0; place < entries_.size(); ++place) index(place);
}

}  // namespace rondo::optim
