// Where saved bytes come from and go to.
#pragma once

#include <rondo/autograd/base/function_ref.h>

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>

namespace rondo::serialize {

// Bytes that can be read in any order.
class Source {
 public:
  virtual ~Source() = default;
  uint64_t size() const { return size_; }
  // What messages call it: the file's name, or "the data".
  const std::string& name() const { return name_; }
  // Throws Error if there are fewer bytes.
  void read(uint64_t position, void* to, size_t bytes) const;
  [[noreturn]] void fail(const std::string& text) const;

 protected:
  explicit Source(std::string name) : name_(std::move(name)) {}
  uint64_t size_ = 0;

 private:
  // Returns how many bytes were read; less than asked for is an error.
  virtual size_t read_some(uint64_t position, void* to, size_t bytes) const = 0;
  std::string name_;
};

class FileSource final : public Source {
 public:
  // Throws Error if the file cannot be opened, and for what is no regular file.
  explicit FileSource(const std::string& path);
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  ~FileSource() override;

 private:
  size_t read_some(uint64_t position, void* to, size_t bytes) const override;
  int file_;
};

class MemorySource final : public Source {
 public:
  // The memory must outlive it.
  MemorySource(const void* data, size_t size) : Source("the data"), data_(static_cast<const char*>(data)) {
    size_ = size;
  }
  // What is left of a stream. Throws Error if it cannot be read.
  explicit MemorySource(std::istream& stream);

 private:
  size_t read_some(uint64_t position, void* to, size_t bytes) const override;
  std::string owned_;
  const char* data_;
};

class FunctionSource final : public Source {
 public:
  using Read = base::FunctionRef<size_t(uint64_t, void*, size_t)>;
  FunctionSource(Read read, uint64_t size) : Source("the data"), read_(read) { size_ = size; }

 private:
  size_t read_some(uint64_t position, void* to, size_t bytes) const override { return read_(position, to, bytes); }
  Read read_;
};

// Takes bytes one after the other. Throws Error if they cannot be written.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void write(const void* data, size_t bytes) = 0;
};

// Writes a new file beside `path` which commit() puts in its place, once it is on the disk: whatever happens, there is
// the file from before or the new one under that name, and it is whole. What is no regular file (a device, a pipe) is
// written directly. Without commit() the new file is removed.
class FileSink final : public Sink {
 public:
  explicit FileSink(const std::string& path);
  FileSink(const FileSink&) = delete;
  FileSink& operator=(const FileSink&) = delete;
  ~FileSink() override;
  void write(const void* data, size_t bytes) override;
  void commit();

 private:
  void open_temporary();
  [[noreturn]] void fail_errno(const char* what) const;
  void write_now(const char* data, size_t bytes);

  std::string path_, temporary_, buffer_;
  int file_ = -1;
};

class StreamSink final : public Sink {
 public:
  explicit StreamSink(std::ostream& stream) : stream_(stream) {}
  void write(const void* data, size_t bytes) override;

 private:
  std::ostream& stream_;
};

class FunctionSink final : public Sink {
 public:
  using Write = base::FunctionRef<size_t(const void*, size_t)>;
  explicit FunctionSink(Write function) : function_(function) {}
  void write(const void* data, size_t bytes) override;

 private:
  Write function_;
};

}  // namespace rondo::serialize
