// Slices by a list of indices: index_select, index_add, embedding, one_hot.
#include <rondo/autograd/kernels/strided.h>
#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/index_parts.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/ops/sorting.h>

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace rondo {
namespace {

// ---- index_select ----

// Zeros of the given sizes with the slices of `x` added at the index: what index_select's derivative is.
Tensor spread_slices(IntArrayRef sizes, int64_t dim, const Tensor& index, const Tensor& x, bool differentiable) {
  Tensor whole = zeros(sizes, x.dtype());
  if (differentiable) return index_add(whole, dim, index, x);
  ops::add_slices(whole, x, dim, index);
  return whole;
}

struct IndexSelectBackward final : ops::Rule {
  std::string name() const override { return "IndexSelectBackward0"; }
  void backward(ops::Backward& step) override {
    step[0] = spread_slices(sizes, dim, index.peek(*this), step.gy(), step.create_graph());
  }
  void release_variables() override { release(index); }
  Dims sizes;
  int64_t dim = 0;
  ops::Saved index;
};

// ---- index_add ----

struct IndexAddBackward final : ops::Rule {
  std::string name() const override { return "IndexAddBackward0"; }
  void backward(ops::Backward& step) override {
    if (step.wants(0)) step[0] = step.gy();
    if (!step.wants(1)) return;
    Tensor g = index_select(step.gy(), dim, index.peek(*this));
    if (!alpha.equal(1)) g = g * alpha;
    step[1] = g.reshape(source_sizes);
  }
  void release_variables() override { release(index); }
  Dims source_sizes;
  int64_t dim = 0;
  Scalar alpha;
  ops::Saved index;
};

// The checks of index_add; gives the wrapped dimension.
int64_t check_index_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source) {
  constexpr const char* kName = "index_add_";
  dim = wrap_dim(kName, dim, self.dim());
  if (index.dim() > 1) {
    fail_index(kName, fmt::format("Index is supposed to be a vector, but got dim: {} with type: {} and size: {}",
                                  index.dim(), toString(index.dtype()), to_string(index.sizes())));
  }
  if (self.dtype() != source.dtype()) {
    fail_type(kName, fmt::format("self ({}) and source ({}) must have the same scalar type", toString(self.dtype()),
                                 toString(source.dtype())));
  }
  const ops::AtLeastOne to(self), from(source);
  const bool same_rank = to.sizes.size() == from.sizes.size();
  if (same_rank && index.numel() != from.sizes[dim]) {
    fail_index(kName, fmt::format("Number of indices ({}) should be equal to source.size(dim): ({}), for dim: {}",
                                  index.numel(), from.sizes[dim], dim));
  }
  Dims expected = to.sizes;
  expected[dim] = index.numel();
  if (!(expected == from.sizes)) {
    fail(kName,
         fmt::format("source has shape {}; need {}: self's {} with as many slices at dim {} as there are indices",
                     to_string(source.sizes()), to_string(expected), to_string(self.sizes()), dim));
  }
  return dim;
}

// self += alpha * source at the index, on memory alone.
void add_at(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, Scalar alpha) {
  ops::check_range("index_add_", index, dim, ops::AtLeastOne(self).sizes[dim]);
  NoGradGuard guard;
  const Tensor values = ops::apart_from(self, source), places = ops::apart_from(self, index);
  if (alpha.equal(1)) return ops::add_slices(self, values, dim, places);
  // Beside integers the number is cut to one, as in libtorch.
  const bool cut = !is_floating_point(self.dtype()) && alpha.isFloatingPoint();
  const Tensor scaled = values * (cut ? Scalar(static_cast<int64_t>(alpha.toDouble())) : alpha);
  ops::add_slices(self, scaled.to(self.dtype()), dim, places);
}

base::Ref<IndexAddBackward> index_add_node(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source,
                                           Scalar alpha) {
  auto node = base::Ref<IndexAddBackward>(new IndexAddBackward);
  node->add_edge(self);
  node->add_edge(source);
  node->source_sizes = source.sizes();
  node->dim = dim;
  node->alpha = alpha;
  if (node->wants(1)) node->index.save_input(index);
  return node;
}

// ---- embedding ----

struct EmbeddingBackward final : ops::Rule {
  std::string name() const override { return "EmbeddingBackward0"; }
  void backward(ops::Backward& step) override {
    Tensor rows = indices.peek(*this).reshape({-1});
    Tensor g = step.gy().reshape({rows.numel(), width});
    if (scale_grad_by_freq) g = g / occurrences(rows).to(g.dtype()).unsqueeze(1);
    if (padding_idx >= 0) {
      // Left out rather than multiplied by 0, so that an infinite gradient does not become NaN.
      const Tensor kept = nonzero(rows != Scalar(padding_idx)).reshape({-1});
      if (kept.numel() != rows.numel()) {
        g = index_select(g, 0, kept);
        rows = index_select(rows, 0, kept);
      }
    }
    step[0] = spread_slices({vocabulary, width}, 0, rows, g, step.create_graph());
  }
  void release_variables() override { release(indices); }

  // How often each row's index is in the list.
  Tensor occurrences(const Tensor& rows) const {
    Tensor counts = zeros(vocabulary, kLong);
    ops::add_slices(counts, ones_like(rows), 0, rows);
    return index_select(counts, 0, rows);
  }

  int64_t vocabulary = 0, width = 0, padding_idx = -1;
  bool scale_grad_by_freq = false;
  ops::Saved indices;
};

}  // namespace

Tensor index_select(const Tensor& self, int64_t dim, const Tensor& index) {
  dim = wrap_dim("index_select", dim, self.dim());
  if (index.dim() > 1) {
    fail_index("index_select", fmt::format("Index is supposed to be a vector, got shape {}", to_string(index.sizes())));
  }
  const Tensor numbers = ops::index_numbers("index_select", index);
  const ops::AtLeastOne from(self);
  ops::check_range("index_select", numbers, dim, from.sizes[dim]);
  Dims sizes(self.sizes());
  if (!sizes.empty()) {
    sizes[dim] = numbers.numel();
  } else if (numbers.numel() != 1) {
    fail_index("index_select", fmt::format("a 0-dim tensor takes one index, got {}", numbers.numel()));
  }
  Tensor y = tensor_data::make(sizes, self.dtype());
  ops::take_slices(y, self, dim, numbers);
  if (auto* node = ops::record<IndexSelectBackward>(y, self)) {
    node->sizes = self.sizes();
    node->dim = dim;
    node->index.save_input(numbers);
  }
  return y;
}

Tensor index_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, Scalar alpha) {
  dim = check_index_add(self, dim, index, source);
  const Tensor numbers = ops::index_numbers("index_add", index);
  Tensor y;
  {
    NoGradGuard guard;
    y = self.clone();
  }
  add_at(y, dim, numbers, source, alpha);
  if (ops::recording(self, source)) graph::set_grad_fn(y, index_add_node(self, dim, numbers, source, alpha), 0);
  return y;
}

Tensor& Tensor::index_add_(int64_t dim, const Tensor& index, const Tensor& source, Scalar alpha) const {
  dim = check_index_add(*this, dim, index, source);
  const Tensor numbers = ops::index_numbers("index_add_", index);
  const bool recorded = ops::start_change("index_add_", *this, source);
  base::Ref<IndexAddBackward> node;
  if (recorded) node = index_add_node(*this, dim, numbers, source, alpha);
  add_at(*this, dim, numbers, source, alpha);
  ops::end_change(*this);
  if (recorded) graph::rebase_history(*this, std::move(node));
  return const_cast<Tensor&>(*this);
}

Tensor embedding(const Tensor& weight, const Tensor& indices, int64_t padding_idx, bool scale_grad_by_freq,
                 bool /*sparse*/) {
  if (weight.dim() != 2) fail("embedding", fmt::format("'weight' must be 2-D, got {}", to_string(weight.sizes())));
  if (indices.dtype() != kLong && indices.dtype() != kInt) {
    fail_type("embedding", fmt::format("Expected tensor for argument #1 'indices' to have one of the following scalar "
                                       "types: Long, Int; but got {} instead",
                                       indices.toString()));
  }
  const Tensor numbers = ops::index_numbers("embedding", indices);
  ops::check_range("embedding", numbers, 0, weight.size(0));
  Dims sizes(indices.sizes());
  sizes.push_back(weight.size(1));
  Tensor y = tensor_data::make(sizes, weight.dtype());
  // As a list of rows, whatever the shape of the indices.
  const Tensor rows = tensor_data::window(y, {numbers.numel(), weight.size(1)}, {weight.size(1), 1}, 0);
  ops::take_slices(rows, weight, 0, numbers);
  if (auto* node = ops::record<EmbeddingBackward>(y, weight)) {
    node->vocabulary = weight.size(0);
    node->width = weight.size(1);
    node->padding_idx = padding_idx;
    node->scale_grad_by_freq = scale_grad_by_freq;
    node->indices.save_input(numbers);
  }
  return y;
}

Tensor one_hot(const Tensor& self, int64_t num_classes) {
  if (self.dtype() != kLong) {
    fail_type("one_hot",
              fmt::format("one_hot is only applicable to index tensor. Got {}; need int64", dtype_name(self.dtype())));
  }
  const Tensor classes = self.contiguous();
  const auto* first = classes.data_ptr<int64_t>();
  const auto* last = first + classes.numel();
  if (first == last && num_classes <= 0) {
    fail_value("one_hot", "Can not infer total number of classes from empty tensor.");
  }
  if (first != last) {
    const auto [least, most] = std::minmax_element(first, last);
    if (*least < 0) fail_value("one_hot", fmt::format("Class values must be non-negative. Got {}", *least));
    if (num_classes == -1) num_classes = *most + 1;
    if (*most >= num_classes) {
      fail_value("one_hot",
                 fmt::format("Class values must be smaller than num_classes. Got {} of {}", *most, num_classes));
    }
  }
  Dims sizes(self.sizes());
  sizes.push_back(num_classes);
  Tensor y = zeros(sizes, kLong);
  auto* row = y.data_ptr<int64_t>();
  for (; first != last; ++first, row += num_classes) row[*first] = 1;
  return y;
}

Tensor& embedding_renorm_(Tensor& self, const Tensor& indices, double max_norm, double norm_type) {
  if (self.dim() != 2) fail("embedding_renorm_", fmt::format("'self' must be 2-D, got {}", to_string(self.sizes())));
  NoGradGuard guard;
  const Tensor numbers = ops::index_numbers("embedding_renorm_", indices).reshape({-1});
  ops::check_range("embedding_renorm_", numbers, 0, self.size(0));
  if (numbers.numel() == 0) return self;
  const Tensor rows = std::get<0>(_unique(numbers));
  const Tensor lines = index_select(self, 0, rows);
  const Tensor norms = lines.norm(norm_type, int64_t{1}, true);
  const Tensor limited = where(norms > max_norm, lines * (Scalar(max_norm) / (norms + 1e-7)), lines);
  return self.index_copy_(0, rows, limited);
}
Tensor embedding_renorm(const Tensor& self, const Tensor& indices, double max_norm, double norm_type) {
  Tensor y = self.detach().clone();
  return embedding_renorm_(y, indices, max_norm, norm_type);
}

RONDO_OP(
    embedding_renorm, .name = "embedding_renorm, embedding_renorm_", .doc = "rows scaled down to a largest norm",
    .differentiable = false, .samples = [](ops::Samples& s) {
      s.add("rows", {s.real({4, 3}), s.index({5}, 4)}, RONDO_SAMPLE(embedding_renorm(in[0], in[1], 1.5, 2)));
      s.add("none", {s.real({4, 3}), s.index({0}, 4)}, RONDO_SAMPLE(embedding_renorm(in[0], in[1], 1, 1)));
      s.error("weight", "must be 2-D", [] { embedding_renorm(ones(3), full({1}, 0), 1, 2); });
      s.error("index outside", "index 5 is out of bounds", [] { embedding_renorm(ones({3, 2}), full({1}, 5), 1, 2); });
    })

RONDO_OP(
    index_select, .name = "index_select", .doc = "y[.., i, ..] = x[.., index[i], ..]", .samples = [](ops::Samples& s) {
      s.add("rows", {s.real({3, 4}), s.index({5}, 3)}, RONDO_SAMPLE(index_select(in[0], 0, in[1])));
      s.add("columns", {s.real({3, 4}), s.index({2}, 4)}, RONDO_SAMPLE(index_select(in[0], -1, in[1])));
      s.add("middle", {s.real({2, 3, 2}), s.index({4}, 3)}, RONDO_SAMPLE(index_select(in[0], 1, in[1])));
      s.add("transposed", {s.real({3, 4}), s.index({2}, 4)}, RONDO_SAMPLE(index_select(in[0].t(), 0, in[1])));
      s.add("one index", {s.real({3, 2}), s.index({}, 3)}, RONDO_SAMPLE(index_select(in[0], 0, in[1])));
      s.add("no index", {s.real({3, 2}), s.index({0}, 3)}, RONDO_SAMPLE(index_select(in[0], 0, in[1])));
      s.add("0-dim", {s.real({}), s.index({1}, 1)}, RONDO_SAMPLE(index_select(in[0], 0, in[1])));
      s.error("index outside", "index 3 is out of bounds for dimension 0 with size 3", [] {
        index_select(ones({3, 2}), 0, full({1}, 3));
      });
      s.error("negative index", "index out of range in self", [] { index_select(ones({3, 2}), 0, full({1}, -1)); });
      s.error("matrix of indices", "supposed to be a vector", [] { index_select(ones(3), 0, full({1, 1}, 0)); });
      s.error("real index", "Expected dtype int32 or int64", [] { index_select(ones(3), 0, ones(1)); });
    })

RONDO_OP(
    index_add, .name = "index_add", .doc = "self, with alpha * source[.., i, ..] added at [.., index[i], ..]",
    .samples = [](ops::Samples& s) {
      s.add("rows", {s.real({3, 2}), s.index({4}, 3), s.real({4, 2})}, RONDO_SAMPLE(index_add(in[0], 0, in[1], in[2])));
      s.add("columns, alpha", {s.real({2, 3}), s.index({2}, 3), s.real({2, 2})},
            RONDO_SAMPLE(index_add(in[0], 1, in[1], in[2], 2.5)));
      s.add("in place", {s.real({3, 2}), s.index({2}, 3), s.real({2, 2})},
            RONDO_SAMPLE((in[0] * 2).index_add_(0, in[1], in[2], -1)));
      s.add("0-dim", {s.real({}), s.index({1}, 1), s.real({})}, RONDO_SAMPLE(index_add(in[0], 0, in[1], in[2])));
      s.error("count", "Number of indices (1) should be equal to source.size(dim): (2)", [] {
        index_add(ones({3, 2}), 0, full({1}, 0), ones({2, 2}));
      });
      s.error("shape", "source has shape (1, 4)", [] { index_add(ones({3, 2}), 0, full({1}, 0), ones({1, 4})); });
      s.error("dtype", "must have the same scalar type",
              [] { index_add(ones({3}), 0, full({1}, 0), ones({1}, kDouble)); });
      s.error("index outside", "index 7 is out of bounds for dimension 0 with size 3",
              [] { index_add(ones({3}), 0, full({1}, 7), ones({1})); });
    })

RONDO_OP(
    embedding, .name = "embedding", .doc = "rows of weight by index", .samples = [](ops::Samples& s) {
      s.add("list", {s.real({5, 3}), s.index({4}, 5)}, RONDO_SAMPLE(embedding(in[0], in[1])));
      s.add("matrix", {s.real({3, 2}), s.index({2, 3}, 3)}, RONDO_SAMPLE(embedding(in[0], in[1])));
      s.add("one", {s.real({3, 2}), s.index({}, 3)}, RONDO_SAMPLE(embedding(in[0], in[1])));
      s.add("none", {s.real({3, 2}), s.index({0}, 3)}, RONDO_SAMPLE(embedding(in[0], in[1])));
      s.error("index outside", "index 5 is out of bounds for dimension 0 with size 3", [] {
        embedding(ones({3, 2}), full({1}, 5));
      });
      s.error("weight", "'weight' must be 2-D", [] { embedding(ones(3), full({1}, 0)); });
      s.error("dtype", "Long, Int; but got CPUFloatType", [] { embedding(ones({3, 2}), ones(1)); });
    })

RONDO_OP(
    one_hot, .name = "one_hot", .doc = "1 at each class, 0 elsewhere", .differentiable = false,
    .samples = [](ops::Samples& s) {
      s.error("negative", "must be non-negative", [] { one_hot(full({1}, -1)); });
      s.error("too few classes", "must be smaller than num_classes", [] { one_hot(full({1}, 3), 3); });
      s.error("empty", "Can not infer total number of classes", [] { one_hot(empty(0, kLong)); });
      s.error("real", "only applicable to index tensor", [] { one_hot(ones(2)); });
    })

}  // namespace rondo
