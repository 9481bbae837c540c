#include <rondo/nn/parameter_dict.h>

#include <rondo/autograd/ops/methods.h>

#include <ostream>

namespace rondo::nn {

ParameterDictImpl::ParameterDictImpl() = default;
ParameterDictImpl::ParameterDictImpl(const Dict& parameters) { update(parameters); }

std::shared_ptr<Module> ParameterDictImpl::clone(const std::optional<Device>& device) const {
  auto copy = std::make_shared<ParameterDictImpl>();
  for (const auto& item : parameters_) copy->insert(item.key(), copied(item.value(), device));
  copy->finish_clone(*this);
  return copy;
}

void ParameterDictImpl::reset() {}
void ParameterDictImpl::pretty_print(std::ostream& stream) const { print_parameters(stream, "ParameterDict"); }

Tensor& ParameterDictImpl::insert(std::string key, Tensor parameter) {
  const bool requires_grad = parameter.requires_grad();
  return register_parameter(std::move(key), std::move(parameter), requires_grad);
}

Tensor ParameterDictImpl::pop(const std::string& key) {
  Tensor parameter = parameters_[key];
  parameters_.erase(key);
  return parameter;
}

void ParameterDictImpl::clear() { parameters_.clear(); }

void ParameterDictImpl::put(const std::string& key, const Tensor& parameter) {
  if (Tensor* held = parameters_.find(key)) {
    *held = parameter;
  } else {
    insert(key, parameter);
  }
}

}  // namespace rondo::nn
