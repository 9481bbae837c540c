// The JSON of safetensors headers: read piece by piece, strictly (RFC 8259), without building anything.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rondo::serialize {

// A cursor on a text. Every member throws Error, with the place, where the text has something else.
class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  // Skips white space and takes the character if it comes next.
  bool take(char wanted);
  void expect(char wanted);
  // A string, unescaped; UTF-8 is checked.
  std::string string();
  // An integer without a sign.
  uint64_t number();
  // Only white space may follow.
  void end();
  [[noreturn]] void fail(const std::string& text) const;

 private:
  void skip_space();
  uint32_t hex4();
  std::string_view text_;
  size_t place_ = 0;
};

// Appends the text as a JSON string. Throws Error if it is no UTF-8.
void append_json_string(std::string& out, std::string_view text);
bool is_utf8(std::string_view text);

}  // namespace rondo::serialize
