// Tensors over memory and files of somebody else: libtorch's builder, and files mapped into memory.
#pragma once

#include <rondo/autograd/tensor/factory.h>

#include <optional>
#include <string_view>
#include <utility>

namespace rondo {

// for_blob(data, sizes).strides(...).deleter(...).options(...).make_tensor(): from_blob whose arguments have names. The
// deleter is called with `data`, or that of the context with the context, when the last reference is gone.
class TensorMaker {
 public:
  using ContextDeleter = void (*)(void*);

  TensorMaker(void* data, IntArrayRef sizes) : data_(data), sizes_(sizes) {}
  TensorMaker(const TensorMaker&) = delete;
  TensorMaker& operator=(const TensorMaker&) = delete;
  ~TensorMaker() { delete release_; }

  TensorMaker& strides(OptionalIntArrayRef value) { return strides_ = value, *this; }
  // In elements, from `data` on.
  TensorMaker& storage_offset(std::optional<int64_t> value) { return storage_offset_ = value.value_or(0), *this; }
  template <class Deleter>
  TensorMaker& deleter(Deleter value) {
    struct Kept final : Release {
      explicit Kept(Deleter f) : call(std::move(f)) {}
      void operator()(void* data) override { call(data); }
      Deleter call;
    };
    delete release_;
    return release_ = new Kept(std::move(value)), *this;
  }
  TensorMaker& context(void* value, ContextDeleter release = nullptr) {
    return deleter([value, release](void*) {
      if (release) release(value);
    });
  }
  TensorMaker& target_device(std::optional<Device>) { return *this; }  // rondo has one device
  TensorMaker& options(TensorOptions value) { return options_ = value, *this; }
  Tensor make_tensor();

 private:
  struct Release {
    virtual ~Release() = default;
    virtual void operator()(void* data) = 0;
  };

  void* data_;
  IntArrayRef sizes_;
  OptionalIntArrayRef strides_;
  int64_t storage_offset_ = 0;
  Release* release_ = nullptr;
  TensorOptions options_;
};
inline TensorMaker for_blob(void* data, IntArrayRef sizes) { return {data, sizes}; }

// The first `size` elements of a raw file, mapped: changes stay in memory unless `shared`, which writes them to the
// file and makes it as long as it must be. Throws Error where the file cannot be opened or is too short.
Tensor from_file(std::string_view filename, std::optional<bool> shared = std::nullopt, std::optional<int64_t> size = 0,
                 TensorOptions options = {});

}  // namespace rondo
