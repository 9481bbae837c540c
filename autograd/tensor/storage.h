// The memory of tensors: a counted block that views share.
#pragma once

#include <rondo/autograd/base/ref.h>

#include <cstddef>

namespace rondo {

// Sees each allocation of this thread's tensors.
struct AllocationWatch {
  virtual void allocated(size_t bytes) = 0;

 protected:
  ~AllocationWatch() = default;
};
extern constinit thread_local AllocationWatch* allocation_watch;

// Bytes, and how to free them. The header and the data that rondo allocates lie in one block.
class Storage final : public base::RefCounted {
 public:
  // Called with the context when the last reference is gone.
  using Release = void (*)(void* context, void* data);

  // Memory that is not set.
  static base::Ref<Storage> allocate(size_t bytes);
  // Someone else's memory; `release` may be null.
  static base::Ref<Storage> external(void* data, size_t bytes, Release release, void* context);

  void* data() const { return data_; }
  size_t nbytes() const { return bytes_; }
  // Whether rondo's allocator owns the memory, so that resize may replace it.
  bool owned() const { return owned_; }

  // Counts the in-place changes; a node that saved a value compares the number with the one it saw.
  uint32_t version() const { return version_.load(std::memory_order_relaxed); }
  void bump_version() { version_.fetch_add(1, std::memory_order_relaxed); }

  static void dispose(Storage* storage) noexcept;

 private:
  Storage() : RefCounted(base::kFirstReference) {}

  std::atomic<uint32_t> version_{0};
  bool owned_ = false;
  void* data_ = nullptr;
  size_t bytes_ = 0;
  Release release_ = nullptr;
  void* context_ = nullptr;
};

}  // namespace rondo
