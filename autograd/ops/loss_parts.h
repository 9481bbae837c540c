// What the losses share.
#pragma once

#include <rondo/autograd/tensor/tensor.h>

namespace rondo::ops {

// Throws ValueError for numbers that name no reduction.
void check_reduction(const char* operation, int64_t reduction);
// The mean, the sum or the losses themselves.
Tensor reduce_losses(const Tensor& losses, int64_t reduction);

// Scores and class indices of a classification, as rows: [N, C, d1, ...] and [N, d1, ...] give [N d1 ..., C] and
// [N d1 ...]; [C] and [] give [1, C] and [1].
struct ClassRows {
  Tensor scores, target;
};
// Throws where shapes or dtypes do not fit.
ClassRows class_rows(const char* operation, const Tensor& input, const Tensor& target, const Tensor& weight);
[[noreturn]] void fail_target(const char* operation, int64_t target, int64_t row, int64_t classes);

}  // namespace rondo::ops
