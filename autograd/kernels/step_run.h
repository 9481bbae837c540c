// Steps of many parameters, shared among threads.
#pragma once

#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/step.h>

namespace rondo::kernels {

inline constexpr int64_t kStepGrain = 32768;  // numbers that are worth a thread

// Calls part(update, first, n) for pieces of all updates, one after the other in the range of all their numbers.
template <class Rule, class PartOf>
void run_updates(const Update<Rule>* updates, size_t count, PartOf part) {
  int64_t total = 0;
  for (size_t i = 0; i < count; ++i) total += updates[i].n;
  parallel_for(0, total, kStepGrain, [&](int64_t first, int64_t last) {
    int64_t start = 0;  // of the update in the range
    for (size_t i = 0; i < count && start < last; start += updates[i++].n) {
      const int64_t from = first > start ? first - start : 0;
      const int64_t to = last - start < updates[i].n ? last - start : updates[i].n;
      if (from < to) part(updates[i], from, to - from);
    }
  });
}

// Calls each(update), which may use threads itself, for all updates: small parameters are shared among threads as
// wholes.
template <class Rule, class Each>
void run_whole(const Update<Rule>* updates, size_t count, Each each) {
  constexpr int64_t kLarge = 4 * kStepGrain;
  int64_t small = 0;
  for (size_t i = 0; i < count; ++i) {
    if (updates[i].n < kLarge) {
      small += updates[i].n;
    } else {
      each(updates[i]);
    }
  }
  const auto all = static_cast<int64_t>(count);
  parallel_for(0, all, small < 2 * kStepGrain ? all : 1, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) {
      if (updates[i].n < kLarge) each(updates[i]);
    }
  });
}

}  // namespace rondo::kernels
