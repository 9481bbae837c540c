// Views: other shapes and strides on the same memory. Each is a window that knows its base, and a rule.
#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/op.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/view.h>
#include <rondo/autograd/tensor/factory.h>
#include <rondo/autograd/tensor/factory_parts.h>

#include <fmt/format.h>

#include <algorithm>

namespace rondo {
namespace {

using ops::Backward;
using ops::Rule;

// A view of `self` with these sizes and strides, `offset` elements behind its first.
Tensor make_view(const Tensor& self, IntArrayRef sizes, IntArrayRef strides, int64_t offset = 0,
                 graph::CreationMeta creation = graph::CreationMeta::DEFAULT) {
  Tensor y = tensor_data::window(self, sizes, strides, offset);
  graph::mark_view(y, self, creation);
  return y;
}

struct ReshapeBackward final : Rule {
  std::string name() const override { return label; }
  void backward(Backward& step) override {
    // Not a view, which would hold on to its base: whoever takes this gradient may keep its memory.
    const bool plain = !step.create_graph() && step.gy().is_contiguous();
    step[0] = plain ? tensor_data::window(step.gy(), sizes, contiguous_strides(sizes), 0) : step.gy().reshape(sizes);
  }
  Dims sizes;
  const char* label = "ViewBackward0";
};
struct ExpandBackward final : Rule {
  std::string name() const override { return "ExpandBackward0"; }
  void backward(Backward& step) override { step[0] = step.gy(); }  // the engine sums to the input's shape
};
struct PermuteBackward final : Rule {
  std::string name() const override { return label; }
  void backward(Backward& step) override { step[0] = step.gy().permute(inverse); }
  Dims inverse;
  const char* label = "PermuteBackward0";
};

// Zeros of `sizes` with `x` in the slices start, start + stride, ... of `dim`.
Tensor embed_slice(const Tensor& x, IntArrayRef sizes, int64_t dim, int64_t start, int64_t stride);

struct EmbedBackward final : Rule {
  std::string name() const override { return "SliceBackwardBackward0"; }
  void backward(Backward& step) override {
    step[0] = step.gy().slice(dim, start, start + (count - 1) * stride + 1, stride);
  }
  int64_t dim, start, stride, count;
};
Tensor slices_of(const Tensor& y, IntArrayRef sizes, int64_t dim, int64_t start, int64_t stride) {
  Dims strides = y.impl().strides;
  const int64_t offset = start * strides[dim];
  strides[dim] *= stride;
  return tensor_data::window(y, sizes, strides, offset);
}
Tensor embed_slice(const Tensor& x, IntArrayRef sizes, int64_t dim, int64_t start, int64_t stride) {
  Tensor y = zeros(sizes, x.dtype());
  if (x.numel() > 0) {
    NoGradGuard guard;
    slices_of(y, x.sizes(), dim, start, stride).copy_(x);
  }
  if (auto* node = ops::record<EmbedBackward>(y, x)) {
    node->dim = dim;
    node->start = start;
    node->stride = stride;
    node->count = x.size(dim);
  }
  return y;
}

struct SliceBackward final : Rule {
  std::string name() const override { return selects ? "SelectBackward0" : "SliceBackward0"; }
  void backward(Backward& step) override {
    const Tensor gy = selects ? step.gy().unsqueeze(dim) : step.gy();
    // Many slices of one tensor add to one gradient: n of them cost as much as the tensor, not n times as much.
    if (Tensor* sum = step.waiting_sum(0)) {
      if (gy.numel() > 0) slices_of(*sum, gy.sizes(), dim, start, stride).add_(gy);
    } else {
      step[0] = embed_slice(gy, sizes, dim, start, stride);
    }
  }
  Dims sizes;
  int64_t dim = 0, start = 0, stride = 1;
  bool selects = false;
};

struct AsStridedBackward final : Rule {
  std::string name() const override { return "AsStridedBackward0"; }
  void backward(Backward& step) override {
    // The gradient of each place in memory, then what the input sees of it; places that the input sees several times
    // share theirs.
    if (step.gy().numel() == 0) {
      step[0] = zeros(in_sizes, step.gy().dtype());
      return;
    }
    const int64_t base = std::min(in_offset, out_offset);
    const int64_t size = std::max(in_offset + tensor_data::storage_extent(in_sizes, in_strides),
                                  out_offset + tensor_data::storage_extent(out_sizes, out_strides)) -
                         base;
    const Tensor places = arange(size);
    const Tensor out_places = places.as_strided(out_sizes, out_strides, out_offset - base).reshape({-1});
    const Tensor in_places = places.as_strided(in_sizes, in_strides, in_offset - base).reshape({-1});
    Tensor memory = zeros({size}, step.gy().dtype()).index_add(0, out_places, step.gy().reshape({-1}));
    if (!is_contiguous(in_sizes, in_strides)) {
      const Tensor seen =
          zeros({size}, step.gy().dtype()).index_add(0, in_places, ones({in_places.numel()}, step.gy().dtype()));
      memory = memory / seen.clamp_min(1);
    }
    step[0] = memory.index_select(0, in_places).reshape(in_sizes);
  }
  Dims in_sizes, in_strides, out_sizes, out_strides;
  int64_t in_offset = 0, out_offset = 0;
};

struct DiagonalBackward final : Rule {
  std::string name() const override { return "DiagonalBackward0"; }
  void backward(Backward& step) override {
    Tensor whole = zeros(sizes, step.gy().dtype());
    whole.diagonal(offset, dim1, dim2).copy_(step.gy());
    step[0] = whole;
  }
  Dims sizes;
  int64_t offset = 0, dim1 = 0, dim2 = 1;
};

// Shape with its one -1 filled in. Throws where the number of elements differs.
Dims fill_shape(const char* operation, IntArrayRef wanted, int64_t numel) {
  Dims sizes = wanted;
  int64_t open = -1;
  for (int32_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] == -1) {
      if (open >= 0) fail(operation, fmt::format("only one dimension can be inferred; got {}", to_string(wanted)));
      open = i;
      sizes[i] = 1;
    } else if (sizes[i] < 0) {
      fail(operation, fmt::format("invalid shape dimension {} in {}", sizes[i], to_string(wanted)));
    }
  }
  const int64_t known = count_elements(sizes);
  if (open >= 0) {
    if (known == 0) {
      fail(operation,
           fmt::format("cannot reshape tensor of {} elements into shape {} because the unspecified dimension size "
                       "-1 can be any value and is ambiguous",
                       numel, to_string(wanted)));
    }
    sizes[open] = numel / known;
  }
  if (open >= 0 ? numel % known != 0 : known != numel) {
    fail(operation, fmt::format("shape '{}' is invalid for input of size {}", to_string(wanted), numel));
  }
  return sizes;
}

// The strides of a view with other sizes, where one exists.
std::optional<Dims> view_strides(const TensorImpl& impl, IntArrayRef sizes) {
  if (impl.contiguous) return contiguous_strides(sizes);
  Dims strides(static_cast<int32_t>(sizes.size()), 1);
  int32_t to = strides.size() - 1;
  int64_t base = impl.sizes.empty() ? 1 : impl.strides.back(), old_count = 1, new_count = 1;
  for (int32_t from = impl.sizes.size() - 1; from >= 0; --from) {
    old_count *= impl.sizes[from];
    const bool ends = from == 0 || (impl.sizes[from - 1] != 1 && impl.strides[from - 1] != old_count * base);
    if (!ends) continue;
    while (to >= 0 && (new_count < old_count || sizes[static_cast<size_t>(to)] == 1)) {
      strides[to] = new_count * base;
      new_count *= sizes[static_cast<size_t>(to--)];
    }
    if (new_count != old_count) return std::nullopt;
    if (from > 0) {
      base = impl.strides[from - 1];
      old_count = new_count = 1;
    }
  }
  return to == -1 ? std::optional<Dims>(std::move(strides)) : std::nullopt;
}

// `label`: the node's name.
Tensor view_as_shape(const Tensor& self, const Dims& sizes, const Dims& strides, const char* label = "ViewBackward0") {
  Tensor y = make_view(self, sizes, strides);
  if (auto* node = ops::record<ReshapeBackward>(y, self)) {
    node->sizes = self.sizes();
    node->label = label;
  }
  return y;
}

Tensor permuted(const Tensor& self, const Dims& order, const char* label = "PermuteBackward0") {
  const TensorImpl& x = self.impl();
  Dims sizes(order.size(), 0), strides(order.size(), 0);
  for (int32_t i = 0; i < order.size(); ++i) {
    sizes[i] = x.sizes[order[i]];
    strides[i] = x.strides[order[i]];
  }
  Tensor y = make_view(self, sizes, strides);
  if (auto* node = ops::record<PermuteBackward>(y, self)) {
    node->inverse = Dims(order.size(), 0);
    for (int32_t i = 0; i < order.size(); ++i) node->inverse[order[i]] = i;
    node->label = label;
  }
  return y;
}

}  // namespace

Tensor view(const Tensor& self, IntArrayRef wanted) {
  const Dims sizes = fill_shape("view", wanted, self.numel());
  const auto strides = view_strides(self.impl(), sizes);
  if (!strides) {
    fail("view",
         fmt::format("view size is not compatible with input tensor's size and stride (at least one dimension spans "
                     "across two contiguous subspaces): {} with strides {} as {}. Use .reshape(...) instead.",
                     to_string(self.sizes()), to_string(self.strides()), to_string(sizes)));
  }
  return view_as_shape(self, sizes, *strides);
}

Tensor reshape(const Tensor& self, IntArrayRef wanted) {
  const Dims sizes = fill_shape("reshape", wanted, self.numel());
  if (const auto strides = view_strides(self.impl(), sizes)) {
    return view_as_shape(self, sizes, *strides, "ReshapeAliasBackward0");
  }
  const Tensor dense = self.contiguous();
  return graph::unviewed(view_as_shape(dense, sizes, contiguous_strides(sizes), "UnsafeViewBackward0"));
}

Tensor flatten(const Tensor& self, int64_t start_dim, int64_t end_dim) {
  const int64_t start = wrap_dim("flatten", start_dim, self.dim()), end = wrap_dim("flatten", end_dim, self.dim());
  if (start > end) {
    fail("flatten", fmt::format("flatten() has invalid args: start_dim cannot come after end_dim; got {} and {}",
                                start_dim, end_dim));
  }
  if (self.dim() == 0) return self.reshape({1});
  if (start == end) return self;
  Dims sizes;
  int64_t merged = 1;
  for (int64_t i = 0; i < self.dim(); ++i) {
    if (i < start || i > end) {
      sizes.push_back(self.size(i));
    } else {
      merged *= self.size(i);
      if (i == end) sizes.push_back(merged);
    }
  }
  return reshape(self, sizes);
}

Tensor unflatten(const Tensor& self, int64_t dim, IntArrayRef parts) {
  dim = wrap_dim("unflatten", dim, self.dim());
  if (parts.empty()) fail("unflatten", "sizes must be non-empty");
  const Dims filled = fill_shape("unflatten", parts, self.size(dim));
  Dims sizes;
  for (int64_t i = 0; i < self.dim(); ++i) {
    if (i != dim) {
      sizes.push_back(self.size(i));
    } else {
      for (int64_t part : filled) sizes.push_back(part);
    }
  }
  return view(self, sizes);
}

Tensor transpose(const Tensor& self, int64_t dim0, int64_t dim1) {
  const int64_t a = wrap_dim("transpose", dim0, self.dim()), b = wrap_dim("transpose", dim1, self.dim());
  Dims order;
  for (int64_t i = 0; i < self.dim(); ++i) order.push_back(i == a ? b : i == b ? a : i);
  return permuted(self, order, "TransposeBackward0");
}

Tensor t(const Tensor& self) {
  if (self.dim() > 2) fail("t", fmt::format("expects a tensor with <= 2 dimensions, but self is {}D", self.dim()));
  return self.dim() < 2 ? alias(self) : permuted(self, {1, 0}, "TBackward0");
}

Tensor permute(const Tensor& self, IntArrayRef dims) {
  if (static_cast<int64_t>(dims.size()) != self.dim()) {
    fail("permute",
         fmt::format("number of dimensions in the tensor input does not match the length of the desired ordering of "
                     "dimensions i.e. input.dim() = {} is not equal to len(dims) = {}",
                     self.dim(), dims.size()));
  }
  Dims order, seen(static_cast<int32_t>(dims.size()), 0);
  for (int64_t dim : dims) {
    order.push_back(wrap_dim("permute", dim, self.dim()));
    if (seen[order.back()]++) fail("permute", fmt::format("duplicate dims are not allowed; got {}", to_string(dims)));
  }
  return permuted(self, order);
}

Tensor movedim(const Tensor& self, int64_t source, int64_t destination) {
  const int64_t from = wrap_dim("movedim", source, self.dim()), to = wrap_dim("movedim", destination, self.dim());
  Dims order;
  for (int64_t i = 0; i < self.dim(); ++i) {
    if (i != from) order.push_back(i);
  }
  if (self.dim() > 0) order.insert(static_cast<int32_t>(to), from);
  return permuted(self, order);
}

Tensor expand(const Tensor& self, IntArrayRef wanted) {
  const TensorImpl& x = self.impl();
  const auto ndim = static_cast<int32_t>(wanted.size());
  if (ndim < x.sizes.size()) {
    fail("expand",
         fmt::format("the number of sizes provided ({}) must be greater or equal to the number of dimensions in the "
                     "tensor ({}); got {} for {}",
                     ndim, x.sizes.size(), to_string(wanted), to_string(x.sizes)));
  }
  Dims sizes = wanted, strides(ndim, 0);
  const int32_t lead = ndim - x.sizes.size();
  for (int32_t i = 0; i < ndim; ++i) {
    const int64_t have = i < lead ? 1 : x.sizes[i - lead];
    if (sizes[i] == -1 && i >= lead) sizes[i] = have;
    if (sizes[i] < 0 || (have != 1 && sizes[i] != have)) {
      fail("expand",
           fmt::format("The expanded size of the tensor ({}) must match the existing size ({}) at non-singleton "
                       "dimension {}. Target sizes: {}. Tensor sizes: {}",
                       wanted[static_cast<size_t>(i)], have, i, to_string(wanted), to_string(x.sizes)));
    }
    if (i >= lead && sizes[i] == have) strides[i] = x.strides[i - lead];
  }
  Tensor y = make_view(self, sizes, strides);
  ops::record<ExpandBackward>(y, self);
  return y;
}
Tensor broadcast_to(const Tensor& self, IntArrayRef sizes) { return expand(self, sizes); }

std::vector<Tensor> broadcast_tensors(TensorList tensors) {
  Dims shape;
  for (const Tensor& tensor : tensors) shape = broadcast_shapes("broadcast_tensors", shape, tensor.sizes());
  std::vector<Tensor> results;
  for (const Tensor& tensor : tensors) {
    results.push_back(tensor.sizes() == IntArrayRef(shape) ? tensor : expand(tensor, shape));
  }
  return results;
}

Tensor select(const Tensor& self, int64_t dim, int64_t index) {
  if (self.dim() == 0)
    fail_index("select", "select() cannot be applied to a 0-dim tensor; invalid index of a 0-dim tensor");
  dim = wrap_dim("select", dim, self.dim());
  const TensorImpl& x = self.impl();
  const int64_t size = x.sizes[dim];
  if (index < -size || index >= size) {
    fail_index("select", fmt::format("index {} is out of bounds for dimension {} with size {}", index, dim, size));
  }
  if (index < 0) index += size;
  Dims sizes = x.sizes, strides = x.strides;
  const int64_t offset = index * strides[dim];
  sizes.erase(static_cast<int32_t>(dim));
  strides.erase(static_cast<int32_t>(dim));
  Tensor y = make_view(self, sizes, strides, offset);
  if (auto* node = ops::record<SliceBackward>(y, self)) {
    node->sizes = x.sizes;
    node->dim = dim;
    node->start = index;
    node->selects = true;
  }
  return y;
}

Tensor slice(const Tensor& self, int64_t dim, std::optional<int64_t> start, std::optional<int64_t> end, int64_t step) {
  if (self.dim() == 0) fail("slice", "slice() cannot be applied to a 0-dim tensor.");
  dim = wrap_dim("slice", dim, self.dim());
  if (step <= 0) fail_value("slice", fmt::format("slice step must be positive; got {}", step));
  const TensorImpl& x = self.impl();
  const int64_t size = x.sizes[dim];
  const auto inside = [size](int64_t place) { return std::clamp<int64_t>(place < 0 ? place + size : place, 0, size); };
  const int64_t first = inside(start.value_or(0)), last = std::max(first, inside(end.value_or(size)));
  Dims sizes = x.sizes, strides = x.strides;
  sizes[dim] = (last - first) / step + ((last - first) % step != 0);
  const int64_t offset = first * strides[dim];
  // A single place has no use for a stride that overflows.
  if (int64_t stride; !__builtin_mul_overflow(strides[dim], step, &stride)) strides[dim] = stride;
  Tensor y = make_view(self, sizes, strides, sizes[dim] == 0 ? 0 : offset);
  if (auto* node = ops::record<SliceBackward>(y, self)) {
    node->sizes = x.sizes;
    node->dim = dim;
    node->start = first;
    node->stride = step;
  }
  return y;
}

Tensor narrow(const Tensor& self, int64_t dim, int64_t start, int64_t length) {
  if (self.dim() == 0) fail("narrow", "narrow() cannot be applied to a 0-dim tensor.");
  const int64_t size = self.size(dim);
  if (length < 0) fail("narrow", fmt::format("narrow(): length must be non-negative; got {}", length));
  if (start < -size || start > size) {
    fail_index("narrow", fmt::format("start ({}) is out of range of dimension {} with size {}", start, dim, size));
  }
  if (start < 0) start += size;
  if (start > size - length) {
    fail("narrow", fmt::format("start ({}) + length ({}) exceeds dimension size ({}).", start, length, size));
  }
  return slice(self, dim, start, start + length, 1);
}

Tensor squeeze(const Tensor& self) {
  const TensorImpl& x = self.impl();
  Dims sizes, strides;
  for (int32_t i = 0; i < x.sizes.size(); ++i) {
    if (x.sizes[i] == 1) continue;
    sizes.push_back(x.sizes[i]);
    strides.push_back(x.strides[i]);
  }
  return view_as_shape(self, sizes, strides, "SqueezeBackward0");
}
Tensor squeeze(const Tensor& self, int64_t dim) {
  dim = wrap_dim("squeeze", dim, self.dim());
  const TensorImpl& x = self.impl();
  Dims sizes = x.sizes, strides = x.strides;
  if (self.dim() > 0 && sizes[dim] == 1) {
    sizes.erase(static_cast<int32_t>(dim));
    strides.erase(static_cast<int32_t>(dim));
  }
  return view_as_shape(self, sizes, strides, "SqueezeBackward1");
}
Tensor unsqueeze(const Tensor& self, int64_t dim) {
  dim = wrap_dim("unsqueeze", dim, self.dim() + 1);
  const TensorImpl& x = self.impl();
  Dims sizes = x.sizes, strides = x.strides;
  const int64_t stride = dim < self.dim() ? sizes[dim] * strides[dim] : 1;
  sizes.insert(static_cast<int32_t>(dim), 1);
  strides.insert(static_cast<int32_t>(dim), stride);
  return view_as_shape(self, sizes, strides, "UnsqueezeBackward0");
}

Tensor diagonal(const Tensor& self, int64_t offset, int64_t dim1, int64_t dim2) {
  const int64_t a = wrap_dim("diagonal", dim1, self.dim()), b = wrap_dim("diagonal", dim2, self.dim());
  if (a == b) fail("diagonal", fmt::format("diagonal dimensions cannot be identical {}, {}", dim1, dim2));
  const TensorImpl& x = self.impl();
  const int64_t rows = x.sizes[a], columns = x.sizes[b];
  const int64_t length =
      std::max<int64_t>(offset >= 0 ? std::min(rows, columns - offset) : std::min(rows + offset, columns), 0);
  const int64_t start = length == 0 ? 0 : offset >= 0 ? offset * x.strides[b] : -offset * x.strides[a];
  Dims sizes = x.sizes, strides = x.strides;
  const int64_t step = strides[a] + strides[b];
  for (int64_t gone : {std::max(a, b), std::min(a, b)}) {
    sizes.erase(static_cast<int32_t>(gone));
    strides.erase(static_cast<int32_t>(gone));
  }
  sizes.push_back(length);
  strides.push_back(step);
  Tensor y = make_view(self, sizes, strides, start);
  if (auto* node = ops::record<DiagonalBackward>(y, self)) {
    node->sizes = x.sizes;
    node->offset = offset;
    node->dim1 = a;
    node->dim2 = b;
  }
  return y;
}

Tensor as_strided(const Tensor& self, IntArrayRef sizes, IntArrayRef strides, std::optional<int64_t> offset) {
  const TensorImpl& x = self.impl();
  if (sizes.size() != strides.size()) {
    fail("as_strided",
         fmt::format("mismatch in length of strides and shape: {} and {}", to_string(strides), to_string(sizes)));
  }
  const int64_t start = offset.value_or(x.offset());
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] < 0 || strides[i] < 0) {
      fail("as_strided", fmt::format("negative sizes or strides are not supported; got {} and {}", to_string(sizes),
                                     to_string(strides)));
    }
  }
  const auto room = static_cast<int64_t>(x.storage->nbytes() / element_size(x.dtype));
  const int64_t extent = tensor_data::storage_extent(sizes, strides);
  if (start < 0 || (extent > 0 && start > room - extent)) {
    fail("as_strided",
         fmt::format("setStorage: sizes {}, strides {}, storage offset {} are out of bounds for storage of {} "
                     "elements",
                     to_string(sizes), to_string(strides), start, room));
  }
  Tensor y = make_view(self, sizes, strides, start - x.offset());
  if (auto* node = ops::record<AsStridedBackward>(y, self)) {
    node->in_sizes = x.sizes;
    node->in_strides = x.strides;
    node->in_offset = x.offset();
    node->out_sizes = sizes;
    node->out_strides = strides;
    node->out_offset = start;
  }
  return y;
}

Tensor alias(const Tensor& self) {
  Tensor y = make_view(self, self.sizes(), self.strides());
  ops::record<ExpandBackward>(y, self);
  return y;
}

RONDO_OP(
    views, .name = "views", .doc = "reshape, flatten, t, transpose, permute, movedim, expand, squeeze, unsqueeze",
    .samples = [](ops::Samples& s) {
      using In = ops::Samples::Inputs;
      s.add("reshape of a transpose", {s.real({2, 6})}, [](const In& in) { return in[0].t().reshape({4, 3}); });
      s.add("reshape of nothing", {s.real({0, 3})}, [](const In& in) { return in[0].reshape({3, 0}); });
      s.add("flatten", {s.real({2, 3, 2})}, [](const In& in) { return in[0].flatten(1); });
      s.add("unflatten", {s.real({2, 6})}, [](const In& in) { return in[0].unflatten(1, {2, 3}); });
      s.add("transpose", {s.real({2, 3, 2})}, [](const In& in) { return in[0].transpose(0, -1); });
      s.add("permute", {s.real({2, 3, 2})}, [](const In& in) { return in[0].permute({2, 0, 1}); });
      s.add("movedim", {s.real({2, 3, 2})}, [](const In& in) { return in[0].movedim(0, 2); });
      s.add("expand", {s.real({2, 1})}, [](const In& in) { return in[0].expand({3, -1, 4}); });
      s.add("expand a number", {s.real({})}, [](const In& in) { return in[0].expand({2, 2}); });
      s.add("squeeze", {s.real({2, 1, 3, 1})}, [](const In& in) { return in[0].squeeze(); });
      s.add("squeeze one", {s.real({2, 1, 3, 1})}, [](const In& in) { return in[0].squeeze(1); });
      s.add("unsqueeze", {s.real({2, 3})}, [](const In& in) { return in[0].unsqueeze(-1); });
      s.error("another number of elements", "invalid for input of size 6", [] { zeros({2, 3}).view({4}); });
      s.error("a view across a gap", "not compatible", [] { zeros({2, 3}).t().view({6}); });
      s.error("two open sizes", "only one dimension can be inferred", [] { zeros({2, 3}).view({-1, -1}); });
      s.error("a wrong dimension", "out of range", [] { zeros({2, 3}).transpose(0, 2); });
      s.error("a repeated dimension", "duplicate", [] { zeros({2, 3}).permute({0, 0}); });
      s.error("a size that cannot grow", "must match the existing size", [] { zeros({2, 3}).expand({2, 4}); });
    })
RONDO_OP(
    slices, .name = "slices", .doc = "select, slice, narrow, diagonal", .samples = [](ops::Samples& s) {
      using In = ops::Samples::Inputs;
      s.add("select", {s.real({2, 3})}, [](const In& in) { return in[0].select(1, -1); });
      s.add("[ ]", {s.real({2, 3})}, [](const In& in) { return in[0][1]; });
      s.add("slice with a step", {s.real({2, 5})}, [](const In& in) { return in[0].slice(1, 1, 5, 2); });
      s.add("narrow", {s.real({4, 2})}, [](const In& in) { return in[0].narrow(0, 1, 2); });
      s.add("nothing", {s.real({4, 2})}, [](const In& in) { return in[0].slice(0, 3, 1); });
      s.add("diagonal", {s.real({3, 4})}, [](const In& in) { return in[0].diagonal(1); });
      s.error("index out of range", "index 3 is out of bounds for dimension 1 with size 3", [] {
        zeros({2, 3}).select(1, 3);
      });
      s.error("0-dimensional", "0-dim", [] { zeros({})[0]; });
      s.error("narrow too far", "exceeds dimension size (3)", [] { zeros({2, 3}).narrow(1, 2, 2); });
      s.error("a step of 0", "step must be positive", [] { zeros({3}).slice(0, 0, 3, 0); });
      s.error("memory behind the storage", "out of bounds for storage", [] { zeros({3}).as_strided({4}, {1}); });
    })

RONDO_OP(
    view, .name = "view, as_strided", .doc = "views whose sizes and strides are given", .any_layout = false,
    .samples = [](ops::Samples& s) {
      using In = ops::Samples::Inputs;
      s.add("view", {s.real({2, 6})}, [](const In& in) { return in[0].view({3, -1}); });
      s.add("overlapping windows", {s.real({5})}, [](const In& in) { return in[0].as_strided({3, 3}, {1, 1}, 0); });
      s.add("every other", {s.real({2, 3})}, [](const In& in) { return in[0].as_strided({3}, {2}, 1); });
    })

}  // namespace rondo
