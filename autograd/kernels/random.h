// Random numbers into contiguous arrays, in the streams of libtorch's CPU generator: one state and one call give the
// numbers that libtorch gives. float32 and float64 normal samples agree but for the last places of log, sin and cos.
// A strided tensor of libtorch draws in the order of its memory.
#pragma once

#include <rondo/autograd/base/mt19937.h>
#include <rondo/autograd/base/scalar_type.h>

#include <cstdint>

namespace rondo::kernels {

using base::RandomSource;

// The floating types, here and below where nothing else is said. [from, to): float32 24 bits of one output, float64 53
// bits of two, float16 and bfloat16 the bits of their mantissa.
void uniform(RandomSource& source, ScalarType type, int64_t n, void* y, double from, double to);

// From 16 samples on by blocks of 16 (Box-Muller on the type's own uniform numbers; where n is not a multiple of 16 the
// last 16 are drawn anew); fewer, or where `blocks` is false (libtorch: strided outputs), pairs from float64 numbers,
// of which the second waits in the source for the next call.
void normal(RandomSource& source, ScalarType type, int64_t n, void* y, double mean, double std, bool blocks = true);

// 1 with probability p, else 0. Any type. One float64 uniform number each.
void bernoulli(RandomSource& source, ScalarType type, int64_t n, void* y, double p);
// With probability p[i]: a float64 uniform number each where p is float64, else a float32 one. p: floating.
void bernoulli(RandomSource& source, ScalarType type, int64_t n, void* y, ScalarType p_type, const void* p);

// from + output % range, converted to the type (any). 0 < range; from 2^32 on a 64-bit output for int64, float64,
// float32 and bfloat16.
void random_range(RandomSource& source, ScalarType type, int64_t n, void* y, int64_t from, uint64_t range);
// The bounds that libtorch takes in the place of [from, to) for a floating type: moved inwards to integers that the
// type holds, so that no conversion rounds up to `to`. Other types: unchanged. The range may come out empty.
struct RandomBounds {
  int64_t from, to;
};
RandomBounds representable_bounds(ScalarType type, int64_t from, int64_t to);

// What random_() without bounds draws: 0 to the integer's largest value, 0 to 2^(bits of mantissa), or either bool.
void random_any(RandomSource& source, ScalarType type, int64_t n, void* y);
// All 64 bits: int64, float64, float32, bfloat16.
void random_bits(RandomSource& source, ScalarType type, int64_t n, void* y);

// 0 to n - 1 in random order (Fisher and Yates from the front). Any type but bool.
void random_permutation(RandomSource& source, ScalarType type, int64_t n, void* y);

// -log(1 - u) / lambda; exp of normal; median + sigma tan(pi (u - 1/2)); ceil(log(u) / log(1 - p)), the last for any
// type but bool. All from float64 uniform numbers.
void exponential(RandomSource& source, ScalarType type, int64_t n, void* y, double lambda);
void log_normal(RandomSource& source, ScalarType type, int64_t n, void* y, double mean, double std);
void cauchy(RandomSource& source, ScalarType type, int64_t n, void* y, double median, double sigma);
void geometric(RandomSource& source, ScalarType type, int64_t n, void* y, double p);

}  // namespace rondo::kernels
