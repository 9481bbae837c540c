#include <rondo/optim/optimizer.h>

#include <rondo/autograd/base/demangle.h>
#include <rondo/autograd/graph/meta.h>
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>

#include <typeinfo>

namespace rondo::optim {
namespace {

[[noreturn]] void not_implemented(const char* what) {
  fail("OptimizerOptions",
       std::string(what) +
           " has not been implemented for torch::optim::OptimizerOptions. Subclass "
           "torch::optim::OptimizerCloneableOptions<YourOptimizerOptions> instead of torch::optim::OptimizerOptions to "
           "inherit the ability to clone, and override get_lr() and set_lr().");
}

void warn_removed(const char* call) {
  warn(std::string("Optimizer::") + call + "() will be removed in PyTorch 1.6; use param_groups() instead");
}

}  // namespace

OptimizerOptions::~OptimizerOptions() = default;
std::unique_ptr<OptimizerOptions> OptimizerOptions::clone() const { not_implemented("clone()"); }
Fields OptimizerOptions::fields() { return {}; }

double OptimizerOptions::get_lr() const {
  const Fields fields = const_cast<OptimizerOptions*>(this)->fields();
  const Field* lr = find_field(fields, "lr");
  if (!lr || lr->kind() != Field::Kind::Double) not_implemented("double get_lr()");
  return lr->as<double>();
}

void OptimizerOptions::set_lr(double lr) {
  const Fields all = fields();
  const Field* field = find_field(all, "lr");
  if (!field || field->kind() != Field::Kind::Double) not_implemented("set_lr()");
  field->as<double>() = lr;
}

bool same_options(const OptimizerOptions& a, const OptimizerOptions& b) {
  const Fields left = const_cast<OptimizerOptions&>(a).fields(), right = const_cast<OptimizerOptions&>(b).fields();
  if (left.empty() || right.empty()) fail("OptimizerOptions", "options that list no fields() cannot be compared");
  return same_fields(left, right);
}

OptimizerParamGroup::OptimizerParamGroup(std::vector<Tensor> params) : params_(std::move(params)) {}
OptimizerParamGroup::OptimizerParamGroup(std::vector<Tensor> params, std::unique_ptr<OptimizerOptions> options)
    : params_(std::move(params)), options_(std::move(options)) {}
OptimizerParamGroup::OptimizerParamGroup(const OptimizerParamGroup& other)
    : params_(other.params_),
      options_(other.options_ ? other.options_->clone() : nullptr),
      initial_lr_(other.initial_lr_) {}
OptimizerParamGroup::OptimizerParamGroup(OptimizerParamGroup&& other) noexcept = default;
OptimizerParamGroup& OptimizerParamGroup::operator=(const OptimizerParamGroup& other) {
  return *this = OptimizerParamGroup(other);
}
OptimizerParamGroup& OptimizerParamGroup::operator=(OptimizerParamGroup&& other) noexcept = default;
OptimizerParamGroup::~OptimizerParamGroup() = default;

OptimizerOptions& OptimizerParamGroup::options() {
  if (!options_) fail("OptimizerParamGroup", "the group has no options of its own");
  return *options_;
}
const OptimizerOptions& OptimizerParamGroup::options() const {
  return const_cast<OptimizerParamGroup*>(this)->options();
}
void OptimizerParamGroup::set_options(std::unique_ptr<OptimizerOptions> options) { options_ = std::move(options); }

Optimizer::Optimizer(const std::vector<OptimizerParamGroup>& param_groups, std::unique_ptr<OptimizerOptions> defaults)
    : defaults_(std::move(defaults)) {
  for (const OptimizerParamGroup& group : param_groups) add_param_group(group);
}

Optimizer::Optimizer(std::vector<Tensor> parameters, std::unique_ptr<OptimizerOptions> defaults)
    : defaults_(std::move(defaults)) {
  add_param_group(OptimizerParamGroup(std::move(parameters)));
}

Optimizer::~Optimizer() = default;

void Optimizer::add_param_group(const OptimizerParamGroup& param_group) {
  for (const Tensor& parameter : param_group.params()) {
    if (!parameter.is_leaf()) fail("add_param_group", "can't optimize a non-leaf Tensor");
    if (state_.contains(parameter.unsafeGetTensorImpl())) {
      fail("add_param_group", "some parameters appear in more than one parameter group");
    }
  }
  OptimizerParamGroup group(param_group);
  if (!group.has_options()) group.set_options(defaults_->clone());
  const OptimizerOptions &own = group.options(), &needed = *defaults_;
  if (typeid(own) != typeid(needed)) {
    fail_type("add_param_group", "the group's options are " + base::demangle(typeid(own).name()) + "; need " +
                                     base::demangle(typeid(needed).name()));
  }
  param_groups_.push_back(std::move(group));
}

void Optimizer::zero_grad(bool set_to_none) {
  for (OptimizerParamGroup& group : param_groups_) {
    for (const Tensor& parameter : group.params()) graph::clear_gradient(parameter, set_to_none);
  }
}

const char* Optimizer::kind() const { return "Optimizer"; }

std::unique_ptr<OptimizerParamState> Optimizer::new_state() const {
  fail(kind(), "this optimizer does not say how its state is made: override new_state()");
}

Tensor Optimizer::evaluate(const LossClosure& closure) {
  if (!closure) return {};
  AutoGradMode enabled(true);
  return closure();
}

void Optimizer::add_parameters(const std::vector<Tensor>& parameters) {
  warn_removed("add_parameters");
  std::vector<Tensor>& first = param_groups_.at(0).params();
  first.insert(first.end(), parameters.begin(), parameters.end());
}

const std::vector<Tensor>& Optimizer::parameters() const {
  warn_removed("parameters");
  return param_groups_.at(0).params();
}

std::vector<Tensor>& Optimizer::parameters() {
  warn_removed("parameters");
  return param_groups_.at(0).params();
}

size_t Optimizer::size() const {
  warn_removed("size");
  size_t count = 0;
  for (const OptimizerParamGroup& group : param_groups_) count += group.params().size();
  return count;
}

}  // namespace rondo::optim
