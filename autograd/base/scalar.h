// One number of any kind, as the argument of operations.
#pragma once

#include <rondo/autograd/base/scalar_type.h>

namespace rondo {

// An integer, a floating point number or a bool. It converts implicitly from C++'s numbers and keeps 64-bit integers
// exact.
class Scalar {
 public:
  constexpr Scalar() = default;
  template <class T>
  requires(std::is_arithmetic_v<T>) constexpr Scalar(T value) {
    if constexpr (std::is_same_v<T, bool>) {
      kind_ = kBool;
      integer_ = value;
    } else if constexpr (std::is_integral_v<T>) {
      kind_ = kLong;
      integer_ = static_cast<int64_t>(value);
    } else {
      kind_ = kDouble;
      real_ = static_cast<double>(value);
    }
  }
  Scalar(Half value) : Scalar(static_cast<float>(value)) {}
  Scalar(BFloat16 value) : Scalar(static_cast<float>(value)) {}

  // kDouble, kLong or kBool.
  constexpr ScalarType type() const { return kind_; }
  constexpr bool isFloatingPoint() const { return kind_ == kDouble; }
  constexpr bool isIntegral(bool include_bool) const { return kind_ == kLong || (include_bool && kind_ == kBool); }
  constexpr bool isBoolean() const { return kind_ == kBool; }

  template <class T>
  constexpr T to() const {
    if constexpr (std::is_same_v<T, bool>) {
      return kind_ == kDouble ? real_ != 0 : integer_ != 0;
    } else if constexpr (std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>) {
      return T(to<float>());
    } else {
      return kind_ == kDouble ? static_cast<T>(real_) : static_cast<T>(integer_);
    }
  }
  constexpr double toDouble() const { return to<double>(); }
  constexpr float toFloat() const { return to<float>(); }
  constexpr int64_t toLong() const { return to<int64_t>(); }
  constexpr int toInt() const { return to<int>(); }
  constexpr bool toBool() const { return to<bool>(); }
  constexpr bool equal(Scalar other) const {
    return kind_ == kDouble || other.kind_ == kDouble ? toDouble() == other.toDouble() : integer_ == other.integer_;
  }
  constexpr Scalar operator-() const { return kind_ == kDouble ? Scalar(-real_) : Scalar(-integer_); }

 private:
  ScalarType kind_ = kLong;
  union {
    int64_t integer_ = 0;
    double real_;
  };
};

}  // namespace rondo
