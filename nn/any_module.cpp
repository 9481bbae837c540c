#include <rondo/nn/any_module.h>

#include <fmt/format.h>

namespace rondo::nn {

void AnyValue::wrong_type(const std::type_info& wanted) const {
  fail_type("AnyValue", fmt::format("Attempted to cast AnyValue to {}, but its actual type is {}",
                                    type_name(wanted.name()), type_name(type_info().name())));
}

void AnyValue::cannot_copy(const std::type_info& type) {
  fail_type("AnyValue", fmt::format("a value of type {} cannot be copied", type_name(type.name())));
}

void AnyModuleAccess::complete(Module& module, const std::type_info& type, size_t count,
                               std::vector<AnyValue>& arguments) {
  if (module._forward_has_default_args()) {
    const unsigned required = module._forward_num_required_args();
    if (arguments.size() < required || arguments.size() > count) {
      fail("forward", fmt::format("{}'s forward() method expects at least {} argument(s) and at most {} argument(s), "
                                  "but received {}.",
                                  type_name(type.name()), required, count, arguments.size()));
    }
    arguments = module._forward_populate_default_args(std::move(arguments));
    return;
  }
  if (arguments.size() == count) return;
  std::string text = fmt::format("{}'s forward() method expects {} argument(s), but received {}.",
                                 type_name(type.name()), count, arguments.size());
  if (arguments.size() < count) {
    text += fmt::format(
        " If {}'s forward() method has default arguments, please make sure the forward() method is "
        "declared with a corresponding `FORWARD_HAS_DEFAULT_ARGS` macro.",
        type_name(type.name()));
  }
  fail("forward", text);
}

std::vector<AnyValue> AnyModuleAccess::filled(std::vector<AnyValue>&& arguments, ArrayRef<ForwardDefault> defaults) {
  std::vector<AnyValue> all = std::move(arguments);
  for (const ForwardDefault& entry : defaults) {
    if (entry.place == all.size()) all.push_back(entry.value);
  }
  return all;
}

void AnyModuleAccess::wrong_argument(size_t place, const std::type_info& wanted, const std::type_info& got) {
  fail_type("forward", fmt::format("Expected argument #{} to be of type {}, but received value of type {}", place,
                                   type_name(wanted.name()), type_name(got.name())));
}

void AnyModuleAccess::wrong_cast(const std::type_info& held, const std::type_info& wanted) {
  fail_type("AnyModule", fmt::format("Attempted to cast module of type {} to type {}", type_name(held.name()),
                                     type_name(wanted.name())));
}

void AnyModuleAccess::empty(const char* call) {
  fail("AnyModule", fmt::format("Cannot call {} on an empty AnyModule", call));
}

AnyValue AnyModuleAccess::with_hooks(Module& module, void* object, const detail::AnyModuleType& type,
                                     std::vector<AnyValue>&& arguments) {
  std::vector<ForwardValue> views;
  views.reserve(arguments.size());
  for (AnyValue& value : arguments) {
    views.push_back(ForwardHookAccess::view(value.type_info(), value.content_->address()));
  }
  const ForwardValues inputs(views.data(), views.size());
  ForwardHookAccess::before(module, inputs);
  // forward takes its arguments by moving them, and hooks see them afterwards.
  AnyValue result = type.forward(object, module, std::vector<AnyValue>(arguments));
  ForwardHookAccess::after(module, inputs, ForwardHookAccess::view(result.type_info(), result.content_->address()));
  return result;
}

Tensor AnyModuleAccess::with_hooks(Module& module, void* object, const detail::AnyModuleType& type,
                                   const Tensor& input) {
  Tensor kept = input;
  ForwardValue view = ForwardHookAccess::view(kept, true);
  const ForwardValues inputs(&view, 1);
  ForwardHookAccess::before(module, inputs);
  Tensor result = type.forward_tensor(object, kept);
  ForwardHookAccess::after(module, inputs, ForwardHookAccess::view(result, true));
  return result;
}

AnyModule AnyModule::clone(std::optional<Device> device) const {
  AnyModule copy;
  if (is_empty()) return copy;
  copy.module_ = module_->clone(device);
  copy.object_ = type_->cast(*copy.module_);
  copy.type_ = type_;
  if (!copy.object_) {
    fail("clone", fmt::format("clone() of {} gave a module of another type", type_name(type_->type.name())));
  }
  return copy;
}

}  // namespace rondo::nn
