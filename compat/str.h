// c10::str: its arguments as text, one after the other, as a stream writes them.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <type_traits>

namespace rondo {
namespace compat {

// A string stream without <sstream>: numbers and strings go in directly, all else through its operator<<.
class Text {
 public:
  Text();
  ~Text();
  Text(const Text&) = delete;
  Text& operator=(const Text&) = delete;

  void add(std::string_view text);
  void add(char character);
  void add(double number);
  void add(long long number);
  void add(unsigned long long number);
  void add(const void* pointer);
  std::ostream& stream() { return *stream_; }
  std::string take() const;

 private:
  std::ostream* stream_;
};

template <class T>
void write(Text& text, const T& value) {
  if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    text.add(std::string_view(value));
  } else if constexpr (std::is_same_v<T, char> || std::is_same_v<T, signed char> || std::is_same_v<T, unsigned char>) {
    text.add(static_cast<char>(value));
  } else if constexpr (std::is_floating_point_v<T>) {
    text.add(static_cast<double>(value));
  } else if constexpr (std::is_integral_v<T> && std::is_signed_v<T>) {
    text.add(static_cast<long long>(value));
  } else if constexpr (std::is_integral_v<T>) {
    text.add(static_cast<unsigned long long>(value));
  } else if constexpr (std::is_pointer_v<T>) {
    text.add(static_cast<const void*>(value));
  } else {
    text.stream() << value;
  }
}

}  // namespace compat

template <class... Args>
std::string str(const Args&... args) {
  compat::Text text;
  (compat::write(text, args), ...);
  return text.take();
}

namespace guts {
// Of a parameter's unsafeGetTensorImpl(): the key of its state in an optimizer.
template <class T>
std::string to_string(const T& value) {
  return str(value);
}
}  // namespace guts

}  // namespace rondo
