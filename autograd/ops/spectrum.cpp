// Singular values and the eigenvalues of symmetric matrices.
#include <rondo/autograd/kernels/lapack.h>
#include <rondo/autograd/ops/linalg.h>
#include <rondo/autograd/ops/linalg_parts.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace rondo {
namespace {

using ops::turned;

// X - X^T over the differences of squares (s_j - s_i)(s_j + s_i), 0 on the diagonal.
Tensor rotation(const Tensor& x, const Tensor& s) {
  const Tensor row = s.unsqueeze(-2), column = s.unsqueeze(-1);
  const Tensor gaps = ((row - column) * (row + column)).masked_fill(eye(s.size(-1), kBool), 1);
  return (x - turned(x)) / gaps;
}

// U ((rot(U^T gU) S + S rot(V^T gV) + diag(gS)) V^T, and what gU and gV have outside of the spaces that U and V span.
struct SvdBackward final : ops::Rule {
  ops::Saved u, s, vh;

  std::string name() const override { return "LinalgSvdBackward0"; }
  void backward(ops::Backward& step) override {
    const Tensor values = s.get(*this);
    const int64_t k = values.size(-1);
    const auto columns = [k](const Tensor& x) { return x.size(-1) > k ? x.narrow(-1, 0, k) : x; };
    const auto rows = [k](const Tensor& x) { return x.size(-2) > k ? x.narrow(-2, 0, k) : x; };
    const Tensor left = columns(u.get(*this)), right = rows(vh.get(*this));
    Tensor g_left = step.gy(0), g_values = step.gy(1), g_right = step.gy(2);
    if (!g_left.defined() && !g_right.defined()) {
      step[0] = matmul(left, g_values.unsqueeze(-1) * right);
      return;
    }
    Tensor inner = g_values.defined() ? ops::diagonal_matrix(g_values) : Tensor();
    const auto add = [&inner](const Tensor& x) { inner = inner.defined() ? inner + x : x; };
    if (g_left.defined()) {
      g_left = columns(g_left);
      add(rotation(matmul(turned(left), g_left), values) * values.unsqueeze(-2));
    }
    if (g_right.defined()) {
      g_right = rows(g_right);
      add(values.unsqueeze(-1) * rotation(matmul(right, turned(g_right)), values));
    }
    Tensor half = matmul(left, inner);
    if (g_left.defined() && left.size(-2) > k) {
      half = half + (g_left - matmul(left, matmul(turned(left), g_left))) / values.unsqueeze(-2);
    }
    Tensor whole = matmul(half, right);
    if (g_right.defined() && right.size(-1) > k) {
      const Tensor outside = g_right - matmul(matmul(g_right, turned(right)), right);
      whole = whole + matmul(left, outside / values.unsqueeze(-1));
    }
    step[0] = whole;
  }
  void release_variables() override { release(u, s, vh); }
};

void check_converged(const char* name, const Tensor& info, const char* what) {
  const ops::Fault fault = ops::fault_of(info);
  if (!fault) return;
  if (fault.info < 0) {
    fail_linalg(name,
                fmt::format("{}The algorithm failed to converge because the input matrix contained non-finite values.",
                            fault.place()));
  }
  fail_linalg(name,
              fmt::format("{}The algorithm failed to converge because the input matrix is ill-conditioned or has too "
                          "many repeated {} (error code: {}).",
                          fault.place(), what, fault.info));
}

void check_driver(std::optional<std::string_view> driver) {
  if (driver)
    fail("torch.linalg.svd", "keyword argument `driver=` is only supported on CUDA inputs with cuSOLVER backend.");
}

// job as for the kernel.
std::tuple<Tensor, Tensor, Tensor> decompose(const char* name, const Tensor& x, char job) {
  const int64_t m = x.size(-2), n = x.size(-1), k = std::min(m, n);
  if (const Tensor finite = isfinite(x.detach()); !finite.all().item<bool>()) {
    // LAPACK would write to the program's output. What infinite matrices give is NaN, as in libtorch.
    if (isnan(x.detach()).any().item<bool>()) {
      fail(name, "The algorithm failed to converge because the input matrix contained non-finite values.");
    }
    const Tensor broken = finite.flatten(-2).all(-1).logical_not();
    const Tensor whole = broken.unsqueeze(-1).unsqueeze(-1);
    const auto [u, s, vt] = decompose(name, x.detach().masked_fill(whole, 0), job);
    const auto nan_in = [&](const Tensor& t) { return t.defined() ? t.masked_fill(whole, NAN) : t; };
    return {nan_in(u), s.masked_fill(broken.unsqueeze(-1), NAN), nan_in(vt)};
  }
  const Tensor columns = ops::columns_of(x);
  const ScalarType type = x.dtype();
  Tensor s = tensor_data::make(ops::lead_of(x, {k}), type), info = zeros(ops::lead_of(x), kInt), u, vt;
  if (job != 'N') {
    u = zeros(ops::lead_of(x, {job == 'A' ? m : k, m}), type);
    vt = zeros(ops::lead_of(x, {n, job == 'A' ? n : k}), type);
  }
  if (columns.numel() > 0) {
    kernels::lapack::svd(type, job, ops::count_of(x), m, n, columns.data_ptr(), s.data_ptr(),
                         job == 'N' ? nullptr : u.data_ptr(), job == 'N' ? nullptr : vt.data_ptr(),
                         info.data_ptr<int32_t>());
    check_converged(name, info, "singular values");
  } else if (job == 'A') {
    const NoGradGuard guard;
    u.diagonal(0, -2, -1).fill_(1);
    vt.diagonal(0, -2, -1).fill_(1);
  }
  if (job == 'N') return {u, s, vt};
  return {ops::turned_data(u), s, ops::turned_data(vt)};
}

// V (diag(gL) + (V^T gV - gV^T V) / (2 (l_j - l_i))) V^T: the symmetric one of the gradients that a symmetric matrix
// has.
struct EighBackward final : ops::Rule {
  ops::Saved values, vectors;

  std::string name() const override { return "LinalgEighBackward0"; }
  void backward(ops::Backward& step) override {
    const Tensor v = vectors.get(*this);
    if (!step.gy(1).defined()) {
      step[0] = matmul(v * step.gy(0).unsqueeze(-2), turned(v));
      return;
    }
    const Tensor l = values.get(*this);
    const Tensor gaps = (l.unsqueeze(-2) - l.unsqueeze(-1)).masked_fill(eye(l.size(-1), kBool), 1);
    const Tensor turn = matmul(turned(v), step.gy(1));
    Tensor inner = ops::without_diagonal((turn - turned(turn)) / (2 * gaps));
    if (step.gy(0).defined()) inner = inner + ops::diagonal_matrix(step.gy(0));
    step[0] = matmul(v, matmul(inner, turned(v)));
  }
  void release_variables() override { release(values, vectors); }
};

bool is_upper(std::string_view triangle) {
  const char letter = triangle.size() == 1 ? triangle[0] : ' ';
  if (letter == 'U' || letter == 'u') return true;
  if (letter == 'L' || letter == 'l') return false;
  fail("linalg.eigh", fmt::format("Expected UPLO argument to be 'L' or 'U', but got {}", triangle));
}

std::tuple<Tensor, Tensor> symmetric(const char* name, const Tensor& self, bool upper, bool vectors) {
  ops::check_square(name, self);
  const int64_t n = self.size(-1);
  const Tensor columns = ops::columns_of(self);
  Tensor values = tensor_data::make(ops::lead_of(self, {n}), self.dtype()), info = zeros(ops::lead_of(self), kInt);
  if (columns.numel() > 0) {
    kernels::lapack::eigh(self.dtype(), vectors, upper, ops::count_of(self), n, columns.data_ptr(), values.data_ptr(),
                          info.data_ptr<int32_t>());
    check_converged(name, info, "eigenvalues");
  }
  return {values, ops::turned_data(columns)};
}

}  // namespace

std::tuple<Tensor, Tensor, Tensor> linalg_svd(const Tensor& self, bool full_matrices,
                                              std::optional<std::string_view> driver) {
  ops::check_matrix("linalg.svd", self);
  check_driver(driver);
  const bool square = self.size(-1) == self.size(-2);
  const auto [u, s, vh] = decompose("linalg.svd", self, full_matrices && !square ? 'A' : 'S');
  if (auto* node = ops::record_outputs<SvdBackward>({u, s, vh}, self)) {
    node->u.save_output(u, 0);
    node->s.save_output(s, 1);
    node->vh.save_output(vh, 2);
  }
  return {u, s, vh};
}

Tensor linalg_svdvals(const Tensor& self, std::optional<std::string_view> driver) {
  ops::check_matrix("linalg.svdvals", self);
  check_driver(driver);
  if (ops::recording(self)) return std::get<1>(linalg_svd(self, false));
  return std::get<1>(decompose("linalg.svd", self, 'N'));
}

std::tuple<Tensor, Tensor, Tensor> svd(const Tensor& self, bool some, bool compute_uv) {
  ops::check_matrix("svd", self, "input");
  const int64_t m = self.size(-2), n = self.size(-1);
  if (!compute_uv) {
    return {zeros(ops::lead_of(self, {m, m}), self.dtype()), linalg_svdvals(self),
            zeros(ops::lead_of(self, {n, n}), self.dtype())};
  }
  const auto [u, s, vh] = linalg_svd(self, !some);
  return {u, s, turned(vh)};
}

std::tuple<Tensor, Tensor> linalg_eigh(const Tensor& self, std::string_view UPLO) {
  const auto [values, vectors] = symmetric("linalg.eigh", self, is_upper(UPLO), true);
  if (auto* node = ops::record_outputs<EighBackward>({values, vectors}, self)) {
    node->values.save_output(values, 0);
    node->vectors.save_output(vectors, 1);
  }
  return {values, vectors};
}

Tensor linalg_eigvalsh(const Tensor& self, std::string_view UPLO) {
  if (ops::recording(self)) return std::get<0>(linalg_eigh(self, UPLO));
  return std::get<0>(symmetric("linalg.eigvalsh", self, is_upper(UPLO), false));
}

std::tuple<Tensor, Tensor> symeig(const Tensor& self, bool eigenvectors, bool upper) {
  const char* triangle = upper ? "U" : "L";
  if (eigenvectors) return linalg_eigh(self, triangle);
  return {linalg_eigvalsh(self, triangle), empty({0}, self.dtype())};
}

namespace {

// What does not depend on the signs of the vectors: a function of the matrix, f(A) = U tanh(S) V^T + ...
Tensor without_signs(const std::tuple<Tensor, Tensor, Tensor>& parts) {
  const auto& [u, s, vh] = parts;
  const int64_t k = s.size(-1);
  const Tensor left = u.narrow(-1, 0, k), right = vh.narrow(-2, 0, k);
  return matmul(left * s.tanh().unsqueeze(-2), right) + (left * left).sum() + (right.square() * s.unsqueeze(-1)).sum();
}
Tensor without_signs(const std::tuple<Tensor, Tensor>& parts) {
  const auto& [values, vectors] = parts;
  return vectors.square() * values.unsqueeze(-2) + matmul(vectors * values.tanh().unsqueeze(-2), turned(vectors));
}
// Symmetric, with eigenvalues that lie apart.
Tensor apart(const Tensor& x) {
  const Tensor steps = ops::diagonal_matrix(arange(0, x.size(-1), x.dtype()));
  return (x + turned(x)) * 0.1 + steps;
}
Tensor spread_values(const Tensor& x) {
  const int64_t m = x.size(-2), n = x.size(-1);
  const Tensor steps = arange(1, n + 1, x.dtype()) * eye(m, n, x.dtype());
  return x * 0.1 + steps;
}

}  // namespace

RONDO_OP(
    linalg_svd, .name = "linalg_svd",
    .doc =
        "self = U diag(S) V^T; a primitive: LAPACK's gesdd. No derivative of U and V where singular values are equal",
    .samples = [](ops::Samples& s) {
      s.add("square", {s.real({3, 3})}, RONDO_SAMPLE(without_signs(linalg_svd(spread_values(in[0])))));
      s.add("tall", {s.real({2, 4, 2})}, RONDO_SAMPLE(without_signs(linalg_svd(spread_values(in[0]), false))));
      s.add("wide", {s.real({2, 4})}, RONDO_SAMPLE(without_signs(linalg_svd(spread_values(in[0]), false))));
      s.add("full, tall", {s.real({4, 2})}, RONDO_SAMPLE(without_signs(linalg_svd(spread_values(in[0])))));
      s.add("full, transposed", {s.real({4, 2})}, RONDO_SAMPLE(without_signs(linalg_svd(spread_values(in[0]).t()))));
      s.add("values alone", {s.real({3, 2})}, RONDO_SAMPLE(std::get<1>(linalg_svd(spread_values(in[0])))));
      s.add("no columns", {s.real({2, 0})}, RONDO_SAMPLE(std::get<0>(linalg_svd(in[0]))));
      s.error("not finite", "because the input matrix contained non-finite values", [] {
        linalg_svd(full({2, 2}, std::numeric_limits<double>::quiet_NaN(), kDouble));
      });
      s.error("driver", "only supported on CUDA inputs", [] { linalg_svd(ones({2, 2}), true, "gesvd"); });
      s.error("a vector", "must have at least 2 dimensions", [] { linalg_svd(zeros({2})); });
    });

RONDO_OP(
    linalg_svdvals, .name = "linalg_svdvals", .doc = "the singular values; LAPACK's gesdd without vectors",
    .samples = [](ops::Samples& s) {
      s.add("a stack", {s.real({2, 3, 2})}, RONDO_SAMPLE(linalg_svdvals(spread_values(in[0]))));
      s.add("empty", {s.real({0, 3, 2})}, RONDO_SAMPLE(linalg_svdvals(in[0])));
      s.error("integers", "Expected a floating point", [] { linalg_svdvals(zeros({2, 2}, kLong)); });
    });

RONDO_OP(
    svd, .name = "svd", .doc = "linalg_svd with V instead of V^T", .samples = [](ops::Samples& s) {
      s.add("reduced", {s.real({3, 2})}, [](const ops::Samples::Inputs& in) {
        const auto [u, values, v] = svd(spread_values(in[0]));
        return without_signs(std::tuple(u, values, turned(v)));
      });
      s.add("values alone", {s.real({2, 3})}, RONDO_SAMPLE(std::get<1>(svd(spread_values(in[0]), true, false))));
      s.error("a vector", "must have at least 2 dimensions", [] { svd(zeros({2})); });
    });

RONDO_OP(
    linalg_eigh, .name = "linalg_eigh", .doc = "self V = V diag(L) for a symmetric matrix; a primitive: LAPACK's syevd",
    .samples = [](ops::Samples& s) {
      s.add("both", {s.real({3, 3})}, RONDO_SAMPLE(without_signs(linalg_eigh(apart(in[0])))));
      s.add("a stack, upper", {s.real({2, 2, 2})}, RONDO_SAMPLE(without_signs(linalg_eigh(apart(in[0]), "U"))));
      s.add("values", {s.real({3, 3})}, RONDO_SAMPLE(std::get<0>(linalg_eigh(apart(in[0])))));
      s.add("vectors", {s.real({3, 3})}, RONDO_SAMPLE(std::get<1>(linalg_eigh(apart(in[0]))).square()));
      s.add("eigvalsh", {s.real({2, 3, 3})}, RONDO_SAMPLE(linalg_eigvalsh(apart(in[0]))));
      s.add("symeig", {s.real({3, 3})}, RONDO_SAMPLE(std::get<0>(symeig(apart(in[0])))));
      s.add("symeig with vectors", {s.real({3, 3})}, RONDO_SAMPLE(without_signs(symeig(apart(in[0]), true, false))));
      s.add("no rows", {s.real({0, 0})}, RONDO_SAMPLE(std::get<0>(linalg_eigh(in[0]))));
      s.error("triangle", "Expected UPLO argument to be 'L' or 'U', but got X", [] { linalg_eigh(eye(2), "X"); });
      s.error("not square", "square matrices", [] { linalg_eigh(zeros({2, 3})); });
    });

}  // namespace rondo
