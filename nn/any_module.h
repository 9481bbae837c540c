// A module of any type, called through one interface.
#pragma once

#include <rondo/nn/any_value.h>
#include <rondo/nn/module.h>

namespace rondo::nn {

// The default arguments that RONDO_FORWARD_HAS_DEFAULT_ARGS lists, each with its place.
struct ForwardDefault {
  unsigned int place;
  AnyValue value;
};

namespace detail {
struct AnyModuleType;
}

struct AnyModuleAccess {
  // Fills in default arguments; throws Error for a wrong number of them.
  static void complete(Module& module, const std::type_info& type, size_t count, std::vector<AnyValue>& arguments);
  static std::vector<AnyValue> filled(std::vector<AnyValue>&& arguments, ArrayRef<ForwardDefault> defaults);
  [[noreturn]] static void wrong_argument(size_t place, const std::type_info& wanted, const std::type_info& got);
  [[noreturn]] static void wrong_cast(const std::type_info& held, const std::type_info& wanted);
  [[noreturn]] static void empty(const char* call);
  // forward with the module's hooks around it.
  static AnyValue with_hooks(Module& module, void* object, const detail::AnyModuleType& type,
                             std::vector<AnyValue>&& arguments);
  static Tensor with_hooks(Module& module, void* object, const detail::AnyModuleType& type, const Tensor& input);
};

namespace detail {

// What AnyModule knows of a type of module.
struct AnyModuleType {
  const std::type_info& type;
  void* (*cast)(Module&);
  // Set where forward takes one tensor and gives one: the quick way through a Sequential.
  Tensor (*forward_tensor)(void* module, const Tensor& input);
  AnyValue (*forward)(void* module, Module& base, std::vector<AnyValue>&& arguments);
};

template <class T>
std::decay_t<T>& argument(std::vector<AnyValue>& arguments, size_t place) {
  if (auto* value = arguments[place].template try_get<std::decay_t<T>>()) return *value;
  AnyModuleAccess::wrong_argument(place, typeid(std::decay_t<T>), arguments[place].type_info());
}

// forward's signature; for a template or an overload set, Tensor(Tensor) if it can be called so.
template <class M, class Result, class... Args>
struct ForwardCall {
  static_assert(!std::is_void_v<Result>, "AnyModule cannot store modules that return void (return a dummy value)");
  static_assert(((!std::is_lvalue_reference_v<Args> || std::is_const_v<std::remove_reference_t<Args>>)&&...),
                "Modules stored inside AnyModule must not take references. Use pointers instead.");
  static constexpr bool kTensorToTensor =
      std::is_same_v<Result, Tensor> && sizeof...(Args) == 1 && (std::is_same_v<std::decay_t<Args>, Tensor> && ...);

  static AnyValue call(void* module, Module& base, std::vector<AnyValue>&& arguments) {
    AnyModuleAccess::complete(base, typeid(M), sizeof...(Args), arguments);
    return unpack(*static_cast<M*>(module), arguments, std::index_sequence_for<Args...>());
  }

 private:
  template <size_t... I>
  static AnyValue unpack(M& module, [[maybe_unused]] std::vector<AnyValue>& arguments, std::index_sequence<I...>) {
    return AnyValue(module.forward(std::move(argument<Args>(arguments, I))...));
  }
};

template <class M, class Class, class Result, class... Args>
constexpr ForwardCall<M, Result, Args...> forward_call(Result (Class::*)(Args...)) {
  return {};
}
template <class M, class Class, class Result, class... Args>
constexpr ForwardCall<M, Result, Args...> forward_call(Result (Class::*)(Args...) const) {
  return {};
}

template <class M>
constexpr auto forward_call_of() {
  if constexpr (requires { forward_call<M>(&M::forward); }) {
    return forward_call<M>(&M::forward);
  } else {
    static_assert(std::is_same_v<decltype(std::declval<M&>().forward(std::declval<const Tensor&>())), Tensor>,
                  "AnyModule needs a module with one forward() method, or one that can be called with a Tensor");
    return ForwardCall<M, Tensor, Tensor>();
  }
}

template <class M>
const AnyModuleType& any_module_type() {
  using Call = decltype(forward_call_of<M>());
  static const AnyModuleType table = [] {
    AnyModuleType entry{typeid(M), [](Module& module) -> void* { return dynamic_cast<M*>(&module); }, nullptr,
                        &Call::call};
    if constexpr (Call::kTensorToTensor) {
      entry.forward_tensor = [](void* module, const Tensor& input) -> Tensor {
        return static_cast<M*>(module)->forward(input);
      };
    }
    return entry;
  }();
  return table;
}

template <class T>
inline constexpr bool is_module = std::is_base_of_v<Module, std::decay_t<T>>;

}  // namespace detail

// Shares a module whose type is forgotten: its forward takes and gives AnyValues. Copies share the module. Arguments
// must have forward's types exactly; Error otherwise.
class AnyModule {
 public:
  AnyModule() = default;
  template <class M>
  explicit AnyModule(std::shared_ptr<M> module)
      : module_(module), object_(module.get()), type_(&detail::any_module_type<M>()) {}
  template <class M>
  requires(detail::is_module<M>) explicit AnyModule(M&& module)
      : AnyModule(std::shared_ptr<std::decay_t<M>>(new std::decay_t<M>(std::forward<M>(module)))) {}
  template <class M>
  explicit AnyModule(const ModuleHolder<M>& holder) : AnyModule(holder.ptr()) {}
  template <class M>
  AnyModule& operator=(std::shared_ptr<M> module) {
    return *this = AnyModule(std::move(module));
  }

  bool is_empty() const noexcept { return type_ == nullptr; }
  // A deep copy of the module.
  AnyModule clone(std::optional<Device> device = std::nullopt) const;

  template <class... Args>
  AnyValue any_forward(Args&&... args) {
    std::vector<AnyValue> values;
    values.reserve(sizeof...(Args));
    (values.push_back(AnyValue(std::forward<Args>(args))), ...);
    return forward_values(std::move(values));
  }
  // Throws TypeError if forward gives something else than a ReturnType.
  template <class ReturnType = Tensor, class... Args>
  ReturnType forward(Args&&... args) {
    return any_forward(std::forward<Args>(args)...).template get<ReturnType>();
  }
  AnyValue forward_values(std::vector<AnyValue>&& arguments) const {
    if (is_empty()) AnyModuleAccess::empty("forward()");
    if (module_->has_forward_hooks()) [[unlikely]]
      return AnyModuleAccess::with_hooks(*module_, object_, *type_, std::move(arguments));
    return type_->forward(object_, *module_, std::move(arguments));
  }
  // Whether forward goes from one tensor to one tensor; then forward_tensor calls it directly.
  bool is_tensor_to_tensor() const { return type_ && type_->forward_tensor; }
  Tensor forward_tensor(const Tensor& input) const {
    if (module_->has_forward_hooks()) [[unlikely]]
      return AnyModuleAccess::with_hooks(*module_, object_, *type_, input);
    return type_->forward_tensor(object_, input);
  }

  // The module as an M, or as a holder of its type; throws TypeError if it is of another type.
  template <class M>
  requires(detail::is_module<M>) M& get() { return *static_cast<M*>(typed(typeid(M), "get()")); }
  template <class M>
  requires(detail::is_module<M>) const M& get() const { return *static_cast<const M*>(typed(typeid(M), "get()")); }
  template <class Holder>
  requires(detail::is_holder<Holder>) Holder get()
  const { return Holder(ptr<typename Holder::ContainedType>()); }
  std::shared_ptr<Module> ptr() const {
    if (is_empty()) AnyModuleAccess::empty("ptr()");
    return module_;
  }
  template <class M>
  requires(detail::is_module<M>) std::shared_ptr<M> ptr()
  const { return std::shared_ptr<M>(module_, static_cast<M*>(typed(typeid(M), "ptr()"))); }
  const std::type_info& type_info() const {
    if (is_empty()) AnyModuleAccess::empty("type_info()");
    return type_->type;
  }

 private:
  void* typed(const std::type_info& wanted, const char* call) const {
    if (is_empty()) AnyModuleAccess::empty(call);
    if (wanted != type_->type) AnyModuleAccess::wrong_cast(type_->type, wanted);
    return object_;
  }

  std::shared_ptr<Module> module_;
  void* object_ = nullptr;  // the module as its own type
  const detail::AnyModuleType* type_ = nullptr;
};

// A module with the name that it has in a Sequential.
class NamedAnyModule {
 public:
  template <class M>
  NamedAnyModule(std::string name, std::shared_ptr<M> module) : NamedAnyModule(std::move(name), AnyModule(module)) {}
  template <class M>
  requires(detail::is_module<M>) NamedAnyModule(std::string name, M&& module)
      : NamedAnyModule(std::move(name), AnyModule(std::forward<M>(module))) {}
  template <class M>
  NamedAnyModule(std::string name, const ModuleHolder<M>& holder)
      : NamedAnyModule(std::move(name), AnyModule(holder.ptr())) {}
  NamedAnyModule(std::string name, AnyModule module) : name_(std::move(name)), module_(std::move(module)) {}

  const std::string& name() const noexcept { return name_; }
  AnyModule& module() noexcept { return module_; }
  const AnyModule& module() const noexcept { return module_; }

 private:
  std::string name_;
  AnyModule module_;
};

}  // namespace rondo::nn

// In a module whose forward has default arguments: {place, AnyValue} of each, from the first that may be left out.
#define RONDO_FORWARD_HAS_DEFAULT_ARGS(...)                                                                         \
  bool _forward_has_default_args() override { return true; }                                                        \
  unsigned int _forward_num_required_args() override {                                                              \
    const ::rondo::nn::ForwardDefault defaults[] = {__VA_ARGS__};                                                   \
    return defaults[0].place;                                                                                       \
  }                                                                                                                 \
  std::vector<::rondo::nn::AnyValue> _forward_populate_default_args(std::vector<::rondo::nn::AnyValue>&& arguments) \
      override {                                                                                                    \
    const ::rondo::nn::ForwardDefault defaults[] = {__VA_ARGS__};                                                   \
    return ::rondo::nn::AnyModuleAccess::filled(std::move(arguments), defaults);                                    \
  }

// The same for a module with a source of its own: declared in the class, and in the source
// RONDO_DEFAULT_ARGS(LinearImpl, {1, AnyValue(Tensor())}). Users' files then need not compile it.
#define RONDO_DECLARE_DEFAULT_ARGS                                                                                  \
  bool _forward_has_default_args() override { return true; }                                                        \
  unsigned int _forward_num_required_args() override;                                                               \
  std::vector<::rondo::nn::AnyValue> _forward_populate_default_args(std::vector<::rondo::nn::AnyValue>&& arguments) \
      override;
#define RONDO_DEFAULT_ARGS(Class, ...)                                           \
  unsigned int Class::_forward_num_required_args() {                             \
    const ::rondo::nn::ForwardDefault defaults[] = {__VA_ARGS__};                \
    return defaults[0].place;                                                    \
  }                                                                              \
  std::vector<::rondo::nn::AnyValue> Class::_forward_populate_default_args(      \
      std::vector<::rondo::nn::AnyValue>&& arguments) {                          \
    const ::rondo::nn::ForwardDefault defaults[] = {__VA_ARGS__};                \
    return ::rondo::nn::AnyModuleAccess::filled(std::move(arguments), defaults); \
  }
