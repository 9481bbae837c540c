#include <rondo/optim/schedulers.h>

#include <fmt/format.h>

#include <cstdio>
#include <limits>

namespace rondo::optim {
namespace {

std::vector<double> rates_of(const Optimizer& optimizer) {
  std::vector<double> rates;
  for (const OptimizerParamGroup& group : optimizer.param_groups()) rates.push_back(group.options().get_lr());
  return rates;
}

}  // namespace

LRScheduler::LRScheduler(Optimizer& optimizer) : optimizer_(optimizer), last_lr_(get_current_lrs()) {}
LRScheduler::~LRScheduler() = default;

void LRScheduler::step() {
  set_lrs(get_lrs());
  ++step_count_;
}

void LRScheduler::set_lrs(std::vector<double> rates) {
  std::vector<OptimizerParamGroup>& groups = optimizer_.param_groups();
  if (rates.size() != groups.size()) {
    fail("LRScheduler", fmt::format("Number of learning rates {} is not the number of parameter groups {}",
                                    rates.size(), groups.size()));
  }
  for (size_t i = 0; i < groups.size(); ++i) groups[i].options().set_lr(rates[i]);
  last_lr_ = std::move(rates);
}

std::vector<double> LRScheduler::get_current_lrs() const { return rates_of(optimizer_); }

Fields LRScheduler::fields() { return {{"step_count", step_count_}, {"last_lr", last_lr_}}; }

EpochScheduler::EpochScheduler(Optimizer& optimizer) : LRScheduler(optimizer) {
  for (OptimizerParamGroup& group : optimizer.param_groups()) {
    first_.push_back(!group.initial_lr());
    if (!group.initial_lr()) group.initial_lr() = group.options().get_lr();
    base_lrs_.push_back(*group.initial_lr());
  }
}

void EpochScheduler::set_base_lrs(std::vector<double> rates) {
  set_lrs(rates);
  std::vector<OptimizerParamGroup>& groups = optimizer().param_groups();
  for (size_t i = 0; i < groups.size(); ++i) {
    if (first_[i]) groups[i].initial_lr() = rates[i];
  }
  base_lrs_ = std::move(rates);
}

void EpochScheduler::step() {
  step_to_next();
  ++step_count_;
}

void EpochScheduler::step_to_next() {
  ++last_epoch_;
  try {
    set_lrs(get_lrs());
  } catch (...) {
    --last_epoch_;
    throw;
  }
}

void EpochScheduler::step_to(int64_t epoch) {
  if (epoch < 0) fail_value("step_to", fmt::format("the epoch is {}; need 0 or more", epoch));
  last_epoch_ = epoch;
  std::vector<double> rates = get_current_lrs();
  for (size_t i = 0; i < base_lrs_.size() && i < rates.size(); ++i) rates[i] = closed_lr(i, rates[i]);
  set_lrs(std::move(rates));
}

std::vector<double> EpochScheduler::get_lrs() {
  std::vector<double> rates = get_current_lrs();
  // A group that was added after the schedule had been made starts from its own rate.
  for (size_t i = base_lrs_.size(); i < rates.size(); ++i) base_lrs_.push_back(rates[i]);
  for (size_t i = 0; i < rates.size(); ++i) rates[i] = next_lr(i, rates[i]);
  return rates;
}

Fields EpochScheduler::fields() {
  Fields all = LRScheduler::fields();
  all.emplace_back("last_epoch", last_epoch_);
  all.emplace_back("base_lrs", base_lrs_);
  return all;
}

StepLR::StepLR(Optimizer& optimizer, unsigned step_size, double gamma)
    : EpochScheduler(optimizer), step_size_(step_size), gamma_(gamma) {
  if (step_size == 0) fail_value("StepLR", "step_size is 0; need at least 1");
  start();
}

double StepLR::next_lr(size_t, double now) {
  const int64_t steps = last_epoch() - 1;
  return steps > 0 && steps % step_size_ == 0 ? now * gamma_ : now;
}

double StepLR::closed_lr(size_t group, double) {
  double rate = base_lr(group);
  for (int64_t steps = step_size_; steps < last_epoch(); steps += step_size_) rate *= gamma_;
  return rate;
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
    reduce();
    cooling_ = cooldown_;
    bad_epochs_ = 0;
  }
}

void ReduceLROnPlateauScheduler::reduce() {
  std::vector<OptimizerParamGroup>& groups = optimizer_.param_groups();
  for (size_t i = 0; i < groups.size() && i < min_lrs_.size(); ++i) {
    const double before = groups[i].options().get_lr();
    const double after = before * factor_ > min_lrs_[i] ? before * factor_ : min_lrs_[i];
    if (before - after <= eps_) continue;
    groups[i].options().set_lr(after);
    if (verbose_) {
      std::printf("Epoch %lld: reducing learning rate of group %zu to %.4e\n", static_cast<long long>(last_epoch_), i,
                  after);
    }
  }
}

std::vector<double> ReduceLROnPlateauScheduler::get_last_lr() const { return rates_of(optimizer_); }

Fields ReduceLROnPlateauScheduler::fields() {
  return {
      {"best", best_}, {"num_bad_epochs", bad_epochs_}, {"cooldown_counter", cooling_}, {"last_epoch", last_epoch_}};
}

}  // namespace rondo::optim
