// Pseudoinverses, ranks, condition numbers and least squares.
#include <rondo/autograd/graph/history.h>
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

double epsilon_of(ScalarType type) {
  return type == kFloat ? std::numeric_limits<float>::epsilon() : std::numeric_limits<double>::epsilon();
}

// The gradient of x by that of its pseudoinverse y, for x of constant rank (Golub and Pereyra 1973).
Tensor pinv_gradient(const Tensor& g, const Tensor& y, const Tensor& x) {
  const Tensor yt = turned(y), gt = turned(g);
  if (x.size(-2) <= x.size(-1)) {
    const Tensor k = matmul(gt, y), k_yt = matmul(k, yt);
    return k_yt - turned(matmul(y, k)) - matmul(matmul(x, y), k_yt) + matmul(matmul(yt, y), gt - matmul(k, x));
  }
  const Tensor k = matmul(y, gt), yt_k = matmul(yt, k);
  return yt_k - turned(matmul(k, y)) + matmul(matmul(gt - matmul(x, k), y), yt) - matmul(matmul(yt_k, y), x);
}

struct PinvBackward final : ops::Rule {
  ops::Saved x, y;
  std::string name() const override { return "LinalgPinvBackward0"; }
  void backward(ops::Backward& step) override { step[0] = pinv_gradient(step.gy(), y.get(*this), x.get(*this)); }
  void release_variables() override { release(x, y); }
};

// max(atol, rtol * largest) for each matrix; magnitudes (..., k).
Tensor limit_of(const char* name, const Tensor& x, const Tensor& magnitudes, const std::optional<Tensor>& atol,
                const std::optional<Tensor>& rtol) {
  for (const auto* tolerance : {&atol, &rtol}) {
    if (*tolerance && !is_floating_point((*tolerance)->dtype()) && (*tolerance)->dtype() == kBool) {
      fail(name, "tolerances must be real numbers; got bool");
    }
  }
  const Tensor absolute = atol ? *atol : zeros({}, kDouble);
  Tensor relative;
  if (rtol) {
    relative = *rtol;
  } else {
    // Where an absolute tolerance is given and above 0, it stands alone.
    const double standard = epsilon_of(x.dtype()) * static_cast<double>(std::max(x.size(-2), x.size(-1)));
    relative = where(absolute > 0, Scalar(0), full({}, standard, kDouble));
  }
  const Tensor largest = magnitudes.amax(-1, true).to(kDouble);
  const Tensor by_rows = absolute.to(kDouble).unsqueeze(-1);
  return maximum(by_rows, relative.to(kDouble).unsqueeze(-1) * largest);
}

Tensor number(double value) { return full({}, value, kDouble); }
std::optional<Tensor> number(std::optional<double> value) {
  return value ? std::optional<Tensor>(number(*value)) : std::nullopt;
}

// V diag(1 / S, 0 for the small ones) U^T.
Tensor pinv_value(const Tensor& x, const std::optional<Tensor>& atol, const std::optional<Tensor>& rtol,
                  bool hermitian) {
  const NoGradGuard guard;
  const auto inverted = [&](const Tensor& values) {
    const Tensor magnitudes = values.abs();
    const Tensor kept = magnitudes.to(kDouble) > limit_of("linalg.pinv", x, magnitudes, atol, rtol);
    return where(kept, values.reciprocal(), Scalar(0)).to(x.dtype());
  };
  if (hermitian) {
    const auto [values, vectors] = linalg_eigh(x);
    return matmul(vectors * inverted(values).unsqueeze(-2), turned(vectors));
  }
  const auto [u, s, vh] = linalg_svd(x, false);
  return matmul(turned(vh) * inverted(s).unsqueeze(-2), turned(u));
}

Tensor magnitudes_of(const Tensor& x, bool hermitian) {
  return hermitian ? linalg_eigvalsh(x).abs() : linalg_svdvals(x);
}

}  // namespace

Tensor linalg_pinv(const Tensor& self, const std::optional<Tensor>& atol, const std::optional<Tensor>& rtol,
                   bool hermitian) {
  ops::check_matrix("linalg.pinv", self);
  if (hermitian) ops::check_square("linalg.pinv", self);
  if (self.numel() == 0) return turned(self).clone();
  const Tensor y = pinv_value(self, atol, rtol, hermitian);
  if (auto* node = ops::record<PinvBackward>(y, self)) {
    node->x.save_input(self);
    node->y.save_output(y);
  }
  return y;
}
Tensor linalg_pinv(const Tensor& self, std::optional<double> atol, std::optional<double> rtol, bool hermitian) {
  return linalg_pinv(self, number(atol), number(rtol), hermitian);
}
Tensor linalg_pinv(const Tensor& self, double rcond, bool hermitian) {
  return linalg_pinv(self, std::optional<Tensor>(number(0.0)), std::optional<Tensor>(number(rcond)), hermitian);
}
Tensor linalg_pinv(const Tensor& self, const Tensor& rcond, bool hermitian) {
  return linalg_pinv(self, std::optional<Tensor>(number(0.0)), std::optional<Tensor>(rcond), hermitian);
}
Tensor pinverse(const Tensor& self, double rcond) { return linalg_pinv(self, rcond); }

Tensor linalg_matrix_rank(const Tensor& self, const std::optional<Tensor>& atol, const std::optional<Tensor>& rtol,
                          bool hermitian) {
  ops::check_matrix("torch.linalg.matrix_rank", self);
  if (hermitian) ops::check_square("torch.linalg.matrix_rank", self);
  if (self.size(-1) == 0 || self.size(-2) == 0 || self.numel() == 0) return zeros(ops::lead_of(self), kLong);
  const NoGradGuard guard;
  const Tensor magnitudes = magnitudes_of(self, hermitian);
  const Tensor limit = limit_of("torch.linalg.matrix_rank", self, magnitudes, atol, rtol);
  return (magnitudes.to(kDouble) > limit).sum(IntArrayRef(-1));
}
Tensor linalg_matrix_rank(const Tensor& self, std::optional<double> atol, std::optional<double> rtol, bool hermitian) {
  return linalg_matrix_rank(self, number(atol), number(rtol), hermitian);
}
Tensor linalg_matrix_rank(const Tensor& self, double tol, bool hermitian) {
  return linalg_matrix_rank(self, std::optional<Tensor>(number(tol)), std::optional<Tensor>(number(0.0)), hermitian);
}
Tensor linalg_matrix_rank(const Tensor& self, const Tensor& tol, bool hermitian) {
  return linalg_matrix_rank(self, std::optional<Tensor>(tol), std::optional<Tensor>(number(0.0)), hermitian);
}

namespace {

// The norm of the matrix times that of its inverse; infinity where there is none.
template <class Norm>
Tensor condition(const Tensor& x, const Norm& norm) {
  ops::check_square("linalg.cond", x);
  const auto [inverse, info] = linalg_inv_ex(x);
  const Tensor product = norm(x) * norm(inverse);
  return product.masked_fill(info != 0, std::numeric_limits<double>::infinity());
}

}  // namespace

Tensor linalg_cond(const Tensor& self, std::optional<Scalar> p) {
  ops::check_matrix("linalg.cond", self);
  const double kind = p ? p->toDouble() : 2;
  if (self.numel() == 0) return zeros(ops::lead_of(self), self.dtype());
  if (std::abs(kind) == 2) {
    const Tensor values = linalg_svdvals(self);
    const Tensor largest = values.select(-1, 0), smallest = values.select(-1, -1);
    return kind > 0 ? largest / smallest : smallest / largest;
  }
  if (std::abs(kind) != 1 && !std::isinf(kind)) {
    fail("linalg.cond", fmt::format("got an invalid norm type: {}", kind));
  }
  return condition(self, [kind](const Tensor& x) { return linalg_matrix_norm(x, kind); });
}

Tensor linalg_cond(const Tensor& self, std::string_view p) {
  ops::check_matrix("linalg.cond", self);
  if (p != "fro" && p != "nuc") fail("linalg.cond", fmt::format("got an invalid norm type: {}", p));
  ops::check_square("linalg.cond", self);
  if (self.numel() == 0) return zeros(ops::lead_of(self), self.dtype());
  return condition(self, [p](const Tensor& x) { return linalg_matrix_norm(x, p); });
}

namespace {

using kernels::lapack::LeastSquares;

constexpr const char* kLstsq = "torch.linalg.lstsq";

LeastSquares driver_of(std::optional<std::string_view> name) {
  if (!name || *name == "gelsy") return LeastSquares::gelsy;
  if (*name == "gels") return LeastSquares::gels;
  if (*name == "gelsd") return LeastSquares::gelsd;
  if (*name == "gelss") return LeastSquares::gelss;
  fail(kLstsq, fmt::format("parameter `driver` should be one of (gels, gelsy, gelsd, gelss); got {}", *name));
}

struct LeastSquaresResult {
  Tensor solution, ranks, singular_values;
};

LeastSquaresResult minimize(const Tensor& a, const Tensor& b, double rcond, LeastSquares driver) {
  const NoGradGuard guard;
  const int64_t m = a.size(-2), n = a.size(-1), columns = b.size(-1), k = std::min(m, n);
  const ScalarType type = a.dtype();
  const bool has_values = driver == LeastSquares::gelsd || driver == LeastSquares::gelss;
  const Tensor none = empty({0}, type);
  LeastSquaresResult y{{},
                       driver == LeastSquares::gels ? empty({0}, kLong) : zeros(ops::lead_of(a), kLong),
                       has_values ? zeros(ops::lead_of(a, {k}), type) : none};
  if (a.numel() == 0 || columns == 0) {
    y.solution = zeros(ops::lead_of(a, {n, columns}), type);
    return y;
  }
  if (const Tensor sound = isfinite(a).flatten(-2).all(-1).logical_and(isfinite(b).flatten(-2).all(-1));
      !sound.all().item<bool>()) {
    if (driver == LeastSquares::gelsd && !isfinite(a).all().item<bool>()) {
      fail(kLstsq, "The algorithm failed to converge because the input contained non-finite values.");
    }
    // The others may be solved; what is not finite gives NaN and does not reach LAPACK, which could go on for ever.
    const Tensor whole = sound.logical_not().unsqueeze(-1).unsqueeze(-1);
    y = minimize(where(whole, eye(m, n, type), a), b.masked_fill(whole, 0), rcond, driver);
    y.solution = y.solution.masked_fill(whole, NAN);
    if (has_values) y.singular_values = y.singular_values.masked_fill(whole.squeeze(-1), NAN);
    return y;
  }
  const Tensor matrix = ops::columns_of(a);
  const Tensor sides = zeros(ops::lead_of(a, {columns, std::max(m, n)}), type);
  sides.narrow(-1, 0, m).copy_(ops::turned_data(b));
  const Tensor info = zeros(ops::lead_of(a), kInt);
  kernels::lapack::least_squares(type, driver, rcond, ops::count_of(a), m, n, columns, matrix.data_ptr(),
                                 sides.data_ptr(), driver == LeastSquares::gels ? nullptr : y.ranks.data_ptr<int64_t>(),
                                 has_values ? y.singular_values.data_ptr() : nullptr, info.data_ptr<int32_t>());
  if (const ops::Fault fault = ops::fault_of(info)) {
    fail(kLstsq,
         fmt::format("{}The least squares solution could not be computed because {} (error code: {}).", fault.place(),
                     driver == LeastSquares::gels ? "the input matrix does not have full rank"
                                                  : "the algorithm did not converge",
                     fault.info));
  }
  y.solution = ops::turned_data(sides).narrow(-2, 0, n).clone();
  return y;
}

// The solution is pinv(A) B.
struct LstsqBackward final : ops::Rule {
  ops::Saved a, b;
  std::string name() const override { return "LinalgLstsqBackward0"; }
  void backward(ops::Backward& step) override {
    const Tensor matrix = a.get(*this), inverse = linalg_pinv(matrix);
    if (step.wants(0)) step[0] = pinv_gradient(matmul(step.gy(), turned(b.get(*this))), inverse, matrix);
    if (step.wants(1)) step[1] = matmul(turned(inverse), step.gy());
  }
  void release_variables() override { release(a, b); }
};

}  // namespace

std::tuple<Tensor, Tensor, Tensor, Tensor> linalg_lstsq(const Tensor& self, const Tensor& other,
                                                        std::optional<double> rcond,
                                                        std::optional<std::string_view> driver) {
  ops::check_matrix(kLstsq, self, "input");
  ops::check_one_type(kLstsq, self, other);
  const LeastSquares kind = driver_of(driver);
  const int64_t m = self.size(-2), n = self.size(-1);
  const bool vector =
      other.dim() == self.dim() - 1 && other.sizes() == self.sizes().slice(0, static_cast<size_t>(self.dim() - 1));
  if (!vector && other.dim() < 2)
    fail(kLstsq, fmt::format("input.dim() must be greater or equal to other.dim() and (input.dim() - other.dim()) <= "
                             "1: input is {}, other is {}",
                             to_string(self.sizes()), to_string(other.sizes())));
  const Tensor sides = vector ? other.unsqueeze(-1) : other;
  if (sides.size(-2) != m) {
    fail(kLstsq, fmt::format("input.size(-2) should match other.size(-{}): input is {}, other is {}", vector ? 1 : 2,
                             to_string(self.sizes()), to_string(other.sizes())));
  }
  const auto [a, b] = ops::broadcast_stacks(kLstsq, self, sides);
  const double limit = rcond ? *rcond : epsilon_of(self.dtype()) * static_cast<double>(std::max(m, n));
  auto [solution, ranks, values] = minimize(a, b, limit, kind);
  if (auto* node = ops::record<LstsqBackward>(solution, a, b)) {
    node->a.save_input(a);
    node->b.save_input(b);
  }
  Tensor residuals = empty({0}, self.dtype());
  const bool full_rank = kind == LeastSquares::gels || (ranks == std::min(m, n)).all().item<bool>();
  if (m > n && kind != LeastSquares::gelsy && full_rank) {
    residuals = (matmul(a, solution) - b).square().sum(IntArrayRef(-2));
  }
  return {vector ? graph::unviewed(solution.squeeze(-1)) : solution, residuals, ranks, values};
}

RONDO_OP(
    linalg_pinv, .name = "linalg_pinv",
    .doc = "the pseudoinverse; a primitive: its derivative does not need distinct singular values",
    .samples = [](ops::Samples& s) {
      s.add("tall", {s.real({4, 2})}, RONDO_SAMPLE(linalg_pinv(in[0] + 2 * eye(4, 2, in[0].dtype()))));
      s.add("wide", {s.real({2, 2, 3})}, RONDO_SAMPLE(linalg_pinv(in[0] + 3 * eye(2, 3, in[0].dtype()))));
      s.add("rank 1", {s.real({3, 1}), s.real({1, 2})}, RONDO_SAMPLE(linalg_pinv(matmul(in[0], in[1]), 1e-5)));
      s.add("hermitian", {s.real({3, 3})}, [](const ops::Samples::Inputs& in) {
        return linalg_pinv(in[0] + in[0].t() + 6 * eye(3, in[0].dtype()), std::nullopt, std::optional<double>(1e-10),
                           true);
      });
      s.add("equal singular values", {s.real({3, 3}, 0, 1e-9)},
            RONDO_SAMPLE(pinverse(in[0] + eye(3, in[0].dtype()).flip({0}))));
      s.add("tolerances as tensors", {s.real({2, 3, 2})}, [](const ops::Samples::Inputs& in) {
        return linalg_pinv(in[0] + 3 * eye(3, 2, in[0].dtype()), full({2}, 1e-6, kDouble));
      });
      s.add("empty", {s.real({0, 3})}, RONDO_SAMPLE(linalg_pinv(in[0])));
      s.error("a vector", "must have at least 2 dimensions", [] { pinverse(ones({2})); });
    });

RONDO_OP(
    linalg_matrix_rank, .name = "linalg_matrix_rank", .doc = "how many singular values count; by svdvals or eigvalsh",
    .differentiable = false, .samples = [](ops::Samples& s) {
      s.add("full", {s.real({2, 3, 3})}, RONDO_SAMPLE(linalg_matrix_rank(in[0])));
      s.add("rank 1", {s.real({3, 1}), s.real({1, 4})}, RONDO_SAMPLE(linalg_matrix_rank(matmul(in[0], in[1]), 1e-5)));
      s.add("a tolerance", {s.real({3, 3})}, RONDO_SAMPLE(linalg_matrix_rank(in[0], full({}, 100., kDouble))));
      s.add("symmetric", {s.real({3, 3})}, RONDO_SAMPLE(linalg_matrix_rank(in[0] + in[0].t(), {}, 1e-6, true)));
      s.add("empty", {s.real({2, 0, 3})}, RONDO_SAMPLE(linalg_matrix_rank(in[0])));
      s.error("a vector", "must have at least 2 dimensions", [] { linalg_matrix_rank(ones({2})); });
    });

RONDO_OP(
    linalg_cond, .name = "linalg_cond", .doc = "|A| |A^-1|; composed of svdvals, or of inv and matrix_norm",
    .samples = [](ops::Samples& s) {
      s.add("2", {s.real({2, 3, 2})}, RONDO_SAMPLE(linalg_cond(in[0])));
      s.add("-2", {s.real({3, 3})}, RONDO_SAMPLE(linalg_cond(in[0] + 4 * eye(3, in[0].dtype()), -2)));
      s.add("1", {s.real({2, 2, 2})}, RONDO_SAMPLE(linalg_cond(in[0] + 4 * eye(2, in[0].dtype()), 1)));
      s.add("fro", {s.real({3, 3})}, RONDO_SAMPLE(linalg_cond(in[0] + 4 * eye(3, in[0].dtype()), "fro")));
      s.add("nuc", {s.real({3, 3})}, RONDO_SAMPLE(linalg_cond(in[0] + 4 * eye(3, in[0].dtype()), "nuc")));
      s.error("kind", "got an invalid norm type", [] { linalg_cond(eye(2), 3); });
      s.error("not square", "square matrices", [] { linalg_cond(ones({2, 3}), 1); });
    });

RONDO_OP(
    linalg_lstsq, .name = "linalg_lstsq", .doc = "X that minimizes |A X - B|; a primitive: LAPACK's gels and kin",
    .samples = [](ops::Samples& s) {
      s.add("tall", {s.real({4, 2}), s.real({4, 2})}, RONDO_SAMPLE(std::get<0>(linalg_lstsq(in[0], in[1]))));
      s.add("wide", {s.real({2, 3}), s.real({2, 1})},
            RONDO_SAMPLE(std::get<0>(linalg_lstsq(in[0] + 3 * eye(2, 3, in[0].dtype()), in[1], {}, "gels"))));
      s.add("a vector", {s.real({3, 2}), s.real({3})},
            RONDO_SAMPLE(std::get<0>(linalg_lstsq(in[0], in[1], {}, "gelsd"))));
      s.add("residuals", {s.real({2, 4, 2}), s.real({2, 4, 1})},
            RONDO_SAMPLE(std::get<1>(linalg_lstsq(in[0], in[1], {}, "gelss"))));
      s.add("broadcast, transposed", {s.real({2, 3}), s.real({2, 3, 1})},
            RONDO_SAMPLE(std::get<0>(linalg_lstsq(in[0].t(), in[1]))));
      s.error("driver", "parameter `driver` should be one of",
              [] { linalg_lstsq(eye(2), eye(2), std::nullopt, "gelsx"); });
      s.error("sizes", "input.size(-2) should match other.size(-2)", [] { linalg_lstsq(eye(2), ones({3, 1})); });
    });

}  // namespace rondo
