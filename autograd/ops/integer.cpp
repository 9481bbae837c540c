// Divisors, multiples, shifts; bits with numbers.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/ops/integer.cpp"
#include <hwy/foreach_target.h>

#include <rondo/autograd/ops/pointwise_block-inl.h>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {
namespace {

template <class T>
constexpr One<T> divisor(One<T> a, One<T> b) {
  while (b.v != T(0)) {
    // -1 apart, whose remainder overflows for the smallest number.
    const bool minus_one = std::is_signed_v<T> && b.v == static_cast<T>(-1);
    const One<T> rest(minus_one ? T(0) : static_cast<T>(a.v % b.v));
    a = b;
    b = rest;
  }
  return a < One<T>(T(0)) ? -a : a;
}

struct Gcd : Binary<Gcd> {
  static constexpr Kind kKind = Kind::kInteger;
  auto value(auto a, auto b) const { return divisor(a, b); }
};
struct Lcm : Binary<Lcm> {
  static constexpr Kind kKind = Kind::kInteger;
  auto value(auto a, auto b) const {
    using X = decltype(a);
    const X d = divisor(a, b);
    return d == X(0) ? d : abs(trunc_divide(a, d) * b);
  }
};
// A shift by as many bits as there are, or by a negative number, has no meaning in C++.
template <class T>
constexpr bool in_range(One<T> b) {
  return b >= One<T>(T(0)) && static_cast<uint64_t>(b.v) < sizeof(T) * 8;
}
struct LeftShift : Binary<LeftShift> {
  static constexpr Kind kKind = Kind::kInteger;
  auto value(auto a, auto b) const {
    using X = decltype(a);
    return in_range(b) ? X(static_cast<decltype(a.v)>(static_cast<uint64_t>(a.v) << b.v)) : X(0);
  }
};
struct RightShift : Binary<RightShift> {
  static constexpr Kind kKind = Kind::kInteger;
  auto value(auto a, auto b) const {
    using X = decltype(a);
    using T = decltype(a.v);
    constexpr int most = std::is_signed_v<T> ? sizeof(T) * 8 - 1 : 0;
    return X(static_cast<T>(in_range(b) ? a.v >> b.v : std::is_signed_v<T> ? a.v >> most : 0));
  }
};

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <rondo/autograd/ops/number_function.h>
#include <rondo/autograd/ops/pointwise_in_place.h>
#include <rondo/autograd/ops/sample.h>

#include <fmt/format.h>

namespace rondo {

namespace block = HWY_NAMESPACE;
using ops::beside;
using ops::call;
using ops::call_in_place;

namespace {

void check_integers(const char* operation, const Tensor& self, const Tensor& other) {
  const ScalarType type = result_type(self, other);
  if (type == kBool || is_floating_point(type)) {
    fail_type(operation, fmt::format("\"{}\" not implemented for {}; need integers", operation, dtype_name(type)));
  }
}

}  // namespace

RONDO_TABLE(gcd_table, Gcd, "gcd")
RONDO_TABLE(lcm_table, Lcm, "lcm")
RONDO_TABLE(bitwise_left_shift_table, LeftShift, "bitwise_left_shift")
RONDO_TABLE(bitwise_right_shift_table, RightShift, "bitwise_right_shift")

#define RONDO_INTEGERS(function, Op)                                    \
  Tensor function(const Tensor& self, const Tensor& other) {            \
    check_integers(#function, self, other);                             \
    return call(function##_table(), block::Op{}, self, other);          \
  }                                                                     \
  Tensor& function##_(Tensor& self, const Tensor& other) {              \
    check_integers(#function "_", self, other);                         \
    return call_in_place(function##_table(), block::Op{}, self, other); \
  }
RONDO_INTEGERS(gcd, Gcd)
RONDO_INTEGERS(lcm, Lcm)
RONDO_INTEGERS(bitwise_left_shift, LeftShift)
RONDO_INTEGERS(bitwise_right_shift, RightShift)

#define RONDO_WITH_NUMBERS(function)                                                                 \
  Tensor function(const Tensor& self, Scalar other) { return function(self, beside(self, other)); }  \
  Tensor function(Scalar self, const Tensor& other) { return function(beside(other, self), other); } \
  Tensor& function##_(Tensor& self, Scalar other) { return function##_(self, beside(self, other)); }
RONDO_WITH_NUMBERS(bitwise_left_shift)
RONDO_WITH_NUMBERS(bitwise_right_shift)
RONDO_WITH_NUMBERS(bitwise_and)
RONDO_WITH_NUMBERS(bitwise_or)
RONDO_WITH_NUMBERS(bitwise_xor)

#define RONDO_INTEGER_OP(function, text)                                                                           \
  RONDO_OP(                                                                                                        \
      function, .name = #function, .doc = text, .differentiable = false, .samples = [](ops::Samples& s) {          \
        s.add("two shapes", {s.index({2, 3}, 50), s.index({3}, 6)}, RONDO_SAMPLE(function(in[0], in[1])));         \
        s.add("strided", {s.index({3, 2}, 50), s.index({3}, 6)}, RONDO_SAMPLE(function(in[0].t(), in[1])));        \
        s.add("0-dimensional", {s.index({}, 50), s.index({}, 6)}, RONDO_SAMPLE(function(in[0], in[1])));           \
        s.add("empty", {s.index({0, 2}, 50), s.index({2}, 6)}, RONDO_SAMPLE(function(in[0], in[1])));              \
        s.add("in place", {s.index({2, 3}, 50), s.index({3}, 6)}, RONDO_SAMPLE(in[0].clone().function##_(in[1]))); \
        s.error("dtype", "need integers", [] { function(ones({2}), ones({2})); });                                 \
        s.error("in place, dtype", "need integers", [] { ones({2}).function##_(ones({2})); });                     \
      });
RONDO_INTEGER_OP(gcd, "the greatest common divisor")
RONDO_INTEGER_OP(lcm, "the least common multiple")
RONDO_INTEGER_OP(bitwise_left_shift, "a 2^b, wrapping around")
RONDO_INTEGER_OP(bitwise_right_shift, "a / 2^b, rounded down")

RONDO_OP(
    integers_with_numbers, .name = "bits with numbers", .doc = "the forms in which one operand is a number",
    .differentiable = false, .samples = [](ops::Samples& s) {
      s.add("and", {s.index({3}, 50)}, RONDO_SAMPLE((in[0] & 12) + (12 & in[0]) + bitwise_and(in[0], 5)));
      s.add("or", {s.index({3}, 50)}, RONDO_SAMPLE((in[0] | 12) + (12 | in[0])));
      s.add("xor", {s.index({3}, 50)}, RONDO_SAMPLE((in[0] ^ 12) + (12 ^ in[0])));
      s.add("shifts", {s.index({3}, 6)}, RONDO_SAMPLE(bitwise_left_shift(in[0], 3) + bitwise_right_shift(1000, in[0])));
      s.add("shifts of numbers", {s.index({3}, 6)},
            RONDO_SAMPLE(bitwise_left_shift(3, in[0]) + bitwise_right_shift(in[0] * 100, 2)));
      s.add("in place", {s.index({3}, 50)},
            RONDO_SAMPLE(in[0].clone().bitwise_and_(60).bitwise_or_(1).bitwise_xor_(9).bitwise_left_shift_(2)));
      s.add("in place to the right", {s.index({3}, 50)}, RONDO_SAMPLE(in[0].clone().bitwise_right_shift_(1)));
      s.error("real numbers", "is not implemented for", [] { bitwise_and(ones({2}), 1); });
    })

}  // namespace rondo
#endif  // HWY_ONCE
