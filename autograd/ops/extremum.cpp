// Largest and smallest numbers, and where they are.
#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/op.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/reduce_plan.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

namespace rondo {
namespace {

// Equal extrema share the gradient evenly; so do the NaNs of a full reduction.
struct SharedExtremumBackward final : ops::Rule {
  ops::Saved x, y;
  uint64_t mask = 0;
  bool keepdim = false, full = false;
  const char* label = "";

  std::string name() const override { return label; }
  void backward(ops::Backward& step) override {
    const Tensor& input = x.peek(*this);
    Tensor hits, count;
    {
      NoGradGuard guard;
      const Tensor top = ops::restore_dims(y.peek(*this), input.dim(), mask, keepdim);
      hits = full && top.isnan().item<bool>() ? input.isnan() : input == top;
      Dims dims;
      for (int64_t d = 0; d < input.dim(); ++d) {
        if (full || mask >> d & 1) dims.push_back(d);
      }
      count = dims.empty() ? ones({}, kLong) : hits.sum(IntArrayRef(dims), true);
    }
    const Tensor share = ops::restore_dims(step.gy(), input.dim(), mask, keepdim) / count;
    // Of all numbers chosen, so that an infinite gradient stays with the extrema; amax and amin multiply, as
    // libtorch's.
    step[0] = full ? where(hits, share, Scalar(0)) : share * hits.to(input.dtype());
  }
  void release_variables() override { release(x, y); }
};

struct AlongBackward final : ops::Rule {
  ops::Saved indices;
  Dims sizes;
  int64_t dim = 0;
  bool keepdim = false;
  const char* label = "";

  std::string name() const override { return label; }
  void backward(ops::Backward& step) override {
    const Tensor& gy = step.gy();
    if (sizes.empty()) {
      step[0] = gy;
      return;
    }
    const Tensor place = indices.peek(*this);
    const Tensor none = zeros(sizes, gy.dtype());
    step[0] = keepdim ? scatter(none, dim, place, gy) : scatter(none, dim, place.unsqueeze(dim), gy.unsqueeze(dim));
  }
  void release_variables() override { release(indices); }
};

struct Side {
  const char *max, *reduced, *along, *index;  // names of the operations
  const char *full_label, *reduced_label, *along_label;
  void (*reduce)(const kernels::ReduceShape&, ScalarType, const void*, void*);
  void (*lines)(const kernels::LineShape&, ScalarType, const void*, void*, int64_t*);
};
constexpr Side kLargest{"max",           "amax",         "max",          "argmax",           "MaxBackward1",
                        "AmaxBackward0", "MaxBackward0", &kernels::amax, &kernels::max_along};
constexpr Side kSmallest{"min",           "amin",         "min",          "argmin",           "MinBackward1",
                         "AminBackward0", "MinBackward0", &kernels::amin, &kernels::min_along};

Tensor shared(const Side& side, const Tensor& self, IntArrayRef dim, bool keepdim, bool full) {
  const char* operation = full ? side.max : side.reduced;
  const ops::ReducePlan plan = ops::plan_reduction(operation, self, dim, keepdim);
  Tensor y = tensor_data::make(plan.sizes, self.dtype());
  if (plan.count == 0 && (full || y.numel() > 0)) {
    fail_index(operation,
               fmt::format("Expected reduction dim to be specified for input.numel() == 0 and to have non-zero size: "
                           "input is {}; need at least one number for each result",
                           to_string(self.sizes())));
  }
  if (y.numel() > 0) side.reduce(plan.shape(), self.dtype(), self.data_ptr(), y.data_ptr());
  if (auto* node = ops::record<SharedExtremumBackward>(y, self)) {
    node->x.save_input(self);
    node->y.save_output(y);
    node->mask = plan.mask;
    node->keepdim = keepdim;
    node->full = full;
    node->label = full ? side.full_label : side.reduced_label;
  }
  return y;
}

// The shape of self without `dim`, and the check that there is something to choose from.
Dims shape_along(const char* operation, const Tensor& self, int64_t dim, bool keepdim) {
  Dims sizes(self.sizes());
  if (sizes.empty()) return sizes;
  if (sizes[dim] == 0) {
    fail_index(operation, fmt::format("Expected reduction dim {} to have non-zero size: input is {}", dim,
                                      to_string(self.sizes())));
  }
  if (keepdim) {
    sizes[dim] = 1;
  } else {
    sizes.erase(static_cast<int32_t>(dim));
  }
  return sizes;
}

std::tuple<Tensor, Tensor> extremum_along(const Side& side, const Tensor& self, int64_t dim, bool keepdim) {
  dim = wrap_dim(side.along, dim, self.dim());
  const Dims sizes = shape_along(side.along, self, dim, keepdim);
  Tensor values = tensor_data::make(sizes, self.dtype()), indices = tensor_data::make(sizes, kLong);
  if (values.numel() > 0) {
    const ops::Lines lines(self, dim);
    side.lines(lines.shape, self.dtype(), lines.source.data_ptr(), values.data_ptr(),
               static_cast<int64_t*>(indices.data_ptr()));
  }
  if (auto* node = ops::record<AlongBackward>(values, self)) {
    node->indices.save_input(indices);
    node->sizes = Dims(self.sizes());
    node->dim = dim;
    node->keepdim = keepdim;
    node->label = side.along_label;
  }
  return {values, indices};
}

Tensor index_of_extremum(const Side& side, const Tensor& self, std::optional<int64_t> dim, bool keepdim) {
  if (!dim && self.numel() == 0) {
    fail_index(side.index, fmt::format("Expected reduction dim to be specified for input.numel() == 0: input is {}",
                                       to_string(self.sizes())));
  }
  const int64_t along = dim ? wrap_dim(side.index, *dim, self.dim()) : 0;
  Dims sizes;
  if (dim) {
    sizes = shape_along(side.index, self, along, keepdim);
  } else if (keepdim) {
    sizes = Dims(static_cast<int32_t>(self.dim()), 1);
  }
  Tensor indices = tensor_data::make(sizes, kLong);
  if (indices.numel() == 0) return indices;
  const Tensor x = dim ? self : self.detach().reshape({self.numel()});
  const ops::Lines lines(x, along);
  side.lines(lines.shape, x.dtype(), lines.source.data_ptr(), nullptr, static_cast<int64_t*>(indices.data_ptr()));
  return indices;
}

}  // namespace

Tensor max(const Tensor& self) { return shared(kLargest, self, {}, false, true); }
Tensor min(const Tensor& self) { return shared(kSmallest, self, {}, false, true); }
Tensor amax(const Tensor& self, IntArrayRef dim, bool keepdim) { return shared(kLargest, self, dim, keepdim, false); }
Tensor amin(const Tensor& self, IntArrayRef dim, bool keepdim) { return shared(kSmallest, self, dim, keepdim, false); }
std::tuple<Tensor, Tensor> max(const Tensor& self, int64_t dim, bool keepdim) {
  return extremum_along(kLargest, self, dim, keepdim);
}
std::tuple<Tensor, Tensor> min(const Tensor& self, int64_t dim, bool keepdim) {
  return extremum_along(kSmallest, self, dim, keepdim);
}
Tensor max(const Tensor& self, const Tensor& other) { return maximum(self, other); }
Tensor min(const Tensor& self, const Tensor& other) { return minimum(self, other); }
Tensor argmax(const Tensor& self, std::optional<int64_t> dim, bool keepdim) {
  return index_of_extremum(kLargest, self, dim, keepdim);
}
Tensor argmin(const Tensor& self, std::optional<int64_t> dim, bool keepdim) {
  return index_of_extremum(kSmallest, self, dim, keepdim);
}

#define RONDO_FULL_FORMS(f)                                                                                         \
  s.add("all", {s.real({3, 4})}, RONDO_SAMPLE(f(in[0])));                                                           \
  s.add("a number", {s.real({})}, RONDO_SAMPLE(f(in[0])));                                                          \
  s.add("along a dimension", {s.real({3, 4})}, RONDO_SAMPLE(std::get<0>(f(in[0], 1))));                             \
  s.add("along a dimension, kept", {s.real({3, 4})}, RONDO_SAMPLE(std::get<0>(f(in[0], 0, true))));                 \
  s.add("a number along a dimension", {s.real({})}, RONDO_SAMPLE(std::get<0>(f(in[0], -1))));                       \
  s.add("strided", {s.real({2, 3, 4})}, RONDO_SAMPLE(std::get<0>(f(in[0].transpose(0, 2), 1))));                    \
  s.add("no rows", {s.real({0, 4})}, RONDO_SAMPLE(std::get<0>(f(in[0], 1))));                                       \
  s.add("of two tensors", {s.real({3, 4}), s.real({4})}, RONDO_SAMPLE(f(in[0], in[1])));                            \
  s.error("empty", #f ": Expected reduction dim to be specified for input.numel() == 0", [] { f(zeros({0, 2})); }); \
  s.error("empty dimension", "Expected reduction dim 0 to have non-zero size", [] { f(zeros({0, 2}), 0); });        \
  s.error("no such dimension", #f ": ", [] { f(zeros({2, 2}), 2); })

RONDO_OP(
    max, .name = "max",
    .doc = "the largest number; a primitive: equal ones share the gradient, along a dimension the first has it",
    .samples = [](ops::Samples& s) { RONDO_FULL_FORMS(max); });
RONDO_OP(
    min, .name = "min",
    .doc = "the smallest number; a primitive: equal ones share the gradient, along a dimension the first has it",
    .samples = [](ops::Samples& s) { RONDO_FULL_FORMS(min); });

#define RONDO_REDUCED_FORMS(f)                                                              \
  s.add("all", {s.real({3, 4})}, RONDO_SAMPLE(f(in[0])));                                   \
  s.add("all, kept", {s.real({3, 4})}, RONDO_SAMPLE(f(in[0], {}, true)));                   \
  s.add("a number", {s.real({})}, RONDO_SAMPLE(f(in[0])));                                  \
  s.add("one dimension", {s.real({3, 4})}, RONDO_SAMPLE(f(in[0], 1)));                      \
  s.add("two dimensions", {s.real({2, 3, 4})}, RONDO_SAMPLE(f(in[0], {0, -1})));            \
  s.add("two dimensions, kept", {s.real({2, 3, 4})}, RONDO_SAMPLE(f(in[0], {1, 2}, true))); \
  s.error("empty", "non-zero size", [] { f(zeros({0, 2}), 0); });                           \
  s.error("no such dimension", #f ": ", [] { f(zeros({2, 2}), 2); })

RONDO_OP(
    amax, .name = "amax", .doc = "the largest number over dimensions; a primitive: equal ones share the gradient",
    .samples = [](ops::Samples& s) { RONDO_REDUCED_FORMS(amax); });
RONDO_OP(
    amin, .name = "amin", .doc = "the smallest number over dimensions; a primitive: equal ones share the gradient",
    .samples = [](ops::Samples& s) { RONDO_REDUCED_FORMS(amin); });

#define RONDO_INDEX_FORMS(f)                                                                                \
  s.add("all", {s.real({3, 4})}, RONDO_SAMPLE(f(in[0]).to(in[0].dtype())));                                 \
  s.add("one dimension", {s.real({3, 4})}, RONDO_SAMPLE(f(in[0], 1).to(in[0].dtype())));                    \
  s.error("empty", "Expected reduction dim to be specified for input.numel() == 0", [] { f(zeros({0})); }); \
  s.error("no such dimension", #f ": ", [] { f(zeros({2, 2}), 2); })

RONDO_OP(
    argmax, .name = "argmax", .doc = "the index of the first largest number", .differentiable = false,
    .samples = [](ops::Samples& s) { RONDO_INDEX_FORMS(argmax); });
RONDO_OP(
    argmin, .name = "argmin", .doc = "the index of the first smallest number", .differentiable = false,
    .samples = [](ops::Samples& s) { RONDO_INDEX_FORMS(argmin); });

#undef RONDO_FULL_FORMS
#undef RONDO_REDUCED_FORMS
#undef RONDO_INDEX_FORMS

}  // namespace rondo
