// Convolutions as sums over shifts of flat arrays, in float32 and float64: any window, stride, dilation and groups.
#include <rondo/autograd/kernels/convolution_parts.h>
#include <rondo/autograd/kernels/dispatch.h>
#include <rondo/autograd/kernels/flat_plan-inl.h>
#include <rondo/autograd/kernels/product_parts.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/kernels/flat_convolution.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <rondo/autograd/kernels/product-inl.h>

HWY_BEFORE_NAMESPACE();
namespace rondo::HWY_NAMESPACE {
namespace {

using kernels::Buffer;
using kernels::Convolution;
using namespace kernels::flat;

template <class T>
using Full = hn::ScalableTag<T>;
template <class T>
constexpr int64_t kLanes = hn::MaxLanes(Full<T>());

constexpr bool kMany = !(HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_SCALAR);  // 32 registers
constexpr int kRows = kMany ? 14 : 6;                                          // of two registers
constexpr int kFewRows = kMany ? 6 : 3;                                        // of four registers
constexpr int64_t kDepth = 512;                                                // terms of one chain of sums
constexpr int64_t kStrips = 8;                                                 // that one thread takes at a time
constexpr int64_t kImageBytes = 4 << 20;

// Where a block of results goes.
template <class T>
struct Target {
  T* y;
  int64_t row;
  uint64_t lanes;
  const T* bias;    // of each row; may be null
  const T* before;  // sums so far; may be null
  T* keep;          // takes the sums where they are not complete; else null
};

// Sums over k of a[k][R] x[offset[k] .. + V registers).
template <int R, int V, class T>
HWY_NOINLINE void multiply(int64_t depth, const T* HWY_RESTRICT a, const int64_t* HWY_RESTRICT offsets,
                           const T* HWY_RESTRICT x, const Target<T>& target) {
  const Full<T> d;
  constexpr int64_t kL = kLanes<T>;
  hn::VFromD<Full<T>> sum[R][V];
  HWY_UNROLL(16)
  for (int r = 0; r < R; ++r) {
    HWY_UNROLL(4)
    for (int v = 0; v < V; ++v) sum[r][v] = hn::Zero(d);
  }
  for (int64_t k = 0; k < depth; ++k, a += R) {
    const T* from = x + offsets[k];
    hn::VFromD<Full<T>> part[V];
    HWY_UNROLL(4)
    for (int v = 0; v < V; ++v) part[v] = hn::LoadU(d, from + v * kL);
    HWY_UNROLL(16)
    for (int r = 0; r < R; ++r) {
      const auto factor = hn::Set(d, a[r]);
      HWY_UNROLL(4)
      for (int v = 0; v < V; ++v) sum[r][v] = hn::MulAdd(factor, part[v], sum[r][v]);
    }
  }
  if (target.before != nullptr) {
    HWY_UNROLL(16)
    for (int r = 0; r < R; ++r) {
      HWY_UNROLL(4)
      for (int v = 0; v < V; ++v) sum[r][v] = hn::Add(hn::LoadU(d, target.before + (r * V + v) * kL), sum[r][v]);
    }
  }
  if (target.keep != nullptr) {
    HWY_UNROLL(16)
    for (int r = 0; r < R; ++r) {
      HWY_UNROLL(4)
      for (int v = 0; v < V; ++v) hn::StoreU(sum[r][v], d, target.keep + (r * V + v) * kL);
    }
    return;
  }
  if (target.bias != nullptr) {
    HWY_UNROLL(16)
    for (int r = 0; r < R; ++r) {
      const auto shift = hn::Set(d, target.bias[r]);
      HWY_UNROLL(4)
      for (int v = 0; v < V; ++v) sum[r][v] = hn::Add(sum[r][v], shift);
    }
  }
  constexpr uint64_t kAll = kL == 64 ? ~uint64_t(0) : (uint64_t(1) << kL) - 1;
  T* to = target.y;
  HWY_UNROLL(4)
  for (int v = 0; v < V; ++v) {
    const uint64_t lanes = target.lanes >> (v * kL) & kAll;
    if (lanes == kAll) {
      HWY_UNROLL(16)
      for (int r = 0; r < R; ++r) hn::StoreU(sum[r][v], d, to + r * target.row);
      to += kL;
    } else if (lanes != 0) {
      const auto count = __builtin_popcountll(lanes);
      const auto mask = hn::LoadMaskBits(d, reinterpret_cast<const uint8_t*>(&lanes));
      const Part<Full<T>> first(static_cast<size_t>(count));
      HWY_UNROLL(16)
      for (int r = 0; r < R; ++r) first.store(hn::Compress(sum[r][v], mask), to + r * target.row);
      to += count;
    }
  }
}

template <class T>
using Multiply = void (*)(int64_t, const T*, const int64_t*, const T*, const Target<T>&);
template <class T, int V, int... R>
HWY_INLINE Multiply<T> choose_rows(int64_t rows, std::integer_sequence<int, R...>) {
  static constexpr Multiply<T> kTable[] = {&multiply<R + 1, V, T>...};
  return kTable[rows - 1];
}

// The rows of a correlation: results of one strip for all of them.
struct Rows {
  Split split;
  int registers;
  explicit Rows(int64_t rows)
      : split(split_by(rows, rows <= kFewRows ? kFewRows : kRows)), registers(rows <= kFewRows ? 4 : 2) {}
  template <class T>
  int64_t width() const {
    return registers * kLanes<T>;
  }
};

// factors[row][k], packed as `multiply` reads it: groups of rows, each [depth][rows of the group].
template <class T, class At>
void pack(const Rows& rows, int64_t depth, T* to, const At& at) {
  for (int64_t i = 0; i < rows.split.parts; ++i) {
    const int64_t first = rows.split.begin(i), last = rows.split.begin(i + 1);
    for (int64_t k = 0; k < depth; ++k) {
      for (int64_t r = first; r < last; ++r) *to++ = at(r, k);
    }
  }
}

// y[row] for the strips [first, last).
template <class T>
void correlate(const Rows& rows, int64_t depth, const T* packed, const int64_t* offsets, const T* x, const Strip* first,
               const Strip* last, const T* bias, T* y, int64_t y_row) {
  HWY_ALIGN T sums[kRows * 4 * kLanes<T>];
  const Split blocks = split_by(depth, kDepth);
  for (int64_t i = 0; i < rows.split.parts; ++i) {
    const int64_t row = rows.split.begin(i), count = rows.split.begin(i + 1) - row;
    const Multiply<T> kernel = rows.registers == 2
                                   ? choose_rows<T, 2>(count, std::make_integer_sequence<int, kRows>())
                                   : choose_rows<T, 4>(count, std::make_integer_sequence<int, kFewRows>());
    for (const Strip* strip = first; strip < last; ++strip) {
      Target<T> target{y + row * y_row + strip->result,     y_row,   strip->lanes,
                       bias == nullptr ? bias : bias + row, nullptr, nullptr};
      for (int64_t block = 0; block < blocks.parts; ++block) {
        const int64_t k = blocks.begin(block);
        target.keep = block + 1 < blocks.parts ? sums : nullptr;
        kernel(blocks.begin(block + 1) - k, packed + row * depth + k * count, offsets + k, x + strip->place, target);
        target.before = sums;
      }
    }
  }
}

bool reads_images(const Layout& layout, const Extents& out, int64_t width) {
  const Extents plane = layout.plane();
  return layout.is_image() && ((out[0] - 1) * plane[1] + out[1] - 1) * plane[2] + out[2] >= width;
}

template <class T>
void run_forward(const Convolution& s, const T* x, const T* w, const T* bias, T* y) {
  const Forward form(s);
  const Rows rows(s.group_out());
  const int64_t depth = s.depth();
  const bool in_place = reads_images(form.layout, form.out, rows.width<T>());
  const std::vector<int64_t> offsets = form.offsets(s);
  const std::vector<Strip> strips = strips_of(form.out, form.layout.plane(), rows.width<T>(), in_place);
  const Buffer<T> packed(s.out_channels * depth);
  for (int64_t g = 0; g < s.groups; ++g) {
    const T* factors = w + g * s.group_out() * depth;
    pack(rows, depth, packed.data() + g * s.group_out() * depth,
         [&](int64_t r, int64_t k) { return factors[r * depth + k]; });
  }
  const int64_t images = s.batch * s.groups, image = s.group_in() * s.in_size();
  const Planes<T> planes(form.layout, s.group_in(), images, kImageBytes, !in_place);
  const int64_t count = static_cast<int64_t>(strips.size()), chunks = split_by(count, kStrips).parts;
  const int64_t work = depth * s.group_out() * rows.width<T>() * std::min(count, kStrips);
  for (int64_t first = 0; first < images; first += planes.count()) {
    const int64_t last = std::min(images, first + planes.count());
    const T* from = planes.fill(x + first * image, image, last - first);
    parallel_for(0, (last - first) * chunks, std::max<int64_t>(1, (1 << 18) / work), [&](int64_t left, int64_t right) {
      for (int64_t item = left; item < right; ++item) {
        const int64_t i = item / chunks, part = item % chunks * kStrips, g = (first + i) % s.groups;
        correlate(rows, depth, packed.data() + g * s.group_out() * depth, offsets.data(),
                  from + i * planes.image_size(), strips.data() + part, strips.data() + std::min(count, part + kStrips),
                  bias == nullptr ? bias : bias + g * s.group_out(), y + (first + i) * s.group_out() * s.out_size(),
                  s.out_size());
      }
    });
  }
}

// One set of remainders of gx: an ordinary correlation of gy with the taps that reach it.
template <class T>
struct Phase {
  Extents remainder, first, out;  // gx at (first + j) * stride + remainder - padding, j in [0, out)
  std::vector<int64_t> offsets, taps;
  std::vector<Strip> strips;
  int64_t packed;  // where its factors begin
};

template <class T>
class DataGradient {
 public:
  DataGradient(const Convolution& s, const T* w)
      : s_(s),
        rows_(s.group_in()),
        layout_(layout_of(s)),
        in_place_(false),
        packed_(s.groups * s.group_out() * s.depth() + 1) {
    for (int64_t z = 0; z < s.stride[0]; ++z) {
      for (int64_t y = 0; y < s.stride[1]; ++y) {
        for (int64_t x = 0; x < s.stride[2]; ++x) add({z, y, x}, w);
      }
    }
  }

  void run(const T* gy, const T* bias, T* gx) const {
    const Convolution& s = s_;
    const int64_t images = s.batch * s.groups, image = s.group_out() * s.out_size(), size = s.group_in() * s.in_size();
    const Planes<T> planes(layout_, s.group_out(), images, kImageBytes, !in_place_);
    const bool whole = s.stride[0] * s.stride[1] * s.stride[2] == 1;
    const auto parts = static_cast<int64_t>(
        whole ? split_by(static_cast<int64_t>(phases_[0].strips.size()), kStrips).parts : phases_.size());
    for (int64_t first = 0; first < images; first += planes.count()) {
      const int64_t last = std::min(images, first + planes.count());
      const T* from = planes.fill(gy + first * image, image, last - first);
      parallel_for(0, (last - first) * parts, 1, [&](int64_t left, int64_t right) {
        for (int64_t item = left; item < right; ++item) {
          const int64_t i = item / parts, g = (first + i) % s.groups;
          const T* source = from + i * planes.image_size();
          const T* shift = bias == nullptr ? bias : bias + g * s.group_in();
          T* target = gx + (first + i) * size;
          if (whole) {
            strips(phases_[0], item % parts * kStrips, kStrips, g, source, shift, target, s.in_size());
          } else {
            scattered(phases_[static_cast<size_t>(item % parts)], g, source, shift, target);
          }
        }
      });
    }
  }

 private:
  // gy with zeros around it, as far as any tap reads.
  static Layout layout_of(const Convolution& s) {
    Layout layout;
    for (size_t a = 0; a < 3; ++a) {
      int64_t low = INT64_MAX, high = INT64_MIN;
      for (int64_t f = 0; f < s.stride[a]; ++f) {
        low = std::min(low, ceil_div(s.padding[a] - f, s.stride[a]));
        high = std::max(high, floor_div(s.in[a] - 1 + s.padding[a] - f, s.stride[a]));
      }
      low -= (s.kernel[a] - 1) * s.dilation[a] / s.stride[a];
      layout.axes[a] = {1, low, s.out[a], high - low + 1, {0}};
    }
    return layout;
  }

  void add(const Extents& remainder, const T* w) {
    const Convolution& s = s_;
    Phase<T> phase{remainder, {}, {}, {}, {}, {}, used_};
    std::array<Taps, 3> taps;
    for (size_t a = 0; a < 3; ++a) {
      const int64_t f = remainder[a], stride = s.stride[a];
      phase.first[a] = ceil_div(s.padding[a] - f, stride);
      phase.out[a] = floor_div(s.in[a] - 1 + s.padding[a] - f, stride) - phase.first[a] + 1;
      if (phase.out[a] <= 0) return;
      for (int64_t r = 0; r < s.kernel[a]; ++r) {
        if (r * s.dilation[a] % stride != f) continue;
        taps[a].tap.push_back(r);
        taps[a].plane.push_back(0);
        taps[a].shift.push_back(phase.first[a] - layout_.axes[a].start - r * s.dilation[a] / stride);
      }
    }
    const int64_t plane = volume(layout_.plane());
    for (int64_t k = 0; k < s.group_out(); ++k) {
      each_tap(taps, {s.kernel[0], s.kernel[1], s.kernel[2]}, layout_, [&](int64_t tap, int64_t, int64_t offset) {
        phase.offsets.push_back(k * plane + offset);
        phase.taps.push_back(k * s.depth() + tap);
      });
    }
    const auto depth = static_cast<int64_t>(phase.taps.size());
    in_place_ = volume({s.stride[0], s.stride[1], s.stride[2]}) == 1 &&
                reads_images(layout_, phase.out, rows_.template width<T>());
    phase.strips = strips_of(phase.out, layout_.plane(), rows_.template width<T>(), in_place_);
    for (int64_t g = 0; g < s.groups; ++g) {
      const T* factors = w + g * s.group_out() * s.depth();
      pack(rows_, depth, packed_.data() + used_,
           [&](int64_t c, int64_t k) { return factors[phase.taps[static_cast<size_t>(k)] + c * s.kernel_size()]; });
      used_ += depth * s.group_in();
    }
    phases_.push_back(std::move(phase));
  }

  void strips(const Phase<T>& phase, int64_t first, int64_t count, int64_t group, const T* gy, const T* bias, T* to,
              int64_t row) const {
    const auto depth = static_cast<int64_t>(phase.taps.size()), all = static_cast<int64_t>(phase.strips.size());
    correlate(rows_, depth, packed_.data() + phase.packed + group * depth * s_.group_in(), phase.offsets.data(), gy,
              phase.strips.data() + first, phase.strips.data() + std::min(all, first + count), bias, to, row);
  }

  void scattered(const Phase<T>& phase, int64_t group, const T* gy, const T* bias, T* gx) const {
    const Convolution& s = s_;
    const int64_t size = volume(phase.out), channels = s.group_in();
    const Buffer<T> result(channels * size);
    if (phase.taps.empty()) {
      for (int64_t c = 0; c < channels; ++c)
        std::fill_n(result.data() + c * size, size, bias == nullptr ? T(0) : bias[c]);
    }
    const auto all = static_cast<int64_t>(phase.taps.empty() ? 0 : phase.strips.size());
    for (int64_t i = 0; i < all; i += kStrips) strips(phase, i, kStrips, group, gy, bias, result.data(), size);
    Extents start;
    for (size_t a = 0; a < 3; ++a) start[a] = phase.first[a] * s.stride[a] + phase.remainder[a] - s.padding[a];
    const T* from = result.data();
    const int64_t step = s.stride[2];
    for (int64_t c = 0; c < channels; ++c) {
      for (int64_t z = 0; z < phase.out[0]; ++z) {
        for (int64_t y = 0; y < phase.out[1]; ++y, from += phase.out[2]) {
          const int64_t line = (c * s.in[0] + start[0] + z * s.stride[0]) * s.in[1] + start[1] + y * s.stride[1];
          T* to = gx + line * s.in[2] + start[2];
          for (int64_t x = 0; x < phase.out[2]; ++x) to[x * step] = from[x];
        }
      }
    }
  }

  const Convolution& s_;
  Rows rows_;
  Layout layout_;
  bool in_place_;
  std::vector<Phase<T>> phases_;
  Buffer<T> packed_;
  int64_t used_ = 0;
};

// sums[K][X] += the products of K rows and X shifted rows, all of `size` numbers.
template <int K, int X, class T>
HWY_NOINLINE void dots(int64_t size, const T* HWY_RESTRICT rows, int64_t stride, const T* HWY_RESTRICT x,
                       const int64_t* HWY_RESTRICT offsets, T* HWY_RESTRICT to, int64_t to_row) {
  const Full<T> d;
  hn::VFromD<Full<T>> sum[K][X];
  const T *a[K], *b[X];
  HWY_UNROLL(8)
  for (int i = 0; i < K; ++i) a[i] = rows + i * stride;
  HWY_UNROLL(8)
  for (int j = 0; j < X; ++j) b[j] = x + offsets[j];
  HWY_UNROLL(8)
  for (int i = 0; i < K; ++i) {
    HWY_UNROLL(8)
    for (int j = 0; j < X; ++j) sum[i][j] = hn::Zero(d);
  }
  for (int64_t q = 0; q < size; q += kLanes<T>) {
    hn::VFromD<Full<T>> left[K];
    HWY_UNROLL(8)
    for (int i = 0; i < K; ++i) left[i] = hn::LoadU(d, a[i] + q);
    HWY_UNROLL(8)
    for (int j = 0; j < X; ++j) {
      const auto right = hn::LoadU(d, b[j] + q);
      HWY_UNROLL(8)
      for (int i = 0; i < K; ++i) sum[i][j] = hn::MulAdd(left[i], right, sum[i][j]);
    }
  }
  HWY_UNROLL(8)
  for (int i = 0; i < K; ++i) {
    HWY_UNROLL(8)
    for (int j = 0; j < X; ++j) to[i * to_row + j] += hn::GetLane(hn::SumOfLanes(d, sum[i][j]));
  }
}

constexpr int kDotRows = kMany ? 4 : 3, kDotShifts = kMany ? 6 : 3;
constexpr int64_t kDotLength = 4096;

template <class T>
using Dots = void (*)(int64_t, const T*, int64_t, const T*, const int64_t*, T*, int64_t);
template <class T, int... I>
HWY_INLINE Dots<T> choose_dots(int64_t rows, int64_t shifts, std::integer_sequence<int, I...>) {
  static constexpr Dots<T> kTable[] = {&dots<I / kDotShifts + 1, I % kDotShifts + 1, T>...};
  return kTable[(rows - 1) * kDotShifts + shifts - 1];
}

// One group of channels. gy is laid out like the planes of x, with zeros between its lines.
template <class T>
void weight_of_group(const Convolution& s, const Forward& form, const int64_t* offsets, const T* gy, const T* x,
                     T* gw) {
  constexpr int64_t kL = kLanes<T>;
  const Extents plane = form.layout.plane();
  const int64_t flat = ((s.out[0] - 1) * plane[1] + s.out[1] - 1) * plane[2] + s.out[2];
  const int64_t size = (flat + kL - 1) / kL * kL, outputs = s.group_out(), depth = s.depth();
  Layout of_gy;
  for (size_t a = 0; a < 3; ++a) of_gy.axes[a] = {1, 0, s.out[a], plane[a], {0}};
  const bool dense = s.out[1] == plane[1] && s.out[2] == plane[2] && size == flat;
  // Rows of gy of `size` numbers each; the last lines of a plane hold zeros alone.
  of_gy.axes[0].plane = s.out[0];
  const int64_t row = dense ? size : (volume(of_gy.plane()) + kL - 1) / kL * kL;
  const Planes<T> planes(form.layout, s.group_in(), s.batch, 2 * kImageBytes,
                         !(form.layout.is_image() && size == flat));
  const int64_t block = std::min(
      s.batch, std::max<int64_t>(1, dense ? planes.count()
                                          : std::min(planes.count(), 2 * kImageBytes / static_cast<int64_t>(sizeof(T)) /
                                                                         (row * outputs))));
  const Buffer<T> wide(dense ? 0 : block * outputs * row);
  const int64_t image = s.group_in() * s.in_size(), result = outputs * s.out_size();
  const Split of_rows = split_by(outputs, kDotRows), of_shifts = split_by(depth, kDotShifts);
  std::fill_n(gw, outputs * depth, T(0));
  for (int64_t first = 0; first < s.batch; first += block) {
    const int64_t last = std::min(s.batch, first + block);
    const T* images = planes.fill(x + first * s.groups * image, s.groups * image, last - first);
    const T* gradients = gy + first * s.groups * result;
    int64_t distance = s.groups * result;
    if (!dense) {
      parallel_for(0, (last - first) * outputs, std::max<int64_t>(1, 16384 / row), [&](int64_t left, int64_t right) {
        for (int64_t i = left; i < right; ++i) {
          T* to = wide.data() + i * row;
          fill_planes(of_gy, gradients + i / outputs * distance + i % outputs * s.out_size(), 0, to);
          std::fill(to + volume(of_gy.plane()), to + row, T(0));
        }
      });
    }
    const T* from = dense ? gradients : wide.data();
    const int64_t step = dense ? distance : outputs * row;
    const int64_t image_step = planes.copies() ? planes.image_size() : s.groups * image;
    const int64_t tiles = of_rows.parts * of_shifts.parts;
    parallel_for(0, tiles, std::max<int64_t>(1, 16384 / (size * (last - first))), [&](int64_t left, int64_t right) {
      for (int64_t i = 0; i < last - first; ++i) {
        for (int64_t q = 0; q < size; q += kDotLength) {
          for (int64_t tile = left; tile < right; ++tile) {
            const int64_t k = of_rows.begin(tile % of_rows.parts), c = of_shifts.begin(tile / of_rows.parts);
            const Dots<T> kernel = choose_dots<T>(of_rows.begin(tile % of_rows.parts + 1) - k,
                                                  of_shifts.begin(tile / of_rows.parts + 1) - c,
                                                  std::make_integer_sequence<int, kDotRows * kDotShifts>());
            kernel(std::min(kDotLength, size - q), from + i * step + k * row + q, row, images + i * image_step + q,
                   offsets + c, gw + k * depth + c, depth);
          }
        }
      }
    });
  }
}

template <class T>
void run_weight(const Convolution& s, const T* gy, const T* x, T* gw) {
  const Forward form(s);
  const std::vector<int64_t> offsets = form.offsets(s);
  parallel_for(0, s.groups, 1, [&](int64_t first, int64_t last) {
    for (int64_t g = first; g < last; ++g) {
      weight_of_group(s, form, offsets.data(), gy + g * s.group_out() * s.out_size(),
                      x + g * s.group_in() * s.in_size(), gw + g * s.group_out() * s.depth());
    }
  });
}

template <class T>
void run(const Convolution& s, const kernels::conv::Forward& pass) {
  run_forward(s, static_cast<const T*>(pass.x), static_cast<const T*>(pass.w), static_cast<const T*>(pass.bias),
              static_cast<T*>(pass.y));
}
template <class T>
void run(const Convolution& s, const kernels::conv::Data& pass) {
  DataGradient<T>(s, static_cast<const T*>(pass.w))
      .run(static_cast<const T*>(pass.gy), static_cast<const T*>(pass.bias), static_cast<T*>(pass.gx));
}
template <class T>
void run(const Convolution& s, const kernels::conv::Weight& pass) {
  run_weight(s, static_cast<const T*>(pass.gy), static_cast<const T*>(pass.x), static_cast<T*>(pass.gw));
}

template <class Pass>
void run_as(ScalarType type, const Convolution& s, const Pass& pass) {
  if (type == kFloat) {
    run<float>(s, pass);
  } else {
    run<double>(s, pass);
  }
}
void flat_forward(ScalarType type, const Convolution& s, const kernels::conv::Forward& pass) { run_as(type, s, pass); }
void flat_data(ScalarType type, const Convolution& s, const kernels::conv::Data& pass) { run_as(type, s, pass); }
void flat_weight(ScalarType type, const Convolution& s, const kernels::conv::Weight& pass) { run_as(type, s, pass); }

}  // namespace
}  // namespace rondo::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo {
namespace {
HWY_EXPORT(flat_forward);
HWY_EXPORT(flat_data);
HWY_EXPORT(flat_weight);
}  // namespace

namespace kernels::conv {
namespace {

bool takes(ScalarType type, const Convolution& s) {
  static const bool quick = product::packed_is_quick();
  return quick && (type == kFloat || type == kDouble) && s.batch > 0 && s.depth() > 0 && s.in_size() > 0 &&
         s.out_size() > 0 && s.group_out() > 0;
}

}  // namespace

bool flat(ScalarType type, const Convolution& s, const Forward& pass) {
  if (!takes(type, s)) return false;
  RONDO_CHOSEN(flat_forward)(type, s, pass);
  return true;
}

bool flat(ScalarType type, const Convolution& s, const Data& pass) {
  if (!takes(type, s)) return false;
  RONDO_CHOSEN(flat_data)(type, s, pass);
  return true;
}

bool flat(ScalarType type, const Convolution& s, const Weight& pass) {
  if (!takes(type, s)) return false;
  RONDO_CHOSEN(flat_weight)(type, s, pass);
  return true;
}

}  // namespace kernels::conv
}  // namespace rondo
#endif
