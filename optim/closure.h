// The function that step() may be given: it computes the loss anew.
#pragma once

#include <rondo/autograd/base/ref.h>
#include <rondo/autograd/tensor/tensor.h>

#include <type_traits>

namespace rondo::optim {

// Anything callable without arguments that returns a Tensor, or nothing. Copies share the function.
class LossClosure {
 public:
  LossClosure(std::nullptr_t = nullptr) {}
  template <class F>
  requires(!std::is_same_v<std::decay_t<F>, LossClosure> && std::is_invocable_r_v<Tensor, std::decay_t<F>&>)
      LossClosure(F&& function)
      : function_(new Of<std::decay_t<F>>(std::forward<F>(function))) {}

  explicit operator bool() const { return static_cast<bool>(function_); }
  bool operator==(std::nullptr_t) const { return !function_; }
  Tensor operator()() const { return function_->call(); }

 private:
  struct Function : base::RefCounted {
    virtual ~Function() = default;
    virtual Tensor call() = 0;
    static void dispose(Function* function) noexcept { delete function; }
  };
  template <class F>
  struct Of final : Function {
    template <class G>
    explicit Of(G&& g) : function(std::forward<G>(g)) {}
    Tensor call() override { return function(); }
    F function;
  };

  base::Ref<Function> function_;
};

}  // namespace rondo::optim
