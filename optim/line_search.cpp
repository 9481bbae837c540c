#include <rondo/optim/line_search.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace rondo::optim {
namespace {

// Sufficient decrease and curvature, as usual for quasi-Newton directions.
constexpr double kDecrease = 1e-4, kCurvature = 0.9;
constexpr double kTolerance = 1e-9;
constexpr int kMostTrials = 25;

// The minimum within [low, high] of the cubic with the values and slopes of two points; the middle if it has none.
double cubic_minimum(const LinePoint& a, const LinePoint& b, double low, double high) {
  const double d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.t - b.t);
  const double square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0)) return (low + high) / 2;
  const double d2 = std::sqrt(square);
  const double minimum = a.t <= b.t ? b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
                                    : a.t - (a.t - b.t) * ((a.slope + d2 - d1) / (a.slope - b.slope + 2 * d2));
  return std::min(std::max(minimum, low), high);
}

class Search {
 public:
  Search(Line& line, const LinePoint& start, double reach, int64_t& evaluations)
      : line_(line), start_(start), reach_(reach), evaluations_(evaluations) {}

  LinePoint run(double t) {
    bracket(t);
    if (!done_) narrow();
    return best();
  }

 private:
  LinePoint evaluate(double t) {
    ++evaluations_;
    return line_.at(t);
  }
  bool decreases(const LinePoint& point) const {
    return !(point.value > start_.value + kDecrease * point.t * start_.slope);
  }
  bool is_flat(const LinePoint& point) const { return std::abs(point.slope) <= -kCurvature * start_.slope; }

  // Two points with a step that meets the conditions between them, or one that does.
  void bracket(double t) {
    LinePoint before = start_, now = evaluate(t);
    for (; trials_ < kMostTrials; ++trials_) {
      if (!decreases(now) || (trials_ > 1 && now.value >= before.value)) return set(before, now);
      if (is_flat(now)) {
        done_ = true;
        return set(now, now);
      }
      if (now.slope >= 0) return set(before, now);
      const double least = now.t + 0.01 * (now.t - before.t), most = now.t * 10;
      const double next = cubic_minimum(before, now, least, most);
      before = std::move(now);
      now = evaluate(next);
    }
    set(start_, now);
    done_ = true;
  }

  void narrow() {
    bool stuck = false;
    while (!done_ && trials_ < kMostTrials) {
      LinePoint& a = ends_[0];
      LinePoint& b = ends_[1];
      const double low = std::min(a.t, b.t), high = std::max(a.t, b.t);
      if ((high - low) * reach_ < kTolerance) return;
      double t = cubic_minimum(a, b, low, high);
      // Twice in a row near the same border would be slow: the second time the step goes a tenth away from it.
      const double margin = 0.1 * (high - low);
      if (std::min(high - t, t - low) < margin) {
        if (stuck || t >= high || t <= low) {
          t = std::abs(t - high) < std::abs(t - low) ? high - margin : low + margin;
          stuck = false;
        } else {
          stuck = true;
        }
      } else {
        stuck = false;
      }
      LinePoint now = evaluate(t);
      ++trials_;
      if (!decreases(now) || now.value >= best().value) {
        ends_[1 - best_] = std::move(now);
        best_ = ends_[0].value <= ends_[1].value ? 0 : 1;
        continue;
      }
      if (is_flat(now)) {
        done_ = true;
      } else if (now.slope * (ends_[1 - best_].t - best().t) >= 0) {
        ends_[1 - best_] = best();
      }
      ends_[best_] = std::move(now);
    }
  }

  void set(const LinePoint& a, const LinePoint& b) {
    ends_[0] = a;
    ends_[1] = b;
    best_ = a.value <= b.value ? 0 : 1;
  }
  const LinePoint& best() const { return ends_[best_]; }

  Line& line_;
  const LinePoint& start_;
  double reach_;
  int64_t& evaluations_;
  LinePoint ends_[2];
  int best_ = 0, trials_ = 0;
  bool done_ = false;
};

}  // namespace

LinePoint strong_wolfe(Line& line, const LinePoint& start, double t, double reach, int64_t& evaluations) {
  return Search(line, start, reach, evaluations).run(t);
}

}  // namespace rondo::optim
