// Adam (Kingma and Ba, 2015).
#pragma once

#include <rondo/optim/optimizer.h>

namespace rondo::optim {

struct AdamOptions : OptimizerCloneableOptions<AdamOptions> {
  AdamOptions(double lr = 1e-3);
  Fields fields() override;

  using betas_t = std::tuple<double, double>;
  RONDO_ARG(double, lr) = 1e-3;
  RONDO_ARG(betas_t, betas) = betas_t(0.9, 0.999);
  RONDO_ARG(double, eps) = 1e-8;
  RONDO_ARG(double, weight_decay) = 0;
  RONDO_ARG(bool, amsgrad) = false;
  RONDO_ARG(bool, maximize) = false;
};

struct AdamParamState : OptimizerCloneableParamState<AdamParamState> {
  Fields fields() override;

  RONDO_ARG(int64_t, step) = 0;
  RONDO_ARG(Tensor, exp_avg);
  RONDO_ARG(Tensor, exp_avg_sq);
  RONDO_ARG(Tensor, max_exp_avg_sq) = {};
};

// g += weight_decay w; m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2;
// w -= lr / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + eps); amsgrad: the largest v so far stands in the root;
// maximize: -g takes g's place. Throws ValueError for options out of range.
class Adam : public Optimizer {
 public:
  explicit Adam(const std::vector<OptimizerParamGroup>& param_groups, AdamOptions defaults = {});
  explicit Adam(std::vector<Tensor> params, AdamOptions defaults = {});
  Tensor step(LossClosure closure = nullptr) override;
  const char* kind() const override { return "Adam"; }

 protected:
  std::unique_ptr<OptimizerParamState> new_state() const override;
};

}  // namespace rondo::optim
