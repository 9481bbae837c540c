// Sums, means and maxima of rows of a table, bag by bag. Contiguous float32 or float64.
#pragma once

#include <rondo/autograd/base/scalar_type.h>

#include <cstdint>

namespace rondo::kernels {

enum class BagMode : uint8_t { Sum, Mean, Max };

// Bag b holds the rows indices[i], borders[b] <= i < borders[b + 1]; padding_idx is left out (-1: none). Indices are
// checked.
struct Bags {
  int64_t count, width, padding_idx;
  const int64_t* indices;
  const int64_t* borders;
};

// y [count, width]; an empty bag gives zeros. sample_weights (by i, of a sum) may be null. sizes [count]: how many rows
// counted. rows [count, width], for Max alone: where each number came from, the first one of equal ones.
void embedding_bag(ScalarType type, const Bags& bags, BagMode mode, const void* table, const void* sample_weights,
                   void* y, int64_t* sizes, int64_t* rows);
// gtable[indices[i]] += scales[i] * gy[bag of i], for the rows that count.
void embedding_bag_backward(ScalarType type, const Bags& bags, const void* scales, const void* gy, void* gtable);

}  // namespace rondo::kernels
