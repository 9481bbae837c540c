// LAMB over flat spans: the means move and the norms are summed, then the weights move.
#include <rondo/autograd/kernels/norm_step.h>
#include <rondo/autograd/kernels/step_run.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/kernels/lamb.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, as Highway asks.
#include <rondo/autograd/kernels/step-inl.h>

#include <algorithm>
#include <cmath>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {
namespace {

using kernels::LambRule;
using kernels::Update;

template <class T>
struct Lamb : Arrays<T> {
  Lanes<T> sign, beta1, rest1, beta2, rest2, correction1, root2, eps, decay;

  Lamb(const Update<LambRule>& update, int64_t from)
      : Arrays<T>(update, from),
        sign(update.rule.maximize ? -1.0 : 1.0),
        beta1(update.rule.beta1),
        rest1(1 - update.rule.beta1),
        beta2(update.rule.beta2),
        rest2(1 - update.rule.beta2),
        correction1(update.rule.correction1),
        root2(std::sqrt(update.rule.correction2)),
        eps(update.rule.eps),
        decay(update.rule.weight_decay) {}

  HWY_INLINE Lanes<T> change(Lanes<T> weight, Lanes<T> mean, Lanes<T> square) const {
    return mean / (correction1 * (sqrt(square) / root2 + eps)) + decay * weight;
  }

  template <class Place>
  HWY_INLINE void move(int64_t i, Place place, Lanes<T>& weight, Lanes<T>& by) const {
    weight = place.load(this->w + i);
    const Lanes<T> gradient = sign * place.load(this->g + i);
    const Lanes<T> mean = beta1 * place.load(this->a + i) + rest1 * gradient;
    const Lanes<T> square = beta2 * place.load(this->b + i) + rest2 * gradient * gradient;
    place.store(mean, this->a + i);
    place.store(square, this->b + i);
    by = change(weight, mean, square);
  }
};

// Sums over so many registers are taken in lanes, the rest in double.
constexpr int64_t kStretch = 128;

template <class T>
void move_typed(const Update<LambRule>& update, int64_t first, int64_t n, double* sums) {
  const Lamb<T> rule(update, first);
  const auto count = static_cast<int64_t>(Lanes<T>::count());
  Lanes<T> weight(0.0), by(0.0);
  int64_t i = 0;
  while (i + count <= n) {
    Lanes<T> weights(0.0), changes(0.0);
    for (const int64_t end = std::min(n, i + kStretch * count); i + count <= end; i += count) {
      rule.move(i, Whole<T>(), weight, by);
      weights += weight * weight;
      changes += by * by;
    }
    sums[0] += static_cast<double>(sum_of(weights));
    sums[1] += static_cast<double>(sum_of(changes));
  }
  if (i == n) return;
  const Part<T> part{static_cast<size_t>(n - i)};
  rule.move(i, part, weight, by);
  HWY_ALIGN T numbers[2][HWY_MAX_BYTES / sizeof(T)] = {};
  weight.store(numbers[0]);
  by.store(numbers[1]);
  for (int k = 0; k < 2; ++k) {
    for (int64_t lane = 0; lane < n - i; ++lane) {
      sums[k] += static_cast<double>(numbers[k][lane]) * static_cast<double>(numbers[k][lane]);
    }
  }
}

void lamb_move(const Update<LambRule>& update, int64_t first, int64_t n, double* sums) {
  update.type == kDouble ? move_typed<double>(update, first, n, sums) : move_typed<float>(update, first, n, sums);
}

template <class T>
struct Apply : Lamb<T> {
  Lanes<T> rate;

  Apply(const Update<LambRule>& update, int64_t from) : Lamb<T>(update, from), rate(update.rule.lr) {}

  template <class Place>
  HWY_INLINE void step(int64_t i, Place place) const {
    const Lanes<T> weight = place.load(this->w + i);
    place.store(weight - rate * this->change(weight, place.load(this->a + i), place.load(this->b + i)), this->w + i);
  }
};

// lr holds the rate by which the change is taken.
void lamb_apply(const Update<LambRule>& update, int64_t first, int64_t n) { run_part<Apply>(update, first, n); }

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace rondo::kernels {

HWY_EXPORT(lamb_move);
HWY_EXPORT(lamb_apply);

namespace {

// Norms are summed over blocks that depend on the number of elements alone.
constexpr int64_t kMostBlocks = 256, kShortestBlock = 4096;

void lamb(const Update<LambRule>& update) {
  const int64_t n = update.n;
  const int64_t length = std::max(kShortestBlock, (n + kMostBlocks - 1) / kMostBlocks);
  const int64_t count = (n + length - 1) / length;
  double sums[kMostBlocks][2] = {};
  parallel_for(0, count, std::max<int64_t>(1, kStepGrain / length), [&](int64_t from, int64_t to) {
    for (int64_t i = from; i < to; ++i) {
      HWY_DYNAMIC_DISPATCH(lamb_move)(update, i * length, std::min(n - i * length, length), sums[i]);
    }
  });
  double weights = 0, changes = 0;
  for (int64_t i = 0; i < count; ++i) {
    weights += sums[i][0];
    changes += sums[i][1];
  }
  Update<LambRule> by = update;
  if (weights > 0 && changes > 0) by.rule.lr *= std::sqrt(weights) / std::sqrt(changes);
  parallel_for(0, n, kStepGrain, [&](int64_t first, int64_t last) {
    HWY_DYNAMIC_DISPATCH(lamb_apply)(by, first, last - first);
  });
}

}  // namespace

void step(const Update<LambRule>* updates, size_t count) { run_whole(updates, count, lamb); }

}  // namespace rondo::kernels

#endif  // HWY_ONCE
