// How kernels cut their work into pieces for threads, and choose the type of the numbers.
#pragma once

#include <rondo/autograd/base/scalar_type.h>

#include <algorithm>
#include <cstdint>

namespace rondo::kernels {

constexpr int64_t kGrain = 32768;  // numbers that are worth a thread

// How many things of so many numbers each are worth a thread.
inline int64_t grain_of(int64_t numbers) { return std::max<int64_t>(1, kGrain / std::max<int64_t>(1, numbers)); }

// Calls f(T()) with the type of the numbers, float or double.
template <class F>
void with_type(ScalarType dtype, const F& f) {
  dtype == kDouble ? f(double()) : f(float());
}

}  // namespace rondo::kernels
