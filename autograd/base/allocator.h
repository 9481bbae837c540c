// The caching allocator behind tensors and graph nodes: size classes and bounded lists of free blocks.
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

inline constexpr size_t kBlockAlignment = 64;
inline constexpr size_t kFineLimit = 1024;  // size classes are multiples of 64 up to here, then four to a doubling
inline constexpr int kFineClasses = kFineLimit / kBlockAlignment;
inline constexpr int kClasses = kFineClasses + 4 * 10;

// A counter that one thread writes and others read.
template <class T>
struct Counter {
  std::atomic<T> value{0};
  void add(T amount) { value.store(value.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed); }
  operator T() const { return value.load(std::memory_order_relaxed); }
};

struct FreeBlock {
  FreeBlock* next;
};

// The free blocks that a thread keeps to itself: at most limits[i] of class i, none under the sanitizers.
struct ThreadCache {
  FreeBlock* lists[kClasses] = {};
  Counter<uint32_t> counts[kClasses];
  uint32_t limits[kClasses] = {};
  Counter<int64_t> allocations, plain_in_use;  // the latter under the sanitizers
};
extern constinit thread_local ThreadCache* thread_cache;

// What allocate and deallocate do where the thread's lists do not serve.
void* allocate_slowly(size_t bytes);
void deallocate_slowly(void* block, size_t bytes) noexcept;

// The class of a block of at most kFineLimit bytes.
constexpr size_t fine_class(size_t bytes) { return bytes == 0 ? 0 : (bytes - 1) / kBlockAlignment; }

// 64-byte aligned memory; never null (throws Error when the system has none). The size is needed again to free. Inline,
// so that a size known to the compiler costs no arithmetic.
inline void* allocate(size_t bytes) {
  ThreadCache* mine = thread_cache;
  if (bytes > kFineLimit || !mine) return allocate_slowly(bytes);
  const size_t index = fine_class(bytes);
  FreeBlock* block = mine->lists[index];
  if (!block) [[unlikely]] {
    return allocate_slowly(bytes);
  }
  mine->allocations.add(1);
  mine->lists[index] = block->next;
  mine->counts[index].add(-1u);
  return block;
}
inline void deallocate(void* block, size_t bytes) noexcept {
  ThreadCache* mine = thread_cache;
  const size_t index = fine_class(bytes);
  if (bytes > kFineLimit || !mine || !block || mine->counts[index] >= mine->limits[index]) {
    deallocate_slowly(block, bytes);
    return;
  }
  auto* free_block = static_cast<FreeBlock*>(block);
  free_block->next = mine->lists[index];
  mine->lists[index] = free_block;
  mine->counts[index].add(1);
}

// Gives a class's objects the allocator through new and delete.
struct Pooled {
  static void* operator new(size_t bytes) { return allocate(bytes); }
  static void operator delete(void* block, size_t bytes) noexcept { deallocate(block, bytes); }
};

}  // namespace base
}  // namespace rondo
