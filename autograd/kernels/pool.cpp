// Pooling of any window.
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/pool.h>
#include <rondo/autograd/kernels/pool_columns.h>
#include <rondo/autograd/kernels/work.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace rondo::kernels {
namespace {

// What a window covers of one dimension of the input, and how many numbers that is with those of the padding.
struct Range {
  int64_t first, end, step, padded;
  int64_t count() const { return end > first ? (end - first + step - 1) / step : 0; }
};

Range covered(const PoolShape& s, int d, int64_t i) {
  if (s.adaptive) {
    const int64_t first = i * s.in[d] / s.out[d], end = ((i + 1) * s.in[d] + s.out[d] - 1) / s.out[d];
    return {first, end, 1, end - first};
  }
  const int64_t begin = i * s.stride[d] - s.pad[d];
  const int64_t end = std::min(begin + (s.size[d] - 1) * s.dilation[d] + 1, s.in[d]);
  const int64_t first = begin < 0 ? begin + (-begin + s.dilation[d] - 1) / s.dilation[d] * s.dilation[d] : begin;
  return {first, end, s.dilation[d], std::min(begin + s.size[d], s.in[d] + s.pad[d]) - begin};
}

// The ranges of all windows, dimension by dimension: they are the same in each plane.
struct Windows {
  explicit Windows(const PoolShape& s) {
    for (int d = 0; d < 3; ++d) {
      for (int64_t i = 0; i < s.out[d]; ++i) of[d].push_back(covered(s, d, i));
    }
    if (s.adaptive || s.stride[2] > 2) return;
    const auto inside = [&](int64_t k) {
      const int64_t begin = k * s.stride[2] - s.pad[2];
      return begin >= 0 && begin + (s.size[2] - 1) * s.dilation[2] < s.in[2];
    };
    while (first < s.out[2] && !inside(first)) ++first;
    for (end = first; end < s.out[2] && inside(end);) ++end;
    if (end - first < 4) end = first;
  }
  std::vector<Range> of[3];
  int64_t first = 0, end = 0;  // the columns that lanes can take: windows that lie inside from left to right
};

// What the windows of a row of them hold: the offsets of their numbers from the first column's place in a plane.
struct Taps {
  std::vector<int64_t> offsets;

  void collect(const PoolShape& s, const Range& depth, const Range& height) {
    offsets.clear();
    for (int64_t i = depth.first; i < depth.end; i += depth.step) {
      for (int64_t j = height.first; j < height.end; j += height.step) {
        for (int64_t k = 0; k < s.size[2]; ++k) {
          offsets.push_back((i * s.in[1] + j) * s.in[2] + k * s.dilation[2] - s.pad[2]);
        }
      }
    }
  }
  template <class T>
  PoolColumns<T> columns(const PoolShape& s, const Windows& windows, const T* plane) const {
    return {plane,         s.numbers_in(), offsets.data(), static_cast<int64_t>(offsets.size()),
            windows.first, windows.end,    s.stride[2]};
  }
};

// Calls f(window number, ranges of depth, height and width) for all windows of a plane, but for the columns of a row
// from `first` to the one that row(number of its first window, ranges of depth and height) returns: those are done.
template <class Row, class F>
void each_window(const Windows& windows, const Row& row, const F& f) {
  int64_t number = 0;
  const int64_t columns = static_cast<int64_t>(windows.of[2].size());
  for (const Range& depth : windows.of[0]) {
    for (const Range& height : windows.of[1]) {
      const int64_t done = windows.first < windows.end ? row(number, depth, height) : windows.first;
      for (int64_t k = 0; k < columns; ++k) {
        if (k == windows.first) k = done;
        if (k < columns) f(number + k, depth, height, windows.of[2][static_cast<size_t>(k)]);
      }
      number += columns;
    }
  }
}

// The place of the largest number; a NaN stays, of equal numbers the first. -1 for a window whose numbers all lie in
// the padding, as dilation may have it.
template <class T>
int64_t largest(const PoolShape& s, const T* x, const Range& depth, const Range& height, const Range& width) {
  if (depth.first >= depth.end || height.first >= height.end || width.first >= width.end) return -1;
  int64_t best = (depth.first * s.in[1] + height.first) * s.in[2] + width.first;
  T value = -std::numeric_limits<T>::infinity();
  for (int64_t i = depth.first; i < depth.end; i += depth.step) {
    for (int64_t j = height.first; j < height.end; j += height.step) {
      const int64_t row = (i * s.in[1] + j) * s.in[2];
      for (int64_t k = width.first; k < width.end; k += width.step) {
        if (x[row + k] > value || std::isnan(x[row + k])) {
          value = x[row + k];
          best = row + k;
        }
      }
    }
  }
  return best;
}

double divisor_of(MeanDivisor divisor, const Range& depth, const Range& height, const Range& width) {
  if (divisor.fixed != 0) return static_cast<double>(divisor.fixed);
  if (divisor.count_pad) return static_cast<double>(depth.padded * height.padded * width.padded);
  return static_cast<double>(std::max<int64_t>(1, depth.count() * height.count() * width.count()));
}

// Calls f(window number, ranges, divisor).
template <class Row, class F>
void each_mean(const Windows& windows, MeanDivisor divisor, const Row& row, const F& f) {
  each_window(windows, row, [&](int64_t number, const Range& depth, const Range& height, const Range& width) {
    f(number, depth, height, width, divisor_of(divisor, depth, height, width));
  });
}

// The sum of numbers side by side: lanes within pieces, the pieces in double, so that the error does not grow with
// their number.
template <class T>
double run_sum(const T* x, int64_t count) {
  constexpr int64_t kLanes = 16, kPiece = 64 * kLanes;
  double total = 0;
  int64_t i = 0;
  while (count - i >= kLanes) {
    const int64_t end = i + std::min(kPiece, (count - i) / kLanes * kLanes);
    T lanes[kLanes] = {};
    for (; i < end; i += kLanes) {
      for (int64_t l = 0; l < kLanes; ++l) lanes[l] += x[i + l];
    }
    for (const T lane : lanes) total += static_cast<double>(lane);
  }
  for (; i < count; ++i) total += static_cast<double>(x[i]);
  return total;
}

}  // namespace

void max_pool(ScalarType dtype, const PoolShape& shape, const void* x, void* y, int64_t* indices) {
  const int64_t in = shape.numbers_in(), out = shape.numbers_out();
  const Windows windows(shape);
  with_type(dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(0, shape.planes, grain_of(in), [&](int64_t first, int64_t last) {
      Taps taps;
      for (int64_t plane = first; plane < last; ++plane) {
        const T* from = static_cast<const T*>(x) + plane * in;
        T* to = static_cast<T*>(y) + plane * out;
        const auto row = [&](int64_t number, const Range& depth, const Range& height) {
          taps.collect(shape, depth, height);
          if (taps.offsets.empty()) return windows.first;
          return max_columns(taps.columns(shape, windows, from), to + number, indices + plane * out + number);
        };
        each_window(windows, row, [&](int64_t number, const Range& depth, const Range& height, const Range& width) {
          const int64_t best = largest(shape, from, depth, height, width);
          to[number] = best < 0 ? -std::numeric_limits<T>::infinity() : from[best];
          indices[plane * out + number] = best;
        });
      }
    });
  });
}

void max_pool_backward(ScalarType dtype, const PoolShape& shape, const void* gy, const int64_t* indices, void* gx) {
  const int64_t in = shape.numbers_in(), out = shape.numbers_out();
  with_type(dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(0, shape.planes, grain_of(in), [&](int64_t first, int64_t last) {
      for (int64_t plane = first; plane < last; ++plane) {
        T* to = static_cast<T*>(gx) + plane * in;
        std::fill(to, to + in, T(0));
        const T* from = static_cast<const T*>(gy) + plane * out;
        for (int64_t i = 0; i < out; ++i) {
          const int64_t place = indices[plane * out + i];
          if (place >= 0) to[place] += from[i];
        }
      }
    });
  });
}

namespace {

// Sums and quotients of integers; the quotients are cut off.
void integer_means(const PoolShape& shape, MeanDivisor divisor, const int64_t* x, int64_t* y) {
  const int64_t in = shape.numbers_in(), out = shape.numbers_out();
  const Windows windows(shape);
  parallel_for(0, shape.planes, grain_of(in), [&](int64_t first, int64_t last) {
    for (int64_t plane = first; plane < last; ++plane) {
      const int64_t* from = x + plane * in;
      const auto none = [&](int64_t, const Range&, const Range&) { return windows.first; };
      each_mean(windows, divisor, none,
                [&](int64_t number, const Range& depth, const Range& height, const Range& width, double count) {
                  uint64_t sum = 0;  // may wrap
                  for (int64_t i = depth.first; i < depth.end; ++i) {
                    for (int64_t j = height.first; j < height.end; ++j) {
                      const int64_t* row = from + (i * shape.in[1] + j) * shape.in[2];
                      for (int64_t k = width.first; k < width.end; ++k) sum += static_cast<uint64_t>(row[k]);
                    }
                  }
                  const auto divided_by = static_cast<int64_t>(count);
                  y[plane * out + number] = divided_by == 0 ? 0 : static_cast<int64_t>(sum) / divided_by;
                });
    }
  });
}

}  // namespace

void mean_pool(ScalarType dtype, const PoolShape& shape, MeanDivisor divisor, const void* x, void* y) {
  if (dtype == kLong) {
    return integer_means(shape, divisor, static_cast<const int64_t*>(x), static_cast<int64_t*>(y));
  }
  const int64_t in = shape.numbers_in(), out = shape.numbers_out();
  const Windows windows(shape);
  with_type(dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(0, shape.planes, grain_of(in), [&](int64_t first, int64_t last) {
      Taps taps;
      for (int64_t plane = first; plane < last; ++plane) {
        const T* from = static_cast<const T*>(x) + plane * in;
        T* to = static_cast<T*>(y) + plane * out;
        // Long windows keep their sums in double.
        const auto row = [&](int64_t number, const Range& depth, const Range& height) {
          if (shape.size[0] * shape.size[1] * shape.size[2] > 64) return windows.first;
          taps.collect(shape, depth, height);
          const Range& inside = windows.of[2][static_cast<size_t>(windows.first)];
          if (taps.offsets.empty()) return windows.first;
          return mean_columns(taps.columns(shape, windows, from),
                              static_cast<T>(divisor_of(divisor, depth, height, inside)), to + number);
        };
        each_mean(windows, divisor, row,
                  [&](int64_t number, const Range& depth, const Range& height, const Range& width, double count) {
                    // Whole rows are one run.
                    int64_t rows = height.count(), length = width.count();
                    if (length == shape.in[2]) length *= std::exchange(rows, std::min<int64_t>(rows, 1));
                    double sum = 0;
                    for (int64_t i = depth.first; i < depth.end; ++i) {
                      const T* run = from + (i * shape.in[1] + height.first) * shape.in[2] + width.first;
                      for (int64_t j = 0; j < rows; ++j, run += shape.in[2]) sum += run_sum(run, length);
                    }
                    to[number] = static_cast<T>(sum / count);
                  });
      }
    });
  });
}

void mean_pool_backward(ScalarType dtype, const PoolShape& shape, MeanDivisor divisor, const void* gy, void* gx) {
  const int64_t in = shape.numbers_in(), out = shape.numbers_out();
  const Windows windows(shape);
  with_type(dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(0, shape.planes, grain_of(in), [&](int64_t first, int64_t last) {
      for (int64_t plane = first; plane < last; ++plane) {
        T* to = static_cast<T*>(gx) + plane * in;
        std::fill(to, to + in, T(0));
        const T* from = static_cast<const T*>(gy) + plane * out;
        const auto none = [&](int64_t, const Range&, const Range&) { return windows.first; };
        each_mean(windows, divisor, none,
                  [&](int64_t number, const Range& depth, const Range& height, const Range& width, double count) {
                    const T share = static_cast<T>(static_cast<double>(from[number]) / count);
                    for (int64_t i = depth.first; i < depth.end; ++i) {
                      for (int64_t j = height.first; j < height.end; ++j) {
                        T* row = to + (i * shape.in[1] + j) * shape.in[2];
                        for (int64_t k = width.first; k < width.end; ++k) row[k] += share;
                      }
                    }
                  });
      }
    });
  });
}

int64_t max_unpool(ScalarType dtype, int64_t planes, int64_t count, int64_t numbers, const void* x,
                   const int64_t* indices, void* y) {
  const int64_t* wrong = std::find_if(indices, indices + planes * count,
                                      [numbers](int64_t index) { return index < 0 || index >= numbers; });
  if (wrong != indices + planes * count) return wrong - indices;
  with_type(dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(0, planes, grain_of(numbers), [&](int64_t first, int64_t last) {
      for (int64_t plane = first; plane < last; ++plane) {
        T* to = static_cast<T*>(y) + plane * numbers;
        std::fill(to, to + numbers, T(0));
        const T* from = static_cast<const T*>(x) + plane * count;
        for (int64_t i = 0; i < count; ++i) to[indices[plane * count + i]] = from[i];
      }
    });
  });
  return -1;
}

void gather_planes(ScalarType dtype, int64_t planes, int64_t count, int64_t numbers, const void* gy,
                   const int64_t* indices, void* gx) {
  with_type(dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(0, planes, grain_of(count), [&](int64_t first, int64_t last) {
      for (int64_t plane = first; plane < last; ++plane) {
        const T* from = static_cast<const T*>(gy) + plane * numbers;
        T* to = static_cast<T*>(gx) + plane * count;
        for (int64_t i = 0; i < count; ++i) to[i] = from[indices[plane * count + i]];
      }
    });
  });
}

void max_pool_at(ScalarType dtype, const PoolShape& shape, const int64_t* const starts[3], const void* x, void* y,
                 int64_t* indices) {
  const int64_t in = shape.numbers_in(), out = shape.numbers_out();
  with_type(dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(0, shape.planes, grain_of(in), [&](int64_t first, int64_t last) {
      for (int64_t plane = first; plane < last; ++plane) {
        const T* from = static_cast<const T*>(x) + plane * in;
        const auto range = [&](int d, int64_t i) {
          const int64_t start = starts[d][plane * shape.out[d] + i];
          return Range{start, start + shape.size[d], 1, shape.size[d]};
        };
        int64_t number = plane * out;
        for (int64_t i = 0; i < shape.out[0]; ++i) {
          for (int64_t j = 0; j < shape.out[1]; ++j) {
            for (int64_t k = 0; k < shape.out[2]; ++k, ++number) {
              const int64_t best = largest(shape, from, range(0, i), range(1, j), range(2, k));
              static_cast<T*>(y)[number] = from[best];
              indices[number] = best;
            }
          }
        }
      }
    });
  });
}

}  // namespace rondo::kernels
