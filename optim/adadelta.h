// Adadelta (Zeiler, 2012).
#pragma once

#include <rondo/optim/optimizer.h>

namespace rondo::optim {

struct AdadeltaOptions : OptimizerCloneableOptions<AdadeltaOptions> {
  AdadeltaOptions(double lr = 1.0);
  Fields fields() override;

  RONDO_ARG(double, lr) = 1.0;
  RONDO_ARG(double, rho) = 0.9;
  RONDO_ARG(double, eps) = 1e-6;
  RONDO_ARG(double, weight_decay) = 0;
  RONDO_ARG(bool, maximize) = false;
};

struct AdadeltaParamState : OptimizerCloneableParamState<AdadeltaParamState> {
  Fields fields() override;

  RONDO_ARG(int64_t, step) = 0;
  RONDO_ARG(Tensor, square_avg);
  RONDO_ARG(Tensor, acc_delta);
};

// g += weight_decay w; v = rho v + (1 - rho) g^2; d = sqrt(a + eps) / sqrt(v + eps) g; a = rho a + (1 - rho) d^2; w -=
// lr d. Throws ValueError for options out of range.
class Adadelta : public Optimizer {
 public:
  explicit Adadelta(const std::vector<OptimizerParamGroup>& param_groups, AdadeltaOptions defaults = {});
  explicit Adadelta(std::vector<Tensor> params, AdadeltaOptions defaults = {});
  Tensor step(LossClosure closure = nullptr) override;
  const char* kind() const override { return "Adadelta"; }

 protected:
  std::unique_ptr<OptimizerParamState> new_state() const override;
};

}  // namespace rondo::optim
