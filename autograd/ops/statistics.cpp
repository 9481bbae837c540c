// Reductions made of others: those that pass NaN over, counts, pairs of results; softmin.
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

namespace rondo {

Tensor nansum(const Tensor& self, OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) {
  const Tensor x = is_floating_point(self.dtype()) ? self.masked_fill(isnan(self), 0) : self;
  return sum(x, dim, keepdim, dtype);
}
Tensor nanmean(const Tensor& self, OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) {
  if (!is_floating_point(self.dtype())) {
    fail_type("nanmean", fmt::format("expected input to have floating point or complex dtype but got {}",
                                     dtype_name(self.dtype())));
  }
  return nansum(self, dim, keepdim, dtype) / logical_not(isnan(self)).sum(dim, keepdim);
}

Tensor count_nonzero(const Tensor& self, IntArrayRef dim) { return (self != 0).sum(OptionalIntArrayRef(dim)); }
Tensor count_nonzero(const Tensor& self, int64_t dim) { return (self != 0).sum(dim); }
Tensor count_nonzero(const Tensor& self, std::optional<int64_t> dim) {
  return dim ? (self != 0).sum(*dim) : (self != 0).sum();
}

std::tuple<Tensor, Tensor> var_mean(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction,
                                    bool keepdim) {
  return {var(self, dim, correction, keepdim), mean(self, dim, keepdim)};
}
std::tuple<Tensor, Tensor> var_mean(const Tensor& self, OptionalIntArrayRef dim, bool unbiased, bool keepdim) {
  return {var(self, dim, unbiased, keepdim), mean(self, dim, keepdim)};
}
std::tuple<Tensor, Tensor> std_mean(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction,
                                    bool keepdim) {
  return {rondo::std(self, dim, correction, keepdim), mean(self, dim, keepdim)};
}
std::tuple<Tensor, Tensor> std_mean(const Tensor& self, OptionalIntArrayRef dim, bool unbiased, bool keepdim) {
  return {rondo::std(self, dim, unbiased, keepdim), mean(self, dim, keepdim)};
}

std::tuple<Tensor, Tensor> aminmax(const Tensor& self, std::optional<int64_t> dim, bool keepdim) {
  if (!dim && self.numel() == 0) {
    fail("aminmax", fmt::format("cannot compute aminmax over an empty dimension as the operation has no identity: "
                                "input is {}",
                                to_string(self.sizes())));
  }
  if (!dim) return {amin(self, {}, keepdim), amax(self, {}, keepdim)};
  // libtorch keeps a dimension that a number does not have.
  const Tensor x = self.dim() == 0 && keepdim ? self.reshape({1}) : self;
  return {amin(x, *dim, keepdim), amax(x, *dim, keepdim)};
}

Tensor by_name::softmin(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) {
  return softmax(-self, dim, dtype);
}

namespace {

// x, with NaN where it is negative.
Tensor with_nans(const Tensor& x) { return x.masked_fill(x < 0, __builtin_nan("")); }

}  // namespace

RONDO_OP(
    nansum, .name = "nansum, nanmean", .doc = "sum and mean of what is no NaN; from masked_fill and sum", .kinks = {0},
    .samples = [](ops::Samples& s) {
      s.add("nansum", {s.real({3, 4})}, RONDO_SAMPLE(nansum(with_nans(in[0]))));
      s.add("nansum along a dimension", {s.real({3, 4})}, RONDO_SAMPLE(with_nans(in[0]).nansum(1, true)));
      s.add("nansum of two, strided", {s.real({2, 3, 4})}, RONDO_SAMPLE(nansum(in[0].transpose(0, 2), {0, 2})));
      s.add("nanmean", {s.real({3, 4}, 0.5, 2)}, RONDO_SAMPLE(nanmean(with_nans(in[0] - 1))));
      s.add("nanmean along a dimension", {s.real({3, 4}, 0.5, 2)}, RONDO_SAMPLE(in[0].nanmean(0)));
      s.add("a number", {s.real({})}, RONDO_SAMPLE(nansum(in[0]) + nanmean(in[0])));
      s.add("empty", {s.real({0, 3})}, RONDO_SAMPLE(nansum(in[0], 0)));
      s.error("integers", "expected input to have floating point", [] { nanmean(ones({2}, kLong)); });
      s.error("no such dimension", "Dimension out of range", [] { nansum(ones({2}), 1); });
    })
RONDO_OP(
    count_nonzero, .name = "count_nonzero", .doc = "how many are not zero", .differentiable = false,
    .samples = [](ops::Samples& s) {
      s.add("all", {s.index({3, 4}, 2)}, RONDO_SAMPLE(count_nonzero(in[0])));
      s.add("one dimension", {s.index({3, 4}, 2)}, RONDO_SAMPLE(in[0].count_nonzero(1)));
      s.add("two", {s.index({2, 3, 4}, 2)}, RONDO_SAMPLE(in[0].count_nonzero({0, 2})));
      s.add("real numbers, strided", {s.real({3, 4})}, RONDO_SAMPLE(count_nonzero(in[0].t(), 0)));
      s.add("empty", {s.index({0, 4}, 2)}, RONDO_SAMPLE(count_nonzero(in[0], 0)));
      s.error("no such dimension", "Dimension out of range", [] { count_nonzero(ones({2}), 1); });
    })
RONDO_OP(
    var_mean, .name = "var_mean, std_mean, aminmax", .doc = "two reductions at once; from those",
    .samples = [](ops::Samples& s) {
      const auto joined = [](std::tuple<Tensor, Tensor> pair) { return std::get<0>(pair) * std::get<1>(pair); };
      static const auto both = joined;
      s.add("var_mean", {s.real({3, 4})}, RONDO_SAMPLE(both(var_mean(in[0]))));
      s.add("var_mean, biased", {s.real({3, 4})}, RONDO_SAMPLE(both(var_mean(in[0], false))));
      s.add("var_mean, dimension", {s.real({3, 4})}, RONDO_SAMPLE(both(var_mean(in[0].t(), 0, true))));
      s.add("var_mean, correction", {s.real({3, 4})},
            RONDO_SAMPLE(both(var_mean(in[0], {0, 1}, std::optional<int64_t>(2), true))));
      s.add("std_mean", {s.real({3, 4})}, RONDO_SAMPLE(both(std_mean(in[0]))));
      s.add("std_mean, biased, kept", {s.real({3, 4})}, RONDO_SAMPLE(both(std_mean(in[0], 1, false, true))));
      s.add("std_mean, correction", {s.real({3, 4})},
            RONDO_SAMPLE(both(std_mean(in[0], 1, std::optional<int64_t>(0)))));
      s.add("aminmax", {s.real({3, 4})}, RONDO_SAMPLE(both(aminmax(in[0]))));
      s.add("aminmax, dimension, kept", {s.real({3, 4})}, RONDO_SAMPLE(both(in[0].aminmax(-1, true))));
      s.add("aminmax of a number", {s.real({})}, RONDO_SAMPLE(both(aminmax(in[0], 0))));
      s.error("aminmax of nothing", "has no identity", [] { aminmax(ones({0})); });
      s.error("integers", "only support floating point", [] { var_mean(ones({2}, kLong)); });
    })
RONDO_OP(
    softmin, .name = "softmin", .doc = "softmax(-x)", .samples = [](ops::Samples& s) {
      s.add("last", {s.real({3, 4})}, RONDO_SAMPLE(softmin(in[0], -1)));
      s.add("first, another dtype", {s.real({3, 4})}, RONDO_SAMPLE(softmin(in[0], 0, kDouble).to(in[0].dtype())));
    })

}  // namespace rondo
