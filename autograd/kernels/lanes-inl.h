// One register of numbers with the operators of arithmetic, so that a formula reads on lanes as it reads on a scalar.
// Included from files that Highway compiles once per target.

// Guard per target: toggled by foreach_target.h.
#if defined(RONDO_AUTOGRAD_KERNELS_LANES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RONDO_AUTOGRAD_KERNELS_LANES_INL_H_
#undef RONDO_AUTOGRAD_KERNELS_LANES_INL_H_
#else
#define RONDO_AUTOGRAD_KERNELS_LANES_INL_H_
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <cstring>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {

namespace hn = ::hwy::HWY_NAMESPACE;

template <class T>
struct Where;

// A full register of float or double. Vectors without a fixed size (SVE, RVV) cannot be members: those targets must be
// disabled.
template <class T>
struct Lanes {
  using Tag = hn::ScalableTag<T>;
  using Vector = hn::Vec<Tag>;

  Vector v;

  HWY_INLINE Lanes() : v(hn::Zero(Tag())) {}
  HWY_INLINE Lanes(Vector vector) : v(vector) {}
  HWY_INLINE Lanes(double x) : v(hn::Set(Tag(), static_cast<T>(x))) {}

  static HWY_INLINE size_t count() { return hn::Lanes(Tag()); }

  // No alignment is needed by any of these.
  static HWY_INLINE Lanes load(const T* from) { return Lanes(hn::LoadU(Tag(), from)); }
  HWY_INLINE void store(T* to) const { hn::StoreU(v, Tag(), to); }
  // Past the caches; `to` is aligned to a register, and hwy::FlushStream follows the last one.
  HWY_INLINE void stream(T* to) const { hn::Stream(v, Tag(), to); }

  // The first n < count() numbers; the other lanes become 0. Reads nothing behind them.
  static HWY_INLINE Lanes load_first(const T* from, size_t n) {
#if HWY_MEM_OPS_MIGHT_FAULT
    HWY_ALIGN T buffer[HWY_MAX_BYTES / sizeof(T)] = {};
    for (size_t i = 0; i < n; ++i) buffer[i] = from[i];
    return Lanes(hn::Load(Tag(), buffer));
#else
    return Lanes(hn::MaskedLoad(hn::FirstN(Tag(), n), Tag(), from));
#endif
  }
  // Writes the first n < count() lanes and nothing behind them.
  HWY_INLINE void store_first(T* to, size_t n) const {
#if HWY_MEM_OPS_MIGHT_FAULT
    HWY_ALIGN T buffer[HWY_MAX_BYTES / sizeof(T)];
    hn::Store(v, Tag(), buffer);
    for (size_t i = 0; i < n; ++i) to[i] = buffer[i];
#else
    hn::BlendedStore(v, hn::FirstN(Tag(), n), Tag(), to);
#endif
  }

  friend HWY_INLINE Lanes operator+(Lanes a, Lanes b) { return Lanes(hn::Add(a.v, b.v)); }
  friend HWY_INLINE Lanes operator-(Lanes a, Lanes b) { return Lanes(hn::Sub(a.v, b.v)); }
  friend HWY_INLINE Lanes operator*(Lanes a, Lanes b) { return Lanes(hn::Mul(a.v, b.v)); }
  friend HWY_INLINE Lanes operator/(Lanes a, Lanes b) { return Lanes(hn::Div(a.v, b.v)); }
  friend HWY_INLINE Lanes operator-(Lanes a) { return Lanes(hn::Neg(a.v)); }
  HWY_INLINE Lanes& operator+=(Lanes b) { return *this = *this + b; }
  HWY_INLINE Lanes& operator-=(Lanes b) { return *this = *this - b; }
  HWY_INLINE Lanes& operator*=(Lanes b) { return *this = *this * b; }
  HWY_INLINE Lanes& operator/=(Lanes b) { return *this = *this / b; }

  // As on scalars every comparison with NaN is false, except !=.
  friend HWY_INLINE Where<T> operator<(Lanes a, Lanes b) { return Where<T>(hn::Lt(a.v, b.v)); }
  friend HWY_INLINE Where<T> operator<=(Lanes a, Lanes b) { return Where<T>(hn::Le(a.v, b.v)); }
  friend HWY_INLINE Where<T> operator>(Lanes a, Lanes b) { return Where<T>(hn::Gt(a.v, b.v)); }
  friend HWY_INLINE Where<T> operator>=(Lanes a, Lanes b) { return Where<T>(hn::Ge(a.v, b.v)); }
  friend HWY_INLINE Where<T> operator==(Lanes a, Lanes b) { return Where<T>(hn::Eq(a.v, b.v)); }
  friend HWY_INLINE Where<T> operator!=(Lanes a, Lanes b) { return !(a == b); }
};

// One truth value per lane.
template <class T>
struct Where {
  using Tag = hn::ScalableTag<T>;
  using Mask = hn::Mask<Tag>;

  Mask m;

  HWY_INLINE explicit Where(Mask mask) : m(mask) {}

  friend HWY_INLINE Where operator&(Where a, Where b) { return Where(hn::And(a.m, b.m)); }
  friend HWY_INLINE Where operator|(Where a, Where b) { return Where(hn::Or(a.m, b.m)); }
  friend HWY_INLINE Where operator!(Where a) { return Where(hn::Not(a.m)); }

  // a where the condition holds, b elsewhere: lane by lane, both were computed.
  friend HWY_INLINE Lanes<T> where(Where condition, Lanes<T> a, Lanes<T> b) {
    return Lanes<T>(hn::IfThenElse(condition.m, a.v, b.v));
  }
  friend HWY_INLINE bool all_of(Where a) { return hn::AllTrue(Tag(), a.m); }
  friend HWY_INLINE bool any_of(Where a) { return !hn::AllFalse(Tag(), a.m); }
};

// clang-format off
template <class T> HWY_INLINE Lanes<T> sqrt(Lanes<T> x) { return Lanes<T>(hn::Sqrt(x.v)); }
template <class T> HWY_INLINE Lanes<T> rsqrt(Lanes<T> x) { return 1.0 / sqrt(x); }
template <class T> HWY_INLINE Lanes<T> abs(Lanes<T> x) { return Lanes<T>(hn::Abs(x.v)); }

template <class T> HWY_INLINE Where<T> is_nan(Lanes<T> x) { return x != x; }
template <class T> HWY_INLINE Where<T> is_inf(Lanes<T> x) { return abs(x) == Lanes<T>(__builtin_inf()); }
template <class T> HWY_INLINE Where<T> is_finite(Lanes<T> x) { return abs(x) < Lanes<T>(__builtin_inf()); }
// clang-format on

// a's magnitude with b's sign.
template <class T>
HWY_INLINE Lanes<T> copysign(Lanes<T> a, Lanes<T> b) {
  return Lanes<T>(hn::CopySign(a.v, b.v));
}

// The zeros that these give have the argument's sign. (Highway's own lose it on the older targets.)
template <class T>
HWY_INLINE Lanes<T> floor(Lanes<T> x) {
  return copysign(Lanes<T>(hn::Floor(x.v)), x);
}
template <class T>
HWY_INLINE Lanes<T> ceil(Lanes<T> x) {
  return copysign(Lanes<T>(hn::Ceil(x.v)), x);
}
template <class T>
HWY_INLINE Lanes<T> trunc(Lanes<T> x) {
  return copysign(Lanes<T>(hn::Trunc(x.v)), x);
}

// Ties go to the even neighbour. (Highway's emulated Round takes 0.49999997f to 1.)
template <class T>
HWY_INLINE Lanes<T> round(Lanes<T> x) {
#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128
  const Lanes<T> integral(sizeof(T) == 4 ? 0x1p23 : 0x1p52), a = abs(x);
  return where(a < integral, copysign((a + integral) - integral, x), x);
#else
  return copysign(Lanes<T>(hn::Round(x.v)), x);
#endif
}

// -1, 0 or 1; 0 for either zero and for NaN.
template <class T>
HWY_INLINE Lanes<T> sign(Lanes<T> x) {
  return where(x > 0.0, Lanes<T>(1.0), where(x < 0.0, Lanes<T>(-1.0), Lanes<T>(0.0)));
}

// NaN where either is NaN. (Highway's Max and Min treat NaN differently from target to target.)
template <class T>
HWY_INLINE Lanes<T> maximum(Lanes<T> a, Lanes<T> b) {
  return where((a > b) | is_nan(a), a, b);
}
template <class T>
HWY_INLINE Lanes<T> minimum(Lanes<T> a, Lanes<T> b) {
  return where((a < b) | is_nan(a), a, b);
}

// a * b + c, rounded once where the target has the instruction (HWY_NATIVE_FMA), twice elsewhere.
template <class T>
HWY_INLINE Lanes<T> fma(Lanes<T> a, Lanes<T> b, Lanes<T> c) {
  return Lanes<T>(hn::MulAdd(a.v, b.v, c.v));
}

// Over all lanes, in a fixed order that depends on the register's size. max_of and min_of do not propagate NaN
// reliably.
template <class T>
HWY_INLINE T sum_of(Lanes<T> x) {
  return hn::GetLane(hn::SumOfLanes(typename Lanes<T>::Tag(), x.v));
}
template <class T>
HWY_INLINE T max_of(Lanes<T> x) {
  return hn::GetLane(hn::MaxOfLanes(typename Lanes<T>::Tag(), x.v));
}
template <class T>
HWY_INLINE T min_of(Lanes<T> x) {
  return hn::GetLane(hn::MinOfLanes(typename Lanes<T>::Tag(), x.v));
}

}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#endif  // per-target guard
