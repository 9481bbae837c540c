// Adam with Nesterov momentum (Dozat, 2016).
#pragma once

#include <rondo/optim/optimizer.h>

namespace rondo::optim {

struct NAdamOptions : OptimizerCloneableOptions<NAdamOptions> {
  NAdamOptions(double lr = 2e-3);
  Fields fields() override;

  using betas_t = std::tuple<double, double>;
  RONDO_ARG(double, lr) = 2e-3;
  RONDO_ARG(betas_t, betas) = betas_t(0.9, 0.999);
  RONDO_ARG(double, eps) = 1e-8;
  RONDO_ARG(double, weight_decay) = 0;
  RONDO_ARG(double, momentum_decay) = 4e-3;
  RONDO_ARG(bool, decoupled_weight_decay) = false;
  RONDO_ARG(bool, maximize) = false;
};

struct NAdamParamState : OptimizerCloneableParamState<NAdamParamState> {
  Fields fields() override;

  RONDO_ARG(int64_t, step) = 0;
  RONDO_ARG(double, mu_product) = 1;
  RONDO_ARG(Tensor, exp_avg);
  RONDO_ARG(Tensor, exp_avg_sq);
};

// m and v as Adam's; mu(t) = beta1 (1 - 0.96^(t momentum_decay) / 2), p = mu(1) ... mu(t); w -= lr ((1 - mu(t)) / (1 -
// p) g + mu(t + 1) / (1 - p mu(t + 1)) m) / (sqrt(v / (1 - beta2^t)) + eps). Weight decay as Adam's, decoupled as
// AdamW's. Throws ValueError for options out of range.
class NAdam : public Optimizer {
 public:
  explicit NAdam(const std::vector<OptimizerParamGroup>& param_groups, NAdamOptions defaults = {});
  explicit NAdam(std::vector<Tensor> params, NAdamOptions defaults = {});
  Tensor step(LossClosure closure = nullptr) override;
  const char* kind() const override { return "NAdam"; }

 protected:
  std::unique_ptr<OptimizerParamState> new_state() const override;
};

}  // namespace rondo::optim
