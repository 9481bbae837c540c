// Which dimensions a reduction takes away, as the kernels want to know it; and the way back.
#pragma once

#include <rondo/autograd/kernels/rows.h>
#include <rondo/autograd/kernels/strided.h>
#include <rondo/autograd/tensor/tensor.h>

namespace rondo::ops {

struct ReducePlan {
  uint64_t mask = 0;  // bit d: dimension d is reduced
  int64_t count = 1;  // numbers that one result is made of
  Dims sizes;         // of the result
  Dims kept_sizes, kept_strides, reduced_sizes, reduced_strides;

  kernels::ReduceShape shape() const;
};

// The plan for `dim` of x; nothing or an empty list means all dimensions. Throws IndexError for dimensions that x does
// not have and Error for repeated ones.
ReducePlan plan_reduction(const char* operation, const Tensor& x, OptionalIntArrayRef dim, bool keepdim);

// A result with its reduced dimensions back as dimensions of size 1: itself with `keepdim`.
Tensor restore_dims(const Tensor& y, int64_t ndim, uint64_t mask, bool keepdim);
// A result repeated over the shape that was reduced: a view, without history unless `recorded`.
Tensor spread(const Tensor& y, IntArrayRef sizes, uint64_t mask, bool keepdim, bool recorded);

// A contiguous tensor around one of its dimensions. 0-dimensional tensors are one number.
kernels::RowShape row_shape(const Tensor& x, int64_t dim);

// x as [outer, size, inner] around `dim` with three strides; copied where its strides do not allow that.
struct Lines {
  kernels::LineShape shape;
  Tensor source;  // what the shape walks over

  Lines(const Tensor& x, int64_t dim);
};

// The place of the number of this rank in each line of `dim`, which has the size 1 then: in the stable order, NaN last.
Tensor place_in_order(const Tensor& self, int64_t dim, int64_t rank);

// The one number of a 0-dimensional gradient.
double number_of(const Tensor& x);

}  // namespace rondo::ops
