// Sums and means.
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/reduce_plan.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

namespace rondo {
namespace {

struct SumBackward final : ops::Rule {
  Dims sizes;
  uint64_t mask = 0;
  bool keepdim = false, is_mean = false, along = false;  // along: dimensions were given
  int64_t count = 1;

  std::string name() const override {
    return std::string(is_mean ? "MeanBackward" : "SumBackward") + (along ? "1" : "0");
  }
  void backward(ops::Backward& step) override {
    const Tensor gy = is_mean ? step.gy() / count : step.take_gy();
    step[0] = ops::spread(gy, sizes, mask, keepdim, step.create_graph());
  }
};

// Whether the kernel adds numbers of type `from` up to a sum of type `to`.
bool sums_directly(ScalarType from, ScalarType to) {
  if (is_integral(from, true)) return to == kLong || to == kFloat || to == kDouble;
  return from == to || to == kDouble || (to == kFloat && from != kDouble);
}

template <class T>
void divide(Tensor& y, int64_t count) {
  T* numbers = static_cast<T*>(y.data_ptr());
  const auto divisor = static_cast<T>(count);
  for (int64_t i = 0; i < y.numel(); ++i) numbers[i] /= divisor;
}

// `type`: float32, float64, float16, bfloat16 or int64, as sums_directly allows.
Tensor reduce(const char* operation, const Tensor& x, OptionalIntArrayRef dim, bool keepdim, ScalarType type,
              bool is_mean) {
  const ops::ReducePlan plan = ops::plan_reduction(operation, x, dim, keepdim);
  const bool narrow = is_mean && is_reduced_floating(type);  // the sum alone might overflow
  Tensor y = tensor_data::make(plan.sizes, narrow ? kFloat : type);
  kernels::sum(plan.shape(), x.dtype(), x.data_ptr(), y.dtype(), y.data_ptr());
  if (is_mean) y.dtype() == kDouble ? divide<double>(y, plan.count) : divide<float>(y, plan.count);
  if (narrow) y = y.to(type);
  if (auto* node = ops::record<SumBackward>(y, x)) {
    node->sizes = Dims(x.sizes());
    node->mask = plan.mask;
    node->keepdim = keepdim;
    node->is_mean = is_mean;
    node->along = dim.has_value();
    node->count = plan.count;
  }
  return y;
}

}  // namespace

Tensor sum(const Tensor& self, OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) {
  const ScalarType from = self.dtype();
  const ScalarType type = dtype ? *dtype : (is_floating_point(from) ? from : kLong);
  if (sums_directly(from, type)) return reduce("sum", self, dim, keepdim, type, false);
  if (is_floating_point(type)) return reduce("sum", self.to(type), dim, keepdim, type, false);
  return reduce("sum", self.to(type), dim, keepdim, kLong, false).to(type);
}

Tensor sum(const Tensor& self, std::optional<ScalarType> dtype) {
  return sum(self, OptionalIntArrayRef(), false, dtype);
}

Tensor mean(const Tensor& self, OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) {
  const ScalarType from = self.dtype(), type = dtype.value_or(from);
  if (!is_floating_point(type)) {
    fail("mean", fmt::format("could not infer output dtype. {} dtype must be either a floating point or complex dtype. "
                             "Got: {}",
                             dtype ? "Optional" : "Input", toString(type)));
  }
  return reduce("mean", sums_directly(from, type) ? self : self.to(type), dim, keepdim, type, true);
}

Tensor mean(const Tensor& self, std::optional<ScalarType> dtype) {
  return mean(self, OptionalIntArrayRef(), false, dtype);
}

Tensor sum_to_size(const Tensor& self, IntArrayRef sizes) {
  const IntArrayRef have = self.sizes();
  if (have == sizes) return self;
  const auto refuse = [&] {
    fail("sum_to_size", fmt::format("size {} is not expandable to size {}", to_string(sizes), to_string(have)));
  };
  if (sizes.size() > have.size()) refuse();
  const size_t lead = have.size() - sizes.size();
  Dims dims;
  for (size_t d = 0; d < have.size(); ++d) {
    const int64_t want = d < lead ? 1 : sizes[d - lead];
    if (want != have[d] && want != 1) refuse();
    if (d < lead || want != have[d]) dims.push_back(static_cast<int64_t>(d));
  }
  const Tensor summed = self.sum(IntArrayRef(dims), true, self.dtype());
  return lead > 0 ? summed.view(sizes) : summed;
}

RONDO_OP(
    sum, .name = "sum", .doc = "y = sum_i x[i] over some or all dimensions; a primitive: summed by blocks",
    .samples = [](ops::Samples& s) {
      s.add("all", {s.real({2, 3})}, RONDO_SAMPLE(sum(in[0])));
      s.add("a number", {s.real({})}, RONDO_SAMPLE(sum(in[0])));
      s.add("a number along a dimension", {s.real({})}, RONDO_SAMPLE(sum(in[0], 0)));
      s.add("empty", {s.real({0, 3})}, RONDO_SAMPLE(sum(in[0])));
      s.add("empty along a dimension", {s.real({0, 3})}, RONDO_SAMPLE(sum(in[0], 0)));
      s.add("first", {s.real({2, 3})}, RONDO_SAMPLE(sum(in[0], 0)));
      s.add("last, kept", {s.real({2, 3})}, RONDO_SAMPLE(sum(in[0], -1, true)));
      s.add("outer and inner", {s.real({2, 3, 4})}, RONDO_SAMPLE(sum(in[0], {0, 2})));
      s.add("two, kept", {s.real({2, 3, 4})}, RONDO_SAMPLE(sum(in[0], {1, -1}, true)));
      s.add("strided", {s.real({3, 4})}, RONDO_SAMPLE(sum(in[0].t(), 1)));
      s.add("broadcast", {s.real({1, 4})}, RONDO_SAMPLE(sum(in[0].expand({3, 4}), 1)));
      s.error("no such dimension", "sum: ", [] { sum(zeros({2, 3}), 2); });
      s.error("twice", "dim 0 appears multiple times", [] { sum(zeros({2, 3}), {0, 0}); });
    });

RONDO_OP(
    mean, .name = "mean", .doc = "y = sum_i x[i] / n over some or all dimensions; a primitive: with sum",
    .samples = [](ops::Samples& s) {
      s.add("all", {s.real({2, 3})}, RONDO_SAMPLE(mean(in[0])));
      s.add("a number", {s.real({})}, RONDO_SAMPLE(mean(in[0])));
      s.add("first", {s.real({2, 3})}, RONDO_SAMPLE(mean(in[0], 0)));
      s.add("two, kept", {s.real({2, 3, 4})}, RONDO_SAMPLE(mean(in[0], {0, 2}, true)));
      s.error("integers", "could not infer output dtype", [] { mean(zeros({2}, kLong)); });
      s.error("no such dimension", "mean: ", [] { mean(zeros({2, 3}), -3); });
    });

RONDO_OP(
    sum_to_size, .name = "sum_to_size", .doc = "the sum over broadcast dimensions; from sum and view",
    .samples = [](ops::Samples& s) {
      s.add("a leading dimension", {s.real({2, 3})}, RONDO_SAMPLE(sum_to_size(in[0], {3})));
      s.add("inner", {s.real({2, 3})}, RONDO_SAMPLE(sum_to_size(in[0], {2, 1})));
      s.add("both", {s.real({2, 3, 4})}, RONDO_SAMPLE(sum_to_size(in[0], {3, 1})));
      s.add("to a number", {s.real({2, 3})}, RONDO_SAMPLE(sum_to_size(in[0], {})));
      s.error("not expandable", "is not expandable to size", [] { sum_to_size(zeros({2, 3}), {2}); });
    });

}  // namespace rondo
