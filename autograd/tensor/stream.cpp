#include <rondo/autograd/tensor/stream.h>

#include <ostream>

namespace rondo {
namespace {

template <class T>
std::ostream& write(std::ostream& out, ArrayRef<T> list) {
  out << '[';
  const char* separator = "";
  for (const T& element : list) {
    out << separator << element;
    separator = ", ";
  }
  return out << ']';
}

}  // namespace

std::ostream& operator<<(std::ostream& out, IntArrayRef list) { return write(out, list); }
std::ostream& operator<<(std::ostream& out, ArrayRef<double> list) { return write(out, list); }
std::ostream& operator<<(std::ostream& out, TensorList tensors) { return write(out, tensors); }
std::ostream& operator<<(std::ostream& out, ScalarType type) { return out << toString(type); }
std::ostream& operator<<(std::ostream& out, TypeMeta type) { return out << type.name(); }
std::ostream& operator<<(std::ostream& out, const TensorOptions& options) {
  const auto note = [](bool given) { return given ? "" : " (default)"; };
  out << "TensorOptions(dtype=" << options.dtype() << note(options.has_dtype()) << ", device=" << options.device()
      << note(options.has_device()) << ", layout=" << options.layout() << note(options.has_layout())
      << ", requires_grad=" << std::boolalpha << options.requires_grad() << note(options.has_requires_grad())
      << ", pinned_memory=false" << note(options.has_pinned_memory()) << ", memory_format=";
  if (const auto format = options.memory_format_opt()) return out << *format << ')';
  return out << "(nullopt))";
}
std::ostream& operator<<(std::ostream& out, DeviceType type) { return out << Device(type).str(); }
std::ostream& operator<<(std::ostream& out, Layout layout) {
  return out << (layout == Layout::Strided ? "Strided" : "Sparse");
}
std::ostream& operator<<(std::ostream& out, MemoryFormat format) {
  const char* const names[] = {"Contiguous", "Preserve", "ChannelsLast", "ChannelsLast3d"};
  return out << names[static_cast<int>(format)];
}
std::ostream& operator<<(std::ostream& out, const Device& device) { return out << device.str(); }

}  // namespace rondo
