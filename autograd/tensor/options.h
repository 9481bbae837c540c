// How a new tensor is to be: dtype, requires_grad; and devices, of which rondo has one, the CPU.
#pragma once

#include <rondo/autograd/base/scalar_type.h>

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>

namespace rondo {

enum class DeviceType : int8_t {
  CPU,
  CUDA,
  MKLDNN,
  OPENGL,
  OPENCL,
  IDEEP,
  HIP,
  XLA = 9,
  Vulkan,
  Metal,
  XPU,
  MPS,
  Meta
};
inline constexpr DeviceType kCPU = DeviceType::CPU, kCUDA = DeviceType::CUDA;

// A device as user code names it. Only the CPU holds tensors: creating or moving one elsewhere throws.
struct Device {
  using Type = DeviceType;

  constexpr Device(DeviceType type = kCPU, int index = -1) : type_(type), index_(static_cast<int8_t>(index)) {}
  // "cpu", "cpu:0", "cuda", "cuda:1", ...; throws Error on anything else.
  Device(const std::string& text);
  Device(const char* text) : Device(std::string(text)) {}

  constexpr DeviceType type() const { return type_; }
  constexpr int index() const { return index_; }
  constexpr bool has_index() const { return index_ != -1; }
  constexpr void set_index(int index) { index_ = static_cast<int8_t>(index); }
  constexpr bool is_cpu() const { return type_ == DeviceType::CPU; }
  constexpr bool is_cuda() const { return type_ == DeviceType::CUDA; }
  std::string str() const;
  friend constexpr bool operator==(const Device& a, const Device& b) = default;

 private:
  DeviceType type_;
  int8_t index_;
};

enum class Layout : int8_t { Strided, Sparse };
inline constexpr Layout kStrided = Layout::Strided, kSparse = Layout::Sparse;

enum class MemoryFormat : int8_t { Contiguous, Preserve, ChannelsLast, ChannelsLast3d };

// Properties of a new tensor, each with a default: the default dtype, the CPU, no gradient. It converts from a dtype
// and from a device; the builders return changed copies.
class TensorOptions {
 public:
  constexpr TensorOptions() = default;
  constexpr TensorOptions(ScalarType type) : dtype_(type), has_dtype_(true) {}
  constexpr TensorOptions(TypeMeta type) : TensorOptions(type.toScalarType()) {}
  constexpr TensorOptions(Device device) : device_(device), has_device_(true) {}
  constexpr TensorOptions(DeviceType type) : TensorOptions(Device(type)) {}
  constexpr TensorOptions(Layout layout) : layout_(layout), has_layout_(true) {}
  constexpr TensorOptions(MemoryFormat format) : memory_format_(format) {}
  TensorOptions(const std::string& device) : TensorOptions(Device(device)) {}
  // A template, so that the number 0 does not convert: `arange(0, 5, 0)` has a step.
  template <class T>
  requires(std::is_same_v<T, const char*>) TensorOptions(T device) : TensorOptions(Device(device)) {}

  constexpr TensorOptions dtype(ScalarType type) const {
    auto copy = *this;
    copy.dtype_ = type;
    copy.has_dtype_ = true;
    return copy;
  }
  template <class T>
  constexpr TensorOptions dtype() const {
    return dtype(scalar_type_of<T>);
  }
  constexpr TensorOptions dtype(TypeMeta type) const { return dtype(type.toScalarType()); }
  constexpr TensorOptions dtype(std::optional<ScalarType> type) const { return type ? dtype(*type) : *this; }
  constexpr TensorOptions device(Device where) const {
    auto copy = *this;
    copy.device_ = where;
    copy.has_device_ = true;
    return copy;
  }
  constexpr TensorOptions device(DeviceType type, int index = -1) const { return device(Device(type, index)); }
  constexpr TensorOptions device_index(int index) const { return device(Device(kCUDA, index)); }
  constexpr TensorOptions layout(Layout value) const {
    auto copy = *this;
    copy.layout_ = value;
    copy.has_layout_ = true;
    return copy;
  }
  constexpr TensorOptions requires_grad(bool value) const {
    auto copy = *this;
    copy.requires_grad_ = value;
    copy.has_requires_grad_ = true;
    return copy;
  }
  constexpr TensorOptions requires_grad(std::optional<bool> value) const {
    return value ? requires_grad(*value) : *this;
  }
  constexpr TensorOptions pinned_memory(std::optional<bool> given) const {
    TensorOptions copy = *this;
    copy.has_pinned_memory_ = given.has_value();
    return copy;
  }
  // The order of the numbers in memory: of the functions that make a tensor like another, empty() and to().
  constexpr TensorOptions memory_format(std::optional<MemoryFormat> format) const {
    auto copy = *this;
    if (format) copy.memory_format_ = format;
    return copy;
  }

  TypeMeta dtype() const { return TypeMeta(has_dtype_ ? dtype_ : default_dtype()); }
  constexpr Device device() const { return device_; }
  constexpr Layout layout() const { return layout_; }
  constexpr bool requires_grad() const { return requires_grad_; }
  constexpr bool has_dtype() const { return has_dtype_; }
  constexpr bool has_device() const { return has_device_; }
  constexpr bool has_layout() const { return has_layout_; }
  constexpr bool has_requires_grad() const { return has_requires_grad_; }
  constexpr int device_index() const { return device_.index(); }
  constexpr bool pinned_memory() const { return false; }
  constexpr bool has_pinned_memory() const { return has_pinned_memory_; }
  constexpr bool is_sparse() const { return layout_ == kSparse; }
  // What was set, if it was.
  std::optional<TypeMeta> dtype_opt() const { return has_dtype_ ? std::optional(dtype()) : std::nullopt; }
  constexpr std::optional<Device> device_opt() const { return has_device_ ? std::optional(device_) : std::nullopt; }
  constexpr std::optional<Layout> layout_opt() const { return has_layout_ ? std::optional(layout_) : std::nullopt; }
  constexpr std::optional<bool> requires_grad_opt() const {
    return has_requires_grad_ ? std::optional(requires_grad_) : std::nullopt;
  }
  constexpr std::optional<MemoryFormat> memory_format_opt() const { return memory_format_; }
  constexpr bool has_memory_format() const { return memory_format_.has_value(); }
  // This with what `other` says in place of what is unset or different here.
  constexpr TensorOptions merge_in(TensorOptions other) const {
    auto merged = *this;
    if (other.has_dtype_) merged = merged.dtype(other.dtype_);
    if (other.has_device_) merged = merged.device(other.device_);
    if (other.has_layout_) merged = merged.layout(other.layout_);
    if (other.has_requires_grad_) merged = merged.requires_grad(other.requires_grad_);
    return merged.memory_format(other.memory_format_);
  }

 private:
  ScalarType dtype_ = kFloat;
  Device device_;
  Layout layout_ = kStrided;
  bool requires_grad_ = false;
  std::optional<MemoryFormat> memory_format_;
  bool has_dtype_ = false, has_device_ = false, has_layout_ = false, has_requires_grad_ = false,
       has_pinned_memory_ = false;
};

inline TensorOptions dtype(ScalarType type) { return TensorOptions(type); }
inline TensorOptions device(Device where) { return TensorOptions(where); }
inline TensorOptions device_index(int index) { return TensorOptions().device_index(index); }
inline TensorOptions layout(Layout value) { return TensorOptions(value); }
inline TensorOptions requires_grad(bool value = true) { return TensorOptions().requires_grad(value); }

}  // namespace rondo
