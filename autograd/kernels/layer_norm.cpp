// Layer normalization over rows and its gradients.
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/dispatch.h>
#include <rondo/autograd/kernels/rows.h>

#include <cmath>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/kernels/layer_norm.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <rondo/autograd/kernels/rows-inl.h>

HWY_BEFORE_NAMESPACE();
namespace rondo::HWY_NAMESPACE {
namespace {

template <class T>
HWY_INLINE int64_t rows_of_work(int64_t size) {
  return std::max<int64_t>(1, 32768 / std::max<int64_t>(1, size));
}

// In two passes: the deviations are taken from the mean that y uses, so no digits cancel.
template <class T>
HWY_INLINE void normalize(const T* x, int64_t size, double eps, const T* weight, const T* bias, T* y, T* mean,
                          T* rstd) {
  const double count = static_cast<double>(size);
  *mean = static_cast<T>(row_sum<T>(size, [&](int64_t i, auto part) HWY_ATTR { return part.load(x + i); }) / count);
  const Lanes<T> middle(static_cast<double>(*mean));
  const double squares = row_sum<T>(size, [&](int64_t i, auto part) HWY_ATTR {
    const Lanes<T> deviation = part.load(x + i) - middle;
    return deviation * deviation;
  });
  *rstd = static_cast<T>(1 / std::sqrt(squares / count + eps));
  const Lanes<T> factor(static_cast<double>(*rstd));
  each_register<T>(size, [&](int64_t i, auto part) HWY_ATTR {
    Lanes<T> value = (part.load(x + i) - middle) * factor;
    if (weight != nullptr) value *= part.load(weight + i);
    if (bias != nullptr) value += part.load(bias + i);
    part.store(value, y + i);
  });
}

template <class T>
void forward(int64_t rows, int64_t size, double eps, const T* x, const T* weight, const T* bias, T* y, T* mean,
             T* rstd) {
  parallel_for(0, rows, rows_of_work<T>(size), [&](int64_t first, int64_t last) {
    for (int64_t row = first; row < last; ++row) {
      normalize(x + row * size, size, eps, weight, bias, y + row * size, mean + row, rstd + row);
    }
  });
}

// With n = (x - mean) * rstd and g = gy * weight: gx = rstd * (g - mean(g) - n * mean(g n)).
template <class T>
HWY_INLINE void row_gradient(const T* gy, const T* x, int64_t size, const T* weight, T mean, T rstd, T* gx) {
  const Lanes<T> middle(static_cast<double>(mean)), factor(static_cast<double>(rstd));
  const auto gradient = [&](int64_t i, auto part) HWY_ATTR {
    return weight == nullptr ? part.load(gy + i) : part.load(gy + i) * part.load(weight + i);
  };
  const double count = static_cast<double>(size);
  const Lanes<T> along_one(row_sum<T>(size, gradient) / count);
  const Lanes<T> along_x(
      row_sum<T>(size, [&](int64_t i, auto part)
                           HWY_ATTR { return gradient(i, part) * ((part.load(x + i) - middle) * factor); }) /
      count);
  each_register<T>(size, [&](int64_t i, auto part) HWY_ATTR {
    const Lanes<T> normal = (part.load(x + i) - middle) * factor;
    part.store(factor * (gradient(i, part) - along_one - normal * along_x), gx + i);
  });
}

// Adds one row's terms to gweight and gbias.
template <class T>
HWY_INLINE void add_row(const T* gy, const T* x, int64_t size, T mean, T rstd, T* gweight, T* gbias) {
  const Lanes<T> middle(static_cast<double>(mean)), factor(static_cast<double>(rstd));
  each_register<T>(size, [&](int64_t i, auto part) HWY_ATTR {
    const Lanes<T> g = part.load(gy + i);
    if (gweight != nullptr) {
      part.store(part.load(gweight + i) + g * ((part.load(x + i) - middle) * factor), gweight + i);
    }
    if (gbias != nullptr) part.store(part.load(gbias + i) + g, gbias + i);
  });
}

template <class T>
void backward(int64_t rows, int64_t size, const T* gy, const T* x, const T* weight, const T* mean, const T* rstd, T* gx,
              T* gweight, T* gbias) {
  const auto input_gradient = [&](int64_t row) HWY_ATTR {
    if (gx != nullptr)
      row_gradient(gy + row * size, x + row * size, size, weight, mean[row], rstd[row], gx + row * size);
  };
  if (gweight == nullptr && gbias == nullptr) {
    parallel_for(0, rows, rows_of_work<T>(size), [&](int64_t first, int64_t last) {
      for (int64_t row = first; row < last; ++row) input_gradient(row);
    });
    return;
  }
  // Blocks of rows that depend on the shape alone are summed each for itself, then in their order.
  const int64_t height = std::max({rows_of_work<T>(size), (rows + 63) / 64, int64_t{1}});
  const int64_t blocks = std::max<int64_t>(1, (rows + height - 1) / height);
  std::vector<T> sums(static_cast<size_t>(2 * size * blocks));
  parallel_for(0, blocks, 1, [&](int64_t first, int64_t last) {
    for (int64_t block = first; block < last; ++block) {
      T* of_weight = sums.data() + 2 * size * block;
      T* of_bias = of_weight + size;
      for (int64_t row = block * height; row < std::min(rows, (block + 1) * height); ++row) {
        input_gradient(row);
        add_row(gy + row * size, x + row * size, size, mean[row], rstd[row], gweight == nullptr ? nullptr : of_weight,
                gbias == nullptr ? nullptr : of_bias);
      }
    }
  });
  const auto collect = [&](const T* from, T* to) HWY_ATTR {
    if (to == nullptr) return;
    each_register<T>(size, [&](int64_t i, auto part) HWY_ATTR {
      Lanes<T> sum = part.load(from + i);
      for (int64_t block = 1; block < blocks; ++block) sum += part.load(from + 2 * size * block + i);
      part.store(sum, to + i);
    });
  };
  collect(sums.data(), gweight);
  collect(sums.data() + size, gbias);
}

void norm_float(int64_t rows, int64_t size, double eps, const float* x, const float* weight, const float* bias,
                float* y, float* mean, float* rstd) {
  forward(rows, size, eps, x, weight, bias, y, mean, rstd);
}
void norm_double(int64_t rows, int64_t size, double eps, const double* x, const double* weight, const double* bias,
                 double* y, double* mean, double* rstd) {
  forward(rows, size, eps, x, weight, bias, y, mean, rstd);
}
void norm_backward_float(int64_t rows, int64_t size, const float* gy, const float* x, const float* weight,
                         const float* mean, const float* rstd, float* gx, float* gweight, float* gbias) {
  backward(rows, size, gy, x, weight, mean, rstd, gx, gweight, gbias);
}
void norm_backward_double(int64_t rows, int64_t size, const double* gy, const double* x, const double* weight,
                          const double* mean, const double* rstd, double* gx, double* gweight, double* gbias) {
  backward(rows, size, gy, x, weight, mean, rstd, gx, gweight, gbias);
}

}  // namespace
}  // namespace rondo::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo {
namespace {

HWY_EXPORT(norm_float);
HWY_EXPORT(norm_double);
HWY_EXPORT(norm_backward_float);
HWY_EXPORT(norm_backward_double);

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

void layer_norm(ScalarType dtype, int64_t rows, int64_t size, double eps, const void* x, const void* weight,
                const void* bias, void* y, void* mean, void* rstd) {
  if (dtype == kDouble) {
    using T = double;
    RONDO_CHOSEN(norm_double)
    (rows, size, eps, in<T>(x), in<T>(weight), in<T>(bias), out<T>(y), out<T>(mean), out<T>(rstd));
  } else {
    using T = float;
    RONDO_CHOSEN(norm_float)
    (rows, size, eps, in<T>(x), in<T>(weight), in<T>(bias), out<T>(y), out<T>(mean), out<T>(rstd));
  }
}

void layer_norm_backward(ScalarType dtype, int64_t rows, int64_t size, const void* gy, const void* x,
                         const void* weight, const void* mean, const void* rstd, void* gx, void* gweight, void* gbias) {
  if (dtype == kDouble) {
    using T = double;
    RONDO_CHOSEN(norm_backward_double)
    (rows, size, in<T>(gy), in<T>(x), in<T>(weight), in<T>(mean), in<T>(rstd), out<T>(gx), out<T>(gweight),
     out<T>(gbias));
  } else {
    using T = float;
    RONDO_CHOSEN(norm_backward_float)
    (rows, size, in<T>(gy), in<T>(x), in<T>(weight), in<T>(mean), in<T>(rstd), out<T>(gx), out<T>(gweight),
     out<T>(gbias));
  }
}

}  // namespace kernels
}  // namespace rondo
#endif
