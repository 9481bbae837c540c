// What random.cpp and distribution.cpp share: the generator chosen, and the rule of a draw.
#pragma once

#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/tensor/factory.h>

#include <optional>

namespace rondo::ops {

// A draw does not depend on what was there before, nor, as libtorch has it, on its parameters: their gradients are 0.
struct DrawBackward final : Rule {
  explicit DrawBackward(const char* libtorch_name) : name_(libtorch_name) {}
  std::string name() const override { return name_; }
  void backward(Backward& step) override {
    for (int i = 0; i < num_outputs(); ++i) {
      if (step.wants(i)) step[i] = zeros_like(step.gy());
    }
  }

 private:
  const char* name_;
};

template <class... Tensors>
void record_draw(const char* libtorch_name, const Tensor& result, const Tensors&... parameters) {
  if (!recording(parameters...)) return;
  auto node = base::Ref<graph::Node>(new DrawBackward(libtorch_name));
  (node->add_edge(parameters), ...);
  graph::set_grad_fn(result, std::move(node), 0);
}

inline const Generator& chosen(const std::optional<Generator>& generator) {
  return generator ? *generator : default_generator();
}

// Throws TypeError unless self is floating point.
void check_random_type(const char* operation, const Tensor& self);

}  // namespace rondo::ops
