// Written by tools/methods.py from the declarations marked RONDO_METHOD.
#pragma once

#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/pointwise_in_place.h>
#include <rondo/autograd/ops/random.h>
#include <rondo/autograd/ops/reduction.h>

// clang-format off
namespace rondo {

inline Tensor Tensor::round(int64_t decimals) const { return rondo::round(*this, decimals); }
inline Tensor Tensor::floor_divide(const Tensor& other) const { return rondo::floor_divide(*this, other); }
inline Tensor Tensor::floor_divide(Scalar other) const { return rondo::floor_divide(*this, other); }
inline Tensor Tensor::float_power(const Tensor& exponent) const { return rondo::float_power(*this, exponent); }
inline Tensor Tensor::float_power(Scalar exponent) const { return rondo::float_power(*this, exponent); }
inline Tensor Tensor::fmax(const Tensor& other) const { return rondo::fmax(*this, other); }
inline Tensor Tensor::fmin(const Tensor& other) const { return rondo::fmin(*this, other); }
inline Tensor Tensor::atan2(const Tensor& other) const { return rondo::atan2(*this, other); }
inline Tensor Tensor::arctan2(const Tensor& other) const { return rondo::arctan2(*this, other); }
inline Tensor Tensor::hypot(const Tensor& other) const { return rondo::hypot(*this, other); }
inline Tensor Tensor::copysign(const Tensor& other) const { return rondo::copysign(*this, other); }
inline Tensor Tensor::copysign(Scalar other) const { return rondo::copysign(*this, other); }
inline Tensor Tensor::logaddexp(const Tensor& other) const { return rondo::logaddexp(*this, other); }
inline Tensor Tensor::logaddexp2(const Tensor& other) const { return rondo::logaddexp2(*this, other); }
inline Tensor Tensor::xlogy(const Tensor& other) const { return rondo::xlogy(*this, other); }
inline Tensor Tensor::xlogy(Scalar other) const { return rondo::xlogy(*this, other); }
inline Tensor Tensor::ldexp(const Tensor& other) const { return rondo::ldexp(*this, other); }
inline std::tuple<Tensor, Tensor> Tensor::frexp() const { return rondo::frexp(*this); }
inline Tensor Tensor::heaviside(const Tensor& values) const { return rondo::heaviside(*this, values); }
inline Tensor Tensor::nextafter(const Tensor& other) const { return rondo::nextafter(*this, other); }
inline Tensor Tensor::gcd(const Tensor& other) const { return rondo::gcd(*this, other); }
inline Tensor Tensor::lcm(const Tensor& other) const { return rondo::lcm(*this, other); }
inline Tensor Tensor::lerp(const Tensor& end, Scalar weight) const { return rondo::lerp(*this, end, weight); }
inline Tensor Tensor::lerp(const Tensor& end, const Tensor& weight) const { return rondo::lerp(*this, end, weight); }
inline Tensor Tensor::nan_to_num(std::optional<double> nan, std::optional<double> posinf, std::optional<double> neginf) const { return rondo::nan_to_num(*this, std::move(nan), std::move(posinf), std::move(neginf)); }
inline Tensor Tensor::logit(std::optional<double> eps) const { return rondo::logit(*this, std::move(eps)); }
inline Tensor Tensor::mvlgamma(int64_t p) const { return rondo::mvlgamma(*this, p); }
inline Tensor Tensor::angle() const { return rondo::angle(*this); }
inline Tensor Tensor::positive() const { return rondo::positive(*this); }
inline Tensor Tensor::conj() const { return rondo::conj(*this); }
inline Tensor Tensor::resolve_conj() const { return rondo::resolve_conj(*this); }
inline Tensor Tensor::conj_physical() const { return rondo::conj_physical(*this); }
inline Tensor Tensor::clamp_min(Scalar min) const { return rondo::clamp_min(*this, min); }
inline Tensor Tensor::clamp_max(Scalar max) const { return rondo::clamp_max(*this, max); }
inline Tensor Tensor::clamp_min(const Tensor& min) const { return rondo::clamp_min(*this, min); }
inline Tensor Tensor::clamp_max(const Tensor& max) const { return rondo::clamp_max(*this, max); }
inline Tensor Tensor::bitwise_and(Scalar other) const { return rondo::bitwise_and(*this, other); }
inline Tensor Tensor::bitwise_or(Scalar other) const { return rondo::bitwise_or(*this, other); }
inline Tensor Tensor::bitwise_xor(Scalar other) const { return rondo::bitwise_xor(*this, other); }
inline Tensor Tensor::bitwise_left_shift(const Tensor& other) const { return rondo::bitwise_left_shift(*this, other); }
inline Tensor Tensor::bitwise_left_shift(Scalar other) const { return rondo::bitwise_left_shift(*this, other); }
inline Tensor Tensor::bitwise_right_shift(const Tensor& other) const { return rondo::bitwise_right_shift(*this, other); }
inline Tensor Tensor::bitwise_right_shift(Scalar other) const { return rondo::bitwise_right_shift(*this, other); }
inline Tensor Tensor::isposinf() const { return rondo::isposinf(*this); }
inline Tensor Tensor::isneginf() const { return rondo::isneginf(*this); }
inline Tensor Tensor::isreal() const { return rondo::isreal(*this); }
inline Tensor Tensor::signbit() const { return rondo::signbit(*this); }
inline Tensor Tensor::hardshrink(Scalar lambd) const { return rondo::hardshrink(*this, lambd); }
inline Tensor Tensor::prelu(const Tensor& weight) const { return rondo::prelu(*this, weight); }
inline Tensor& Tensor::eq_(const Tensor& other) const { return rondo::eq_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::eq_(Scalar other) const { return rondo::eq_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::ne_(const Tensor& other) const { return rondo::ne_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::ne_(Scalar other) const { return rondo::ne_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::lt_(const Tensor& other) const { return rondo::lt_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::lt_(Scalar other) const { return rondo::lt_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::le_(const Tensor& other) const { return rondo::le_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::le_(Scalar other) const { return rondo::le_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::gt_(const Tensor& other) const { return rondo::gt_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::gt_(Scalar other) const { return rondo::gt_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::ge_(const Tensor& other) const { return rondo::ge_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::ge_(Scalar other) const { return rondo::ge_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::floor_divide_(const Tensor& other) const { return rondo::floor_divide_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::floor_divide_(Scalar other) const { return rondo::floor_divide_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::remainder_(const Tensor& other) const { return rondo::remainder_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::remainder_(Scalar other) const { return rondo::remainder_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::fmod_(const Tensor& other) const { return rondo::fmod_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::fmod_(Scalar other) const { return rondo::fmod_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::copysign_(const Tensor& other) const { return rondo::copysign_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::copysign_(Scalar other) const { return rondo::copysign_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::xlogy_(const Tensor& other) const { return rondo::xlogy_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::xlogy_(Scalar other) const { return rondo::xlogy_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::bitwise_and_(const Tensor& other) const { return rondo::bitwise_and_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::bitwise_and_(Scalar other) const { return rondo::bitwise_and_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::bitwise_or_(const Tensor& other) const { return rondo::bitwise_or_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::bitwise_or_(Scalar other) const { return rondo::bitwise_or_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::bitwise_xor_(const Tensor& other) const { return rondo::bitwise_xor_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::bitwise_xor_(Scalar other) const { return rondo::bitwise_xor_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::bitwise_left_shift_(const Tensor& other) const { return rondo::bitwise_left_shift_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::bitwise_left_shift_(Scalar other) const { return rondo::bitwise_left_shift_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::bitwise_right_shift_(const Tensor& other) const { return rondo::bitwise_right_shift_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::bitwise_right_shift_(Scalar other) const { return rondo::bitwise_right_shift_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::float_power_(const Tensor& exponent) const { return rondo::float_power_(const_cast<Tensor&>(*this), exponent); }
inline Tensor& Tensor::float_power_(Scalar exponent) const { return rondo::float_power_(const_cast<Tensor&>(*this), exponent); }
inline Tensor& Tensor::logical_and_(const Tensor& other) const { return rondo::logical_and_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::logical_or_(const Tensor& other) const { return rondo::logical_or_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::logical_xor_(const Tensor& other) const { return rondo::logical_xor_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::atan2_(const Tensor& other) const { return rondo::atan2_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::arctan2_(const Tensor& other) const { return rondo::arctan2_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::hypot_(const Tensor& other) const { return rondo::hypot_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::ldexp_(const Tensor& other) const { return rondo::ldexp_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::nextafter_(const Tensor& other) const { return rondo::nextafter_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::gcd_(const Tensor& other) const { return rondo::gcd_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::lcm_(const Tensor& other) const { return rondo::lcm_(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::heaviside_(const Tensor& values) const { return rondo::heaviside_(const_cast<Tensor&>(*this), values); }
inline Tensor& Tensor::logical_not_() const { return rondo::logical_not_(const_cast<Tensor&>(*this)); }
inline Tensor& Tensor::bitwise_not_() const { return rondo::bitwise_not_(const_cast<Tensor&>(*this)); }
inline Tensor& Tensor::div_(const Tensor& other, std::optional<std::string> rounding_mode) const { return rondo::div_(const_cast<Tensor&>(*this), other, std::move(rounding_mode)); }
inline Tensor& Tensor::div_(Scalar other, std::optional<std::string> rounding_mode) const { return rondo::div_(const_cast<Tensor&>(*this), other, std::move(rounding_mode)); }
inline Tensor& Tensor::lerp_(const Tensor& end, const Tensor& weight) const { return rondo::lerp_(const_cast<Tensor&>(*this), end, weight); }
inline Tensor& Tensor::round_(int64_t decimals) const { return rondo::round_(const_cast<Tensor&>(*this), decimals); }
inline Tensor& Tensor::nan_to_num_(std::optional<double> nan, std::optional<double> posinf, std::optional<double> neginf) const { return rondo::nan_to_num_(const_cast<Tensor&>(*this), std::move(nan), std::move(posinf), std::move(neginf)); }
inline Tensor& Tensor::logit_(std::optional<double> eps) const { return rondo::logit_(const_cast<Tensor&>(*this), std::move(eps)); }
inline Tensor& Tensor::polygamma_(int64_t n) const { return rondo::polygamma_(const_cast<Tensor&>(*this), n); }
inline Tensor& Tensor::mvlgamma_(int64_t p) const { return rondo::mvlgamma_(const_cast<Tensor&>(*this), p); }
inline Tensor& Tensor::clamp_min_(const Tensor& min) const { return rondo::clamp_min_(const_cast<Tensor&>(*this), min); }
inline Tensor& Tensor::clamp_max_(const Tensor& max) const { return rondo::clamp_max_(const_cast<Tensor&>(*this), max); }
inline Tensor& Tensor::clamp_(const std::optional<Tensor>& min, const std::optional<Tensor>& max) const { return rondo::clamp_(const_cast<Tensor&>(*this), min, max); }
inline Tensor Tensor::subtract(const Tensor& other, Scalar alpha) const { return rondo::subtract(*this, other, alpha); }
inline Tensor& Tensor::subtract_(const Tensor& other, Scalar alpha) const { return rondo::subtract_(const_cast<Tensor&>(*this), other, alpha); }
inline Tensor Tensor::subtract(Scalar other, Scalar alpha) const { return rondo::subtract(*this, other, alpha); }
inline Tensor& Tensor::subtract_(Scalar other, Scalar alpha) const { return rondo::subtract_(const_cast<Tensor&>(*this), other, alpha); }
inline Tensor Tensor::multiply(const Tensor& other) const { return rondo::multiply(*this, other); }
inline Tensor& Tensor::multiply_(const Tensor& other) const { return rondo::multiply_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::multiply(Scalar other) const { return rondo::multiply(*this, other); }
inline Tensor& Tensor::multiply_(Scalar other) const { return rondo::multiply_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::divide(const Tensor& other) const { return rondo::divide(*this, other); }
inline Tensor& Tensor::divide_(const Tensor& other) const { return rondo::divide_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::divide(Scalar other) const { return rondo::divide(*this, other); }
inline Tensor& Tensor::divide_(Scalar other) const { return rondo::divide_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::true_divide(const Tensor& other) const { return rondo::true_divide(*this, other); }
inline Tensor& Tensor::true_divide_(const Tensor& other) const { return rondo::true_divide_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::true_divide(Scalar other) const { return rondo::true_divide(*this, other); }
inline Tensor& Tensor::true_divide_(Scalar other) const { return rondo::true_divide_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::not_equal(const Tensor& other) const { return rondo::not_equal(*this, other); }
inline Tensor& Tensor::not_equal_(const Tensor& other) const { return rondo::not_equal_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::not_equal(Scalar other) const { return rondo::not_equal(*this, other); }
inline Tensor& Tensor::not_equal_(Scalar other) const { return rondo::not_equal_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::greater(const Tensor& other) const { return rondo::greater(*this, other); }
inline Tensor& Tensor::greater_(const Tensor& other) const { return rondo::greater_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::greater(Scalar other) const { return rondo::greater(*this, other); }
inline Tensor& Tensor::greater_(Scalar other) const { return rondo::greater_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::greater_equal(const Tensor& other) const { return rondo::greater_equal(*this, other); }
inline Tensor& Tensor::greater_equal_(const Tensor& other) const { return rondo::greater_equal_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::greater_equal(Scalar other) const { return rondo::greater_equal(*this, other); }
inline Tensor& Tensor::greater_equal_(Scalar other) const { return rondo::greater_equal_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::less(const Tensor& other) const { return rondo::less(*this, other); }
inline Tensor& Tensor::less_(const Tensor& other) const { return rondo::less_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::less(Scalar other) const { return rondo::less(*this, other); }
inline Tensor& Tensor::less_(Scalar other) const { return rondo::less_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::less_equal(const Tensor& other) const { return rondo::less_equal(*this, other); }
inline Tensor& Tensor::less_equal_(const Tensor& other) const { return rondo::less_equal_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::less_equal(Scalar other) const { return rondo::less_equal(*this, other); }
inline Tensor& Tensor::less_equal_(Scalar other) const { return rondo::less_equal_(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::divide(const Tensor& other, std::optional<std::string> rounding_mode) const { return rondo::divide(*this, other, std::move(rounding_mode)); }
inline Tensor& Tensor::divide_(const Tensor& other, std::optional<std::string> rounding_mode) const { return rondo::divide_(const_cast<Tensor&>(*this), other, std::move(rounding_mode)); }
inline Tensor Tensor::divide(Scalar other, std::optional<std::string> rounding_mode) const { return rondo::divide(*this, other, std::move(rounding_mode)); }
inline Tensor& Tensor::divide_(Scalar other, std::optional<std::string> rounding_mode) const { return rondo::divide_(const_cast<Tensor&>(*this), other, std::move(rounding_mode)); }
inline Tensor Tensor::clip(std::optional<Scalar> min, std::optional<Scalar> max) const { return rondo::clip(*this, std::move(min), std::move(max)); }
inline Tensor& Tensor::clip_(std::optional<Scalar> min, std::optional<Scalar> max) const { return rondo::clip_(const_cast<Tensor&>(*this), std::move(min), std::move(max)); }
inline Tensor Tensor::clip(const std::optional<Tensor>& min, const std::optional<Tensor>& max) const { return rondo::clip(*this, min, max); }
inline Tensor& Tensor::clip_(const std::optional<Tensor>& min, const std::optional<Tensor>& max) const { return rondo::clip_(const_cast<Tensor&>(*this), min, max); }
inline Tensor Tensor::__and__(const Tensor& other) const { return rondo::__and__(*this, other); }
inline Tensor& Tensor::__iand__(const Tensor& other) const { return rondo::__iand__(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::__and__(Scalar other) const { return rondo::__and__(*this, other); }
inline Tensor& Tensor::__iand__(Scalar other) const { return rondo::__iand__(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::__or__(const Tensor& other) const { return rondo::__or__(*this, other); }
inline Tensor& Tensor::__ior__(const Tensor& other) const { return rondo::__ior__(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::__or__(Scalar other) const { return rondo::__or__(*this, other); }
inline Tensor& Tensor::__ior__(Scalar other) const { return rondo::__ior__(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::__xor__(const Tensor& other) const { return rondo::__xor__(*this, other); }
inline Tensor& Tensor::__ixor__(const Tensor& other) const { return rondo::__ixor__(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::__xor__(Scalar other) const { return rondo::__xor__(*this, other); }
inline Tensor& Tensor::__ixor__(Scalar other) const { return rondo::__ixor__(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::__lshift__(const Tensor& other) const { return rondo::__lshift__(*this, other); }
inline Tensor& Tensor::__ilshift__(const Tensor& other) const { return rondo::__ilshift__(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::__lshift__(Scalar other) const { return rondo::__lshift__(*this, other); }
inline Tensor& Tensor::__ilshift__(Scalar other) const { return rondo::__ilshift__(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::__rshift__(const Tensor& other) const { return rondo::__rshift__(*this, other); }
inline Tensor& Tensor::__irshift__(const Tensor& other) const { return rondo::__irshift__(const_cast<Tensor&>(*this), other); }
inline Tensor Tensor::__rshift__(Scalar other) const { return rondo::__rshift__(*this, other); }
inline Tensor& Tensor::__irshift__(Scalar other) const { return rondo::__irshift__(const_cast<Tensor&>(*this), other); }
inline Tensor& Tensor::exponential_(double lambd, std::optional<Generator> generator) const { return rondo::exponential_(const_cast<Tensor&>(*this), lambd, std::move(generator)); }
inline Tensor& Tensor::geometric_(double p, std::optional<Generator> generator) const { return rondo::geometric_(const_cast<Tensor&>(*this), p, std::move(generator)); }
inline Tensor& Tensor::cauchy_(double median, double sigma, std::optional<Generator> generator) const { return rondo::cauchy_(const_cast<Tensor&>(*this), median, sigma, std::move(generator)); }
inline Tensor& Tensor::log_normal_(double mean, double std, std::optional<Generator> generator) const { return rondo::log_normal_(const_cast<Tensor&>(*this), mean, std, std::move(generator)); }
inline Tensor& Tensor::bernoulli_(const Tensor& p, std::optional<Generator> generator) const { return rondo::bernoulli_(const_cast<Tensor&>(*this), p, std::move(generator)); }
inline Tensor Tensor::bernoulli(double p, std::optional<Generator> generator) const { return rondo::bernoulli(*this, p, std::move(generator)); }
inline Tensor Tensor::multinomial(int64_t num_samples, bool replacement, std::optional<Generator> generator) const { return rondo::multinomial(*this, num_samples, replacement, std::move(generator)); }
inline Tensor Tensor::nansum(OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) const { return rondo::nansum(*this, dim, keepdim, std::move(dtype)); }
inline Tensor Tensor::nanmean(OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) const { return rondo::nanmean(*this, dim, keepdim, std::move(dtype)); }
inline Tensor Tensor::count_nonzero(IntArrayRef dim) const { return rondo::count_nonzero(*this, dim); }
inline Tensor Tensor::count_nonzero(int64_t dim) const { return rondo::count_nonzero(*this, dim); }
inline Tensor Tensor::count_nonzero(std::optional<int64_t> dim) const { return rondo::count_nonzero(*this, std::move(dim)); }
inline std::tuple<Tensor, Tensor> Tensor::aminmax(std::optional<int64_t> dim, bool keepdim) const { return rondo::aminmax(*this, std::move(dim), keepdim); }
inline Tensor& Tensor::cumsum_(int64_t dim, std::optional<ScalarType> dtype) const { return rondo::cumsum_(const_cast<Tensor&>(*this), dim, std::move(dtype)); }
inline Tensor Tensor::cumprod(int64_t dim, std::optional<ScalarType> dtype) const { return rondo::cumprod(*this, dim, std::move(dtype)); }
inline Tensor& Tensor::cumprod_(int64_t dim, std::optional<ScalarType> dtype) const { return rondo::cumprod_(const_cast<Tensor&>(*this), dim, std::move(dtype)); }
inline std::tuple<Tensor, Tensor> Tensor::cummax(int64_t dim) const { return rondo::cummax(*this, dim); }
inline std::tuple<Tensor, Tensor> Tensor::cummin(int64_t dim) const { return rondo::cummin(*this, dim); }
inline Tensor Tensor::logcumsumexp(int64_t dim) const { return rondo::logcumsumexp(*this, dim); }
inline Tensor Tensor::diff(int64_t n, int64_t dim, const std::optional<Tensor>& prepend, const std::optional<Tensor>& append) const { return rondo::diff(*this, n, dim, prepend, append); }

}  // namespace rondo
// clang-format on
