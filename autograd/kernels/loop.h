// Walking several strided arrays of one shape at once, for pointwise kernels.
#pragma once

#include <cstdint>

namespace rondo::kernels {

// The inner loop of a pointwise kernel over n numbers. data[0] is the output; step[i] is 1 for an array of n numbers
// and 0 for one number that stands for all (never the output). `op` points to the parameters. step[0] is kStreamed
// where the arrays are larger than the caches: a loop may then write past them, and the caller waits for these writes.
using Loop = void (*)(const void* op, void* const* data, const int64_t* step, int64_t n);
inline constexpr int64_t kStreamed = 2;

inline constexpr int kMaxOperands = 6;

// One array of a walk: strides in elements, 0 where it is broadcast.
struct Operand {
  void* data;
  int64_t element_bytes;
  const int64_t* strides;
};

// Runs `loop` over the shape. operands[0] is written and must not overlap itself; an input may be the very same array
// as the output. Arrays that are strided in the inner dimension pass through small buffers. `grain`: numbers below
// which no thread is woken.
void run_loop(Loop loop, const void* op, int count, const Operand* operands, int ndim, const int64_t* sizes,
              int64_t grain);

// The same for arrays without gaps that agree in layout: step as in Loop.
void run_flat(Loop loop, const void* op, int count, void* const* data, const int64_t* step,
              const int64_t* element_bytes, int64_t n, int64_t grain);

}  // namespace rondo::kernels
