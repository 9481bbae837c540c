// Linear algebra on matrices that are larger than the samples of the table: what the factors must give back, and the
// promise that no bit depends on the number of threads.
#include <rondo/autograd.h>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace {

using rondo::Tensor;

Tensor turned(const Tensor& x) { return x.transpose(-2, -1); }

// The largest difference, relative to the largest number.
double distance(const Tensor& a, const Tensor& b) { return ((a - b).abs().max() / b.abs().max()).item<double>(); }

struct Fixture {
  Fixture() { rondo::manual_seed(3); }
  ~Fixture() { rondo::set_num_threads(before); }
  int before = rondo::get_num_threads();
};

// Everything that comes out of the factorizations, at once.
std::vector<Tensor> results_of(const Tensor& x) {
  std::vector<Tensor> all;
  const Tensor symmetric = x + turned(x), positive = rondo::matmul(x, turned(x)) + rondo::eye(x.size(-1), x.dtype());
  const auto [p, lower, upper] = rondo::linalg_lu(x);
  const auto [q, r] = rondo::linalg_qr(x);
  const auto [u, s, vh] = rondo::linalg_svd(x);
  const auto [values, vectors] = rondo::linalg_eigh(symmetric);
  for (const Tensor& y : {lower, upper, q, r, u, s, vh, values, vectors}) all.push_back(y);
  for (const Tensor& y : {rondo::linalg_inv(x), rondo::linalg_solve(x, symmetric), rondo::linalg_cholesky(positive),
                          rondo::linalg_pinv(x), rondo::matrix_exp(x * 0.1), rondo::cdist(x, symmetric),
                          std::get<0>(rondo::linalg_lstsq(x, symmetric))}) {
    all.push_back(y);
  }
  return all;
}

struct Dice {
  std::mt19937 source{5};
  int operator()(int sides) { return static_cast<int>(source() % static_cast<unsigned>(sides)); }
};

struct Equation {
  static constexpr int kLetters = 5;
  std::string text, output;
  std::vector<std::string> labels;
  std::vector<Tensor> operands;
  int64_t sizes[kLetters];

  explicit Equation(Dice& dice) {
    for (int64_t& size : sizes) size = 1 + dice(3);
    const int count = 1 + dice(4);
    std::string seen;
    for (int i = 0; i < count; ++i) {
      std::string own;
      std::vector<int64_t> shape;
      for (int d = dice(4); d > 0; --d) {
        const int letter = dice(kLetters);
        const size_t before = own.find(static_cast<char>('a' + letter));
        shape.push_back(before != std::string::npos ? shape[before] : (dice(5) == 0 ? 1 : sizes[letter]));
        own += static_cast<char>('a' + letter);
      }
      seen += own;
      text += (i > 0 ? "," : "") + own;
      labels.push_back(own);
      operands.push_back(rondo::randn(shape, rondo::kDouble));
    }
    for (int letter = kLetters; letter-- > 0;) {
      const char name = static_cast<char>('a' + letter);
      if (seen.find(name) != std::string::npos && dice(2) == 0) output += name;
    }
    text += "->" + output;
  }
  // What a letter runs over: sizes of 1 are repeated.
  int64_t range(int letter) const {
    int64_t most = 1;
    for (size_t i = 0; i < labels.size(); ++i) {
      for (size_t d = 0; d < labels[i].size(); ++d) {
        if (labels[i][d] == 'a' + letter) most = std::max(most, operands[i].sizes()[d]);
      }
    }
    return most;
  }
  static int64_t place(const Tensor& x, const std::string& own, const int64_t* at) {
    int64_t offset = 0;
    for (size_t d = 0; d < own.size(); ++d) offset += x.sizes()[d] == 1 ? 0 : at[own[d] - 'a'] * x.strides()[d];
    return offset;
  }
  Tensor by_loops() const {
    std::vector<int64_t> shape;
    for (char name : output) shape.push_back(range(name - 'a'));
    const Tensor y = rondo::zeros(shape, rondo::kDouble);
    int64_t total = 1;
    for (int l = 0; l < kLetters; ++l) total *= range(l);
    for (int64_t i = 0; i < total; ++i) {
      int64_t at[kLetters], rest = i;
      for (int l = 0; l < kLetters; ++l) {
        at[l] = rest % range(l);
        rest /= range(l);
      }
      double product = 1;
      for (size_t k = 0; k < operands.size(); ++k) {
        product *= operands[k].data_ptr<double>()[place(operands[k], labels[k], at)];
      }
      y.data_ptr<double>()[place(y, output, at)] += product;
    }
    return y;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(linalg, Fixture)

BOOST_AUTO_TEST_CASE(factors_of_a_large_matrix_give_it_back) {
  const Tensor x = rondo::randn({150, 150}, rondo::kDouble), wide = rondo::randn({60, 150}, rondo::kDouble);
  const auto [p, lower, upper] = rondo::linalg_lu(x);
  BOOST_TEST(distance(rondo::mm(p, rondo::mm(lower, upper)), x) < 1e-13);
  for (const Tensor& y : {x, wide, wide.t()}) {
    const auto [q, r] = rondo::linalg_qr(y);
    BOOST_TEST(distance(rondo::mm(q, r), y) < 1e-13);
    const auto [u, s, vh] = rondo::linalg_svd(y, false);
    BOOST_TEST(distance(rondo::mm(u * s, vh), y) < 1e-13);
    BOOST_TEST(distance(rondo::mm(rondo::mm(y, rondo::linalg_pinv(y)), y), y) < 1e-12);
  }
  const Tensor symmetric = x + x.t();
  const auto [values, vectors] = rondo::linalg_eigh(symmetric);
  BOOST_TEST(distance(rondo::mm(vectors * values, vectors.t()), symmetric) < 1e-13);
  const Tensor positive = rondo::mm(x, x.t()) + rondo::eye(150, rondo::kDouble);
  const Tensor factor = rondo::linalg_cholesky(positive);
  BOOST_TEST(distance(rondo::mm(factor, factor.t()), positive) < 1e-13);
  BOOST_TEST(distance(rondo::mm(positive, rondo::cholesky_inverse(factor)), rondo::eye(150, rondo::kDouble)) < 1e-10);
  BOOST_TEST(distance(rondo::mm(x, rondo::linalg_solve(x, wide.t())), wide.t()) < 1e-11);
}

BOOST_AUTO_TEST_CASE(no_bit_depends_on_the_number_of_threads) {
  for (const Tensor& x : {rondo::randn({130, 130}, rondo::kDouble), rondo::randn({40, 16, 16}, rondo::kFloat),
                          rondo::randn({3, 2, 20, 20}, rondo::kDouble)}) {
    rondo::set_num_threads(1);
    const std::vector<Tensor> one = results_of(x);
    rondo::set_num_threads(2);
    const std::vector<Tensor> two = results_of(x);
    for (size_t i = 0; i < one.size(); ++i) BOOST_TEST(rondo::equal(one[i], two[i]), "result " << i);
  }
}

// Random equations of up to four operands, repeated letters and sizes of 1 among them, against the sum as it is
// defined.
BOOST_AUTO_TEST_CASE(einsum_agrees_with_loops) {
  Dice dice;
  for (int round = 0; round < 300; ++round) {
    const Equation equation(dice);
    const Tensor got = rondo::einsum(equation.text, equation.operands);
    const Tensor want = equation.by_loops();
    BOOST_TEST(got.sizes().vec() == want.sizes().vec(), equation.text);
    BOOST_TEST((got - want).abs().sum().item<double>() < 1e-12 * (1 + want.abs().sum().item<double>()), equation.text);
  }
}

// The cofactors of a singular matrix, and their derivative, beside a regular one.
BOOST_AUTO_TEST_CASE(determinants_of_singular_matrices_have_derivatives) {
  const Tensor singular = rondo::tensor({{1., 2., 3.}, {4., 5., 6.}, {7., 8., 9.}}, rondo::kDouble);
  const Tensor cofactors = rondo::tensor({{-3., 6., -3.}, {6., -12., 6.}, {-3., 6., -3.}}, rondo::kDouble);
  const Tensor weights = rondo::randn({2, 3, 3}, rondo::kDouble);
  const auto derivative = [&](const Tensor& at) {
    const Tensor x = at.detach().clone().requires_grad_();
    const Tensor first = rondo::autograd::grad({rondo::det(x).sum()}, {x}, {}, true, true)[0];
    return std::pair(first.detach(), rondo::autograd::grad({(first * weights).sum()}, {x})[0]);
  };
  const Tensor stack = rondo::stack({singular, singular + 3 * rondo::eye(3, rondo::kDouble)});
  const auto [first, second] = derivative(stack);
  BOOST_TEST(distance(first[0], cofactors) < 1e-13);
  const Tensor direction = rondo::randn({2, 3, 3}, rondo::kDouble);
  const double step = 1e-5;
  const auto [above, unused_a] = derivative(stack + direction * step);
  const auto [below, unused_b] = derivative(stack - direction * step);
  const double differences = ((above - below) * weights).sum().item<double>() / (2 * step);
  BOOST_TEST(differences == (second * direction).sum().item<double>(), boost::test_tools::tolerance(1e-5));
}

BOOST_AUTO_TEST_CASE(gradients_of_repeated_singular_values_are_finite_where_the_function_has_them) {
  const Tensor x = rondo::eye(3, rondo::kDouble).requires_grad_();
  rondo::linalg_svdvals(x).sum().backward();
  BOOST_TEST(distance(x.grad(), rondo::eye(3, rondo::kDouble)) < 1e-14);
  const Tensor y = rondo::eye(3, rondo::kDouble).requires_grad_();
  rondo::linalg_pinv(y).sum().backward();
  BOOST_TEST(y.grad().isfinite().all().item<bool>());
}

BOOST_AUTO_TEST_SUITE_END()
