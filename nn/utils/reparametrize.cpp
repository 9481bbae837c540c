#include <rondo/nn/utils/reparametrize.h>

#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>

#include <fmt/format.h>

#include <string_view>

namespace rondo::nn::utils::detail {

void Reparametrization::before(Module& module, ForwardValues) { member_->of(module) = computed(module.is_training()); }

void Reparametrization::values_changed(Module& module) { member_->of(module) = computed(false); }

std::shared_ptr<ForwardHook> Reparametrization::for_clone(Module& module) {
  auto own = copy();
  own->install(module);
  return own;
}

Tensor Reparametrization::find(Module& module, std::initializer_list<const char*> parts) {
  const Tensor& held = member_->of(module);
  const auto parameters = module.named_parameters(false), buffers = module.named_buffers(false);
  for (const auto& item : parameters) {
    if (!item.value().is_same(held)) continue;
    name_ = item.key();
    for (const char* part : parts) {
      if (!parameters.contains(name_ + part) && !buffers.contains(name_ + part)) continue;
      fail(operation_, fmt::format("{} has a tensor '{}{}' already", module.name(), name_, part));
    }
    return held;
  }
  fail(operation_, fmt::format("the given member of {} holds no parameter that is registered", module.name()));
}

void attach(Module& module, const std::shared_ptr<Reparametrization>& hook) {
  hook->install(module);
  hook->values_changed(module);
  module.add_forward_hook(hook);
}

void detach(Module& module, const char* operation, const TensorMember& member) {
  Tensor& held = member.of(module);
  const auto& list = ForwardHookAccess::of(module).list();
  for (size_t place = 0; list && place < list->entries.size(); ++place) {
    const auto hook = std::dynamic_pointer_cast<Reparametrization>(list->entries[place].hook);
    if (!hook || std::string_view(hook->operation_) != operation || &hook->member_->of(module) != &held) continue;
    NoGradGuard no_grad;
    const Tensor value = hook->computed(false);
    hook->uninstall(module);
    held = module.register_parameter(hook->name_, value.detach());
    list->entries.erase(list->entries.begin() + static_cast<std::ptrdiff_t>(place));
    return;
  }
  fail(operation, fmt::format("the given member of {} was not made by {}", module.name(), operation));
}

}  // namespace rondo::nn::utils::detail
