// Kernels over strided arrays: copies and conversions, reductions, scans, sorting, indexing.
#pragma once

#include <rondo/autograd/base/scalar_type.h>

#include <cstdint>

namespace rondo::kernels {

// y = x, element by element over `ndim` dimensions, converting from x_type to y_type (C++ conversions; floating to
// integer truncates and is defined, as on x86-64, for values out of range and NaN; anything non-zero is true). Strides
// in elements, in the same order of dimensions; any may be 0 in x. Dimensions are coalesced and reordered for locality;
// a transposition goes through blocks. x and y may be the same array when strides and types agree, else must not
// overlap.
void copy(int ndim, const int64_t* sizes, ScalarType y_type, void* y, const int64_t* y_strides, ScalarType x_type,
          const void* x, const int64_t* x_strides);

// Sets every element to `value` (given in y's type at `value`). Strides in elements.
void fill(int ndim, const int64_t* sizes, ScalarType type, void* y, const int64_t* y_strides, const void* value);

// A reduction's shape: the kept dimensions (the output is contiguous over them, in this order) and the reduced ones,
// with x's strides in elements. Either count may be 0.
struct ReduceShape {
  int kept = 0, reduced = 0;
  const int64_t *kept_sizes = nullptr, *kept_strides = nullptr;
  const int64_t *reduced_sizes = nullptr, *reduced_strides = nullptr;
};

// Sum, in y_type: float32 and float64 by blocks (error grows like the logarithm of the length; the order of additions
// depends on the shape alone, never on the threads); float16 and bfloat16 accumulate in float; integers and bool
// accumulate in int64 and y_type is then kLong (or a floating type). x_type and y_type otherwise agree or y_type is the
// wider floating type.
void sum(const ReduceShape& shape, ScalarType x_type, const void* x, ScalarType y_type, void* y);
void prod(const ReduceShape& shape, ScalarType x_type, const void* x, ScalarType y_type, void* y);
// Largest and smallest element of the same type, every dtype; NaN wins. The reduced part must not be empty.
void amax(const ReduceShape& shape, ScalarType type, const void* x, void* y);
void amin(const ReduceShape& shape, ScalarType type, const void* x, void* y);
void all(const ReduceShape& shape, ScalarType type, const void* x, bool* y);
void any(const ReduceShape& shape, ScalarType type, const void* x, bool* y);
// Mean and variance in one reading (float32, float64): variance = sum((x - mean)^2) / max(0, count - correction), NaN
// for 0/0; by Welford's or a shifted two-pass method. Either result may be null.
void mean_variance(const ReduceShape& shape, ScalarType type, const void* x, double correction, void* mean,
                   void* variance);

// Along one dimension: x is [outer, size, inner] with three strides in elements; outputs are contiguous [outer, inner].
// The index is that of the first extremum, the first NaN if there is one. `values` may be null. size > 0.
struct LineShape {
  int64_t outer, size, inner;
  int64_t outer_stride, stride, inner_stride;
};
void max_along(const LineShape& shape, ScalarType type, const void* x, void* values, int64_t* indices);
void min_along(const LineShape& shape, ScalarType type, const void* x, void* values, int64_t* indices);

// y = x with zeros outside of a triangle of each of its matrices [rows, columns]: of `upper` stays column - row >=
// diagonal, else <= diagonal. Contiguous, `numel` numbers.
void triangle(ScalarType type, int64_t rows, int64_t columns, int64_t numel, const void* x, int64_t diagonal,
              bool upper, void* y);

// Inclusive scans along a dimension; y contiguous [outer, size, inner]. Floating types accumulate in double, integers
// wrap; `reverse` runs from the end. x and y have one type and may be the same array if x is contiguous too.
void cumsum(const LineShape& shape, ScalarType type, const void* x, void* y, bool reverse = false);

// Sorts along a dimension, always stable; NaN counts as the largest value, -0 equals +0. Outputs contiguous [outer,
// count, inner]. A radix sort of unsigned keys that carry the index: quicker here than vqsort on the same keys.
// Gives the `count` numbers from place `first` of the order on, and selects them where that is quicker than to sort.
void sort(const LineShape& shape, ScalarType type, const void* x, bool descending, int64_t first, int64_t count,
          void* values, int64_t* indices);

// Rows: y[i, :] = x[index[i], :] with x [rows, width] of row stride `x_stride` elements, unit column stride; y
// contiguous. The caller has checked every index.
void take_rows(ScalarType type, int64_t width, const void* x, int64_t x_stride, const int64_t* index, int64_t count,
               void* y);
// y[index[i], :] += x[i, :], in the order of i. Integers wrap. The columns of x lie x_step apart: 1, or 0 for one
// number that stands for a row.
void add_rows(ScalarType type, int64_t width, void* y, int64_t y_stride, const int64_t* index, int64_t count,
              const void* x, int64_t x_stride, int64_t x_step);
// The first position of index whose value lies outside [-size, size), or -1. The values, negative ones wrapped, go to
// `wrapped`, which may be `index`; behind the first bad value it is written in part only.
int64_t check_index(const int64_t* index, int64_t count, int64_t size, int64_t* wrapped);

// gather: y[i, j, k] = x[i, index[i, j, k], k]; scatter_add: y[i, index[i, j, k], k] += x[i, j, k]; scatter writes
// instead of adding, from x or from one value. All general over `ndim` dimensions of `sizes` (the index's sizes),
// strides in elements; `dim` is the indexed dimension. The caller has checked every index.
void gather(int ndim, int dim, const int64_t* sizes, ScalarType type, void* y, const int64_t* y_strides, const void* x,
            const int64_t* x_strides, const int64_t* index, const int64_t* index_strides);
void scatter_add(int ndim, int dim, const int64_t* sizes, ScalarType type, void* y, const int64_t* y_strides,
                 const void* x, const int64_t* x_strides, const int64_t* index, const int64_t* index_strides);
void scatter(int ndim, int dim, const int64_t* sizes, ScalarType type, void* y, const int64_t* y_strides, const void* x,
             const int64_t* x_strides, const int64_t* index, const int64_t* index_strides);

}  // namespace rondo::kernels
