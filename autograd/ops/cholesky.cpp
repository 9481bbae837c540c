// The Cholesky factorization, and what is solved with it.
#include <rondo/autograd/kernels/lapack.h>
#include <rondo/autograd/ops/linalg.h>
#include <rondo/autograd/ops/linalg_parts.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

namespace rondo {
namespace {

using ops::turned;

// L^-T sym(tril(L^T gL), half its diagonal) L^-1: the gradient that is symmetric, as the matrix is.
struct CholeskyBackward final : ops::Rule {
  ops::Saved y;
  bool upper = false;

  std::string name() const override { return "LinalgCholeskyExBackward0"; }
  void backward(ops::Backward& step) override {
    const Tensor factor = y.get(*this);
    const Tensor lower = upper ? turned(factor) : factor, g = upper ? turned(step.gy()) : step.gy();
    const Tensor inner = matmul(turned(lower), g).tril();
    const Tensor symmetric = (inner + turned(inner.tril(-1))) * 0.5;
    const Tensor left = linalg_solve_triangular(turned(lower), symmetric, true);
    step[0] = linalg_solve_triangular(lower, left, false, false);
  }
  void release_variables() override { release(y); }
};

// `name`: whose messages these are. Reads the triangle that it returns.
std::tuple<Tensor, Tensor> factor(const char* name, const Tensor& self, bool upper, bool check_errors) {
  ops::check_square(name, self);
  Tensor columns = ops::columns_of(upper ? ops::turned_data(self) : self), info = zeros(ops::lead_of(self), kInt);
  if (columns.numel() > 0) {
    kernels::lapack::cholesky(self.dtype(), ops::count_of(self), self.size(-1), columns.data_ptr(), false,
                              info.data_ptr<int32_t>());
  }
  if (const ops::Fault fault = ops::fault_of(info); check_errors && fault) {
    fail_linalg(name,
                fmt::format("{}The factorization could not be completed because the input is not positive-definite "
                            "(the leading minor of order {} is not positive-definite).",
                            fault.place(), fault.info));
  }
  // The columns are the rows of L^T.
  const NoGradGuard guard;
  columns = columns.triu();
  return {upper ? columns : ops::turned_data(columns), info};
}

Tensor recorded(const Tensor& y, const Tensor& self, bool upper) {
  if (auto* node = ops::record<CholeskyBackward>(y, self)) {
    node->y.save_output(y);
    node->upper = upper;
  }
  return y;
}

}  // namespace

std::tuple<Tensor, Tensor> linalg_cholesky_ex(const Tensor& self, bool upper, bool check_errors) {
  auto [y, info] = factor("linalg.cholesky", self, upper, check_errors);
  return {recorded(y, self, upper), info};
}

Tensor linalg_cholesky(const Tensor& self, bool upper) { return std::get<0>(linalg_cholesky_ex(self, upper, true)); }

Tensor cholesky(const Tensor& self, bool upper) {
  return recorded(std::get<0>(factor("cholesky", self, upper, true)), self, upper);
}

Tensor cholesky_solve(const Tensor& self, const Tensor& input2, bool upper) {
  ops::check_matrix("cholesky_solve", self, "b");
  ops::check_square("cholesky_solve", input2);
  if (self.size(-2) != input2.size(-1)) {
    fail("cholesky_solve", fmt::format("Incompatible matrix sizes: b is {}, A is {}", to_string(self.sizes()),
                                       to_string(input2.sizes())));
  }
  const Tensor lower = upper ? turned(input2) : input2;
  const Tensor half = linalg_solve_triangular(lower, self, false);
  return linalg_solve_triangular(turned(lower), half, true);
}

Tensor cholesky_inverse(const Tensor& self, bool upper) {
  ops::check_square("cholesky_inverse", self);
  const Tensor lower = upper ? turned(self) : self;
  const Tensor half = linalg_solve_triangular(lower, ops::identity_like(self).expand(self.sizes()), false);
  return matmul(turned(half), half);
}

namespace {

Tensor positive_definite(const Tensor& x) { return matmul(x, turned(x)) + 2 * ops::identity_like(x); }

}  // namespace

RONDO_OP(
    linalg_cholesky, .name = "linalg_cholesky", .doc = "L with L L^T = self, by LAPACK's potrf; a primitive",
    .samples = [](ops::Samples& s) {
      s.add("lower", {s.real({3, 3})}, RONDO_SAMPLE(linalg_cholesky(positive_definite(in[0]))));
      s.add("upper, a stack", {s.real({2, 3, 3})}, RONDO_SAMPLE(linalg_cholesky(positive_definite(in[0]), true)));
      s.add("one number", {s.real({1, 1}, 0.5, 2)}, RONDO_SAMPLE(linalg_cholesky(in[0])));
      s.add("cholesky_ex", {s.real({2, 2})}, RONDO_SAMPLE(std::get<0>(linalg_cholesky_ex(positive_definite(in[0])))));
      s.add("no rows", {s.real({2, 0, 0})}, RONDO_SAMPLE(linalg_cholesky(in[0])));
      s.error("not positive", "The factorization could not be completed because the input is not positive-definite",
              [] { linalg_cholesky(-eye(2)); });
      s.error("one of a stack", "(Batch element 1): The factorization could not be completed", [] {
        linalg_cholesky(stack({eye(2), -eye(2)}));
      });
      s.error("not square", "square matrices", [] { linalg_cholesky(zeros({2, 3})); });
    });

RONDO_OP(
    cholesky, .name = "cholesky", .doc = "linalg_cholesky under its older name", .samples = [](ops::Samples& s) {
      s.add("lower", {s.real({3, 3})}, RONDO_SAMPLE(cholesky(positive_definite(in[0]))));
      s.add("upper", {s.real({2, 2, 2})}, RONDO_SAMPLE(cholesky(positive_definite(in[0]), true)));
      s.error("not positive", "cholesky: The factorization could not be completed", [] { cholesky(-eye(2)); });
    });

RONDO_OP(
    cholesky_solve, .name = "cholesky_solve", .doc = "X with L L^T X = self; composed of two triangular solutions",
    .samples = [](ops::Samples& s) {
      s.add("lower", {s.real({3, 2}), s.real({3, 3}, 0.5, 2)}, RONDO_SAMPLE(cholesky_solve(in[0], in[1])));
      s.add("upper, broadcast", {s.real({3, 2}), s.real({2, 3, 3}, 0.5, 2)},
            RONDO_SAMPLE(cholesky_solve(in[0], in[1], true)));
      s.error("sizes", "Incompatible matrix sizes", [] { cholesky_solve(ones({3, 2}), eye(2)); });
    });

RONDO_OP(
    cholesky_inverse, .name = "cholesky_inverse", .doc = "(L L^T)^-1; composed of a triangular solution",
    .samples = [](ops::Samples& s) {
      s.add("lower", {s.real({3, 3}, 0.5, 2)}, RONDO_SAMPLE(cholesky_inverse(in[0])));
      s.add("upper, a stack", {s.real({2, 2, 2}, 0.5, 2)}, RONDO_SAMPLE(cholesky_inverse(in[0], true)));
      s.error("not square", "square matrices", [] { cholesky_inverse(zeros({2, 3})); });
    });

}  // namespace rondo
