#include <rondo/autograd/kernels/strided.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/autograd/tensor/factory_parts.h>

#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <utility>

namespace rondo {
namespace tensor_data {
namespace {

[[noreturn]] void bad_sizes(IntArrayRef sizes) {
  for (int64_t size : sizes) {
    if (size < 0) {
      fail_value("empty",
                 fmt::format("Trying to create tensor with negative dimension {}: {}", size, to_string(sizes)));
    }
  }
  fail_value("empty", fmt::format("sizes {} hold more elements than an array can", to_string(sizes)));
}

// The bytes of an array, with room for the arithmetic on top of it.
size_t checked_bytes(int64_t count, ScalarType type, IntArrayRef sizes) {
  int64_t bytes;
  if (__builtin_mul_overflow(count, static_cast<int64_t>(element_size(type)), &bytes) || bytes > INT64_MAX / 2) {
    bad_sizes(sizes);
  }
  return static_cast<size_t>(bytes);
}

}  // namespace

constinit thread_local bool inference_mode = false;

Tensor make_like(const TensorImpl& like, ScalarType type) {
  return Tensor(base::Ref<TensorImpl>::adopt(new TensorImpl(
      base::kFirstReference, like, type, StorageImpl::allocate(static_cast<size_t>(like.numel) * element_size(type)))));
}

Tensor make(IntArrayRef sizes, ScalarType type) {
  auto impl = base::Ref<TensorImpl>::adopt(new TensorImpl(base::kFirstReference));
  const auto ndim = static_cast<int32_t>(sizes.size());
  impl->sizes.resize(ndim);
  impl->strides.resize(ndim);
  int64_t step = 1;
  bool bad = false, empty = false;
  for (int32_t i = ndim; i-- > 0;) {
    const int64_t size = sizes[static_cast<size_t>(i)];
    impl->sizes[i] = size;
    impl->strides[i] = step;
    bad |= size < 0;
    bad |= __builtin_mul_overflow(step, size > 1 ? size : 1, &step);
    empty |= size == 0;
  }
  if (bad) [[unlikely]] {
    bad_sizes(sizes);
  }
  const int64_t count = empty ? 0 : step;
  impl->numel = count;
  impl->dtype = type;
  impl->storage = StorageImpl::allocate(checked_bytes(count, type, sizes));
  impl->data = static_cast<char*>(impl->storage->data());
  return Tensor(std::move(impl));
}

int64_t storage_extent(IntArrayRef sizes, IntArrayRef strides) {
  int64_t last = 0;
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] == 0) return 0;
    int64_t reach;
    if (__builtin_mul_overflow(sizes[i] - 1, strides[i], &reach) || __builtin_add_overflow(last, reach, &last)) {
      bad_sizes(sizes);
    }
  }
  return last + 1;
}

Tensor over_storage(base::Ref<StorageImpl> storage, void* data, IntArrayRef sizes, IntArrayRef strides,
                    ScalarType type) {
  auto impl = base::Ref<TensorImpl>(new TensorImpl);
  impl->storage = std::move(storage);
  impl->data = static_cast<char*>(data);
  impl->numel = count_elements(sizes);
  impl->sizes.assign(sizes);
  impl->strides.assign(strides);
  impl->dtype = type;
  impl->contiguous = is_contiguous(sizes, strides);
  return Tensor(std::move(impl));
}

void check_geometry(const char* operation, IntArrayRef sizes, IntArrayRef strides) {
  if (sizes.size() != strides.size()) {
    fail_value(operation, fmt::format("mismatch in length of strides and shape: sizes {}, strides {}", to_string(sizes),
                                      to_string(strides)));
  }
  for (int64_t size : sizes) {
    if (size < 0) bad_sizes(sizes);
  }
  static_cast<void>(count_elements(sizes));  // throws where it overflows
  for (int64_t stride : strides) {
    if (stride < 0) {
      fail_value(operation, fmt::format("negative strides are not supported, got strides {}", to_string(strides)));
    }
  }
}

Tensor make_strided(IntArrayRef sizes, IntArrayRef strides, ScalarType type) {
  check_geometry("empty_strided", sizes, strides);
  auto storage = StorageImpl::allocate(checked_bytes(storage_extent(sizes, strides), type, sizes));
  void* data = storage->data();
  return over_storage(std::move(storage), data, sizes, strides, type);
}

Tensor window(const Tensor& tensor, IntArrayRef sizes, IntArrayRef strides, int64_t offset) {
  const TensorImpl& from = tensor.impl();
  Tensor view = over_storage(from.storage, from.data + offset * static_cast<int64_t>(element_size(from.dtype)), sizes,
                             strides, from.dtype);
  view.impl().inference = from.inference;
  return view;
}

void check_options(const char* operation, const TensorOptions& options) {
  if (!options.device().is_cpu()) {
    fail(operation, fmt::format("the device is {}, but rondo's tensors live on the CPU alone", options.device().str()));
  }
  if (options.layout() != kStrided) fail(operation, "the layout is Sparse, but rondo's tensors are Strided alone");
  if (element_size(options.dtype()) == 0) {
    fail_type(operation, fmt::format("the dtype is {}; need a type that tensors can have", toString(options.dtype())));
  }
}

Tensor finish(Tensor tensor, const TensorOptions& options) {
  if (options.requires_grad()) tensor.requires_grad_(true);
  return tensor;
}

TensorOptions options_like(const Tensor& like, const TensorOptions& options) {
  return like.options().merge_in(options);
}

void take_place(TensorImpl& self, const TensorImpl& source) {
  // The memory is the source's, the count of changes stays the tensor's own: a node that saved it sees them.
  self.storage = StorageImpl::alias(source.storage, self.storage->version());
  self.data = source.data;
  self.numel = source.numel;
  self.sizes = source.sizes;
  self.strides = source.strides;
  self.contiguous = source.contiguous;
}

void fill(const Tensor& tensor, Scalar value) {
  TensorImpl& impl = tensor.impl();
  visit_dtype(impl.dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T element = value.to<T>();
    const int64_t step = 1;
    kernels::fill(1, &impl.numel, impl.dtype, impl.data, &step, &element);
  });
}

}  // namespace tensor_data

namespace {

using tensor_data::check_options;
using tensor_data::finish;
using tensor_data::make_like;

constexpr size_t kSmallBytes = 64u << 10;  // what one thread sets at once

Tensor make_zeros(IntArrayRef sizes, ScalarType type) {
  Tensor result = tensor_data::make(sizes, type);
  if (result.nbytes() <= kSmallBytes) {
    std::memset(result.data_ptr(), 0, result.nbytes());
  } else {
    tensor_data::fill(result, 0);
  }
  return result;
}

// The strides of a dense array whose dimensions lie in the order that `strides` have; libtorch's rule, in which a
// stride of 0 fits anywhere.
Dims dense_strides(IntArrayRef sizes, IntArrayRef strides) {
  const auto ndim = static_cast<int32_t>(sizes.size());
  const auto at = [](IntArrayRef list, int64_t i) { return list[static_cast<size_t>(i)]; };
  Dims order(ndim, 0);  // innermost first
  for (int32_t i = 0; i < ndim; ++i) order[i] = ndim - 1 - i;
  const auto compare = [&](int64_t a, int64_t b) {
    const int64_t x = at(strides, a), y = at(strides, b);
    if (x == 0 || y == 0) return 0;
    if (x != y) return x < y ? -1 : 1;
    return at(sizes, a) > at(sizes, b) ? 1 : 0;
  };
  for (int32_t i = 1; i < ndim; ++i) {
    int32_t place = i;
    for (int32_t j = i - 1; j >= 0; --j) {
      const int order_of = compare(order[j], order[place]);
      if (order_of < 0) break;
      if (order_of == 0) continue;
      std::swap(order[j], order[place]);
      place = j;
    }
  }
  Dims result(ndim, 0);
  int64_t step = 1;
  for (int64_t dim : order) {
    result[dim] = step;
    step *= at(sizes, dim) > 1 ? at(sizes, dim) : 1;
  }
  return result;
}

}  // namespace

Tensor tensor_data::make_like(const Tensor& like, ScalarType type) {
  if (like.is_contiguous()) return tensor_data::make(like.sizes(), type);
  return tensor_data::make_strided(like.sizes(), dense_strides(like.sizes(), like.strides()), type);
}

Dims tensor_data::format_strides(const char* operation, IntArrayRef sizes, MemoryFormat format) {
  if (format == MemoryFormat::Contiguous) return contiguous_strides(sizes);
  if (format == MemoryFormat::Preserve)
    fail(operation, "unsupported memory format: Preserve needs a tensor to be like");
  const size_t needed = format == MemoryFormat::ChannelsLast ? 4 : 5;
  if (sizes.size() != needed) {
    fail(operation,
         fmt::format("required rank {} tensor to use channels_last format, got shape {}", needed, to_string(sizes)));
  }
  // As if the sizes were those of N, the places, C.
  Dims strides(sizes);
  int64_t step = 1;
  strides[1] = step;
  step *= std::max<int64_t>(sizes[1], 1);
  for (auto i = static_cast<int32_t>(needed) - 1; i >= 2; --i) {
    strides[i] = step;
    step *= std::max<int64_t>(sizes[static_cast<size_t>(i)], 1);
  }
  strides[0] = step;
  return strides;
}

Tensor tensor_data::make_like(const Tensor& like, ScalarType type, std::optional<MemoryFormat> format) {
  if (!format || *format == MemoryFormat::Preserve) return make_like(like, type);
  return make_strided(like.sizes(), format_strides("empty_like", like.sizes(), *format), type);
}

Tensor empty(IntArrayRef sizes, TensorOptions options) {
  check_options("empty", options);
  if (options.has_memory_format()) {
    const Dims strides = tensor_data::format_strides("empty", sizes, *options.memory_format_opt());
    return finish(tensor_data::make_strided(sizes, strides, options.dtype()), options);
  }
  return finish(tensor_data::make(sizes, options.dtype()), options);
}

Tensor empty_strided(IntArrayRef sizes, IntArrayRef strides, TensorOptions options) {
  check_options("empty_strided", options);
  return finish(tensor_data::make_strided(sizes, strides, options.dtype()), options);
}

Tensor zeros(IntArrayRef sizes, TensorOptions options) {
  check_options("zeros", options);
  return finish(make_zeros(sizes, options.dtype()), options);
}

Tensor ones(IntArrayRef sizes, TensorOptions options) {
  check_options("ones", options);
  Tensor result = tensor_data::make(sizes, options.dtype());
  tensor_data::fill(result, 1);
  return finish(std::move(result), options);
}

Tensor full(IntArrayRef sizes, Scalar value, TensorOptions options) {
  if (!options.has_dtype() && !value.isFloatingPoint()) options = options.dtype(value.type());
  check_options("full", options);
  Tensor result = tensor_data::make(sizes, options.dtype());
  tensor_data::fill(result, value);
  return finish(std::move(result), options);
}

// As in libtorch, the type of the value does not matter here.
Tensor scalar_tensor(Scalar value, TensorOptions options) { return full({}, value, options.dtype(options.dtype())); }

Tensor empty_like(const Tensor& like, TensorOptions options) {
  options = tensor_data::options_like(like, options);
  check_options("empty_like", options);
  return finish(make_like(like, options.dtype(), options.memory_format_opt()), options);
}

Tensor full_like(const Tensor& like, Scalar value, TensorOptions options) {
  options = tensor_data::options_like(like, options);
  check_options("full_like", options);
  Tensor result = make_like(like, options.dtype(), options.memory_format_opt());
  tensor_data::fill(result, value);
  return finish(std::move(result), options);
}

Tensor zeros_like(const Tensor& like, TensorOptions options) { return full_like(like, 0, options); }
Tensor ones_like(const Tensor& like, TensorOptions options) { return full_like(like, 1, options); }

Tensor eye(int64_t n, TensorOptions options) { return eye(n, n, options); }

Tensor eye(int64_t n, int64_t m, TensorOptions options) {
  if (n < 0 || m < 0) {
    fail_value("eye", fmt::format("n and m must be greater or equal to 0, got {}", n < 0 ? n : m));
  }
  check_options("eye", options);
  Tensor result = make_zeros({n, m}, options.dtype());
  visit_dtype(options.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    auto* data = static_cast<T*>(result.data_ptr());
    for (int64_t i = 0; i < n && i < m; ++i) data[i * (m + 1)] = Scalar(1).to<T>();
  });
  return finish(std::move(result), options);
}

}  // namespace rondo
