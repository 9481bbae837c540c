// Determinants, through the LU factorization.
#include <rondo/autograd/ops/linalg.h>
#include <rondo/autograd/ops/linalg_parts.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace rondo {
namespace {

using ops::turned;

// What elimination says of a stack: the diagonals of U, the signs of the permutations.
struct Elimination {
  Tensor diagonal, sign;

  explicit Elimination(const Tensor& x) {
    const NoGradGuard guard;
    const auto [lu, pivots, info] = linalg_lu_factor_ex(x);
    diagonal = lu.diagonal(0, -2, -1);
    sign = tensor_data::make(ops::lead_of(x), x.dtype());
    const int64_t n = x.size(-1);
    const auto* exchanged = pivots.data_ptr<int32_t>();
    std::vector<double> signs(static_cast<size_t>(sign.numel()), 1.0);
    for (double& s : signs) {
      for (int64_t i = 0; i < n; ++i) {
        if (*exchanged++ != i + 1) s = -s;
      }
    }
    sign.copy_(from_blob(signs.data(), sign.sizes(), kDouble));
  }
};

// Matrices whose smallest pivot is lost in the rounding of the largest.
Tensor is_singular(const Tensor& diagonal) {
  const NoGradGuard guard;
  const Tensor pivots = diagonal.abs();
  const double epsilon =
      pivots.dtype() == kFloat ? std::numeric_limits<float>::epsilon() : std::numeric_limits<double>::epsilon();
  return pivots.amin(-1) <= pivots.amax(-1) * (epsilon * static_cast<double>(pivots.size(-1)));
}

// The cofactors of matrices of any rank, from x = U S V^T: det(U) det(V) U diag(the product of the others of S) V^T.
Tensor cofactors_by_svd(const Tensor& x) {
  const int64_t n = x.size(-1);
  const auto [u, s, vh] = linalg_svd(x);
  Tensor orientation;
  {
    const NoGradGuard guard;
    orientation = (det(u) * det(vh)).sign();
  }
  const Tensor others = s.unsqueeze(-2).expand(ops::lead_of(x, {n, n})).masked_fill(eye(n, kBool), 1).prod(-1);
  return matmul(u * (others * orientation.unsqueeze(-1)).unsqueeze(-2), vh);
}

Tensor matrix_factor(const Tensor& y) { return y.unsqueeze(-1).unsqueeze(-1); }

// d det / dx: det x^-T, and the cofactors by their definition where x has no inverse.
struct DetBackward final : ops::Rule {
  ops::Saved x, y;
  Tensor singular;

  std::string name() const override { return "LinalgDetBackward0"; }
  void backward(ops::Backward& step) override {
    const Tensor input = x.get(*this);
    if (input.numel() == 0) {
      step[0] = input;
    } else if (!singular.any().item<bool>()) {
      step[0] = turned(linalg_inv(input)) * matrix_factor(step.gy() * y.get(*this));
    } else {
      step[0] = matrix_factor(step.gy()) * cofactors(input);
    }
  }
  Tensor cofactors(const Tensor& input) const {
    if (singular.all().item<bool>()) return cofactors_by_svd(input);
    const Tensor mask = matrix_factor(singular), one = ops::identity_like(input);
    const Tensor distinct = ops::diagonal_matrix(arange(1, input.size(-1) + 1, input.dtype()));
    const Tensor regular = where(mask, one, input);
    const Tensor by_inverse = turned(linalg_inv(regular)) * matrix_factor(det(regular));
    return where(mask, cofactors_by_svd(where(mask, input, distinct)), by_inverse);
  }
  void release_variables() override { release(x, y); }
};

// The sign is constant wherever it is defined.
struct SlogdetBackward final : ops::Rule {
  ops::Saved x;
  std::string name() const override { return "LinalgSlogdetBackward0"; }
  void backward(ops::Backward& step) override {
    const auto [inverse, info] = linalg_inv_ex(x.get(*this));
    step[0] = step.gy().unsqueeze(-1).unsqueeze(-1) * turned(inverse);
  }
  void release_variables() override { release(x); }
};

}  // namespace

Tensor linalg_det(const Tensor& self) {
  ops::check_square("linalg.det", self);
  const Elimination elimination(self);
  Tensor y;
  {
    const NoGradGuard guard;
    y = elimination.diagonal.prod(-1) * elimination.sign;
  }
  if (auto* node = ops::record<DetBackward>(y, self)) {
    node->x.save_input(self);
    node->y.save_output(y);
    if (self.numel() > 0) node->singular = is_singular(elimination.diagonal);
  }
  return y;
}

std::tuple<Tensor, Tensor> linalg_slogdet(const Tensor& self) {
  ops::check_square("linalg.slogdet", self);
  const Elimination elimination(self);
  Tensor sign, logarithm;
  {
    const NoGradGuard guard;
    sign = elimination.diagonal.sign().prod(-1) * elimination.sign;
    logarithm = elimination.diagonal.abs().log().sum(IntArrayRef(-1));
  }
  if (auto* node = ops::record<SlogdetBackward>(logarithm, self)) node->x.save_input(self);
  return {sign, logarithm};
}

Tensor det(const Tensor& self) { return linalg_det(self); }
std::tuple<Tensor, Tensor> slogdet(const Tensor& self) { return linalg_slogdet(self); }

Tensor logdet(const Tensor& self) {
  ops::check_square("logdet", self);
  const auto [sign, logarithm] = linalg_slogdet(self);
  return where(sign < 0, Scalar(std::nan("")), logarithm);
}

RONDO_OP(
    linalg_det, .name = "linalg_det",
    .doc = "the determinant; a primitive: its derivative are the cofactors, also of singular matrices",
    .samples = [](ops::Samples& s) {
      s.add("a matrix", {s.real({3, 3})}, RONDO_SAMPLE(linalg_det(in[0])));
      s.add("a stack, transposed", {s.real({2, 2, 2})}, RONDO_SAMPLE(det(in[0].transpose(1, 2))));
      s.add("one number", {s.real({1, 1})}, RONDO_SAMPLE(det(in[0])));
      s.add("no rows", {s.real({0, 0})}, RONDO_SAMPLE(det(in[0])));
      s.add("an empty stack", {s.real({0, 2, 2})}, RONDO_SAMPLE(det(in[0])));
      s.error("not square", "A must be batches of square matrices, but they are 2 by 3 matrices", [] {
        det(zeros({2, 3}));
      });
      s.error("a vector", "must have at least 2 dimensions", [] { det(zeros({2})); });
      s.error("half", "Low precision dtypes not supported. Got Half", [] { det(zeros({2, 2}, kHalf)); });
    });

RONDO_OP(
    linalg_slogdet, .name = "linalg_slogdet", .doc = "sign and log |det|; a primitive: no determinant overflows",
    .samples = [](ops::Samples& s) {
      s.add("the logarithm", {s.real({3, 3})}, RONDO_SAMPLE(std::get<1>(linalg_slogdet(in[0]))));
      s.add("the sign", {s.real({2, 3, 3})}, RONDO_SAMPLE(std::get<0>(slogdet(in[0]))));
      s.add("both", {s.real({2, 3, 3})}, [](const ops::Samples::Inputs& in) {
        const auto [sign, logarithm] = slogdet(in[0]);
        return sign * logarithm;
      });
      s.add("no rows", {s.real({2, 0, 0})}, RONDO_SAMPLE(std::get<1>(slogdet(in[0]))));
      s.error("not square", "square matrices", [] { slogdet(zeros({2, 3})); });
    });

RONDO_OP(
    logdet, .name = "logdet", .doc = "log det, NaN where that is negative; composed of slogdet",
    .samples = [](ops::Samples& s) {
      s.add("a matrix", {s.real({3, 3}, 0, 1)}, RONDO_SAMPLE(logdet(in[0] + 3 * eye(3, in[0].dtype()))));
      s.add("a stack", {s.real({2, 2, 2}, 0, 1)}, RONDO_SAMPLE(logdet(in[0] + 3 * eye(2, in[0].dtype()))));
      s.error("not square", "square matrices", [] { logdet(zeros({2, 3})); });
    });

}  // namespace rondo
