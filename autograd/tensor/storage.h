// The memory of tensors: a counted block that views share.
#pragma once

#include <rondo/autograd/base/ref.h>
#include <rondo/autograd/tensor/options.h>

#include <cstddef>
#include <utility>

namespace rondo {

// Sees each allocation of this thread's tensors.
struct AllocationWatch {
  virtual void allocated(size_t bytes) = 0;

 protected:
  ~AllocationWatch() = default;
};
extern constinit thread_local AllocationWatch* allocation_watch;

// Bytes, and how to free them. The header and the data that rondo allocates lie in one block.
class StorageImpl final : public base::RefCounted {
 public:
  // Called with the context when the last reference is gone.
  using Release = void (*)(void* context, void* data);

  // Memory that is not set.
  static base::Ref<StorageImpl> allocate(size_t bytes);
  // Someone else's memory; `release` may be null.
  static base::Ref<StorageImpl> external(void* data, size_t bytes, Release release, void* context);

  // The same memory with its own count of changes, which goes on from `version`.
  static base::Ref<StorageImpl> alias(const base::Ref<StorageImpl>& storage, uint32_t version = 0);

  void* data() const { return data_; }
  size_t nbytes() const { return bytes_; }
  // Where the memory comes from: not this for an alias.
  const StorageImpl* origin() const { return alias_ ? static_cast<const StorageImpl*>(context_) : this; }
  // How many hold the memory.
  uint32_t use_count() const { return RefCounted::use_count() + (alias_ ? origin()->use_count() - 1 : 0); }
  // Whether rondo's allocator owns the memory, so that resize may replace it.
  bool owned() const { return owned_; }

  // Counts the in-place changes; a node that saved a value compares the number with the one it saw.
  uint32_t version() const { return version_.load(std::memory_order_relaxed); }
  void bump_version() { version_.fetch_add(1, std::memory_order_relaxed); }

  static void dispose(StorageImpl* storage) noexcept;

 private:
  StorageImpl() : RefCounted(base::kFirstReference) {}

  std::atomic<uint32_t> version_{0};
  bool owned_ = false;
  bool alias_ = false;
  void* data_ = nullptr;
  size_t bytes_ = 0;
  Release release_ = nullptr;
  void* context_ = nullptr;
};

// Where a tensor's numbers lie, and on what device.
class DataPtr {
 public:
  constexpr DataPtr() = default;
  constexpr explicit DataPtr(void* data) : data_(data) {}
  constexpr void* get() const { return data_; }
  // rondo's storages free their memory by themselves.
  constexpr void* get_context() const { return nullptr; }
  constexpr Device device() const { return kCPU; }
  constexpr operator bool() const { return data_ != nullptr; }
  constexpr bool operator==(const DataPtr& other) const = default;

 private:
  void* data_ = nullptr;
};

// A handle on a tensor's memory, which it keeps alive.
class Storage {
 public:
  Storage() = default;
  explicit Storage(base::Ref<StorageImpl> impl) : impl_(std::move(impl)) {}

  void* data() const { return impl_ ? impl_->data() : nullptr; }
  template <class T>
  T* data() const {
    return static_cast<T*>(data());
  }
  void* mutable_data() const { return data(); }
  DataPtr data_ptr() const { return DataPtr(data()); }
  size_t nbytes() const { return impl_ ? impl_->nbytes() : 0; }
  bool resizable() const { return impl_ && impl_->owned(); }
  Device device() const { return kCPU; }
  DeviceType device_type() const { return kCPU; }
  size_t use_count() const { return impl_ ? impl_->use_count() : 0; }
  bool unique() const { return use_count() == 1; }
  bool is_alias_of(const Storage& other) const {
    return impl_ && other.impl_ && impl_->origin() == other.impl_->origin();
  }
  explicit operator bool() const { return static_cast<bool>(impl_); }
  StorageImpl* unsafeGetStorageImpl() const { return impl_.get(); }
  const base::Ref<StorageImpl>& impl_ref() const { return impl_; }

 private:
  base::Ref<StorageImpl> impl_;
};

}  // namespace rondo
