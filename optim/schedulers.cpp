#include <rondo/optim/schedulers.h>

#include <fmt/format.h>

#include <cstdio>
#include <limits>

namespace rondo::optim {

LRScheduler::LRScheduler(Optimizer& optimizer) : optimizer_(optimizer) {}
LRScheduler::~LRScheduler() = default;

void LRScheduler::step() {
  const std::vector<double> rates = get_lrs();
  std::vector<OptimizerParamGroup>& groups = optimizer_.param_groups();
  if (rates.size() != groups.size()) {
    fail("LRScheduler", fmt::format("Number of learning rates {} is not the number of parameter groups {}",
                                    rates.size(), groups.size()));
  }
  for (size_t i = 0; i < groups.size(); ++i) groups[i].options().set_lr(rates[i]);
  ++step_count_;
}

std::vector<double> LRScheduler::get_current_lrs() const {
  std::vector<double> rates;
  for (const OptimizerParamGroup& group : optimizer_.param_groups()) rates.push_back(group.options().get_lr());
  return rates;
}

StepLR::StepLR(Optimizer& optimizer, unsigned step_size, double gamma)
    : LRScheduler(optimizer), step_size_(step_size), gamma_(gamma) {
  if (step_size == 0) fail_value("StepLR", "step_size is 0; need at least 1");
}

std::vector<double> StepLR::get_lrs() {
  std::vector<double> rates = get_current_lrs();
  if (step_count_ == 0 || step_count_ % step_size_ != 0) return rates;
  for (double& rate : rates) rate *= gamma_;
  return rates;
}

ReduceLROnPlateauScheduler::ReduceLROnPlateauScheduler(Optimizer& optimizer, SchedulerMode mode, float factor,
                                                       int patience, double threshold, ThresholdMode threshold_mode,
                                                       int cooldown, const std::vector<float>& min_lr, double eps,
                                                       bool verbose)
    : optimizer_(optimizer),
      mode_(mode),
      factor_(factor),
      patience_(patience),
      threshold_(threshold),
      threshold_mode_(threshold_mode),
      cooldown_(cooldown),
      min_lrs_(min_lr.begin(), min_lr.end()),
      eps_(eps),
      verbose_(verbose) {
  if (!(factor < 1)) fail_value("ReduceLROnPlateauScheduler", fmt::format("Factor should be < 1.0; got {}", factor));
  const size_t groups = optimizer.param_groups().size();
  if (min_lrs_.empty()) min_lrs_.push_back(0);
  if (min_lrs_.size() == 1) min_lrs_.resize(groups, min_lrs_[0]);
  if (min_lrs_.size() != groups) {
    fail_value("ReduceLROnPlateauScheduler",
               fmt::format("Number of learning rates not equal to the number of param groups: got {} for {}",
                           min_lrs_.size(), groups));
  }
  reset();
}

ReduceLROnPlateauScheduler::~ReduceLROnPlateauScheduler() = default;

void ReduceLROnPlateauScheduler::reset() {
  const double infinity = std::numeric_limits<double>::infinity();
  best_ = mode_ == min ? infinity : -infinity;
  bad_epochs_ = cooling_ = 0;
}

bool ReduceLROnPlateauScheduler::is_better(double metric) const {
  if (mode_ == min) return metric < (threshold_mode_ == rel ? best_ * (1 - threshold_) : best_ - threshold_);
  return metric > (threshold_mode_ == rel ? best_ * (1 + threshold_) : best_ + threshold_);
}

void ReduceLROnPlateauScheduler::step(float metric) {
  ++last_epoch_;
  if (is_better(metric)) {
    best_ = metric;
    bad_epochs_ = 0;
  } else {
    ++bad_epochs_;
  }
  if (cooling_ > 0) {
    --cooling_;
    bad_epochs_ = 0;
  }
  if (bad_epochs_ > patience_) {
    reduce(last_epoch_);
    cooling_ = cooldown_;
    bad_epochs_ = 0;
  }
}

void ReduceLROnPlateauScheduler::reduce(int epoch) {
  std::vector<OptimizerParamGroup>& groups = optimizer_.param_groups();
  for (size_t i = 0; i < groups.size(); ++i) {
    const double before = groups[i].options().get_lr();
    const double after = before * factor_ > min_lrs_[i] ? before * factor_ : min_lrs_[i];
    if (before - after <= eps_) continue;
    groups[i].options().set_lr(after);
    if (verbose_) std::printf("Epoch %d: reducing learning rate of group %zu to %.4e\n", epoch, i, after);
  }
}

}  // namespace rondo::optim
