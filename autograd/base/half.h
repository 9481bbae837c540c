// The two 16-bit floating point formats, as storage: they convert from and to float, arithmetic happens in float.
#pragma once

#include <cstdint>

namespace rondo {

// The upper half of a float32: 8 bits of exponent, 7 of mantissa. Conversion rounds to nearest, ties to even.
struct BFloat16 {
  uint16_t x = 0;

  BFloat16() = default;
  BFloat16(float value) {
    const auto word = __builtin_bit_cast(uint32_t, value);
    const bool nan = (word & 0x7fffffffu) > 0x7f800000u;
    x = nan ? static_cast<uint16_t>((word >> 16) | 0x40u)
            : static_cast<uint16_t>((word + 0x7fffu + ((word >> 16) & 1u)) >> 16);
  }
  operator float() const { return __builtin_bit_cast(float, static_cast<uint32_t>(x) << 16); }
};

// IEEE 754 binary16: 5 bits of exponent, 10 of mantissa. Conversion rounds to nearest, ties to even.
struct Half {
  uint16_t x = 0;

  Half() = default;
  Half(float value) {
    const auto word = __builtin_bit_cast(uint32_t, value);
    const uint32_t sign = (word >> 16) & 0x8000u, magnitude = word & 0x7fffffffu;
    if (magnitude > 0x7f800000u) {  // NaN
      x = static_cast<uint16_t>(sign | 0x7e00u);
    } else if (magnitude >= 0x477ff000u) {  // rounds to 2^16 or more
      x = static_cast<uint16_t>(sign | 0x7c00u);
    } else if (magnitude >= 0x38800000u) {  // normal
      const uint32_t rebased = magnitude - 0x38000000u;
      x = static_cast<uint16_t>(sign | ((rebased + 0xfffu + ((rebased >> 13) & 1u)) >> 13));
    } else {  // subnormal: the sum's last bits are the rounded mantissa
      const float shifted = __builtin_bit_cast(float, magnitude) + 0.5f;
      x = static_cast<uint16_t>(sign | (__builtin_bit_cast(uint32_t, shifted) - 0x3f000000u));
    }
  }
  operator float() const {
    const uint32_t sign = (x & 0x8000u) << 16, exponent = (x >> 10) & 0x1fu, mantissa = x & 0x3ffu;
    if (exponent == 0x1f) return __builtin_bit_cast(float, sign | 0x7f800000u | (mantissa << 13));
    if (exponent != 0) return __builtin_bit_cast(float, sign | ((exponent + 112u) << 23) | (mantissa << 13));
    const float magnitude = static_cast<float>(mantissa) * 0x1p-24f;
    return sign ? -magnitude : magnitude;
  }
};

#define RONDO_HALF_ASSIGN(Type, op) \
  inline Type& operator op##=(Type& a, float b) { return a = Type(static_cast<float>(a) op b); }
#define RONDO_HALF_ASSIGNS(Type) \
  RONDO_HALF_ASSIGN(Type, +) RONDO_HALF_ASSIGN(Type, -) RONDO_HALF_ASSIGN(Type, *) RONDO_HALF_ASSIGN(Type, /)
RONDO_HALF_ASSIGNS(Half)
RONDO_HALF_ASSIGNS(BFloat16)
#undef RONDO_HALF_ASSIGNS
#undef RONDO_HALF_ASSIGN

}  // namespace rondo
