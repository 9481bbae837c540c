#include <rondo/autograd/kernels/ctc.h>

#include <rondo/autograd/base/parallel.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace rondo::kernels {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

// log(exp(a) + exp(b)): one exponential, since the larger one gives 1.
double log_sum(double a, double b) {
  const double most = std::max(a, b), least = std::min(a, b);
  return least == -kInf ? most : most + std::log(1 + std::exp(least - most));
}
double log_sum(double a, double b, double c) {
  if (c == -kInf) return log_sum(a, b);
  const double most = std::max(a, std::max(b, c));
  const double least = std::min(a, std::min(b, c)), middle = std::max(std::min(a, b), std::min(std::max(a, b), c));
  if (middle == -kInf) return most;
  return most + std::log(1 + std::exp(middle - most) + std::exp(least - most));
}

// One sample: the class of each state, and whether a path may come to it from two states before (or go two states
// back): between different labels alone.
template <class T>
struct Sample {
  Sample(const CtcShape& shape, int64_t n, const T* log_probs)
      : states(2 * shape.label_counts[n] + 1),
        steps(shape.step_counts[n]),
        step_stride(shape.batch * shape.classes),
        emissions(log_probs + n * shape.classes),
        classes(static_cast<size_t>(states), shape.blank),
        skips(static_cast<size_t>(states), 0) {
    const int64_t* labels = shape.labels + shape.first_label[n];
    for (int64_t s = 1; s < states; s += 2) {
      classes[static_cast<size_t>(s)] = labels[s / 2];
      skips[static_cast<size_t>(s)] = s > 1 && labels[s / 2] != labels[s / 2 - 1];
    }
  }
  double emission(int64_t t, int64_t s) const {
    return static_cast<double>(emissions[t * step_stride + classes[static_cast<size_t>(s)]]);
  }
  bool skips_to(int64_t s) const { return skips[static_cast<size_t>(s)] != 0; }

  int64_t states, steps, step_stride;
  const T* emissions;
  std::vector<int64_t> classes;
  std::vector<char> skips;
};

template <class T>
double forward_sample(const Sample<T>& sample, int64_t row, double* alpha) {
  const int64_t states = sample.states;
  if (sample.steps == 0) return states == 1 ? 0 : kInf;
  std::fill_n(alpha, states, -kInf);
  alpha[0] = sample.emission(0, 0);
  if (states > 1) alpha[1] = sample.emission(0, 1);
  for (int64_t t = 1; t < sample.steps; ++t) {
    const double* before = alpha + (t - 1) * row;
    double* now = alpha + t * row;
    for (int64_t s = 0; s < states; ++s) {
      const double one = s > 0 ? before[s - 1] : -kInf, two = sample.skips_to(s) ? before[s - 2] : -kInf;
      now[s] = log_sum(before[s], one, two) + sample.emission(t, s);
    }
  }
  const double* last = alpha + (sample.steps - 1) * row;
  return -log_sum(last[states - 1], states > 1 ? last[states - 2] : -kInf);
}

template <class T>
void backward_sample(const Sample<T>& sample, int64_t row, const double* alpha, double loss, double scale, T* gx,
                     int64_t class_count) {
  const int64_t states = sample.states;
  std::vector<double> beta(static_cast<size_t>(states)), next(static_cast<size_t>(states), -kInf);
  std::vector<double> occupancy(static_cast<size_t>(class_count));
  for (int64_t t = sample.steps - 1; t >= 0; --t) {
    std::fill(occupancy.begin(), occupancy.end(), 0.0);
    for (int64_t s = 0; s < states; ++s) {
      const auto at = static_cast<size_t>(s);
      double ways = -kInf;  // of all ends that follow this state
      if (t == sample.steps - 1) {
        if (s >= states - 2) ways = 0;
      } else {
        const double one = s + 1 < states ? next[at + 1] : -kInf;
        const double two = s + 2 < states && sample.skips_to(s + 2) ? next[at + 2] : -kInf;
        ways = log_sum(next[at], one, two);
      }
      beta[at] = ways + sample.emission(t, s);
      const double share = alpha[t * row + s] + ways + loss;
      // Below, it rounds to 0.
      if (share > -746) occupancy[static_cast<size_t>(sample.classes[at])] += std::exp(share);
    }
    beta.swap(next);
    T* to = gx + t * sample.step_stride;
    for (int64_t c = 0; c < class_count; ++c) to[c] = static_cast<T>(-scale * occupancy[static_cast<size_t>(c)]);
  }
}

template <class T>
void forward(const CtcShape& shape, const T* log_probs, double* losses, double* log_alpha) {
  parallel_for(0, shape.batch, 1, [&](int64_t first, int64_t last) {
    for (int64_t n = first; n < last; ++n) {
      losses[n] = forward_sample(Sample<T>(shape, n, log_probs), shape.most_states,
                                 log_alpha + n * shape.steps * shape.most_states);
    }
  });
}

template <class T>
void backward(const CtcShape& shape, const T* log_probs, const double* losses, const double* log_alpha,
              const double* scale, T* gx) {
  parallel_for(0, shape.batch, 1, [&](int64_t first, int64_t last) {
    for (int64_t n = first; n < last; ++n) {
      const Sample<T> sample(shape, n, log_probs);
      T* to = gx + n * shape.classes;
      const bool follows = losses[n] < kInf && scale[n] != 0;
      if (follows) {
        backward_sample(sample, shape.most_states, log_alpha + n * shape.steps * shape.most_states, losses[n], scale[n],
                        to, shape.classes);
      }
      const T rest = scale[n] == 0 ? T(0) : std::numeric_limits<T>::quiet_NaN();
      for (int64_t t = follows ? sample.steps : 0; t < shape.steps; ++t) {
        std::fill_n(to + t * sample.step_stride, shape.classes, t < sample.steps ? rest : T(0));
      }
    }
  });
}

}  // namespace

void ctc_loss(ScalarType type, const CtcShape& shape, const void* log_probs, double* losses, double* log_alpha) {
  if (type == kDouble) return forward(shape, static_cast<const double*>(log_probs), losses, log_alpha);
  forward(shape, static_cast<const float*>(log_probs), losses, log_alpha);
}

void ctc_loss_backward(ScalarType type, const CtcShape& shape, const void* log_probs, const double* losses,
                       const double* log_alpha, const double* scale, void* gx) {
  if (type == kDouble) {
    return backward(shape, static_cast<const double*>(log_probs), losses, log_alpha, scale, static_cast<double*>(gx));
  }
  backward(shape, static_cast<const float*>(log_probs), losses, log_alpha, scale, static_cast<float*>(gx));
}

}  // namespace rondo::kernels
