// Working memory of kernels.
#pragma once

#include <rondo/autograd/base/allocator.h>

#include <cstddef>
#include <cstdint>
#include <memory>

namespace rondo::kernels {

// `bytes` of uninitialized memory, aligned for any number; up to kBytes of it lie on the stack.
template <size_t kBytes>
class Scratch {
 public:
  explicit Scratch(size_t bytes) : heap_(bytes > kBytes ? new char[bytes] : nullptr) {}
  char* data() { return heap_ ? heap_.get() : local_; }
  template <class T>
  T* as() {
    return reinterpret_cast<T*>(data());
  }

 private:
  alignas(64) char local_[kBytes];
  std::unique_ptr<char[]> heap_;
};

// `count` uninitialized numbers from the caching allocator: large ones cost no page faults from the second use on.
template <class T>
class Buffer {
 public:
  explicit Buffer(int64_t count) : bytes_(sizeof(T) * static_cast<size_t>(count)), data_(base::allocate(bytes_)) {}
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { base::deallocate(data_, bytes_); }
  T* data() const { return static_cast<T*>(data_); }

 private:
  size_t bytes_;
  void* data_;
};

}  // namespace rondo::kernels
