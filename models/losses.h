// Losses: Keras' functions, names and options.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <memory>
#include <string>
#include <type_traits>
#include <vector>

namespace rondo::layers {
enum class Ending : uint8_t;
}

namespace rondo::losses {

// In which form a loss or a metric wants the true values: the numbers of the classes (int64), numbers of the shape and
// the type of the prediction, or as the user gave them (floating point in the prediction's type; (N,) as (N, 1)).
enum class Target : uint8_t { kClasses, kValues, kAsGiven };

// What a loss function does; derive from it for a loss of one's own that has options.
class LossFunction {
 public:
  // reduction: "auto" and "sum_over_batch_size" (the sum divided by the number of losses), "sum" or "none".
  explicit LossFunction(std::string name, const std::string& reduction = "auto");
  virtual ~LossFunction() = default;

  // One number per sample (or per position): usually the mean over the last dimension.
  virtual Tensor call(const Tensor& y_true, const Tensor& y_pred) const = 0;
  // The mean of call(): to be overridden where one operation does both.
  virtual Tensor mean(const Tensor& y_true, const Tensor& y_pred) const;
  virtual Target target() const { return Target::kAsGiven; }
  // A label that may lie outside of the classes.
  virtual std::optional<int64_t> ignored_class() const { return std::nullopt; }
  // The loss of the numbers before a last softmax or sigmoid, where that form is better: null where there is none.
  virtual std::shared_ptr<const LossFunction> before(layers::Ending) const { return nullptr; }

  const std::string& name() const { return name_; }
  // Reduces; `weight` (undefined: all 1) has the shape of call()'s result, or (N,).
  Tensor reduced(const Tensor& y_true, const Tensor& y_pred, const Tensor& weight = {}) const;

 protected:
  enum class Reduction : uint8_t { kMean, kSum, kNone };
  Reduction reduction() const { return reduction_; }

 private:
  std::string name_;
  Reduction reduction_;
};

// A handle on a loss. It converts from a name (throws ValueError for an unknown one, listing the known ones) and from
// any callable Tensor(const Tensor& y_true, const Tensor& y_pred) that gives one number per sample.
class Loss {
 public:
  Loss() = default;
  Loss(const char* name) : Loss(std::string(name)) {}
  Loss(const std::string& name);
  Loss(std::shared_ptr<const LossFunction> pointer) : function_(std::move(pointer)) {}
  template <class F>
  requires(std::is_invocable_r_v<Tensor, const F&, const Tensor&, const Tensor&> && !std::is_base_of_v<Loss, F>)
      Loss(F callable);

  bool defined() const { return function_ != nullptr; }
  const LossFunction& function() const { return *function_; }
  const std::shared_ptr<const LossFunction>& ptr() const { return function_; }
  // The reduced loss. y_true may be of another dtype, and lack or have in addition a last dimension of 1.
  Tensor operator()(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight = {}) const;

 private:
  std::shared_ptr<const LossFunction> function_;
};

// ---- functions: one number per sample ----
Tensor mean_squared_error(const Tensor& y_true, const Tensor& y_pred);
Tensor mean_absolute_error(const Tensor& y_true, const Tensor& y_pred);
// 100 |t - p| / max(|t|, 1e-7).
Tensor mean_absolute_percentage_error(const Tensor& y_true, const Tensor& y_pred);
// (log(max(p, 1e-7) + 1) - log(max(t, 1e-7) + 1))^2.
Tensor mean_squared_logarithmic_error(const Tensor& y_true, const Tensor& y_pred);
// e^2 / 2 where |e| <= delta, else delta |e| - delta^2 / 2.
Tensor huber(const Tensor& y_true, const Tensor& y_pred, double delta = 1);
// log(cosh(p - t)).
Tensor log_cosh(const Tensor& y_true, const Tensor& y_pred);
// Minus the cosine of the angle.
Tensor cosine_similarity(const Tensor& y_true, const Tensor& y_pred);
// max(1 - t p, 0), and its square; true values that are all 0 or 1 become -1 or 1.
Tensor hinge(const Tensor& y_true, const Tensor& y_pred);
Tensor squared_hinge(const Tensor& y_true, const Tensor& y_pred);
// max(max((1 - t) p) - sum(t p) + 1, 0).
Tensor categorical_hinge(const Tensor& y_true, const Tensor& y_pred);
// sum(t log(t / p)), both limited to [1e-7, 1].
Tensor kl_divergence(const Tensor& y_true, const Tensor& y_pred);
// p - t log(p + 1e-7).
Tensor poisson(const Tensor& y_true, const Tensor& y_pred);
// -sum(t log p) over the last dimension; p is divided by its sum and limited to [1e-7, 1 - 1e-7].
Tensor categorical_crossentropy(const Tensor& y_true, const Tensor& y_pred, bool from_logits = false,
                                double label_smoothing = 0);
// -log p[t]; y_true int64 of y_pred's shape without the last dimension. Samples of `ignore_class` count 0.
Tensor sparse_categorical_crossentropy(const Tensor& y_true, const Tensor& y_pred, bool from_logits = false,
                                       std::optional<int64_t> ignore_class = std::nullopt);
// -(t log p + (1 - t) log(1 - p)), p limited to [1e-7, 1 - 1e-7] and 1e-7 added in the logarithms.
Tensor binary_crossentropy(const Tensor& y_true, const Tensor& y_pred, bool from_logits = false,
                           double label_smoothing = 0);

// ---- objects ----
struct LossOptions {
  std::string reduction = "auto";
  std::string name = {};
};
#define RONDO_LOSS(Name)                     \
  struct Name : Loss {                       \
    explicit Name(LossOptions options = {}); \
  };
RONDO_LOSS(MeanSquaredError)
RONDO_LOSS(MeanAbsoluteError)
RONDO_LOSS(MeanAbsolutePercentageError)
RONDO_LOSS(MeanSquaredLogarithmicError)
RONDO_LOSS(LogCosh)
RONDO_LOSS(Hinge)
RONDO_LOSS(SquaredHinge)
RONDO_LOSS(CategoricalHinge)
RONDO_LOSS(KLDivergence)
RONDO_LOSS(Poisson)
RONDO_LOSS(CosineSimilarity)
#undef RONDO_LOSS

struct HuberOptions {
  double delta = 1;
  std::string reduction = "auto";
  std::string name = {};
};
struct Huber : Loss {
  explicit Huber(HuberOptions options = {});
};

struct CrossentropyOptions {
  bool from_logits = false;
  double label_smoothing = 0;
  std::string reduction = "auto";
  std::string name = {};
};
struct CategoricalCrossentropy : Loss {
  explicit CategoricalCrossentropy(CrossentropyOptions options = {});
};
struct BinaryCrossentropy : Loss {
  explicit BinaryCrossentropy(CrossentropyOptions options = {});
};

struct SparseCrossentropyOptions {
  bool from_logits = false;
  std::optional<int64_t> ignore_class = {};
  std::string reduction = "auto";
  std::string name = {};
};
struct SparseCategoricalCrossentropy : Loss {
  explicit SparseCategoricalCrossentropy(SparseCrossentropyOptions options = {});
};

// The names that Loss converts from.
std::vector<std::string> known_losses();

namespace detail {
template <class F>
class CallableLoss final : public LossFunction {
 public:
  explicit CallableLoss(F function) : LossFunction("function"), function_(std::move(function)) {}
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override { return function_(y_true, y_pred); }

 private:
  F function_;
};
}  // namespace detail

template <class F>
requires(std::is_invocable_r_v<Tensor, const F&, const Tensor&, const Tensor&> &&
         !std::is_base_of_v<Loss, F>) Loss::Loss(F callable)
    : function_(std::make_shared<detail::CallableLoss<F>>(std::move(callable))) {}

}  // namespace rondo::losses
