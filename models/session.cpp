#include <rondo/autograd/base/error.h>
#include <rondo/models/session.h>

#include <fmt/format.h>

#include <atomic>
#include <map>
#include <mutex>

namespace rondo::models {
namespace {

std::atomic<ScalarType> floating_type{kFloat};

struct Counters {
  std::mutex mutex;
  std::map<std::string, int64_t, std::less<>> used;
};

Counters& counters() {
  static Counters all;
  return all;
}

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_lower_or_digit(char c) { return is_lower(c) || (c >= '0' && c <= '9'); }

}  // namespace

void set_floatx(std::string_view name) {
  if (name == "float32") {
    floating_type = kFloat;
  } else if (name == "float64") {
    floating_type = kDouble;
  } else {
    fail_value("set_floatx", fmt::format("got \"{}\"; need float32 or float64", name));
  }
}

ScalarType floatx_type() { return floating_type; }

std::string floatx() { return floating_type == kDouble ? "float64" : "float32"; }

void clear_session() {
  std::lock_guard lock(counters().mutex);
  counters().used.clear();
}

std::string to_snake_case(std::string_view class_name) {
  std::string name;
  for (size_t i = 0; i < class_name.size(); ++i) {
    const char c = class_name[i];
    if (is_upper(c) && i > 0) {
      const bool starts_word = i + 1 < class_name.size() && is_lower_or_digit(class_name[i + 1]);
      if (starts_word || is_lower(class_name[i - 1])) name += '_';
    }
    name += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return name;
}

std::string unique_name(std::string_view class_name) {
  std::string name = to_snake_case(class_name);
  std::lock_guard lock(counters().mutex);
  const int64_t before = counters().used[name]++;
  return before == 0 ? name : fmt::format("{}_{}", name, before);
}

}  // namespace rondo::models
