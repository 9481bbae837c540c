#include <rondo/models/progress.h>

#include <fmt/format.h>

#include <unistd.h>
#include <chrono>
#include <cmath>
#include <iostream>
#include <limits>

namespace rondo::callbacks {
namespace {

constexpr int64_t kBarWidth = 30;
constexpr double kInterval = 0.05;  // seconds between two pictures of the bar

double steady_clock() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

int digits(int64_t number) {
  int count = 1;
  for (; number >= 10; number /= 10) ++count;
  return count;
}

// " - loss: 0.5449": small numbers in scientific notation.
std::string values_text(const Logs& logs, bool of_magnitude) {
  std::string text;
  for (const auto& [key, value] : logs) {
    const bool plain = (of_magnitude ? std::abs(value) : value) > 1e-3;
    text += plain ? fmt::format(" - {}: {:.4f}", key, value) : fmt::format(" - {}: {:.4e}", key, value);
  }
  return text;
}

}  // namespace

ProgbarLogger::ProgbarLogger(ProgressOptions options)
    : options_(options), terminal_(options.terminal.value_or(options.out == nullptr && isatty(STDOUT_FILENO) != 0)) {}

double ProgbarLogger::now() const { return options_.clock ? options_.clock() : steady_clock(); }
std::ostream& ProgbarLogger::out() const { return options_.out ? *options_.out : std::cout; }

bool ProgbarLogger::wants_batches() const { return params().verbose == 1 && terminal_; }

void ProgbarLogger::start() {
  seen_ = 0;
  width_ = 0;
  has_first_step_ = false;
  start_ = now();
  last_shown_ = -std::numeric_limits<double>::infinity();
}

void ProgbarLogger::on_epoch_begin(int64_t epoch, Logs&) {
  start();
  if (params().verbose != 0 && params().epochs > 1) {
    out() << fmt::format("Epoch {}/{}\n", epoch + 1, params().epochs) << std::flush;
  }
}

void ProgbarLogger::on_epoch_end(int64_t, Logs& logs) { finish(logs); }

void ProgbarLogger::on_test_begin(Logs&) {
  if (!training_) start();
}
void ProgbarLogger::on_test_batch_end(int64_t batch, Logs& logs) {
  if (!training_) update(batch, logs);
}
void ProgbarLogger::on_test_end(Logs& logs) {
  if (!training_) finish(logs);
}
void ProgbarLogger::on_predict_batch_end(int64_t batch, Logs&) { update(batch, {}); }
void ProgbarLogger::on_predict_end(Logs&) { finish({}); }

std::string ProgbarLogger::bar(int64_t step) const {
  const int64_t steps = params().steps;
  const auto filled = static_cast<int64_t>(kBarWidth * (static_cast<double>(step) / static_cast<double>(steps)));
  std::string text = fmt::format("{:>{}}/{} [", step, digits(steps), steps);
  if (filled > 0) {
    text.append(static_cast<size_t>(filled - 1), '=');
    text += step < steps ? '>' : '=';
  }
  text.append(static_cast<size_t>(kBarWidth - filled), '.');
  return text + ']';
}

double ProgbarLogger::seconds_per_step(int64_t step, double now) {
  // The first step is slow, so the others count alone as soon as there are any.
  const double mean = has_first_step_ && step > 1 ? (now - first_step_) / static_cast<double>(step - 1)
                                                  : (now - start_) / static_cast<double>(std::max<int64_t>(step, 1));
  if (step == 1) {
    first_step_ = now;
    has_first_step_ = true;
  }
  return mean;
}

std::string ProgbarLogger::remaining_time(int64_t step, double now) {
  const double eta = seconds_per_step(step, now) * static_cast<double>(params().steps - step);
  const auto seconds = static_cast<int64_t>(eta);
  if (eta > 3600) return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds % 3600 / 60, seconds % 60);
  if (eta > 60) return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
  return fmt::format("{}s", seconds);
}

std::string ProgbarLogger::step_time(int64_t step, double now) {
  const double mean = seconds_per_step(step, now);
  if (mean >= 1 || mean == 0) return fmt::format("{:.0f}s/step", mean);
  if (mean >= 1e-3) return fmt::format("{:.0f}ms/step", mean * 1e3);
  return fmt::format("{:.0f}us/step", mean * 1e6);
}

void ProgbarLogger::update(int64_t batch, const Logs& logs) {
  seen_ = batch + 1;
  if (!wants_batches()) return;
  const double time = now();
  if (time - last_shown_ < kInterval) return;
  std::string text = bar(seen_) + " - ETA: " + remaining_time(seen_, time) + values_text(logs, true);
  const size_t before = width_;
  width_ = text.size();
  if (before > width_) text.append(before - width_, ' ');
  out() << std::string(before, '\b') << '\r' << text << std::flush;
  last_shown_ = time;
}

void ProgbarLogger::finish(const Logs& logs) {
  const int verbose = params().verbose;
  if (verbose != 1 && verbose != 2) return;
  // A run that was stopped within an epoch says how far it came.
  const int64_t step = seen_, steps = params().steps;
  const double time = now();
  const std::string elapsed = fmt::format(" - {:.0f}s", time - start_);
  if (verbose == 2) {
    out() << fmt::format("{:>{}}/{}", step, digits(steps), steps) << elapsed << values_text(logs, false) << '\n'
          << std::flush;
    return;
  }
  std::string text = bar(step) + elapsed + ' ' + step_time(step, time) + values_text(logs, true);
  if (terminal_) {
    if (width_ > text.size()) text.append(width_ - text.size(), ' ');
    text = std::string(width_, '\b') + '\r' + text;
  }
  out() << text << '\n' << std::flush;
}

}  // namespace rondo::callbacks
