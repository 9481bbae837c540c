// A function as a module.
#pragma once

#include <rondo/nn/cloneable.h>

namespace rondo::nn {

// Calls a function of a tensor: Functional(relu), Functional(elu, 1, 0, 1) where the further arguments are bound.
// Copies share the function.
class FunctionalImpl : public Cloneable<FunctionalImpl> {
 public:
  template <class F, class... Args>
  requires(std::is_invocable_r_v<Tensor, F&, const Tensor&, Args&...>) explicit FunctionalImpl(F function, Args... args)
      : FunctionalImpl(make([function = std::move(function), ... args = std::move(args)](const Tensor& input) mutable {
          return Tensor(function(input, args...));
        })) {}

  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  bool is_serializable() const override;
  Tensor forward(const Tensor& input);
  Tensor operator()(const Tensor& input);

 private:
  struct Callable {
    virtual ~Callable() = default;
    virtual Tensor call(const Tensor& input) = 0;
  };
  template <class F>
  static std::shared_ptr<Callable> make(F function) {
    struct Of final : Callable {
      explicit Of(F f) : function_(std::move(f)) {}
      Tensor call(const Tensor& input) override { return function_(input); }
      F function_;
    };
    return std::shared_ptr<Callable>(new Of(std::move(function)));
  }
  explicit FunctionalImpl(std::shared_ptr<Callable> function);

  std::shared_ptr<Callable> function_;
};
RONDO_MODULE(Functional);

}  // namespace rondo::nn
