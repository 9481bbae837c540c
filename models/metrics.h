// Metrics: Keras' functions, names and options. A metric adds up over batches; result() is what it is so far.
#pragma once

#include <rondo/models/losses.h>

namespace rondo::metrics {

using losses::Target;

// What a metric does; derive from it for a metric of one's own.
class MetricFunction {
 public:
  explicit MetricFunction(std::string name) : name_(std::move(name)) {}
  virtual ~MetricFunction() = default;

  const std::string& name() const { return name_; }
  virtual Target target() const { return Target::kAsGiven; }
  // Whether only the order of a sample's predictions counts, so that logits serve as well as probabilities.
  virtual bool only_order() const { return false; }
  virtual void reset_state() = 0;
  // y_true in the form of target(); weight undefined or (N,). Called without recording.
  virtual void update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& weight) = 0;
  virtual double result() const = 0;

 private:
  std::string name_;
};

// total / count: the mean of numbers, weighted; 0 for none.
class MeanFunction : public MetricFunction {
 public:
  using MetricFunction::MetricFunction;
  void reset_state() override { total_ = count_ = 0; }
  double result() const override { return count_ == 0 ? 0 : total_ / count_; }
  void add(double total, double count) {
    total_ += total;
    count_ += count;
  }

 private:
  double total_ = 0, count_ = 0;
};

// A handle on a metric, or the name of one, which may depend on the model's output: "accuracy" and "acc" become binary,
// categorical or sparse categorical accuracy, "crossentropy" and "ce" likewise. Throws ValueError for unknown names,
// listing the known ones.
class Metric {
 public:
  Metric(const char* name) : Metric(std::string(name)) {}
  Metric(const std::string& name);
  Metric(std::shared_ptr<MetricFunction> pointer) : name_(pointer->name()), function_(std::move(pointer)) {}
  // The mean of a function that gives one number per sample.
  template <class F>
  requires(std::is_invocable_r_v<Tensor, const F&, const Tensor&, const Tensor&> && !std::is_base_of_v<Metric, F>)
      Metric(F callable, std::string name = "function")
      : Metric(mean_of(std::make_shared<losses::detail::CallableLoss<F>>(std::move(callable)), std::move(name))) {}

  const std::string& name() const { return name_; }
  // The metric for labels of shape `y` and predictions of shape `output`.
  std::shared_ptr<MetricFunction> resolve(IntArrayRef y, IntArrayRef output) const;

  // For use by hand. Throw ValueError for a name that only a model resolves.
  void update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight = {}) const;
  double result() const { return function().result(); }
  void reset_state() const { function().reset_state(); }
  MetricFunction& function() const;

 protected:
  // The mean of a loss; its name unless given.
  static std::shared_ptr<MetricFunction> mean_of(std::shared_ptr<const losses::LossFunction> loss, std::string name);

 private:
  std::string name_;
  std::shared_ptr<MetricFunction> function_;  // null: resolved by name
};

// The names that Metric converts from.
std::vector<std::string> known_metrics();

struct MetricOptions {
  std::string name = {};
};
#define RONDO_METRIC(Name)                     \
  struct Name : Metric {                       \
    explicit Name(MetricOptions options = {}); \
  };
// The fraction of samples whose largest prediction, the first of equal ones, is at the class.
RONDO_METRIC(SparseCategoricalAccuracy)
RONDO_METRIC(CategoricalAccuracy)
RONDO_METRIC(MeanSquaredError)
RONDO_METRIC(MeanAbsoluteError)
RONDO_METRIC(MeanAbsolutePercentageError)
RONDO_METRIC(MeanSquaredLogarithmicError)
RONDO_METRIC(RootMeanSquaredError)
// The cosine itself, not its negative.
RONDO_METRIC(CosineSimilarity)
RONDO_METRIC(LogCoshError)
RONDO_METRIC(KLDivergence)
RONDO_METRIC(Poisson)
RONDO_METRIC(Hinge)
RONDO_METRIC(SquaredHinge)
RONDO_METRIC(CategoricalHinge)
#undef RONDO_METRIC

struct BinaryAccuracyOptions {
  std::string name = {};
  double threshold = 0.5;
};
// The fraction of predictions that lie on the side of the threshold where the label is.
struct BinaryAccuracy : Metric {
  explicit BinaryAccuracy(BinaryAccuracyOptions options = {});
};

struct TopKOptions {
  int64_t k = 5;
  std::string name = {};
};
// The fraction of samples whose class is among the k largest predictions.
struct TopKCategoricalAccuracy : Metric {
  explicit TopKCategoricalAccuracy(TopKOptions options = {});
};
struct SparseTopKCategoricalAccuracy : Metric {
  explicit SparseTopKCategoricalAccuracy(TopKOptions options = {});
};

struct CrossentropyOptions {
  std::string name = {};
  bool from_logits = false;
};
struct CategoricalCrossentropy : Metric {
  explicit CategoricalCrossentropy(CrossentropyOptions options = {});
};
struct SparseCategoricalCrossentropy : Metric {
  explicit SparseCategoricalCrossentropy(CrossentropyOptions options = {});
};
struct BinaryCrossentropy : Metric {
  explicit BinaryCrossentropy(CrossentropyOptions options = {});
};

}  // namespace rondo::metrics
