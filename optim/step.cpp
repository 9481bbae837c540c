// Checks and memory that the optimizers share.
#include <rondo/optim/step-inl.h>

namespace rondo::optim {

void check_option(const char* optimizer, bool holds, const char* what, double value) {
  if (!holds) fail_value(optimizer, fmt::format("Invalid {}: {}", what, value));
}

void check_gradients(const char* optimizer, const std::vector<OptimizerParamGroup>& groups) {
  for (const OptimizerParamGroup& group : groups) {
    for (const Tensor& parameter : group.params()) {
      const Tensor* grad = gradient_of(parameter);
      if (!grad) continue;
      const TensorImpl& w = parameter.impl();
      const TensorImpl& g = grad->impl();
      if ((w.dtype == kFloat || w.dtype == kDouble) && g.dtype == w.dtype && g.sizes == w.sizes) continue;
      fail(optimizer,
           fmt::format("a parameter is {} of {} and its gradient {} of {}; need equal shapes, and float32 or float64 "
                       "in both",
                       to_string(w.sizes), dtype_name(w.dtype), to_string(g.sizes), dtype_name(g.dtype)));
    }
  }
}

void* flat_state(Tensor& state, const Tensor& parameter, double value) {
  const TensorImpl& like = parameter.impl();
  if (!state.defined()) {
    state = value == 0 ? zeros(parameter.sizes(), like.dtype) : full(parameter.sizes(), value, like.dtype);
  } else if (state.impl().sizes != like.sizes) {
    fail("step", fmt::format("the state of a parameter is {}, the parameter {}", to_string(state.impl().sizes),
                             to_string(like.sizes)));
  } else if (state.impl().dtype != like.dtype || !state.impl().contiguous) {
    state = state.to(like.dtype).contiguous();
  }
  return state.impl().data;
}

}  // namespace rondo::optim
