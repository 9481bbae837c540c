// Writing zip archives.
#include <rondo/autograd/base/error.h>
#include <rondo/autograd/serialize/file.h>
#include <rondo/autograd/serialize/zip.h>
#include <rondo/autograd/serialize/zip_layout.h>

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>

namespace rondo::serialize {

using namespace zip;

namespace {

constexpr uint64_t kPlainVersion = 20, kWideVersion = 45;
constexpr uint64_t kUtf8 = 0x800;   // names are UTF-8
constexpr uint64_t kDate = 0x0021;  // 1980-01-01: the same tensors give the same file

void put(std::string& out, uint64_t value, size_t width) {
  for (size_t i = 0; i < width; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xff));
}

bool is_wide(const ZipMember& member) { return member.size >= kWide32 || member.stored_size >= kWide32; }

// What the local header and the directory's entry have in common.
void put_common(std::string& out, const ZipMember& member, bool wide) {
  put(out, wide ? kWideVersion : kPlainVersion, 2);
  put(out, kUtf8, 2);
  put(out, member.deflated ? kDeflated : kStored, 2);
  put(out, 0, 2);
  put(out, kDate, 2);
  put(out, member.crc, 4);
  put(out, is_wide(member) ? kWide32 : member.stored_size, 4);
  put(out, is_wide(member) ? kWide32 : member.size, 4);
  put(out, member.name.size(), 2);
}

std::string deflated(const std::vector<ZipWriter::Part>& parts) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
  std::string out;
  std::string chunk(size_t{1} << 16, '\0');
  for (size_t i = 0; i < parts.size(); ++i) {
    const auto* from = static_cast<const unsigned char*>(parts[i].data);
    size_t left = parts[i].bytes;
    do {
      const size_t next = std::min<size_t>(left, std::numeric_limits<uInt>::max());
      stream.next_in = const_cast<unsigned char*>(from);
      stream.avail_in = static_cast<uInt>(next);
      from += next;
      left -= next;
      const bool last = i + 1 == parts.size() && left == 0;
      do {
        stream.next_out = reinterpret_cast<unsigned char*>(chunk.data());
        stream.avail_out = static_cast<uInt>(chunk.size());
        ::deflate(&stream, last ? Z_FINISH : Z_NO_FLUSH);
        out.append(chunk, 0, chunk.size() - stream.avail_out);
      } while (stream.avail_out == 0);
    } while (left > 0);
  }
  deflateEnd(&stream);
  return out;
}

}  // namespace

void ZipWriter::write(const std::string& text) {
  sink_.write(text.data(), text.size());
  place_ += text.size();
}

void ZipWriter::add(const std::string& name, std::vector<Part> parts, bool deflate) {
  if (name.size() > kWide16) fail("save", fmt::format("a member's name has {} bytes, more than 65535", name.size()));
  ZipMember member;
  member.name = name;
  member.deflated = deflate;
  member.header = place_;
  for (const Part& part : parts) {
    if (part.bytes == 0) continue;
    member.size += part.bytes;
    member.crc = static_cast<uint32_t>(crc32_z(member.crc, static_cast<const unsigned char*>(part.data), part.bytes));
  }
  std::string packed;
  if (deflate) {
    packed = deflated(parts);
    parts = {{packed.data(), packed.size()}};
  }
  for (const Part& part : parts) member.stored_size += part.bytes;

  std::string header;
  put(header, kLocalSignature, 4);
  put_common(header, member, is_wide(member));
  put(header, is_wide(member) ? 20 : 0, 2);
  header += name;
  if (is_wide(member)) {
    put(header, kWideField, 2);
    put(header, 16, 2);
    put(header, member.size, 8);
    put(header, member.stored_size, 8);
  }
  write(header);
  for (const Part& part : parts) {
    sink_.write(part.data, part.bytes);
    place_ += part.bytes;
  }
  members_.push_back(std::move(member));
}

void ZipWriter::finish() {
  const uint64_t start = place_;
  for (const ZipMember& member : members_) {
    const bool wide_place = member.header >= kWide32;
    std::string extra;
    if (is_wide(member)) {
      put(extra, member.size, 8);
      put(extra, member.stored_size, 8);
    }
    if (wide_place) put(extra, member.header, 8);
    std::string entry;
    put(entry, kDirectorySignature, 4);
    put(entry, kWideVersion, 2);
    put_common(entry, member, !extra.empty());
    put(entry, extra.empty() ? 0 : extra.size() + 4, 2);
    entry.append(2 + 2 + 2 + 4, '\0');  // no comment, the first disk, no attributes
    put(entry, wide_place ? kWide32 : member.header, 4);
    entry += member.name;
    if (!extra.empty()) {
      put(entry, kWideField, 2);
      put(entry, extra.size(), 2);
      entry += extra;
    }
    write(entry);
  }
  const uint64_t bytes = place_ - start, count = members_.size();
  std::string end;
  if (start >= kWide32 || bytes >= kWide32 || count >= kWide16) {
    const uint64_t wide_end = place_;
    put(end, kWideEndSignature, 4);
    put(end, kWideEndRecord - 12, 8);
    put(end, kWideVersion, 2);
    put(end, kWideVersion, 2);
    put(end, 0, 8);
    put(end, count, 8);
    put(end, count, 8);
    put(end, bytes, 8);
    put(end, start, 8);
    put(end, kLocatorSignature, 4);
    put(end, 0, 4);
    put(end, wide_end, 8);
    put(end, 1, 4);
  }
  put(end, kEndSignature, 4);
  put(end, 0, 4);
  put(end, std::min(count, kWide16), 2);
  put(end, std::min(count, kWide16), 2);
  put(end, std::min(bytes, kWide32), 4);
  put(end, std::min(start, kWide32), 4);
  put(end, 0, 2);
  write(end);
}

}  // namespace rondo::serialize
