// LAMB and Adafactor: steps that need norms. Plain loops, which the compiler vectorizes; sums over blocks in double.
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/norm_step.h>

#include <algorithm>
#include <cmath>

namespace rondo::kernels {
namespace {

constexpr int64_t kGrain = 32768;  // numbers that are worth a thread
constexpr int64_t kMostBlocks = 256, kShortestBlock = 4096;
constexpr int64_t kLanes = 16;  // partial sums that one loop keeps

struct Sums {
  double first, second;
};

// The sum of block(first, last) over blocks of [0, n) that depend on n alone.
template <class Block>
Sums sum_blocks(int64_t n, const Block& block) {
  const int64_t length = std::max(kShortestBlock, (n + kMostBlocks - 1) / kMostBlocks);
  const int64_t count = (n + length - 1) / length;
  Sums parts[kMostBlocks];
  parallel_for(0, count, std::max<int64_t>(1, kGrain / length), [&](int64_t from, int64_t to) {
    for (int64_t i = from; i < to; ++i) parts[i] = block(i * length, std::min(n, (i + 1) * length));
  });
  Sums total{0, 0};
  for (int64_t i = 0; i < count; ++i) {
    total.first += parts[i].first;
    total.second += parts[i].second;
  }
  return total;
}

// Calls each(i, lane) for [first, last): the lane says which of kLanes partial sums the number belongs to.
template <class Each>
void for_lanes(int64_t first, int64_t last, const Each& each) {
  int64_t i = first;
  for (; i + kLanes <= last; i += kLanes) {
    for (int64_t lane = 0; lane < kLanes; ++lane) each(i + lane, lane);
  }
  for (int64_t lane = 0; i + lane < last; ++lane) each(i + lane, lane);
}

double total_of(const double* lanes) {
  double total = 0;
  for (int64_t lane = 0; lane < kLanes; ++lane) total += lanes[lane];
  return total;
}

template <class T>
double norm(const T* x, int64_t n) {
  return std::sqrt(sum_blocks(n, [x](int64_t first, int64_t last) {
                     double squares[kLanes] = {};
                     for_lanes(first, last, [&](int64_t i, int64_t lane) {
                       const double value = x[i];
                       squares[lane] += value * value;
                     });
                     return Sums{total_of(squares), 0};
                   }).first);
}

// ---- LAMB

template <class T>
struct Lamb {
  T* w;
  const T* g;
  T* m;
  T* v;
  T sign, beta1, rest1, beta2, rest2, correction1, root2, eps, decay;

  explicit Lamb(const Update<LambRule>& update)
      : w(static_cast<T*>(update.w)),
        g(static_cast<const T*>(update.g)),
        m(static_cast<T*>(update.state[0])),
        v(static_cast<T*>(update.state[1])),
        sign(update.rule.maximize ? -1 : 1),
        beta1(static_cast<T>(update.rule.beta1)),
        rest1(static_cast<T>(1 - update.rule.beta1)),
        beta2(static_cast<T>(update.rule.beta2)),
        rest2(static_cast<T>(1 - update.rule.beta2)),
        correction1(static_cast<T>(update.rule.correction1)),
        root2(static_cast<T>(std::sqrt(update.rule.correction2))),
        eps(static_cast<T>(update.rule.eps)),
        decay(static_cast<T>(update.rule.weight_decay)) {}

  T change(int64_t i) const { return m[i] / correction1 / (std::sqrt(v[i]) / root2 + eps) + decay * w[i]; }

  // Moves the means; the squares of the weights and of the changes, summed.
  Sums move(int64_t first, int64_t last) const {
    double weights[kLanes] = {}, changes[kLanes] = {};
    for_lanes(first, last, [&](int64_t i, int64_t lane) {
      const T gradient = sign * g[i];
      m[i] = beta1 * m[i] + rest1 * gradient;
      v[i] = beta2 * v[i] + rest2 * gradient * gradient;
      const double weight = w[i], by = change(i);
      weights[lane] += weight * weight;
      changes[lane] += by * by;
    });
    return {total_of(weights), total_of(changes)};
  }
};

template <class T>
void lamb(const Update<LambRule>& update) {
  const Lamb<T> rule(update);
  const Sums squares = sum_blocks(update.n, [&](int64_t first, int64_t last) { return rule.move(first, last); });
  const double trust =
      squares.first > 0 && squares.second > 0 ? std::sqrt(squares.first) / std::sqrt(squares.second) : 1;
  const T rate = static_cast<T>(update.rule.lr * trust);
  parallel_for(0, update.n, kGrain, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) rule.w[i] -= rate * rule.change(i);
  });
}

// ---- Adafactor

template <class T>
void move_mean(T& mean, double square, double fresh) {
  mean = static_cast<T>(mean + fresh * (square - mean));
}

// The means of g^2 of rows and columns, of each matrix.
template <class T>
void move_factors(const Update<AdafactorRule>& update) {
  const AdafactorRule& rule = update.rule;
  const int64_t rows = rule.rows, columns = rule.columns;
  const T* g = static_cast<const T*>(update.g);
  T* row = static_cast<T*>(update.state[0]);
  T* column = static_cast<T*>(update.state[1]);
  parallel_for(0, rule.matrices * rows, std::max<int64_t>(1, kGrain / columns), [&](int64_t first, int64_t last) {
    for (int64_t r = first; r < last; ++r) {
      double squares[kLanes] = {};
      const T* line = g + r * columns;
      for_lanes(0, columns, [&](int64_t i, int64_t lane) {
        const double value = line[i];
        squares[lane] += value * value;
      });
      move_mean(row[r], total_of(squares) / static_cast<double>(columns), rule.fresh);
    }
  });
  constexpr int64_t kWidth = 64;  // columns that are summed at once
  const int64_t strips = (columns + kWidth - 1) / kWidth;
  parallel_for(0, rule.matrices * strips, std::max<int64_t>(1, kGrain / (kWidth * rows)),
               [&](int64_t first, int64_t last) {
                 for (int64_t s = first; s < last; ++s) {
                   const int64_t matrix = s / strips, start = s % strips * kWidth;
                   const int64_t width = std::min(kWidth, columns - start);
                   double squares[kWidth] = {};
                   for (int64_t r = 0; r < rows; ++r) {
                     const T* line = g + (matrix * rows + r) * columns + start;
                     for (int64_t i = 0; i < width; ++i) {
                       const double value = line[i];
                       squares[i] += value * value;
                     }
                   }
                   T* means = column + matrix * columns + start;
                   for (int64_t i = 0; i < width; ++i) {
                     move_mean(means[i], squares[i] / static_cast<double>(rows), rule.fresh);
                   }
                 }
               });
}

// 1 / sqrt(estimate) of the mean squares of g, number by number; `for_each` calls f(i, that) for [first, last).
template <class T>
class Scale {
 public:
  explicit Scale(const Update<AdafactorRule>& update)
      : rule_(update.rule),
        row_(static_cast<const T*>(update.state[0])),
        column_(static_cast<const T*>(update.state[1])),
        least_(static_cast<T>(rule_.eps1 * rule_.eps1)) {}

  template <class F>
  void for_each(int64_t first, int64_t last, const F& f) const {
    if (!column_) {
      for_lanes(first, last, [&](int64_t i, int64_t lane) { f(i, lane, 1 / std::sqrt(std::max(row_[i], least_))); });
      return;
    }
    const int64_t columns = rule_.columns;
    double mean = 0;
    for (int64_t i = first, matrix = -1; i < last;) {
      const int64_t r = i / columns, end = std::min(last, (r + 1) * columns);
      if (r / rule_.rows != matrix) {
        matrix = r / rule_.rows;
        mean = mean_row(matrix);
      }
      const T factor = static_cast<T>(row_[r] / mean);
      const T* means = column_ + matrix * columns - r * columns;
      for_lanes(i, end,
                [&](int64_t k, int64_t lane) { f(k, lane, 1 / std::sqrt(std::max(factor * means[k], least_))); });
      i = end;
    }
  }

 private:
  double mean_row(int64_t matrix) const {
    double sum = 0;
    for (int64_t r = 0; r < rule_.rows; ++r) sum += row_[matrix * rule_.rows + r];
    return std::max(sum / static_cast<double>(rule_.rows), rule_.eps1);
  }

  const AdafactorRule& rule_;
  const T* row_;
  const T* column_;
  T least_;
};

template <class T>
void adafactor(const Update<AdafactorRule>& update) {
  const AdafactorRule& rule = update.rule;
  const int64_t n = update.n;
  if (n == 0) return;
  T* w = static_cast<T*>(update.w);
  const T* g = static_cast<const T*>(update.g);
  const double root_n = std::sqrt(static_cast<double>(n));
  const double rate = std::max(rule.eps2, norm(w, n) / root_n) * rule.relative;
  if (rule.rows > 0) {
    move_factors<T>(update);
  } else {
    T* variance = static_cast<T*>(update.state[0]);
    parallel_for(0, n, kGrain, [&](int64_t first, int64_t last) {
      for (int64_t i = first; i < last; ++i) {
        variance[i] += static_cast<T>(rule.fresh) * (g[i] * g[i] - variance[i]);
      }
    });
  }
  const Scale<T> scale(update);
  const double squares = sum_blocks(n, [&](int64_t first, int64_t last) {
                           double parts[kLanes] = {};
                           scale.for_each(first, last, [&](int64_t i, int64_t lane, T by) {
                             const double change = g[i] * by;
                             parts[lane] += change * change;
                           });
                           return Sums{total_of(parts), 0};
                         }).first;
  const double clip = std::max(1.0, std::sqrt(squares) / (root_n * rule.threshold));
  const T by_g = static_cast<T>((rule.maximize ? -rate : rate) / clip), keep = static_cast<T>(rule.decay);
  parallel_for(0, n, kGrain, [&](int64_t first, int64_t last) {
    scale.for_each(first, last, [&](int64_t i, int64_t, T by) { w[i] = w[i] * keep - by_g * (g[i] * by); });
  });
}

}  // namespace

void step(const Update<LambRule>* updates, size_t count) {
  for (size_t i = 0; i < count; ++i) updates[i].type == kDouble ? lamb<double>(updates[i]) : lamb<float>(updates[i]);
}

void step(const Update<AdafactorRule>* updates, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    updates[i].type == kDouble ? adafactor<double>(updates[i]) : adafactor<float>(updates[i]);
  }
}

}  // namespace rondo::kernels
