// What a pointwise operation's block is made of, apart from its formulas: kinds, slope markers, parameters, and the
// probe that finds out which arguments a slope reads.
#pragma once

#include <rondo/autograd/kernels/loop.h>

#include <cstddef>
#include <cstdint>

namespace rondo::kernels {

// Which dtypes an operation takes and gives.
enum class Kind {
  kFloat,      // floating point; integers are converted to the default dtype
  kNumber,     // any number, the type stays
  kInteger,    // integers and bool, the type stays
  kPredicate,  // any type, the result is bool
};

// The results of a slope that need no multiplication: the gradient passes as it is; the gradient is zero everywhere.
struct Unit {};
struct Flat {};
inline constexpr Unit unit{};
inline constexpr Flat flat{};

// A number given with a call, exact for both kinds of formulas.
struct Parameter {
  double real = 0;
  int64_t integer = 0;
};

struct Uses {
  static constexpr unsigned kA = 1, kB = 2, kC = 4, kY = 8;
};

// Loops of one operation for one target. value: float, double, uint8, int8, int16, int32, int64, bool; null where not
// defined. slope[i]: gradient of argument i, for float and double.
struct PointwiseKernels {
  Loop value[8] = {};
  Loop slope[3][2] = {};
};

// A number that only remembers which arguments it was made from.
struct Probe {
  unsigned used = 0;
  constexpr Probe(unsigned mask) : used(mask) {}
  constexpr Probe(double) {}
  constexpr Probe(int) {}
  constexpr Probe(Unit) {}
  constexpr Probe(Flat) {}

#define RONDO_PROBE_BINARY(o) \
  friend constexpr Probe operator o(Probe a, Probe b) { return Probe(a.used | b.used); }
  RONDO_PROBE_BINARY(+)
  RONDO_PROBE_BINARY(-)
  RONDO_PROBE_BINARY(*)
  RONDO_PROBE_BINARY(/)
  RONDO_PROBE_BINARY(<)
  RONDO_PROBE_BINARY(<=)
  RONDO_PROBE_BINARY(>)
  RONDO_PROBE_BINARY(>=)
  RONDO_PROBE_BINARY(==)
  RONDO_PROBE_BINARY(!=)
  RONDO_PROBE_BINARY(&)
  RONDO_PROBE_BINARY(|)
#undef RONDO_PROBE_BINARY
  friend constexpr Probe operator-(Probe a) { return a; }
  friend constexpr Probe operator!(Probe a) { return a; }
#define RONDO_PROBE_FUNCTION(f) \
  friend constexpr Probe f(Probe a) { return a; }
  RONDO_PROBE_FUNCTION(exp)
  RONDO_PROBE_FUNCTION(expm1)
  RONDO_PROBE_FUNCTION(exp2)
  RONDO_PROBE_FUNCTION(log)
  RONDO_PROBE_FUNCTION(log1p)
  RONDO_PROBE_FUNCTION(sqrt)
  RONDO_PROBE_FUNCTION(rsqrt)
  RONDO_PROBE_FUNCTION(abs)
  RONDO_PROBE_FUNCTION(sign)
  RONDO_PROBE_FUNCTION(floor)
  RONDO_PROBE_FUNCTION(trunc)
  RONDO_PROBE_FUNCTION(sin)
  RONDO_PROBE_FUNCTION(cos)
  RONDO_PROBE_FUNCTION(tan)
  RONDO_PROBE_FUNCTION(sinh)
  RONDO_PROBE_FUNCTION(cosh)
  RONDO_PROBE_FUNCTION(tanh)
  RONDO_PROBE_FUNCTION(sigmoid)
  RONDO_PROBE_FUNCTION(log1p_exp)
  RONDO_PROBE_FUNCTION(erf)
  RONDO_PROBE_FUNCTION(erfc)
  RONDO_PROBE_FUNCTION(normal_cdf)
  RONDO_PROBE_FUNCTION(is_nan)
#undef RONDO_PROBE_FUNCTION
  struct Normal;
  friend constexpr Normal normal(Probe a);
  friend constexpr Probe pow(Probe a, Probe b) { return Probe(a.used | b.used); }
  friend constexpr Probe trunc_divide(Probe a, Probe b) { return Probe(a.used | b.used); }
  friend constexpr Probe floor_divide(Probe a, Probe b) { return Probe(a.used | b.used); }
  friend constexpr Probe where(Probe condition, Probe a, Probe b) { return Probe(condition.used | a.used | b.used); }
  friend constexpr Probe constant(Probe, const Parameter&) { return Probe(0u); }
};
struct Probe::Normal {
  Probe cdf, density;
};
constexpr Probe::Normal normal(Probe a) { return {a, a}; }

template <class Op, int which>
constexpr bool has_slope() {
  constexpr Probe p(0u);
  if constexpr (Op::kArity == 1) {
    return which == 0 && (
                             requires(Op op) { op.slope(p); } || requires(Op op) { op.slope(p, p); } ||
                             requires(Op op) { op.slope_from_output(p); });
  } else if constexpr (Op::kArity == 2) {
    if constexpr (which == 0) return requires(Op op) {
        op.slope_a(p, p);
      }
    || requires(Op op) { op.slope_a(p, p, p); };
    if constexpr (which == 1) return requires(Op op) {
        op.slope_b(p, p);
      }
    || requires(Op op) { op.slope_b(p, p, p); };
    return false;
  } else {
    if constexpr (which == 0) return requires(Op op) {
        op.slope_a(p, p, p);
      };
    if constexpr (which == 1) return requires(Op op) {
        op.slope_b(p, p, p);
      };
    return requires(Op op) { op.slope_c(p, p, p); };
  }
}

// The arguments that slope `which` reads, as bits of Uses: what backward must keep.
template <class Op, int which>
constexpr unsigned uses_of() {
  constexpr Op op{};
  constexpr Probe a(Uses::kA), b(Uses::kB), c(Uses::kC), y(Uses::kY);
  if constexpr (!has_slope<Op, which>()) {
    return 0;
  } else if constexpr (Op::kArity == 1) {
    if constexpr (requires { op.slope(a); }) {
      return Probe(op.slope(a)).used;
    } else if constexpr (requires { op.slope(a, y); }) {
      return Probe(op.slope(a, y)).used;
    } else {
      return Probe(op.slope_from_output(y)).used;
    }
  } else if constexpr (Op::kArity == 2) {
    if constexpr (which == 0) {
      if constexpr (requires { op.slope_a(a, b, y); }) {
        return Probe(op.slope_a(a, b, y)).used;
      } else {
        return Probe(op.slope_a(a, b)).used;
      }
    } else {
      if constexpr (requires { op.slope_b(a, b, y); }) {
        return Probe(op.slope_b(a, b, y)).used;
      } else {
        return Probe(op.slope_b(a, b)).used;
      }
    }
  } else {
    if constexpr (which == 0) return Probe(op.slope_a(a, b, c)).used;
    if constexpr (which == 1) return Probe(op.slope_b(a, b, c)).used;
    if constexpr (which == 2) return Probe(op.slope_c(a, b, c)).used;
  }
}

}  // namespace rondo::kernels
