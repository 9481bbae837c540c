// Functions that optimizers and schedulers are given.
#pragma once

#include <rondo/autograd/base/ref.h>
#include <rondo/autograd/tensor/tensor.h>

#include <type_traits>

namespace rondo::optim {

// Anything callable with those arguments, or nothing. Copies share the function.
template <class Result, class... Arguments>
class SharedFunction {
 public:
  SharedFunction(std::nullptr_t = nullptr) {}
  template <class F>
  requires(!std::is_same_v<std::decay_t<F>, SharedFunction> &&
           std::is_invocable_r_v<Result, std::decay_t<F>&, Arguments...>) SharedFunction(F&& function)
      : function_(new Of<std::decay_t<F>>(std::forward<F>(function))) {}

  explicit operator bool() const { return static_cast<bool>(function_); }
  bool operator==(std::nullptr_t) const { return !function_; }
  Result operator()(Arguments... arguments) const { return function_->call(arguments...); }

 private:
  struct Function : base::RefCounted {
    virtual ~Function() = default;
    virtual Result call(Arguments... arguments) = 0;
    static void dispose(Function* function) noexcept { delete function; }
  };
  template <class F>
  struct Of final : Function {
    template <class G>
    explicit Of(G&& g) : function(std::forward<G>(g)) {}
    Result call(Arguments... arguments) override { return function(arguments...); }
    F function;
  };

  base::Ref<Function> function_;
};

// What step() may be given: it computes the loss anew.
using LossClosure = SharedFunction<Tensor>;
// A factor by the number of an epoch or of a cycle.
using RateFunction = SharedFunction<double, int64_t>;

}  // namespace rondo::optim
