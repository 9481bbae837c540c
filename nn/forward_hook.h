// Functions that run before and after a module's forward.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <memory>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

namespace rondo::nn {

class Module;

// An argument or the result of a forward: a reference that knows its type.
class ForwardValue {
 public:
  ForwardValue() = default;
  const std::type_info& type_info() const noexcept { return *type_; }
  // The value if it is a T, else null.
  template <class T>
  const T* try_get() const {
    return *type_ == typeid(T) ? static_cast<const T*>(value_) : nullptr;
  }
  // Throws TypeError if it is of another type.
  template <class T>
  const T& get() const {
    if (const T* value = try_get<T>()) return *value;
    wrong_type(typeid(T));
  }
  // Takes the value's place. Throws TypeError if that is of another type, or is no tensor and was given by reference.
  template <class T>
  void set(T value) {
    get<T>();
    *static_cast<T*>(writable()) = std::move(value);
  }

 private:
  friend struct ForwardHookAccess;
  ForwardValue(const std::type_info& type, const void* value, bool writable)
      : type_(&type), value_(value), writable_(writable) {}
  [[noreturn]] void wrong_type(const std::type_info& wanted) const;
  void* writable() const;

  const std::type_info* type_ = &typeid(void);
  const void* value_ = nullptr;
  bool writable_ = false;
};

// The arguments of a forward.
class ForwardValues {
 public:
  ForwardValues(ForwardValue* first, size_t size) : first_(first), size_(size) {}
  size_t size() const noexcept { return size_; }
  ForwardValue* begin() const noexcept { return first_; }
  ForwardValue* end() const noexcept { return first_ + size_; }
  // Throws IndexError.
  ForwardValue& operator[](size_t index) const;

 private:
  ForwardValue* first_;
  size_t size_;
};

// What add_forward_hook takes. One hook may serve several modules.
struct ForwardHook {
  virtual ~ForwardHook() = default;
  virtual void before(Module& module, ForwardValues inputs);
  virtual void after(Module& module, ForwardValues inputs, ForwardValue& output);
  // The hook of a clone: called when the copy has registered what its reset() does, before it gets the values. Null:
  // the same hook.
  virtual std::shared_ptr<ForwardHook> for_clone(Module& copy);
  // Parameters or buffers have new values: the clone's, after load_state_dict, after to().
  virtual void values_changed(Module& module);
};

namespace detail {

// A module's hooks; null for nearly all modules.
class ForwardHooks {
 public:
  struct Entry {
    unsigned number;
    std::shared_ptr<ForwardHook> hook;
  };
  struct List {
    std::vector<Entry> entries;
    unsigned next = 0;
  };

  ForwardHooks() = default;
  // A copy has a list of its own of the same hooks.
  ForwardHooks(const ForwardHooks& other) : list_(other.copy()) {}
  ForwardHooks(ForwardHooks&&) noexcept = default;
  ForwardHooks& operator=(const ForwardHooks& other) {
    if (this != &other) list_ = other.copy();
    return *this;
  }
  ForwardHooks& operator=(ForwardHooks&&) noexcept = default;

  explicit operator bool() const noexcept { return list_ != nullptr; }
  const std::shared_ptr<List>& list() const { return list_; }
  unsigned add(std::shared_ptr<ForwardHook> hook);
  void adapt_to_clone(Module& copy);
  void values_changed(Module& module) const;

 private:
  std::shared_ptr<List> copy() const;
  std::shared_ptr<List> list_;
};

}  // namespace detail

// Takes a hook away again. Later calls, and those after the module is gone, do nothing.
class RemovableHandle {
 public:
  RemovableHandle() = default;
  RemovableHandle(std::weak_ptr<detail::ForwardHooks::List> list, unsigned number)
      : list_(std::move(list)), number_(number) {}
  void remove();

 private:
  std::weak_ptr<detail::ForwardHooks::List> list_;
  unsigned number_ = 0;
};

struct ForwardHookAccess {
  template <class T>
  static ForwardValue view(T& value, bool writable) {
    return {typeid(T), &value, writable};
  }
  static ForwardValue view(const std::type_info& type, void* value) { return {type, value, true}; }
  static detail::ForwardHooks& of(Module& module);
  static void before(Module& module, ForwardValues inputs);
  static void after(Module& module, ForwardValues inputs, ForwardValue output);
  // For hooks that take tensors: the first input and the output. They throw TypeError if these are no tensors.
  static const Tensor& tensor(const Module& module, const ForwardValue& value, const char* which);
  static const Tensor& first_tensor(const Module& module, ForwardValues inputs);
};

namespace detail {

// Tensors are copied (handles), so that hooks can replace them; other arguments stay references.
template <class A>
inline constexpr bool is_tensor = std::is_same_v<std::remove_cvref_t<A>, Tensor>;
template <class Result, class... Args>
inline constexpr bool is_tensor_to_tensor = false;
template <class A>
inline constexpr bool is_tensor_to_tensor<Tensor, A> = is_tensor<A>;
template <class A>
using KeptArgument = std::conditional_t<is_tensor<A>, Tensor, A&&>;

template <class A>
decltype(auto) pass_kept(KeptArgument<A>& kept) {
  // Hooks see the inputs after forward as well: it must not move from them.
  if constexpr (is_tensor<A> && !std::is_lvalue_reference_v<A>) {
    return Tensor(kept);
  } else {
    return static_cast<A&&>(kept);
  }
}

// One call from tensor to tensor.
class HookedCall {
 public:
  HookedCall(Module& module, Tensor input);
  ~HookedCall();
  // What the hooks before made of it; theirs to see afterwards as well.
  Tensor input() const { return input_; }
  Tensor done(Tensor result);

 private:
  Module& module_;
  Tensor input_;
};

template <class M, class... Args>
auto forward_with_hooks(M& module, Args&&... args) -> decltype(module.forward(std::forward<Args>(args)...)) {
  using Result = decltype(module.forward(std::forward<Args>(args)...));
  return [&module](KeptArgument<Args>... kept) -> Result {
    ForwardValue views[] = {ForwardHookAccess::view(kept, is_tensor<Args>)..., ForwardValue()};
    const ForwardValues inputs(views, sizeof...(Args));
    ForwardHookAccess::before(module, inputs);
    if constexpr (std::is_void_v<Result>) {
      module.forward(pass_kept<Args>(kept)...);
      ForwardHookAccess::after(module, inputs, ForwardValue());
    } else {
      Result result = module.forward(pass_kept<Args>(kept)...);
      ForwardHookAccess::after(module, inputs, ForwardHookAccess::view(result, !std::is_reference_v<Result>));
      return static_cast<Result>(result);
    }
  }(std::forward<Args>(args)...);
}

// The function's result takes the value's place if it is a defined tensor.
template <class F, class... Args>
void replace_by(ForwardValue& value, F& function, Args&&... args) {
  if constexpr (std::is_void_v<decltype(function(std::forward<Args>(args)...))>) {
    function(std::forward<Args>(args)...);
  } else {
    Tensor result = function(std::forward<Args>(args)...);
    if (result.defined()) value.set(std::move(result));
  }
}

template <class F>
struct PreHookOf final : ForwardHook {
  explicit PreHookOf(F f) : function(std::move(f)) {}
  void before(Module& module, ForwardValues inputs) override {
    if constexpr (std::is_invocable_v<F&, Module&, ForwardValues>) {
      function(module, inputs);
    } else {
      static_assert(std::is_invocable_v<F&, Module&, const Tensor&>,
                    "a pre-hook takes (Module&, const Tensor& input) or (Module&, ForwardValues inputs)");
      const Tensor& input = ForwardHookAccess::first_tensor(module, inputs);
      replace_by(inputs[0], function, module, input);
    }
  }
  F function;
};

template <class F>
struct PostHookOf final : ForwardHook {
  explicit PostHookOf(F f) : function(std::move(f)) {}
  void after(Module& module, ForwardValues inputs, ForwardValue& output) override {
    if constexpr (std::is_invocable_v<F&, Module&, ForwardValues, ForwardValue&>) {
      function(module, inputs, output);
    } else {
      static_assert(std::is_invocable_v<F&, Module&, const Tensor&, const Tensor&>,
                    "a hook takes (Module&, const Tensor& input, const Tensor& output) or (Module&, ForwardValues "
                    "inputs, ForwardValue& output)");
      const Tensor& input = ForwardHookAccess::first_tensor(module, inputs);
      const Tensor& result = ForwardHookAccess::tensor(module, output, "output");
      replace_by(output, function, module, input, result);
    }
  }
  F function;
};

}  // namespace detail
}  // namespace rondo::nn
