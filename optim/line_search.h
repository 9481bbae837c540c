// The line search of L-BFGS.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

namespace rondo::optim {

// A function along a line: its value, its gradient, and the slope along the direction, at step t.
struct LinePoint {
  double t, value;
  Tensor gradient;
  double slope;
};

// Where the function is asked for: `at(t)` for the step t.
class Line {
 public:
  virtual ~Line() = default;
  virtual LinePoint at(double t) = 0;
};

// A step from `start` (its t is 0) that meets the strong Wolfe conditions, or the best one within 25 trials: first `t`
// is extended until an interval holds such a step, then that is narrowed (Nocedal and Wright, algorithms 3.5 and 3.6).
// `reach` is the largest number of the direction; the search ends where an interval times reach is below the tolerance.
// `evaluations` counts the calls of line.at.
LinePoint strong_wolfe(Line& line, const LinePoint& start, double t, double reach, int64_t& evaluations);

}  // namespace rondo::optim
