#include <rondo/data/idx.h>

#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/data/gzip.h>

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <optional>

namespace rondo::data {
namespace {

constexpr size_t kMostDims = 8;
constexpr uint64_t kMostNumbers = uint64_t{1} << 48;

std::optional<ScalarType> type_of(uint8_t code) {
  switch (code) {
    case 0x08:
      return kUInt8;
    case 0x09:
      return kInt8;
    case 0x0b:
      return kInt16;
    case 0x0c:
      return kInt32;
    case 0x0d:
      return kFloat32;
    case 0x0e:
      return kFloat64;
    default:
      return std::nullopt;
  }
}

// Numbers are stored with their most significant byte first.
void copy_swapped(const uint8_t* from, uint8_t* to, size_t numbers, size_t width) {
  if (width == 1) {
    std::memcpy(to, from, numbers);
    return;
  }
  for (size_t i = 0; i < numbers; ++i) std::reverse_copy(from + i * width, from + (i + 1) * width, to + i * width);
}

Tensor read_plain(ArrayRef<uint8_t> bytes, const std::string& name) {
  const auto unsound = [&](const std::string& what) { fail("read_idx", fmt::format("{}: {}", name, what)); };
  if (bytes.size() < 4) unsound(fmt::format("{} bytes are too few for an IDX file", bytes.size()));
  if (bytes[0] != 0 || bytes[1] != 0) unsound("an IDX file begins with two zeros");
  const auto type = type_of(bytes[2]);
  if (!type) unsound(fmt::format("unknown type of numbers {:#04x}", bytes[2]));
  const size_t dims = bytes[3], header = 4 + 4 * dims;
  if (dims > kMostDims) unsound(fmt::format("{} dimensions; at most {} are read", dims, kMostDims));
  if (bytes.size() < header) unsound(fmt::format("{} bytes are too few for {} sizes", bytes.size(), dims));

  std::vector<int64_t> sizes;
  uint64_t numbers = 1;
  bool empty = false;
  for (size_t d = 0; d < dims; ++d) {
    uint32_t size = 0;
    for (size_t i = 0; i < 4; ++i) size = size << 8 | bytes[4 + 4 * d + i];
    sizes.push_back(size);
    empty |= size == 0;
    if (size > 0 && numbers > kMostNumbers / size) unsound(fmt::format("the sizes {} are too large", to_string(sizes)));
    numbers *= std::max<uint64_t>(size, 1);
  }
  if (empty) numbers = 0;
  const size_t width = elementSize(*type);
  if (bytes.size() - header != numbers * width) {
    unsound(
        fmt::format("{} bytes follow the sizes {}; need {}", bytes.size() - header, to_string(sizes), numbers * width));
  }
  const Tensor result = rondo::empty(sizes, *type);
  if (numbers > 0) copy_swapped(bytes.begin() + header, static_cast<uint8_t*>(result.data_ptr()), numbers, width);
  return result;
}

}  // namespace

Tensor read_idx(ArrayRef<uint8_t> bytes, const std::string& name) {
  return is_gzip(bytes) ? read_plain(gunzip(bytes), name) : read_plain(bytes, name);
}

Tensor read_idx_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) fail("read_idx", fmt::format("Error opening file at {}", path));
  const std::streamoff size = file.tellg();
  // A folder opens too, and is endless.
  constexpr std::streamoff kMost = std::streamoff{1} << 40;
  if (size < 0 || size > kMost) fail("read_idx", fmt::format("{} is no file that can be read", path));
  std::vector<uint8_t> bytes(static_cast<size_t>(size));
  file.seekg(0);
  if (!file.read(reinterpret_cast<char*>(bytes.data()), size)) {
    fail("read_idx", fmt::format("Error reading file at {}", path));
  }
  return read_idx(bytes, path);
}

}  // namespace rondo::data
