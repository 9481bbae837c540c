// From a formula to loops. A pointwise operation is a struct with `value` and its slopes, written once over any kind of
// number; here it is instantiated on lanes (float, double) and on single integers. Included once per target.

#if defined(RONDO_AUTOGRAD_KERNELS_POINTWISE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RONDO_AUTOGRAD_KERNELS_POINTWISE_INL_H_
#undef RONDO_AUTOGRAD_KERNELS_POINTWISE_INL_H_
#else
#define RONDO_AUTOGRAD_KERNELS_POINTWISE_INL_H_
#endif

#include <rondo/autograd/kernels/pointwise.h>

#include <rondo/autograd/kernels/math-inl.h>

#include <type_traits>
#include <utility>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {

// One number, for the types that have no lanes here, and for predicates. Integers wrap around.
template <class T>
struct One {
  using Wide = std::conditional_t<
      sizeof(T) < 4 || !std::is_integral_v<T>, uint32_t,
      std::make_unsigned_t<std::conditional_t<std::is_integral_v<T> && !std::is_same_v<T, bool>, T, uint32_t>>>;
  T v;

  constexpr One(T x) : v(x) {}
  template <class U>
  requires(!std::is_same_v<U, T> && std::is_arithmetic_v<U>) constexpr One(U x) : v(static_cast<T>(x)) {}

#define RONDO_ONE_OPERATOR(o)                                                      \
  friend constexpr One operator o(One a, One b) {                                  \
    if constexpr (std::is_floating_point_v<T>) {                                   \
      return One(static_cast<T>(a.v o b.v));                                       \
    } else {                                                                       \
      return One(static_cast<T>(static_cast<Wide>(a.v) o static_cast<Wide>(b.v))); \
    }                                                                              \
  }
  RONDO_ONE_OPERATOR(+)
  RONDO_ONE_OPERATOR(-)
  RONDO_ONE_OPERATOR(*)
#undef RONDO_ONE_OPERATOR
#define RONDO_ONE_BITS(o) \
  friend constexpr One operator o(One a, One b) { return One(static_cast<T>(a.v o b.v)); }
  RONDO_ONE_BITS(&)
  RONDO_ONE_BITS(|)
  RONDO_ONE_BITS(^)
#undef RONDO_ONE_BITS
  friend constexpr One operator~(One a) {
    if constexpr (std::is_same_v<T, bool>) {
      return One(!a.v);
    } else {
      return One(static_cast<T>(~a.v));
    }
  }
  friend constexpr One operator-(One a) { return One(T(0)) - a; }
  friend constexpr bool operator<(One a, One b) { return a.v < b.v; }
  friend constexpr bool operator<=(One a, One b) { return a.v <= b.v; }
  friend constexpr bool operator>(One a, One b) { return a.v > b.v; }
  friend constexpr bool operator>=(One a, One b) { return a.v >= b.v; }
  friend constexpr bool operator==(One a, One b) { return a.v == b.v; }
  friend constexpr bool operator!=(One a, One b) { return a.v != b.v; }
  friend constexpr One abs(One a) { return a < One(T(0)) ? -a : a; }
  friend constexpr One sign(One a) { return One(static_cast<T>((a.v > T(0)) - (a.v < T(0)))); }
  friend constexpr One maximum(One a, One b) { return a > b || a != a ? a : b; }
  friend constexpr One minimum(One a, One b) { return a < b || a != a ? a : b; }
  friend constexpr One floor(One a) { return a; }
  friend constexpr One ceil(One a) { return a; }
  friend constexpr One round(One a) { return a; }
  friend constexpr One trunc(One a) { return a; }
  friend constexpr bool is_nan(One a) { return a != a; }
  friend constexpr bool is_inf(One a) {
    if constexpr (std::is_floating_point_v<T>) return a.v == __builtin_inf() || a.v == -__builtin_inf();
    return false;
  }
  friend constexpr One where(bool condition, One a, One b) { return condition ? a : b; }
  // Integer quotients, rounded down and toward zero; the caller has excluded zero divisors.
  friend constexpr One floor_divide(One a, One b) {
    if constexpr (std::is_signed_v<T>) {
      if (b.v == T(-1)) return -a;
    }
    const T quotient = static_cast<T>(a.v / b.v);
    return One(static_cast<T>(quotient - ((a.v % b.v != 0) && ((a.v < 0) != (b.v < 0)))));
  }
  friend constexpr One trunc_divide(One a, One b) {
    if constexpr (std::is_signed_v<T>) {
      if (b.v == T(-1)) return -a;
    }
    return One(static_cast<T>(a.v / b.v));
  }
};

// A number of the kind of `like` from a parameter.
template <class T>
HWY_INLINE Lanes<T> constant(Lanes<T>, const kernels::Parameter& p) {
  return Lanes<T>(p.real);
}
template <class T>
constexpr One<T> constant(One<T>, const kernels::Parameter& p) {
  if constexpr (std::is_floating_point_v<T>) return One<T>(static_cast<T>(p.real));
  return One<T>(static_cast<T>(p.integer));
}

// floor(a / b) and trunc(a / b), exact where the rounded quotient would not be (as Python's divmod computes it).
template <class T>
HWY_INLINE Lanes<T> floor_divide(Lanes<T> a, Lanes<T> b) {
  T x[HWY_MAX_BYTES / sizeof(T)], y[HWY_MAX_BYTES / sizeof(T)];
  a.store(x);
  b.store(y);
  for (size_t i = 0; i < Lanes<T>::count(); ++i) {
    if (y[i] == 0) {
      x[i] = x[i] / y[i];
      continue;
    }
    const T mod = std::fmod(x[i], y[i]);
    T quotient = (x[i] - mod) / y[i];
    if (mod != 0 && (y[i] < 0) != (mod < 0)) quotient -= 1;
    if (quotient == 0) {
      x[i] = std::copysign(T(0), x[i] / y[i]);
    } else {
      x[i] = std::floor(quotient);
      if (quotient - x[i] > T(0.5)) x[i] += 1;
    }
  }
  return Lanes<T>::load(x);
}
template <class T>
HWY_INLINE Lanes<T> trunc_divide(Lanes<T> a, Lanes<T> b) {
  return trunc(a / b);
}

namespace pointwise {

using kernels::Uses;

// Calls slope `which` (0: a, 1: b, 2: c) with as many arguments as the formula takes.
template <int which, class Op, class X>
HWY_INLINE constexpr auto slope(const Op& op, [[maybe_unused]] X a, [[maybe_unused]] X b, [[maybe_unused]] X c,
                                [[maybe_unused]] X y) {
  if constexpr (Op::kArity == 1) {
    if constexpr (requires { op.slope(a); }) {
      return op.slope(a);
    } else if constexpr (requires { op.slope(a, y); }) {
      return op.slope(a, y);
    } else {
      return op.slope_from_output(y);
    }
  } else if constexpr (Op::kArity == 2) {
    if constexpr (which == 0) {
      if constexpr (requires { op.slope_a(a, b, y); }) {
        return op.slope_a(a, b, y);
      } else {
        return op.slope_a(a, b);
      }
    } else {
      if constexpr (requires { op.slope_b(a, b, y); }) {
        return op.slope_b(a, b, y);
      } else {
        return op.slope_b(a, b);
      }
    }
  } else {
    if constexpr (which == 0) return op.slope_a(a, b, c);
    if constexpr (which == 1) return op.slope_b(a, b, c);
    if constexpr (which == 2) return op.slope_c(a, b, c);
  }
}

template <class T>
struct Reader {
  const T* from;
  bool moves;
  Lanes<T> fixed;

  HWY_INLINE Reader(const void* data, int64_t step)
      : from(static_cast<const T*>(data)), moves(step != 0), fixed(hn::Set(typename Lanes<T>::Tag(), *from)) {}
  HWY_INLINE Lanes<T> full(int64_t k) const { return moves ? Lanes<T>::load(from + k) : fixed; }
  HWY_INLINE Lanes<T> first(int64_t k, size_t n) const { return moves ? Lanes<T>::load_first(from + k, n) : fixed; }
};

// y[k] = f(inputs[k]...) for n numbers; tails go through lanes as well, so that no bit depends on a number's place.
// `streamed`: past the caches, for operations that are written for it.
template <bool kMayStream, class T, class F, class... Readers>
HWY_INLINE void sweep(T* y, int64_t n, [[maybe_unused]] bool streamed, const F& f, const Readers&... in) {
  const auto lanes = static_cast<int64_t>(Lanes<T>::count());
  int64_t k = 0;
  // Stores across cache lines cost double: a long run begins with a part of a register.
  if (n >= 16 * lanes) {
    const auto past = static_cast<int64_t>(reinterpret_cast<uintptr_t>(y) % sizeof(Lanes<T>) / sizeof(T));
    if (past != 0) {
      k = lanes - past;
      f(in.first(0, static_cast<size_t>(k))...).store_first(y, static_cast<size_t>(k));
    }
    if constexpr (kMayStream && HWY_TARGET != HWY_SCALAR) {
      if (streamed) {
        for (; k + lanes <= n; k += lanes) f(in.full(k)...).stream(y + k);
      }
    }
  }
  // Two registers are read before one is written: a third less time where three arrays pass through a cache.
  if constexpr (kMayStream && HWY_TARGET != HWY_SCALAR) {
    for (; k + 2 * lanes <= n; k += 2 * lanes) {
      const Lanes<T> here = f(in.full(k)...), next = f(in.full(k + lanes)...);
      here.store(y + k);
      next.store(y + k + lanes);
    }
  }
  for (; k + lanes <= n; k += lanes) f(in.full(k)...).store(y + k);
  if (k < n) f(in.first(k, static_cast<size_t>(n - k))...).store_first(y + k, static_cast<size_t>(n - k));
}

template <class Op>
HWY_INLINE Op read_op(const void* bytes) {
  Op op;
  __builtin_memcpy(static_cast<void*>(&op), bytes, sizeof(Op));
  return op;
}

template <class Op, class T>
void value_loop(const void* bytes, void* const* data, const int64_t* step, int64_t n) {
  const Op op = read_op<Op>(bytes);
  auto* y = static_cast<T*>(data[0]);
  const bool streamed = step[0] == kernels::kStreamed;
  const auto f = [&](auto... x) { return Lanes<T>(op.value(x...)); };
  if constexpr (Op::kArity == 1) {
    sweep<Op::kStreams>(y, n, streamed, f, Reader<T>(data[1], step[1]));
  } else if constexpr (Op::kArity == 2) {
    sweep<Op::kStreams>(y, n, streamed, f, Reader<T>(data[1], step[1]), Reader<T>(data[2], step[2]));
  } else {
    sweep<Op::kStreams>(y, n, streamed, f, Reader<T>(data[1], step[1]), Reader<T>(data[2], step[2]),
                        Reader<T>(data[3], step[3]));
  }
}

// n <= kPlainChunk numbers of an operand; one that stands for all is spread into the buffer.
inline constexpr int64_t kPlainChunk = 256;
template <class T>
HWY_INLINE const T* spread(const void* data, int64_t step, int64_t first, int64_t n, T* buffer) {
  if (step != 0) return static_cast<const T*>(data) + first;
  if (first == 0) {
    for (int64_t i = 0; i < n; ++i) buffer[i] = *static_cast<const T*>(data);
  }
  return buffer;
}

// Single numbers: integers, and predicates of every type (R is bool).
template <class Op, class T, class R>
void plain_loop(const void* bytes, void* const* data, const int64_t* step, int64_t n) {
  const Op op = read_op<Op>(bytes);
  const auto put = [](auto value) {
    if constexpr (std::is_same_v<decltype(value), bool>) {
      return static_cast<R>(value);
    } else {
      return static_cast<R>(value.v);
    }
  };
  T buffers[Op::kArity][kPlainChunk];
  for (int64_t first = 0; first < n; first += kPlainChunk) {
    const int64_t count = n - first < kPlainChunk ? n - first : kPlainChunk;
    auto* y = static_cast<R*>(data[0]) + first;
    const T* a = spread(data[1], step[1], first, count, buffers[0]);
    if constexpr (Op::kArity == 1) {
      for (int64_t i = 0; i < count; ++i) y[i] = put(op.value(One<T>(a[i])));
    } else if constexpr (Op::kArity == 2) {
      const T* b = spread(data[2], step[2], first, count, buffers[1]);
      for (int64_t i = 0; i < count; ++i) y[i] = put(op.value(One<T>(a[i]), One<T>(b[i])));
    } else {
      const T* b = spread(data[2], step[2], first, count, buffers[1]);
      const T* c = spread(data[3], step[3], first, count, buffers[2]);
      for (int64_t i = 0; i < count; ++i) y[i] = put(op.value(One<T>(a[i]), One<T>(b[i]), One<T>(c[i])));
    }
  }
}

// g = gy * slope. data: the result, gy, then those of a, b, c, y that the slope reads.
template <class Op, class T, int which, unsigned uses>
void slope_loop(const void* bytes, void* const* data, const int64_t* step, int64_t n) {
  const Op op = read_op<Op>(bytes);
  const auto f = [&](Lanes<T> gy, Lanes<T> a, Lanes<T> b, Lanes<T> c, Lanes<T> y) {
    const auto s = slope<which>(op, a, b, c, y);
    using S = std::remove_const_t<decltype(s)>;
    if constexpr (std::is_same_v<S, kernels::Unit>) {
      return gy;
    } else if constexpr (std::is_same_v<S, kernels::Flat>) {
      return Lanes<T>(0.0);
    } else if constexpr (std::is_same_v<S, Where<T>>) {
      return where(s, gy, Lanes<T>(0.0));
    } else {
      return gy * Lanes<T>(s);
    }
  };
  auto* out = static_cast<T*>(data[0]);
  int next = 2;
  const auto reader = [&](unsigned bit) {
    const int i = (uses & bit) ? next++ : 1;
    return Reader<T>(data[i], step[i]);
  };
  const Reader<T> gy(data[1], step[1]), a = reader(Uses::kA), b = reader(Uses::kB), c = reader(Uses::kC),
                                        y = reader(Uses::kY);
  const auto lanes = static_cast<int64_t>(Lanes<T>::count());
  int64_t k = 0;
  for (; k + lanes <= n; k += lanes) {
    const Lanes<T> none = gy.full(k);
    f(none, (uses & Uses::kA) ? a.full(k) : none, (uses & Uses::kB) ? b.full(k) : none,
      (uses & Uses::kC) ? c.full(k) : none, (uses & Uses::kY) ? y.full(k) : none)
        .store(out + k);
  }
  if (k < n) {
    const auto rest = static_cast<size_t>(n - k);
    const Lanes<T> none = gy.first(k, rest);
    f(none, (uses & Uses::kA) ? a.first(k, rest) : none, (uses & Uses::kB) ? b.first(k, rest) : none,
      (uses & Uses::kC) ? c.first(k, rest) : none, (uses & Uses::kY) ? y.first(k, rest) : none)
        .store_first(out + k, rest);
  }
}

template <class Op, int which>
constexpr void add_slope(kernels::PointwiseKernels& table) {
  constexpr unsigned uses = kernels::uses_of<Op, which>();
  table.slope[which][0] = &slope_loop<Op, float, which, uses>;
  table.slope[which][1] = &slope_loop<Op, double, which, uses>;
}

template <class Op>
kernels::PointwiseKernels make_kernels() {
  kernels::PointwiseKernels table;
  using Kind = kernels::Kind;
  if constexpr (Op::kKind != Kind::kInteger && Op::kKind != Kind::kPredicate) {
    table.value[0] = &value_loop<Op, float>;
    table.value[1] = &value_loop<Op, double>;
  }
  // One instruction set is enough for integers and predicates: the caller takes these from the baseline's table.
  if constexpr (Op::kKind != Kind::kFloat && HWY_TARGET == HWY_STATIC_TARGET) {
    constexpr bool predicate = Op::kKind == Kind::kPredicate;
    if constexpr (predicate) {
      table.value[0] = &plain_loop<Op, float, bool>;
      table.value[1] = &plain_loop<Op, double, bool>;
    }
    table.value[2] = &plain_loop<Op, uint8_t, std::conditional_t<predicate, bool, uint8_t>>;
    table.value[3] = &plain_loop<Op, int8_t, std::conditional_t<predicate, bool, int8_t>>;
    table.value[4] = &plain_loop<Op, int16_t, std::conditional_t<predicate, bool, int16_t>>;
    table.value[5] = &plain_loop<Op, int32_t, std::conditional_t<predicate, bool, int32_t>>;
    table.value[6] = &plain_loop<Op, int64_t, std::conditional_t<predicate, bool, int64_t>>;
    if constexpr (Op::kBools || predicate || Op::kKind == Kind::kInteger) table.value[7] = &plain_loop<Op, bool, bool>;
  }
  if constexpr (Op::kKind != Kind::kPredicate && Op::kKind != Kind::kInteger) {
    if constexpr (kernels::has_slope<Op, 0>()) add_slope<Op, 0>(table);
    if constexpr (kernels::has_slope<Op, 1>()) add_slope<Op, 1>(table);
    if constexpr (kernels::has_slope<Op, 2>()) add_slope<Op, 2>(table);
  }
  return table;
}

}  // namespace pointwise
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#endif  // per-target guard
