// The list of an archive's values, found by path.
#include <rondo/autograd/serialize/entries.h>

#include <algorithm>
#include <numeric>

namespace rondo::serialize {

size_t Entries::rank_of(std::string_view path) const {
  const auto found = std::lower_bound(order.begin(), order.end(), path, [&](uint32_t place, std::string_view wanted) {
    return std::string_view(list[place].path) < wanted;
  });
  return static_cast<size_t>(found - order.begin());
}

const IValue* Entries::find(std::string_view path) const {
  const size_t rank = rank_of(path);
  return rank < order.size() && list[order[rank]].path == path ? &list[order[rank]].value : nullptr;
}

bool Entries::has_below(std::string_view prefix) const {
  const size_t rank = rank_of(prefix);
  return rank < order.size() && list[order[rank]].path.starts_with(prefix);
}

bool Entries::add(std::string path, IValue value) {
  const size_t rank = rank_of(path);
  if (rank < order.size() && list[order[rank]].path == path) return false;
  order.insert(order.begin() + static_cast<std::ptrdiff_t>(rank), static_cast<uint32_t>(list.size()));
  list.push_back({std::move(path), std::move(value)});
  return true;
}

void Entries::remove(const std::string& path) {
  const std::string below = path + ".";
  for (size_t rank = order.size(); rank-- > 0;) {
    const uint32_t place = order[rank];
    if (list[place].path != path && !list[place].path.starts_with(below)) continue;
    list.erase(list.begin() + place);
    order.erase(order.begin() + static_cast<std::ptrdiff_t>(rank));
    for (uint32_t& other : order) other -= other > place ? 1 : 0;
  }
}

int64_t Entries::sort() {
  order.resize(list.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return list[a].path < list[b].path; });
  for (size_t i = 1; i < order.size(); ++i) {
    if (list[order[i]].path == list[order[i - 1]].path) return order[i];
  }
  return -1;
}

}  // namespace rondo::serialize
