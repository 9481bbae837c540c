#include <rondo/optim/composed_schedules.h>

#include <fmt/format.h>

#include <algorithm>

namespace rondo::optim {
namespace {

template <class Scheduler>
void check_present(const char* name, const std::vector<std::shared_ptr<Scheduler>>& schedulers) {
  if (schedulers.empty()) {
    fail_value(name, fmt::format("{} expects at least one scheduler to be chained, but got no scheduler.", name));
  }
  for (const auto& scheduler : schedulers) {
    if (!scheduler) fail_value(name, "a scheduler is null");
  }
}

template <class Scheduler>
std::vector<LRScheduler*> pointers(const std::vector<std::shared_ptr<Scheduler>>& schedulers) {
  std::vector<LRScheduler*> all;
  all.reserve(schedulers.size());
  for (const auto& scheduler : schedulers) all.push_back(scheduler.get());
  return all;
}

}  // namespace

SequentialLR::SequentialLR(Optimizer& optimizer, std::vector<std::shared_ptr<EpochScheduler>> schedulers,
                           std::vector<int64_t> milestones)
    : LRScheduler(optimizer), schedulers_(std::move(schedulers)), milestones_(std::move(milestones)) {
  check_present("SequentialLR", schedulers_);
  for (const auto& scheduler : schedulers_) {
    if (&scheduler->optimizer() != &optimizer) {
      fail_value("SequentialLR", "expects all schedulers to belong to the same optimizer");
    }
  }
  if (milestones_.size() + 1 != schedulers_.size()) {
    fail_value("SequentialLR",
               fmt::format("Sequential Schedulers expects number of schedulers provided to be one more than the number "
                           "of milestone points, but got number of schedulers {} and the number of milestones to be "
                           "equal to {}",
                           schedulers_.size(), milestones_.size()));
  }
  if (!std::is_sorted(milestones_.begin(), milestones_.end())) {
    fail_value("SequentialLR", "milestones are not in ascending order");
  }
  for (OptimizerParamGroup& group : optimizer.param_groups()) {
    if (group.initial_lr()) group.options().set_lr(*group.initial_lr());
  }
  // All of them began when they were made; only the first one may have.
  for (const auto& scheduler : schedulers_) --scheduler->last_epoch_;
  schedulers_[0]->step_to_next();
  set_lrs(get_current_lrs());
}

void SequentialLR::step() {
  ++last_epoch_;
  const auto passed = std::upper_bound(milestones_.begin(), milestones_.end(), last_epoch_) - milestones_.begin();
  const auto place = static_cast<size_t>(passed);
  EpochScheduler& scheduler = *schedulers_[place];
  try {
    if (place > 0 && milestones_[place - 1] == last_epoch_) {
      scheduler.step_to(0);
    } else {
      scheduler.step();
    }
  } catch (...) {
    --last_epoch_;
    throw;
  }
  LRScheduler::step();
}

std::vector<LRScheduler*> SequentialLR::parts() { return pointers(schedulers_); }

std::vector<double> SequentialLR::get_lrs() { return get_current_lrs(); }

Fields SequentialLR::fields() {
  Fields all = LRScheduler::fields();
  all.emplace_back("last_epoch", last_epoch_);
  return all;
}

ChainedScheduler::ChainedScheduler(Optimizer& optimizer, std::vector<std::shared_ptr<LRScheduler>> schedulers)
    : LRScheduler(optimizer), schedulers_(std::move(schedulers)) {
  check_present("ChainedScheduler", schedulers_);
}

void ChainedScheduler::step() {
  for (const auto& scheduler : schedulers_) scheduler->step();
  LRScheduler::step();
}

std::vector<LRScheduler*> ChainedScheduler::parts() { return pointers(schedulers_); }

std::vector<double> ChainedScheduler::get_lrs() { return get_current_lrs(); }

}  // namespace rondo::optim
