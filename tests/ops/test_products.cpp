// Products against loops over numbers that are exact in every dtype.
#include "expect.h"

namespace rondo {
namespace {

// Small whole numbers, different in each place.
Tensor whole(IntArrayRef sizes, ScalarType type, int64_t seed) {
  const Tensor x = empty(sizes, kLong);
  auto* data = x.data_ptr<int64_t>();
  for (int64_t i = 0; i < x.numel(); ++i) data[i] = (i * 7 + seed * 5 + i / 3) % 9 - 4;
  return x.to(type);
}

double at(const Tensor& x, const std::vector<int64_t>& place) {
  Tensor one = x.detach();
  for (int64_t index : place) one = one.select(0, index);
  return one.item<double>();
}

// NumPy's matmul, written down element by element.
std::vector<double> naive_matmul(Tensor a, Tensor b) {
  if (a.dim() == 1) a = a.unsqueeze(0);
  if (b.dim() == 1) b = b.unsqueeze(1);
  while (a.dim() < b.dim()) a = a.unsqueeze(0);
  while (b.dim() < a.dim()) b = b.unsqueeze(0);
  const int64_t lead = a.dim() - 2, m = a.size(-2), k = a.size(-1), n = b.size(-1);
  std::vector<int64_t> counts;
  int64_t batch = 1;
  for (int64_t d = 0; d < lead; ++d) {
    counts.push_back(std::max(a.size(d), b.size(d)));
    batch *= counts.back();
  }
  std::vector<double> y;
  for (int64_t q = 0; q < batch; ++q) {
    std::vector<int64_t> pa, pb;
    int64_t rest = q, block = batch;
    for (int64_t d = 0; d < lead; ++d) {
      block /= counts[static_cast<size_t>(d)];
      pa.push_back(a.size(d) == 1 ? 0 : rest / block);
      pb.push_back(b.size(d) == 1 ? 0 : rest / block);
      rest %= block;
    }
    for (int64_t i = 0; i < m; ++i) {
      for (int64_t j = 0; j < n; ++j) {
        double sum = 0;
        for (int64_t l = 0; l < k; ++l) {
          auto place_a = pa, place_b = pb;
          place_a.insert(place_a.end(), {i, l});
          place_b.insert(place_b.end(), {l, j});
          sum += at(a, place_a) * at(b, place_b);
        }
        y.push_back(sum);
      }
    }
  }
  return y;
}

BOOST_AUTO_TEST_SUITE(products)

BOOST_AUTO_TEST_CASE(matmul_of_all_ranks) {
  struct Case {
    std::vector<int64_t> a, b, y;
  };
  const Case cases[] = {
      {{3}, {3}, {}},
      {{2, 3}, {3}, {2}},
      {{3}, {3, 4}, {4}},
      {{2, 3}, {3, 4}, {2, 4}},
      {{2, 3, 4}, {4}, {2, 3}},
      {{2, 3, 4}, {4, 5}, {2, 3, 5}},
      {{4}, {2, 4, 3}, {2, 3}},
      {{3, 4}, {2, 4, 2}, {2, 3, 2}},
      {{2, 3, 4}, {2, 4, 2}, {2, 3, 2}},
      {{1, 3, 4}, {2, 4, 2}, {2, 3, 2}},
      {{2, 1, 3, 4}, {3, 4, 2}, {2, 3, 3, 2}},
      {{2, 3, 2, 2}, {2, 1, 2, 3}, {2, 3, 2, 3}},
      {{1, 3, 2, 2}, {2, 1, 2, 3}, {2, 3, 2, 3}},
      {{2, 2, 3, 4}, {4, 2}, {2, 2, 3, 2}},
  };
  for (const ScalarType type : {kFloat, kDouble, kLong, kInt, kBFloat16, kHalf}) {
    for (const Case& c : cases) {
      const Tensor a = whole(c.a, type, 1), b = whole(c.b, type, 2);
      const Tensor y = matmul(a, b);
      BOOST_CHECK(y.dtype() == type);
      expect::shape(y, c.y);
      expect::close(y, naive_matmul(a, b), 0);
    }
  }
}

BOOST_AUTO_TEST_CASE(operands_in_any_layout) {
  const Tensor a = whole({4, 3, 5}, kDouble, 3), b = whole({6, 5, 4}, kDouble, 4);
  for (const auto& [x, y] :
       {std::pair{a.transpose(0, 1), b.transpose(0, 2).select(0, 0)},  // rows that do not fold
        std::pair{a.select(1, 2), b.select(2, 1).t()},                 // strided rows
        std::pair{a.transpose(0, 2).transpose(1, 2).slice(0, 0, 3), b.slice(0, 0, 3).narrow(1, 0, 3)},
        std::pair{a.select(0, 0).unsqueeze(0).expand({6, 3, 5}), b},  // a repeated operand
        std::pair{a.slice(2, 0, 5, 2), b.select(0, 0).slice(0, 0, 3)}}) {
    expect::close(matmul(x, y), naive_matmul(x, y), 0);
  }
}

BOOST_AUTO_TEST_CASE(sizes_of_zero) {
  expect::close(mm(zeros({2, 0}), zeros({0, 3})), std::vector<double>(6, 0));
  expect::shape(mm(zeros({0, 2}), zeros({2, 3})), {0, 3});
  expect::shape(bmm(zeros({0, 2, 3}), zeros({0, 3, 4})), {0, 2, 4});
  expect::close(matmul(zeros({2, 2, 0}), zeros({2, 0, 1})), std::vector<double>(4, 0));
  expect::close(mv(zeros({2, 0}), zeros({0})), {0, 0});
  expect::close(dot(zeros({0}), zeros({0})), {0});
  expect::close(linear(zeros({2, 0}), zeros({3, 0}), tensor({1., 2., 3.}, kFloat)), {1, 2, 3, 1, 2, 3});
}

BOOST_AUTO_TEST_CASE(linear_and_its_gradients) {
  const Tensor x = whole({2, 3, 4}, kDouble, 1).requires_grad_(), w = whole({5, 4}, kDouble, 2).requires_grad_();
  const Tensor b = whole({5}, kDouble, 3).requires_grad_(), weights = whole({2, 3, 5}, kDouble, 4);
  const Tensor y = linear(x, w, b);
  expect::shape(y, {2, 3, 5});
  std::vector<double> expected = naive_matmul(x, w.detach().t()), gx(24, 0), gw(20, 0), gb(5, 0);
  const auto vx = expect::numbers(x), vw = expect::numbers(w), vb = expect::numbers(b), vg = expect::numbers(weights);
  for (size_t i = 0; i < expected.size(); ++i) expected[i] += vb[i % 5];
  expect::close(y, expected, 0);
  (y * weights).sum().backward();
  for (size_t r = 0; r < 6; ++r) {
    for (size_t o = 0; o < 5; ++o) {
      gb[o] += vg[r * 5 + o];
      for (size_t k = 0; k < 4; ++k) {
        gx[r * 4 + k] += vg[r * 5 + o] * vw[o * 4 + k];
        gw[o * 4 + k] += vg[r * 5 + o] * vx[r * 4 + k];
      }
    }
  }
  expect::close(x.grad(), gx, 0);
  expect::close(w.grad(), gw, 0);
  expect::close(b.grad(), gb, 0);
}

BOOST_AUTO_TEST_CASE(linear_keeps_only_what_it_needs) {
  const Tensor w = whole({2, 3}, kFloat, 1).requires_grad_(), x = whole({4, 3}, kFloat, 2);
  Tensor y = linear(x, w, zeros({2}));
  BOOST_CHECK_EQUAL(y.grad_fn()->name(), "AddmmBackward0");
  BOOST_CHECK_EQUAL(y.grad_fn()->num_outputs(), 3);
  BOOST_CHECK(!y.grad_fn()->next_edge(0).is_valid() && !y.grad_fn()->next_edge(2).is_valid());
  x.zero_();  // was saved for the weight's gradient
  expect::error("modified by an inplace operation", [&] { y.sum().backward(); });
  const Tensor z = linear(x.clone().requires_grad_(), w.detach(), {});
  BOOST_CHECK(z.requires_grad());
  BOOST_CHECK(!linear(x, w.detach(), {}).requires_grad());
}

BOOST_AUTO_TEST_CASE(addmm_scales_and_broadcasts) {
  const Tensor a = whole({2, 3}, kDouble, 1), b = whole({3, 4}, kDouble, 2);
  const auto ab = naive_matmul(a, b);
  for (const std::vector<int64_t>& sizes : {std::vector<int64_t>{4}, {2, 4}, {2, 1}, {1, 4}, {1}, {}}) {
    const Tensor s = whole(sizes, kDouble, 5);
    const auto full = expect::numbers(s.expand({2, 4}));
    std::vector<double> plain, scaled;
    for (size_t i = 0; i < 8; ++i) {
      plain.push_back(full[i] + ab[i]);
      scaled.push_back(2 * full[i] - 3 * ab[i]);
    }
    expect::close(addmm(s, a, b), plain, 0);
    expect::close(addmm(s, a, b, 2, -3), scaled, 0);
  }
  // beta 0 does not read self.
  expect::close(addmm(full({2, 4}, NAN, kDouble), a, b, 0), ab, 0);
  expect::close(addmm(whole({4}, kLong, 5), a.to(kLong), b.to(kLong), 2, -3),
                expect::numbers(addmm(whole({4}, kDouble, 5), a, b, 2, -3)), 0);
}

BOOST_AUTO_TEST_CASE(gradients_sum_over_what_was_broadcast) {
  const Tensor a = whole({3, 2}, kDouble, 1).requires_grad_(), b = whole({4, 2, 3}, kDouble, 2);
  matmul(a, b).sum().backward();
  std::vector<double> expected(6, 0);
  const auto vb = expect::numbers(b);
  for (size_t q = 0; q < 4; ++q) {
    for (size_t i = 0; i < 3; ++i) {
      for (size_t k = 0; k < 2; ++k) {
        for (size_t j = 0; j < 3; ++j) expected[i * 2 + k] += vb[q * 6 + k * 3 + j];
      }
    }
  }
  expect::close(a.grad(), expected, 0);
}

BOOST_AUTO_TEST_CASE(float32_errs_little) {
  const Tensor a = randn({64, 300}), b = randn({300, 48});
  const Tensor exact = mm(a.to(kDouble), b.to(kDouble));
  BOOST_CHECK_LT((mm(a, b).to(kDouble) - exact).abs().max().item<double>(), 1e-4);
}

BOOST_AUTO_TEST_CASE(wrong_use) {
  expect::error("mm: inner sizes differ: a is (2, 3), b is (2, 3); need (m, k) and (k, n)", [] {
    mm(zeros({2, 3}), zeros({2, 3}));
  });
  expect::error("mm: expected m1 and m2 to have the same dtype, but got: float32 != float64", [] {
    mm(zeros({2, 3}), zeros({3, 2}, kDouble));
  });
  expect::error("not implemented for 'Bool'", [] { matmul(zeros({2, 3}, kBool), zeros({3, 2}, kBool)); });
  expect::error("both arguments to matmul need to be at least 1D, but they are 0D and 1D",
                [] { matmul(zeros({}), zeros({3})); });
  expect::error("matmul: ", [] { matmul(zeros({2, 2, 3}), zeros({3, 3, 2})); });
  expect::error("matmul: inner sizes differ: a is (2, 3), b is (4,); need (..., k) and (k,)", [] {
    matmul(zeros({2, 3}), zeros({4}));
  });
  expect::error("linear: bias is (3,), weight is (2, 3); need (2,)", [] {
    linear(zeros({4, 3}), zeros({2, 3}), zeros({3}));
  });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace rondo
