// Elementwise operations: arithmetic, comparisons, functions of one number, activations. Shapes broadcast, dtypes
// promote as in libtorch; integers given to functions of real numbers are computed in the default dtype. Names ending
// in _ work in place.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

namespace rondo {

#define RONDO_DECLARE(name)        \
  Tensor name(const Tensor& self); \
  Tensor& name##_(Tensor& self);
RONDO_UNARY_OPERATIONS(RONDO_DECLARE, RONDO_DECLARE)
#undef RONDO_DECLARE
// The number rounded at a decimal place, of tens where `decimals` is negative. Floating point only.
RONDO_METHOD Tensor round(const Tensor& self, int64_t decimals);

// self + alpha * other, self - alpha * other.
Tensor add(const Tensor& self, const Tensor& other, Scalar alpha = 1);
Tensor add(const Tensor& self, Scalar other, Scalar alpha = 1);
Tensor sub(const Tensor& self, const Tensor& other, Scalar alpha = 1);
Tensor sub(const Tensor& self, Scalar other, Scalar alpha = 1);
Tensor rsub(const Tensor& self, const Tensor& other, Scalar alpha = 1);
Tensor rsub(const Tensor& self, Scalar other, Scalar alpha = 1);
Tensor mul(const Tensor& self, const Tensor& other);
Tensor mul(const Tensor& self, Scalar other);
// True division: integers give the default dtype.
Tensor div(const Tensor& self, const Tensor& other);
Tensor div(const Tensor& self, Scalar other);
// rounding_mode: nullopt, "trunc" (toward zero) or "floor"; integers stay integers with either.
Tensor div(const Tensor& self, const Tensor& other, std::optional<std::string> rounding_mode);
Tensor div(const Tensor& self, Scalar other, std::optional<std::string> rounding_mode);
// Modulo with the sign of the divisor (remainder) and of the dividend (fmod).
Tensor remainder(const Tensor& self, const Tensor& other);
Tensor remainder(const Tensor& self, Scalar other);
Tensor fmod(const Tensor& self, const Tensor& other);
Tensor fmod(const Tensor& self, Scalar other);
Tensor pow(const Tensor& self, const Tensor& exponent);
Tensor pow(const Tensor& self, Scalar exponent);
Tensor pow(Scalar self, const Tensor& exponent);
RONDO_METHOD Tensor floor_divide(const Tensor& self, const Tensor& other);
RONDO_METHOD Tensor floor_divide(const Tensor& self, Scalar other);
Tensor remainder(Scalar self, const Tensor& other);
// pow in float64.
RONDO_METHOD Tensor float_power(const Tensor& self, const Tensor& exponent);
RONDO_METHOD Tensor float_power(const Tensor& self, Scalar exponent);
Tensor float_power(Scalar self, const Tensor& exponent);
// The larger and the smaller of two; NaN where either is NaN; the gradient is split evenly between equal numbers.
Tensor maximum(const Tensor& self, const Tensor& other);
Tensor minimum(const Tensor& self, const Tensor& other);
// The same, but of one number and a NaN the number; the first of equal numbers has the gradient.
RONDO_METHOD Tensor fmax(const Tensor& self, const Tensor& other);
RONDO_METHOD Tensor fmin(const Tensor& self, const Tensor& other);
// The angle of the point (x = other, y = self), in (-pi, pi]; sqrt(self^2 + other^2) without overflow.
RONDO_METHOD Tensor atan2(const Tensor& self, const Tensor& other);
RONDO_METHOD Tensor arctan2(const Tensor& self, const Tensor& other);
RONDO_METHOD Tensor hypot(const Tensor& self, const Tensor& other);
// self's magnitude with other's sign.
RONDO_METHOD Tensor copysign(const Tensor& self, const Tensor& other);
RONDO_METHOD Tensor copysign(const Tensor& self, Scalar other);
// log(e^self + e^other), log2(2^self + 2^other).
RONDO_METHOD Tensor logaddexp(const Tensor& self, const Tensor& other);
RONDO_METHOD Tensor logaddexp2(const Tensor& self, const Tensor& other);
// self * log(other), 0 where self is 0 and other no NaN.
RONDO_METHOD Tensor xlogy(const Tensor& self, const Tensor& other);
RONDO_METHOD Tensor xlogy(const Tensor& self, Scalar other);
Tensor xlogy(Scalar self, const Tensor& other);
// self * 2^other.
RONDO_METHOD Tensor ldexp(const Tensor& self, const Tensor& other);
// Mantissas in [0.5, 1) and int32 exponents: self = mantissa * 2^exponent. Floating point only.
RONDO_METHOD std::tuple<Tensor, Tensor> frexp(const Tensor& self);
// 0 below zero, `values` at zero, 1 above; both of one dtype, no gradient.
RONDO_METHOD Tensor heaviside(const Tensor& self, const Tensor& values);
// The neighbour of self in the direction of other. Floating point only, no gradient.
RONDO_METHOD Tensor nextafter(const Tensor& self, const Tensor& other);
// The greatest common divisor and the least common multiple, never negative. Integers only.
RONDO_METHOD Tensor gcd(const Tensor& self, const Tensor& other);
RONDO_METHOD Tensor lcm(const Tensor& self, const Tensor& other);
// self + value * tensor1 * tensor2, self + value * tensor1 / tensor2.
Tensor addcmul(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, Scalar value = 1);
Tensor addcdiv(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, Scalar value = 1);
// self + weight * (end - self).
RONDO_METHOD Tensor lerp(const Tensor& self, const Tensor& end, Scalar weight);
RONDO_METHOD Tensor lerp(const Tensor& self, const Tensor& end, const Tensor& weight);
// NaN and the infinities replaced, by 0 and the dtype's largest numbers unless given.
RONDO_METHOD Tensor nan_to_num(const Tensor& self, std::optional<double> nan = std::nullopt,
                               std::optional<double> posinf = std::nullopt,
                               std::optional<double> neginf = std::nullopt);
// log(x / (1 - x)), x limited to [eps, 1 - eps] first where eps is given.
RONDO_METHOD Tensor logit(const Tensor& self, std::optional<double> eps = std::nullopt);
// The n-th derivative of digamma (also x.polygamma(n)); the logarithm of the multivariate gamma function of dimension
// p, whose numbers must be larger than (p - 1) / 2.
Tensor polygamma(int64_t n, const Tensor& self);
RONDO_METHOD Tensor mvlgamma(const Tensor& self, int64_t p);
// 0, pi for negative numbers.
RONDO_METHOD Tensor angle(const Tensor& self);
// The numbers themselves: rondo has no complex ones. positive() refuses bools.
RONDO_METHOD Tensor positive(const Tensor& self);
RONDO_METHOD Tensor conj(const Tensor& self);
RONDO_METHOD Tensor resolve_conj(const Tensor& self);
RONDO_METHOD Tensor conj_physical(const Tensor& self);
Tensor real(const Tensor& self);
// Limits from below and above; the gradient passes inside, bounds included. Throws when both limits are missing.
Tensor clamp(const Tensor& self, std::optional<Scalar> min, std::optional<Scalar> max = std::nullopt);
Tensor clamp(const Tensor& self, const std::optional<Tensor>& min, const std::optional<Tensor>& max = std::nullopt);
RONDO_METHOD Tensor clamp_min(const Tensor& self, Scalar min);
RONDO_METHOD Tensor clamp_max(const Tensor& self, Scalar max);
RONDO_METHOD Tensor clamp_min(const Tensor& self, const Tensor& min);
RONDO_METHOD Tensor clamp_max(const Tensor& self, const Tensor& max);

#define RONDO_DECLARE(name)                             \
  Tensor name(const Tensor& self, const Tensor& other); \
  Tensor name(const Tensor& self, Scalar other);
// Comparisons: bool tensors; false for NaN, but for ne.
RONDO_DECLARE(eq)
RONDO_DECLARE(ne)
RONDO_DECLARE(lt)
RONDO_DECLARE(le)
RONDO_DECLARE(gt)
RONDO_DECLARE(ge)
#undef RONDO_DECLARE
Tensor logical_and(const Tensor& self, const Tensor& other);
Tensor logical_or(const Tensor& self, const Tensor& other);
Tensor logical_xor(const Tensor& self, const Tensor& other);
Tensor logical_not(const Tensor& self);
// Integers and bool.
Tensor bitwise_and(const Tensor& self, const Tensor& other);
Tensor bitwise_or(const Tensor& self, const Tensor& other);
Tensor bitwise_xor(const Tensor& self, const Tensor& other);
Tensor bitwise_not(const Tensor& self);
RONDO_METHOD Tensor bitwise_and(const Tensor& self, Scalar other);
RONDO_METHOD Tensor bitwise_or(const Tensor& self, Scalar other);
RONDO_METHOD Tensor bitwise_xor(const Tensor& self, Scalar other);
Tensor bitwise_and(Scalar self, const Tensor& other);
Tensor bitwise_or(Scalar self, const Tensor& other);
Tensor bitwise_xor(Scalar self, const Tensor& other);
// Integers only: self * 2^other, wrapping around, and self / 2^other rounded down. Shifts by negative numbers or by as
// many bits as there are give 0, or the sign alone for the right shift.
RONDO_METHOD Tensor bitwise_left_shift(const Tensor& self, const Tensor& other);
RONDO_METHOD Tensor bitwise_left_shift(const Tensor& self, Scalar other);
Tensor bitwise_left_shift(Scalar self, const Tensor& other);
RONDO_METHOD Tensor bitwise_right_shift(const Tensor& self, const Tensor& other);
RONDO_METHOD Tensor bitwise_right_shift(const Tensor& self, Scalar other);
Tensor bitwise_right_shift(Scalar self, const Tensor& other);
Tensor isnan(const Tensor& self);
Tensor isinf(const Tensor& self);
Tensor isfinite(const Tensor& self);
RONDO_METHOD Tensor isposinf(const Tensor& self);
RONDO_METHOD Tensor isneginf(const Tensor& self);
RONDO_METHOD Tensor isreal(const Tensor& self);
// Whether the sign bit is set: true for -0.
RONDO_METHOD Tensor signbit(const Tensor& self);
// Whether each element is (with `invert`: is not) among the test elements.
Tensor isin(const Tensor& elements, const Tensor& test_elements, bool assume_unique = false, bool invert = false);
Tensor isin(const Tensor& elements, Scalar test_element, bool assume_unique = false, bool invert = false);
Tensor isin(Scalar element, const Tensor& test_elements, bool assume_unique = false, bool invert = false);

// self where the condition (bool) holds, other elsewhere; a number takes part as a 0-dimensional tensor.
Tensor where(const Tensor& condition, const Tensor& self, const Tensor& other);
Tensor where(const Tensor& condition, const Tensor& self, Scalar other);
Tensor where(const Tensor& condition, Scalar self, const Tensor& other);
Tensor where(const Tensor& condition, Scalar self, Scalar other);
std::vector<Tensor> where(const Tensor& condition);
Tensor masked_fill(const Tensor& self, const Tensor& mask, Scalar value);
Tensor masked_fill(const Tensor& self, const Tensor& mask, const Tensor& value);

// Activations. x where x > 0, else negative_slope * x.
Tensor leaky_relu(const Tensor& self, Scalar negative_slope = 0.01);
// scale * (x where x > 0, else alpha * (exp(input_scale * x) - 1)).
Tensor elu(const Tensor& self, Scalar alpha = 1, Scalar scale = 1, Scalar input_scale = 1);
// x * Phi(x), exact ("none") or by tanh(sqrt(2 / pi) (x + 0.044715 x^3)) ("tanh").
Tensor gelu(const Tensor& self, const std::string& approximate = "none");
Tensor silu(const Tensor& self);
// log(1 + exp(beta * x)) / beta, x itself where beta * x > threshold.
Tensor softplus(const Tensor& self, Scalar beta = 1, Scalar threshold = 20);
Tensor log_sigmoid(const Tensor& self);
Tensor selu(const Tensor& self);
Tensor relu6(const Tensor& self);
Tensor hardtanh(const Tensor& self, Scalar min_val = -1, Scalar max_val = 1);
namespace by_name {
Tensor softsign(const Tensor& self);
}
Tensor mish(const Tensor& self);
Tensor& leaky_relu_(Tensor& self, Scalar negative_slope = 0.01);
Tensor& elu_(Tensor& self, Scalar alpha = 1, Scalar scale = 1, Scalar input_scale = 1);
// x where x > 0, else alpha * (exp(x / alpha) - 1).
Tensor celu(const Tensor& self, Scalar alpha = 1.0);
// The first half along a dimension times the sigmoid of the second.
Tensor glu(const Tensor& self, int64_t dim = -1);
// 0 where |x| <= lambd; else x (hard), or x moved by lambd toward 0 (soft).
RONDO_METHOD Tensor hardshrink(const Tensor& self, Scalar lambd = 0.5);
Tensor softshrink(const Tensor& self, Scalar lambd = 0.5);
// x * relu6(x + 3) / 6, relu6(x + 3) / 6.
Tensor hardswish(const Tensor& self);
Tensor hardsigmoid(const Tensor& self);
// x where x > threshold, else value.
Tensor threshold(const Tensor& self, Scalar threshold, Scalar value);
// x where x > 0, else weight * x: one weight, or one for each channel (dimension 1).
RONDO_METHOD Tensor prelu(const Tensor& self, const Tensor& weight);
// leaky_relu with slopes drawn from [lower, upper) where `training`, else with their middle.
Tensor rrelu(const Tensor& self, Scalar lower = 0.125, Scalar upper = 1.0 / 3, bool training = false,
             std::optional<Generator> generator = std::nullopt);
Tensor& celu_(Tensor& self, Scalar alpha = 1.0);
Tensor& selu_(Tensor& self);
Tensor& gelu_(Tensor& self, const std::string& approximate = "none");
Tensor& silu_(Tensor& self);
Tensor& mish_(Tensor& self);
Tensor& relu6_(Tensor& self);
Tensor& hardtanh_(Tensor& self, Scalar min_val = -1, Scalar max_val = 1);
Tensor& hardswish_(Tensor& self);
Tensor& hardsigmoid_(Tensor& self);
Tensor& threshold_(Tensor& self, Scalar threshold, Scalar value);
Tensor& rrelu_(Tensor& self, Scalar lower = 0.125, Scalar upper = 1.0 / 3, bool training = false,
               std::optional<Generator> generator = std::nullopt);

bool equal(const Tensor& self, const Tensor& other);
bool allclose(const Tensor& self, const Tensor& other, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false);
Tensor isclose(const Tensor& self, const Tensor& other, double rtol = 1e-5, double atol = 1e-8, bool equal_nan = false);

inline Tensor operator+(const Tensor& a, const Tensor& b) { return add(a, b); }
inline Tensor operator+(const Tensor& a, Scalar b) { return add(a, b); }
inline Tensor operator+(Scalar a, const Tensor& b) { return add(b, a); }
inline Tensor operator-(const Tensor& a, const Tensor& b) { return sub(a, b); }
inline Tensor operator-(const Tensor& a, Scalar b) { return sub(a, b); }
inline Tensor operator-(Scalar a, const Tensor& b) { return rsub(b, a); }
inline Tensor operator*(const Tensor& a, const Tensor& b) { return mul(a, b); }
inline Tensor operator*(const Tensor& a, Scalar b) { return mul(a, b); }
inline Tensor operator*(Scalar a, const Tensor& b) { return mul(b, a); }
inline Tensor operator/(const Tensor& a, const Tensor& b) { return div(a, b); }
inline Tensor operator/(const Tensor& a, Scalar b) { return div(a, b); }
Tensor operator/(Scalar a, const Tensor& b);
inline Tensor operator%(const Tensor& a, const Tensor& b) { return remainder(a, b); }
inline Tensor operator%(const Tensor& a, Scalar b) { return remainder(a, b); }
#define RONDO_OPERATOR(o, name, mirrored)                                           \
  inline Tensor operator o(const Tensor& a, const Tensor& b) { return name(a, b); } \
  inline Tensor operator o(const Tensor& a, Scalar b) { return name(a, b); }        \
  inline Tensor operator o(Scalar a, const Tensor& b) { return mirrored(b, a); }
RONDO_OPERATOR(==, eq, eq)
RONDO_OPERATOR(!=, ne, ne)
RONDO_OPERATOR(<, lt, gt)
RONDO_OPERATOR(<=, le, ge)
RONDO_OPERATOR(>, gt, lt)
RONDO_OPERATOR(>=, ge, le)
#undef RONDO_OPERATOR
inline Tensor operator&(const Tensor& a, const Tensor& b) { return bitwise_and(a, b); }
inline Tensor operator|(const Tensor& a, const Tensor& b) { return bitwise_or(a, b); }
inline Tensor operator^(const Tensor& a, const Tensor& b) { return bitwise_xor(a, b); }
#define RONDO_OPERATOR(o, name)                                              \
  inline Tensor operator o(const Tensor& a, Scalar b) { return name(a, b); } \
  inline Tensor operator o(Scalar a, const Tensor& b) { return name(a, b); }
RONDO_OPERATOR(&, bitwise_and)
RONDO_OPERATOR(|, bitwise_or)
RONDO_OPERATOR(^, bitwise_xor)
#undef RONDO_OPERATOR
inline Tensor operator%(Scalar a, const Tensor& b) { return remainder(a, b); }

}  // namespace rondo
