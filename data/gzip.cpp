#include <rondo/data/gzip.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace rondo::data {
namespace {

constexpr size_t kMostBits = 15;  // of a code
constexpr size_t kLiteralCodes = 288, kDistanceCodes = 32, kLengthCodes = 19;
constexpr unsigned kEndOfBlock = 256;

// What a length or distance code stands for: the base, and how many bits are added to it.
struct Span {
  uint16_t base;
  uint8_t extra_bits;
};
constexpr std::array<Span, 29> kLengths = {{{3, 0},   {4, 0},   {5, 0},   {6, 0},   {7, 0},  {8, 0},  {9, 0},  {10, 0},
                                            {11, 1},  {13, 1},  {15, 1},  {17, 1},  {19, 2}, {23, 2}, {27, 2}, {31, 2},
                                            {35, 3},  {43, 3},  {51, 3},  {59, 3},  {67, 4}, {83, 4}, {99, 4}, {115, 4},
                                            {131, 5}, {163, 5}, {195, 5}, {227, 5}, {258, 0}}};
constexpr std::array<Span, 30> kDistances = {
    {{1, 0},     {2, 0},     {3, 0},     {4, 0},      {5, 1},      {7, 1},     {9, 2},     {13, 2},
     {17, 3},    {25, 3},    {33, 4},    {49, 4},     {65, 5},     {97, 5},    {129, 6},   {193, 6},
     {257, 7},   {385, 7},   {513, 8},   {769, 8},    {1025, 9},   {1537, 9},  {2049, 10}, {3073, 10},
     {4097, 11}, {6145, 11}, {8193, 12}, {12289, 12}, {16385, 13}, {24577, 13}}};
constexpr std::array<uint8_t, kLengthCodes> kLengthOrder = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                            11, 4,  12, 3, 13, 2, 14, 1, 15};

[[noreturn]] void unsound(const char* what) { fail("gunzip", fmt::format("the file is unsound: {}", what)); }

class Bytes {
 public:
  explicit Bytes(ArrayRef<uint8_t> bytes) : next_(bytes.begin()), end_(bytes.end()) {}

  size_t left() const { return static_cast<size_t>(end_ - next_); }
  uint8_t byte() {
    if (next_ == end_) unsound("it ends too early");
    return *next_++;
  }
  // The least significant byte first.
  uint32_t number(int bytes) {
    uint32_t value = 0;
    for (int i = 0; i < bytes; ++i) value |= uint32_t{byte()} << (8 * i);
    return value;
  }
  ArrayRef<uint8_t> take(size_t count) {
    if (count > left()) unsound("it ends too early");
    next_ += count;
    return {next_ - count, count};
  }
  void skip_text() {
    while (byte() != 0) {}
  }

  // Bits, from the least significant of each byte on.
  uint32_t bits(unsigned count) {
    const uint32_t value = peek(count);
    drop(count);
    return value;
  }
  // Beyond the end come zeros; dropping them is refused.
  uint32_t peek(unsigned count) {
    while (held_ < count) {
      buffer_ |= uint64_t{next_ < end_ ? *next_ : uint8_t{0}} << held_;
      if (next_ < end_) {
        ++next_;
      } else {
        padding_ += 8;
      }
      held_ += 8;
    }
    return static_cast<uint32_t>(buffer_ & ((uint64_t{1} << count) - 1));
  }
  void drop(unsigned count) {
    buffer_ >>= count;
    held_ -= count;
    if (held_ < padding_) unsound("it ends too early");
  }
  // Goes on at the next whole byte.
  void align() {
    drop(held_ % 8);
    next_ -= (held_ - padding_) / 8;
    buffer_ = 0;
    held_ = padding_ = 0;
  }

 private:
  const uint8_t *next_, *end_;
  uint64_t buffer_ = 0;
  unsigned held_ = 0, padding_ = 0;
};

// A Huffman code as a table over its longest codes: what each begins with, by its bits in the order of the file.
class Code {
 public:
  // The number of bits of each symbol's code; 0 for those that do not occur.
  explicit Code(ArrayRef<uint8_t> lengths) {
    std::array<uint16_t, kMostBits + 1> count{}, next{};
    for (uint8_t length : lengths) ++count[length];
    count[0] = 0;
    for (size_t length = 1; length <= kMostBits; ++length) {
      if (count[length]) bits_ = static_cast<unsigned>(length);
      next[length] = static_cast<uint16_t>((next[length - 1] + count[length - 1]) << 1);
      if (next[length] + count[length] > (1 << length)) unsound("a Huffman code has too many words");
    }
    table_.assign(size_t{1} << bits_, Entry{});
    for (size_t symbol = 0; symbol < lengths.size(); ++symbol) {
      const unsigned length = lengths[symbol];
      if (length == 0) continue;
      uint32_t reversed = 0;
      for (unsigned bit = 0, word = next[length]++; bit < length; ++bit)
        reversed |= (word >> bit & 1) << (length - 1 - bit);
      for (size_t i = reversed; i < table_.size(); i += size_t{1} << length) {
        table_[i] = {static_cast<uint16_t>(symbol), static_cast<uint8_t>(length)};
      }
    }
  }

  unsigned read(Bytes& from) const {
    const Entry entry = table_[from.peek(bits_)];
    if (entry.length == 0) unsound("it has a word that the Huffman code does not");
    from.drop(entry.length);
    return entry.symbol;
  }

 private:
  struct Entry {
    uint16_t symbol = 0;
    uint8_t length = 0;
  };
  unsigned bits_ = 1;
  std::vector<Entry> table_;
};

struct Codes {
  Code literals, distances;
};

Codes fixed_codes() {
  std::array<uint8_t, kLiteralCodes> lengths;
  std::fill(lengths.begin(), lengths.end(), uint8_t{8});
  std::fill(lengths.begin() + 144, lengths.begin() + 256, uint8_t{9});
  std::fill(lengths.begin() + 256, lengths.begin() + 280, uint8_t{7});
  std::array<uint8_t, kDistanceCodes> distances;
  distances.fill(5);
  return {Code(lengths), Code(distances)};
}

Codes read_codes(Bytes& from) {
  const size_t literals = from.bits(5) + 257, distances = from.bits(5) + 1, count = from.bits(4) + 4;
  std::array<uint8_t, kLengthCodes> of_lengths{};
  for (size_t i = 0; i < count; ++i) of_lengths[kLengthOrder[i]] = static_cast<uint8_t>(from.bits(3));
  const Code code(of_lengths);
  std::vector<uint8_t> lengths;
  while (lengths.size() < literals + distances) {
    const unsigned symbol = code.read(from);
    if (symbol < 16) {
      lengths.push_back(static_cast<uint8_t>(symbol));
      continue;
    }
    // 16 repeats the last length, 17 and 18 are zeros.
    if (symbol == 16 && lengths.empty()) unsound("it repeats a length before the first");
    const uint8_t value = symbol == 16 ? lengths.back() : uint8_t{0};
    const size_t times = symbol == 16 ? 3 + from.bits(2) : symbol == 17 ? 3 + from.bits(3) : 11 + from.bits(7);
    lengths.insert(lengths.end(), times, value);
  }
  if (lengths.size() > literals + distances) unsound("it has more lengths than codes");
  const ArrayRef<uint8_t> all(lengths);
  return {Code(all.slice(0, literals)), Code(all.slice(literals))};
}

void read_block(Bytes& from, const Codes& codes, std::vector<uint8_t>& to, size_t member) {
  while (true) {
    const unsigned symbol = codes.literals.read(from);
    if (symbol < kEndOfBlock) {
      to.push_back(static_cast<uint8_t>(symbol));
      continue;
    }
    if (symbol == kEndOfBlock) return;
    if (symbol - kEndOfBlock > kLengths.size()) unsound("it has a length that does not exist");
    const Span length = kLengths[symbol - kEndOfBlock - 1];
    const size_t count = length.base + from.bits(length.extra_bits);
    const unsigned far = codes.distances.read(from);
    if (far >= kDistances.size()) unsound("it has a distance that does not exist");
    const size_t distance = kDistances[far].base + from.bits(kDistances[far].extra_bits);
    if (distance > to.size() - member) unsound("it refers to what is before its beginning");
    // The two may overlap: then what was just written is repeated.
    const size_t begin = to.size();
    to.resize(begin + count);
    for (size_t i = begin; i < begin + count; ++i) to[i] = to[i - distance];
  }
}

void inflate(Bytes& from, std::vector<uint8_t>& to) {
  const size_t member = to.size();
  for (bool last = false; !last;) {
    last = from.bits(1) != 0;
    switch (from.bits(2)) {
      case 0: {
        from.align();
        const uint32_t count = from.number(2), check = from.number(2);
        if ((count ^ check) != 0xffff) unsound("a stored block has two lengths");
        const ArrayRef<uint8_t> bytes = from.take(count);
        to.insert(to.end(), bytes.begin(), bytes.end());
        break;
      }
      case 1: {
        static const Codes fixed = fixed_codes();
        read_block(from, fixed, to, member);
        break;
      }
      case 2:
        read_block(from, read_codes(from), to, member);
        break;
      default:
        unsound("it has a block of an unknown kind");
    }
  }
  from.align();
}

constexpr std::array<uint32_t, 256> kCrcTable = [] {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = value >> 1 ^ (value & 1 ? 0xedb88320u : 0);
    table[i] = value;
  }
  return table;
}();

uint32_t crc32(ArrayRef<uint8_t> bytes) {
  uint32_t value = ~uint32_t{0};
  for (uint8_t byte : bytes) value = value >> 8 ^ kCrcTable[(value ^ byte) & 0xff];
  return ~value;
}

void skip_header(Bytes& from) {
  enum : uint8_t { kText = 1, kCheck = 2, kExtra = 4, kName = 8, kComment = 16, kReserved = 0xe0 };
  if (from.number(2) != 0x8b1f) unsound("it is no gzip file");
  if (from.byte() != 8) unsound("it is packed in another way than deflate");
  const uint8_t flags = from.byte();
  if (flags & kReserved) unsound("it has flags that do not exist");
  from.take(6);  // time, flags of the packer, system
  if (flags & kExtra) from.take(from.number(2));
  if (flags & kName) from.skip_text();
  if (flags & kComment) from.skip_text();
  if (flags & kCheck) from.take(2);
}

}  // namespace

bool is_gzip(ArrayRef<uint8_t> bytes) { return bytes.size() >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b; }

std::vector<uint8_t> gunzip(ArrayRef<uint8_t> bytes) {
  Bytes from(bytes);
  std::vector<uint8_t> to;
  do {
    skip_header(from);
    const size_t begin = to.size();
    inflate(from, to);
    const ArrayRef<uint8_t> member(to.data() + begin, to.size() - begin);
    if (from.number(4) != crc32(member)) unsound("its checksum is wrong");
    if (from.number(4) != static_cast<uint32_t>(member.size())) unsound("its length is wrong");
  } while (from.left() > 0);
  return to;
}

}  // namespace rondo::data
