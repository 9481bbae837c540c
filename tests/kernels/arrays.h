// Arrays of any dtype for the tests of kernels, read and written as double.
#pragma once

#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/base/scalar_type.h>

#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

namespace rondo_test {

inline const std::vector<rondo::ScalarType> kAllTypes = {rondo::kByte, rondo::kChar,    rondo::kShort, rondo::kInt,
                                                         rondo::kLong, rondo::kHalf,    rondo::kFloat, rondo::kDouble,
                                                         rondo::kBool, rondo::kBFloat16};
inline const std::vector<rondo::ScalarType> kLaneTypes = {rondo::kFloat, rondo::kDouble};

using Sizes = std::vector<int64_t>;

struct Array {
  rondo::ScalarType type;
  int64_t size;
  std::vector<char> bytes;  // what new gives is aligned for every dtype

  Array(rondo::ScalarType t, int64_t n)
      : type(t), size(n), bytes(static_cast<size_t>(n) * rondo::element_size(t) + 1, 0) {}
  void* data() { return bytes.data(); }
  const void* data() const { return bytes.data(); }

  double operator[](int64_t i) const {
    return rondo::visit_dtype(type, [&](auto tag) {
      typename decltype(tag)::type value;
      std::memcpy(&value, bytes.data() + static_cast<size_t>(i) * sizeof(value), sizeof(value));
      return static_cast<double>(value);
    });
  }
  void set(int64_t i, double number) {
    rondo::visit_dtype(type, [&](auto tag) {
      using T = typename decltype(tag)::type;
      T value;
      if constexpr (sizeof(T) == 2 && !std::is_integral_v<T>) {
        value = T(static_cast<float>(number));
      } else {
        value = static_cast<T>(number);
      }
      std::memcpy(bytes.data() + static_cast<size_t>(i) * sizeof(value), &value, sizeof(value));
    });
  }
  bool operator==(const Array& other) const { return bytes == other.bytes; }
};

// Whole numbers from low to high, so that every type holds them and sums are exact.
inline Array random_integers(rondo::ScalarType type, int64_t n, int low, int high, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> pick(low, high);
  Array a(type, n);
  for (int64_t i = 0; i < n; ++i) a.set(i, pick(random));
  return a;
}
inline Array random_numbers(rondo::ScalarType type, int64_t n, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::normal_distribution<double> pick;
  Array a(type, n);
  for (int64_t i = 0; i < n; ++i) a.set(i, pick(random));
  return a;
}

inline int64_t product(const Sizes& sizes) {
  int64_t n = 1;
  for (const int64_t s : sizes) n *= s;
  return n;
}
inline Sizes contiguous_strides(const Sizes& sizes) {
  Sizes strides(sizes.size());
  int64_t step = 1;
  for (size_t d = sizes.size(); d-- > 0; step *= sizes[d]) strides[d] = step;
  return strides;
}
// The offset of the position-th element in row-major order.
inline int64_t offset_at(const Sizes& sizes, const Sizes& strides, int64_t position) {
  int64_t offset = 0;
  for (size_t d = sizes.size(); d-- > 0; position /= sizes[d]) offset += position % sizes[d] * strides[d];
  return offset;
}
// One more than the largest offset.
inline int64_t extent(const Sizes& sizes, const Sizes& strides) {
  int64_t last = 0;
  for (size_t d = 0; d < sizes.size(); ++d) last += std::max<int64_t>(0, sizes[d] - 1) * strides[d];
  return last + 1;
}

// Runs f with one thread and with two, and gives the number of threads back.
template <class F>
void with_threads(int count, const F& f) {
  const int before = rondo::get_num_threads();
  rondo::set_num_threads(count);
  f();
  rondo::set_num_threads(before);
}

}  // namespace rondo_test
