// Choosing between two numbers by a condition, for `where` and masks.
#pragma once

#include <rondo/autograd/kernels/loop.h>

namespace rondo::kernels {

// The loop for numbers of 1, 2, 4 or 8 bytes, which are moved as words. data: y, condition (bool), a, b.
Loop select_loop(int64_t element_bytes);

}  // namespace rondo::kernels
