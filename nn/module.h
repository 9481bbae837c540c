// The base of all modules: named parameters, buffers and submodules.
#pragma once

#include <rondo/autograd/base/function_ref.h>
#include <rondo/autograd/base/ordered_dict.h>
#include <rondo/autograd/tensor/tensor.h>
#include <rondo/nn/module_holder.h>

#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <typeinfo>
#include <vector>

namespace rondo {

extern template class OrderedDict<std::string, Tensor>;
extern template class OrderedDict<std::string, std::shared_ptr<nn::Module>>;

namespace serialize {
class OutputArchive;
class InputArchive;
}  // namespace serialize

namespace nn {

class AnyValue;

// Names that only the module has, and names that only the state has.
struct IncompatibleKeys {
  std::vector<std::string> missing_keys, unexpected_keys;
};

namespace detail {
[[noreturn]] void wrong_module(const char* container, const Module& module, const std::type_info& wanted);
}

// A part of a network. What it registers is found by name: parameters (which learn), buffers (state that does not) and
// submodules; names of submodules join with dots. A module may live on the stack; only modules() and named_modules()
// with include_self need one that a shared_ptr holds.
class Module : public std::enable_shared_from_this<Module> {
 public:
  Module();
  explicit Module(std::string name);
  Module(const Module& other);
  Module(Module&& other) noexcept;
  Module& operator=(const Module& other);
  Module& operator=(Module&& other) noexcept;
  virtual ~Module();

  // The name given to the constructor, else that of the dynamic type.
  const std::string& name() const noexcept;

  // A deep copy. Throws Error unless overridden; nn::Cloneable<Derived> does so.
  virtual std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const;

  // Calls the function for this module, then for all below it, parents first, in the order of registration. It takes
  // (Module&), (const std::shared_ptr<Module>&), or (const std::string& name, either); names begin with `name_prefix`.
  template <class F>
  void apply(F&& function, const std::string& name_prefix = {});
  template <class F>
  void apply(F&& function, const std::string& name_prefix = {}) const;

  // Parameters and buffers in the order of registration, submodules' behind the module's own; undefined ones left out.
  std::vector<Tensor> parameters(bool recurse = true) const;
  OrderedDict<std::string, Tensor> named_parameters(bool recurse = true) const;
  std::vector<Tensor> buffers(bool recurse = true) const;
  OrderedDict<std::string, Tensor> named_buffers(bool recurse = true) const;
  // All modules from this one down, and the direct submodules. Throws Error where include_self is asked of a module
  // that no shared_ptr holds.
  std::vector<std::shared_ptr<Module>> modules(bool include_self = true) const;
  OrderedDict<std::string, std::shared_ptr<Module>> named_modules(const std::string& name_prefix = {},
                                                                  bool include_self = true) const;
  std::vector<std::shared_ptr<Module>> children() const;
  OrderedDict<std::string, std::shared_ptr<Module>> named_children() const;

  // Training and evaluation, which dropout and the like tell apart; of all submodules too.
  virtual void train(bool on = true);
  void eval();
  virtual bool is_training() const noexcept;

  // Converts all parameters and buffers in place.
  virtual void to(Device device, Dtype dtype, bool non_blocking = false);
  virtual void to(Dtype dtype, bool non_blocking = false);
  virtual void to(Device device, bool non_blocking = false);

  // Parameters and buffers by name, those of each module before those of its submodules: tensors that share the
  // module's memory, without history. Names begin with `prefix` and a dot.
  OrderedDict<std::string, Tensor> state_dict(const std::string& prefix = {}) const;
  // Copies values of these names (without a prefix) into parameters and buffers, of whatever dtype they are. Throws
  // Error for shapes that differ, and, if strict, for missing and unexpected names; the module is then as it was.
  IncompatibleKeys load_state_dict(const OrderedDict<std::string, Tensor>& state, bool strict = true);

  // Drops the gradients of all parameters, or sets them to zero.
  virtual void zero_grad(bool set_to_none = true);

  // This as a ModuleType (or as what the holder ModuleType holds), null if it is of another type.
  template <class ModuleType>
  auto* as() noexcept {
    return dynamic_cast<detail::ContainedOrSelf<ModuleType>*>(this);
  }
  template <class ModuleType>
  const auto* as() const noexcept {
    return dynamic_cast<const detail::ContainedOrSelf<ModuleType>*>(this);
  }

  // What operator<< writes for this module without its submodules: name(), unless overridden.
  virtual void pretty_print(std::ostream& stream) const;
  // Whether save and load of the module above are to reach this one.
  virtual bool is_serializable() const;
  // Writes all parameters, buffers and submodules, each under its name.
  virtual void save(serialize::OutputArchive& archive) const;
  // Reads what save wrote; an archive may hold more. Tensors take the dtype of the archive and stay the same objects.
  // Throws Error for what is missing and for other shapes, and then leaves everything as it was.
  virtual void load(serialize::InputArchive& archive);

  // Throw Error for names that are empty, hold a dot or are taken. An undefined parameter is kept and left out of the
  // lists. The result is the registry's own handle.
  Tensor& register_parameter(std::string name, Tensor tensor, bool requires_grad = true);
  Tensor& register_buffer(std::string name, Tensor tensor);
  template <class ModuleType>
  std::shared_ptr<ModuleType> register_module(std::string name, std::shared_ptr<ModuleType> module) {
    add_module(std::move(name), module);
    return module;
  }
  template <class ModuleType>
  std::shared_ptr<ModuleType> register_module(std::string name, ModuleHolder<ModuleType> holder) {
    return register_module(std::move(name), holder.ptr());
  }
  // Throw Error if there is no submodule of that name.
  template <class ModuleType>
  std::shared_ptr<ModuleType> replace_module(const std::string& name, std::shared_ptr<ModuleType> module) {
    children_[name] = module;
    return module;
  }
  template <class ModuleType>
  std::shared_ptr<ModuleType> replace_module(const std::string& name, ModuleHolder<ModuleType> holder) {
    return replace_module(name, holder.ptr());
  }
  void unregister_module(const std::string& name);
  // Takes a parameter or buffer off the lists and returns it; members that hold it keep it.
  Tensor unregister_parameter(const std::string& name);
  Tensor unregister_buffer(const std::string& name);

  // Hooks run, in the order of registration, before or after forward when the module is called through its holder (as
  // in `conv(x)`), an AnyModule or a Sequential. A direct call of forward passes them by. They are functions of
  // (Module&, const Tensor& input) or (Module&, const Tensor& input, const Tensor& output), and a tensor that they
  // return takes the place of the input or output; or of (Module&, ForwardValues inputs) or (Module&, ForwardValues
  // inputs, ForwardValue& output), for any types. Clones have the same hooks.
  template <class F>
  RemovableHandle register_forward_pre_hook(F hook) {
    return add_forward_hook(std::shared_ptr<ForwardHook>(new detail::PreHookOf<F>(std::move(hook))));
  }
  template <class F>
  RemovableHandle register_forward_hook(F hook) {
    return add_forward_hook(std::shared_ptr<ForwardHook>(new detail::PostHookOf<F>(std::move(hook))));
  }
  RemovableHandle add_forward_hook(std::shared_ptr<ForwardHook> hook);
  bool has_forward_hooks() const noexcept { return static_cast<bool>(hooks_); }

 protected:
  // What RONDO_FORWARD_HAS_DEFAULT_ARGS overrides, so that AnyModule can fill in arguments.
  virtual bool _forward_has_default_args();
  virtual unsigned int _forward_num_required_args();
  virtual std::vector<AnyValue> _forward_populate_default_args(std::vector<AnyValue>&& arguments);

  // Cloning, in three steps around the copy's own reset(): copy_registered copies the registered tensors of `source`
  // and clones its submodules.
  void clear_registered();
  void copy_registered(const Module& source, const std::optional<Device>& device);
  // A new leaf of the same numbers with the same requires_grad; undefined if the tensor is.
  static Tensor copied(const Tensor& tensor, const std::optional<Device>& device);
  // For a clone() that registers everything itself: the source's mode and hooks.
  void finish_clone(const Module& source);
  // What pretty_print of the containers of parameters writes.
  void print_parameters(std::ostream& stream, const char* container) const;

  OrderedDict<std::string, Tensor> parameters_;

 private:
  friend struct AnyModuleAccess;
  friend struct ForwardHookAccess;
  friend std::ostream& operator<<(std::ostream& stream, const Module& module);

  // Replaces this by a clone of `other`, which is of the same type.
  virtual void assign_clone(const Module& other, const std::optional<Device>& device);

  using Visitor = base::FunctionRef<void(const std::string&, Module&)>;
  using PointerVisitor = base::FunctionRef<void(const std::string&, const std::shared_ptr<Module>&)>;
  void visit(const std::string& name, Visitor visitor) const;
  void visit_pointers(const std::string& name, PointerVisitor visitor) const;
  void visit_below(const std::string& prefix, PointerVisitor visitor) const;
  template <bool kConst, class F>
  void apply_any(F& function, const std::string& name_prefix) const;

  void add_module(std::string name, std::shared_ptr<Module> module);
  template <class... Args>
  void convert(Args... args);
  void collect(const std::string& prefix, bool buffers, bool recurse, OrderedDict<std::string, Tensor>& found) const;
  void gather(const std::string& prefix, OrderedDict<std::string, Tensor>& state) const;
  class Backup;
  void load_registered(serialize::InputArchive& archive);
  void print_below(std::ostream& stream, const std::string& indentation) const;
  std::shared_ptr<Module> self() const;

  OrderedDict<std::string, Tensor> buffers_;
  OrderedDict<std::string, std::shared_ptr<Module>> children_;
  detail::ForwardHooks hooks_;
  mutable std::optional<std::string> name_;
  bool is_training_ = true;
};

// The module with its submodules, indented.
std::ostream& operator<<(std::ostream& stream, const Module& module);

// The demangled name of a type; rondo's own types are named as libtorch's, torch::nn::LinearImpl.
std::string type_name(const char* mangled);

template <bool kConst, class F>
void Module::apply_any(F& function, const std::string& name_prefix) const {
  using Ref = std::conditional_t<kConst, const Module&, Module&>;
  using Pointer = const std::shared_ptr<Module>&;
  if constexpr (std::is_invocable_v<F&, Ref>) {
    visit(name_prefix, [&](const std::string&, Module& module) { function(static_cast<Ref>(module)); });
  } else if constexpr (std::is_invocable_v<F&, const std::string&, Ref>) {
    visit(name_prefix, [&](const std::string& name, Module& module) { function(name, static_cast<Ref>(module)); });
  } else if constexpr (std::is_invocable_v<F&, Pointer>) {
    visit_pointers(name_prefix, [&](const std::string&, Pointer module) { function(module); });
  } else {
    static_assert(std::is_invocable_v<F&, const std::string&, Pointer>,
                  "apply takes a function of a Module&, const Module& or const std::shared_ptr<Module>&, with or "
                  "without a const std::string& name before it");
    visit_pointers(name_prefix, [&](const std::string& name, Pointer module) { function(name, module); });
  }
}

template <class F>
void Module::apply(F&& function, const std::string& name_prefix) {
  apply_any<false>(function, name_prefix);
}

template <class F>
void Module::apply(F&& function, const std::string& name_prefix) const {
  apply_any<true>(function, name_prefix);
}

}  // namespace nn
}  // namespace rondo
