// Large batches in parts: gradients of several losses add up to one step.
#pragma once

#include <rondo/optim/optimizer.h>

namespace rondo::optim {

// for (...) {
//   if (accumulator.backward(loss)) accumulator.step();  // gradients may be clipped in between
// }
// if (accumulator.pending() > 0) accumulator.step();
class GradientAccumulator {
 public:
  // A step follows each `steps` losses. Throws ValueError for less than one.
  GradientAccumulator(Optimizer& optimizer, int64_t steps);

  // Adds the gradients of loss / steps; true when the last of `steps` losses has come.
  bool backward(const Tensor& loss);
  // A step of the optimizer with the mean of the gradients that have come, which are dropped then. Nothing if none has.
  void step();
  // The losses since the last step.
  int64_t pending() const { return pending_; }

 private:
  Optimizer& optimizer_;
  int64_t steps_, pending_ = 0;
};

}  // namespace rondo::optim
