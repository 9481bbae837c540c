// One step of training or of evaluation, and the running means of what it gives.
#pragma once

#include <rondo/models/training/feed.h>
#include <rondo/models/training/sequential_impl.h>

namespace rondo::models {

class Trainer {
 public:
  // `y` decides what "accuracy" means. Throws ValueError, which begins with `call`, for a model without a loss.
  Trainer(SequentialImpl& model, const char* call, const Tensor& y, IntArrayRef output);

  // The data in the forms that a step wants. Throws ValueError for lengths, shapes and labels that do not suit.
  Columns prepare(const char* call, const Tensor& x, const Tensor& y, const Tensor& sample_weight,
                  const std::vector<std::pair<int64_t, double>>& class_weight = {}) const;

  void reset();
  // The batch's loss.
  double train(const Columns& batch);
  double test(const Columns& batch);
  // The means since reset().
  void read(Logs& logs, const char* prefix = "") const;

 private:
  struct Measure {
    std::shared_ptr<metrics::MetricFunction> metric;
    bool weighted;
  };

  Tensor forward(const Tensor& x, bool training) const;
  Tensor loss_of(const Columns& batch, const Tensor& output) const;
  double measure(const Columns& batch, const Tensor& output, double loss);

  SequentialImpl& model_;
  std::shared_ptr<const losses::LossFunction> loss_;
  std::vector<Measure> measures_;
  std::vector<Tensor> variables_, gradients_;
  layers::Ending left_out_ = layers::Ending::kOther;  // the ending that the loss does without
  bool needs_probabilities_ = false;
  bool wants_[3] = {};  // by losses::Target
  double loss_total_ = 0, loss_count_ = 0;
};

}  // namespace rondo::models
