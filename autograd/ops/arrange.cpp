// Tensors put together in rows, columns and blocks; rolled, turned and repeated.
#include <rondo/autograd/graph/history.h>
#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/ops/shape.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <algorithm>

namespace rondo {
namespace {

void check_some(const char* operation, TensorList tensors) {
  if (tensors.empty()) fail(operation, fmt::format("{} expects a non-empty TensorList", operation));
}

}  // namespace

Tensor concatenate(TensorList tensors, int64_t dim) { return cat(tensors, dim); }

Tensor hstack(TensorList tensors) {
  check_some("hstack", tensors);
  const std::vector<Tensor> parts = atleast_1d(tensors);
  return cat(parts, parts[0].dim() == 1 ? 0 : 1);
}
Tensor vstack(TensorList tensors) {
  check_some("vstack", tensors);
  return cat(atleast_2d(tensors), 0);
}
Tensor row_stack(TensorList tensors) { return vstack(tensors); }
Tensor dstack(TensorList tensors) {
  check_some("dstack", tensors);
  return cat(atleast_3d(tensors), 2);
}
Tensor column_stack(TensorList tensors) {
  check_some("column_stack", tensors);
  std::vector<Tensor> parts;
  for (const Tensor& tensor : tensors) {
    parts.push_back(tensor.dim() <= 1 ? tensor.reshape({tensor.numel(), 1}) : tensor);
  }
  return hstack(parts);
}

Tensor block_diag(TensorList tensors) {
  if (tensors.empty()) return empty({1, 0});
  std::vector<Tensor> blocks;
  int64_t width = 0;
  for (size_t i = 0; i < tensors.size(); ++i) {
    if (tensors[i].dim() > 2) {
      fail("block_diag", fmt::format("Input tensors must have 2 or fewer dimensions. Input {} has {} dimensions", i,
                                     tensors[i].dim()));
    }
    blocks.push_back(atleast_2d(tensors[i]));
    width += blocks.back().size(1);
  }
  int64_t before = 0;
  for (Tensor& block : blocks) {
    const int64_t own = block.size(1);
    block = constant_pad_nd(block, {before, width - before - own});
    before += own;
  }
  return cat(blocks, 0);
}

Tensor cartesian_prod(TensorList tensors) {
  for (const Tensor& tensor : tensors) {
    if (tensor.dim() != 1) {
      fail("cartesian_prod", fmt::format("Expect a 1D vector, but got shape {}", to_string(tensor.sizes())));
    }
  }
  if (tensors.size() == 1) return tensors[0];
  std::vector<Tensor> columns;
  for (const Tensor& grid : meshgrid(tensors)) columns.push_back(grid.flatten());
  return stack(columns, 1);
}

Tensor combinations(const Tensor& self, int64_t r, bool with_replacement) {
  if (self.dim() != 1) {
    fail("combinations", fmt::format("Expect a 1D vector, but got shape {}", to_string(self.sizes())));
  }
  if (r < 0) fail_value("combinations", fmt::format("Expect a non-negative number, but got {}", r));
  if (r == 0) return empty({0}, self.dtype());
  const int64_t n = self.size(0), step = with_replacement ? 0 : 1;
  std::vector<int64_t> rows;
  if (n == 0 || (r > n && !with_replacement)) return self.new_empty({0, r});
  const Tensor places = tensor_data::make(r, kLong);
  auto* choice = places.data_ptr<int64_t>();
  for (int64_t i = 0; i < r; ++i) choice[i] = i * step;
  // Place i goes up to n - 1, less what the places behind it need.
  const auto last = [&](int64_t i) { return n - 1 - (r - 1 - i) * step; };
  for (bool more = true; more;) {
    rows.insert(rows.end(), choice, choice + r);
    int64_t place = r - 1;
    while (place >= 0 && choice[place] == last(place)) --place;
    more = place >= 0;
    if (!more) break;
    int64_t value = ++choice[place];
    for (int64_t i = place + 1; i < r; ++i) choice[i] = value += step;
  }
  Tensor index = tensor_data::make(static_cast<int64_t>(rows.size()), kLong);
  std::copy(rows.begin(), rows.end(), index.data_ptr<int64_t>());
  return graph::unviewed(index_select(self, 0, index).reshape({index.numel() / r, r}));
}

namespace {

struct RollBackward final : ops::Rule {
  std::string name() const override { return "RollBackward0"; }
  void backward(ops::Backward& step) override { step[0] = roll(step.gy(), back, dims); }
  Dims back, dims;
};

Tensor rolled(const Tensor& x, int64_t shift, int64_t dim) {
  const int64_t size = x.size(dim);
  if (size == 0) return x;
  const int64_t start = (size - shift % size) % size;
  if (start == 0) return x;
  return cat({x.narrow(dim, start, size - start), x.narrow(dim, 0, start)}, dim);
}

}  // namespace

Tensor roll(const Tensor& self, IntArrayRef shifts, IntArrayRef dims) {
  if (shifts.empty()) fail("roll", "`shifts` required");
  if (dims.empty() && shifts.size() == 1) {
    return graph::unviewed(roll(self.reshape({-1}), shifts, IntArrayRef(Dims{0})).view(self.sizes()));
  }
  if (shifts.size() != dims.size()) {
    fail("roll", fmt::format("shifts and dimensions must align. shifts: {}, dims:{}", shifts.size(), dims.size()));
  }
  Tensor y = self;
  {
    NoGradGuard guard;
    for (size_t i = 0; i < dims.size(); ++i) {
      if (self.dim() == 0) fail_index("roll", "Dimension specified as 0 but tensor has no dimensions");
      y = rolled(y, shifts[i], wrap_dim("roll", dims[i], self.dim()));
    }
    y = y.is_same(self) ? self.clone() : y;
  }
  if (auto* node = ops::record<RollBackward>(y, self)) {
    node->dims = dims;
    for (size_t i = 0; i < shifts.size(); ++i) {
      const int64_t size = self.size(dims[i]);
      node->back.push_back(size > 0 ? -(shifts[i] % size) : 0);
    }
  }
  return y;
}

Tensor fliplr(const Tensor& self) {
  if (self.dim() < 2) fail("fliplr", fmt::format("Input must be >= 2-d; got {}", to_string(self.sizes())));
  return flip(self, 1);
}
Tensor flipud(const Tensor& self) {
  if (self.dim() < 1) fail("flipud", fmt::format("Input must be >= 1-d; got {}", to_string(self.sizes())));
  return flip(self, int64_t{0});
}

Tensor rot90(const Tensor& self, int64_t k, IntArrayRef dims) {
  if (dims.size() != 2) {
    fail("rot90", fmt::format("expected total rotation dims == 2, but got dims = {}", dims.size()));
  }
  if (self.dim() < 2) fail("rot90", fmt::format("expected total dims >= 2, but got total dims = {}", self.dim()));
  const int64_t a = wrap_dim("rot90", dims[0], self.dim()), b = wrap_dim("rot90", dims[1], self.dim());
  if (a == b) {
    fail("rot90",
         fmt::format("expected rotation dims to be different, but got dim0 = {} and dim1 = {}", dims[0], dims[1]));
  }
  switch ((k % 4 + 4) % 4) {
    case 1:
      return graph::unviewed(flip(self, b).transpose(a, b));
    case 2:
      return flip(self, {a, b});
    case 3:
      return graph::unviewed(flip(self, a).transpose(a, b));
    default:
      return self.clone();
  }
}

Tensor tile(const Tensor& self, IntArrayRef dims) {
  Dims repeats = dims;
  while (repeats.size() < self.dim()) repeats.insert(0, 1);
  return self.repeat(repeats);
}

// ---- repeat_interleave ----

Tensor repeat_interleave(const Tensor& repeats, std::optional<int64_t> output_size) {
  constexpr const char* kName = "repeat_interleave";
  if (repeats.dim() != 1) {
    fail(kName, fmt::format("repeat_interleave only accept 1D vector as repeat; got {}", to_string(repeats.sizes())));
  }
  if (repeats.dtype() != kLong && repeats.dtype() != kInt) {
    fail_type(kName, fmt::format("repeats has to be Long or Int tensor; got {}", dtype_name(repeats.dtype())));
  }
  const Tensor counts = repeats.to(kLong).contiguous();
  const auto* count = counts.data_ptr<int64_t>();
  int64_t total = 0;
  for (int64_t i = 0; i < counts.numel(); ++i) {
    if (count[i] < 0) fail_value(kName, fmt::format("repeats can not be negative; got {}", count[i]));
    if (__builtin_add_overflow(total, count[i], &total)) fail_value(kName, "the repeats sum to more than int64 holds");
  }
  if (output_size && *output_size != total) {
    fail(kName, fmt::format("allocated size does not match required size: output_size is {}, the repeats sum to {}",
                            *output_size, total));
  }
  Tensor y = tensor_data::make(total, kLong);
  auto* to = y.data_ptr<int64_t>();
  for (int64_t i = 0; i < counts.numel(); ++i) to = std::fill_n(to, count[i], i);
  return y.to(repeats.dtype());
}

Tensor repeat_interleave(const Tensor& self, const Tensor& repeats, std::optional<int64_t> dim,
                         std::optional<int64_t> output_size) {
  constexpr const char* kName = "repeat_interleave";
  const bool flat = !dim || self.dim() == 0;
  if (dim) wrap_dim(kName, *dim, self.dim());
  const Tensor x = flat ? self.reshape({-1}) : self;
  const int64_t along = flat ? 0 : wrap_dim(kName, *dim, self.dim());
  Tensor counts = repeats;
  if (repeats.dim() == 0 || (repeats.dim() == 1 && repeats.size(0) == 1)) {
    counts = repeats.reshape({1}).expand(x.size(along));
  } else if (repeats.dim() != 1) {
    fail(kName, fmt::format("repeats must be 0-dim or 1-dim tensor; got {}", to_string(repeats.sizes())));
  } else if (repeats.size(0) != x.size(along)) {
    fail(kName, fmt::format("repeats must have the same size as input along dim; got {} for size {}", repeats.size(0),
                            x.size(along)));
  }
  return index_select(x, along, repeat_interleave(counts, output_size));
}
Tensor repeat_interleave(const Tensor& self, int64_t repeats, std::optional<int64_t> dim,
                         std::optional<int64_t> output_size) {
  return repeat_interleave(self, full({}, repeats), dim, output_size);
}

// ---- the table ----

RONDO_OP(
    stacks, .name = "concatenate, hstack, vstack, row_stack, dstack, column_stack, block_diag",
    .doc = "tensors put together along a dimension or a diagonal", .samples = [](ops::Samples& s) {
      s.add("concatenate", {s.real({2, 1}), s.real({2, 2})}, RONDO_SAMPLE(concatenate({in[0], in[1]}, 1)));
      s.add("hstack", {s.real({2, 3}), s.real({2, 1})}, RONDO_SAMPLE(hstack({in[0], in[1]})));
      s.add("hstack of vectors", {s.real({2}), s.real({})}, RONDO_SAMPLE(hstack({in[0], in[1]})));
      s.add("vstack", {s.real({2, 3}), s.real({3})}, RONDO_SAMPLE(vstack({in[0], in[1]})));
      s.add("row_stack", {s.real({3}), s.real({3})}, RONDO_SAMPLE(row_stack({in[0], in[1]})));
      s.add("dstack", {s.real({2, 3}), s.real({2, 3, 2})}, RONDO_SAMPLE(dstack({in[0], in[1]})));
      s.add("dstack of numbers", {s.real({}), s.real({})}, RONDO_SAMPLE(dstack({in[0], in[1]})));
      s.add("column_stack", {s.real({3}), s.real({3, 2})}, RONDO_SAMPLE(column_stack({in[0], in[1]})));
      s.add("block_diag", {s.real({2, 3}), s.real({2}), s.real({})}, RONDO_SAMPLE(block_diag({in[0], in[1], in[2]})));
      s.add("block_diag, strided", {s.real({2, 3}), s.real({1, 2})}, RONDO_SAMPLE(block_diag({in[0].t(), in[1]})));
      s.error("hstack of nothing", "expects a non-empty TensorList", [] { hstack(std::vector<Tensor>()); });
      s.error("vstack of nothing", "expects a non-empty TensorList", [] { vstack(std::vector<Tensor>()); });
      s.error("dstack of nothing", "expects a non-empty TensorList", [] { dstack(std::vector<Tensor>()); });
      s.error("column_stack of nothing", "expects a non-empty TensorList", [] { column_stack(std::vector<Tensor>()); });
      s.error("blocks of three dimensions", "Input tensors must have 2 or fewer dimensions. Input 1 has 3", [] {
        block_diag({zeros(2), zeros({1, 1, 1})});
      });
    })

RONDO_OP(
    choices, .name = "cartesian_prod, combinations", .doc = "all combinations of elements, one a row",
    .samples = [](ops::Samples& s) {
      s.add("product of two", {s.real({2}), s.real({3})}, RONDO_SAMPLE(cartesian_prod({in[0], in[1]})));
      s.add("product of one", {s.real({2})}, RONDO_SAMPLE(cartesian_prod({in[0]})));
      s.add("pairs", {s.real({4})}, RONDO_SAMPLE(combinations(in[0])));
      s.add("triples with replacement", {s.real({3})}, RONDO_SAMPLE(combinations(in[0], 3, true)));
      s.add("all", {s.real({3})}, RONDO_SAMPLE(combinations(in[0], 3)));
      s.add("too many", {s.real({2})}, RONDO_SAMPLE(combinations(in[0], 3)));
      s.add("none", {s.real({2})}, RONDO_SAMPLE(combinations(in[0], 0)));
      s.error("matrix", "Expect a 1D vector", [] { combinations(zeros({2, 2})); });
      s.error("product of a matrix", "Expect a 1D vector", [] { cartesian_prod({zeros({2, 2})}); });
      s.error("negative", "Expect a non-negative number", [] { combinations(zeros(2), -1); });
    })

RONDO_OP(
    roll, .name = "roll, fliplr, flipud, rot90", .doc = "elements moved around, reversed, turned",
    .samples = [](ops::Samples& s) {
      s.add("roll", {s.real({5})}, RONDO_SAMPLE(roll(in[0], 2, int64_t{0})));
      s.add("roll all", {s.real({2, 3})}, RONDO_SAMPLE(roll(in[0], -1)));
      s.add("roll two", {s.real({3, 4})}, RONDO_SAMPLE(roll(in[0], {4, -1}, {0, -1})));
      s.add("roll by nothing", {s.real({3})}, RONDO_SAMPLE(roll(in[0], 3, int64_t{0})));
      s.add("roll, strided", {s.real({3, 4})}, RONDO_SAMPLE(in[0].t().roll(1, int64_t{0})));
      s.add("roll nothing", {s.real({0, 2})}, RONDO_SAMPLE(roll(in[0], 1, int64_t{0})));
      s.add("roll a number", {s.real({})}, RONDO_SAMPLE(roll(in[0], 1)));
      s.add("fliplr", {s.real({2, 3})}, RONDO_SAMPLE(fliplr(in[0])));
      s.add("flipud", {s.real({3, 2})}, RONDO_SAMPLE(flipud(in[0])));
      s.add("rot90", {s.real({2, 3})}, RONDO_SAMPLE(rot90(in[0])));
      s.add("rot90 twice", {s.real({2, 3})}, RONDO_SAMPLE(rot90(in[0], 2)));
      s.add("rot90 back", {s.real({2, 3, 2})}, RONDO_SAMPLE(rot90(in[0], -1, {2, 0})));
      s.add("rot90 by nothing", {s.real({2, 3})}, RONDO_SAMPLE(in[0].rot90(4)));
      s.error("no shifts", "`shifts` required", [] { roll(zeros(2), {}); });
      s.error("shifts and dims", "shifts and dimensions must align", [] { roll(zeros({2, 2}), {1, 2}, int64_t{0}); });
      s.error("no such dimension", "roll: ", [] { roll(zeros(2), 1, 1); });
      s.error("fliplr of a vector", "Input must be >= 2-d", [] { fliplr(zeros(2)); });
      s.error("flipud of a number", "Input must be >= 1-d", [] { flipud(zeros({})); });
      s.error("rot90 of a vector", "expected total dims >= 2", [] { rot90(zeros(2)); });
      s.error("rot90 in one dimension", "expected rotation dims to be different", [] {
        rot90(zeros({2, 2}), 1, {0, -2});
      });
      s.error("rot90 in three dimensions", "expected total rotation dims == 2", [] {
        rot90(zeros({2, 2}), 1, {0, 1, 0});
      });
    })

RONDO_OP(
    tile, .name = "tile, repeat_interleave", .doc = "repeated side by side, or each slice by itself",
    .samples = [](ops::Samples& s) {
      s.add("tile", {s.real({2, 3})}, RONDO_SAMPLE(tile(in[0], {2})));
      s.add("tile to more", {s.real({2})}, RONDO_SAMPLE(in[0].tile({2, 1, 3})));
      s.add("tile no times", {s.real({2, 2})}, RONDO_SAMPLE(tile(in[0], {0, 1})));
      s.add("all twice", {s.real({2, 3})}, RONDO_SAMPLE(repeat_interleave(in[0], 2)));
      s.add("rows twice", {s.real({2, 3})}, RONDO_SAMPLE(in[0].repeat_interleave(2, 0)));
      s.add("each", {s.real({2, 3})}, RONDO_SAMPLE(repeat_interleave(in[0], tensor({2, 0, 3}), 1)));
      s.add("strided", {s.real({2, 3})}, RONDO_SAMPLE(repeat_interleave(in[0].t(), tensor(2), 1)));
      s.add("a number", {s.real({})}, RONDO_SAMPLE(repeat_interleave(in[0], 3, 0)));
      s.add("of a known size", {s.real({2})}, RONDO_SAMPLE(repeat_interleave(in[0], tensor({2, 1}), 0, 3)));
      s.add("places", {s.index({3}, 3)}, RONDO_SAMPLE(repeat_interleave(in[0])));
      s.error("negative", "repeats can not be negative", [] { repeat_interleave(zeros(2), -1); });
      s.error("count", "repeats must have the same size as input along dim", [] {
        repeat_interleave(zeros(3), tensor({1, 2}));
      });
      s.error("matrix", "repeats must be 0-dim or 1-dim", [] { repeat_interleave(zeros(3), ones({1, 3}, kLong)); });
      s.error("matrix of places", "only accept 1D vector", [] { repeat_interleave(ones({1, 3}, kLong)); });
      s.error("real", "repeats has to be Long or Int tensor", [] { repeat_interleave(zeros(2), ones(2)); });
      s.error("size", "allocated size does not match", [] { repeat_interleave(zeros(2), 2, 0, 3); });
      s.error("no such dimension", "repeat_interleave: ", [] { repeat_interleave(zeros(2), 2, 1); });
    })

}  // namespace rondo
