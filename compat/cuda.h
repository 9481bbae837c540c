// libtorch's questions about graphics processors, of which rondo uses none.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rondo::cuda {

inline size_t device_count() { return 0; }
inline bool is_available() { return false; }
inline bool cudnn_is_available() { return false; }
// Nothing to seed and nothing to wait for.
inline void manual_seed(uint64_t) {}
inline void manual_seed_all(uint64_t) {}
inline void synchronize(int64_t = -1) {}

}  // namespace rondo::cuda
