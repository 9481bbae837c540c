#include <rondo/autograd/tensor/numpy_random_state.h>

#include <rondo/autograd/base/error.h>

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace rondo {
namespace {

// Throws ValueError for a negative count, which the callers would make a huge size of.
size_t checked_count(const char* operation, int64_t count) {
  if (count < 0) fail_value(operation, fmt::format("the count is {}; need 0 or more", count));
  return static_cast<size_t>(count);
}

}  // namespace

double NumpyRandomState::random_sample() {
  const uint32_t high = engine_.next() >> 5, low = engine_.next() >> 6;
  return (high * 67108864.0 + low) / 9007199254740992.0;
}

std::vector<double> NumpyRandomState::rand(int64_t count) {
  std::vector<double> list(checked_count("NumpyRandomState::rand", count));
  for (double& x : list) x = random_sample();
  return list;
}

double NumpyRandomState::uniform(double low, double high) { return low + (high - low) * random_sample(); }

double NumpyRandomState::randn() {
  if (has_next_normal_) {
    has_next_normal_ = false;
    return next_normal_;
  }
  double x1, x2, square;
  do {
    x1 = 2.0 * random_sample() - 1.0;
    x2 = 2.0 * random_sample() - 1.0;
    square = x1 * x1 + x2 * x2;
  } while (square >= 1.0 || square == 0.0);
  const double factor = std::sqrt(-2.0 * std::log(square) / square);
  next_normal_ = factor * x1;
  has_next_normal_ = true;
  return factor * x2;
}

std::vector<double> NumpyRandomState::randn(int64_t count) {
  std::vector<double> list(checked_count("NumpyRandomState::randn", count));
  for (double& x : list) x = randn();
  return list;
}

double NumpyRandomState::normal(double mean, double std) { return mean + std * randn(); }

int64_t NumpyRandomState::randint(int64_t low, int64_t high) {
  if (low >= high) {
    fail_value("NumpyRandomState::randint", fmt::format("low is {} and high is {}; need low < high", low, high));
  }
  const uint64_t last = static_cast<uint64_t>(high) - static_cast<uint64_t>(low) - 1;
  return static_cast<int64_t>(static_cast<uint64_t>(low) + random_interval(last));
}

std::vector<int64_t> NumpyRandomState::randint(int64_t low, int64_t high, int64_t count) {
  std::vector<int64_t> list(checked_count("NumpyRandomState::randint", count));
  for (int64_t& x : list) x = randint(low, high);
  return list;
}

std::vector<int64_t> NumpyRandomState::permutation(int64_t n) {
  std::vector<int64_t> list(checked_count("NumpyRandomState::permutation", n));
  for (size_t i = 0; i < list.size(); ++i) list[i] = static_cast<int64_t>(i);
  shuffle(list);
  return list;
}

uint64_t NumpyRandomState::random_interval(uint64_t max) {
  if (max == 0) return 0;
  uint64_t mask = max;
  for (int shift = 1; shift < 64; shift *= 2) mask |= mask >> shift;
  uint64_t value;
  do {
    value = (max <= std::numeric_limits<uint32_t>::max() ? engine_.next() : engine_.next64()) & mask;
  } while (value > max);
  return value;
}

}  // namespace rondo
