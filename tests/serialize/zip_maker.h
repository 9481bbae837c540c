// Zip archives with any numbers in them, sound or not; checksums are right.
#pragma once

#include <rondo/autograd/serialize/file.h>
#include <rondo/autograd/serialize/zip.h>

#include <string>
#include <utility>
#include <vector>

namespace files {

// A sound archive of these members.
inline std::string zip(const std::vector<std::pair<std::string, std::string>>& members, bool deflate = false) {
  std::string bytes;
  const auto append = [&](const void* data, size_t size) {
    bytes.append(static_cast<const char*>(data), size);
    return size;
  };
  rondo::serialize::FunctionSink sink(append);
  rondo::serialize::ZipWriter writer(sink);
  for (const auto& [name, text] : members) writer.add(name, {{text.data(), text.size()}}, deflate);
  writer.finish();
  return bytes;
}

// Puts a little-endian number at `place` bytes behind the last occurrence of `mark`.
inline void patch(std::string& bytes, const std::string& mark, size_t place, uint64_t number, size_t width) {
  const size_t start = bytes.rfind(mark) + place;
  for (size_t i = 0; i < width; ++i) bytes[start + i] = static_cast<char>(number >> (8 * i) & 0xff);
}

// A .pt file with this pickle and one storage of 24 bytes.
inline std::string pt(const std::string& pickle) {
  return zip({{"a/data.pkl", pickle}, {"a/data/0", std::string(24, '\0')}});
}

}  // namespace files
