// The regular pointwise operations of one argument. Each line gives a method x.f(), an in-place method x.f_() and the
// free functions f(x) and f_(x); the blocks in ops/ say what they compute. F: results of integers are floating point;
// S: the type stays.
#pragma once

#define RONDO_UNARY_OPERATIONS(F, S) \
  S(abs)                             \
  S(neg)                             \
  S(sign)                            \
  S(square)                          \
  S(floor)                           \
  S(ceil)                            \
  S(round)                           \
  S(trunc)                           \
  S(relu)                            \
  S(absolute)                        \
  S(negative)                        \
  S(sgn)                             \
  S(frac)                            \
  S(fix)                             \
  F(exp)                             \
  F(exp2)                            \
  F(expm1)                           \
  F(log)                             \
  F(log2)                            \
  F(log10)                           \
  F(log1p)                           \
  F(sqrt)                            \
  F(rsqrt)                           \
  F(reciprocal)                      \
  F(sin)                             \
  F(cos)                             \
  F(tan)                             \
  F(sinh)                            \
  F(cosh)                            \
  F(tanh)                            \
  F(sigmoid)                         \
  F(erf)                             \
  F(erfc)                            \
  F(acos)                            \
  F(acosh)                           \
  F(asin)                            \
  F(asinh)                           \
  F(atan)                            \
  F(atanh)                           \
  F(arccos)                          \
  F(arccosh)                         \
  F(arcsin)                          \
  F(arcsinh)                         \
  F(arctan)                          \
  F(arctanh)                         \
  F(deg2rad)                         \
  F(rad2deg)                         \
  F(sinc)                            \
  F(lgamma)                          \
  F(digamma)                         \
  F(erfinv)                          \
  F(i0)
