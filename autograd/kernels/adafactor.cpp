// Adafactor over flat spans. Plain loops, which the compiler vectorizes; short sums in the span's type, long ones in
// double.
#include <rondo/autograd/kernels/norm_step.h>
#include <rondo/autograd/kernels/step_run.h>

#include <algorithm>
#include <cmath>

namespace rondo::kernels {
namespace {

constexpr int64_t kGrain = kStepGrain;
// Norms are summed over blocks that depend on the number of elements alone.
constexpr int64_t kMostBlocks = 256, kShortestBlock = 4096;
constexpr int64_t kLanes = 16;     // partial sums that one loop keeps
constexpr int64_t kStretch = 512;  // numbers that are summed in the span's type

// The sum of block(first, last) over blocks of [0, n).
template <class Block>
double sum_blocks(int64_t n, const Block& block) {
  const int64_t length = std::max(kShortestBlock, (n + kMostBlocks - 1) / kMostBlocks);
  const int64_t count = (n + length - 1) / length;
  double parts[kMostBlocks];
  parallel_for(0, count, std::max<int64_t>(1, kGrain / length), [&](int64_t from, int64_t to) {
    for (int64_t i = from; i < to; ++i) parts[i] = block(i * length, std::min(n, (i + 1) * length));
  });
  double total = 0;
  for (int64_t i = 0; i < count; ++i) total += parts[i];
  return total;
}

// The sum of the squares of value(i) over [first, last).
template <class T, class Value>
double sum_squares(int64_t first, int64_t last, const Value& value) {
  double total = 0;
  while (first < last) {
    const int64_t end = std::min(last, first + kStretch);
    T lanes[kLanes] = {};
    for (; first + kLanes <= end; first += kLanes) {
      for (int64_t lane = 0; lane < kLanes; ++lane) {
        const T x = value(first + lane);
        lanes[lane] += x * x;
      }
    }
    for (; first < end; ++first) {
      const T x = value(first);
      lanes[0] += x * x;
    }
    for (const T lane : lanes) total += static_cast<double>(lane);
  }
  return total;
}

template <class T>
void move_mean(T& mean, double square, double fresh) {
  mean = static_cast<T>(mean + fresh * (square - mean));
}

// The means of g^2 along the rows of all matrices.
template <class T>
void move_rows(const AdafactorRule& rule, const T* g, T* row) {
  const int64_t columns = rule.columns;
  parallel_for(0, rule.matrices * rule.rows, std::max<int64_t>(1, kGrain / columns), [&](int64_t first, int64_t last) {
    for (int64_t r = first; r < last; ++r) {
      const T* line = g + r * columns;
      const double square = sum_squares<T>(0, columns, [line](int64_t i) { return line[i]; });
      move_mean(row[r], square / static_cast<double>(columns), rule.fresh);
    }
  });
}

// The same along the columns, some at a time.
template <class T>
void move_columns(const AdafactorRule& rule, const T* g, T* column) {
  constexpr int64_t kWidth = 64, kRows = 32;  // rows that are summed in the span's type
  const int64_t rows = rule.rows, columns = rule.columns, strips = (columns + kWidth - 1) / kWidth;
  const int64_t grain = std::max<int64_t>(1, kGrain / (kWidth * rows));
  parallel_for(0, rule.matrices * strips, grain, [&](int64_t first, int64_t last) {
    for (int64_t s = first; s < last; ++s) {
      const int64_t matrix = s / strips, start = s % strips * kWidth, width = std::min(kWidth, columns - start);
      const T* corner = g + matrix * rows * columns + start;
      double squares[kWidth] = {};
      for (int64_t from = 0; from < rows; from += kRows) {
        T parts[kWidth] = {};
        for (int64_t r = from; r < std::min(rows, from + kRows); ++r) {
          const T* line = corner + r * columns;
          for (int64_t i = 0; i < width; ++i) parts[i] += line[i] * line[i];
        }
        for (int64_t i = 0; i < width; ++i) squares[i] += static_cast<double>(parts[i]);
      }
      T* means = column + matrix * columns + start;
      for (int64_t i = 0; i < width; ++i) move_mean(means[i], squares[i] / static_cast<double>(rows), rule.fresh);
    }
  });
}

// The estimated mean squares of g.
template <class T>
class Estimate {
 public:
  explicit Estimate(const Update<AdafactorRule>& update)
      : rule_(update.rule),
        row_(static_cast<const T*>(update.state[0])),
        column_(static_cast<const T*>(update.state[1])),
        least_(static_cast<T>(rule_.eps1 * rule_.eps1)) {}

  // Calls f(from, to, scale) for pieces of [first, last): scale(i) is 1 / sqrt(estimate) of the i-th number.
  template <class F>
  void for_pieces(int64_t first, int64_t last, const F& f) const {
    const T least = least_;
    if (!column_) {
      const T* mean = row_;
      f(first, last, [mean, least](int64_t i) { return 1 / std::sqrt(std::max(mean[i], least)); });
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
      f(i, end, [=](int64_t k) { return 1 / std::sqrt(std::max(factor * means[k], least)); });
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
  T* mean = static_cast<T*>(update.state[0]);
  const double root_n = std::sqrt(static_cast<double>(n));
  const double weights = sum_blocks(
      n, [w](int64_t first, int64_t last) { return sum_squares<T>(first, last, [w](int64_t i) { return w[i]; }); });
  const double rate = std::max(rule.eps2, std::sqrt(weights) / root_n) * rule.relative;
  if (rule.rows > 0) {
    move_rows(rule, g, mean);
    move_columns(rule, g, static_cast<T*>(update.state[1]));
  } else {
    const T fresh = static_cast<T>(rule.fresh);
    parallel_for(0, n, kGrain, [&](int64_t first, int64_t last) {
      for (int64_t i = first; i < last; ++i) mean[i] += fresh * (g[i] * g[i] - mean[i]);
    });
  }
  const Estimate<T> estimate(update);
  const double changes = sum_blocks(n, [&](int64_t first, int64_t last) {
    double total = 0;
    estimate.for_pieces(first, last, [&](int64_t from, int64_t to, const auto& scale) {
      total += sum_squares<T>(from, to, [&](int64_t i) { return g[i] * scale(i); });
    });
    return total;
  });
  const double clip = std::max(1.0, std::sqrt(changes) / (root_n * rule.threshold));
  const T by = static_cast<T>((rule.maximize ? -rate : rate) / clip), keep = static_cast<T>(rule.decay);
  parallel_for(0, n, kGrain, [&](int64_t first, int64_t last) {
    estimate.for_pieces(first, last, [&](int64_t from, int64_t to, const auto& scale) {
      for (int64_t i = from; i < to; ++i) w[i] = w[i] * keep - by * (g[i] * scale(i));
    });
  });
}

}  // namespace

void step(const Update<AdafactorRule>* updates, size_t count) {
  run_whole(updates, count, [](const Update<AdafactorRule>& update) {
    update.type == kDouble ? adafactor<double>(update) : adafactor<float>(update);
  });
}

}  // namespace rondo::kernels
