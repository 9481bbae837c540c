// Callbacks: what runs between the steps of fit, evaluate and predict.
#pragma once

#include <rondo/models/ordered_map.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>

namespace rondo {
class Tensor;
namespace models {
class CallbackList;
class Sequential;
}  // namespace models
}  // namespace rondo

namespace rondo::callbacks {

using models::Logs;
using models::OrderedMap;

// What a run is about: its verbosity, the last epoch, the steps of an epoch.
struct Params {
  int verbose = 1;
  int64_t epochs = 1, steps = 0;
};

// The base of callbacks, with Keras' hooks. Epochs and batches count from 0. A hook may add to the logs of an epoch's
// end: later callbacks see it, the history and the progress lines among them.
class Callback {
 public:
  virtual ~Callback() = default;

  virtual void set_params(const Params& params) { params_ = params; }
  virtual void set_model(models::Sequential* model) { model_ = model; }

  virtual void on_train_begin(Logs&) {}
  virtual void on_train_end(Logs&) {}
  virtual void on_epoch_begin(int64_t /*epoch*/, Logs&) {}
  virtual void on_epoch_end(int64_t /*epoch*/, Logs&) {}
  virtual void on_train_batch_begin(int64_t batch, Logs& logs) { on_batch_begin(batch, logs); }
  virtual void on_train_batch_end(int64_t batch, Logs& logs) { on_batch_end(batch, logs); }
  virtual void on_batch_begin(int64_t /*batch*/, Logs&) {}
  virtual void on_batch_end(int64_t /*batch*/, Logs&) {}
  virtual void on_test_begin(Logs&) {}
  virtual void on_test_end(Logs&) {}
  virtual void on_test_batch_begin(int64_t /*batch*/, Logs&) {}
  virtual void on_test_batch_end(int64_t /*batch*/, Logs&) {}
  virtual void on_predict_begin(Logs&) {}
  virtual void on_predict_end(Logs&) {}
  virtual void on_predict_batch_begin(int64_t /*batch*/, Logs&) {}
  virtual void on_predict_batch_end(int64_t /*batch*/, Logs&) {}

  // False spares the batch hooks, and the running values of the logs where no callback wants them.
  virtual bool wants_batches() const { return true; }

  const Params& params() const { return params_; }
  // The model of the run; throws Error outside of one.
  models::Sequential& model() const;

 private:
  friend class models::CallbackList;
  Params params_;
  models::Sequential* model_ = nullptr;
};

// The values of each epoch. fit returns it: history.history["loss"] is a list of one number an epoch.
class History : public Callback {
 public:
  OrderedMap<std::vector<double>> history;
  std::vector<int64_t> epoch;  // from 0
  Params params;

  void on_train_begin(Logs&) override;
  void on_epoch_end(int64_t epoch_number, Logs& logs) override;
  bool wants_batches() const override { return false; }
};

struct EarlyStoppingOptions {
  std::string monitor = "val_loss";
  double min_delta = 0;
  int64_t patience = 0;
  int verbose = 0;
  std::string mode = "auto";  // min, max; auto: max where the name ends in acc, accuracy or auc
  std::optional<double> baseline = {};
  bool restore_best_weights = false;
  int64_t start_from_epoch = 0;
};

// Stops when the monitored value has not become better for `patience` epochs (at least one); with restore_best_weights
// the model ends with the weights of its best epoch, whatever ended the training.
class EarlyStopping : public Callback {
 public:
  explicit EarlyStopping(EarlyStoppingOptions options = {});
  ~EarlyStopping() override;

  void on_train_begin(Logs&) override;
  void on_epoch_end(int64_t epoch, Logs& logs) override;
  void on_train_end(Logs&) override;
  bool wants_batches() const override { return false; }

  // The epoch that it stopped at, counted from 0; 0 when it did not. The best value and its epoch.
  int64_t stopped_epoch() const { return stopped_epoch_; }
  int64_t best_epoch() const { return best_epoch_; }
  double best() const { return best_; }

 private:
  bool is_better(double value, double than) const;

  EarlyStoppingOptions options_;
  bool greater_is_better_ = false, warned_ = false;
  int64_t wait_ = 0, stopped_epoch_ = 0, best_epoch_ = 0;
  double best_ = 0;
  std::vector<Tensor> best_weights_;
};

// Stops the training at the first loss that is NaN or infinite.
class TerminateOnNaN : public Callback {
 public:
  void on_train_batch_end(int64_t batch, Logs& logs) override;
};

// What options take as a callback: a named one is referred to, a temporary one is kept.
class CallbackArgument {
 public:
  template <class C>
  requires(std::is_base_of_v<Callback, C>) CallbackArgument(C& callback) : callback_(&callback) {}
  template <class C>
  requires(std::is_base_of_v<Callback, C> && !std::is_const_v<C>) CallbackArgument(C&& callback)
      : kept_(std::make_shared<C>(std::move(callback))), callback_(kept_.get()) {}
  CallbackArgument(Callback* callback) : callback_(callback) {}
  CallbackArgument(std::shared_ptr<Callback> callback) : kept_(std::move(callback)), callback_(kept_.get()) {}

  Callback* get() const { return callback_; }

 private:
  std::shared_ptr<Callback> kept_;
  Callback* callback_;
};

}  // namespace rondo::callbacks
