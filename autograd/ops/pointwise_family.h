// What the pointwise operations share at run time: promotion, broadcasting, recording, and the backward step. One body
// serves them all; an operation brings its table of loops.
#pragma once

#include <rondo/autograd/kernels/pointwise.h>
#include <rondo/autograd/tensor/tensor.h>

namespace rondo::ops {

// One operation: what its block says, compiled for the target in use.
struct Pointwise {
  enum class Slope : uint8_t { kNone, kUnit, kFlat, kGeneral };
  using Formula = Tensor (*)(const void* op, int which, const Tensor& gy, const Tensor* arguments, const Tensor& y);

  const char* name;
  const char* node;  // libtorch's name of the node where it tells forms of an operation apart, else null
  int arity;
  kernels::Kind kind;
  bool bools;
  int64_t grain;
  size_t op_bytes;
  unsigned uses[3];
  Slope slope[3];
  kernels::PointwiseKernels kernels;
  bool flat_slope;  // constant in pieces, though it reads the argument
  Formula formula;  // the gradient of argument `which` on tensors, recorded
};

// The dtype of an operation on these: as libtorch promotes, tensors with dimensions before those without, numbers last.
ScalarType result_type(const Tensor* const* tensors, int count);
ScalarType result_type(const Tensor& tensor, Scalar number);

// y = op(arguments), a new tensor.
Tensor run(const Pointwise& table, const void* op, const Tensor* const* arguments);
// The same with a number bound into `op`: the tensor is converted to the type that both promote to first.
Tensor run_with_number(const Pointwise& table, const void* op, const Tensor& argument, Scalar number);
// self = op(self, ...), in place; returns self.
Tensor& run_in_place(const Pointwise& table, const void* op, Tensor& self, const Tensor* const* others);
Tensor& run_in_place_with_number(const Pointwise& table, const void* op, Tensor& self, Scalar number);

// out = loop(inputs), for kernels that are no Pointwise: shapes have been broadcast, dtypes are those that the loop
// takes. An undefined `out` is made, dense in the inputs' common layout.
void walk(kernels::Loop loop, const void* op, Tensor& out, ScalarType type, IntArrayRef sizes,
          const Tensor* const* inputs, int count, int64_t grain);

// libtorch's name of an operation's node: "exp" gives "ExpBackward0".
std::string backward_name(const char* name);

// The slot of a dtype in PointwiseKernels::value, -1 for the 16-bit types.
int kernel_slot(ScalarType type);

// A number of both kinds; a real one is cut toward zero for integers, 0 where none holds it.
constexpr kernels::Parameter parameter(Scalar number) {
  const double real = number.toDouble();
  if (!number.isFloatingPoint()) return {real, number.toLong()};
  return {real, real > -0x1p63 && real < 0x1p63 ? static_cast<int64_t>(real) : 0};
}

}  // namespace rondo::ops
