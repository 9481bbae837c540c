// A function of tensors, whatever its C++ type: what the transforms of this folder take.
#pragma once

#include <rondo/autograd/graph/node.h>

#include <type_traits>

namespace rondo::autograd {

// Refers to a callable for the length of a call: Tensor or variable_list, of one Tensor, or of a variable_list.
class TensorFunction {
 public:
  template <class F>
  requires(!std::is_same_v<std::decay_t<F>, TensorFunction>) TensorFunction(F&& f)
      : object_(address(f)), call_(&call<std::remove_reference_t<F>>) {}

  variable_list operator()(const variable_list& inputs) const { return call_(object_, inputs); }

 private:
  template <class F>
  static void* address(F& f) {
    if constexpr (std::is_function_v<F>) {
      return reinterpret_cast<void*>(&f);
    } else {
      return const_cast<void*>(static_cast<const void*>(&f));
    }
  }
  template <class F>
  static variable_list call(void* object, const variable_list& inputs) {
    F& f = *reinterpret_cast<F*>(object);
    const auto listed = [](auto result) {
      if constexpr (std::is_same_v<decltype(result), Tensor>) {
        return variable_list{std::move(result)};
      } else {
        return variable_list(std::move(result));
      }
    };
    if constexpr (std::is_invocable_v<F&, const variable_list&>) {
      return listed(f(inputs));
    } else {
      check_one(inputs);
      return listed(f(inputs[0]));
    }
  }
  static void check_one(const variable_list& inputs);

  void* object_;
  variable_list (*call_)(void*, const variable_list&);
};

}  // namespace rondo::autograd
