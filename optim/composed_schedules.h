// Schedules made of schedules.
#pragma once

#include <rondo/optim/schedulers.h>

namespace rondo::optim {

// One schedule after the other: the next one begins, with its epoch 0, at each milestone. They are made for the same
// optimizer before; then the rates go back to the first ones. Throws ValueError unless there is one milestone less than
// schedules, in ascending order.
class SequentialLR : public LRScheduler {
 public:
  SequentialLR(Optimizer& optimizer, std::vector<std::shared_ptr<EpochScheduler>> schedulers,
               std::vector<int64_t> milestones);
  void step() override;
  int64_t last_epoch() const { return last_epoch_; }
  Fields fields() override;

 private:
  std::vector<double> get_lrs() override;
  std::vector<LRScheduler*> parts() override;

  std::vector<std::shared_ptr<EpochScheduler>> schedulers_;
  std::vector<int64_t> milestones_;
  int64_t last_epoch_ = 0;
};

// All schedules at once: each changes the rates that the one before it has left. Throws ValueError for none.
class ChainedScheduler : public LRScheduler {
 public:
  ChainedScheduler(Optimizer& optimizer, std::vector<std::shared_ptr<LRScheduler>> schedulers);
  void step() override;

 private:
  std::vector<double> get_lrs() override;
  std::vector<LRScheduler*> parts() override;

  std::vector<std::shared_ptr<LRScheduler>> schedulers_;
};

}  // namespace rondo::optim
