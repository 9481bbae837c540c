// A function with a copy of what it was made from: what transforms keep.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace rondo::data::detail {

template <class Signature>
class Function;

// Copies are deep, so that workers that have one each share nothing.
template <class Result, class... Args>
class Function<Result(Args...)> {
 public:
  template <class F>
  requires(!std::is_same_v<std::decay_t<F>, Function> && std::is_invocable_r_v<Result, std::decay_t<F>&, Args...>)
      Function(F&& function)
      : call_(new Of<std::decay_t<F>>(std::forward<F>(function))) {}
  Function(const Function& other) : call_(other.call_->copy()) {}
  Function(Function&&) noexcept = default;
  Function& operator=(Function other) noexcept {
    call_ = std::move(other.call_);
    return *this;
  }
  Result operator()(Args... args) { return call_->run(std::forward<Args>(args)...); }

 private:
  struct Call {
    virtual ~Call() = default;
    virtual Result run(Args... args) = 0;
    virtual std::unique_ptr<Call> copy() const = 0;
  };
  template <class F>
  struct Of final : Call {
    template <class G>
    explicit Of(G&& g) : function(std::forward<G>(g)) {}
    Result run(Args... args) override { return function(std::forward<Args>(args)...); }
    std::unique_ptr<Call> copy() const override { return std::unique_ptr<Call>(new Of(function)); }
    F function;
  };
  std::unique_ptr<Call> call_;
};

}  // namespace rondo::data::detail
