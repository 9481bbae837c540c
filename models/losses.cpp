// Losses as objects and by name.
#include <rondo/autograd/ops/loss.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/models/layers/layer_impl.h>
#include <rondo/models/losses.h>
#include <rondo/models/training/targets.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace rondo::losses {
namespace {

using layers::Ending;
using Function = Tensor (*)(const Tensor&, const Tensor&);

class PlainLoss final : public LossFunction {
 public:
  PlainLoss(const char* name, Function function, const LossOptions& options)
      : LossFunction(options.name.empty() ? name : options.name, options.reduction), function_(function) {}

  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override { return function_(y_true, y_pred); }
  Tensor mean(const Tensor& y_true, const Tensor& y_pred) const override {
    if (function_ == mean_squared_error) return mse_loss(y_pred, y_true);
    if (function_ == mean_absolute_error) return l1_loss(y_pred, y_true);
    return LossFunction::mean(y_true, y_pred);
  }
  Target target() const override { return Target::kValues; }

 private:
  Function function_;
};

class HuberLoss final : public LossFunction {
 public:
  explicit HuberLoss(const HuberOptions& options)
      : LossFunction(options.name.empty() ? "huber_loss" : options.name, options.reduction), delta_(options.delta) {
    if (!(delta_ > 0)) fail_value("huber", fmt::format("delta is {}; need a positive number", delta_));
  }
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override { return huber(y_true, y_pred, delta_); }
  Tensor mean(const Tensor& y_true, const Tensor& y_pred) const override {
    return huber_loss(y_pred, y_true, rondo::Reduction::Mean, delta_);
  }
  Target target() const override { return Target::kValues; }

 private:
  double delta_;
};

// A cross entropy: knows its form on logits. Options are those of the loss's class.
template <class Options>
class Crossentropy : public LossFunction {
 public:
  Crossentropy(const char* name, const Options& options)
      : LossFunction(options.name.empty() ? name : options.name, options.reduction), options_(options) {}

 protected:
  template <class Self>
  std::shared_ptr<const LossFunction> on_logits(const char* activation) const {
    if (options_.from_logits) {
      warn(fmt::format("{}: from_logits is set, but the last activation is {}: its input is used as the logits", name(),
                       activation));
    }
    Options options = options_;
    options.from_logits = true;
    options.name = name();
    return std::make_shared<Self>(options);
  }

  Options options_;
};

class CategoricalLoss final : public Crossentropy<CrossentropyOptions> {
 public:
  explicit CategoricalLoss(const CrossentropyOptions& options) : Crossentropy("categorical_crossentropy", options) {}
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override {
    return categorical_crossentropy(y_true, y_pred, options_.from_logits, options_.label_smoothing);
  }
  Target target() const override { return Target::kValues; }
  std::shared_ptr<const LossFunction> before(Ending ending) const override {
    return ending == Ending::kSoftmax ? on_logits<CategoricalLoss>("softmax") : nullptr;
  }
};

class BinaryLoss final : public Crossentropy<CrossentropyOptions> {
 public:
  explicit BinaryLoss(const CrossentropyOptions& options) : Crossentropy("binary_crossentropy", options) {}
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override {
    return binary_crossentropy(y_true, y_pred, options_.from_logits, options_.label_smoothing);
  }
  Tensor mean(const Tensor& y_true, const Tensor& y_pred) const override {
    if (!options_.from_logits || options_.label_smoothing != 0) return LossFunction::mean(y_true, y_pred);
    return binary_cross_entropy_with_logits(y_pred, y_true);
  }
  Target target() const override { return Target::kValues; }
  std::shared_ptr<const LossFunction> before(Ending ending) const override {
    return ending == Ending::kSigmoid ? on_logits<BinaryLoss>("sigmoid") : nullptr;
  }
};

class SparseLoss final : public Crossentropy<SparseCrossentropyOptions> {
 public:
  explicit SparseLoss(const SparseCrossentropyOptions& options)
      : Crossentropy("sparse_categorical_crossentropy", options) {}
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override {
    return sparse_categorical_crossentropy(y_true, y_pred, options_.from_logits, options_.ignore_class);
  }
  Tensor mean(const Tensor& y_true, const Tensor& y_pred) const override {
    if (options_.from_logits && y_pred.dim() == 2 && !options_.ignore_class) return cross_entropy_loss(y_pred, y_true);
    return sum(call(y_true, y_pred)) / static_cast<double>(counted(y_true));
  }
  Target target() const override { return Target::kClasses; }
  std::optional<int64_t> ignored_class() const override { return options_.ignore_class; }
  std::shared_ptr<const LossFunction> before(Ending ending) const override {
    return ending == Ending::kSoftmax ? on_logits<SparseLoss>("softmax") : nullptr;
  }

 private:
  int64_t counted(const Tensor& y_true) const {
    if (!options_.ignore_class) return y_true.numel();
    return std::max<int64_t>(1, rondo::sum(y_true != *options_.ignore_class).item<int64_t>());
  }
};

template <Function function>
std::shared_ptr<const LossFunction> plain(const char* name, const LossOptions& options = {}) {
  return std::make_shared<PlainLoss>(name, function, options);
}

struct Known {
  std::vector<const char*> names;  // the first one is the loss's own
  std::shared_ptr<const LossFunction> (*make)(const char* name);
};

template <class Loss, class Options>
std::shared_ptr<const LossFunction> named(const char*) {
  return std::make_shared<Loss>(Options{});
}
template <Function function>
std::shared_ptr<const LossFunction> named_plain(const char* name) {
  return plain<function>(name);
}

const std::vector<Known>& table() {
  static const std::vector<Known> known = {
      {{"mean_squared_error", "mse", "MSE"}, named_plain<mean_squared_error>},
      {{"mean_absolute_error", "mae", "MAE"}, named_plain<mean_absolute_error>},
      {{"mean_absolute_percentage_error", "mape", "MAPE"}, named_plain<mean_absolute_percentage_error>},
      {{"mean_squared_logarithmic_error", "msle", "MSLE"}, named_plain<mean_squared_logarithmic_error>},
      {{"huber_loss", "huber"}, named<HuberLoss, HuberOptions>},
      {{"log_cosh", "logcosh"}, named_plain<log_cosh>},
      {{"cosine_similarity"}, named_plain<cosine_similarity>},
      {{"hinge"}, named_plain<hinge>},
      {{"squared_hinge"}, named_plain<squared_hinge>},
      {{"categorical_hinge"}, named_plain<categorical_hinge>},
      {{"kl_divergence", "kld", "KLD", "kullback_leibler_divergence"}, named_plain<kl_divergence>},
      {{"poisson"}, named_plain<poisson>},
      {{"categorical_crossentropy"}, named<CategoricalLoss, CrossentropyOptions>},
      {{"sparse_categorical_crossentropy"}, named<SparseLoss, SparseCrossentropyOptions>},
      {{"binary_crossentropy", "bce", "BCE"}, named<BinaryLoss, CrossentropyOptions>},
  };
  return known;
}

}  // namespace

LossFunction::LossFunction(std::string name, const std::string& reduction) : name_(std::move(name)) {
  if (reduction == "auto" || reduction == "sum_over_batch_size") {
    reduction_ = Reduction::kMean;
  } else if (reduction == "sum") {
    reduction_ = Reduction::kSum;
  } else if (reduction == "none") {
    reduction_ = Reduction::kNone;
  } else {
    fail_value(name_, fmt::format("reduction is \"{}\"; need auto, sum_over_batch_size, sum or none", reduction));
  }
}

Tensor LossFunction::mean(const Tensor& y_true, const Tensor& y_pred) const {
  return rondo::mean(call(y_true, y_pred));
}

Tensor LossFunction::reduced(const Tensor& y_true, const Tensor& y_pred, const Tensor& weight) const {
  if (reduction_ == Reduction::kMean && !weight.defined()) return mean(y_true, y_pred);
  Tensor losses = call(y_true, y_pred);
  if (weight.defined()) {
    losses = losses * models::weights_beside(losses, weight, name_);
  }
  if (reduction_ == Reduction::kNone) return losses;
  if (const auto ignored = ignored_class(); ignored && reduction_ == Reduction::kMean) {
    const int64_t counted = (y_true != *ignored).sum().item<int64_t>();
    return sum(losses) / static_cast<double>(std::max<int64_t>(counted, 1));
  }
  return reduction_ == Reduction::kSum ? sum(losses) : rondo::mean(losses);
}

Loss::Loss(const std::string& name) {
  for (const Known& known : table()) {
    for (const char* candidate : known.names) {
      if (name != candidate) continue;
      function_ = known.make(known.names.front());
      return;
    }
  }
  fail_value("loss", fmt::format("unknown name \"{}\"; known are: {}", name, fmt::join(known_losses(), ", ")));
}

Tensor Loss::operator()(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight) const {
  if (!function_) fail_value("loss", "got no loss function");
  const Tensor target = models::fit_target(function_->name(), y_true, function_->target(), y_pred.sizes(),
                                           y_pred.dtype(), function_->ignored_class());
  return function_->reduced(target, y_pred, sample_weight);
}

std::vector<std::string> known_losses() {
  std::vector<std::string> names;
  for (const Known& known : table()) names.insert(names.end(), known.names.begin(), known.names.end());
  return names;
}

#define RONDO_LOSS(Name, name) \
  Name::Name(LossOptions options) : Loss(plain<name>(#name, options)) {}
RONDO_LOSS(MeanSquaredError, mean_squared_error)
RONDO_LOSS(MeanAbsoluteError, mean_absolute_error)
RONDO_LOSS(MeanAbsolutePercentageError, mean_absolute_percentage_error)
RONDO_LOSS(MeanSquaredLogarithmicError, mean_squared_logarithmic_error)
RONDO_LOSS(LogCosh, log_cosh)
RONDO_LOSS(Hinge, hinge)
RONDO_LOSS(SquaredHinge, squared_hinge)
RONDO_LOSS(CategoricalHinge, categorical_hinge)
RONDO_LOSS(KLDivergence, kl_divergence)
RONDO_LOSS(Poisson, poisson)
RONDO_LOSS(CosineSimilarity, cosine_similarity)
#undef RONDO_LOSS

Huber::Huber(HuberOptions options) : Loss(std::make_shared<const HuberLoss>(options)) {}
CategoricalCrossentropy::CategoricalCrossentropy(CrossentropyOptions options)
    : Loss(std::make_shared<const CategoricalLoss>(options)) {}
BinaryCrossentropy::BinaryCrossentropy(CrossentropyOptions options)
    : Loss(std::make_shared<const BinaryLoss>(options)) {}
SparseCategoricalCrossentropy::SparseCategoricalCrossentropy(SparseCrossentropyOptions options)
    : Loss(std::make_shared<const SparseLoss>(options)) {}

}  // namespace rondo::losses
