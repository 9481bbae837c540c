// Reductions, scans and sorting against loops, and the results at the edges.
#include "expect.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace rondo {
namespace {

using expect::kInf;
using expect::kNan;

// The lines of x along `dims`, which are few, one after the other: the reference's view of a reduction.
std::vector<std::vector<double>> lines_of(const Tensor& x, std::vector<int64_t> dims) {
  std::vector<int64_t> order;
  int64_t size = 1;
  for (int64_t d = 0; d < x.dim(); ++d) {
    if (std::find(dims.begin(), dims.end(), d) == dims.end()) order.push_back(d);
  }
  for (int64_t d : dims) {
    order.push_back(d);
    size *= x.size(d);
  }
  const auto all = expect::numbers(x.permute(order));
  std::vector<std::vector<double>> lines;
  for (size_t i = 0; i < all.size(); i += static_cast<size_t>(size)) {
    lines.emplace_back(all.begin() + static_cast<long>(i), all.begin() + static_cast<long>(i) + size);
  }
  return lines;
}

using Reduce = std::function<double(const std::vector<double>&)>;
std::vector<double> reduced(const Tensor& x, const std::vector<int64_t>& dims, const Reduce& f) {
  std::vector<double> results;
  for (const auto& line : lines_of(x, dims)) results.push_back(f(line));
  return results;
}

double add_up(const std::vector<double>& x) { return std::accumulate(x.begin(), x.end(), 0.0); }
double average(const std::vector<double>& x) { return add_up(x) / static_cast<double>(x.size()); }
double squares(const std::vector<double>& x) {
  double sum = 0;
  for (double v : x) sum += (v - average(x)) * (v - average(x));
  return sum;
}

const std::vector<std::vector<int64_t>> kDims = {{0}, {1}, {2}, {0, 1}, {0, 2}, {1, 2}, {0, 1, 2}};

BOOST_AUTO_TEST_SUITE(reductions)

BOOST_AUTO_TEST_CASE(over_any_dimensions) {
  const Tensor base = randn({3, 4, 5}, kDouble);
  for (const Tensor& x :
       {base, base.permute({2, 0, 1}), base.narrow(1, 1, 2), base.select(0, 0).unsqueeze(1).expand({4, 3, 5})}) {
    for (const auto& dims : kDims) {
      expect::close(x.sum(dims), reduced(x, dims, add_up));
      expect::close(x.mean(dims), reduced(x, dims, average));
      expect::close(x.amax(dims), reduced(x, dims, [](auto& l) { return *std::max_element(l.begin(), l.end()); }), 0);
      expect::close(x.amin(dims), reduced(x, dims, [](auto& l) { return *std::min_element(l.begin(), l.end()); }), 0);
      expect::close(x.var(dims, false),
                    reduced(x, dims, [](auto& l) { return squares(l) / static_cast<double>(l.size()); }));
      expect::close(x.std(dims, std::optional<int64_t>(1)), reduced(x, dims, [](auto& l) {
                      return std::sqrt(squares(l) / static_cast<double>(l.size() - 1));
                    }));
      expect::close(x.logsumexp(dims), reduced(x, dims, [](auto& l) {
                      double sum = 0;
                      for (double v : l) sum += std::exp(v);
                      return std::log(sum);
                    }));
      expect::close(x.norm(3, dims), reduced(x, dims, [](auto& l) {
                      double sum = 0;
                      for (double v : l) sum += std::pow(std::abs(v), 3);
                      return std::cbrt(sum);
                    }));
      Dims kept(x.sizes());
      for (int64_t d : dims) kept[d] = 1;
      for (const Tensor& y : {x.sum(dims, true), x.mean(dims, true), x.amax(dims, true), x.var(dims, true, true),
                              x.logsumexp(dims, true), x.norm(2, dims, true)}) {
        expect::shape(y, kept);
      }
    }
    for (int64_t d = 0; d < 3; ++d) {
      expect::close(x.prod(d), reduced(x, {d}, [](auto& l) {
                      return std::accumulate(l.begin(), l.end(), 1.0, std::multiplies<>());
                    }));
      const auto [values, indices] = x.max(d);
      expect::close(values, expect::numbers(x.amax(d)), 0);
      expect::close(
          indices,
          reduced(x, {d},
                  [](auto& l) { return static_cast<double>(std::max_element(l.begin(), l.end()) - l.begin()); }),
          0);
      expect::close(
          x.argmin(d, true),
          reduced(x, {d},
                  [](auto& l) { return static_cast<double>(std::min_element(l.begin(), l.end()) - l.begin()); }),
          0);
    }
  }
}

BOOST_AUTO_TEST_CASE(result_types) {
  for (const ScalarType type : {kByte, kChar, kShort, kInt, kLong, kBool}) {
    BOOST_CHECK(ones({3}, type).sum().dtype() == kLong);
    BOOST_CHECK(ones({3}, type).prod().dtype() == kLong);
    BOOST_CHECK(ones({3}, type).cumsum(0).dtype() == kLong);
    BOOST_CHECK_EQUAL(ones({3}, type).sum().item<int64_t>(), 3);
    BOOST_CHECK(ones({3}, type).all().dtype() == (type == kByte ? kByte : kBool));
    BOOST_CHECK(ones({3}, type).mean(kDouble).dtype() == kDouble);
  }
  BOOST_CHECK_EQUAL(full({300}, 200, kByte).sum().item<int64_t>(), 60000);
  BOOST_CHECK_EQUAL(full({3}, 100, kLong).sum(kChar).item<int64_t>(), 44);  // 300 wraps
  BOOST_CHECK_EQUAL(tensor({1.7, 1.7}).sum(kLong).item<int64_t>(), 2);      // each number is cast first
  BOOST_CHECK(ones({3}).sum(kDouble).dtype() == kDouble);
  BOOST_CHECK(ones({3}, kHalf).sum().dtype() == kHalf);
  BOOST_CHECK(ones({3}, kInt).logsumexp(0).dtype() == kFloat);
  // The sum of 70,000 ones is no float16, their mean is.
  BOOST_CHECK_EQUAL(ones({70000}, kHalf).mean().item<double>(), 1);
  BOOST_CHECK_EQUAL(softmax(zeros({4}, kBFloat16), 0).sum().item<double>(), 1);
  BOOST_CHECK(softmax(zeros({4}, kLong), 0, kFloat).dtype() == kFloat);
}

BOOST_AUTO_TEST_CASE(empty_and_single) {
  expect::close(zeros({0, 3}).sum(), {0});
  expect::close(zeros({0, 3}).sum(0), {0, 0, 0});
  expect::shape(zeros({0, 3}).sum(1), {0});
  expect::close(zeros({0, 3}).mean(), {kNan});
  expect::close(zeros({0}).prod(), {1});
  expect::close(zeros({0, 3}).logsumexp(0), {-kInf, -kInf, -kInf});
  BOOST_CHECK(zeros({0}).all().item<bool>() && !zeros({0}).any().item<bool>());
  expect::shape(std::get<1>(zeros({0, 3}).max(1)), {0});
  expect::shape(zeros({0, 3}).amax(1), {0});
  expect::shape(zeros({0, 3}).softmax(0), {0, 3});
  const Tensor one = tensor(2.5);
  expect::shape(one.sum(0), {});
  expect::close(std::get<0>(one.max(-1)), {2.5}, 1e-7);
  expect::close(one.argmax(), {0});
  expect::close(one.softmax(0), {1});
  expect::close(std::get<0>(one.sort()), {2.5}, 1e-7);
  expect::close(one.cumsum(0), {2.5}, 1e-7);
}

BOOST_AUTO_TEST_CASE(nan_infinity_and_ties) {
  const Tensor x = tensor({1., kNan, 3., kNan, 3.}, kDouble);
  expect::close(x.max(), {kNan});
  expect::close(std::get<1>(x.max(0)), {1});
  expect::close(x.argmin(), {1});
  expect::close(std::get<0>(x.sort()), {1, 3, 3, kNan, kNan});
  expect::close(std::get<1>(x.sort()), {0, 2, 4, 1, 3});
  expect::close(std::get<0>(x.sort(0, true)), {kNan, kNan, 3, 3, 1});
  expect::close(std::get<0>(x.topk(3)), {kNan, kNan, 3});
  expect::close(std::get<0>(x.topk(3, 0, false)), {1, 3, 3});
  expect::close(tensor({2., 5., 5.}).argmax(), {1});
  expect::close(tensor({{-kInf, -kInf}, {kInf, 0.}}, kDouble).logsumexp(1), {-kInf, kInf});
  expect::close(tensor({1000., 1000.}, kDouble).logsumexp(0), {1000 + std::log(2.0)});
  expect::close(tensor({1000., 0., -kInf}, kDouble).softmax(0), {1, 0, 0});
  expect::close(tensor({-kInf, -kInf}, kDouble).softmax(0), {kNan, kNan});

  const Tensor ties = tensor({2., 5., 5., 5.}, kDouble);
  const std::vector<double> thirds{0, 1 / 3.0, 1 / 3.0, 1 / 3.0};
  expect::close(expect::gradient(ties, [](const Tensor& t) { return t.max(); }), thirds);
  expect::close(expect::gradient(ties, [](const Tensor& t) { return t.amax(0); }), thirds);
  expect::close(expect::gradient(-ties, [](const Tensor& t) { return t.min(); }), thirds);
  expect::close(expect::gradient(ties, [](const Tensor& t) { return std::get<0>(t.max(0)); }), {0, 1, 0, 0});
  expect::close(expect::gradient(x, [](const Tensor& t) { return t.max(); }), {0, 0.5, 0, 0.5, 0});
  expect::close(expect::gradient(ties.expand({2, 4}), [](const Tensor& t) { return t.amax(1, true); }),
                {0, 1 / 3.0, 1 / 3.0, 1 / 3.0, 0, 1 / 3.0, 1 / 3.0, 1 / 3.0});
}

BOOST_AUTO_TEST_CASE(sub_gradients_at_kinks) {
  expect::close(expect::gradient(ones({4}, kDouble), [](const Tensor& t) { return t.std(); }), {0, 0, 0, 0});
  for (const double p : {0.5, 1.0, 1.5, 2.0, 3.0}) {
    expect::close(expect::gradient(zeros({3}, kDouble), [&](const Tensor& t) { return t.norm(p); }), {0, 0, 0});
  }
  expect::close(expect::gradient(tensor({0., 2., 3.}, kDouble), [](const Tensor& t) { return t.prod(); }), {6, 0, 0});
  expect::close(expect::gradient(tensor({0., 0., 3.}, kDouble), [](const Tensor& t) { return t.prod(); }), {0, 0, 0});
  expect::close(expect::gradient(tensor({3., -4., 4.}, kDouble), [](const Tensor& t) { return t.norm(kInf); }),
                {0, -0.5, 0.5});
}

BOOST_AUTO_TEST_CASE(gradient_of_a_sum_takes_no_memory) {
  const Tensor x = ones({1000, 1000}).requires_grad_();
  const Tensor g = autograd::grad({x.sum()}, {x})[0];
  BOOST_CHECK_EQUAL(g.stride(0), 0);
  BOOST_CHECK_EQUAL(g.stride(1), 0);
  expect::shape(g, {1000, 1000});
  const Tensor m = autograd::grad({x.mean(1).sum()}, {x})[0];
  BOOST_CHECK_EQUAL(m.stride(1), 0);
  BOOST_CHECK_CLOSE(m.sum().item<double>(), 1000, 1e-3);
}

BOOST_AUTO_TEST_CASE(sums_err_little) {
  BOOST_CHECK(std::abs(full({10'000'000}, 0.1).sum().item<float>() - 1e6f) < 1);
  BOOST_CHECK_CLOSE((randn({100000}) * 1e-3 + 1e4).to(kFloat).var().item<double>(), 1e-6, 60);
}

BOOST_AUTO_TEST_CASE(cumsum_and_its_gradient) {
  const Tensor x = tensor({{1., 2., 3.}, {4., 5., 6.}}, kDouble);
  expect::close(x.cumsum(0), {1, 2, 3, 5, 7, 9});
  expect::close(x.cumsum(1), {1, 3, 6, 4, 9, 15});
  expect::close(x.t().cumsum(1), {1, 5, 2, 7, 3, 9});
  expect::close(expect::gradient(x, [](const Tensor& t) { return t.cumsum(1); }), {3, 2, 1, 3, 2, 1});
  expect::close(ones({3}, kHalf).cumsum(0), {1, 2, 3});
}

BOOST_AUTO_TEST_CASE(sort_of_lines) {
  const Tensor x = randint(0, 50, {4, 70, 3}, kLong);
  for (const ScalarType type : {kLong, kInt, kByte, kFloat, kDouble, kHalf}) {
    for (const bool descending : {false, true}) {
      const Tensor typed = x.to(type);
      const auto [values, indices] = typed.sort(1, descending);
      BOOST_CHECK(values.dtype() == type && indices.dtype() == kLong);
      const auto lines = lines_of(typed, {1}), sorted = lines_of(values, {1}), places = lines_of(indices, {1});
      for (size_t i = 0; i < lines.size(); ++i) {
        std::vector<double> order(lines[i].size());
        std::iota(order.begin(), order.end(), 0.0);
        std::stable_sort(order.begin(), order.end(), [&](double a, double b) {
          const double va = lines[i][static_cast<size_t>(a)], vb = lines[i][static_cast<size_t>(b)];
          return descending ? va > vb : va < vb;
        });
        BOOST_CHECK(places[i] == order);
        for (size_t j = 0; j < order.size(); ++j) {
          BOOST_CHECK_EQUAL(sorted[i][j], lines[i][static_cast<size_t>(order[j])]);
        }
      }
    }
  }
  BOOST_CHECK(std::get<0>(tensor({true, false, true}).sort()).equal(tensor({false, true, true})));
}

BOOST_AUTO_TEST_CASE(wrong_use) {
  expect::error("sum: dim 1 appears multiple times in the list of dims", [] { zeros({2, 2}).sum({0, 1, 1}); });
  expect::error(
      "mean: could not infer output dtype. Input dtype must be either a floating point or complex dtype. "
      "Got: Long",
      [] { zeros({2}, kLong).mean(); });
  expect::error("max: Expected reduction dim to be specified for input.numel() == 0", [] { zeros({0}).max(); });
  expect::error("max: Expected reduction dim 0 to have non-zero size", [] { zeros({0, 2}).max(0); });
  expect::error("is not expandable to size", [] { zeros({2, 3}).sum_to_size({2}); });
  expect::error("topk: selected index k out of range", [] { zeros({3}).topk(4); });
  expect::error("softmax: not implemented for 'Long'", [] { zeros({3}, kLong).softmax(0); });
  expect::error("std and var only support floating point", [] { zeros({3}, kLong).var(); });
  BOOST_CHECK_THROW(zeros({2, 2}).sum(2), IndexError);
  BOOST_CHECK_THROW(zeros({2, 2}).cumsum(-3), IndexError);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rondo
