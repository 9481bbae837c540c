// Holders: the names that users write. `Linear` holds a shared LinearImpl, the module itself.
#pragma once

#include <rondo/nn/forward_hook.h>

#include <iosfwd>
#include <memory>
#include <type_traits>
#include <utility>

namespace rondo::nn {

class Module;
std::ostream& operator<<(std::ostream& stream, const Module& module);

namespace detail {

struct ModuleHolderIndicator {};

template <class T>
inline constexpr bool is_holder = std::is_base_of_v<ModuleHolderIndicator, std::decay_t<T>>;

template <class T>
struct ContainedOrSelfOf {
  using type = T;
};
template <class T>
requires(is_holder<T>) struct ContainedOrSelfOf<T> {
  using type = typename T::ContainedType;
};
// LinearImpl for Linear as for LinearImpl.
template <class T>
using ContainedOrSelf = typename ContainedOrSelfOf<T>::type;

template <class T, class Contained>
struct IsHolderOf : std::false_type {};
template <class T, class Contained>
requires(is_holder<T>) struct IsHolderOf<T, Contained>
    : std::is_same<typename std::decay_t<T>::ContainedType, Contained> {
};

[[noreturn]] void empty_holder();

}  // namespace detail

// A shared_ptr to a module that is made along with its holder: `Linear(3, 4)` makes a LinearImpl(3, 4). Copies share
// it. `Linear(nullptr)` is empty; using an empty holder throws Error.
template <class Contained>
class ModuleHolder : detail::ModuleHolderIndicator {
 public:
  using ContainedType = Contained;

  ModuleHolder() {
    static_assert(std::is_default_constructible_v<Contained>,
                  "this module has no default constructor: write `Linear linear = nullptr;` for an empty holder");
    if constexpr (std::is_default_constructible_v<Contained>) adopt(new Contained());
  }
  ModuleHolder(std::nullptr_t) {}
  template <class Head, class... Tail>
  requires(sizeof...(Tail) > 0 || !detail::IsHolderOf<Head, Contained>::value) explicit ModuleHolder(Head&& head,
                                                                                                     Tail&&... tail) {
    adopt(new Contained(std::forward<Head>(head), std::forward<Tail>(tail)...));
  }
  ModuleHolder(std::shared_ptr<Contained> module) : object_(module.get()), owner_(std::move(module)) {}

  explicit operator bool() const noexcept { return !is_empty(); }
  Contained* operator->() { return get(); }
  const Contained* operator->() const { return get(); }
  Contained& operator*() { return *get(); }
  const Contained& operator*() const { return *get(); }
  std::shared_ptr<Contained> ptr() const { return std::shared_ptr<Contained>(owner_, checked()); }
  Contained* get() { return checked(); }
  const Contained* get() const { return checked(); }
  bool is_empty() const noexcept { return object_ == nullptr; }

  // The module's forward, with its hooks around it; `holder->forward(...)` passes them by. For modules that have one.
  template <class... Args, class M = Contained>
  auto operator()(Args&&... args) -> decltype(std::declval<M&>().forward(std::forward<Args>(args)...)) {
    M& module = *get();
    if (module.has_forward_hooks()) [[unlikely]] {
      using Result = decltype(module.forward(std::forward<Args>(args)...));
      if constexpr (detail::is_tensor_to_tensor<Result, Args...> && requires(Tensor x) { module.forward(Tensor(x)); }) {
        detail::HookedCall call(module, args...);
        return call.done(module.forward(call.input()));
      } else {
        return detail::forward_with_hooks(module, std::forward<Args>(args)...);
      }
    }
    return module.forward(std::forward<Args>(args)...);
  }
  template <class Arg>
  decltype(auto) operator[](Arg&& arg) {
    return (*get())[std::forward<Arg>(arg)];
  }

 private:
  void adopt(Contained* module) {
    owner_.reset(module);
    object_ = module;
  }
  Contained* checked() const {
    if (!object_) detail::empty_holder();
    return object_;
  }

  // One type of owner for all modules: a shared_ptr<Contained> for each costs a user's file 0.1 s of compiling.
  Contained* object_ = nullptr;
  std::shared_ptr<void> owner_;
};

template <class Contained>
std::ostream& operator<<(std::ostream& stream, const ModuleHolder<Contained>& holder) {
  return stream << static_cast<const Module&>(*holder);
}

}  // namespace rondo::nn

// Makes the holder `Name` of the module `ImplType`.
#define RONDO_MODULE_IMPL(Name, ImplType)                    \
  class Name : public ::rondo::nn::ModuleHolder<ImplType> {  \
   public:                                                   \
    using ::rondo::nn::ModuleHolder<ImplType>::ModuleHolder; \
    using Impl [[maybe_unused]] = ImplType;                  \
  }
#define RONDO_MODULE(Name) RONDO_MODULE_IMPL(Name, Name##Impl)
