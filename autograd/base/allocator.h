// The caching allocator behind tensors and graph nodes: size classes, free lists of each thread, a bound on what is
// kept.
#pragma once

#include <atomic>
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

// The sanitizers see nothing of blocks that are reused, so under them every block comes from malloc.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kPlainMalloc = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
inline constexpr bool kPlainMalloc = true;
#else
inline constexpr bool kPlainMalloc = false;
#endif
#else
inline constexpr bool kPlainMalloc = false;
#endif

inline constexpr size_t kBlockAlignment = 64;
inline constexpr size_t kFineLimit = 1024;  // size classes are multiples of 64 up to here, then four to a doubling
inline constexpr int kFineClasses = kFineLimit / kBlockAlignment;
inline constexpr int kClasses = kFineClasses + 4 * 10;

// A counter that one thread writes and others read.
struct Counter {
  std::atomic<int64_t> value{0};
  void add(int64_t amount) { value.store(value.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed); }
};

struct FreeBlock {
  FreeBlock* next;
};

// The free blocks that a thread keeps to itself.
struct ThreadCache {
  FreeBlock* lists[kClasses] = {};
  uint32_t counts[kClasses] = {}, limits[kClasses] = {};
  Counter in_use, allocations;
};
extern constinit thread_local ThreadCache* thread_cache;

// 64-byte aligned memory; never null (throws Error when the system has none). The size is needed again to free.
void* allocate_slowly(size_t bytes);
void deallocate_slowly(void* block, size_t bytes) noexcept;

// The way of small blocks whose thread has one free, here so that a size known to the compiler costs no arithmetic.
inline void* allocate(size_t bytes) {
  ThreadCache* mine = thread_cache;
  if (kPlainMalloc || bytes > kFineLimit || !mine) return allocate_slowly(bytes);
  const size_t index = bytes == 0 ? 0 : (bytes - 1) / kBlockAlignment;
  FreeBlock* block = mine->lists[index];
  if (!block) [[unlikely]] {
    return allocate_slowly(bytes);
  }
  mine->allocations.add(1);
  mine->in_use.add(static_cast<int64_t>((index + 1) * kBlockAlignment));
  mine->lists[index] = block->next;
  --mine->counts[index];
  return block;
}
inline void deallocate(void* block, size_t bytes) noexcept {
  ThreadCache* mine = thread_cache;
  const size_t index = bytes == 0 ? 0 : (bytes - 1) / kBlockAlignment;
  if (kPlainMalloc || bytes > kFineLimit || !mine || !block || mine->counts[index] >= mine->limits[index]) {
    deallocate_slowly(block, bytes);
    return;
  }
  mine->in_use.add(-static_cast<int64_t>((index + 1) * kBlockAlignment));
  auto* free_block = static_cast<FreeBlock*>(block);
  free_block->next = mine->lists[index];
  mine->lists[index] = free_block;
  ++mine->counts[index];
}

// Gives a class's objects the allocator through new and delete.
struct Pooled {
  static void* operator new(size_t bytes) { return allocate(bytes); }
  static void operator delete(void* block, size_t bytes) noexcept { deallocate(block, bytes); }
};

}  // namespace base
}  // namespace rondo
