// Sorting along a dimension.
#include <rondo/autograd/ops/index.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/reduce_plan.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/ops/sorting.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

namespace rondo {
namespace {

// The gradients go back to where the numbers came from.
struct SelectionBackward final : ops::Rule {
  ops::Saved indices;
  Dims sizes;
  int64_t dim = 0;
  const char* label = "";

  std::string name() const override { return label; }
  void backward(ops::Backward& step) override {
    const Tensor& gy = step.gy();
    step[0] = sizes.empty() ? gy : scatter(zeros(sizes, gy.dtype()), dim, indices.peek(*this), gy);
  }
  void release_variables() override { release(indices); }
};

struct Sorted {
  Tensor values, indices;
};

// Without history. Of each line the `count` numbers from place `first` of the order on.
Sorted sort_plainly(const Tensor& x, int64_t dim, bool descending, int64_t first, int64_t count) {
  const ScalarType type = x.dtype();
  if (is_reduced_floating(type) || type == kBool) {
    Sorted sorted = sort_plainly(x.detach().to(type == kBool ? kByte : kFloat), dim, descending, first, count);
    return {sorted.values.to(type), std::move(sorted.indices)};
  }
  Dims sizes(x.sizes());
  if (x.dim() > 0) sizes[static_cast<int32_t>(dim)] = count;
  Sorted sorted{tensor_data::make(sizes, type), tensor_data::make(sizes, kLong)};
  if (sorted.values.numel() == 0) return sorted;
  const ops::Lines lines(x, dim);
  kernels::sort(lines.shape, type, lines.source.data_ptr(), descending, first, x.dim() > 0 ? count : 1,
                sorted.values.data_ptr(), static_cast<int64_t*>(sorted.indices.data_ptr()));
  return sorted;
}
Sorted sort_plainly(const Tensor& x, int64_t dim, bool descending) {
  return sort_plainly(x, dim, descending, 0, x.dim() > 0 ? x.size(dim) : 1);
}

void attach(const char* label, const Sorted& sorted, const Tensor& self, int64_t dim) {
  if (auto* node = ops::record<SelectionBackward>(sorted.values, self)) {
    node->indices.save_input(sorted.indices);
    node->sizes = Dims(self.sizes());
    node->dim = dim;
    node->label = label;
  }
}

}  // namespace

std::tuple<Tensor, Tensor> sort(const Tensor& self, int64_t dim, bool descending) {
  dim = wrap_dim("sort", dim, self.dim());
  const Sorted sorted = sort_plainly(self, dim, descending);
  attach("SortBackward0", sorted, self, dim);
  return {sorted.values, sorted.indices};
}

Tensor argsort(const Tensor& self, int64_t dim, bool descending) {
  return sort_plainly(self, wrap_dim("argsort", dim, self.dim()), descending).indices;
}

std::tuple<Tensor, Tensor> sort(const Tensor& self, std::optional<bool>, int64_t dim, bool descending) {
  return sort(self, dim, descending);
}
Tensor argsort(const Tensor& self, bool, int64_t dim, bool descending) { return argsort(self, dim, descending); }
Tensor argsort(const Tensor& self, int dim, bool descending) { return argsort(self, int64_t{dim}, descending); }
Tensor msort(const Tensor& self) { return std::get<0>(sort(self, 0, false)); }

std::tuple<Tensor, Tensor> topk(const Tensor& self, int64_t k, int64_t dim, bool largest, bool) {
  dim = wrap_dim("topk", dim, self.dim());
  const int64_t size = self.dim() == 0 ? 1 : self.size(dim);
  if (k < 0 || k > size) {
    fail_index("topk", fmt::format("selected index k out of range: k is {}, input is {}; need 0 <= k <= {}", k,
                                   to_string(self.sizes()), size));
  }
  const Sorted best = sort_plainly(self, dim, largest, 0, k);
  attach("TopkBackward0", best, self, dim);
  return {best.values, best.indices};
}

Tensor ops::place_in_order(const Tensor& self, int64_t dim, int64_t rank) {
  return sort_plainly(self, dim, false, rank, 1).indices;
}

RONDO_OP(
    sort, .name = "sort, msort", .doc = "the numbers in order, and where each was; stable, NaN last",
    .samples = [](ops::Samples& s) {
      s.add("a vector", {s.real({6})}, RONDO_SAMPLE(std::get<0>(sort(in[0]))));
      s.add("descending", {s.real({6})}, RONDO_SAMPLE(std::get<0>(sort(in[0], 0, true))));
      s.add("first", {s.real({4, 3})}, RONDO_SAMPLE(std::get<0>(sort(in[0], 0))));
      s.add("middle", {s.real({2, 3, 4})}, RONDO_SAMPLE(std::get<0>(sort(in[0], 1, true))));
      s.add("strided", {s.real({3, 4})}, RONDO_SAMPLE(std::get<0>(sort(in[0].t(), 1))));
      s.add("a number", {s.real({})}, RONDO_SAMPLE(std::get<0>(sort(in[0]))));
      s.add("empty", {s.real({0, 3})}, RONDO_SAMPLE(std::get<0>(sort(in[0], 0))));
      s.add("stable", {s.real({4, 3})}, RONDO_SAMPLE(std::get<0>(sort(in[0], std::optional<bool>(true), 0, true))));
      s.add("msort", {s.real({4, 3})}, RONDO_SAMPLE(in[0].msort()));
      s.add("msort of a number", {s.real({})}, RONDO_SAMPLE(msort(in[0])));
      s.error("no such dimension", "sort: ", [] { sort(zeros({2, 2}), 2); });
    });

RONDO_OP(
    argsort, .name = "argsort", .doc = "the indices that sort the numbers", .differentiable = false,
    .samples = [](ops::Samples& s) {
      s.add("a vector", {s.real({6})}, RONDO_SAMPLE(argsort(in[0]).to(in[0].dtype())));
      s.add("first, descending", {s.real({4, 3})}, RONDO_SAMPLE(argsort(in[0], 0, true).to(in[0].dtype())));
      s.add("stable", {s.real({4, 3})}, RONDO_SAMPLE(argsort(in[0], true, 0, true).to(in[0].dtype())));
      s.error("no such dimension", "argsort: ", [] { argsort(zeros({2, 2}), 2); });
    });

RONDO_OP(
    topk, .name = "topk", .doc = "the k largest or smallest numbers in order, and where each was",
    .samples = [](ops::Samples& s) {
      s.add("a vector", {s.real({6})}, RONDO_SAMPLE(std::get<0>(topk(in[0], 2))));
      s.add("smallest, first", {s.real({4, 3})}, RONDO_SAMPLE(std::get<0>(topk(in[0], 3, 0, false))));
      s.add("none", {s.real({3})}, RONDO_SAMPLE(std::get<0>(topk(in[0], 0))));
      s.add("a number", {s.real({})}, RONDO_SAMPLE(std::get<0>(topk(in[0], 1))));
      s.error("k too large", "selected index k out of range", [] { topk(zeros({3}), 4); });
      s.error("no such dimension", "topk: ", [] { topk(zeros({2, 2}), 1, 2); });
    });

}  // namespace rondo
