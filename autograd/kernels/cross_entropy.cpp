// Cross entropy from logits over class indices, and its gradient.
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/dispatch.h>
#include <rondo/autograd/kernels/rows.h>

#include <cmath>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/kernels/cross_entropy.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <rondo/autograd/kernels/rows-inl.h>

HWY_BEFORE_NAMESPACE();
namespace rondo::HWY_NAMESPACE {
namespace {

using kernels::CrossEntropyOptions;
using kernels::CrossEntropySums;

template <class T>
struct Problem {
  int64_t rows, classes;
  const T* x;
  const int64_t* target;
  const T* weight;
  int64_t ignore_index;
  double smoothing;
  T* losses;
  T* softmax;

  bool ignored(int64_t row) const { return target[row] == ignore_index; }
  bool valid(int64_t row) const { return target[row] >= 0 && target[row] < classes; }
};

// s / classes * sum_c weight[c] * (lse - x[c]), from a row's maximum and the logarithm of its sum.
template <class T>
HWY_INLINE double smooth_part(const Problem<T>& problem, const T* x, double high, double log_sum) {
  double sum = 0;
  for (int64_t c = 0; c < problem.classes; ++c) {
    const double part = (high - static_cast<double>(x[c])) + log_sum;
    sum += problem.weight == nullptr ? part : static_cast<double>(problem.weight[c]) * part;
  }
  return problem.smoothing / static_cast<double>(problem.classes) * sum;
}

template <class T>
HWY_INLINE double smoothed(const Problem<T>& problem, const T* x, double high, double log_sum, double loss) {
  return problem.smoothing == 0 ? loss : (1 - problem.smoothing) * loss + smooth_part(problem, x, high, log_sum);
}

template <class T>
HWY_INLINE void add_long_row(const Problem<T>& problem, int64_t row, CrossEntropySums& sums) {
  const T* x = problem.x + row * problem.classes;
  const T high = row_max(x, problem.classes);
  const Lanes<T> shift(static_cast<double>(high));
  double sum;
  if (problem.softmax != nullptr) {
    T* y = problem.softmax + row * problem.classes;
    sum = row_sum<T>(problem.classes, [&](int64_t i, auto part) HWY_ATTR {
      const Lanes<T> e = math::exp_any(part.load(x + i) - shift);
      part.store(e, y + i);
      return e;
    });
    const Lanes<T> factor(1 / sum);
    each_register<T>(problem.classes,
                     [&](int64_t i, auto part) HWY_ATTR { part.store(part.load(y + i) * factor, y + i); });
  } else {
    sum = row_sum<T>(problem.classes,
                     [&](int64_t i, auto part) HWY_ATTR { return math::exp_any(part.load(x + i) - shift); });
  }
  double loss = 0;
  if (problem.ignored(row)) {
  } else if (!problem.valid(row)) {
    if (sums.bad_row < 0) sums.bad_row = row;
  } else {
    const int64_t t = problem.target[row];
    const double weight = problem.weight == nullptr ? 1 : static_cast<double>(problem.weight[t]);
    const double log_sum = std::log(sum), top = static_cast<double>(high);
    loss = smoothed(problem, x, top, log_sum, weight * ((top - static_cast<double>(x[t])) + log_sum));
    sums.loss += loss;
    sums.weight += weight;
  }
  if (problem.losses != nullptr) problem.losses[row] = static_cast<T>(loss);
}

// Class indices as numbers of type T: a small one stays itself, a large one stays large.
HWY_INLINE Lanes<double> indices(const int64_t* from, double) {
  const hn::ScalableTag<double> d;
  return Lanes<double>(hn::ConvertTo(d, hn::LoadU(hn::Rebind<int64_t, decltype(d)>(), from)));
}
HWY_INLINE Lanes<float> indices(const int64_t* from, float) {
#if HWY_TARGET == HWY_SCALAR
  return Lanes<float>(static_cast<double>(*from));
#else
  const hn::ScalableTag<float> d;
  const hn::Half<decltype(d)> half;
  const hn::ScalableTag<double> wide;
  const auto low = hn::DemoteTo(half, indices(from, 0.0).v);
  const auto high = hn::DemoteTo(half, indices(from + hn::Lanes(wide), 0.0).v);
  return Lanes<float>(hn::Combine(d, high, low));
#endif
}

// As many short rows as a register has lanes, one in each: returns their losses.
template <class T>
HWY_INLINE Lanes<T> add_short_rows(const Problem<T>& problem, int64_t first, int64_t count, CrossEntropySums& sums) {
  constexpr int64_t kL = lane_count<T>();
  const int64_t classes = problem.classes;
  const T* x = problem.x + first * classes;
  const int64_t* target = problem.target + first;
  HWY_ALIGN T turned[kShortRow * kL];
  turn_in(x, count, classes, turned);
  const bool whole = count == kL;
  int64_t copied[kL];
  if (!whole) {
    std::fill(std::copy_n(target, count, copied), copied + kL, int64_t{-1});
    target = copied;
  }
  const Lanes<T> t = indices(target, T());
  const Where<T> counts =
      (t >= 0.0) & (t < static_cast<double>(classes)) & (t != static_cast<double>(problem.ignore_index));
  if (HWY_UNLIKELY(!all_of(counts)) && sums.bad_row < 0) {
    for (int64_t r = 0; r < count && sums.bad_row < 0; ++r) {
      if (!problem.ignored(first + r) && !problem.valid(first + r)) sums.bad_row = first + r;
    }
  }
  Lanes<T> high = lowest<T>(), at_target, weight(1.0);
  for (int64_t c = 0; c < classes; ++c) {
    const Lanes<T> value = Lanes<T>::load(turned + c * kL);
    const Where<T> here = t == static_cast<double>(c);
    high = maximum(high, value);
    at_target = where(here, value, at_target);
    if (problem.weight != nullptr) weight = where(here, Lanes<T>(static_cast<double>(problem.weight[c])), weight);
  }
  Lanes<T> sum;
  for (int64_t c = 0; c < classes; ++c) {
    const Lanes<T> e = exp(Lanes<T>::load(turned + c * kL) - high);
    e.store(turned + c * kL);
    sum += e;
  }
  if (problem.softmax != nullptr) {
    const Lanes<T> factor = 1.0 / sum;
    for (int64_t c = 0; c < classes; ++c) (Lanes<T>::load(turned + c * kL) * factor).store(turned + c * kL);
    turn_out(turned, count, classes, problem.softmax + first * classes);
  }
  const Lanes<T> log_sum = log(sum);
  Lanes<T> loss = weight * ((high - at_target) + log_sum);
  if (problem.smoothing != 0) {
    HWY_ALIGN T highs[kL], logs[kL], values[kL];
    high.store(highs);
    log_sum.store(logs);
    loss.store(values);
    for (int64_t r = 0; r < count; ++r) {
      values[r] = static_cast<T>(smoothed(problem, x + r * classes, static_cast<double>(highs[r]),
                                          static_cast<double>(logs[r]), static_cast<double>(values[r])));
    }
    loss = Lanes<T>::load(values);
  }
  loss = where(counts, loss, Lanes<T>());
  sums.weight += problem.weight == nullptr ? static_cast<double>(hn::CountTrue(hn::ScalableTag<T>(), counts.m))
                                           : static_cast<double>(sum_of(where(counts, weight, Lanes<T>())));
  if (problem.losses != nullptr) {
    if (whole) {
      loss.store(problem.losses + first);
    } else {
      loss.store_first(problem.losses + first, static_cast<size_t>(count));
    }
  }
  return loss;
}

template <class T>
CrossEntropySums block(const Problem<T>& problem, int64_t first, int64_t last) {
  constexpr int64_t kL = lane_count<T>();
  CrossEntropySums sums{0, 0, -1};
  if (problem.classes <= kShortRow && problem.classes > 0) {
    while (first < last) {
      Lanes<T> loss;
      for (const int64_t end = std::min(last, first + 16 * kL); first < end; first += kL) {
        loss += add_short_rows(problem, first, std::min(kL, end - first), sums);
      }
      sums.loss += static_cast<double>(sum_of(loss));
    }
  } else {
    for (; first < last; ++first) add_long_row(problem, first, sums);
  }
  return sums;
}

template <class T>
CrossEntropySums forward(const Problem<T>& problem) {
  // Blocks depend on the shape alone and are summed in their order.
  const int64_t height = std::max<int64_t>(1, 32768 / std::max<int64_t>(1, problem.classes) / 64) * 64;
  if (problem.rows <= height) return block(problem, 0, problem.rows);
  const int64_t blocks = (problem.rows + height - 1) / height;
  std::vector<CrossEntropySums> parts(static_cast<size_t>(blocks));
  parallel_for(0, blocks, 1, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) {
      parts[static_cast<size_t>(i)] = block(problem, i * height, std::min(problem.rows, (i + 1) * height));
    }
  });
  CrossEntropySums sums{0, 0, -1};
  for (const CrossEntropySums& part : parts) {
    sums.loss += part.loss;
    sums.weight += part.weight;
    if (sums.bad_row < 0) sums.bad_row = part.bad_row;
  }
  return sums;
}

// With p the softmax and w the weights: g[c] = f * p[c] - smooth * w[c], less (1 - s) * w[t] at the target, where
// smooth = s / classes and f = (1 - s) * w[t] + smooth * sum(w); all times the row's scale.
template <class T>
void backward(const Problem<T>& problem, double scale, const T* row_scales, T* gradient) {
  const int64_t classes = problem.classes;
  const double smooth = problem.smoothing / static_cast<double>(std::max<int64_t>(1, classes));
  double all_weights = static_cast<double>(classes);
  if (problem.weight != nullptr && smooth != 0) {
    all_weights = 0;
    for (int64_t c = 0; c < classes; ++c) all_weights += static_cast<double>(problem.weight[c]);
  }
  const int64_t grain = std::max<int64_t>(1, 32768 / std::max<int64_t>(1, classes));
  parallel_for(0, problem.rows, grain, [&](int64_t first, int64_t last) {
    const bool uniform = row_scales == nullptr && problem.weight == nullptr && smooth == 0;
    // One pass over all the elements where every row that counts has one factor; the targets follow.
    if (uniform && classes < lane_count<T>()) {
      const T* p = problem.softmax + first * classes;
      T* g = gradient + first * classes;
      const Lanes<T> factor(scale);
      each_register<T>((last - first) * classes,
                       [&](int64_t i, auto part) HWY_ATTR { part.store(part.load(p + i) * factor, g + i); });
      const T one = static_cast<T>(scale);
      for (int64_t row = first; row < last; ++row, p += classes, g += classes) {
        if (HWY_LIKELY(!problem.ignored(row) && problem.valid(row))) {
          const int64_t t = problem.target[row];
          g[t] = (p[t] - T(1)) * one;
        } else {
          std::fill(g, g + classes, T(0));
        }
      }
      return;
    }
    for (int64_t row = first; row < last; ++row) {
      const T* p = problem.softmax + row * classes;
      T* g = gradient + row * classes;
      if (problem.ignored(row) || !problem.valid(row)) {
        std::fill(g, g + classes, T(0));
        continue;
      }
      const int64_t t = problem.target[row];
      const double s = row_scales == nullptr ? scale : static_cast<double>(row_scales[row]);
      const double hard =
          s * (1 - problem.smoothing) * (problem.weight == nullptr ? 1 : static_cast<double>(problem.weight[t]));
      const Lanes<T> factor(hard + s * smooth * all_weights), soft(s * smooth);
      each_register<T>(classes, [&](int64_t i, auto part) HWY_ATTR {
        Lanes<T> value = part.load(p + i) * factor;
        if (smooth != 0) value -= problem.weight == nullptr ? soft : soft * part.load(problem.weight + i);
        part.store(value, g + i);
      });
      g[t] -= static_cast<T>(hard);
    }
  });
}

template <class T>
Problem<T> problem_of(int64_t rows, int64_t classes, const void* x, const int64_t* target,
                      const CrossEntropyOptions& options, void* losses, const void* softmax) {
  return {rows,
          classes,
          static_cast<const T*>(x),
          target,
          static_cast<const T*>(options.weight),
          options.ignore_index,
          options.label_smoothing,
          static_cast<T*>(losses),
          static_cast<T*>(const_cast<void*>(softmax))};
}

CrossEntropySums loss(ScalarType dtype, int64_t rows, int64_t classes, const void* logits, const int64_t* target,
                      const CrossEntropyOptions& options, void* losses, void* softmax) {
  if (dtype == kDouble) return forward(problem_of<double>(rows, classes, logits, target, options, losses, softmax));
  return forward(problem_of<float>(rows, classes, logits, target, options, losses, softmax));
}

void loss_backward(ScalarType dtype, int64_t rows, int64_t classes, const void* softmax, const int64_t* target,
                   const CrossEntropyOptions& options, double scale, const void* row_scales, void* gradient) {
  if (dtype == kDouble) {
    backward(problem_of<double>(rows, classes, nullptr, target, options, nullptr, softmax), scale,
             static_cast<const double*>(row_scales), static_cast<double*>(gradient));
  } else {
    backward(problem_of<float>(rows, classes, nullptr, target, options, nullptr, softmax), scale,
             static_cast<const float*>(row_scales), static_cast<float*>(gradient));
  }
}

}  // namespace
}  // namespace rondo::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo {
namespace {
HWY_EXPORT(loss);
HWY_EXPORT(loss_backward);
}  // namespace

namespace kernels {

CrossEntropySums cross_entropy(ScalarType dtype, int64_t rows, int64_t classes, const void* logits,
                               const int64_t* target, const CrossEntropyOptions& options, void* losses, void* softmax) {
  return RONDO_CHOSEN(loss)(dtype, rows, classes, logits, target, options, losses, softmax);
}

void cross_entropy_backward(ScalarType dtype, int64_t rows, int64_t classes, const void* softmax, const int64_t* target,
                            const CrossEntropyOptions& options, double scale, const void* row_scales, void* glogits) {
  RONDO_CHOSEN(loss_backward)(dtype, rows, classes, softmax, target, options, scale, row_scales, glogits);
}

}  // namespace kernels
}  // namespace rondo
#endif
