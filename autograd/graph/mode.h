// Gradient mode: whether operations record what they did. A setting of each thread.
#pragma once

#include <rondo/autograd/tensor/inference.h>

#include <atomic>
#include <cstdint>

namespace rondo {
namespace graph {

class Node;
struct SavedHooks;
struct OperationWatch;

struct Modes {
  bool grad = true;
  bool anomaly = false;                       // nodes remember where they were recorded
  bool check_nan = true;                      // with anomaly: a NaN in a gradient is an error
  uint16_t depth = 0;                         // backward runs that are in progress on this thread, one within another
  uint32_t walker = 0;                        // this thread's number in the engine; 0 before its first backward
  OperationWatch* watch = nullptr;            // sees the operations (watch.h)
  Node* running = nullptr;                    // whose rule is at work
  SavedHooks* saved = nullptr;                // the innermost pair of functions for saved tensors (saved.h)
  const char* saved_hooks_refusal = nullptr;  // why such functions are forbidden, where they are
  uint64_t sequence = 0;                      // of the next node
};
// One access per operation: constinit, so that no guard is tested.
extern constinit thread_local Modes modes;

// Whether any tensor was cut off from its history by detach_: until then no saved value looks for it.
inline constinit std::atomic<bool> detached_in_place{false};

inline bool grad_enabled() { return modes.grad; }

}  // namespace graph

struct GradMode {
  static bool is_enabled() { return graph::modes.grad; }
  static void set_enabled(bool enabled) { graph::modes.grad = enabled; }
};

// Sets the mode for a scope and restores the one before, also when an exception leaves the scope.
class AutoGradMode {
 public:
  explicit AutoGradMode(bool enabled) : before_(graph::modes.grad) { graph::modes.grad = enabled; }
  ~AutoGradMode() { graph::modes.grad = before_; }
  AutoGradMode(const AutoGradMode&) = delete;
  AutoGradMode& operator=(const AutoGradMode&) = delete;

 private:
  bool before_;
};

class NoGradGuard : public AutoGradMode {
 public:
  NoGradGuard() : AutoGradMode(false) {}
};

// For code that will never need gradients: no operation is recorded, and the tensors that are made carry no counter of
// versions; outside of the scope they can be read, but neither changed in place nor saved for a backward.
// InferenceMode(false) suspends the mode for a scope.
class InferenceMode {
 public:
  explicit InferenceMode(bool enabled = true) : grad_(!enabled), before_(tensor_data::inference_mode) {
    tensor_data::inference_mode = enabled;
  }
  ~InferenceMode() { tensor_data::inference_mode = before_; }
  InferenceMode(const InferenceMode&) = delete;
  InferenceMode& operator=(const InferenceMode&) = delete;
  static bool is_enabled() { return tensor_data::inference_mode; }

 private:
  AutoGradMode grad_;
  bool before_;
};

namespace autograd {

// Finds the operation behind a bad gradient: an error in backward is reported with the place where the operation was
// recorded, and a NaN that a rule returns is an error. Slows everything down. Of each thread.
struct AnomalyMode {
  static bool is_enabled() { return graph::modes.anomaly; }
  static bool should_check_nan() { return graph::modes.check_nan; }
  static void set_enabled(bool enabled, bool check_nan = true) {
    graph::modes.anomaly = enabled;
    graph::modes.check_nan = check_nan;
  }
};

class DetectAnomalyGuard {
 public:
  explicit DetectAnomalyGuard(bool check_nan = true)
      : anomaly_(graph::modes.anomaly), check_nan_(graph::modes.check_nan) {
    AnomalyMode::set_enabled(true, check_nan);
  }
  ~DetectAnomalyGuard() { AnomalyMode::set_enabled(anomaly_, check_nan_); }
  DetectAnomalyGuard(const DetectAnomalyGuard&) = delete;
  DetectAnomalyGuard& operator=(const DetectAnomalyGuard&) = delete;

 private:
  bool anomaly_, check_nan_;
};

}  // namespace autograd

}  // namespace rondo
