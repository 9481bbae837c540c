// Adafactor (Shazeer and Stern, 2018).
#pragma once

#include <rondo/optim/optimizer.h>

namespace rondo::optim {

struct AdafactorOptions : OptimizerCloneableOptions<AdafactorOptions> {
  AdafactorOptions(double lr = 1e-2);
  Fields fields() override;

  RONDO_ARG(double, lr) = 1e-2;
  RONDO_ARG(double, beta2_decay) = -0.8;
  // Keeps means of squares above its square; none: the smallest step of the parameter's dtype at 1.
  RONDO_ARG(std::optional<double>, eps1) = {};
  RONDO_ARG(double, eps2) = 1e-3;
  RONDO_ARG(double, d) = 1.0;
  RONDO_ARG(double, weight_decay) = 0;
  RONDO_ARG(bool, maximize) = false;
};

struct AdafactorParamState : OptimizerCloneableParamState<AdafactorParamState> {
  Fields fields() override;

  RONDO_ARG(int64_t, step) = 0;
  RONDO_ARG(Tensor, row_var);
  RONDO_ARG(Tensor, col_var);
  RONDO_ARG(Tensor, variance);
};

// PyTorch's form. Of a parameter's matrices (its last two dimensions) only the means of g^2 over rows and columns are
// kept, of vectors the mean squares v; they move by t^beta2_decay towards g^2. w *= 1 - lr weight_decay; u = g /
// sqrt(v), with row column / mean(row) for v of matrices; w -= max(eps2, rms(w)) min(lr, 1 / sqrt(t)) u / max(1, rms(u)
// / d). Throws ValueError for options out of range.
class Adafactor : public Optimizer {
 public:
  explicit Adafactor(const std::vector<OptimizerParamGroup>& param_groups, const AdafactorOptions& defaults = {});
  explicit Adafactor(std::vector<Tensor> params, const AdafactorOptions& defaults = {});
  Tensor step(LossClosure closure = nullptr) override;
  const char* kind() const override { return "Adafactor"; }

 protected:
  std::unique_ptr<OptimizerParamState> new_state() const override;
  void check_state(const Tensor& parameter, OptimizerParamState& state) const override;
};

}  // namespace rondo::optim
