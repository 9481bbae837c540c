// Kernels that work on rows: softmax and its relatives, layer normalization, cross entropy. float32 and float64,
// contiguous row-major arrays; `inner` > 1 means that the dimension in question is not the last: x is [outer, size,
// inner].
#pragma once

#include <rondo/autograd/base/scalar_type.h>

#include <cstdint>

namespace rondo::kernels {

struct RowShape {
  int64_t outer, size, inner;
};

// y = exp(x - max) / sum, and y = x - logsumexp(x). A row of -inf alone gives NaN, as in the reference.
void softmax(ScalarType dtype, RowShape shape, const void* x, void* y);
void log_softmax(ScalarType dtype, RowShape shape, const void* x, void* y);
// gx = y * (gy - sum(gy * y)); gx = gy - exp(y) * sum(gy).
void softmax_backward(ScalarType dtype, RowShape shape, const void* gy, const void* y, void* gx);
void log_softmax_backward(ScalarType dtype, RowShape shape, const void* gy, const void* y, void* gx);
// y[outer, inner] = log(sum(exp(x))), with max subtracted where it is finite: a row of -inf gives -inf, one with +inf
// +inf.
void logsumexp(ScalarType dtype, RowShape shape, const void* x, void* y);

// Layer normalization over rows of `size` elements: y = (x - mean) * rstd * weight + bias, rstd = 1 / sqrt(var + eps),
// biased variance by two passes or Welford. weight and bias may be null. mean and rstd: [rows].
void layer_norm(ScalarType dtype, int64_t rows, int64_t size, double eps, const void* x, const void* weight,
                const void* bias, void* y, void* mean, void* rstd);
// Gradients; any of gx, gweight, gbias may be null (not wanted).
void layer_norm_backward(ScalarType dtype, int64_t rows, int64_t size, const void* gy, const void* x,
                         const void* weight, const void* mean, const void* rstd, void* gx, void* gweight, void* gbias);

// Cross entropy from logits over class indices. logits [rows, classes]; target [rows] of int64. For each row
// loss = weight[t] * (logsumexp(x) - x[t]), 0 where t == ignore_index; with label smoothing s:
// (1 - s) * weight[t] * nll + s / classes * sum_c weight[c] * (lse - x[c]) (PyTorch's formula). weight may be null.
struct CrossEntropyOptions {
  const void* weight = nullptr;
  int64_t ignore_index = -100;
  double label_smoothing = 0;
};
// Writes losses [rows] where `losses` is not null, and returns the sum of the losses and the sum of weight[t] over rows
// that count (their number without weights). Where `softmax` is not null, writes the softmax of each row there
// (backward's input). Returns in `bad_target` the first target outside [0, classes) that is not ignore_index, and its
// row; -1: none.
struct CrossEntropySums {
  double loss, weight;
  int64_t bad_row;
};
CrossEntropySums cross_entropy(ScalarType dtype, int64_t rows, int64_t classes, const void* logits,
                               const int64_t* target, const CrossEntropyOptions& options, void* losses, void* softmax);
// glogits = d(sum_i scale_i * loss_i) / dlogits with scale_i = scale (where row_scales is null), else row_scales[i].
void cross_entropy_backward(ScalarType dtype, int64_t rows, int64_t classes, const void* softmax, const int64_t* target,
                            const CrossEntropyOptions& options, double scale, const void* row_scales, void* glogits);

}  // namespace rondo::kernels
