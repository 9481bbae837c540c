#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/likelihood_loss.h>
#include <rondo/autograd/ops/loss.h>
#include <rondo/compat/aten.h>
#include <rondo/compat/write_out.h>

namespace rondo {
namespace {

// The sum of the weights of the classes that count.
Tensor total_weight(const Tensor& self, const Tensor& target, const std::optional<Tensor>& weight, int64_t reduction,
                    int64_t ignore_index) {
  if (reduction == Reduction::None) return zeros({}, self.options());
  const NoGradGuard guard;
  const Tensor counts = target != ignore_index;
  if (!weight || !weight->defined()) return counts.sum().to(self.dtype());
  return weight->detach().to(self.dtype()).index_select(0, target.masked_select(counts)).sum();
}

}  // namespace

Tensor copy(const Tensor& self, const Tensor& src, bool) { return src.to(self.dtype()).expand_as(self).clone(); }

Tensor flatten_dense_tensors(TensorList tensors) {
  std::vector<Tensor> lists;
  for (const Tensor& tensor : tensors) lists.push_back(tensor.reshape({-1}));
  return cat(lists);
}

std::vector<Tensor> unflatten_dense_tensors(const Tensor& flat, TensorList tensors) {
  std::vector<Tensor> parts;
  int64_t start = 0;
  for (const Tensor& tensor : tensors) {
    parts.push_back(flat.narrow(0, start, tensor.numel()).view(tensor.sizes()));
    start += tensor.numel();
  }
  return parts;
}

std::tuple<Tensor, Tensor> log_sigmoid_forward(const Tensor& self) {
  return {log_sigmoid(self), exp(-self.detach().abs())};
}

std::tuple<Tensor, Tensor> nll_loss_forward(const Tensor& self, const Tensor& target,
                                            const std::optional<Tensor>& weight, int64_t reduction,
                                            int64_t ignore_index) {
  return {nll_loss(self, target, weight.value_or(Tensor()), reduction, ignore_index),
          total_weight(self, target, weight, reduction, ignore_index)};
}

std::tuple<Tensor, Tensor> nll_loss2d_forward(const Tensor& self, const Tensor& target,
                                              const std::optional<Tensor>& weight, int64_t reduction,
                                              int64_t ignore_index) {
  return {nll_loss2d(self, target, weight.value_or(Tensor()), reduction, ignore_index),
          total_weight(self, target, weight, reduction, ignore_index)};
}

Tensor& copy_out(Tensor& out, const Tensor& self, const Tensor& src, bool) {
  return compat::write_out("copy", copy(self, src), out);
}
Tensor& repeat_out(Tensor& out, const Tensor& self, IntArrayRef repeats) {
  return compat::write_out("repeat", self.repeat(repeats), out);
}
Tensor& new_zeros_out(Tensor& out, const Tensor& self, IntArrayRef size) {
  return compat::convert_out("new_zeros", self.new_zeros(size), out);
}
Tensor& new_ones_out(Tensor& out, const Tensor& self, IntArrayRef size) {
  return compat::convert_out("new_ones", self.new_ones(size), out);
}
Tensor& new_full_out(Tensor& out, const Tensor& self, IntArrayRef size, Scalar fill_value) {
  return compat::convert_out("new_full", self.new_full(size, fill_value), out);
}

std::tuple<Tensor, Tensor, Tensor> native_layer_norm(const Tensor& input, IntArrayRef normalized_shape,
                                                     const std::optional<Tensor>& weight,
                                                     const std::optional<Tensor>& bias, double eps) {
  const Tensor y = layer_norm(input, normalized_shape, weight.value_or(Tensor()), bias.value_or(Tensor()), eps);
  std::vector<int64_t> dims;
  for (size_t i = 0; i < normalized_shape.size(); ++i) dims.push_back(-1 - static_cast<int64_t>(i));
  const NoGradGuard guard;
  return {y, input.mean(dims, true), rsqrt(input.var(dims, false, true) + eps)};
}

std::tuple<Tensor, Tensor> native_dropout(const Tensor& input, double p, std::optional<bool> train) {
  if (p == 0 || !train.value_or(true)) return {input.clone(), ones_like(input, kBool)};
  const double keep = 1 - p;
  const Tensor mask = empty_like(input, kBool).bernoulli_(keep);
  return {input * mask * (keep == 0 ? 0 : 1 / keep), mask};
}

}  // namespace rondo
