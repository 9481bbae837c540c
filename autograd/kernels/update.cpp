// Optimizer steps in Keras' forms over flat spans.
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/update.h>

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/kernels/update.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, as Highway asks.
#include <rondo/autograd/kernels/step-inl.h>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {
namespace {

template <class T>
struct KerasSgd {
  T* HWY_RESTRICT w;
  const T* HWY_RESTRICT g;
  T* HWY_RESTRICT m;
  Lanes<T> lr, momentum, decay;
  bool nesterov;

  template <class Place>
  HWY_INLINE void step(int64_t i, Place place) const {
    Lanes<T> weight = place.load(w + i);
    weight -= weight * decay;
    const Lanes<T> change = lr * place.load(g + i);
    if (!m) return place.store(weight - change, w + i);
    const Lanes<T> moving = momentum * place.load(m + i) - change;
    place.store(moving, m + i);
    place.store(weight + (nesterov ? momentum * moving - change : moving), w + i);
  }
};

template <class T>
void keras_sgd_typed(int64_t n, T* w, const T* g, T* m, const kernels::KerasSgdRule& rule) {
  each_register<T>(KerasSgd<T>{w, g, m, rule.lr, rule.momentum, rule.weight_decay * rule.lr, rule.nesterov}, n);
}

template <class T, bool kMax>
struct KerasAdam {
  T* HWY_RESTRICT w;
  const T* HWY_RESTRICT g;
  T* HWY_RESTRICT m;
  T* HWY_RESTRICT v;
  T* HWY_RESTRICT max_v;
  Lanes<T> rest1, rest2, eps, alpha, decay;

  template <class Place>
  HWY_INLINE void step(int64_t i, Place place) const {
    Lanes<T> weight = place.load(w + i), mean = place.load(m + i), square = place.load(v + i);
    const Lanes<T> gradient = place.load(g + i);
    weight -= weight * decay;
    mean += (gradient - mean) * rest1;
    square += (gradient * gradient - square) * rest2;
    place.store(mean, m + i);
    place.store(square, v + i);
    if constexpr (kMax) {
      square = maximum(place.load(max_v + i), square);
      place.store(square, max_v + i);
    }
    place.store(weight - alpha * mean / (sqrt(square) + eps), w + i);
  }
};

template <class T>
void keras_adam_typed(int64_t n, T* w, const T* g, T* m, T* v, T* max_v, const kernels::KerasAdamRule& rule,
                      double alpha) {
  const Lanes<T> rest1(1 - rule.beta1), rest2(1 - rule.beta2), eps(rule.eps), decay(rule.weight_decay * rule.lr);
  if (max_v) {
    each_register<T>(KerasAdam<T, true>{w, g, m, v, max_v, rest1, rest2, eps, alpha, decay}, n);
  } else {
    each_register<T>(KerasAdam<T, false>{w, g, m, v, max_v, rest1, rest2, eps, alpha, decay}, n);
  }
}

template <class T>
struct KerasRmsprop {
  T* HWY_RESTRICT w;
  const T* HWY_RESTRICT g;
  T* HWY_RESTRICT v;
  T* HWY_RESTRICT mean_g;
  T* HWY_RESTRICT buffer;
  Lanes<T> lr, rho, rest, momentum, eps, decay;

  template <class Place>
  HWY_INLINE void step(int64_t i, Place place) const {
    Lanes<T> weight = place.load(w + i);
    const Lanes<T> gradient = place.load(g + i);
    weight -= weight * decay;
    Lanes<T> square = rho * place.load(v + i) + rest * (gradient * gradient);
    place.store(square, v + i);
    if (mean_g) {
      const Lanes<T> mean = rho * place.load(mean_g + i) + rest * gradient;
      place.store(mean, mean_g + i);
      square -= mean * mean;
    }
    Lanes<T> change = lr * gradient / sqrt(square + eps);
    if (buffer) {
      change = momentum * place.load(buffer + i) + change;
      place.store(change, buffer + i);
    }
    place.store(weight - change, w + i);
  }
};

template <class T>
void keras_rmsprop_typed(int64_t n, T* w, const T* g, T* v, T* mean_g, T* buffer,
                         const kernels::KerasRmspropRule& rule) {
  each_register<T>(KerasRmsprop<T>{w, g, v, mean_g, buffer, rule.lr, rule.rho, 1 - rule.rho, rule.momentum, rule.eps,
                                   rule.weight_decay * rule.lr},
                   n);
}

// ---- by type, from element `first` on

void keras_sgd_span(ScalarType type, int64_t first, int64_t n, void* w, const void* g, void* m,
                    const kernels::KerasSgdRule& rule) {
  if (type == kDouble) {
    keras_sgd_typed(n, at<double>(w, first), at<const double>(g, first), at<double>(m, first), rule);
  } else {
    keras_sgd_typed(n, at<float>(w, first), at<const float>(g, first), at<float>(m, first), rule);
  }
}

void keras_adam_span(ScalarType type, int64_t first, int64_t n, void* w, const void* g, void* m, void* v, void* max_v,
                     const kernels::KerasAdamRule& rule, double alpha) {
  if (type == kDouble) {
    keras_adam_typed(n, at<double>(w, first), at<const double>(g, first), at<double>(m, first), at<double>(v, first),
                     at<double>(max_v, first), rule, alpha);
  } else {
    keras_adam_typed(n, at<float>(w, first), at<const float>(g, first), at<float>(m, first), at<float>(v, first),
                     at<float>(max_v, first), rule, alpha);
  }
}

void keras_rmsprop_span(ScalarType type, int64_t first, int64_t n, void* w, const void* g, void* v, void* mean_g,
                        void* buffer, const kernels::KerasRmspropRule& rule) {
  if (type == kDouble) {
    keras_rmsprop_typed(n, at<double>(w, first), at<const double>(g, first), at<double>(v, first),
                        at<double>(mean_g, first), at<double>(buffer, first), rule);
  } else {
    keras_rmsprop_typed(n, at<float>(w, first), at<const float>(g, first), at<float>(v, first),
                        at<float>(mean_g, first), at<float>(buffer, first), rule);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace rondo::kernels {

HWY_EXPORT(keras_sgd_span);
HWY_EXPORT(keras_adam_span);
HWY_EXPORT(keras_rmsprop_span);

namespace {

constexpr int64_t kGrain = 32768;  // numbers that are worth a thread

// 1 - beta^t. The spans of one step ask for the same powers, and pow costs as much as the step of eight numbers.
struct Correction {
  double beta, value;
  int64_t step;

  double at(double b, int64_t t) {
    if (b != beta || t != step) {
      beta = b;
      step = t;
      value = 1 - std::pow(b, static_cast<double>(t));
    }
    return value;
  }
};
constinit thread_local Correction correction1{0, 1, 1}, correction2{0, 1, 1};

}  // namespace

void keras_sgd(ScalarType type, int64_t n, void* w, const void* g, void* m, const KerasSgdRule& rule) {
  parallel_for(0, n, kGrain, [&](int64_t first, int64_t last) {
    HWY_DYNAMIC_DISPATCH(keras_sgd_span)(type, first, last - first, w, g, m, rule);
  });
}

void keras_adam(ScalarType type, int64_t n, void* w, const void* g, void* m, void* v, void* max_v,
                const KerasAdamRule& rule) {
  const double alpha =
      rule.lr * std::sqrt(correction2.at(rule.beta2, rule.step)) / correction1.at(rule.beta1, rule.step);
  parallel_for(0, n, kGrain, [&](int64_t first, int64_t last) {
    HWY_DYNAMIC_DISPATCH(keras_adam_span)(type, first, last - first, w, g, m, v, max_v, rule, alpha);
  });
}

void keras_rmsprop(ScalarType type, int64_t n, void* w, const void* g, void* v, void* mean_g, void* buffer,
                   const KerasRmspropRule& rule) {
  parallel_for(0, n, kGrain, [&](int64_t first, int64_t last) {
    HWY_DYNAMIC_DISPATCH(keras_rmsprop_span)(type, first, last - first, w, g, v, mean_g, buffer, rule);
  });
}

}  // namespace rondo::kernels

#endif  // HWY_ONCE
