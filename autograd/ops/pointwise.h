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
inline Tensor absolute(const Tensor& self) { return abs(self); }
inline Tensor negative(const Tensor& self) { return neg(self); }

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
Tensor floor_divide(const Tensor& self, const Tensor& other);
Tensor floor_divide(const Tensor& self, Scalar other);
// Modulo with the sign of the divisor (remainder) and of the dividend (fmod).
Tensor remainder(const Tensor& self, const Tensor& other);
Tensor remainder(const Tensor& self, Scalar other);
Tensor fmod(const Tensor& self, const Tensor& other);
Tensor fmod(const Tensor& self, Scalar other);
Tensor pow(const Tensor& self, const Tensor& exponent);
Tensor pow(const Tensor& self, Scalar exponent);
Tensor pow(Scalar self, const Tensor& exponent);
// The larger and the smaller of two; NaN where either is NaN; the gradient is split evenly between equal numbers.
Tensor maximum(const Tensor& self, const Tensor& other);
Tensor minimum(const Tensor& self, const Tensor& other);
// self + value * tensor1 * tensor2, self + value * tensor1 / tensor2.
Tensor addcmul(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, Scalar value = 1);
Tensor addcdiv(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, Scalar value = 1);
// self + weight * (end - self).
RONDO_METHOD Tensor lerp(const Tensor& self, const Tensor& end, Scalar weight);
// Limits from below and above; the gradient passes inside, bounds included. Throws when both limits are missing.
Tensor clamp(const Tensor& self, std::optional<Scalar> min, std::optional<Scalar> max = std::nullopt);
Tensor clamp(const Tensor& self, const std::optional<Tensor>& min, const std::optional<Tensor>& max = std::nullopt);
RONDO_METHOD Tensor clamp_min(const Tensor& self, Scalar min);
RONDO_METHOD Tensor clamp_max(const Tensor& self, Scalar max);

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
Tensor isnan(const Tensor& self);
Tensor isinf(const Tensor& self);
Tensor isfinite(const Tensor& self);

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
Tensor softsign(const Tensor& self);
Tensor mish(const Tensor& self);
Tensor& leaky_relu_(Tensor& self, Scalar negative_slope = 0.01);
Tensor& elu_(Tensor& self, Scalar alpha = 1, Scalar scale = 1, Scalar input_scale = 1);

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

}  // namespace rondo
