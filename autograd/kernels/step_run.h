// One range over the numbers of many parameters, shared among threads.
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

}  // namespace rondo::kernels
