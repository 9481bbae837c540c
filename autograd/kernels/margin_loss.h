// The multi-label margin loss: float32 and float64, contiguous rows.
#pragma once

#include <rondo/autograd/base/scalar_type.h>

#include <cstdint>

namespace rondo::kernels {

// losses[row] = sum of max(0, 1 - x[t] + x[c]) / classes over labels t and other classes c; slopes (where not null) is
// its gradient, [rows, classes]. target [rows, classes]: labels, ended by a negative number. Returns the first row with
// a label that is too large, else -1.
int64_t multilabel_margin(ScalarType type, int64_t rows, int64_t classes, const void* x, const int64_t* target,
                          void* losses, void* slopes);

}  // namespace rondo::kernels
