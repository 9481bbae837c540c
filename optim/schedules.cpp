#include <rondo/optim/schedule_parts.h>
#include <rondo/optim/schedules.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace rondo::optim {
namespace {

void check_count(const char* schedule, const char* name, int64_t count) {
  if (count < 1) fail_value(schedule, fmt::format("{} is {}; need at least 1", name, count));
}

std::vector<RateFunction> for_all(const Optimizer& optimizer, const RateFunction& function) {
  return std::vector<RateFunction>(optimizer.param_groups().size(), function);
}

std::vector<RateFunction> checked(const char* schedule, const Optimizer& optimizer,
                                  std::vector<RateFunction> functions) {
  const size_t groups = optimizer.param_groups().size();
  if (functions.size() != groups) {
    fail_value(schedule, fmt::format("Expected {} lr_lambdas, but got {}", groups, functions.size()));
  }
  for (const RateFunction& function : functions) {
    if (!function) fail_value(schedule, "lr_lambda should be a function, but got none");
  }
  return functions;
}

// (1 + cos(pi t)) / 2 from 1 to 0.
double wave(double t) { return (1 + std::cos(std::numbers::pi * t)) / 2; }

}  // namespace

MultiStepLR::MultiStepLR(Optimizer& optimizer, std::vector<int64_t> milestones, double gamma)
    : EpochScheduler(optimizer), milestones_(std::move(milestones)), gamma_(gamma) {
  std::sort(milestones_.begin(), milestones_.end());
  start();
}

double MultiStepLR::next_lr(size_t, double now) {
  return now * std::pow(gamma_, real(std::count(milestones_.begin(), milestones_.end(), last_epoch())));
}

double MultiStepLR::closed_lr(size_t group, double) {
  const auto passed = std::upper_bound(milestones_.begin(), milestones_.end(), last_epoch()) - milestones_.begin();
  return base_lr(group) * std::pow(gamma_, real(passed));
}

ConstantLR::ConstantLR(Optimizer& optimizer, double factor, int64_t total_iters)
    : EpochScheduler(optimizer), factor_(factor), total_iters_(total_iters) {
  if (!(factor >= 0 && factor <= 1)) {
    fail_value("ConstantLR",
               fmt::format("Constant multiplicative factor expected to be between 0 and 1; got {}", factor));
  }
  start();
}

double ConstantLR::next_lr(size_t group, double now) {
  if (last_epoch() == 0) return now * factor_;
  if (last_epoch() != total_iters_) return now;
  return factor_ == 0 ? base_lr(group) : now / factor_;
}

double ConstantLR::closed_lr(size_t group, double) {
  return base_lr(group) * (last_epoch() >= total_iters_ ? 1 : factor_);
}

LinearLR::LinearLR(Optimizer& optimizer, double start_factor, double end_factor, int64_t total_iters)
    : EpochScheduler(optimizer), start_(start_factor), end_(end_factor), total_iters_(total_iters) {
  if (!(start_factor > 0 && start_factor <= 1)) {
    fail_value("LinearLR", fmt::format("Starting multiplicative factor expected to be greater than 0 and less or equal "
                                       "to 1; got {}",
                                       start_factor));
  }
  if (!(end_factor >= 0 && end_factor <= 1)) {
    fail_value("LinearLR",
               fmt::format("Ending multiplicative factor expected to be between 0 and 1; got {}", end_factor));
  }
  check_count("LinearLR", "total_iters", total_iters);
  start();
}

double LinearLR::next_lr(size_t, double now) {
  if (last_epoch() == 0) return now * start_;
  if (last_epoch() > total_iters_) return now;
  const double slope = end_ - start_;
  return now * (1 + slope / (real(total_iters_) * start_ + real(last_epoch() - 1) * slope));
}

double LinearLR::closed_lr(size_t group, double) {
  return base_lr(group) * (start_ + (end_ - start_) * real(std::min(total_iters_, last_epoch())) / real(total_iters_));
}

ExponentialLR::ExponentialLR(Optimizer& optimizer, double gamma) : EpochScheduler(optimizer), gamma_(gamma) { start(); }

double ExponentialLR::next_lr(size_t, double now) { return last_epoch() == 0 ? now : now * gamma_; }

double ExponentialLR::closed_lr(size_t group, double) { return base_lr(group) * std::pow(gamma_, real(last_epoch())); }

PolynomialLR::PolynomialLR(Optimizer& optimizer, int64_t total_iters, double power)
    : EpochScheduler(optimizer), total_iters_(total_iters), power_(power) {
  check_count("PolynomialLR", "total_iters", total_iters);
  start();
}

double PolynomialLR::next_lr(size_t, double now) {
  if (last_epoch() == 0 || last_epoch() > total_iters_) return now;
  const double total = real(total_iters_);
  return now * std::pow((1 - real(last_epoch()) / total) / (1 - real(last_epoch() - 1) / total), power_);
}

double PolynomialLR::closed_lr(size_t group, double) {
  return base_lr(group) * std::pow(1 - real(std::min(total_iters_, last_epoch())) / real(total_iters_), power_);
}

CosineAnnealingLR::CosineAnnealingLR(Optimizer& optimizer, int64_t T_max, double eta_min)
    : EpochScheduler(optimizer), t_max_(T_max), eta_min_(eta_min) {
  check_count("CosineAnnealingLR", "T_max", T_max);
  start();
}

double CosineAnnealingLR::next_lr(size_t group, double now) {
  if (last_epoch() == 0) return now;
  const double step = 1 / real(t_max_);
  // After the minimum the quotient below has no meaning.
  if ((last_epoch() - 1 - t_max_) % (2 * t_max_) == 0) return now + (base_lr(group) - eta_min_) * (1 - wave(step));
  return wave(real(last_epoch()) * step) / wave(real(last_epoch() - 1) * step) * (now - eta_min_) + eta_min_;
}

double CosineAnnealingLR::closed_lr(size_t group, double) {
  return eta_min_ + (base_lr(group) - eta_min_) * wave(real(last_epoch()) / real(t_max_));
}

CosineAnnealingWarmRestarts::CosineAnnealingWarmRestarts(Optimizer& optimizer, int64_t T_0, int64_t T_mult,
                                                         double eta_min)
    : EpochScheduler(optimizer), t_0_(T_0), t_mult_(T_mult), eta_min_(eta_min), t_i_(T_0), t_cur_(0) {
  if (T_0 < 1) {
    fail_value("CosineAnnealingWarmRestarts", fmt::format("Expected positive integer T_0, but got {}", T_0));
  }
  if (T_mult < 1) {
    fail_value("CosineAnnealingWarmRestarts", fmt::format("Expected integer T_mult >= 1, but got {}", T_mult));
  }
  start();
}

std::vector<double> CosineAnnealingWarmRestarts::get_lrs() {
  if (last_epoch() == 0) {
    find(0);
  } else if (++t_cur_ >= real(t_i_)) {
    t_cur_ -= real(t_i_);
    t_i_ *= t_mult_;
  }
  return EpochScheduler::get_lrs();
}

double CosineAnnealingWarmRestarts::next_lr(size_t group, double) {
  return eta_min_ + (base_lr(group) - eta_min_) * wave(t_cur_ / real(t_i_));
}

void CosineAnnealingWarmRestarts::find(double epoch) {
  t_i_ = t_0_;
  t_cur_ = epoch;
  if (t_mult_ == 1) {
    t_cur_ = std::fmod(epoch, real(t_0_));
    return;
  }
  for (; t_cur_ >= real(t_i_); t_i_ *= t_mult_) t_cur_ -= real(t_i_);
}

void CosineAnnealingWarmRestarts::step(double epoch) {
  if (!(epoch >= 0)) {
    fail_value("CosineAnnealingWarmRestarts", fmt::format("Expected non-negative epoch, but got {}", epoch));
  }
  if (!(epoch <= 0x1p53)) {
    fail_value("CosineAnnealingWarmRestarts", fmt::format("the epoch is {}; need at most 2^53", epoch));
  }
  find(epoch);
  EpochScheduler::step_to(static_cast<int64_t>(std::floor(epoch)));
}

void CosineAnnealingWarmRestarts::step_to(int64_t epoch) { step(real(epoch)); }

Fields CosineAnnealingWarmRestarts::fields() {
  Fields all = EpochScheduler::fields();
  all.emplace_back("T_i", t_i_);
  all.emplace_back("T_cur", t_cur_);
  return all;
}

LambdaLR::LambdaLR(Optimizer& optimizer, const RateFunction& lr_lambda)
    : LambdaLR(optimizer, for_all(optimizer, lr_lambda)) {}
LambdaLR::LambdaLR(Optimizer& optimizer, std::vector<RateFunction> lr_lambdas)
    : EpochScheduler(optimizer), lambdas_(checked("LambdaLR", optimizer, std::move(lr_lambdas))) {
  start();
}

double LambdaLR::next_lr(size_t group, double) {
  return base_lr(group) * of_group("LambdaLR", lambdas_, group)(last_epoch());
}

MultiplicativeLR::MultiplicativeLR(Optimizer& optimizer, const RateFunction& lr_lambda)
    : MultiplicativeLR(optimizer, for_all(optimizer, lr_lambda)) {}
MultiplicativeLR::MultiplicativeLR(Optimizer& optimizer, std::vector<RateFunction> lr_lambdas)
    : EpochScheduler(optimizer), lambdas_(checked("MultiplicativeLR", optimizer, std::move(lr_lambdas))) {
  start();
}

double MultiplicativeLR::next_lr(size_t group, double now) {
  return last_epoch() > 0 ? now * of_group("MultiplicativeLR", lambdas_, group)(last_epoch()) : now;
}

}  // namespace rondo::optim
