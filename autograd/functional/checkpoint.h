// Recomputing instead of storing.
#pragma once

#include <rondo/autograd/functional/callable.h>
#include <rondo/autograd/graph/saved.h>

#include <utility>

namespace rondo::autograd {

namespace detail {

// A segment whose saved tensors are made again when the first of them is asked for.
class Checkpoint : public base::RefCounted {
 public:
  Checkpoint();
  virtual ~Checkpoint();
  static void dispose(Checkpoint* checkpoint) noexcept { delete checkpoint; }

  variable_list run(const variable_list& inputs);
  // What saved tensor number `place` would be.
  Tensor value(size_t place);

 protected:
  virtual variable_list call(const variable_list& inputs) = 0;

 private:
  struct Shape {
    Dims sizes;
    ScalarType dtype;
  };
  void recompute();

  variable_list inputs_;
  std::vector<bool> requires_grad_;
  std::vector<int64_t> versions_;  // of the inputs
  std::vector<uint8_t> random_state_;
  std::vector<Shape> shapes_;
  std::vector<Tensor> values_;
  struct Lock;
  Lock* lock_;  // backward passes of several threads ask for values
};

template <class F>
class CheckpointOf final : public Checkpoint {
 public:
  explicit CheckpointOf(F f) : f_(std::move(f)) {}

 private:
  variable_list call(const variable_list& inputs) override { return TensorFunction(f_)(inputs); }
  F f_;
};

}  // namespace detail

// f(inputs), without keeping what its operations save for backward: when backward comes, f runs again, from the same
// inputs and with the generator as it was. f must do the same then: it is kept (what it refers to must live as long as
// the graph), and another number of saved tensors, or another shape or dtype, is an Error in backward. The second run
// stops as soon as it has saved what is needed. Checkpoints nest; a chain of n layers in sqrt(n) checkpoints keeps
// about 2 sqrt(n) activations instead of n.
template <class F>
variable_list checkpoint(F f, const variable_list& inputs) {
  base::Ref<detail::Checkpoint> segment(new detail::CheckpointOf<F>(std::move(f)));
  return segment->run(inputs);
}
template <class F>
Tensor checkpoint(F f, const Tensor& input) {
  return checkpoint(std::move(f), variable_list{input})[0];
}

}  // namespace rondo::autograd
