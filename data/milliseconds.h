// A time to wait, without <chrono>, which would be a quarter of what a user's file includes.
#pragma once

#include <cstdint>

namespace rondo::data {

// Converts from any std::chrono::duration.
class Milliseconds {
 public:
  template <class Duration>
  requires requires(const Duration& duration) {
    duration.count();
    Duration::period::num;
  }
  Milliseconds(const Duration& duration)
      : count_(static_cast<int64_t>(duration.count() * 1000 * Duration::period::num / Duration::period::den)) {}
  explicit Milliseconds(int64_t count) : count_(count) {}
  int64_t count() const { return count_; }

 private:
  int64_t count_;
};

}  // namespace rondo::data
