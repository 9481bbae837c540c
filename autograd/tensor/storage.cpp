#include <rondo/autograd/base/allocator.h>
#include <rondo/autograd/tensor/storage.h>

#include <new>

namespace rondo {
namespace {

constexpr size_t kHeader = 64;
static_assert(sizeof(StorageImpl) <= kHeader);

void release_origin(void* context, void*) { base::Ref<StorageImpl>::adopt(static_cast<StorageImpl*>(context)); }

}  // namespace

constinit thread_local AllocationWatch* allocation_watch = nullptr;

base::Ref<StorageImpl> StorageImpl::allocate(size_t bytes) {
  if (allocation_watch) [[unlikely]]
    allocation_watch->allocated(bytes);
  void* block = base::allocate(kHeader + bytes);
  auto* storage = new (block) StorageImpl;
  storage->owned_ = true;
  storage->data_ = static_cast<char*>(block) + kHeader;
  storage->bytes_ = bytes;
  return base::Ref<StorageImpl>::adopt(storage);
}

base::Ref<StorageImpl> StorageImpl::external(void* data, size_t bytes, Release release, void* context) {
  auto* storage = new (base::allocate(kHeader)) StorageImpl;
  storage->data_ = data;
  storage->bytes_ = bytes;
  storage->release_ = release;
  storage->context_ = context;
  return base::Ref<StorageImpl>::adopt(storage);
}

base::Ref<StorageImpl> StorageImpl::alias(const base::Ref<StorageImpl>& storage, uint32_t version) {
  auto* origin = const_cast<StorageImpl*>(storage->origin());
  auto result = external(storage->data_, storage->bytes_, release_origin, base::Ref<StorageImpl>(origin).leak());
  result->alias_ = true;
  result->version_.store(version, std::memory_order_relaxed);
  return result;
}

void StorageImpl::dispose(StorageImpl* storage) noexcept {
  const size_t block = kHeader + (storage->owned_ ? storage->bytes_ : 0);
  if (storage->release_) storage->release_(storage->context_, storage->data_);
  storage->~StorageImpl();
  base::deallocate(storage, block);
}

}  // namespace rondo
