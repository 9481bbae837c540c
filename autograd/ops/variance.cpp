// Variance and standard deviation.
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/reduce_plan.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace rondo {
namespace {

struct VarianceBackward final : ops::Rule {
  ops::Saved x, root;  // root: the standard deviation, where that is the result
  uint64_t mask = 0;
  bool keepdim = false, is_root = false;
  double freedom = 1;  // count - correction

  std::string name() const override { return is_root ? "StdBackward0" : "VarBackward0"; }
  void backward(ops::Backward& step) override {
    const Tensor input = x.get(*this);
    Tensor gy = step.gy();
    if (is_root) {
      const Tensor deviation = root.get(*this);
      gy = (gy / (deviation * 2)).masked_fill(deviation == 0, 0);  // equal numbers: the sub-gradient 0
    }
    const Tensor g = ops::restore_dims(gy, input.dim(), mask, keepdim) * (2 / freedom);
    step[0] = g * (input - mean_of(input));
  }
  Tensor mean_of(const Tensor& input) const {
    if (input.dim() == 0) return input.mean();
    Dims dims;
    for (int64_t d = 0; d < input.dim(); ++d) {
      if (mask >> d & 1) dims.push_back(d);
    }
    return input.mean(IntArrayRef(dims), true);
  }
  void release_variables() override { release(x, root); }
};

template <class T>
void take_roots(Tensor& y) {
  T* numbers = static_cast<T*>(y.data_ptr());
  for (int64_t i = 0; i < y.numel(); ++i) numbers[i] = std::sqrt(numbers[i]);
}

Tensor spread_of(const char* operation, const Tensor& self, OptionalIntArrayRef dim, int64_t correction, bool keepdim,
                 bool is_root) {
  const ScalarType type = self.dtype();
  if (!is_floating_point(type)) {
    fail_type(operation,
              fmt::format("std and var only support floating point and complex dtypes: input is {}", dtype_name(type)));
  }
  if (is_reduced_floating(type)) {
    return spread_of(operation, self.to(kFloat), dim, correction, keepdim, is_root).to(type);
  }
  const ops::ReducePlan plan = ops::plan_reduction(operation, self, dim, keepdim);
  if (plan.count <= correction) {
    warn(
        fmt::format("{}: degrees of freedom is <= 0: {} numbers with correction {}. Correction should be strictly "
                    "less than the reduction factor (input numel divided by output numel).",
                    operation, plan.count, correction));
  }
  Tensor y = tensor_data::make(plan.sizes, type);
  kernels::mean_variance(plan.shape(), type, self.data_ptr(), static_cast<double>(correction), nullptr, y.data_ptr());
  if (is_root) type == kDouble ? take_roots<double>(y) : take_roots<float>(y);
  if (auto* node = ops::record<VarianceBackward>(y, self)) {
    node->x.save_input(self);
    if (is_root) node->root.save_output(y);
    node->mask = plan.mask;
    node->keepdim = keepdim;
    node->is_root = is_root;
    node->freedom = static_cast<double>(std::max<int64_t>(plan.count - correction, 0));
  }
  return y;
}

}  // namespace

Tensor var(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim) {
  return spread_of("var", self, dim, correction.value_or(1), keepdim, false);
}
Tensor var(const Tensor& self, OptionalIntArrayRef dim, bool unbiased, bool keepdim) {
  return spread_of("var", self, dim, unbiased ? 1 : 0, keepdim, false);
}
Tensor std(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim) {
  return spread_of("std", self, dim, correction.value_or(1), keepdim, true);
}
Tensor std(const Tensor& self, OptionalIntArrayRef dim, bool unbiased, bool keepdim) {
  return spread_of("std", self, dim, unbiased ? 1 : 0, keepdim, true);
}
Tensor Tensor::var_all(int64_t correction) const { return spread_of("var", *this, {}, correction, false, false); }
Tensor Tensor::std_all(int64_t correction) const { return spread_of("std", *this, {}, correction, false, true); }

#define RONDO_FORMS(f)                                                                                     \
  s.add("all", {s.real({2, 3})}, RONDO_SAMPLE(f(in[0])));                                                  \
  s.add("all, biased", {s.real({2, 3})}, RONDO_SAMPLE(f(in[0], false)));                                   \
  s.add("first", {s.real({4, 3})}, RONDO_SAMPLE(f(in[0], 0, true)));                                       \
  s.add("last, biased, kept", {s.real({3, 4})}, RONDO_SAMPLE(f(in[0], -1, false, true)));                  \
  s.add("two dimensions", {s.real({2, 3, 4})}, RONDO_SAMPLE(f(in[0], {0, 2}, std::optional<int64_t>(1)))); \
  s.add("correction 2", {s.real({3, 4})}, RONDO_SAMPLE(f(in[0], 1, std::optional<int64_t>(2), true)));     \
  s.add("strided", {s.real({3, 4})}, RONDO_SAMPLE(f(in[0].t(), 1, true)));                                 \
  s.error("integers", "only support floating point", [] { f(zeros({3}, kLong)); });                        \
  s.error("no such dimension", "Dimension out of range", [] { f(zeros({2, 2}), 2, true); })

RONDO_OP(
    var, .name = "var", .doc = "sum((x - mean)^2) / (n - correction); a primitive: no difference of squares is taken",
    .samples = [](ops::Samples& s) {
      RONDO_FORMS(var);
      s.add("equal numbers", {s.real({1})}, RONDO_SAMPLE(var(in[0].expand({4}))));
    });
RONDO_OP(
    std, .name = "std", .doc = "sqrt(var(x)); a primitive: its sub-gradient is 0 where all numbers are equal",
    .samples = [](ops::Samples& s) { RONDO_FORMS(rondo::std); });

#undef RONDO_FORMS

}  // namespace rondo
