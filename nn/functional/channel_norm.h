// Normalizations by channel.
#pragma once

#include <rondo/nn/options/channel_norm.h>

namespace rondo::nn::functional {

// Throws Error for a training batch with one value per channel.
Tensor batch_norm(const Tensor& input, const Tensor& running_mean, const Tensor& running_var,
                  const BatchNormFuncOptions& options = {});
Tensor instance_norm(const Tensor& input, const InstanceNormFuncOptions& options = {});
Tensor group_norm(const Tensor& input, const GroupNormFuncOptions& options);
Tensor rms_norm(const Tensor& input, const RMSNormFuncOptions& options);
// input / (k + alpha * mean of squares over a window of `size` channels)^beta, zeros beyond the ends (Krizhevsky and
// others, 2012).
Tensor local_response_norm(const Tensor& input, const LocalResponseNormFuncOptions& options);

}  // namespace rondo::nn::functional
