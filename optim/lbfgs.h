// L-BFGS (Nocedal, 1980), with or without a line search.
#pragma once

#include <rondo/optim/optimizer.h>

namespace rondo::optim {

struct LBFGSOptions : OptimizerCloneableOptions<LBFGSOptions> {
  LBFGSOptions(double lr = 1);
  Fields fields() override;

  RONDO_ARG(double, lr) = 1;
  RONDO_ARG(int64_t, max_iter) = 20;
  // The most calls of the closure in a step; none: max_iter * 5 / 4.
  RONDO_ARG(std::optional<int64_t>, max_eval) = {};
  RONDO_ARG(double, tolerance_grad) = 1e-7;
  RONDO_ARG(double, tolerance_change) = 1e-9;
  RONDO_ARG(int64_t, history_size) = 100;
  // "strong_wolfe", or none: steps of fixed length.
  RONDO_ARG(std::optional<std::string>, line_search_fn) = {};
};

// That of the first parameter stands for all of them.
struct LBFGSParamState : OptimizerCloneableParamState<LBFGSParamState> {
  Fields fields() override;

  RONDO_ARG(int64_t, func_evals) = 0;
  RONDO_ARG(int64_t, n_iter) = 0;
  RONDO_ARG(double, t) = 0;
  RONDO_ARG(double, prev_loss) = 0;
  RONDO_ARG(Tensor, d) = {};
  RONDO_ARG(Tensor, H_diag) = {};
  RONDO_ARG(Tensor, prev_flat_grad) = {};
  RONDO_ARG(std::vector<Tensor>, old_dirs);
  RONDO_ARG(std::vector<Tensor>, old_stps);
  RONDO_ARG(std::vector<Tensor>, ro);
  // Working memory: neither compared nor saved.
  RONDO_ARG(std::optional<std::vector<Tensor>>, al) = {};
};

// A step makes up to max_iter iterations: the direction comes from the last history_size changes of parameters and
// gradients (the two-loop recursion; Nocedal and Wright, Numerical Optimization, algorithm 7.4), its length is lr, at
// first lr / |g|_1 where that is shorter, or what a line search finds that meets the strong Wolfe conditions
// (algorithms 3.5 and 3.6, with cubic interpolation). It ends early where gradient, change or the loss' change are
// within the tolerances. Throws Error for more than one group and for a step without closure.
class LBFGS : public Optimizer {
 public:
  explicit LBFGS(const std::vector<OptimizerParamGroup>& param_groups, LBFGSOptions defaults = {});
  explicit LBFGS(std::vector<Tensor> params, LBFGSOptions defaults = {});
  // The loss before the step.
  Tensor step(LossClosure closure) override;
  const char* kind() const override { return "LBFGS"; }

 protected:
  std::unique_ptr<OptimizerParamState> new_state() const override;
  void check_state(const Tensor& parameter, OptimizerParamState& state) const override;
};

}  // namespace rondo::optim
