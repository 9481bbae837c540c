// The records of zip archives: signatures and sizes, in bytes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rondo::serialize::zip {

inline constexpr uint32_t kLocalSignature = 0x04034b50, kDirectorySignature = 0x02014b50, kEndSignature = 0x06054b50,
                          kWideEndSignature = 0x06064b50, kLocatorSignature = 0x07064b50;
inline constexpr size_t kLocalHeader = 30, kDirectoryEntry = 46, kEndRecord = 22, kWideEndRecord = 56, kLocator = 20;
inline constexpr uint64_t kStored = 0, kDeflated = 8;
// Numbers that stand for "see the 64-bit one", and the extra field that has it.
inline constexpr uint64_t kWide32 = 0xffffffff, kWide16 = 0xffff, kWideField = 1;

}  // namespace rondo::serialize::zip
