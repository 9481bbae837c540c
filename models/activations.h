// Activation functions by name or as a function.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <string>
#include <type_traits>

namespace rondo::activations {

// A function of one tensor with its name. It converts from a name (throws ValueError for an unknown one, listing the
// known ones), from nothing or "linear" (the identity), and from any function `Tensor(const Tensor&)` without state.
class Activation {
 public:
  using Function = Tensor (*)(const Tensor&);

  Activation() : name_("linear") {}
  Activation(const char* name) : Activation(std::string(name)) {}
  Activation(const std::string& name);
  template <class F>
  requires(std::is_convertible_v<F, Function> && !std::is_convertible_v<F, std::string>) Activation(F function)
      : name_("function"), function_(function) {}

  const std::string& name() const { return name_; }
  bool is_softmax() const { return name_ == "softmax"; }
  bool is_sigmoid() const { return name_ == "sigmoid"; }
  Tensor operator()(const Tensor& x) const { return function_ ? function_(x) : x; }

 private:
  std::string name_;
  Function function_ = nullptr;
};

// Keras 2's activations. softmax is over the last dimension and throws ValueError for tensors of less than two.
Tensor relu(const Tensor& x);
Tensor softmax(const Tensor& x);
Tensor sigmoid(const Tensor& x);
Tensor tanh(const Tensor& x);
Tensor elu(const Tensor& x);
Tensor selu(const Tensor& x);
Tensor softplus(const Tensor& x);
Tensor softsign(const Tensor& x);
Tensor swish(const Tensor& x);
// The exact form, x Phi(x).
Tensor gelu(const Tensor& x);
Tensor exponential(const Tensor& x);
Tensor mish(const Tensor& x);
// clip(0.2 x + 0.5, 0, 1).
Tensor hard_sigmoid(const Tensor& x);
// 0.2 x below 0.
Tensor leaky_relu(const Tensor& x);
Tensor relu6(const Tensor& x);

}  // namespace rondo::activations
