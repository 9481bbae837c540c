// Convolutions of 3x3 and stride 1 by Winograd's F(4x4, 3x3): 36 products of matrices in place of 144 of numbers a
// tile. Lavin and Gray, Fast Algorithms for Convolutional Neural Networks (2016); the points 0, +-5/8, +-3/2 and
// infinity halve the rounding error of 0, +-1, +-2.
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/product_parts.h>
#include <rondo/autograd/kernels/scratch.h>
#include <rondo/autograd/kernels/winograd.h>

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/kernels/winograd.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <rondo/autograd/kernels/lanes-inl.h>
#include <rondo/autograd/kernels/transpose-inl.h>

#ifndef RONDO_AUTOGRAD_KERNELS_WINOGRAD_ONCE
#define RONDO_AUTOGRAD_KERNELS_WINOGRAD_ONCE
namespace rondo::kernels::winograd_4x4 {
namespace {

constexpr int64_t kPoints = 36;

// Images [batch][channels][height][width] of which each begins `image_stride` after the one before.
template <class T>
struct Images {
  T* data;
  int64_t image_stride, channels, height, width;
};

// Cuts `size` into `parts` pieces that differ by at most one.
struct Split {
  int64_t size, parts;
  int64_t begin(int64_t i) const { return i * size / parts; }
};
inline Split split_by(int64_t size, int64_t limit) { return {size, (size + limit - 1) / limit}; }

// Rows of 4x4 tiles over all images, numbered through.
struct Tiles {
  int64_t batch, down, across;
  int64_t rows() const { return batch * down; }
};

}  // namespace
}  // namespace rondo::kernels::winograd_4x4
#endif

HWY_BEFORE_NAMESPACE();
namespace rondo::HWY_NAMESPACE {
namespace {

using kernels::Buffer;
using kernels::Convolution;
using kernels::winograd_4x4::Images;
using kernels::winograd_4x4::kPoints;
using kernels::winograd_4x4::Split;
using kernels::winograd_4x4::split_by;
using kernels::winograd_4x4::Tiles;

using F = Lanes<float>;
constexpr int64_t kL = hn::MaxLanes(F::Tag());
constexpr int64_t kWidth = 2 * kL;
constexpr int kRows = HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_SCALAR ? 6 : 14;
constexpr int64_t kTogether = 4;  // rows of tiles that are brought into lanes at once

constexpr double kA = 0.625, kB = 1.5, kA2 = kA * kA, kB2 = kB * kB;
constexpr double kN0 = 1 / (kA2 * kB2), kNa = 1 / (2 * kA2 * (kA2 - kB2)), kNb = 1 / (2 * kB2 * (kB2 - kA2));

// The four transformations, along one dimension; `Step` is the distance of numbers in registers.
struct Image {  // B^T: the polynomials that vanish at all points but one
  static constexpr int kFrom = 6, kTo = 6;
  static HWY_INLINE void apply(const F* d, F* t) {
    const F e = fma(F(-kB2), d[2], d[4]), o = F(kA) * fma(F(-kB2), d[1], d[3]);
    const F p = fma(F(-kA2), d[2], d[4]), q = F(kB) * fma(F(-kA2), d[1], d[3]);
    t[0] = fma(F(kA2 * kB2), d[0], fma(F(-kA2 - kB2), d[2], d[4]));
    t[1] = e + o;
    t[2] = e - o;
    t[3] = p + q;
    t[4] = p - q;
    t[5] = fma(F(kA2 * kB2), d[1], fma(F(-kA2 - kB2), d[3], d[5]));
  }
};
struct Result {  // A^T
  static constexpr int kFrom = 6, kTo = 4;
  static HWY_INLINE void apply(const F* m, F* y) {
    const F s = m[1] + m[2], d = m[1] - m[2], u = m[3] + m[4], v = m[3] - m[4];
    y[0] = m[0] + s + u;
    y[1] = fma(F(kA), d, F(kB) * v);
    y[2] = fma(F(kA2), s, F(kB2) * u);
    y[3] = fma(F(kA2 * kA), d, fma(F(kB2 * kB), v, m[5]));
  }
};
struct ResultGradient {  // A
  static constexpr int kFrom = 4, kTo = 6;
  static HWY_INLINE void apply(const F* g, F* t) {
    const F e = fma(F(kA2), g[2], g[0]), o = F(kA) * fma(F(kA2), g[3], g[1]);
    const F p = fma(F(kB2), g[2], g[0]), q = F(kB) * fma(F(kB2), g[3], g[1]);
    t[0] = g[0];
    t[1] = e + o;
    t[2] = e - o;
    t[3] = p + q;
    t[4] = p - q;
    t[5] = g[3];
  }
};
struct Filter {  // G
  static constexpr int kFrom = 3, kTo = 6;
  static HWY_INLINE void apply(const F* g, F* t) {
    const F e = F(kNa) * fma(F(kA2), g[2], g[0]), o = F(kNa * kA) * g[1];
    const F p = F(kNb) * fma(F(kB2), g[2], g[0]), q = F(kNb * kB) * g[1];
    t[0] = F(kN0) * g[0];
    t[1] = e + o;
    t[2] = e - o;
    t[3] = p + q;
    t[4] = p - q;
    t[5] = g[2];
  }
};
struct FilterGradient {  // G^T
  static constexpr int kFrom = 6, kTo = 3;
  static HWY_INLINE void apply(const F* u, F* w) {
    const F s = F(kNa) * (u[1] + u[2]), d = F(kNa) * (u[1] - u[2]);
    const F p = F(kNb) * (u[3] + u[4]), q = F(kNb) * (u[3] - u[4]);
    w[0] = fma(F(kN0), u[0], s + p);
    w[1] = fma(F(kA), d, F(kB) * q);
    w[2] = fma(F(kA2), s, fma(F(kB2), p, u[5]));
  }
};

// Both dimensions: load(i, j) gives a register, store(i, j, register) takes one.
template <class Along, class Load, class Store>
HWY_INLINE void transform(const Load& load, const Store& store) {
  F between[Along::kTo][Along::kFrom];
  HWY_UNROLL(6)
  for (int j = 0; j < Along::kFrom; ++j) {
    F from[Along::kFrom], to[Along::kTo];
    HWY_UNROLL(6)
    for (int i = 0; i < Along::kFrom; ++i) from[i] = load(i, j);
    Along::apply(from, to);
    HWY_UNROLL(6)
    for (int i = 0; i < Along::kTo; ++i) between[i][j] = to[i];
  }
  HWY_UNROLL(6)
  for (int i = 0; i < Along::kTo; ++i) {
    F to[Along::kTo];
    Along::apply(between[i], to);
    HWY_UNROLL(6)
    for (int j = 0; j < Along::kTo; ++j) store(i, j, to[j]);
  }
}

// y[R][2 registers] = or += sum over p of a[r * a_row + p * a_step] * b[p * b_step].
template <int R>
HWY_NOINLINE void multiply(int64_t depth, const float* HWY_RESTRICT a, int64_t a_row, int64_t a_step,
                           const float* HWY_RESTRICT b, int64_t b_step, float* HWY_RESTRICT y, int64_t y_row,
                           bool add) {
  const F::Tag d;
  F::Vector sum[R][2];
  HWY_UNROLL(16)
  for (int r = 0; r < R; ++r) sum[r][0] = sum[r][1] = hn::Zero(d);
  for (; depth > 0; --depth, a += a_step, b += b_step) {
    const auto left = hn::LoadU(d, b), right = hn::LoadU(d, b + kL);
    HWY_UNROLL(16)
    for (int r = 0; r < R; ++r) {
      const auto factor = hn::Set(d, a[r * a_row]);
      sum[r][0] = hn::MulAdd(factor, left, sum[r][0]);
      sum[r][1] = hn::MulAdd(factor, right, sum[r][1]);
    }
  }
  HWY_UNROLL(16)
  for (int r = 0; r < R; ++r) {
    float* to = y + r * y_row;
    hn::StoreU(add ? hn::Add(hn::LoadU(d, to), sum[r][0]) : sum[r][0], d, to);
    hn::StoreU(add ? hn::Add(hn::LoadU(d, to + kL), sum[r][1]) : sum[r][1], d, to + kL);
  }
}

using Multiply = void (*)(int64_t, const float*, int64_t, int64_t, const float*, int64_t, float*, int64_t, bool);
template <int... R>
HWY_INLINE Multiply choose(int64_t rows, std::integer_sequence<int, R...>) {
  static constexpr Multiply kTable[] = {&multiply<R + 1>...};
  return kTable[rows - 1];
}
// All rows of a against two registers' columns of b.
HWY_INLINE void multiply_rows(Split rows, int64_t depth, const float* a, int64_t a_row, int64_t a_step, const float* b,
                              int64_t b_step, float* y, int64_t y_row, bool add) {
  for (int64_t i = 0; i < rows.parts; ++i) {
    const int64_t row = rows.begin(i);
    choose(rows.begin(i + 1) - row, std::make_integer_sequence<int, kRows>())(depth, a + row * a_row, a_row, a_step, b,
                                                                              b_step, y + row * y_row, y_row, add);
  }
}

int64_t rounded(int64_t size, int64_t unit) { return (size + unit - 1) / unit * unit; }

// [36][tiles][channels], with gaps that keep rows and planes from lying powers of two apart.
struct Spectrum {
  int64_t channels, row, plane;
  Spectrum(int64_t tiles, int64_t channels_)
      : channels(channels_), row(rounded(channels_, kWidth) + 16), plane(tiles * row + 16) {}
  int64_t size() const { return kPoints * plane; }
  int64_t groups() const { return (channels + kL - 1) / kL; }
};

// Calls f(image, first row of tiles, rows of tiles, index of the first tile within the block, group of channels) for
// all parts of the rows of tiles [first, last), shared among the threads.
template <class Body>
void each_part(const Tiles& tiles, int64_t first, int64_t last, int64_t groups, const Body& f) {
  // Parts end at multiples of kTogether within an image.
  const auto part_of = [&](int64_t row) {
    return row / tiles.down * split_by(tiles.down, kTogether).parts + row % tiles.down / kTogether;
  };
  const int64_t begin = part_of(first), parts = part_of(last - 1) + 1 - begin,
                each = split_by(tiles.down, kTogether).parts;
  parallel_for(0, parts * groups, 1, [&](int64_t left, int64_t right) {
    for (int64_t item = left; item < right; ++item) {
      const int64_t part = begin + item / groups, image = part / each;
      const int64_t top = std::max(first, image * tiles.down + part % each * kTogether);
      const int64_t bottom =
          std::min({last, image * tiles.down + (part % each + 1) * kTogether, (image + 1) * tiles.down});
      f(image, top - image * tiles.down, bottom - top, (top - first) * tiles.across, item % groups);
    }
  });
}

// to[rows][width][kL] = one group of channels of an image, from (top, left) on; zeros outside.
void into_lanes(const Images<const float>& x, int64_t image, int64_t group, int64_t top, int64_t left, int64_t rows,
                int64_t width, float* to) {
  const int64_t channel = group * kL, channels = std::min(kL, x.channels - channel), area = x.height * x.width;
  const float* from = x.data + image * x.image_stride + channel * area;
  const int64_t begin = std::clamp<int64_t>(-left, 0, width), end = std::clamp<int64_t>(x.width - left, begin, width);
  for (int64_t i = 0; i < rows; ++i, to += width * kL) {
    const int64_t row = top + i;
    if (row < 0 || row >= x.height || channels < kL) std::fill(to, to + width * kL, 0.0f);
    if (row < 0 || row >= x.height) continue;
    std::fill(to, to + begin * kL, 0.0f);
    transpose(from + row * x.width + left + begin, area, channels, end - begin, to + begin * kL, kL);
    std::fill(to + end * kL, to + width * kL, 0.0f);
  }
}

// The tiles of x in the rows of tiles [first, last), transformed. A tile reads Along::kFrom rows and columns.
template <class Along>
void image_spectrum(const Images<const float>& x, int64_t padding_y, int64_t padding_x, const Tiles& tiles,
                    int64_t first, int64_t last, const Spectrum& layout, float* to) {
  constexpr int64_t kBeyond = Along::kFrom - 4;
  const int64_t width = 4 * tiles.across + kBeyond;
  each_part(
      tiles, first, last, layout.groups(), [&](int64_t image, int64_t top, int64_t rows, int64_t tile, int64_t group) {
        const Buffer<float> lanes((4 * rows + kBeyond) * width * kL);
        into_lanes(x, image, group, 4 * top - padding_y, -padding_x, 4 * rows + kBeyond, width, lanes.data());
        float* target = to + tile * layout.row + group * kL;
        for (int64_t i = 0; i < rows; ++i) {
          for (int64_t j = 0; j < tiles.across; ++j, target += layout.row) {
            const float* from = lanes.data() + (4 * i * width + 4 * j) * kL;
            transform<Along>([&](int r, int c) HWY_ATTR { return F::load(from + (r * width + c) * kL); },
                             [&](int r, int c, F value) HWY_ATTR { value.store(target + (6 * r + c) * layout.plane); });
          }
        }
      });
}

void result_from_spectrum(const float* from, const Spectrum& layout, const float* bias, const Tiles& tiles,
                          int64_t first, int64_t last, const Images<float>& y) {
  const int64_t width = 4 * tiles.across, area = y.height * y.width;
  each_part(
      tiles, first, last, layout.groups(), [&](int64_t image, int64_t top, int64_t rows, int64_t tile, int64_t group) {
        const Buffer<float> lanes(4 * width * kL);
        const int64_t channel = group * kL, channels = std::min(kL, y.channels - channel);
        F shift(0.0);
        if (bias != nullptr)
          shift =
              channels == kL ? F::load(bias + channel) : F::load_first(bias + channel, static_cast<size_t>(channels));
        const float* source = from + tile * layout.row + channel;
        float* target = y.data + image * y.image_stride + channel * area;
        for (int64_t i = 0; i < rows; ++i) {
          for (int64_t j = 0; j < tiles.across; ++j, source += layout.row) {
            float* to = lanes.data() + 4 * j * kL;
            transform<Result>([&](int r, int c) HWY_ATTR { return F::load(source + (6 * r + c) * layout.plane); },
                              [&](int r, int c, F value)
                                  HWY_ATTR { (value + shift).store(to + (r * width + c) * kL); });
          }
          const int64_t row = 4 * (top + i);
          for (int64_t r = 0; r < std::min<int64_t>(4, y.height - row); ++r) {
            transpose(lanes.data() + r * width * kL, kL, y.width, channels, target + (row + r) * y.width, area);
          }
        }
      });
}

// Filters [36][strips of columns][depth][kWidth]: the filter of column c and depth p begins at weight + c * column +
// p * depth; `turned` reads it backwards.
struct Filters {
  int64_t columns, depth, plane;
  Filters(int64_t columns_, int64_t depth_)
      : columns(columns_), depth(depth_), plane(strips() * depth_ * kWidth + 112) {}
  int64_t strips() const { return (columns + kWidth - 1) / kWidth; }
  int64_t size() const { return kPoints * plane; }
};

void filter_spectrum(const float* weight, int64_t column_stride, int64_t depth_stride, bool turned,
                     const Filters& layout, float* to) {
  const int64_t chunks = split_by(layout.depth, 16).parts;
  parallel_for(0, 2 * layout.strips() * chunks, 4, [&](int64_t first, int64_t last) {
    HWY_ALIGN float taps[9 * kL];
    for (int64_t item = first; item < last; ++item) {
      const int64_t half = item / chunks, chunk = item % chunks;
      const int64_t column = half * kL, columns = std::clamp<int64_t>(layout.columns - column, 0, kL);
      std::fill(taps, taps + 9 * kL, 0.0f);
      for (int64_t p = 16 * chunk; p < std::min(layout.depth, 16 * (chunk + 1)); ++p) {
        transpose(weight + column * column_stride + p * depth_stride, column_stride, columns, 9, taps, kL);
        float* target = to + (half / 2 * layout.depth + p) * kWidth + half % 2 * kL;
        F rows[6][3];
        HWY_UNROLL(3)
        for (int j = 0; j < 3; ++j) {
          F g[3], t[6];
          for (int i = 0; i < 3; ++i) g[i] = F::load(taps + (turned ? 8 - 3 * i - j : 3 * i + j) * kL);
          Filter::apply(g, t);
          for (int i = 0; i < 6; ++i) rows[i][j] = t[i];
        }
        HWY_UNROLL(6)
        for (int i = 0; i < 6; ++i) {
          F t[6];
          Filter::apply(rows[i], t);
          for (int j = 0; j < 6; ++j) t[j].store(target + (6 * i + j) * layout.plane);
        }
      }
    }
  });
}

// How many rows of tiles are transformed at once: spectra of about 6 MB, but enough tiles to be worth the passes over
// the filters.
int64_t rows_at_once(const Tiles& tiles, int64_t channels) {
  const int64_t count = std::max<int64_t>(256, (6 << 20) / (kPoints * 4 * channels));
  const int64_t most = std::max<int64_t>(1, count / tiles.across);
  return (tiles.rows() + split_by(tiles.rows(), most).parts - 1) / split_by(tiles.rows(), most).parts;
}

// y = conv(x, filters) + bias.
void correlate(const Images<const float>& x, int64_t padding_y, int64_t padding_x, const float* filters,
               const Filters& of_filters, const float* bias, int64_t batch, const Images<float>& y) {
  const Tiles tiles{batch, (y.height + 3) / 4, (y.width + 3) / 4};
  const int64_t step = rows_at_once(tiles, x.channels + y.channels);
  const Spectrum of_x(step * tiles.across, x.channels), of_y(step * tiles.across, y.channels);
  const Buffer<float> v(of_x.size()), m(of_y.size());
  for (int64_t first = 0; first < tiles.rows(); first += step) {
    const int64_t last = std::min(tiles.rows(), first + step);
    image_spectrum<Image>(x, padding_y, padding_x, tiles, first, last, of_x, v.data());
    const Split rows = split_by((last - first) * tiles.across, kRows);
    parallel_for(0, kPoints * of_filters.strips(), 1, [&](int64_t left, int64_t right) {
      for (int64_t item = left; item < right; ++item) {
        const int64_t point = item / of_filters.strips(), strip = item % of_filters.strips();
        multiply_rows(rows, x.channels, v.data() + point * of_x.plane, of_x.row, 1,
                      filters + point * of_filters.plane + strip * of_filters.depth * kWidth, kWidth,
                      m.data() + point * of_y.plane + strip * kWidth, of_y.row, false);
      }
    });
    result_from_spectrum(m.data(), of_y, bias, tiles, first, last, y);
  }
}

// gw[outputs][inputs][3][3] of the sums [36][inputs][outputs].
void filter_gradient(const float* sum, const Spectrum& sums, int64_t inputs, float* gw) {
  const int64_t outputs = sums.channels;
  parallel_for(0, inputs, 4, [&](int64_t first, int64_t last) {
    HWY_ALIGN float taps[9 * kL];
    for (int64_t c = first; c < last; ++c) {
      for (int64_t k = 0; k < outputs; k += kL) {
        const float* from = sum + c * sums.row + k;
        transform<FilterGradient>([&](int i, int j) HWY_ATTR { return F::load(from + (6 * i + j) * sums.plane); },
                                  [&](int i, int j, F value) HWY_ATTR { value.store(taps + (3 * i + j) * kL); });
        transpose(taps, kL, 9, std::min(kL, outputs - k), gw + (k * inputs + c) * 9, inputs * 9);
      }
    }
  });
}

Images<const float> inputs_of(const Convolution& s, const float* x, int64_t group) {
  const int64_t size = s.group_in() * s.in_size();
  return {x + group * size, s.groups * size, s.group_in(), s.in[1], s.in[2]};
}
Images<const float> outputs_of(const Convolution& s, const float* y, int64_t group) {
  const int64_t size = s.group_out() * s.out_size();
  return {y + group * size, s.groups * size, s.group_out(), s.out[1], s.out[2]};
}
Images<float> writable(const Images<const float>& of, float* data, const float* same) {
  return {data + (of.data - same), of.image_stride, of.channels, of.height, of.width};
}

void run_forward(const Convolution& s, const float* x, const float* w, const float* bias, float* y) {
  const Filters layout(s.group_out(), s.group_in());
  const Buffer<float> filters(layout.size());
  for (int64_t g = 0; g < s.groups; ++g) {
    filter_spectrum(w + g * s.group_out() * s.depth(), s.depth(), 9, false, layout, filters.data());
    correlate(inputs_of(s, x, g), s.padding[1], s.padding[2], filters.data(), layout,
              bias == nullptr ? bias : bias + g * s.group_out(), s.batch, writable(outputs_of(s, y, g), y, y));
  }
}

// The convolution of gy with the filters turned by 180 degrees.
void run_data(const Convolution& s, const float* gy, const float* w, const float* bias, float* gx) {
  const Filters layout(s.group_in(), s.group_out());
  const Buffer<float> filters(layout.size());
  for (int64_t g = 0; g < s.groups; ++g) {
    filter_spectrum(w + g * s.group_out() * s.depth(), 9, s.depth(), true, layout, filters.data());
    correlate(outputs_of(s, gy, g), 2 - s.padding[1], 2 - s.padding[2], filters.data(), layout,
              bias == nullptr ? bias : bias + g * s.group_in(), s.batch, writable(inputs_of(s, gx, g), gx, gx));
  }
}

// The transpose of all steps: products over the tiles, then G^T . G.
void run_weight(const Convolution& s, const float* gy, const float* x, float* gw) {
  const Tiles tiles{s.batch, (s.out[1] + 3) / 4, (s.out[2] + 3) / 4};
  const int64_t inputs = s.group_in(), outputs = s.group_out();
  const int64_t step = rows_at_once(tiles, inputs + outputs);
  const Spectrum of_x(step * tiles.across, inputs), of_gy(step * tiles.across, outputs), sums(inputs, outputs);
  const Buffer<float> v(of_x.size()), m(of_gy.size()), sum(sums.size());
  const int64_t strips = (outputs + kWidth - 1) / kWidth;
  const Split rows = split_by(inputs, kRows);
  // The last strip reads whole registers.
  if (outputs % kWidth != 0) std::fill(m.data(), m.data() + of_gy.size(), 0.0f);
  for (int64_t g = 0; g < s.groups; ++g) {
    for (int64_t first = 0; first < tiles.rows(); first += step) {
      const int64_t last = std::min(tiles.rows(), first + step);
      image_spectrum<Image>(inputs_of(s, x, g), s.padding[1], s.padding[2], tiles, first, last, of_x, v.data());
      image_spectrum<ResultGradient>(outputs_of(s, gy, g), 0, 0, tiles, first, last, of_gy, m.data());
      parallel_for(0, kPoints * strips, 1, [&](int64_t left, int64_t right) {
        for (int64_t item = left; item < right; ++item) {
          const int64_t point = item / strips, strip = item % strips;
          multiply_rows(rows, (last - first) * tiles.across, v.data() + point * of_x.plane, 1, of_x.row,
                        m.data() + point * of_gy.plane + strip * kWidth, of_gy.row,
                        sum.data() + point * sums.plane + strip * kWidth, sums.row, first > 0);
        }
      });
    }
    filter_gradient(sum.data(), sums, inputs, gw + g * outputs * s.depth());
  }
}

}  // namespace
}  // namespace rondo::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo {
namespace {
HWY_EXPORT(run_forward);
HWY_EXPORT(run_data);
HWY_EXPORT(run_weight);
}  // namespace

namespace kernels::winograd_4x4 {

bool takes(ScalarType type, const Convolution& s) {
  if (type != kFloat || s.in[0] != 1 || s.kernel[0] != 1 || s.out[0] != 1 || s.stride[0] != 1 || s.padding[0] != 0) {
    return false;
  }
  for (int i = 1; i < 3; ++i) {
    if (s.kernel[i] != 3 || s.stride[i] != 1 || s.dilation[i] != 1 || s.padding[i] < 0 || s.padding[i] > 2 ||
        s.out[i] != s.in[i] + 2 * s.padding[i] - 2 || s.out[i] < 1) {
      return false;
    }
  }
  return true;
}

bool is_quick(const Convolution& s) {
  const int64_t tiles = (s.out[1] + 3) / 4 * ((s.out[2] + 3) / 4);
  return product::packed_is_quick() && s.group_in() >= 32 && s.group_out() >= 32 && tiles * s.batch >= 16 &&
         s.out_size() * 9 * 2 >= tiles * 36 * 3;
}

void forward(const Convolution& shape, const float* x, const float* w, const float* bias, float* y) {
  HWY_DYNAMIC_DISPATCH(run_forward)(shape, x, w, bias, y);
}
void data(const Convolution& shape, const float* gy, const float* w, const float* bias, float* gx) {
  HWY_DYNAMIC_DISPATCH(run_data)(shape, gy, w, bias, gx);
}
void weight(const Convolution& shape, const float* gy, const float* x, float* gw) {
  HWY_DYNAMIC_DISPATCH(run_weight)(shape, gy, x, gw);
}

}  // namespace kernels::winograd_4x4
}  // namespace rondo
#endif
