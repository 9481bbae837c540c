// Pooling of any window.
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/pool.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace rondo::kernels {
namespace {

template <class F>
void with_type(ScalarType dtype, const F& f) {
  dtype == kDouble ? f(double()) : f(float());
}

// The planes of one piece of work, so that it covers about 32768 numbers.
int64_t grain_of(int64_t numbers) { return std::max<int64_t>(1, 32768 / std::max<int64_t>(1, numbers)); }

struct Range {
  int64_t first, end, step;
};

// The numbers of the input that window i covers in dimension d.
Range covered(const PoolShape& s, int d, int64_t i) {
  if (s.adaptive) return {i * s.in[d] / s.out[d], ((i + 1) * s.in[d] + s.out[d] - 1) / s.out[d], 1};
  int64_t first = i * s.stride[d] - s.pad[d];
  const int64_t end = std::min(first + (s.size[d] - 1) * s.dilation[d] + 1, s.in[d]);
  if (first < 0) first += (-first + s.dilation[d] - 1) / s.dilation[d] * s.dilation[d];
  return {first, end, s.dilation[d]};
}

// Calls f(window number, ranges of depth, height and width) for all windows of a plane.
template <class F>
void each_window(const PoolShape& s, const F& f) {
  int64_t number = 0;
  for (int64_t i = 0; i < s.out[0]; ++i) {
    const Range depth = covered(s, 0, i);
    for (int64_t j = 0; j < s.out[1]; ++j) {
      const Range height = covered(s, 1, j);
      for (int64_t k = 0; k < s.out[2]; ++k) f(number++, depth, height, covered(s, 2, k));
    }
  }
}

// The place of the largest number; a NaN stays, of equal numbers the first.
template <class T>
int64_t largest(const PoolShape& s, const T* x, const Range& depth, const Range& height, const Range& width) {
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

int64_t count_of(const Range& range) {
  return range.end > range.first ? (range.end - range.first + range.step - 1) / range.step : 0;
}

// The numbers of a window of which some lie in the padding, but not beyond it.
int64_t with_padding(const PoolShape& s, int d, int64_t i) {
  const int64_t first = i * s.stride[d] - s.pad[d];
  return std::min(first + s.size[d], s.in[d] + s.pad[d]) - first;
}

// Calls f(window number, ranges, divisor).
template <class F>
void each_mean(const PoolShape& s, MeanDivisor divisor, const F& f) {
  each_window(s, [&](int64_t number, const Range& depth, const Range& height, const Range& width) {
    int64_t count = divisor.fixed;
    if (count == 0 && divisor.count_pad && !s.adaptive) {
      const int64_t k = number % s.out[2], j = number / s.out[2] % s.out[1], i = number / s.out[2] / s.out[1];
      count = with_padding(s, 0, i) * with_padding(s, 1, j) * with_padding(s, 2, k);
    } else if (count == 0) {
      count = std::max<int64_t>(1, count_of(depth) * count_of(height) * count_of(width));
    }
    f(number, depth, height, width, static_cast<double>(count));
  });
}

}  // namespace

void max_pool(ScalarType dtype, const PoolShape& shape, const void* x, void* y, int64_t* indices) {
  const int64_t in = shape.numbers_in(), out = shape.numbers_out();
  with_type(dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(0, shape.planes, grain_of(in), [&](int64_t first, int64_t last) {
      for (int64_t plane = first; plane < last; ++plane) {
        const T* from = static_cast<const T*>(x) + plane * in;
        T* to = static_cast<T*>(y) + plane * out;
        each_window(shape, [&](int64_t number, const Range& depth, const Range& height, const Range& width) {
          const int64_t best = largest(shape, from, depth, height, width);
          to[number] = from[best];
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
        for (int64_t i = 0; i < out; ++i) to[indices[plane * out + i]] += from[i];
      }
    });
  });
}

void mean_pool(ScalarType dtype, const PoolShape& shape, MeanDivisor divisor, const void* x, void* y) {
  const int64_t in = shape.numbers_in(), out = shape.numbers_out();
  with_type(dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(0, shape.planes, grain_of(in), [&](int64_t first, int64_t last) {
      for (int64_t plane = first; plane < last; ++plane) {
        const T* from = static_cast<const T*>(x) + plane * in;
        T* to = static_cast<T*>(y) + plane * out;
        each_mean(shape, divisor,
                  [&](int64_t number, const Range& depth, const Range& height, const Range& width, double count) {
                    double sum = 0;
                    for (int64_t i = depth.first; i < depth.end; ++i) {
                      for (int64_t j = height.first; j < height.end; ++j) {
                        const T* row = from + (i * shape.in[1] + j) * shape.in[2];
                        for (int64_t k = width.first; k < width.end; ++k) sum += static_cast<double>(row[k]);
                      }
                    }
                    to[number] = static_cast<T>(sum / count);
                  });
      }
    });
  });
}

void mean_pool_backward(ScalarType dtype, const PoolShape& shape, MeanDivisor divisor, const void* gy, void* gx) {
  const int64_t in = shape.numbers_in(), out = shape.numbers_out();
  with_type(dtype, [&](auto zero) {
    using T = decltype(zero);
    parallel_for(0, shape.planes, grain_of(in), [&](int64_t first, int64_t last) {
      for (int64_t plane = first; plane < last; ++plane) {
        T* to = static_cast<T*>(gx) + plane * in;
        std::fill(to, to + in, T(0));
        const T* from = static_cast<const T*>(gy) + plane * out;
        each_mean(shape, divisor,
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
  if (wrong != indices + planes * count) return *wrong;
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
          return Range{start, start + shape.size[d], 1};
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
