// The small lists of integers that shapes and strides are made of.
#pragma once

#include <rondo/autograd/base/array_ref.h>

#include <cstring>

namespace rondo {

// A list of int64_t that holds up to six numbers in place.
class Dims {
 public:
  static constexpr int32_t kInline = 6;

  Dims() : here_{} {}
  Dims(IntArrayRef list) : Dims() { assign(list); }
  Dims(std::initializer_list<int64_t> list) : Dims() { assign(IntArrayRef(list)); }
  Dims(int32_t size, int64_t value) : Dims() {
    resize(size);
    for (int32_t i = 0; i < size; ++i) data()[i] = value;
  }
  Dims(const Dims& other) {
    if (!other.heap_) [[likely]] {
      copy_here(other);
    } else {
      std::memset(here_, 0, sizeof(here_));
      assign(other);
    }
  }
  Dims(Dims&& other) noexcept { take(other); }
  Dims& operator=(const Dims& other) {
    if (this == &other) return *this;
    if (!other.heap_ && !heap_) [[likely]] {
      copy_here(other);
    } else {
      assign(other);
    }
    return *this;
  }
  Dims& operator=(Dims&& other) noexcept {
    if (this != &other) {
      delete[] heap_;
      take(other);
    }
    return *this;
  }
  ~Dims() { delete[] heap_; }

  int64_t* data() { return heap_ ? heap_ : here_; }
  const int64_t* data() const { return heap_ ? heap_ : here_; }
  int32_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  int64_t& operator[](int64_t i) { return data()[i]; }
  int64_t operator[](int64_t i) const { return data()[i]; }
  int64_t* begin() { return data(); }
  int64_t* end() { return data() + size_; }
  const int64_t* begin() const { return data(); }
  const int64_t* end() const { return data() + size_; }
  int64_t& back() { return data()[size_ - 1]; }
  int64_t back() const { return data()[size_ - 1]; }
  operator IntArrayRef() const { return {data(), static_cast<size_t>(size_)}; }

  // Keeps the first numbers; new ones are not set.
  void resize(int32_t size) {
    if (size > capacity_) grow(size);
    size_ = size;
  }
  void push_back(int64_t value) {
    resize(size_ + 1);
    back() = value;
  }
  void insert(int32_t place, int64_t value) {
    resize(size_ + 1);
    std::memmove(data() + place + 1, data() + place, sizeof(int64_t) * static_cast<size_t>(size_ - 1 - place));
    data()[place] = value;
  }
  void erase(int32_t place) {
    std::memmove(data() + place, data() + place + 1, sizeof(int64_t) * static_cast<size_t>(size_ - 1 - place));
    --size_;
  }
  void assign(IntArrayRef list) {
    size_ = 0;
    resize(static_cast<int32_t>(list.size()));
    int64_t* to = data();
    for (int32_t i = 0; i < size_; ++i) to[i] = list[static_cast<size_t>(i)];
  }

  friend bool operator==(const Dims& a, const Dims& b) {
    if (a.size_ != b.size_) return false;
    const int64_t *p = a.data(), *q = b.data();
    for (int32_t i = 0; i < a.size_; ++i) {
      if (p[i] != q[i]) return false;
    }
    return true;
  }

 private:
  // All six at once: quicker than counting.
  void copy_here(const Dims& other) {
    std::memcpy(here_, other.here_, sizeof(here_));
    size_ = other.size_;
  }
  void take(Dims& other) {
    size_ = other.size_;
    capacity_ = other.capacity_;
    heap_ = other.heap_;
    std::memcpy(here_, other.here_, sizeof(here_));
    other.heap_ = nullptr;
    other.size_ = 0;
    other.capacity_ = kInline;
  }
  void grow(int32_t size) {
    auto* larger = new int64_t[static_cast<size_t>(size) * 2];
    std::memcpy(larger, data(), sizeof(int64_t) * static_cast<size_t>(size_));
    delete[] heap_;
    heap_ = larger;
    capacity_ = size * 2;
  }

  int64_t here_[kInline];
  int64_t* heap_ = nullptr;
  int32_t size_ = 0, capacity_ = kInline;
};

// The number of elements of a shape. Throws ValueError where the sizes that are not 0 multiply to more than int64
// holds.
int64_t count_elements(IntArrayRef sizes);

// The strides of a row-major array without gaps, in elements.
Dims contiguous_strides(IntArrayRef sizes);

// Whether the strides are those of a row-major array without gaps; dimensions of size 1 may have any stride, and those
// of an array without elements too.
bool is_contiguous(IntArrayRef sizes, IntArrayRef strides);

// The shape to which both broadcast (throws Error that begins with `operation`); whether one broadcasts to the other.
Dims broadcast_shapes(const char* operation, IntArrayRef a, IntArrayRef b);
bool expands_to(IntArrayRef from, IntArrayRef to);

// `dim` counted from the front: in [0, ndim), where a negative one counts from the end; 0-dimensional shapes accept 0
// and -1. Throws IndexError that begins with `operation`.
int64_t wrap_dim(const char* operation, int64_t dim, int64_t ndim);
// The same for a dimension that must be there: 0-dimensional shapes have none.
int64_t wrap_axis(const char* operation, int64_t dim, int64_t ndim);

}  // namespace rondo
