// libtorch's checks of a kernel's arguments, each of which is named in the messages:
//   at::TensorArg input{x, "input", 1}, weight{w, "weight", 2};
//   at::checkAllSameType("my_kernel", {input, weight});
#pragma once

#include <rondo/autograd/tensor/tensor.h>

namespace rondo {

// A tensor, its name and its place, counted from 1; 0 stands for the result or self.
struct TensorArg {
  TensorArg(const Tensor& tensor_, const char* name_, int pos_) : tensor(tensor_), name(name_), pos(pos_) {}
  const Tensor* operator->() const { return &tensor; }
  const Tensor& operator*() const { return tensor; }
  Tensor tensor;
  const char* name;
  int pos;
};
using TensorGeometryArg = TensorArg;
using CheckedFrom = const char*;  // the function whose arguments are checked

std::ostream& operator<<(std::ostream& out, const TensorArg& argument);

// All throw Error. Those of several arguments leave undefined tensors out, but for checkAllDefined.
void checkDefined(CheckedFrom from, const TensorArg& t);
void checkAllDefined(CheckedFrom from, ArrayRef<TensorArg> all);
void checkDim(CheckedFrom from, const TensorArg& t, int64_t dim);
// From `begin` to `end` - 1 dimensions.
void checkDimRange(CheckedFrom from, const TensorArg& t, int64_t begin, int64_t end);
void checkSameDim(CheckedFrom from, const TensorArg& a, const TensorArg& b);
void checkSize(CheckedFrom from, const TensorArg& t, IntArrayRef sizes);
void checkSize(CheckedFrom from, const TensorArg& t, int64_t dim, int64_t size);
void checkSameSize(CheckedFrom from, const TensorArg& a, const TensorArg& b);
void checkAllSameSize(CheckedFrom from, ArrayRef<TensorArg> all);
void checkNumel(CheckedFrom from, const TensorArg& t, int64_t numel);
void checkSameNumel(CheckedFrom from, const TensorArg& a, const TensorArg& b);
void checkAllSameNumel(CheckedFrom from, ArrayRef<TensorArg> all);
void checkContiguous(CheckedFrom from, const TensorArg& t);
void checkAllContiguous(CheckedFrom from, ArrayRef<TensorArg> all);
void checkScalarType(CheckedFrom from, const TensorArg& t, ScalarType type);
void checkScalarTypes(CheckedFrom from, const TensorArg& t, ArrayRef<ScalarType> types);
void checkSameType(CheckedFrom from, const TensorArg& a, const TensorArg& b);
void checkAllSameType(CheckedFrom from, ArrayRef<TensorArg> all);
// No tensor of rondo's is on a graphics processor.
void checkSameGPU(CheckedFrom from, const TensorArg& a, const TensorArg& b);
void checkAllSameGPU(CheckedFrom from, ArrayRef<TensorArg> all);
void checkDeviceType(CheckedFrom from, TensorList tensors, DeviceType type);

inline void* maybe_data_ptr(const Tensor& tensor) { return tensor.defined() ? tensor.data_ptr() : nullptr; }
inline void* maybe_data_ptr(const TensorArg& argument) { return maybe_data_ptr(*argument); }

}  // namespace rondo
