// Adam with decoupled weight decay (Loshchilov and Hutter, 2019).
#pragma once

#include <rondo/optim/optimizer.h>

namespace rondo::optim {

struct AdamWOptions : OptimizerCloneableOptions<AdamWOptions> {
  AdamWOptions(double lr = 1e-3);
  Fields fields() override;

  using betas_t = std::tuple<double, double>;
  RONDO_ARG(double, lr) = 1e-3;
  RONDO_ARG(betas_t, betas) = betas_t(0.9, 0.999);
  RONDO_ARG(double, eps) = 1e-8;
  RONDO_ARG(double, weight_decay) = 1e-2;
  RONDO_ARG(bool, amsgrad) = false;
  RONDO_ARG(bool, maximize) = false;
};

struct AdamWParamState : OptimizerCloneableParamState<AdamWParamState> {
  Fields fields() override;

  RONDO_ARG(int64_t, step) = 0;
  RONDO_ARG(Tensor, exp_avg);
  RONDO_ARG(Tensor, exp_avg_sq);
  RONDO_ARG(Tensor, max_exp_avg_sq) = {};
};

// w *= 1 - lr weight_decay, then Adam's step without decay. Throws ValueError for options out of range.
class AdamW : public Optimizer {
 public:
  explicit AdamW(const std::vector<OptimizerParamGroup>& param_groups, AdamWOptions defaults = {});
  explicit AdamW(std::vector<Tensor> params, AdamWOptions defaults = {});
  Tensor step(LossClosure closure = nullptr) override;
  const char* kind() const override { return "AdamW"; }

 protected:
  std::unique_ptr<OptimizerParamState> new_state() const override;
};

}  // namespace rondo::optim
