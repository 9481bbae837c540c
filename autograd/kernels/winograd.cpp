// Convolutions with 3x3 windows by Winograd's F(4x4, 3x3): tiles of 6x6 inputs and the weights are carried to 36
// points, where convolution is a product of matrices for each, and back. A. Lavin and S. Gray, Fast algorithms for
// convolutional neural networks (2015). The points 0, +-5/8, +-3/2 and infinity halve the rounding error of the
// textbook's 0, +-1, +-2.
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/convolution_parts.h>
#include <rondo/autograd/kernels/dispatch.h>
#include <rondo/autograd/kernels/scratch.h>

#include <algorithm>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/kernels/winograd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <rondo/autograd/kernels/tile_product-inl.h>
#include <rondo/autograd/kernels/transpose-inl.h>

#ifndef RONDO_AUTOGRAD_KERNELS_WINOGRAD_ONCE
#define RONDO_AUTOGRAD_KERNELS_WINOGRAD_ONCE
namespace rondo::kernels::conv {
namespace {

// y (batch, out, rows, columns) of x (batch, in, height, width).
struct Images {
  int64_t batch, in, out;
  int64_t height, width;  // of x
  int64_t rows, columns;  // of y
  int64_t top, left;      // zeros before x; negative numbers cut
};

// Weights w[out][in][3][3] of the forward step; of the data gradient, which is a convolution of gy with rotated
// windows, the strides are swapped and the taps run backwards.
struct Taps {
  const float* w;
  int64_t out_stride, in_stride;
  bool backwards;
};

}  // namespace
}  // namespace rondo::kernels::conv
#endif

HWY_BEFORE_NAMESPACE();
namespace rondo::HWY_NAMESPACE {
namespace {

using kernels::Buffer;
using kernels::conv::Images;
using kernels::conv::Taps;

using Vector = hn::VFromD<FloatTag>;

constexpr int kPoints = 36;
constexpr int64_t kApart = 112;                // floats between planes, so that they do not meet in the cache
constexpr int64_t kBand = 64 << 10;            // floats of one unit's pixels
constexpr int64_t kBlock = 5 << 18;            // floats of transformed tiles that exist at a time
constexpr int64_t kManyBlocks = 6;             // enough for threads to take whole ones
constexpr float kA = 0.625f, kB = 1.5f;        // the points
constexpr float kA2 = kA * kA, kB2 = kB * kB;  // exact

HWY_INLINE Vector constant(float x) { return hn::Set(FloatTag(), x); }

// Six inputs at the points: B^T x.
HWY_INLINE void input_points(const Vector* x, Vector* y) {
  const auto a2 = constant(-kA2), b2 = constant(-kB2), a = constant(kA), b = constant(kB);
  const auto both = constant(-(kA2 + kB2)), product = constant(kA2 * kB2);
  const auto t = hn::MulAdd(b2, x[2], x[4]), u = hn::Mul(a, hn::MulAdd(b2, x[1], x[3]));
  const auto v = hn::MulAdd(a2, x[2], x[4]), w = hn::Mul(b, hn::MulAdd(a2, x[1], x[3]));
  y[0] = hn::MulAdd(product, x[0], hn::MulAdd(both, x[2], x[4]));
  y[1] = hn::Add(t, u);
  y[2] = hn::Sub(t, u);
  y[3] = hn::Add(v, w);
  y[4] = hn::Sub(v, w);
  y[5] = hn::MulAdd(product, x[1], hn::MulAdd(both, x[3], x[5]));
}
// Four outputs from the points: A^T x.
HWY_INLINE void output_points(const Vector* x, Vector* y) {
  const auto p = hn::Add(x[1], x[2]), q = hn::Sub(x[1], x[2]), r = hn::Add(x[3], x[4]), s = hn::Sub(x[3], x[4]);
  y[0] = hn::Add(hn::Add(x[0], p), r);
  y[1] = hn::MulAdd(constant(kA), q, hn::Mul(constant(kB), s));
  y[2] = hn::MulAdd(constant(kA2), p, hn::Mul(constant(kB2), r));
  y[3] = hn::MulAdd(constant(kA2 * kA), q, hn::MulAdd(constant(kB2 * kB), s, x[5]));
}
// Four gradients of outputs at the points: A x.
HWY_INLINE void output_adjoint(const Vector* x, Vector* y) {
  const auto t = hn::MulAdd(constant(kA2), x[2], x[0]), v = hn::MulAdd(constant(kB2), x[2], x[0]);
  const auto u = hn::Mul(constant(kA), hn::MulAdd(constant(kA2), x[3], x[1]));
  const auto w = hn::Mul(constant(kB), hn::MulAdd(constant(kB2), x[3], x[1]));
  y[0] = x[0];
  y[1] = hn::Add(t, u);
  y[2] = hn::Sub(t, u);
  y[3] = hn::Add(v, w);
  y[4] = hn::Sub(v, w);
  y[5] = x[3];
}

constexpr double kN0 = 1.0 / (double{kA2} * kB2), kNa = 1.0 / (2.0 * kA2 * (kA2 - kB2)),
                 kNb = 1.0 / (2.0 * kB2 * (kB2 - kA2));
constexpr float kScale[5] = {static_cast<float>(kN0), static_cast<float>(kNa), static_cast<float>(kNa* kA),
                             static_cast<float>(kNb), static_cast<float>(kNb* kB)};
constexpr float kSquareA = static_cast<float>(kNa * kA2), kSquareB = static_cast<float>(kNb * kB2);

// Three weights at the points: G x.
HWY_INLINE void weight_points(const Vector* x, Vector* y) {
  const auto even_a = hn::MulAdd(constant(kSquareA), x[2], hn::Mul(constant(kScale[1]), x[0]));
  const auto even_b = hn::MulAdd(constant(kSquareB), x[2], hn::Mul(constant(kScale[3]), x[0]));
  const auto odd_a = hn::Mul(constant(kScale[2]), x[1]), odd_b = hn::Mul(constant(kScale[4]), x[1]);
  y[0] = hn::Mul(constant(kScale[0]), x[0]);
  y[1] = hn::Add(even_a, odd_a);
  y[2] = hn::Sub(even_a, odd_a);
  y[3] = hn::Add(even_b, odd_b);
  y[4] = hn::Sub(even_b, odd_b);
  y[5] = x[2];
}
// Gradients of three weights from the points: G^T x.
HWY_INLINE void weight_adjoint(const Vector* x, Vector* y) {
  const auto p = hn::Add(x[1], x[2]), q = hn::Sub(x[1], x[2]), r = hn::Add(x[3], x[4]), s = hn::Sub(x[3], x[4]);
  y[0] = hn::MulAdd(constant(kScale[0]), x[0], hn::MulAdd(constant(kScale[1]), p, hn::Mul(constant(kScale[3]), r)));
  y[1] = hn::MulAdd(constant(kScale[2]), q, hn::Mul(constant(kScale[4]), s));
  y[2] = hn::MulAdd(constant(kSquareA), p, hn::MulAdd(constant(kSquareB), r, x[5]));
}

// y = M x M^T for the M that Line applies: I x I numbers to O x O, both row after row.
template <int I, int O, void (*Line)(const Vector*, Vector*)>
HWY_INLINE void both_ways(const Vector* x, Vector* y) {
  Vector half[O * I];
  HWY_UNROLL(6)
  for (int j = 0; j < I; ++j) {
    Vector column[I], result[O];
    HWY_UNROLL(6)
    for (int i = 0; i < I; ++i) column[i] = x[i * I + j];
    Line(column, result);
    HWY_UNROLL(6)
    for (int o = 0; o < O; ++o) half[o * I + j] = result[o];
  }
  HWY_UNROLL(6)
  for (int o = 0; o < O; ++o) Line(half + o * I, y + o * O);
}

int64_t parts_of(int64_t size, int64_t part) { return (size + part - 1) / part; }

// Tile rows [first, last) of one image; `slot` is the place of its first tile in the block.
struct Band {
  int64_t image, first, last, slot;
};

// Tiles of 4x4 outputs, in bands whose pixels fit into the cache and blocks of bands.
struct Tiling {
  int64_t high, wide, band_rows, block_rows;

  Tiling(const Images& s, int64_t floats_of_tile, int64_t least_tiles)
      : high(parts_of(s.rows, 4)), wide(parts_of(s.columns, 4)) {
    band_rows = std::clamp<int64_t>(kBand / (4 * std::max(s.width, s.columns) * kFloats), 1, high);
    const int64_t tiles = std::max(kBlock / floats_of_tile, least_tiles);
    block_rows = std::clamp<int64_t>(tiles / wide, 1, s.batch * high);
  }
  int64_t most_tiles() const { return block_rows * wide; }
  // The bands of the tile rows [begin, end), counted through all images.
  std::vector<Band> bands(int64_t begin, int64_t end) const {
    std::vector<Band> list;
    for (int64_t at = begin; at < end;) {
      const int64_t image = at / high, first = at % high;
      const int64_t last = std::min({high, first + band_rows, first + end - at});
      list.push_back({image, first, last, (at - begin) * wide});
      at += last - first;
    }
    return list;
  }
};

// The planes of transformed numbers, one for each point: plane[row][column].
struct Planes {
  Planes(int64_t rows, int64_t columns)
      : row(columns), apart(rows * columns + kApart), buffer(kPoints * (rows * columns + kApart)) {}
  float* at(int64_t point) const { return buffer.data() + point * apart; }
  int64_t row, apart;
  Buffer<float> buffer;
};

// Carries S x S pixels around each tile of a band to the points, for the channels from `channel` on. top and left:
// how far the first tile begins before the image.
template <int S, void (*Line)(const Vector*, Vector*)>
void read_tiles(const float* x, int64_t channels, int64_t height, int64_t width, int64_t top, int64_t left,
                const Tiling& tiling, const Band& band, int64_t channel, float* pixels, const Planes& planes) {
  const FloatTag d;
  const int64_t first = std::clamp<int64_t>(band.first * 4 - top, 0, height);
  const int64_t last = std::clamp<int64_t>((band.last - 1) * 4 - top + S, first, height);
  const int64_t count = std::min(kFloats, channels - channel);
  if (count < kFloats) std::fill_n(pixels, (last - first) * width * kFloats, 0.0f);
  transpose(x + ((band.image * channels + channel) * height + first) * width, height * width, count,
            (last - first) * width, pixels, kFloats);
  float* to = planes.at(0) + band.slot * planes.row + channel;
  for (int64_t i = band.first; i < band.last; ++i) {
    const int64_t y0 = i * 4 - top;
    for (int64_t j = 0; j < tiling.wide; ++j, to += planes.row) {
      const int64_t x0 = j * 4 - left;
      Vector tile[S * S], result[kPoints];
      if (y0 >= 0 && y0 + S <= height && x0 >= 0 && x0 + S <= width) {
        const float* from = pixels + ((y0 - first) * width + x0) * kFloats;
        HWY_UNROLL(6)
        for (int r = 0; r < S; ++r) {
          HWY_UNROLL(6)
          for (int c = 0; c < S; ++c) tile[r * S + c] = hn::LoadU(d, from + (r * width + c) * kFloats);
        }
      } else {
        for (int r = 0; r < S; ++r) {
          const bool inside = y0 + r >= 0 && y0 + r < height;
          const float* from = pixels + ((y0 + r - first) * width + x0) * kFloats;
          for (int c = 0; c < S; ++c) {
            tile[r * S + c] = inside && x0 + c >= 0 && x0 + c < width ? hn::LoadU(d, from + c * kFloats) : hn::Zero(d);
          }
        }
      }
      both_ways<S, 6, Line>(tile, result);
      HWY_UNROLL(36)
      for (int p = 0; p < kPoints; ++p) hn::StoreU(result[p], d, to + p * planes.apart);
    }
  }
}

// Carries a band back from the points to y and adds the bias.
void write_tiles(const Images& s, const Tiling& tiling, const Band& band, int64_t channel, const float* bias,
                 const Planes& planes, float* pixels, float* y) {
  const FloatTag d;
  const int64_t count = std::min(kFloats, s.out - channel);
  HWY_ALIGN float added[kFloats] = {};
  if (bias != nullptr) std::copy_n(bias + channel, count, added);
  const auto shift = hn::Load(d, added);
  const float* from = planes.at(0) + band.slot * planes.row + channel;
  for (int64_t i = band.first; i < band.last; ++i) {
    for (int64_t j = 0; j < tiling.wide; ++j, from += planes.row) {
      Vector tile[kPoints], result[16];
      HWY_UNROLL(36)
      for (int p = 0; p < kPoints; ++p) tile[p] = hn::LoadU(d, from + p * planes.apart);
      both_ways<6, 4, output_points>(tile, result);
      const int64_t rows = std::min<int64_t>(4, s.rows - i * 4), columns = std::min<int64_t>(4, s.columns - j * 4);
      float* to = pixels + ((i - band.first) * 4 * s.columns + j * 4) * kFloats;
      for (int64_t r = 0; r < rows; ++r, to += s.columns * kFloats) {
        for (int64_t c = 0; c < columns; ++c) {
          hn::StoreU(hn::Add(result[r * 4 + c], shift), d, to + c * kFloats);
        }
      }
    }
  }
  const int64_t first = band.first * 4, last = std::min(band.last * 4, s.rows);
  transpose(pixels, kFloats, (last - first) * s.columns, count,
            y + ((band.image * s.out + channel) * s.rows + first) * s.columns, s.rows * s.columns);
}

// The weights of one strip of outputs at the points: [in][kTileWidth], planes `apart` from each other.
void read_weights(const Images& s, const Taps& taps, int64_t strip, int64_t begin, int64_t end, float* to,
                  int64_t apart) {
  const FloatTag d;
  constexpr int64_t kTogether = 16;  // nines that lie behind each other are brought into lanes at once
  HWY_ALIGN float lanes[kTogether * 9 * kFloats];
  for (int64_t half = 0; half < 2; ++half) {
    const int64_t out = strip * kTileWidth + half * kFloats, count = std::min(kFloats, s.out - out);
    if (count <= 0) break;
    if (count < kFloats) std::fill_n(lanes, kTogether * 9 * kFloats, 0.0f);
    for (int64_t in = begin; in < end;) {
      const int64_t some = taps.in_stride == 9 ? std::min(kTogether, end - in) : 1;
      transpose(taps.w + out * taps.out_stride + in * taps.in_stride, taps.out_stride, count, 9 * some, lanes, kFloats);
      for (const int64_t first = in; in < first + some; ++in) {
        const float* from = lanes + (in - first) * 9 * kFloats;
        Vector w[9], result[kPoints];
        HWY_UNROLL(9)
        for (int t = 0; t < 9; ++t) w[t] = hn::Load(d, from + (taps.backwards ? 8 - t : t) * kFloats);
        both_ways<3, 6, weight_points>(w, result);
        float* target = to + in * kTileWidth + half * kFloats;
        HWY_UNROLL(36)
        for (int p = 0; p < kPoints; ++p) hn::StoreU(result[p], d, target + p * apart);
      }
    }
  }
}

int64_t pixels_of(const Images& s, const Tiling& tiling) {
  return (tiling.band_rows * 4 + 2) * std::max(s.width, s.columns) * kFloats;
}

// Calls f(band, first channel, pixels) for all bands and chunks of channels.
template <class F>
void each_chunk(const std::vector<Band>& bands, int64_t channels, int64_t pixels, const F& f) {
  const int64_t chunks = parts_of(channels, kFloats);
  parallel_for(0, static_cast<int64_t>(bands.size()) * chunks, 1, [&](int64_t begin, int64_t end) {
    const Buffer<float> buffer(pixels);
    for (int64_t i = begin; i < end; ++i) {
      f(bands[static_cast<size_t>(i / chunks)], i % chunks * kFloats, buffer.data());
    }
  });
}

void run_forward(const Images& s, const float* x, const Taps& taps, const float* bias, float* y) {
  const int64_t strips = parts_of(s.out, kTileWidth), size = s.in * kTileWidth;
  const int64_t in_row = parts_of(s.in, kFloats) * kFloats + 16, out_row = strips * kTileWidth + 16;
  const Tiling tiling(s, kPoints * (in_row + out_row), 128);
  const int64_t pixels = pixels_of(s, tiling), all = s.batch * tiling.high;
  // Where all tiles are one block, each strip of weights is needed once, and is used while it is in the cache.
  const bool one_block = tiling.block_rows >= all && strips >= 4;
  const Planes weights(one_block ? 0 : strips * s.in, kTileWidth);
  if (!one_block) {
    parallel_for(0, strips * s.in, 64, [&](int64_t begin, int64_t end) {
      for (int64_t at = begin; at < end;) {
        const int64_t strip = at / s.in, first = at % s.in, last = std::min(s.in, first + end - at);
        read_weights(s, taps, strip, first, last, weights.at(0) + strip * size, weights.apart);
        at += last - first;
      }
    });
  }
  // Inside of a block the phases share their work among threads; from kManyBlocks on each block belongs to one thread,
  // so that its numbers stay in that core's cache.
  const auto work = [&](int64_t row, const Planes& inputs, const Planes& outputs) {
    const auto multiply = [&](int64_t tiles, int64_t point, int64_t strip, const float* factors) {
      const int64_t registers = s.out - strip * kTileWidth > kFloats ? 2 : 1;
      multiply_rows(tiles, registers, s.in,
                    {inputs.at(point), in_row, 1, factors, kTileWidth, outputs.at(point) + strip * kTileWidth, out_row},
                    false);
    };
    const int64_t end = std::min(all, row + tiling.block_rows), tiles = (end - row) * tiling.wide;
    const std::vector<Band> bands = tiling.bands(row, end);
    each_chunk(bands, s.in, pixels, [&](const Band& band, int64_t channel, float* buffer) {
      read_tiles<6, input_points>(x, s.in, s.height, s.width, s.top, s.left, tiling, band, channel, buffer, inputs);
    });
    if (one_block) {
      parallel_for(0, strips, 1, [&](int64_t begin, int64_t last) {
        const Planes strip_weights(s.in, kTileWidth);
        for (int64_t strip = begin; strip < last; ++strip) {
          read_weights(s, taps, strip, 0, s.in, strip_weights.at(0), strip_weights.apart);
          for (int64_t point = 0; point < kPoints; ++point) multiply(tiles, point, strip, strip_weights.at(point));
        }
      });
    } else {
      parallel_for(0, kPoints * strips, 1, [&](int64_t begin, int64_t last) {
        for (int64_t i = begin; i < last; ++i) {
          multiply(tiles, i / strips, i % strips, weights.at(i / strips) + i % strips * size);
        }
      });
    }
    each_chunk(bands, s.out, pixels, [&](const Band& band, int64_t channel, float* buffer) {
      write_tiles(s, tiling, band, channel, bias, outputs, buffer, y);
    });
  };
  const int64_t blocks = parts_of(all, tiling.block_rows);
  parallel_for(0, blocks, blocks >= kManyBlocks ? 1 : blocks, [&](int64_t begin, int64_t last) {
    const Planes inputs(tiling.most_tiles(), in_row), outputs(tiling.most_tiles(), out_row);
    for (int64_t block = begin; block < last; ++block) work(block * tiling.block_rows, inputs, outputs);
  });
}

// The exact adjoint: products over all tiles of x and gy at the points, and the sums back to nine weights.
void run_weight(const Images& s, const float* gy, const float* x, float* gw) {
  const int64_t strips = parts_of(s.in, kTileWidth);
  const int64_t in_row = strips * kTileWidth + 16, out_row = parts_of(s.out, kFloats) * kFloats + 16;
  const Tiling tiling(s, kPoints * (in_row + out_row), 256);
  const Planes weights(s.out, in_row), inputs(tiling.most_tiles(), in_row), outputs(tiling.most_tiles(), out_row);
  const int64_t pixels = pixels_of(s, tiling), all = s.batch * tiling.high;
  for (int64_t row = 0; row < all; row += tiling.block_rows) {
    const int64_t end = std::min(all, row + tiling.block_rows), tiles = (end - row) * tiling.wide;
    const std::vector<Band> bands = tiling.bands(row, end);
    each_chunk(bands, s.in, pixels, [&](const Band& band, int64_t channel, float* buffer) {
      read_tiles<6, input_points>(x, s.in, s.height, s.width, s.top, s.left, tiling, band, channel, buffer, inputs);
    });
    each_chunk(bands, s.out, pixels, [&](const Band& band, int64_t channel, float* buffer) {
      read_tiles<4, output_adjoint>(gy, s.out, s.rows, s.columns, 0, 0, tiling, band, channel, buffer, outputs);
    });
    parallel_for(0, kPoints * strips, 1, [&](int64_t begin, int64_t last) {
      for (int64_t i = begin; i < last; ++i) {
        const int64_t point = i / strips, column = i % strips * kTileWidth;
        const int64_t registers = s.in - column > kFloats ? 2 : 1;
        multiply_rows(
            s.out, registers, tiles,
            {outputs.at(point), 1, out_row, inputs.at(point) + column, in_row, weights.at(point) + column, in_row},
            row > 0);
      }
    });
  }
  const int64_t chunks = parts_of(s.in, kFloats);
  parallel_for(0, s.out * chunks, 64, [&](int64_t begin, int64_t end) HWY_ATTR {
    const FloatTag d;
    for (int64_t i = begin; i < end; ++i) {
      const int64_t out = i / chunks, in = i % chunks * kFloats;
      Vector points[kPoints], result[9];
      for (int p = 0; p < kPoints; ++p) points[p] = hn::LoadU(d, weights.at(p) + out * in_row + in);
      both_ways<6, 3, weight_adjoint>(points, result);
      HWY_ALIGN float taps[9 * kFloats];
      for (int t = 0; t < 9; ++t) hn::Store(result[t], d, taps + t * kFloats);
      float* to = gw + (out * s.in + in) * 9;
      const int64_t count = std::min(kFloats, s.in - in);
      for (int64_t lane = 0; lane < count; ++lane) {
        for (int t = 0; t < 9; ++t) *to++ = taps[t * kFloats + lane];
      }
    }
  });
}

}  // namespace
}  // namespace rondo::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo {
namespace {
HWY_EXPORT(run_forward);
HWY_EXPORT(run_weight);
}  // namespace

namespace kernels::conv {
namespace {

// Planes of 3x3 windows, one by one, with channels enough to fill the products and tiles enough to pay for carrying
// the weights.
bool takes(ScalarType type, const Convolution& s) {
  if (type != kFloat || !kernels::winograd() || s.groups != 1 || s.in_channels < 32 || s.out_channels < 32)
    return false;
  if (s.in[0] != 1 || s.kernel[0] != 1 || s.out[0] != 1 || s.padding[0] != 0) return false;
  for (int i = 1; i < 3; ++i) {
    if (s.kernel[i] != 3 || s.stride[i] != 1 || s.dilation[i] != 1) return false;
  }
  const auto pays = [&](int64_t rows, int64_t columns) {
    const int64_t tiles = ((rows + 3) / 4) * ((columns + 3) / 4);
    return tiles * s.batch >= 24 && 8 * tiles <= rows * columns;
  };
  return pays(s.out[1], s.out[2]) && pays(s.in[1], s.in[2]);
}

Images images_of(const Convolution& s) {
  return {s.batch, s.in_channels, s.out_channels, s.in[1], s.in[2], s.out[1], s.out[2], s.padding[1], s.padding[2]};
}

}  // namespace

bool winograd(ScalarType type, const Convolution& s, const Forward& pass) {
  if (!takes(type, s)) return false;
  const Taps taps{static_cast<const float*>(pass.w), s.in_channels * 9, 9, false};
  RONDO_CHOSEN(run_forward)
  (images_of(s), static_cast<const float*>(pass.x), taps, static_cast<const float*>(pass.bias),
   static_cast<float*>(pass.y));
  return true;
}

bool winograd(ScalarType type, const Convolution& s, const Data& pass) {
  if (!takes(type, s)) return false;
  const Taps taps{static_cast<const float*>(pass.w), 9, s.in_channels * 9, true};
  const Images images{s.batch, s.out_channels, s.in_channels,    s.out[1],        s.out[2],
                      s.in[1], s.in[2],        2 - s.padding[1], 2 - s.padding[2]};
  RONDO_CHOSEN(run_forward)
  (images, static_cast<const float*>(pass.gy), taps, static_cast<const float*>(pass.bias),
   static_cast<float*>(pass.gx));
  return true;
}

bool winograd(ScalarType type, const Convolution& s, const Weight& pass) {
  if (!takes(type, s)) return false;
  RONDO_CHOSEN(run_weight)
  (images_of(s), static_cast<const float*>(pass.gy), static_cast<const float*>(pass.x), static_cast<float*>(pass.gw));
  return true;
}

}  // namespace kernels::conv
}  // namespace rondo
#endif
