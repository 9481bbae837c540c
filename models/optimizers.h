// Optimizers: Keras' formulas, names and options. One step: gradients are clipped, weights decay, the rule changes
// them.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace rondo::optimizers {

// What every optimizer can do to weights and gradients. clipnorm limits the norm of each gradient, global_clipnorm that
// of all together, clipvalue each number; at most one of the norms may be given.
struct Limits {
  std::optional<double> weight_decay = {}, clipnorm = {}, clipvalue = {}, global_clipnorm = {};
};

// What an optimizer does; derive from it for a rule of one's own.
class OptimizerFunction {
 public:
  // Throws ValueError for a negative learning rate, for limits that exclude each other, or that are not above 0.
  OptimizerFunction(std::string name, double learning_rate, Limits limits);
  virtual ~OptimizerFunction() = default;

  const std::string& name() const { return name_; }
  double learning_rate() const { return learning_rate_; }
  void set_learning_rate(double learning_rate);  // ValueError below 0
  // The number of steps so far.
  int64_t iterations() const { return iterations_; }

  // One step. The variables are the same in each step, contiguous and floating point; one without gradient (undefined)
  // stays as it is. Throws ValueError, and changes nothing, where a gradient or a variable does not fit.
  void apply(const std::vector<Tensor>& variables, const std::vector<Tensor>& gradients);
  // Makes the state for the variables; done by the first step otherwise.
  void build(const std::vector<Tensor>& variables);
  // The state of all variables, in order of `slots`.
  virtual std::vector<Tensor> state() const = 0;

 protected:
  virtual void make_state(const std::vector<Tensor>& variables) = 0;
  // Changes n numbers at `w` of the i-th variable by the gradient `g`. iterations() is that of before the step.
  virtual void update(size_t i, ScalarType type, int64_t n, void* w, const void* g) = 0;
  double decay() const { return limits_.weight_decay.value_or(0); }

 private:
  void check_gradients(const std::vector<Tensor>& variables, const std::vector<Tensor>& gradients) const;
  void check_same(const std::vector<Tensor>& variables) const;
  void check_kind(const Tensor& variable) const;
  std::vector<Tensor> clipped(std::vector<Tensor> gradients) const;

  std::string name_;
  double learning_rate_;
  Limits limits_;
  int64_t iterations_ = 0;
  std::vector<Tensor> variables_;
  std::vector<std::pair<ScalarType, int64_t>> kinds_;  // dtype and size of each, for which the state was made
  bool built_ = false;
};

// A handle on an optimizer. It converts from a name (throws ValueError for an unknown one, listing the known ones): one
// with Keras' defaults.
class Optimizer {
 public:
  Optimizer(const char* name) : Optimizer(std::string(name)) {}
  Optimizer(const std::string& name);
  Optimizer(std::shared_ptr<OptimizerFunction> pointer) : function_(std::move(pointer)) {}

  const std::string& name() const { return function_->name(); }
  double learning_rate() const { return function_->learning_rate(); }
  void set_learning_rate(double learning_rate) const { function_->set_learning_rate(learning_rate); }
  int64_t iterations() const { return function_->iterations(); }
  // One step by hand: pairs of gradient and variable, the same variables each time.
  void apply_gradients(const std::vector<std::pair<Tensor, Tensor>>& gradients_and_variables) const;

  OptimizerFunction& function() const { return *function_; }
  const std::shared_ptr<OptimizerFunction>& ptr() const { return function_; }

 private:
  std::shared_ptr<OptimizerFunction> function_;
};

// m = momentum m - lr g; w += m, with nesterov w += momentum m - lr g.
struct SGDOptions {
  double learning_rate = 0.01, momentum = 0;
  bool nesterov = false;
  std::optional<double> weight_decay = {}, clipnorm = {}, clipvalue = {}, global_clipnorm = {};
  std::string name = "SGD";
};
struct SGD : Optimizer {
  explicit SGD(SGDOptions options = {});
};

// v = rho v + (1 - rho) g^2; w -= lr g / sqrt(v + epsilon); centered: the square of the mean gradient is taken from v.
struct RMSpropOptions {
  double learning_rate = 0.001, rho = 0.9, momentum = 0, epsilon = 1e-7;
  bool centered = false;
  std::optional<double> weight_decay = {}, clipnorm = {}, clipvalue = {}, global_clipnorm = {};
  std::string name = "RMSprop";
};
struct RMSprop : Optimizer {
  explicit RMSprop(RMSpropOptions options = {});
};

// m += (g - m)(1 - beta_1); v += (g^2 - v)(1 - beta_2); w -= lr sqrt(1 - beta_2^t) / (1 - beta_1^t) m / (sqrt(v) +
// epsilon). amsgrad: the largest v so far takes its place.
struct AdamOptions {
  double learning_rate = 0.001, beta_1 = 0.9, beta_2 = 0.999, epsilon = 1e-7;
  bool amsgrad = false;
  std::optional<double> weight_decay = {}, clipnorm = {}, clipvalue = {}, global_clipnorm = {};
  std::string name = "Adam";
};
struct Adam : Optimizer {
  explicit Adam(AdamOptions options = {});
};

// Adam whose weights decay by 0.004 lr a step.
struct AdamWOptions {
  double learning_rate = 0.001;
  std::optional<double> weight_decay = 0.004;
  double beta_1 = 0.9, beta_2 = 0.999, epsilon = 1e-7;
  bool amsgrad = false;
  std::optional<double> clipnorm = {}, clipvalue = {}, global_clipnorm = {};
  std::string name = "AdamW";
};
struct AdamW : Optimizer {
  explicit AdamW(AdamWOptions options = {});
};

// The names that Optimizer converts from.
std::vector<std::string> known_optimizers();

}  // namespace rondo::optimizers
