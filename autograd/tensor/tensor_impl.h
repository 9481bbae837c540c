// What a Tensor points to: memory, shape, dtype, and the autograd data of tensors that have any.
#pragma once

#include <rondo/autograd/base/allocator.h>
#include <rondo/autograd/base/dims.h>
#include <rondo/autograd/base/scalar_type.h>
#include <rondo/autograd/tensor/inference.h>
#include <rondo/autograd/tensor/storage.h>

namespace rondo {

// The graph's part of a tensor (graph/meta.h). Null in tensors that no gradient has met.
struct AutogradMeta;

struct TensorImpl final : base::RefCounted, base::Pooled {
  base::Ref<StorageImpl> storage;
  char* data = nullptr;  // the first element: the storage's data plus the offset
  int64_t numel = 0;
  Dims sizes, strides;  // strides in elements
  ScalarType dtype = ScalarType::Undefined;
  bool contiguous = true;                        // row-major without gaps
  bool inference = tensor_data::inference_mode;  // made in inference mode, or a view of such a tensor
  AutogradMeta* autograd = nullptr;

  TensorImpl() = default;
  explicit TensorImpl(base::FirstReference first) : RefCounted(first) {}
  // The shape and layout of another, in memory of its own.
  TensorImpl(base::FirstReference first, const TensorImpl& like, ScalarType type, base::Ref<StorageImpl> memory)
      : RefCounted(first),
        storage(std::move(memory)),
        data(static_cast<char*>(storage->data())),
        numel(like.numel),
        sizes(like.sizes),
        strides(like.strides),
        dtype(type),
        contiguous(like.contiguous) {}
  ~TensorImpl();
  static void dispose(TensorImpl* impl) noexcept { delete impl; }

  // In elements.
  int64_t offset() const {
    const auto bytes = data - static_cast<const char*>(storage->data());
    return bytes / static_cast<int64_t>(element_size(dtype));
  }
};

// Frees the autograd data; the graph floor defines it.
void dispose_autograd_meta(AutogradMeta* meta) noexcept;

inline TensorImpl::~TensorImpl() {
  if (autograd) dispose_autograd_meta(autograd);
}

}  // namespace rondo
