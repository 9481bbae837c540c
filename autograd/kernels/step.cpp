// Optimizer steps in PyTorch's forms over flat spans.
#include <rondo/autograd/kernels/step_run.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/kernels/step.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, as Highway asks.
#include <rondo/autograd/kernels/step-inl.h>

#include <cmath>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {
namespace {

using namespace kernels;  // NOLINT(google-build-using-namespace): the rules

template <class T, bool kBuffer>
struct Sgd : Arrays<T> {
  Lanes<T> lr, momentum, fresh;
  Intake<T> intake;
  bool first, nesterov;

  Sgd(const Update<SgdRule>& update, int64_t from)
      : Arrays<T>(update, from),
        lr(update.rule.lr),
        momentum(update.rule.momentum),
        fresh(1 - update.rule.dampening),
        intake(update.rule),
        first(update.rule.first),
        nesterov(update.rule.nesterov) {}

  template <class Place>
  HWY_INLINE void step(int64_t i, Place place) const {
    Lanes<T> weight = place.load(this->w + i), d = place.load(this->g + i);
    intake.apply(weight, d);
    if constexpr (kBuffer) {
      const Lanes<T> moving = first ? d : momentum * place.load(this->a + i) + fresh * d;
      place.store(moving, this->a + i);
      d = nesterov ? d + momentum * moving : moving;
    }
    place.store(weight - lr * d, this->w + i);
  }
};
template <class T>
using PlainSgd = Sgd<T, false>;
template <class T>
using MovingSgd = Sgd<T, true>;

// The running means of g and g^2 that Adam and its kin keep.
template <class T>
struct Moments : Arrays<T> {
  Lanes<T> beta1, rest1, beta2, rest2, eps;
  Intake<T> intake;

  template <class Rule>
  Moments(const Update<Rule>& update, int64_t from)
      : Arrays<T>(update, from),
        beta1(update.rule.beta1),
        rest1(1 - update.rule.beta1),
        beta2(update.rule.beta2),
        rest2(1 - update.rule.beta2),
        eps(update.rule.eps),
        intake(update.rule) {}

  struct Values {
    Lanes<T> weight, gradient, mean, square;
  };

  template <class Place>
  HWY_INLINE Values move(int64_t i, Place place) const {
    Lanes<T> weight = place.load(this->w + i), gradient = place.load(this->g + i);
    intake.apply(weight, gradient);
    const Lanes<T> mean = beta1 * place.load(this->a + i) + rest1 * gradient;
    const Lanes<T> square = beta2 * place.load(this->b + i) + rest2 * gradient * gradient;
    place.store(mean, this->a + i);
    place.store(square, this->b + i);
    return {weight, gradient, mean, square};
  }
};

template <class T, bool kMax>
struct Adam : Moments<T> {
  Lanes<T> rate, root;

  Adam(const Update<AdamRule>& update, int64_t from)
      : Moments<T>(update, from),
        rate(update.rule.lr / update.rule.correction1),
        root(std::sqrt(update.rule.correction2)) {}

  template <class Place>
  HWY_INLINE void step(int64_t i, Place place) const {
    const auto now = this->move(i, place);
    Lanes<T> square = now.square;
    if constexpr (kMax) {
      square = maximum(place.load(this->c + i), square);
      place.store(square, this->c + i);
    }
    place.store(now.weight - rate * now.mean / (sqrt(square) / root + this->eps), this->w + i);
  }
};
template <class T>
using PlainAdam = Adam<T, false>;
template <class T>
using AmsgradAdam = Adam<T, true>;

template <class T>
struct Nadam : Moments<T> {
  Lanes<T> correction, rate_g, rate_m;

  Nadam(const Update<NadamRule>& update, int64_t from)
      : Moments<T>(update, from),
        correction(update.rule.correction2),
        rate_g(update.rule.rate_g),
        rate_m(update.rule.rate_m) {}

  template <class Place>
  HWY_INLINE void step(int64_t i, Place place) const {
    const auto now = this->move(i, place);
    const Lanes<T> change = rate_g * now.gradient + rate_m * now.mean;
    place.store(now.weight - change / (sqrt(now.square / correction) + this->eps), this->w + i);
  }
};

template <class T>
struct Radam : Moments<T> {
  Lanes<T> rate, root;
  bool rectified;

  Radam(const Update<RadamRule>& update, int64_t from)
      : Moments<T>(update, from), rate(update.rule.rate), root(update.rule.root), rectified(update.rule.rectified) {}

  template <class Place>
  HWY_INLINE void step(int64_t i, Place place) const {
    const auto now = this->move(i, place);
    Lanes<T> change = rate * now.mean;
    if (rectified) change *= root / (sqrt(now.square) + this->eps);
    place.store(now.weight - change, this->w + i);
  }
};

template <class T>
struct Adamax : Arrays<T> {
  Lanes<T> rate, beta1, rest1, beta2, eps;
  Intake<T> intake;

  Adamax(const Update<AdamaxRule>& update, int64_t from)
      : Arrays<T>(update, from),
        rate(update.rule.rate),
        beta1(update.rule.beta1),
        rest1(1 - update.rule.beta1),
        beta2(update.rule.beta2),
        eps(update.rule.eps),
        intake(update.rule) {}

  template <class Place>
  HWY_INLINE void step(int64_t i, Place place) const {
    Lanes<T> weight = place.load(this->w + i), gradient = place.load(this->g + i);
    intake.apply(weight, gradient);
    const Lanes<T> mean = beta1 * place.load(this->a + i) + rest1 * gradient;
    const Lanes<T> largest = maximum(beta2 * place.load(this->b + i), abs(gradient) + eps);
    place.store(mean, this->a + i);
    place.store(largest, this->b + i);
    place.store(weight - rate * mean / largest, this->w + i);
  }
};

template <class T>
struct Adagrad : Arrays<T> {
  Lanes<T> rate, eps;
  Intake<T> intake;

  Adagrad(const Update<AdagradRule>& update, int64_t from)
      : Arrays<T>(update, from), rate(update.rule.rate), eps(update.rule.eps), intake(update.rule) {}

  template <class Place>
  HWY_INLINE void step(int64_t i, Place place) const {
    Lanes<T> weight = place.load(this->w + i), gradient = place.load(this->g + i);
    intake.apply(weight, gradient);
    const Lanes<T> sum = place.load(this->a + i) + gradient * gradient;
    place.store(sum, this->a + i);
    place.store(weight - rate * gradient / (sqrt(sum) + eps), this->w + i);
  }
};

template <class T>
struct Rmsprop : Arrays<T> {
  Lanes<T> lr, alpha, rest, eps, momentum;
  Intake<T> intake;

  Rmsprop(const Update<RmspropRule>& update, int64_t from)
      : Arrays<T>(update, from),
        lr(update.rule.lr),
        alpha(update.rule.alpha),
        rest(1 - update.rule.alpha),
        eps(update.rule.eps),
        momentum(update.rule.momentum),
        intake(update.rule) {}

  template <class Place>
  HWY_INLINE void step(int64_t i, Place place) const {
    Lanes<T> weight = place.load(this->w + i), gradient = place.load(this->g + i);
    intake.apply(weight, gradient);
    Lanes<T> square = alpha * place.load(this->a + i) + rest * gradient * gradient;
    place.store(square, this->a + i);
    if (this->b) {
      const Lanes<T> mean = alpha * place.load(this->b + i) + rest * gradient;
      place.store(mean, this->b + i);
      square -= mean * mean;
    }
    Lanes<T> change = gradient / (sqrt(square) + eps);
    if (this->c) {
      change += momentum * place.load(this->c + i);
      place.store(change, this->c + i);
    }
    place.store(weight - lr * change, this->w + i);
  }
};

template <class T>
struct Adadelta : Arrays<T> {
  Lanes<T> lr, rho, rest, eps;
  Intake<T> intake;

  Adadelta(const Update<AdadeltaRule>& update, int64_t from)
      : Arrays<T>(update, from),
        lr(update.rule.lr),
        rho(update.rule.rho),
        rest(1 - update.rule.rho),
        eps(update.rule.eps),
        intake(update.rule) {}

  template <class Place>
  HWY_INLINE void step(int64_t i, Place place) const {
    Lanes<T> weight = place.load(this->w + i), gradient = place.load(this->g + i);
    intake.apply(weight, gradient);
    const Lanes<T> square = rho * place.load(this->a + i) + rest * gradient * gradient,
                   before = place.load(this->b + i);
    const Lanes<T> change = sqrt(before + eps) / sqrt(square + eps) * gradient;
    place.store(square, this->a + i);
    place.store(rho * before + rest * change * change, this->b + i);
    place.store(weight - lr * change, this->w + i);
  }
};

template <class T>
struct Asgd : Arrays<T> {
  Lanes<T> eta, mu, keep;
  Intake<T> intake;
  bool copies;

  Asgd(const Update<AsgdRule>& update, int64_t from)
      : Arrays<T>(update, from),
        eta(update.rule.eta),
        mu(update.rule.mu),
        keep(1 - update.rule.lambda * update.rule.eta),
        intake(update.rule),
        copies(update.rule.mu == 1) {}

  template <class Place>
  HWY_INLINE void step(int64_t i, Place place) const {
    Lanes<T> weight = place.load(this->w + i), gradient = place.load(this->g + i);
    intake.apply(weight, gradient);
    weight = weight * keep - eta * gradient;
    place.store(weight, this->w + i);
    const Lanes<T> before = place.load(this->a + i);
    place.store(copies ? weight : before + (weight - before) * mu, this->a + i);
  }
};

template <class T>
struct Rprop : Arrays<T> {
  Lanes<T> down, up, least, most;
  Intake<T> intake;

  Rprop(const Update<RpropRule>& update, int64_t from)
      : Arrays<T>(update, from),
        down(update.rule.down),
        up(update.rule.up),
        least(update.rule.least),
        most(update.rule.most),
        intake(update.rule) {}

  template <class Place>
  HWY_INLINE void step(int64_t i, Place place) const {
    Lanes<T> weight = place.load(this->w + i), gradient = place.load(this->g + i);
    intake.apply(weight, gradient);
    const Lanes<T> agreement = gradient * place.load(this->a + i);
    const Lanes<T> factor = where(agreement > 0.0, up, where(agreement < 0.0, down, Lanes<T>(1.0)));
    const Lanes<T> size = minimum(maximum(place.load(this->b + i) * factor, least), most);
    gradient = where(agreement < 0.0, Lanes<T>(0.0), gradient);
    place.store(gradient, this->a + i);
    place.store(size, this->b + i);
    place.store(weight - sign(gradient) * size, this->w + i);
  }
};

template <class T>
struct Lion : Arrays<T> {
  Lanes<T> lr, beta1, rest1, beta2, rest2, keep, direction;

  Lion(const Update<LionRule>& update, int64_t from)
      : Arrays<T>(update, from),
        lr(update.rule.lr),
        beta1(update.rule.beta1),
        rest1(1 - update.rule.beta1),
        beta2(update.rule.beta2),
        rest2(1 - update.rule.beta2),
        keep(1 - update.rule.lr * update.rule.weight_decay),
        direction(update.rule.maximize ? -1.0 : 1.0) {}

  template <class Place>
  HWY_INLINE void step(int64_t i, Place place) const {
    const Lanes<T> gradient = direction * place.load(this->g + i), before = place.load(this->a + i);
    place.store(beta2 * before + rest2 * gradient, this->a + i);
    place.store(place.load(this->w + i) * keep - lr * sign(beta1 * before + rest1 * gradient), this->w + i);
  }
};

// ---- n numbers of one update

void sgd_part(const Update<SgdRule>& update, int64_t first, int64_t n) {
  update.state[0] ? run_part<MovingSgd>(update, first, n) : run_part<PlainSgd>(update, first, n);
}
void adam_part(const Update<AdamRule>& update, int64_t first, int64_t n) {
  update.state[2] ? run_part<AmsgradAdam>(update, first, n) : run_part<PlainAdam>(update, first, n);
}
void adagrad_part(const Update<AdagradRule>& update, int64_t first, int64_t n) { run_part<Adagrad>(update, first, n); }
void rmsprop_part(const Update<RmspropRule>& update, int64_t first, int64_t n) { run_part<Rmsprop>(update, first, n); }
void adamax_part(const Update<AdamaxRule>& update, int64_t first, int64_t n) { run_part<Adamax>(update, first, n); }
void nadam_part(const Update<NadamRule>& update, int64_t first, int64_t n) { run_part<Nadam>(update, first, n); }
void radam_part(const Update<RadamRule>& update, int64_t first, int64_t n) { run_part<Radam>(update, first, n); }
void adadelta_part(const Update<AdadeltaRule>& update, int64_t first, int64_t n) {
  run_part<Adadelta>(update, first, n);
}
void asgd_part(const Update<AsgdRule>& update, int64_t first, int64_t n) { run_part<Asgd>(update, first, n); }
void rprop_part(const Update<RpropRule>& update, int64_t first, int64_t n) { run_part<Rprop>(update, first, n); }
void lion_part(const Update<LionRule>& update, int64_t first, int64_t n) { run_part<Lion>(update, first, n); }

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace rondo::kernels {

HWY_EXPORT(sgd_part);
HWY_EXPORT(adam_part);
HWY_EXPORT(adagrad_part);
HWY_EXPORT(rmsprop_part);
HWY_EXPORT(adamax_part);
HWY_EXPORT(nadam_part);
HWY_EXPORT(radam_part);
HWY_EXPORT(adadelta_part);
HWY_EXPORT(asgd_part);
HWY_EXPORT(rprop_part);
HWY_EXPORT(lion_part);

void step(const Update<SgdRule>* updates, size_t count) { run_updates(updates, count, HWY_DYNAMIC_DISPATCH(sgd_part)); }
void step(const Update<AdamRule>* updates, size_t count) {
  run_updates(updates, count, HWY_DYNAMIC_DISPATCH(adam_part));
}
void step(const Update<AdagradRule>* updates, size_t count) {
  run_updates(updates, count, HWY_DYNAMIC_DISPATCH(adagrad_part));
}
void step(const Update<RmspropRule>* updates, size_t count) {
  run_updates(updates, count, HWY_DYNAMIC_DISPATCH(rmsprop_part));
}
void step(const Update<AdamaxRule>* updates, size_t count) {
  run_updates(updates, count, HWY_DYNAMIC_DISPATCH(adamax_part));
}
void step(const Update<NadamRule>* updates, size_t count) {
  run_updates(updates, count, HWY_DYNAMIC_DISPATCH(nadam_part));
}
void step(const Update<RadamRule>* updates, size_t count) {
  run_updates(updates, count, HWY_DYNAMIC_DISPATCH(radam_part));
}
void step(const Update<AdadeltaRule>* updates, size_t count) {
  run_updates(updates, count, HWY_DYNAMIC_DISPATCH(adadelta_part));
}
void step(const Update<AsgdRule>* updates, size_t count) {
  run_updates(updates, count, HWY_DYNAMIC_DISPATCH(asgd_part));
}
void step(const Update<RpropRule>* updates, size_t count) {
  run_updates(updates, count, HWY_DYNAMIC_DISPATCH(rprop_part));
}
void step(const Update<LionRule>* updates, size_t count) {
  run_updates(updates, count, HWY_DYNAMIC_DISPATCH(lion_part));
}

}  // namespace rondo::kernels

#endif  // HWY_ONCE
