// Order statistics, distinct values, searches and counts.
#include "case.h"

#include <cmath>

using against::gradients;
using against::integers;
using against::real;
using against::refuses;
using against::value;

namespace {

constexpr double kInf = INFINITY, kNaN = NAN;

using Two = std::tuple<torch::Tensor, torch::Tensor>;
using Three = std::tuple<torch::Tensor, torch::Tensor, torch::Tensor>;

void both(const std::string& what, const Two& pair) {
  value(what + " values", std::get<0>(pair));
  value(what + " places", std::get<1>(pair));
}
// Where the places of equal numbers may differ.
void first(const std::string& what, const Two& pair) { value(what + " values", std::get<0>(pair)); }
void all(const std::string& what, const Three& results) {
  value(what + " values", std::get<0>(results));
  value(what + " inverse", std::get<1>(results));
  value(what + " counts", std::get<2>(results));
}

torch::Tensor odd() { return torch::tensor({3.0, kNaN, -kInf, 0.0, -0.0, kInf, 3.0, kNaN, -2.5}, torch::kDouble); }
torch::Tensor longs(std::vector<int64_t> numbers) { return torch::tensor(numbers, torch::kLong); }

}  // namespace

AGAINST(sort) {
  const auto x = real({3, 5, 2});
  for (const int64_t dim : {0, 1, -1}) {
    for (const bool descending : {false, true}) {
      const std::string what = std::to_string(dim) + (descending ? " down" : " up");
      both("sort " + what, torch::sort(x, dim, descending));
      both("stable " + what, torch::sort(x, c10::optional<bool>(true), dim, descending));
      value("argsort " + what, torch::argsort(x, dim, descending));
      value("stable argsort " + what, torch::argsort(x, true, dim, descending));
      both("method " + what, x.transpose(0, 2).sort(dim, descending));
      both("ties " + what, torch::sort(integers({3, 4, 3}, 3), c10::optional<bool>(true), dim, descending));
    }
  }
  both("NaN", torch::sort(odd(), c10::optional<bool>(true), 0, false));
  both("NaN down", torch::sort(odd(), c10::optional<bool>(true), 0, true));
  both("bools", torch::sort(integers({7}, 2).to(torch::kBool), c10::optional<bool>(true), 0, false));
  for (const auto type : {torch::kByte, torch::kChar, torch::kShort, torch::kInt, torch::kFloat}) {
    both("dtype " + std::to_string(static_cast<int>(type)),
         torch::sort((integers({9}, 5)).to(type), c10::optional<bool>(true), 0, true));
  }
  both("0-dim", torch::sort(torch::ones({})));
  both("empty", torch::sort(torch::ones({0, 2}), 0));
  value("msort", torch::msort(x));
  gradients("gradient", {real({3, 4})}, AGAINST_F(std::get<0>(torch::sort(in[0], 1, true))));
  gradients("msort gradient", {real({3, 4})}, AGAINST_F(in[0].msort()));
  refuses("dim", [] { torch::sort(torch::ones({2}), 1); });
}

AGAINST(topk_kthvalue) {
  const auto x = real({3, 5});
  for (const bool largest : {true, false}) {
    both(std::string("topk ") + (largest ? "largest" : "smallest"), torch::topk(x, 3, 1, largest));
    both(std::string("topk rows ") + (largest ? "largest" : "smallest"), x.topk(2, 0, largest));
  }
  for (const int64_t k : {1, 3, 5}) {
    both("kthvalue " + std::to_string(k), torch::kthvalue(x, k));
    both("kthvalue kept " + std::to_string(k), x.t().kthvalue(k, 0, true));
  }
  both("kthvalue ties", torch::kthvalue(integers({4, 7}, 3), 4));
  both("kthvalue NaN", torch::kthvalue(odd(), 9));
  both("kthvalue inf", torch::kthvalue(odd(), 7));
  both("kthvalue 0-dim", torch::kthvalue(torch::ones({}), 1));
  gradients("kthvalue gradient", {real({3, 4})}, AGAINST_F(std::get<0>(torch::kthvalue(in[0], 2, 1))));
  gradients("kthvalue kept gradient", {real({3, 4})}, AGAINST_F(std::get<0>(in[0].kthvalue(2, 0, true))));
  gradients("topk gradient", {real({3, 4})}, AGAINST_F(std::get<0>(in[0].topk(2, 1))));
  refuses("k 0", [] { torch::kthvalue(torch::ones({3}), 0); });
  refuses("k large", [] { torch::kthvalue(torch::ones({3}), 4); });
  refuses("topk large", [] { torch::topk(torch::ones({3}), 4); });
}

AGAINST(median) {
  const auto x = real({3, 5, 2});
  value("all", torch::median(x));
  value("all even", torch::median(real({4})));
  value("all NaN", torch::median(odd()));
  value("nanmedian", torch::nanmedian(odd()));
  value("nanmedian only NaN", torch::nanmedian(torch::full({3}, kNaN)));
  value("integers", torch::median(longs({5, 2, 9, 1})));
  value("0-dim", torch::median(torch::full({}, 4.0)));
  value("empty", torch::median(torch::ones({0})));
  value("nanmedian empty", torch::nanmedian(torch::ones({0})));
  for (const int64_t dim : {0, 1, -1}) {
    both("dim " + std::to_string(dim), torch::median(x, dim));
    both("dim kept " + std::to_string(dim), x.median(dim, true));
    both("nan dim " + std::to_string(dim), torch::nanmedian(x, dim));
    both("nan dim kept " + std::to_string(dim), x.nanmedian(dim, true));
  }
  both("strided", x.transpose(0, 1).median(0));
  first("integers dim", torch::median(integers({3, 6}, 4), 1));
  first("NaN dim", torch::median(odd().reshape({3, 3}), 1));
  first("NaN dim 0", torch::nanmedian(odd().reshape({3, 3}), 0));
  first("only NaN dim", torch::nanmedian(torch::full({2, 3}, kNaN), 1));
  both("0-dim dim", torch::median(torch::full({}, 4.0), 0));
  gradients("all gradient", {real({3, 4})}, AGAINST_F(torch::median(in[0])));
  gradients("ties gradient", {torch::tensor({1.0, 2.0, 2.0, 2.0, 3.0}, torch::kDouble)}, AGAINST_F(in[0].median()));
  gradients("NaN gradient", {odd()}, AGAINST_F(in[0].median()));
  gradients("nanmedian gradient", {odd()}, AGAINST_F(in[0].nanmedian()));
  gradients("dim gradient", {real({3, 4})}, AGAINST_F(std::get<0>(torch::median(in[0], 1))));
  gradients("dim kept gradient", {real({3, 5})}, AGAINST_F(std::get<0>(in[0].nanmedian(0, true))));
  refuses("empty dim", [] { torch::median(torch::ones({2, 0}), 1); });
  refuses("dim", [] { torch::median(torch::ones({2}), 1); });
}

AGAINST(mode) {
  first("rows", torch::mode(integers({5, 9}, 4)));
  first("columns", torch::mode(integers({9, 5}, 4), 0));
  first("kept", integers({3, 7, 2}, 3).mode(1, true));
  first("real", torch::mode(real({3, 4})));
  first("NaN", torch::mode(odd()));
  first("bools", torch::mode(integers({2, 7}, 2).to(torch::kBool)));
  both("0-dim", torch::mode(torch::full({}, 4.0)));
  gradients("gradient", {torch::tensor({{1.0, 3.0, 2.0, 5.0}, {3.0, 1.0, 2.0, 0.5}}, torch::kDouble)},
            AGAINST_F(std::get<0>(torch::mode(in[0], 0))));
  refuses("empty", [] { torch::mode(torch::ones({0})); });
}

AGAINST(quantile) {
  const auto x = real({3, 6}), with_nan = odd().reshape({3, 3}).masked_fill(torch::isinf(odd().reshape({3, 3})), 7.0);
  const auto q = torch::tensor({0.0, 0.2, 0.37, 0.5, 0.9, 1.0}, torch::kDouble);
  for (const char* how : {"linear", "lower", "higher", "midpoint", "nearest"}) {
    const std::string what(how);
    value(what, torch::quantile(x, 0.3, c10::nullopt, false, how));
    value(what + " list", torch::quantile(x, q, c10::nullopt, false, how));
    value(what + " list kept", torch::quantile(x, q, c10::nullopt, true, how));
    value(what + " rows", x.quantile(q, 1, false, how));
    value(what + " columns kept", x.quantile(q, 0, true, how));
    value(what + " one kept", torch::quantile(x, 0.7, -1, true, how));
    value(what + " NaN", torch::quantile(with_nan, q, 1, false, how));
    value(what + " nan", torch::nanquantile(with_nan, q, 1, false, how));
    value(what + " nan all", torch::nanquantile(with_nan, 0.45, c10::nullopt, true, how));
    value(what + " nan columns", with_nan.nanquantile(q, 0, true, how));
    value(what + " 0-dim", torch::quantile(torch::full({}, 4.0, torch::kDouble), q, 0, true, how));
  }
  value("float", torch::quantile(torch::arange(5, torch::kFloat), 0.5));
  value("only NaN", torch::nanquantile(torch::full({3}, kNaN), 0.5));
  value("0-dim", torch::quantile(torch::full({}, 4.0), 0.5));
  gradients("gradient", {real({3, 4})}, AGAINST_F(torch::quantile(in[0], 0.3, 1)));
  gradients("list gradient", {real({3, 4}), torch::tensor({0.2, 0.5, 0.85}, torch::kDouble)},
            AGAINST_F(torch::quantile(in[0], in[1], 0, true)));
  gradients("midpoint gradient", {real({6})}, AGAINST_F(torch::quantile(in[0], 0.3, 0, false, "midpoint")));
  gradients("nearest gradient", {real({6})}, AGAINST_F(torch::nanquantile(in[0], 0.33, 0, false, "nearest")));
  refuses("empty", [] { torch::quantile(torch::ones({0}), 0.5); });
  refuses("q", [] { torch::quantile(torch::ones({2}), 1.5); });
  refuses("integers", [] { torch::quantile(torch::ones({2}, torch::kLong), 0.5); });
  refuses("q's dtype", [] { torch::quantile(torch::ones({2}), torch::ones({1}, torch::kDouble)); });
  refuses("interpolation", [] { torch::quantile(torch::ones({2}), 0.5, 0, false, "cubic"); });
}

AGAINST(unique) {
  const auto x = integers({4, 5}, 6);
  value("_unique", std::get<0>(torch::_unique(x)));
  value("_unique inverse", std::get<1>(torch::_unique(x, true, true)));
  all("_unique2", torch::_unique2(x.t(), true, true, true));
  value("_unique2 counted alone", std::get<2>(torch::_unique2(x, true, false, true)));
  all("_unique2 bools", torch::_unique2(integers({5}, 2).to(torch::kBool), true, true, true));
  all("_unique2 real", torch::_unique2(torch::tensor({2.5, -1.0, 2.5, kInf}), true, true, true));
  all("_unique2 0-dim", torch::_unique2(torch::tensor(3), true, true, true));
  value("_unique2 empty", std::get<0>(torch::_unique2(torch::empty({0}, torch::kLong))));
  const auto rows = integers({6, 2}, 2);
  all("unique_dim 0", torch::unique_dim(rows, 0, true, true, true));
  all("unique_dim 1", torch::unique_dim(rows.t(), 1, true, true, true));
  all("unique_dim middle", torch::unique_dim(integers({2, 6, 1}, 2), 1, true, true, true));
  all("consecutive", torch::unique_consecutive(longs({1, 1, 2, 2, 2, 1, 3, 3}), true, true));
  all("consecutive matrix", torch::unique_consecutive(integers({3, 4}, 2), true, true));
  all("consecutive rows", torch::unique_consecutive(integers({8, 2}, 2), true, true, 0));
  all("consecutive columns", torch::unique_dim_consecutive(integers({1, 9}, 2), 1, true, true));
  all("consecutive NaN", torch::unique_consecutive(torch::tensor({kNaN, kNaN, 1.0}), true, true));
  refuses("none", [] { torch::unique_dim(torch::ones({2, 0}), 0); });
}

AGAINST(searchsorted) {
  const auto sequence = torch::msort(real({6})), rows = std::get<0>(torch::sort(real({2, 5})));
  const auto x = real({2, 3});
  for (const bool right : {false, true}) {
    const std::string what = right ? "right" : "left";
    value(what, torch::searchsorted(sequence, x, false, right));
    value(what + " int", torch::searchsorted(sequence, x, true, right));
    value(what + " rows", torch::searchsorted(rows, x, false, right));
    value(what + " side", torch::searchsorted(rows, x, false, false, what));
    value(what + " ties", torch::searchsorted(longs({1, 1, 2, 4, 4}), longs({0, 1, 2, 3, 4, 5}), false, right));
    value(what + " number", torch::searchsorted(sequence, 0.25, false, right));
    value(what + " number of integers", torch::searchsorted(longs({1, 3, 5}), 3, false, right));
    value(what + " special",
          torch::searchsorted(torch::tensor({-1.0, 2.0, kInf}), odd().to(torch::kFloat), false, right));
    value(what + " bucketize", torch::bucketize(x, sequence, false, right));
    value(what + " bucketize int", torch::bucketize(x.t(), sequence, true, right));
    value(what + " bucketize number", torch::bucketize(0.5, sequence, false, right));
  }
  const auto shuffled = real({5});
  value("sorter", torch::searchsorted(shuffled, x, false, false, c10::nullopt, shuffled.argsort(int64_t{0})));
  value("empty", torch::searchsorted(torch::empty({0}), torch::ones({2})));
  refuses("side", [] { torch::searchsorted(torch::ones({2}), torch::ones({2}), false, false, "up"); });
  refuses("opposites", [] { torch::searchsorted(torch::ones({2}), torch::ones({2}), false, true, "left"); });
  refuses("shapes", [] { torch::searchsorted(torch::ones({2, 3}), torch::ones({3, 2})); });
  refuses("boundaries", [] { torch::bucketize(torch::ones({2}), torch::ones({1, 2})); });
}

AGAINST(counts) {
  const auto x = real({40});
  value("histc", torch::histc(x));
  value("histc 5", torch::histc(x, 5));
  value("histc range", x.histc(4, -1, 1.5));
  value("histc matrix", torch::histc(x.reshape({5, 8}).t(), 3));
  value("histc one value", torch::histc(torch::ones({3}), 3));
  value("histc edges", torch::histc(torch::tensor({0.0, 1.0, 2.0, 3.0, 4.0}), 4, 0, 4));
  value("histc float", torch::histc(torch::arange(10, torch::kFloat), 7));
  both("histogram", torch::histogram(x, 5));
  both("histogram matrix", torch::histogram(x.reshape({5, 8}).t(), 3));
  const std::vector<double> range{-1, 1.5};
  both("histogram range", x.histogram(4, torch::ArrayRef<double>(range), {}, true));
  both("histogram weights", torch::histogram(x, 4, c10::nullopt, real({40}), false));
  both("histogram edges", torch::histogram(x, torch::tensor({-1.5, -1.0, 0.25, 1.5}, torch::kDouble)));
  both("histogram one value", torch::histogram(torch::ones({3}), 3));
  both("histogram on edges", torch::histogram(torch::arange(5, torch::kFloat), 4));
  value("bincount", torch::bincount(integers({9}, 5)));
  value("bincount minlength", torch::bincount(integers({9}, 3), {}, 6));
  value("bincount weights", torch::bincount(integers({9}, 4), real({9})));
  value("bincount float weights", torch::bincount(longs({0, 2, 2}), torch::ones({3})));
  value("bincount integer weights", longs({0, 2, 2}).bincount(longs({1, 2, 3}), 4));
  value("bincount empty", torch::bincount(torch::empty({0}, torch::kLong)));
  value("bincount empty minlength", torch::bincount(torch::empty({0}, torch::kLong), {}, 3));
  value("bincount bytes", torch::bincount(longs({3, 1}).to(torch::kByte)));
  refuses("bins", [] { torch::histc(torch::ones({2}), 0); });
  refuses("range", [] { torch::histc(torch::ones({2}), 2, 1, 0); });
  refuses("negative", [] { torch::bincount(longs({-1})); });
  refuses("matrix", [] { torch::bincount(torch::ones({2, 2}, torch::kLong)); });
  refuses("weights", [] { torch::bincount(longs({1, 2}), torch::ones({3})); });
}
