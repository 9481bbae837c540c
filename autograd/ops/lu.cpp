// The LU factorization, and what is solved with it.
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

// The order into which the exchanges bring `rows` rows, for each matrix: int64, (..., rows).
Tensor order_of(const Tensor& pivots, int64_t rows) {
  const int64_t k = pivots.size(-1), count = count_elements(ops::lead_of(pivots, {}, 1));
  const Tensor exchanges = pivots.contiguous();
  Tensor order = tensor_data::make(ops::lead_of(pivots, {rows}, 1), kLong);
  const auto* from = exchanges.data_ptr<int32_t>();
  auto* to = order.data_ptr<int64_t>();
  for (int64_t i = 0; i < count; ++i, from += k, to += rows) {
    for (int64_t r = 0; r < rows; ++r) to[r] = r;
    for (int64_t r = 0; r < k; ++r) {
      if (from[r] < 1 || from[r] > rows) {
        fail("torch.lu_unpack",
             fmt::format("LU_pivots must be between 1 and LU_data.size(-2) = {}: got {}", rows, from[r]));
      }
      std::swap(to[r], to[from[r] - 1]);
    }
  }
  return order;
}

// (..., rows) int64 -> P with P^T x = the rows of x in that order.
template <class T>
void set_ones(const Tensor& order, const Tensor& p) {
  const int64_t n = order.size(-1), rows = order.numel();
  const auto* from = order.data_ptr<int64_t>();
  auto* to = p.data_ptr<T>();
  for (int64_t i = 0; i < rows; ++i) to[i / n * n * n + from[i] * n + i % n] = 1;
}
Tensor permutation_matrix(const Tensor& order, ScalarType type) {
  const int64_t n = order.size(-1);
  Tensor p = zeros(ops::lead_of(order, {n, n}, 1), type);
  type == kFloat ? set_ones<float>(order, p) : set_ones<double>(order, p);
  return p;
}

// Rows in the given order, and back.
Tensor take_rows(const Tensor& x, const Tensor& order) { return x.gather(-2, order.unsqueeze(-1).expand(x.sizes())); }
Tensor put_rows(const Tensor& x, const Tensor& order) { return take_rows(x, order.argsort(-1)); }

Tensor lower_of(const Tensor& lu) {
  const int64_t k = std::min(lu.size(-2), lu.size(-1));
  return (k < lu.size(-1) ? lu.narrow(-1, 0, k) : lu).tril(-1) + eye(lu.size(-2), k, lu.dtype());
}
Tensor upper_of(const Tensor& lu) {
  const int64_t k = std::min(lu.size(-2), lu.size(-1));
  return (k < lu.size(-2) ? lu.narrow(-2, 0, k) : lu).triu();
}

// The gradient of P^T A for A = P L U with square L and U: L^-T (tril(L^T gL, -1) + triu(gU U^T)) U^-T.
Tensor square_gradient(const Tensor& lower, const Tensor& upper, const Tensor& g_lower, const Tensor& g_upper) {
  const Tensor inner = matmul(turned(lower), g_lower).tril(-1) + matmul(g_upper, turned(upper)).triu();
  const Tensor left = linalg_solve_triangular(turned(lower), inner, true, true, true);
  return linalg_solve_triangular(turned(upper), left, false, false);
}

// More columns than rows: U = [U1 U2] with U2 = L^-1 A2, so that A2 takes L^-T gU2 and L loses that times U2^T; more
// rows likewise.
struct LuFactorBackward final : ops::Rule {
  ops::Saved lu;
  Tensor order;

  std::string name() const override { return "LinalgLuFactorExBackward0"; }
  void backward(ops::Backward& step) override {
    const Tensor g = step.gy(), factors = lu.get(*this);
    const int64_t m = factors.size(-2), n = factors.size(-1), k = std::min(m, n);
    const Tensor head = factors.narrow(-2, 0, k).narrow(-1, 0, k);
    const Tensor lower = lower_of(head), upper = upper_of(head);
    const Tensor g_head = g.narrow(-2, 0, k).narrow(-1, 0, k);
    Tensor gradient;
    if (n > m) {
      const Tensor rest = factors.narrow(-1, k, n - k);
      const Tensor right = linalg_solve_triangular(turned(lower), g.narrow(-1, k, n - k), true, true, true);
      const Tensor g_lower = g_head - matmul(right, turned(rest));
      gradient = cat({square_gradient(lower, upper, g_lower, g_head), right}, -1);
    } else if (m > n) {
      const Tensor rest = factors.narrow(-2, k, m - k);
      const Tensor below = linalg_solve_triangular(turned(upper), g.narrow(-2, k, m - k), false, false);
      const Tensor g_upper = g_head - matmul(turned(rest), below);
      gradient = cat({square_gradient(lower, upper, g_head, g_upper), below}, -2);
    } else {
      gradient = square_gradient(lower, upper, g_head, g_head);
    }
    step[0] = put_rows(gradient, order);
  }
  void release_variables() override { release(lu); }
};

}  // namespace

std::tuple<Tensor, Tensor, Tensor> linalg_lu_factor_ex(const Tensor& self, bool pivot, bool check_errors) {
  ops::check_matrix("torch.linalg.lu_factor", self);
  const int64_t m = self.size(-2), n = self.size(-1), k = std::min(m, n);
  const Tensor columns = ops::columns_of(self);
  Tensor pivots = tensor_data::make(ops::lead_of(self, {k}), kInt), info = zeros(ops::lead_of(self), kInt);
  if (columns.numel() > 0) {
    kernels::lapack::lu(self.dtype(), ops::count_of(self), m, n, columns.data_ptr(), pivots.data_ptr<int32_t>(),
                        info.data_ptr<int32_t>(), pivot);
  }
  if (const ops::Fault fault = ops::fault_of(info); check_errors && fault) {
    fail("torch.linalg.lu_factor",
         fmt::format("{}U[{},{}] is zero and using it on lu_solve would result in a division by zero. If you still "
                     "want to perform the factorization, consider calling linalg.lu(A, pivot) or "
                     "linalg.lu_factor_ex(A, pivot)",
                     fault.place(), fault.info, fault.info));
  }
  Tensor lu = ops::turned_data(columns);
  if (auto* node = ops::record<LuFactorBackward>(lu, self)) {
    node->lu.save_output(lu);
    node->order = order_of(pivots, m);
  }
  return {lu, pivots, info};
}

std::tuple<Tensor, Tensor> linalg_lu_factor(const Tensor& self, bool pivot) {
  auto [lu, pivots, info] = linalg_lu_factor_ex(self, pivot, true);
  return {lu, pivots};
}

std::tuple<Tensor, Tensor, Tensor> _lu_with_info(const Tensor& self, bool pivot, bool check_errors) {
  return linalg_lu_factor_ex(self, pivot, check_errors);
}

std::tuple<Tensor, Tensor, Tensor> lu_unpack(const Tensor& LU_data, const Tensor& LU_pivots, bool unpack_data,
                                             bool unpack_pivots) {
  ops::check_matrix("torch.lu_unpack", LU_data, "LU_data");
  const ScalarType type = LU_data.dtype();
  const Tensor nothing = empty({0}, type);
  if (unpack_pivots) {
    if (LU_pivots.dtype() != kInt) {
      fail("torch.lu_unpack", fmt::format("LU_pivots is expected to be a contiguous tensor of torch.int32 dtype: got "
                                          "{}",
                                          toString(LU_pivots.dtype())));
    }
    const Dims needed = ops::lead_of(LU_data, {std::min(LU_data.size(-2), LU_data.size(-1))});
    if (LU_pivots.sizes() != IntArrayRef(needed)) {
      fail("torch.lu_unpack", fmt::format("LU_pivots is {}, LU_data is {}; need {}", to_string(LU_pivots.sizes()),
                                          to_string(LU_data.sizes()), to_string(needed)));
    }
  }
  const Tensor p = unpack_pivots ? permutation_matrix(order_of(LU_pivots, LU_data.size(-2)), type) : nothing;
  if (!unpack_data) return {p, nothing, nothing};
  return {p, lower_of(LU_data), upper_of(LU_data)};
}

std::tuple<Tensor, Tensor, Tensor> linalg_lu(const Tensor& self, bool pivot) {
  ops::check_matrix("linalg.lu", self);
  const auto [lu, pivots, info] = linalg_lu_factor_ex(self, pivot, false);
  auto [p, lower, upper] = lu_unpack(lu, pivots);
  return {pivot ? p : empty({0}, self.dtype()), lower, upper};
}

Tensor linalg_lu_solve(const Tensor& LU, const Tensor& pivots, const Tensor& B, bool left, bool adjoint) {
  constexpr const char* kName = "linalg.lu_solve";
  ops::check_square(kName, LU, "LU");
  ops::check_matrix(kName, B, "B");
  ops::check_one_type(kName, LU, B);
  if (pivots.dtype() != kInt) {
    fail(kName, fmt::format("Expected pivots to have integer dtype (int32): got {}", toString(pivots.dtype())));
  }
  if (pivots.sizes() != IntArrayRef(ops::lead_of(LU, {LU.size(-1)}))) {
    fail(kName, fmt::format("pivots is {}, LU is {}; need {}", to_string(pivots.sizes()), to_string(LU.sizes()),
                            to_string(ops::lead_of(LU, {LU.size(-1)}))));
  }
  if (B.size(left ? -2 : -1) != LU.size(-1)) {
    fail(kName, fmt::format("Incompatible shapes of LU and B for the equation {}: LU is {}, B is {}",
                            left ? "AX = B" : "XA = B", to_string(LU.sizes()), to_string(B.sizes())));
  }
  if (!left) return turned(linalg_lu_solve(LU, pivots, turned(B), true, !adjoint));
  const auto [factors, sides] = ops::broadcast_stacks(kName, LU, B);
  Tensor order = order_of(pivots, LU.size(-1));
  order = order.expand(ops::lead_of(sides, {order.size(-1)}));
  if (!adjoint) {
    const Tensor half = linalg_solve_triangular(factors, take_rows(sides, order), false, true, true);
    return linalg_solve_triangular(factors, half, true);
  }
  const Tensor half = linalg_solve_triangular(turned(factors), sides, false);
  return put_rows(linalg_solve_triangular(turned(factors), half, true, true, true), order);
}

Tensor lu_solve(const Tensor& self, const Tensor& LU_data, const Tensor& LU_pivots) {
  return linalg_lu_solve(LU_data, LU_pivots, self);
}

namespace {

Tensor product_of(const std::tuple<Tensor, Tensor, Tensor>& parts) {
  const auto& [p, lower, upper] = parts;
  return matmul(p, matmul(lower * 1.5, upper.tanh()));
}

}  // namespace

RONDO_OP(
    linalg_lu, .name = "linalg_lu",
    .doc = "self = P L U; P is a permutation, L unit lower and U upper triangular; composed of lu_factor and lu_unpack",
    .samples = [](ops::Samples& s) {
      s.add("square", {s.real({3, 3})}, RONDO_SAMPLE(product_of(linalg_lu(in[0]))));
      s.add("wide", {s.real({2, 4})}, RONDO_SAMPLE(product_of(linalg_lu(in[0]))));
      s.add("tall", {s.real({4, 2})}, RONDO_SAMPLE(product_of(linalg_lu(in[0]))));
      s.add("a stack, transposed", {s.real({2, 3, 2})}, RONDO_SAMPLE(product_of(linalg_lu(in[0].transpose(1, 2)))));
      s.add("empty", {s.real({0, 2, 2})}, RONDO_SAMPLE(product_of(linalg_lu(in[0]))));
      s.add("no columns", {s.real({2, 0})}, RONDO_SAMPLE(product_of(linalg_lu(in[0]))));
      s.add("without exchanges", {s.real({3, 3}, 0.5, 1)}, [](const ops::Samples::Inputs& in) {
        const auto [p, lower, upper] = linalg_lu(in[0] + 2 * eye(3, in[0].dtype()), false);
        return lower + upper * 2;
      });
      s.error("a vector", "must have at least 2 dimensions", [] { linalg_lu(zeros({3})); });
      s.error("integers", "Expected a floating point or complex tensor as input. Got Long", [] {
        linalg_lu(zeros({3, 3}, kLong));
      });
    });

RONDO_OP(
    linalg_lu_factor, .name = "linalg_lu_factor", .doc = "L and U in one matrix, by LAPACK's getrf; a primitive",
    .samples = [](ops::Samples& s) {
      s.add("square", {s.real({3, 3})}, RONDO_SAMPLE(std::get<0>(linalg_lu_factor(in[0]))));
      s.add("wide", {s.real({2, 2, 3})}, RONDO_SAMPLE(std::get<0>(linalg_lu_factor_ex(in[0]))));
      s.add("tall", {s.real({3, 2})}, RONDO_SAMPLE(std::get<0>(_lu_with_info(in[0]))));
      s.add("a factor alone", {s.real({3, 3})}, [](const ops::Samples::Inputs& in) {
        const auto [lu, pivots] = linalg_lu_factor(in[0]);
        return std::get<1>(lu_unpack(lu, pivots, true, false));
      });
      s.error("singular", "U[2,2] is zero and using it on lu_solve would result in a division by zero", [] {
        linalg_lu_factor(ones({2, 2}));
      });
    });

RONDO_OP(
    lu_unpack, .name = "lu_unpack", .doc = "the triangles of one matrix and the permutation of its exchanges; composed",
    .samples = [](ops::Samples& s) {
      s.add("square", {s.real({2, 3, 3})}, [](const ops::Samples::Inputs& in) {
        return product_of(lu_unpack(in[0], full({2, 3}, 3, kInt)));
      });
      s.error("pivots out of range", "must be between 1 and LU_data.size(-2) = 2", [] {
        lu_unpack(ones({2, 2}), full({2}, 3, kInt));
      });
      s.error("pivots of int64", "torch.int32 dtype", [] { lu_unpack(ones({2, 2}), full({2}, 1, kLong)); });
      s.error("pivots of another shape", "LU_pivots is (3,)", [] { lu_unpack(ones({2, 2}), full({3}, 1, kInt)); });
    });

RONDO_OP(
    linalg_lu_solve, .name = "linalg_lu_solve",
    .doc = "solves with the factors of lu_factor; composed of two triangular solutions",
    .samples = [](ops::Samples& s) {
      s.add("left", {s.real({3, 3}), s.real({3, 2})}, [](const ops::Samples::Inputs& in) {
        const auto [lu, pivots] = linalg_lu_factor(in[0] + 3 * eye(3, in[0].dtype()));
        return linalg_lu_solve(lu, pivots, in[1]);
      });
      s.add("right", {s.real({3, 3}), s.real({2, 3})}, [](const ops::Samples::Inputs& in) {
        const auto [lu, pivots] = linalg_lu_factor(in[0] + 3 * eye(3, in[0].dtype()));
        return linalg_lu_solve(lu, pivots, in[1], false);
      });
      s.add("adjoint, broadcast", {s.real({3, 3}), s.real({2, 3, 2})}, [](const ops::Samples::Inputs& in) {
        const auto [lu, pivots] = linalg_lu_factor(in[0] + 3 * eye(3, in[0].dtype()).flip({0}));
        return linalg_lu_solve(lu, pivots, in[1], true, true);
      });
      s.add("lu_solve", {s.real({2, 3, 3}), s.real({3, 2})}, [](const ops::Samples::Inputs& in) {
        const auto [lu, pivots] = linalg_lu_factor(in[0] + 3 * eye(3, in[0].dtype()));
        return lu_solve(in[1], lu, pivots);
      });
      s.error("shapes", "Incompatible shapes", [] { lu_solve(ones({3, 2}), ones({2, 2}), full({2}, 1, kInt)); });
      s.error("pivots", "Expected pivots to have integer dtype", [] {
        lu_solve(ones({2, 2}), ones({2, 2}), full({2}, 1, kLong));
      });
    });

}  // namespace rondo
