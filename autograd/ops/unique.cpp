// Distinct values: of all elements, of slices, of runs.
#include <rondo/autograd/graph/history.h>
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/ops/sorting.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace rondo {
namespace {

// Groups of equal neighbours in an order of elements.
struct Groups {
  Tensor first, counts;  // the element that each group begins with, and the size of the group
  Tensor inverse;        // the group of each element, where it is asked for
};

// order(i): the i-th of `count` elements; same(a, b): whether elements a and b are equal. Counted first: lists that
// grow would take new memory again and again.
template <class Order, class Same>
Groups group(int64_t count, bool with_inverse, const Order& order, const Same& same) {
  const auto begins = [&](int64_t i) { return i == 0 || !same(order(i - 1), order(i)); };
  int64_t number = 0;
  for (int64_t i = 0; i < count; ++i) number += begins(i);
  Groups groups{tensor_data::make(number, kLong), tensor_data::make(number, kLong), {}};
  if (with_inverse) groups.inverse = tensor_data::make(count, kLong);
  auto *first = groups.first.data_ptr<int64_t>(), *size = groups.counts.data_ptr<int64_t>();
  auto* inverse = with_inverse ? groups.inverse.data_ptr<int64_t>() : nullptr;
  int64_t at = -1;
  for (int64_t i = 0; i < count; ++i) {
    if (begins(i)) {
      first[++at] = order(i);
      size[at] = 0;
    }
    ++size[at];
    if (inverse) inverse[order(i)] = at;
  }
  return groups;
}

using Three = std::tuple<Tensor, Tensor, Tensor>;

Three answer(Tensor values, const Groups& groups, IntArrayRef inverse_sizes, bool return_inverse, bool return_counts) {
  const Tensor inverse = return_inverse ? groups.inverse.reshape(inverse_sizes) : empty({0}, kLong);
  return {graph::unviewed(std::move(values)), graph::unviewed(inverse),
          return_counts ? groups.counts : empty({0}, kLong)};
}

// Of all elements: sorted first, or as they come.
Three distinct_elements(const Tensor& self, bool sorted, bool return_inverse, bool return_counts) {
  NoGradGuard guard;
  const Tensor flat = self.detach().contiguous().reshape({-1});
  const Tensor places = sorted ? argsort(flat) : Tensor();
  const Groups groups = visit_dtype(flat.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* x = flat.data_ptr<T>();
    const auto same = [x](int64_t a, int64_t b) { return x[a] == x[b]; };
    if (!sorted)
      return group(
          flat.numel(), return_inverse, [](int64_t i) { return i; }, same);
    const auto* order = places.data_ptr<int64_t>();
    return group(
        flat.numel(), return_inverse, [order](int64_t i) { return order[i]; }, same);
  });
  return answer(index_select(flat, 0, groups.first), groups, self.sizes(), return_inverse, return_counts);
}

// Of the slices along a dimension: in lexicographic order, or as they come.
// With groups and counts, asked for or not: libtorch gives them.
Three distinct_slices(const char* operation, const Tensor& self, int64_t dim, bool sorted) {
  NoGradGuard guard;
  dim = wrap_dim(operation, dim, self.dim());
  const Tensor x = (self.dim() == 0 ? self.reshape({1}) : self.transpose(dim, 0)).detach().contiguous();
  const int64_t count = x.size(0), width = count == 0 ? 0 : x.numel() / count;
  if (x.numel() == 0 && count != 0) {
    fail(
        operation,
        fmt::format("There are 0 sized dimensions, and they aren't selected, so unique cannot be applied: input is {}, "
                    "dim is {}",
                    to_string(self.sizes()), dim));
  }
  std::vector<int64_t> order(static_cast<size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  const Groups groups = visit_dtype(x.dtype(), [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* rows = x.data_ptr<T>();
    const auto row = [rows, width](int64_t i) { return rows + i * width; };
    if (sorted) {
      std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
        return std::lexicographical_compare(row(a), row(a) + width, row(b), row(b) + width);
      });
    }
    return group(
        count, true, [&](int64_t i) { return order[static_cast<size_t>(i)]; },
        [&](int64_t a, int64_t b) { return std::equal(row(a), row(a) + width, row(b)); });
  });
  const Tensor kept = index_select(x, 0, groups.first);
  return answer(self.dim() == 0 ? kept : kept.transpose(0, dim).contiguous(), groups, {count}, true, true);
}

}  // namespace

std::tuple<Tensor, Tensor> _unique(const Tensor& self, bool, bool return_inverse) {
  auto [values, inverse, counts] = distinct_elements(self, true, return_inverse, false);
  return {std::move(values), std::move(inverse)};
}
Three _unique2(const Tensor& self, bool, bool return_inverse, bool return_counts) {
  return distinct_elements(self, true, return_inverse, return_counts);
}
Three unique_dim(const Tensor& self, int64_t dim, bool, bool, bool) {
  return distinct_slices("unique_dim", self, dim, true);
}
Three unique_consecutive(const Tensor& self, bool return_inverse, bool return_counts, std::optional<int64_t> dim) {
  if (!dim) return distinct_elements(self, false, return_inverse, return_counts);
  return distinct_slices("unique_consecutive", self, *dim, false);
}
Three unique_dim_consecutive(const Tensor& self, int64_t dim, bool, bool) {
  return distinct_slices("unique_dim_consecutive", self, dim, false);
}

RONDO_OP(
    unique, .name = "_unique, _unique2, unique_dim, unique_consecutive, unique_dim_consecutive",
    .doc = "distinct values, the group of each element, the size of each group", .differentiable = false,
    .samples = [](ops::Samples& s) {
      s.add("values", {s.index({3, 5}, 4)}, RONDO_SAMPLE(std::get<0>(_unique(in[0]))));
      s.add("inverse", {s.index({3, 5}, 4)}, RONDO_SAMPLE(std::get<1>(_unique(in[0].t(), true, true))));
      s.add("counts", {s.index({3, 5}, 4)}, RONDO_SAMPLE(std::get<2>(_unique2(in[0], true, false, true))));
      s.add("real", {s.real({6})}, RONDO_SAMPLE(std::get<0>(_unique2(in[0]))));
      s.add("nothing", {s.real({0})}, RONDO_SAMPLE(std::get<0>(_unique(in[0]))));
      s.add("rows", {s.index({6, 2}, 2)}, RONDO_SAMPLE(std::get<0>(unique_dim(in[0], 0))));
      s.add("columns", {s.index({2, 6}, 2)}, RONDO_SAMPLE(std::get<1>(unique_dim(in[0], 1, true, true))));
      s.add("runs", {s.index({9}, 2)}, RONDO_SAMPLE(std::get<0>(unique_consecutive(in[0]))));
      s.add("runs of rows", {s.index({9, 1}, 2)}, RONDO_SAMPLE(std::get<2>(unique_consecutive(in[0], false, true, 0))));
      s.add("runs of columns", {s.index({1, 9}, 2)}, RONDO_SAMPLE(std::get<0>(unique_dim_consecutive(in[0], 1))));
      s.error("rows of nothing", "There are 0 sized dimensions", [] { unique_dim(zeros({2, 0}), 0); });
      s.error("no such dimension", "unique_dim: ", [] { unique_dim(zeros({2, 2}), 2); });
    });

}  // namespace rondo
