// Inverses and solutions of square systems.
#include <rondo/autograd/graph/history.h>
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

struct InvBackward final : ops::Rule {
  ops::Saved y;
  std::string name() const override { return "LinalgInvExBackward0"; }
  void backward(ops::Backward& step) override {
    const Tensor inverse = turned(y.get(*this));
    step[0] = -matmul(matmul(inverse, step.gy()), inverse);
  }
  void release_variables() override { release(y); }
};

// gB = A^-T gX, gA = -gB X^T. The factors of the forward step serve again where no history is wanted.
struct SolveBackward final : ops::Rule {
  ops::Saved a, x;
  Tensor lu, pivots;

  std::string name() const override { return "LinalgSolveExBackward0"; }
  void backward(ops::Backward& step) override {
    a.peek(*this);  // throws where the graph was freed or the matrix changed
    const Tensor g = step.create_graph() ? linalg_solve(turned(a.get(*this)), step.gy())
                                         : linalg_lu_solve(lu, pivots, step.gy(), true, true);
    if (step.wants(0)) step[0] = -matmul(g, turned(x.get(*this)));
    if (step.wants(1)) step[1] = g;
  }
  void release_variables() override {
    release(a, x);
    lu.reset();
    pivots.reset();
  }
};

// A (stack of) vectors rather than of matrices, by libtorch's rule.
bool is_vector(const Tensor& a, const Tensor& b) {
  if (b.dim() == 1) return true;
  return a.dim() - 1 == b.dim() && b.sizes() == a.sizes().slice(0, static_cast<size_t>(a.dim() - 1));
}

// X with A X = B for matrices of one stack.
std::tuple<Tensor, Tensor> solve_stack(const Tensor& a, const Tensor& b) {
  Tensor x, lu, pivots, info;
  {
    const NoGradGuard guard;
    std::tie(lu, pivots, info) = linalg_lu_factor_ex(a);
    x = linalg_lu_solve(lu, pivots, b);
  }
  if (auto* node = ops::record<SolveBackward>(x, a, b)) {
    node->a.save_input(a);
    if (node->wants(0)) node->x.save_output(x);
    node->lu = lu;
    node->pivots = pivots;
  }
  return {x, info};
}

struct TriangularBackward final : ops::Rule {
  ops::Saved a, x;
  bool upper = false, unit = false;

  std::string name() const override { return "LinalgSolveTriangularBackward0"; }
  void backward(ops::Backward& step) override {
    const Tensor g = linalg_solve_triangular(turned(a.get(*this)), step.gy(), !upper, true, unit);
    if (step.wants(1)) step[1] = g;
    if (!step.wants(0)) return;
    const Tensor whole = -matmul(g, turned(x.get(*this)));
    step[0] = upper ? whole.triu(unit ? 1 : 0) : whole.tril(unit ? -1 : 0);
  }
  void release_variables() override { release(a, x); }
};

}  // namespace

std::tuple<Tensor, Tensor> linalg_inv_ex(const Tensor& self, bool check_errors) {
  ops::check_square("linalg.inv", self);
  Tensor y, info;
  {
    const NoGradGuard guard;
    const auto [lu, pivots, state] = linalg_lu_factor_ex(self);
    info = state;
    y = linalg_lu_solve(lu, pivots, ops::identity_like(self).expand(self.sizes()));
  }
  if (const ops::Fault fault = ops::fault_of(info); check_errors && fault) {
    fail_linalg("linalg.inv",
                fmt::format("{}The diagonal element {} is zero, the inversion could not be completed because "
                            "the input matrix is singular.",
                            fault.place(), fault.info));
  }
  if (auto* node = ops::record<InvBackward>(y, self)) node->y.save_output(y);
  return {y, info};
}

Tensor linalg_inv(const Tensor& self) { return std::get<0>(linalg_inv_ex(self, true)); }
Tensor inverse(const Tensor& self) { return linalg_inv(self); }

std::tuple<Tensor, Tensor> linalg_solve_ex(const Tensor& self, const Tensor& other, bool left, bool check_errors) {
  constexpr const char* kName = "linalg.solve";
  ops::check_square(kName, self);
  ops::check_one_type(kName, self, other);
  const bool vector = is_vector(self, other);
  if (vector && !left) fail(kName, "Vector broadcasting of the left hand side is not supported for left=False");
  if (!vector && other.dim() < 2) fail(kName, "The input tensor B must have at least 2 dimensions.");
  const Tensor b = vector ? other.unsqueeze(-1) : (left ? other : turned(other));
  if (b.size(-2) != self.size(-1)) {
    fail(kName, fmt::format("Incompatible shapes of A and B for the equation {}: A is {}, B is {}",
                            left ? "AX = B" : "XA = B", to_string(self.sizes()), to_string(other.sizes())));
  }
  const auto [squares, sides] = ops::broadcast_stacks(kName, left ? self : turned(self), b);
  auto [x, info] = solve_stack(squares, sides);
  if (const ops::Fault fault = ops::fault_of(info); check_errors && fault) {
    fail_linalg(kName, fmt::format("{}The solver failed because the input matrix is singular.", fault.place()));
  }
  return {graph::unviewed(vector ? x.squeeze(-1) : (left ? x : turned(x).contiguous())), info};
}

Tensor linalg_solve(const Tensor& self, const Tensor& other, bool left) {
  return std::get<0>(linalg_solve_ex(self, other, left, true));
}

Tensor linalg_solve_triangular(const Tensor& self, const Tensor& other, bool upper, bool left, bool unitriangular) {
  constexpr const char* kName = "linalg.solve_triangular";
  ops::check_square(kName, self);
  ops::check_matrix(kName, other, "B");
  ops::check_one_type(kName, self, other);
  if (other.size(left ? -2 : -1) != self.size(-1)) {
    fail(kName, fmt::format("Incompatible shapes of A and B for the equation {}: A is {}, B is {}",
                            left ? "AX = B" : "XA = B", to_string(self.sizes()), to_string(other.sizes())));
  }
  if (!left) {
    return graph::unviewed(turned(linalg_solve_triangular(turned(self), turned(other), !upper, true, unitriangular)));
  }
  const auto [a, b] = ops::broadcast_stacks(kName, self, other);
  Tensor x;
  {
    // A column-major operand is the transposed one from the right: neither is copied but for the result.
    const NoGradGuard guard;
    const bool columns = !b.is_contiguous() && ops::turned_data(b).is_contiguous();
    if (columns) {
      const Tensor square = ops::turned_data(a).contiguous();
      const Tensor y = ops::turned_data(b).clone();
      x = ops::turned_data(y);
      if (y.numel() > 0) {
        kernels::lapack::triangular_solve(a.dtype(), ops::count_of(a), a.size(-1), b.size(-1), square.data_ptr(),
                                          y.data_ptr(), !upper, false, unitriangular);
      }
    } else {
      const Tensor square = a.contiguous();
      x = tensor_data::make(b.sizes(), b.dtype());
      x.copy_(b);
      if (x.numel() > 0) {
        kernels::lapack::triangular_solve(a.dtype(), ops::count_of(a), a.size(-1), b.size(-1), square.data_ptr(),
                                          x.data_ptr(), upper, true, unitriangular);
      }
    }
  }
  if (auto* node = ops::record<TriangularBackward>(x, a, b)) {
    node->a.save_input(a);
    if (node->wants(0)) node->x.save_output(x);
    node->upper = upper;
    node->unit = unitriangular;
  }
  return x;
}

std::tuple<Tensor, Tensor> triangular_solve(const Tensor& self, const Tensor& A, bool upper, bool transpose,
                                            bool unitriangular) {
  ops::check_matrix("triangular_solve", self, "b");
  ops::check_square("triangular_solve", A);
  const auto [b, a] = ops::broadcast_stacks("triangular_solve", self, A);
  return {transpose ? linalg_solve_triangular(turned(a), b, !upper, true, unitriangular)
                    : linalg_solve_triangular(a, b, upper, true, unitriangular),
          a.clone()};
}

Tensor linalg_tensorinv(const Tensor& self, int64_t ind) {
  if (ind <= 0 || ind > self.dim()) {
    fail("linalg.tensorinv",
         fmt::format("Expected a strictly positive integer for 'ind', at most {}: got {}", self.dim(), ind));
  }
  const auto split = static_cast<size_t>(ind);
  const IntArrayRef rows = self.sizes().slice(0, split), columns = self.sizes().slice(split);
  const int64_t n = count_elements(columns), m = count_elements(rows);
  if (m != n) {
    fail("linalg.tensorinv", fmt::format("Expected self to satisfy the requirement prod(self.shape[ind:]) == "
                                         "prod(self.shape[:ind]), but got {} != {}",
                                         n, m));
  }
  Dims sizes(columns);
  for (int64_t size : rows) sizes.push_back(size);
  return linalg_inv(self.reshape({n, n})).reshape(sizes);
}

Tensor linalg_tensorsolve(const Tensor& self, const Tensor& other, OptionalIntArrayRef dims) {
  Tensor a = self;
  if (dims) {
    Dims order;
    std::vector<bool> moved(static_cast<size_t>(std::max<int64_t>(self.dim(), 1)), false);
    for (int64_t d : *dims) moved[static_cast<size_t>(wrap_dim("linalg.tensorsolve", d, self.dim()))] = true;
    for (int64_t d = 0; d < self.dim(); ++d) {
      if (!moved[static_cast<size_t>(d)]) order.push_back(d);
    }
    for (int64_t d : *dims) order.push_back(wrap_dim("linalg.tensorsolve", d, self.dim()));
    a = self.permute(order);
  }
  const auto lead = static_cast<size_t>(std::min(other.dim(), a.dim()));
  const Dims sizes(a.sizes().slice(lead));
  const int64_t n = count_elements(sizes), m = other.numel();
  if (n * m != a.numel() || n != m) {
    fail("linalg.tensorsolve", fmt::format("Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == "
                                           "prod(self.shape[:other.ndim]), but got {} != {}",
                                           n, a.numel() / std::max<int64_t>(n, 1)));
  }
  return linalg_solve(a.reshape({m, n}), other.reshape({m})).reshape(sizes);
}

namespace {

// Far from singular.
Tensor firm(const Tensor& x) { return x + 4 * ops::identity_like(x); }

}  // namespace

RONDO_OP(
    linalg_inv, .name = "linalg_inv", .doc = "the inverse; a primitive: its derivative needs the result alone",
    .samples = [](ops::Samples& s) {
      s.add("a matrix", {s.real({3, 3})}, RONDO_SAMPLE(linalg_inv(firm(in[0]))));
      s.add("a stack, transposed", {s.real({2, 3, 3})}, RONDO_SAMPLE(inverse(firm(in[0]).transpose(1, 2))));
      s.add("inv_ex", {s.real({2, 2})}, RONDO_SAMPLE(std::get<0>(linalg_inv_ex(firm(in[0])))));
      s.add("no rows", {s.real({2, 0, 0})}, RONDO_SAMPLE(inverse(in[0])));
      s.error(
          "singular",
          "The diagonal element 1 is zero, the inversion could not be completed because the input matrix is singular",
          [] {
            inverse(zeros({2, 2}));
          });
      s.error("one of a stack", "(Batch element 1): The diagonal element 2 is zero", [] {
        inverse(stack({eye(2), ones({2, 2})}));
      });
      s.error("not square", "square matrices", [] { inverse(zeros({2, 3})); });
    });

RONDO_OP(
    linalg_solve, .name = "linalg_solve",
    .doc = "X with A X = B or X A = B; a primitive: backward solves with the same factors",
    .samples = [](ops::Samples& s) {
      s.add("a matrix", {s.real({3, 3}), s.real({3, 2})}, RONDO_SAMPLE(linalg_solve(firm(in[0]), in[1])));
      s.add("a vector", {s.real({3, 3}), s.real({3})}, RONDO_SAMPLE(linalg_solve(firm(in[0]), in[1])));
      s.add("a stack of vectors", {s.real({2, 3, 3}), s.real({2, 3})}, RONDO_SAMPLE(linalg_solve(firm(in[0]), in[1])));
      s.add("a vector for a stack", {s.real({2, 3, 3}), s.real({3})}, RONDO_SAMPLE(linalg_solve(firm(in[0]), in[1])));
      s.add("from the right", {s.real({2, 2}), s.real({3, 2})}, RONDO_SAMPLE(linalg_solve(firm(in[0]), in[1], false)));
      s.add("broadcast stacks", {s.real({2, 1, 2, 2}), s.real({3, 2, 1})},
            RONDO_SAMPLE(std::get<0>(linalg_solve_ex(firm(in[0]), in[1]))));
      s.add("transposed", {s.real({3, 3}), s.real({2, 3})}, RONDO_SAMPLE(linalg_solve(firm(in[0]).t(), in[1].t())));
      s.add("no rows", {s.real({0, 0}), s.real({0, 2})}, RONDO_SAMPLE(linalg_solve(in[0], in[1])));
      s.error("backward twice", "backward through the graph a second time", [] {
        const Tensor y = linalg_solve(eye(2).requires_grad_(), ones({2})).sum();
        y.backward();
        y.backward();
      });
      s.error("singular", "The solver failed because the input matrix is singular", [] {
        linalg_solve(ones({2, 2}), ones({2}));
      });
      s.error("shapes", "Incompatible shapes of A and B for the equation AX = B: A is (2, 2), B is (3, 2)", [] {
        linalg_solve(ones({2, 2}), ones({3, 2}));
      });
      s.error("two dtypes", "Expected both inputs to have the same dtype", [] {
        linalg_solve(ones({2, 2}, kFloat), ones({2, 2}, kDouble));
      });
    });

RONDO_OP(
    linalg_solve_triangular, .name = "linalg_solve_triangular",
    .doc = "X with A X = B or X A = B for triangular A; a primitive: BLAS' trsm", .samples = [](ops::Samples& s) {
      s.add("upper", {s.real({3, 3}), s.real({3, 2})}, RONDO_SAMPLE(linalg_solve_triangular(firm(in[0]), in[1], true)));
      s.add("lower", {s.real({2, 3, 3}), s.real({2, 3, 2})},
            RONDO_SAMPLE(linalg_solve_triangular(firm(in[0]), in[1], false)));
      s.add("upper, from the right", {s.real({2, 2}), s.real({3, 2})},
            RONDO_SAMPLE(linalg_solve_triangular(firm(in[0]), in[1], true, false)));
      s.add("lower, from the right, unit", {s.real({2, 2}), s.real({3, 2})},
            RONDO_SAMPLE(linalg_solve_triangular(in[0], in[1], false, false, true)));
      s.add("broadcast", {s.real({2, 1, 2, 2}), s.real({3, 2, 1})},
            RONDO_SAMPLE(linalg_solve_triangular(firm(in[0]), in[1], true)));
      s.add("column-major", {s.real({3, 3}), s.real({2, 3})},
            RONDO_SAMPLE(linalg_solve_triangular(firm(in[0]).t(), in[1].t(), true)));
      s.add("unit, column-major", {s.real({3, 3}), s.real({2, 3})},
            RONDO_SAMPLE(linalg_solve_triangular(in[0], in[1].t(), false, true, true)));
      s.add("no rows", {s.real({0, 0}), s.real({0, 2})}, RONDO_SAMPLE(linalg_solve_triangular(in[0], in[1], true)));
      s.error("shapes", "Incompatible shapes", [] { linalg_solve_triangular(ones({2, 2}), ones({3, 2}), true); });
      s.error("a vector", "must have at least 2 dimensions", [] {
        linalg_solve_triangular(ones({2, 2}), ones({2}), true);
      });
    });

RONDO_OP(
    triangular_solve, .name = "triangular_solve", .doc = "linalg_solve_triangular in an older form; composed",
    .samples = [](ops::Samples& s) {
      s.add("upper", {s.real({3, 2}), s.real({3, 3})}, RONDO_SAMPLE(std::get<0>(triangular_solve(in[0], firm(in[1])))));
      s.add("lower, transposed, unit", {s.real({3, 2}), s.real({2, 3, 3})},
            RONDO_SAMPLE(std::get<0>(triangular_solve(in[0], in[1], false, true, true))));
      s.error("not square", "square matrices", [] { triangular_solve(ones({2, 1}), ones({2, 3})); });
    });

RONDO_OP(
    linalg_tensorinv, .name = "linalg_tensorinv",
    .doc = "the inverse of the map between the first dimensions and the others; composed of inv",
    .samples = [](ops::Samples& s) {
      s.add("two and one", {s.real({2, 2, 4})},
            RONDO_SAMPLE(linalg_tensorinv(in[0] + 4 * eye(4, in[0].dtype()).reshape({2, 2, 4}))));
      s.add("one and two", {s.real({4, 2, 2})},
            RONDO_SAMPLE(linalg_tensorinv(in[0] + 4 * eye(4, in[0].dtype()).reshape({4, 2, 2}), 1)));
      s.error("sizes", "Expected self to satisfy the requirement prod(self.shape[ind:])", [] {
        linalg_tensorinv(ones({2, 2, 3}));
      });
      s.error("ind", "Expected a strictly positive integer for 'ind'", [] { linalg_tensorinv(ones({2, 2}), 0); });
    });

RONDO_OP(
    linalg_tensorsolve, .name = "linalg_tensorsolve", .doc = "X with tensordot(self, X) = other; composed of solve",
    .samples = [](ops::Samples& s) {
      s.add("two and one", {s.real({2, 2, 4}), s.real({2, 2})},
            RONDO_SAMPLE(linalg_tensorsolve(in[0] + 4 * eye(4, in[0].dtype()).reshape({2, 2, 4}), in[1])));
      s.add("moved dimensions", {s.real({4, 2, 2}), s.real({2, 2})}, [](const ops::Samples::Inputs& in) {
        return linalg_tensorsolve(in[0] + 4 * eye(4, in[0].dtype()).reshape({4, 2, 2}), in[1], {0});
      });
      s.error("sizes", "Expected self to satisfy the requirement", [] {
        linalg_tensorsolve(ones({2, 3, 4}), ones({2, 3}));
      });
    });

}  // namespace rondo
