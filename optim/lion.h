// Lion (Chen and others, 2023: Symbolic Discovery of Optimization Algorithms).
#pragma once

#include <rondo/optim/optimizer.h>

namespace rondo::optim {

struct LionOptions : OptimizerCloneableOptions<LionOptions> {
  LionOptions(double lr = 1e-4);
  Fields fields() override;

  using betas_t = std::tuple<double, double>;
  RONDO_ARG(double, lr) = 1e-4;
  RONDO_ARG(betas_t, betas) = betas_t(0.9, 0.99);
  RONDO_ARG(double, weight_decay) = 0;
  RONDO_ARG(bool, maximize) = false;
};

struct LionParamState : OptimizerCloneableParamState<LionParamState> {
  Fields fields() override;

  RONDO_ARG(Tensor, exp_avg);
};

// w = (1 - lr weight_decay) w - lr sign(beta1 m + (1 - beta1) g); m = beta2 m + (1 - beta2) g. Throws ValueError for
// options out of range.
class Lion : public Optimizer {
 public:
  explicit Lion(const std::vector<OptimizerParamGroup>& param_groups, LionOptions defaults = {});
  explicit Lion(std::vector<Tensor> params, LionOptions defaults = {});
  Tensor step(LossClosure closure = nullptr) override;
  const char* kind() const override { return "Lion"; }

 protected:
  std::unique_ptr<OptimizerParamState> new_state() const override;
};

}  // namespace rondo::optim
