// Learning rates that change while training: the base of schedules, and those that libtorch has.
#pragma once

#include <rondo/optim/optimizer.h>

namespace rondo::optim {

// Sets the learning rates of all groups, one step() after each epoch.
class LRScheduler {
 public:
  explicit LRScheduler(Optimizer& optimizer);
  LRScheduler(const LRScheduler&) = delete;
  LRScheduler& operator=(const LRScheduler&) = delete;
  virtual ~LRScheduler();
  virtual void step();
  // The rates of the groups that the schedule has set last.
  const std::vector<double>& get_last_lr() const { return last_lr_; }
  // What changes as the schedule goes on; what the constructor was given is not part of it.
  virtual Fields fields();
  // Save and load that; the rates themselves are the optimizer's. load throws Error, before anything is changed, for an
  // archive of another schedule.
  void save(serialize::OutputArchive& archive) const;
  void load(serialize::InputArchive& archive);

 protected:
  // The rates of the groups from now on.
  virtual std::vector<double> get_lrs() = 0;
  std::vector<double> get_current_lrs() const;
  // Throws Error unless there is one for each group.
  void set_lrs(std::vector<double> rates);
  Optimizer& optimizer() const { return optimizer_; }
  // The schedules that it is made of.
  virtual std::vector<LRScheduler*> parts() { return {}; }

  unsigned step_count_ = 0;

 private:
  using Sources = std::vector<std::pair<Fields, serialize::InputArchive*>>;

  // Lists the fields of this schedule and of its parts with their archives, which it keeps alive.
  void collect(serialize::InputArchive& archive, Sources& all, std::vector<std::shared_ptr<void>>& archives);

  Optimizer& optimizer_;
  std::vector<double> last_lr_;
};

// A schedule that begins when it is made, as in PyTorch: the constructor sets the rates of epoch 0, each step() those
// of the next. Rates start from what the groups had when their first schedule was made.
class EpochScheduler : public LRScheduler {
 public:
  void step() override;
  // Goes to that epoch, by the closed form where the schedule has one.
  virtual void step_to(int64_t epoch);
  int64_t last_epoch() const { return last_epoch_; }
  Fields fields() override;

 protected:
  explicit EpochScheduler(Optimizer& optimizer);
  // Goes to epoch 0: the last thing that a constructor does.
  void start() { step_to_next(); }
  std::vector<double> get_lrs() override;
  // The rate of a group at last_epoch(), from the one it has now.
  virtual double next_lr(size_t group, double now) = 0;
  // The same without regard to the present rate; where there is no such formula, next_lr.
  virtual double closed_lr(size_t group, double now) { return next_lr(group, now); }
  double base_lr(size_t group) const { return base_lrs_[group]; }
  // The groups begin anew from these rates; other schedules keep the ones that they began with.
  void set_base_lrs(std::vector<double> rates);

 private:
  friend class SequentialLR;

  void step_to_next();

  std::vector<double> base_lrs_;
  std::vector<bool> first_;  // no schedule came before this one
  int64_t last_epoch_ = -1;
};

// Multiplies the rates by gamma every step_size steps, as libtorch counts: with the step after them. Throws ValueError
// for a size of 0.
class StepLR : public EpochScheduler {
 public:
  StepLR(Optimizer& optimizer, unsigned step_size, double gamma = 0.1);

 private:
  double next_lr(size_t group, double now) override;
  double closed_lr(size_t group, double now) override;

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
  std::vector<double> get_last_lr() const;
  // What changes as it goes on, and saving and loading that.
  Fields fields();
  void save(serialize::OutputArchive& archive) const;
  void load(serialize::InputArchive& archive);

 private:
  void reset();
  bool is_better(double metric) const;
  void reduce();

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
  int64_t bad_epochs_ = 0, cooling_ = 0, last_epoch_ = 0;
};

}  // namespace rondo::optim
