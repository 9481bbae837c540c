// RMSprop (Tieleman and Hinton, 2012).
#pragma once

#include <rondo/optim/optimizer.h>

namespace rondo::optim {

struct RMSpropOptions : OptimizerCloneableOptions<RMSpropOptions> {
  RMSpropOptions(double lr = 1e-2);
  Fields fields() override;

  RONDO_ARG(double, lr) = 1e-2;
  RONDO_ARG(double, alpha) = 0.99;
  RONDO_ARG(double, eps) = 1e-8;
  RONDO_ARG(double, weight_decay) = 0;
  RONDO_ARG(double, momentum) = 0;
  RONDO_ARG(bool, centered) = false;
  RONDO_ARG(bool, maximize) = false;
};

struct RMSpropParamState : OptimizerCloneableParamState<RMSpropParamState> {
  Fields fields() override;

  RONDO_ARG(int64_t, step) = 0;
  RONDO_ARG(Tensor, square_avg);
  RONDO_ARG(Tensor, momentum_buffer) = {};
  RONDO_ARG(Tensor, grad_avg) = {};
};

// g += weight_decay w; v = alpha v + (1 - alpha) g^2; d = sqrt(v) + eps, centered: sqrt(v - a^2) + eps with the mean a
// of g; w -= lr g / d, with momentum: buffer = momentum buffer + g / d, w -= lr buffer. Throws ValueError for options
// out of range.
class RMSprop : public Optimizer {
 public:
  explicit RMSprop(const std::vector<OptimizerParamGroup>& param_groups, RMSpropOptions defaults = {});
  explicit RMSprop(std::vector<Tensor> params, RMSpropOptions defaults = {});
  Tensor step(LossClosure closure = nullptr) override;
  const char* kind() const override { return "RMSprop"; }

 protected:
  std::unique_ptr<OptimizerParamState> new_state() const override;
};

}  // namespace rondo::optim
