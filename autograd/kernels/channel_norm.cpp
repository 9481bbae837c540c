// Batch norm, group norm and root mean square norm, and their gradients.
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/channel_norm_table.h>
#include <rondo/autograd/kernels/dispatch.h>
#include <rondo/autograd/kernels/work.h>

#include <cmath>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/kernels/channel_norm.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <rondo/autograd/kernels/rows-inl.h>

HWY_BEFORE_NAMESPACE();
namespace rondo::HWY_NAMESPACE {
namespace {

using kernels::ChannelShape;
using kernels::grain_of;

// What one channel, or one group of channels, consists of: `count` pieces of `length` numbers, `step` apart.
struct Pieces {
  int64_t count, length, step;
  HWY_INLINE double numbers() const { return static_cast<double>(count * length); }
};

// The sum of f(place, part) over all numbers of the pieces.
template <class T, class F>
HWY_INLINE double sum_over(const Pieces& pieces, const F& f) {
  double total = 0;
  for (int64_t p = 0; p < pieces.count; ++p) {
    const int64_t at = p * pieces.step;
    total += row_sum<T>(pieces.length, [&](int64_t i, auto part) HWY_ATTR { return f(at + i, part); });
  }
  return total;
}

// sum(g) and sum(g n) with n = (x - middle) * factor, in one pass.
struct TwoSums {
  double one = 0, along = 0;
};
template <class T>
HWY_INLINE TwoSums sums_with(const Pieces& pieces, const T* g, const T* x, Lanes<T> middle, Lanes<T> factor) {
  constexpr int64_t kL = lane_count<T>(), kPiece = 128 * kL;
  TwoSums total;
  for (int64_t p = 0; p < pieces.count; ++p) {
    const T *from = g + p * pieces.step, *with = x + p * pieces.step;
    for (int64_t first = 0; first < pieces.length; first += kPiece) {
      const int64_t end = std::min(pieces.length, first + kPiece);
      Lanes<T> one[2], along[2];
      int64_t i = first;
      for (; i + 2 * kL <= end; i += 2 * kL) {
        for (int h = 0; h < 2; ++h) {
          const Lanes<T> v = Lanes<T>::load(from + i + h * kL);
          one[h] += v;
          along[h] += v * ((Lanes<T>::load(with + i + h * kL) - middle) * factor);
        }
      }
      for (; i < end; i += kL) {
        // Lanes behind the end have v = 0.
        const First part{static_cast<size_t>(std::min(kL, end - i))};
        const Lanes<T> v = part.load(from + i);
        one[1] += v;
        along[1] += part.select(v * ((part.load(with + i) - middle) * factor), Lanes<T>());
      }
      total.one += static_cast<double>(sum_of(one[0] + one[1]));
      total.along += static_cast<double>(sum_of(along[0] + along[1]));
    }
  }
  return total;
}

template <class T>
HWY_INLINE T mean_of(const Pieces& pieces, const T* x) {
  return static_cast<T>(sum_over<T>(pieces, [&](int64_t i, auto part) HWY_ATTR { return part.load(x + i); }) /
                        pieces.numbers());
}

// The biased variance around the mean that the result uses, so that no digits cancel.
template <class T>
HWY_INLINE double variance_of(const Pieces& pieces, const T* x, T mean) {
  const Lanes<T> middle(static_cast<double>(mean));
  const double squares = sum_over<T>(pieces, [&](int64_t i, auto part) HWY_ATTR {
    const Lanes<T> deviation = part.load(x + i) - middle;
    return deviation * deviation;
  });
  return squares / pieces.numbers();
}

// y = (x - mean) * scale + shift along a piece.
template <class T>
HWY_INLINE void scale_piece(int64_t length, const T* x, T mean, double scale, double shift, T* y) {
  const Lanes<T> middle(static_cast<double>(mean)), factor(scale), offset(shift);
  each_register<T>(
      length, [&](int64_t i, auto part) HWY_ATTR { part.store((part.load(x + i) - middle) * factor + offset, y + i); });
}

template <class T>
HWY_INLINE double at(const T* values, int64_t i, double otherwise) {
  return values == nullptr ? otherwise : static_cast<double>(values[i]);
}

template <class T>
void batch_forward(const ChannelShape& s, double eps, const T* x, const T* weight, const T* bias, T* y, T* mean,
                   T* variance, T* rstd) {
  const Pieces pieces{s.batch, s.inner, s.channels * s.inner};
  parallel_for(0, s.channels, grain_of(s.batch * s.inner), [&](int64_t first, int64_t last) {
    for (int64_t c = first; c < last; ++c) {
      const T* from = x + c * s.inner;
      mean[c] = mean_of(pieces, from);
      const double spread = variance_of(pieces, from, mean[c]);
      variance[c] = static_cast<T>(spread);
      // 0 / sqrt(0) is 0 here, as in libtorch.
      rstd[c] = spread == 0 && eps == 0 ? T(0) : static_cast<T>(1 / std::sqrt(spread + eps));
      const double scale = static_cast<double>(rstd[c]) * at(weight, c, 1), shift = at(bias, c, 0);
      for (int64_t n = 0; n < s.batch; ++n) {
        const int64_t place = n * pieces.step + c * s.inner;
        scale_piece(s.inner, x + place, mean[c], scale, shift, y + place);
      }
    }
  });
}

template <class T>
void batch_apply(const ChannelShape& s, const T* x, const T* weight, const T* bias, const T* mean, const T* rstd,
                 T* y) {
  parallel_for(0, s.batch * s.channels, grain_of(s.inner), [&](int64_t first, int64_t last) {
    for (int64_t row = first; row < last; ++row) {
      const int64_t c = row % s.channels;
      scale_piece(s.inner, x + row * s.inner, mean[c], static_cast<double>(rstd[c]) * at(weight, c, 1), at(bias, c, 0),
                  y + row * s.inner);
    }
  });
}

// With n = (x - mean) * rstd: gweight = sum(gy n), gbias = sum(gy), and, where the statistics depend on x,
// gx = weight * rstd * (gy - mean(gy) - n * mean(gy n)).
template <class T>
void batch_backward(const ChannelShape& s, bool training, const T* gy, const T* x, const T* weight, const T* mean,
                    const T* rstd, T* gx, T* gweight, T* gbias) {
  const Pieces pieces{s.batch, s.inner, s.channels * s.inner};
  parallel_for(0, s.channels, grain_of(s.batch * s.inner), [&](int64_t first, int64_t last) {
    for (int64_t c = first; c < last; ++c) {
      const T *g = gy + c * s.inner, *from = x + c * s.inner;
      const Lanes<T> middle(static_cast<double>(mean[c])), factor(static_cast<double>(rstd[c]));
      double along_one = 0, along_x = 0;
      if (training || gweight != nullptr) {
        const TwoSums sums = sums_with(pieces, g, from, middle, factor);
        along_one = sums.one;
        along_x = sums.along;
      } else if (gbias != nullptr) {
        along_one = sum_over<T>(pieces, [&](int64_t i, auto part) HWY_ATTR { return part.load(g + i); });
      }
      if (gweight != nullptr) gweight[c] = static_cast<T>(along_x);
      if (gbias != nullptr) gbias[c] = static_cast<T>(along_one);
      if (gx == nullptr) continue;
      const Lanes<T> scale(static_cast<double>(rstd[c]) * at(weight, c, 1));
      const Lanes<T> less(along_one / pieces.numbers()), turn(along_x / pieces.numbers());
      for (int64_t n = 0; n < s.batch; ++n) {
        const int64_t place = n * pieces.step;
        T* to = gx + c * s.inner + place;
        each_register<T>(s.inner, [&](int64_t i, auto part) HWY_ATTR {
          Lanes<T> value = part.load(g + place + i);
          if (training) value -= less + (part.load(from + place + i) - middle) * factor * turn;
          part.store(value * scale, to + i);
        });
      }
    }
  });
}

template <class T>
void group_forward(const ChannelShape& s, int64_t groups, double eps, const T* x, const T* weight, const T* bias, T* y,
                   T* mean, T* rstd) {
  const int64_t width = s.channels / groups, size = width * s.inner;
  const Pieces all{1, size, 0};
  parallel_for(0, s.batch * groups, grain_of(size), [&](int64_t first, int64_t last) {
    for (int64_t row = first; row < last; ++row) {
      const T* from = x + row * size;
      mean[row] = mean_of(all, from);
      rstd[row] = static_cast<T>(1 / std::sqrt(variance_of(all, from, mean[row]) + eps));
      for (int64_t d = 0; d < width; ++d) {
        const int64_t c = row % groups * width + d;
        scale_piece(s.inner, from + d * s.inner, mean[row], static_cast<double>(rstd[row]) * at(weight, c, 1),
                    at(bias, c, 0), y + row * size + d * s.inner);
      }
    }
  });
}

template <class T>
void group_backward(const ChannelShape& s, int64_t groups, const T* gy, const T* x, const T* weight, const T* mean,
                    const T* rstd, T* gx, T* gweight, T* gbias) {
  const int64_t width = s.channels / groups, size = width * s.inner;
  // Of each channel of each element of the batch: sum(gy n) and sum(gy); summed over the batch in its order.
  std::vector<double> sums(static_cast<size_t>(2 * s.batch * s.channels));
  parallel_for(0, s.batch * groups, grain_of(size), [&](int64_t first, int64_t last) {
    for (int64_t row = first; row < last; ++row) {
      const T *g = gy + row * size, *from = x + row * size;
      const Lanes<T> middle(static_cast<double>(mean[row])), factor(static_cast<double>(rstd[row]));
      double along_one = 0, along_x = 0;
      for (int64_t d = 0; d < width; ++d) {
        const int64_t c = row % groups * width + d, place = d * s.inner;
        const double plain =
            row_sum<T>(s.inner, [&](int64_t i, auto part) HWY_ATTR { return part.load(g + place + i); });
        const double turned = row_sum<T>(s.inner, [&](int64_t i, auto part) HWY_ATTR {
          return part.load(g + place + i) * ((part.load(from + place + i) - middle) * factor);
        });
        double* sum = sums.data() + 2 * (row / groups * s.channels + c);
        sum[0] = turned;
        sum[1] = plain;
        along_one += plain * at(weight, c, 1);
        along_x += turned * at(weight, c, 1);
      }
      if (gx == nullptr) continue;
      const Lanes<T> less(along_one / static_cast<double>(size)), turn(along_x / static_cast<double>(size));
      for (int64_t d = 0; d < width; ++d) {
        const int64_t place = d * s.inner;
        const Lanes<T> own(at(weight, row % groups * width + d, 1));
        T* to = gx + row * size + place;
        each_register<T>(s.inner, [&](int64_t i, auto part) HWY_ATTR {
          const Lanes<T> normal = (part.load(from + place + i) - middle) * factor;
          part.store(factor * (part.load(g + place + i) * own - less - normal * turn), to + i);
        });
      }
    }
  });
  for (int64_t c = 0; c < s.channels; ++c) {
    double of_weight = 0, of_bias = 0;
    for (int64_t n = 0; n < s.batch; ++n) {
      of_weight += sums[static_cast<size_t>(2 * (n * s.channels + c))];
      of_bias += sums[static_cast<size_t>(2 * (n * s.channels + c) + 1)];
    }
    if (gweight != nullptr) gweight[c] = static_cast<T>(of_weight);
    if (gbias != nullptr) gbias[c] = static_cast<T>(of_bias);
  }
}

template <class T>
void rms_forward(int64_t rows, int64_t size, double eps, const T* x, const T* weight, T* y, T* rstd) {
  parallel_for(0, rows, grain_of(size), [&](int64_t first, int64_t last) {
    for (int64_t row = first; row < last; ++row) {
      const T* from = x + row * size;
      const double squares = row_sum<T>(size, [&](int64_t i, auto part) HWY_ATTR {
        const Lanes<T> value = part.load(from + i);
        return value * value;
      });
      rstd[row] = static_cast<T>(1 / std::sqrt(squares / static_cast<double>(size) + eps));
      const Lanes<T> factor(static_cast<double>(rstd[row]));
      each_register<T>(size, [&](int64_t i, auto part) HWY_ATTR {
        Lanes<T> value = part.load(from + i) * factor;
        if (weight != nullptr) value *= part.load(weight + i);
        part.store(value, y + row * size + i);
      });
    }
  });
}

// With n = x * rstd and g = gy * weight: gx = rstd * (g - n * mean(g n)), gweight = the sum of gy n over the rows.
template <class T>
void rms_backward(int64_t rows, int64_t size, const T* gy, const T* x, const T* weight, const T* rstd, T* gx,
                  T* gweight) {
  const int64_t height = std::max({grain_of(size), (rows + 63) / 64, int64_t{1}});
  const int64_t blocks = std::max<int64_t>(1, (rows + height - 1) / height);
  std::vector<T> sums(gweight == nullptr ? 0 : static_cast<size_t>(size * blocks));
  // Blocks of rows that depend on the shape alone are summed each for itself, then in their order.
  parallel_for(0, blocks, 1, [&](int64_t first, int64_t last) {
    for (int64_t block = first; block < last; ++block) {
      for (int64_t row = block * height; row < std::min(rows, (block + 1) * height); ++row) {
        const T *g = gy + row * size, *from = x + row * size;
        const Lanes<T> factor(static_cast<double>(rstd[row]));
        const auto weighted = [&](int64_t i, auto part) HWY_ATTR {
          return weight == nullptr ? part.load(g + i) : part.load(g + i) * part.load(weight + i);
        };
        if (gx != nullptr) {
          const Lanes<T> turn(row_sum<T>(size,
                                         [&](int64_t i, auto part)
                                             HWY_ATTR { return weighted(i, part) * (part.load(from + i) * factor); }) /
                              static_cast<double>(size));
          each_register<T>(size, [&](int64_t i, auto part) HWY_ATTR {
            part.store(factor * (weighted(i, part) - part.load(from + i) * factor * turn), gx + row * size + i);
          });
        }
        if (gweight != nullptr) {
          T* sum = sums.data() + block * size;
          each_register<T>(size, [&](int64_t i, auto part) HWY_ATTR {
            part.store(part.load(sum + i) + part.load(g + i) * (part.load(from + i) * factor), sum + i);
          });
        }
      }
    }
  });
  if (gweight == nullptr) return;
  each_register<T>(size, [&](int64_t i, auto part) HWY_ATTR {
    Lanes<T> sum = part.load(sums.data() + i);
    for (int64_t block = 1; block < blocks; ++block) sum += part.load(sums.data() + block * size + i);
    part.store(sum, gweight + i);
  });
}

template <class T>
const kernels::NormTable<T>* table() {
  static constexpr kernels::NormTable<T> kTable{&batch_forward<T>, &batch_apply<T>,    &batch_backward<T>,
                                                &group_forward<T>, &group_backward<T>, &rms_forward<T>,
                                                &rms_backward<T>};
  return &kTable;
}
const kernels::NormTable<float>* norm_table_float() { return table<float>(); }
const kernels::NormTable<double>* norm_table_double() { return table<double>(); }

}  // namespace
}  // namespace rondo::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo {
namespace {

HWY_EXPORT(norm_table_float);
HWY_EXPORT(norm_table_double);

template <class T>
const kernels::NormTable<T>& norms() {
  if constexpr (sizeof(T) == 8) {
    return *RONDO_CHOSEN(norm_table_double)();
  } else {
    return *RONDO_CHOSEN(norm_table_float)();
  }
}

template <class T>
const T* in(const void* p) {
  return static_cast<const T*>(p);
}
template <class T>
T* out(void* p) {
  return static_cast<T*>(p);
}

}  // namespace

namespace kernels {

void batch_norm(ScalarType dtype, const ChannelShape& shape, double eps, const void* x, const void* weight,
                const void* bias, void* y, void* mean, void* variance, void* rstd) {
  with_type(dtype, [&](auto zero) {
    using T = decltype(zero);
    norms<T>().batch(shape, eps, in<T>(x), in<T>(weight), in<T>(bias), out<T>(y), out<T>(mean), out<T>(variance),
                     out<T>(rstd));
  });
}

void batch_norm_apply(ScalarType dtype, const ChannelShape& shape, const void* x, const void* weight, const void* bias,
                      const void* mean, const void* rstd, void* y) {
  with_type(dtype, [&](auto zero) {
    using T = decltype(zero);
    norms<T>().apply(shape, in<T>(x), in<T>(weight), in<T>(bias), in<T>(mean), in<T>(rstd), out<T>(y));
  });
}

void batch_norm_backward(ScalarType dtype, const ChannelShape& shape, bool training, const void* gy, const void* x,
                         const void* weight, const void* mean, const void* rstd, void* gx, void* gweight, void* gbias) {
  with_type(dtype, [&](auto zero) {
    using T = decltype(zero);
    norms<T>().batch_gradients(shape, training, in<T>(gy), in<T>(x), in<T>(weight), in<T>(mean), in<T>(rstd),
                               out<T>(gx), out<T>(gweight), out<T>(gbias));
  });
}

void group_norm(ScalarType dtype, const ChannelShape& shape, int64_t groups, double eps, const void* x,
                const void* weight, const void* bias, void* y, void* mean, void* rstd) {
  with_type(dtype, [&](auto zero) {
    using T = decltype(zero);
    norms<T>().group(shape, groups, eps, in<T>(x), in<T>(weight), in<T>(bias), out<T>(y), out<T>(mean), out<T>(rstd));
  });
}

void group_norm_backward(ScalarType dtype, const ChannelShape& shape, int64_t groups, const void* gy, const void* x,
                         const void* weight, const void* mean, const void* rstd, void* gx, void* gweight, void* gbias) {
  with_type(dtype, [&](auto zero) {
    using T = decltype(zero);
    norms<T>().group_gradients(shape, groups, in<T>(gy), in<T>(x), in<T>(weight), in<T>(mean), in<T>(rstd), out<T>(gx),
                               out<T>(gweight), out<T>(gbias));
  });
}

void rms_norm(ScalarType dtype, int64_t rows, int64_t size, double eps, const void* x, const void* weight, void* y,
              void* rstd) {
  with_type(dtype, [&](auto zero) {
    using T = decltype(zero);
    norms<T>().rms(rows, size, eps, in<T>(x), in<T>(weight), out<T>(y), out<T>(rstd));
  });
}

void rms_norm_backward(ScalarType dtype, int64_t rows, int64_t size, const void* gy, const void* x, const void* weight,
                       const void* rstd, void* gx, void* gweight) {
  with_type(dtype, [&](auto zero) {
    using T = decltype(zero);
    norms<T>().rms_gradients(rows, size, in<T>(gy), in<T>(x), in<T>(weight), in<T>(rstd), out<T>(gx), out<T>(gweight));
  });
}

}  // namespace kernels
}  // namespace rondo
#endif
