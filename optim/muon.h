// Muon: momentum whose step is orthogonalized (Jordan and others, 2024).
#pragma once

#include <rondo/optim/optimizer.h>

namespace rondo::optim {

struct MuonOptions : OptimizerCloneableOptions<MuonOptions> {
  MuonOptions(double lr = 1e-3);
  Fields fields() override;

  using ns_coefficients_t = std::tuple<double, double, double>;
  RONDO_ARG(double, lr) = 1e-3;
  RONDO_ARG(double, weight_decay) = 0.1;
  RONDO_ARG(double, momentum) = 0.95;
  RONDO_ARG(bool, nesterov) = true;
  RONDO_ARG(ns_coefficients_t, ns_coefficients) = ns_coefficients_t(3.4445, -4.7750, 2.0315);
  RONDO_ARG(double, eps) = 1e-7;
  RONDO_ARG(int64_t, ns_steps) = 5;
  // "original" (the default): lr times sqrt(max(1, rows / columns)); "match_rms_adamw": 0.2 sqrt(max(rows, columns)).
  RONDO_ARG(std::optional<std::string>, adjust_lr_fn) = {};
  RONDO_ARG(bool, maximize) = false;
};

struct MuonParamState : OptimizerCloneableParamState<MuonParamState> {
  Fields fields() override;

  RONDO_ARG(Tensor, momentum_buffer);
};

// PyTorch's form, but in the parameter's own precision. buffer += (1 - momentum) (g - buffer); the matrix u = buffer,
// with nesterov g + momentum (buffer - g), is brought near the closest orthogonal one by ns_steps of x = a x + (b x x'
// + c (x x')^2) x from x = u / max(|u|, eps); w = (1 - lr weight_decay) w - lr' x; maximize: -g takes g's place. For
// matrices only: throws ValueError for other parameters, and for options out of range.
class Muon : public Optimizer {
 public:
  explicit Muon(const std::vector<OptimizerParamGroup>& param_groups, const MuonOptions& defaults = {});
  explicit Muon(std::vector<Tensor> params, const MuonOptions& defaults = {});
  Tensor step(LossClosure closure = nullptr) override;
  const char* kind() const override { return "Muon"; }

 protected:
  std::unique_ptr<OptimizerParamState> new_state() const override;

 private:
  void check_parameters() const;
};

}  // namespace rondo::optim
