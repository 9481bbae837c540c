// LAMB (You and others, 2020: Large Batch Optimization for Deep Learning).
#pragma once

#include <rondo/optim/optimizer.h>

namespace rondo::optim {

struct LAMBOptions : OptimizerCloneableOptions<LAMBOptions> {
  LAMBOptions(double lr = 1e-3);
  Fields fields() override;

  using betas_t = std::tuple<double, double>;
  RONDO_ARG(double, lr) = 1e-3;
  RONDO_ARG(betas_t, betas) = betas_t(0.9, 0.999);
  RONDO_ARG(double, eps) = 1e-6;
  RONDO_ARG(double, weight_decay) = 0.01;
  RONDO_ARG(bool, maximize) = false;
};

struct LAMBParamState : OptimizerCloneableParamState<LAMBParamState> {
  Fields fields() override;

  RONDO_ARG(int64_t, step) = 0;
  RONDO_ARG(Tensor, exp_avg);
  RONDO_ARG(Tensor, exp_avg_sq);
};

// m and v as Adam's; r = m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + eps) + weight_decay w; w -= lr |w| / |r| r, the
// quotient of the norms of the whole parameter 1 where either is 0. Throws ValueError for options out of range.
class LAMB : public Optimizer {
 public:
  explicit LAMB(const std::vector<OptimizerParamGroup>& param_groups, LAMBOptions defaults = {});
  explicit LAMB(std::vector<Tensor> params, LAMBOptions defaults = {});
  Tensor step(LossClosure closure = nullptr) override;
  const char* kind() const override { return "LAMB"; }

 protected:
  std::unique_ptr<OptimizerParamState> new_state() const override;
};

}  // namespace rondo::optim
