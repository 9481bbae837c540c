// Reading and writing by indices and masks.
#include "case.h"

#include <cmath>
#include <memory>

using against::gradients;
using against::integers;
using against::real;
using against::refuses;
using against::value;

namespace {

constexpr double kInf = INFINITY, kNaN = NAN;

torch::Tensor longs(std::vector<int64_t> numbers) { return torch::tensor(numbers, torch::kLong); }
torch::Tensor bools(std::vector<int64_t> numbers) { return torch::tensor(numbers, torch::kLong).to(torch::kBool); }

void values(const std::string& what, const std::vector<torch::Tensor>& tensors) {
  value(what + " count", static_cast<double>(tensors.size()));
  for (size_t i = 0; i < tensors.size(); ++i) value(what + " part " + std::to_string(i), tensors[i]);
}

}  // namespace

AGAINST(take_put) {
  gradients("take", {real({3, 4}), integers({2, 3}, 12)}, AGAINST_F(torch::take(in[0], in[1])));
  gradients("take transposed", {real({3, 4}), integers({5}, 12)}, AGAINST_F(in[0].t().take(in[1] - 12)));
  gradients("take repeated", {real({3}), longs({1, 1, -2, 0})}, AGAINST_F(in[0].take(in[1])));
  value("take 0-dim", torch::take(torch::ones({}), torch::zeros({}, torch::kLong)));
  value("take of integers", torch::arange(6).reshape({2, 3}).take(longs({5, -6, 2})));
  value("take of bools", bools({1, 0, 1}).take(longs({1, 2})));
  value("take none", torch::take(real({3}), torch::empty({0}, torch::kLong)));
  gradients("put", {real({3, 4}), longs({7, 0, -1}), real({3})}, AGAINST_F(torch::put(in[0], in[1], in[2])));
  gradients("put adds", {real({3, 4}), integers({2, 5}, 12), real({2, 5})}, AGAINST_F(in[0].put(in[1], in[2], true)));
  gradients("put transposed", {real({3, 4}), longs({5, 2}), real({2})}, AGAINST_F(in[0].t().put(in[1], in[2])));
  gradients("put_", {real({3, 4}), longs({5, 2}), real({2})}, AGAINST_F((in[0] * 2).put_(in[1], in[2])));
  value("put integers", torch::arange(4).put(longs({1, 3}), longs({-1, -2})));
  value("put_ of a view", torch::arange(6).reshape({2, 3}).t().put_(longs({1, 3}), longs({10, 20}), true));
  refuses("take outside", [] { torch::take(torch::ones({3}), longs({3})); });
  refuses("take real", [] { torch::take(torch::ones({3}), torch::ones({1})); });
  refuses("take of none", [] { torch::take(torch::ones({0}), longs({0})); });
  refuses("put count", [] { torch::put(torch::ones({3}), longs({0, 1}), torch::ones({3})); });
  refuses("put dtype", [] { torch::put(torch::ones({3}), longs({0}), torch::ones({1}, torch::kDouble)); });
}

AGAINST(take_along_dim) {
  gradients("rows", {real({3, 4}), integers({2, 4}, 3)}, AGAINST_F(torch::take_along_dim(in[0], in[1], 0)));
  gradients("broadcast", {real({3, 1, 2}), integers({1, 4, 2}, 3)}, AGAINST_F(in[0].take_along_dim(in[1], 0)));
  gradients("all", {real({3, 4}), integers({2, 3}, 12)}, AGAINST_F(torch::take_along_dim(in[0], in[1])));
  gradients("argsort", {real({3, 4})}, AGAINST_F(in[0].take_along_dim(in[0].argsort(int64_t{1}, true), 1)));
  value("integers", torch::arange(6).reshape({2, 3}).take_along_dim(longs({2, 0}).unsqueeze(1), -1));
  refuses("dimensions", [] { torch::take_along_dim(torch::ones({2, 2}), longs({0}), 0); });
  refuses("dtype", [] { torch::take_along_dim(torch::ones({2}), torch::ones({2}), 0); });
}

AGAINST(gather_scatter) {
  gradients("gather", {real({3, 4}), integers({2, 5}, 4)}, AGAINST_F(torch::gather(in[0], 1, in[1])));
  gradients("scatter", {real({4, 3}), real({2, 3})},
            AGAINST_F(torch::scatter(in[0], 0, torch::tensor({{0, 2, 1}, {2, 0, 3}}), in[1])));
  gradients("scatter number", {real({4, 3})}, AGAINST_F(in[0].scatter(0, torch::tensor({{0, 2, 1}, {2, 0, 3}}), 2.5)));
  gradients("scatter_add", {real({3, 4}), integers({2, 4}, 3), real({2, 4})},
            AGAINST_F(torch::scatter_add(in[0], 0, in[1], in[2])));
  for (const char* reduce : {"add", "multiply"}) {
    const std::string name(reduce);
    const auto x = real({3, 4}), source = real({2, 4});
    const auto index = integers({2, 4}, 3);
    value("scatter " + name, torch::scatter(x, 0, index, source, reduce));
    value("scatter method " + name, x.scatter(0, index, source, reduce));
    value("scatter number " + name, torch::scatter(x, 0, index, 1.5, reduce));
    value("scatter_ " + name, x.clone().scatter_(0, index, source, reduce));
    value("scatter_ number " + name, x.clone().scatter_(0, index, -2, reduce));
    value("scatter integers " + name, torch::arange(12).reshape({3, 4}).scatter(0, index, integers({2, 4}, 5), reduce));
  }
  refuses("reduction", [] { torch::scatter(torch::ones({3}), 0, longs({0}), torch::ones({1}), "sum"); });
}

AGAINST(scatter_reduce) {
  for (const bool include : {true, false}) {
    const std::string self = include ? " with self" : " alone";
    for (const char* reduce : {"sum", "prod", "mean", "amax", "amin"}) {
      const std::string what = reduce + self;
      const auto x = real({3, 4}), source = real({5, 4});
      const auto index = integers({4, 3}, 3);
      value(what, torch::scatter_reduce(x, 0, index, source, reduce, include));
      value(what + " in place", x.clone().scatter_reduce_(0, index, source, reduce, include));
      value(what + " columns", x.t().scatter_reduce(1, index.t(), source.t(), reduce, include));
      value(what + " float",
            x.to(torch::kFloat).scatter_reduce(0, index, source.to(torch::kFloat), reduce, include).mul(64).round());
      value(what + " integers", torch::arange(6).sub(2).reshape({2, 3}).scatter_reduce(
                                    1, integers({2, 4}, 3), integers({2, 4}, 7) - 3, reduce, include));
    }
  }
  value("NaN amax", torch::tensor({1.0, kNaN, 3.0})
                        .scatter_reduce(0, longs({0, 1, 2, 2}), torch::tensor({kNaN, 2.0, kInf, 1.0}), "amax"));
  value("NaN amin", torch::tensor({1.0, kNaN, 3.0})
                        .scatter_reduce(0, longs({0, 1, 2, 2}), torch::tensor({kNaN, 2.0, -kInf, 1.0}), "amin"));
  value("0-dim",
        torch::scatter_reduce(torch::full({}, 3.0), 0, torch::zeros({}, torch::kLong), torch::full({}, 4.0), "prod"));
  value("no index", torch::scatter_reduce(real({3}), 0, torch::empty({0}, torch::kLong), real({2}), "amax"));
  refuses("reduction", [] { torch::scatter_reduce(torch::ones({3}), 0, longs({0}), torch::ones({1}), "median"); });
  refuses("outside", [] { torch::scatter_reduce(torch::ones({3}), 0, longs({3}), torch::ones({1}), "prod"); });
}

AGAINST(scatter_reduce_gradients) {
#define REDUCED(what, reduce, include, second)                                \
  gradients(what, {real({3, 4}), integers({5, 4}, 3), real({5, 4}, 0.25, 2)}, \
            AGAINST_F(torch::scatter_reduce(in[0], 0, in[1], in[2], reduce, include)), second)
  REDUCED("sum", "sum", true, true);
  REDUCED("sum alone", "sum", false, true);
  REDUCED("mean", "mean", true, true);
  REDUCED("mean alone", "mean", false, true);
  REDUCED("amax", "amax", true, true);
  REDUCED("amin alone", "amin", false, true);
  REDUCED("prod", "prod", true, true);
  REDUCED("prod alone", "prod", false, false);
#undef REDUCED
  gradients("prod with zeros",
            {torch::tensor({2.0, 0.0, 3.0}, torch::kDouble), longs({0, 0, 1, 2, 2, 2}),
             torch::tensor({0.0, 4.0, 5.0, 0.0, 0.0, 7.0}, torch::kDouble)},
            AGAINST_F(torch::scatter_reduce(in[0], 0, in[1], in[2], "prod")), false);
  gradients("ties",
            {torch::tensor({2.0, 1.0, 3.0}, torch::kDouble), longs({0, 0, 1, 2, 2, 2}),
             torch::tensor({2.0, 2.0, 5.0, 3.0, 1.0, 3.0}, torch::kDouble)},
            AGAINST_F(torch::scatter_reduce(in[0], 0, in[1], in[2], "amax")));
  value("smaller index", real({3, 4}).scatter_reduce(0, integers({2, 3}, 3), real({4, 4}), "amin"));
}

AGAINST(index_add_copy_fill) {
  gradients("add", {real({3, 2}), integers({4}, 3), real({4, 2})},
            AGAINST_F(torch::index_add(in[0], 0, in[1], in[2], 0.5)));
  gradients("add_", {real({2, 3}), integers({4}, 3), real({2, 4})},
            AGAINST_F((in[0] * 2).index_add_(1, in[1], in[2], -1)));
  gradients("copy", {real({4, 3}), longs({3, 1}), real({2, 3})}, AGAINST_F(torch::index_copy(in[0], 0, in[1], in[2])));
  gradients("copy columns", {real({2, 4}), longs({3, 0, 1}), real({2, 3})},
            AGAINST_F(in[0].index_copy(-1, in[1], in[2])));
  gradients("copy_", {real({4}), longs({3, 1}), real({2})}, AGAINST_F((in[0] * 2).index_copy_(0, in[1], in[2])));
  gradients("copy strided", {real({4, 2}), longs({2, 0}), real({2, 2})},
            AGAINST_F(in[0].t().index_copy(1, in[1], in[2].t())));
  value("copy integers", torch::arange(6).reshape({2, 3}).index_copy(1, longs({2}), longs({7, 8}).unsqueeze(1)));
  value("copy one", torch::arange(4).index_copy(0, torch::tensor(2), torch::tensor(9)));
  value("copy 0-dim", torch::full({}, 2.0).index_copy(0, longs({0}), torch::full({}, 3.0)));
  gradients("fill", {real({4, 3}), longs({3, -3})}, AGAINST_F(torch::index_fill(in[0], 0, in[1], 1.5)));
  gradients("fill tensor", {real({2, 4}), longs({3, 1}), real({})}, AGAINST_F(in[0].index_fill(1, in[1], in[2])));
  gradients("fill_", {real({4}), longs({3, 1})}, AGAINST_F((in[0] * 2).index_fill_(0, in[1], -1)));
  gradients("fill_ tensor", {real({4}), longs({3, 1}), real({})}, AGAINST_F((in[0] * 2).index_fill_(0, in[1], in[2])));
  value("fill integers", torch::arange(6).reshape({2, 3}).index_fill(1, longs({2, 0}), 9));
  value("fill bools", torch::zeros({3}, torch::kBool).index_fill(0, longs({1}), true));
  value("fill none", torch::arange(3).index_fill(0, torch::empty({0}, torch::kLong), 9));
  refuses("copy shape", [] { torch::index_copy(torch::ones({3, 2}), 0, longs({0}), torch::ones({1, 3})); });
  refuses("copy outside", [] { torch::index_copy(torch::ones({3}), 0, longs({3}), torch::ones({1})); });
  refuses("copy negative", [] { torch::index_copy(torch::ones({3}), 0, longs({-1}), torch::ones({1})); });
  refuses("copy dtype", [] { torch::index_copy(torch::ones({3}), 0, longs({0}), torch::ones({1}, torch::kDouble)); });
  refuses("fill outside", [] { torch::index_fill(torch::ones({3}), 0, longs({3}), 1); });
  refuses("fill vector", [] { torch::index_fill(torch::ones({3}), 0, longs({0}), torch::ones({1})); });
}

AGAINST(index_reduce) {
  for (const bool include : {true, false}) {
    for (const char* reduce : {"prod", "mean", "amax", "amin"}) {
      const std::string what = std::string(reduce) + (include ? " with self" : " alone");
      const auto x = real({3, 4}), source = real({5, 4});
      const auto index = integers({5}, 3);
      value(what, torch::index_reduce(x, 0, index, source, reduce, include));
      value(what + " columns", x.t().index_reduce(1, index, source.t(), reduce, include));
      value(what + " in place", x.clone().index_reduce_(0, index, source, reduce, include));
      value(what + " integers", torch::arange(3).index_reduce(0, index, integers({5}, 9) - 4, reduce, include));
    }
  }
  gradients("mean gradient", {real({2, 3}), integers({4}, 3), real({2, 4})},
            AGAINST_F(torch::index_reduce(in[0], 1, in[1], in[2], "mean")));
  gradients("amax gradient", {real({2, 3}), integers({4}, 3), real({2, 4})},
            AGAINST_F(in[0].index_reduce(1, in[1], in[2], "amax")));
  gradients("amin alone gradient", {real({3, 2}), integers({4}, 3), real({4, 2})},
            AGAINST_F(in[0].index_reduce(0, in[1], in[2], "amin", false)));
  gradients("prod gradient", {real({3, 2}), integers({4}, 3), real({4, 2}, 0.5, 2)},
            AGAINST_F(torch::index_reduce(in[0], 0, in[1], in[2], "prod")));
  refuses("reduction", [] { torch::index_reduce(torch::ones({3}), 0, longs({0}), torch::ones({1}), "sum"); });
}

AGAINST(masks) {
  gradients("select", {real({3, 4}), integers({3, 4}, 2).to(torch::kBool)},
            AGAINST_F(torch::masked_select(in[0], in[1])));
  gradients("select broadcast", {real({3, 1}), integers({2, 1, 4}, 2).to(torch::kBool)},
            AGAINST_F(in[0].masked_select(in[1])));
  gradients("scatter", {real({3, 4}), integers({3, 4}, 2).to(torch::kBool), real({12})},
            AGAINST_F(torch::masked_scatter(in[0], in[1], in[2])));
  gradients("scatter rows", {real({3, 2}), bools({1, 0, 1}).unsqueeze(1), real({2, 4})},
            AGAINST_F(in[0].masked_scatter(in[1], in[2])));
  gradients("scatter nowhere", {real({2}), bools({0, 0}), real({3})}, AGAINST_F(in[0].masked_scatter(in[1], in[2])));
  gradients("scatter_", {real({3, 2}), bools({1, 0, 0, 1, 1, 0}).reshape({3, 2}), real({8})},
            AGAINST_F((in[0] * 2).masked_scatter_(in[1], in[2])));
  value("scatter to more",
        torch::masked_scatter(torch::zeros({2}), torch::ones({3, 2}, torch::kBool), torch::rand({6})));
  value("scatter integers", torch::arange(4).masked_scatter(bools({1, 0, 0, 1}), longs({8, 9, 10})));
  gradients("fill", {real({3, 4}), integers({3, 4}, 2).to(torch::kBool)}, AGAINST_F(in[0].masked_fill(in[1], 1.5)));
  gradients("fill tensor", {real({3, 4}), integers({4}, 2).to(torch::kBool), real({})},
            AGAINST_F(in[0].masked_fill(in[1], in[2])));
  refuses("scatter short",
          [] { torch::masked_scatter(torch::ones({3}), torch::ones({3}, torch::kBool), torch::ones({2})); });
  refuses("scatter dtype", [] {
    torch::masked_scatter(torch::ones({3}), torch::ones({3}, torch::kBool), torch::ones({3}, torch::kDouble));
  });
}

AGAINST(positions) {
  const auto x = integers({3, 4}, 2);
  value("nonzero", torch::nonzero(x));
  value("argwhere", torch::argwhere(x.t()));
  value("argwhere 0-dim", torch::argwhere(torch::ones({})));
  value("argwhere zero", torch::zeros({}).argwhere());
  value("argwhere empty", torch::argwhere(torch::ones({0, 3})));
  values("nonzero_numpy", torch::nonzero_numpy(x));
  values("nonzero_numpy 0-dim", torch::nonzero_numpy(torch::ones({})));
  values("nonzero_numpy NaN", torch::nonzero_numpy(torch::tensor({0.0, kNaN, -0.0})));
  values("where", torch::where(x));
}

AGAINST(view_scatters) {
  gradients("select", {real({3, 4}), real({3})}, AGAINST_F(torch::select_scatter(in[0], in[1], 1, -1)));
  gradients("slice", {real({6, 2}), real({2, 2})}, AGAINST_F(torch::slice_scatter(in[0], in[1], 0, 1, 5, 2)));
  gradients("slice all", {real({2}), real({2})}, AGAINST_F(in[0].slice_scatter(in[1])));
  gradients("diagonal", {real({3, 4}), real({3})}, AGAINST_F(torch::diagonal_scatter(in[0], in[1], 1)));
  gradients("diagonal of a batch", {real({2, 3, 3}), real({2, 2})}, AGAINST_F(in[0].diagonal_scatter(in[1], -1, 1, 2)));
  // Its derivative in libtorch reads memory that nothing set.
  value("as_strided", torch::as_strided_scatter(real({2, 3}), real({3}), {3}, {2}, 1));
  value("select integers", torch::arange(6).reshape({2, 3}).select_scatter(longs({7, 8, 9}), 0, 1));
  refuses("select shape", [] { torch::select_scatter(torch::ones({2, 3}), torch::ones({2}), 0, 0); });
  refuses("slice shape", [] { torch::slice_scatter(torch::ones({3}), torch::ones({2}), 0, 2); });
}

AGAINST(index) {
  using torch::indexing::None;
  using torch::indexing::Slice;
  gradients("rows", {real({3, 4}), integers({5}, 3)}, AGAINST_F(in[0].index({in[1]})));
  gradients("columns", {real({3, 4}), integers({2}, 4)}, AGAINST_F(in[0].index({Slice(), in[1]})));
  gradients("broadcast", {real({3, 4}), integers({2, 1}, 3), integers({3}, 4)}, AGAINST_F(in[0].index({in[1], in[2]})));
  gradients("apart", {real({2, 3, 4}), integers({3}, 2), integers({3}, 4)},
            AGAINST_F(in[0].index({in[1], Slice(), in[2]})));
  gradients("mask", {real({3, 4}), integers({3, 4}, 2).to(torch::kBool)}, AGAINST_F(in[0].index({in[1]})));
  gradients("view first", {real({2, 3, 4}), integers({2}, 3)},
            AGAINST_F(in[0].index({1, in[1], None, Slice(None, None, 2)})));
  gradients("views only", {real({2, 3, 4})}, AGAINST_F(in[0].index({"...", Slice(1, -1), None, 0})));
  value("true", torch::arange(3).index({true}));
  value("false", torch::arange(3).index({false}));
  value("negative", torch::arange(6).reshape({2, 3}).index({-1, longs({-3, 2})}));
  c10::List<c10::optional<torch::Tensor>> list;
  list.push_back(c10::nullopt);
  list.push_back(longs({2, 0}));
  const auto x = real({2, 3});
  value("list", torch::index(x, list));
  value("list put", torch::index_put(x, list, real({2, 2})));
  auto changed = x.clone();
  torch::index_put_(changed, list, real({2}), true);
  value("list put in place", changed);
  refuses("outside", [] { torch::ones({2, 3}).index({0, longs({7})}); });
  refuses("mask's shape", [] { torch::ones({2, 3}).index({torch::ones({3}, torch::kBool)}); });
  refuses("too many", [] { torch::ones({2, 3}).index({0, 0, Slice()}); });
}

AGAINST(index_select_embedding) {
  gradients("select", {real({3, 4}), integers({5}, 4)}, AGAINST_F(torch::index_select(in[0], 1, in[1])));
  gradients("select int", {real({3, 4}), integers({5}, 3).to(torch::kInt)}, AGAINST_F(in[0].index_select(0, in[1])));
  value("select 0-dim", torch::index_select(torch::full({}, 3.0), 0, longs({0})));
  gradients("embedding", {real({5, 3}), integers({2, 4}, 5)}, AGAINST_F(torch::embedding(in[0], in[1])));
  gradients("embedding padded", {real({3, 2}), longs({0, 2, 0, 1})}, AGAINST_F(torch::embedding(in[0], in[1], 0)));
  gradients("embedding by frequency", {real({3, 2}), longs({0, 2, 0, 1})},
            AGAINST_F(torch::embedding(in[0], in[1], -1, true)), false);
  value("one_hot", torch::one_hot(longs({2, 0, 1})));
  value("one_hot 5", torch::one_hot(longs({2, 0, 1}).unsqueeze(0), 5));
  refuses("select outside", [] { torch::index_select(torch::ones({3}), 0, longs({3})); });
  refuses("one_hot few", [] { torch::one_hot(longs({3}), 2); });
}

AGAINST(index_put) {
  using torch::indexing::Slice;
  gradients("rows", {real({4, 3}), real({2, 3})}, AGAINST_F(in[0].index_put({torch::tensor({3, 1})}, in[1])));
  gradients("added", {real({4, 3}), integers({5}, 4), real({5, 3})},
            AGAINST_F(torch::index_put(in[0], {in[1]}, in[2], true)));
  gradients("one place", {real({3, 4}), real({4})}, AGAINST_F(in[0].index_put({torch::tensor(-1)}, in[1])));
  gradients("places", {real({3, 4}), real({})},
            AGAINST_F(in[0].index_put({torch::tensor({0, 2}), torch::tensor({1, 3})}, in[1])));
  gradients("mask", {real({3, 4}), integers({3, 4}, 2).to(torch::kBool), real({})},
            AGAINST_F(in[0].index_put({in[1]}, in[2])));
  gradients("in place", {real({3, 4}), longs({3, 1}), real({2})},
            AGAINST_F((in[0] * 2).index_put_({Slice(), in[1]}, in[2])));
  value("integers", torch::arange(4).index_put({longs({1, 1})}, longs({5, 6}), true));
  refuses("shape", [] { torch::ones({4, 3}).index_put({longs({0, 1})}, torch::ones({5})); });
  refuses("outside", [] { torch::ones({4}).index_put({longs({4})}, torch::ones({1})); });
}

AGAINST(segments_and_rows) {
  value("sum", torch::segment_reduce(real({6, 2}), "sum", longs({2, 1, 3})));
  value("mean", torch::segment_reduce(real({6}), "mean", longs({2, 0, 4})));
  value("max", torch::segment_reduce(real({6}), "max", longs({2, 0, 4})));
  value("min", torch::segment_reduce(real({6}), "min", longs({6})));
  value("initial", torch::segment_reduce(real({6}), "max", longs({2, 0, 4}), {}, {}, 0, false, 0.5));
  gradients("max gradient", {real({6, 2}), longs({2, 1, 3})}, AGAINST_F(torch::segment_reduce(in[0], "max", in[1])),
            false);
  gradients("mean gradient", {real({6, 2}), longs({2, 1, 3})}, AGAINST_F(torch::segment_reduce(in[0], "mean", in[1])),
            false);
  value("renorm", torch::embedding_renorm_(*std::make_unique<torch::Tensor>(real({4, 3})), longs({1, 3, 1}), 1.0, 2.0));
  value("renorm by 1", torch::embedding_renorm(real({4, 3}), longs({0, 2}), 0.5, 1.0));
}
