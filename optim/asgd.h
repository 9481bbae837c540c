// Averaged stochastic gradient descent (Polyak and Juditsky, 1992).
#pragma once

#include <rondo/optim/optimizer.h>

namespace rondo::optim {

struct ASGDOptions : OptimizerCloneableOptions<ASGDOptions> {
  ASGDOptions(double lr = 1e-2);
  Fields fields() override;

  RONDO_ARG(double, lr) = 1e-2;
  RONDO_ARG(double, lambd) = 1e-4;
  RONDO_ARG(double, alpha) = 0.75;
  RONDO_ARG(double, t0) = 1e6;
  RONDO_ARG(double, weight_decay) = 0;
  RONDO_ARG(bool, maximize) = false;
};

struct ASGDParamState : OptimizerCloneableParamState<ASGDParamState> {
  Fields fields() override;

  RONDO_ARG(int64_t, step) = 0;
  RONDO_ARG(double, eta) = -1;
  RONDO_ARG(double, mu) = 1;
  RONDO_ARG(Tensor, ax);
};

// g += weight_decay w; w = (1 - lambd eta) w - eta g; ax += mu (w - ax); then eta = lr / (1 + lambd lr t)^alpha, at
// first lr, and mu = 1 / max(1, t - t0). ax in the state is the average. Throws ValueError for options out of range.
class ASGD : public Optimizer {
 public:
  explicit ASGD(const std::vector<OptimizerParamGroup>& param_groups, ASGDOptions defaults = {});
  explicit ASGD(std::vector<Tensor> params, ASGDOptions defaults = {});
  Tensor step(LossClosure closure = nullptr) override;
  const char* kind() const override { return "ASGD"; }

 protected:
  std::unique_ptr<OptimizerParamState> new_state() const override;
};

}  // namespace rondo::optim
