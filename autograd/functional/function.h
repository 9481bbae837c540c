// Functions with a derivative of the user's own.
//
//   struct Square : autograd::Function<Square> {
//     static Tensor forward(autograd::AutogradContext* ctx, Tensor x) {
//       ctx->save_for_backward({x});
//       return x * x;
//     }
//     static variable_list backward(autograd::AutogradContext* ctx, variable_list gradients) {
//       return {2 * ctx->get_saved_variables()[0] * gradients[0]};
//     }
//   };
//   Tensor y = Square::apply(x);
#pragma once

#include <rondo/autograd/functional/value.h>
#include <rondo/autograd/graph/saved.h>

#include <optional>
#include <type_traits>
#include <typeinfo>
#include <utility>

namespace rondo::autograd {

class FunctionNode;

// Inputs first, ..., second - 1.
using IndexRange = std::pair<size_t, size_t>;

// What forward leaves for backward.
class AutogradContext {
 public:
  AutogradContext() = default;
  AutogradContext(const AutogradContext&) = delete;
  AutogradContext& operator=(const AutogradContext&) = delete;

  // Everything that is no input or output: numbers, strings, other tensors.
  ValueMap saved_data;

  // ---- in forward, once each ----
  // Keeps inputs, outputs and others; undefined ones stay undefined.
  void save_for_backward(variable_list tensors) { to_save_ = std::move(tensors); }
  // Inputs that forward changed in place; it must return them.
  void mark_dirty(const variable_list& inputs);
  // Outputs that have no gradient.
  void mark_non_differentiable(const variable_list& outputs);
  // Whether backward sees zeros (the default) or undefined tensors for outputs that no gradient reached.
  void set_materialize_grads(bool value) { materialize_grads_ = value; }

  // ---- in backward ----
  // Throws Error where a tensor was changed in place since, or the graph was freed.
  variable_list get_saved_variables() const;
  // Whether the gradient of tensor input i is asked for: by this backward, and at all in forward.
  bool needs_input_grad(size_t input) const;
  bool needs_input_grad(std::initializer_list<IndexRange> ranges) const;

 private:
  friend class FunctionNode;

  variable_list to_save_;
  std::vector<graph::Saved> saved_;
  std::vector<bool> saved_is_defined_;
  std::vector<TensorImpl*> dirty_, non_differentiable_;
  bool materialize_grads_ = true;
  bool in_backward_ = false;
  std::vector<bool> wanted_;
  FunctionNode* node_ = nullptr;
};

// The node of a custom function.
class FunctionNode : public graph::Node {
 public:
  FunctionNode() { context_.node_ = this; }
  Traits traits() const override { return {.accepts_undefined = true}; }
  void backward(graph::Backward& step) override;
  void release_variables() override;
  AutogradContext& context() { return context_; }

  // An argument of apply: tensors become inputs.
  template <class T>
  void add_argument(const T& argument) {
    if constexpr (std::is_same_v<T, Tensor>) {
      add_input(argument);
    } else if constexpr (std::is_same_v<T, std::optional<Tensor>>) {
      if (argument) {
        add_input(*argument);
      } else {
        is_tensor_.push_back(false);
      }
    } else if constexpr (std::is_same_v<T, TensorList>) {
      for (const Tensor& tensor : argument) add_input(tensor);
    } else {
      is_tensor_.push_back(false);
    }
  }
  // Connects what forward returned: the outputs as the caller gets them. Throws Error where marks and outputs disagree.
  variable_list wrap_outputs(variable_list outputs);

 protected:
  virtual variable_list run_backward(variable_list gradients) = 0;

 private:
  friend class AutogradContext;
  void add_input(const Tensor& tensor);
  Tensor wrap_output(const Tensor& output, uint32_t nr, size_t count);

  AutogradContext context_;
  std::vector<bool> is_tensor_;  // of each argument of apply
  variable_list inputs_;         // until the outputs are wrapped
  bool recorded_ = false;
};

namespace detail {

std::string function_name(const std::type_info& type);

template <class X>
class FunctionNodeOf final : public FunctionNode {
 public:
  std::string name() const override { return function_name(typeid(X)); }

 private:
  variable_list run_backward(variable_list gradients) override {
    if constexpr (std::is_same_v<decltype(X::backward(&context(), std::move(gradients))), Tensor>) {
      return {X::backward(&context(), std::move(gradients))};
    } else {
      return X::backward(&context(), std::move(gradients));
    }
  }
};

}  // namespace detail

// forward and backward are static members of T. forward(ctx, args...) returns a Tensor or a variable_list and runs
// without recording; backward(ctx, gradients) gets one gradient for each output and returns one for each argument of
// forward, undefined for those that are no tensors.
template <class T>
struct Function {
  template <class X = T, class... Args>
  static auto apply(Args&&... args)
      -> std::enable_if_t<std::is_same_v<X, T>, decltype(X::forward(nullptr, std::declval<Args>()...))> {
    auto node = base::Ref<detail::FunctionNodeOf<X>>(new detail::FunctionNodeOf<X>);
    (node->add_argument(static_cast<const std::decay_t<Args>&>(args)), ...);
    using Result = decltype(X::forward(nullptr, std::declval<Args>()...));
    if constexpr (std::is_same_v<Result, Tensor>) {
      variable_list outputs(1);
      {
        NoGradGuard guard;
        outputs[0] = X::forward(&node->context(), std::forward<Args>(args)...);
      }
      return std::move(node->wrap_outputs(std::move(outputs))[0]);
    } else {
      variable_list outputs;
      {
        NoGradGuard guard;
        outputs = X::forward(&node->context(), std::forward<Args>(args)...);
      }
      return node->wrap_outputs(std::move(outputs));
    }
  }
};

}  // namespace rondo::autograd
