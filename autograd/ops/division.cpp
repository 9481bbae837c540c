// Quotients without a rest, and rests.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/ops/division.cpp"
#include <hwy/foreach_target.h>

#include <rondo/autograd/ops/pointwise_block-inl.h>

#include <fmt/format.h>

#include <cmath>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {

// Lane by lane through libm.
template <class T, class F>
HWY_INLINE Lanes<T> by_lane(Lanes<T> a, Lanes<T> b, F f) {
  T x[HWY_MAX_BYTES / sizeof(T)], y[HWY_MAX_BYTES / sizeof(T)];
  a.store(x);
  b.store(y);
  for (size_t i = 0; i < Lanes<T>::count(); ++i) x[i] = f(x[i], y[i]);
  return Lanes<T>::load(x);
}
template <class T>
HWY_INLINE Lanes<T> fmod(Lanes<T> a, Lanes<T> b) {
  return by_lane(a, b, [](T x, T y) { return std::fmod(x, y); });
}
template <class T>
HWY_INLINE Lanes<T> remainder(Lanes<T> a, Lanes<T> b) {
  return by_lane(a, b, [](T x, T y) {
    const T mod = std::fmod(x, y);
    return mod != 0 && (y < 0) != (mod < 0) ? mod + y : mod;
  });
}
template <class T>
constexpr One<T> fmod(One<T> a, One<T> b) {
  return a - trunc_divide(a, b) * b;
}
template <class T>
constexpr One<T> remainder(One<T> a, One<T> b) {
  return a - floor_divide(a, b) * b;
}

namespace {

struct FloorDivide : Binary<FloorDivide> {
  static constexpr Kind kKind = Kind::kNumber;
  auto value(auto a, auto b) const { return floor_divide(a, b); }
  constexpr auto slope_a(auto, auto) const { return flat; }
  constexpr auto slope_b(auto, auto) const { return flat; }
};
struct TruncDivide : Binary<TruncDivide> {
  static constexpr Kind kKind = Kind::kNumber;
  auto value(auto a, auto b) const { return trunc_divide(a, b); }
  constexpr auto slope_a(auto, auto) const { return flat; }
  constexpr auto slope_b(auto, auto) const { return flat; }
};
struct Remainder : Binary<Remainder> {
  static constexpr Kind kKind = Kind::kNumber;
  auto value(auto a, auto b) const { return remainder(a, b); }
  constexpr auto slope_a(auto, auto) const { return unit; }
  constexpr auto slope_b(auto a, auto b) const { return -floor_divide(a, b); }
};
struct Fmod : Binary<Fmod> {
  static constexpr Kind kKind = Kind::kNumber;
  auto value(auto a, auto b) const { return fmod(a, b); }
  constexpr auto slope_a(auto, auto) const { return unit; }
  constexpr auto slope_b(auto a, auto b) const { return -trunc_divide(a, b); }
};

using FloorDivideNumber = BindB<FloorDivide>;
using TruncDivideNumber = BindB<TruncDivide>;
using RemainderNumber = BindB<Remainder>;
using FmodNumber = BindB<Fmod>;

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo {

namespace block = HWY_NAMESPACE;
using ops::call;
using ops::with_number;

RONDO_TABLE(floor_divide_table, FloorDivide, "floor_divide", "DivBackward2")
RONDO_TABLE(floor_divide_number_table, FloorDivideNumber, "floor_divide", "DivBackward3")
RONDO_TABLE(trunc_divide_table, TruncDivide, "div", "DivBackward2")
RONDO_TABLE(trunc_divide_number_table, TruncDivideNumber, "div", "DivBackward3")
RONDO_TABLE(remainder_table, Remainder, "remainder", "RemainderBackward1")
RONDO_TABLE(remainder_number_table, RemainderNumber, "remainder")
RONDO_TABLE(fmod_table, Fmod, "fmod", "FmodBackward1")
RONDO_TABLE(fmod_number_table, FmodNumber, "fmod")

namespace {

// Integer division has no result for 0.
void check_divisor(const char* operation, const Tensor& self, const Tensor& other) {
  if (is_floating_point(self.dtype()) || is_floating_point(other.dtype())) return;
  if ((other == Scalar(0)).any().item<bool>()) fail(operation, "ZeroDivisionError: an integer divisor is 0");
}
void check_divisor(const char* operation, const Tensor& self, Scalar other) {
  if (is_floating_point(self.dtype()) || other.isFloatingPoint()) return;
  if (other.toLong() == 0) fail(operation, "ZeroDivisionError: the integer divisor is 0");
}

enum class Rounding { kTrue, kTrunc, kFloor };
Rounding rounding_of(const std::optional<std::string>& mode) {
  if (!mode) return Rounding::kTrue;
  if (*mode == "trunc") return Rounding::kTrunc;
  if (*mode == "floor") return Rounding::kFloor;
  fail("div", fmt::format("expected rounding_mode to be one of None, 'trunc', or 'floor' but found '{}'", *mode));
}

}  // namespace

Tensor div(const Tensor& self, const Tensor& other, std::optional<std::string> rounding_mode) {
  switch (rounding_of(rounding_mode)) {
    case Rounding::kFloor:
      return floor_divide(self, other);
    case Rounding::kTrunc:
      check_divisor("div", self, other);
      return call(trunc_divide_table(), block::TruncDivide{}, self, other);
    default:
      return div(self, other);
  }
}
Tensor div(const Tensor& self, Scalar other, std::optional<std::string> rounding_mode) {
  switch (rounding_of(rounding_mode)) {
    case Rounding::kFloor:
      return floor_divide(self, other);
    case Rounding::kTrunc:
      check_divisor("div", self, other);
      return with_number<block::TruncDivideNumber>(trunc_divide_number_table(), self, other);
    default:
      return div(self, other);
  }
}
Tensor floor_divide(const Tensor& self, const Tensor& other) {
  check_divisor("floor_divide", self, other);
  return call(floor_divide_table(), block::FloorDivide{}, self, other);
}
Tensor floor_divide(const Tensor& self, Scalar other) {
  check_divisor("floor_divide", self, other);
  return with_number<block::FloorDivideNumber>(floor_divide_number_table(), self, other);
}
Tensor remainder(const Tensor& self, const Tensor& other) {
  check_divisor("remainder", self, other);
  return call(remainder_table(), block::Remainder{}, self, other);
}
Tensor remainder(const Tensor& self, Scalar other) {
  check_divisor("remainder", self, other);
  return with_number<block::RemainderNumber>(remainder_number_table(), self, other);
}
Tensor fmod(const Tensor& self, const Tensor& other) {
  check_divisor("fmod", self, other);
  return call(fmod_table(), block::Fmod{}, self, other);
}
Tensor fmod(const Tensor& self, Scalar other) {
  check_divisor("fmod", self, other);
  return with_number<block::FmodNumber>(fmod_number_table(), self, other);
}

RONDO_BINARY_OP(remainder, .doc = "a - b floor(a / b)", .low = 1.2, .high = 1.9)
RONDO_BINARY_OP(fmod, .doc = "a - b trunc(a / b)", .low = 1.2, .high = 1.9)
RONDO_BINARY_OP(floor_divide, .doc = "floor(a / b)", .low = 1.2, .high = 1.9)
RONDO_OP(
    rounded_division, .name = "division with rounding", .doc = "div with a rounding mode",
    .samples = [](ops::Samples& s) {
      using In = ops::Samples::Inputs;
      s.add("trunc division", {s.real({3}, 1.2, 1.9), s.real({3}, 1.2, 1.9)},
            [](const In& in) { return div(in[0], in[1], "trunc"); });
      s.error("unknown rounding", "rounding_mode", [] { div(ones({2}), ones({2}), "up"); });
      s.error("integer division by zero", "ZeroDivisionError", [] { floor_divide(ones({2}, kLong), 0); });
    })

}  // namespace rondo
#endif  // HWY_ONCE
