// Symmetric indefinite matrices: the factors L D L^T and solving with them.
#include <rondo/autograd/kernels/lapack.h>
#include <rondo/autograd/ops/linalg.h>
#include <rondo/autograd/ops/linalg_parts.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <cstdlib>

namespace rondo {

std::tuple<Tensor, Tensor, Tensor> linalg_ldl_factor_ex(const Tensor& self, bool, bool check_errors) {
  constexpr const char* kName = "torch.linalg.ldl_factor_ex";
  ops::check_square(kName, self);
  if (ops::recording(self)) fail(kName, "it has no derivative; need an input that does not require grad");
  const Tensor columns = ops::columns_of(self);
  Tensor pivots = tensor_data::make(ops::lead_of(self, {self.size(-1)}), kInt), info = zeros(ops::lead_of(self), kInt);
  if (columns.numel() > 0) {
    kernels::lapack::ldl(self.dtype(), ops::count_of(self), self.size(-1), columns.data_ptr(),
                         pivots.data_ptr<int32_t>(), info.data_ptr<int32_t>());
  }
  if (const ops::Fault fault = ops::fault_of(info); check_errors && fault) {
    fail_linalg(kName, fmt::format("{}The diagonal element {} of D is zero; with it ldl_solve would divide by zero.",
                                   fault.place(), fault.info));
  }
  return {ops::turned_data(columns).tril(), pivots, info};
}

std::tuple<Tensor, Tensor> linalg_ldl_factor(const Tensor& self, bool hermitian) {
  auto [factors, pivots, info] = linalg_ldl_factor_ex(self, hermitian, true);
  return {factors, pivots};
}

Tensor linalg_ldl_solve(const Tensor& LD, const Tensor& pivots, const Tensor& B, bool) {
  constexpr const char* kName = "torch.linalg.ldl_solve";
  ops::check_square(kName, LD, "LD");
  ops::check_matrix(kName, B, "B");
  ops::check_one_type(kName, LD, B);
  if (pivots.dtype() != kInt) {
    fail(kName, fmt::format("Expected pivots to be integers (int32); got {}", dtype_name(pivots.scalar_type())));
  }
  if (pivots.sizes() != IntArrayRef(ops::lead_of(LD, {LD.size(-1)}))) {
    fail(kName, fmt::format("pivots is {}, LD is {}; need {}", to_string(pivots.sizes()), to_string(LD.sizes()),
                            to_string(ops::lead_of(LD, {LD.size(-1)}))));
  }
  if (B.size(-2) != LD.size(-1)) {
    fail(kName, fmt::format("Incompatible shapes of LD and B for the equation AX = B: LD is {}, B is {}",
                            to_string(LD.sizes()), to_string(B.sizes())));
  }
  const Tensor listed = pivots.contiguous();
  const int64_t order = LD.size(-1);
  for (int64_t i = 0; i < listed.numel(); ++i) {
    // A block of two rows has the same negative number twice.
    const auto* pivot = listed.data_ptr<int32_t>() + i;
    const bool block = *pivot < 0 && i % order + 1 < order && pivot[1] == *pivot;
    const int64_t row = std::abs(static_cast<int64_t>(*pivot));
    if (row < 1 || row > order || (*pivot < 0 && !block)) {
      fail(kName, fmt::format("pivots contains {} at place {}; need numbers from 1 to {}, or one below 0 twice in a "
                              "row, as ldl_factor gives them",
                              *pivot, i % order, order));
    }
    if (block) ++i;
  }
  if (ops::recording(LD, B)) fail(kName, "it has no derivative; need inputs that do not require grad");
  const auto [factors, sides] = ops::broadcast_stacks(kName, LD, B);
  const Tensor exchanged = pivots.expand(ops::lead_of(factors, {LD.size(-1)})).contiguous();
  const Tensor columns = ops::columns_of(factors), y = ops::columns_of(sides);
  if (y.numel() > 0) {
    kernels::lapack::ldl_solve(LD.dtype(), ops::count_of(factors), LD.size(-1), B.size(-1), columns.data_ptr(),
                               exchanged.data_ptr<int32_t>(), y.data_ptr());
  }
  return ops::turned_data(y);
}

RONDO_OP(
    ldl, .name = "linalg_ldl_factor, linalg_ldl_solve", .doc = "self = P L D L^T P^T, and solving with the factors",
    .differentiable = false, .samples = [](ops::Samples& s) {
      s.add("solve", {s.index({2, 3, 3}, 9), s.index({3, 2}, 9)}, [](const ops::Samples::Inputs& in) {
        const Tensor a = in[0].to(kDouble) + in[0].to(kDouble).mT() - 7;
        const auto [factors, pivots] = linalg_ldl_factor(a);
        return (matmul(a, linalg_ldl_solve(factors, pivots, in[1].to(kDouble))) * 1e6).round().to(kLong);
      });
      s.error("no square", "must be batches of square matrices", [] { linalg_ldl_factor(ones({2, 3})); });
      s.error("singular", "The diagonal element 1 of D is zero", [] { linalg_ldl_factor(zeros({2, 2})); });
      s.error("shapes", "Incompatible shapes", [] {
        const auto [factors, pivots] = linalg_ldl_factor(eye(2));
        linalg_ldl_solve(factors, pivots, ones({3, 1}));
      });
    })

}  // namespace rondo
