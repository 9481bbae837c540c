// Files, memory and streams as sources and sinks of bytes.
#include <rondo/autograd/serialize/file.h>

#include <rondo/autograd/base/error.h>

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <istream>
#include <memory>
#include <ostream>

namespace rondo::serialize {
namespace {

constexpr size_t kBuffer = size_t{1} << 16;

std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// The file behind symbolic links, so that a link stays one; a link that leads nowhere is replaced.
std::string resolved(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), &std::free);
  return real ? std::string(real.get()) : path;
}

}  // namespace

// ---- sources ----

void Source::read(uint64_t position, void* to, size_t bytes) const {
  if (position > size_ || bytes > size_ - position) {
    fail(fmt::format("it ends too early: {} bytes were needed from byte {} on, and it has {}", bytes, position, size_));
  }
  if (bytes == 0) return;
  const size_t got = read_some(position, to, bytes);
  if (got != bytes) fail(fmt::format("only {} of {} bytes could be read from byte {} on", got, bytes, position));
}

void Source::fail(const std::string& text) const { rondo::fail("load", name_ + ": " + text); }

FileSource::FileSource(const std::string& path) : Source("'" + path + "'") {
  // O_NONBLOCK: opening a pipe must not wait for a writer.
  file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file_ < 0) fail(fmt::format("cannot be opened: {}", std::strerror(errno)));
  struct stat status {};
  if (::fstat(file_, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(file_);
    fail("it is no regular file");
  }
  size_ = static_cast<uint64_t>(status.st_size);
}

FileSource::~FileSource() { ::close(file_); }

size_t FileSource::read_some(uint64_t position, void* to, size_t bytes) const {
  size_t done = 0;
  while (done < bytes) {
    const ssize_t got =
        ::pread(file_, static_cast<char*>(to) + done, bytes - done, static_cast<off_t>(position + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(fmt::format("cannot be read: {}", std::strerror(errno)));
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  return done;
}

MemorySource::MemorySource(std::istream& stream) : Source("the stream"), data_(nullptr) {
  char buffer[kBuffer / 4];
  while (stream.read(buffer, sizeof(buffer)) || stream.gcount() > 0) {
    owned_.append(buffer, static_cast<size_t>(stream.gcount()));
  }
  if (stream.bad() || (owned_.empty() && !stream.eof())) fail("it cannot be read");
  stream.clear();  // a program may go back and read again
  data_ = owned_.data();
  size_ = owned_.size();
}

size_t MemorySource::read_some(uint64_t position, void* to, size_t bytes) const {
  std::memcpy(to, data_ + position, bytes);
  return bytes;
}

// ---- sinks ----

FileSink::FileSink(const std::string& path) : path_(resolved(path)) {
  struct stat status {};
  const bool exists = ::stat(path_.c_str(), &status) == 0;
  if (exists && !S_ISREG(status.st_mode)) {
    if (S_ISDIR(status.st_mode)) rondo::fail("save", fmt::format("'{}' is a folder", path_));
    file_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
    if (file_ < 0) fail_errno("cannot be opened");
  } else {
    open_temporary();
    // The rights of the old file; a new one has what the process gives to new files.
    if (exists) ::fchmod(file_, status.st_mode & 07777);
  }
  buffer_.reserve(kBuffer);
}

void FileSink::open_temporary() {
  static std::atomic<unsigned> count{0};
  for (;;) {
    const auto now = static_cast<unsigned>(std::chrono::steady_clock::now().time_since_epoch().count());
    const unsigned number = (now ^ static_cast<unsigned>(::getpid()) * 0x9e3779b1u) + count++;
    temporary_ = fmt::format("{}.{:06x}", path_, number & 0xffffffu);
    file_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file_ >= 0) return;
    if (errno != EEXIST) break;
  }
  temporary_.clear();
  fail_errno("no new file can be made beside it");
}

FileSink::~FileSink() {
  if (file_ >= 0) ::close(file_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void FileSink::fail_errno(const char* what) const {
  rondo::fail("save", fmt::format("'{}': {}: {}", path_, what, std::strerror(errno)));
}

void FileSink::write(const void* data, size_t bytes) {
  if (buffer_.size() + bytes > kBuffer) {
    write_now(buffer_.data(), buffer_.size());
    buffer_.clear();
  }
  if (bytes < kBuffer) {
    buffer_.append(static_cast<const char*>(data), bytes);
  } else {
    write_now(static_cast<const char*>(data), bytes);
  }
}

void FileSink::write_now(const char* data, size_t bytes) {
  while (bytes > 0) {
    const ssize_t done = ::write(file_, data, bytes);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) fail_errno("cannot be written");
    data += done;
    bytes -= static_cast<size_t>(done);
  }
}

void FileSink::commit() {
  write_now(buffer_.data(), buffer_.size());
  buffer_.clear();
  if (temporary_.empty()) {
    if (::close(std::exchange(file_, -1)) != 0) fail_errno("cannot be written");
    return;
  }
  if (::fsync(file_) != 0) fail_errno("cannot be written to the disk");
  if (::close(std::exchange(file_, -1)) != 0) fail_errno("cannot be written");
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail_errno("the new file cannot take its place");
  temporary_.clear();
  // The new name is on the disk once the folder is. Some file systems cannot sync folders; nothing is lost then that
  // could be kept.
  const int folder = ::open(folder_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    ::fsync(folder);
    ::close(folder);
  }
}

void StreamSink::write(const void* data, size_t bytes) {
  if (!stream_.write(static_cast<const char*>(data), static_cast<std::streamsize>(bytes))) {
    rondo::fail("save", "the stream cannot be written");
  }
}

void FunctionSink::write(const void* data, size_t bytes) {
  const size_t taken = function_(data, bytes);
  if (taken != bytes) rondo::fail("save", fmt::format("the function took {} of {} bytes", taken, bytes));
}

}  // namespace rondo::serialize
