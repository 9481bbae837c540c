// Tensors of numbers that the caller has: lists in braces, vectors, memory.
#include <rondo/autograd/tensor/factory.h>
#include <rondo/autograd/tensor/factory_parts.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstring>

namespace rondo {
namespace tensor_data {

namespace {

// "2 3", as libtorch writes sizes here.
std::string words(IntArrayRef sizes) { return fmt::format("{}", fmt::join(sizes.begin(), sizes.end(), " ")); }

// "{{1, 2}, {3, 4}}"
std::string text_of(const Nested& data) {
  const auto number = [](Scalar value) {
    return value.isFloatingPoint() ? fmt::format("{}", value.toDouble()) : fmt::format("{}", value.toLong());
  };
  if (data.is_scalar()) return number(data.scalar());
  const IntArrayRef sizes = data.sizes();
  std::string text(sizes.size(), '{');
  for (size_t i = 0; i < data.values().size(); ++i) {
    // How many lists begin here.
    size_t lists = 0, block = 1;
    for (size_t d = sizes.size(); d-- > 1;) {
      block *= static_cast<size_t>(sizes[d]);
      if (i > 0 && i % block == 0) ++lists;
    }
    if (i > 0) text += std::string(lists, '}') + ", " + std::string(lists, '{');
    text += number(data.values()[i]);
  }
  return text + std::string(sizes.size(), '}');
}

}  // namespace

Nested::Nested(std::initializer_list<Nested> list) : type_(ScalarType::Undefined), is_list_(true) {
  sizes_.push_back(static_cast<int64_t>(list.size()));
  if (list.size() == 0) return;
  const Nested& first = *list.begin();
  for (const Nested& element : list) {
    if (!(element.sizes_ == first.sizes_) || element.is_list_ != first.is_list_) {
      fail_value("tensor", fmt::format("Expected all sub-lists to have sizes: {} (e.g. {}), but got sub-list {} with "
                                       "sizes: {}",
                                       words(first.sizes_), text_of(first), text_of(element), words(element.sizes_)));
    }
    if (element.type_ != first.type_) {
      fail_type("tensor", fmt::format("Expected all elements of the tensor to have the same scalar type: {}, but got "
                                      "element of scalar type: {}",
                                      toString(first.type_), toString(element.type_)));
    }
    if (element.is_list_) {
      values_.insert(values_.end(), element.values_.begin(), element.values_.end());
    } else {
      values_.push_back(element.scalar_);
    }
  }
  type_ = first.type_;
  for (int64_t size : first.sizes_) sizes_.push_back(size);
}

Nested::Nested(const std::vector<bool>& list)
    : sizes_{static_cast<int64_t>(list.size())}, values_(list.begin(), list.end()), type_(kBool), is_list_(true) {}

Tensor from_external(void* data, IntArrayRef sizes, IntArrayRef strides, StorageImpl::Release release, void* context,
                     TensorOptions options) {
  // What is thrown here must not leak the context, which the storage owns once it is there.
  size_t bytes = 0;
  try {
    check_geometry("from_blob", sizes, strides);
    check_options("from_blob", options);
    bytes = static_cast<size_t>(storage_extent(sizes, strides)) * element_size(options.dtype());
  } catch (...) {
    if (release) release(context, data);
    throw;
  }
  auto storage = StorageImpl::external(data, bytes, release, context);
  return finish(over_storage(std::move(storage), data, sizes, strides, options.dtype()), options);
}

}  // namespace tensor_data

namespace {

// Without a dtype in the options integers are int64, real numbers of the default dtype.
TensorOptions options_for(ScalarType type, TensorOptions options) {
  if (options.has_dtype() || type == kFloat || type == kDouble || type == ScalarType::Undefined) return options;
  return options.dtype(type == kInt ? kLong : type);
}

}  // namespace

Tensor tensor_data::from_list(const void* numbers, ScalarType type, size_t count, TensorOptions options) {
  options = options_for(type, options);
  check_options("tensor", options);
  Tensor result = make({static_cast<int64_t>(count)}, options.dtype());
  if (options.dtype() == type) {
    std::memcpy(result.data_ptr(), numbers, count * element_size(type));
    return finish(std::move(result), options);
  }
  Scalar (*const read)(const void*, size_t) = visit_dtype(type, [](auto tag) {
    return +[](const void* list, size_t i) {
      return Scalar(static_cast<const typename decltype(tag)::type*>(list)[i]);
    };
  });
  visit_dtype(options.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    for (size_t i = 0; i < count; ++i) static_cast<T*>(result.data_ptr())[i] = read(numbers, i).to<T>();
  });
  return finish(std::move(result), options);
}

Tensor tensor(const tensor_data::Nested& data, TensorOptions options) {
  options = options_for(data.type(), options);
  tensor_data::check_options("tensor", options);
  Tensor result = tensor_data::make(data.sizes(), options.dtype());
  visit_dtype(options.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    auto* out = static_cast<T*>(result.data_ptr());
    if (data.is_scalar()) {
      *out = data.scalar().to<T>();
    } else {
      for (Scalar value : data.values()) *out++ = value.to<T>();
    }
  });
  return tensor_data::finish(std::move(result), options);
}

Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides, TensorOptions options) {
  return tensor_data::from_external(data, sizes, strides, nullptr, nullptr, options);
}

Tensor from_blob(void* data, IntArrayRef sizes, TensorOptions options) {
  return from_blob(data, sizes, contiguous_strides(sizes), options);
}

}  // namespace rondo
