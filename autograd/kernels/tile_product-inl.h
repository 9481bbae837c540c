// A block of rows and two registers' columns of a product whose operands lie where they were made: the inner loop of
// Winograd's and the direct convolutions.
#if defined(RONDO_AUTOGRAD_KERNELS_TILE_PRODUCT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RONDO_AUTOGRAD_KERNELS_TILE_PRODUCT_INL_H_
#undef RONDO_AUTOGRAD_KERNELS_TILE_PRODUCT_INL_H_
#else
#define RONDO_AUTOGRAD_KERNELS_TILE_PRODUCT_INL_H_
#endif

#include <hwy/highway.h>

#include <cstdint>
#include <utility>

HWY_BEFORE_NAMESPACE();
namespace rondo::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using FloatTag = hn::ScalableTag<float>;
constexpr int64_t kFloats = hn::MaxLanes(FloatTag());
// With 32 registers: 28 sums, two of b, one to broadcast a; with 16: 12, two and one.
constexpr int kTileRows = HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_SCALAR ? 6 : 14;
constexpr int64_t kTileWidth = 2 * kFloats;

struct TileOperands {
  const float* a;
  int64_t a_row, a_k;
  const float* b;
  int64_t b_k;
  float* y;
  int64_t y_row;
};

// y[R, V registers] = or += the sum over taps t and k of a[t][r * a_row + k * a_k] * b[t][k * b_k ...]; taps lie
// `a_tap` and `b_tap` apart.
template <int R, int V>
HWY_NOINLINE void multiply_tile(int64_t k, int64_t taps, int64_t a_tap, int64_t b_tap, const TileOperands& o,
                                bool add) {
  const FloatTag d;
  hn::VFromD<FloatTag> sum[R][V];
  HWY_UNROLL(16)
  for (int r = 0; r < R; ++r) {
    HWY_UNROLL(2)
    for (int v = 0; v < V; ++v) sum[r][v] = hn::Zero(d);
  }
  const int64_t row = o.a_row, a_k = o.a_k, b_k = o.b_k;
  for (int64_t t = 0; t < taps; ++t) {
    // Rows hang on five pointers, so that all addresses fit into registers.
    const float* a0 = o.a + t * a_tap;
    const float *a3 = a0 + 3 * row, *a6 = a0 + 6 * row, *a9 = a0 + 9 * row, *a12 = a0 + 12 * row;
    const float* b = o.b + t * b_tap;
    for (int64_t p = k; p > 0; --p) {
      hn::VFromD<FloatTag> column[V];
      HWY_UNROLL(2)
      for (int v = 0; v < V; ++v) column[v] = hn::LoadU(d, b + v * kFloats);
      HWY_UNROLL(16)
      for (int r = 0; r < R; ++r) {
        const float* base = r < 3 ? a0 : r < 6 ? a3 : r < 9 ? a6 : r < 12 ? a9 : a12;
        const auto factor = hn::Set(d, base[(r % 3) * row]);
        HWY_UNROLL(2)
        for (int v = 0; v < V; ++v) sum[r][v] = hn::MulAdd(factor, column[v], sum[r][v]);
      }
      a0 += a_k;
      if constexpr (R > 3) a3 += a_k;
      if constexpr (R > 6) a6 += a_k;
      if constexpr (R > 9) a9 += a_k;
      if constexpr (R > 12) a12 += a_k;
      b += b_k;
#if HWY_COMPILER_GCC_ACTUAL
      // Keeps g++ from splitting them into a pointer for each row.
      asm("" : "+r"(a0), "+r"(a3), "+r"(a6), "+r"(a9), "+r"(a12));
#endif
    }
  }
  HWY_UNROLL(16)
  for (int r = 0; r < R; ++r) {
    HWY_UNROLL(2)
    for (int v = 0; v < V; ++v) {
      float* to = o.y + r * o.y_row + v * kFloats;
      hn::StoreU(add ? hn::Add(hn::LoadU(d, to), sum[r][v]) : sum[r][v], d, to);
    }
  }
}

using MultiplyTile = void (*)(int64_t, int64_t, int64_t, int64_t, const TileOperands&, bool);

template <int V, int... R>
HWY_INLINE MultiplyTile tile_of_rows(int64_t rows, std::integer_sequence<int, R...>) {
  static constexpr MultiplyTile kTable[] = {&multiply_tile<R + 1, V>...};
  return kTable[rows - 1];
}
// For 1 to kTileRows rows and one or two registers.
HWY_INLINE MultiplyTile tile_for(int64_t rows, int64_t registers) {
  using Rows = std::make_integer_sequence<int, kTileRows>;
  return registers == 2 ? tile_of_rows<2>(rows, Rows()) : tile_of_rows<1>(rows, Rows());
}

// All rows against the columns of one strip.
HWY_INLINE void multiply_rows(int64_t rows, int64_t registers, int64_t k, TileOperands o, bool add) {
  const int64_t parts = (rows + kTileRows - 1) / kTileRows;
  const float* a = o.a;
  float* y = o.y;
  for (int64_t i = 0; i < parts; ++i) {
    const int64_t first = i * rows / parts, last = (i + 1) * rows / parts;
    o.a = a + first * o.a_row;
    o.y = y + first * o.y_row;
    tile_for(last - first, registers)(k, 1, 0, 0, o, add);
  }
}

}  // namespace
}  // namespace rondo::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
