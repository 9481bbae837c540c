// Output of what tensors are described by: x.sizes() as [2, 3], dtypes, devices, numbers, lists of tensors.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <iosfwd>
#include <type_traits>

namespace rondo {

std::ostream& operator<<(std::ostream& out, IntArrayRef list);
std::ostream& operator<<(std::ostream& out, ArrayRef<double> list);
std::ostream& operator<<(std::ostream& out, TensorList tensors);
std::ostream& operator<<(std::ostream& out, ScalarType type);  // "Float"
std::ostream& operator<<(std::ostream& out, TypeMeta type);    // "float"
std::ostream& operator<<(std::ostream& out, Layout layout);    // "Strided"
std::ostream& operator<<(std::ostream& out, MemoryFormat format);
std::ostream& operator<<(std::ostream& out, const TensorOptions& options);
std::ostream& operator<<(std::ostream& out, const Device& device);  // "cpu"
std::ostream& operator<<(std::ostream& out, DeviceType type);

// Only for Scalar itself: every number converts to one.
template <class S>
requires(std::is_same_v<S, Scalar>) std::ostream& operator<<(std::ostream& out, const S& number) {
  if (number.isBoolean()) return out << (number.toBool() ? "true" : "false");
  if (number.isFloatingPoint()) return out << number.toDouble();
  return out << number.toLong();
}

}  // namespace rondo
