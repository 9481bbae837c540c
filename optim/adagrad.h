// Adagrad (Duchi and others, 2011).
#pragma once

#include <rondo/optim/optimizer.h>

namespace rondo::optim {

struct AdagradOptions : OptimizerCloneableOptions<AdagradOptions> {
  AdagradOptions(double lr = 1e-2);
  Fields fields() override;

  RONDO_ARG(double, lr) = 1e-2;
  RONDO_ARG(double, lr_decay) = 0;
  RONDO_ARG(double, weight_decay) = 0;
  RONDO_ARG(double, initial_accumulator_value) = 0;
  RONDO_ARG(double, eps) = 1e-10;
  RONDO_ARG(bool, maximize) = false;
};

struct AdagradParamState : OptimizerCloneableParamState<AdagradParamState> {
  Fields fields() override;

  RONDO_ARG(Tensor, sum);
  RONDO_ARG(int64_t, step) = 0;
};

// g += weight_decay w; sum += g^2; w -= lr / (1 + (t - 1) lr_decay) g / (sqrt(sum) + eps). The state of parameters that
// the constructor gets exists from the start. Throws ValueError for options out of range.
class Adagrad : public Optimizer {
 public:
  explicit Adagrad(const std::vector<OptimizerParamGroup>& param_groups, AdagradOptions defaults = {});
  explicit Adagrad(std::vector<Tensor> params, AdagradOptions defaults = {});
  Tensor step(LossClosure closure = nullptr) override;
  const char* kind() const override { return "Adagrad"; }

 protected:
  std::unique_ptr<OptimizerParamState> new_state() const override;

 private:
  void make_states();
};

}  // namespace rondo::optim
