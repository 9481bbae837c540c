#include <rondo/nn/init.h>

#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/linalg.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <cmath>

namespace rondo::nn::init {
namespace {

double fan(const Tensor& tensor, const FanModeType& mode) {
  const auto [in, out] = _calculate_fan_in_and_fan_out(tensor);
  return static_cast<double>(mode.is<enumtype::kFanIn>() ? in : out);
}

double xavier_std(const Tensor& tensor, double gain) {
  const auto [in, out] = _calculate_fan_in_and_fan_out(tensor);
  return gain * std::sqrt(2.0 / static_cast<double>(in + out));
}

}  // namespace

double calculate_gain(NonlinearityType nonlinearity, double param) {
  if (nonlinearity.is<enumtype::kTanh>()) return 5.0 / 3.0;
  if (nonlinearity.is<enumtype::kReLU>()) return std::sqrt(2.0);
  if (nonlinearity.is<enumtype::kLeakyReLU>()) return std::sqrt(2.0 / (1 + param * param));
  return 1.0;
}

Tensor constant_(Tensor tensor, Scalar value) {
  NoGradGuard no_grad;
  tensor.fill_(value);
  return tensor;
}

Tensor zeros_(Tensor tensor) { return constant_(std::move(tensor), 0); }
Tensor ones_(Tensor tensor) { return constant_(std::move(tensor), 1); }

Tensor eye_(Tensor matrix) {
  NoGradGuard no_grad;
  if (matrix.dim() != 2) {
    fail("eye_", fmt::format("Only tensors with 2 dimensions are supported; got {}", to_string(matrix.sizes())));
  }
  matrix.zero_();
  matrix.diagonal().fill_(1);
  return matrix;
}

Tensor dirac_(Tensor tensor) {
  NoGradGuard no_grad;
  if (tensor.dim() < 3 || tensor.dim() > 5) {
    fail("dirac_",
         fmt::format("Only tensors with 3, 4, or 5 dimensions are supported; got {}", to_string(tensor.sizes())));
  }
  tensor.zero_();
  const int64_t channels = tensor.size(0) < tensor.size(1) ? tensor.size(0) : tensor.size(1);
  for (int64_t i = 0; i < channels; ++i) {
    Tensor middle = tensor.select(0, i).select(0, i);
    while (middle.dim() > 0) middle = middle.select(0, middle.size(0) / 2);
    middle.fill_(1);
  }
  return tensor;
}

Tensor uniform_(Tensor tensor, double low, double high) {
  NoGradGuard no_grad;
  if (tensor.numel() > 0) tensor.uniform_(low, high);  // without numbers there may be no finite bound
  return tensor;
}

Tensor normal_(Tensor tensor, double mean, double std) {
  NoGradGuard no_grad;
  tensor.normal_(mean, std);
  return tensor;
}

Tensor trunc_normal_(Tensor tensor, double mean, double std, double low, double high) {
  NoGradGuard no_grad;
  if (!(low < high) || !(std > 0)) {
    fail("trunc_normal_",
         fmt::format("need low < high and a positive std; got low {}, high {}, std {}", low, high, std));
  }
  // erf of the borders: what lies between them is drawn evenly.
  const double root = std::sqrt(2.0);
  const double from = std::erf((low - mean) / (std * root)), to = std::erf((high - mean) / (std * root));
  tensor.uniform_(from, to).erfinv_().mul_(std * root).add_(mean).clamp_(low, high);
  return tensor;
}

Tensor orthogonal_(Tensor tensor, double gain) {
  NoGradGuard no_grad;
  if (tensor.dim() < 2) {
    fail("orthogonal_",
         fmt::format("Only tensors with 2 or more dimensions are supported; got {}", to_string(tensor.sizes())));
  }
  if (tensor.numel() == 0) return tensor;
  const int64_t rows = tensor.size(0), columns = tensor.numel() / rows;
  const Tensor numbers = randn({rows, columns}).to(tensor.dtype());  // drawn in the default dtype, as in libtorch
  const bool wide = rows < columns;
  const auto [q, r] = linalg_qr(wide ? numbers.t() : numbers);
  // With R's diagonal positive, Q is uniform.
  const Tensor turned = q * r.diagonal().sign();
  tensor.copy_((wide ? turned.t() : turned).reshape(tensor.sizes()));
  if (gain != 1) tensor.mul_(gain);
  return tensor;
}

Tensor sparse_(Tensor matrix, double sparsity, double std) {
  NoGradGuard no_grad;
  if (matrix.dim() != 2) {
    fail("sparse_", fmt::format("Only tensors with 2 dimensions are supported; got {}", to_string(matrix.sizes())));
  }
  if (!(sparsity >= 0 && sparsity <= 1)) {
    fail_value("sparse_", fmt::format("sparsity is {}; need a share between 0 and 1", sparsity));
  }
  const int64_t rows = matrix.size(0);
  const auto zeros = static_cast<int64_t>(std::ceil(sparsity * static_cast<double>(rows)));
  matrix.normal_(0, std);
  for (int64_t column = 0; column < matrix.size(1); ++column) {
    const Tensor order = randperm(rows);
    const Tensor target = matrix.select(1, column);
    for (int64_t i = 0; i < zeros; ++i) target.select(0, order.data_ptr<int64_t>()[i]).zero_();
  }
  return matrix;
}

Tensor xavier_uniform_(Tensor tensor, double gain) {
  const double bound = std::sqrt(3.0) * xavier_std(tensor, gain);
  return uniform_(std::move(tensor), -bound, bound);
}

Tensor xavier_normal_(Tensor tensor, double gain) {
  const double std = xavier_std(tensor, gain);
  return normal_(std::move(tensor), 0, std);
}

Tensor kaiming_uniform_(Tensor tensor, double a, FanModeType mode, NonlinearityType nonlinearity) {
  const double bound = std::sqrt(3.0) * calculate_gain(nonlinearity, a) / std::sqrt(fan(tensor, mode));
  return uniform_(std::move(tensor), -bound, bound);
}

Tensor kaiming_normal_(Tensor tensor, double a, FanModeType mode, NonlinearityType nonlinearity) {
  const double std = calculate_gain(nonlinearity, a) / std::sqrt(fan(tensor, mode));
  return normal_(std::move(tensor), 0, std);
}

std::tuple<int64_t, int64_t> _calculate_fan_in_and_fan_out(const Tensor& tensor) {
  if (tensor.dim() < 2) {
    fail("_calculate_fan_in_and_fan_out",
         fmt::format("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions; got {}",
                     to_string(tensor.sizes())));
  }
  int64_t window = 1;
  for (int64_t i = 2; i < tensor.dim(); ++i) window *= tensor.size(i);
  return {tensor.size(1) * window, tensor.size(0) * window};
}

}  // namespace rondo::nn::init
