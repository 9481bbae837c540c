// Copies with some elements or slices replaced, and elements by their row-major number.
#include <rondo/autograd/graph/history.h>
#include <rondo/autograd/ops/in_place.h>
#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/index_parts.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/ops/sorting.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <algorithm>

namespace rondo {
namespace {

// Writes slices through advanced indexing: a whole dimension for each before `dim`, then the index.
void write_slices(const Tensor& self, int64_t dim, const Tensor& numbers, const Tensor& values) {
  std::vector<indexing::TensorIndex> indices(static_cast<size_t>(dim), indexing::Slice());
  indices.emplace_back(numbers);
  (self.dim() == 0 ? self.unsqueeze(0) : self).index_put_(indices, values);
}

Tensor index_vector(const char* operation, const Tensor& index) {
  if (index.dim() > 1) {
    fail_index(operation, fmt::format("Index should have dimension 1 or 0 (got {})", index.dim()));
  }
  if (index.dtype() != kLong) {
    fail_index(operation, fmt::format("Expected a long tensor for index, but got {}", dtype_name(index.dtype())));
  }
  return index.contiguous().reshape({-1});
}

}  // namespace

// ---- slices ----

Tensor& index_copy_(Tensor& self, int64_t dim, const Tensor& index, const Tensor& source) {
  constexpr const char* kName = "index_copy_";
  dim = wrap_dim(kName, dim, self.dim());
  const Tensor numbers = index_vector(kName, index);
  if (self.dtype() != source.dtype()) {
    fail_type(kName, fmt::format("self and source expected to have the same dtype, but got (self) {} and (source) {}",
                                 dtype_name(self.dtype()), dtype_name(source.dtype())));
  }
  ops::AtLeastOne expected(self);
  ops::check_range(kName, numbers, dim, expected.sizes[dim]);
  const ops::AtLeastOne given(source);
  expected.sizes[dim] = numbers.numel();
  // One slice without its dimension is taken as well.
  const bool one = source.dim() == 0 && numbers.numel() == 1 && count_elements(expected.sizes) == 1;
  if (!one && !(given.sizes == expected.sizes)) {
    fail_index(kName, fmt::format("Source/destination tensor must have same slice shapes, and as many slices as there "
                                  "are indices: source has shape {}, need {} for self {} at dim {}",
                                  to_string(source.sizes()), to_string(expected.sizes), to_string(self.sizes()), dim));
  }
  write_slices(self, dim, numbers, source);
  return self;
}
Tensor index_copy(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source) {
  Tensor y = self.clone();
  return index_copy_(y, dim, index, source);
}

namespace {

// Each place once, so that the value's gradient counts it once. Numbers out of range stay for the check to find.
Tensor without_repetitions(const Tensor& numbers, int64_t size) {
  if (!((numbers >= -size) & (numbers < size)).all().item<bool>()) return numbers;
  return std::get<0>(_unique(where(numbers < 0, numbers + size, numbers)));
}

}  // namespace

Tensor& index_fill_(Tensor& self, int64_t dim, const Tensor& index, const Tensor& value) {
  constexpr const char* kName = "index_fill_";
  dim = wrap_dim(kName, dim, self.dim());
  if (value.dim() != 0) {
    fail(kName,
         fmt::format("Only supports 0-dimensional value tensor, but got tensor with {} dimension(s).", value.dim()));
  }
  Tensor numbers = index_vector(kName, index);
  if (ops::recording(value)) numbers = without_repetitions(numbers, ops::AtLeastOne(self).sizes[dim]);
  write_slices(self, dim, numbers, value.to(self.dtype()));
  return self;
}
Tensor& index_fill_(Tensor& self, int64_t dim, const Tensor& index, Scalar value) {
  return index_fill_(self, dim, index, full({}, value, self.dtype()));
}
Tensor index_fill(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& value) {
  Tensor y = self.clone();
  return index_fill_(y, dim, index, value);
}
Tensor index_fill(const Tensor& self, int64_t dim, const Tensor& index, Scalar value) {
  Tensor y = self.clone();
  return index_fill_(y, dim, index, value);
}

// ---- elements by their number ----

namespace {

// Checked and wrapped, in a list.
Tensor element_numbers(const char* operation, const Tensor& self, const Tensor& index) {
  if (index.dtype() != kLong) {
    fail_type(operation,
              fmt::format("{}(): Expected a long tensor for index, but got {}", operation, dtype_name(index.dtype())));
  }
  const int64_t count = self.numel();
  if (count == 0 && index.numel() > 0) {
    fail_index(operation, fmt::format("{}(): tried to take from an empty tensor", operation));
  }
  Tensor numbers = index.contiguous().reshape({-1}).clone();
  auto* number = numbers.data_ptr<int64_t>();
  for (int64_t i = 0; i < numbers.numel(); ++i) {
    if (number[i] < -count || number[i] >= count) {
      fail_index(operation,
                 fmt::format("out of range: tried to access index {} on a tensor of {} elements.", number[i], count));
    }
    if (number[i] < 0) number[i] += count;
  }
  return numbers;
}

}  // namespace

Tensor take(const Tensor& self, const Tensor& index) {
  const Tensor numbers = element_numbers("take", self, index);
  return graph::unviewed(index_select(self.reshape({-1}), 0, numbers).reshape(index.sizes()));
}

Tensor put(const Tensor& self, const Tensor& index, const Tensor& source, bool accumulate) {
  const Tensor numbers = element_numbers("put_", self, index);
  if (index.numel() != source.numel()) {
    fail("put_", fmt::format("Expected source and index to have the same number of elements, but got source.numel() = "
                             "{}, index.numel() = {}",
                             source.numel(), index.numel()));
  }
  if (self.dtype() != source.dtype()) {
    fail_type("put_", fmt::format("self and source expected to have the same dtype, but got self.dtype = {} and "
                                  "source.dtype = {}",
                                  dtype_name(self.dtype()), dtype_name(source.dtype())));
  }
  if (numbers.numel() == 0) return self.clone();
  return graph::unviewed(
      index_put(self.reshape({-1}), numbers, source.reshape({-1}), accumulate).reshape(self.sizes()));
}
Tensor& put_(Tensor& self, const Tensor& index, const Tensor& source, bool accumulate) {
  return ops::become("put_", self, put(self, index, source, accumulate));
}

Tensor take_along_dim(const Tensor& self, const Tensor& indices, std::optional<int64_t> dim) {
  constexpr const char* kName = "take_along_dim";
  if (indices.dtype() != kLong) {
    fail_type(kName, fmt::format("torch.take_along_dim(): dtype of indices should be Long but got {}",
                                 dtype_name(indices.dtype())));
  }
  if (!dim) return gather(self.reshape({-1}), 0, indices.reshape({-1}));
  if (self.dim() != indices.dim()) {
    fail(kName, fmt::format("torch.take_along_dim(): input and indices should have the same number of dimensions, but "
                            "got {} dimensions for input, and {} dimensions for indices",
                            self.dim(), indices.dim()));
  }
  const int64_t along = wrap_dim(kName, *dim, self.dim());
  if (self.dim() == 0) return gather(self, along, indices);
  Dims mine(self.sizes()), theirs(indices.sizes());
  mine[along] = theirs[along] = 1;
  Dims common = broadcast_shapes(kName, mine, theirs);
  common[along] = self.size(along);
  const Tensor x = self.expand(common);
  common[along] = indices.size(along);
  return gather(x, along, indices.expand(common));
}

// ---- masks ----

Tensor masked_scatter(const Tensor& self, const Tensor& mask, const Tensor& source) {
  constexpr const char* kName = "masked_scatter";
  if (mask.dtype() != kBool && mask.dtype() != kByte) {
    fail_type(kName, fmt::format("masked_scatter_ expects BoolTensor or ByteTensor for mask, got {}",
                                 dtype_name(mask.dtype())));
  }
  if (self.dtype() != source.dtype()) {
    fail_type(kName, fmt::format("masked_scatter: expected self and source to have same dtypes but got {} and {}",
                                 toString(self.dtype()), toString(source.dtype())));
  }
  const Dims shape = broadcast_shapes(kName, self.sizes(), mask.sizes());
  const Tensor places = nonzero(mask.expand(shape).reshape({-1})).reshape({-1});
  if (source.numel() < places.numel()) {
    fail(kName,
         fmt::format("Number of elements of source < number of ones in mask: {} < {}", source.numel(), places.numel()));
  }
  const Tensor whole = self.expand(shape);
  const Tensor values = source.reshape({-1}).narrow(0, 0, places.numel());
  return graph::unviewed(index_put(whole.reshape({-1}), places, values).reshape(shape));
}
Tensor& masked_scatter_(Tensor& self, const Tensor& mask, const Tensor& source) {
  return ops::become("masked_scatter_", self, masked_scatter(self, mask, source));
}

Tensor argwhere(const Tensor& self) { return nonzero(self); }
std::vector<Tensor> nonzero_numpy(const Tensor& self) {
  return nonzero(self.dim() == 0 ? self.unsqueeze(0) : self).unbind(1);
}

// ---- views replaced ----

namespace {

void replace(const char* operation, const Tensor& region, const Tensor& source) {
  if (region.sizes() != source.sizes()) {
    fail(operation,
         fmt::format("expected src to have a size equal to the slice of self. src size = {}, slice size = {}",
                     to_string(source.sizes()), to_string(region.sizes())));
  }
  region.copy_(source);
}

}  // namespace

Tensor select_scatter(const Tensor& self, const Tensor& source, int64_t dim, int64_t index) {
  Tensor y = self.clone();
  replace("select_scatter", y.select(dim, index), source);
  return y;
}
Tensor slice_scatter(const Tensor& self, const Tensor& source, int64_t dim, std::optional<int64_t> start,
                     std::optional<int64_t> end, int64_t step) {
  Tensor y = self.clone();
  replace("slice_scatter", y.slice(dim, start, end, step), source);
  return y;
}
Tensor diagonal_scatter(const Tensor& self, const Tensor& source, int64_t offset, int64_t dim1, int64_t dim2) {
  Tensor y = self.clone();
  replace("diagonal_scatter", y.diagonal(offset, dim1, dim2), source);
  return y;
}
Tensor as_strided_scatter(const Tensor& self, const Tensor& source, IntArrayRef sizes, IntArrayRef strides,
                          std::optional<int64_t> offset) {
  // The same layout, in memory of its own that begins with self's first element.
  Tensor y = empty_strided(self.sizes(), self.strides(), self.dtype());
  y.copy_(self);
  replace("as_strided_scatter",
          y.as_strided(sizes, strides, offset.value_or(self.storage_offset()) - self.storage_offset()), source);
  return y;
}

// ---- the table ----

RONDO_OP(
    index_copy, .name = "index_copy, index_copy_", .doc = "self, with slices written by index",
    .samples = [](ops::Samples& s) {
      s.add("rows", {s.real({4, 3}), s.real({2, 3})}, RONDO_SAMPLE(index_copy(in[0], 0, tensor({3, 1}), in[1])));
      s.add("columns", {s.real({2, 4}), s.real({2, 3})}, RONDO_SAMPLE(in[0].index_copy(-1, tensor({3, 1, 0}), in[1])));
      s.add("strided", {s.real({4, 2}), s.real({2, 2})},
            RONDO_SAMPLE(index_copy(in[0].t(), 1, tensor({2, 0}), in[1].t())));
      s.add("in place", {s.real({4}), s.real({2})}, RONDO_SAMPLE((in[0] * 2).index_copy_(0, tensor({3, 1}), in[1])));
      s.add("one number", {s.real({4}), s.real({})}, RONDO_SAMPLE(index_copy(in[0], 0, tensor(2), in[1])));
      s.add("0-dim", {s.real({}), s.real({})}, RONDO_SAMPLE(index_copy(in[0], 0, tensor({0}), in[1])));
      s.add("no index", {s.real({4, 2}), s.real({0, 2})}, RONDO_SAMPLE(index_copy(in[0], 0, empty(0, kLong), in[1])));
      s.error("shape", "must have same slice shapes", [] { index_copy(ones({3, 2}), 0, tensor({0}), ones({1, 3})); });
      s.error("dtype", "expected to have the same dtype",
              [] { index_copy(ones(3), 0, tensor({0}), ones(1, kDouble)); });
      s.error("outside", "index 3 is out of bounds", [] { index_copy(ones(3), 0, tensor({3}), ones(1)); });
      s.error("negative", "index -1 is out of bounds", [] { index_copy(ones(3), 0, tensor({-1}), ones(1)); });
      s.error("index", "Expected a long tensor for index", [] { index_copy(ones(3), 0, ones(1), ones(1)); });
      s.error("matrix", "Index should have dimension 1 or 0", [] { index_copy(ones(3), 0, tensor({{0}}), ones(1)); });
    })

RONDO_OP(
    index_fill, .name = "index_fill, index_fill_", .doc = "self, with slices of one number",
    .samples = [](ops::Samples& s) {
      s.add("rows", {s.real({4, 3})}, RONDO_SAMPLE(index_fill(in[0], 0, tensor({3, -3}), 1.5)));
      s.add("by a tensor", {s.real({2, 4}), s.real({})}, RONDO_SAMPLE(in[0].index_fill(1, tensor({3, 1, 3}), in[1])));
      s.add("in place", {s.real({4})}, RONDO_SAMPLE((in[0] * 2).index_fill_(0, tensor({0, 2}), -1)));
      s.add("in place by a tensor", {s.real({4}), s.real({})},
            RONDO_SAMPLE((in[0] * 2).index_fill_(0, tensor(1), in[1])));
      s.add("0-dim", {s.real({}), s.real({})}, RONDO_SAMPLE(index_fill(in[0], 0, tensor({0}), in[1])));
      s.add("no index", {s.real({4, 2})}, RONDO_SAMPLE(index_fill(in[0], 0, empty(0, kLong), 2)));
      s.error("value", "Only supports 0-dimensional value tensor",
              [] { index_fill(ones(3), 0, tensor({0}), ones(1)); });
      s.error("outside", "index 3 is out of bounds", [] { index_fill(ones(3), 0, tensor({3}), 1); });
      s.error("index", "Expected a long tensor for index", [] { index_fill(ones(3), 0, ones(1), 1); });
    })

RONDO_OP(
    take, .name = "take, put, put_, take_along_dim", .doc = "elements by row-major number, or along a dimension",
    .samples = [](ops::Samples& s) {
      s.add("take", {s.real({3, 4}), s.index({2, 3}, 12)}, RONDO_SAMPLE(take(in[0], in[1])));
      s.add("take, strided, from the end", {s.real({3, 4}), s.index({2}, 12)},
            RONDO_SAMPLE(in[0].t().take(in[1] - 12)));
      s.add("take a number", {s.real({}), s.index({}, 1)}, RONDO_SAMPLE(take(in[0], in[1])));
      s.add("take nothing", {s.real({0}), s.index({0}, 1)}, RONDO_SAMPLE(take(in[0], in[1])));
      s.add("put", {s.real({3, 4}), s.real({3})}, RONDO_SAMPLE(put(in[0], tensor({7, 0, -1}), in[1])));
      s.add("put, added", {s.real({3, 4}), s.index({5, 2}, 12), s.real({2, 5})},
            RONDO_SAMPLE(in[0].put(in[1], in[2], true)));
      s.add("put in place of a transposed", {s.real({3, 4}), s.real({2})},
            RONDO_SAMPLE((in[0] * 2).t().put_(tensor({5, 2}), in[1])));
      s.add("put nothing", {s.real({3}), s.real({0})}, RONDO_SAMPLE(put(in[0], empty(0, kLong), in[1])));
      s.add("along a dimension", {s.real({3, 4}), s.index({3, 2}, 4)}, RONDO_SAMPLE(take_along_dim(in[0], in[1], 1)));
      s.add("along, broadcast", {s.real({3, 1, 2}), s.index({1, 4, 2}, 3)},
            RONDO_SAMPLE(in[0].take_along_dim(in[1], 0)));
      s.add("of all", {s.real({3, 4}), s.index({2, 3}, 12)}, RONDO_SAMPLE(take_along_dim(in[0], in[1])));
      s.error("outside", "tried to access index 3 on a tensor of 3 elements", [] { take(ones(3), tensor(3)); });
      s.error("empty", "tried to take from an empty tensor", [] { take(ones(0), tensor(0)); });
      s.error("index", "Expected a long tensor for index", [] { take(ones(3), ones(1)); });
      s.error("put's count", "the same number of elements", [] { put(ones(3), tensor({0, 1}), ones(3)); });
      s.error("put's dtype", "the same dtype", [] { put(ones(3), tensor({0}), ones(1, kDouble)); });
      s.error("dimensions", "the same number of dimensions", [] { take_along_dim(ones({3, 2}), tensor({0}), 0); });
      s.error("dtype of indices", "should be Long", [] { take_along_dim(ones(2), ones(2), 0); });
    })

RONDO_OP(
    masked_scatter, .name = "masked_scatter, masked_scatter_",
    .doc = "self, with source's elements where the mask holds", .samples = [](ops::Samples& s) {
      s.add("matrix", {s.real({3, 4}), s.boolean({3, 4}), s.real({12})},
            RONDO_SAMPLE(masked_scatter(in[0], in[1], in[2])));
      s.add("mask of rows", {s.real({3, 2}), s.boolean({3, 1}), s.real({2, 4})},
            RONDO_SAMPLE(in[0].masked_scatter(in[1], in[2])));
      s.add("in place, strided", {s.real({3, 2}), s.boolean({2, 3}), s.real({3, 2})},
            RONDO_SAMPLE((in[0] * 2).t().masked_scatter_(in[1], in[2].t())));
      s.add("0-dim", {s.real({}), s.boolean({}), s.real({1})}, RONDO_SAMPLE(masked_scatter(in[0], in[1], in[2])));
      s.add("nowhere", {s.real({2}), s.real({0})}, RONDO_SAMPLE(masked_scatter(in[0], full(2, false), in[1])));
      s.error("short source", "Number of elements of source < number of ones in mask",
              [] { masked_scatter(ones(3), full(3, true), ones(2)); });
      s.error("mask", "expects BoolTensor or ByteTensor", [] { masked_scatter(ones(3), ones(3), ones(3)); });
      s.error("dtype", "to have same dtypes", [] { masked_scatter(ones(3), full(3, true), ones(3, kDouble)); });
      s.error("in place to more", "doesn't match the broadcast shape", [] {
        ones(3).masked_scatter_(full({2, 3}, true), ones(6));
      });
    })

RONDO_OP(
    argwhere, .name = "argwhere, nonzero_numpy", .doc = "the positions of the elements that are not zero",
    .differentiable = false, .samples = [](ops::Samples& s) {
      s.add("argwhere", {s.real({3, 4})}, RONDO_SAMPLE(argwhere(in[0].gt(0)).to(in[0].dtype())));
      s.add("nonzero_numpy", {s.real({3, 4})}, RONDO_SAMPLE(nonzero_numpy(in[0].gt(0))[1].to(in[0].dtype())));
      s.add("a number", {s.real({})}, RONDO_SAMPLE(in[0].gt(0).nonzero_numpy()[0].to(in[0].dtype())));
    })

RONDO_OP(
    view_scatter, .name = "select_scatter, slice_scatter, diagonal_scatter", .doc = "self, with a view of it replaced",
    .samples = [](ops::Samples& s) {
      s.add("select_scatter", {s.real({3, 4}), s.real({3})}, RONDO_SAMPLE(select_scatter(in[0], in[1], 1, -1)));
      s.add("slice_scatter", {s.real({6, 2}), s.real({2, 2})}, RONDO_SAMPLE(in[0].slice_scatter(in[1], 0, 1, 5, 2)));
      s.add("slice_scatter of all", {s.real({2}), s.real({2})}, RONDO_SAMPLE(slice_scatter(in[0], in[1])));
      s.add("diagonal_scatter", {s.real({3, 4}), s.real({3})}, RONDO_SAMPLE(diagonal_scatter(in[0], in[1], 1)));
      s.add("strided", {s.real({3, 2, 3}), s.real({2, 3})},
            RONDO_SAMPLE(diagonal_scatter(in[0].transpose(0, 1), in[1], 0, 1, 2)));
      s.error("select_scatter's shape", "expected src to have a size equal to the slice of self", [] {
        select_scatter(ones({2, 3}), ones(2), 0, 0);
      });
      s.error("slice_scatter's shape", "src size = (2,), slice size = (1,)",
              [] { slice_scatter(ones(3), ones(2), 0, 2); });
    })

RONDO_OP(
    as_strided_scatter, .name = "as_strided_scatter", .doc = "self, with a view of given strides replaced",
    .any_layout = false, .samples = [](ops::Samples& s) {
      s.add("every other", {s.real({2, 3}), s.real({3})}, RONDO_SAMPLE(as_strided_scatter(in[0], in[1], {3}, {2}, 0)));
      s.add("of a transposed", {s.real({2, 3}), s.real({2, 2})},
            RONDO_SAMPLE(in[0].t().as_strided_scatter(in[1], {2, 2}, {2, 1}, 1)));
      s.error("shape", "expected src to have a size", [] { as_strided_scatter(ones(3), ones(3), {2}, {1}); });
      s.error("outside", "out of bounds for storage", [] { as_strided_scatter(ones(3), ones(4), {4}, {1}); });
    })

}  // namespace rondo
