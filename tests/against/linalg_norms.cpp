// Norms, distances and correlations.
#include "case.h"

#include <cmath>

using against::gradients;
using against::integers;
using against::real;
using against::refuses;
using against::value;

namespace {

// Second derivatives that are zero everywhere are left out: libtorch gives tensors without memory for them.

torch::Tensor spread(const torch::Tensor& x) {
  return x * 0.1 +
         torch::arange(1, x.size(-1) + 1, torch::kDouble) * torch::eye(x.size(-2), x.size(-1), torch::kDouble);
}
const double kInf = INFINITY;

}  // namespace

AGAINST(norms) {
  const torch::Tensor x = real({2, 3, 2});
  gradients("default", {x}, AGAINST_F(torch::norm(in[0])));
  gradients("1", {x}, AGAINST_F(in[0].norm(1)), false);
  gradients("3", {x}, AGAINST_F(in[0].norm(3)));
  gradients("0.5", {x}, AGAINST_F(in[0].norm(0.5)), false);
  gradients("0", {x}, AGAINST_F(in[0].norm(0) + in[0].sum()), false);
  gradients("inf", {x}, AGAINST_F(in[0].norm(kInf)), false);
  gradients("-inf", {x}, AGAINST_F(in[0].norm(-kInf)), false);
  gradients("dims", {x}, AGAINST_F(torch::norm(in[0], 2, torch::IntArrayRef({0, 2}))));
  gradients("nullopt, kept", {x}, AGAINST_F(torch::norm(in[0], c10::nullopt, {1}, true)));
  gradients("dtype", {x.to(torch::kFloat)}, AGAINST_F(torch::norm(in[0], 2, torch::kDouble)), false);
  gradients("dims and dtype", {x.to(torch::kFloat)}, AGAINST_F(in[0].norm(2, {1}, true, torch::kDouble)), false);
  gradients("zeros", {torch::zeros({3}, torch::kDouble)}, AGAINST_F(torch::norm(in[0])), false);
  gradients("zeros, 1", {torch::zeros({3}, torch::kDouble)}, AGAINST_F(torch::norm(in[0], 1)), false);
  gradients("zeros, 3", {torch::zeros({3}, torch::kDouble)}, AGAINST_F(torch::norm(in[0], 3)), false);
  gradients("zeros, 1.5", {torch::zeros({3}, torch::kDouble)}, AGAINST_F(torch::norm(in[0], 1.5)), false);
  gradients("zeros, inf", {torch::zeros({3}, torch::kDouble)}, AGAINST_F(torch::norm(in[0], kInf)), false);
  gradients("ties, inf", {torch::tensor({1.0, -2.0, 2.0}, torch::kDouble)}, AGAINST_F(torch::norm(in[0], kInf)), false);
  gradients("zero lines", {torch::tensor({{0.0, 0.0}, {3.0, 4.0}}, torch::kDouble)},
            AGAINST_F(torch::norm(in[0], 2, torch::IntArrayRef({1}))), false);
  value("empty", torch::norm(torch::zeros({0}, torch::kDouble)));
  value("float32", torch::norm(x.to(torch::kFloat)).sub(0.5).sign());
  gradients("frobenius", {x}, AGAINST_F(torch::frobenius_norm(in[0], {0, 1})));
  gradients("frobenius, kept", {x}, AGAINST_F(torch::frobenius_norm(in[0], {1}, true)));
  gradients("nuclear", {real({3, 2})}, AGAINST_F(torch::nuclear_norm(spread(in[0]))));
  gradients("nuclear, kept", {real({3, 2})}, AGAINST_F(torch::nuclear_norm(spread(in[0]), true)));
  gradients("nuclear, dims", {real({3, 2, 2})}, AGAINST_F(torch::nuclear_norm(spread(in[0]), {2, 1})));
  refuses("integers", [] { torch::norm(torch::ones({2}, torch::kLong)); });
  refuses("frobenius of three", [] { torch::frobenius_norm(torch::ones({2, 2, 2}), {0, 1, 2}); });
}

AGAINST(linalg_norms) {
  const torch::Tensor x = real({2, 3, 2});
  gradients("vector", {x}, AGAINST_F(torch::linalg_vector_norm(in[0])));
  gradients("vector, 3, dims, kept", {x}, AGAINST_F(torch::linalg_vector_norm(in[0], 3, {{0, 2}}, true)));
  gradients("vector, inf", {x}, AGAINST_F(torch::linalg_vector_norm(in[0], kInf, torch::IntArrayRef({1}))), false);
  value("vector, dtype", torch::linalg_vector_norm(x.to(torch::kFloat), 2, c10::nullopt, false, torch::kDouble));
  refuses("narrow dtype",
          [] { torch::linalg_vector_norm(torch::ones({2}, torch::kDouble), 2, c10::nullopt, false, torch::kFloat); });
  value("vector, 0", torch::linalg_vector_norm(torch::tensor({0.0, 1.0, 2.0}), 0));
  value("vector of nothing", torch::linalg_vector_norm(torch::zeros({0, 3}), 2, torch::IntArrayRef({0})));
  refuses("vector, inf of nothing", [] { torch::linalg_vector_norm(torch::zeros({0}), kInf); });
  refuses("integers", [] { torch::linalg_vector_norm(torch::ones({2}, torch::kLong)); });
  gradients("matrix", {x}, AGAINST_F(torch::linalg_matrix_norm(in[0])));
  gradients("matrix, fro, kept", {x}, AGAINST_F(torch::linalg_matrix_norm(in[0], "fro", {0, 2}, true)));
  gradients("matrix, nuc", {x}, AGAINST_F(torch::linalg_matrix_norm(spread(in[0]), "nuc")));
  gradients("matrix, nuc, kept", {real({3, 2, 2})},
            AGAINST_F(torch::linalg_matrix_norm(spread(in[0]), "nuc", {2, 0}, true)), false);
  gradients("matrix, 1", {x}, AGAINST_F(torch::linalg_matrix_norm(in[0], 1)), false);
  gradients("matrix, -1", {x}, AGAINST_F(torch::linalg_matrix_norm(in[0], -1, {0, 1}, true)), false);
  gradients("matrix, inf", {x}, AGAINST_F(torch::linalg_matrix_norm(in[0], kInf, {2, 0})), false);
  gradients("matrix, -inf", {x}, AGAINST_F(torch::linalg_matrix_norm(in[0], -kInf)), false);
  gradients("matrix, 2", {x}, AGAINST_F(torch::linalg_matrix_norm(spread(in[0]), 2)));
  gradients("matrix, -2", {x}, AGAINST_F(torch::linalg_matrix_norm(spread(in[0]), -2, {1, 2}, true)));
  refuses("matrix, 3", [] { torch::linalg_matrix_norm(torch::ones({2, 2}), 3); });
  refuses("matrix, vector", [] { torch::linalg_matrix_norm(torch::ones({2})); });
  gradients("norm", {x}, AGAINST_F(torch::linalg_norm(in[0])));
  gradients("norm of a matrix, 1", {real({2, 3})}, AGAINST_F(torch::linalg_norm(in[0], 1)), false);
  gradients("norm of a vector, 1", {real({3})}, AGAINST_F(torch::linalg_norm(in[0], 1)), false);
  gradients("norm, vectors", {x}, AGAINST_F(torch::linalg_norm(in[0], 3, torch::IntArrayRef({1}), true)));
  gradients("norm, matrices", {x}, AGAINST_F(torch::linalg_norm(in[0], kInf, {{0, 1}})), false);
  gradients("norm, fro", {x}, AGAINST_F(torch::linalg_norm(in[0], "fro", {{0, 2}})));
  gradients("norm, nuc", {real({3, 2})}, AGAINST_F(torch::linalg_norm(spread(in[0]), "nuc")));
  refuses("norm, 2 of three", [] { torch::linalg_norm(torch::ones({2, 2, 2}), 2); });
  refuses("norm, three dims", [] { torch::linalg_norm(torch::ones({2, 2, 2}), 2, {{0, 1, 2}}); });
}

AGAINST(renorm) {
  gradients("rows", {real({3, 4})}, AGAINST_F(torch::renorm(in[0], 2, 0, 1.5)));
  gradients("middle", {real({2, 3, 2})}, AGAINST_F(in[0].renorm(1, -2, 4)));
  gradients("in place", {real({3, 4})}, AGAINST_F(in[0].clone().renorm_(2, 1, 1)), false);
  gradients("zeros", {torch::zeros({2, 2}, torch::kDouble)}, AGAINST_F(torch::renorm(in[0], 2, 0, 1)), false);
  refuses("p", [] { torch::renorm(torch::ones({2, 2}), 0, 0, 1); });
  refuses("vector", [] { torch::renorm(torch::ones({2}), 2, 0, 1); });
  refuses("maxnorm", [] { torch::renorm(torch::ones({2, 2}), 2, 0, -1); });
}

AGAINST(distances) {
  gradients("cdist", {real({3, 4}), real({2, 4})}, AGAINST_F(torch::cdist(in[0], in[1])), false);
  gradients("cdist 0", {real({3, 4}), real({2, 4})}, AGAINST_F(torch::cdist(in[0], in[1], 0)), false);
  gradients("cdist 1", {real({2, 1, 3, 4}), real({2, 2, 4})}, AGAINST_F(torch::cdist(in[0], in[1], 1)), false);
  gradients("cdist 0.5", {real({3, 4}), real({2, 4})}, AGAINST_F(torch::cdist(in[0], in[1], 0.5)), false);
  gradients("cdist 1.5", {real({3, 4}), real({2, 4})}, AGAINST_F(torch::cdist(in[0], in[1], 1.5)), false);
  gradients("cdist 3", {real({3, 13}), real({2, 13})}, AGAINST_F(torch::cdist(in[0], in[1], 3)), false);
  gradients("cdist inf", {real({3, 13}), real({2, 13})}, AGAINST_F(torch::cdist(in[0], in[1], kInf)), false);
  gradients("cdist of equal rows", {torch::ones({2, 3}, torch::kDouble), torch::ones({2, 3}, torch::kDouble)},
            AGAINST_F(torch::cdist(in[0], in[1])), false);
  value("cdist of no rows", torch::cdist(torch::ones({0, 3}), torch::ones({2, 3})));
  value("cdist of no columns", torch::cdist(torch::ones({3, 0}), torch::ones({2, 0})));
  value("cdist, NaN", torch::cdist(torch::full({1, 3}, std::nan("")), torch::ones({2, 3}), 1));
  gradients("pdist", {real({4, 3})}, AGAINST_F(torch::pdist(in[0])), false);
  gradients("pdist 1", {real({4, 3})}, AGAINST_F(torch::pdist(in[0], 1)), false);
  gradients("pdist 3", {real({4, 3})}, AGAINST_F(torch::pdist(in[0], 3)), false);
  gradients("pdist inf", {real({4, 3})}, AGAINST_F(torch::pdist(in[0], kInf)), false);
  value("pdist of one", torch::pdist(torch::ones({1, 3})));
  gradients("dist", {real({2, 3}), real({3})}, AGAINST_F(torch::dist(in[0], in[1])));
  gradients("dist 1", {real({2, 3}), real({3})}, AGAINST_F(in[0].dist(in[1], 1)), false);
  gradients("dist inf", {real({2, 3}), real({3})}, AGAINST_F(in[0].dist(in[1], kInf)), false);
  gradients("pairwise", {real({2, 3}), real({2, 3})}, AGAINST_F(torch::pairwise_distance(in[0], in[1])));
  gradients("pairwise, kept", {real({2, 3}), real({3})},
            AGAINST_F(torch::pairwise_distance(in[0], in[1], 3, 1e-3, true)));
  gradients("cosine", {real({2, 3}), real({2, 3})}, AGAINST_F(torch::cosine_similarity(in[0], in[1])));
  gradients("cosine, dim", {real({2, 3}), real({2, 1})}, AGAINST_F(torch::cosine_similarity(in[0], in[1], 0)));
  gradients("cosine of zeros", {torch::zeros({1, 3}, torch::kDouble), real({1, 3})},
            AGAINST_F(torch::cosine_similarity(in[0], in[1])), false);
  refuses("cdist columns", [] { torch::cdist(torch::ones({2, 3}), torch::ones({2, 2})); });
  refuses("cdist p", [] { torch::cdist(torch::ones({2, 3}), torch::ones({2, 3}), -1); });
  refuses("cosine of integers", [] {
    torch::cosine_similarity(torch::ones({2, 2}, torch::kLong), torch::ones({2, 2}, torch::kLong));
  });
}

AGAINST(correlations) {
  gradients("cov", {real({3, 4})}, AGAINST_F(torch::cov(in[0])));
  gradients("cov 0", {real({4})}, AGAINST_F(in[0].cov(0)));
  gradients("weights", {real({2, 3}), real({3}, 0.5, 2)},
            AGAINST_F(torch::cov(in[0], 1, torch::full({3}, 2, torch::kLong), in[1])));
  gradients("aweights", {real({2, 3}), real({3}, 0.5, 2)}, AGAINST_F(torch::cov(in[0], 1, {}, in[1])));
  value("integers", torch::cov(integers({2, 5}, 9)).mul(1000).round());
  gradients("corrcoef", {real({3, 5})}, AGAINST_F(torch::corrcoef(in[0]).tril(-1)));
  value("corrcoef, all", real({3, 5}).corrcoef());
  value("corrcoef of one", torch::corrcoef(real({5})));
  refuses("dims", [] { torch::cov(torch::ones({2, 2, 2})); });
  refuses("fweights", [] { torch::cov(torch::ones({2, 2}), 1, torch::ones({2})); });
  refuses("negative", [] { torch::cov(torch::ones({2, 2}), 1, torch::full({2}, -1, torch::kLong)); });
}

AGAINST(norm_edges) {
  const torch::Tensor odd = torch::tensor({{1.0, kInf}, {std::nan(""), 2.0}, {0.0, 3.0}}, torch::kDouble);
  for (const double p : {0.0, 1.0, 2.0, 3.0, -1.0, 0.5, kInf, -kInf}) {
    const std::string name = "p " + std::to_string(p);
    value(name, torch::norm(odd, p, torch::IntArrayRef({1})));
    value(name + " of all", torch::linalg_vector_norm(odd, p));
    value(name + " of float32", torch::norm(integers({2, 2}, 1).to(torch::kFloat), p));
    value(name + " of a number", torch::linalg_vector_norm(torch::tensor(-3.0, torch::kDouble), p));
    value(name + " of distances", torch::dist(torch::ones({2, 3}), torch::zeros({3}), p));
  }
  value("fro", torch::linalg_matrix_norm(odd));
  value("1", torch::linalg_matrix_norm(odd, 1));
  value("inf", torch::linalg_matrix_norm(odd, kInf));
  value("fro of nothing", torch::linalg_matrix_norm(torch::zeros({0, 2}), "fro"));
  value("nuc of zeros", torch::linalg_matrix_norm(torch::zeros({2, 2}), "nuc"));
  value("renorm", torch::renorm(torch::tensor({{3.0, 4.0}, {0.3, 0.4}}, torch::kDouble), 2, 0, 1));
  value("renorm, 0", torch::renorm(torch::tensor({{3.0, 4.0}, {0.3, 0.4}}, torch::kDouble), 2, 1, 0));
  value("cdist, inf", torch::cdist(torch::full({1, 2}, kInf), torch::ones({1, 2})));
  value("cosine of inf", torch::cosine_similarity(odd, odd));
  value("cov of one observation", torch::cov(real({2, 1}), 0));
  refuses("-1 of nothing", [] { torch::linalg_vector_norm(torch::zeros({0}), -1); });
}
