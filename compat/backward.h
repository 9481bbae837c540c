// The gradients of operations as functions of their own, which libtorch's programs call in the backward of their
// Functions: of what the operation computed (`output`) or of what it read (`self`), for the result's gradient `grad`.
// They are recorded as other operations are.
#pragma once

#include <rondo/autograd/ops/loss.h>
#include <rondo/autograd/tensor/tensor.h>

#include <array>
#include <tuple>

namespace rondo {
namespace compat {
using Two = std::tuple<Tensor, Tensor>;
using Three = std::tuple<Tensor, Tensor, Tensor>;
using Maybe = const std::optional<Tensor>&;
}  // namespace compat

// ---- activations ----
Tensor sigmoid_backward(const Tensor& grad, const Tensor& output);
Tensor tanh_backward(const Tensor& grad, const Tensor& output);
Tensor logit_backward(const Tensor& grad, const Tensor& self, std::optional<double> eps = std::nullopt);
Tensor elu_backward(const Tensor& grad, Scalar alpha, Scalar scale, Scalar input_scale, bool is_result,
                    const Tensor& self_or_result);
Tensor leaky_relu_backward(const Tensor& grad, const Tensor& self, Scalar negative_slope, bool self_is_result);
Tensor threshold_backward(const Tensor& grad, const Tensor& self, Scalar threshold);
Tensor hardtanh_backward(const Tensor& grad, const Tensor& self, Scalar min_val, Scalar max_val);
Tensor softplus_backward(const Tensor& grad, const Tensor& self, Scalar beta, Scalar threshold);
Tensor silu_backward(const Tensor& grad, const Tensor& self);
Tensor gelu_backward(const Tensor& grad, const Tensor& self, const std::string& approximate = "none");
// In the dtype that the softmax read.
Tensor _softmax_backward_data(const Tensor& grad, const Tensor& output, int64_t dim, ScalarType input_dtype);
Tensor _log_softmax_backward_data(const Tensor& grad, const Tensor& output, int64_t dim, ScalarType input_dtype);

// ---- losses: by self ----
Tensor mse_loss_backward(const Tensor& grad, const Tensor& self, const Tensor& target, int64_t reduction);
Tensor binary_cross_entropy_backward(const Tensor& grad, const Tensor& self, const Tensor& target,
                                     compat::Maybe weight = {}, int64_t reduction = Reduction::Mean);
Tensor nll_loss_backward(const Tensor& grad, const Tensor& self, const Tensor& target, compat::Maybe weight,
                         int64_t reduction, int64_t ignore_index, const Tensor& total_weight);

// ---- layers: by input, weight and bias, undefined where output_mask says no ----
compat::Three convolution_backward(const Tensor& grad, const Tensor& input, const Tensor& weight,
                                   OptionalIntArrayRef bias_sizes, IntArrayRef stride, IntArrayRef padding,
                                   IntArrayRef dilation, bool transposed, IntArrayRef output_padding, int64_t groups,
                                   std::array<bool, 3> output_mask);
compat::Three native_layer_norm_backward(const Tensor& grad, const Tensor& input, IntArrayRef normalized_shape,
                                         const Tensor& mean, const Tensor& rstd, compat::Maybe weight,
                                         compat::Maybe bias, std::array<bool, 3> output_mask);
compat::Three native_group_norm_backward(const Tensor& grad, const Tensor& input, const Tensor& mean,
                                         const Tensor& rstd, compat::Maybe weight, int64_t N, int64_t C, int64_t HxW,
                                         int64_t group, std::array<bool, 3> output_mask);
// With the batch's statistics where train, else with the running ones.
compat::Three native_batch_norm_backward(const Tensor& grad, const Tensor& input, compat::Maybe weight,
                                         compat::Maybe running_mean, compat::Maybe running_var, compat::Maybe save_mean,
                                         compat::Maybe save_invstd, bool train, double eps,
                                         std::array<bool, 3> output_mask);
Tensor native_dropout_backward(const Tensor& grad, const Tensor& mask, double scale);
Tensor embedding_backward(const Tensor& grad, const Tensor& indices, int64_t num_weights, int64_t padding_idx,
                          bool scale_grad_by_freq, bool sparse);
Tensor embedding_dense_backward(const Tensor& grad, const Tensor& indices, int64_t num_weights, int64_t padding_idx,
                                bool scale_grad_by_freq);
Tensor avg_pool2d_backward(const Tensor& grad, const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride,
                           IntArrayRef padding, bool ceil_mode, bool count_include_pad,
                           std::optional<int64_t> divisor_override);
Tensor _adaptive_avg_pool2d_backward(const Tensor& grad, const Tensor& self);
// To the places in each plane that `indices` name.
Tensor max_pool2d_with_indices_backward(const Tensor& grad, const Tensor& self, IntArrayRef kernel_size,
                                        IntArrayRef stride, IntArrayRef padding, IntArrayRef dilation, bool ceil_mode,
                                        const Tensor& indices);

// ---- shapes: by an input of which only the sizes are known ----
Tensor select_backward(const Tensor& grad, IntArrayRef input_sizes, int64_t dim, int64_t index);
Tensor slice_backward(const Tensor& grad, IntArrayRef input_sizes, int64_t dim, int64_t start, int64_t end,
                      int64_t step);
Tensor diagonal_backward(const Tensor& grad, IntArrayRef input_sizes, int64_t offset, int64_t dim1, int64_t dim2);
// By both factors, undefined where mask says no.
compat::Two matmul_backward(const Tensor& grad, const Tensor& self, const Tensor& other, std::array<bool, 2> mask);

}  // namespace rondo
