// Schedules that go up and down, and move the momentum the other way.
#pragma once

#include <rondo/optim/schedulers.h>

namespace rondo::optim {

// One number for all groups, or one for each.
struct PerGroup {
  PerGroup(double value) : values{value} {}
  PerGroup(std::vector<double> list) : values(std::move(list)) {}
  PerGroup(std::initializer_list<double> list) : values(list) {}

  std::vector<double> values;
};

struct CyclicLROptions {
  RONDO_ARG(int64_t, step_size_up) = 2000;
  // None: step_size_up.
  RONDO_ARG(std::optional<int64_t>, step_size_down) = {};
  // "triangular"; "triangular2": each cycle half as high as the one before; "exp_range": times gamma^epoch.
  RONDO_ARG(std::string, mode) = "triangular";
  RONDO_ARG(double, gamma) = 1;
  // The factor of the height by the number of the cycle, from 1, or, with scale_mode "iterations", by that of the step;
  // it takes the place of the mode.
  RONDO_ARG(RateFunction, scale_fn) = {};
  RONDO_ARG(std::string, scale_mode) = "cycle";
  RONDO_ARG(bool, cycle_momentum) = true;
  RONDO_ARG(PerGroup, base_momentum) = 0.8;
  RONDO_ARG(PerGroup, max_momentum) = 0.9;
};

// From base_lr to max_lr in step_size_up steps and back in step_size_down (Smith, 2017), one step after each batch. The
// momentum (beta1 of optimizers with betas) goes from max_momentum to base_momentum and back. Throws ValueError for
// unknown modes, wrong numbers of values, and cycle_momentum where the optimizer has none.
class CyclicLR : public EpochScheduler {
 public:
  CyclicLR(Optimizer& optimizer, PerGroup base_lr, PerGroup max_lr, CyclicLROptions options = {});

 private:
  double next_lr(size_t group, double now) override;

  std::vector<double> max_lrs_, base_momenta_, max_momenta_;
  CyclicLROptions options_;
  double total_, up_share_;
};

struct OneCycleLROptions {
  // The number of steps: this, or epochs * steps_per_epoch.
  RONDO_ARG(std::optional<int64_t>, total_steps) = {};
  RONDO_ARG(std::optional<int64_t>, epochs) = {};
  RONDO_ARG(std::optional<int64_t>, steps_per_epoch) = {};
  RONDO_ARG(double, pct_start) = 0.3;
  // "cos" or "linear".
  RONDO_ARG(std::string, anneal_strategy) = "cos";
  RONDO_ARG(bool, cycle_momentum) = true;
  RONDO_ARG(PerGroup, base_momentum) = 0.85;
  RONDO_ARG(PerGroup, max_momentum) = 0.95;
  RONDO_ARG(double, div_factor) = 25;
  RONDO_ARG(double, final_div_factor) = 1e4;
  RONDO_ARG(bool, three_phase) = false;
};

// One cycle (Smith and Topin, 2018), one step after each batch: from max_lr / div_factor up to max_lr along pct_start
// of all steps, then down to the first rate / final_div_factor; three_phase: first down as it went up. The momentum
// goes the other way. Throws ValueError for options out of range and for steps after the last.
class OneCycleLR : public EpochScheduler {
 public:
  OneCycleLR(Optimizer& optimizer, PerGroup max_lr, OneCycleLROptions options);

 private:
  struct Phase {
    double end;
    double start_lr, end_lr, start_momentum, end_momentum;
  };

  double next_lr(size_t group, double now) override;
  std::vector<Phase> phases(size_t group) const;
  double between(double start, double end, double share) const;

  std::vector<double> max_lrs_, base_momenta_, max_momenta_;
  OneCycleLROptions options_;
  int64_t total_;
};

// Goes from the present rates to swa_lr in anneal_epochs epochs and stays there: for averaging weights (Izmailov and
// others, 2018). anneal_strategy: "cos" or "linear". Throws ValueError for others and for negative anneal_epochs.
class SWALR : public EpochScheduler {
 public:
  SWALR(Optimizer& optimizer, PerGroup swa_lr, int64_t anneal_epochs = 10, const std::string& anneal_strategy = "cos");

 private:
  double next_lr(size_t group, double now) override;
  double share(int64_t epoch) const;

  std::vector<double> swa_lrs_;
  int64_t anneal_epochs_;
  bool cosine_;
};

}  // namespace rondo::optim
