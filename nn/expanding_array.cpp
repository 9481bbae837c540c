#include <rondo/nn/expanding_array.h>

#include <fmt/format.h>

namespace rondo::nn {
namespace {

template <class T>
std::string text(const T& value) {
  return fmt::format("{}", value);
}
std::string text(double value) { return fmt::format("{:g}", value); }
std::string text(const std::optional<int64_t>& value) { return value ? fmt::format("{}", *value) : "None"; }

template <class T>
std::string bracketed(ArrayRef<T> values) {
  std::string all = "[";
  for (const T& value : values) all.append(all.size() > 1 ? ", " : "").append(text(value));
  return all + "]";
}

}  // namespace

std::string to_text(ArrayRef<int64_t> values) { return values.size() == 1 ? text(values[0]) : bracketed(values); }
std::string to_text(ArrayRef<double> values) { return values.size() == 1 ? text(values[0]) : bracketed(values); }
std::string to_text(ArrayRef<std::optional<int64_t>> values) {
  return values.size() == 1 ? text(values[0]) : bracketed(values);
}
std::string list_text(IntArrayRef values) { return bracketed(values); }

}  // namespace rondo::nn
