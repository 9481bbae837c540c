// What the tests of files share: folders of their own, fixtures, bytes.
#pragma once

#include <rondo/autograd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace files {

// A new folder that goes with its owner.
class Folder {
 public:
  Folder() {
    std::string path = (std::filesystem::temp_directory_path() / "rondo-XXXXXX").string();
    if (!::mkdtemp(path.data())) throw std::runtime_error("no temporary folder");
    path_ = path;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  size_t count() const { return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(path_), {})); }

 private:
  std::filesystem::path path_;
};

inline std::string fixture(const std::string& name) {
  const char* root = std::getenv("RONDO_SOURCE_DIR");
  return (std::filesystem::path(root ? root : ".") / "tests" / "serialize" / "data" / name).string();
}

inline std::string read(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}
inline void write(const std::string& path, const std::string& bytes) {
  std::ofstream stream(path, std::ios::binary);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

// A safetensors file of a header and of so many bytes of numbers.
inline std::string safetensors(const std::string& header, size_t bytes) {
  const uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), sizeof(length)) + header + std::string(bytes, '\1');
}

}  // namespace files
