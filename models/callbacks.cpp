#include <rondo/models/callbacks.h>
#include <rondo/models/sequential.h>

#include <fmt/format.h>

#include <cmath>
#include <iostream>
#include <limits>

namespace rondo::callbacks {

models::Sequential& Callback::model() const {
  if (!model_) fail("Callback", "has no model; it has one while fit, evaluate or predict run");
  return *model_;
}

void History::on_train_begin(Logs&) {
  history.clear();
  epoch.clear();
  params = Callback::params();
}

void History::on_epoch_end(int64_t epoch_number, Logs& logs) {
  epoch.push_back(epoch_number);
  for (const auto& [key, value] : logs) {
    if (!history.contains(key)) history.insert_or_assign(key, {});
    history[key].push_back(value);
  }
}

EarlyStopping::EarlyStopping(EarlyStoppingOptions options) : options_(std::move(options)) {
  const std::string& mode = options_.mode;
  const std::string& monitor = options_.monitor;
  if (mode != "auto" && mode != "min" && mode != "max") {
    fail_value("EarlyStopping", fmt::format("mode is \"{}\"; need auto, min or max", mode));
  }
  greater_is_better_ =
      mode == "max" ||
      (mode == "auto" && (monitor.ends_with("acc") || monitor.ends_with("accuracy") || monitor.ends_with("auc")));
  options_.min_delta = std::abs(options_.min_delta);
}

EarlyStopping::~EarlyStopping() = default;

bool EarlyStopping::is_better(double value, double than) const {
  return greater_is_better_ ? value - options_.min_delta > than : value + options_.min_delta < than;
}

void EarlyStopping::on_train_begin(Logs&) {
  wait_ = stopped_epoch_ = best_epoch_ = 0;
  best_ = greater_is_better_ ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  best_weights_.clear();
  warned_ = false;
}

void EarlyStopping::on_epoch_end(int64_t epoch, Logs& logs) {
  const double* current = logs.find(options_.monitor);
  if (!current) {
    if (!warned_) {
      warn(fmt::format("EarlyStopping: there is no \"{}\"; there are: {}", options_.monitor,
                       fmt::join(logs.keys(), ", ")));
    }
    warned_ = true;
    return;
  }
  if (epoch < options_.start_from_epoch) return;
  if (options_.restore_best_weights && best_weights_.empty()) {
    best_weights_ = model().get_weights();
    best_epoch_ = epoch;
  }
  ++wait_;
  if (is_better(*current, best_)) {
    best_ = *current;
    best_epoch_ = epoch;
    if (options_.restore_best_weights) best_weights_ = model().get_weights();
    if (!options_.baseline || is_better(*current, *options_.baseline)) wait_ = 0;
    return;
  }
  if (wait_ >= options_.patience && epoch > 0) {
    stopped_epoch_ = epoch;
    model().set_stop_training(true);
  }
}

void EarlyStopping::on_train_end(Logs&) {
  if (stopped_epoch_ > 0 && options_.verbose > 0) {
    std::cout << fmt::format("Epoch {}: early stopping\n", stopped_epoch_ + 1);
  }
  if (!options_.restore_best_weights || best_weights_.empty()) return;
  if (options_.verbose > 0) {
    std::cout << fmt::format("Restoring model weights from the end of the best epoch: {}.\n", best_epoch_ + 1);
  }
  model().set_weights(best_weights_);
}

void TerminateOnNaN::on_train_batch_end(int64_t batch, Logs& logs) {
  const double* loss = logs.find("loss");
  if (!loss || std::isfinite(*loss)) return;
  std::cout << fmt::format("Batch {}: Invalid loss, terminating training\n", batch);
  model().set_stop_training(true);
}

}  // namespace rondo::callbacks
