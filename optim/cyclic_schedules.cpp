#include <rondo/optim/cyclic_schedules.h>
#include <rondo/optim/schedule_parts.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace rondo::optim {
namespace {

std::vector<double> spread(const char* schedule, const char* name, const Optimizer& optimizer, PerGroup given) {
  const size_t groups = optimizer.param_groups().size();
  if (given.values.size() == 1) given.values.resize(groups, given.values[0]);
  if (given.values.size() != groups) {
    fail_value(schedule,
               fmt::format("{} must have the same length as optimizer.param_groups. {} has {} values, param_groups has "
                           "{}.",
                           name, name, given.values.size(), groups));
  }
  return given.values;
}

// The member of options that a cycle of momentum moves: the first of the betas or the momentum.
double* momentum_of(OptimizerOptions& options) {
  const Fields fields = options.fields();
  if (const Field* betas = find_field(fields, "betas"); betas && betas->kind() == Field::Kind::Pair) {
    return &std::get<0>(betas->as<std::tuple<double, double>>());
  }
  const Field* momentum = find_field(fields, "momentum");
  return momentum && momentum->kind() == Field::Kind::Double ? &momentum->as<double>() : nullptr;
}

void check_momentum(const char* schedule, Optimizer& optimizer) {
  for (OptimizerParamGroup& group : optimizer.param_groups()) {
    if (momentum_of(group.options())) continue;
    fail_value(schedule, "optimizer must support momentum or beta1 with `cycle_momentum` option enabled");
  }
}

void check_strategy(const char* schedule, const std::string& strategy) {
  if (strategy == "cos" || strategy == "linear") return;
  fail_value(schedule, fmt::format("anneal_strategy must be one of 'cos' or 'linear', instead got {}", strategy));
}

}  // namespace

CyclicLR::CyclicLR(Optimizer& optimizer, PerGroup base_lr, PerGroup max_lr, CyclicLROptions options)
    : EpochScheduler(optimizer),
      max_lrs_(spread("CyclicLR", "max_lr", optimizer, std::move(max_lr))),
      options_(std::move(options)) {
  const double up = real(options_.step_size_up()),
               down = real(options_.step_size_down().value_or(options_.step_size_up()));
  if (!(up > 0 && down >= 0)) {
    fail_value("CyclicLR", fmt::format("step sizes are {} and {}; need at least 1 up and 0 down", up, down));
  }
  total_ = up + down;
  up_share_ = up / total_;
  const std::string& mode = options_.mode();
  if (mode != "triangular" && mode != "triangular2" && mode != "exp_range" && !options_.scale_fn()) {
    fail_value("CyclicLR", fmt::format("mode is invalid and scale_fn is None: mode {}", mode));
  }
  if (options_.scale_mode() != "cycle" && options_.scale_mode() != "iterations") {
    fail_value("CyclicLR", fmt::format("scale_mode is {}; need cycle or iterations", options_.scale_mode()));
  }
  if (options_.cycle_momentum()) {
    check_momentum("CyclicLR", optimizer);
    base_momenta_ = spread("CyclicLR", "base_momentum", optimizer, options_.base_momentum());
    max_momenta_ = spread("CyclicLR", "max_momentum", optimizer, options_.max_momentum());
  }
  // The first rate of a cycle is base_lr, whatever the optimizer and other schedules had.
  set_base_lrs(spread("CyclicLR", "base_lr", optimizer, std::move(base_lr)));
  start();
}

double CyclicLR::next_lr(size_t group, double) {
  of_group("CyclicLR", max_lrs_, optimizer().param_groups().size() - 1);  // before a momentum changes
  const double turns = real(last_epoch()) / total_, cycle = std::floor(1 + turns), x = 1 + turns - cycle;
  double height = x <= up_share_ ? x / up_share_ : (x - 1) / (up_share_ - 1);
  if (options_.scale_fn()) {
    height *= options_.scale_fn()(options_.scale_mode() == "cycle" ? static_cast<int64_t>(cycle) : last_epoch());
  } else if (options_.mode() == "triangular2") {
    height /= std::pow(2, cycle - 1);
  } else if (options_.mode() == "exp_range") {
    height *= std::pow(options_.gamma(), real(last_epoch()));
  }
  if (options_.cycle_momentum()) {
    const double high = max_momenta_[group];
    *momentum_of(optimizer().param_groups()[group].options()) = high - (high - base_momenta_[group]) * height;
  }
  return base_lr(group) + (max_lrs_[group] - base_lr(group)) * height;
}

OneCycleLR::OneCycleLR(Optimizer& optimizer, PerGroup max_lr, OneCycleLROptions options)
    : EpochScheduler(optimizer),
      max_lrs_(spread("OneCycleLR", "max_lr", optimizer, std::move(max_lr))),
      options_(std::move(options)) {
  const auto check_positive = [](const char* name, int64_t count) {
    if (count <= 0) fail_value("OneCycleLR", fmt::format("Expected positive integer {}, but got {}", name, count));
  };
  if (options_.total_steps()) {
    check_positive("total_steps", *options_.total_steps());
    total_ = *options_.total_steps();
  } else if (options_.epochs() && options_.steps_per_epoch()) {
    check_positive("epochs", *options_.epochs());
    check_positive("steps_per_epoch", *options_.steps_per_epoch());
    total_ = *options_.epochs() * *options_.steps_per_epoch();
  } else {
    fail_value("OneCycleLR", "You must define either total_steps OR (epochs AND steps_per_epoch)");
  }
  if (!(options_.pct_start() >= 0 && options_.pct_start() <= 1)) {
    fail_value("OneCycleLR", fmt::format("Expected float between 0 and 1 pct_start, but got {}", options_.pct_start()));
  }
  check_strategy("OneCycleLR", options_.anneal_strategy());
  if (options_.cycle_momentum()) {
    check_momentum("OneCycleLR", optimizer);
    base_momenta_ = spread("OneCycleLR", "base_momentum", optimizer, options_.base_momentum());
    max_momenta_ = spread("OneCycleLR", "max_momentum", optimizer, options_.max_momentum());
  }
  start();
}

std::vector<OneCycleLR::Phase> OneCycleLR::phases(size_t group) const {
  const double most = max_lrs_[group], first = most / options_.div_factor(), last = first / options_.final_div_factor();
  const double high = options_.cycle_momentum() ? max_momenta_[group] : 0,
               low = options_.cycle_momentum() ? base_momenta_[group] : 0;
  const double rising = options_.pct_start() * real(total_), end = real(total_ - 1);
  if (options_.three_phase()) {
    return {
        {rising - 1, first, most, high, low}, {2 * rising - 2, most, first, low, high}, {end, first, last, high, high}};
  }
  return {{rising - 1, first, most, high, low}, {end, most, last, low, high}};
}

double OneCycleLR::between(double start, double end, double share) const {
  if (options_.anneal_strategy() == "linear") return (end - start) * share + start;
  return end + (start - end) / 2 * (std::cos(std::numbers::pi * share) + 1);
}

double OneCycleLR::next_lr(size_t group, double) {
  of_group("OneCycleLR", max_lrs_, optimizer().param_groups().size() - 1);  // before a momentum changes
  const double step = real(last_epoch());
  if (last_epoch() > total_) {
    fail_value("OneCycleLR",
               fmt::format("Tried to step {} times. The specified number of total steps is {}", last_epoch(), total_));
  }
  const std::vector<Phase> all = phases(group);
  double begin = 0;
  size_t i = 0;
  for (; i + 1 < all.size() && step > all[i].end; ++i) begin = all[i].end;
  const Phase& phase = all[i];
  const double share = phase.end > begin ? (step - begin) / (phase.end - begin) : 1;
  if (options_.cycle_momentum()) {
    *momentum_of(optimizer().param_groups()[group].options()) =
        between(phase.start_momentum, phase.end_momentum, share);
  }
  return between(phase.start_lr, phase.end_lr, share);
}

SWALR::SWALR(Optimizer& optimizer, PerGroup swa_lr, int64_t anneal_epochs, const std::string& anneal_strategy)
    : EpochScheduler(optimizer),
      swa_lrs_(spread("SWALR", "swa_lr", optimizer, std::move(swa_lr))),
      anneal_epochs_(anneal_epochs),
      cosine_(anneal_strategy == "cos") {
  check_strategy("SWALR", anneal_strategy);
  if (anneal_epochs < 0) {
    fail_value("SWALR", fmt::format("anneal_epochs must be equal or greater than 0, got {}", anneal_epochs));
  }
  start();
}

double SWALR::share(int64_t epoch) const {
  const double t = std::min(1.0, std::max(0.0, real(epoch) / real(std::max<int64_t>(1, anneal_epochs_))));
  return cosine_ ? (1 - std::cos(std::numbers::pi * t)) / 2 : t;
}

double SWALR::next_lr(size_t group, double now) {
  const double swa = of_group("SWALR", swa_lrs_, group);
  const int64_t epoch = anneal_epochs_ == 0 ? std::max<int64_t>(1, last_epoch()) : last_epoch();
  const double before = share(epoch - 1), after = share(epoch);
  // The rate from which the last one came, so that another schedule may have changed it since.
  const double first = before == 1 ? swa : (now - before * swa) / (1 - before);
  return swa * after + first * (1 - after);
}

}  // namespace rondo::optim
