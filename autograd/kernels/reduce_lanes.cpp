// Sum, product, extrema and truth over plain arrays.
#include <rondo/autograd/kernels/reduce.h>

#include <algorithm>
#include <limits>
#include <type_traits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/kernels/reduce_lanes.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, as Highway asks.
#include <rondo/autograd/kernels/lanes-inl.h>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {
namespace {

// Integers wrap. NaN wins an extremum.
struct Add {
  template <class T>
  static constexpr T identity = 0;
  template <class T>
  static HWY_INLINE Lanes<T> join(Lanes<T> a, Lanes<T> b) {
    return a + b;
  }
  static HWY_INLINE float join(float a, float b) { return a + b; }
  static HWY_INLINE double join(double a, double b) { return a + b; }
  static HWY_INLINE int64_t join(int64_t a, int64_t b) {
    return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
  }
};

struct Multiply {
  template <class T>
  static constexpr T identity = 1;
  template <class T>
  static HWY_INLINE Lanes<T> join(Lanes<T> a, Lanes<T> b) {
    return a * b;
  }
  static HWY_INLINE float join(float a, float b) { return a * b; }
  static HWY_INLINE double join(double a, double b) { return a * b; }
  static HWY_INLINE int64_t join(int64_t a, int64_t b) {
    return static_cast<int64_t>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
  }
};

struct Largest {
  template <class T>
  static constexpr T identity = std::is_integral_v<T> ? std::numeric_limits<T>::min()
                                                      : -std::numeric_limits<T>::infinity();
  template <class T>
  static HWY_INLINE Lanes<T> join(Lanes<T> a, Lanes<T> b) {
    return maximum(a, b);
  }
  static HWY_INLINE float join(float a, float b) { return a > b || a != a ? a : b; }
  static HWY_INLINE double join(double a, double b) { return a > b || a != a ? a : b; }
  static HWY_INLINE int64_t join(int64_t a, int64_t b) { return a > b ? a : b; }
};

struct Smallest {
  template <class T>
  static constexpr T identity = std::is_integral_v<T> ? std::numeric_limits<T>::max()
                                                      : std::numeric_limits<T>::infinity();
  template <class T>
  static HWY_INLINE Lanes<T> join(Lanes<T> a, Lanes<T> b) {
    return minimum(a, b);
  }
  static HWY_INLINE float join(float a, float b) { return a < b || a != a ? a : b; }
  static HWY_INLINE double join(double a, double b) { return a < b || a != a ? a : b; }
  static HWY_INLINE int64_t join(int64_t a, int64_t b) { return a < b ? a : b; }
};

struct And {
  template <class T>
  static constexpr T identity = 1;
  static HWY_INLINE uint8_t join(uint8_t a, uint8_t b) { return a & b; }
};

struct Or {
  template <class T>
  static constexpr T identity = 0;
  static HWY_INLINE uint8_t join(uint8_t a, uint8_t b) { return a | b; }
};

// A sum starts from 0, so that negative zeros add up to 0.
template <class Op, class V>
HWY_INLINE V started(V v) {
  if constexpr (std::is_same_v<Op, Add>) return v + V(0);
  return v;
}

// ---- one run of numbers to one

template <class Op, class T>
HWY_INLINE T join_lanes(Lanes<T> v) {
  if constexpr (std::is_same_v<Op, Add>) {
    return sum_of(v);
  } else if constexpr (std::is_same_v<Op, Largest> || std::is_same_v<Op, Smallest>) {
    if (any_of(is_nan(v))) return std::numeric_limits<T>::quiet_NaN();
    const T found = std::is_same_v<Op, Largest> ? max_of(v) : min_of(v);
    // Highway's EMU128 starts from the outermost finite number, which no infinity beats.
    return any_of(v == Lanes<T>(found)) ? found : Op::template identity<T>;
  } else {
    HWY_ALIGN T lanes[HWY_MAX_BYTES / sizeof(T)];
    v.store(lanes);
    for (size_t half = Lanes<T>::count() / 2; half > 0; half /= 2) {
      for (size_t i = 0; i < half; ++i) lanes[i] = Op::join(lanes[i], lanes[i + half]);
    }
    return lanes[0];
  }
}

template <class Op, class T>
HWY_INLINE Lanes<T> load_padded(const T* x, size_t n) {
  const Lanes<T> v = Lanes<T>::load_first(x, n);
  if constexpr (std::is_same_v<Op, Add>) {
    return v;
  } else {
    const hn::ScalableTag<T> d;
    return Lanes<T>(hn::IfThenElse(hn::FirstN(d, n), v.v, hn::Set(d, Op::template identity<T>)));
  }
}

template <class Op, class T>
T join_floats(const T* x, int64_t n) {
  if (n <= 4) {
    T sum = n > 0 ? x[0] : Op::template identity<T>;
    for (int64_t i = 1; i < n; ++i) sum = Op::join(sum, x[i]);
    return sum;
  }
  using L = Lanes<T>;
  const auto count = static_cast<int64_t>(L::count());
  if (n < count) return join_lanes<Op>(load_padded<Op>(x, static_cast<size_t>(n)));
  if (n > 256 * count) {  // a lane adds up at most 64 numbers in a row
    const int64_t half = n / 2 / count * count;
    return Op::join(join_floats<Op>(x, half), join_floats<Op>(x + half, n - half));
  }
  L a = L::load(x);
  int64_t i = count;
  if (n >= 4 * count) {  // four chains hide the latency
    L b = L::load(x + count), c = L::load(x + 2 * count), e = L::load(x + 3 * count);
    for (i = 4 * count; i + 4 * count <= n; i += 4 * count) {
      a = Op::join(a, L::load(x + i));
      b = Op::join(b, L::load(x + i + count));
      c = Op::join(c, L::load(x + i + 2 * count));
      e = Op::join(e, L::load(x + i + 3 * count));
    }
    a = Op::join(Op::join(a, b), Op::join(c, e));
  }
  for (; i + count <= n; i += count) a = Op::join(a, L::load(x + i));
  if (i < n) a = Op::join(a, load_padded<Op>(x + i, static_cast<size_t>(n - i)));
  return join_lanes<Op>(a);
}

template <class Op, class T>
HWY_INLINE T join_integers(const T* x, int64_t n) {
  T sum = Op::template identity<T>;
  for (int64_t i = 0; i < n; ++i) sum = Op::join(sum, x[i]);
  return sum;
}

template <class Op, class T>
void run(const void* x, int64_t n, int64_t count, int64_t step, void* out) {
  const T* from = static_cast<const T*>(x);
  T* to = static_cast<T*>(out);
  for (int64_t i = 0; i < count; ++i, from += step) {
    if constexpr (std::is_floating_point_v<T>) {
      to[i] = started<Op>(join_floats<Op>(from, n));
    } else {
      to[i] = join_integers<Op>(from, n);
    }
  }
}

// ---- many columns at once

// kRows loads, joined as a balanced tree.
template <class Op, int kRows, class V, class Load>
HWY_INLINE V join_tree(const Load& load, int64_t first) {
  if constexpr (kRows == 1) {
    return load(first);
  } else {
    const V a = join_tree<Op, kRows / 2, V>(load, first);
    return Op::join(a, join_tree<Op, kRows / 2, V>(load, first + kRows / 2));
  }
}

template <class T>
struct LoadLanes {
  const T* x;
  int64_t step;
  HWY_INLINE Lanes<T> operator()(int64_t r) const { return Lanes<T>::load(x + r * step); }
};
template <class T>
struct LoadFirst {
  const T* x;
  int64_t step;
  size_t n;
  HWY_INLINE Lanes<T> operator()(int64_t r) const { return Lanes<T>::load_first(x + r * step, n); }
};
template <class T>
struct LoadOne {
  const T* x;
  int64_t step;
  HWY_INLINE T operator()(int64_t r) const { return x[r * step]; }
};

template <class Op, int kRows, class T>
HWY_INLINE void join_rows(const T* HWY_RESTRICT x, int64_t step, int64_t columns, bool fresh, T* HWY_RESTRICT out) {
  if constexpr (std::is_floating_point_v<T>) {
    using L = Lanes<T>;
    const auto count = static_cast<int64_t>(L::count());
    int64_t j = 0;
    for (; j + count <= columns; j += count) {
      L v = join_tree<Op, kRows, L>(LoadLanes<T>{x + j, step}, 0);
      v = fresh ? started<Op>(v) : Op::join(L::load(out + j), v);
      v.store(out + j);
    }
    if (j < columns) {
      const auto rest = static_cast<size_t>(columns - j);
      L v = join_tree<Op, kRows, L>(LoadFirst<T>{x + j, step, rest}, 0);
      v = fresh ? started<Op>(v) : Op::join(L::load_first(out + j, rest), v);
      v.store_first(out + j, rest);
    }
  } else {
    for (int64_t j = 0; j < columns; ++j) {
      const T v = join_tree<Op, kRows, T>(LoadOne<T>{x + j, step}, 0);
      out[j] = fresh ? v : Op::join(out[j], v);
    }
  }
}

// Rows joined at one go: fewer reads and writes of the results, at the price of code.
template <class Op, class T>
inline constexpr int kGroup = std::is_integral_v<T>     ? 1
                              : std::is_same_v<Op, Add> ? 8
                                                        : 4;

// Columns that fit into one register stay there; the order is that of join_rows.
template <class Op, class T>
HWY_INLINE void join_narrow(const T* x, int64_t rows, int64_t step, size_t columns, T* out) {
  using L = Lanes<T>;
  constexpr int group = kGroup<Op, T>;
  const LoadFirst<T> load{x, step, columns};
  int64_t r = rows >= group ? group : 1;
  L all = r == group ? join_tree<Op, group, L>(load, 0) : load(0);
  for (; r + group <= rows; r += group) all = Op::join(all, join_tree<Op, group, L>(load, r));
  for (; r < rows; ++r) all = Op::join(all, load(r));
  started<Op>(all).store_first(out, columns);
}

template <class Op, class T>
void rows(const void* x, int64_t rows, int64_t step, int64_t columns, void* out) {
  constexpr int group = kGroup<Op, T>;
  const T* from = static_cast<const T*>(x);
  T* to = static_cast<T*>(out);
  if (rows == 0) return static_cast<void>(std::fill_n(to, columns, Op::template identity<T>));
  if constexpr (std::is_floating_point_v<T>) {
    const auto count = static_cast<int64_t>(Lanes<T>::count());
    if (columns < count) return join_narrow<Op>(from, rows, step, static_cast<size_t>(columns), to);
  }
  int64_t r = 0;
  for (; r + group <= rows; r += group) join_rows<Op, group>(from + r * step, step, columns, r == 0, to);
  if constexpr (group > 1) {
    for (; r < rows; ++r) join_rows<Op, 1>(from + r * step, step, columns, r == 0, to);
  }
}

template <class Op, class T>
void merge(void* a, const void* b, int64_t n) {
  T* to = static_cast<T*>(a);
  const T* from = static_cast<const T*>(b);
  for (int64_t i = 0; i < n; ++i) to[i] = Op::join(to[i], from[i]);
}

template <class Op, class T>
kernels::Reducer make(ScalarType type) {
  return {type, sizeof(T), &run<Op, T>, &rows<Op, T>, &merge<Op, T>};
}

template <class Op>
kernels::Reducer make_numeric(ScalarType type) {
  if (type == kFloat) return make<Op, float>(type);
  return type == kDouble ? make<Op, double>(type) : make<Op, int64_t>(type);
}

kernels::Reducer choose(kernels::ReduceOp op, ScalarType type) {
  switch (op) {
    case kernels::ReduceOp::kSum:
      return make_numeric<Add>(type);
    case kernels::ReduceOp::kProd:
      return make_numeric<Multiply>(type);
    case kernels::ReduceOp::kMax:
      return make_numeric<Largest>(type);
    case kernels::ReduceOp::kMin:
      return make_numeric<Smallest>(type);
    case kernels::ReduceOp::kAll:
      return make<And, uint8_t>(kBool);
    default:
      return make<Or, uint8_t>(kBool);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace rondo::kernels {

HWY_EXPORT(choose);

Reducer reducer(ReduceOp op, ScalarType accumulator) { return HWY_DYNAMIC_DISPATCH(choose)(op, accumulator); }

}  // namespace rondo::kernels

#endif  // HWY_ONCE
