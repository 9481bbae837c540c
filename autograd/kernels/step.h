// Optimizer steps in PyTorch's forms: many parameters in one pass over flat spans. float32 and float64; formulas run in
// the span's type with coefficients prepared in double. Lanes on every element, so that a number's bits do not depend
// on its place. `weight_decay` is added to g as weight_decay w unless a rule says otherwise; `maximize` negates g
// first.
#pragma once

#include <rondo/autograd/base/scalar_type.h>

#include <cstddef>
#include <cstdint>

namespace rondo::kernels {

// The arrays of one parameter, n numbers each, and its rule with the coefficients of this step. What the rule does not
// name in `state` is null.
template <class Rule>
struct Update {
  ScalarType type;
  int64_t n;
  void* w;
  const void* g;
  void* state[3];
  Rule rule;
};

// state: buffer, null without momentum. buffer = first ? g : momentum buffer + (1 - dampening) g; w -= lr (nesterov ? g
// + momentum buffer : buffer).
struct SgdRule {
  double lr, momentum, dampening, weight_decay;
  bool nesterov, first, maximize;
};
// state: m, v, max_v (null without amsgrad). m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; w -= lr /
// correction1 m / (sqrt(v) / sqrt(correction2) + eps), where max_v = max(max_v, v) takes v's place if it is there.
// correction = 1 - beta^t. decoupled: w *= 1 - lr weight_decay first, g stays.
struct AdamRule {
  double lr, beta1, beta2, eps, weight_decay, correction1, correction2;
  bool decoupled, maximize;
};
// state: sum. sum += g^2; w -= rate g / (sqrt(sum) + eps).
struct AdagradRule {
  double rate, eps, weight_decay;
  bool maximize;
};
// state: v, mean (null unless centered), buffer (null without momentum). v = alpha v + (1 - alpha) g^2; d = sqrt(v -
// mean^2) + eps with mean = alpha mean + (1 - alpha) g; buffer = momentum buffer + g / d; w -= lr (buffer or g / d).
struct RmspropRule {
  double lr, alpha, eps, weight_decay, momentum;
  bool maximize;
};
// state: m, u. m = beta1 m + (1 - beta1) g; u = max(beta2 u, |g| + eps); w -= rate m / u.
struct AdamaxRule {
  double rate, beta1, beta2, eps, weight_decay;
  bool maximize;
};
// state: m, v as Adam's. w -= (rate_g g + rate_m m) / (sqrt(v / correction2) + eps). decoupled as in Adam.
struct NadamRule {
  double lr, beta1, beta2, eps, weight_decay, correction2, rate_g, rate_m;
  bool decoupled, maximize;
};
// state: m, v as Adam's. w -= rate m root / (sqrt(v) + eps), or rate m while the variance is not rectified. decoupled
// as in Adam.
struct RadamRule {
  double lr, beta1, beta2, eps, weight_decay, rate, root;
  bool rectified, decoupled, maximize;
};
// state: v, a. v = rho v + (1 - rho) g^2; d = sqrt(a + eps) / sqrt(v + eps) g; a = rho a + (1 - rho) d^2; w -= lr d.
struct AdadeltaRule {
  double lr, rho, eps, weight_decay;
  bool maximize;
};
// state: average. w = w (1 - lambda eta) - eta g; average += (w - average) mu.
struct AsgdRule {
  double eta, mu, lambda, weight_decay;
  bool maximize;
};
// state: prev, size. By the sign of g prev, size grows by `up` or shrinks by `down`, within [least, most]; where it
// shrinks g counts as 0. w -= sign(g) size; prev = g.
struct RpropRule {
  double down, up, least, most, weight_decay;
  bool maximize;
};
// state: m. w = w (1 - lr weight_decay) - lr sign(beta1 m + (1 - beta1) g); m = beta2 m + (1 - beta2) g.
struct LionRule {
  double lr, beta1, beta2, weight_decay;
  bool maximize;
};

// One step of all parameters, shared among threads as one range.
void step(const Update<SgdRule>* updates, size_t count);
void step(const Update<AdamRule>* updates, size_t count);
void step(const Update<AdagradRule>* updates, size_t count);
void step(const Update<RmspropRule>* updates, size_t count);
void step(const Update<AdamaxRule>* updates, size_t count);
void step(const Update<NadamRule>* updates, size_t count);
void step(const Update<RadamRule>* updates, size_t count);
void step(const Update<AdadeltaRule>* updates, size_t count);
void step(const Update<AsgdRule>* updates, size_t count);
void step(const Update<RpropRule>* updates, size_t count);
void step(const Update<LionRule>* updates, size_t count);

}  // namespace rondo::kernels
