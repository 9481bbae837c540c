// Working memory of kernels.
#pragma once

#include <rondo/autograd/base/allocator.h>

#include <cstddef>
#include <cstdint>

namespace rondo::kernels {

// `bytes` of uninitialized memory, aligned for any number; up to kBytes of it lie on the stack.
template <size_t kBytes>
class Scratch {
 public:
  explicit Scratch(size_t bytes)
      : bytes_(bytes), heap_(bytes > kBytes ? static_cast<char*>(base::allocate(bytes)) : nullptr) {}
  ~Scratch() {
    if (heap_) base::deallocate(heap_, bytes_);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  char* data() { return heap_ ? heap_ : local_; }
  template <class T>
  T* as() {
    return reinterpret_cast<T*>(data());
  }

 private:
  alignas(64) char local_[kBytes];
  size_t bytes_;
  char* heap_;
};

// `bytes` of uninitialized memory of the caching allocator, from the beginning of a cache line.
class Block {
 public:
  explicit Block(size_t bytes) : bytes_(bytes), data_(base::allocate(bytes)) {}
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  ~Block() { base::deallocate(data_, bytes_); }
  template <class T>
  T* as() const {
    return static_cast<T*>(data_);
  }

 private:
  size_t bytes_;
  void* data_;
};

// `count` uninitialized numbers of the caching allocator: large ones cost no page faults from the second use on.
template <class T>
class Buffer {
 public:
  explicit Buffer(int64_t count) : block_(sizeof(T) * static_cast<size_t>(count)) {}
  T* data() const { return block_.as<T>(); }

 private:
  Block block_;
};

}  // namespace rondo::kernels
