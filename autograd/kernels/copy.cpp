// Copies, conversions and fills over strided arrays.
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/loops.h>
#include <rondo/autograd/kernels/strided.h>
#include <rondo/autograd/kernels/work.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <type_traits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/kernels/copy.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, as Highway asks.
#include <hwy/cache_control.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

// ---- conversion of contiguous runs

// bool as a target; as a source it is uint8_t.
struct Truth {
  uint8_t value;
};

// Out of range and NaN give the smallest number, as cvttss2si and its kin do.
template <class I, class F>
HWY_INLINE I truncate(F x) {
  constexpr F low = sizeof(I) == 8 ? static_cast<F>(-0x1p63) : static_cast<F>(-0x1p31);
  return static_cast<I>(x >= low && x < -low ? x : low);
}

template <class Y, class X>
HWY_INLINE Y convert_one(X x) {
  if constexpr (std::is_same_v<Y, Truth>) {
    return Y{static_cast<uint8_t>(x != 0)};
  } else if constexpr (std::is_floating_point_v<X> && std::is_integral_v<Y>) {
    // Bytes go the long way: large doubles keep their low bits, as in libtorch's conversion to uint8.
    constexpr bool wide = sizeof(Y) == 8 || (sizeof(Y) == 1 && sizeof(X) == 8);
    return static_cast<Y>(truncate<std::conditional_t<wide, int64_t, int32_t>>(x));
  } else {
    return static_cast<Y>(x);
  }
}

template <class Y, class X>
void convert_loop(const X* HWY_RESTRICT x, Y* HWY_RESTRICT y, int64_t n) {
  for (int64_t i = 0; i < n; ++i) y[i] = convert_one<Y>(x[i]);
}

// Half's conversions without branches, so that the loops run on lanes; the results are those of half.h.
HWY_INLINE float widen(uint16_t bits) {
  const uint32_t sign = static_cast<uint32_t>(bits & 0x8000u) << 16, magnitude = bits & 0x7fffu;
  const uint32_t rebased = (magnitude << 13) + (magnitude >= 0x7c00u ? 0x70000000u : 0x38000000u);
  const float subnormal = static_cast<float>(static_cast<int32_t>(magnitude)) * 0x1p-24f;
  const uint32_t small = std::bit_cast<uint32_t>(subnormal);
  return std::bit_cast<float>(sign | (magnitude < 0x400u ? small : rebased));
}
HWY_INLINE uint16_t narrow(float value) {
  const auto word = std::bit_cast<uint32_t>(value);
  const uint32_t sign = (word >> 16) & 0x8000u, magnitude = word & 0x7fffffffu;
  const uint32_t rebased = magnitude - 0x38000000u;
  const uint32_t normal = (rebased + 0xfffu + ((rebased >> 13) & 1u)) >> 13;
  const float shifted = std::bit_cast<float>(magnitude < 0x38800000u ? magnitude : 0u) + 0.5f;
  const uint32_t small = std::bit_cast<uint32_t>(shifted) - 0x3f000000u;
  uint32_t result = magnitude < 0x38800000u ? small : normal;
  result = magnitude >= 0x477ff000u ? 0x7c00u : result;
  result = magnitude > 0x7f800000u ? 0x7e00u : result;
  return static_cast<uint16_t>(sign | result);
}
HWY_INLINE uint16_t narrow_brain(float value) {
  const auto word = std::bit_cast<uint32_t>(value);
  const uint32_t rounded = (word + 0x7fffu + ((word >> 16) & 1u)) >> 16;
  return static_cast<uint16_t>((word & 0x7fffffffu) > 0x7f800000u ? (word >> 16) | 0x40u : rounded);
}

void widen_half(const uint16_t* HWY_RESTRICT x, float* HWY_RESTRICT y, int64_t n) {
  for (int64_t i = 0; i < n; ++i) y[i] = widen(x[i]);
}
void widen_brain(const uint16_t* HWY_RESTRICT x, float* HWY_RESTRICT y, int64_t n) {
  for (int64_t i = 0; i < n; ++i) y[i] = std::bit_cast<float>(static_cast<uint32_t>(x[i]) << 16);
}
void narrow_half(const float* HWY_RESTRICT x, uint16_t* HWY_RESTRICT y, int64_t n) {
  for (int64_t i = 0; i < n; ++i) y[i] = narrow(x[i]);
}
void narrow_to_brain(const float* HWY_RESTRICT x, uint16_t* HWY_RESTRICT y, int64_t n) {
  for (int64_t i = 0; i < n; ++i) y[i] = narrow_brain(x[i]);
}

template <class X>
void convert_from(ScalarType y_type, const X* x, void* y, int64_t n) {
  switch (y_type) {
    case kBool:
      return convert_loop(x, static_cast<Truth*>(y), n);
    case kByte:
    case kChar:  // the same bits
      if constexpr (sizeof(X) > 1) convert_loop(x, static_cast<uint8_t*>(y), n);
      return;
    case kShort:
      if constexpr (!std::is_same_v<X, int16_t>) convert_loop(x, static_cast<int16_t*>(y), n);
      return;
    case kInt:
      if constexpr (!std::is_same_v<X, int32_t>) convert_loop(x, static_cast<int32_t*>(y), n);
      return;
    case kLong:
      if constexpr (!std::is_same_v<X, int64_t>) convert_loop(x, static_cast<int64_t*>(y), n);
      return;
    case kDouble:
      if constexpr (!std::is_same_v<X, double>) convert_loop(x, static_cast<double*>(y), n);
      return;
    default:
      if constexpr (!std::is_same_v<X, float>) convert_loop(x, static_cast<float*>(y), n);
  }
}

// The 16-bit formats have been replaced by float on either side.
void convert_wide(ScalarType x_type, const void* x, ScalarType y_type, void* y, int64_t n) {
  switch (x_type) {
    case kChar:
      return convert_from(y_type, static_cast<const int8_t*>(x), y, n);
    case kShort:
      return convert_from(y_type, static_cast<const int16_t*>(x), y, n);
    case kInt:
      return convert_from(y_type, static_cast<const int32_t*>(x), y, n);
    case kLong:
      return convert_from(y_type, static_cast<const int64_t*>(x), y, n);
    case kFloat:
      return convert_from(y_type, static_cast<const float*>(x), y, n);
    case kDouble:
      return convert_from(y_type, static_cast<const double*>(x), y, n);
    default:
      return convert_from(y_type, static_cast<const uint8_t*>(x), y, n);
  }
}

void convert(ScalarType x_type, const void* x, ScalarType y_type, void* y, int64_t n) {
  if (!is_reduced_floating(x_type) && !is_reduced_floating(y_type)) return convert_wide(x_type, x, y_type, y, n);
  constexpr int64_t block = 512;
  float wide[block];
  for (int64_t i = 0; i < n; i += block) {
    const int64_t m = std::min(block, n - i);
    const char* from = static_cast<const char*>(x) + i * static_cast<int64_t>(element_size(x_type));
    char* to = static_cast<char*>(y) + i * static_cast<int64_t>(element_size(y_type));
    const float* numbers = wide;
    if (x_type == kHalf) {
      widen_half(reinterpret_cast<const uint16_t*>(from), wide, m);
    } else if (x_type == kBFloat16) {
      widen_brain(reinterpret_cast<const uint16_t*>(from), wide, m);
    } else if (x_type == kFloat) {
      numbers = reinterpret_cast<const float*>(from);
    } else {
      convert_wide(x_type, from, kFloat, wide, m);
    }
    if (y_type == kHalf) {
      narrow_half(numbers, reinterpret_cast<uint16_t*>(to), m);
    } else if (y_type == kBFloat16) {
      narrow_to_brain(numbers, reinterpret_cast<uint16_t*>(to), m);
    } else if (y_type == kFloat) {
      std::memcpy(to, numbers, static_cast<size_t>(m) * sizeof(float));
    } else {
      convert_wide(kFloat, numbers, y_type, to, m);
    }
  }
}

// ---- transposition: y[i * y_stride + j] = x[j * x_stride + i]

template <class T>
void transpose_plain(const T* x, int64_t x_stride, T* y, int64_t y_stride, int64_t rows, int64_t columns) {
  constexpr int64_t tile = 16;
  for (int64_t j0 = 0; j0 < columns; j0 += tile) {
    const int64_t j1 = std::min(columns, j0 + tile);
    for (int64_t i = 0; i < rows; ++i) {
      for (int64_t j = j0; j < j1; ++j) y[i * y_stride + j] = x[j * x_stride + i];
    }
  }
}

#if HWY_TARGET == HWY_SCALAR || HWY_HAVE_SCALABLE

template <class T>
void transpose_blocks(const T* x, int64_t x_stride, T* y, int64_t y_stride, int64_t rows, int64_t columns, bool) {
  transpose_plain(x, x_stride, y, y_stride, rows, columns);
}

#else

template <class T>
using Full = hn::ScalableTag<T>;
template <class T>
inline constexpr int kLanes = static_cast<int>(hn::MaxLanes(Full<T>()));
template <class T>
inline constexpr int kPerBlock = 16 / sizeof(T);  // numbers in a 128-bit block

// Transposes the squares of kPerBlock numbers that lie one above the other in kPerBlock registers.
template <class V>
HWY_INLINE void transpose_in_blocks(V (&v)[4]) {
  const hn::DFromV<V> d;
  const hn::RepartitionToWide<decltype(d)> wide;
  const auto ab0 = hn::BitCast(wide, hn::InterleaveLower(d, v[0], v[1]));
  const auto cd0 = hn::BitCast(wide, hn::InterleaveLower(d, v[2], v[3]));
  const auto ab1 = hn::BitCast(wide, hn::InterleaveUpper(d, v[0], v[1]));
  const auto cd1 = hn::BitCast(wide, hn::InterleaveUpper(d, v[2], v[3]));
  v[0] = hn::BitCast(d, hn::InterleaveLower(wide, ab0, cd0));
  v[1] = hn::BitCast(d, hn::InterleaveUpper(wide, ab0, cd0));
  v[2] = hn::BitCast(d, hn::InterleaveLower(wide, ab1, cd1));
  v[3] = hn::BitCast(d, hn::InterleaveUpper(wide, ab1, cd1));
}
template <class V>
HWY_INLINE void transpose_in_blocks(V (&v)[2]) {
  const hn::DFromV<V> d;
  const V low = hn::InterleaveLower(d, v[0], v[1]);
  v[1] = hn::InterleaveUpper(d, v[0], v[1]);
  v[0] = low;
}

// Transposes the matrix of 128-bit blocks that lie in as many registers as a register has blocks.
template <class V>
HWY_INLINE void transpose_among_blocks(V (&)[1]) {}
#if HWY_MAX_BYTES >= 32
template <class V>
HWY_INLINE void transpose_among_blocks(V (&v)[2]) {
  const hn::DFromV<V> d;
  const V low = hn::ConcatLowerLower(d, v[1], v[0]);
  v[1] = hn::ConcatUpperUpper(d, v[1], v[0]);
  v[0] = low;
}
#endif
#if HWY_MAX_BYTES >= 64
template <class V>
HWY_INLINE void transpose_among_blocks(V (&v)[4]) {
  const hn::DFromV<V> d;
  const V a = hn::ConcatLowerLower(d, v[2], v[0]), b = hn::ConcatLowerLower(d, v[3], v[1]);
  const V e = hn::ConcatUpperUpper(d, v[2], v[0]), f = hn::ConcatUpperUpper(d, v[3], v[1]);
  v[0] = hn::OddEvenBlocks(hn::SwapAdjacentBlocks(b), a);
  v[1] = hn::OddEvenBlocks(b, hn::SwapAdjacentBlocks(a));
  v[2] = hn::OddEvenBlocks(hn::SwapAdjacentBlocks(f), e);
  v[3] = hn::OddEvenBlocks(f, hn::SwapAdjacentBlocks(e));
}
#endif

// One square of kLanes x kLanes through registers.
template <bool kStream, class T>
HWY_INLINE void transpose_square(const T* x, int64_t x_stride, T* y, int64_t y_stride) {
  const Full<T> d;
  using V = hn::Vec<Full<T>>;
  constexpr int per = kPerBlock<T>, blocks = kLanes<T> / per;
  V v[blocks][per];  // [group of x's rows][row], afterwards block b of [g][k]: x's column b * per + k
  for (int g = 0; g < blocks; ++g) {
    for (int k = 0; k < per; ++k) v[g][k] = hn::LoadU(d, x + (g * per + k) * x_stride);
    transpose_in_blocks(v[g]);
  }
  for (int k = 0; k < per; ++k) {
    V column[blocks];
    for (int g = 0; g < blocks; ++g) column[g] = v[g][k];
    transpose_among_blocks(column);
    for (int b = 0; b < blocks; ++b) {
      T* to = y + (b * per + k) * y_stride;
      if constexpr (kStream) {
        hn::Stream(column[b], d, to);
      } else {
        hn::StoreU(column[b], d, to);
      }
    }
  }
}

template <bool kStream, class T>
void transpose_squares(const T* x, int64_t x_stride, T* y, int64_t y_stride, int64_t rows, int64_t columns) {
  constexpr int64_t side = kLanes<T>;
  for (int64_t j = 0; j < columns; j += side) {
    for (int64_t i = 0; i < rows; i += side) {
      transpose_square<kStream>(x + j * x_stride + i, x_stride, y + i * y_stride + j, y_stride);
    }
  }
}

template <class T>
void transpose_blocks(const T* x, int64_t x_stride, T* y, int64_t y_stride, int64_t rows, int64_t columns,
                      bool stream) {
  constexpr int64_t side = kLanes<T>;
  const int64_t full_rows = rows / side * side, full_columns = columns / side * side;
  const bool aligned = reinterpret_cast<uintptr_t>(y) % sizeof(hn::Vec<Full<T>>) == 0 && y_stride % side == 0;
  if (stream && aligned) {
    transpose_squares<true>(x, x_stride, y, y_stride, full_rows, full_columns);
    hwy::FlushStream();
  } else {
    transpose_squares<false>(x, x_stride, y, y_stride, full_rows, full_columns);
  }
  transpose_plain(x + full_columns * x_stride, x_stride, y + full_columns, y_stride, rows, columns - full_columns);
  transpose_plain(x + full_rows, x_stride, y + full_rows * y_stride, y_stride, rows - full_rows, full_columns);
}

#endif  // HWY_SCALAR

void transpose(int64_t width, const void* x, int64_t x_stride, void* y, int64_t y_stride, int64_t rows, int64_t columns,
               bool stream) {
  switch (width) {
    case 1:
      return transpose_plain(static_cast<const uint8_t*>(x), x_stride, static_cast<uint8_t*>(y), y_stride, rows,
                             columns);
    case 2:
      return transpose_plain(static_cast<const uint16_t*>(x), x_stride, static_cast<uint16_t*>(y), y_stride, rows,
                             columns);
    case 4:
      return transpose_blocks(static_cast<const uint32_t*>(x), x_stride, static_cast<uint32_t*>(y), y_stride, rows,
                              columns, stream);
    default:
      return transpose_blocks(static_cast<const uint64_t*>(x), x_stride, static_cast<uint64_t*>(y), y_stride, rows,
                              columns, stream);
  }
}

// ---- fills

template <class T>
void fill_loop(void* y, const void* value, int64_t n) {
  T v;
  std::memcpy(&v, value, sizeof(T));
  auto* to = static_cast<T*>(y);
  const hn::ScalableTag<T> d;
  const auto all = hn::Set(d, v);
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t i = 0;
  for (; i + lanes <= n; i += lanes) hn::StoreU(all, d, to + i);
  for (; i < n; ++i) to[i] = v;
}

// n numbers of `width` bytes each, all `value`.
void fill_dense(int64_t width, void* y, const void* value, int64_t n) {
  switch (width) {
    case 1:
      return fill_loop<uint8_t>(y, value, n);
    case 2:
      return fill_loop<uint16_t>(y, value, n);
    case 4:
      return fill_loop<uint32_t>(y, value, n);
    default:
      return fill_loop<uint64_t>(y, value, n);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace rondo::kernels {

HWY_EXPORT(convert);
HWY_EXPORT(fill_dense);
HWY_EXPORT(transpose);

namespace {

constexpr int64_t kStreamBytes = 8 << 20;  // results that no cache will hold go around it

const char* at(const void* p, int64_t bytes) { return static_cast<const char*>(p) + bytes; }
char* at(void* p, int64_t bytes) { return static_cast<char*>(p) + bytes; }

// Whether the bits of x are those of y: nothing to convert.
bool same_bits(ScalarType x_type, ScalarType y_type) {
  return x_type == y_type || (element_size(x_type) == 1 && element_size(y_type) == 1 && y_type != kBool);
}

template <class T>
void copy_strided(const void* x, int64_t x_stride, void* y, int64_t y_stride, int64_t n) {
  const auto* from = static_cast<const T*>(x);
  auto* to = static_cast<T*>(y);
  for (int64_t i = 0; i < n; ++i) to[i * y_stride] = from[i * x_stride];
}

// One run of elements of the same width, any strides.
void move_run(int64_t width, const void* x, int64_t x_stride, void* y, int64_t y_stride, int64_t n) {
  if (x_stride == 1 && y_stride == 1) {
    std::memcpy(y, x, static_cast<size_t>(n * width));
    return;
  }
  switch (width) {
    case 1:
      return copy_strided<uint8_t>(x, x_stride, y, y_stride, n);
    case 2:
      return copy_strided<uint16_t>(x, x_stride, y, y_stride, n);
    case 4:
      return copy_strided<uint32_t>(x, x_stride, y, y_stride, n);
    default:
      return copy_strided<uint64_t>(x, x_stride, y, y_stride, n);
  }
}

// What a copy needs to know besides places.
struct Types {
  ScalarType y, x;
  int64_t y_width, x_width;
  bool same;
};

template <class T>
void fill_strided(void* y, int64_t stride, const void* value, int64_t n) {
  T v;
  std::memcpy(&v, value, sizeof(T));
  auto* to = static_cast<T*>(y);
  for (int64_t i = 0; i < n; ++i) to[i * stride] = v;
}

void fill_run(int64_t width, void* y, int64_t stride, const void* value, int64_t n) {
  if (stride == 1) return HWY_DYNAMIC_DISPATCH(fill_dense)(width, y, value, n);
  switch (width) {
    case 1:
      return fill_strided<uint8_t>(y, stride, value, n);
    case 2:
      return fill_strided<uint16_t>(y, stride, value, n);
    case 4:
      return fill_strided<uint32_t>(y, stride, value, n);
    default:
      return fill_strided<uint64_t>(y, stride, value, n);
  }
}

void copy_run(const Types& types, const void* x, int64_t x_stride, void* y, int64_t y_stride, int64_t n) {
  if (types.same) {
    if (x_stride == 0) return fill_run(types.y_width, y, y_stride, x, n);
    return move_run(types.y_width, x, x_stride, y, y_stride, n);
  }
  if (x_stride == 1 && y_stride == 1) return HWY_DYNAMIC_DISPATCH(convert)(types.x, x, types.y, y, n);
  constexpr int64_t block = 256;
  alignas(64) char x_block[block * 8], y_block[block * 8];
  for (int64_t i = 0; i < n; i += block) {
    const int64_t m = std::min(block, n - i);
    const void* from = at(x, i * x_stride * types.x_width);
    void* to = at(y, i * y_stride * types.y_width);
    if (x_stride != 1) {
      move_run(types.x_width, from, x_stride, x_block, 1, m);
      from = x_block;
    }
    HWY_DYNAMIC_DISPATCH(convert)(types.x, from, types.y, y_stride == 1 ? to : y_block, m);
    if (y_stride != 1) move_run(types.y_width, y_block, 1, to, y_stride, m);
  }
}

// A transposed plane; conversions go tile by tile through a buffer.
void copy_plane(const Types& types, const void* x, int64_t x_stride, void* y, int64_t y_stride, int64_t rows,
                int64_t columns, bool stream) {
  if (types.same) {
    return HWY_DYNAMIC_DISPATCH(transpose)(types.y_width, x, x_stride, y, y_stride, rows, columns, stream);
  }
  constexpr int64_t side = 32;
  alignas(64) char tile[side * side * 8];
  for (int64_t j = 0; j < columns; j += side) {
    for (int64_t i = 0; i < rows; i += side) {
      const int64_t m = std::min(side, rows - i), n = std::min(side, columns - j);
      HWY_DYNAMIC_DISPATCH(transpose)
      (types.x_width, at(x, (j * x_stride + i) * types.x_width), x_stride, tile, side, m, n, false);
      for (int64_t r = 0; r < m; ++r) {
        HWY_DYNAMIC_DISPATCH(convert)
        (types.x, tile + r * side * types.x_width, types.y, at(y, ((i + r) * y_stride + j) * types.y_width), n);
      }
    }
  }
}

// y's innermost stride is 1, x's is not, but another dimension's is: planes of that dimension and the innermost.
void copy_transposed(Loops<2>& loops, int unit, const Types& types, const void* x, void* y) {
  const int64_t columns = loops.sizes[loops.count - 1], x_stride = loops.strides[loops.count - 1][1];
  const int64_t rows = loops.sizes[unit], y_stride = loops.strides[unit][0];
  loops.move_inside(unit);
  const int outer = loops.count - 2;
  constexpr int64_t strip = 64;  // columns in one piece of work
  const int64_t strips = (columns + strip - 1) / strip;
  const bool stream = loops.total() * types.y_width >= kStreamBytes;
  parallel_for(0, loops.total(outer) * strips, grain_of(strip * rows), [&](int64_t first, int64_t last) {
    Odometer<2> place(loops, outer, first / strips);
    for (int64_t task = first; task < last;) {
      const int64_t from = task % strips, to = std::min(strips, from + last - task);
      const int64_t j = from * strip, n = std::min(columns, to * strip) - j;
      copy_plane(types, at(x, (place.offset[1] + j * x_stride) * types.x_width), x_stride,
                 at(y, (place.offset[0] + j) * types.y_width), y_stride, rows, n, stream);
      task += to - from;
      place.next();
    }
  });
}

}  // namespace

void copy(int ndim, const int64_t* sizes, ScalarType y_type, void* y, const int64_t* y_strides, ScalarType x_type,
          const void* x, const int64_t* x_strides) {
  if (x == y && x_type == y_type && std::equal(x_strides, x_strides + ndim, y_strides)) return;
  Loops<2> loops;
  for (int d = 0; d < ndim; ++d) {
    if (sizes[d] == 0) return;
    loops.add(sizes[d], y_strides[d], x_strides[d]);
  }
  loops.order();
  if (loops.count == 0) loops.append(1, 1, 1);
  const Types types{y_type, x_type, static_cast<int64_t>(element_size(y_type)),
                    static_cast<int64_t>(element_size(x_type)), same_bits(x_type, y_type)};
  const int inner = loops.count - 1;
  const int64_t n = loops.sizes[inner], y_stride = loops.strides[inner][0], x_stride = loops.strides[inner][1];
  if (inner == 0) {
    parallel_for(0, n, kGrain, [&](int64_t first, int64_t last) {
      copy_run(types, at(x, first * x_stride * types.x_width), x_stride, at(y, first * y_stride * types.y_width),
               y_stride, last - first);
    });
    return;
  }
  if (y_stride == 1 && x_stride != 1) {
    for (int d = inner - 1; d >= 0; --d) {
      if (loops.strides[d][1] == 1 && loops.sizes[d] > 1) return copy_transposed(loops, d, types, x, y);
    }
  }
  parallel_for(0, loops.total(inner), grain_of(n), [&](int64_t first, int64_t last) {
    Odometer<2> place(loops, inner, first);
    for (int64_t row = first; row < last; ++row, place.next()) {
      copy_run(types, at(x, place.offset[1] * types.x_width), x_stride, at(y, place.offset[0] * types.y_width),
               y_stride, n);
    }
  });
}

void fill(int ndim, const int64_t* sizes, ScalarType type, void* y, const int64_t* y_strides, const void* value) {
  Loops<1> loops;
  for (int d = 0; d < ndim; ++d) {
    if (sizes[d] == 0) return;
    loops.add(sizes[d], y_strides[d]);
  }
  loops.order();
  if (loops.count == 0) loops.append(1, 1);
  const auto width = static_cast<int64_t>(element_size(type));
  const int inner = loops.count - 1;
  const int64_t n = loops.sizes[inner], stride = loops.strides[inner][0];
  if (inner == 0) {
    parallel_for(0, n, kGrain, [&](int64_t first, int64_t last) {
      fill_run(width, at(y, first * stride * width), stride, value, last - first);
    });
    return;
  }
  parallel_for(0, loops.total(inner), grain_of(n), [&](int64_t first, int64_t last) {
    Odometer<1> place(loops, inner, first);
    for (int64_t row = first; row < last; ++row, place.next()) {
      fill_run(width, at(y, place.offset[0] * width), stride, value, n);
    }
  });
}

void triangle(ScalarType type, int64_t rows, int64_t columns, int64_t numel, const void* x, int64_t diagonal,
              bool upper, void* y) {
  if (numel == 0) return;
  const auto width = static_cast<int64_t>(element_size(type));
  parallel_for(0, numel / columns, grain_of(columns), [&](int64_t first, int64_t last) {
    for (int64_t row = first; row < last; ++row) {
      // The column at which what stays begins, or ends; without overflow for any diagonal.
      const int64_t i = row % rows, below = std::clamp(diagonal, -rows, columns) + i + (upper ? 0 : 1);
      const int64_t edge = std::clamp<int64_t>(below, 0, columns), start = row * columns * width;
      const int64_t left = edge * width, right = (columns - edge) * width;
      const void* from = at(x, start + (upper ? left : 0));
      std::memcpy(at(y, start + (upper ? left : 0)), from, static_cast<size_t>(upper ? right : left));
      std::memset(at(y, start + (upper ? 0 : left)), 0, static_cast<size_t>(upper ? left : right));
    }
  });
}

}  // namespace rondo::kernels

#endif  // HWY_ONCE
