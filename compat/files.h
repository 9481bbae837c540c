// Temporary files and folders by the names of c10.
#pragma once

#include <rondo/autograd/base/error.h>

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

namespace rondo {

// A file of its own, removed with the object.
struct TempFile {
  explicit TempFile(std::string path, int file = -1) : fd(file), name(std::move(path)) {}
  TempFile(TempFile&& other) noexcept : fd(std::exchange(other.fd, -1)), name(std::move(other.name)) {
    other.name.clear();
  }
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;
  ~TempFile() {
    if (fd >= 0) ::close(fd);
    if (!name.empty()) ::unlink(name.c_str());
  }
  int fd;
  std::string name;
};
struct TempDir {
  explicit TempDir(std::string path) : name(std::move(path)) {}
  TempDir(TempDir&& other) noexcept : name(std::move(other.name)) { other.name.clear(); }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir() {
    if (!name.empty()) ::rmdir(name.c_str());
  }
  std::string name;
};

namespace compat {
// A name in the folder for temporary files that mkstemp and mkdtemp complete.
inline std::string temporary_pattern(const std::string& prefix) {
  const char* folder = std::getenv("TMPDIR");
  return std::string(folder ? folder : "/tmp") + "/" + prefix + "XXXXXX";
}
}  // namespace compat

inline std::optional<TempFile> try_make_tempfile(const std::string& prefix = "torch-file-") {
  std::string path = compat::temporary_pattern(prefix);
  const int file = ::mkstemp(path.data());
  if (file < 0) return std::nullopt;
  return std::optional<TempFile>(std::in_place, std::move(path), file);
}
inline TempFile make_tempfile(const std::string& prefix = "torch-file-") {
  if (auto file = try_make_tempfile(prefix)) return std::move(*file);
  fail("make_tempfile", std::string("Error generating temporary file: ") + std::strerror(errno));
}
inline std::optional<TempDir> try_make_tempdir(const std::string& prefix = "torch-dir-") {
  std::string path = compat::temporary_pattern(prefix);
  if (!::mkdtemp(path.data())) return std::nullopt;
  return std::optional<TempDir>(std::in_place, std::move(path));
}
inline TempDir make_tempdir(const std::string& prefix = "torch-dir-") {
  if (auto folder = try_make_tempdir(prefix)) return std::move(*folder);
  fail("make_tempdir", std::string("Error generating temporary directory: ") + std::strerror(errno));
}

}  // namespace rondo
