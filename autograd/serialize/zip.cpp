// Reading zip archives (PKWARE's APPNOTE 6.3), without trust in any of their numbers.
#include <rondo/autograd/serialize/zip.h>

#include <rondo/autograd/serialize/file.h>
#include <rondo/autograd/serialize/zip_layout.h>

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <limits>
#include <numeric>

namespace rondo::serialize {

using namespace zip;

namespace {

constexpr uint64_t kMostComment = 0xffff;
constexpr uint64_t kMostRatio = 1032;  // a deflated bit gives at most 258 bytes, and needs at least two bits
constexpr uint64_t kChunk = uint64_t{1} << 16;

uint64_t number(std::string_view bytes, size_t place, size_t width) {
  uint64_t value = 0;
  for (size_t i = 0; i < width; ++i) value |= uint64_t{static_cast<unsigned char>(bytes[place + i])} << (8 * i);
  return value;
}

std::string piece(const Source& source, uint64_t place, uint64_t bytes) {
  std::string text(bytes, '\0');
  source.read(place, text.data(), bytes);
  return text;
}

struct Directory {
  uint64_t place = 0, bytes = 0, count = 0;
};

// The records at the end of the archive say where its directory is.
Directory find_directory(const Source& source) {
  const uint64_t tail_bytes = std::min(source.size(), kMostComment + kEndRecord);
  const uint64_t tail_place = source.size() - tail_bytes;
  const std::string tail = piece(source, tail_place, tail_bytes);
  if (tail_bytes < kEndRecord) source.fail("it is too short for a zip archive");
  size_t end = tail_bytes - kEndRecord;
  // The comment, which is last, has the length that the record says.
  while (number(tail, end, 4) != kEndSignature || end + kEndRecord + number(tail, end + 20, 2) != tail_bytes) {
    if (end == 0) source.fail("it is no zip archive, or its end is missing");
    --end;
  }
  Directory found{number(tail, end + 16, 4), number(tail, end + 12, 4), number(tail, end + 10, 2)};
  if (number(tail, end + 4, 2) != number(tail, end + 6, 2)) source.fail("it is a part of a zip archive");
  const uint64_t end_place = tail_place + end;
  uint64_t limit = end_place;
  const bool wide = found.place == kWide32 || found.bytes == kWide32 || found.count == kWide16;
  if (wide && end_place >= kLocator) {
    const std::string locator = piece(source, end_place - kLocator, kLocator);
    if (number(locator, 0, 4) == kLocatorSignature) {
      const uint64_t place = number(locator, 8, 8);
      if (place > end_place - kLocator || end_place - kLocator - place < kWideEndRecord) {
        source.fail("the zip64 record lies outside the archive");
      }
      const std::string record = piece(source, place, kWideEndRecord);
      if (number(record, 0, 4) != kWideEndSignature) source.fail("the zip64 record is missing");
      found = {number(record, 48, 8), number(record, 40, 8), number(record, 32, 8)};
      limit = place;
    }
  }
  if (found.place > limit || found.bytes > limit - found.place) source.fail("the directory lies outside the archive");
  if (found.count > found.bytes / kDirectoryEntry) {
    source.fail(fmt::format("the directory has {} bytes, too few for {} members", found.bytes, found.count));
  }
  return found;
}

// Sizes that do not fit stand in an extra field, in a fixed order.
void read_wide_sizes(const Source& source, std::string_view extra, ZipMember& member) {
  uint64_t* const wanted[] = {&member.size, &member.stored_size, &member.header};
  while (extra.size() >= 4) {
    const uint64_t kind = number(extra, 0, 2), bytes = number(extra, 2, 2);
    if (bytes > extra.size() - 4) break;
    if (kind == kWideField) {
      size_t place = 4;
      for (uint64_t* value : wanted) {
        if (*value != kWide32) continue;
        if (place + 8 > 4 + bytes) source.fail(fmt::format("the zip64 sizes of '{}' are missing", member.name));
        *value = number(extra, place, 8);
        place += 8;
      }
      return;
    }
    extra.remove_prefix(4 + bytes);
  }
}

}  // namespace

ZipReader::ZipReader(const Source& source) : source_(source) {
  read_directory();
  check_members();
}

void ZipReader::read_directory() {
  const Directory directory = find_directory(source_);
  end_ = directory.place;
  const std::string bytes = piece(source_, directory.place, directory.bytes);
  members_.reserve(directory.count);
  size_t place = 0;
  for (uint64_t i = 0; i < directory.count; ++i) {
    const auto short_of = [&](uint64_t needed) { return bytes.size() - place < needed; };
    if (short_of(kDirectoryEntry) || number(bytes, place, 4) != kDirectorySignature) {
      source_.fail(fmt::format("entry {} of the directory is not sound", i));
    }
    const uint64_t flags = number(bytes, place + 8, 2), method = number(bytes, place + 10, 2);
    const uint64_t name = number(bytes, place + 28, 2), extra = number(bytes, place + 30, 2);
    const uint64_t comment = number(bytes, place + 32, 2);
    if (short_of(kDirectoryEntry + name + extra + comment)) {
      source_.fail(fmt::format("entry {} of the directory is not whole", i));
    }
    ZipMember member;
    member.name = bytes.substr(place + kDirectoryEntry, name);
    member.crc = static_cast<uint32_t>(number(bytes, place + 16, 4));
    member.stored_size = number(bytes, place + 20, 4);
    member.size = number(bytes, place + 24, 4);
    member.header = number(bytes, place + 42, 4);
    if (flags & 1) source_.fail(fmt::format("member '{}' is encrypted", member.name));
    if (method != kStored && method != kDeflated) {
      source_.fail(fmt::format("member '{}' is compressed by method {}; only stored (0) and deflated (8) can be read",
                               member.name, method));
    }
    member.deflated = method == kDeflated;
    read_wide_sizes(source_, std::string_view(bytes).substr(place + kDirectoryEntry + name, extra), member);
    place += kDirectoryEntry + name + extra + comment;
    members_.push_back(std::move(member));
  }
}

void ZipReader::check_members() {
  std::vector<uint32_t> by_place(members_.size());
  std::iota(by_place.begin(), by_place.end(), 0u);
  by_name_ = by_place;
  std::sort(by_name_.begin(), by_name_.end(),
            [&](uint32_t a, uint32_t b) { return members_[a].name < members_[b].name; });
  for (size_t i = 1; i < by_name_.size(); ++i) {
    const std::string& name = members_[by_name_[i]].name;
    if (name == members_[by_name_[i - 1]].name) source_.fail(fmt::format("member '{}' comes twice", name));
  }
  std::sort(by_place.begin(), by_place.end(),
            [&](uint32_t a, uint32_t b) { return members_[a].header < members_[b].header; });
  for (size_t i = 0; i < by_place.size(); ++i) {
    ZipMember& member = members_[by_place[i]];
    const uint64_t limit = i + 1 < by_place.size() ? members_[by_place[i + 1]].header : end_;
    if (member.header > end_ || limit > end_ || limit - member.header < kLocalHeader) {
      source_.fail(fmt::format("member '{}' overlaps another or the directory", member.name));
    }
    const std::string header = piece(source_, member.header, kLocalHeader);
    if (number(header, 0, 4) != kLocalSignature || number(header, 26, 2) != member.name.size()) {
      source_.fail(fmt::format("member '{}' is not where the directory says", member.name));
    }
    const uint64_t before = kLocalHeader + member.name.size() + number(header, 28, 2);
    if (before > limit - member.header || member.stored_size > limit - member.header - before) {
      source_.fail(fmt::format("member '{}' overlaps another or the directory", member.name));
    }
    member.place = member.header + before;
    const bool possible =
        member.deflated ? member.size / kMostRatio <= member.stored_size : member.size == member.stored_size;
    if (!possible) {
      source_.fail(fmt::format("member '{}' cannot have {} bytes, since {} are stored", member.name, member.size,
                               member.stored_size));
    }
  }
}

const ZipMember* ZipReader::find(std::string_view name) const {
  const auto found = std::lower_bound(
      by_name_.begin(), by_name_.end(), name,
      [&](uint32_t place, std::string_view key) { return std::string_view(members_[place].name) < key; });
  return found != by_name_.end() && members_[*found].name == name ? &members_[*found] : nullptr;
}

std::string ZipReader::read(const ZipMember& member) const {
  ZipStream stream(*this, member);
  std::string bytes(member.size, '\0');
  stream.read(bytes.data(), bytes.size());
  stream.finish();
  return bytes;
}

// ---- one member ----

struct ZipStream::Inflater {
  z_stream stream{};
  std::string input;

  Inflater() : input(kChunk, '\0') {
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream); }
};

ZipStream::ZipStream(const ZipReader& archive, const ZipMember& member)
    : archive_(archive), member_(member), inflater_(member.deflated ? new Inflater : nullptr) {}
ZipStream::~ZipStream() = default;

void ZipStream::read(void* to, size_t bytes) {
  const Source& source = archive_.source();
  if (bytes > member_.size - done_) {
    source.fail(fmt::format("member '{}' ends too early: it has {} bytes", member_.name, member_.size));
  }
  if (bytes == 0) return;
  auto* out = static_cast<unsigned char*>(to);
  if (inflater_) {
    inflate(out, bytes);
  } else {
    source.read(member_.place + done_, out, bytes);
  }
  done_ += bytes;
  crc_ = static_cast<uint32_t>(crc32_z(crc_, out, bytes));
}

void ZipStream::inflate(unsigned char* to, size_t bytes) {
  const Source& source = archive_.source();
  z_stream& stream = inflater_->stream;
  while (bytes > 0) {
    if (stream.avail_in == 0) {
      const uint64_t next = std::min(kChunk, member_.stored_size - taken_);
      source.read(member_.place + taken_, inflater_->input.data(), next);
      taken_ += next;
      stream.next_in = reinterpret_cast<unsigned char*>(inflater_->input.data());
      stream.avail_in = static_cast<uInt>(next);
    }
    const size_t room = std::min<size_t>(bytes, std::numeric_limits<uInt>::max());
    stream.next_out = to;
    stream.avail_out = static_cast<uInt>(room);
    const int status = ::inflate(&stream, Z_NO_FLUSH);
    const size_t made = room - stream.avail_out;
    to += made;
    bytes -= made;
    if (status == Z_STREAM_END && bytes == 0) break;
    if (status != Z_OK || (made == 0 && stream.avail_in == 0 && taken_ == member_.stored_size)) {
      source.fail(fmt::format("member '{}' cannot be inflated", member_.name));
    }
  }
}

void ZipStream::finish() {
  const Source& source = archive_.source();
  if (done_ != member_.size) {
    source.fail(fmt::format("member '{}' has {} bytes, of which {} were expected", member_.name, member_.size, done_));
  }
  if (crc_ != member_.crc) source.fail(fmt::format("member '{}' is damaged: its checksum differs", member_.name));
}

}  // namespace rondo::serialize
