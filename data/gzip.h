// Unpacks gzip files.
#pragma once

#include <rondo/autograd/base/array_ref.h>

#include <cstdint>
#include <vector>

namespace rondo::data {

// Whether the bytes begin as a gzip file does.
bool is_gzip(ArrayRef<uint8_t> bytes);
// The content of a gzip file of one or more members (RFC 1952, RFC 1951). Throws Error for whatever is unsound: the
// checksums are compared, and no byte may follow.
std::vector<uint8_t> gunzip(ArrayRef<uint8_t> bytes);

}  // namespace rondo::data
