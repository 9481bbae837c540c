// A value of any type: what modules of any signature take and give.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <memory>
#include <type_traits>
#include <typeinfo>
#include <utility>

namespace rondo::nn {

// Holds a copy. Its type is exact: an int is asked for as an int.
class AnyValue {
 public:
  AnyValue(AnyValue&&) noexcept = default;
  AnyValue& operator=(AnyValue&&) noexcept = default;
  AnyValue(const AnyValue& other) : content_(other.content_->copy()) {}
  AnyValue& operator=(const AnyValue& other) {
    content_ = other.content_->copy();
    return *this;
  }
  template <class T>
  requires(!std::is_same_v<std::decay_t<T>, AnyValue>) explicit AnyValue(T&& value)
      : content_(new Holder<std::decay_t<T>>(std::forward<T>(value))) {}

  // The value if it is a T, else null.
  template <class T>
  T* try_get() {
    static_assert(!std::is_reference_v<T> && !std::is_array_v<T>, "AnyValue holds decayed types");
    return type_info() == typeid(T) ? &static_cast<Holder<T>&>(*content_).value : nullptr;
  }
  // A copy of the value; throws TypeError if it is of another type.
  template <class T>
  T get() {
    if (T* value = try_get<T>()) return *value;
    wrong_type(typeid(T));
  }
  const std::type_info& type_info() const noexcept { return content_->type; }

 private:
  friend struct AnyModuleAccess;
  struct Placeholder {
    explicit Placeholder(const std::type_info& held) : type(held) {}
    virtual ~Placeholder() = default;
    virtual std::unique_ptr<Placeholder> copy() const = 0;
    virtual void* address() noexcept = 0;
    const std::type_info& type;
  };
  template <class T>
  struct Holder final : Placeholder {
    template <class U>
    explicit Holder(U&& from) : Placeholder(typeid(T)), value(std::forward<U>(from)) {}
    std::unique_ptr<Placeholder> copy() const override {
      if constexpr (std::is_copy_constructible_v<T>) {
        return std::unique_ptr<Placeholder>(new Holder(value));
      } else {
        cannot_copy(typeid(T));
      }
    }
    void* address() noexcept override { return &value; }
    T value;
  };
  [[noreturn]] void wrong_type(const std::type_info& wanted) const;
  [[noreturn]] static void cannot_copy(const std::type_info& type);

  std::unique_ptr<Placeholder> content_;
};

}  // namespace rondo::nn
