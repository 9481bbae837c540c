// Convolutions. One trilinear form, the sum of gy (w * x), stands behind three products of two of its arguments; the
// derivative of each is another of them, so that any order comes by itself.
#include <rondo/autograd/kernels/convolution.h>
#include <rondo/autograd/ops/convolution.h>
#include <rondo/autograd/ops/convolution_parts.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/tensor/factory.h>

namespace rondo::ops::conv {
namespace {

Tensor sum_of_channels(const Tensor& gy) {
  Dims dims;
  dims.resize(static_cast<int32_t>(gy.dim() - 1));
  for (int32_t i = 0; i < dims.size(); ++i) dims[i] = i == 0 ? 0 : i + 1;
  return gy.sum(IntArrayRef(dims));
}

struct ConvolutionBackward final : ops::Rule {
  ops::Saved a, b;  // the operands, in the order of the product
  Product product = Product::Output;
  Plan plan;

  std::string name() const override {
    return product == plan.first_product() ? "ConvolutionBackward0" : "ConvolutionBackwardBackward0";
  }
  void backward(ops::Backward& step) override {
    // Once for all gradients: that of a sum is one number seen many times.
    const Tensor g = step.create_graph() ? step.gy() : dense(step.gy());
    if (product == Product::Output) {
      if (step.wants(0)) step[0] = data(g, operand(step, b), {}, plan);
      if (step.wants(1)) step[1] = weight(g, operand(step, a), plan);
    } else if (product == Product::Data) {
      if (step.wants(0)) step[0] = output(g, operand(step, b), {}, plan);
      if (step.wants(1)) step[1] = weight(operand(step, a), g, plan);
    } else {
      if (step.wants(0)) step[0] = output(operand(step, b), g, {}, plan);
      if (step.wants(1)) step[1] = data(operand(step, a), g, {}, plan);
      return;
    }
    if (step.wants(2)) step[2] = sum_of_channels(g);
  }
  void release_variables() override { release(a, b); }

 private:
  Tensor operand(ops::Backward& step, ops::Saved& saved) {
    return step.create_graph() ? saved.get(*this) : saved.peek(*this);
  }
};

template <class... Bias>
void keep(const Tensor& result, Product product, const Plan& plan, const Tensor& a, const Tensor& b,
          const Bias&... bias) {
  auto* node = ops::record<ConvolutionBackward>(result, a, b, bias...);
  if (node == nullptr) return;
  if (node->wants(1)) node->a.save_input(a);
  if (node->wants(0)) node->b.save_input(b);
  node->product = product;
  node->plan = plan;
}

}  // namespace

Tensor output(const Tensor& x, const Tensor& w, const Tensor& bias, const Plan& plan) {
  Tensor y = tensor_data::make(plan.y_sizes, x.dtype());
  if (y.numel() > 0) {
    const Tensor dx = dense(x), dw = dense(w), db = dense(bias);
    kernels::convolution(x.dtype(), plan.shape, dx.data_ptr(), dw.data_ptr(), data_or_null(db), y.data_ptr());
  }
  keep(y, Product::Output, plan, x, w, bias);
  return y;
}

Tensor data(const Tensor& gy, const Tensor& w, const Tensor& bias, const Plan& plan) {
  Tensor gx = tensor_data::make(plan.x_sizes, gy.dtype());
  if (gx.numel() > 0) {
    const Tensor dy = dense(gy), dw = dense(w), db = dense(bias);
    kernels::convolution_data(gy.dtype(), plan.shape, dy.data_ptr(), dw.data_ptr(), data_or_null(db), gx.data_ptr());
  }
  keep(gx, Product::Data, plan, gy, w, bias);
  return gx;
}

Tensor weight(const Tensor& gy, const Tensor& x, const Plan& plan) {
  Tensor gw = tensor_data::make(plan.w_sizes, gy.dtype());
  if (gw.numel() > 0) {
    const Tensor dy = dense(gy), dx = dense(x);
    kernels::convolution_weight(gy.dtype(), plan.shape, dy.data_ptr(), dx.data_ptr(), gw.data_ptr());
  }
  keep(gw, Product::Weight, plan, gy, x);
  return gw;
}

}  // namespace rondo::ops::conv

namespace rondo {

void set_winograd(bool on) { kernels::set_winograd(on); }
bool winograd() { return kernels::winograd(); }

}  // namespace rondo
