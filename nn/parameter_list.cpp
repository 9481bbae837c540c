#include <rondo/nn/parameter_list.h>

#include <rondo/autograd/ops/methods.h>

#include <fmt/format.h>

#include <ostream>

namespace rondo::nn {

ParameterListImpl::ParameterListImpl() = default;

std::shared_ptr<Module> ParameterListImpl::clone(const std::optional<Device>& device) const {
  auto copy = std::make_shared<ParameterListImpl>();
  for (const auto& item : parameters_) copy->append(copied(item.value(), device));
  copy->finish_clone(*this);
  return copy;
}

void ParameterListImpl::reset() {}
void ParameterListImpl::pretty_print(std::ostream& stream) const { print_parameters(stream, "ParameterList"); }

void ParameterListImpl::append(const Tensor& parameter) {
  register_parameter(std::to_string(size()), parameter, parameter.requires_grad());
}
void ParameterListImpl::append(const Item& item) { append(item.value()); }

size_t ParameterListImpl::checked(size_t index) const {
  if (index >= size()) {
    fail_index("ParameterList", fmt::format("Index out of range: got {}, there are {} parameters", index, size()));
  }
  return index;
}

}  // namespace rondo::nn
