#include <rondo/autograd/kernels/grid_sample.h>

#include <rondo/autograd/base/parallel.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace rondo::kernels {
namespace {

constexpr int64_t kBlock = 64;  // points whose taps are at hand
constexpr int64_t kGrain = 4096;

// A position and its slope by the grid's number.
template <class T>
struct Place {
  T at, slope;
};

template <class T>
Place<T> clipped(Place<T> place, int64_t size) {
  const T last = static_cast<T>(size - 1);
  if (place.at <= 0) return {T(0), T(0)};
  return place.at >= last ? Place<T>{last, T(0)} : place;
}

// Mirrored at the outermost centers, or at the borders half a number further out.
template <class T>
Place<T> reflected(Place<T> place, int64_t size, bool align_corners) {
  const T low = align_corners ? T(0) : T(-0.5), span = static_cast<T>(align_corners ? size - 1 : size);
  if (span == 0) return {T(0), T(0)};
  T at = place.at - low, slope = place.slope;
  if (at < 0) {
    at = -at;
    slope = -slope;
  }
  const T rest = std::fmod(at, span);
  const bool turned = std::fmod(std::floor(at / span), T(2)) != 0;
  return turned ? Place<T>{span - rest + low, -slope} : Place<T>{rest + low, slope};
}

template <class T>
Place<T> padded(Place<T> place, int64_t size, const GridShape& shape) {
  if (shape.padding == GridPadding::Border) return clipped(place, size);
  if (shape.padding == GridPadding::Reflection) return clipped(reflected(place, size, shape.align_corners), size);
  return place;
}

// The numbers along one dimension that a position is made of, their weights and these weights' slopes.
template <class T>
struct Axis {
  int count = 0;
  int64_t source[4];
  T weight[4], slope[4];

  void add(int64_t i, int64_t size, T w, T s) {
    if (i < 0 || i >= size) return;
    source[count] = i;
    weight[count] = w;
    slope[count++] = s;
  }
};

template <class T>
Axis<T> axis_at(T coordinate, int64_t size, const GridShape& shape) {
  const T extent = static_cast<T>(shape.align_corners ? size - 1 : size);
  Place<T> place{(coordinate + 1) / 2 * extent - (shape.align_corners ? T(0) : T(0.5)), extent / 2};
  Axis<T> axis;
  // Cubic taps are padded one by one, but for those that are too far away to be counted.
  if (shape.mode != GridMode::Cubic || !(std::abs(place.at) < T(1e9))) place = padded(place, size, shape);
  if (!std::isfinite(place.at) && shape.dims == 2 && shape.mode != GridMode::Nearest) {
    axis.add(0, size, std::numeric_limits<T>::quiet_NaN(), T(0));
    return axis;
  }
  if (!(std::abs(place.at) < T(1e9))) return axis;  // far outside; in volumes also NaN, as in libtorch
  if (shape.mode == GridMode::Nearest) {
    axis.add(static_cast<int64_t>(std::nearbyint(place.at)), size, T(1), T(0));
    return axis;
  }
  const T floor = std::floor(place.at), part = place.at - floor;
  const auto left = static_cast<int64_t>(floor);
  if (shape.mode == GridMode::Linear) {
    axis.add(left, size, 1 - part, -place.slope);
    axis.add(left + 1, size, part, place.slope);
    return axis;
  }
  constexpr T a = T(-0.75);
  for (int64_t k = -1; k <= 2; ++k) {
    const T signed_distance = part - static_cast<T>(k), x = std::abs(signed_distance);
    const T weight = x <= 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : (((x - 5) * x + 8) * x - 4) * a;
    const T slope = x <= 1 ? (3 * (a + 2) * x - 2 * (a + 3)) * x : ((3 * x - 10) * x + 8) * a;
    const T at = padded(Place<T>{static_cast<T>(left + k), T(0)}, size, shape).at;
    axis.add(static_cast<int64_t>(at), size, weight, (signed_distance < 0 ? -slope : slope) * place.slope);
  }
  return axis;
}

template <class T>
struct Tap {
  int64_t source;
  T weight;
};
// All taps of one point: at most 16 in a plane, 8 in a volume. Cubic volumes do not exist.
template <class T>
struct Taps {
  int count = 0;
  Tap<T> taps[16];
};

template <class T>
void set_axes(const GridShape& shape, const T* position, Axis<T> axes[3]) {
  for (int d = 0; d < 3; ++d) {
    if (d < shape.dims) {
      axes[d] = axis_at(position[d], shape.in[d], shape);
    } else {
      axes[d].count = 0;
      axes[d].add(0, 1, T(1), T(0));
    }
  }
}

// Calls f(source, i, j, k) for the combinations of taps, the last dimension fastest.
template <class T, class F>
void each_tap(const GridShape& shape, const Axis<T> axes[3], const F& f) {
  for (int k = 0; k < axes[2].count; ++k) {
    for (int j = 0; j < axes[1].count; ++j) {
      const int64_t row = (axes[2].source[k] * shape.in[1] + axes[1].source[j]) * shape.in[0];
      for (int i = 0; i < axes[0].count; ++i) f(row + axes[0].source[i], i, j, k);
    }
  }
}

template <class T>
void set_taps(const GridShape& shape, const T* position, Taps<T>& point) {
  Axis<T> axes[3];
  set_axes(shape, position, axes);
  point.count = 0;
  each_tap(shape, axes, [&](int64_t source, int i, int j, int k) {
    point.taps[point.count++] = {source, axes[0].weight[i] * axes[1].weight[j] * axes[2].weight[k]};
  });
}

int64_t plane_size(const GridShape& shape) { return shape.in[0] * shape.in[1] * shape.in[2]; }

template <class T>
void sample(const GridShape& shape, const T* x, const T* grid, T* y) {
  const int64_t plane = plane_size(shape), blocks = (shape.points + kBlock - 1) / kBlock;
  const int64_t grain = std::max<int64_t>(1, kGrain / (kBlock * std::max<int64_t>(1, shape.channels)));
  parallel_for(0, shape.batch * blocks, grain, [&](int64_t first, int64_t last) {
    Taps<T> taps[kBlock];
    for (int64_t block = first; block < last; ++block) {
      const int64_t n = block / blocks, begin = block % blocks * kBlock;
      const int64_t count = std::min(kBlock, shape.points - begin);
      for (int64_t p = 0; p < count; ++p) {
        set_taps(shape, grid + (n * shape.points + begin + p) * shape.dims, taps[p]);
      }
      for (int64_t c = 0; c < shape.channels; ++c) {
        const T* from = x + (n * shape.channels + c) * plane;
        T* to = y + (n * shape.channels + c) * shape.points + begin;
        for (int64_t p = 0; p < count; ++p) {
          T sum = 0;
          for (int t = 0; t < taps[p].count; ++t) sum += taps[p].taps[t].weight * from[taps[p].taps[t].source];
          to[p] = sum;
        }
      }
    }
  });
}

// Threads share planes, so that each sum keeps its order.
template <class T>
void spread(const GridShape& shape, const T* gy, const T* grid, T* gx) {
  const int64_t plane = plane_size(shape);
  const int64_t grain = std::max<int64_t>(1, kGrain / std::max<int64_t>(1, shape.points));
  parallel_for(0, shape.batch * shape.channels, grain, [&](int64_t first, int64_t last) {
    Taps<T> taps[kBlock];
    std::fill(gx + first * plane, gx + last * plane, T(0));
    for (int64_t row = first; row < last;) {
      const int64_t n = row / shape.channels, end = std::min(last, (n + 1) * shape.channels);
      for (int64_t begin = 0; begin < shape.points; begin += kBlock) {
        const int64_t count = std::min(kBlock, shape.points - begin);
        for (int64_t p = 0; p < count; ++p) {
          set_taps(shape, grid + (n * shape.points + begin + p) * shape.dims, taps[p]);
        }
        for (int64_t r = row; r < end; ++r) {
          const T* from = gy + r * shape.points + begin;
          T* to = gx + r * plane;
          for (int64_t p = 0; p < count; ++p) {
            for (int t = 0; t < taps[p].count; ++t) {
              const Tap<T>& tap = taps[p].taps[t];
              if (tap.weight == tap.weight)
                to[tap.source] += tap.weight * from[p];  // a position that is NaN is nowhere
            }
          }
        }
      }
      row = end;
    }
  });
}

template <class T>
void slopes(const GridShape& shape, const T* gy, const T* x, const T* grid, T* ggrid) {
  const int64_t plane = plane_size(shape);
  const int64_t grain = std::max<int64_t>(1, kGrain / std::max<int64_t>(1, shape.channels * 4));
  parallel_for(0, shape.batch * shape.points, grain, [&](int64_t first, int64_t last) {
    Axis<T> axes[3];
    for (int64_t at = first; at < last; ++at) {
      const int64_t n = at / shape.points, p = at % shape.points;
      set_axes(shape, grid + at * shape.dims, axes);
      T sums[3] = {0, 0, 0};
      each_tap(shape, axes, [&](int64_t source, int i, int j, int k) {
        const T* from = x + n * shape.channels * plane + source;
        const T* g = gy + n * shape.channels * shape.points + p;
        T dot = 0;
        for (int64_t c = 0; c < shape.channels; ++c) dot += from[c * plane] * g[c * shape.points];
        sums[0] += dot * axes[0].slope[i] * axes[1].weight[j] * axes[2].weight[k];
        sums[1] += dot * axes[0].weight[i] * axes[1].slope[j] * axes[2].weight[k];
        sums[2] += dot * axes[0].weight[i] * axes[1].weight[j] * axes[2].slope[k];
      });
      for (int d = 0; d < shape.dims; ++d) ggrid[at * shape.dims + d] = sums[d];
    }
  });
}

template <class T>
void backward(const GridShape& shape, const void* gy, const void* x, const void* grid, void* gx, void* ggrid) {
  const auto *g = static_cast<const T*>(gy), *at = static_cast<const T*>(grid);
  if (gx) spread(shape, g, at, static_cast<T*>(gx));
  if (ggrid) slopes(shape, g, static_cast<const T*>(x), at, static_cast<T*>(ggrid));
}

}  // namespace

void grid_sample(ScalarType type, const GridShape& shape, const void* x, const void* grid, void* y) {
  if (type == kDouble) {
    return sample(shape, static_cast<const double*>(x), static_cast<const double*>(grid), static_cast<double*>(y));
  }
  sample(shape, static_cast<const float*>(x), static_cast<const float*>(grid), static_cast<float*>(y));
}

void grid_sample_backward(ScalarType type, const GridShape& shape, const void* gy, const void* x, const void* grid,
                          void* gx, void* ggrid) {
  type == kDouble ? backward<double>(shape, gy, x, grid, gx, ggrid) : backward<float>(shape, gy, x, grid, gx, ggrid);
}

}  // namespace rondo::kernels
