// The parts of a reduction: kernels of one target over plain arrays, and the walk over strided shapes that calls them.
#pragma once

#include <rondo/autograd/kernels/strided.h>

#include <cstddef>

namespace rondo::kernels {

// Kernels that reduce numbers of type `native` to accumulators of `width` bytes.
struct Reducer {
  ScalarType native;
  size_t width;
  // out[i] = the reduction of the n contiguous numbers at x + i * step, for i < count. n may be 0.
  void (*run)(const void* x, int64_t n, int64_t count, int64_t step, void* out);
  // out[j] = the reduction of x[r * step + j] over r < rows, for j < columns. rows may be 0.
  void (*rows)(const void* x, int64_t rows, int64_t step, int64_t columns, void* out);
  // a[i] = a[i] joined with b[i], for i < n.
  void (*merge)(void* a, const void* b, int64_t n);
};

inline constexpr size_t kMaxAccumulator = 24;  // bytes

enum class ReduceOp { kSum, kProd, kMax, kMin, kAll, kAny };

// The kernels of `op`: accumulators of kFloat, kDouble or kLong, of kBool for kAll and kAny.
Reducer reducer(ReduceOp op, ScalarType accumulator);
// Count, mean and sum of squared deviations of kFloat or kDouble.
struct Moments {
  double count, mean, deviation;
};
Reducer moments_reducer(ScalarType native);

// out[k] = the reduction for every kept position k. The order in which numbers are joined depends on the shape alone.
void reduce(const ReduceShape& shape, const Reducer& kernels, ScalarType x_type, const void* x, void* out);

}  // namespace rondo::kernels
