// Results that look like views inside but are tensors of their own to a program; arrays without elements; modes.
#include "case.h"

using against::real;
using against::value;

namespace {

// Whether it can leave the graph in place, which views cannot; and its strides.
void ownership(const std::string& what, const torch::Tensor& y) {
  value(what, y);
  value(what + " strides", torch::tensor(y.strides().vec(), torch::kLong));
  bool own = true;
  try {
    torch::Tensor same = y;
    same.detach_();
  } catch (const std::exception&) {
    own = false;
  }
  value(what + " is its own", own);
}

}  // namespace

AGAINST(results_of_their_own) {
  const auto leaf = [](torch::IntArrayRef sizes) { return real(sizes).requires_grad_(); };
  const torch::Tensor m = leaf({2, 3}), v = leaf({3}), s = leaf({2, 2, 3}), square = leaf({3, 3});
  ownership("matrix and vector", m.matmul(v));
  ownership("vector and matrix", v.matmul(square));
  ownership("stack and vector", s.matmul(v));
  ownership("solve", torch::linalg_solve(square, v));
  ownership("solve from the right", torch::linalg_solve(square, m, false));
  torch::Tensor triangular = torch::linalg_solve_triangular(square.triu(), m, true, false);
  triangular.detach_();
  value("solve_triangular from the right", triangular);
  ownership("kron", torch::kron(m, square));
  ownership("rot90", m.rot90(1, {0, 1}));
  ownership("roll", m.roll(1));
  ownership("take", m.take(torch::tensor({{0, 5}, {1, 2}}, torch::kLong)));
  ownership("put", m.put(torch::tensor({0, 5}, torch::kLong), leaf({2})));
  ownership("masked_scatter", m.masked_scatter(m > 0, leaf({6})));
  ownership("quantile", torch::quantile(m, 0.3, 1));
  ownership("matrix norm", torch::linalg_matrix_norm(m, 1));
  ownership("combinations", torch::combinations(v));
  torch::nn::BatchNorm1d norm(3);
  norm->to(torch::kDouble);
  ownership("batch norm", norm->forward(m));
  ownership("affine grid", torch::nn::functional::affine_grid(leaf({1, 2, 3}), {1, 1, 2, 2}));
  ownership("conv_tbc", torch::conv_tbc(leaf({4, 1, 2}), leaf({2, 2, 3}), leaf({3}), 0));
  ownership("bilinear", torch::bilinear(leaf({2, 2}), leaf({2, 3}), leaf({4, 2, 3}), leaf({4})));
}

AGAINST(strides_of_einsum) {
  const auto strides = [](const char* equation, const std::vector<torch::Tensor>& operands) {
    const auto y = torch::einsum(equation, operands);
    value(equation, y);
    value(std::string(equation) + " strides", torch::tensor(y.strides().vec(), torch::kLong));
  };
  strides("i,j->ij", {real({3}), real({4})});
  strides("ij,ij->ij", {real({3, 4}), real({3, 4})});
  strides("bdl,dn->bdln", {real({2, 3, 4}), real({3, 5})});
  strides("bchw,bc->bchw", {real({2, 3, 4, 5}), real({2, 3})});
  strides("bn,anm,bm->ba", {real({2, 5}), real({3, 5, 4}), real({2, 4})});
  strides("ij,jk,kl->il", {real({2, 5}), real({5, 4}), real({4, 3})});
  strides("a...b->b...", {real({2, 3, 4})});
  strides("bhqk,bkhd->bqhd", {real({2, 4, 3, 6}), real({2, 6, 4, 5})});
}

AGAINST(binary_cross_entropy_without_sizes_of_one) {
  const auto p = real({4, 1}, 0.1, 0.9).requires_grad_(), t = real({4}, 0, 1), w = real({4, 1}, 0.5, 1);
  const auto loss = torch::binary_cross_entropy(p, t);
  value("mean", loss);
  value("gradient", torch::autograd::grad({loss}, {p})[0]);
  value("each", torch::binary_cross_entropy(p, t, w, at::Reduction::None));
  value("turned", torch::binary_cross_entropy(real({1, 4}, 0.1, 0.9), t));
  against::refuses("other sizes", [&] { torch::binary_cross_entropy(p, real({3}, 0, 1)); });
  against::refuses("the functional form", [&] { torch::nn::functional::binary_cross_entropy(p.detach(), t); });
}

AGAINST(arrays_without_elements) {
  const auto z = real({2, 3, 4, 5}).select(3, 1).slice(1, 1, 1);
  value("contiguous", z.is_contiguous());
  value("the same", z.contiguous().is_same(z));
  value("viewed", z.view({0, 8}));
}

AGAINST(changes_of_views_in_inference_mode) {
  const auto a = torch::ones({1, 2, 3}).set_requires_grad(true).clone();
  {
    c10::InferenceMode guard;
    const auto v = a.view({2, 3}), t = v.view({2, 3});
    t.mul_(2);
    value("requires grad", t.requires_grad());
    value("leaf", t.is_leaf());
    value("versions", a._version() == t._version());
    const auto own = torch::ones({1, 2, 3}).set_requires_grad(true);
    value("a view of an inference tensor", own.view({2, 3}).requires_grad());
  }
  value("numbers", a.detach());
  torch::Tensor view;
  const auto s = torch::ones({1, 2, 3}).set_requires_grad(true);
  {
    c10::InferenceMode guard;
    view = s.view_as(s);
  }
  std::string message;
  try {
    view.add_(1);
  } catch (const std::exception& error) {
    message = error.what();
  }
  value("says inference mode",
        message.find("A view was created in inference mode and is being modified inplace") != std::string::npos);
}

AGAINST(positions_of_samplers_of_another_size) {
  std::stringstream stream;
  torch::data::samplers::SequentialSampler from(3), to(0);
  from.next(2);
  torch::save(from, stream);
  torch::load(to, stream);
  value("index", static_cast<double>(to.index()));
}
