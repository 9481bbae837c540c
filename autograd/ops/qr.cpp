// The QR factorization, and products of reflections.
#include <rondo/autograd/kernels/lapack.h>
#include <rondo/autograd/ops/linalg.h>
#include <rondo/autograd/ops/linalg_parts.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <algorithm>

namespace rondo {
namespace {

using ops::turned;

enum class QrMode { reduced, complete, r };

// For a square R: (gQ + Q syminv(triu(gR R^T - Q^T gQ))) R^-T, where syminv(X) = X + X^T with the diagonal once.
// More columns than rows: R = [R1 R2] with R2 = Q^T A2, so that A2 takes Q gR2 and Q gains A2 gR2^T.
struct QrBackward final : ops::Rule {
  ops::Saved q, r;
  QrMode mode = QrMode::reduced;

  std::string name() const override { return "LinalgQrBackward0"; }
  void backward(ops::Backward& step) override {
    if (mode == QrMode::r) {
      fail("linalg.qr",
           "The derivative of linalg.qr depends on Q. Please set the mode to 'reduced' or 'complete'; it "
           "was 'r'");
    }
    const Tensor left = q.get(*this), right = r.get(*this);
    const int64_t m = left.size(-2), n = right.size(-1);
    if (mode == QrMode::complete && m > n) {
      fail("linalg.qr", fmt::format("The QR decomposition is not differentiable when mode='complete' and nrows > "
                                    "ncols: the matrix is {} by {}",
                                    m, n));
    }
    Tensor g_left = step.gy(0), g_right = step.gy(1);
    if (m >= n) {
      step[0] = square(left, right, g_left, g_right);
      return;
    }
    const Tensor head = right.narrow(-1, 0, m), rest = matmul(left, right.narrow(-1, m, n - m));
    if (!g_right.defined()) {
      step[0] = cat({square(left, head, g_left, g_right), zeros_like(rest)}, -1);
      return;
    }
    const Tensor g_rest = g_right.narrow(-1, m, n - m), more = matmul(rest, turned(g_rest));
    g_left = g_left.defined() ? g_left + more : more;
    step[0] = cat({square(left, head, g_left, g_right.narrow(-1, 0, m)), matmul(left, g_rest)}, -1);
  }
  static Tensor square(const Tensor& q, const Tensor& r, const Tensor& gq, const Tensor& gr) {
    Tensor inner;
    if (gr.defined()) inner = matmul(gr, turned(r));
    if (gq.defined()) {
      const Tensor product = matmul(turned(q), gq);
      inner = inner.defined() ? inner - product : -product;
    }
    const Tensor triangle = inner.triu();
    Tensor whole = matmul(q, triangle + turned(triangle.triu(1)));
    if (gq.defined()) whole = whole + gq;
    return linalg_solve_triangular(turned(r), whole, false, false);
  }
  void release_variables() override { release(q, r); }
};

struct GeqrfBackward final : ops::Rule {
  std::string name() const override { return "GeqrfBackward0"; }
  void backward(ops::Backward&) override {
    fail("geqrf", "the reflections of geqrf have no derivative; linalg::qr has one");
  }
};

// The first `columns` columns of the product of the reflections in a (column-major, exchanged sizes).
Tensor columns_of_q(const Tensor& a, const Tensor& tau, int64_t columns) {
  const NoGradGuard guard;
  const int64_t m = a.size(-1), k = tau.size(-1);
  Tensor q = zeros(ops::lead_of(a, {columns, m}), a.dtype());
  if (k == 0) {
    q.diagonal(0, -2, -1).fill_(1);
  } else if (q.numel() > 0) {
    q.narrow(-2, 0, k).copy_(a.narrow(-2, 0, k));
    kernels::lapack::reflections(a.dtype(), ops::count_of(a), m, columns, k, q.data_ptr(), tau.data_ptr());
  }
  return ops::turned_data(q);
}

// R over the reflections (column-major, exchanged sizes), and their factors.
std::pair<Tensor, Tensor> reflect(const Tensor& x) {
  const int64_t m = x.size(-2), n = x.size(-1);
  const Tensor columns = ops::columns_of(x);
  Tensor tau = tensor_data::make(ops::lead_of(x, {std::min(m, n)}), x.dtype());
  if (columns.numel() > 0) {
    kernels::lapack::qr(x.dtype(), ops::count_of(x), m, n, columns.data_ptr(), tau.data_ptr());
  }
  return {columns, tau};
}

void check_reflections(const char* name, const Tensor& a, const Tensor& tau) {
  ops::check_matrix(name, a, "input");
  ops::check_one_type(name, a, tau);
  const int64_t m = a.size(-2), n = a.size(-1);
  if (m < n)
    fail(name, fmt::format("input.shape[-2] must be greater than or equal to input.shape[-1]: input is {}",
                           to_string(a.sizes())));
  if (tau.dim() != a.dim() - 1 || IntArrayRef(ops::lead_of(tau, {}, 1)) != IntArrayRef(ops::lead_of(a)) ||
      tau.size(-1) > n) {
    fail(name, fmt::format("input.shape[-1] must be greater than or equal to tau.shape[-1], with equal leading "
                           "dimensions: input is {}, tau is {}",
                           to_string(a.sizes()), to_string(tau.sizes())));
  }
}

// H1 ... Hk x, or Hk ... H1 x, for the reflections 1 - tau v v^T in the columns of a.
Tensor apply(const Tensor& a, const Tensor& tau, const Tensor& x, bool backwards) {
  const int64_t k = tau.size(-1);
  const Tensor vectors = a.tril(-1) + eye(a.size(-2), a.size(-1), a.dtype());
  Tensor y = x;
  for (int64_t i = 0; i < k; ++i) {
    const int64_t at = backwards ? i : k - 1 - i;
    const Tensor v = vectors.narrow(-1, at, 1), factor = tau.narrow(-1, at, 1).unsqueeze(-1);
    y = y - matmul(factor * v, matmul(turned(v), y));
  }
  return y;
}

}  // namespace

std::tuple<Tensor, Tensor> linalg_qr(const Tensor& self, std::string_view mode) {
  const QrMode kind = mode == "complete" ? QrMode::complete : (mode == "r" ? QrMode::r : QrMode::reduced);
  if (kind == QrMode::reduced && mode != "reduced") {
    fail("linalg.qr", fmt::format("qr received unrecognized mode '{}' but expected one of 'reduced' (default), 'r', or "
                                  "'complete'",
                                  mode));
  }
  ops::check_matrix("linalg.qr", self);
  const int64_t m = self.size(-2), n = self.size(-1), k = std::min(m, n), rows = kind == QrMode::complete ? m : k;
  const auto [columns, tau] = reflect(self);
  Tensor r, q = tensor_data::make(0, self.dtype());
  {
    const NoGradGuard guard;
    if (kind != QrMode::r) q = columns_of_q(columns, tau, rows);
    r = ops::turned_data(columns).narrow(-2, 0, rows).triu();
  }
  if (auto* node = ops::record_outputs<QrBackward>({q, r}, self)) {
    node->q.save_output(q, 0);
    node->r.save_output(r, 1);
    node->mode = kind;
  }
  return {q, r};
}

std::tuple<Tensor, Tensor> qr(const Tensor& self, bool some) { return linalg_qr(self, some ? "reduced" : "complete"); }

std::tuple<Tensor, Tensor> geqrf(const Tensor& self) {
  ops::check_matrix("geqrf", self, "input");
  const auto [columns, tau] = reflect(self);
  Tensor a = ops::turned_data(columns);
  ops::record_outputs<GeqrfBackward>({a, tau}, self);
  return {a, tau};
}

Tensor linalg_householder_product(const Tensor& self, const Tensor& tau) {
  check_reflections("torch.linalg.householder_product", self, tau);
  if (ops::recording(self, tau)) {
    return apply(self, tau, eye(self.size(-2), self.size(-1), self.dtype()).expand(self.sizes()), false);
  }
  return columns_of_q(ops::columns_of(self), tau.contiguous(), self.size(-1));
}

Tensor orgqr(const Tensor& self, const Tensor& input2) { return linalg_householder_product(self, input2); }

Tensor ormqr(const Tensor& self, const Tensor& input2, const Tensor& input3, bool left, bool transpose) {
  check_reflections("torch.ormqr", self, input2);
  ops::check_matrix("torch.ormqr", input3, "other");
  ops::check_one_type("torch.ormqr", self, input3);
  if (input3.size(left ? -2 : -1) != self.size(-2) || ops::lead_of(input3) != ops::lead_of(self)) {
    fail("torch.ormqr", fmt::format("other.shape[{}] must be equal to input.shape[-2], with equal leading dimensions: "
                                    "input is {}, other is {}",
                                    left ? -2 : -1, to_string(self.sizes()), to_string(input3.sizes())));
  }
  if (left) return apply(self, input2, input3, transpose);
  return turned(apply(self, input2, turned(input3), !transpose));
}

namespace {

Tensor mixed(const std::tuple<Tensor, Tensor>& parts) {
  return matmul(std::get<0>(parts).tanh(), std::get<1>(parts) * 1.5);
}

}  // namespace

RONDO_OP(
    linalg_qr, .name = "linalg_qr", .doc = "self = Q R with orthonormal columns in Q; a primitive: LAPACK's geqrf",
    .samples = [](ops::Samples& s) {
      s.add("square", {s.real({3, 3})}, RONDO_SAMPLE(mixed(linalg_qr(in[0]))));
      s.add("tall", {s.real({2, 4, 2})}, RONDO_SAMPLE(mixed(qr(in[0]))));
      s.add("wide", {s.real({2, 4})}, RONDO_SAMPLE(mixed(linalg_qr(in[0]))));
      s.add("wide and complete", {s.real({2, 3})}, RONDO_SAMPLE(mixed(linalg_qr(in[0], "complete"))));
      s.add("Q alone", {s.real({3, 2})}, RONDO_SAMPLE(std::get<0>(linalg_qr(in[0]))));
      s.add("Q alone, wide", {s.real({2, 3})}, RONDO_SAMPLE(std::get<0>(linalg_qr(in[0]))));
      s.add("R alone, transposed", {s.real({3, 2})}, RONDO_SAMPLE(std::get<1>(linalg_qr(in[0].t()))));
      s.add("no columns", {s.real({3, 0})}, RONDO_SAMPLE(mixed(linalg_qr(in[0]))));
      s.error("a vector", "must have at least 2 dimensions", [] { linalg_qr(zeros({2})); });
      s.error("mode", "qr received unrecognized mode 'full'", [] { linalg_qr(zeros({2, 2}), "full"); });
      s.error("backward of R alone", "Please set the mode to 'reduced' or 'complete'", [] {
        std::get<1>(linalg_qr(ones({2, 2}).requires_grad_(), "r")).sum().backward();
      });
      s.error("backward of a complete Q", "not differentiable when mode='complete' and nrows > ncols", [] {
        std::get<1>(linalg_qr(ones({3, 2}).requires_grad_(), "complete")).sum().backward();
      });
    });

RONDO_OP(
    geqrf, .name = "geqrf", .doc = "R over the reflections that make Q, and their factors; LAPACK's form",
    .differentiable = false, .samples = [](ops::Samples& s) {
      s.add("tall", {s.real({3, 2})}, RONDO_SAMPLE(std::get<0>(geqrf(in[0].detach()))));
      s.add("factors", {s.real({2, 2, 3})}, RONDO_SAMPLE(std::get<1>(geqrf(in[0].detach()))));
      s.error("backward", "have no derivative", [] {
        std::get<1>(geqrf(ones({2, 2}).requires_grad_())).sum().backward();
      });
    });

RONDO_OP(
    linalg_householder_product, .name = "linalg_householder_product",
    .doc = "the first columns of a product of reflections; LAPACK's orgqr, composed of products for its derivative",
    .samples = [](ops::Samples& s) {
      s.add("tall", {s.real({3, 2}), s.real({2})}, RONDO_SAMPLE(linalg_householder_product(in[0], in[1])));
      s.add("a stack, fewer factors", {s.real({2, 3, 3}), s.real({2, 2})}, RONDO_SAMPLE(orgqr(in[0], in[1])));
      s.add("no factors", {s.real({3, 2}), s.real({0})}, RONDO_SAMPLE(orgqr(in[0], in[1])));
      s.error("wide", "must be greater than or equal to input.shape[-1]", [] { orgqr(ones({2, 3}), ones({2})); });
      s.error("factors", "must be greater than or equal to tau.shape[-1]", [] { orgqr(ones({3, 2}), ones({3})); });
    });

RONDO_OP(
    ormqr, .name = "ormqr", .doc = "products with the whole of a product of reflections; composed",
    .samples = [](ops::Samples& s) {
      s.add("left", {s.real({3, 2}), s.real({2}), s.real({3, 2})}, RONDO_SAMPLE(ormqr(in[0], in[1], in[2])));
      s.add("right, transposed", {s.real({3, 2}), s.real({2}), s.real({2, 3})},
            RONDO_SAMPLE(ormqr(in[0], in[1], in[2], false, true)));
      s.error("sizes", "other.shape[-2] must be equal to input.shape[-2]", [] {
        ormqr(ones({3, 2}), ones({2}), ones({2, 2}));
      });
    });

}  // namespace rondo
