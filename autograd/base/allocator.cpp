#include <rondo/autograd/base/allocator.h>
#include <rondo/autograd/base/error.h>

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdlib>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

namespace rondo {
namespace base {

constinit thread_local ThreadCache* thread_cache = nullptr;

namespace {

// The sanitizers see nothing of blocks that are reused, so under them every block comes from malloc.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kPlainMalloc = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
constexpr bool kPlainMalloc = true;
#else
constexpr bool kPlainMalloc = false;
#endif
#else
constexpr bool kPlainMalloc = false;
#endif

constexpr size_t kAlignment = kBlockAlignment;
constexpr size_t kSmallLimit = 1u << 20;  // above: large blocks, cached one by one
constexpr size_t kSlab = 64u << 10;
constexpr size_t kThreadKeeps = 1u << 20;  // bytes of one class that a thread keeps to itself
constexpr size_t kHugePage = 2u << 20;

[[maybe_unused]] int class_of(size_t bytes) {
  if (bytes <= kFineLimit) return static_cast<int>(fine_class(bytes));
  const int doubling = std::bit_width(bytes - 1) - 1;  // bytes in (2^doubling, 2^(doubling + 1)]
  const size_t quarter = (bytes - 1 - (size_t{1} << doubling)) >> (doubling - 2);
  return kFineClasses + 4 * (doubling - 10) + static_cast<int>(quarter);
}

size_t class_bytes(int index) {
  if (index < kFineClasses) return static_cast<size_t>(index + 1) * kAlignment;
  const int doubling = 10 + (index - kFineClasses) / 4, quarter = (index - kFineClasses) % 4;
  return (size_t{1} << doubling) + (static_cast<size_t>(quarter + 1) << (doubling - 2));
}

// Large blocks: eight sizes to a doubling; huge pages where they fit.
constexpr int kLargeSizes = 8 * 64;
size_t large_bytes(size_t bytes) {
  const size_t step = std::bit_floor(bytes) / 8;
  return (bytes + step - 1) / step * step;
}
int large_index(size_t size) {
  const int doubling = std::bit_width(size) - 1;
  return 8 * doubling + static_cast<int>(size >> (doubling - 3) & 7);
}
size_t large_bytes_at(int index) { return static_cast<size_t>(8 + index % 8) << (index / 8 - 3); }

struct Shared {
  std::mutex mutex;
  FreeBlock* lists[kClasses] = {};
  int64_t counts[kClasses] = {}, made[kClasses] = {};  // of blocks in the lists, of blocks cut from slabs so far
  std::vector<ThreadCache*> threads;
  int64_t large_in_use = 0;
  int64_t ended_in_use = 0;            // of threads that have ended
  int64_t allocations = 0;             // of large blocks, and of threads that have ended
  FreeBlock* large[kLargeSizes] = {};  // free large blocks by size; of equal ones the one that was freed last first
  size_t large_cached = 0, large_limit;
  int64_t reserved = 0, system_allocations = 0;

  Shared() {
    const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    large_limit = pages > 0 && page > 0 ? static_cast<size_t>(pages) * static_cast<size_t>(page) / 4 : size_t{1} << 30;
  }
};

// Never destroyed: threads and static tensors may free after main has ended.
Shared& shared() {
  static Shared* state = new Shared;
  return *state;
}

[[noreturn]] void out_of_memory(size_t bytes) {
  fail("allocate", fmt::format("the system has no {} bytes of memory", bytes));
}

void trim_large(Shared& all, size_t limit) {
  for (int index = kLargeSizes; all.large_cached > limit && index-- > 0;) {
    while (all.large[index] && all.large_cached > limit) {
      FreeBlock* block = std::exchange(all.large[index], all.large[index]->next);
      all.large_cached -= large_bytes_at(index);
      all.reserved -= static_cast<int64_t>(large_bytes_at(index));
      std::free(block);
    }
  }
}

// The mutex is held: where the system has no more, the free large blocks go back to it first.
void* from_system(Shared& all, size_t bytes) {
  const bool huge = bytes >= 2 * kHugePage;
  void* block = std::aligned_alloc(huge ? kHugePage : kAlignment, bytes);
  if (!block && all.large_cached > 0) {
    trim_large(all, 0);
    block = std::aligned_alloc(huge ? kHugePage : kAlignment, bytes);
  }
  if (!block) out_of_memory(bytes);
  all.reserved += static_cast<int64_t>(bytes);
  ++all.system_allocations;
  if (huge) madvise(block, bytes / kHugePage * kHugePage, MADV_HUGEPAGE);
  return block;
}

constinit thread_local bool thread_ended = false;

void give_to_shared(ThreadCache& from, int index, uint32_t keep) {
  Shared& all = shared();
  std::lock_guard lock(all.mutex);
  while (from.counts[index] > keep) {
    FreeBlock* block = from.lists[index];
    from.lists[index] = block->next;
    from.counts[index].add(-1u);
    block->next = all.lists[index];
    all.lists[index] = block;
    ++all.counts[index];
  }
}

struct ThreadEnd {
  ~ThreadEnd() {
    ThreadCache* mine = thread_cache;
    thread_cache = nullptr;
    thread_ended = true;
    for (int i = 0; i < kClasses; ++i) give_to_shared(*mine, i, 0);
    Shared& all = shared();
    std::lock_guard lock(all.mutex);
    all.ended_in_use += mine->plain_in_use;
    all.allocations += mine->allocations;
    std::erase(all.threads, mine);
    delete mine;
  }
};

ThreadCache* make_cache() {
  if (thread_ended) return nullptr;
  thread_local ThreadEnd end;
  (void)end;
  thread_cache = new ThreadCache;
  for (int i = 0; !kPlainMalloc && i < kClasses; ++i) {
    thread_cache->limits[i] = static_cast<uint32_t>(std::max<size_t>(kThreadKeeps / class_bytes(i), 2));
  }
  Shared& all = shared();
  std::lock_guard lock(all.mutex);
  all.threads.push_back(thread_cache);
  return thread_cache;
}

// One block of a class for a thread without a block of it: some of the shared ones, else a new slab.
[[gnu::noinline, maybe_unused]] void* refill(ThreadCache* mine, int index) {
  const size_t bytes = class_bytes(index);
  Shared& all = shared();
  std::lock_guard lock(all.mutex);
  if (!all.lists[index]) {
    const size_t count = std::max<size_t>(kSlab / bytes, 1);
    auto* slab = static_cast<char*>(from_system(all, count * bytes));
    for (size_t i = count; i-- > 0;) {
      auto* block = reinterpret_cast<FreeBlock*>(slab + i * bytes);
      block->next = all.lists[index];
      all.lists[index] = block;
    }
    all.counts[index] = static_cast<int64_t>(count);
    all.made[index] += static_cast<int64_t>(count);
  }
  FreeBlock* first = all.lists[index];
  all.lists[index] = first->next;
  --all.counts[index];
  const uint32_t wanted = mine ? static_cast<uint32_t>(std::clamp<size_t>(kSlab / bytes, 1, 64)) - 1 : 0;
  for (uint32_t i = 0; i < wanted && all.lists[index]; ++i) {
    FreeBlock* block = all.lists[index];
    all.lists[index] = block->next;
    --all.counts[index];
    block->next = mine->lists[index];
    mine->lists[index] = block;
    mine->counts[index].add(1);
  }
  return first;
}

[[maybe_unused]] void* allocate_large(size_t bytes) {
  const size_t size = large_bytes(bytes);
  Shared& all = shared();
  std::lock_guard lock(all.mutex);
  void* block;
  // The one that was freed last: more of it may still lie in the caches.
  if (FreeBlock*& first = all.large[large_index(size)]) {
    block = std::exchange(first, first->next);
    all.large_cached -= size;
  } else {
    block = from_system(all, size);
  }
  ++all.allocations;
  all.large_in_use += static_cast<int64_t>(size);
  return block;
}

[[maybe_unused]] void deallocate_large(void* block, size_t bytes) {
  const size_t size = large_bytes(bytes);
  Shared& all = shared();
  std::lock_guard lock(all.mutex);
  all.large_in_use -= static_cast<int64_t>(size);
  FreeBlock*& first = all.large[large_index(size)];
  auto* freed = static_cast<FreeBlock*>(block);
  freed->next = std::exchange(first, freed);
  all.large_cached += size;
  trim_large(all, all.large_limit);
}

[[maybe_unused]] void* allocate_plain(size_t bytes) {
  void* block = std::aligned_alloc(kAlignment, (std::max<size_t>(bytes, 1) + kAlignment - 1) / kAlignment * kAlignment);
  if (!block) out_of_memory(bytes);
  if (ThreadCache* mine = thread_cache ? thread_cache : make_cache()) {
    mine->plain_in_use.add(static_cast<int64_t>(bytes));
    mine->allocations.add(1);
  }
  return block;
}

[[maybe_unused]] void deallocate_plain(void* block, size_t bytes) {
  if (ThreadCache* mine = thread_cache ? thread_cache : make_cache())
    mine->plain_in_use.add(-static_cast<int64_t>(bytes));
  std::free(block);
}

}  // namespace

void* allocate_slowly(size_t bytes) {
  if (bytes > (size_t{1} << 47)) [[unlikely]] {
    out_of_memory(bytes);
  }
  if constexpr (kPlainMalloc) {
    return allocate_plain(bytes);
  } else {
    if (bytes > kSmallLimit) [[unlikely]] {
      return allocate_large(bytes);
    }
    ThreadCache* mine = thread_cache ? thread_cache : make_cache();
    const int index = class_of(bytes);
    if (!mine) return refill(nullptr, index);
    mine->allocations.add(1);
    FreeBlock* block = mine->lists[index];
    if (!block) return refill(mine, index);
    mine->lists[index] = block->next;
    mine->counts[index].add(-1u);
    return block;
  }
}

void deallocate_slowly(void* block, size_t bytes) noexcept {
  if (!block) return;
  if constexpr (kPlainMalloc) {
    deallocate_plain(block, bytes);
  } else {
    if (bytes > kSmallLimit) [[unlikely]] {
      deallocate_large(block, bytes);
      return;
    }
    ThreadCache* mine = thread_cache ? thread_cache : make_cache();
    const int index = class_of(bytes);
    auto* free_block = static_cast<FreeBlock*>(block);
    if (!mine) {
      Shared& all = shared();
      std::lock_guard lock(all.mutex);
      free_block->next = all.lists[index];
      all.lists[index] = free_block;
      ++all.counts[index];
      return;
    }
    free_block->next = mine->lists[index];
    mine->lists[index] = free_block;
    mine->counts[index].add(1);
    if (mine->counts[index] > mine->limits[index]) [[unlikely]] {
      give_to_shared(*mine, index, mine->limits[index] / 2);
    }
  }
}

}  // namespace base

MemoryStats memory_stats() {
  auto& all = base::shared();
  std::lock_guard lock(all.mutex);
  MemoryStats stats{all.large_in_use + all.ended_in_use, all.reserved, all.allocations, all.system_allocations};
  // Handing out a block counts no bytes: in use is what is not free.
  int64_t in_use[base::kClasses];
  for (int i = 0; i < base::kClasses; ++i) in_use[i] = all.made[i] - all.counts[i];
  for (const auto* thread : all.threads) {
    stats.in_use += thread->plain_in_use;
    stats.allocations += thread->allocations;
    for (int i = 0; i < base::kClasses; ++i) in_use[i] -= thread->counts[i];
  }
  for (int i = 0; i < base::kClasses; ++i) stats.in_use += in_use[i] * static_cast<int64_t>(base::class_bytes(i));
  return stats;
}

void empty_cache() {
  auto& all = base::shared();
  std::lock_guard lock(all.mutex);
  base::trim_large(all, 0);
}

void set_cache_limit(size_t bytes) {
  auto& all = base::shared();
  std::lock_guard lock(all.mutex);
  all.large_limit = bytes;
  base::trim_large(all, bytes);
}

}  // namespace rondo
