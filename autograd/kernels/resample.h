// Planes of another size whose numbers are weighted sums of the old ones: interpolation of all kinds, and its
// transpose.
#pragma once

#include <rondo/autograd/base/scalar_type.h>

#include <cstdint>
#include <vector>

namespace rondo::kernels {

// One dimension of `in` numbers made of one of `out`: number i is the sum of weight[k] x[source[k]] for first[i] <= k <
// first[i + 1].
struct AxisTaps {
  int64_t in = 1, out = 1;
  std::vector<int64_t> first, source;
  std::vector<double> weight;
  // Every number is taken over as it is.
  bool identity = false;

  AxisTaps transposed() const;
};

// x [planes, in...] -> y [planes, out...], the last three dimensions by the taps of each. Contiguous float32 or
// float64.
void resample(ScalarType type, int64_t planes, const AxisTaps taps[3], const void* x, void* y);

}  // namespace rondo::kernels
