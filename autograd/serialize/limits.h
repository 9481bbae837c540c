// What the readers of files share: sizes that do not overflow, bytes that are to be bools.
#pragma once

#include <rondo/autograd/base/array_ref.h>
#include <rondo/autograd/base/scalar_type.h>

#include <cstdint>
#include <optional>

namespace rondo::serialize {

inline constexpr size_t kMostDims = 64;

// The number of elements; nothing if a size is negative, or if the product of all sizes but zeros, of which strides are
// made, is beyond 63 bits.
inline std::optional<uint64_t> element_count(IntArrayRef sizes) {
  int64_t product = 1;
  bool empty = false;
  for (const int64_t size : sizes) {
    if (size < 0) return std::nullopt;
    empty = empty || size == 0;
    if (size > 0 && __builtin_mul_overflow(product, size, &product)) return std::nullopt;
  }
  return empty ? 0 : static_cast<uint64_t>(product);
}

inline std::optional<uint64_t> byte_count(IntArrayRef sizes, ScalarType type) {
  const std::optional<uint64_t> count = element_count(sizes);
  uint64_t bytes = 0;
  if (!count || __builtin_mul_overflow(*count, static_cast<uint64_t>(element_size(type)), &bytes)) return std::nullopt;
  if (bytes > static_cast<uint64_t>(INT64_MAX)) return std::nullopt;
  return bytes;
}

// Any byte but 0 and 1 is no bool.
inline void clean_bools(void* data, uint64_t count) {
  auto* bytes = static_cast<unsigned char*>(data);
  for (uint64_t i = 0; i < count; ++i) bytes[i] = bytes[i] != 0;
}

}  // namespace rondo::serialize
