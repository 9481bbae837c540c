// The progress lines of fit, evaluate and predict, in the layout of Keras 2.4 to 2.6.
#pragma once

#include <rondo/models/callbacks.h>

#include <iosfwd>

namespace rondo::callbacks {

// Where progress is written to, and by which clock; null: std::cout and the steady clock. A terminal gets a bar that
// moves, everything else finished lines without control characters; `terminal` decides where it is given.
struct ProgressOptions {
  std::ostream* out = nullptr;
  double (*clock)() = nullptr;  // seconds
  std::optional<bool> terminal = {};
};

// verbose 0: silent; 1: a bar; 2: one line an epoch.
//   313/313 [==============================] - 0s 1ms/step - loss: 0.5449 - accuracy: 0.7598
//   313/313 - 0s - loss: 0.5449 - accuracy: 0.7598
class ProgbarLogger : public Callback {
 public:
  explicit ProgbarLogger(ProgressOptions options = {});

  void on_epoch_begin(int64_t epoch, Logs&) override;
  void on_train_batch_end(int64_t batch, Logs& logs) override { update(batch, logs); }
  void on_epoch_end(int64_t epoch, Logs& logs) override;
  void on_train_begin(Logs&) override { training_ = true; }
  void on_train_end(Logs&) override { training_ = false; }
  // Within fit the validation is silent.
  void on_test_begin(Logs&) override;
  void on_test_batch_end(int64_t batch, Logs& logs) override;
  void on_test_end(Logs& logs) override;
  void on_predict_begin(Logs&) override { start(); }
  void on_predict_batch_end(int64_t batch, Logs&) override;
  void on_predict_end(Logs&) override;
  bool wants_batches() const override;

  // How many steps an epoch had when it ended before its last one, for runs whose batch hooks are spared.
  void set_seen(int64_t steps) { seen_ = steps; }

 private:
  void start();
  void update(int64_t batch, const Logs& logs);
  void finish(const Logs& logs);
  std::string bar(int64_t step) const;
  std::string remaining_time(int64_t step, double now);
  std::string step_time(int64_t step, double now);
  double seconds_per_step(int64_t step, double now);
  double now() const;
  std::ostream& out() const;

  ProgressOptions options_;
  bool terminal_, training_ = false;
  int64_t seen_ = 0;
  double start_ = 0, first_step_ = 0, last_shown_ = 0;
  bool has_first_step_ = false;
  size_t width_ = 0;
};

}  // namespace rondo::callbacks
