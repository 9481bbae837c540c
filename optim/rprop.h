// Resilient propagation (Riedmiller and Braun, 1993).
#pragma once

#include <rondo/optim/optimizer.h>

namespace rondo::optim {

struct RpropOptions : OptimizerCloneableOptions<RpropOptions> {
  RpropOptions(double lr = 1e-2);
  Fields fields() override;

  RONDO_ARG(double, lr) = 1e-2;
  using etas_t = std::tuple<double, double>;
  RONDO_ARG(etas_t, etas) = etas_t(0.5, 1.2);
  using step_sizes_t = std::tuple<double, double>;
  RONDO_ARG(step_sizes_t, step_sizes) = step_sizes_t(1e-6, 50);
  RONDO_ARG(double, weight_decay) = 0;
  RONDO_ARG(bool, maximize) = false;
};

struct RpropParamState : OptimizerCloneableParamState<RpropParamState> {
  Fields fields() override;

  RONDO_ARG(int64_t, step) = 0;
  RONDO_ARG(Tensor, prev);
  RONDO_ARG(Tensor, step_size);
};

// The step of each number, at first lr, is multiplied by the second eta where its gradient keeps its sign and by the
// first where it changes, within step_sizes; w moves by the step against the sign of g, but not where it changed.
// Throws ValueError for options out of range.
class Rprop : public Optimizer {
 public:
  explicit Rprop(const std::vector<OptimizerParamGroup>& param_groups, RpropOptions defaults = {});
  explicit Rprop(std::vector<Tensor> params, RpropOptions defaults = {});
  Tensor step(LossClosure closure = nullptr) override;
  const char* kind() const override { return "Rprop"; }

 protected:
  std::unique_ptr<OptimizerParamState> new_state() const override;
};

}  // namespace rondo::optim
