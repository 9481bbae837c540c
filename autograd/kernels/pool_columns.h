// One row of windows at a time, on lanes: columns whose windows lie inside the input from left to right.
#pragma once

#include <cstdint>

namespace rondo::kernels {

// The windows of columns [first, end) of a row; that of column k holds the numbers x[offsets[t] + k * stride] for all
// taps t. stride: 1 or 2.
template <class T>
struct PoolColumns {
  const T* x;
  int64_t numbers;  // of x, of which nothing behind is read
  const int64_t* offsets;
  int64_t taps, first, end, stride;
};

// y[k] and indices[k] of these columns: the largest number, the last NaN where there is one, and its place in x.
// Returns the column up to which registers have come: the last ones, or all where they are few, are the caller's.
int64_t max_columns(const PoolColumns<float>& columns, float* y, int64_t* indices);
int64_t max_columns(const PoolColumns<double>& columns, double* y, int64_t* indices);
// y[k] = sum / divisor.
int64_t mean_columns(const PoolColumns<float>& columns, float divisor, float* y);
int64_t mean_columns(const PoolColumns<double>& columns, double divisor, double* y);

}  // namespace rondo::kernels
