// Reading and writing the JSON of safetensors headers.
#include <rondo/autograd/base/escape.h>
#include <rondo/autograd/serialize/json.h>

#include <rondo/autograd/base/error.h>

#include <fmt/format.h>

#include <limits>

namespace rondo::serialize {
namespace {

// The length of the well-formed sequence at `place` (Unicode 15, table 3-7), 0 if there is none.
size_t utf8_length(std::string_view text, size_t place) {
  const auto at = [&](size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto follows = [&](size_t i, unsigned low = 0x80, unsigned high = 0xbf) {
    return at(i) >= low && at(i) <= high;
  };
  const unsigned first = at(place);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return follows(place + 1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const bool second = follows(place + 1, first == 0xe0 ? 0xa0 : 0x80, first == 0xed ? 0x9f : 0xbf);
    return second && follows(place + 2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const bool second = follows(place + 1, first == 0xf0 ? 0x90 : 0x80, first == 0xf4 ? 0x8f : 0xbf);
    return second && follows(place + 2) && follows(place + 3) ? 4 : 0;
  }
  return 0;
}

void append_utf8(std::string& out, uint32_t code) {
  const auto byte = [&](uint32_t value) { out.push_back(static_cast<char>(value)); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xc0 | code >> 6);
    byte(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    byte(0xe0 | code >> 12);
    byte(0x80 | (code >> 6 & 0x3f));
    byte(0x80 | (code & 0x3f));
  } else {
    byte(0xf0 | code >> 18);
    byte(0x80 | (code >> 12 & 0x3f));
    byte(0x80 | (code >> 6 & 0x3f));
    byte(0x80 | (code & 0x3f));
  }
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (size_t place = 0; place < text.size();) {
    const size_t length = utf8_length(text, place);
    if (length == 0) return false;
    place += length;
  }
  return true;
}

void append_json_string(std::string& out, std::string_view text) {
  if (!is_utf8(text)) fail("save", "a name or text is not UTF-8");
  out += '"' + base::escaped(text) + '"';
}

void JsonReader::fail(const std::string& text) const {
  rondo::fail("json", fmt::format("{} at byte {} of the header", text, place_));
}

void JsonReader::skip_space() {
  while (place_ < text_.size()) {
    const char c = text_[place_];
    if (c != ' ' && c != '\n' && c != '\t' && c != '\r') break;
    ++place_;
  }
}

bool JsonReader::take(char wanted) {
  skip_space();
  if (place_ >= text_.size() || text_[place_] != wanted) return false;
  ++place_;
  return true;
}

void JsonReader::expect(char wanted) {
  if (!take(wanted)) fail(fmt::format("'{}' is missing", wanted));
}

uint32_t JsonReader::hex4() {
  uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = place_ < text_.size() ? text_[place_] : '\0';
    if (c >= '0' && c <= '9') {
      value = value * 16 + static_cast<uint32_t>(c - '0');
    } else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
      value = value * 16 + static_cast<uint32_t>((c | 0x20) - 'a' + 10);
    } else {
      fail("an escape without four hexadecimal digits");
    }
    ++place_;
  }
  return value;
}

std::string JsonReader::string() {
  expect('"');
  std::string out;
  for (;;) {
    if (place_ >= text_.size()) fail("a string without an end");
    const char c = text_[place_];
    if (c == '"') break;
    if (static_cast<unsigned char>(c) < 0x20) fail("a control character in a string");
    if (c != '\\') {
      const size_t length = utf8_length(text_, place_);
      if (length == 0) fail("a string that is not UTF-8");
      out.append(text_.substr(place_, length));
      place_ += length;
      continue;
    }
    ++place_;
    const char kind = place_ < text_.size() ? text_[place_] : '\0';
    ++place_;
    constexpr std::string_view kKinds = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
    if (const size_t which = kKinds.find(kind); kind != '\0' && which != std::string_view::npos) {
      out.push_back(kMeanings[which]);
    } else if (kind == 'u') {
      uint32_t code = hex4();
      if (code >= 0xd800 && code < 0xdc00) {
        if (text_.substr(place_, 2) != "\\u") fail("half of a surrogate pair");
        place_ += 2;
        const uint32_t low = hex4();
        if (low < 0xdc00 || low > 0xdfff) fail("half of a surrogate pair");
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
      } else if (code >= 0xdc00 && code < 0xe000) {
        fail("half of a surrogate pair");
      }
      append_utf8(out, code);
    } else {
      fail("an unknown escape");
    }
  }
  ++place_;
  return out;
}

uint64_t JsonReader::number() {
  skip_space();
  const size_t start = place_;
  uint64_t value = 0;
  while (place_ < text_.size() && text_[place_] >= '0' && text_[place_] <= '9') {
    const auto digit = static_cast<uint64_t>(text_[place_] - '0');
    if (value > (std::numeric_limits<uint64_t>::max() - digit) / 10) fail("a number beyond 64 bits");
    value = value * 10 + digit;
    ++place_;
  }
  if (place_ == start) fail("a whole number is missing");
  if (place_ - start > 1 && text_[start] == '0') fail("a number with a leading zero");
  return value;
}

void JsonReader::end() {
  skip_space();
  if (place_ != text_.size()) fail("something follows");
}

}  // namespace rondo::serialize
