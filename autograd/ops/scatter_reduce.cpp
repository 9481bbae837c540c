// Reductions into the places that an index names: scatter_reduce, index_reduce, scatter with a reduction, segments.
#include <rondo/autograd/kernels/strided.h>
#include <rondo/autograd/ops/in_place.h>
#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/index_parts.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/sample.h>

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace rondo {
namespace {

using ops::AtLeastOne;

enum class Join { Sum, Mean, Prod, Amax, Amin };

const char* name_of(Join reduction) {
  constexpr const char* kNames[] = {"sum", "mean", "prod", "amax", "amin"};
  return kNames[static_cast<size_t>(reduction)];
}

Join reduction_of(const char* operation, std::string_view name) {
  for (const auto reduction : {Join::Sum, Join::Mean, Join::Prod, Join::Amax, Join::Amin}) {
    if (name == name_of(reduction)) return reduction;
  }
  fail_value(operation, fmt::format("reduce argument must be either sum, prod, mean, amax or amin, got {}", name));
}

template <class T>
T joined(Join reduction, T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    if (reduction != Join::Prod && b != b) return b;
  }
  switch (reduction) {
    case Join::Prod:
      if constexpr (std::is_integral_v<T>) return static_cast<T>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
      return static_cast<T>(a * b);
    case Join::Amax:
      return a < b ? b : a;
    default:
      return b < a ? b : a;
  }
}

// y[.., index, ..] joined with source, on contiguous memory: y and an index and source of one shape.
template <class T>
void join_at(Join reduction, const Tensor& y, int64_t dim, const Tensor& index, const Tensor& source) {
  const AtLeastOne whole(y), part(index);
  const int32_t last = part.sizes.size() - 1;
  const int64_t row = part.sizes[last], step = last == dim ? 0 : 1, reach = whole.strides[dim];
  T* to = y.data_ptr<T>();
  const T* from = source.data_ptr<T>();
  const auto* place = index.data_ptr<int64_t>();
  Dims position(last + 1, 0);
  for (int64_t done = 0; done < index.numel(); done += row) {
    int64_t base = 0;
    for (int32_t d = 0; d < last; ++d) base += d == dim ? 0 : position[d] * whole.strides[d];
    for (int64_t j = 0; j < row; ++j) {
      T& target = to[base + j * step + place[done + j] * reach];
      target = joined(reduction, target, from[done + j]);
    }
    for (int32_t d = last; d-- > 0 && ++position[d] == part.sizes[d];) position[d] = 0;
  }
}

Tensor joined_copy(Join reduction, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source) {
  NoGradGuard guard;
  const Tensor y = tensor_data::make(self.sizes(), self.dtype());
  y.copy_(self);
  const Tensor values = source.contiguous();
  if (index.numel() == 0) return y;
  visit_dtype(y.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    if constexpr (!std::is_same_v<T, Half> && !std::is_same_v<T, BFloat16>)
      join_at<T>(reduction, y, dim, index, values);
  });
  return y;
}

// Of prod, amax and amin together with self. Written with differentiable operations.
struct ScatterReduceBackward final : ops::Rule {
  std::string name() const override { return "ScatterReduceBackward0"; }
  void backward(ops::Backward& step) override {
    const Tensor place = index.peek(*this);
    if (reduction == Join::Prod) {
      prod_backward(step, place);
    } else {
      extremum_backward(step, place);
    }
  }
  void release_variables() override { release(self, index, source, y); }

  // Equal extrema share.
  void extremum_backward(ops::Backward& step, const Tensor& place) {
    const Tensor& gy = step.gy();
    Tensor from_self, from_source, count;
    {
      NoGradGuard guard;
      const Tensor& result = y.peek(*this);
      from_self = (self.peek(*this) == result).to(gy.dtype());
      from_source = (source.peek(*this) == gather(result, dim, place)).to(gy.dtype());
      count = scatter_add(from_self, dim, place, from_source).clamp_min(1);
    }
    const Tensor share = gy / count;
    if (step.wants(0)) step[0] = share * from_self;
    if (step.wants(1)) step[1] = gather(share, dim, place) * from_source;
  }

  // The product of the others: the result divided by the factor, but at a single zero the product of the rest.
  void prod_backward(ops::Backward& step, const Tensor& place) {
    const Tensor &gy = step.gy(), x = self.get(*this), factors = source.get(*this);
    if (step.wants(0)) {
      step[0] = gy * scatter_reduce(ones_like(x), dim, place, factors, "prod");
    }
    if (!step.wants(1)) return;
    Tensor zero, single;
    {
      NoGradGuard guard;
      zero = factors == 0;
      const Tensor count = gather(scatter_add(zeros_like(x), dim, place, zero.to(x.dtype())), dim, place);
      single = zero & (count == 1);
      if (step.create_graph() && (zero & (count > 1)).any().item<bool>()) {
        fail("scatter_reduce",
             "Double backward is unsupported for src when >1 zeros in src are scattered to the same "
             "position in self");
      }
    }
    const Tensor quotient = gather(gy * y.get(*this), dim, place) / factors.masked_fill(zero, 1);
    const Tensor rest = scatter_reduce(x, dim, place, factors.masked_fill(single, 1), "prod");
    step[1] = where(single, gather(gy * rest, dim, place), quotient);
  }

  ops::Saved self, index, source, y;
  Join reduction = Join::Prod;
  int64_t dim = 0;
};

Tensor join_recorded(Join reduction, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source) {
  Tensor y = joined_copy(reduction, self, dim, index, source);
  if (auto* node = ops::record<ScatterReduceBackward>(y, self, source)) {
    node->self.save_input(self);
    node->index.save_input(index);
    node->source.save_input(source);
    node->y.save_output(y);
    node->reduction = reduction;
    node->dim = dim;
  }
  return y;
}

// The number that changes nothing.
Scalar neutral(Join reduction, ScalarType type) {
  if (reduction == Join::Prod) return 1;
  if (reduction != Join::Amax && reduction != Join::Amin) return 0;
  const bool largest = reduction == Join::Amax;
  return visit_dtype(type, [&](auto tag) -> Scalar {
    using T = typename decltype(tag)::type;
    if constexpr (std::is_integral_v<T>) {
      return largest ? std::numeric_limits<T>::lowest() : std::numeric_limits<T>::max();
    } else {
      const double inf = std::numeric_limits<double>::infinity();
      return largest ? -inf : inf;
    }
  });
}

Tensor divided(const Tensor& sum, const Tensor& count) {
  return sum.is_floating_point() ? sum / count.to(sum.dtype()) : div(sum, count.to(sum.dtype()), "floor");
}

// Index and source checked, of one shape.
Tensor reduce_into(Join reduction, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source,
                   bool include_self) {
  const ScalarType type = self.dtype();
  if (is_reduced_floating(type)) {
    return reduce_into(reduction, self.to(kFloat), dim, index, source.to(kFloat), include_self).to(type);
  }
  const Tensor start = include_self ? self : scatter(self, dim, index, neutral(reduction, type));
  if (reduction != Join::Sum && reduction != Join::Mean) {
    return join_recorded(reduction, start, dim, index, source);
  }
  const Tensor total = scatter_add(start, dim, index, source);
  if (reduction == Join::Sum) return total;
  Tensor count;
  {
    NoGradGuard guard;
    count = include_self ? ones(self.sizes(), kLong) : zeros(self.sizes(), kLong);
    count = scatter_add(count, dim, index, ones(index.sizes(), kLong)).clamp_min(1);
  }
  return divided(total, count);
}

Tensor reduced(const char* operation, Join reduction, const Tensor& self, int64_t dim, const Tensor& index,
               const Tensor& source, bool include_self) {
  dim = wrap_dim(operation, dim, self.dim());
  const Tensor numbers = ops::checked_index(operation, self, dim, index);
  const Tensor values = ops::checked_source(operation, self, numbers, source);
  if (numbers.numel() == 0) return self.clone();
  return reduce_into(reduction, self, dim, numbers, values, include_self);
}

}  // namespace

namespace {

// What an in-place form computes from: backward needs the numbers as they were.
Tensor kept(const Tensor& self, const Tensor& source) { return ops::recording(self, source) ? self.clone() : self; }

}  // namespace

Tensor scatter_reduce(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source,
                      std::string_view reduce, bool include_self) {
  return reduced("scatter_reduce", reduction_of("scatter_reduce", reduce), self, dim, index, source, include_self);
}
Tensor& scatter_reduce_(Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce,
                        bool include_self) {
  return ops::become("scatter_reduce_", self,
                     scatter_reduce(kept(self, source), dim, index, source, reduce, include_self));
}

// ---- scatter with a reduction ----

namespace {

Join joining_of(std::string_view name) {
  if (name == "add") return Join::Sum;
  if (name == "multiply") return Join::Prod;
  fail_value("scatter", fmt::format("reduce argument must be either add or multiply, got {}", name));
}

}  // namespace

Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce) {
  return reduced("scatter", joining_of(reduce), self, dim, index, source, true);
}
Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, Scalar value, std::string_view reduce) {
  return scatter(self, dim, index, full({}, value, self.dtype()).expand(index.sizes()), reduce);
}
Tensor& scatter_(Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce) {
  return ops::become("scatter_", self, scatter(kept(self, source), dim, index, source, reduce));
}
Tensor& scatter_(Tensor& self, int64_t dim, const Tensor& index, Scalar value, std::string_view reduce) {
  return ops::become("scatter_", self, scatter(kept(self, self), dim, index, value, reduce));
}

// ---- slices ----

Tensor index_reduce(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce,
                    bool include_self) {
  constexpr const char* kName = "index_reduce";
  if (reduce != "prod" && reduce != "mean" && reduce != "amax" && reduce != "amin") {
    fail_value(kName, fmt::format("index_reduce(): Expected reduce to be one of prod, mean, amax or amin but got {}.",
                                  reduce));
  }
  dim = wrap_dim(kName, dim, self.dim());
  if (index.dim() > 1) {
    fail_index(kName, fmt::format("Index is supposed to be a vector, but got shape {}", to_string(index.sizes())));
  }
  const Tensor numbers = ops::index_numbers(kName, index).reshape({-1});
  AtLeastOne expected(self);
  expected.sizes[dim] = numbers.numel();
  if (!(AtLeastOne(source).sizes == expected.sizes)) {
    fail(kName,
         fmt::format("source has shape {}; need {}: self's {} with as many slices at dim {} as there are indices",
                     to_string(source.sizes()), to_string(expected.sizes), to_string(self.sizes()), dim));
  }
  if (self.dim() == 0) {
    return reduced(kName, reduction_of(kName, reduce), self.reshape({1}), 0, numbers, source.reshape({-1}),
                   include_self)
        .reshape({});
  }
  Dims line(static_cast<int32_t>(self.dim()), 1);
  line[dim] = numbers.numel();
  const Tensor places = numbers.reshape(line).expand(expected.sizes);
  return reduced(kName, reduction_of(kName, reduce), self, dim, places, source.reshape(expected.sizes), include_self);
}
Tensor& index_reduce_(Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce,
                      bool include_self) {
  return ops::become("index_reduce_", self, index_reduce(kept(self, source), dim, index, source, reduce, include_self));
}

// ---- segments ----

namespace {

constexpr const char* kSegments = "segment_reduce";

Join segment_reduction(std::string_view name) {
  if (name == "max") return Join::Amax;
  if (name == "min") return Join::Amin;
  if (name == "sum" || name == "mean" || name == "prod") return reduction_of(kSegments, name);
  fail_value(kSegments, fmt::format("unsupported reduction given: {}; need max, mean, min, sum or prod", name));
}

Tensor segment_lengths(const std::optional<Tensor>& lengths, const std::optional<Tensor>& offsets) {
  const bool by_length = lengths && lengths->defined(), by_offset = offsets && offsets->defined();
  if (!by_length && !by_offset) fail(kSegments, "Either lengths or offsets must be defined.");
  if (by_length) return ops::index_numbers(kSegments, *lengths);
  const Tensor places = ops::index_numbers(kSegments, *offsets);
  const int64_t count = places.size(-1);
  return (places.narrow(-1, 1, count - 1) - places.narrow(-1, 0, count - 1)).contiguous();
}

// The number of the segment of each element of data's axis, for each line of segments.
Tensor segment_numbers(const Tensor& lengths, int64_t size) {
  const int64_t segments = lengths.size(-1), lines = segments == 0 ? 0 : lengths.numel() / segments;
  Tensor numbers = tensor_data::make({lines, size}, kLong);
  auto* to = numbers.data_ptr<int64_t>();
  const auto* length = lengths.data_ptr<int64_t>();
  for (int64_t line = 0; line < lines; ++line, length += segments) {
    int64_t total = 0;
    for (int64_t i = 0; i < segments; ++i) {
      if (length[i] < 0) fail_value(kSegments, fmt::format("lengths contains negative value: {}", length[i]));
      if (length[i] > size - total) {
        fail(kSegments,
             fmt::format("lengths {} after {} go beyond the {} elements of data along axis", length[i], total, size));
      }
      total += length[i];
    }
    if (total != size) {
      fail(kSegments, fmt::format("Expected all rows of lengths along axis to sum to data.size(axis): got {}, need {}",
                                  total, size));
    }
    for (int64_t i = 0; i < segments; ++i) to = std::fill_n(to, length[i], i);
  }
  return numbers;
}

}  // namespace

Tensor segment_reduce(const Tensor& data, std::string_view reduce, const std::optional<Tensor>& lengths,
                      const std::optional<Tensor>& indices, const std::optional<Tensor>& offsets, int64_t axis,
                      bool /*unsafe*/, std::optional<Scalar> initial) {
  const Join reduction = segment_reduction(reduce);
  if (reduction == Join::Mean && is_reduced_floating(data.dtype())) {  // a sum may be too large for 16 bits
    return segment_reduce(data.to(kFloat), reduce, lengths, indices, offsets, axis, true, initial).to(data.dtype());
  }
  if (indices && indices->defined()) fail(kSegments, "indices are not supported; need lengths or offsets");
  axis = wrap_dim(kSegments, axis, data.dim());
  if (data.numel() == 0) fail(kSegments, fmt::format("needs a non-empty tensor; got {}", to_string(data.sizes())));
  const Tensor counts = segment_lengths(lengths, offsets);
  if (counts.dim() != axis + 1 ||
      counts.sizes().slice(0, static_cast<size_t>(axis)) != data.sizes().slice(0, static_cast<size_t>(axis))) {
    fail(kSegments, fmt::format("Expected axis to be the last dimension of lengths, and the dimensions before it to be "
                                "data's: got lengths {}, data {}, axis {}",
                                to_string(counts.sizes()), to_string(data.sizes()), axis));
  }
  Dims line(data.sizes().slice(0, static_cast<size_t>(axis) + 1)), sizes(data.sizes());
  sizes[axis] = counts.size(-1);
  const Tensor numbers = segment_numbers(counts, data.size(axis)).reshape(line);
  Tensor places = numbers;
  while (places.dim() < data.dim()) places = places.unsqueeze(-1);
  places = places.expand(data.sizes()).contiguous();
  const Scalar start = initial.value_or(neutral(reduction, data.dtype()));
  const Join gathered = reduction == Join::Mean ? Join::Sum : reduction;
  const Tensor y = reduce_into(gathered, full(sizes, start, data.dtype()), axis, places, data, true);
  if (reduction != Join::Mean) return y;
  Tensor count = counts;
  while (count.dim() < data.dim()) count = count.unsqueeze(-1);
  // A mean of nothing is `initial`, or no number.
  const Scalar none = initial.value_or(std::numeric_limits<double>::quiet_NaN());
  return where(count == 0, none, y / count.clamp_min(1).to(data.dtype()));
}

// ---- the table ----

RONDO_OP(
    scatter_reduce, .name = "scatter_reduce, scatter_reduce_",
    .doc = "elements reduced into the places of an index; prod, amax and amin are primitives: exact at zeros and ties",
    .samples = [](ops::Samples& s) {
      s.add("sum", {s.real({3, 4}), s.index({2, 4}, 3), s.real({2, 4})},
            RONDO_SAMPLE(scatter_reduce(in[0], 0, in[1], in[2], "sum")));
      s.add("sum alone", {s.real({3, 4}), s.index({3, 5}, 4), s.real({3, 6})},
            RONDO_SAMPLE(scatter_reduce(in[0], 1, in[1], in[2], "sum", false)));
      s.add("mean", {s.real({2, 3}), s.index({2, 5}, 3), s.real({2, 5})},
            RONDO_SAMPLE(scatter_reduce(in[0], -1, in[1], in[2], "mean")));
      s.add("mean alone", {s.real({2, 3}), s.index({2, 5}, 3), s.real({2, 5})},
            RONDO_SAMPLE(scatter_reduce(in[0], -1, in[1], in[2], "mean", false)));
      s.add("prod", {s.real({3, 2}), s.index({4, 2}, 3), s.real({4, 2}, 0.5, 2)},
            RONDO_SAMPLE(scatter_reduce(in[0], 0, in[1], in[2], "prod")));
      s.add("prod alone", {s.real({3}), s.index({4}, 3), s.real({4}, 0.5, 2)},
            RONDO_SAMPLE(in[0].scatter_reduce(0, in[1], in[2], "prod", false)));
      s.add("prod with a zero", {s.real({3}), s.real({4})},
            RONDO_SAMPLE(scatter_reduce(in[0], 0, tensor({0, 1, 1, 1}), in[1] * tensor({1, 0, 1, 1}).to(in[1].dtype()),
                                        "prod")));
      s.add("amax", {s.real({2, 3, 2}), s.index({2, 4, 2}, 3), s.real({2, 4, 2})},
            RONDO_SAMPLE(scatter_reduce(in[0], 1, in[1], in[2], "amax")));
      s.add("amin alone", {s.real({3}), s.index({7}, 3), s.real({7})},
            RONDO_SAMPLE(scatter_reduce(in[0], 0, in[1], in[2], "amin", false)));
      s.add("strided", {s.real({4, 3}), s.index({3, 4}, 3), s.real({4, 3})},
            RONDO_SAMPLE(scatter_reduce(in[0].t(), 0, in[1], in[2].t(), "amax")));
      s.add("in place", {s.real({3}), s.index({4}, 3), s.real({4})},
            RONDO_SAMPLE((in[0] * 2).scatter_reduce_(0, in[1], in[2], "amin")));
      s.add("0-dim", {s.real({}), s.index({}, 1), s.real({})},
            RONDO_SAMPLE(scatter_reduce(in[0], 0, in[1], in[2], "prod")));
      s.add("no index", {s.real({3}), s.index({0}, 3), s.real({2})},
            RONDO_SAMPLE(scatter_reduce(in[0], 0, in[1], in[2], "amax")));
      s.error("reduction", "must be either sum, prod, mean, amax or amin",
              [] { scatter_reduce(ones(3), 0, full({1}, 0), ones(1), "median"); });
      s.error("outside", "index 9 is out of bounds", [] { scatter_reduce(ones(3), 0, full({1}, 9), ones(1), "prod"); });
      s.error("dtype", "Expected self.dtype to be equal to src.dtype",
              [] { scatter_reduce(ones(3), 0, full({1}, 0), ones(1, kDouble), "prod"); });
    })

RONDO_OP(
    scatter_join, .name = "scatter with a reduction", .doc = "scatter that adds to or multiplies what stands there",
    .samples = [](ops::Samples& s) {
      s.add("add", {s.real({3, 2}), s.index({2, 2}, 3), s.real({2, 2})},
            RONDO_SAMPLE(scatter(in[0], 0, in[1], in[2], "add")));
      s.add("multiply", {s.real({3, 2}), s.index({2, 2}, 3), s.real({2, 2}, 0.5, 2)},
            RONDO_SAMPLE(in[0].scatter(0, in[1], in[2], "multiply")));
      s.add("a number", {s.real({3, 2}), s.index({2, 2}, 2)}, RONDO_SAMPLE(scatter(in[0], 1, in[1], 1.5, "multiply")));
      s.add("in place", {s.real({3}), s.index({2}, 3), s.real({2})},
            RONDO_SAMPLE((in[0] * 2).scatter_(0, in[1], in[2], "add").scatter_(0, in[1], 2, "multiply")));
      s.error("reduction", "must be either add or multiply", [] { scatter(ones(3), 0, full({1}, 0), 1, "sum"); });
    })

RONDO_OP(
    index_reduce, .name = "index_reduce, index_reduce_", .doc = "slices reduced into the places of an index",
    .samples = [](ops::Samples& s) {
      s.add("prod", {s.real({3, 2}), s.index({4}, 3), s.real({4, 2}, 0.5, 2)},
            RONDO_SAMPLE(index_reduce(in[0], 0, in[1], in[2], "prod")));
      s.add("mean alone", {s.real({2, 3}), s.index({4}, 3), s.real({2, 4})},
            RONDO_SAMPLE(index_reduce(in[0], 1, in[1], in[2], "mean", false)));
      s.add("amax", {s.real({2, 3, 2}), s.index({4}, 3), s.real({2, 4, 2})},
            RONDO_SAMPLE(in[0].index_reduce(1, in[1], in[2], "amax")));
      s.add("amin in place", {s.real({3}), s.index({4}, 3), s.real({4})},
            RONDO_SAMPLE((in[0] * 2).index_reduce_(0, in[1], in[2], "amin", false)));
      s.add("0-dim", {s.real({}), s.index({1}, 1), s.real({})},
            RONDO_SAMPLE(index_reduce(in[0], 0, in[1], in[2], "mean")));
      s.error("reduction", "Expected reduce to be one of prod, mean, amax or amin but got sum",
              [] { index_reduce(ones(3), 0, full({1}, 0), ones(1), "sum"); });
      s.error("shape", "source has shape (2,)", [] { index_reduce(ones(3), 0, full({1}, 0), ones(2), "prod"); });
      s.error("matrix of indices", "supposed to be a vector", [] {
        index_reduce(ones(3), 0, full({1, 1}, 0), ones(1), "prod");
      });
    })

RONDO_OP(
    segment_reduce, .name = "segment_reduce", .doc = "segments of a dimension, each reduced to one slice",
    .samples = [](ops::Samples& s) {
      s.add("sum", {s.real({6, 2})}, RONDO_SAMPLE(segment_reduce(in[0], "sum", tensor({2, 1, 3}))));
      s.add("mean", {s.real({6})}, RONDO_SAMPLE(segment_reduce(in[0], "mean", tensor({4, 2}))));
      s.add("max", {s.real({2, 4})}, RONDO_SAMPLE(segment_reduce(in[0], "max", tensor({{3, 1}, {2, 2}}), {}, {}, 1)));
      s.add("min by offsets", {s.real({5})}, RONDO_SAMPLE(segment_reduce(in[0], "min", {}, {}, tensor({0, 2, 5}))));
      s.add("prod, initial", {s.real({5})},
            RONDO_SAMPLE(segment_reduce(in[0], "prod", tensor({2, 0, 3}), {}, {}, 0, false, 2.5)));
      s.error("reduction", "unsupported reduction given", [] { segment_reduce(ones(3), "median", tensor({3})); });
      s.error("nothing given", "Either lengths or offsets must be defined", [] { segment_reduce(ones(3), "sum"); });
      s.error("sum of lengths", "sum to data.size(axis)", [] { segment_reduce(ones(3), "sum", tensor({1, 1})); });
    })

}  // namespace rondo
