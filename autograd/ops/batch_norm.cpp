// Batch norm and instance norm.
#include <rondo/autograd/graph/history.h>
#include <rondo/autograd/kernels/channel_norm.h>
#include <rondo/autograd/ops/channel_norm.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/ops/shape.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <limits>

namespace rondo {
namespace {

using kernels::ChannelShape;

// [N, C, ...] as [N, C, inner].
ChannelShape shape_of(const Tensor& input) {
  ChannelShape shape{input.size(0), input.size(1), 1};
  for (int64_t d = 2; d < input.dim(); ++d) shape.inner *= input.size(d);
  return shape;
}

// An array with a whole row of each channel in a piece. Channels that lie side by side, [N, C], are turned.
struct ChannelRows {
  explicit ChannelRows(const Tensor& input) : shape(shape_of(input)) {
    turned = shape.inner == 1 && shape.batch > 1;
    if (turned) shape = {1, shape.channels, shape.batch};
  }
  Tensor in(const Tensor& tensor) const {
    return turned ? tensor.reshape({tensor.size(0), tensor.size(1)}).t().contiguous() : tensor.contiguous();
  }
  Tensor make(const Tensor& like) const {
    return turned ? tensor_data::make({shape.channels, shape.inner}, like.dtype())
                  : tensor_data::make(like.sizes(), like.dtype());
  }
  Tensor out(const Tensor& tensor, const Tensor& like) const {
    return turned ? graph::unviewed(tensor.t().contiguous().view(like.sizes())) : tensor;
  }
  ChannelShape shape;
  bool turned;
};

struct BatchNormBackward final : ops::Rule {
  ops::Saved x, weight, mean, rstd;
  bool training = false;
  double eps = 0;

  std::string name() const override { return "NativeBatchNormBackward0"; }
  void backward(ops::Backward& step) override {
    if (step.create_graph()) return backward_recorded(step);
    const Tensor& input = x.peek(*this);
    const ScalarType type = input.dtype();
    const ChannelRows rows(input);
    const Tensor gy = rows.in(step.gy()), dense = rows.in(input);
    Tensor gx, gweight, gbias, scale;
    if (weight.holds()) scale = weight.peek(*this).contiguous();
    if (step.wants(0)) gx = rows.make(input);
    if (step.wants(1)) gweight = tensor_data::make({rows.shape.channels}, type);
    if (step.wants(2)) gbias = tensor_data::make({rows.shape.channels}, type);
    const auto target = [](Tensor& gradient) { return gradient.defined() ? gradient.data_ptr() : nullptr; };
    kernels::batch_norm_backward(type, rows.shape, training, gy.data_ptr(), dense.data_ptr(), ops::data_or_null(scale),
                                 mean.peek(*this).data_ptr(), rstd.peek(*this).data_ptr(), target(gx), target(gweight),
                                 target(gbias));
    if (gx.defined()) step[0] = rows.out(gx, input);
    step[1] = std::move(gweight);
    step[2] = std::move(gbias);
  }
  // With n = (x - mean) rstd and g = gy weight: gx = rstd (g - mean(g) - n mean(g n)), where the statistics depend on
  // x.
  void backward_recorded(ops::Backward& step) {
    const Tensor input = x.get(*this);
    const ChannelShape s = shape_of(input);
    const Tensor flat = input.reshape({s.batch, s.channels, s.inner});
    const Tensor gy = step.gy().reshape({s.batch, s.channels, s.inner});
    const Dims column({1, s.channels, 1});
    const Tensor middle = training ? flat.mean({0, 2}, true) : mean.get(*this).view(column);
    const Tensor centered = flat - middle;
    Tensor scale;
    if (training) {
      Tensor spread = (centered * centered).mean({0, 2}, true) + eps;
      if (eps == 0) spread = spread.masked_fill(spread == 0, std::numeric_limits<double>::infinity());
      scale = spread.rsqrt();
    } else {
      scale = rstd.get(*this).view(column);
    }
    const Tensor n = centered * scale;
    if (step.wants(0)) {
      Tensor g = weight.holds() ? gy * weight.get(*this).view(column) : gy;
      if (training) g = g - g.mean({0, 2}, true) - n * (g * n).mean({0, 2}, true);
      step[0] = (scale * g).reshape(input.sizes());
    }
    if (step.wants(1)) step[1] = (gy * n).sum({0, 2});
    if (step.wants(2)) step[2] = gy.sum({0, 2});
  }
  void release_variables() override { release(x, weight, mean, rstd); }
};

void check_size(const char* op, const char* what, const Tensor& tensor, int64_t channels) {
  if (!tensor.defined() || tensor.numel() == channels) return;
  fail(op, fmt::format("{} should contain {} elements not {}", what, channels, tensor.numel()));
}

void check_running(const char* op, const char* what, const Tensor& running, int64_t channels) {
  check_size(op, what, running, channels);
  if (!running.defined()) return;
  if (running.dim() != 1) fail(op, fmt::format("{} is {}; need ({},)", what, to_string(running.sizes()), channels));
  if (!is_floating_point(running.dtype())) {
    fail_type(op, fmt::format("{} is {}; need a floating point dtype", what, dtype_name(running.dtype())));
  }
}

// Moves running statistics, in float64.
template <class T>
void move(const Tensor& running, const T* batch, int64_t channels, double momentum, double factor) {
  if (!running.defined()) return;
  visit_dtype(running.dtype(), [&](auto tag) {
    using R = typename decltype(tag)::type;
    if constexpr (!std::is_integral_v<R>) {
      using Number = std::conditional_t<std::is_same_v<R, double>, double, float>;
      R* numbers = running.data_ptr<R>();
      for (int64_t c = 0; c < channels; ++c) {
        R& now = numbers[c * running.stride(0)];
        now = static_cast<Number>(momentum * (static_cast<double>(batch[c]) * factor) +
                                  (1 - momentum) * static_cast<double>(now));
      }
    }
  });
  running.unsafeGetTensorImpl()->storage->bump_version();
}

void move_running(const Tensor& mean, const Tensor& variance, const Tensor& running_mean, const Tensor& running_var,
                  double count, double momentum) {
  visit_dtype(mean.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    if constexpr (std::is_floating_point_v<T>) {
      move(running_mean, mean.data_ptr<T>(), mean.numel(), momentum, 1);
      move(running_var, variance.data_ptr<T>(), mean.numel(), momentum, count / (count - 1));
    }
  });
}

}  // namespace

std::tuple<Tensor, Tensor, Tensor> native_batch_norm(const Tensor& input, const Tensor& weight, const Tensor& bias,
                                                     const Tensor& running_mean, const Tensor& running_var,
                                                     bool training, double momentum, double eps) {
  const ScalarType type = input.dtype();
  if (!is_floating_point(type)) {
    fail_type("batch_norm", fmt::format("input is {}; need a floating point dtype", dtype_name(type)));
  }
  if (input.dim() < 2) {
    fail("batch_norm", fmt::format("input is {}; need (N, C, ...)", to_string(input.sizes())));
  }
  const int64_t channels = input.size(1);
  check_size("batch_norm", "weight", weight, channels);
  check_size("batch_norm", "bias", bias, channels);
  check_running("batch_norm", "running_mean", running_mean, channels);
  check_running("batch_norm", "running_var", running_var, channels);
  if (!training && !(running_mean.defined() && running_var.defined())) {
    fail("batch_norm",
         fmt::format("running_{} must be defined in evaluation mode", running_mean.defined() ? "var" : "mean"));
  }
  if (is_reduced_floating(type)) {
    const auto wide = [](const Tensor& t) { return t.defined() ? t.to(kFloat) : t; };
    const auto [y, mean, rstd] =
        native_batch_norm(wide(input), wide(weight), wide(bias), running_mean, running_var, training, momentum, eps);
    return {y.to(type), mean, rstd};
  }
  for (const Tensor* t : {&weight, &bias}) {
    if (t->defined() && t->dtype() != type) {
      fail_type("batch_norm",
                fmt::format("input is {}, a parameter {}; need one dtype", dtype_name(type), dtype_name(t->dtype())));
    }
  }
  const ChannelRows rows(input);
  Tensor y, mean, rstd;
  {
    NoGradGuard guard;
    const Tensor x = rows.in(input.detach()), w = ops::dense(weight), b = ops::dense(bias);
    Tensor result = rows.make(input);
    if (training) {
      mean = tensor_data::make({channels}, type);
      rstd = tensor_data::make({channels}, type);
      const Tensor variance = tensor_data::make({channels}, type);
      kernels::batch_norm(type, rows.shape, eps, x.data_ptr(), ops::data_or_null(w), ops::data_or_null(b),
                          result.data_ptr(), mean.data_ptr(), variance.data_ptr(), rstd.data_ptr());
      // An empty batch says nothing of the statistics.
      if (input.numel() > 0) {
        move_running(mean, variance, running_mean, running_var,
                     static_cast<double>(rows.shape.batch * rows.shape.inner), momentum);
      }
    } else {
      mean = running_mean.detach().to(type, false, true).contiguous();
      rstd = (running_var.detach().to(type) + eps).rsqrt();
      kernels::batch_norm_apply(type, rows.shape, x.data_ptr(), ops::data_or_null(w), ops::data_or_null(b),
                                mean.data_ptr(), rstd.data_ptr(), result.data_ptr());
    }
    y = rows.out(result, input);
  }
  if (auto* node = ops::record<BatchNormBackward>(y, input, weight, bias)) {
    node->x.save_input(input);
    if (weight.defined() && node->wants(0)) node->weight.save_input(weight);
    node->mean.save_input(mean);
    node->rstd.save_input(rstd);
    node->training = training;
    node->eps = eps;
  }
  if (!training) mean = rstd = tensor_data::make({0}, type);
  return {y, mean, rstd};
}

Tensor batch_norm(const Tensor& input, const Tensor& weight, const Tensor& bias, const Tensor& running_mean,
                  const Tensor& running_var, bool training, double momentum, double eps, bool) {
  return std::get<0>(native_batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps));
}

Tensor instance_norm(const Tensor& input, const Tensor& weight, const Tensor& bias, const Tensor& running_mean,
                     const Tensor& running_var, bool use_input_stats, double momentum, double eps, bool) {
  if (input.dim() < 2) {
    fail("instance_norm", fmt::format("input is {}; need (N, C, ...)", to_string(input.sizes())));
  }
  if (!use_input_stats && !(running_mean.defined() && running_var.defined())) {
    fail("instance_norm", "Expected running_mean and running_var to be defined when use_input_stats is false");
  }
  const int64_t batch = input.size(0), channels = input.size(1);
  check_size("instance_norm", "weight", weight, channels);
  check_size("instance_norm", "bias", bias, channels);
  const auto repeated = [batch](const Tensor& t) { return t.defined() ? t.repeat({batch}) : t; };
  const Tensor mean = repeated(running_mean), variance = repeated(running_var);
  Dims sizes(input.sizes());
  sizes[0] = 1;
  sizes[1] = batch * channels;
  const Tensor y = batch_norm(input.contiguous().view(sizes), repeated(weight), repeated(bias), mean, variance,
                              use_input_stats, momentum, eps);
  if (use_input_stats && input.numel() > 0) {
    NoGradGuard guard;
    if (mean.defined()) running_mean.copy_(mean.view({batch, channels}).mean(0));
    if (variance.defined()) running_var.copy_(variance.view({batch, channels}).mean(0));
  }
  return y.view(input.sizes());
}

RONDO_OP(
    batch_norm, .name = "batch_norm",
    .doc = "(x - mean) / sqrt(var + eps) * weight + bias of each channel; a primitive: a channel stays in the cache",
    .samples = [](ops::Samples& s) {
      const auto train = RONDO_SAMPLE(batch_norm(in[0], in[1], in[2], {}, {}, true, 0.1, 1e-5));
      s.add("images", {s.real({2, 3, 2, 2}), s.real({3}), s.real({3})}, train);
      s.add("rows", {s.real({5, 3}), s.real({3}), s.real({3})}, train);
      s.add("one row", {s.real({1, 3, 4}), s.real({3}), s.real({3})}, train);
      s.add("no parameters", {s.real({3, 2, 2})}, RONDO_SAMPLE(batch_norm(in[0], {}, {}, {}, {}, true, 0.1, 1e-5)));
      s.add("weight alone", {s.real({3, 2, 2}), s.real({2})},
            RONDO_SAMPLE(batch_norm(in[0], in[1], {}, {}, {}, true, 0.1, 1e-3)));
      s.add("strided", {s.real({3, 2, 4})},
            RONDO_SAMPLE(batch_norm(in[0].transpose(0, 1), {}, {}, {}, {}, true, 0.1, 1e-3)));
      s.add("evaluation", {s.real({2, 3, 2}), s.real({3}), s.real({3})},
            RONDO_SAMPLE(batch_norm(in[0], in[1], in[2], full({3}, 0.5, in[0].options()),
                                    full({3}, 2.0, in[0].options()), false, 0.1, 1e-5)));
      s.add("evaluation of rows", {s.real({4, 3})},
            RONDO_SAMPLE(batch_norm(in[0], {}, {}, full({3}, 0.5, in[0].options()), full({3}, 2.0, in[0].options()),
                                    false, 0.1, 1e-5)));
      s.error("weight", "weight should contain 4 elements not 3", [] {
        batch_norm(zeros({2, 4}), zeros({3}), {}, {}, {}, true, 0.1, 1e-5);
      });
      s.error("statistics", "running_mean must be defined in evaluation mode", [] {
        batch_norm(zeros({2, 4}), {}, {}, {}, {}, false, 0.1, 1e-5);
      });
      s.error("statistics of two dimensions", "running_mean is (1, 4); need (4,)", [] {
        batch_norm(zeros({2, 4}), {}, {}, zeros({1, 4}), zeros({4}), true, 0.1, 1e-5);
      });
      s.error("integers", "need a floating point dtype", [] {
        batch_norm(zeros({2, 4}, kLong), {}, {}, {}, {}, true, 0.1, 1e-5);
      });
    });

RONDO_OP(
    instance_norm, .name = "instance_norm", .doc = "batch_norm of each element of the batch by itself",
    .samples = [](ops::Samples& s) {
      s.add("images", {s.real({2, 3, 2, 2}), s.real({3}), s.real({3})},
            RONDO_SAMPLE(instance_norm(in[0], in[1], in[2], {}, {}, true, 0.1, 1e-5)));
      s.add("evaluation", {s.real({2, 3, 2})},
            RONDO_SAMPLE(instance_norm(in[0], {}, {}, full({3}, 0.5, in[0].options()), full({3}, 2.0, in[0].options()),
                                       false, 0.1, 1e-5)));
      s.error("statistics", "Expected running_mean and running_var to be defined", [] {
        instance_norm(zeros({2, 3, 4}), {}, {}, {}, {}, false, 0.1, 1e-5);
      });
    });

}  // namespace rondo
