#include <rondo/nn/module.h>

#include <rondo/autograd/base/demangle.h>
#include <rondo/autograd/graph/meta.h>
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/tensor/stream.h>
#include <rondo/nn/any_value.h>

#include <fmt/format.h>

#include <cctype>
#include <ostream>
#include <typeinfo>

namespace rondo {

template class OrderedDict<std::string, Tensor>;
template class OrderedDict<std::string, std::shared_ptr<nn::Module>>;

namespace nn {
namespace {

std::string join(const std::string& prefix, const std::string& name) {
  return prefix.empty() ? name : prefix + "." + name;
}

void check_name(const char* operation, const char* what, const std::string& name) {
  if (name.empty()) fail(operation, fmt::format("{} name must not be empty", what));
  if (name.find('.') != std::string::npos) {
    fail(operation, fmt::format("{} name must not contain a dot (got '{}')", what, name));
  }
}

void check_count(const char* what, const char* call, size_t got, size_t needed) {
  if (got == needed) return;
  fail("clone", fmt::format("The cloned module does not have the same number of {} as the original module after "
                            "calling reset(): {} instead of {}. Are you sure you called {}() inside reset() and not "
                            "the constructor?",
                            what, got, needed, call));
}

}  // namespace

void detail::wrong_module(const char* container, const Module& module, const std::type_info& wanted) {
  fail_type(container, fmt::format("Attempted to cast module of type {} to type {}", type_name(typeid(module).name()),
                                   type_name(wanted.name())));
}

void detail::empty_holder() { fail("ModuleHolder", "Accessing empty ModuleHolder"); }

std::string type_name(const char* mangled) {
  std::string name = base::demangle(mangled);
  constexpr std::string_view kOwn = "rondo::";
  const auto part_of_name = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == ':'; };
  // Also among a template's arguments, but not at the end of another name.
  for (size_t at = name.find(kOwn); at != std::string::npos; at = name.find(kOwn, at + kOwn.size())) {
    if (at == 0 || !part_of_name(name[at - 1])) name.replace(at, kOwn.size(), "torch::");
  }
  return name;
}

Module::Module() : parameters_("Parameter"), buffers_("Buffer"), children_("Submodule") {}
Module::Module(std::string name) : Module() { name_ = std::move(name); }
Module::Module(const Module& other) = default;
Module::Module(Module&& other) noexcept = default;
Module& Module::operator=(const Module& other) = default;
Module& Module::operator=(Module&& other) noexcept = default;
Module::~Module() = default;

const std::string& Module::name() const noexcept {
  // Only now is the dynamic type known.
  if (!name_) name_ = type_name(typeid(*this).name());
  return *name_;
}

std::shared_ptr<Module> Module::clone(const std::optional<Device>&) const {
  fail("clone", fmt::format("clone() has not been implemented for {0}. Subclass torch::nn::Cloneable<{0}> instead of "
                            "torch::nn::Module to inherit the ability to clone.",
                            name()));
}

void Module::visit(const std::string& name, Visitor visitor) const {
  visitor(name, const_cast<Module&>(*this));
  for (const auto& child : children_) child.value()->visit(join(name, child.key()), visitor);
}

void Module::visit_pointers(const std::string& name, PointerVisitor visitor) const {
  visitor(name, self());
  visit_below(name, visitor);
}

void Module::visit_below(const std::string& prefix, PointerVisitor visitor) const {
  for (const auto& child : children_) {
    const std::string name = join(prefix, child.key());
    visitor(name, child.value());
    child.value()->visit_below(name, visitor);
  }
}

std::shared_ptr<Module> Module::self() const {
  auto pointer = std::const_pointer_cast<Module>(weak_from_this().lock());
  if (!pointer) {
    fail("modules",
         fmt::format("It looks like you attempted to retrieve your top-level module as a shared_ptr, but it is not "
                     "stored in a shared_ptr. Use std::make_shared<{}> instead of creating your module on the stack, "
                     "or alternatively do not try to access your top-level module at all by passing "
                     "/*include_self=*/false to modules() or named_modules()",
                     name()));
  }
  return pointer;
}

void Module::collect(const std::string& prefix, bool buffers, bool recurse,
                     OrderedDict<std::string, Tensor>& found) const {
  for (const auto& item : buffers ? buffers_ : parameters_) {
    if (item.value().defined()) found.insert(join(prefix, item.key()), item.value());
  }
  if (!recurse) return;
  for (const auto& child : children_) child.value()->collect(join(prefix, child.key()), buffers, true, found);
}

OrderedDict<std::string, Tensor> Module::named_parameters(bool recurse) const {
  OrderedDict<std::string, Tensor> found("Parameter");
  collect({}, false, recurse, found);
  return found;
}

OrderedDict<std::string, Tensor> Module::named_buffers(bool recurse) const {
  OrderedDict<std::string, Tensor> found("Buffer");
  collect({}, true, recurse, found);
  return found;
}

std::vector<Tensor> Module::parameters(bool recurse) const { return named_parameters(recurse).values(); }
std::vector<Tensor> Module::buffers(bool recurse) const { return named_buffers(recurse).values(); }

std::vector<std::shared_ptr<Module>> Module::modules(bool include_self) const {
  std::vector<std::shared_ptr<Module>> found;
  const auto add = [&](const std::string&, const std::shared_ptr<Module>& module) { found.push_back(module); };
  include_self ? visit_pointers({}, add) : visit_below({}, add);
  return found;
}

OrderedDict<std::string, std::shared_ptr<Module>> Module::named_modules(const std::string& name_prefix,
                                                                        bool include_self) const {
  OrderedDict<std::string, std::shared_ptr<Module>> found("Submodule");
  const auto add = [&](const std::string& name, const std::shared_ptr<Module>& module) { found.insert(name, module); };
  include_self ? visit_pointers(name_prefix, add) : visit_below(name_prefix, add);
  return found;
}

std::vector<std::shared_ptr<Module>> Module::children() const { return children_.values(); }
OrderedDict<std::string, std::shared_ptr<Module>> Module::named_children() const { return children_; }

void Module::train(bool on) {
  for (auto& child : children_) child.value()->train(on);
  is_training_ = on;
}
void Module::eval() { train(false); }
bool Module::is_training() const noexcept { return is_training_; }

template <class... Args>
void Module::convert(Args... args) {
  for (auto& child : children_) child.value()->to(args...);
  NoGradGuard no_grad;
  for (auto* registry : {&parameters_, &buffers_}) {
    for (auto& item : *registry) {
      if (item.value().defined()) item.value().set_data(item.value().to(args...));
    }
  }
  hooks_.values_changed(*this);
}
void Module::to(Device device, Dtype dtype, bool non_blocking) { convert(device, dtype, non_blocking); }
void Module::to(Dtype dtype, bool non_blocking) { convert(dtype, non_blocking); }
void Module::to(Device device, bool non_blocking) { convert(device, non_blocking); }

void Module::zero_grad(bool set_to_none) {
  for (auto& child : children_) child.value()->zero_grad(set_to_none);
  for (auto& item : parameters_) {
    if (item.value().defined()) graph::clear_gradient(item.value(), set_to_none);
  }
}

void Module::pretty_print(std::ostream& stream) const { stream << name(); }
bool Module::is_serializable() const { return true; }

Tensor& Module::register_parameter(std::string name, Tensor tensor, bool requires_grad) {
  check_name("register_parameter", "Parameter", name);
  if (tensor.defined()) {
    tensor.set_requires_grad(requires_grad);
  } else if (requires_grad) {
    warn("An undefined tensor cannot require grad. Ignoring the `requires_grad=true` function parameter.");
  }
  return parameters_.insert(std::move(name), std::move(tensor));
}

Tensor& Module::register_buffer(std::string name, Tensor tensor) {
  check_name("register_buffer", "Buffer", name);
  return buffers_.insert(std::move(name), std::move(tensor));
}

void Module::add_module(std::string name, std::shared_ptr<Module> module) {
  check_name("register_module", "Submodule", name);
  if (!module) fail("register_module", fmt::format("Submodule '{}' is null", name));
  children_.insert(std::move(name), std::move(module));
}

void Module::unregister_module(const std::string& name) {
  if (!children_.contains(name)) {
    fail("unregister_module", fmt::format("No Module with name `{}` is registered", name));
  }
  children_.erase(name);
}

Tensor Module::unregister_parameter(const std::string& name) {
  Tensor tensor = parameters_[name];
  parameters_.erase(name);
  return tensor;
}

Tensor Module::unregister_buffer(const std::string& name) {
  Tensor tensor = buffers_[name];
  buffers_.erase(name);
  return tensor;
}

RemovableHandle Module::add_forward_hook(std::shared_ptr<ForwardHook> hook) {
  if (!hook) fail("add_forward_hook", "the hook is null");
  const unsigned number = hooks_.add(std::move(hook));
  return RemovableHandle(hooks_.list(), number);
}

void Module::finish_clone(const Module& source) {
  is_training_ = source.is_training_;
  hooks_ = source.hooks_;
  hooks_.adapt_to_clone(*this);
  hooks_.values_changed(*this);
}

void Module::clear_registered() {
  parameters_.clear();
  buffers_.clear();
  children_.clear();
}

void Module::copy_registered(const Module& source, const std::optional<Device>& device) {
  NoGradGuard no_grad;
  hooks_.adapt_to_clone(*this);
  check_count("parameters", "register_parameter", parameters_.size(), source.parameters_.size());
  for (const auto& item : source.parameters_) {
    if (item.value().defined()) parameters_[item.key()].set_data(copied(item.value(), device));
  }
  check_count("buffers", "register_buffer", buffers_.size(), source.buffers_.size());
  for (const auto& item : source.buffers_) {
    if (item.value().defined()) buffers_[item.key()].set_data(copied(item.value(), device));
  }
  check_count("child modules", "register_module", children_.size(), source.children_.size());
  for (const auto& child : source.children_) children_[child.key()]->assign_clone(*child.value(), device);
  hooks_.values_changed(*this);
}

Tensor Module::copied(const Tensor& tensor, const std::optional<Device>& device) {
  if (!tensor.defined()) return {};
  NoGradGuard no_grad;
  return (device ? tensor.to(*device, false, true) : tensor.clone()).requires_grad_(tensor.requires_grad());
}

void Module::assign_clone(const Module&, const std::optional<Device>&) {
  fail("clone",
       fmt::format("{} is a submodule that cannot be cloned; it must derive from torch::nn::Cloneable", name()));
}

bool Module::_forward_has_default_args() { return false; }

unsigned int Module::_forward_num_required_args() {
  fail("forward", "a module whose forward method has default arguments must use the `FORWARD_HAS_DEFAULT_ARGS` macro");
}

std::vector<AnyValue> Module::_forward_populate_default_args(std::vector<AnyValue>&&) {
  fail("forward", "a module whose forward method has default arguments must use the `FORWARD_HAS_DEFAULT_ARGS` macro");
}

void Module::print_parameters(std::ostream& stream, const char* container) const {
  stream << "torch::nn::" << container << "(\n";
  for (const auto& item : parameters_) {
    stream << "(" << item.key() << "): Parameter containing: [";
    if (item.value().defined()) {
      stream << item.value().scalar_type() << " of size " << item.value().sizes() << "]\n";
    } else {
      stream << "undefined]\n";
    }
  }
  stream << ")";
}

void Module::print_below(std::ostream& stream, const std::string& indentation) const {
  pretty_print(stream);
  if (children_.is_empty()) return;
  stream << "(\n";
  const std::string deeper = indentation + "  ";
  for (const auto& child : children_) {
    stream << deeper << "(" << child.key() << "): ";
    child.value()->print_below(stream, deeper);
    stream << '\n';
  }
  stream << indentation << ")";
}

std::ostream& operator<<(std::ostream& stream, const Module& module) {
  module.print_below(stream, {});
  return stream;
}

}  // namespace nn
}  // namespace rondo
