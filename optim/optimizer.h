// The base of all optimizers: groups of parameters, each with its options, and the state of each parameter.
#pragma once

#include <rondo/autograd/base/arg.h>
#include <rondo/autograd/base/function_ref.h>
#include <rondo/autograd/tensor/tensor.h>
#include <rondo/optim/closure.h>
#include <rondo/optim/fields.h>
#include <rondo/optim/state.h>

#include <memory>
#include <vector>

namespace rondo::optim {

class SavedBuffers;

class OptimizerOptions {
 public:
  virtual ~OptimizerOptions();
  // Throws Error unless overridden; OptimizerCloneableOptions does so.
  virtual std::unique_ptr<OptimizerOptions> clone() const;
  // The members, by which options are compared, saved and loaded; none unless overridden.
  virtual Fields fields();
  // The member "lr"; throw Error if there is none.
  virtual double get_lr() const;
  virtual void set_lr(double lr);
  // Save and load the members. Throw Error if there are none.
  virtual void serialize(rondo::serialize::InputArchive& archive);
  virtual void serialize(rondo::serialize::OutputArchive& archive) const;

 protected:
  OptimizerOptions() = default;
  OptimizerOptions(const OptimizerOptions&) = default;
  OptimizerOptions& operator=(const OptimizerOptions&) = default;
};

template <class Derived>
class OptimizerCloneableOptions : public OptimizerOptions {
 public:
  std::unique_ptr<OptimizerOptions> clone() const override {
    return std::unique_ptr<OptimizerOptions>(new Derived(static_cast<const Derived&>(*this)));
  }
};

// Whether all members are equal. Throws Error for options that do not list theirs.
bool same_options(const OptimizerOptions& a, const OptimizerOptions& b);
template <class Derived>
bool operator==(const OptimizerCloneableOptions<Derived>& a, const OptimizerCloneableOptions<Derived>& b) {
  return same_options(a, b);
}

// Parameters that share options; without options of its own a group gets the optimizer's defaults.
class OptimizerParamGroup {
 public:
  OptimizerParamGroup(std::vector<Tensor> params);
  OptimizerParamGroup(std::vector<Tensor> params, std::unique_ptr<OptimizerOptions> options);
  OptimizerParamGroup(const OptimizerParamGroup& other);
  OptimizerParamGroup(OptimizerParamGroup&& other) noexcept;
  OptimizerParamGroup& operator=(const OptimizerParamGroup& other);
  OptimizerParamGroup& operator=(OptimizerParamGroup&& other) noexcept;
  ~OptimizerParamGroup();

  bool has_options() const { return options_ != nullptr; }
  // Throw Error if there are none.
  OptimizerOptions& options();
  const OptimizerOptions& options() const;
  void set_options(std::unique_ptr<OptimizerOptions> options);
  std::vector<Tensor>& params() { return params_; }
  const std::vector<Tensor>& params() const { return params_; }
  // The learning rate with which schedules begin, once one has been made.
  std::optional<double>& initial_lr() { return initial_lr_; }
  std::optional<double> initial_lr() const { return initial_lr_; }

 protected:
  std::vector<Tensor> params_;
  std::unique_ptr<OptimizerOptions> options_;
  std::optional<double> initial_lr_;
};

class Optimizer {
 public:
  using LossClosure = optim::LossClosure;

  Optimizer(const std::vector<OptimizerParamGroup>& param_groups, std::unique_ptr<OptimizerOptions> defaults);
  Optimizer(std::vector<Tensor> parameters, std::unique_ptr<OptimizerOptions> defaults);
  Optimizer(const Optimizer&) = delete;
  Optimizer(Optimizer&&) = default;
  virtual ~Optimizer();

  // Throws Error for parameters that are no leaves or have a state already, TypeError for another optimizer's options.
  void add_param_group(const OptimizerParamGroup& param_group);

  // Changes all parameters with a gradient. A closure is called first, with gradients enabled; its loss is the result.
  virtual Tensor step(LossClosure closure = nullptr) = 0;
  // Drops the gradients of all parameters, or sets them to zero.
  void zero_grad(bool set_to_none = true);

  OptimizerOptions& defaults() noexcept { return *defaults_; }
  const OptimizerOptions& defaults() const noexcept { return *defaults_; }
  std::vector<OptimizerParamGroup>& param_groups() noexcept { return param_groups_; }
  const std::vector<OptimizerParamGroup>& param_groups() const noexcept { return param_groups_; }
  StateMap& state() noexcept { return state_; }
  const StateMap& state() const noexcept { return state_; }

  // The name under which it is saved.
  virtual const char* kind() const;
  // Saves and loads the options of all groups and the states of all parameters, by the places of the parameters:
  // "param_groups.0.lr", "state.3.exp_avg". load also reads what libtorch's optimizers save and what PyTorch saves of
  // optimizer.state_dict(); these do not say whether they are of Adam or of AdamW. It throws Error, before anything is
  // changed, for an archive of another kind of optimizer, other numbers of groups or parameters, and states of other
  // shapes.
  virtual void save(serialize::OutputArchive& archive) const;
  virtual void load(serialize::InputArchive& archive);

  // Of the first group. Deprecated, as in libtorch: each call warns that it will be removed.
  void add_parameters(const std::vector<Tensor>& parameters);
  const std::vector<Tensor>& parameters() const;
  std::vector<Tensor>& parameters();
  // The number of parameters of all groups.
  size_t size() const;

 protected:
  static Tensor evaluate(const LossClosure& closure);
  // A state of this optimizer's type, for loading. Throws Error unless overridden.
  virtual std::unique_ptr<OptimizerParamState> new_state() const;
  // load with states that the function makes.
  void load(serialize::InputArchive& archive, base::FunctionRef<std::unique_ptr<OptimizerParamState>()> make_state);
  // Throws Error unless a loaded state suits the parameter: unless overridden, all its tensors have its shape.
  virtual void check_state(const Tensor& parameter, OptimizerParamState& state) const;
  // Of a file from before libtorch 1.5; the options stay as they are.
  void load_buffers(const SavedBuffers& saved, base::FunctionRef<std::unique_ptr<OptimizerParamState>()> make_state);

  std::vector<OptimizerParamGroup> param_groups_;
  StateMap state_;
  std::unique_ptr<OptimizerOptions> defaults_;
};

}  // namespace rondo::optim
