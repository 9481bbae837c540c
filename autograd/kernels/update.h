// Optimizer steps in Keras' forms: one rule, one pass over a flat span; types and bits as in step.h.
#pragma once

#include <rondo/autograd/base/scalar_type.h>

#include <cstdint>

namespace rondo::kernels {

// SGD: m = momentum m - lr g; w += m, Nesterov: w += momentum m - lr g. Adam: m += (g - m)(1 - beta1);
// v += (g^2 - v)(1 - beta2); w -= alpha m / (sqrt(v) + eps) with alpha = lr sqrt(1 - beta2^t) / (1 - beta1^t); amsgrad
// as above, on the uncorrected v. RMSprop: v = rho v + (1 - rho) g^2; d = v [- mean_g^2, mean_g = rho mean_g + (1 -
// rho) g] + eps; u = lr g / sqrt(d); momentum: buffer = momentum * buffer + u, w -= buffer. In all: w -= w *
// weight_decay * lr before the update.
struct KerasSgdRule {
  double lr, momentum, weight_decay;
  bool nesterov;
};
void keras_sgd(ScalarType type, int64_t n, void* w, const void* g, void* m, const KerasSgdRule& rule);
struct KerasAdamRule {
  double lr, beta1, beta2, eps, weight_decay;
  int64_t step;
};
void keras_adam(ScalarType type, int64_t n, void* w, const void* g, void* m, void* v, void* max_v,
                const KerasAdamRule& rule);
struct KerasRmspropRule {
  double lr, rho, momentum, eps, weight_decay;
};
// mean_g null: not centered; buffer null: no momentum.
void keras_rmsprop(ScalarType type, int64_t n, void* w, const void* g, void* v, void* mean_g, void* buffer,
                   const KerasRmspropRule& rule);

}  // namespace rondo::kernels
