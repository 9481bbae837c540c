// softmax, log_softmax, logsumexp and the gradients of the first two. Each is written twice: along a row, and with one
// line per lane (`lines`), which serves dimensions that are not the last and short rows, turned in groups.
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/dispatch.h>
#include <rondo/autograd/kernels/rows.h>

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/kernels/softmax.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <rondo/autograd/kernels/rows-inl.h>

HWY_BEFORE_NAMESPACE();
namespace rondo::HWY_NAMESPACE {
namespace {

using kernels::RowShape;

// The maximum of each line, NaN where there is one.
template <class T, class Part>
HWY_INLINE Lanes<T> line_max(const T* x, int64_t size, int64_t stride, Part part) {
  Lanes<T> high = lowest<T>();
  for (int64_t c = 0; c < size; ++c) high = maximum(high, part.load(x + c * stride));
  return high;
}

// f(c) summed over c. Short chains add up to a second one, so that the error does not grow with the line.
template <class T, class F>
HWY_INLINE Lanes<T> line_sum(int64_t size, const F& f) {
  Lanes<T> total;
  for (int64_t c = 0; c < size;) {
    const int64_t end = std::min<int64_t>(size, c + 256);
    Lanes<T> sum;
    for (; c < end; ++c) sum += f(c);
    total += sum;
  }
  return total;
}

// In every rule: `row` works on `size` elements at a and b (null where the rule has one argument) and writes y; `lines`
// does so for lines of the given stride. kReduces: y has one element a line.
struct Softmax {
  static constexpr bool kReduces = false;

  template <class T>
  static void row(const T* x, const T*, int64_t size, T* y) {
    const Lanes<T> high(static_cast<double>(row_max(x, size)));
    const double sum = row_sum<T>(size, [&](int64_t i, auto part) HWY_ATTR {
      const Lanes<T> e = math::exp_any(part.load(x + i) - high);
      part.store(e, y + i);
      return e;
    });
    const Lanes<T> factor(1 / sum);
    each_register<T>(size, [&](int64_t i, auto part) HWY_ATTR { part.store(part.load(y + i) * factor, y + i); });
  }

  template <class T, class Part>
  static HWY_INLINE void lines(const T* x, const T*, int64_t size, int64_t stride, T* y, Part part) {
    const Lanes<T> high = line_max(x, size, stride, part);
    const Lanes<T> sum = line_sum<T>(size, [&](int64_t c) HWY_ATTR {
      const Lanes<T> e = exp(part.load(x + c * stride) - high);
      part.store(e, y + c * stride);
      return e;
    });
    const Lanes<T> factor = 1.0 / sum;
    for (int64_t c = 0; c < size; ++c) part.store(part.load(y + c * stride) * factor, y + c * stride);
  }
};

struct LogSoftmax {
  static constexpr bool kReduces = false;

  template <class T>
  static void row(const T* x, const T*, int64_t size, T* y) {
    const Lanes<T> high(static_cast<double>(row_max(x, size)));
    const double sum =
        row_sum<T>(size, [&](int64_t i, auto part) HWY_ATTR { return math::exp_any(part.load(x + i) - high); });
    const Lanes<T> log_sum(std::log(sum));
    each_register<T>(size,
                     [&](int64_t i, auto part) HWY_ATTR { part.store(part.load(x + i) - high - log_sum, y + i); });
  }

  template <class T, class Part>
  static HWY_INLINE void lines(const T* x, const T*, int64_t size, int64_t stride, T* y, Part part) {
    const Lanes<T> high = line_max(x, size, stride, part);
    const Lanes<T> log_sum =
        log(line_sum<T>(size, [&](int64_t c) HWY_ATTR { return exp(part.load(x + c * stride) - high); }));
    for (int64_t c = 0; c < size; ++c) part.store(part.load(x + c * stride) - high - log_sum, y + c * stride);
  }
};

struct LogSumExp {
  static constexpr bool kReduces = true;

  template <class T>
  static void row(const T* x, const T*, int64_t size, T* y) {
    T high = row_max(x, size);
    if (std::isinf(high)) high = 0;
    const Lanes<T> shift(static_cast<double>(high));
    const double sum =
        row_sum<T>(size, [&](int64_t i, auto part) HWY_ATTR { return math::exp_any(part.load(x + i) - shift); });
    *y = static_cast<T>(static_cast<double>(high) + std::log(sum));
  }

  template <class T, class Part>
  static HWY_INLINE void lines(const T* x, const T*, int64_t size, int64_t stride, T* y, Part part) {
    Lanes<T> high = line_max(x, size, stride, part);
    high = where(is_inf(high), Lanes<T>(), high);
    const Lanes<T> sum = line_sum<T>(size, [&](int64_t c) HWY_ATTR { return exp(part.load(x + c * stride) - high); });
    part.store(high + log(sum), y);
  }
};

struct SoftmaxBackward {
  static constexpr bool kReduces = false;

  template <class T>
  static void row(const T* gy, const T* y, int64_t size, T* gx) {
    const Lanes<T> sum(
        row_sum<T>(size, [&](int64_t i, auto part) HWY_ATTR { return part.load(gy + i) * part.load(y + i); }));
    each_register<T>(
        size, [&](int64_t i, auto part) HWY_ATTR { part.store(part.load(y + i) * (part.load(gy + i) - sum), gx + i); });
  }

  template <class T, class Part>
  static HWY_INLINE void lines(const T* gy, const T* y, int64_t size, int64_t stride, T* gx, Part part) {
    const Lanes<T> sum =
        line_sum<T>(size, [&](int64_t c) HWY_ATTR { return part.load(gy + c * stride) * part.load(y + c * stride); });
    for (int64_t c = 0; c < size; ++c) {
      part.store(part.load(y + c * stride) * (part.load(gy + c * stride) - sum), gx + c * stride);
    }
  }
};

struct LogSoftmaxBackward {
  static constexpr bool kReduces = false;

  template <class T>
  static void row(const T* gy, const T* y, int64_t size, T* gx) {
    const Lanes<T> sum(row_sum<T>(size, [&](int64_t i, auto part) HWY_ATTR { return part.load(gy + i); }));
    each_register<T>(size, [&](int64_t i, auto part) HWY_ATTR {
      part.store(part.load(gy + i) - math::exp_any(part.load(y + i)) * sum, gx + i);
    });
  }

  template <class T, class Part>
  static HWY_INLINE void lines(const T* gy, const T* y, int64_t size, int64_t stride, T* gx, Part part) {
    const Lanes<T> sum = line_sum<T>(size, [&](int64_t c) HWY_ATTR { return part.load(gy + c * stride); });
    for (int64_t c = 0; c < size; ++c) {
      part.store(part.load(gy + c * stride) - exp(part.load(y + c * stride)) * sum, gx + c * stride);
    }
  }
};

// ---- drivers

// `rows` short rows, each in its lane.
template <class Rule, class T>
void run_short(int64_t rows, int64_t size, const T* a, const T* b, T* y) {
  constexpr int64_t kL = lane_count<T>();
  HWY_ALIGN T turned_a[kShortRow * kL], turned_b[kShortRow * kL], turned_y[kShortRow * kL];
  for (int64_t row = 0; row < rows; row += kL) {
    const int64_t count = std::min(kL, rows - row);
    turn_in(a + row * size, count, size, turned_a);
    if (b != nullptr) turn_in(b + row * size, count, size, turned_b);
    Rule::template lines<T>(turned_a, turned_b, size, kL, turned_y, Whole());
    if constexpr (Rule::kReduces) {
      std::copy_n(turned_y, count, y + row);
    } else {
      turn_out(turned_y, count, size, y + row * size);
    }
  }
}

template <class Rule, class T>
void run(RowShape shape, const T* a, const T* b, T* y) {
  constexpr int64_t kL = lane_count<T>(), kWork = 32768;
  const int64_t size = shape.size, inner = shape.inner;
  if (shape.outer <= 0 || inner <= 0 || (size <= 0 && !Rule::kReduces)) return;
  if (inner == 1) {
    // A multiple of the lanes, so that groups of short rows are the same for any number of threads.
    const int64_t grain = std::max<int64_t>(1, kWork / std::max<int64_t>(1, size) / kL) * (size <= kShortRow ? kL : 1);
    parallel_for(0, shape.outer, grain, [&](int64_t first, int64_t last) {
      const T* second = b == nullptr ? nullptr : b + first * size;
      T* result = y + first * (Rule::kReduces ? 1 : size);
      if (size <= kShortRow) return run_short<Rule>(last - first, size, a + first * size, second, result);
      for (int64_t row = first; row < last; ++row) {
        Rule::row(a + row * size, b == nullptr ? nullptr : b + row * size, size,
                  y + (Rule::kReduces ? row : row * size));
      }
    });
    return;
  }
  const int64_t columns = (inner + kL - 1) / kL;
  parallel_for(0, shape.outer * columns, std::max<int64_t>(1, kWork / (kL * std::max<int64_t>(1, size))),
               [&](int64_t first, int64_t last) {
                 for (int64_t i = first; i < last; ++i) {
                   const int64_t outer = i / columns, column = i % columns * kL;
                   const int64_t at = outer * size * inner + column;
                   const T* second = b == nullptr ? nullptr : b + at;
                   T* result = y + (Rule::kReduces ? outer * inner + column : at);
                   if (inner - column >= kL) {
                     Rule::template lines<T>(a + at, second, size, inner, result, Whole());
                   } else {
                     const First part{static_cast<size_t>(inner - column)};
                     Rule::template lines<T>(a + at, second, size, inner, result, part);
                   }
                 }
               });
}

template <class Rule>
HWY_INLINE void run(ScalarType dtype, RowShape shape, const void* a, const void* b, void* y) {
  if (dtype == kDouble) {
    run<Rule>(shape, static_cast<const double*>(a), static_cast<const double*>(b), static_cast<double*>(y));
  } else {
    run<Rule>(shape, static_cast<const float*>(a), static_cast<const float*>(b), static_cast<float*>(y));
  }
}

void softmax(ScalarType dtype, RowShape shape, const void* x, void* y) { run<Softmax>(dtype, shape, x, nullptr, y); }
void log_softmax(ScalarType dtype, RowShape shape, const void* x, void* y) {
  run<LogSoftmax>(dtype, shape, x, nullptr, y);
}
void logsumexp(ScalarType dtype, RowShape shape, const void* x, void* y) {
  run<LogSumExp>(dtype, shape, x, nullptr, y);
}
void softmax_backward(ScalarType dtype, RowShape shape, const void* gy, const void* y, void* gx) {
  run<SoftmaxBackward>(dtype, shape, gy, y, gx);
}
void log_softmax_backward(ScalarType dtype, RowShape shape, const void* gy, const void* y, void* gx) {
  run<LogSoftmaxBackward>(dtype, shape, gy, y, gx);
}

}  // namespace
}  // namespace rondo::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo {
namespace {
HWY_EXPORT(softmax);
HWY_EXPORT(log_softmax);
HWY_EXPORT(logsumexp);
HWY_EXPORT(softmax_backward);
HWY_EXPORT(log_softmax_backward);
}  // namespace

namespace kernels {

void softmax(ScalarType dtype, RowShape shape, const void* x, void* y) { RONDO_CHOSEN(softmax)(dtype, shape, x, y); }
void log_softmax(ScalarType dtype, RowShape shape, const void* x, void* y) {
  RONDO_CHOSEN(log_softmax)(dtype, shape, x, y);
}
void logsumexp(ScalarType dtype, RowShape shape, const void* x, void* y) {
  RONDO_CHOSEN(logsumexp)(dtype, shape, x, y);
}
void softmax_backward(ScalarType dtype, RowShape shape, const void* gy, const void* y, void* gx) {
  RONDO_CHOSEN(softmax_backward)(dtype, shape, gy, y, gx);
}
void log_softmax_backward(ScalarType dtype, RowShape shape, const void* gy, const void* y, void* gx) {
  RONDO_CHOSEN(log_softmax_backward)(dtype, shape, gy, y, gx);
}

}  // namespace kernels
}  // namespace rondo
#endif
