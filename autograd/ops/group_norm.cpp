// Group norm and root mean square norm.
#include <rondo/autograd/kernels/channel_norm.h>
#include <rondo/autograd/ops/channel_norm.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <limits>

namespace rondo {
namespace {

using kernels::ChannelShape;
using ops::data_or_null;
using ops::dense;

struct GroupNormBackward final : ops::Rule {
  ops::Saved x, weight, mean, rstd;
  ChannelShape shape{0, 0, 0};
  int64_t groups = 1;
  double eps = 0;

  std::string name() const override { return "NativeGroupNormBackward0"; }
  void backward(ops::Backward& step) override {
    if (step.create_graph()) return backward_recorded(step);
    const Tensor& input = x.peek(*this);
    const ScalarType type = input.dtype();
    const Tensor gy = step.gy().contiguous(), from = input.contiguous();
    Tensor gx, gweight, gbias, scale;
    if (weight.holds()) scale = weight.peek(*this).contiguous();
    if (step.wants(0)) gx = tensor_data::make(input.sizes(), type);
    if (step.wants(1)) gweight = tensor_data::make({shape.channels}, type);
    if (step.wants(2)) gbias = tensor_data::make({shape.channels}, type);
    const auto target = [](Tensor& gradient) { return gradient.defined() ? gradient.data_ptr() : nullptr; };
    kernels::group_norm_backward(type, shape, groups, gy.data_ptr(), from.data_ptr(), data_or_null(scale),
                                 mean.peek(*this).data_ptr(), rstd.peek(*this).data_ptr(), target(gx), target(gweight),
                                 target(gbias));
    step[0] = std::move(gx);
    step[1] = std::move(gweight);
    step[2] = std::move(gbias);
  }
  // With n = (x - mean) rstd and g = gy weight: gx = rstd (g - mean(g) - n mean(g n)), means over a group.
  void backward_recorded(ops::Backward& step) {
    const Tensor input = x.get(*this);
    const Dims by_group({shape.batch, groups, -1}), by_channel({shape.batch, shape.channels, -1});
    const Tensor flat = input.reshape(by_group), gy = step.gy().reshape(by_channel);
    const Tensor centered = flat - flat.mean(2, true);
    const Tensor scale = ((centered * centered).mean(2, true) + eps).rsqrt();
    const Tensor n = centered * scale;
    if (step.wants(0)) {
      const Tensor weighted = weight.holds() ? gy * weight.get(*this).view({1, shape.channels, 1}) : gy;
      const Tensor g = weighted.reshape(by_group);
      step[0] = (scale * (g - g.mean(2, true) - n * (g * n).mean(2, true))).reshape(input.sizes());
    }
    if (step.wants(1)) step[1] = (gy * n.reshape(by_channel)).sum({0, 2});
    if (step.wants(2)) step[2] = gy.sum({0, 2});
  }
  void release_variables() override { release(x, weight, mean, rstd); }
};

struct RmsNormBackward final : ops::Rule {
  ops::Saved x, weight, rstd;
  int64_t rows = 0, size = 0;
  double eps = 0;
  Dims normalized;

  std::string name() const override { return "RmsNormBackward0"; }
  void backward(ops::Backward& step) override {
    if (step.create_graph()) return backward_recorded(step);
    const Tensor& input = x.peek(*this);
    const Tensor gy = step.gy().contiguous(), from = input.contiguous();
    Tensor gx, gweight, scale;
    if (weight.holds()) scale = weight.peek(*this).contiguous();
    if (step.wants(0)) gx = tensor_data::make(input.sizes(), input.dtype());
    if (step.wants(1)) gweight = tensor_data::make(normalized, input.dtype());
    kernels::rms_norm_backward(input.dtype(), rows, size, gy.data_ptr(), from.data_ptr(), data_or_null(scale),
                               rstd.peek(*this).data_ptr(), gx.defined() ? gx.data_ptr() : nullptr,
                               gweight.defined() ? gweight.data_ptr() : nullptr);
    step[0] = std::move(gx);
    step[1] = std::move(gweight);
  }
  // With n = x rstd and g = gy weight: gx = rstd (g - n mean(g n)).
  void backward_recorded(ops::Backward& step) {
    const Tensor input = x.get(*this).reshape({rows, size}), gy = step.gy().reshape({rows, size});
    const Tensor scale = ((input * input).mean(1, true) + eps).rsqrt(), n = input * scale;
    if (step.wants(0)) {
      const Tensor g = weight.holds() ? gy * weight.get(*this).reshape({size}) : gy;
      step[0] = (scale * (g - n * (g * n).mean(1, true))).reshape(x.peek(*this).sizes());
    }
    if (step.wants(1)) step[1] = (gy * n).sum(0).reshape(normalized);
  }
  void release_variables() override { release(x, weight, rstd); }
};

void check_floating(const char* op, const Tensor& input) {
  if (is_floating_point(input.dtype())) return;
  fail_type(op, fmt::format("input is {}; need a floating point dtype", dtype_name(input.dtype())));
}

void check_parameter(const char* op, const char* what, const Tensor& parameter, const Tensor& input,
                     IntArrayRef sizes) {
  if (!parameter.defined()) return;
  if (parameter.sizes() != sizes) {
    fail(op, fmt::format("Expected {} to be of shape {}, but got {}", what, to_string(sizes),
                         to_string(parameter.sizes())));
  }
  if (parameter.dtype() != input.dtype()) {
    fail_type(op, fmt::format("input is {}, {} is {}; need one dtype", dtype_name(input.dtype()), what,
                              dtype_name(parameter.dtype())));
  }
}

}  // namespace

std::tuple<Tensor, Tensor, Tensor> native_group_norm(const Tensor& input, const Tensor& weight, const Tensor& bias,
                                                     int64_t N, int64_t C, int64_t HxW, int64_t group, double eps) {
  check_floating("group_norm", input);
  if (group < 1 || C % group != 0) {
    fail("group_norm",
         fmt::format("Expected number of channels in input to be divisible by num_groups, but got input of "
                     "shape {} and num_groups={}",
                     to_string(input.sizes()), group));
  }
  if (input.numel() != N * C * HxW) {
    fail("group_norm", fmt::format("input of {} has {} elements; need N * C * HxW = {} * {} * {}",
                                   to_string(input.sizes()), input.numel(), N, C, HxW));
  }
  check_parameter("group_norm", "weight", weight, input, {C});
  check_parameter("group_norm", "bias", bias, input, {C});
  const ScalarType type = input.dtype();
  if (is_reduced_floating(type)) {
    const auto wide = [](const Tensor& t) { return t.defined() ? t.to(kFloat) : t; };
    const auto [y, mean, rstd] = native_group_norm(wide(input), wide(weight), wide(bias), N, C, HxW, group, eps);
    return {y.to(type), mean, rstd};
  }
  const ChannelShape shape{N, C, HxW};
  const Tensor x = dense(input), w = dense(weight), b = dense(bias);
  Tensor y = tensor_data::make(input.sizes(), type);
  const Tensor mean = tensor_data::make({N, group}, type), rstd = tensor_data::make({N, group}, type);
  kernels::group_norm(type, shape, group, eps, x.data_ptr(), data_or_null(w), data_or_null(b), y.data_ptr(),
                      mean.data_ptr(), rstd.data_ptr());
  if (auto* node = ops::record<GroupNormBackward>(y, input, weight, bias)) {
    node->x.save_input(input);
    if (weight.defined() && node->wants(0)) node->weight.save_input(weight);
    node->mean.save_input(mean);
    node->rstd.save_input(rstd);
    node->shape = shape;
    node->groups = group;
    node->eps = eps;
  }
  return {y, mean, rstd};
}

Tensor group_norm(const Tensor& input, int64_t num_groups, const Tensor& weight, const Tensor& bias, double eps, bool) {
  if (input.dim() < 2) fail("group_norm", fmt::format("input is {}; need (N, C, ...)", to_string(input.sizes())));
  int64_t inner = 1;
  for (int64_t d = 2; d < input.dim(); ++d) inner *= input.size(d);
  return std::get<0>(native_group_norm(input, weight, bias, input.size(0), input.size(1), inner, num_groups, eps));
}

Tensor by_name::rms_norm(const Tensor& input, IntArrayRef normalized_shape, const Tensor& weight,
                         std::optional<double> eps) {
  check_floating("rms_norm", input);
  const IntArrayRef sizes = input.sizes();
  const size_t inner = normalized_shape.size();
  if (inner == 0 || sizes.size() < inner || sizes.slice(sizes.size() - inner) != normalized_shape) {
    fail("rms_norm", fmt::format("Given normalized_shape={}, expected input with shape (*, ...) that ends so, but got "
                                 "input of size {}",
                                 to_string(normalized_shape), to_string(sizes)));
  }
  check_parameter("rms_norm", "weight", weight, input, normalized_shape);
  const ScalarType type = input.dtype();
  if (is_reduced_floating(type)) {
    const double step = type == kHalf ? 0x1p-10 : 0x1p-7;
    return rms_norm(input.to(kFloat), normalized_shape, weight.defined() ? weight.to(kFloat) : weight,
                    eps.value_or(step))
        .to(type);
  }
  const double added = eps.value_or(type == kFloat ? double(std::numeric_limits<float>::epsilon())
                                                   : std::numeric_limits<double>::epsilon());
  const int64_t size = count_elements(normalized_shape);
  const int64_t rows = count_elements(sizes.slice(0, sizes.size() - inner));
  const Tensor x = dense(input), w = dense(weight);
  Tensor y = tensor_data::make(sizes, type);
  const Tensor rstd = tensor_data::make({rows}, type);
  kernels::rms_norm(type, rows, size, added, x.data_ptr(), data_or_null(w), y.data_ptr(), rstd.data_ptr());
  if (auto* node = ops::record<RmsNormBackward>(y, input, weight)) {
    node->x.save_input(input);
    if (weight.defined() && node->wants(0)) node->weight.save_input(weight);
    node->rstd.save_input(rstd);
    node->rows = rows;
    node->size = size;
    node->eps = added;
    node->normalized = Dims(normalized_shape);
  }
  return y;
}

RONDO_OP(
    group_norm, .name = "group_norm", .doc = "(x - mean) / sqrt(var + eps) * weight + bias by groups of channels",
    .samples = [](ops::Samples& s) {
      const auto both = RONDO_SAMPLE(group_norm(in[0], 2, in[1], in[2]));
      s.add("images", {s.real({2, 4, 2, 2}), s.real({4}), s.real({4})}, both);
      s.add("rows", {s.real({3, 6}), s.real({6}), s.real({6})}, both);
      s.add("one group", {s.real({2, 3, 4})}, RONDO_SAMPLE(group_norm(in[0], 1)));
      s.add("weight alone", {s.real({2, 2, 3}), s.real({2})}, RONDO_SAMPLE(group_norm(in[0], 1, in[1], {}, 1e-3)));
      s.add("strided", {s.real({2, 3, 4})}, RONDO_SAMPLE(group_norm(in[0].transpose(1, 2), 2)));
      s.error("groups", "to be divisible by num_groups", [] { group_norm(zeros({2, 4}), 3); });
      s.error("weight", "Expected weight to be of shape (4,)", [] { group_norm(zeros({2, 4}), 2, zeros({3})); });
      s.error("integers", "need a floating point dtype", [] { group_norm(zeros({2, 4}, kLong), 2); });
    });

RONDO_OP(
    rms_norm, .name = "rms_norm", .doc = "x / sqrt(mean(x^2) + eps) * weight over the last dimensions",
    .samples = [](ops::Samples& s) {
      s.add("rows", {s.real({3, 4}), s.real({4})}, RONDO_SAMPLE(rms_norm(in[0], {4}, in[1])));
      s.add("two dimensions", {s.real({2, 2, 3}), s.real({2, 3})}, RONDO_SAMPLE(rms_norm(in[0], {2, 3}, in[1], 1e-3)));
      s.add("no weight", {s.real({3, 4})}, RONDO_SAMPLE(rms_norm(in[0], {4})));
      s.add("strided", {s.real({4, 3}), s.real({4})}, RONDO_SAMPLE(rms_norm(in[0].t(), {4}, in[1])));
      s.error("shape", "Given normalized_shape=(3,)", [] { rms_norm(zeros({2, 4}), {3}); });
      s.error("integers", "need a floating point dtype", [] { rms_norm(zeros({2, 4}, kLong), {4}); });
    });

}  // namespace rondo
