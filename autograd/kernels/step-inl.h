// What the optimizers' kernels share: formulas on whole registers and on the first lanes of one, and the walk over the
// parts of a span. Included from files that Highway compiles once per target.

// Guard per target: toggled by foreach_target.h.
#if defined(RONDO_AUTOGRAD_KERNELS_STEP_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RONDO_AUTOGRAD_KERNELS_STEP_INL_H_
#undef RONDO_AUTOGRAD_KERNELS_STEP_INL_H_
#else
#define RONDO_AUTOGRAD_KERNELS_STEP_INL_H_
#endif

#include <rondo/autograd/kernels/lanes-inl.h>
#include <rondo/autograd/kernels/step.h>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {

// A place in the arrays of a rule, whole registers or the first n lanes of one. An array may be null where the rule
// says so; then it is not asked for.
template <class T>
struct Whole {
  HWY_INLINE Lanes<T> load(const T* p) const { return Lanes<T>::load(p); }
  HWY_INLINE void store(Lanes<T> v, T* p) const { v.store(p); }
};
template <class T>
struct Part {
  size_t n;
  HWY_INLINE Lanes<T> load(const T* p) const { return Lanes<T>::load_first(p, n); }
  HWY_INLINE void store(Lanes<T> v, T* p) const { v.store_first(p, n); }
};

// Calls rule.step(i, place) for every register of [0, n); two at a time, so that roots and divisions overlap.
template <class T, class Rule>
HWY_INLINE void each_register(const Rule& rule, int64_t n) {
  const auto count = static_cast<int64_t>(Lanes<T>::count());
  int64_t i = 0;
  for (; i + 2 * count <= n; i += 2 * count) {
    rule.step(i, Whole<T>());
    rule.step(i + count, Whole<T>());
  }
  if (i + count <= n) {
    rule.step(i, Whole<T>());
    i += count;
  }
  if (i < n) rule.step(i, Part<T>{static_cast<size_t>(n - i)});
}

template <class T, class P>
HWY_INLINE T* at(P* p, int64_t first) {
  return p ? static_cast<T*>(p) + first : nullptr;
}

// The arrays of an update from one of its numbers on.
template <class T>
struct Arrays {
  T* HWY_RESTRICT w;
  const T* HWY_RESTRICT g;
  T* HWY_RESTRICT a;
  T* HWY_RESTRICT b;
  T* HWY_RESTRICT c;

  template <class Rule>
  Arrays(const kernels::Update<Rule>& update, int64_t first)
      : w(at<T>(update.w, first)),
        g(at<const T>(update.g, first)),
        a(at<T>(update.state[0], first)),
        b(at<T>(update.state[1], first)),
        c(at<T>(update.state[2], first)) {}
};

// How a rule takes weight and gradient: the gradient negated if it maximizes, the decay added to it or taken from the
// weight.
template <class T>
struct Intake {
  Lanes<T> sign, decay, keep;
  bool adds, scales;

  template <class Rule>
  explicit Intake(const Rule& rule)
      : sign(rule.maximize ? -1.0 : 1.0),
        decay(rule.weight_decay),
        keep(kept(rule)),
        adds(!decoupled(rule) && rule.weight_decay != 0),
        scales(decoupled(rule) && rule.weight_decay != 0) {}

  HWY_INLINE void apply(Lanes<T>& weight, Lanes<T>& gradient) const {
    gradient = sign * gradient;
    if (adds) gradient += decay * weight;
    if (scales) weight *= keep;
  }

 private:
  template <class Rule>
  static bool decoupled(const Rule& rule) {
    if constexpr (requires { rule.decoupled; }) return rule.decoupled;
    return false;
  }
  template <class Rule>
  static double kept(const Rule& rule) {
    if constexpr (requires { rule.decoupled; }) return 1 - rule.lr * rule.weight_decay;
    return 1;
  }
};

// Formula<T>(update, first).step(i, place) on n numbers of an update from `first` on.
template <template <class> class Formula, class Rule>
HWY_INLINE void run_part(const kernels::Update<Rule>& update, int64_t first, int64_t n) {
  if (update.type == kDouble) {
    each_register<double>(Formula<double>(update, first), n);
  } else {
    each_register<float>(Formula<float>(update, first), n);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#endif  // per-target guard
