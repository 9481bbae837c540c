#include <rondo/nn/forward_hook.h>
#include <rondo/nn/module.h>

#include <fmt/format.h>

namespace rondo::nn {

void ForwardValue::wrong_type(const std::type_info& wanted) const {
  fail_type("ForwardValue",
            fmt::format("the value is of type {}, not {}", type_name(type_->name()), type_name(wanted.name())));
}

void* ForwardValue::writable() const {
  if (!writable_) {
    fail_type("ForwardValue", fmt::format("a value of type {} that was given by reference cannot be replaced",
                                          type_name(type_->name())));
  }
  return const_cast<void*>(value_);
}

ForwardValue& ForwardValues::operator[](size_t index) const {
  if (index >= size_) {
    fail_index("ForwardValues", fmt::format("index {} is out of range; there are {} inputs", index, size_));
  }
  return first_[index];
}

void ForwardHook::before(Module&, ForwardValues) {}
void ForwardHook::after(Module&, ForwardValues, ForwardValue&) {}
std::shared_ptr<ForwardHook> ForwardHook::for_clone(Module&) { return nullptr; }
void ForwardHook::values_changed(Module&) {}

namespace detail {

unsigned ForwardHooks::add(std::shared_ptr<ForwardHook> hook) {
  if (!list_) list_ = std::make_shared<List>();
  list_->entries.push_back({list_->next, std::move(hook)});
  return list_->next++;
}

void ForwardHooks::adapt_to_clone(Module& copy) {
  if (!list_) return;
  for (Entry& entry : list_->entries) {
    if (auto own = entry.hook->for_clone(copy)) entry.hook = std::move(own);
  }
}

void ForwardHooks::values_changed(Module& module) const {
  if (!list_) return;
  for (const Entry& entry : list_->entries) entry.hook->values_changed(module);
}

HookedCall::HookedCall(Module& module, Tensor input) : module_(module), input_(std::move(input)) {
  ForwardValue value = ForwardHookAccess::view(input_, true);
  ForwardHookAccess::before(module_, ForwardValues(&value, 1));
}
HookedCall::~HookedCall() = default;

Tensor HookedCall::done(Tensor result) {
  ForwardValue value = ForwardHookAccess::view(input_, true);
  ForwardHookAccess::after(module_, ForwardValues(&value, 1), ForwardHookAccess::view(result, true));
  return result;
}

std::shared_ptr<ForwardHooks::List> ForwardHooks::copy() const {
  return list_ && !list_->entries.empty() ? std::make_shared<List>(*list_) : nullptr;
}

}  // namespace detail

void RemovableHandle::remove() {
  if (const auto list = list_.lock()) {
    std::erase_if(list->entries, [&](const auto& entry) { return entry.number == number_; });
  }
  list_.reset();
}

detail::ForwardHooks& ForwardHookAccess::of(Module& module) { return module.hooks_; }

// The loops run over a copy: a hook may remove itself, or add others.
void ForwardHookAccess::before(Module& module, ForwardValues inputs) {
  const auto entries = of(module).list()->entries;
  for (const auto& entry : entries) entry.hook->before(module, inputs);
}

void ForwardHookAccess::after(Module& module, ForwardValues inputs, ForwardValue output) {
  const auto& list = of(module).list();
  if (!list) return;
  const auto entries = list->entries;
  for (const auto& entry : entries) entry.hook->after(module, inputs, output);
}

const Tensor& ForwardHookAccess::tensor(const Module& module, const ForwardValue& value, const char* which) {
  if (const auto* tensor = value.try_get<Tensor>()) return *tensor;
  fail_type("forward hook", fmt::format("the hook takes tensors, but the {} of {} is of type {}; a hook that takes "
                                        "ForwardValues sees any type",
                                        which, module.name(), type_name(value.type_info().name())));
}

const Tensor& ForwardHookAccess::first_tensor(const Module& module, ForwardValues inputs) {
  if (inputs.size() == 0) {
    fail_type("forward hook",
              fmt::format("the hook takes a tensor, but forward of {} was called without inputs", module.name()));
  }
  return tensor(module, inputs[0], "first input");
}

}  // namespace rondo::nn
