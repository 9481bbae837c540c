#include <rondo/autograd/ops/methods.h>
#include <rondo/models/metrics_accuracy.h>

#include <fmt/format.h>

namespace rondo::metrics {
namespace {

template <class T>
int64_t first_largest(const T* row, int64_t width) {
  int64_t place = 0;
  for (int64_t i = 1; i < width; ++i) {
    if (row[i] > row[place]) place = i;
  }
  return place;
}

template <class T>
bool among_largest(const T* row, int64_t width, int64_t place, int64_t k) {
  int64_t larger = 0;
  for (int64_t i = 0; i < width; ++i) larger += row[i] > row[place];
  // A NaN at the place is no hit.
  return larger < k && row[place] == row[place];
}

// Calls f(row, hits) for the type of floating point predictions.
template <class F>
void visit_floating(const Tensor& predictions, F f) {
  if (predictions.dtype() == kDouble) {
    f(predictions.data_ptr<double>());
  } else {
    f(predictions.data_ptr<float>());
  }
}

// Rows that share a weight: a sample may have several.
int64_t per_weight(const std::string& metric, int64_t rows, int64_t weights) {
  if (rows == 0) return 1;
  if (weights > 0 && rows % weights == 0) return rows / weights;
  fail_value(metric,
             fmt::format("{} sample weights for {} rows of predictions; need one for each sample", weights, rows));
}

// Counts hits over rows; `weight` is null or holds one number for each row.
class RowAccuracy : public MeanFunction {
 public:
  using MeanFunction::MeanFunction;
  bool only_order() const override { return true; }

  void update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& weight) override {
    const Tensor predictions = y_pred.contiguous(), truth = y_true.contiguous();
    const int64_t width = predictions.size(-1), rows = width == 0 ? 0 : predictions.numel() / width;
    Tensor factors;
    int64_t rows_per_weight = 1;
    if (weight.defined()) {
      factors = weight.to(kDouble).contiguous();
      rows_per_weight = per_weight(name(), rows, factors.numel());
    }
    const double* factor = factors.defined() ? factors.data_ptr<double>() : nullptr;
    visit_floating(predictions, [&](const auto* data) { add_rows(data, truth, rows, width, factor, rows_per_weight); });
  }

 protected:
  virtual int64_t count_hits(const float* rows, const Tensor& truth, int64_t first, int64_t count, int64_t width) = 0;
  virtual int64_t count_hits(const double* rows, const Tensor& truth, int64_t first, int64_t count, int64_t width) = 0;

 private:
  template <class T>
  void add_rows(const T* data, const Tensor& truth, int64_t rows, int64_t width, const double* factor,
                int64_t rows_per_weight) {
    if (!factor) {
      add(static_cast<double>(count_hits(data, truth, 0, rows, width)), static_cast<double>(rows));
      return;
    }
    for (int64_t row = 0; row < rows; ++row) {
      const double w = factor[row / rows_per_weight];
      add(w * static_cast<double>(count_hits(data + row * width, truth, row, 1, width)), w);
    }
  }
};

// Rule: T -> whether row `row` of the truth is hit by the predictions of that row.
template <class Rule>
class Counting final : public RowAccuracy {
 public:
  Counting(std::string name, Rule rule) : RowAccuracy(std::move(name)), rule_(rule) {}
  Target target() const override { return Rule::kTarget; }

 protected:
  int64_t count_hits(const float* rows, const Tensor& truth, int64_t first, int64_t count, int64_t width) override {
    return rule_.count(rows, truth, first, count, width);
  }
  int64_t count_hits(const double* rows, const Tensor& truth, int64_t first, int64_t count, int64_t width) override {
    return rule_.count(rows, truth, first, count, width);
  }

 private:
  Rule rule_;
};

struct SparseRule {
  static constexpr Target kTarget = Target::kClasses;
  int64_t k;  // 0: the first largest alone

  template <class T>
  int64_t count(const T* rows, const Tensor& truth, int64_t first, int64_t count, int64_t width) const {
    const int64_t* labels = truth.data_ptr<int64_t>() + first;
    int64_t hits = 0;
    for (int64_t i = 0; i < count; ++i) {
      const T* row = rows + i * width;
      if (k == 0) {
        hits += first_largest(row, width) == labels[i];
      } else if (labels[i] >= 0 && labels[i] < width) {
        hits += among_largest(row, width, labels[i], k);
      }
    }
    return hits;
  }
};

struct OneHotRule {
  static constexpr Target kTarget = Target::kValues;
  int64_t k;

  template <class T>
  int64_t count(const T* rows, const Tensor& truth, int64_t first, int64_t count, int64_t width) const {
    const T* labels = truth.data_ptr<T>() + first * width;
    int64_t hits = 0;
    for (int64_t i = 0; i < count; ++i) {
      const T* row = rows + i * width;
      const int64_t label = first_largest(labels + i * width, width);
      hits += k == 0 ? first_largest(row, width) == label : among_largest(row, width, label, k);
    }
    return hits;
  }
};

// A sample counts as the mean of its numbers, so that weights can be applied to it.
class BinaryAccuracyFunction final : public MeanFunction {
 public:
  BinaryAccuracyFunction(std::string name, double threshold) : MeanFunction(std::move(name)), threshold_(threshold) {}
  Target target() const override { return Target::kValues; }

  void update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& weight) override {
    const Tensor predictions = y_pred.contiguous(), truth = y_true.contiguous();
    const int64_t width = predictions.size(-1), rows = width == 0 ? 0 : predictions.numel() / width;
    Tensor factors;
    if (weight.defined()) factors = weight.to(kDouble).contiguous();
    visit_floating(predictions, [&](const auto* data) {
      using T = std::remove_cvref_t<decltype(*data)>;
      add_rows(data, truth.data_ptr<T>(), rows, width, factors);
    });
  }

 private:
  template <class T>
  void add_rows(const T* predictions, const T* truth, int64_t rows, int64_t width, const Tensor& factors) {
    const T limit = static_cast<T>(threshold_);
    const auto hit = [&](int64_t i) { return truth[i] == (predictions[i] > limit ? T(1) : T(0)); };
    if (!factors.defined()) {
      int64_t hits = 0;
      for (int64_t i = 0; i < rows * width; ++i) hits += hit(i);
      add(static_cast<double>(hits) / static_cast<double>(width), static_cast<double>(rows));
      return;
    }
    const double* factor = factors.data_ptr<double>();
    const int64_t rows_per_weight = per_weight(name(), rows, factors.numel());
    for (int64_t row = 0; row < rows; ++row) {
      int64_t hits = 0;
      for (int64_t i = row * width; i < (row + 1) * width; ++i) hits += hit(i);
      const double w = factor[row / rows_per_weight];
      add(w * static_cast<double>(hits) / static_cast<double>(width), w);
    }
  }

  double threshold_;
};

void check_k(const std::string& name, int64_t k) {
  if (k < 1) fail_value(name, fmt::format("k is {}; need a positive number", k));
}

}  // namespace

std::shared_ptr<MetricFunction> sparse_categorical_accuracy(std::string name) {
  return std::make_shared<Counting<SparseRule>>(std::move(name), SparseRule{0});
}
std::shared_ptr<MetricFunction> categorical_accuracy(std::string name) {
  return std::make_shared<Counting<OneHotRule>>(std::move(name), OneHotRule{0});
}
std::shared_ptr<MetricFunction> binary_accuracy(std::string name, double threshold) {
  return std::make_shared<BinaryAccuracyFunction>(std::move(name), threshold);
}
std::shared_ptr<MetricFunction> sparse_top_k_accuracy(std::string name, int64_t k) {
  check_k(name, k);
  return std::make_shared<Counting<SparseRule>>(std::move(name), SparseRule{k});
}
std::shared_ptr<MetricFunction> top_k_accuracy(std::string name, int64_t k) {
  check_k(name, k);
  return std::make_shared<Counting<OneHotRule>>(std::move(name), OneHotRule{k});
}

}  // namespace rondo::metrics
