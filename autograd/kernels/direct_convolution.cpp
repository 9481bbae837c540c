// Convolutions without columns: an image is laid out with its channels innermost and zeros around it, so that the
// numbers that one row of a window reads are contiguous, and the register block of tile_product-inl.h runs over the
// window's rows. A data gradient is one such pass for each remainder of a pixel's place by the stride.
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/convolution_parts.h>
#include <rondo/autograd/kernels/dispatch.h>
#include <rondo/autograd/kernels/scratch.h>

#include <algorithm>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/kernels/direct_convolution.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <rondo/autograd/kernels/tile_product-inl.h>
#include <rondo/autograd/kernels/transpose-inl.h>

#ifndef RONDO_AUTOGRAD_KERNELS_DIRECT_CONVOLUTION_ONCE
#define RONDO_AUTOGRAD_KERNELS_DIRECT_CONVOLUTION_ONCE
namespace rondo::kernels::conv {
namespace {

// Outputs first, first + out_step, ... along one dimension (`count` of them); the j-th reads x from begin + j * in_step
// on with `taps` weights: those of the window's places tap, tap + tap_step, ...
struct Phase {
  int64_t first, count, begin, taps, tap, tap_step;
};

struct Direct {
  int64_t batch, in, out;
  int64_t in_size[2], out_size[2];
  int64_t in_step[2], out_step[2];
  std::vector<Phase> phases[2];  // of rows, of columns
  // w[out][in][window], by their strides.
  int64_t out_stride, in_stride, width;
};

}  // namespace
}  // namespace rondo::kernels::conv
#endif

HWY_BEFORE_NAMESPACE();
namespace rondo::HWY_NAMESPACE {
namespace {

using kernels::Buffer;
using kernels::conv::Direct;
using kernels::conv::Phase;

constexpr int64_t kBandFloats = 64 << 10;  // of an image's rows that are laid out at a time

int64_t parts_of(int64_t size, int64_t part) { return (size + part - 1) / part; }

// The places of x that any phase reads for the outputs [first, last) of each.
struct Reach {
  int64_t begin, end;
};
Reach reach(const std::vector<Phase>& phases, int64_t step, int64_t first, int64_t last) {
  Reach all{INT64_MAX, INT64_MIN};
  for (const Phase& phase : phases) {
    const int64_t end = std::min(last, phase.count);
    if (end <= first || phase.taps == 0) continue;
    all.begin = std::min(all.begin, phase.begin + first * step);
    all.end = std::max(all.end, phase.begin + (end - 1) * step + phase.taps);
  }
  if (all.end < all.begin) all = {0, 0};
  return all;
}

// to[place][channel] of the rows and columns, with zeros outside the image.
void lay_out(const float* x, int64_t channels, const int64_t size[2], Reach rows, Reach columns, float* to) {
  const int64_t pitch = (columns.end - columns.begin) * channels;
  const int64_t left = std::clamp<int64_t>(columns.begin, 0, size[1]), right = std::clamp(columns.end, left, size[1]);
  for (int64_t i = rows.begin; i < rows.end; ++i, to += pitch) {
    if (i < 0 || i >= size[0] || left == right) {
      std::fill_n(to, pitch, 0.0f);
      continue;
    }
    float* inside = to + (left - columns.begin) * channels;
    std::fill(to, inside, 0.0f);
    transpose(x + i * size[1] + left, size[0] * size[1], channels, right - left, inside, channels);
    std::fill(inside + (right - left) * channels, to + pitch, 0.0f);
  }
}

// The weights of one pair of phases: [strip][row tap][column tap][in][kTileWidth].
void pack_weights(const Direct& s, const float* w, const Phase& rows, const Phase& columns, float* to) {
  const int64_t strips = parts_of(s.out, kTileWidth), places = rows.taps * columns.taps;
  parallel_for(0, strips * places, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t strip = i / places, row = i % places / columns.taps, column = i % columns.taps;
      const int64_t place = (rows.tap + row * rows.tap_step) * s.width + columns.tap + column * columns.tap_step;
      const float* from = w + place + strip * kTileWidth * s.out_stride;
      const int64_t count = std::min(kTileWidth, s.out - strip * kTileWidth);
      float* target = to + i * s.in * kTileWidth;
      for (int64_t c = 0; c < s.in; ++c, target += kTileWidth, from += s.in_stride) {
        for (int64_t k = 0; k < count; ++k) target[k] = from[k * s.out_stride];
        std::fill(target + count, target + kTileWidth, 0.0f);
      }
    }
  });
}

struct Packed {
  std::vector<int64_t> begins;  // of each pair of phases
  Buffer<float> buffer;
  Packed(std::vector<int64_t> starts, int64_t size) : begins(std::move(starts)), buffer(size) {}
};

Packed room_for_weights(const Direct& s) {
  std::vector<int64_t> begins;
  int64_t size = 0;
  for (const Phase& rows : s.phases[0]) {
    for (const Phase& columns : s.phases[1]) {
      begins.push_back(size);
      size += parts_of(s.out, kTileWidth) * kTileWidth * s.in * rows.taps * columns.taps;
    }
  }
  return {std::move(begins), size};
}

// The outputs of one strip in the phases' rows [first, last): y[row][column][kTileWidth].
void multiply_strip(const Direct& s, const Packed& packed, int64_t strip, int64_t first, int64_t last, Reach in_rows,
                    Reach in_columns, const float* x, float* y) {
  const int64_t registers = s.out - strip * kTileWidth > kFloats ? 2 : 1;
  const int64_t pitch = (in_columns.end - in_columns.begin) * s.in;
  size_t pair = 0;
  for (const Phase& rows : s.phases[0]) {
    for (const Phase& columns : s.phases[1]) {
      const int64_t run = columns.taps * s.in;
      const float* w = packed.buffer.data() + packed.begins[pair++] + strip * rows.taps * run * kTileWidth;
      const int64_t groups = parts_of(columns.count, kTileRows);
      for (int64_t j = first; j < std::min(last, rows.count); ++j) {
        const float* line =
            x + (rows.begin + j * s.in_step[0] - in_rows.begin) * pitch + (columns.begin - in_columns.begin) * s.in;
        float* out = y + (((j - first) * s.out_step[0] + rows.first) * s.out_size[1] + columns.first) * kTileWidth;
        for (int64_t g = 0; g < groups; ++g) {
          const int64_t begin = g * columns.count / groups, end = (g + 1) * columns.count / groups;
          tile_for(end - begin, registers)(run, run == 0 ? 0 : rows.taps, pitch, run * kTileWidth,
                                           {line + begin * s.in_step[1] * s.in, s.in_step[1] * s.in, 1, w, kTileWidth,
                                            out + begin * s.out_step[1] * kTileWidth, s.out_step[1] * kTileWidth},
                                           false);
        }
      }
    }
  }
}

void add_bias(const float* bias, int64_t count, int64_t pixels, float* y) {
  const FloatTag d;
  HWY_ALIGN float padded[kTileWidth] = {};
  std::copy_n(bias, count, padded);
  const auto low = hn::Load(d, padded), high = hn::Load(d, padded + kFloats);
  for (int64_t i = 0; i < pixels; ++i, y += kTileWidth) {
    hn::StoreU(hn::Add(hn::LoadU(d, y), low), d, y);
    hn::StoreU(hn::Add(hn::LoadU(d, y + kFloats), high), d, y + kFloats);
  }
}

void run_direct(const Direct& s, const float* x, const float* w, const float* bias, float* y) {
  const Packed packed = room_for_weights(s);
  size_t pair = 0;
  int64_t rows = 0;
  for (const Phase& row : s.phases[0]) {
    rows = std::max(rows, row.count);
    for (const Phase& column : s.phases[1])
      pack_weights(s, w, row, column, packed.buffer.data() + packed.begins[pair++]);
  }
  const Reach columns = reach(s.phases[1], s.in_step[1], 0, s.out_size[1]);
  const int64_t pitch = (columns.end - columns.begin) * s.in;
  const int64_t line = std::max(pitch * s.in_step[0], s.out_step[0] * s.out_size[1] * kTileWidth);
  // Few images are cut finer, so that threads find work.
  const int64_t fine = std::max<int64_t>(1, rows * s.batch / 4);
  const int64_t band = std::clamp<int64_t>(std::min(fine, kBandFloats / std::max<int64_t>(1, line)), 1, rows);
  const int64_t bands = parts_of(rows, band), strips = parts_of(s.out, kTileWidth);
  int64_t most = 0;
  for (int64_t i = 0; i < bands; ++i) {
    const Reach r = reach(s.phases[0], s.in_step[0], i * band, (i + 1) * band);
    most = std::max(most, r.end - r.begin);
  }
  parallel_for(0, s.batch * bands, 1, [&](int64_t begin, int64_t end) {
    const Buffer<float> pixels(most * pitch + 1), outputs(band * s.out_step[0] * s.out_size[1] * kTileWidth);
    for (int64_t i = begin; i < end; ++i) {
      const int64_t image = i / bands, first = i % bands * band, last = std::min(rows, first + band);
      const Reach in_rows = reach(s.phases[0], s.in_step[0], first, last);
      lay_out(x + image * s.in * s.in_size[0] * s.in_size[1], s.in, s.in_size, in_rows, columns, pixels.data());
      const int64_t top = first * s.out_step[0];
      const int64_t count = (std::min(s.out_size[0], last * s.out_step[0]) - top) * s.out_size[1];
      for (int64_t strip = 0; strip < strips; ++strip) {
        const int64_t channel = strip * kTileWidth, channels = std::min(kTileWidth, s.out - channel);
        multiply_strip(s, packed, strip, first, last, in_rows, columns, pixels.data(), outputs.data());
        if (bias != nullptr) add_bias(bias + channel, channels, count, outputs.data());
        transpose(outputs.data(), kTileWidth, count, channels,
                  y + ((image * s.out + channel) * s.out_size[0] + top) * s.out_size[1], s.out_size[0] * s.out_size[1]);
      }
    }
  });
}

// gw as sums over pixels: rows are a window row's numbers of x, columns the channels of gy, both laid out. Blocks of
// bands are summed in their order.
void run_direct_weight(const Direct& s, const float* gy, const float* x, float* gw) {
  const Phase &rows = s.phases[0][0], &columns = s.phases[1][0];
  const Reach wide = reach(s.phases[1], s.in_step[1], 0, columns.count);
  const int64_t pitch = (wide.end - wide.begin) * s.in, gy_pitch = s.out_size[1] * s.out;
  const int64_t band = std::clamp<int64_t>(kBandFloats / (pitch * s.in_step[0] + gy_pitch), 1, rows.count);
  const int64_t bands = parts_of(rows.count, band), all = s.batch * bands;
  const int64_t x_room = ((band - 1) * s.in_step[0] + rows.taps) * pitch, gy_room = band * gy_pitch;
  const int64_t together = std::clamp<int64_t>(4 * kBandFloats / (x_room + gy_room), 1, all);
  const Buffer<float> pixels(together * x_room), gradients(together * gy_room + kTileWidth);
  const int64_t run = columns.taps * s.in, strips = parts_of(s.out, kTileWidth), width = strips * kTileWidth;
  const int64_t groups = parts_of(run, kTileRows);
  const Buffer<float> sums(rows.taps * run * width);
  const auto rows_of = [&](int64_t i) {
    return Reach{i % bands * band, std::min(rows.count, i % bands * band + band)};
  };
  for (int64_t block = 0; block < all; block += together) {
    const int64_t count = std::min(together, all - block);
    parallel_for(0, count, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t image = (block + i) / bands;
        const Reach out = rows_of(block + i);
        lay_out(x + image * s.in * s.in_size[0] * s.in_size[1], s.in, s.in_size,
                reach(s.phases[0], s.in_step[0], out.begin, out.end), wide, pixels.data() + i * x_room);
        lay_out(gy + image * s.out * s.out_size[0] * s.out_size[1], s.out, s.out_size, out, {0, s.out_size[1]},
                gradients.data() + i * gy_room);
      }
    });
    parallel_for(0, rows.taps * groups * strips, 1, [&](int64_t begin, int64_t end) {
      for (int64_t task = begin; task < end; ++task) {
        const int64_t strip = task % strips, group = task / strips % groups, tap = task / strips / groups;
        const int64_t first = group * run / groups, last = (group + 1) * run / groups;
        const auto multiply = tile_for(last - first, s.out - strip * kTileWidth > kFloats ? 2 : 1);
        float* to = sums.data() + (tap * run + first) * width + strip * kTileWidth;
        for (int64_t i = 0; i < count; ++i) {
          const Reach out = rows_of(block + i);
          multiply(columns.count, out.end - out.begin, s.in_step[0] * pitch, gy_pitch,
                   {pixels.data() + i * x_room + tap * pitch + first, 1, s.in_step[1] * s.in,
                    gradients.data() + i * gy_room + strip * kTileWidth, s.out, to, width},
                   block + i > 0);
        }
      }
    });
  }
  const int64_t places = rows.taps * columns.taps;
  parallel_for(0, s.out, 16, [&](int64_t begin, int64_t end) {
    for (int64_t out = begin; out < end; ++out) {
      for (int64_t place = 0; place < places; ++place) {
        for (int64_t in = 0; in < s.in; ++in) {
          gw[out * s.out_stride + in * s.in_stride + place] = sums.data()[(place * s.in + in) * width + out];
        }
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
HWY_EXPORT(run_direct);
HWY_EXPORT(run_direct_weight);
}  // namespace

namespace kernels::conv {
namespace {

// Planes without dilation and groups, and outputs enough for the lanes.
bool takes(ScalarType type, const Convolution& s, int64_t in, int64_t out) {
  if (type != kFloat || s.groups != 1 || out < 16 || s.batch == 0) return false;
  if (s.in[0] != 1 || s.kernel[0] != 1 || s.out[0] != 1 || s.padding[0] != 0) return false;
  if (s.dilation[1] != 1 || s.dilation[2] != 1 || s.in_size() == 0) return false;
  const int64_t places = s.kernel[1] * s.kernel[2];
  return places > 1 && places * in > 16;
}

Direct forward_plan(const Convolution& s) {
  Direct plan{s.batch,
              s.in_channels,
              s.out_channels,
              {s.in[1], s.in[2]},
              {s.out[1], s.out[2]},
              {s.stride[1], s.stride[2]},
              {1, 1},
              {},
              s.depth(),
              s.kernel_size(),
              s.kernel[2]};
  for (int i = 0; i < 2; ++i) plan.phases[i] = {{0, s.out[i + 1], -s.padding[i + 1], s.kernel[i + 1], 0, 1}};
  return plan;
}

}  // namespace

bool direct(ScalarType type, const Convolution& s, const Forward& pass) {
  if (!takes(type, s, s.in_channels, s.out_channels)) return false;
  RONDO_CHOSEN(run_direct)
  (forward_plan(s), static_cast<const float*>(pass.x), static_cast<const float*>(pass.w),
   static_cast<const float*>(pass.bias), static_cast<float*>(pass.y));
  return true;
}

bool direct(ScalarType type, const Convolution& s, const Weight& pass) {
  if (!takes(type, s, s.in_channels, s.out_channels)) return false;
  RONDO_CHOSEN(run_direct_weight)
  (forward_plan(s), static_cast<const float*>(pass.gy), static_cast<const float*>(pass.x),
   static_cast<float*>(pass.gw));
  return true;
}

// gx at i sums gy at o with window place k where o * stride - padding + k = i: for each remainder of i by the stride
// every stride-th place, backwards.
bool direct(ScalarType type, const Convolution& s, const Data& pass) {
  if (!takes(type, s, s.out_channels, s.in_channels)) return false;
  Direct plan{s.batch,
              s.out_channels,
              s.in_channels,
              {s.out[1], s.out[2]},
              {s.in[1], s.in[2]},
              {1, 1},
              {s.stride[1], s.stride[2]},
              {},
              s.kernel_size(),
              s.depth(),
              s.kernel[2]};
  for (int i = 0; i < 2; ++i) {
    const int64_t step = s.stride[i + 1], kernel = s.kernel[i + 1], padding = s.padding[i + 1], size = s.in[i + 1];
    for (int64_t first = 0; first < std::min(step, size); ++first) {
      const int64_t tap = (first + padding) % step, taps = tap < kernel ? (kernel - tap + step - 1) / step : 0;
      plan.phases[i].push_back({first, (size - first + step - 1) / step, (first + padding - tap) / step - (taps - 1),
                                taps, tap + (taps - 1) * step, -step});
    }
  }
  RONDO_CHOSEN(run_direct)
  (plan, static_cast<const float*>(pass.gy), static_cast<const float*>(pass.w), static_cast<const float*>(pass.bias),
   static_cast<float*>(pass.gx));
  return true;
}

}  // namespace kernels::conv
}  // namespace rondo
#endif
