// Work along one dimension: extrema with their places, running sums.
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/scratch.h>
#include <rondo/autograd/kernels/strided.h>

#include <algorithm>
#include <limits>
#include <type_traits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/kernels/along.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, as Highway asks.
#include <rondo/autograd/kernels/lanes-inl.h>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {
namespace {

using kernels::LineShape;

constexpr int64_t kStrip = 256;  // columns that are worked on together

// ---- extrema

// Whether x takes the place of `best`: beyond it, or the first NaN.
template <bool kMax, class T>
HWY_INLINE bool better(T x, T best) {
  const bool beyond = kMax ? x > best : x < best;
  if constexpr (std::is_floating_point_v<T>) return beyond | ((x != x) & (best == best));
  return beyond;
}

template <bool kMax, class T>
HWY_INLINE int64_t extremum_strided(const T* x, int64_t n, int64_t stride) {
  T best = x[0];
  int64_t place = 0;
  for (int64_t i = 1; i < n; ++i) {
    const T value = x[i * stride];
    if (better<kMax>(value, best)) {
      best = value;
      place = i;
    }
  }
  return place;
}

// Contiguous floats: the extremum first, then where it is.
template <bool kMax, class T>
HWY_INLINE int64_t extremum_lanes(const T* x, int64_t n) {
  using L = Lanes<T>;
  const hn::ScalableTag<T> d;
  const auto count = static_cast<int64_t>(L::count());
  const L worst(kMax ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity());
  const auto rest = static_cast<size_t>(n % count);
  const int64_t whole = n - n % count;
  L last = worst;
  if (rest > 0) last = L(hn::IfThenElse(hn::FirstN(d, rest), L::load_first(x + whole, rest).v, worst.v));
  L a = last, b = worst;
  int64_t i = 0;
  for (; i + 2 * count <= whole; i += 2 * count) {
    const L v = L::load(x + i), w = L::load(x + i + count);
    a = kMax ? maximum(a, v) : minimum(a, v);
    b = kMax ? maximum(b, w) : minimum(b, w);
  }
  if (i < whole) b = kMax ? maximum(b, L::load(x + i)) : minimum(b, L::load(x + i));
  a = kMax ? maximum(a, b) : minimum(a, b);
  const bool nan = any_of(is_nan(a));
  L target(kMax ? max_of(a) : min_of(a));
  // Highway's EMU128 starts from the outermost finite number, which no infinity beats.
  if (!any_of(a == target)) target = worst;
  for (i = 0; i < whole; i += count) {
    const L v = L::load(x + i);
    const auto found = nan ? is_nan(v) : v == target;
    if (any_of(found)) return i + hn::FindFirstTrue(d, found.m);
  }
  const auto found = nan ? is_nan(last) : last == target;
  return whole + hn::FindFirstTrue(d, found.m);
}

template <bool kMax, class T>
HWY_INLINE int64_t extremum(const T* x, int64_t n, int64_t stride) {
  if constexpr (std::is_floating_point_v<T>) {
    if (stride == 1 && n >= 8) return extremum_lanes<kMax>(x, n);
  }
  return extremum_strided<kMax>(x, n, stride);
}

// Lines [first, last) of outer * inner, one after the other.
template <bool kMax, class T>
void extrema_by_line(const LineShape& s, const T* x, T* values, int64_t* indices, int64_t first, int64_t last) {
  int64_t o = first / s.inner, i = first % s.inner;
  for (int64_t line = first; line < last; ++line) {
    const T* from = x + o * s.outer_stride + i * s.inner_stride;
    const int64_t place = extremum<kMax>(from, s.size, s.stride);
    indices[line] = place;
    if (values) values[line] = from[place * s.stride];
    if (++i == s.inner) {
      i = 0;
      ++o;
    }
  }
}

// `columns` <= kStrip neighbouring lines at once.
template <bool kMax, class T>
void extrema_by_strip(const LineShape& s, const T* x, int64_t columns, T* values, int64_t* indices) {
  using Place = std::conditional_t<sizeof(T) == 8, int64_t, uint32_t>;
  T best[kStrip];
  Place places[kStrip];
  for (int64_t j = 0; j < columns; ++j) {
    best[j] = x[j];
    places[j] = 0;
  }
  for (int64_t r = 1; r < s.size; ++r) {
    const T* row = x + r * s.stride;
    for (int64_t j = 0; j < columns; ++j) {
      const T value = row[j];
      const bool takes = better<kMax>(value, best[j]);
      best[j] = takes ? value : best[j];
      places[j] = takes ? static_cast<Place>(r) : places[j];
    }
  }
  for (int64_t j = 0; j < columns; ++j) indices[j] = static_cast<int64_t>(places[j]);
  if (!values) return;
  for (int64_t j = 0; j < columns; ++j) values[j] = x[indices[j] * s.stride + j];
}

bool has_strips(const LineShape& s) {
  return s.inner_stride == 1 && s.inner > 1 && s.stride != 1 && s.size < std::numeric_limits<uint32_t>::max();
}

// Pieces of work: lines, or strips of columns.
template <bool kMax, class T>
void extrema_typed(const LineShape& s, const void* x, void* values, int64_t* indices, int64_t first, int64_t last) {
  const T* from = static_cast<const T*>(x);
  T* to = static_cast<T*>(values);
  if (!has_strips(s)) return extrema_by_line<kMax>(s, from, to, indices, first, last);
  const int64_t strips = (s.inner + kStrip - 1) / kStrip;
  for (int64_t i = first; i < last; ++i) {
    const int64_t o = i / strips, j = i % strips * kStrip, at = o * s.inner + j;
    extrema_by_strip<kMax>(s, from + o * s.outer_stride + j, std::min(kStrip, s.inner - j), to ? to + at : to,
                           indices + at);
  }
}

template <bool kMax>
void extrema_of(const LineShape& s, ScalarType type, const void* x, void* values, int64_t* indices, int64_t first,
                int64_t last) {
  switch (type) {
    case kInt:
      return extrema_typed<kMax, int32_t>(s, x, values, indices, first, last);
    case kLong:
      return extrema_typed<kMax, int64_t>(s, x, values, indices, first, last);
    case kDouble:
      return extrema_typed<kMax, double>(s, x, values, indices, first, last);
    default:
      return extrema_typed<kMax, float>(s, x, values, indices, first, last);
  }
}

void largest(const LineShape& s, ScalarType type, const void* x, void* values, int64_t* indices, int64_t first,
             int64_t last) {
  extrema_of<true>(s, type, x, values, indices, first, last);
}
void smallest(const LineShape& s, ScalarType type, const void* x, void* values, int64_t* indices, int64_t first,
              int64_t last) {
  extrema_of<false>(s, type, x, values, indices, first, last);
}

// ---- running sums

// Integers wrap.
template <class T>
using Running = std::conditional_t<std::is_integral_v<T>, uint64_t, double>;

constexpr int64_t kScanned = 16;  // the shortest line that the steps inside of registers pay for

// kLines lines side by side: each waits for its own last addition only.
template <int kLines, class T>
HWY_INLINE void cumsum_lines(const T* const* x, int64_t x_step, T* const* y, int64_t y_step, int64_t n) {
  Running<T> sums[kLines] = {};
  for (int64_t i = 0; i < n; ++i) {
    for (int k = 0; k < kLines; ++k) {
      sums[k] += static_cast<Running<T>>(x[k][i * x_step]);
      y[k][i * y_step] = static_cast<T>(sums[k]);
    }
  }
}

// Contiguous lines, a register at a time: the running sums inside of a register by doubling steps, then the total of
// all before it. Only that total waits for the register before.
template <class T>
class Scan {
 public:
  explicit Scan(bool reverse) : reverse_(reverse) {
    alignas(64) Index from[kLanes];
    for (int64_t s = 0, step = 1; step < kLanes; ++s, step *= 2) {
      const int64_t distance = reverse ? step : kLanes - step;
      for (int64_t i = 0; i < kLanes; ++i) from[i] = static_cast<Index>((i + distance) % kLanes);
      from_[s] = hn::SetTableIndices(kWide, from);
      const auto first = hn::FirstN(kWide, static_cast<size_t>(reverse ? kLanes - step : step));
      takes_[s] = reverse ? first : hn::Not(first);
    }
    for (int64_t i = 0; i < kLanes; ++i) from[i] = static_cast<Index>(reverse ? 0 : kLanes - 1);
    total_ = hn::SetTableIndices(kWide, from);
  }

  void line(const T* x, T* y, int64_t n) const {
    const int64_t whole = n / kLanes * kLanes;
    auto before = hn::Zero(kWide);
    const auto step = [&](int64_t i) HWY_ATTR {
      auto sums = load(x + i);
      for (int64_t s = 0; s < kSteps; ++s) {
        sums = hn::Add(sums, hn::IfThenElseZero(takes_[s], hn::TableLookupLanes(sums, from_[s])));
      }
      store(hn::Add(sums, before), y + i);
      before = hn::Add(before, hn::TableLookupLanes(sums, total_));
    };
    if (reverse_) {
      for (int64_t i = n - kLanes; i >= 0; i -= kLanes) step(i);
    } else {
      for (int64_t i = 0; i < whole; i += kLanes) step(i);
    }
    auto sum = hn::GetLane(before);
    for (int64_t j = whole; j < n; ++j) {
      const int64_t i = reverse_ ? n - 1 - j : j;
      sum += static_cast<Running<T>>(x[i]);
      y[i] = static_cast<T>(sum);
    }
  }

 private:
  using Wide = hn::ScalableTag<Running<T>>;
  using Index = hn::TFromD<hn::RebindToUnsigned<Wide>>;
  static constexpr Wide kWide{};
  static constexpr int64_t kLanes = hn::MaxLanes(Wide());
  static constexpr int64_t kSteps = kLanes == 8 ? 3 : kLanes == 4 ? 2 : kLanes == 2 ? 1 : 0;

  static HWY_INLINE hn::Vec<Wide> load(const T* from) {
    if constexpr (sizeof(T) == sizeof(Running<T>)) {
      return hn::LoadU(kWide, reinterpret_cast<const Running<T>*>(from));
    } else {
      return hn::PromoteTo(kWide, hn::LoadU(hn::Rebind<T, Wide>(), from));
    }
  }
  static HWY_INLINE void store(hn::Vec<Wide> sums, T* to) {
    if constexpr (sizeof(T) == sizeof(Running<T>)) {
      hn::StoreU(sums, kWide, reinterpret_cast<Running<T>*>(to));
    } else {
#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128
      // Highway's own conversion ends at the largest finite number there.
      Running<T> lanes[HWY_MAX_BYTES / sizeof(Running<T>)];
      hn::StoreU(sums, kWide, lanes);
      for (size_t i = 0; i < hn::Lanes(kWide); ++i) to[i] = static_cast<T>(lanes[i]);
#else
      const hn::Rebind<T, Wide> narrow;
      hn::StoreU(hn::DemoteTo(narrow, sums), narrow, to);
#endif
    }
  }

  bool reverse_;
  decltype(hn::SetTableIndices(kWide, static_cast<const Index*>(nullptr))) from_[kSteps + 1], total_;
  hn::Mask<Wide> takes_[kSteps + 1];
};

template <class T>
void cumsum_by_line(const LineShape& s, const T* x, T* y, bool reverse, int64_t first, int64_t last) {
  constexpr int group = 4;
  if (s.inner == 1 && s.stride == 1 && s.size >= kScanned) {
    const Scan<T> scan(reverse);
    for (; first < last; ++first) scan.line(x + first * s.outer_stride, y + first * s.size, s.size);
    return;
  }
  const int64_t x_end = reverse ? (s.size - 1) * s.stride : 0, y_end = reverse ? (s.size - 1) * s.inner : 0;
  const int64_t x_step = reverse ? -s.stride : s.stride, y_step = reverse ? -s.inner : s.inner;
  for (int64_t line = first; line < last;) {
    const T* from[group];
    T* to[group];
    const int count = last - line >= group ? group : 1;
    for (int k = 0; k < count; ++k) {
      const int64_t o = (line + k) / s.inner, i = (line + k) % s.inner;
      from[k] = x + o * s.outer_stride + i * s.inner_stride + x_end;
      to[k] = y + o * s.size * s.inner + i + y_end;
    }
    if (count == group) {
      cumsum_lines<group>(from, x_step, to, y_step, s.size);
    } else {
      cumsum_lines<1>(from, x_step, to, y_step, s.size);
    }
    line += count;
  }
}

template <class T>
void cumsum_by_strip(const LineShape& s, const T* x, T* y, bool reverse, int64_t columns) {
  Running<T> sums[kStrip] = {};
  for (int64_t i = 0; i < s.size; ++i) {
    const int64_t r = reverse ? s.size - 1 - i : i;
    const T* HWY_RESTRICT from = x + r * s.stride;
    T* HWY_RESTRICT to = y + r * s.inner;
    for (int64_t j = 0; j < columns; ++j) {
      sums[j] += static_cast<Running<T>>(from[j]);
      to[j] = static_cast<T>(sums[j]);
    }
  }
}

template <class T>
void cumsum_typed(const LineShape& s, const void* x, void* y, bool reverse, int64_t first, int64_t last) {
  const T* from = static_cast<const T*>(x);
  T* to = static_cast<T*>(y);
  if (!has_strips(s)) return cumsum_by_line(s, from, to, reverse, first, last);
  const int64_t strips = (s.inner + kStrip - 1) / kStrip;
  for (int64_t i = first; i < last; ++i) {
    const int64_t o = i / strips, j = i % strips * kStrip;
    cumsum_by_strip(s, from + o * s.outer_stride + j, to + o * s.size * s.inner + j, reverse,
                    std::min(kStrip, s.inner - j));
  }
}

void running_sums(const LineShape& s, ScalarType type, const void* x, void* y, bool reverse, int64_t first,
                  int64_t last) {
  switch (type) {
    case kLong:
      return cumsum_typed<int64_t>(s, x, y, reverse, first, last);
    case kDouble:
      return cumsum_typed<double>(s, x, y, reverse, first, last);
    default:
      return cumsum_typed<float>(s, x, y, reverse, first, last);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace rondo::kernels {

HWY_EXPORT(has_strips);
HWY_EXPORT(largest);
HWY_EXPORT(smallest);
HWY_EXPORT(running_sums);

namespace {

// Calls f(first, last) on ranges of lines or of strips, whichever the kernels take.
template <class F>
void over_lines(const LineShape& s, const F& f) {
  constexpr int64_t grain = 32768, strip = 256;
  if (HWY_DYNAMIC_DISPATCH(has_strips)(s)) {
    const int64_t work = s.size * std::min(strip, s.inner);
    parallel_for(0, s.outer * ((s.inner + strip - 1) / strip), std::max<int64_t>(1, grain / std::max<int64_t>(1, work)),
                 f);
  } else {
    parallel_for(0, s.outer * s.inner, std::max<int64_t>(1, grain / std::max<int64_t>(1, s.size)), f);
  }
}

// The other types are computed in a wider one: x as a contiguous array of that.
class Widened {
 public:
  Widened(const LineShape& s, ScalarType type, const void* x, ScalarType wide)
      : shape{s.outer, s.size, s.inner, s.size * s.inner, s.inner, 1},
        numbers_(static_cast<size_t>(s.outer * s.size * s.inner) * element_size(wide)) {
    const int64_t sizes[3] = {s.outer, s.size, s.inner}, from[3] = {s.outer_stride, s.stride, s.inner_stride};
    const int64_t to[3] = {shape.outer_stride, shape.stride, shape.inner_stride};
    copy(3, sizes, wide, data(), to, type, x, from);
  }
  void* data() { return numbers_.data(); }

  const LineShape shape;

 private:
  Scratch<1024> numbers_;
};

void convert(int64_t n, ScalarType y_type, void* y, ScalarType x_type, const void* x) {
  const int64_t unit = 1;
  copy(1, &n, y_type, y, &unit, x_type, x, &unit);
}

using Along = void (*)(const LineShape&, ScalarType, const void*, void*, int64_t*);

// Calls `along` in a type that it knows.
void along_wide(Along along, const LineShape& s, ScalarType type, const void* x, void* values, int64_t* indices) {
  const ScalarType wide = is_floating_point(type) ? kFloat : kInt;
  Widened widened(s, type, x, wide);
  Scratch<512> results(values ? static_cast<size_t>(s.outer * s.inner) * element_size(wide) : 0);
  along(widened.shape, wide, widened.data(), values ? results.data() : nullptr, indices);
  if (values) convert(s.outer * s.inner, type, values, wide, results.data());
}

bool has_kernels(ScalarType type) { return type == kFloat || type == kDouble || type == kLong || type == kInt; }

}  // namespace

void max_along(const LineShape& s, ScalarType type, const void* x, void* values, int64_t* indices) {
  if (!has_kernels(type)) return along_wide(&max_along, s, type, x, values, indices);
  over_lines(s, [&](int64_t first, int64_t last) {
    HWY_DYNAMIC_DISPATCH(largest)(s, type, x, values, indices, first, last);
  });
}

void min_along(const LineShape& s, ScalarType type, const void* x, void* values, int64_t* indices) {
  if (!has_kernels(type)) return along_wide(&min_along, s, type, x, values, indices);
  over_lines(s, [&](int64_t first, int64_t last) {
    HWY_DYNAMIC_DISPATCH(smallest)(s, type, x, values, indices, first, last);
  });
}

void cumsum(const LineShape& s, ScalarType type, const void* x, void* y, bool reverse) {
  if (type == kFloat || type == kDouble || type == kLong) {
    return over_lines(s, [&](int64_t first, int64_t last) {
      HWY_DYNAMIC_DISPATCH(running_sums)(s, type, x, y, reverse, first, last);
    });
  }
  const ScalarType wide = is_floating_point(type) ? kFloat : kLong;
  Widened widened(s, type, x, wide);
  cumsum(widened.shape, wide, widened.data(), widened.data(), reverse);
  convert(s.outer * s.size * s.inner, type, y, wide, widened.data());
}

}  // namespace rondo::kernels

#endif  // HWY_ONCE
