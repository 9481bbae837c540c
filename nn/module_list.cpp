#include <rondo/nn/module_list.h>

#include <fmt/format.h>

#include <ostream>

namespace rondo::nn {

ModuleListImpl::ModuleListImpl() = default;

std::shared_ptr<Module> ModuleListImpl::clone(const std::optional<Device>& device) const {
  auto copy = std::make_shared<ModuleListImpl>();
  for (const auto& module : modules_) copy->push_back(module->clone(device));
  copy->finish_clone(*this);
  return copy;
}

void ModuleListImpl::reset() {}
void ModuleListImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::ModuleList"; }

void ModuleListImpl::push_back(std::shared_ptr<Module> module) {
  register_module(std::to_string(size()), module);
  modules_.push_back(std::move(module));
}

void ModuleListImpl::insert(size_t index, std::shared_ptr<Module> module) {
  if (index > size()) {
    fail_index("ModuleList", fmt::format("Index out of range: got {}, there are {} modules", index, size()));
  }
  push_back(std::move(module));
  for (size_t i = size() - 1; i > index; --i) std::swap(modules_[i], modules_[i - 1]);
  for (size_t i = index; i < size(); ++i) replace_module(std::to_string(i), modules_[i]);
}

const std::shared_ptr<Module>& ModuleListImpl::checked(size_t index) const {
  if (index >= size()) {
    fail_index("ModuleList", fmt::format("Index out of range: got {}, there are {} modules", index, size()));
  }
  return modules_[index];
}

}  // namespace rondo::nn
