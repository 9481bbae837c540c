#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/models/metrics.h>
#include <rondo/models/metrics_accuracy.h>
#include <rondo/models/training/targets.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

namespace rondo::metrics {
namespace {

using losses::Loss;
using losses::LossFunction;

// The mean of a loss over the samples; `sign` -1 undoes the loss's own.
class LossMean final : public MeanFunction {
 public:
  LossMean(std::string name, std::shared_ptr<const LossFunction> loss, double sign = 1)
      : MeanFunction(std::move(name)), loss_(std::move(loss)), sign_(sign) {}
  Target target() const override { return loss_->target(); }

  void update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& weight) override {
    Tensor values = loss_->call(y_true, y_pred);
    double count = static_cast<double>(values.numel());
    if (weight.defined()) {
      const Tensor factors = models::weights_beside(values, weight, loss_->name());
      values = values * factors;
      count = sum(factors.expand(values.sizes()), kDouble).item<double>();
    }
    add(sign_ * sum(values, kDouble).item<double>(), count);
  }

 private:
  std::shared_ptr<const LossFunction> loss_;
  double sign_;
};

class RootMeanSquare final : public MetricFunction {
 public:
  explicit RootMeanSquare(std::string name) : MetricFunction(name), square_(name, Loss("mse").ptr()) {}
  Target target() const override { return Target::kValues; }
  void reset_state() override { square_.reset_state(); }
  void update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& weight) override {
    square_.update_state(y_true, y_pred, weight);
  }
  double result() const override { return std::sqrt(square_.result()); }

 private:
  LossMean square_;
};

std::shared_ptr<MetricFunction> loss_mean(std::string name, const char* loss, double sign = 1) {
  return std::make_shared<LossMean>(std::move(name), Loss(loss).ptr(), sign);
}

// What a name stands for when it does not depend on the model's output; null for an unknown name.
std::shared_ptr<MetricFunction> make(const std::string& name) {
  if (name == "binary_accuracy") return binary_accuracy(name, 0.5);
  if (name == "categorical_accuracy") return categorical_accuracy(name);
  if (name == "sparse_categorical_accuracy") return sparse_categorical_accuracy(name);
  if (name == "top_k_categorical_accuracy") return top_k_accuracy(name, 5);
  if (name == "sparse_top_k_categorical_accuracy") return sparse_top_k_accuracy(name, 5);
  if (name == "root_mean_squared_error" || name == "rmse") return std::make_shared<RootMeanSquare>(name);
  // As a metric, the cosine keeps its sign.
  if (name == "cosine_similarity") return loss_mean(name, "cosine_similarity", -1);
  for (const std::string& loss : losses::known_losses()) {
    if (name == loss) return loss_mean(name, loss.c_str());
  }
  return nullptr;
}

bool is_accuracy(const std::string& name) { return name == "accuracy" || name == "acc"; }
bool is_crossentropy(const std::string& name) { return name == "crossentropy" || name == "ce"; }

std::string or_name(const MetricOptions& options, const char* name) {
  return options.name.empty() ? name : options.name;
}

}  // namespace

Metric::Metric(const std::string& name) : name_(name) {
  if (is_accuracy(name) || is_crossentropy(name)) return;
  function_ = make(name);
  if (function_) return;
  fail_value("metric", fmt::format("unknown name \"{}\"; known are: {}", name, fmt::join(known_metrics(), ", ")));
}

std::shared_ptr<MetricFunction> Metric::resolve(IntArrayRef y, IntArrayRef output) const {
  if (function_) return function_;
  const int64_t width = output.empty() ? 1 : output[output.size() - 1];
  const int64_t label_width = y.empty() ? 1 : y[y.size() - 1];
  const bool accuracy = is_accuracy(name_);
  if (width == 1) return accuracy ? binary_accuracy(name_, 0.5) : loss_mean(name_, "binary_crossentropy");
  if (y.size() < output.size() || label_width == 1) {
    return accuracy ? sparse_categorical_accuracy(name_) : loss_mean(name_, "sparse_categorical_crossentropy");
  }
  return accuracy ? categorical_accuracy(name_) : loss_mean(name_, "categorical_crossentropy");
}

MetricFunction& Metric::function() const {
  if (function_) return *function_;
  fail_value("metric", fmt::format("\"{}\" means different metrics for different outputs, which only a model knows; "
                                   "by hand, use binary_, categorical_ or sparse_categorical_{}",
                                   name_, is_accuracy(name_) ? "accuracy" : "crossentropy"));
}

void Metric::update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) const {
  NoGradGuard no_grad;
  MetricFunction& metric = function();
  const ScalarType type = y_pred.dtype() == kDouble ? kDouble : kFloat;
  const Tensor target = models::fit_target(metric.name(), y_true, metric.target(), y_pred.sizes(), type);
  metric.update_state(target, y_pred.detach().to(type), sample_weight);
}

std::shared_ptr<MetricFunction> Metric::mean_of(std::shared_ptr<const LossFunction> loss, std::string name) {
  if (name.empty()) name = loss->name();
  return std::make_shared<LossMean>(std::move(name), std::move(loss));
}

std::vector<std::string> known_metrics() {
  std::vector<std::string> names = {"accuracy",
                                    "acc",
                                    "binary_accuracy",
                                    "categorical_accuracy",
                                    "sparse_categorical_accuracy",
                                    "top_k_categorical_accuracy",
                                    "sparse_top_k_categorical_accuracy",
                                    "crossentropy",
                                    "ce",
                                    "root_mean_squared_error",
                                    "rmse"};
  for (std::string& loss : losses::known_losses()) names.push_back(std::move(loss));
  return names;
}

SparseCategoricalAccuracy::SparseCategoricalAccuracy(MetricOptions options)
    : Metric(sparse_categorical_accuracy(or_name(options, "sparse_categorical_accuracy"))) {}
CategoricalAccuracy::CategoricalAccuracy(MetricOptions options)
    : Metric(categorical_accuracy(or_name(options, "categorical_accuracy"))) {}
BinaryAccuracy::BinaryAccuracy(BinaryAccuracyOptions options)
    : Metric(binary_accuracy(or_name({options.name}, "binary_accuracy"), options.threshold)) {}
TopKCategoricalAccuracy::TopKCategoricalAccuracy(TopKOptions options)
    : Metric(top_k_accuracy(or_name({options.name}, "top_k_categorical_accuracy"), options.k)) {}
SparseTopKCategoricalAccuracy::SparseTopKCategoricalAccuracy(TopKOptions options)
    : Metric(sparse_top_k_accuracy(or_name({options.name}, "sparse_top_k_categorical_accuracy"), options.k)) {}
RootMeanSquaredError::RootMeanSquaredError(MetricOptions options)
    : Metric(std::make_shared<RootMeanSquare>(or_name(options, "root_mean_squared_error"))) {}
CosineSimilarity::CosineSimilarity(MetricOptions options)
    : Metric(loss_mean(or_name(options, "cosine_similarity"), "cosine_similarity", -1)) {}

#define RONDO_METRIC(Name, name, loss) \
  Name::Name(MetricOptions options) : Metric(loss_mean(or_name(options, name), loss)) {}
RONDO_METRIC(MeanSquaredError, "mean_squared_error", "mse")
RONDO_METRIC(MeanAbsoluteError, "mean_absolute_error", "mae")
RONDO_METRIC(MeanAbsolutePercentageError, "mean_absolute_percentage_error", "mape")
RONDO_METRIC(MeanSquaredLogarithmicError, "mean_squared_logarithmic_error", "msle")
RONDO_METRIC(LogCoshError, "logcosh", "log_cosh")
RONDO_METRIC(KLDivergence, "kullback_leibler_divergence", "kld")
RONDO_METRIC(Poisson, "poisson", "poisson")
RONDO_METRIC(Hinge, "hinge", "hinge")
RONDO_METRIC(SquaredHinge, "squared_hinge", "squared_hinge")
RONDO_METRIC(CategoricalHinge, "categorical_hinge", "categorical_hinge")
#undef RONDO_METRIC

CategoricalCrossentropy::CategoricalCrossentropy(CrossentropyOptions options)
    : Metric(mean_of(losses::CategoricalCrossentropy({.from_logits = options.from_logits}).ptr(), options.name)) {}
SparseCategoricalCrossentropy::SparseCategoricalCrossentropy(CrossentropyOptions options)
    : Metric(mean_of(losses::SparseCategoricalCrossentropy({.from_logits = options.from_logits}).ptr(), options.name)) {
}
BinaryCrossentropy::BinaryCrossentropy(CrossentropyOptions options)
    : Metric(mean_of(losses::BinaryCrossentropy({.from_logits = options.from_logits}).ptr(), options.name)) {}

}  // namespace rondo::metrics
