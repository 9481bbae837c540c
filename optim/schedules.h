// Schedules of learning rates by formulas of the epoch, with PyTorch's names and numbers.
#pragma once

#include <rondo/optim/schedulers.h>

namespace rondo::optim {

// Multiplies the rates by gamma at each milestone, as often as it stands in the list.
class MultiStepLR : public EpochScheduler {
 public:
  MultiStepLR(Optimizer& optimizer, std::vector<int64_t> milestones, double gamma = 0.1);

 private:
  double next_lr(size_t group, double now) override;
  double closed_lr(size_t group, double now) override;

  std::vector<int64_t> milestones_;
  double gamma_;
};

// The rates times `factor` for total_iters epochs, then the rates. Throws ValueError unless 0 <= factor <= 1.
class ConstantLR : public EpochScheduler {
 public:
  explicit ConstantLR(Optimizer& optimizer, double factor = 1.0 / 3, int64_t total_iters = 5);

 private:
  double next_lr(size_t group, double now) override;
  double closed_lr(size_t group, double now) override;

  double factor_;
  int64_t total_iters_;
};

// The rates times a factor that goes from start_factor to end_factor along total_iters epochs: a warm-up, with the
// defaults. Throws ValueError unless 0 < start_factor <= 1 and 0 <= end_factor <= 1.
class LinearLR : public EpochScheduler {
 public:
  explicit LinearLR(Optimizer& optimizer, double start_factor = 1.0 / 3, double end_factor = 1,
                    int64_t total_iters = 5);

 private:
  double next_lr(size_t group, double now) override;
  double closed_lr(size_t group, double now) override;

  double start_, end_;
  int64_t total_iters_;
};

// Multiplies the rates by gamma every epoch.
class ExponentialLR : public EpochScheduler {
 public:
  ExponentialLR(Optimizer& optimizer, double gamma);

 private:
  double next_lr(size_t group, double now) override;
  double closed_lr(size_t group, double now) override;

  double gamma_;
};

// The rates times (1 - epoch / total_iters)^power, 0 from total_iters on.
class PolynomialLR : public EpochScheduler {
 public:
  explicit PolynomialLR(Optimizer& optimizer, int64_t total_iters = 5, double power = 1);

 private:
  double next_lr(size_t group, double now) override;
  double closed_lr(size_t group, double now) override;

  int64_t total_iters_;
  double power_;
};

// eta_min + (rate - eta_min) (1 + cos(pi epoch / T_max)) / 2 (Loshchilov and Hutter, 2017). It rises again after T_max.
class CosineAnnealingLR : public EpochScheduler {
 public:
  CosineAnnealingLR(Optimizer& optimizer, int64_t T_max, double eta_min = 0);

 private:
  double next_lr(size_t group, double now) override;
  double closed_lr(size_t group, double now) override;

  int64_t t_max_;
  double eta_min_;
};

// The same, but back at the rates after T_0 epochs, then after T_mult times as many, and so on. Throws ValueError
// unless T_0 > 0 and T_mult >= 1.
class CosineAnnealingWarmRestarts : public EpochScheduler {
 public:
  CosineAnnealingWarmRestarts(Optimizer& optimizer, int64_t T_0, int64_t T_mult = 1, double eta_min = 0);
  using EpochScheduler::step;
  // Goes to a time between epochs: epoch + batch / batches. Throws ValueError for one below 0.
  void step(double epoch);
  void step_to(int64_t epoch) override;
  Fields fields() override;

 private:
  std::vector<double> get_lrs() override;
  double next_lr(size_t group, double now) override;
  void find(double epoch);

  int64_t t_0_, t_mult_;
  double eta_min_;
  int64_t t_i_;   // the length of this round
  double t_cur_;  // the time in it
};

// The rates times lr_lambda(epoch): one function for all groups or one for each.
class LambdaLR : public EpochScheduler {
 public:
  LambdaLR(Optimizer& optimizer, const RateFunction& lr_lambda);
  LambdaLR(Optimizer& optimizer, std::vector<RateFunction> lr_lambdas);

 private:
  double next_lr(size_t group, double now) override;

  std::vector<RateFunction> lambdas_;
};

// Multiplies the rates by lr_lambda(epoch) every epoch from 1 on.
class MultiplicativeLR : public EpochScheduler {
 public:
  MultiplicativeLR(Optimizer& optimizer, const RateFunction& lr_lambda);
  MultiplicativeLR(Optimizer& optimizer, std::vector<RateFunction> lr_lambdas);

 private:
  double next_lr(size_t group, double now) override;

  std::vector<RateFunction> lambdas_;
};

}  // namespace rondo::optim
