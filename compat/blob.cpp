#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/tensor/factory_parts.h>
#include <rondo/compat/blob.h>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

namespace rondo {

Tensor TensorMaker::make_tensor() {
  const Dims strides = strides_ ? Dims(*strides_) : contiguous_strides(sizes_);
  if (storage_offset_ < 0) {
    fail("for_blob", fmt::format("storage_offset is {}; need an offset of 0 or more", storage_offset_));
  }
  tensor_data::check_geometry("for_blob", sizes_, strides);
  int64_t extent;
  if (__builtin_add_overflow(storage_offset_, tensor_data::storage_extent(sizes_, strides), &extent)) {
    fail("for_blob", fmt::format("storage_offset is {}; need one within memory", storage_offset_));
  }
  const auto within = [&](const Tensor& whole) {
    const Tensor part = tensor_data::window(whole, sizes_, strides, storage_offset_);
    return options_.requires_grad() ? part.requires_grad_() : part;
  };
  const TensorOptions options = options_.requires_grad(false);
  if (!release_) return within(from_blob(data_, {extent}, options));
  return within(from_blob(
      data_, {extent},
      [kept = std::unique_ptr<Release>(std::exchange(release_, nullptr))](void* data) { (*kept)(data); }, options));
}

namespace {

// Closed on every way out.
struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

[[noreturn]] void fail_file(const std::string& name, const char* what) {
  fail("from_file", fmt::format("unable to {} file <{}>: {} ({})", what, name, std::strerror(errno), errno));
}

}  // namespace

Tensor from_file(std::string_view filename, std::optional<bool> shared, std::optional<int64_t> size,
                 TensorOptions options) {
  tensor_data::check_options("from_file", options);
  const std::string name(filename);
  const int64_t count = size.value_or(0);
  if (count < 0) fail("from_file", fmt::format("size is {}; need a number of elements, 0 or more", count));
  const auto bytes = static_cast<size_t>(count_elements({count, static_cast<int64_t>(element_size(options.dtype()))}));
  const bool shares = shared.value_or(false);
  const Descriptor file{shares ? ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)
                               : ::open(name.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.number < 0) fail_file(name, shares ? "open or create" : "open");
  struct stat status;
  if (::fstat(file.number, &status) != 0) fail_file(name, "look at");
  if (static_cast<uint64_t>(status.st_size) < bytes) {
    if (!shares) {
      fail("from_file", fmt::format("file <{}> has {} bytes; need {} for {} elements of {}", name, status.st_size,
                                    bytes, count, dtype_name(options.dtype())));
    }
    if (::ftruncate(file.number, static_cast<off_t>(bytes)) != 0) fail_file(name, "lengthen");
  }
  if (bytes == 0) return empty({0}, options);
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, shares ? MAP_SHARED : MAP_PRIVATE, file.number, 0);
  if (memory == MAP_FAILED) fail_file(name, "map");
  return from_blob(
      memory, {count}, [bytes](void* data) { ::munmap(data, bytes); }, options);
}

}  // namespace rondo
