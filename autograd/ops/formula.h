// A tensor, or a constant, as a formula sees it: the third kind of number that a block is instantiated on. Every step
// is a public operation, so that a gradient computed this way can be differentiated again.
#pragma once

#include <rondo/autograd/kernels/pointwise.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/tensor/factory.h>

#include <cmath>

namespace rondo::ops {

// A condition; it remembers the dtype that `where(mask, 1.0, 0.5)` is to have, and its value where it asks of constants
// alone.
struct SymMask {
  Tensor mask;
  ScalarType type;
  std::optional<bool> known{};
  friend SymMask operator&(const SymMask& a, const SymMask& b) {
    if (a.known) return *a.known ? b : a;
    if (b.known) return *b.known ? a : b;
    return {rondo::logical_and(a.mask, b.mask), a.type};
  }
  friend SymMask operator|(const SymMask& a, const SymMask& b) {
    if (a.known) return *a.known ? a : b;
    if (b.known) return *b.known ? b : a;
    return {rondo::logical_or(a.mask, b.mask), a.type};
  }
  friend SymMask operator!(const SymMask& a) {
    SymMask negated{rondo::logical_not(a.mask), a.type};
    if (a.known) negated.known = !*a.known;
    return negated;
  }
};

struct Sym {
  Tensor tensor;  // undefined: a constant
  double constant = 0;

  Sym(Tensor t) : tensor(std::move(t)) {}
  Sym(double c) : constant(c) {}
  bool is_constant() const { return !tensor.defined(); }
  Tensor as_tensor(ScalarType type) const { return is_constant() ? full({}, constant, type) : tensor; }

#define RONDO_SYM_BINARY(o)                                                 \
  friend Sym operator o(const Sym& a, const Sym& b) {                       \
    if (a.is_constant() && b.is_constant()) return a.constant o b.constant; \
    if (a.is_constant()) return Scalar(a.constant) o b.tensor;              \
    if (b.is_constant()) return a.tensor o Scalar(b.constant);              \
    return a.tensor o b.tensor;                                             \
  }
  RONDO_SYM_BINARY(+)
  RONDO_SYM_BINARY(-)
  RONDO_SYM_BINARY(*)
  RONDO_SYM_BINARY(/)
#undef RONDO_SYM_BINARY
  friend Sym operator-(const Sym& a) { return a.is_constant() ? Sym(-a.constant) : Sym(neg(a.tensor)); }

#define RONDO_SYM_COMPARE(o)                                                       \
  friend SymMask operator o(const Sym& a, const Sym& b) {                          \
    if (a.is_constant() && b.is_constant()) {                                      \
      const bool known = a.constant o b.constant;                                  \
      return {full({}, known, kBool), default_dtype(), known};                     \
    }                                                                              \
    if (a.is_constant()) return {Scalar(a.constant) o b.tensor, b.tensor.dtype()}; \
    if (b.is_constant()) return {a.tensor o Scalar(b.constant), a.tensor.dtype()}; \
    return {a.tensor o b.tensor, a.tensor.dtype()};                                \
  }
  RONDO_SYM_COMPARE(<)
  RONDO_SYM_COMPARE(<=)
  RONDO_SYM_COMPARE(>)
  RONDO_SYM_COMPARE(>=)
  RONDO_SYM_COMPARE(==)
  RONDO_SYM_COMPARE(!=)
#undef RONDO_SYM_COMPARE

#define RONDO_SYM_FUNCTION(f) \
  friend Sym f(const Sym& a) { return a.is_constant() ? Sym(std::f(a.constant)) : Sym(rondo::f(a.tensor)); }
  RONDO_SYM_FUNCTION(exp)
  RONDO_SYM_FUNCTION(expm1)
  RONDO_SYM_FUNCTION(exp2)
  RONDO_SYM_FUNCTION(log)
  RONDO_SYM_FUNCTION(log1p)
  RONDO_SYM_FUNCTION(sqrt)
  RONDO_SYM_FUNCTION(abs)
  RONDO_SYM_FUNCTION(floor)
  RONDO_SYM_FUNCTION(trunc)
  RONDO_SYM_FUNCTION(sin)
  RONDO_SYM_FUNCTION(cos)
  RONDO_SYM_FUNCTION(tan)
  RONDO_SYM_FUNCTION(sinh)
  RONDO_SYM_FUNCTION(cosh)
  RONDO_SYM_FUNCTION(tanh)
  RONDO_SYM_FUNCTION(erf)
  RONDO_SYM_FUNCTION(erfc)
#undef RONDO_SYM_FUNCTION
  friend Sym normal_cdf(const Sym& a) { return 0.5 * erfc(-0.70710678118654752 * a); }
  struct Normal;
  friend Normal normal(const Sym& a);
  friend Sym sigmoid(const Sym& a) { return rondo::sigmoid(a.as_tensor(default_dtype())); }
  friend Sym log1p_exp(const Sym& a) { return -rondo::log_sigmoid(-a.as_tensor(default_dtype())); }
  friend Sym sign(const Sym& a) { return rondo::sign(a.as_tensor(default_dtype())); }
  friend Sym rsqrt(const Sym& a) { return rondo::rsqrt(a.as_tensor(default_dtype())); }
  friend SymMask is_nan(const Sym& a) { return a != a; }
  friend Sym pow(const Sym& a, const Sym& b) {
    if (a.is_constant() && b.is_constant()) return std::pow(a.constant, b.constant);
    if (a.is_constant()) return rondo::pow(Scalar(a.constant), b.tensor);
    if (b.is_constant()) return rondo::pow(a.tensor, Scalar(b.constant));
    return rondo::pow(a.tensor, b.tensor);
  }
  friend Sym trunc_divide(const Sym& a, const Sym& b) { return trunc(a / b); }
  friend Sym floor_divide(const Sym& a, const Sym& b) {
    return rondo::floor_divide(a.as_tensor(b.is_constant() ? a.tensor.dtype() : b.tensor.dtype()),
                               b.as_tensor(a.is_constant() ? b.tensor.dtype() : a.tensor.dtype()));
  }
  friend Sym constant(const Sym&, const kernels::Parameter& p) { return p.real; }
};

struct Sym::Normal {
  Sym cdf, density;
};
inline Sym::Normal normal(const Sym& a) { return {normal_cdf(a), 0.39894228040143267794 * exp(-0.5 * (a * a))}; }

Tensor twice(const Tensor& x);
inline Sym twice(const Sym& x) { return x.is_constant() ? Sym(2 * x.constant) : Sym(twice(x.tensor)); }

// 1 - x^2 as (1 - x)(1 + x), whose digits it has, but with the slope -2x: the product's is inf - inf at the ends.
inline Sym one_minus_square(const Sym& x) {
  if (x.is_constant()) return (1 - x.constant) * (1 + x.constant);
  const Tensor square = 1 - x.tensor * x.tensor, plain = x.tensor.detach();
  return square + ((1 - plain) * (1 + plain) - square.detach()).nan_to_num(0, 0, 0);
}
// Positive 0 at the ends, as (x - 1)(x + 1) is there; the negative of the above would not be.
inline Sym square_minus_one(const Sym& x) { return 0 - one_minus_square(x); }

// A condition on constants chooses here and now: the other side leaves nothing behind that could be 0 times infinity.
inline Sym where(const SymMask& condition, const Sym& a, const Sym& b) {
  if (condition.known) return *condition.known ? a : b;
  return rondo::where(condition.mask, a.as_tensor(condition.type), b.as_tensor(condition.type));
}

// gy times a slope, whatever kind of result the slope gave.
inline Tensor times(const Tensor& gy, const Sym& slope) {
  return slope.is_constant() ? gy * Scalar(slope.constant) : gy * slope.tensor;
}
inline Tensor times(const Tensor& gy, double slope) { return gy * Scalar(slope); }
inline Tensor times(const Tensor& gy, kernels::Unit) { return gy; }
inline Tensor times(const Tensor& gy, kernels::Flat) { return zeros_like(gy); }
inline Tensor times(const Tensor& gy, const SymMask& passes) { return rondo::where(passes.mask, gy, Scalar(0.0)); }

}  // namespace rondo::ops
