// Products of vectors, matrices and tensors.
#include "case.h"

#include <cmath>

using against::gradients;
using against::integers;
using against::real;
using against::refuses;
using against::value;

namespace {

const double kNan = std::nan("");

torch::Tensor with_nan(const torch::Tensor& x) {
  torch::Tensor y = x.clone();
  y.view({-1})[0] = kNan;
  return y;
}

}  // namespace

AGAINST(einsum) {
  const auto two = [](const char* equation, const torch::Tensor& a, const torch::Tensor& b) {
    value(equation, torch::einsum(equation, {a, b}));
  };
  gradients("product", {real({2, 3}), real({3, 4})}, AGAINST_F(torch::einsum("ij,jk->ik", {in[0], in[1]})));
  gradients("implicit", {real({3, 2}), real({3, 4})}, AGAINST_F(torch::einsum("ba,bC", {in[0], in[1]})));
  gradients("one summed", {real({3, 2}), real({4})}, AGAINST_F(torch::einsum("ij,k->ik", {in[0], in[1]})));
  gradients("trace", {real({3, 3})}, AGAINST_F(torch::einsum("ii", {in[0]})));
  gradients("diagonal", {real({3, 3, 2})}, AGAINST_F(torch::einsum("iij->ji", {in[0]})));
  gradients("triple diagonal", {real({2, 2, 2})}, AGAINST_F(torch::einsum("iii->i", {in[0]})));
  gradients("transpose", {real({2, 3, 4})}, AGAINST_F(torch::einsum("abc->cab", {in[0]})));
  gradients("ellipsis", {real({2, 1, 2, 3}), real({4, 3, 2})},
            AGAINST_F(torch::einsum("...ij,...jk->...ik", {in[0], in[1]})));
  gradients("ellipsis in the middle", {real({2, 4, 3})}, AGAINST_F(torch::einsum("a...b->b...", {in[0]})));
  gradients("implicit ellipsis", {real({2, 4, 3}), real({3})}, AGAINST_F(torch::einsum("a...b,b", {in[0], in[1]})));
  gradients("three", {real({2, 3}), real({3, 4}), real({4, 2})},
            AGAINST_F(torch::einsum("ij,jk,kl->il", {in[0], in[1], in[2]})));
  gradients("four", {real({2, 3}), real({3, 2}), real({2, 2}), real({3})},
            AGAINST_F(torch::einsum("ij,jk,ki,j->k", {in[0], in[1], in[2], in[3]})));
  gradients("path", {real({2, 3}), real({3, 4}), real({4, 2})},
            AGAINST_F(torch::einsum("ij,jk,kl->il", {in[0], in[1], in[2]}, {{1, 2, 0, 1}})));
  gradients("batch", {real({2, 3, 2}), real({2, 4, 2})}, AGAINST_F(torch::einsum("bij,bkj->bki", {in[0], in[1]})));
  gradients("everything", {real({2, 3, 2, 2}), real({3, 2, 4})},
            AGAINST_F(torch::einsum("bcij,cjk->kbi", {in[0], in[1]})));
  gradients("number", {real({}), real({3})}, AGAINST_F(torch::einsum(",i->i", {in[0], in[1]})));
  gradients("elementwise", {real({2, 3}), real({2, 3})}, AGAINST_F(torch::einsum("ij,ij->ij", {in[0], in[1]})));
  gradients("size 1", {real({2, 1}), real({3, 2})}, AGAINST_F(torch::einsum("ij,jk->ik", {in[0], in[1]})));
  two("i,i->", integers({4}, 9), integers({4}, 9));
  two("i,j->ij", integers({4}, 9), integers({2}, 9));
  two("ij,jk->ik", torch::zeros({0, 3}), torch::zeros({3, 2}));
  two(" i j , j k -> i k ", torch::zeros({2, 0}), torch::zeros({0, 2}));
  refuses("operands", [] { torch::einsum("i,j", {torch::ones({2})}); });
  refuses("no operands", [] { torch::einsum("i", std::vector<torch::Tensor>{}); });
  refuses("dimensions", [] { torch::einsum("i", {torch::ones({2, 2})}); });
  refuses("sizes", [] { torch::einsum("i,i", {torch::ones({2}), torch::ones({3})}); });
  refuses("repeated", [] { torch::einsum("ii", {torch::ones({2, 3})}); });
  refuses("output", [] { torch::einsum("i->j", {torch::ones({2})}); });
  refuses("output twice", [] { torch::einsum("ij->ii", {torch::ones({2, 2})}); });
  refuses("character", [] { torch::einsum("1", {torch::ones({2})}); });
  refuses("dots", [] { torch::einsum("i..", {torch::ones({2})}); });
}

AGAINST(tensordot) {
  gradients("one", {real({2, 3, 2}), real({4, 3})}, AGAINST_F(torch::tensordot(in[0], in[1], {1}, {1})));
  gradients("two", {real({2, 3, 4}), real({4, 2, 2})}, AGAINST_F(torch::tensordot(in[0], in[1], {-1, 0}, {0, 1})));
  gradients("none", {real({2}), real({3})}, AGAINST_F(torch::tensordot(in[0], in[1], {}, {})));
  gradients("size 1", {real({2, 3}), real({1, 2})}, AGAINST_F(torch::tensordot(in[0], in[1], {1}, {0})));
  value("integers", torch::tensordot(integers({2, 3}, 9), integers({3, 2}, 9), {1}, {0}));
  refuses("sizes", [] { torch::tensordot(torch::ones({2, 3}), torch::ones({2, 3}), {1}, {0}); });
  refuses("twice", [] { torch::tensordot(torch::ones({2, 2}), torch::ones({2, 2}), {0, 0}, {0, 1}); });
  refuses("lists", [] { torch::tensordot(torch::ones({2, 2}), torch::ones({2, 2}), {0}, {0, 1}); });
}

AGAINST(outer) {
  gradients("outer", {real({2}), real({3})}, AGAINST_F(torch::outer(in[0], in[1])));
  gradients("ger", {real({2}), real({3})}, AGAINST_F(in[0].ger(in[1])));
  value("promotes", integers({2}, 9).outer(real({3}).to(torch::kFloat)));
  value("bool", torch::outer(integers({2}, 2).to(torch::kBool), integers({3}, 2).to(torch::kBool)));
  value("empty", torch::outer(real({0}), real({3})));
  gradients("inner", {real({2, 3}), real({4, 2, 3})}, AGAINST_F(torch::inner(in[0], in[1])));
  gradients("inner number", {real({}), real({2, 3})}, AGAINST_F(in[0].inner(in[1])));
  gradients("inner vectors", {real({3}), real({3})}, AGAINST_F(in[0].inner(in[1])));
  value("inner integers", torch::inner(integers({2, 3}, 9), integers({3}, 9)));
  gradients("vdot", {real({3}), real({3})}, AGAINST_F(in[0].vdot(in[1])));
  gradients("dot", {real({3}), real({3})}, AGAINST_F(in[0].dot(in[1])));
  value("vdot integers", torch::vdot(integers({3}, 9), integers({3}, 9)));
  refuses("outer matrix", [] { torch::outer(torch::ones({2, 2}), torch::ones({2})); });
  refuses("inner sizes", [] { torch::inner(torch::ones({2, 2}), torch::ones({3})); });
}

AGAINST(kron) {
  gradients("matrices", {real({2, 3}), real({3, 2})}, AGAINST_F(torch::kron(in[0], in[1])));
  gradients("vector and matrix", {real({2}), real({2, 3})}, AGAINST_F(in[0].kron(in[1])));
  gradients("number", {real({}), real({2})}, AGAINST_F(torch::kron(in[0], in[1])));
  value("integers", torch::kron(integers({2, 2}, 9), integers({2, 1}, 9)));
  value("bool", torch::kron(torch::eye(2, torch::kBool), integers({2, 2}, 9)));
  value("empty", torch::kron(real({0, 2}), real({2, 2})));
}

AGAINST(cross) {
  gradients("first of size 3", {real({2, 3, 3}), real({2, 3, 3})}, AGAINST_F(torch::cross(in[0], in[1])));
  gradients("dim", {real({3, 2, 3}), real({3, 2, 3})}, AGAINST_F(in[0].cross(in[1], 2)));
  gradients("linalg", {real({2, 3}), real({2, 3})}, AGAINST_F(torch::linalg_cross(in[0], in[1])));
  gradients("linalg, broadcast", {real({3, 2}), real({3, 1})}, AGAINST_F(torch::linalg_cross(in[0], in[1], 0)));
  value("integers", torch::cross(integers({2, 3}, 9), integers({2, 3}, 9), 1));
  refuses("no dimension", [] { torch::cross(torch::ones({2}), torch::ones({2})); });
  refuses("size", [] { torch::linalg_cross(torch::ones({2}), torch::ones({2})); });
}

AGAINST(added_products) {
  gradients("addmm", {real({2, 3}), real({2, 4}), real({4, 3})}, AGAINST_F(torch::addmm(in[0], in[1], in[2], 0.5, -2)));
  gradients("addmm beta 0", {real({3}), real({2, 4}), real({4, 3})}, AGAINST_F(in[0].addmm(in[1], in[2], 0, 2)), false);
  gradients("addmm_", {real({2, 3}), real({2, 4}), real({4, 3})},
            AGAINST_F(in[0].clone().addmm_(in[1], in[2], 0.5, -2)));
  gradients("addmv", {real({2}), real({2, 3}), real({3})}, AGAINST_F(torch::addmv(in[0], in[1], in[2], 0.5, -2)));
  gradients("addmv number", {real({}), real({2, 3}), real({3})}, AGAINST_F(in[0].addmv(in[1], in[2])));
  gradients("addmv_", {real({2}), real({2, 3}), real({3})}, AGAINST_F(in[0].clone().addmv_(in[1], in[2], 2, 3)));
  gradients("addr", {real({2, 3}), real({2}), real({3})}, AGAINST_F(torch::addr(in[0], in[1], in[2], 0.5, -2)));
  gradients("addr row", {real({3}), real({2}), real({3})}, AGAINST_F(in[0].addr(in[1], in[2])));
  gradients("addr_", {real({2, 3}), real({2}), real({3})}, AGAINST_F(in[0].clone().addr_(in[1], in[2], 2, 3)));
  gradients("baddbmm", {real({2, 2, 2}), real({2, 2, 3}), real({2, 3, 2})},
            AGAINST_F(torch::baddbmm(in[0], in[1], in[2], 0.5, -2)));
  gradients("baddbmm row", {real({2}), real({2, 2, 3}), real({2, 3, 2})}, AGAINST_F(in[0].baddbmm(in[1], in[2])));
  gradients("baddbmm_", {real({2, 2, 2}), real({2, 2, 3}), real({2, 3, 2})},
            AGAINST_F(in[0].clone().baddbmm_(in[1], in[2], 0.5, -2)));
  gradients("addbmm", {real({2, 2}), real({3, 2, 3}), real({3, 3, 2})},
            AGAINST_F(torch::addbmm(in[0], in[1], in[2], 0.5, -2)));
  gradients("addbmm number", {real({}), real({3, 2, 3}), real({3, 3, 2})}, AGAINST_F(in[0].addbmm(in[1], in[2])));
  gradients("addbmm_", {real({2, 2}), real({3, 2, 3}), real({3, 3, 2})},
            AGAINST_F(in[0].clone().addbmm_(in[1], in[2], 0.5, -2)));
  value("addmm of nothing", torch::addmm(real({2, 3}), real({2, 0}), real({0, 3}), 0.5));
  value("baddbmm of nothing", torch::baddbmm(real({2, 2, 3}), real({2, 2, 0}), real({2, 0, 3}), 0.5));
  value("addbmm of nothing", torch::addbmm(real({2, 3}), real({0, 2, 2}), real({0, 2, 3}), 0.5));
  value("addmv of nothing", torch::addmv(real({2}), real({2, 0}), real({0}), 0.5));
  value("NaN, addmm", torch::addmm(with_nan(real({2, 3})), real({2, 4}), real({4, 3}), 0));
  value("NaN, addmv", torch::addmv(with_nan(real({2})), real({2, 3}), real({3}), 0));
  value("NaN, addr", torch::addr(with_nan(real({2, 3})), real({2}), real({3}), 0));
  value("NaN, baddbmm", torch::baddbmm(with_nan(real({2, 2, 2})), real({2, 2, 3}), real({2, 3, 2}), 0));
  value("integers", torch::addmm(integers({2, 3}, 9), integers({2, 4}, 9), integers({4, 3}, 9), 2, 3));
  value("integers, addr", torch::addr(integers({2, 3}, 9), integers({2}, 9), integers({3}, 9), 2, 3));
  value("integers, addbmm", torch::addbmm(integers({2, 2}, 9), integers({2, 2, 3}, 9), integers({2, 3, 2}, 9), 2, 3));
  value("bool, addr",
        torch::addr(torch::eye(2, torch::kBool), integers({2}, 2).to(torch::kBool), integers({2}, 2).to(torch::kBool)));
  value("mixed, addr", torch::addr(integers({2, 3}, 9), real({2}).to(torch::kFloat), integers({3}, 9)));
  refuses("floating beta", [] { torch::addr(integers({2, 3}, 9), integers({2}, 9), integers({3}, 9), 0.5); });
  refuses("self too large", [] { torch::baddbmm(real({3, 2, 2, 2}), real({2, 2, 3}), real({2, 3, 2})); });
  refuses("growing in place", [] { real({2}).baddbmm_(real({2, 2, 3}), real({2, 3, 2})); });
}

AGAINST(bilinear) {
  gradients("bias", {real({3, 2}), real({3, 4}), real({2, 2, 4}), real({2})},
            AGAINST_F(torch::bilinear(in[0], in[1], in[2], in[3])));
  gradients("three dimensions", {real({2, 3, 2}), real({2, 3, 4}), real({2, 2, 4})},
            AGAINST_F(torch::bilinear(in[0], in[1], in[2])));
  refuses("sizes", [] { torch::bilinear(torch::ones({2, 2}), torch::ones({2, 3}), torch::ones({1, 2, 2})); });
}

AGAINST(traces_and_powers) {
  gradients("trace", {real({3, 4})}, AGAINST_F(in[0].trace()));
  value("trace of integers", torch::trace(integers({3, 2}, 9)));
  refuses("trace of a vector", [] { torch::trace(torch::ones({2})); });
  gradients("power 0", {real({3, 3})}, AGAINST_F(torch::matrix_power(in[0], 0)));
  gradients("power 1", {real({3, 3})}, AGAINST_F(in[0].matrix_power(1)));
  gradients("power 3", {real({2, 3, 3})}, AGAINST_F(torch::linalg_matrix_power(in[0], 3)));
  gradients("power 10", {real({2, 2}, -1, 1)}, AGAINST_F(torch::linalg::matrix_power(in[0], 10)));
  gradients("power -2", {real({3, 3})}, AGAINST_F(torch::matrix_power(in[0] + 4 * torch::eye(3), -2)));
  value("power of integers", torch::matrix_power(integers({2, 2}, 9), 5));
  refuses("power of a rectangle", [] { torch::matrix_power(torch::ones({2, 3}), 2); });
  gradients("exponential", {real({3, 3})}, AGAINST_F(torch::matrix_exp(in[0])));
  gradients("exponential of a stack", {real({2, 2, 2})},
            AGAINST_F(torch::linalg_matrix_exp(in[0] * torch::tensor({0.01, 5.0}).reshape({2, 1, 1}))), false);
  gradients("exponential of one", {real({1, 1})}, AGAINST_F(in[0].matrix_exp()));
  value("exponential of zeros", torch::linalg::matrix_exp(torch::zeros({2, 2})));
  value("exponential of nothing", torch::matrix_exp(torch::zeros({0, 2, 2})));
  value("exponential of a large one", torch::matrix_exp(real({4, 4}) * 20));
  refuses("exponential of a rectangle", [] { torch::matrix_exp(torch::ones({2, 3})); });
}

AGAINST(chains) {
  gradients("multi_dot", {real({2, 5}), real({5, 3}), real({3, 4})},
            AGAINST_F(torch::linalg::multi_dot({in[0], in[1], in[2]})));
  gradients("vectors", {real({2}), real({2, 3}), real({3})}, AGAINST_F(torch::linalg_multi_dot({in[0], in[1], in[2]})));
  gradients("a row", {real({2}), real({2, 3})}, AGAINST_F(torch::linalg_multi_dot({in[0], in[1]})));
  gradients("chain_matmul", {real({2, 3}), real({3, 1}), real({1, 2}), real({2, 2})},
            AGAINST_F(torch::chain_matmul({in[0], in[1], in[2], in[3]})));
  refuses("one", [] { torch::linalg_multi_dot({torch::ones({2, 2})}); });
  refuses("sizes", [] { torch::linalg_multi_dot({torch::ones({2, 2}), torch::ones({3, 2})}); });
}

AGAINST(vectors) {
  gradients("vecdot", {real({2, 3}), real({2, 3})}, AGAINST_F(torch::linalg_vecdot(in[0], in[1])));
  gradients("vecdot, broadcast", {real({2, 3}), real({2, 1})}, AGAINST_F(torch::linalg_vecdot(in[0], in[1], 0)));
  gradients("vander", {real({2, 3})}, AGAINST_F(torch::linalg_vander(in[0])));
  gradients("vander N", {real({3})}, AGAINST_F(torch::linalg_vander(in[0], 5)));
  value("vander of integers", torch::linalg_vander(integers({4}, 5)));
  refuses("vander of 1", [] { torch::linalg_vander(torch::ones({2}), 1); });
  gradients("diagonal", {real({2, 3, 2})}, AGAINST_F(torch::linalg_diagonal(in[0], 1)));
  gradients("matmul", {real({2, 3, 2}), real({2, 4})}, AGAINST_F(torch::linalg_matmul(in[0], in[1])));
}

// Small whole numbers, of which no type loses a digit.
AGAINST(product_types) {
  for (const auto type : {torch::kFloat, torch::kDouble, torch::kBFloat16, torch::kInt, torch::kShort, torch::kByte,
                          torch::kChar, torch::kLong}) {
    const std::string name = ", type " + std::to_string(static_cast<int>(type));
    const auto some = [type](torch::IntArrayRef sizes) { return integers(sizes, 4).to(type); };
    value("mm" + name, torch::mm(some({2, 3}), some({3, 2})));
    value("bmm" + name, torch::bmm(some({2, 2, 3}), some({2, 3, 2})));
    value("mv" + name, torch::mv(some({2, 3}), some({3})));
    value("dot" + name, torch::dot(some({3}), some({3})));
    value("addmm" + name, torch::addmm(some({2, 2}), some({2, 3}), some({3, 2}), 2, 3));
    value("addmv" + name, torch::addmv(some({2}), some({2, 3}), some({3}), 2, 3));
    value("addr" + name, torch::addr(some({2, 3}), some({2}), some({3}), 2, 3));
    value("baddbmm" + name, torch::baddbmm(some({2, 2, 2}), some({2, 2, 3}), some({2, 3, 2}), 2, 3));
    value("addbmm" + name, torch::addbmm(some({2, 2}), some({2, 2, 3}), some({2, 3, 2}), 2, 3));
    value("outer" + name, torch::outer(some({2}), some({3})));
    value("inner" + name, torch::inner(some({2, 3}), some({3})));
    value("kron" + name, torch::kron(some({2, 2}), some({2})));
    value("cross" + name, torch::cross(some({2, 3}), some({2, 3}), 1));
    if (type != torch::kBFloat16) value("trace" + name, torch::trace(some({3, 3})));
    value("einsum" + name, torch::einsum("bij,bjk->ki", {some({2, 2, 3}), some({2, 3, 2})}));
    value("diagonal" + name, torch::einsum("ii->i", {some({3, 3})}));
    value("tensordot" + name, torch::tensordot(some({2, 3}), some({3, 2}), {1}, {0}));
    value("power" + name, torch::matrix_power(some({2, 2}), 3));
    value("chain" + name, torch::linalg_multi_dot({some({2, 2}), some({2, 3}), some({3})}));
    if (type != torch::kBFloat16) value("vander" + name, torch::linalg_vander(some({3})));
    value("strided" + name, torch::einsum("ij,jk", {some({3, 2}).t(), some({2, 6}).slice(1, 0, 6, 2).t()}));
  }
  refuses("mm of two types", [] { torch::mm(torch::ones({2, 2}), torch::ones({2, 2}, torch::kDouble)); });
  refuses("addmv of two types", [] {
    torch::addmv(torch::ones({2}), torch::ones({2, 2}), torch::ones({2}, torch::kDouble));
  });
  refuses("baddbmm of two types", [] {
    torch::baddbmm(torch::ones({2, 2, 2}), torch::ones({2, 2, 2}), torch::ones({2, 2, 2}, torch::kDouble));
  });
  refuses("tensordot of two types",
          [] { torch::tensordot(torch::ones({2}), torch::ones({2}, torch::kDouble), {0}, {0}); });
  refuses("multi_dot of two types", [] {
    torch::linalg_multi_dot({torch::ones({2, 2}), torch::ones({2, 2}, torch::kDouble)});
  });
}

AGAINST(product_edges) {
  const double inf = INFINITY;
  const torch::Tensor odd = torch::tensor({{1.0, inf}, {kNan, -inf}}, torch::kDouble);
  const torch::Tensor one = torch::ones({2, 2}, torch::kDouble), v = torch::ones({2}, torch::kDouble);
  value("mm of infinity", torch::mm(odd, one));
  value("einsum", torch::einsum("ij,jk->ik", {odd, one}));
  value("outer", torch::outer(odd[0], odd[1]));
  value("kron", torch::kron(odd, v));
  value("trace", torch::trace(odd));
  value("addr", torch::addr(odd, v, v));
  value("addmv", torch::addmv(v, odd, v));
  value("power", torch::matrix_power(odd, 0));
  value("exponential beside NaN", torch::matrix_exp(torch::stack({torch::full({2, 2}, kNan, torch::kDouble), one}))[1]);
  value("empty outer", torch::outer(real({0}), real({0})));
  value("empty inner", torch::inner(real({2, 0}), real({3, 0})));
  value("empty tensordot", torch::tensordot(real({2, 0}), real({0, 3}), {1}, {0}));
  value("empty cross", torch::cross(real({0, 3}), real({0, 3}), 1));
  value("empty bilinear", torch::bilinear(real({0, 2}), real({0, 3}), real({4, 2, 3})));
  value("empty multi_dot", torch::linalg_multi_dot({real({2, 0}), real({0, 3}), real({3, 2})}));
  value("empty vecdot", torch::linalg_vecdot(real({2, 0}), real({2, 0})));
  value("empty addmm", torch::addmm(real({0, 3}), real({0, 2}), real({2, 3})));
  value("linear of nothing", torch::linear(real({0, 3}), real({2, 3}), real({2})));
  value("linear of a vector", torch::linear(real({3}), real({2, 3}), real({2})));
  value("linear, inner size 0", torch::linear(real({2, 0}), real({3, 0}), real({3})));
  gradients("linear of three dimensions", {real({2, 2, 3}), real({4, 3}), real({4})},
            AGAINST_F(torch::linear(in[0], in[1], in[2])));
  gradients("linear without bias", {real({2, 3}), real({4, 3})}, AGAINST_F(torch::linear(in[0], in[1])));
  gradients("matmul, broadcast", {real({2, 1, 2, 3}), real({4, 3, 2})}, AGAINST_F(torch::matmul(in[0], in[1])));
  gradients("matmul, vector and stack", {real({3}), real({2, 3, 2})}, AGAINST_F(torch::matmul(in[0], in[1])));
  gradients("matmul, stack and vector", {real({2, 2, 3}), real({3})}, AGAINST_F(in[0].matmul(in[1])));
  gradients("mv", {real({2, 3}), real({3})}, AGAINST_F(in[0].mv(in[1])));
  gradients("bmm", {real({2, 2, 3}), real({2, 3, 2})}, AGAINST_F(in[0].bmm(in[1])));
  gradients("mm", {real({2, 3}), real({2, 3})}, AGAINST_F(in[0].mm(in[1].t())));
}

AGAINST(products_whose_sum_is_not_read) {
  const auto zeros_for = [](const std::string& what, const torch::Tensor& y, const torch::Tensor& x) {
    y.sum().backward();
    value(what, x.grad());
  };
  const torch::Tensor x = real({2, 3}).requires_grad_(), v = real({2}).requires_grad_();
  const torch::Tensor stack = real({2, 2, 3}).requires_grad_(), row = real({3}).requires_grad_();
  zeros_for("addr", x.addr(real({2}), real({3}), 0, 2), x);
  zeros_for("addmm", x.addmm(real({2, 2}), real({2, 3}), 0, 1), x);
  zeros_for("addmv", v.addmv(real({2, 3}), real({3}), 0, 1), v);
  zeros_for("baddbmm", stack.baddbmm(real({2, 2, 2}), real({2, 2, 3}), 0, 1), stack);
  zeros_for("addbmm, broadcast", row.addbmm(real({4, 2, 2}), real({4, 2, 3}), 0, 1), row);
}
