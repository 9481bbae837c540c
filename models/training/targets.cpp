#include <rondo/autograd/ops/methods.h>
#include <rondo/models/shape.h>
#include <rondo/models/training/targets.h>

#include <fmt/format.h>

#include <cmath>

namespace rondo::models {
namespace {

using losses::Target;

// Whole numbers of any dtype as int64.
Tensor whole_numbers(std::string_view who, const Tensor& y) {
  if (!y.is_floating_point()) return y.to(kLong);
  const Tensor numbers = y.to(kDouble).contiguous();
  const double* data = numbers.data_ptr<double>();
  for (int64_t i = 0; i < numbers.numel(); ++i) {
    // A NaN is not equal to its floor either.
    if (data[i] == std::floor(data[i]) && std::abs(data[i]) < 9e18) continue;
    fail_value(who, fmt::format("label {} is {}; need whole numbers, the classes' numbers", i, data[i]));
  }
  return y.to(kLong);
}

Tensor classes(std::string_view who, const Tensor& y, IntArrayRef output, std::optional<int64_t> ignored_class) {
  if (output.empty()) fail_value(who, "the output is a single number; need a last dimension, the classes");
  const IntArrayRef places = output.slice(0, output.size() - 1);
  const int64_t count = output[output.size() - 1];
  Dims with_one(places);
  with_one.push_back(1);
  if (y.sizes() != places && y.sizes() != IntArrayRef(with_one)) {
    fail_value(who, fmt::format("labels of shape {} for an output of shape {}; need {} or {}, whole numbers{}",
                                to_string(y.sizes()), to_string(output), to_string(places), to_string(with_one),
                                y.sizes() == output ? " (one-hot labels go with categorical_crossentropy)" : ""));
  }
  const Tensor labels = whole_numbers(who, y.detach()).reshape(places).contiguous();
  const int64_t* data = labels.data_ptr<int64_t>();
  for (int64_t i = 0; i < labels.numel(); ++i) {
    if ((data[i] < 0 || data[i] >= count) && data[i] != ignored_class) {
      fail_value(who,
                 fmt::format("label {} is {}; the output has {} classes: need 0 to {}", i, data[i], count, count - 1));
    }
  }
  return labels;
}

Tensor values(std::string_view who, const Tensor& y, IntArrayRef output, ScalarType type) {
  Tensor numbers = y.detach().to(type);
  const int64_t rank = static_cast<int64_t>(output.size());
  if (numbers.dim() + 1 == rank && output[output.size() - 1] == 1) {
    numbers = numbers.unsqueeze(-1);
  } else if (numbers.dim() == rank + 1 && numbers.size(-1) == 1) {
    numbers = numbers.squeeze(-1);
  }
  if (numbers.sizes() != output) {
    fail_value(who, fmt::format(
                        "y has shape {}, the output {}; need the same shape{}", to_string(y.sizes()), to_string(output),
                        y.is_floating_point() ? "" : " (whole numbers go with sparse_categorical_crossentropy)"));
  }
  return numbers.contiguous();
}

}  // namespace

Tensor fit_target(std::string_view who, const Tensor& y, losses::Target form, IntArrayRef output, ScalarType type,
                  std::optional<int64_t> ignored_class) {
  if (form == Target::kClasses) return classes(who, y, output, ignored_class);
  if (form == Target::kValues) return values(who, y, output, type);
  Tensor given = y.detach();
  if (given.is_floating_point()) given = given.to(type);
  return (given.dim() == 1 ? given.unsqueeze(-1) : given).contiguous();
}

Tensor weights_beside(const Tensor& losses, const Tensor& weight, const std::string& name) {
  Tensor factors = weight.to(losses.dtype());
  if (factors.dim() == losses.dim() + 1 && factors.size(-1) == 1) factors = factors.squeeze(-1);
  while (factors.dim() < losses.dim()) factors = factors.unsqueeze(-1);
  if (!expands_to(factors.sizes(), losses.sizes())) {
    fail_value(name, fmt::format("sample weights are {}, the losses of the samples {}; need one weight for each sample",
                                 to_string(weight.sizes()), to_string(losses.sizes())));
  }
  return factors;
}

}  // namespace rondo::models
