// Adamax (Kingma and Ba, 2015, section 7).
#pragma once

#include <rondo/optim/optimizer.h>

namespace rondo::optim {

struct AdamaxOptions : OptimizerCloneableOptions<AdamaxOptions> {
  AdamaxOptions(double lr = 2e-3);
  Fields fields() override;

  using betas_t = std::tuple<double, double>;
  RONDO_ARG(double, lr) = 2e-3;
  RONDO_ARG(betas_t, betas) = betas_t(0.9, 0.999);
  RONDO_ARG(double, eps) = 1e-8;
  RONDO_ARG(double, weight_decay) = 0;
  RONDO_ARG(bool, maximize) = false;
};

struct AdamaxParamState : OptimizerCloneableParamState<AdamaxParamState> {
  Fields fields() override;

  RONDO_ARG(int64_t, step) = 0;
  RONDO_ARG(Tensor, exp_avg);
  RONDO_ARG(Tensor, exp_inf);
};

// g += weight_decay w; m = beta1 m + (1 - beta1) g; u = max(beta2 u, |g| + eps); w -= lr / (1 - beta1^t) m / u. Throws
// ValueError for options out of range.
class Adamax : public Optimizer {
 public:
  explicit Adamax(const std::vector<OptimizerParamGroup>& param_groups, AdamaxOptions defaults = {});
  explicit Adamax(std::vector<Tensor> params, AdamaxOptions defaults = {});
  Tensor step(LossClosure closure = nullptr) override;
  const char* kind() const override { return "Adamax"; }

 protected:
  std::unique_ptr<OptimizerParamState> new_state() const override;
};

}  // namespace rondo::optim
