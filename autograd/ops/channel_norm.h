// Normalizations by channel: batch, instance, group and root mean square norm. (layer_norm is in loss.h.)
#pragma once

#include <rondo/autograd/tensor/tensor.h>

#include <optional>
#include <tuple>

namespace rondo {

// (x - mean) / sqrt(var + eps) * weight + bias for each channel of input [N, C, ...]; weight, bias and running
// statistics [C], each may be undefined. `training`: statistics of the batch (biased variance), which move the running
// ones by running = (1 - momentum) * running + momentum * batch (unbiased variance); else the running ones. Throws
// Error for other sizes, and for evaluation without running statistics. (Ioffe and Szegedy, 2015.)
Tensor batch_norm(const Tensor& input, const Tensor& weight, const Tensor& bias, const Tensor& running_mean,
                  const Tensor& running_var, bool training, double momentum, double eps, bool cudnn_enabled = false);
// The same with the mean and 1 / sqrt(var + eps) of the batch, empty in evaluation.
std::tuple<Tensor, Tensor, Tensor> native_batch_norm(const Tensor& input, const Tensor& weight, const Tensor& bias,
                                                     const Tensor& running_mean, const Tensor& running_var,
                                                     bool training, double momentum, double eps);
// Batch norm of each element of the batch by itself; running statistics move by their mean over the batch.
Tensor instance_norm(const Tensor& input, const Tensor& weight, const Tensor& bias, const Tensor& running_mean,
                     const Tensor& running_var, bool use_input_stats, double momentum, double eps,
                     bool cudnn_enabled = false);
// Statistics of num_groups groups of neighbouring channels of input [N, C, ...]; weight and bias [C] or undefined.
// Throws Error where C is no multiple of num_groups. (Wu and He, 2018.)
Tensor group_norm(const Tensor& input, int64_t num_groups, const Tensor& weight = {}, const Tensor& bias = {},
                  double eps = 1e-5, bool cudnn_enabled = true);
// The same for arrays [N, C, HxW] with the mean and 1 / sqrt(var + eps) of each group [N, group].
std::tuple<Tensor, Tensor, Tensor> native_group_norm(const Tensor& input, const Tensor& weight, const Tensor& bias,
                                                     int64_t N, int64_t C, int64_t HxW, int64_t group, double eps);
// x / sqrt(mean(x^2) + eps) * weight over the last dimensions; eps: the smallest step of the dtype unless given. (Zhang
// and Sennrich, 2019.)
namespace by_name {
Tensor rms_norm(const Tensor& input, IntArrayRef normalized_shape, const Tensor& weight = {},
                std::optional<double> eps = std::nullopt);
}
// x / (k + factor * S)^beta for input [N, C, ...], S the sum of the squares over the channels from `before` channels
// before to `after` behind, those beyond the ends left out; integers give float32. Throws Error for fewer than 3
// dimensions. (Krizhevsky and others, 2012.)
Tensor response_norm(const Tensor& input, int64_t before, int64_t after, double factor, double k, double beta);

}  // namespace rondo
