// std::numeric_limits of the two 16-bit formats.
#pragma once

#include <rondo/autograd/base/half.h>

#include <limits>

// What <limits> says of float, for the smaller formats: as float values, which convert.
#define RONDO_HALF_LIMITS(Type, min_bits, lowest_bits, max_bits, epsilon_bits, denorm_bits, infinity_bits, nan_bits, \
                          mantissa, decimal, max_decimal, low_exponent, high_exponent)                               \
  template <>                                                                                                        \
  struct std::numeric_limits<Type> : std::numeric_limits<float> {                                                    \
    static constexpr int digits = mantissa, digits10 = decimal, max_digits10 = max_decimal;                          \
    static constexpr int min_exponent = low_exponent, max_exponent = high_exponent;                                  \
    static Type min() { return of(min_bits); }                                                                       \
    static Type lowest() { return of(lowest_bits); }                                                                 \
    static Type max() { return of(max_bits); }                                                                       \
    static Type epsilon() { return of(epsilon_bits); }                                                               \
    static Type round_error() { return Type(0.5f); }                                                                 \
    static Type infinity() { return of(infinity_bits); }                                                             \
    static Type quiet_NaN() { return of(nan_bits); }                                                                 \
    static Type denorm_min() { return of(denorm_bits); }                                                             \
                                                                                                                     \
   private:                                                                                                          \
    static Type of(uint16_t bits) {                                                                                  \
      Type value;                                                                                                    \
      value.x = bits;                                                                                                \
      return value;                                                                                                  \
    }                                                                                                                \
  };
RONDO_HALF_LIMITS(rondo::Half, 0x0400, 0xfbff, 0x7bff, 0x1400, 0x0001, 0x7c00, 0x7e00, 11, 3, 5, -13, 16)
RONDO_HALF_LIMITS(rondo::BFloat16, 0x0080, 0xff7f, 0x7f7f, 0x3c00, 0x0001, 0x7f80, 0x7fc0, 8, 2, 4, -125, 128)
#undef RONDO_HALF_LIMITS
