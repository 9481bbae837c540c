// Working memory of kernels.
#pragma once

#include <cstddef>
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

}  // namespace rondo::kernels
