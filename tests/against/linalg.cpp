// Linear algebra. Vectors whose sign is free are compared through products and squares.
#include "case.h"

#include <cmath>

using against::gradients;
using against::Inputs;
using against::integers;
using against::real;
using against::refuses;
using against::value;

namespace {

torch::Tensor turned(const torch::Tensor& x) { return x.transpose(-2, -1); }
torch::Tensor one_like(const torch::Tensor& x) { return torch::eye(x.size(-1), torch::kDouble); }
// Far from singular; positive definite; symmetric with eigenvalues apart.
torch::Tensor firm(const torch::Tensor& x) { return x + 4 * one_like(x); }
torch::Tensor well_posed(const torch::Tensor& x) { return torch::matmul(x, turned(x)) + one_like(x); }
torch::Tensor apart(const torch::Tensor& x) {
  return (x + turned(x)) * 0.1 + torch::arange(x.size(-1), torch::kDouble) * one_like(x);
}
torch::Tensor tall(const torch::Tensor& x) {
  const int64_t n = x.size(-1);
  return x * 0.1 + torch::arange(1, n + 1, torch::kDouble) * torch::eye(x.size(-2), n, torch::kDouble);
}

// Of U S V^T, without the signs of the vectors.
torch::Tensor of_svd(const std::tuple<torch::Tensor, torch::Tensor, torch::Tensor>& parts) {
  const torch::Tensor s = std::get<1>(parts);
  const torch::Tensor u = std::get<0>(parts).narrow(-1, 0, s.size(-1));
  const torch::Tensor vh = std::get<2>(parts).narrow(-2, 0, s.size(-1));
  return torch::matmul(u * s.tanh().unsqueeze(-2), vh) + u.square().narrow(-2, 0, 1).sum(-1, true);
}
torch::Tensor of_eigh(const std::tuple<torch::Tensor, torch::Tensor>& parts) {
  const torch::Tensor l = std::get<0>(parts), v = std::get<1>(parts);
  return torch::matmul(v * l.tanh().unsqueeze(-2), turned(v)) + v.square() * l.unsqueeze(-2);
}

}  // namespace

AGAINST(determinants) {
  gradients("det", {real({3, 3})}, AGAINST_F(torch::det(in[0])));
  gradients("linalg_det, a stack", {real({2, 2, 3, 3})}, AGAINST_F(torch::linalg_det(in[0])));
  gradients("linalg::det, transposed", {real({2, 3, 3})}, AGAINST_F(torch::linalg::det(turned(in[0]))));
  gradients("one number", {real({1, 1})}, AGAINST_F(in[0].det()));
  gradients("singular of rank 2", {real({3, 2}), real({2, 3})}, AGAINST_F(torch::det(torch::mm(in[0], in[1]))), false);
  value("no rows", torch::det(torch::ones({0, 0})));
  value("empty stack", torch::det(torch::ones({0, 2, 2})));
  value("float32", torch::det(torch::eye(3) * 2));
  gradients("slogdet", {real({2, 3, 3})}, AGAINST_F(std::get<1>(torch::slogdet(in[0]))));
  value("sign", std::get<0>(torch::linalg_slogdet(real({5, 3, 3}))));
  value("log of singular", std::get<1>(torch::linalg::slogdet(torch::zeros({2, 2}))));
  value("sign of singular", std::get<0>(torch::linalg::slogdet(torch::zeros({2, 2}))));
  gradients("logdet", {real({2, 3, 3}, 0, 1)}, AGAINST_F(torch::logdet(firm(in[0]))));
  value("logdet of a negative one", torch::logdet(torch::tensor({{-1.0, 0.0}, {0.0, 1.0}})));
  value("logdet of a singular one", torch::zeros({2, 2}).logdet());
  refuses("rectangle", [] { torch::det(torch::ones({2, 3})); });
  refuses("vector", [] { torch::det(torch::ones({2})); });
  refuses("integers", [] { torch::det(torch::ones({2, 2}, torch::kLong)); });
  refuses("half", [] { torch::det(torch::ones({2, 2}, torch::kHalf)); });
}

AGAINST(inverses) {
  gradients("inverse", {real({3, 3})}, AGAINST_F(torch::inverse(firm(in[0]))));
  gradients("linalg_inv, a stack", {real({2, 1, 3, 3})}, AGAINST_F(torch::linalg_inv(firm(in[0]))));
  gradients("linalg::inv, transposed", {real({2, 2})}, AGAINST_F(torch::linalg::inv(firm(in[0]).t())));
  gradients("inv_ex", {real({2, 2})}, AGAINST_F(std::get<0>(torch::linalg_inv_ex(firm(in[0])))));
  value("info", std::get<1>(torch::linalg_inv_ex(torch::stack({torch::eye(2), torch::ones({2, 2})}))));
  value("no rows", torch::inverse(torch::ones({2, 0, 0})));
  refuses("singular", [] { torch::inverse(torch::zeros({2, 2})); });
  refuses("rectangle", [] { torch::inverse(torch::zeros({2, 3})); });
  refuses("integers", [] { torch::inverse(torch::ones({2, 2}, torch::kLong)); });
}

AGAINST(solve) {
  gradients("matrix", {real({3, 3}), real({3, 2})}, AGAINST_F(torch::linalg_solve(firm(in[0]), in[1])));
  gradients("vector", {real({3, 3}), real({3})}, AGAINST_F(torch::linalg_solve(firm(in[0]), in[1])));
  gradients("vectors", {real({2, 3, 3}), real({2, 3})}, AGAINST_F(torch::linalg_solve(firm(in[0]), in[1])));
  gradients("right", {real({2, 2}), real({3, 2})}, AGAINST_F(torch::linalg::solve(firm(in[0]), in[1], false)));
  gradients("broadcast", {real({2, 1, 2, 2}), real({3, 2, 1})},
            AGAINST_F(std::get<0>(torch::linalg_solve_ex(firm(in[0]), in[1]))));
  value("no rows", torch::linalg_solve(torch::ones({0, 0}), torch::ones({0, 2})));
  value("info", std::get<1>(torch::linalg_solve_ex(torch::ones({2, 2}), torch::ones({2}))));
  refuses("singular", [] { torch::linalg_solve(torch::ones({2, 2}), torch::ones({2})); });
  refuses("shapes", [] { torch::linalg_solve(torch::ones({2, 2}), torch::ones({3, 2})); });
  refuses("dtypes", [] { torch::linalg_solve(torch::eye(2), torch::ones({2, 2}, torch::kDouble)); });
}

AGAINST(triangular) {
  gradients("upper", {real({3, 3}), real({3, 2})}, AGAINST_F(torch::linalg_solve_triangular(firm(in[0]), in[1], true)));
  gradients("lower", {real({2, 3, 3}), real({2, 3, 2})},
            AGAINST_F(torch::linalg::solve_triangular(firm(in[0]), in[1], false, true, false)));
  gradients("right", {real({2, 2}), real({3, 2})},
            AGAINST_F(torch::linalg_solve_triangular(firm(in[0]), in[1], true, false)));
  gradients("unit", {real({2, 2}), real({3, 2})},
            AGAINST_F(torch::linalg_solve_triangular(in[0], in[1], false, false, true)));
  gradients("broadcast", {real({2, 1, 2, 2}), real({3, 2, 1})},
            AGAINST_F(torch::linalg_solve_triangular(firm(in[0]), in[1], true)));
  gradients("column-major", {real({3, 3}), real({2, 3})},
            AGAINST_F(torch::linalg_solve_triangular(firm(in[0]).t(), in[1].t(), true)));
  gradients("triangular_solve", {real({3, 2}), real({3, 3})},
            AGAINST_F(std::get<0>(torch::triangular_solve(in[0], firm(in[1])))));
  gradients("triangular_solve, lower, transposed", {real({3, 2}), real({3, 3})},
            AGAINST_F(std::get<0>(in[0].triangular_solve(firm(in[1]), false, true, false))));
  refuses("shapes", [] { torch::linalg_solve_triangular(torch::ones({2, 2}), torch::ones({3, 2}), true); });
}

AGAINST(cholesky) {
  gradients("lower", {real({3, 3})}, AGAINST_F(torch::linalg_cholesky(well_posed(in[0]))));
  gradients("upper", {real({2, 3, 3})}, AGAINST_F(torch::linalg_cholesky(well_posed(in[0]), true)));
  gradients("cholesky", {real({3, 3})}, AGAINST_F(torch::cholesky(well_posed(in[0]))));
  gradients("cholesky, upper", {real({3, 3})}, AGAINST_F(well_posed(in[0]).cholesky(true)));
  gradients("linalg::cholesky", {real({2, 2})}, AGAINST_F(torch::linalg::cholesky(well_posed(in[0]))));
  value("one triangle", torch::linalg_cholesky(torch::tensor({{2.0, 9.0}, {1.0, 3.0}})));
  value("the other triangle", torch::linalg_cholesky(torch::tensor({{2.0, 1.0}, {9.0, 3.0}}), true));
  value("cholesky, one triangle", torch::cholesky(torch::tensor({{2.0, 9.0}, {1.0, 3.0}})));
  value("cholesky, the other", torch::cholesky(torch::tensor({{2.0, 1.0}, {9.0, 3.0}}), true));
  value("info", std::get<1>(torch::linalg_cholesky_ex(torch::stack({torch::eye(2), -torch::eye(2)}))));
  value("no rows", torch::linalg_cholesky(torch::ones({2, 0, 0})));
  gradients("solve", {real({3, 2}), real({3, 3}, 0.5, 2)}, AGAINST_F(torch::cholesky_solve(in[0], in[1].tril())),
            false);
  gradients("solve, upper", {real({3, 2}), real({2, 3, 3}, 0.5, 2)},
            AGAINST_F(torch::cholesky_solve(in[0], in[1].triu(), true)), false);
  gradients("inverse", {real({3, 3}, 0.5, 2)}, AGAINST_F(torch::cholesky_inverse(in[0].tril())), false);
  gradients("inverse, upper", {real({2, 3, 3}, 0.5, 2)}, AGAINST_F(in[0].triu().cholesky_inverse(true)), false);
  refuses("not positive", [] { torch::linalg_cholesky(-torch::eye(2)); });
  refuses("rectangle", [] { torch::cholesky(torch::ones({2, 3})); });
}

AGAINST(lu) {
  const torch::Tensor x = real({2, 3, 3});
  gradients("square, L", {x}, AGAINST_F(std::get<1>(torch::linalg_lu(in[0]))));
  gradients("square, U", {x}, AGAINST_F(std::get<2>(torch::linalg_lu(in[0]))));
  gradients("wide", {real({2, 4})},
            AGAINST_F(torch::matmul(std::get<1>(torch::linalg_lu(in[0])).exp(),
                                    std::get<2>(torch::linalg_lu(in[0])).tanh())));
  gradients("tall", {real({4, 2})},
            AGAINST_F(torch::matmul(std::get<1>(torch::linalg_lu(in[0])).exp(),
                                    std::get<2>(torch::linalg_lu(in[0])).tanh())));
  gradients("factor", {x}, AGAINST_F(std::get<0>(torch::linalg_lu_factor(in[0]))));
  gradients("factor_ex, wide", {real({2, 3})}, AGAINST_F(std::get<0>(torch::linalg_lu_factor_ex(in[0]))));
  gradients("with info, tall", {real({3, 2})}, AGAINST_F(std::get<0>(torch::_lu_with_info(in[0]))));
  value("P", std::get<0>(torch::linalg_lu(x)));
  value("pivots", std::get<1>(torch::linalg_lu_factor(x)));
  value("info", std::get<2>(torch::linalg_lu_factor_ex(torch::ones({2, 2}))));
  value("L of nothing", std::get<1>(torch::linalg_lu(torch::ones({2, 0}))));
  const auto factors = torch::linalg_lu_factor(x);
  const auto parts = torch::lu_unpack(std::get<0>(factors), std::get<1>(factors));
  value("unpacked P", std::get<0>(parts));
  value("unpacked L", std::get<1>(parts));
  value("unpacked U", std::get<2>(parts));
  value("unpacked data alone", std::get<0>(torch::lu_unpack(std::get<0>(factors), std::get<1>(factors), true, false)));
  value("unpacked pivots alone",
        std::get<1>(torch::lu_unpack(std::get<0>(factors), std::get<1>(factors), false, true)));
  const auto solved = [](const Inputs& in, bool left, bool adjoint) {
    const auto lu = torch::linalg_lu_factor(in[0]);
    return torch::linalg_lu_solve(std::get<0>(lu), std::get<1>(lu), in[1], left, adjoint);
  };
  static const auto solve = solved;
  gradients("solve", {x, real({2, 3, 2})}, AGAINST_F(solve(in, true, false)));
  gradients("solve, adjoint", {x, real({2, 3, 2})}, AGAINST_F(solve(in, true, true)));
  gradients("solve, right", {x, real({2, 2, 3})}, AGAINST_F(solve(in, false, false)));
  gradients("solve, right, adjoint", {x, real({2, 2, 3})}, AGAINST_F(solve(in, false, true)));
  value("lu_solve", torch::lu_solve(real({2, 3, 1}), std::get<0>(factors), std::get<1>(factors)));
  refuses("singular", [] { torch::linalg_lu_factor(torch::ones({2, 2})); });
  refuses("vector", [] { torch::linalg_lu(torch::ones({2})); });
}

AGAINST(qr) {
  gradients("Q", {real({3, 3})}, AGAINST_F(std::get<0>(torch::linalg_qr(in[0]))));
  gradients("R", {real({3, 3})}, AGAINST_F(std::get<1>(torch::linalg_qr(in[0]))));
  gradients("tall", {real({2, 4, 2})},
            AGAINST_F(torch::matmul(std::get<0>(torch::linalg_qr(in[0])).exp(), std::get<1>(torch::linalg_qr(in[0])))));
  gradients("wide", {real({2, 2, 4})},
            AGAINST_F(torch::matmul(std::get<0>(torch::linalg::qr(in[0], "reduced")).exp(),
                                    std::get<1>(torch::linalg_qr(in[0])))));
  gradients("wide, complete", {real({2, 4})}, AGAINST_F(std::get<0>(torch::linalg_qr(in[0], "complete"))));
  value("tall, complete, Q", std::get<0>(torch::linalg_qr(real({4, 2}), "complete")));
  value("tall, complete, R", std::get<1>(torch::linalg_qr(real({4, 2}), "complete")));
  value("r, Q", std::get<0>(torch::linalg_qr(real({4, 2}), "r")));
  value("r, R", std::get<1>(torch::linalg_qr(real({4, 2}), "r")));
  value("qr, not some", std::get<0>(torch::qr(real({3, 2}), false)));
  gradients("qr", {real({3, 2})}, AGAINST_F(std::get<1>(in[0].qr())));
  value("Q of no columns", std::get<0>(torch::linalg_qr(torch::ones({3, 0}), "complete")));
  value("R of no columns", std::get<1>(torch::linalg_qr(torch::ones({3, 0}), "complete")));
  value("geqrf", std::get<0>(torch::geqrf(real({3, 2}))));
  value("geqrf, factors", std::get<1>(real({2, 3}).geqrf()));
  const torch::Tensor x = real({2, 4, 2});
  const auto parts = torch::geqrf(x);
  value("orgqr", torch::orgqr(std::get<0>(parts), std::get<1>(parts)));
  value("ormqr", torch::ormqr(std::get<0>(parts), std::get<1>(parts), real({2, 4, 3})));
  value("ormqr, right, transposed", torch::ormqr(std::get<0>(parts), std::get<1>(parts), real({2, 3, 4}), false, true));
  gradients("householder_product", {real({3, 2}), real({2})},
            AGAINST_F(torch::linalg_householder_product(in[0] * 0.3, in[1])), false);
  refuses("mode", [] { torch::linalg_qr(torch::ones({2, 2}), "full"); });
  refuses("backward of r", [] {
    std::get<1>(torch::linalg_qr(torch::ones({2, 2}).requires_grad_(), "r")).sum().backward();
  });
  refuses("backward of complete", [] {
    std::get<1>(torch::linalg_qr(torch::ones({3, 2}).requires_grad_(), "complete")).sum().backward();
  });
}

AGAINST(svd) {
  gradients("square", {real({3, 3})}, AGAINST_F(of_svd(torch::linalg_svd(tall(in[0])))));
  gradients("tall", {real({2, 4, 2})}, AGAINST_F(of_svd(torch::linalg_svd(tall(in[0]), false))));
  gradients("wide", {real({4, 2})}, AGAINST_F(of_svd(torch::linalg_svd(tall(in[0]).t(), false))));
  gradients("full", {real({4, 2})}, AGAINST_F(of_svd(torch::linalg_svd(tall(in[0])))));
  gradients("values", {real({3, 2})}, AGAINST_F(std::get<1>(torch::linalg_svd(tall(in[0])))));
  gradients("svdvals", {real({2, 3, 2})}, AGAINST_F(torch::linalg_svdvals(tall(in[0]))));
  gradients("svd", {real({3, 2})}, AGAINST_F(std::get<2>(torch::svd(tall(in[0]))).square()));
  gradients("svd without vectors", {real({3, 2})}, AGAINST_F(std::get<1>(tall(in[0]).svd(true, false))));
  value("zeros for U", std::get<0>(torch::svd(real({3, 2}), true, false)));
  value("zeros for V", std::get<2>(torch::svd(real({3, 2}), true, false)));
  value("full U", std::get<0>(torch::svd(real({3, 2}), false)).abs().narrow(1, 0, 2));
  value("U of nothing", std::get<0>(torch::linalg_svd(torch::ones({2, 0}))));
  value("values of nothing", torch::linalg_svdvals(torch::ones({3, 0, 2})));
  refuses("not finite", [] { torch::linalg_svd(torch::full({2, 2}, std::nan(""))); });
  refuses("integers", [] { torch::linalg_svdvals(torch::ones({2, 2}, torch::kLong)); });
}

AGAINST(eigh) {
  gradients("both", {real({3, 3})}, AGAINST_F(of_eigh(torch::linalg_eigh(apart(in[0])))));
  gradients("upper", {real({2, 3, 3})}, AGAINST_F(of_eigh(torch::linalg_eigh(apart(in[0]), "U"))));
  gradients("values", {real({3, 3})}, AGAINST_F(std::get<0>(torch::linalg::eigh(apart(in[0]), "L"))));
  gradients("eigvalsh", {real({2, 3, 3})}, AGAINST_F(torch::linalg_eigvalsh(apart(in[0]))));
  gradients("symeig", {real({3, 3})}, AGAINST_F(of_eigh(torch::symeig(apart(in[0]), true))));
  value("one triangle", torch::linalg_eigvalsh(torch::tensor({{2.0, 9.0}, {1.0, 3.0}})));
  value("the other triangle", torch::linalg_eigvalsh(torch::tensor({{2.0, 9.0}, {1.0, 3.0}}), "U"));
  value("no rows", std::get<1>(torch::linalg_eigh(torch::ones({2, 0, 0}))));
  refuses("triangle", [] { torch::linalg_eigh(torch::eye(2), "X"); });
  refuses("rectangle", [] { torch::linalg_eigh(torch::ones({2, 3})); });
}

AGAINST(pseudoinverses) {
  gradients("tall", {real({4, 2})}, AGAINST_F(torch::linalg_pinv(in[0])));
  gradients("wide", {real({2, 2, 3})}, AGAINST_F(torch::pinverse(in[0])));
  gradients("rank 1", {real({3, 1}), real({1, 2})},
            AGAINST_F(torch::linalg::pinv(torch::mm(in[0], in[1]), 1e-8, false)), false);
  gradients("hermitian", {real({3, 3})},
            AGAINST_F(torch::linalg_pinv(firm(in[0] + in[0].t()) + 4 * one_like(in[0]), 1e-10, true)), false);
  const torch::Tensor x = torch::eye(3, torch::kDouble) * torch::tensor({1.0, 0.1, 0.001}, torch::kDouble);
  value("atol", torch::linalg_pinv(x, c10::optional<double>(0.01), c10::nullopt));
  value("rtol", torch::linalg_pinv(x, c10::nullopt, c10::optional<double>(0.2)));
  value("both", torch::linalg_pinv(x, c10::optional<double>(0.01), c10::optional<double>(0.2)));
  value("a tensor", torch::linalg_pinv(x, torch::tensor(0.2, torch::kDouble)));
  value("empty", torch::linalg_pinv(torch::ones({0, 3})));
  value("rank", torch::linalg_matrix_rank(x));
  value("rank, tol", torch::linalg_matrix_rank(x, 0.01));
  value("rank, rtol", torch::linalg_matrix_rank(x * 10, c10::nullopt, c10::optional<double>(0.05)));
  value("rank, symmetric", torch::linalg::matrix_rank(x, 0.01, true));
  value("rank of a stack", torch::linalg_matrix_rank(torch::stack({torch::eye(2), torch::ones({2, 2})})));
  value("rank of nothing", torch::linalg_matrix_rank(torch::ones({2, 0, 3})));
  gradients("cond", {real({2, 3, 2})}, AGAINST_F(torch::linalg_cond(tall(in[0]))));
  gradients("cond -2", {real({3, 3})}, AGAINST_F(torch::linalg_cond(tall(in[0]), -2)));
  value("cond 1", torch::linalg_cond(firm(real({2, 2, 2})), 1));
  value("cond inf", torch::linalg_cond(firm(real({2, 2})), INFINITY));
  value("cond fro", torch::linalg_cond(firm(real({2, 2})), "fro"));
  value("cond nuc", torch::linalg_cond(tall(real({2, 2})), "nuc"));
  value("cond of a singular one", torch::linalg_cond(torch::ones({2, 2}, torch::kDouble), 1));
  refuses("cond 3", [] { torch::linalg_cond(torch::eye(2), 3); });
}

AGAINST(least_squares) {
  gradients("tall", {real({4, 2}), real({4, 3})}, AGAINST_F(std::get<0>(torch::linalg_lstsq(in[0], in[1]))));
  gradients("wide", {real({2, 4}), real({2, 3})}, AGAINST_F(std::get<0>(torch::linalg_lstsq(in[0], in[1]))));
  for (const char* driver : {"gels", "gelsy", "gelsd", "gelss"}) {
    const auto y = torch::linalg_lstsq(real({2, 4, 3}), real({2, 4, 2}), c10::nullopt, driver);
    const std::string name(driver);
    value(name + " solution", std::get<0>(y));
    value(name + " residuals", std::get<1>(y));
    value(name + " rank", std::get<2>(y));
    value(name + " values", std::get<3>(y));
  }
  value("vectors", std::get<0>(torch::linalg_lstsq(real({2, 4, 3}), real({2, 4}))));
  refuses("driver", [] { torch::linalg_lstsq(torch::eye(2), torch::eye(2), c10::nullopt, "none"); });
  refuses("sizes", [] { torch::linalg_lstsq(torch::eye(2), torch::ones({3, 1})); });
}

AGAINST(tensor_systems) {
  gradients("tensorinv", {real({2, 2, 4})},
            AGAINST_F(torch::linalg_tensorinv(in[0] + 4 * torch::eye(4).reshape({2, 2, 4}))));
  gradients("tensorinv, 1", {real({4, 2, 2})},
            AGAINST_F(torch::linalg::tensorinv(in[0] + 4 * torch::eye(4).reshape({4, 2, 2}), 1)));
  gradients("tensorsolve", {real({2, 2, 4}), real({2, 2})},
            AGAINST_F(torch::linalg_tensorsolve(in[0] + 4 * torch::eye(4).reshape({2, 2, 4}), in[1])));
  gradients("tensorsolve, dims", {real({4, 2, 2}), real({2, 2})},
            AGAINST_F(torch::linalg_tensorsolve(in[0] + 4 * torch::eye(4).reshape({4, 2, 2}), in[1],
                                                torch::IntArrayRef({0}))));
  refuses("sizes", [] { torch::linalg_tensorinv(torch::ones({2, 3, 2})); });
  refuses("ind", [] { torch::linalg_tensorinv(torch::ones({2, 2}), 0); });
}

AGAINST(linalg_edges) {
  const double inf = INFINITY, nan = std::nan("");
  const torch::Tensor zero = torch::zeros({2, 2}, torch::kDouble), odd = torch::full({2, 2}, nan, torch::kDouble);
  const torch::Tensor infinite = torch::tensor({{inf, 0.0}, {0.0, 1.0}}, torch::kDouble);
  value("det of NaN", torch::det(odd));
  value("det of inf", torch::det(infinite));
  gradients("det of zeros", {zero}, AGAINST_F(torch::det(in[0])), false);
  value("inverse of NaN", torch::inverse(odd));
  value("cond of NaN", torch::linalg_cond(torch::eye(2, torch::kDouble)));
  value("singular values of zeros", torch::linalg_svdvals(zero));
  value("rank of zeros", torch::linalg_matrix_rank(zero));
  value("pseudoinverse of zeros", torch::linalg_pinv(zero));
  value("eigenvalues of one", torch::linalg_eigvalsh(torch::eye(3, torch::kDouble)));
  value("R of zeros", std::get<1>(torch::linalg_qr(zero)));
  value("U of zeros", std::get<2>(torch::linalg_lu(zero)));
  value("info of zeros", std::get<2>(torch::linalg_lu_factor_ex(zero)));
  value("info of the inverse", std::get<1>(torch::linalg_inv_ex(zero)));
  value("triangular, singular", torch::linalg_solve_triangular(zero, torch::ones({2, 1}, torch::kDouble), true));
  value("least squares of zeros", std::get<0>(torch::linalg_lstsq(zero, torch::ones({2, 1}, torch::kDouble))));
  value("solve, no sides", torch::linalg_solve(torch::eye(2), torch::ones({2, 0})));
  value("solve, empty stack", torch::linalg_solve(torch::ones({0, 2, 2}), torch::ones({0, 2, 1})));
  value("triangular, empty stack",
        torch::linalg_solve_triangular(torch::ones({0, 2, 2}), torch::ones({0, 2, 1}), true));
  value("cholesky, empty stack", torch::linalg_cholesky(torch::ones({0, 2, 2})));
  value("eigh, empty stack", std::get<0>(torch::linalg_eigh(torch::ones({0, 2, 2}))));
  value("pinv, empty stack", torch::linalg_pinv(torch::ones({0, 2, 3})));
  value("qr, empty stack", std::get<1>(torch::linalg_qr(torch::ones({0, 2, 3}))));
  value("slogdet, no rows", std::get<0>(torch::slogdet(torch::ones({2, 0, 0}))));
  value("logdet, no rows", torch::logdet(torch::ones({2, 0, 0})));
  value("float32", torch::inverse(torch::tensor({{2.0F, 0.0F}, {0.0F, 4.0F}})));
  value("float32, det", torch::det(torch::tensor({{2.0F, 1.0F}, {0.0F, 4.0F}})));
  value("float32, cholesky", torch::linalg_cholesky(torch::tensor({{4.0F, 2.0F}, {2.0F, 5.0F}})));
  value("float32, values", torch::linalg_svdvals(torch::eye(2, torch::kFloat)));
  gradients("expanded", {real({3, 3})},
            AGAINST_F(torch::linalg_inv((in[0] + 4 * one_like(in[0])).unsqueeze(0).expand({2, 3, 3}))));
  gradients("steps", {real({6, 3})},
            AGAINST_F(torch::linalg_solve(firm(in[0].slice(0, 0, 6, 2)), in[0].slice(0, 1, 6, 2))));
  gradients("larger", {real({12, 12})}, AGAINST_F(std::get<1>(torch::slogdet(firm(in[0])))));
}
