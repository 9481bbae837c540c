// Copies and questions that take a memory format, and tensors that take another's memory.
#include <rondo/autograd/ops/memory_format.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/ops/shape.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/autograd/tensor/factory_parts.h>
#include <rondo/autograd/tensor/layout.h>

#include <fmt/format.h>

namespace rondo {
namespace {

// The dimensions in the order of memory, and how to come back.
struct AxisOrder {
  Dims there, back;
};
AxisOrder channels_last(MemoryFormat format) {
  if (format == MemoryFormat::ChannelsLast) return {{0, 2, 3, 1}, {0, 3, 1, 2}};
  return {{0, 2, 3, 4, 1}, {0, 4, 1, 2, 3}};
}

bool fits(const Tensor& self, MemoryFormat format) {
  return self.dim() == (format == MemoryFormat::ChannelsLast ? 4 : 5);
}

bool is_channels_last(MemoryFormat format) {
  return format == MemoryFormat::ChannelsLast || format == MemoryFormat::ChannelsLast3d;
}

// Throws where the tensor has another number of dimensions than the format.
void check_rank(const char* operation, const Tensor& self, MemoryFormat format) {
  if (is_channels_last(format)) static_cast<void>(tensor_data::format_strides(operation, self.sizes(), format));
}

}  // namespace

bool is_contiguous(const Tensor& self, MemoryFormat format) {
  if (!is_channels_last(format)) return self.is_contiguous();
  if (!fits(self, format)) return false;
  return self.permute(channels_last(format).there).is_contiguous();
}

MemoryFormat suggest_memory_format(const Tensor& self) {
  for (const MemoryFormat format : {MemoryFormat::ChannelsLast, MemoryFormat::ChannelsLast3d}) {
    if (fits(self, format) && !self.is_contiguous() && is_contiguous(self, format)) return format;
  }
  return MemoryFormat::Contiguous;
}

bool is_non_overlapping_and_dense(const Tensor& self) { return tensor_data::is_dense(self); }

Tensor contiguous(const Tensor& self, MemoryFormat format) {
  if (!is_channels_last(format) && self.is_contiguous()) return self;
  if (format == MemoryFormat::Preserve) {
    fail("contiguous", "preserve memory format is unsupported by the contiguous operator");
  }
  if (format == MemoryFormat::Contiguous) return self.contiguous();
  check_rank("contiguous", self, format);
  if (is_contiguous(self, format)) return self;
  const AxisOrder order = channels_last(format);
  return self.permute(order.there).contiguous().permute(order.back);
}

Tensor clone(const Tensor& self, std::optional<MemoryFormat> format) {
  if (!format || *format == MemoryFormat::Preserve) return self.clone();
  const Tensor y = contiguous(self, *format);
  return y.is_same(self) ? self.clone() : y;
}

Tensor to(const Tensor& self, ScalarType type, bool non_blocking, bool copy, std::optional<MemoryFormat> format) {
  const Tensor y = self.to(type, non_blocking, false);
  if (y.is_same(self) && copy) return clone(self, format);
  if (!format || *format == MemoryFormat::Preserve) return y;
  return contiguous(y, *format);
}
Tensor to(const Tensor& self, TensorOptions options, bool non_blocking, bool copy, std::optional<MemoryFormat> format) {
  // What the options forbid is found without a copy.
  static_cast<void>(self.to(options.memory_format(std::nullopt).dtype(self.dtype())));
  return to(self, options.has_dtype() ? options.dtype().toScalarType() : self.scalar_type(), non_blocking, copy,
            format);
}
Tensor to(const Tensor& self, Device device, ScalarType type, bool non_blocking, bool copy,
          std::optional<MemoryFormat> format) {
  return to(self, TensorOptions(type).device(device), non_blocking, copy, format);
}
Tensor to(const Tensor& self, const Tensor& like, bool non_blocking, bool copy, std::optional<MemoryFormat> format) {
  return to(self, like.scalar_type(), non_blocking, copy, format);
}
Tensor toType(const Tensor& self, ScalarType type) { return self.to(type); }

Tensor empty(IntArrayRef sizes, TensorOptions options, std::optional<MemoryFormat> format) {
  return empty(sizes, options.memory_format(format));
}
Tensor empty_like(const Tensor& like, TensorOptions options, std::optional<MemoryFormat> format) {
  return empty_like(like, options.memory_format(format));
}
Tensor zeros_like(const Tensor& like, TensorOptions options, std::optional<MemoryFormat> format) {
  return zeros_like(like, options.memory_format(format));
}
Tensor ones_like(const Tensor& like, TensorOptions options, std::optional<MemoryFormat> format) {
  return ones_like(like, options.memory_format(format));
}
Tensor full_like(const Tensor& like, Scalar value, TensorOptions options, std::optional<MemoryFormat> format) {
  return full_like(like, value, options.memory_format(format));
}
Tensor rand_like(const Tensor& like, TensorOptions options, std::optional<MemoryFormat> format) {
  return rand_like(like, options.memory_format(format));
}
Tensor randn_like(const Tensor& like, TensorOptions options, std::optional<MemoryFormat> format) {
  return randn_like(like, options.memory_format(format));
}

Tensor& set_(Tensor& self, const Tensor& source) {
  graph::check_in_place("set_", self, ops::recording(self, source));
  if (ops::recording(self, source)) fail("set_", "the derivative for set_ is not implemented; use no_grad or detach()");
  if (self.dtype() != source.dtype()) {
    fail("set_", fmt::format("Could not set tensor of dtype {} from one of dtype {}", dtype_name(self.scalar_type()),
                             dtype_name(source.scalar_type())));
  }
  if (!self.is_same(source)) tensor_data::take_place(self.impl(), source.impl());
  graph::adapt_accumulator(self);
  self.impl().storage->bump_version();
  return self;
}
Tensor& set_(Tensor& self) { return set_(self, empty({0}, self.options())); }

Tensor& set_(Tensor& self, const Storage& source) {
  return set_(self, source, 0, {static_cast<int64_t>(source.nbytes() / self.element_size())});
}
Tensor& set_(Tensor& self, const Storage& source, int64_t storage_offset, IntArrayRef size, IntArrayRef stride) {
  if (!source) fail("set_", "the storage is undefined");
  const Dims strides = stride.empty() ? contiguous_strides(size) : Dims(stride);
  tensor_data::check_geometry("set_", size, strides);
  if (storage_offset < 0) fail("set_", fmt::format("Tensor: invalid storage offset {}", storage_offset));
  const auto count = static_cast<int64_t>(source.nbytes() / self.element_size());
  const int64_t extent = tensor_data::storage_extent(size, strides);
  if (extent > 0 && extent > count - storage_offset) {
    fail("set_", fmt::format("sizes {} and strides {} need {} elements from element {} on; the storage has {}",
                             to_string(size), to_string(strides), extent, storage_offset, count));
  }
  char* const data = static_cast<char*>(source.data()) + static_cast<size_t>(storage_offset) * self.element_size();
  return set_(self, tensor_data::over_storage(source.impl_ref(), data, size, strides, self.scalar_type()));
}

bool is_set_to(const Tensor& self, const Tensor& other) {
  return tensor_data::share_memory(self, other) && self.impl().data == other.impl().data &&
         self.sizes() == other.sizes() && self.strides() == other.strides();
}

Tensor& resize_(Tensor& self, IntArrayRef sizes, std::optional<MemoryFormat> format) {
  const Dims strides = format ? tensor_data::format_strides("resize_", sizes, *format) : Dims();
  self.resize_(sizes);
  if (format) {
    TensorImpl& y = self.impl();
    y.strides = strides;
    y.contiguous = is_contiguous(y.sizes, y.strides);
    y.storage->bump_version();
  }
  return self;
}

RONDO_OP(
    memory_format, .name = "contiguous, clone and to in a memory format",
    .doc = "copies whose numbers lie row by row, or with the channels last", .samples = [](ops::Samples& s) {
      s.add("contiguous", {s.real({2, 3, 2, 2})}, RONDO_SAMPLE(in[0].contiguous(MemoryFormat::ChannelsLast) * in[0]));
      s.add("three dimensions", {s.real({1, 2, 2, 1, 3})},
            RONDO_SAMPLE(in[0].clone(MemoryFormat::ChannelsLast3d) * in[0]));
      s.add("clone", {s.real({2, 3})}, RONDO_SAMPLE(in[0].clone(MemoryFormat::Contiguous) * in[0]));
      s.add("to", {s.real({1, 2, 3, 2})},
            RONDO_SAMPLE(in[0].to(in[0].scalar_type(), false, true, MemoryFormat::ChannelsLast).square()));
      s.error("another number of dimensions", "required rank 4", [] {
        zeros({2, 3}).contiguous(MemoryFormat::ChannelsLast);
      });
    })

}  // namespace rondo
