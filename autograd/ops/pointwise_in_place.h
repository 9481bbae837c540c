// Elementwise operations in place, and other names of elementwise operations. What a result has to be converted to must
// be able to hold it, and its shape must be the tensor's own.
#pragma once

#include <rondo/autograd/ops/pointwise.h>

namespace rondo {

// In place.
RONDO_METHOD Tensor& eq_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& eq_(Tensor& self, Scalar other);
RONDO_METHOD Tensor& ne_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& ne_(Tensor& self, Scalar other);
RONDO_METHOD Tensor& lt_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& lt_(Tensor& self, Scalar other);
RONDO_METHOD Tensor& le_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& le_(Tensor& self, Scalar other);
RONDO_METHOD Tensor& gt_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& gt_(Tensor& self, Scalar other);
RONDO_METHOD Tensor& ge_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& ge_(Tensor& self, Scalar other);
RONDO_METHOD Tensor& floor_divide_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& floor_divide_(Tensor& self, Scalar other);
RONDO_METHOD Tensor& remainder_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& remainder_(Tensor& self, Scalar other);
RONDO_METHOD Tensor& fmod_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& fmod_(Tensor& self, Scalar other);
RONDO_METHOD Tensor& copysign_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& copysign_(Tensor& self, Scalar other);
RONDO_METHOD Tensor& xlogy_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& xlogy_(Tensor& self, Scalar other);
RONDO_METHOD Tensor& bitwise_and_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& bitwise_and_(Tensor& self, Scalar other);
RONDO_METHOD Tensor& bitwise_or_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& bitwise_or_(Tensor& self, Scalar other);
RONDO_METHOD Tensor& bitwise_xor_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& bitwise_xor_(Tensor& self, Scalar other);
RONDO_METHOD Tensor& bitwise_left_shift_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& bitwise_left_shift_(Tensor& self, Scalar other);
RONDO_METHOD Tensor& bitwise_right_shift_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& bitwise_right_shift_(Tensor& self, Scalar other);
RONDO_METHOD Tensor& float_power_(Tensor& self, const Tensor& exponent);
RONDO_METHOD Tensor& float_power_(Tensor& self, Scalar exponent);
RONDO_METHOD Tensor& logical_and_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& logical_or_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& logical_xor_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& atan2_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& arctan2_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& hypot_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& ldexp_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& nextafter_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& gcd_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& lcm_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& heaviside_(Tensor& self, const Tensor& values);
RONDO_METHOD Tensor& logical_not_(Tensor& self);
RONDO_METHOD Tensor& bitwise_not_(Tensor& self);
RONDO_METHOD Tensor& div_(Tensor& self, const Tensor& other, std::optional<std::string> rounding_mode);
RONDO_METHOD Tensor& div_(Tensor& self, Scalar other, std::optional<std::string> rounding_mode);
RONDO_METHOD Tensor& lerp_(Tensor& self, const Tensor& end, const Tensor& weight);
RONDO_METHOD Tensor& round_(Tensor& self, int64_t decimals);
RONDO_METHOD Tensor& nan_to_num_(Tensor& self, std::optional<double> nan = std::nullopt,
                                 std::optional<double> posinf = std::nullopt,
                                 std::optional<double> neginf = std::nullopt);
RONDO_METHOD Tensor& logit_(Tensor& self, std::optional<double> eps = std::nullopt);
RONDO_METHOD Tensor& polygamma_(Tensor& self, int64_t n);
RONDO_METHOD Tensor& mvlgamma_(Tensor& self, int64_t p);
RONDO_METHOD Tensor& clamp_min_(Tensor& self, const Tensor& min);
RONDO_METHOD Tensor& clamp_max_(Tensor& self, const Tensor& max);
RONDO_METHOD Tensor& clamp_(Tensor& self, const std::optional<Tensor>& min,
                            const std::optional<Tensor>& max = std::nullopt);
// Every element of self becomes the number, or that of a 0-dimensional tensor; the forms without _ give a new tensor.
Tensor& fill_(Tensor& self, Scalar value);
Tensor& fill_(Tensor& self, const Tensor& value);
Tensor& zero_(Tensor& self);
Tensor fill(const Tensor& self, Scalar value);
Tensor fill(const Tensor& self, const Tensor& value);
Tensor zero(const Tensor& self);
Tensor& clamp_(Tensor& self, std::optional<Scalar> min, std::optional<Scalar> max = std::nullopt);
Tensor& clamp_min_(Tensor& self, Scalar min);
Tensor& clamp_max_(Tensor& self, Scalar max);

// Other names: subtract is sub, multiply mul, divide and true_divide div, clip clamp, greater gt and so on.
RONDO_METHOD Tensor subtract(const Tensor& self, const Tensor& other, Scalar alpha = 1);
RONDO_METHOD Tensor& subtract_(Tensor& self, const Tensor& other, Scalar alpha = 1);
RONDO_METHOD Tensor subtract(const Tensor& self, Scalar other, Scalar alpha = 1);
RONDO_METHOD Tensor& subtract_(Tensor& self, Scalar other, Scalar alpha = 1);
RONDO_METHOD Tensor multiply(const Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& multiply_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor multiply(const Tensor& self, Scalar other);
RONDO_METHOD Tensor& multiply_(Tensor& self, Scalar other);
RONDO_METHOD Tensor divide(const Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& divide_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor divide(const Tensor& self, Scalar other);
RONDO_METHOD Tensor& divide_(Tensor& self, Scalar other);
RONDO_METHOD Tensor true_divide(const Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& true_divide_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor true_divide(const Tensor& self, Scalar other);
RONDO_METHOD Tensor& true_divide_(Tensor& self, Scalar other);
RONDO_METHOD Tensor not_equal(const Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& not_equal_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor not_equal(const Tensor& self, Scalar other);
RONDO_METHOD Tensor& not_equal_(Tensor& self, Scalar other);
RONDO_METHOD Tensor greater(const Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& greater_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor greater(const Tensor& self, Scalar other);
RONDO_METHOD Tensor& greater_(Tensor& self, Scalar other);
RONDO_METHOD Tensor greater_equal(const Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& greater_equal_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor greater_equal(const Tensor& self, Scalar other);
RONDO_METHOD Tensor& greater_equal_(Tensor& self, Scalar other);
RONDO_METHOD Tensor less(const Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& less_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor less(const Tensor& self, Scalar other);
RONDO_METHOD Tensor& less_(Tensor& self, Scalar other);
RONDO_METHOD Tensor less_equal(const Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& less_equal_(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor less_equal(const Tensor& self, Scalar other);
RONDO_METHOD Tensor& less_equal_(Tensor& self, Scalar other);
RONDO_METHOD Tensor divide(const Tensor& self, const Tensor& other, std::optional<std::string> rounding_mode);
RONDO_METHOD Tensor& divide_(Tensor& self, const Tensor& other, std::optional<std::string> rounding_mode);
RONDO_METHOD Tensor divide(const Tensor& self, Scalar other, std::optional<std::string> rounding_mode);
RONDO_METHOD Tensor& divide_(Tensor& self, Scalar other, std::optional<std::string> rounding_mode);
RONDO_METHOD Tensor clip(const Tensor& self, std::optional<Scalar> min, std::optional<Scalar> max = std::nullopt);
RONDO_METHOD Tensor& clip_(Tensor& self, std::optional<Scalar> min, std::optional<Scalar> max = std::nullopt);
RONDO_METHOD Tensor clip(const Tensor& self, const std::optional<Tensor>& min,
                         const std::optional<Tensor>& max = std::nullopt);
RONDO_METHOD Tensor& clip_(Tensor& self, const std::optional<Tensor>& min,
                           const std::optional<Tensor>& max = std::nullopt);
RONDO_METHOD Tensor __and__(const Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& __iand__(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor __and__(const Tensor& self, Scalar other);
RONDO_METHOD Tensor& __iand__(Tensor& self, Scalar other);
RONDO_METHOD Tensor __or__(const Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& __ior__(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor __or__(const Tensor& self, Scalar other);
RONDO_METHOD Tensor& __ior__(Tensor& self, Scalar other);
RONDO_METHOD Tensor __xor__(const Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& __ixor__(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor __xor__(const Tensor& self, Scalar other);
RONDO_METHOD Tensor& __ixor__(Tensor& self, Scalar other);
RONDO_METHOD Tensor __lshift__(const Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& __ilshift__(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor __lshift__(const Tensor& self, Scalar other);
RONDO_METHOD Tensor& __ilshift__(Tensor& self, Scalar other);
RONDO_METHOD Tensor __rshift__(const Tensor& self, const Tensor& other);
RONDO_METHOD Tensor& __irshift__(Tensor& self, const Tensor& other);
RONDO_METHOD Tensor __rshift__(const Tensor& self, Scalar other);
RONDO_METHOD Tensor& __irshift__(Tensor& self, Scalar other);

}  // namespace rondo
