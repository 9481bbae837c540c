// Pooling over windows of planes [depth, height, width]: largest and mean values, adaptive windows, their gradients.
// float32 and float64, contiguous arrays [planes, depth, height, width]; images and rows have depth, height 1.
#pragma once

#include <rondo/autograd/base/scalar_type.h>

#include <cstdint>

namespace rondo::kernels {

// Windows are `size` numbers, `dilation` apart, every `stride`, from -pad on. Three dimensions: depth, height, width.
struct PoolShape {
  int64_t planes = 0;
  int64_t in[3] = {1, 1, 1}, out[3] = {1, 1, 1};
  int64_t size[3] = {1, 1, 1}, stride[3] = {1, 1, 1}, pad[3] = {0, 0, 0}, dilation[3] = {1, 1, 1};
  bool adaptive = false;  // window i of n covers floor(i * in / n) to ceil((i + 1) * in / n)

  int64_t numbers_in() const { return in[0] * in[1] * in[2]; }
  int64_t numbers_out() const { return out[0] * out[1] * out[2]; }
};

// y: the largest number of each window, NaN where there is one; indices: its place in the plane. -inf and -1 for a
// window of padding alone.
void max_pool(ScalarType dtype, const PoolShape& shape, const void* x, void* y, int64_t* indices);
// gx[indices] += gy; gx is overwritten. A place of -1 gets nothing.
void max_pool_backward(ScalarType dtype, const PoolShape& shape, const void* gy, const int64_t* indices, void* gx);
// Windows of 2x2, side by side: whether a shape is of that kind; its places are the numbers 0 to 3 within a window.
bool is_quarter_pool(const PoolShape& shape);
void quarter_pool(ScalarType dtype, const PoolShape& shape, const void* x, void* y, uint8_t* places);
void quarter_pool_backward(ScalarType dtype, const PoolShape& shape, const void* gy, const uint8_t* places, void* gx);

// What a window's sum is divided by: its numbers with or without those of the padding, or a number of the caller's.
struct MeanDivisor {
  bool count_pad = true;
  int64_t fixed = 0;  // 0: none
};
// Takes int64 too.
void mean_pool(ScalarType dtype, const PoolShape& shape, MeanDivisor divisor, const void* x, void* y);
void mean_pool_backward(ScalarType dtype, const PoolShape& shape, MeanDivisor divisor, const void* gy, void* gx);

// y[plane][indices[i]] = x[plane][i], zeros elsewhere; of several the last one stays. Returns the place in `indices` of
// the first one that is outside of a plane of `numbers`, -1 if there is none.
int64_t max_unpool(ScalarType dtype, int64_t planes, int64_t count, int64_t numbers, const void* x,
                   const int64_t* indices, void* y);
// gx[plane][i] = gy[plane][indices[i]].
void gather_planes(ScalarType dtype, int64_t planes, int64_t count, int64_t numbers, const void* gy,
                   const int64_t* indices, void* gx);

// The largest number of windows of `size` that begin at starts[d][plane][i], for dimension d (fractional pooling).
void max_pool_at(ScalarType dtype, const PoolShape& shape, const int64_t* const starts[3], const void* x, void* y,
                 int64_t* indices);

}  // namespace rondo::kernels
