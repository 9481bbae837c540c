// Gradient mode: whether operations record what they did. A setting of each thread.
#pragma once

namespace rondo {
namespace graph {

struct Modes {
  bool grad = true;
  bool inference = false;
};
// One access per operation: constinit, so that no guard is tested.
extern constinit thread_local Modes modes;

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

}  // namespace rondo
