// What the optimizers' sources share: the walk over the parameters, and flat memory for the kernels.
#pragma once

#include <rondo/autograd/graph/meta.h>
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/optim/optimizer.h>

#include <fmt/format.h>

namespace rondo::optim {

// Throws Error("<optimizer>: Invalid <what>: <value>") unless it holds.
inline void check_option(const char* optimizer, bool holds, const char* what, double value) {
  if (!holds) fail_value(optimizer, fmt::format("Invalid {}: {}", what, value));
}

// The gradient of a leaf, null if it has none.
inline const Tensor* gradient_of(const Tensor& parameter) {
  const AutogradMeta* meta = graph::meta_of(parameter);
  return meta && meta->slot && meta->slot->grad.defined() ? &meta->slot->grad : nullptr;
}

// A parameter and its gradient as flat memory, which `rule(type, count, w, g)` changes. Views with gaps go through
// copies.
template <class Rule>
void update_flat(const char* optimizer, const Tensor& parameter, const Tensor& grad, Rule rule) {
  TensorImpl& w = parameter.impl();
  const TensorImpl& g = grad.impl();
  if ((w.dtype != kFloat && w.dtype != kDouble) || g.dtype != w.dtype || !(g.sizes == w.sizes)) {
    fail(optimizer, fmt::format("a parameter is {} of {} and its gradient {} of {}; need equal shapes, and float32 or "
                                "float64 in both",
                                to_string(w.sizes), dtype_name(w.dtype), to_string(g.sizes), dtype_name(g.dtype)));
  }
  if (w.contiguous && g.contiguous) {
    rule(w.dtype, w.numel, w.data, g.data);
    w.storage->bump_version();
    return;
  }
  const Tensor flat = parameter.detach().contiguous(), flat_grad = grad.detach().contiguous();
  rule(w.dtype, w.numel, flat.impl().data, flat_grad.impl().data);
  if (!w.contiguous) {
    parameter.detach().copy_(flat);
  } else {
    w.storage->bump_version();
  }
}

// Flat zeros like the parameter, or what is there already, converted if the parameter's dtype has changed since.
inline void* flat_state(Tensor& state, const Tensor& parameter) {
  const TensorImpl& like = parameter.impl();
  if (!state.defined()) {
    state = zeros(parameter.sizes(), like.dtype);
  } else if (state.impl().dtype != like.dtype || !state.impl().contiguous) {
    state = state.to(like.dtype).contiguous();
  }
  return state.impl().data;
}

// Calls `update(options, state, parameter, gradient)` for each parameter that has a gradient.
template <class Options, class State, class Update>
void for_each_parameter(std::vector<OptimizerParamGroup>& groups, StateMap& states, Update update) {
  size_t place = 0;
  for (OptimizerParamGroup& group : groups) {
    const auto& options = static_cast<const Options&>(group.options());
    for (const Tensor& parameter : group.params()) {
      const Tensor* grad = parameter.defined() ? gradient_of(parameter) : nullptr;
      if (!grad) continue;
      void* key = parameter.unsafeGetTensorImpl();
      OptimizerParamState* state = states.lookup(key, place++);
      if (!state) {
        state = new State;
        states[key].reset(state);
      }
      update(options, static_cast<State&>(*state), parameter, *grad);
    }
  }
}

}  // namespace rondo::optim
