#include <rondo/autograd/graph/engine.h>
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/convolution.h>
#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/likelihood_loss.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/pooling.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/compat/backward.h>

#include <algorithm>

namespace rondo {
namespace {

// A gradient may stand for several numbers of the result.
Tensor as_large_as(const Tensor& grad, const Tensor& y) {
  return grad.sizes() == y.sizes() ? grad : grad.expand(y.sizes());
}

// The gradients of f(inputs) by those of them that are wanted, for the result's gradient: what the operation's own rule
// gives. Recorded where an argument requires a gradient.
template <size_t N, class F>
std::array<Tensor, N> through(const Tensor& grad, const std::array<Tensor, N>& inputs, std::array<bool, N> wanted,
                              const F& f) {
  const bool recorded = GradMode::is_enabled() &&
                        (grad.requires_grad() ||
                         std::any_of(inputs.begin(), inputs.end(), [](const Tensor& x) { return x.requires_grad(); }));
  const InferenceMode suspended(false);
  const AutoGradMode enabled(true);
  std::array<Tensor, N> read, gradients;
  variable_list by;
  for (size_t i = 0; i < N; ++i) {
    read[i] = inputs[i].is_inference() ? inputs[i].clone() : inputs[i];
    if (!wanted[i]) continue;
    // An alias, since hooks of the caller's tensor are for its own backward.
    read[i] = recorded && read[i].requires_grad() ? read[i].view_as(read[i]) : read[i].detach();
    if (!read[i].requires_grad()) read[i].requires_grad_();
    by.push_back(read[i]);
  }
  if (by.empty()) return gradients;
  const Tensor y = f(read), gy = as_large_as(grad.is_inference() ? grad.clone() : grad, y);
  const variable_list found = autograd::grad(variable_list{y}, by, variable_list{gy}, recorded, recorded, true);
  for (size_t i = 0, k = 0; i < N; ++i) {
    if (!wanted[i]) continue;
    gradients[i] = found[k].defined() ? found[k] : zeros_like(by[k]);
    ++k;
  }
  return gradients;
}
template <class F>
Tensor through(const Tensor& grad, const Tensor& input, const F& f) {
  return through<1>(grad, {input}, {true}, [&](const std::array<Tensor, 1>& x) { return f(x[0]); })[0];
}
// By an input whose numbers do not matter.
template <class F>
Tensor through_sizes(const Tensor& grad, IntArrayRef sizes, const F& f) {
  return through(grad, zeros(sizes, grad.options().requires_grad(false)), f);
}

// The gradients of (input - mean) * rstd * weight + bias, where mean and rstd are the input's own over `dims`, and
// weight and bias stand along the others.
struct Normalized {
  Tensor input, mean, rstd;  // the latter two of the input's dimensions
  std::vector<int64_t> dims;

  // mean and rstd as functions of the input where second derivatives are recorded; what eps adds to the variance is
  // known from rstd.
  void follow_input() {
    if (!GradMode::is_enabled() || !input.requires_grad()) return;
    const Tensor own_mean = input.mean(dims, true), variance = (input - own_mean).square().mean(dims, true);
    rstd = (variance + (rstd.detach().pow(-2) - variance.detach())).rsqrt();
    mean = own_mean;
  }
  Tensor standard() const { return (input - mean) * rstd; }
  Tensor gradient(const Tensor& grad) const {
    const Tensor x = standard();
    return rstd * (grad - grad.mean(dims, true) - x * (grad * x).mean(dims, true));
  }
};

bool is_given(const std::optional<Tensor>& tensor) { return tensor && tensor->defined(); }
Tensor times(const Tensor& grad, const std::optional<Tensor>& weight, IntArrayRef sizes) {
  return is_given(weight) ? grad * weight->reshape(sizes) : grad;
}

std::vector<int64_t> all_dims_but(int64_t kept, int64_t ndim) {
  std::vector<int64_t> dims;
  for (int64_t dim = 0; dim < ndim; ++dim) {
    if (dim != kept) dims.push_back(dim);
  }
  return dims;
}

// To the places within planes of `ndim` dimensions.
Tensor to_places(const Tensor& grad, const Tensor& self, const Tensor& indices, int64_t ndim) {
  const Tensor planes = zeros_like(self.detach()).flatten(-ndim);
  return planes.scatter_add(-1, indices.flatten(-ndim), grad.flatten(-ndim)).view_as(self);
}

// `part` of zeros of these sizes, filled with grad.
template <class F>
Tensor within_zeros(const Tensor& grad, IntArrayRef sizes, const F& part) {
  const Tensor whole = zeros(sizes, grad.options().requires_grad(false));
  part(whole).copy_(grad);
  return whole;
}

}  // namespace

Tensor sigmoid_backward(const Tensor& grad, const Tensor& output) { return grad * (1 - output) * output; }
Tensor tanh_backward(const Tensor& grad, const Tensor& output) { return grad * (1 - output * output); }
Tensor logit_backward(const Tensor& grad, const Tensor& self, std::optional<double> eps) {
  return through(grad, self, [&](const Tensor& x) { return logit(x, eps); });
}
Tensor elu_backward(const Tensor& grad, Scalar alpha, Scalar scale, Scalar input_scale, bool is_result,
                    const Tensor& self_or_result) {
  const double factor = scale.toDouble(), bend = alpha.toDouble() * factor, inner = input_scale.toDouble();
  if (is_result && alpha.toDouble() < 0) {
    fail("elu_backward", "alpha must not be negative where the result is given: it does not say which side it is on");
  }
  if (!is_result)
    return through(grad, self_or_result, [&](const Tensor& x) { return elu(x, alpha, scale, input_scale); });
  const Tensor below = (self_or_result + bend) * inner;
  return grad * where(self_or_result <= 0, below, full_like(below, factor));
}
Tensor leaky_relu_backward(const Tensor& grad, const Tensor& self, Scalar negative_slope, bool self_is_result) {
  if (self_is_result && negative_slope.toDouble() < 0) {
    fail("leaky_relu_backward",
         "the slope must not be negative where the result is given: it does not say which side it is on");
  }
  return through(grad, self, [&](const Tensor& x) { return leaky_relu(x, negative_slope); });
}
Tensor threshold_backward(const Tensor& grad, const Tensor& self, Scalar threshold) {
  return through(grad, self, [&](const Tensor& x) { return rondo::threshold(x, threshold, 0); });
}
Tensor hardtanh_backward(const Tensor& grad, const Tensor& self, Scalar min_val, Scalar max_val) {
  return through(grad, self, [&](const Tensor& x) { return hardtanh(x, min_val, max_val); });
}
Tensor softplus_backward(const Tensor& grad, const Tensor& self, Scalar beta, Scalar threshold) {
  return through(grad, self, [&](const Tensor& x) { return softplus(x, beta, threshold); });
}
Tensor silu_backward(const Tensor& grad, const Tensor& self) {
  return through(grad, self, [](const Tensor& x) { return silu(x); });
}
Tensor gelu_backward(const Tensor& grad, const Tensor& self, const std::string& approximate) {
  return through(grad, self, [&](const Tensor& x) { return gelu(x, approximate); });
}
Tensor _softmax_backward_data(const Tensor& grad, const Tensor& output, int64_t dim, ScalarType input_dtype) {
  const Tensor product = grad * output;
  return (product - output * product.sum(dim, true)).to(input_dtype);
}
Tensor _log_softmax_backward_data(const Tensor& grad, const Tensor& output, int64_t dim, ScalarType input_dtype) {
  return (grad - output.exp() * grad.sum(dim, true)).to(input_dtype);
}

Tensor mse_loss_backward(const Tensor& grad, const Tensor& self, const Tensor& target, int64_t reduction) {
  const auto loss = [&](const auto& x) { return mse_loss(x[0], x[1], reduction); };
  return through<2>(grad, {self, target}, {true, false}, loss)[0];
}
Tensor binary_cross_entropy_backward(const Tensor& grad, const Tensor& self, const Tensor& target,
                                     const std::optional<Tensor>& weight, int64_t reduction) {
  const auto loss = [&](const auto& x) {
    return binary_cross_entropy(x[0], x[1], weight.value_or(Tensor()), reduction);
  };
  return through<2>(grad, {self, target}, {true, false}, loss)[0];
}
Tensor nll_loss_backward(const Tensor& grad, const Tensor& self, const Tensor& target,
                         const std::optional<Tensor>& weight, int64_t reduction, int64_t ignore_index, const Tensor&) {
  const auto loss = [&](const Tensor& x) {
    return nll_loss(x, target, weight.value_or(Tensor()), reduction, ignore_index);
  };
  return through(grad, self, loss);
}

std::tuple<Tensor, Tensor, Tensor> convolution_backward(const Tensor& grad, const Tensor& input, const Tensor& weight,
                                                        OptionalIntArrayRef bias_sizes, IntArrayRef stride,
                                                        IntArrayRef padding, IntArrayRef dilation, bool transposed,
                                                        IntArrayRef output_padding, int64_t groups,
                                                        std::array<bool, 3> output_mask) {
  const auto f = [&](const std::array<Tensor, 2>& x) {
    return convolution(x[0], x[1], std::nullopt, stride, padding, dilation, transposed, output_padding, groups);
  };
  auto [by_input, by_weight] = through<2>(grad, {input, weight}, {output_mask[0], output_mask[1]}, f);
  Tensor by_bias;
  if (output_mask[2]) {
    by_bias = grad.sum(all_dims_but(1, grad.dim()));
    if (bias_sizes) by_bias = by_bias.reshape(*bias_sizes);
  }
  return {std::move(by_input), std::move(by_weight), std::move(by_bias)};
}

std::tuple<Tensor, Tensor, Tensor> native_layer_norm_backward(const Tensor& grad, const Tensor& input,
                                                              IntArrayRef normalized_shape, const Tensor& mean,
                                                              const Tensor& rstd, const std::optional<Tensor>& weight,
                                                              const std::optional<Tensor>&,
                                                              std::array<bool, 3> output_mask) {
  const auto count = static_cast<int64_t>(normalized_shape.size());
  std::vector<int64_t> lead, statistics(input.sizes().begin(), input.sizes().end());
  Normalized norm{input, {}, {}, {}};
  for (int64_t dim = 0; dim < input.dim(); ++dim) {
    if (dim < input.dim() - count) {
      lead.push_back(dim);
    } else {
      norm.dims.push_back(dim);
      statistics[static_cast<size_t>(dim)] = 1;
    }
  }
  norm.mean = mean.reshape(statistics);
  norm.rstd = rstd.reshape(statistics);
  norm.follow_input();
  const auto over_rows = [&](const Tensor& x) { return lead.empty() ? x : x.sum(lead); };
  Tensor by_input, by_weight, by_bias;
  if (output_mask[0]) by_input = norm.gradient(times(grad, weight, normalized_shape));
  if (output_mask[1] && is_given(weight)) by_weight = over_rows(grad * norm.standard());
  if (output_mask[2]) by_bias = over_rows(grad);
  return {std::move(by_input), std::move(by_weight), std::move(by_bias)};
}

std::tuple<Tensor, Tensor, Tensor> native_group_norm_backward(const Tensor& grad, const Tensor& input,
                                                              const Tensor& mean, const Tensor& rstd,
                                                              const std::optional<Tensor>& weight, int64_t N, int64_t C,
                                                              int64_t HxW, int64_t group,
                                                              std::array<bool, 3> output_mask) {
  const std::vector<int64_t> sizes{N, group, C / group, HxW}, statistics{N, group, 1, 1};
  Normalized norm{input.reshape(sizes), mean.reshape(statistics), rstd.reshape(statistics), {2, 3}};
  norm.follow_input();
  const Tensor gy = grad.reshape(sizes);
  const auto over_places = [&](const Tensor& x) { return x.sum(IntArrayRef({0, 3})).reshape({C}); };
  Tensor by_input, by_weight, by_bias;
  if (output_mask[0]) by_input = norm.gradient(times(gy, weight, {1, group, C / group, 1})).reshape(input.sizes());
  if (output_mask[1]) by_weight = over_places(gy * norm.standard());
  if (output_mask[2]) by_bias = over_places(gy);
  return {std::move(by_input), std::move(by_weight), std::move(by_bias)};
}

std::tuple<Tensor, Tensor, Tensor> native_batch_norm_backward(const Tensor& grad, const Tensor& input,
                                                              const std::optional<Tensor>& weight,
                                                              const std::optional<Tensor>& running_mean,
                                                              const std::optional<Tensor>& running_var,
                                                              const std::optional<Tensor>& save_mean,
                                                              const std::optional<Tensor>& save_invstd, bool train,
                                                              double eps, std::array<bool, 3> output_mask) {
  const auto& center = train ? save_mean : running_mean;
  const auto& scale = train ? save_invstd : running_var;
  if (!is_given(center) || !is_given(scale)) {
    fail("native_batch_norm_backward", train ? "save_mean and save_invstd must be given in training"
                                             : "running_mean and running_var must be given in evaluation");
  }
  std::vector<int64_t> along(static_cast<size_t>(input.dim()), 1);
  along[1] = input.size(1);
  Normalized norm{input, center->reshape(along), scale->reshape(along), all_dims_but(1, input.dim())};
  if (train) {
    norm.follow_input();
  } else {
    norm.rstd = (norm.rstd + eps).rsqrt();
  }
  const Tensor scaled = times(grad, weight, along);
  Tensor by_input, by_weight, by_bias;
  if (output_mask[0]) by_input = train ? norm.gradient(scaled) : scaled * norm.rstd;
  if (output_mask[1]) by_weight = (grad * norm.standard()).sum(norm.dims);
  if (output_mask[2]) by_bias = grad.sum(norm.dims);
  return {std::move(by_input), std::move(by_weight), std::move(by_bias)};
}

Tensor native_dropout_backward(const Tensor& grad, const Tensor& mask, double scale) {
  return grad * mask.to(grad.scalar_type()) * scale;
}
Tensor embedding_backward(const Tensor& grad, const Tensor& indices, int64_t num_weights, int64_t padding_idx,
                          bool scale_grad_by_freq, bool) {
  return embedding_dense_backward(grad, indices, num_weights, padding_idx, scale_grad_by_freq);
}
Tensor embedding_dense_backward(const Tensor& grad, const Tensor& indices, int64_t num_weights, int64_t padding_idx,
                                bool scale_grad_by_freq) {
  const auto lookup = [&](const Tensor& table) { return embedding(table, indices, padding_idx, scale_grad_by_freq); };
  return through_sizes(grad, {num_weights, grad.size(-1)}, lookup);
}
Tensor avg_pool2d_backward(const Tensor& grad, const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride,
                           IntArrayRef padding, bool ceil_mode, bool count_include_pad,
                           std::optional<int64_t> divisor_override) {
  return through(grad, self, [&](const Tensor& x) {
    return avg_pool2d(x, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);
  });
}
Tensor _adaptive_avg_pool2d_backward(const Tensor& grad, const Tensor& self) {
  return through(grad, self, [&](const Tensor& x) { return adaptive_avg_pool2d(x, {grad.size(-2), grad.size(-1)}); });
}
Tensor max_pool2d_with_indices_backward(const Tensor& grad, const Tensor& self, IntArrayRef, IntArrayRef, IntArrayRef,
                                        IntArrayRef, bool, const Tensor& indices) {
  return to_places(grad, self, indices, 2);
}

Tensor select_backward(const Tensor& grad, IntArrayRef input_sizes, int64_t dim, int64_t index) {
  return within_zeros(grad, input_sizes, [&](const Tensor& x) { return x.select(dim, index); });
}
Tensor slice_backward(const Tensor& grad, IntArrayRef input_sizes, int64_t dim, int64_t start, int64_t end,
                      int64_t step) {
  return within_zeros(grad, input_sizes, [&](const Tensor& x) { return x.slice(dim, start, end, step); });
}
Tensor diagonal_backward(const Tensor& grad, IntArrayRef input_sizes, int64_t offset, int64_t dim1, int64_t dim2) {
  return within_zeros(grad, input_sizes, [&](const Tensor& x) { return x.diagonal(offset, dim1, dim2); });
}
std::tuple<Tensor, Tensor> matmul_backward(const Tensor& grad, const Tensor& self, const Tensor& other,
                                           std::array<bool, 2> mask) {
  auto [by_self, by_other] = through<2>(grad, {self, other}, mask, [](const auto& x) { return matmul(x[0], x[1]); });
  return {std::move(by_self), std::move(by_other)};
}

}  // namespace rondo
