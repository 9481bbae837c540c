// The caching allocator behind tensors and graph nodes: size classes, free lists of each thread, a bound on what is
// kept.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rondo {

struct MemoryStats {
  int64_t in_use;              // bytes handed out and not yet given back, in size classes
  int64_t reserved;            // bytes obtained from the system and not returned: in use or cached
  int64_t allocations;         // calls of allocate so far
  int64_t system_allocations;  // how many of them had to ask the system
};
MemoryStats memory_stats();

// Returns cached large blocks to the system.
void empty_cache();
// Bounds the bytes of large blocks that are kept for reuse; a quarter of the machine's memory until set.
void set_cache_limit(size_t bytes);

namespace base {

// 64-byte aligned memory; never null (throws Error when the system has none). The size is needed again to free.
void* allocate(size_t bytes);
void deallocate(void* block, size_t bytes) noexcept;

// Gives a class's objects the allocator through new and delete.
struct Pooled {
  static void* operator new(size_t bytes) { return allocate(bytes); }
  static void operator delete(void* block, size_t bytes) noexcept { deallocate(block, bytes); }
};

}  // namespace base
}  // namespace rondo
