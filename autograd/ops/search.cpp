// Places in sorted lists, and counts.
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/ops/shape.h>
#include <rondo/autograd/ops/sorting.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace rondo {
namespace {

bool looks_right(bool right, std::optional<std::string_view> side) {
  if (!side) return right;
  if (*side != "left" && *side != "right") {
    fail_value("searchsorted", fmt::format("side can only be 'left' or 'right' but got {}", *side));
  }
  if (*side == "left" && right) {
    fail_value("searchsorted", "side and right can't be set to opposites, got side of left while right was True");
  }
  return *side == "right";
}

void check_sequence(const Tensor& sequence, const Tensor& values, const std::optional<Tensor>& sorter) {
  if (sequence.dim() == 0) {
    fail("searchsorted", "boundaries tensor should have positive dimension, but got 0 dimension");
  }
  bool fits = sequence.dim() == 1 || sequence.dim() == values.dim();
  for (int64_t d = 0; fits && sequence.dim() > 1 && d + 1 < values.dim(); ++d) {
    fits = sequence.size(d) == values.size(d);
  }
  if (!fits) {
    fail("searchsorted",
         fmt::format("boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries tensor and "
                     "input value tensor must match, but we got boundaries tensor {} and input value tensor {}",
                     to_string(sequence.sizes()), to_string(values.sizes())));
  }
  if (!sorter || !sorter->defined()) return;
  if (sorter->sizes() != sequence.sizes()) {
    fail("searchsorted", fmt::format("boundary and sorter must have the same size, but got boundary tensor {} and got "
                                     "sorter tensor {}",
                                     to_string(sequence.sizes()), to_string(sorter->sizes())));
  }
  if (sorter->dtype() != kLong) {
    fail_type("searchsorted",
              fmt::format("sorter must be a tensor of long dtype but got dtype {}", dtype_name(sorter->dtype())));
  }
}

// The first place whose number is not below the value (right: above it). A NaN is above everything.
template <class T>
int64_t place_of(const T* first, int64_t count, T value, bool right) {
  const T* found = right ? std::partition_point(first, first + count, [value](T v) { return !(v > value); })
                         : std::partition_point(first, first + count, [value](T v) { return !(v >= value); });
  return found - first;
}

Tensor search(const Tensor& sequence, const Tensor& values, bool out_int32, bool right) {
  Tensor y = tensor_data::make(values.sizes(), kLong);
  const int64_t count = sequence.size(-1),
                rows = sequence.dim() == 1 ? 1 : sequence.numel() / std::max<int64_t>(count, 1);
  const int64_t each = rows == 0 ? 0 : values.numel() / rows;
  visit_dtype(sequence.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T *from = sequence.data_ptr<T>(), *value = values.data_ptr<T>();
    auto* to = y.data_ptr<int64_t>();
    for (int64_t i = 0; i < values.numel(); ++i) {
      const T* row = each == 0 ? from : from + i / each * count;
      to[i] = count == 0 ? 0 : place_of(row, count, value[i], right);
    }
  });
  return out_int32 ? y.to(kInt) : y;
}

}  // namespace

Tensor searchsorted(const Tensor& sorted_sequence, const Tensor& self, bool out_int32, bool right,
                    std::optional<std::string_view> side, const std::optional<Tensor>& sorter) {
  NoGradGuard guard;
  right = looks_right(right, side);
  check_sequence(sorted_sequence, self, sorter);
  Tensor sequence = sorted_sequence.detach();
  if (sorter && sorter->defined()) sequence = gather(sequence, -1, *sorter);
  const ScalarType type = result_type(sequence, self);
  return search(sequence.to(type).contiguous(), self.detach().to(type).contiguous(), out_int32, right);
}

Tensor searchsorted(const Tensor& sorted_sequence, Scalar self, bool out_int32, bool right,
                    std::optional<std::string_view> side, const std::optional<Tensor>& sorter) {
  if (sorted_sequence.dim() > 1) {
    fail("searchsorted",
         fmt::format("input value can be a scalar only when boundaries tensor dimension is 1, but we got boundaries "
                     "tensor dim({})",
                     sorted_sequence.dim()));
  }
  return searchsorted(sorted_sequence, full({}, self, result_type(sorted_sequence, self)), out_int32, right, side,
                      sorter);
}

namespace {

void check_boundaries(const Tensor& boundaries) {
  if (boundaries.dim() == 1) return;
  fail("bucketize", fmt::format("boundaries tensor must be 1 dimension, but got dim({})", boundaries.dim()));
}

}  // namespace

Tensor bucketize(const Tensor& self, const Tensor& boundaries, bool out_int32, bool right) {
  check_boundaries(boundaries);
  return searchsorted(boundaries, self, out_int32, right);
}
Tensor bucketize(Scalar self, const Tensor& boundaries, bool out_int32, bool right) {
  check_boundaries(boundaries);
  return searchsorted(boundaries, self, out_int32, right);
}

namespace {

// Counts what lies between the edges; the last bin is closed.
template <class T>
void count_bins(const Tensor& x, T low, T high, const Tensor& counts) {
  const T* values = x.data_ptr<T>();
  T* bins = counts.data_ptr<T>();
  const int64_t count = counts.numel();
  for (int64_t i = 0; i < x.numel(); ++i) {
    const T value = values[i];
    if (!(value >= low && value <= high)) continue;
    T place = (value - low) * static_cast<T>(count) / (high - low);
    if (!(place < static_cast<T>(count))) {  // the end, or a product beyond T
      place = (value / 2 - low / 2) / (high / 2 - low / 2) * static_cast<T>(count);
    }
    bins[place < static_cast<T>(count) ? static_cast<int64_t>(place) : count - 1] += T(1);
  }
}

}  // namespace

Tensor histc(const Tensor& self, int64_t bins, Scalar min, Scalar max) {
  if (!self.is_floating_point()) {
    fail_type("histc", fmt::format("not implemented for {}; need a floating point dtype", dtype_name(self.dtype())));
  }
  if (bins <= 0) fail_value("histc", fmt::format("bins must be > 0; got {}", bins));
  NoGradGuard guard;
  if (is_reduced_floating(self.dtype())) {
    return histc(self.to(kFloat), bins, min, max).to(self.dtype());
  }
  const Tensor x = self.detach().contiguous();
  double low = min.toDouble(), high = max.toDouble();
  if (low == high && x.numel() > 0) {
    low = x.min().item<double>();
    high = x.max().item<double>();
  }
  if (low == high) {
    low -= 1;
    high += 1;
  }
  if (!std::isfinite(low) || !std::isfinite(high)) {
    fail("histc", fmt::format("range of [{}, {}] is not finite", low, high));
  }
  if (low > high) fail_value("histc", fmt::format("max must be larger than min; got {} and {}", high, low));
  Tensor counts = zeros(bins, self.dtype());
  if (self.dtype() == kDouble) {
    count_bins<double>(x, low, high, counts);
  } else {
    count_bins<float>(x, static_cast<float>(low), static_cast<float>(high), counts);
  }
  return counts;
}

namespace {

// Sums of weights (or counts) between the edges.
template <class T>
void fill_histogram(const Tensor& x, const Tensor& edges, const T* weights, const Tensor& sums) {
  const T *values = x.data_ptr<T>(), *edge = edges.data_ptr<T>();
  T* bins = sums.data_ptr<T>();
  const int64_t count = sums.numel();
  if (count == 0) return;
  for (int64_t i = 0; i < x.numel(); ++i) {
    if (!(values[i] >= edge[0] && values[i] <= edge[count])) continue;
    const int64_t place = place_of(edge, count + 1, values[i], true) - 1;
    bins[std::min(place, count - 1)] += weights ? weights[i] : T(1);
  }
}

std::tuple<Tensor, Tensor> histogram_over(const Tensor& self, const Tensor& edges, const std::optional<Tensor>& weight,
                                          bool density) {
  const bool weighted = weight && weight->defined();
  if (weighted && (weight->sizes() != self.sizes() || weight->dtype() != self.dtype())) {
    fail("histogram", fmt::format("if weight tensor is provided it should have the same shape and dtype as the input "
                                  "tensor: got {} of {} for {} of {}",
                                  to_string(weight->sizes()), dtype_name(weight->dtype()), to_string(self.sizes()),
                                  dtype_name(self.dtype())));
  }
  const Tensor x = self.detach().contiguous(), weights = weighted ? weight->detach().contiguous() : Tensor();
  Tensor sums = zeros(edges.numel() - 1, self.dtype());
  const auto fill = [&](auto number) {
    using T = decltype(number);
    fill_histogram<T>(x, edges, weighted ? weights.data_ptr<T>() : nullptr, sums);
  };
  if (self.dtype() == kDouble) {
    fill(0.0);
  } else {
    fill(0.0F);
  }
  if (density) sums = sums / (edges.slice(0, 1) - edges.slice(0, 0, -1)) / sums.sum();
  return {std::move(sums), edges};
}

void check_histogram(const Tensor& self) {
  if (self.dtype() == kFloat || self.dtype() == kDouble) return;
  fail_type("histogram", fmt::format("not implemented for {}; need float32 or float64", dtype_name(self.dtype())));
}

}  // namespace

std::tuple<Tensor, Tensor> histogram(const Tensor& self, const Tensor& bins, const std::optional<Tensor>& weight,
                                     bool density) {
  check_histogram(self);
  NoGradGuard guard;
  if (bins.dim() != 1 || bins.numel() < 1 || bins.dtype() != self.dtype()) {
    fail("histogram", fmt::format("bins tensor should have one dimension, at least one edge and the dtype of the input "
                                  "tensor; got {} of {} for {}",
                                  to_string(bins.sizes()), dtype_name(bins.dtype()), dtype_name(self.dtype())));
  }
  return histogram_over(self, bins.detach().contiguous().clone(), weight, density);
}

std::tuple<Tensor, Tensor> histogram(const Tensor& self, int64_t bins, std::optional<ArrayRef<double>> range,
                                     const std::optional<Tensor>& weight, bool density) {
  check_histogram(self);
  if (bins <= 0 || bins == std::numeric_limits<int64_t>::max()) {
    fail_value("histogram", fmt::format("bins must be > 0, and the edges one more; got {}", bins));
  }
  if (range && range->size() != 2) {
    fail_value("histogram", fmt::format("range should have 2 elements, but got {}", range->size()));
  }
  NoGradGuard guard;
  double low = range ? (*range)[0] : 0, high = range ? (*range)[1] : 1;
  if (!range && self.numel() > 0) {
    low = self.min().item<double>();
    high = self.max().item<double>();
  }
  if (!std::isfinite(low) || !std::isfinite(high)) {
    fail("histogram", fmt::format("range of [{}, {}] is not finite", low, high));
  }
  if (low > high) fail_value("histogram", fmt::format("min should not exceed max, but got min {} max {}", low, high));
  if (low == high) {
    low -= 0.5;
    high += 0.5;
  }
  return histogram_over(self, linspace(low, high, bins + 1, self.dtype()), weight, density);
}

Tensor bincount(const Tensor& self, const std::optional<Tensor>& weights, int64_t minlength) {
  NoGradGuard guard;
  const bool weighted = weights && weights->defined();
  if (minlength < 0) fail_value("bincount", fmt::format("minlength should be >= 0; got {}", minlength));
  if (!is_integral(self.dtype())) {
    fail_type("bincount",
              fmt::format("bincount only supports 1-d non-negative integral inputs; got {}", dtype_name(self.dtype())));
  }
  if (self.dim() == 1 && self.numel() == 0) return zeros(minlength, kLong);
  const Tensor numbers = self.to(kLong).contiguous();
  if (self.dim() != 1 || numbers.min().item<int64_t>() < 0) {
    fail("bincount", fmt::format("bincount only supports 1-d non-negative integral inputs; got shape {}{}",
                                 to_string(self.sizes()), self.dim() == 1 ? " with negative numbers" : ""));
  }
  if (weighted && weights->sizes() != self.sizes()) {
    fail("bincount", fmt::format("weights should be 1-d and have the same length as input; got {} for {}",
                                 to_string(weights->sizes()), to_string(self.sizes())));
  }
  const int64_t size = std::max(numbers.max().item<int64_t>() + 1, minlength);
  if (!weighted) {
    const Tensor counts = zeros(size, kLong);
    auto* count = counts.data_ptr<int64_t>();
    const auto* number = numbers.data_ptr<int64_t>();
    for (int64_t i = 0; i < numbers.numel(); ++i) ++count[number[i]];
    return counts;
  }
  const Tensor parts = weights->detach().to(weights->dtype() == kFloat ? kFloat : kDouble);
  return zeros(size, parts.dtype()).index_add(0, numbers, parts);
}

RONDO_OP(
    searchsorted, .name = "searchsorted, bucketize", .doc = "where in a sorted list each value belongs",
    .differentiable = false, .samples = [](ops::Samples& s) {
      s.add("a vector", {s.real({5}), s.real({2, 3})},
            RONDO_SAMPLE(searchsorted(in[0].msort(), in[1]).to(in[0].dtype())));
      s.add("rows", {s.real({2, 5}), s.real({2, 3})},
            RONDO_SAMPLE(searchsorted(std::get<0>(in[0].sort()), in[1], true).to(in[0].dtype())));
      s.add("strided", {s.real({5, 2}), s.real({3, 2})},
            RONDO_SAMPLE(searchsorted(in[0].msort().t(), in[1].t()).to(in[0].dtype())));
      s.add("sorter", {s.real({5}), s.real({4})},
            RONDO_SAMPLE(searchsorted(in[0], in[1], false, false, "left", in[0].argsort()).to(in[0].dtype())));
      s.add("ties, right", {s.index({4}, 3)}, RONDO_SAMPLE(searchsorted(in[0].msort(), in[0], false, true)));
      s.add("ties, left", {s.index({4}, 3)}, RONDO_SAMPLE(searchsorted(in[0].msort(), in[0])));
      s.add("a number", {s.real({5})}, RONDO_SAMPLE(searchsorted(in[0].msort(), 0.5).to(in[0].dtype())));
      s.add("nothing", {s.real({0}), s.real({3})}, RONDO_SAMPLE(searchsorted(in[0], in[1]).to(in[0].dtype())));
      s.add("bucketize", {s.real({2, 3}), s.real({4})},
            RONDO_SAMPLE(bucketize(in[0], in[1].msort()).to(in[0].dtype())));
      s.add("bucketize a number", {s.real({4})},
            RONDO_SAMPLE(bucketize(0.25, in[0].msort(), false, true).to(in[0].dtype())));
      s.error("side", "side can only be 'left' or 'right'",
              [] { searchsorted(zeros(2), zeros(2), false, false, "up"); });
      s.error("opposites", "can't be set to opposites", [] { searchsorted(zeros(2), zeros(2), false, true, "left"); });
      s.error("shapes", "the first N-1 dimensions", [] { searchsorted(zeros({2, 3}), zeros({3, 2})); });
      s.error("a number among rows", "can be a scalar only when", [] { searchsorted(zeros({2, 3}), 1); });
      s.error("sorter", "must have the same size",
              [] { searchsorted(zeros(2), zeros(2), false, false, "left", zeros(3, kLong)); });
      s.error("sorter's dtype", "sorter must be a tensor of long dtype",
              [] { searchsorted(zeros(2), zeros(2), false, false, "left", zeros(2, kInt)); });
      s.error("boundaries", "boundaries tensor must be 1 dimension", [] { bucketize(zeros(2), zeros({1, 2})); });
    });

RONDO_OP(
    histc, .name = "histc, histogram, bincount",
    .doc = "how many elements are in each bin, how often each number comes", .differentiable = false,
    .samples = [](ops::Samples& s) {
      s.add("range of the data", {s.real({3, 5})}, RONDO_SAMPLE(histc(in[0], 4)));
      s.add("given range", {s.real({20})}, RONDO_SAMPLE(histc(in[0], 5, -1, 1.5)));
      s.add("strided", {s.real({3, 5})}, RONDO_SAMPLE(histc(in[0].t(), 3, -1, 1)));
      s.add("one number", {s.real({})}, RONDO_SAMPLE(histc(in[0], 3)));
      s.add("nothing", {s.real({0})}, RONDO_SAMPLE(histc(in[0], 3)));
      s.add("histogram", {s.real({3, 5})}, RONDO_SAMPLE(std::get<0>(histogram(in[0], 4))));
      s.add("histogram's edges", {s.real({3, 5})}, RONDO_SAMPLE(std::get<1>(histogram(in[0].t(), 4))));
      s.add("histogram of weights", {s.real({9}), s.real({9}, 0, 1)},
            RONDO_SAMPLE(std::get<0>(in[0].histogram(4, std::nullopt, in[1], true))));
      s.add("histogram of nothing", {s.real({0})}, RONDO_SAMPLE(std::get<0>(histogram(in[0], 2))));
      s.add("histogram between edges", {s.real({9})},
            RONDO_SAMPLE(std::get<0>(histogram(in[0], tensor({-1.5, 0.25, 1.0}, in[0].dtype())))));
      s.add("bincount", {s.index({9}, 4)}, RONDO_SAMPLE(bincount(in[0])));
      s.add("bincount of weights", {s.index({9}, 4), s.real({9})},
            RONDO_SAMPLE(bincount(in[0], in[1], 6).to(in[1].dtype())));
      s.add("bincount of nothing", {s.index({0}, 4)}, RONDO_SAMPLE(bincount(in[0], {}, 2)));
      s.error("bins", "bins must be > 0", [] { histc(zeros(2), 0); });
      s.error("range", "max must be larger than min", [] { histc(zeros(2), 2, 1, 0); });
      s.error("infinite", "is not finite", [] { histc(full(2, INFINITY), 2); });
      s.error("integers", "histc: not implemented", [] { histc(zeros(2, kLong)); });
      s.error("histogram's bins", "bins must be > 0", [] { histogram(zeros(2), 0); });
      s.error("histogram's edges", "the dtype of the input", [] { histogram(zeros(2), zeros(2, kDouble)); });
      s.error("histogram's weight", "the same shape and dtype", [] { histogram(zeros(2), 2, std::nullopt, zeros(3)); });
      s.error("histogram's range", "range should have 2 elements", [] {
        const std::vector<double> one{1};
        histogram(zeros(2), 2, ArrayRef<double>(one));
      });
      s.error("histogram of integers", "histogram: not implemented", [] { histogram(zeros(2, kLong)); });
      s.error("histogram of infinity", "is not finite", [] { histogram(full(2, INFINITY), 2); });
      s.error("negative", "1-d non-negative integral", [] { bincount(full(1, -1)); });
      s.error("matrix", "1-d non-negative integral", [] { bincount(zeros({2, 2}, kLong)); });
      s.error("real", "1-d non-negative integral", [] { bincount(zeros(2)); });
      s.error("weights", "weights should be 1-d", [] { bincount(zeros(2, kLong), zeros(3)); });
      s.error("length", "minlength should be >= 0", [] { bincount(zeros(2, kLong), {}, -1); });
    });

}  // namespace rondo
