// The options of a model's calls: one struct each, with Keras' names in the order of Keras' signatures.
#pragma once

#include <rondo/models/losses.h>
#include <rondo/models/metrics.h>
#include <rondo/models/optimizers.h>
#include <rondo/models/progress.h>

namespace rondo::models {

struct CompileOptions {
  optimizers::Optimizer optimizer = "rmsprop";
  losses::Loss loss = {};
  std::vector<metrics::Metric> metrics = {};
  // These take sample and class weights into account, `metrics` do not.
  std::vector<metrics::Metric> weighted_metrics = {};
};

// Data that fit measures the model on after an epoch.
struct ValidationData {
  Tensor x = {}, y = {}, sample_weight = {};
};

// After which epochs validation runs: each `every`-th, or those of a list, counted from 1.
class ValidationFrequency {
 public:
  ValidationFrequency(int64_t every = 1) : every_(every) {}
  ValidationFrequency(std::initializer_list<int64_t> epochs) : every_(0), epochs_(epochs) {}
  ValidationFrequency(std::vector<int64_t> epochs) : every_(0), epochs_(std::move(epochs)) {}
  bool valid() const { return every_ > 0 || !epochs_.empty(); }
  bool includes(int64_t epoch) const {
    if (every_ > 0) return (epoch + 1) % every_ == 0;
    for (int64_t listed : epochs_) {
      if (listed == epoch + 1) return true;
    }
    return false;
  }

 private:
  int64_t every_;
  std::vector<int64_t> epochs_;
};

struct FitOptions {
  std::optional<int64_t> batch_size = {};  // 32
  int64_t epochs = 1;                      // the last epoch, not the number of epochs
  int verbose = 1;                         // 0: silent, 1: a bar, 2: one line an epoch
  std::vector<callbacks::CallbackArgument> callbacks = {};
  double validation_split = 0;  // this part of the data, its end, is not trained on
  ValidationData validation_data = {};
  bool shuffle = true;
  std::vector<std::pair<int64_t, double>> class_weight = {};
  Tensor sample_weight = {};  // (N,)
  int64_t initial_epoch = 0;
  std::optional<int64_t> validation_batch_size = {};  // batch_size
  ValidationFrequency validation_freq = 1;
  callbacks::ProgressOptions progress = {};
};

struct EvaluateOptions {
  std::optional<int64_t> batch_size = {};
  int verbose = 1;
  Tensor sample_weight = {};
  std::vector<callbacks::CallbackArgument> callbacks = {};
  callbacks::ProgressOptions progress = {};
};

struct PredictOptions {
  std::optional<int64_t> batch_size = {};
  int verbose = 1;
  std::vector<callbacks::CallbackArgument> callbacks = {};
  callbacks::ProgressOptions progress = {};
};

}  // namespace rondo::models
