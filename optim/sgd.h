// Stochastic gradient descent.
#pragma once

#include <rondo/optim/optimizer.h>

namespace rondo::optim {

struct SGDOptions : OptimizerCloneableOptions<SGDOptions> {
  SGDOptions(double lr);
  double get_lr() const override;
  void set_lr(double lr) override;
  friend bool operator==(const SGDOptions& a, const SGDOptions& b);

  RONDO_ARG(double, lr);
  RONDO_ARG(double, momentum) = 0;
  RONDO_ARG(double, dampening) = 0;
  RONDO_ARG(double, weight_decay) = 0;
  RONDO_ARG(bool, nesterov) = false;
};

struct SGDParamState : OptimizerCloneableParamState<SGDParamState> {
  friend bool operator==(const SGDParamState& a, const SGDParamState& b);
  RONDO_ARG(Tensor, momentum_buffer);
};

// g += weight_decay w; buffer = momentum buffer + (1 - dampening) g, at first g; w -= lr (buffer, or g + momentum
// buffer with nesterov). Throws ValueError for options out of range.
class SGD : public Optimizer {
 public:
  explicit SGD(const std::vector<OptimizerParamGroup>& param_groups, SGDOptions defaults);
  explicit SGD(std::vector<Tensor> params, SGDOptions defaults);
  Tensor step(LossClosure closure = nullptr) override;
};

}  // namespace rondo::optim
