#include <rondo/data/gzip.h>

#include <fmt/format.h>

#include <zlib.h>
#include <algorithm>
#include <array>

namespace rondo::data {
namespace {

[[noreturn]] void unsound(const char* what) { fail("gunzip", fmt::format("the file is unsound: {}", what)); }

class Inflater {
 public:
  explicit Inflater(ArrayRef<uint8_t> bytes) : next_(bytes.begin()), end_(bytes.end()) {
    constexpr int kGzip = 16;  // and no other form
    if (inflateInit2(&stream_, MAX_WBITS + kGzip) != Z_OK) fail("gunzip", "zlib cannot be set up");
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // One member of the file; false where none is left. Zeros that fill a block of a tape or of a disk may follow.
  bool read_member(std::vector<uint8_t>& to) {
    if (std::all_of(next_, end_, [](uint8_t byte) { return byte == 0; })) return false;
    std::array<uint8_t, size_t{1} << 16> buffer;
    int result = Z_OK;
    while (result != Z_STREAM_END) {
      constexpr std::ptrdiff_t kMost = 1 << 30;  // zlib counts in 32 bits
      stream_.next_in = const_cast<uint8_t*>(next_);
      stream_.avail_in = static_cast<uInt>(std::min(end_ - next_, kMost));
      stream_.next_out = buffer.data();
      stream_.avail_out = static_cast<uInt>(buffer.size());
      const bool at_end = stream_.avail_in == 0;
      result = inflate(&stream_, Z_NO_FLUSH);
      next_ = stream_.next_in;
      to.insert(to.end(), buffer.data(), stream_.next_out);
      if (result == Z_BUF_ERROR || (result == Z_OK && at_end && stream_.next_out == buffer.data())) {
        unsound("it ends too early");
      }
      if (result != Z_OK && result != Z_STREAM_END) unsound(stream_.msg ? stream_.msg : "zlib refuses it");
    }
    inflateReset(&stream_);
    return true;
  }

 private:
  z_stream stream_{};
  const uint8_t *next_, *end_;
};

}  // namespace

bool is_gzip(ArrayRef<uint8_t> bytes) { return bytes.size() >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b; }

std::vector<uint8_t> gunzip(ArrayRef<uint8_t> bytes) {
  if (!is_gzip(bytes)) unsound("it is no gzip file");
  std::vector<uint8_t> to;
  Inflater inflater(bytes);
  while (inflater.read_member(to)) {}
  return to;
}

}  // namespace rondo::data
