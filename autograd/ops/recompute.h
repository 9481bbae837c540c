// Derivatives of a fused operation's derivative: the forward once more, written with public operations.
#pragma once

#include <rondo/autograd/graph/engine.h>
#include <rondo/autograd/ops/record.h>

namespace rondo::ops {

// What a fused rule does under create_graph: runs `forward(inputs)`, which returns the operation's outputs by public
// operations, and differentiates that. `inputs` are the operation's, with their histories, in the order of the edges;
// undefined ones are handed on.
template <class Forward>
void backward_by_recomputation(Backward& step, const variable_list& inputs, const Forward& forward) {
  variable_list fresh = inputs, wanted, outputs, gradients;
  // Aliases, so that an input that depends on another one is not differentiated through.
  for (size_t i = 0; i < fresh.size(); ++i) {
    if (!fresh[i].defined() || !step.wants(static_cast<int>(i))) continue;
    fresh[i] = fresh[i].alias();
    wanted.push_back(fresh[i]);
  }
  const variable_list made = forward(fresh);
  for (size_t i = 0; i < made.size(); ++i) {
    const Tensor& gradient = step.gy(static_cast<int>(i));
    if (!gradient.defined()) continue;
    outputs.push_back(made[i]);
    gradients.push_back(gradient);
  }
  if (wanted.empty() || outputs.empty()) return;
  const variable_list found = autograd::grad(outputs, wanted, gradients, true, true, true);
  size_t next = 0;
  for (size_t i = 0; i < fresh.size(); ++i) {
    if (fresh[i].defined() && step.wants(static_cast<int>(i))) step[static_cast<int>(i)] = found[next++];
  }
}

}  // namespace rondo::ops
