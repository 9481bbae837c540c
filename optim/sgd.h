// Stochastic gradient descent.
#pragma once

#include <rondo/optim/optimizer.h>

namespace rondo::optim {

struct SGDOptions : OptimizerCloneableOptions<SGDOptions> {
  SGDOptions(double lr);
  Fields fields() override;

  RONDO_ARG(double, lr);
  RONDO_ARG(double, momentum) = 0;
  RONDO_ARG(double, dampening) = 0;
  RONDO_ARG(double, weight_decay) = 0;
  RONDO_ARG(bool, nesterov) = false;
  RONDO_ARG(bool, maximize) = false;
};

struct SGDParamState : OptimizerCloneableParamState<SGDParamState> {
  Fields fields() override;

  RONDO_ARG(Tensor, momentum_buffer);
};

// g += weight_decay w; buffer = momentum buffer + (1 - dampening) g, at first g; w -= lr (buffer, or g + momentum
// buffer with nesterov); maximize: -g takes g's place. Throws ValueError for options out of range.
class SGD : public Optimizer {
 public:
  explicit SGD(const std::vector<OptimizerParamGroup>& param_groups, SGDOptions defaults);
  explicit SGD(std::vector<Tensor> params, SGDOptions defaults);
  Tensor step(LossClosure closure = nullptr) override;
  const char* kind() const override { return "SGD"; }

 protected:
  std::unique_ptr<OptimizerParamState> new_state() const override;
};

}  // namespace rondo::optim
