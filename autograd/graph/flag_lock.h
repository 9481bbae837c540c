// Waiting for one another where threads rarely meet.
#pragma once

#include <rondo/autograd/base/ref.h>

#include <atomic>

namespace rondo::graph {

// Holds a flag for a scope; a thread that finds it held waits. The only thread of a process takes none.
class FlagLock {
 public:
  explicit FlagLock(std::atomic_flag& flag) : flag_(base::is_single_threaded() ? nullptr : &flag) {
    while (flag_ && flag_->test_and_set(std::memory_order_acquire)) flag_->wait(true, std::memory_order_relaxed);
  }
  ~FlagLock() {
    if (!flag_) return;
    flag_->clear(std::memory_order_release);
    flag_->notify_one();
  }
  FlagLock(const FlagLock&) = delete;
  FlagLock& operator=(const FlagLock&) = delete;

 private:
  std::atomic_flag* flag_;
};

}  // namespace rondo::graph
