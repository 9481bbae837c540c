// Intrusive reference counting: a handle is one pointer, the count sits in the object.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#endif

namespace rondo::base {

// Makes an object whose count is 1 already, for Ref<T>::adopt: one atomic step less.
struct FirstReference {};
inline constexpr FirstReference kFirstReference{};

// The count of an object that Ref<T> handles. Starts at 0; the handle that takes the count back to 0 calls
// `T::dispose(T*)`, which frees the object in the way that suits its kind.
class RefCounted {
 public:
  RefCounted() = default;
  explicit RefCounted(FirstReference) : count_(1) {}
  RefCounted(const RefCounted&) = delete;
  RefCounted& operator=(const RefCounted&) = delete;

  void add_reference() const { count_.fetch_add(1, std::memory_order_relaxed); }
  // The same for an object that may be new: while the count is 0 no other thread can know it.
  void add_reference_to_new() const {
    if (count_.load(std::memory_order_relaxed) == 0) {
      count_.store(1, std::memory_order_relaxed);
    } else {
      add_reference();
    }
  }
  // True for the release that was the last. A sole owner needs no locked step: nobody else can add a reference.
  bool drop_reference() const {
    return count_.load(std::memory_order_acquire) == 1 || count_.fetch_sub(1, std::memory_order_acq_rel) == 1;
  }
  uint32_t use_count() const { return count_.load(std::memory_order_acquire); }

 protected:
  void add_reference_alone() const {
    count_.store(count_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  void drop_reference_alone() const {
    count_.store(count_.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
  }

 private:
  mutable std::atomic<uint32_t> count_{0};
};

// The only thread of the process, for certain: then a plain step does where a locked one costs some 20 cycles.
inline bool is_single_threaded() {
#if __has_include(<sys/single_threaded.h>)
  return __libc_single_threaded;
#else
  return false;
#endif
}

// For objects whose count every operation changes. Not for all: the question makes each place that counts longer.
class QuicklyCounted : public RefCounted {
 public:
  void add_reference() const {
    if (is_single_threaded()) {
      add_reference_alone();
    } else {
      RefCounted::add_reference();
    }
  }
  bool drop_reference() const {
    if (use_count() == 1) return true;
    if (!is_single_threaded()) return RefCounted::drop_reference();
    drop_reference_alone();
    return false;
  }
};

template <class T>
class Ref;
// Keeps the share of a std::shared_ptr that was made from a Ref.
template <class T>
struct Keeper {
  Ref<T> share;
  void operator()(T*) const {}
};

template <class T>
class Ref {
 public:
  constexpr Ref() = default;
  constexpr Ref(std::nullptr_t) {}
  explicit Ref(T* object) : object_(object) {
    if (object_) object_->add_reference_to_new();
  }
  Ref(const Ref& other) : object_(other.object_) {
    if (object_) object_->add_reference();
  }
  Ref(Ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  template <class U>
  requires(!std::is_same_v<U, T> && std::is_convertible_v<U*, T*>) Ref(Ref<U> other) : object_(other.leak()) {}
  ~Ref() { drop(); }

  Ref& operator=(const Ref& other) {
    Ref(other).swap(*this);
    return *this;
  }
  Ref& operator=(Ref&& other) noexcept {
    Ref(std::move(other)).swap(*this);
    return *this;
  }

  T* get() const { return object_; }
  // The same share as a std::shared_ptr<T>, for whoever has <memory>: each holds one reference.
  template <class P>
  requires(std::is_same_v<typename P::weak_type::element_type, T>) operator P() const {
    return object_ ? P(object_, Keeper<T>{*this}) : P();
  }
  T* operator->() const { return object_; }
  T& operator*() const { return *object_; }
  explicit operator bool() const { return object_ != nullptr; }
  bool operator==(const Ref& other) const { return object_ == other.object_; }
  bool operator==(std::nullptr_t) const { return object_ == nullptr; }
  template <class P>
  requires(std::is_same_v<typename P::weak_type::element_type, T>) bool operator==(const P& other) const {
    return object_ == other.get();
  }

  void reset() {
    drop();
    object_ = nullptr;
  }
  void swap(Ref& other) noexcept { std::swap(object_, other.object_); }
  // Gives up the pointer without releasing it; `adopt` takes such a pointer back.
  T* leak() { return std::exchange(object_, nullptr); }
  static Ref adopt(T* object) {
    Ref ref;
    ref.object_ = object;
    return ref;
  }

 private:
  void drop() {
    if (object_ && object_->drop_reference()) T::dispose(object_);
  }

  T* object_ = nullptr;
};

}  // namespace rondo::base
