// What the pooling operations share: from their arguments to the shape that the kernels take.
#pragma once

#include <rondo/autograd/kernels/pool.h>
#include <rondo/autograd/tensor/tensor.h>

namespace rondo::ops {

struct PoolArguments {
  const char* op;
  int dims;  // 1, 2 or 3: the last dimensions of the input
  IntArrayRef kernel_size, stride, padding, dilation;
  bool ceil_mode;
  bool take_int64 = false;  // besides floating point
};

struct PoolPlan {
  kernels::PoolShape shape;
  Dims sizes;  // of the result
};

// Throw Error for inputs and windows that do not fit, as libtorch does.
PoolPlan plan_windows(const PoolArguments& arguments, const Tensor& input);
PoolPlan plan_adaptive(const char* op, int dims, const Tensor& input, IntArrayRef output_size);
// The leading dimensions become planes.
void set_planes(const char* op, int dims, const Tensor& input, PoolPlan& plan);
// `dims` numbers from one, or from as many.
void expand_numbers(const char* op, const char* what, int dims, IntArrayRef given, int64_t (&to)[3]);

// Throws TypeError unless the numbers are of floating point.
void check_pool_dtype(const char* op, const Tensor& input);

}  // namespace rondo::ops
