// Zip archives: reading stored and deflated members (zip64 too), writing them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::serialize {

class Source;
class Sink;

struct ZipMember {
  std::string name;
  bool deflated = false;
  uint32_t crc = 0;
  uint64_t stored_size = 0, size = 0;  // in the archive, and once inflated
  uint64_t header = 0, place = 0;      // where its header and its bytes begin
};

// The members of an archive. Throws Error unless the directory is sound: members that do not overlap, each within the
// archive, none that would grow more than deflating can shrink. So memory is bounded by the archive's size.
class ZipReader {
 public:
  explicit ZipReader(const Source& source);
  const std::vector<ZipMember>& members() const { return members_; }
  const ZipMember* find(std::string_view name) const;
  const Source& source() const { return source_; }
  // The whole member; its checksum is checked.
  std::string read(const ZipMember& member) const;

 private:
  void read_directory();
  void check_members();

  const Source& source_;
  uint64_t end_ = 0;  // of the members: where the directory begins
  std::vector<ZipMember> members_;
  std::vector<uint32_t> by_name_;
};

// The bytes of a member, from the first to the last.
class ZipStream {
 public:
  ZipStream(const ZipReader& archive, const ZipMember& member);
  ZipStream(const ZipStream&) = delete;
  ZipStream& operator=(const ZipStream&) = delete;
  ~ZipStream();

  // The next bytes. Throws Error if there are fewer.
  void read(void* to, size_t bytes);
  // Throws Error unless all bytes were read and have the checksum of the directory.
  void finish();

 private:
  struct Inflater;
  void inflate(unsigned char* to, size_t bytes);

  const ZipReader& archive_;
  const ZipMember& member_;
  uint64_t done_ = 0, taken_ = 0;  // bytes given, and taken from the archive
  uint32_t crc_ = 0;
  std::unique_ptr<Inflater> inflater_;
};

class ZipWriter {
 public:
  explicit ZipWriter(Sink& sink) : sink_(sink) {}
  struct Part {
    const void* data;
    size_t bytes;
  };
  // A member made of parts. Throws Error for a name that is too long.
  void add(const std::string& name, std::vector<Part> parts, bool deflate);
  // The directory; nothing may follow.
  void finish();

 private:
  void write(const std::string& text);

  Sink& sink_;
  uint64_t place_ = 0;
  std::vector<ZipMember> members_;
};

}  // namespace rondo::serialize
