// NumPy's legacy generator: np.random.seed and np.random.RandomState, bit for bit.
#pragma once

#include <rondo/autograd/base/mt19937.h>

#include <cstdint>
#include <vector>

namespace rondo {

// As np.random.RandomState(seed): MT19937 and the legacy distributions, whose streams NumPy keeps for good. Not to be
// used from several threads at once. (NumPy's newer default_rng is another generator.)
class NumpyRandomState {
 public:
  explicit NumpyRandomState(uint32_t seed) : engine_(seed) {}
  // np.random.seed(seed).
  void seed(uint32_t seed) { *this = NumpyRandomState(seed); }

  // random_sample(), rand(): in [0, 1) with 53 bits.
  double random_sample();
  std::vector<double> rand(int64_t count);
  // uniform(low, high).
  double uniform(double low, double high);

  // randn(), normal(): the polar method, which makes two samples at a time and keeps one.
  double randn();
  std::vector<double> randn(int64_t count);
  double normal(double mean, double std);

  // randint(low, high): in [low, high). Throws ValueError unless low < high.
  int64_t randint(int64_t low, int64_t high);
  std::vector<int64_t> randint(int64_t low, int64_t high, int64_t count);

  // shuffle of a one-dimensional array; permutation(n): 0 to n - 1 shuffled.
  template <class T>
  void shuffle(std::vector<T>& list) {
    for (size_t i = list.size(); i-- > 1;) {
      const auto j = static_cast<size_t>(random_interval(i));
      const T kept = list[i];
      list[i] = list[j];
      list[j] = kept;
    }
  }
  std::vector<int64_t> permutation(int64_t n);

 private:
  // In [0, max], by masks and rejection.
  uint64_t random_interval(uint64_t max);

  base::Mt19937 engine_;
  double next_normal_ = 0;
  bool has_next_normal_ = false;
};

}  // namespace rondo
