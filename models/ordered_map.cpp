#include <rondo/models/ordered_map.h>

#include <fmt/format.h>

namespace rondo::models::detail {

void no_such_key(std::string_view key, const std::vector<std::string>& known) {
  fail_value("history", fmt::format("no key \"{}\"; there are: {}", key, fmt::join(known, ", ")));
}

}  // namespace rondo::models::detail
