// Where the time goes: operations with their durations and bytes.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <string>
#include <vector>

namespace rondo::autograd {

// While it lives, records the operations of this thread that take part in differentiation, and the steps of backward.
// An operation lasts from the allocation of its result until it is recorded; operations that record nothing (without
// gradients) are not seen. One at a time on a thread.
//
//   autograd::Profile profile;
//   train_one_step();
//   std::cout << profile.table();
//   profile.write_chrome_trace("step.json");   // chrome://tracing or Perfetto
class Profile {
 public:
  struct Event {
    std::string name;     // "Mul", "MulBackward0"
    double start_us = 0;  // since the profile began
    double duration_us = 0;
    size_t bytes = 0;   // allocated meanwhile
    std::string shape;  // of the (first) output
    bool backward = false;
  };

  Profile();
  ~Profile();
  Profile(const Profile&) = delete;
  Profile& operator=(const Profile&) = delete;

  // In the order of their start.
  std::vector<Event> events() const;
  // One line for each name: calls, total and mean time, bytes; the slowest first.
  std::string table() const;
  // The Chrome trace format. Throws Error where the file cannot be written.
  std::string chrome_trace() const;
  void write_chrome_trace(const std::string& path) const;

 private:
  struct Recorder;
  Recorder* recorder_;
};

}  // namespace rondo::autograd
