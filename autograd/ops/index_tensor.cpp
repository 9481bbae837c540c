// NumPy's indexing. Integers, slices, None and "..." give views; then tensors and bools, where there are any, select
// from the view.
#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/index_parts.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/ops/selection.h>

#include <fmt/format.h>

namespace rondo {
namespace {

using indexing::TensorIndex;
using ops::Selection;

bool is_mask(const Tensor& tensor) { return tensor.dtype() == kBool || tensor.dtype() == kByte; }

// The view that a list of indices leaves, and for each of its dimensions the int64 tensor that indexes it, if any.
class Resolver {
 public:
  Resolver(const char* operation, const Tensor& self, ArrayRef<TensorIndex> indices)
      : view(self), operation_(operation), self_(self) {
    for (int64_t d = 0; d < self.dim(); ++d) origin.push_back(d);
    int64_t specified = 0;
    for (const TensorIndex& index : indices) specified += consumed(index);
    if (specified > self.dim()) {
      fail_index(operation, fmt::format("too many indices for tensor of dimension {}: got {}", self.dim(), specified));
    }
    skipped_ = self.dim() - specified;
    for (const TensorIndex& index : indices) apply(index);
  }

  bool selects() const { return !tensors.empty(); }

  Tensor view;
  std::vector<Tensor> tensors;
  Dims origin;  // self's dimension that each of the view's comes from

 private:
  // How many dimensions of self an index takes.
  static int64_t consumed(const TensorIndex& index) {
    if (index.is_integer() || index.is_slice()) return 1;
    if (!index.is_tensor()) return 0;
    return index.tensor().defined() && is_mask(index.tensor()) ? index.tensor().dim() : 1;
  }

  void apply(const TensorIndex& index) {
    if (index.is_integer()) {
      select(index.integer());
    } else if (index.is_slice()) {
      const indexing::Slice& slice = index.slice();
      if (slice.step() < 0) {
        fail_value(operation_,
                   fmt::format("step must be greater than zero, got {} at dimension {}", slice.step(), origin[dim_]));
      }
      const bool whole = slice.start() == 0 && slice.stop() == indexing::INDEX_MAX && slice.step() == 1;
      if (!whole) view = view.slice(dim_, slice.start(), slice.stop(), slice.step());
      ++dim_;
    } else if (index.is_ellipsis()) {
      dim_ += std::exchange(skipped_, 0);
    } else if (index.is_none()) {
      insert();
      ++dim_;
    } else if (index.is_boolean()) {
      boolean(index.boolean());
    } else {
      tensor(index.tensor());
    }
  }

  void insert() {
    view = view.unsqueeze(dim_);
    origin.insert(static_cast<int32_t>(dim_), dim_);
  }

  void select(int64_t index) {
    const int64_t size = view.size(dim_);
    if (index < -size || index >= size) {
      fail_index(operation_,
                 fmt::format("index {} is out of bounds for dimension {} with size {}", index, origin[dim_], size));
    }
    view = view.select(dim_, index);
    origin.erase(static_cast<int32_t>(dim_));
  }

  void add_tensor(Tensor index) {
    tensors.resize(static_cast<size_t>(dim_));
    tensors.push_back(std::move(index));
    ++dim_;
  }

  void boolean(bool value) {
    insert();
    add_tensor(zeros(value ? 1 : 0, kLong));
  }

  void tensor(const Tensor& index) {
    if (!index.defined()) {  // as in libtorch: the whole dimension
      ++dim_;
      return;
    }
    if (is_mask(index)) {
      if (index.dim() == 0) {
        boolean(index.item().to<bool>());
      } else {
        mask(index);
      }
      return;
    }
    if (index.dtype() == kLong || index.dtype() == kInt || (index.dim() == 0 && is_integral(index.dtype()))) {
      if (index.dim() == 0) {
        select(index.item().to<int64_t>());
      } else {
        add_tensor(index.dtype() == kLong ? index : index.to(kLong));
      }
      return;
    }
    fail_index(operation_, fmt::format("tensors used as indices must be long, int, byte or bool tensors, got {}",
                                       dtype_name(index.dtype())));
  }

  // A mask stands for the positions where it holds: one list for each of its dimensions.
  void mask(const Tensor& index) {
    if (index.dtype() == kByte) {
      warn("indexing with dtype torch.uint8 is now deprecated, please use a dtype torch.bool instead.");
    }
    for (int64_t d = 0; d < index.dim(); ++d) {
      if (index.size(d) != view.size(dim_ + d)) {
        fail_index(operation_,
                   fmt::format("The shape of the mask {} at index {} does not match the shape of the indexed tensor {} "
                               "at index {}",
                               to_string(index.sizes()), d, to_string(self_.sizes()), origin[dim_ + d]));
      }
    }
    const Tensor places = nonzero(index);
    for (int64_t d = 0; d < index.dim(); ++d) add_tensor(places.select(1, d));
  }

  const char* operation_;
  const Tensor& self_;
  int64_t dim_ = 0, skipped_;
};

Resolver resolve(const char* operation, const Tensor& self, ArrayRef<TensorIndex> indices) {
  if (indices.empty()) {
    fail_index(operation, fmt::format("Passing an empty index list to Tensor::{}() is not valid syntax", operation));
  }
  if (self.dim() == 0 && (indices[0].is_integer() || indices[0].is_slice())) {
    fail_index(operation, "invalid index of a 0-dim tensor. Use `tensor.item<T>()` to convert it to a number");
  }
  return Resolver(operation, self, indices);
}

Selection selection_of(const char* operation, const Resolver& resolved) {
  return ops::make_selection(operation, resolved.view.sizes(), resolved.tensors, resolved.origin);
}

// ---- derivatives: take_places and spread are each other's ----

// A selection of which the graph keeps the places.
struct SelectionRule : ops::Rule {
  void keep(const Selection& s) {
    places.save_input(s.places);
    selection = s;
    selection.places.reset();
  }
  Selection restored() const {
    Selection s = selection;
    s.places = places.peek(*this);
    return s;
  }
  void release_variables() override { release(places); }

  Selection selection;
  ops::Saved places;
};

Tensor spread(const Tensor& values, const Selection& selection);

struct TakeBackward final : SelectionRule {
  std::string name() const override { return "IndexBackward0"; }
  void backward(ops::Backward& step) override { step[0] = spread(step.gy(), restored()); }
};

Tensor take_places(const Tensor& self, const Selection& selection) {
  Tensor y = ops::read_selected(self, selection);
  if (auto* node = ops::record<TakeBackward>(y, self)) node->keep(selection);
  return y;
}

struct SpreadBackward final : SelectionRule {
  std::string name() const override { return "IndexBackwardBackward0"; }
  void backward(ops::Backward& step) override { step[0] = take_places(step.gy(), restored()); }
};

// Zeros with the values added where `take_places` would read.
Tensor spread(const Tensor& values, const Selection& selection) {
  Tensor y = zeros(selection.sizes, values.dtype());
  ops::write_selected(y, selection, values, true);
  if (auto* node = ops::record<SpreadBackward>(y, values)) node->keep(selection);
  return y;
}

Tensor put_copy(const Tensor& self, const Selection& selection, const Tensor& values, bool accumulate);

struct PutBackward final : SelectionRule {
  std::string name() const override { return "IndexPutBackward0"; }
  void backward(ops::Backward& step) override {
    const Tensor& gy = step.gy();
    if (step.wants(0)) step[0] = accumulates ? gy : put_copy(gy, restored(), zeros({}, gy.dtype()), false);
    if (step.wants(1)) step[1] = take_places(gy, restored());
  }
  bool accumulates = false;
};

base::Ref<PutBackward> put_node(const Tensor& self, const Selection& selection, const Tensor& values, bool accumulate) {
  auto node = base::Ref<PutBackward>(new PutBackward);
  node->add_edge(self);
  node->add_edge(values);
  node->keep(selection);
  node->accumulates = accumulate;
  return node;
}

Tensor put_copy(const Tensor& self, const Selection& selection, const Tensor& values, bool accumulate) {
  Tensor y;
  {
    NoGradGuard guard;
    y = self.clone();
  }
  ops::write_selected(y, selection, values, accumulate);
  if (ops::recording(self, values)) {
    graph::set_grad_fn(y, put_node(self, selection, values, accumulate), 0);
  }
  return y;
}

// ---- index_put_ ----

// Leading dimensions of size 1 beyond the result's are dropped, as in NumPy.
Tensor fitting_values(const char* operation, const Tensor& values, IntArrayRef result) {
  Tensor fitting = values;
  while (fitting.dim() > static_cast<int64_t>(result.size()) && fitting.size(0) == 1) fitting = fitting.squeeze(0);
  if (!expands_to(fitting.sizes(), result)) {
    fail_index(
        operation,
        fmt::format("shape mismatch: value tensor of shape {} cannot be broadcast to indexing result of shape {}",
                    to_string(values.sizes()), to_string(result)));
  }
  return fitting;
}

void put_in_place(const Tensor& view, const Selection& selection, const Tensor& values, bool accumulate) {
  constexpr const char* kName = "index_put_";
  if (values.dtype() != view.dtype()) {
    fail_index(kName, fmt::format("Index put requires the source and destination dtypes match, got {} for the "
                                  "destination and {} for the source.",
                                  toString(view.dtype()), toString(values.dtype())));
  }
  const Tensor fitting = fitting_values(kName, values, selection.result);
  const bool recorded = ops::start_change(kName, view, fitting);
  base::Ref<PutBackward> node;
  if (recorded) node = put_node(view, selection, fitting, accumulate);
  ops::write_selected(view, selection, fitting, accumulate);
  ops::end_change(view);
  if (recorded) graph::rebase_history(view, std::move(node));
}

void put_resolved(const Tensor& self, ArrayRef<TensorIndex> indices, const Tensor& values, bool accumulate) {
  const Resolver resolved = resolve("index_put_", self, indices);
  if (resolved.selects()) {
    put_in_place(resolved.view, selection_of("index_put_", resolved), values, accumulate);
    return;
  }
  const Tensor fitting = fitting_values("index_put_", values, resolved.view.sizes());
  if (accumulate) {
    resolved.view.add_(fitting);
  } else {
    resolved.view.copy_(fitting);
  }
}

// Entries of a list in which an undefined tensor stands for a whole dimension.
std::vector<TensorIndex> as_indices(TensorList tensors) { return {tensors.begin(), tensors.end()}; }

}  // namespace

Tensor Tensor::index(ArrayRef<indexing::TensorIndex> indices) const {
  const Resolver resolved = resolve("index", *this, indices);
  if (resolved.selects()) return take_places(resolved.view, selection_of("index", resolved));
  return resolved.view.is_same(*this) ? alias() : resolved.view;
}

Tensor Tensor::index(std::initializer_list<indexing::TensorIndex> indices) const {
  return index(ArrayRef<TensorIndex>(indices));
}

Tensor& Tensor::index_put_(ArrayRef<indexing::TensorIndex> indices, const Tensor& value, bool accumulate) const {
  put_resolved(*this, indices, value, accumulate);
  return const_cast<Tensor&>(*this);
}

Tensor& Tensor::index_put_(ArrayRef<indexing::TensorIndex> indices, Scalar value) const {
  return index_put_(indices, full({}, value, dtype()));
}

Tensor& Tensor::index_put_(std::initializer_list<indexing::TensorIndex> indices, const Tensor& value,
                           bool accumulate) const {
  return index_put_(ArrayRef<TensorIndex>(indices), value, accumulate);
}

Tensor& Tensor::index_put_(std::initializer_list<indexing::TensorIndex> indices, Scalar value) const {
  return index_put_(ArrayRef<TensorIndex>(indices), value);
}

Tensor Tensor::operator[](const Tensor& index) const {
  if (!index.defined()) fail_index("operator[]", "Can only index with tensors that are defined");
  if (index.dim() != 0) {
    fail_index("operator[]", fmt::format("Can only index with tensors that are scalars (zero-dim), got shape {}; "
                                         "index({{tensor}}) takes others",
                                         to_string(index.sizes())));
  }
  if (!is_integral(index.dtype())) {
    fail_index("operator[]",
               fmt::format("Can only index tensors with integral scalars, got {}", dtype_name(index.dtype())));
  }
  return (*this)[index.item().to<int64_t>()];
}

Tensor index(const Tensor& self, TensorList indices) { return self.index(as_indices(indices)); }

Tensor index_put(const Tensor& self, TensorList indices, const Tensor& values, bool accumulate) {
  Tensor y = self.clone();
  put_resolved(y, as_indices(indices), values, accumulate);
  return y;
}

Tensor& index_put_(Tensor& self, TensorList indices, const Tensor& values, bool accumulate) {
  return self.index_put_(as_indices(indices), values, accumulate);
}

std::vector<Tensor> given_or_undefined(ArrayRef<std::optional<Tensor>> indices) {
  std::vector<Tensor> tensors;
  for (const std::optional<Tensor>& index : indices) tensors.push_back(index.value_or(Tensor()));
  return tensors;
}

RONDO_OP(
    index, .name = "index", .doc = "NumPy's indexing: views for integers and slices, copies for tensors and masks",
    .samples = [](ops::Samples& s) {
      using indexing::None, indexing::Slice;
      s.add("rows", {s.real({3, 4}), s.index({5}, 3)}, RONDO_SAMPLE(in[0].index({in[1]})));
      s.add("columns", {s.real({3, 4}), s.index({2}, 4)}, RONDO_SAMPLE(in[0].index({Slice(), in[1]})));
      s.add("of a transposed", {s.real({3, 4}), s.index({2}, 4)}, RONDO_SAMPLE(in[0].t().index({in[1]})));
      s.add("places", {s.real({3, 4}), s.index({5}, 3), s.index({5}, 4)}, RONDO_SAMPLE(in[0].index({in[1], in[2]})));
      s.add("places of a transposed", {s.real({4, 3}), s.index({5}, 3), s.index({5}, 4)},
            RONDO_SAMPLE(in[0].t().index({in[1], in[2]})));
      s.add("indices broadcast", {s.real({3, 4}), s.index({2, 1}, 3), s.index({3}, 4)},
            RONDO_SAMPLE(in[0].index({in[1], in[2]})));
      s.add("neighbours inside", {s.real({2, 2, 3, 2}), s.index({2}, 2), s.index({2}, 3)},
            RONDO_SAMPLE(in[0].index({Slice(), in[1], in[2]})));
      s.add("separated", {s.real({2, 3, 4}), s.index({3}, 2), s.index({3}, 4)},
            RONDO_SAMPLE(in[0].index({in[1], Slice(), in[2]})));
      s.add("view, then rows", {s.real({2, 3, 4}), s.index({2}, 3)},
            RONDO_SAMPLE(in[0].index({1, in[1], None, Slice(None, None, 2)})));
      s.add("mask", {s.real({3, 4}), s.boolean({3, 4})}, RONDO_SAMPLE(in[0].index({in[1]})));
      s.add("mask of rows", {s.real({3, 4}), s.boolean({3})}, RONDO_SAMPLE(in[0].index({in[1], Slice(1)})));
      s.add("optional indices", {s.real({3, 4}), s.index({2}, 4)},
            RONDO_SAMPLE(rondo::index(in[0], std::vector<std::optional<Tensor>>{std::nullopt, in[1]})));
      s.add("true", {s.real({2, 2})}, RONDO_SAMPLE(in[0].index({true})));
      s.add("false", {s.real({2, 2})}, RONDO_SAMPLE(in[0].index({false})));
      s.add("0-dim, true", {s.real({})}, RONDO_SAMPLE(in[0].index({true})));
      s.add("no index", {s.real({3, 2}), s.index({0}, 3)}, RONDO_SAMPLE(in[0].index({in[1]})));
      s.error("outside", "index 7 is out of bounds for dimension 1 with size 3", [] {
        ones({2, 3}).index({0, full({1}, 7)});
      });
      s.error("integer outside", "index 5 is out of bounds for dimension 1 with size 3", [] {
        ones({2, 3}).index({0, 5});
      });
      s.error("too many", "too many indices for tensor of dimension 2", [] { ones({2, 3}).index({0, 0, Slice()}); });
      s.error("none", "Passing an empty index list to Tensor::index()",
              [] { ones(2).index(std::vector<TensorIndex>()); });
      s.error("0-dim", "invalid index of a 0-dim tensor", [] { ones({}).index({0}); });
      s.error("backwards", "step must be greater than zero", [] { ones(3).index({Slice(None, None, -1)}); });
      s.error("real", "tensors used as indices must be long", [] { ones(3).index({ones(2)}); });
      s.error("mask's shape", "The shape of the mask (3,) at index 0 does not match", [] {
        ones({2, 3}).index({full(3, true)});
      });
      s.error("shapes", "indexing tensors could not be broadcast together with shapes (2,), (3,)", [] {
        ones({2, 3}).index({full(2, 0), full(3, 0)});
      });
    })

RONDO_OP(
    index_put_, .name = "index_put_, index_put", .doc = "writes, or adds, where index would read",
    .samples = [](ops::Samples& s) {
      using indexing::Slice;
      s.add("write rows", {s.real({4, 3}), s.real({2, 3})},
            RONDO_SAMPLE((in[0] * 2).index_put_({tensor({3, 1})}, in[1])));
      s.add("add to rows", {s.real({4, 3}), s.index({5}, 4), s.real({5, 3})},
            RONDO_SAMPLE((in[0] * 2).index_put_({in[1]}, in[2], true)));
      s.add("add one row to columns", {s.real({3, 4}), s.index({2}, 4), s.real({2})},
            RONDO_SAMPLE((in[0] * 2).index_put_({Slice(), in[1]}, in[2], true)));
      s.add("write a number", {s.real({3, 4}), s.boolean({3, 4})}, RONDO_SAMPLE((in[0] * 2).index_put_({in[1]}, 1.5)));
      s.add("write places", {s.real({3, 4}), s.real({1})},
            RONDO_SAMPLE((in[0] * 2).index_put_({tensor({{0}, {2}}), tensor({1, 3})}, in[1])));
      s.add("a copy", {s.real({4, 3}), s.real({2, 3})}, RONDO_SAMPLE(in[0].index_put({tensor({3, 1})}, in[1])));
      s.add("a copy, added, whole rows skipped", {s.real({3, 4}), s.index({5}, 4), s.real({3, 5})},
            RONDO_SAMPLE(index_put(in[0], {Tensor(), in[1]}, in[2], true)));
      s.add("a copy at one place", {s.real({3, 4}), s.real({4})}, RONDO_SAMPLE(index_put(in[0], {tensor(-1)}, in[1])));
      s.add("optional indices", {s.real({3, 4}), s.index({2}, 4), s.real({2})},
            RONDO_SAMPLE(index_put(in[0], std::vector<std::optional<Tensor>>{std::nullopt, in[1]}, in[2], true)));
      s.add("write a view", {s.real({3, 4}), s.real({4})}, RONDO_SAMPLE((in[0] * 2).index_put_({1}, in[1])));
      s.add("write rows of a view", {s.real({2, 3, 2}), s.real({2})},
            RONDO_SAMPLE((in[0] * 2).index_put_({1, tensor({2, 0})}, in[1])));
      s.error("shape", "value tensor of shape (5,) cannot be broadcast to indexing result of shape (2, 3)", [] {
        ones({4, 3}).index_put_({tensor({0, 1})}, ones(5));
      });
      s.error("dtype", "Index put requires the source and destination dtypes match", [] {
        ones({4, 3}).index_put_({tensor({0, 1})}, ones(3, kDouble));
      });
      s.error("none", "Passing an empty index list to Tensor::index_put_()",
              [] { ones(2).index_put_(std::vector<TensorIndex>(), ones(2)); });
    })

}  // namespace rondo
