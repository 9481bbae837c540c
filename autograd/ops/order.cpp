// Order statistics: the k-th smallest number, medians, the most frequent number, quantiles.
#include <rondo/autograd/graph/history.h>
#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/reduce_plan.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/ops/sorting.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace rondo {
namespace {

int64_t length_along(const Tensor& self, int64_t dim) { return self.dim() == 0 ? 1 : self.size(dim); }

void check_not_empty(const char* operation, const Tensor& self, int64_t dim) {
  if (length_along(self, dim) > 0) return;
  fail_index(operation,
             fmt::format("Expected reduction dim {} to have non-zero size: input is {}", dim, to_string(self.sizes())));
}

// The elements that `place` (self's shape, but 1 along `dim`) names, to which the gradient goes, and their places.
std::tuple<Tensor, Tensor> pick(const Tensor& self, int64_t dim, const Tensor& place, bool keepdim) {
  Tensor values = gather(self, dim, place);
  if (keepdim || self.dim() == 0) return {std::move(values), place};
  return {graph::unviewed(values.squeeze(dim)), graph::unviewed(place.squeeze(dim))};
}

// As many NaNs as each line has, [.., 1, ..].
Tensor count_nan(const Tensor& self, int64_t dim) {
  return self.dim() == 0 ? isnan(self).to(kLong) : isnan(self).sum(dim, true);
}

std::tuple<Tensor, Tensor> median_along(const char* operation, const Tensor& self, int64_t dim, bool keepdim,
                                        bool ignore_nan) {
  dim = wrap_dim(operation, dim, self.dim());
  check_not_empty(operation, self, dim);
  Tensor place;
  {
    NoGradGuard guard;
    const int64_t size = length_along(self, dim), middle = (size - 1) / 2;
    const Tensor bad = self.is_floating_point() ? count_nan(self, dim) : Tensor();
    if (!bad.defined() || !bad.any().item<bool>()) {
      place = ops::place_in_order(self, dim, middle);
    } else {
      // NaNs come last in the order.
      const Tensor order = argsort(self, dim);
      const Tensor good_middle = div(clamp_min(size - 1 - bad, 0), 2, "floor");
      place = gather(order, dim, ignore_nan ? good_middle : where(bad > 0, size - bad, middle));
    }
  }
  return pick(self, dim, place, keepdim);
}

// Equal numbers share the gradient; NaNs do where the median is one.
struct MedianBackward final : ops::Rule {
  ops::Saved x, y;
  const char* label = "";

  std::string name() const override { return label; }
  void backward(ops::Backward& step) override {
    Tensor hits, count;
    {
      NoGradGuard guard;
      const Tensor &input = x.peek(*this), &value = y.peek(*this);
      hits = isnan(value).item<bool>() ? isnan(input) : input == value;
      count = hits.sum();
    }
    // Chosen, not multiplied: an infinite gradient stays with the medians.
    step[0] = where(hits, step.gy() / count, Scalar(0));
  }
  void release_variables() override { release(x, y); }
};

Tensor median_of_all(const char* label, const Tensor& self, bool ignore_nan) {
  Tensor y;
  {
    NoGradGuard guard;
    if (self.numel() == 0) {
      y = full({}, std::numeric_limits<double>::quiet_NaN()).to(self.dtype());
    } else {
      y = std::get<0>(median_along("median", self.detach().reshape({-1}), 0, false, ignore_nan));
    }
  }
  if (auto* node = ops::record<MedianBackward>(y, self)) {
    node->x.save_input(self);
    node->y.save_output(y);
    node->label = label;
  }
  return y;
}

// Where the longest run of equal numbers ends in each of the sorted rows.
template <class T>
void ends_of_longest_runs(const Tensor& sorted, int64_t size, int64_t* ends) {
  const T* row = sorted.data_ptr<T>();
  for (int64_t r = 0, rows = sorted.numel() / size; r < rows; ++r, row += size) {
    int64_t longest = 0, run = 0;
    for (int64_t i = 0; i < size; ++i) {
      ++run;
      if (i + 1 < size && row[i] == row[i + 1]) continue;
      if (run > longest) {
        longest = run;
        ends[r] = i;
      }
      run = 0;
    }
  }
}

enum class Interpolation { Linear, Lower, Higher, Midpoint, Nearest };

Interpolation interpolation_of(const char* operation, std::string_view name) {
  if (name == "linear") return Interpolation::Linear;
  if (name == "lower") return Interpolation::Lower;
  if (name == "higher") return Interpolation::Higher;
  if (name == "midpoint") return Interpolation::Midpoint;
  if (name == "nearest") return Interpolation::Nearest;
  fail_value(operation, fmt::format("{}() interpolation must be one of linear, lower, higher, midpoint or nearest, but "
                                    "got {}",
                                    operation, name));
}

void check_quantile(const char* operation, const Tensor& self, const Tensor& q) {
  if (self.numel() == 0) fail(operation, fmt::format("{}() input tensor must be non-empty", operation));
  if (q.dim() > 1) {
    fail(operation, fmt::format("{}() q must be a scalar or 1D tensor; got {}", operation, to_string(q.sizes())));
  }
  if (self.dtype() != kFloat && self.dtype() != kDouble) {
    fail_type(operation, fmt::format("{}() input tensor must be either float or double dtype; got {}", operation,
                                     dtype_name(self.dtype())));
  }
  if (q.dtype() != self.dtype()) {
    fail_type(operation, fmt::format("{}() q tensor must be same dtype as the input tensor; got {} and {}", operation,
                                     dtype_name(q.dtype()), dtype_name(self.dtype())));
  }
  NoGradGuard guard;
  if (!((q >= 0) & (q <= 1)).all().item<bool>()) {
    fail_value(operation, fmt::format("{}() q values must be in the range [0, 1]", operation));
  }
}

// Fractional places in rows [.., n] that are sorted with NaNs at the end, [.., k] for k numbers q.
Tensor ranks_of(const Tensor& rows, const Tensor& q, bool ignore_nan) {
  const auto last = static_cast<double>(rows.size(-1) - 1);
  const Tensor bad = isnan(rows.detach());
  // float32 does not tell places beyond 2^24 apart.
  const Tensor share = rows.size(-1) > (1 << 24) ? q.to(kDouble) : q;
  if (ignore_nan) {
    const Tensor most = (last - bad.sum(-1, true).to(share.dtype())).clamp_min(0);
    return share * most;
  }
  Dims sizes(rows.sizes());
  sizes[sizes.size() - 1] = q.numel();
  return (share * last).expand(sizes).masked_fill(bad.narrow(-1, rows.size(-1) - 1, 1), last);
}

Tensor interpolate(const Tensor& rows, Tensor ranks, Interpolation how) {
  if (how == Interpolation::Lower) ranks = floor(ranks);
  if (how == Interpolation::Higher) ranks = ceil(ranks);
  if (how == Interpolation::Nearest) ranks = round(ranks);
  const Tensor lower = ranks.detach().to(kLong);
  const Tensor below = gather(rows, -1, lower);
  if (how != Interpolation::Linear && how != Interpolation::Midpoint) return below;
  const Tensor above = gather(rows, -1, ceil(ranks.detach()).to(kLong));
  const Tensor weight = how == Interpolation::Linear ? ranks - lower.to(ranks.dtype()) : full_like(ranks, 0.5);
  // At a place itself the number alone counts: infinity minus infinity would be NaN.
  return where(lower.to(ranks.dtype()) == ranks.detach(), below, lerp(below, above, weight.to(below.dtype())));
}

Tensor quantile_along(const char* operation, const Tensor& self, const Tensor& q, std::optional<int64_t> dim,
                      bool keepdim, std::string_view interpolation, bool ignore_nan) {
  const Interpolation how = interpolation_of(operation, interpolation);
  check_quantile(operation, self, q);
  const int64_t along = dim ? wrap_dim(operation, *dim, self.dim()) : 0;
  const bool flat = !dim || self.dim() == 0;
  const Tensor lines = flat ? self.reshape({-1}) : self.movedim(along, -1);
  const Tensor rows = std::get<0>(rondo::sort(lines, -1));
  Tensor y = interpolate(rows, ranks_of(rows, q.reshape({-1}), ignore_nan), how);
  if (keepdim) {
    Dims sizes(flat ? IntArrayRef(Dims(static_cast<int32_t>(self.dim()), 1)) : IntArrayRef());
    if (flat) {
      sizes.push_back(y.size(-1));
      y = y.reshape(sizes);
    } else {
      y = y.unsqueeze(along);
    }
  }
  return graph::unviewed(q.dim() == 0 ? y.squeeze(-1) : y.movedim(-1, 0));
}

// Exchanges numbers and their places until the k-th smallest one (from 0; NaN is the largest) stands at k. The
// partition is libtorch's, so that of equal numbers the same one is found.
template <class T>
void select_smallest(T* x, int64_t* place, int64_t size, int64_t k) {
  const auto after = [&](T a, T b) { return (a != a && b == b) || a > b; };
  const auto exchange = [&](int64_t i, int64_t j) {
    std::swap(x[i], x[j]);
    std::swap(place[i], place[j]);
  };
  const auto in_order = [&](int64_t i, int64_t j) {
    if (after(x[i], x[j])) exchange(i, j);
  };
  int64_t left = 0, right = size - 1;
  while (right > left + 1) {
    exchange(left + (right - left) / 2, left + 1);
    in_order(left + 1, right);
    in_order(left, right);
    in_order(left + 1, left);
    const T pivot = x[left];
    int64_t i = left + 1, j = right;
    while (true) {
      while (after(pivot, x[++i])) {}
      while (after(x[--j], pivot)) {}
      if (j < i) break;
      exchange(i, j);
    }
    exchange(left, j);
    if (j <= k) left = i;
    if (j >= k) right = j - 1;
  }
  if (right == left + 1) in_order(left, right);
}

Tensor as_quantile(const Tensor& self, double q) { return full({}, q, self.dtype()); }

}  // namespace

std::tuple<Tensor, Tensor> kthvalue(const Tensor& self, int64_t k, int64_t dim, bool keepdim) {
  dim = wrap_dim("kthvalue", dim, self.dim());
  const int64_t size = length_along(self, dim);
  if (k < 1 || k > size) {
    fail("kthvalue", fmt::format("kthvalue(): selected number k out of range for dimension {}: got {}, need 1 to {}",
                                 dim, k, size));
  }
  if (self.dim() == 0) return pick(self, 0, zeros({}, kLong), keepdim);
  Tensor rows = self.detach().transpose(dim, -1).clone(MemoryFormat::Contiguous);
  Dims sizes(rows.sizes());
  sizes[sizes.size() - 1] = 1;
  Tensor places = tensor_data::make(sizes, kLong);
  visit_dtype(self.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    std::vector<int64_t> order(static_cast<size_t>(size));
    for (int64_t row = 0; row < places.numel(); ++row) {
      std::iota(order.begin(), order.end(), int64_t{0});
      select_smallest(rows.data_ptr<T>() + row * size, order.data(), size, k - 1);
      places.data_ptr<int64_t>()[row] = order[static_cast<size_t>(k - 1)];
    }
  });
  return pick(self, dim, places.transpose(dim, -1).contiguous(), keepdim);
}

Tensor median(const Tensor& self) { return median_of_all("MedianBackward0", self, false); }
Tensor nanmedian(const Tensor& self) { return median_of_all("NanmedianBackward0", self, true); }
std::tuple<Tensor, Tensor> median(const Tensor& self, int64_t dim, bool keepdim) {
  return median_along("median", self, dim, keepdim, false);
}
std::tuple<Tensor, Tensor> nanmedian(const Tensor& self, int64_t dim, bool keepdim) {
  return median_along("nanmedian", self, dim, keepdim, true);
}

std::tuple<Tensor, Tensor> mode(const Tensor& self, int64_t dim, bool keepdim) {
  dim = wrap_dim("mode", dim, self.dim());
  check_not_empty("mode", self, dim);
  if (self.dim() == 0) return pick(self, 0, zeros({}, kLong), keepdim);
  Tensor place;
  {
    NoGradGuard guard;
    const auto [sorted, order] = rondo::sort(self.transpose(dim, -1).contiguous(), -1);
    Dims sizes(sorted.sizes());
    sizes[sizes.size() - 1] = 1;
    const Tensor ends = tensor_data::make(sizes, kLong);
    visit_dtype(self.dtype(), [&, rows = sorted](auto tag) {
      ends_of_longest_runs<typename decltype(tag)::type>(rows, self.size(dim), ends.data_ptr<int64_t>());
    });
    place = gather(order, -1, ends).transpose(dim, -1);
  }
  return pick(self, dim, place, keepdim);
}

Tensor quantile(const Tensor& self, const Tensor& q, std::optional<int64_t> dim, bool keepdim,
                std::string_view interpolation) {
  return quantile_along("quantile", self, q, dim, keepdim, interpolation, false);
}
Tensor quantile(const Tensor& self, double q, std::optional<int64_t> dim, bool keepdim,
                std::string_view interpolation) {
  return quantile_along("quantile", self, as_quantile(self, q), dim, keepdim, interpolation, false);
}
Tensor nanquantile(const Tensor& self, const Tensor& q, std::optional<int64_t> dim, bool keepdim,
                   std::string_view interpolation) {
  return quantile_along("nanquantile", self, q, dim, keepdim, interpolation, true);
}
Tensor nanquantile(const Tensor& self, double q, std::optional<int64_t> dim, bool keepdim,
                   std::string_view interpolation) {
  return quantile_along("nanquantile", self, as_quantile(self, q), dim, keepdim, interpolation, true);
}

RONDO_OP(
    kthvalue, .name = "kthvalue", .doc = "the k-th smallest number along a dimension, and its place",
    .samples = [](ops::Samples& s) {
      s.add("a vector", {s.real({6})}, RONDO_SAMPLE(std::get<0>(kthvalue(in[0], 2))));
      s.add("first, kept", {s.real({4, 3})}, RONDO_SAMPLE(std::get<0>(kthvalue(in[0], 4, 0, true))));
      s.add("middle", {s.real({2, 3, 2})}, RONDO_SAMPLE(std::get<0>(kthvalue(in[0], 1, 1))));
      s.add("strided", {s.real({3, 4})}, RONDO_SAMPLE(std::get<0>(in[0].t().kthvalue(2))));
      s.add("a number", {s.real({})}, RONDO_SAMPLE(std::get<0>(kthvalue(in[0], 1))));
      s.add("no rows", {s.real({0, 3})}, RONDO_SAMPLE(std::get<0>(kthvalue(in[0], 1))));
      s.add("places", {s.real({5})}, RONDO_SAMPLE(std::get<1>(kthvalue(in[0], 3)).to(in[0].dtype())));
      s.error("k of 0", "selected number k out of range for dimension 0", [] { kthvalue(zeros(3), 0); });
      s.error("k too large", "got 4, need 1 to 3", [] { kthvalue(zeros(3), 4); });
      s.error("no such dimension", "kthvalue: ", [] { kthvalue(zeros({2, 2}), 1, 2); });
    });

#define RONDO_MEDIANS(f)                                                                                     \
  s.add("all", {s.real({3, 4})}, RONDO_SAMPLE(f(in[0])));                                                    \
  s.add("strided", {s.real({3, 5})}, RONDO_SAMPLE(f(in[0].t())));                                            \
  s.add("a number", {s.real({})}, RONDO_SAMPLE(f(in[0])));                                                   \
  s.add("a number along a dimension", {s.real({})}, RONDO_SAMPLE(std::get<0>(f(in[0], 0))));                 \
  s.add("last", {s.real({3, 4})}, RONDO_SAMPLE(std::get<0>(f(in[0], -1))));                                  \
  s.add("first, kept", {s.real({5, 3})}, RONDO_SAMPLE(std::get<0>(f(in[0], 0, true))));                      \
  s.add("middle", {s.real({2, 3, 2})}, RONDO_SAMPLE(std::get<0>(f(in[0], 1))));                              \
  s.add("no rows", {s.real({0, 3})}, RONDO_SAMPLE(std::get<0>(f(in[0], 1))));                                \
  s.add("places", {s.real({3, 4})}, RONDO_SAMPLE(std::get<1>(f(in[0], 1)).to(in[0].dtype())));               \
  s.error("empty dimension", "Expected reduction dim 1 to have non-zero size", [] { f(zeros({2, 0}), 1); }); \
  s.error("no such dimension", #f ": ", [] { f(zeros({2, 2}), 2); })

RONDO_OP(
    median, .name = "median",
    .doc = "the lower of the middle numbers; of all numbers a primitive: equal ones share the gradient",
    .samples = [](ops::Samples& s) { RONDO_MEDIANS(median); });
RONDO_OP(
    nanmedian, .name = "nanmedian",
    .doc = "median of what is not NaN; of all numbers a primitive: equal ones share the gradient",
    .samples = [](ops::Samples& s) {
      RONDO_MEDIANS(nanmedian);
      s.add("with NaN", {s.real({7})},
            RONDO_SAMPLE(nanmedian(in[0].masked_fill(tensor({1, 0, 0, 1, 0, 1, 0}).to(kBool), NAN))));
    });

RONDO_OP(
    mode, .name = "mode", .doc = "the most frequent number along a dimension, and its last place",
    .samples = [](ops::Samples& s) {
      s.add("a vector", {s.real({5})}, RONDO_SAMPLE(std::get<0>(mode(in[0]))));
      s.add("repeated", {s.real({3})}, RONDO_SAMPLE(std::get<0>(mode(in[0].index_select(0, tensor({0, 1, 2, 1}))))));
      s.add("first, kept", {s.real({4, 3})}, RONDO_SAMPLE(std::get<0>(mode(in[0], 0, true))));
      s.add("middle", {s.real({2, 3, 2})}, RONDO_SAMPLE(std::get<0>(mode(in[0], 1))));
      s.add("strided", {s.real({3, 4})}, RONDO_SAMPLE(std::get<0>(mode(in[0].t(), 1))));
      s.add("a number", {s.real({})}, RONDO_SAMPLE(std::get<0>(mode(in[0]))));
      s.add("places", {s.real({5})}, RONDO_SAMPLE(std::get<1>(in[0].mode()).to(in[0].dtype())));
      s.error("empty", "Expected reduction dim 0 to have non-zero size", [] { mode(zeros(0)); });
      s.error("no such dimension", "mode: ", [] { mode(zeros({2, 2}), 2); });
    });

#define RONDO_QUANTILES(f)                                                                                      \
  s.add("all", {s.real({3, 4})}, RONDO_SAMPLE(f(in[0], 0.3)));                                                  \
  s.add("all, kept", {s.real({3, 4})}, RONDO_SAMPLE(f(in[0], 0.3, std::nullopt, true)));                        \
  s.add("a number", {s.real({})}, RONDO_SAMPLE(f(in[0], 0.3)));                                                 \
  s.add("a number, along, kept", {s.real({})}, RONDO_SAMPLE(f(in[0], 0.3, 0, true)));                           \
  s.add("last", {s.real({3, 4})}, RONDO_SAMPLE(f(in[0], 0.6, -1)));                                             \
  s.add("first, kept", {s.real({4, 3})}, RONDO_SAMPLE(f(in[0], 0.6, 0, true)));                                 \
  s.add("several", {s.real({4, 3}), s.real({2}, 0.36, 0.6)}, RONDO_SAMPLE(f(in[0], in[1], 0)));                 \
  s.add("several, kept", {s.real({2, 6, 2}), s.real({2}, 0.25, 0.35)}, RONDO_SAMPLE(f(in[0], in[1], 1, true))); \
  s.add("several of all, kept", {s.real({2, 2}), s.real({1}, 0.4, 0.6)},                                        \
        RONDO_SAMPLE(f(in[0], in[1], std::nullopt, true)));                                                     \
  s.add("strided", {s.real({3, 4})}, RONDO_SAMPLE(f(in[0].t(), 0.4, 0)));                                       \
  s.add("lower", {s.real({6})}, RONDO_SAMPLE(f(in[0], 0.3, 0, false, "lower")));                                \
  s.add("higher", {s.real({6})}, RONDO_SAMPLE(f(in[0], 0.3, 0, false, "higher")));                              \
  s.add("midpoint", {s.real({6})}, RONDO_SAMPLE(f(in[0], 0.3, 0, false, "midpoint")));                          \
  s.add("nearest", {s.real({6})}, RONDO_SAMPLE(f(in[0], 0.35, 0, false, "nearest")));                           \
  s.add("the largest", {s.real({6})}, RONDO_SAMPLE(f(in[0], 1.0)));                                             \
  s.error("empty", #f "() input tensor must be non-empty", [] { f(zeros(0), 0.5); });                           \
  s.error("q", "q values must be in the range [0, 1]", [] { f(zeros(3), 1.5); });                               \
  s.error("matrix q", "q must be a scalar or 1D tensor", [] { f(zeros(3), zeros({1, 1})); });                   \
  s.error("integers", "must be either float or double dtype", [] { f(zeros(3, kLong), 0.5); });                 \
  s.error("dtype of q", "q tensor must be same dtype", [] { f(zeros(3), zeros(1, kDouble)); });                 \
  s.error("interpolation", "must be one of linear, lower", [] { f(zeros(3), 0.5, 0, false, "cubic"); });        \
  s.error("no such dimension", #f ": ", [] { f(zeros({2, 2}), 0.5, 2); })

RONDO_OP(
    quantile, .name = "quantile", .doc = "the number at q (n - 1) in the order, interpolated; NaN where there is one",
    .samples = [](ops::Samples& s) { RONDO_QUANTILES(quantile); });
RONDO_OP(
    nanquantile, .name = "nanquantile", .doc = "quantile of what is not NaN", .samples = [](ops::Samples& s) {
      RONDO_QUANTILES(nanquantile);
      s.add("with NaN", {s.real({7})},
            RONDO_SAMPLE(nanquantile(in[0].masked_fill(tensor({1, 0, 0, 1, 0, 1, 0}).to(kBool), NAN), 0.4)));
    });

#undef RONDO_MEDIANS
#undef RONDO_QUANTILES

}  // namespace rondo
