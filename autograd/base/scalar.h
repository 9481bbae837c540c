// One number of any kind, as the argument of operations.
#pragma once

#include <rondo/autograd/base/scalar_type.h>

#include <cstdint>
#include <type_traits>

namespace rondo {

// Throws Error: the value does not fit the type.
[[noreturn]] void fail_conversion(ScalarType type);

// An integer, a floating point number or a bool. Converts implicitly from C++'s numbers; keeps 64-bit integers exact.
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

  // The value as T. Throws Error where T cannot hold it; a negative integer wraps in an unsigned T, infinities and NaN
  // stay what they are in floating point.
  template <class T>
  constexpr T to() const {
    if constexpr (std::is_same_v<T, bool>) {
      return kind_ == kDouble ? real_ != 0 : integer_ != 0;
    } else if constexpr (std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>) {
      const float value = to<float>();
      if (std::is_same_v<T, Half> && value - value == 0 && (value > 65504 || value < -65504)) fail_conversion(kHalf);
      return T(value);
    } else {
      if (!fits<T>()) fail_conversion(scalar_type_of<T>);
      return kind_ == kDouble ? static_cast<T>(real_) : static_cast<T>(integer_);
    }
  }
  constexpr double toDouble() const { return to<double>(); }
  constexpr float toFloat() const { return to<float>(); }
  constexpr int64_t toLong() const { return to<int64_t>(); }
  constexpr int toInt() const { return to<int>(); }
  constexpr int16_t toShort() const { return to<int16_t>(); }
  constexpr int8_t toChar() const { return to<int8_t>(); }
  constexpr uint8_t toByte() const { return to<uint8_t>(); }
  Half toHalf() const { return to<Half>(); }
  BFloat16 toBFloat16() const { return to<BFloat16>(); }
  constexpr bool toBool() const { return to<bool>(); }
  constexpr bool equal(Scalar other) const {
    return kind_ == kDouble || other.kind_ == kDouble ? toDouble() == other.toDouble() : integer_ == other.integer_;
  }
  constexpr Scalar operator-() const { return kind_ == kDouble ? Scalar(-real_) : Scalar(-integer_); }

 private:
  template <class T>
  constexpr bool fits() const {
    if constexpr (std::is_integral_v<T>) {
      constexpr int kBits = 8 * static_cast<int>(sizeof(T)) - (std::is_signed_v<T> ? 1 : 0);
      constexpr double kEnd = static_cast<double>(uint64_t{1} << (kBits - 1)) * 2;  // the first number above T's
      if (kind_ == kDouble) {
        const bool below = kBits < 63 ? real_ <= kEnd - 1 : real_ < kEnd;
        return below && real_ >= (std::is_signed_v<T> ? -kEnd : 0);
      }
      const auto integer = static_cast<double>(integer_);
      return kBits >= 63 || (integer < kEnd && integer >= (std::is_signed_v<T> ? -kEnd : 1 - kEnd));
    } else if constexpr (sizeof(T) < sizeof(double)) {
      constexpr double kMost = 0x1.fffffep127;
      return kind_ != kDouble || real_ - real_ != 0 || (real_ >= -kMost && real_ <= kMost);
    } else {
      return true;
    }
  }

  ScalarType kind_ = kLong;
  union {
    int64_t integer_ = 0;
    double real_;
  };
};

}  // namespace rondo
