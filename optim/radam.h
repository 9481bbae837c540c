// Rectified Adam (Liu and others, 2020).
#pragma once

#include <rondo/optim/optimizer.h>

namespace rondo::optim {

struct RAdamOptions : OptimizerCloneableOptions<RAdamOptions> {
  RAdamOptions(double lr = 1e-3);
  Fields fields() override;

  using betas_t = std::tuple<double, double>;
  RONDO_ARG(double, lr) = 1e-3;
  RONDO_ARG(betas_t, betas) = betas_t(0.9, 0.999);
  RONDO_ARG(double, eps) = 1e-8;
  RONDO_ARG(double, weight_decay) = 0;
  RONDO_ARG(bool, decoupled_weight_decay) = false;
  RONDO_ARG(bool, maximize) = false;
};

struct RAdamParamState : OptimizerCloneableParamState<RAdamParamState> {
  Fields fields() override;

  RONDO_ARG(int64_t, step) = 0;
  RONDO_ARG(Tensor, exp_avg);
  RONDO_ARG(Tensor, exp_avg_sq);
};

// m and v as Adam's; w -= lr / (1 - beta1^t) m, times r sqrt(1 - beta2^t) / (sqrt(v) + eps) once the length rho of the
// average of g^2 is above 5: r^2 = (rho - 4)(rho - 2) rho_inf / ((rho_inf - 4)(rho_inf - 2) rho). Weight decay as
// Adam's, decoupled as AdamW's. Throws ValueError for options out of range.
class RAdam : public Optimizer {
 public:
  explicit RAdam(const std::vector<OptimizerParamGroup>& param_groups, RAdamOptions defaults = {});
  explicit RAdam(std::vector<Tensor> params, RAdamOptions defaults = {});
  Tensor step(LossClosure closure = nullptr) override;
  const char* kind() const override { return "RAdam"; }

 protected:
  std::unique_ptr<OptimizerParamState> new_state() const override;
};

}  // namespace rondo::optim
