#include <rondo/data/sampler_state.h>

#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/serialize/archive.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

namespace rondo::data::samplers {

void write_number(serialize::OutputArchive& archive, const char* key, size_t value) {
  archive.write(key, tensor(static_cast<int64_t>(value), kInt64), true);
}

void write_tensor(serialize::OutputArchive& archive, const char* key, const Tensor& tensor) {
  archive.write(key, tensor, true);
}

size_t read_number(serialize::InputArchive& archive, const char* key, size_t most) {
  Tensor saved;
  archive.read(key, saved, true);
  if (saved.numel() != 1 || !isIntegralType(saved.scalar_type(), false)) {
    fail("load", fmt::format("'{}' of a sampler must be one integer", key));
  }
  const int64_t value = saved.item<int64_t>();
  if (value < 0 || static_cast<uint64_t>(value) > most) {
    fail("load", fmt::format("'{}' of a sampler is {}; need 0 to {}", key, value, most));
  }
  return static_cast<size_t>(value);
}

Tensor read_indices(serialize::InputArchive& archive, const char* key) {
  Tensor saved;
  archive.read(key, saved, true);
  if (saved.dim() != 1 || !isIntegralType(saved.scalar_type(), false)) {
    fail("load", fmt::format("'{}' of a sampler must be a list of integers", key));
  }
  if (saved.numel() > 0 && saved.min().item<int64_t>() < 0) {
    fail("load", fmt::format("'{}' of a sampler holds a negative index", key));
  }
  return saved;
}

}  // namespace rondo::data::samplers
