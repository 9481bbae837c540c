// Learning rates that change while training.
#pragma once

#include <rondo/optim/optimizer.h>

namespace rondo::optim {

// Sets the learning rates of all groups, one step() after each epoch.
class LRScheduler {
 public:
  explicit LRScheduler(Optimizer& optimizer);
  virtual ~LRScheduler();
  void step();

 protected:
  // The rates of the groups from now on.
  virtual std::vector<double> get_lrs() = 0;
  std::vector<double> get_current_lrs() const;

  unsigned step_count_ = 0;

 private:
  Optimizer& optimizer_;
};

// Multiplies the rates by gamma every step_size steps.
class StepLR : public LRScheduler {
 public:
  StepLR(Optimizer& optimizer, unsigned step_size, double gamma = 0.1);

 private:
  std::vector<double> get_lrs() override;

  const unsigned step_size_;
  const double gamma_;
};

// Multiplies the rates by factor, down to min_lr, once a metric has not improved by the threshold for more than
// `patience` steps, and then waits `cooldown` steps. rel: by that share of the best; abs: by that amount.
class ReduceLROnPlateauScheduler {
 public:
  enum SchedulerMode { min, max };
  enum ThresholdMode { rel, abs };
  // min_lrs: one rate, or one for each group; none: 0. Throws Error for a factor of 1 or more.
  explicit ReduceLROnPlateauScheduler(Optimizer& optimizer, SchedulerMode mode = min, float factor = 0.1f,
                                      int patience = 10, double threshold = 1e-4, ThresholdMode threshold_mode = rel,
                                      int cooldown = 0, const std::vector<float>& min_lr = {}, double eps = 1e-8,
                                      bool verbose = false);
  virtual ~ReduceLROnPlateauScheduler();
  void step(float metric);

 private:
  void reset();
  bool is_better(double metric) const;
  void reduce(int epoch);

  Optimizer& optimizer_;
  SchedulerMode mode_;
  double factor_;
  int patience_;
  double threshold_;
  ThresholdMode threshold_mode_;
  int cooldown_;
  std::vector<double> min_lrs_;
  double eps_;
  bool verbose_;
  double best_ = 0;
  int bad_epochs_ = 0, cooling_ = 0, last_epoch_ = 0;
};

}  // namespace rondo::optim
