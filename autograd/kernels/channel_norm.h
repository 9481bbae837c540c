// Normalization by channel (batch norm) and by groups of channels (group norm), with their gradients. float32 and
// float64, contiguous arrays [batch, channels, inner].
#pragma once

#include <rondo/autograd/base/scalar_type.h>

#include <cstdint>

namespace rondo::kernels {

struct ChannelShape {
  int64_t batch, channels, inner;
};

// Statistics over batch and inner, in two passes: mean, biased variance and 1 / sqrt(variance + eps), each [channels];
// y = (x - mean) * rstd * weight + bias. weight and bias may be null.
void batch_norm(ScalarType dtype, const ChannelShape& shape, double eps, const void* x, const void* weight,
                const void* bias, void* y, void* mean, void* variance, void* rstd);
// With statistics that are given.
void batch_norm_apply(ScalarType dtype, const ChannelShape& shape, const void* x, const void* weight, const void* bias,
                      const void* mean, const void* rstd, void* y);
// Gradients; those that are null are not wanted. With `training` the statistics depend on x.
void batch_norm_backward(ScalarType dtype, const ChannelShape& shape, bool training, const void* gy, const void* x,
                         const void* weight, const void* mean, const void* rstd, void* gx, void* gweight, void* gbias);

// Statistics of each of `groups` groups of neighbouring channels of each element of the batch: mean and rstd [batch,
// groups]; weight and bias [channels], or null.
void group_norm(ScalarType dtype, const ChannelShape& shape, int64_t groups, double eps, const void* x,
                const void* weight, const void* bias, void* y, void* mean, void* rstd);
void group_norm_backward(ScalarType dtype, const ChannelShape& shape, int64_t groups, const void* gy, const void* x,
                         const void* weight, const void* mean, const void* rstd, void* gx, void* gweight, void* gbias);

// Root mean square normalization of rows: y = x * rstd * weight, rstd = 1 / sqrt(mean(x^2) + eps) [rows].
void rms_norm(ScalarType dtype, int64_t rows, int64_t size, double eps, const void* x, const void* weight, void* y,
              void* rstd);
void rms_norm_backward(ScalarType dtype, int64_t rows, int64_t size, const void* gy, const void* x, const void* weight,
                       const void* rstd, void* gx, void* gweight);

}  // namespace rondo::kernels
