// One element for each index: gather, scatter, scatter_add.
#include <rondo/autograd/kernels/strided.h>
#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/index_parts.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/sample.h>

#include <fmt/format.h>

namespace rondo {
namespace {

using ops::AtLeastOne;
using ops::checked_index;
using ops::checked_source;

using Kernel = decltype(&kernels::scatter);

// kernel: kernels::scatter or scatter_add.
void write_at(Kernel kernel, const Tensor& y, int64_t dim, const Tensor& index, const Tensor& source) {
  if (index.numel() == 0) return;
  const Tensor values = ops::apart_from(y, source), places = ops::apart_from(y, index);
  const AtLeastOne to(y), from(values), place(places);
  kernel(place.sizes.size(), static_cast<int>(dim), place.sizes.data(), y.dtype(), y.data_ptr(), to.strides.data(),
         values.data_ptr(), from.strides.data(), places.data_ptr<int64_t>(), place.strides.data());
}

// A number in the shape of the index, without memory for each.
Tensor repeated(Scalar value, const Tensor& index, ScalarType type) {
  const Tensor one = full({}, value, type);
  return tensor_data::window(one, index.sizes(), Dims(static_cast<int32_t>(index.dim()), 0), 0);
}

struct GatherBackward final : ops::Rule {
  std::string name() const override { return "GatherBackward0"; }
  void backward(ops::Backward& step) override {
    const Tensor whole = zeros(sizes, step.gy().dtype());
    if (step.create_graph()) {
      step[0] = scatter_add(whole, dim, index.peek(*this), step.gy());
      return;
    }
    write_at(&kernels::scatter_add, whole, dim, index.peek(*this), step.gy());
    step[0] = whole;
  }
  void release_variables() override { release(index); }
  Dims sizes;
  int64_t dim = 0;
  ops::Saved index;
};

struct ScatterAddBackward final : ops::Rule {
  std::string name() const override { return "ScatterAddBackward0"; }
  void backward(ops::Backward& step) override {
    if (step.wants(0)) step[0] = step.gy();
    if (step.wants(1)) step[1] = gather(step.gy(), dim, index.peek(*this));
  }
  void release_variables() override { release(index); }
  int64_t dim = 0;
  ops::Saved index;
};

// Of scatter from a tensor (input 1) or from a number: what was overwritten has no gradient.
struct ScatterBackward final : ops::Rule {
  std::string name() const override { return num_outputs() > 1 ? "ScatterBackward0" : "ScatterBackward1"; }
  void backward(ops::Backward& step) override {
    if (step.wants(0)) step[0] = scatter(step.gy(), dim, index.peek(*this), Scalar(0));
    if (num_outputs() > 1 && step.wants(1)) step[1] = gather(step.gy(), dim, index.peek(*this));
  }
  void release_variables() override { release(index); }
  int64_t dim = 0;
  ops::Saved index;
};

struct Change {
  Kernel kernel;
  const char* operation;
  bool from_number;
};

template <class Rule>
base::Ref<graph::Node> make_node(const Change& change, const Tensor& self, int64_t dim, const Tensor& index,
                                 const Tensor& source) {
  auto node = base::Ref<Rule>(new Rule);
  node->add_edge(self);
  if (!change.from_number) node->add_edge(source);
  node->dim = dim;
  node->index.save_input(index);
  return node;
}

template <class Rule>
Tensor changed_copy(const Change& change, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source) {
  dim = wrap_dim(change.operation, dim, self.dim());
  const Tensor numbers = checked_index(change.operation, self, dim, index);
  const Tensor values = checked_source(change.operation, self, numbers, source);
  Tensor y;
  {
    NoGradGuard guard;
    y = self.clone();
  }
  write_at(change.kernel, y, dim, numbers, values);
  if (ops::recording(self, values)) graph::set_grad_fn(y, make_node<Rule>(change, self, dim, numbers, values), 0);
  return y;
}

template <class Rule>
Tensor& change_in_place(const Change& change, const Tensor& self, int64_t dim, const Tensor& index,
                        const Tensor& source) {
  dim = wrap_dim(change.operation, dim, self.dim());
  const Tensor numbers = checked_index(change.operation, self, dim, index);
  const Tensor values = checked_source(change.operation, self, numbers, source);
  const bool recorded = ops::start_change(change.operation, self, values);
  base::Ref<graph::Node> node;
  if (recorded) node = make_node<Rule>(change, self, dim, numbers, values);
  write_at(change.kernel, self, dim, numbers, values);
  ops::end_change(self);
  if (recorded) graph::rebase_history(self, std::move(node));
  return const_cast<Tensor&>(self);
}

constexpr Change kScatter{&kernels::scatter, "scatter", false};
constexpr Change kScatterNumber{&kernels::scatter, "scatter", true};
constexpr Change kScatterAdd{&kernels::scatter_add, "scatter_add", false};

}  // namespace

Tensor gather(const Tensor& self, int64_t dim, const Tensor& index, bool /*sparse_grad*/) {
  dim = wrap_dim("gather", dim, self.dim());
  const Tensor numbers = checked_index("gather", self, dim, index);
  Tensor y = tensor_data::make(index.sizes(), self.dtype());
  if (index.numel() > 0) {
    const AtLeastOne from(self), place(numbers);
    kernels::gather(place.sizes.size(), static_cast<int>(dim), place.sizes.data(), self.dtype(), y.data_ptr(),
                    AtLeastOne(y).strides.data(), self.data_ptr(), from.strides.data(), numbers.data_ptr<int64_t>(),
                    place.strides.data());
  }
  if (auto* node = ops::record<GatherBackward>(y, self)) {
    node->sizes = self.sizes();
    node->dim = dim;
    node->index.save_input(numbers);
  }
  return y;
}

Tensor scatter_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source) {
  return changed_copy<ScatterAddBackward>(kScatterAdd, self, dim, index, source);
}
Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source) {
  return changed_copy<ScatterBackward>(kScatter, self, dim, index, source);
}
Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, Scalar value) {
  return changed_copy<ScatterBackward>(kScatterNumber, self, dim, index, repeated(value, index, self.dtype()));
}
Tensor& Tensor::scatter_add_(int64_t dim, const Tensor& index, const Tensor& source) const {
  return change_in_place<ScatterAddBackward>(kScatterAdd, *this, dim, index, source);
}
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Tensor& source) const {
  return change_in_place<ScatterBackward>(kScatter, *this, dim, index, source);
}
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, Scalar value) const {
  return change_in_place<ScatterBackward>(kScatterNumber, *this, dim, index, repeated(value, index, dtype()));
}

namespace {

// Different numbers in each column, so that scatter writes no place twice.
Tensor distinct() { return tensor({{0, 2, 1}, {2, 0, 3}}); }

}  // namespace

RONDO_OP(
    gather, .name = "gather", .doc = "y[i, j] = x[index[i, j], j] for dim 0, and so on",
    .samples = [](ops::Samples& s) {
      s.add("rows", {s.real({3, 4}), s.index({2, 4}, 3)}, RONDO_SAMPLE(gather(in[0], 0, in[1])));
      s.add("columns", {s.real({3, 4}), s.index({2, 5}, 4)}, RONDO_SAMPLE(gather(in[0], -1, in[1])));
      s.add("transposed", {s.real({4, 3}), s.index({3, 2}, 4)}, RONDO_SAMPLE(gather(in[0].t(), 1, in[1])));
      s.add("middle", {s.real({2, 3, 2}), s.index({1, 2, 2}, 3)}, RONDO_SAMPLE(gather(in[0], 1, in[1])));
      s.add("empty index", {s.real({3, 2}), s.index({0, 2}, 3)}, RONDO_SAMPLE(gather(in[0], 0, in[1])));
      s.add("0-dim", {s.real({}), s.index({}, 1)}, RONDO_SAMPLE(gather(in[0], 0, in[1])));
      s.error("dimensions", "Index tensor must have the same number of dimensions", [] {
        gather(ones({3, 4}), 0, full({1}, 0));
      });
      s.error("size", "expected index (1, 5) to be smaller than self (3, 4) apart from dimension 0", [] {
        gather(ones({3, 4}), 0, full({1, 5}, 0));
      });
      s.error("outside", "index 7 is out of bounds for dimension 0 with size 3", [] {
        gather(ones({3, 4}), 0, full({1, 4}, 7));
      });
      s.error("negative", "index -1 is out of bounds", [] { gather(ones(3), 0, full({1}, -1)); });
      s.error("dtype", "Expected dtype int64 for index", [] { gather(ones(3), 0, full({1}, 0, kInt)); });
    })

RONDO_OP(
    scatter_add, .name = "scatter_add", .doc = "self, with source added where gather would read",
    .samples = [](ops::Samples& s) {
      s.add("rows", {s.real({3, 4}), s.index({2, 4}, 3), s.real({2, 4})},
            RONDO_SAMPLE(scatter_add(in[0], 0, in[1], in[2])));
      s.add("columns, larger source", {s.real({2, 3}), s.index({2, 2}, 3), s.real({3, 4})},
            RONDO_SAMPLE(scatter_add(in[0], 1, in[1], in[2])));
      s.add("in place", {s.real({2, 3}), s.index({2, 2}, 3), s.real({2, 2})},
            RONDO_SAMPLE((in[0] * 2).scatter_add_(1, in[1], in[2])));
      s.add("empty", {s.real({2}), s.index({0}, 2), s.real({0})}, RONDO_SAMPLE(scatter_add(in[0], 0, in[1], in[2])));
      s.add("0-dim", {s.real({}), s.index({}, 1), s.real({})}, RONDO_SAMPLE(scatter_add(in[0], 0, in[1], in[2])));
      s.error("source", "Expected index (2, 4) to be no larger than src (1, 4)", [] {
        scatter_add(ones({3, 4}), 0, full({2, 4}, 0), ones({1, 4}));
      });
      s.error("dtype", "Expected self.dtype to be equal to src.dtype",
              [] { scatter_add(ones(3), 0, full({1}, 0), ones({1}, kDouble)); });
      s.error("outside", "index 9 is out of bounds for dimension 0 with size 3",
              [] { scatter_add(ones(3), 0, full({1}, 9), ones(1)); });
    })

RONDO_OP(
    scatter, .name = "scatter", .doc = "self, with source (or a number) written where gather would read",
    .samples = [](ops::Samples& s) {
      s.add("rows", {s.real({4, 3}), s.real({2, 3})}, RONDO_SAMPLE(scatter(in[0], 0, distinct(), in[1])));
      s.add("columns", {s.real({2, 4}), s.real({2, 3})}, RONDO_SAMPLE(scatter(in[0], 1, distinct(), in[1])));
      s.add("number", {s.real({2, 4})}, RONDO_SAMPLE(scatter(in[0], 1, distinct(), 3.5)));
      s.add("in place", {s.real({2, 4}), s.real({2, 3})}, RONDO_SAMPLE((in[0] * 2).scatter_(1, distinct(), in[1])));
      s.add("number in place", {s.real({2, 4})}, RONDO_SAMPLE((in[0] * 2).scatter_(1, distinct(), -1)));
      s.error("dimensions", "Index tensor must have the same number of dimensions", [] {
        scatter(ones({3, 4}), 0, full({4}, 0), ones(4));
      });
      s.error("outside", "index 9 is out of bounds for dimension 0 with size 3",
              [] { scatter(ones(3), 0, full({1}, 9), 1); });
    })

}  // namespace rondo
