// Normalization by neighbouring channels.
#include <rondo/autograd/kernels/response_norm.h>
#include <rondo/autograd/ops/channel_norm.h>
#include <rondo/autograd/ops/padding.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

namespace rondo {
namespace {

// The sums over the channels from `before` channels before to `after` behind.
Tensor window_sum(const Tensor& x, int64_t before, int64_t after) {
  std::vector<int64_t> pad(static_cast<size_t>(2 * (x.dim() - 1)), 0);
  pad[pad.size() - 2] = before;
  pad[pad.size() - 1] = after;
  const Tensor padded = constant_pad_nd(x, pad, 0);
  Tensor sum = padded.narrow(1, 0, x.size(1));
  for (int64_t i = 1; i <= before + after; ++i) sum = sum + padded.narrow(1, i, x.size(1));
  return sum;
}

struct ResponseNormBackward final : ops::Rule {
  ops::Saved x;
  kernels::ResponseNorm norm{};

  std::string name() const override { return "ResponseNormBackward0"; }
  void backward(ops::Backward& step) override {
    if (step.create_graph()) return backward_recorded(step);
    const Tensor gy = step.gy().contiguous(), from = x.peek(*this).contiguous();
    const Tensor gx = tensor_data::make(from.sizes(), from.dtype());
    kernels::response_norm_backward(from.dtype(), norm, gy.data_ptr(), from.data_ptr(), gx.data_ptr());
    step[0] = gx;
  }
  void backward_recorded(ops::Backward& step) {
    const Tensor input = x.get(*this), gy = step.gy();
    const Tensor d = window_sum(input * input, norm.before, norm.after) * norm.factor + norm.k;
    const Tensor direct = gy * d.pow(-norm.beta);
    const Tensor across = window_sum(direct * input / d, norm.after, norm.before);
    step[0] = direct - input * across * (2 * norm.factor * norm.beta);
  }
  void release_variables() override { release(x); }
};

}  // namespace

Tensor response_norm(const Tensor& input, int64_t before, int64_t after, double factor, double k, double beta) {
  if (input.dim() < 3) {
    fail("local_response_norm",
         fmt::format("Expected 3D or higher dimensionality input (got {} dimensions)", input.dim()));
  }
  if (before < 0 || after < 0) {
    fail("local_response_norm",
         fmt::format("the window reaches from {} channels before to {} behind; need a size of 1 or more", before,
                     after));
  }
  const ScalarType type = input.dtype();
  if (type != kFloat && type != kDouble) {
    const Tensor y = response_norm(input.to(kFloat), before, after, factor, k, beta);
    return is_floating_point(type) ? y.to(type) : y;
  }
  kernels::ResponseNorm norm{input.size(0), input.size(1), 1, before, after, factor, k, beta};
  for (int64_t d = 2; d < input.dim(); ++d) norm.inner *= input.size(d);
  const Tensor x = input.detach().contiguous();
  Tensor y = tensor_data::make(input.sizes(), type);
  kernels::response_norm(type, norm, x.data_ptr(), y.data_ptr());
  if (auto* node = ops::record<ResponseNormBackward>(y, input)) {
    node->x.save_input(input);
    node->norm = norm;
  }
  return y;
}

RONDO_OP(
    response_norm, .name = "response_norm", .doc = "x / (k + factor * sum of squares over a window of channels)^beta",
    .samples = [](ops::Samples& s) {
      s.add("images", {s.real({2, 5, 2, 3})}, RONDO_SAMPLE(response_norm(in[0], 1, 1, 0.3, 1, 0.75)));
      s.add("a wide window", {s.real({1, 3, 4})}, RONDO_SAMPLE(response_norm(in[0], 4, 3, 0.2, 2, 0.5)));
      s.add("itself alone", {s.real({2, 3, 1})}, RONDO_SAMPLE(response_norm(in[0], 0, 0, 0.5, 1.5, 1)));
      s.add("to one side", {s.real({2, 4, 2})}, RONDO_SAMPLE(response_norm(in[0], 2, 0, 0.5, 1, 1.7)));
      s.add("strided", {s.real({2, 3, 4})}, RONDO_SAMPLE(response_norm(in[0].transpose(1, 2), 1, 2, 0.3, 1, 0.75)));
      s.add("nothing", {s.real({0, 3, 2})}, RONDO_SAMPLE(response_norm(in[0], 1, 1, 0.3, 1, 0.75)));
      s.error("rows", "Expected 3D or higher", [] { response_norm(zeros({2, 4}), 1, 1, 1, 1, 1); });
      s.error("no window", "size of 1 or more", [] { response_norm(zeros({2, 4, 1}), -1, 0, 1, 1, 1); });
    });

}  // namespace rondo
