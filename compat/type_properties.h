// Tensor::type(), which older programs for libtorch ask for a dtype and a device at once.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <iosfwd>
#include <string>

namespace rondo {

// The kind of a tensor: its dtype, on the CPU. It converts to options, so that `x.to(y.type())` and
// `zeros({2}, y.type())` work.
class DeprecatedTypeProperties {
 public:
  explicit constexpr DeprecatedTypeProperties(ScalarType type) : type_(type) {}

  constexpr ScalarType scalarType() const { return type_; }
  constexpr TypeMeta typeMeta() const { return TypeMeta(type_); }
  constexpr DeviceType device_type() const { return kCPU; }
  constexpr Layout layout() const { return kStrided; }
  constexpr bool is_cuda() const { return false; }
  constexpr bool is_sparse() const { return false; }
  constexpr DeprecatedTypeProperties toScalarType(ScalarType type) const { return DeprecatedTypeProperties(type); }
  constexpr DeprecatedTypeProperties cpu() const { return *this; }
  constexpr TensorOptions options() const { return TensorOptions(type_).device(kCPU).layout(kStrided); }
  constexpr operator TensorOptions() const { return options(); }
  std::string toString() const;  // "CPUFloatType"
  friend constexpr bool operator==(const DeprecatedTypeProperties&, const DeprecatedTypeProperties&) = default;

 private:
  ScalarType type_;
};

std::ostream& operator<<(std::ostream& out, const DeprecatedTypeProperties& type);

}  // namespace rondo
