// Layer normalization.
#include <rondo/autograd/kernels/rows.h>
#include <rondo/autograd/ops/loss.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

namespace rondo {
namespace {

struct LayerNormBackward final : ops::Rule {
  ops::Saved x, weight, mean, rstd;
  int64_t rows = 0, size = 0;
  double eps = 0;
  Dims normalized;

  std::string name() const override { return "NativeLayerNormBackward0"; }
  void backward(ops::Backward& step) override {
    if (step.create_graph()) return backward_recorded(step);
    const Tensor& input = x.peek(*this);
    const ScalarType type = input.dtype();
    const Tensor gy = step.gy().contiguous(), dense = input.contiguous();
    Tensor gx, gweight, gbias, dense_weight;
    if (weight.holds()) dense_weight = weight.peek(*this).contiguous();
    const auto target = [&](int i, Tensor& gradient, IntArrayRef sizes) -> void* {
      if (!step.wants(i)) return nullptr;
      gradient = tensor_data::make(sizes, type);
      return gradient.data_ptr();
    };
    void* out = target(0, gx, input.sizes());
    void* out_weight = target(1, gweight, normalized);
    void* out_bias = target(2, gbias, normalized);
    kernels::layer_norm_backward(type, rows, size, gy.data_ptr(), dense.data_ptr(), ops::data_or_null(dense_weight),
                                 mean.peek(*this).data_ptr(), rstd.peek(*this).data_ptr(), out, out_weight, out_bias);
    step[0] = std::move(gx);
    step[1] = std::move(gweight);
    step[2] = std::move(gbias);
  }
  // With c = (x - mean) rstd and g = gy weight: gx = rstd (g - mean(g) - c mean(g c)).
  void backward_recorded(ops::Backward& step) {
    const Tensor input = x.get(*this).reshape({rows, size});
    const Tensor gy = step.gy().reshape({rows, size});
    const Tensor centered = input - input.mean(1, true);
    const Tensor scale = ((centered * centered).mean(1, true) + eps).rsqrt();
    const Tensor c = centered * scale;
    if (step.wants(0)) {
      const Tensor g = weight.holds() ? gy * weight.get(*this).reshape({size}) : gy;
      step[0] = (scale * (g - g.mean(1, true) - c * (g * c).mean(1, true))).reshape(x.peek(*this).sizes());
    }
    if (step.wants(1)) step[1] = (gy * c).sum(0).reshape(normalized);
    if (step.wants(2)) step[2] = gy.sum(0).reshape(normalized);
  }
  void release_variables() override { release(x, weight, mean, rstd); }
};

void check_parameter(const char* what, const Tensor& parameter, const Tensor& input, IntArrayRef normalized_shape) {
  if (!parameter.defined()) return;
  if (parameter.sizes() != normalized_shape) {
    fail("layer_norm", fmt::format("Expected {0} to be of same shape as normalized_shape, but got {0} of shape {1} and "
                                   "normalized_shape = {2}",
                                   what, to_string(parameter.sizes()), to_string(normalized_shape)));
  }
  if (parameter.dtype() != input.dtype()) {
    fail("layer_norm", fmt::format("expected input and {} to have the same dtype, but got: {} != {}", what,
                                   dtype_name(input.dtype()), dtype_name(parameter.dtype())));
  }
}

}  // namespace

Tensor layer_norm(const Tensor& input, IntArrayRef normalized_shape, const Tensor& weight, const Tensor& bias,
                  double eps, bool cudnn_enable) {
  const ScalarType type = input.dtype();
  if (!is_floating_point(type)) {
    fail_type("layer_norm", fmt::format("input is {}; need a floating point dtype", dtype_name(type)));
  }
  if (normalized_shape.empty()) {
    fail("layer_norm", "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element");
  }
  const IntArrayRef sizes = input.sizes();
  const size_t inner = normalized_shape.size();
  if (sizes.size() < inner || sizes.slice(sizes.size() - inner) != normalized_shape) {
    fail("layer_norm",
         fmt::format("Given normalized_shape={}, expected input with shape (*, ...) that ends so, but got "
                     "input of size {}",
                     to_string(normalized_shape), to_string(sizes)));
  }
  check_parameter("weight", weight, input, normalized_shape);
  check_parameter("bias", bias, input, normalized_shape);
  if (is_reduced_floating(type)) {
    const auto wide = [](const Tensor& t) { return t.defined() ? t.to(kFloat) : t; };
    return layer_norm(wide(input), normalized_shape, wide(weight), wide(bias), eps, cudnn_enable).to(type);
  }
  const int64_t size = count_elements(normalized_shape);
  const int64_t rows = count_elements(sizes.slice(0, sizes.size() - inner));
  const Tensor x = ops::dense(input), w = ops::dense(weight), b = ops::dense(bias);
  Tensor y = tensor_data::make(sizes, type), mean = tensor_data::make(rows, type), rstd = tensor_data::make(rows, type);
  if (y.numel() > 0) {
    kernels::layer_norm(type, rows, size, eps, x.data_ptr(), ops::data_or_null(w), ops::data_or_null(b), y.data_ptr(),
                        mean.data_ptr(), rstd.data_ptr());
  }
  if (auto* node = ops::record<LayerNormBackward>(y, input, weight, bias)) {
    node->x.save_input(input);
    if (weight.defined() && node->wants(0)) node->weight.save_input(weight);
    node->mean.save_input(mean);
    node->rstd.save_input(rstd);
    node->rows = rows;
    node->size = size;
    node->eps = eps;
    node->normalized = Dims(normalized_shape);
  }
  return y;
}

RONDO_OP(
    layer_norm, .name = "layer_norm",
    .doc = "(x - mean) / sqrt(var + eps) * weight + bias over the last dimensions; a primitive: one pass a row",
    .samples = [](ops::Samples& s) {
      const auto both = RONDO_SAMPLE(layer_norm(in[0], in[1].sizes(), in[1], in[2]));
      s.add("rows", {s.real({3, 4}), s.real({4}), s.real({4})}, both);
      s.add("one row", {s.real({4}), s.real({4}), s.real({4})}, both);
      s.add("two dimensions", {s.real({2, 2, 3}), s.real({2, 3}), s.real({2, 3})}, both);
      s.add("several leading dimensions", {s.real({2, 2, 3}), s.real({3}), s.real({3})}, both);
      s.add("no parameters", {s.real({3, 4})}, RONDO_SAMPLE(layer_norm(in[0], {4})));
      s.add("weight alone", {s.real({3, 4}), s.real({4})}, RONDO_SAMPLE(layer_norm(in[0], {4}, in[1])));
      s.add("bias alone", {s.real({3, 4}), s.real({4})}, RONDO_SAMPLE(layer_norm(in[0], {4}, {}, in[1])));
      s.add("a large eps", {s.real({3, 4})}, RONDO_SAMPLE(layer_norm(in[0], {4}, {}, {}, 0.5)));
      s.add("strided", {s.real({4, 3}), s.real({4}), s.real({4})},
            RONDO_SAMPLE(layer_norm(in[0].t(), {4}, in[1], in[2])));
      s.add("no rows", {s.real({0, 4}), s.real({4}), s.real({4})}, both);
      s.error("shape", "Given normalized_shape=(3,)", [] { layer_norm(zeros({2, 4}), {3}); });
      s.error("weight", "Expected weight to be of same shape as normalized_shape", [] {
        layer_norm(zeros({2, 4}), {4}, zeros({3}));
      });
      s.error("integers", "need a floating point dtype", [] { layer_norm(zeros({2, 4}, kLong), {4}); });
    });

}  // namespace rondo
