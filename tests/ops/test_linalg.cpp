// Linear algebra on matrices that are larger than the samples of the table: what the factors must give back, and the
// promise that no bit depends on the number of threads.
#include <rondo/autograd.h>

#include <boost/test/unit_test.hpp>

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

BOOST_AUTO_TEST_CASE(einsum_takes_the_cheap_order_and_agrees_with_loops) {
  const Tensor a = rondo::randn({5, 40}, rondo::kDouble), b = rondo::randn({40, 30}, rondo::kDouble);
  const Tensor c = rondo::randn({30, 3}, rondo::kDouble);
  BOOST_TEST(distance(rondo::einsum("ab,bc,cd->da", {a, b, c}), rondo::mm(rondo::mm(a, b), c).t()) < 1e-13);
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
