#include <rondo/nn/sequential.h>

#include <fmt/format.h>

#include <ostream>

namespace rondo::nn {

SequentialImpl::SequentialImpl() = default;

SequentialImpl::SequentialImpl(const OrderedDict<std::string, AnyModule>& modules) {
  modules_.reserve(modules.size());
  for (const auto& item : modules) push_back(item.key(), item.value());
}

SequentialImpl::SequentialImpl(std::initializer_list<NamedAnyModule> modules) {
  modules_.reserve(modules.size());
  for (const NamedAnyModule& item : modules) push_back(item.name(), item.module());
}

std::shared_ptr<Module> SequentialImpl::clone(const std::optional<Device>& device) const {
  auto copy = std::make_shared<SequentialImpl>();
  const auto names = named_children().keys();
  for (size_t i = 0; i < modules_.size(); ++i) copy->push_back(names[i], modules_[i].clone(device));
  copy->finish_clone(*this);
  return copy;
}

void SequentialImpl::reset() {}

void SequentialImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::Sequential"; }

void SequentialImpl::push_back(AnyModule module) { push_back(std::to_string(modules_.size()), std::move(module)); }

void SequentialImpl::push_back(std::string name, AnyModule module) {
  register_module(std::move(name), module.ptr());
  modules_.push_back(std::move(module));
}

Tensor SequentialImpl::forward_tensor(const Tensor& input) {
  const size_t count = modules_.size();
  if (count > 0 && modules_[0].is_tensor_to_tensor()) {
    Tensor value = modules_[0].forward_tensor(input);
    size_t i = 1;
    for (; i < count && modules_[i].is_tensor_to_tensor(); ++i) value = modules_[i].forward_tensor(value);
    if (i == count) return value;
    std::vector<AnyValue> values;
    values.push_back(AnyValue(std::move(value)));
    AnyValue result = forward_values(i, std::move(values));
    if (auto* tensor = result.try_get<Tensor>()) return std::move(*tensor);
    wrong_return(result.type_info(), typeid(Tensor));
  }
  std::vector<AnyValue> values;
  values.push_back(AnyValue(input));
  AnyValue result = forward_values(0, std::move(values));
  if (auto* tensor = result.try_get<Tensor>()) return std::move(*tensor);
  wrong_return(result.type_info(), typeid(Tensor));
}

AnyValue SequentialImpl::forward_values(size_t first, std::vector<AnyValue>&& values) {
  if (is_empty()) fail("Sequential", "Cannot call forward() on an empty Sequential");
  AnyValue value = modules_[first].forward_values(std::move(values));
  for (size_t i = first + 1; i < modules_.size(); ++i) {
    std::vector<AnyValue> next;
    next.push_back(std::move(value));
    value = modules_[i].forward_values(std::move(next));
  }
  return value;
}

void SequentialImpl::wrong_return(const std::type_info& got, const std::type_info& wanted) {
  fail_type("Sequential", fmt::format("The type of the return value is {}, but you asked for type {}",
                                      type_name(got.name()), type_name(wanted.name())));
}

const AnyModule& SequentialImpl::checked(size_t index) const {
  if (index >= modules_.size()) {
    fail_index("Sequential", fmt::format("Index out of range: got {}, there are {} modules", index, modules_.size()));
  }
  return modules_[index];
}

Sequential::Sequential(std::initializer_list<NamedAnyModule> modules)
    : ModuleHolder(std::shared_ptr<SequentialImpl>(new SequentialImpl(modules))) {}

}  // namespace rondo::nn
