// The table behind Dict: entries in order, found by open addressing.
#include <rondo/autograd/functional/dict.h>

#include <rondo/autograd/base/error.h>

#include <bit>
#include <functional>
#include <string>

namespace rondo {
namespace {

uint64_t hash_of(const IValue& key) {
  uint64_t bits = 0;
  if (key.isInt()) {
    bits = static_cast<uint64_t>(key.toInt());
  } else if (key.isString()) {
    bits = std::hash<std::string>()(key.toStringRef());
  } else if (key.isBool()) {
    bits = key.toBool() ? 1 : 2;
  } else if (key.isDouble()) {
    bits = std::bit_cast<uint64_t>(key.toDouble() + 0.0);  // -0 equals 0
  } else if (key.isTensor()) {
    bits = reinterpret_cast<uintptr_t>(key.toTensor().unsafeGetTensorImpl());
  } else {
    fail("Dict", std::string("a key is a number, a bool, a string or a tensor; got ") + key.tagKind());
  }
  return (bits * 0x9e3779b97f4a7c15u) >> 32;
}

bool same(const IValue& a, const IValue& b) {
  if (a.isInt()) return b.isInt() && a.toInt() == b.toInt();
  if (a.isString()) return b.isString() && a.toStringRef() == b.toStringRef();
  if (a.isBool()) return b.isBool() && a.toBool() == b.toBool();
  if (a.isDouble()) return b.isDouble() && a.toDouble() == b.toDouble();
  return b.isTensor() && a.toTensor().unsafeGetTensorImpl() == b.toTensor().unsafeGetTensorImpl();
}

}  // namespace

size_t DictTable::find(const IValue& key) const {
  const uint64_t hash = hash_of(key);
  if (slots_.empty()) return entries_.size();
  const size_t mask = slots_.size() - 1;
  for (size_t slot = hash & mask; slots_[slot] != 0; slot = (slot + 1) & mask) {
    if (same(entries_[slots_[slot] - 1].first, key)) return slots_[slot] - 1;
  }
  return entries_.size();
}

std::pair<size_t, bool> DictTable::insert(IValue key, IValue value) {
  const size_t place = find(key);
  if (place < entries_.size()) return {place, false};
  entries_.emplace_back(std::move(key), std::move(value));
  index(place);
  return {place, true};
}

void DictTable::erase(size_t place) {
  entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(place));
  rebuild();
}

void DictTable::clear() {
  entries_.clear();
  slots_.clear();
}

void DictTable::index(size_t place) {
  if (entries_.size() * 2 > slots_.size()) return rebuild();
  const size_t mask = slots_.size() - 1;
  size_t slot = hash_of(entries_[place].first) & mask;
  while (slots_[slot] != 0) slot = (slot + 1) & mask;
  slots_[slot] = static_cast<uint32_t>(place + 1);
}

void DictTable::rebuild() {
  size_t capacity = 16;
  while (capacity < entries_.size() * 4) capacity *= 2;
  slots_.assign(capacity, 0);
  for (size_t place = 0; place < entries_.size(); ++place) index(place);
}

namespace dict_parts {
void fail_missing() { fail_index("Dict", "Argument passed to at() was not in the map."); }
}  // namespace dict_parts

}  // namespace rondo
