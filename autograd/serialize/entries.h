// What archives are made of: values by path. A nested archive is a range of paths with the same beginning.
#pragma once

#include <rondo/autograd/functional/value.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::serialize {

struct Entry {
  // Keys joined by dots. The path of a nested archive with nothing in it ends in a dot, and its value is None.
  std::string path;
  IValue value;
};

struct Entries {
  std::vector<Entry> list;      // as they came
  std::vector<uint32_t> order;  // places in the list, sorted by path

  // The place in `order` of the first path that is not less.
  size_t rank_of(std::string_view path) const;
  const IValue* find(std::string_view path) const;
  // Whether a path begins so.
  bool has_below(std::string_view prefix) const;
  // False if the path is there already.
  bool add(std::string path, IValue value);
  // Takes away the value of the path, and all values below it.
  void remove(const std::string& path);
  // Sorts what was put into the list directly. Returns the place of an entry whose path comes twice, -1 without one.
  int64_t sort();
};

}  // namespace rondo::serialize
