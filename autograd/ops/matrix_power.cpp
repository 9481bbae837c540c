// Powers and the exponential of matrices; chains of products.
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

// Pade's approximant of degree 13 is exact to float64's last digits for 1-norms up to 5.37 (Higham 2005).
constexpr double kReach = 5.371920351148152;
constexpr double kPade[] = {64764752532480000.,
                            32382376266240000.,
                            7771770303897600.,
                            1187353796428800.,
                            129060195264000.,
                            10559470521600.,
                            670442572800.,
                            33522128640.,
                            1323241920.,
                            40840800.,
                            960960.,
                            16380.,
                            182.,
                            1.};

// exp(x) for matrices of small norm: (V - U)^-1 (V + U).
Tensor approximant(const Tensor& x) {
  const Tensor one = ops::identity_like(x), x2 = matmul(x, x), x4 = matmul(x2, x2), x6 = matmul(x4, x2);
  const auto three = [&](int at) { return x6 * kPade[at + 4] + x4 * kPade[at + 2] + x2 * kPade[at]; };
  const Tensor u = matmul(x, matmul(x6, three(9)) + three(3) + one * kPade[1]);
  const Tensor v = matmul(x6, three(8)) + three(2) + one * kPade[0];
  return std::get<0>(linalg_solve_ex(v - u, v + u));
}

// Scaled by a power of 2 into reach, each matrix by its own, and squared as often.
Tensor exponential(const Tensor& x) {
  const NoGradGuard guard;
  const Tensor norms = x.abs().sum(IntArrayRef(-2)).amax(-1);
  const Tensor wanted = (norms / kReach).log2().ceil().clamp(Scalar(0));
  const Tensor halvings = where(wanted.isfinite(), wanted, Scalar(0)).unsqueeze(-1).unsqueeze(-1);
  const double most = halvings.max().item<double>();
  Tensor y = approximant(most > 0 ? x * (-halvings).exp2() : x);
  for (double i = 0; i < most; ++i) y = where(halvings > i, matmul(y, y), y);
  return y;
}

// exp of [[X^T, G], [0, X^T]] has the gradient in its upper right corner.
struct MatrixExpBackward final : ops::Rule {
  ops::Saved x;
  std::string name() const override { return "LinalgMatrixExpBackward0"; }
  void backward(ops::Backward& step) override {
    const Tensor a = turned(x.get(*this));
    const int64_t n = a.size(-1);
    const Tensor above = cat({a, step.gy()}, -1), below = cat({zeros_like(a), a}, -1);
    step[0] = linalg_matrix_exp(cat({above, below}, -2)).narrow(-2, 0, n).narrow(-1, n, n);
  }
  void release_variables() override { release(x); }
};

// n > 0 by squaring.
Tensor positive_power(const Tensor& x, int64_t n) {
  Tensor square = x, y;
  for (;; square = matmul(square, square)) {
    if (n & 1) y = y.defined() ? matmul(y, square) : square;
    n >>= 1;
    if (n == 0) return y;
  }
}

// The order of multiplication that costs least: `cut(i, j)` is where the product of i ... j is split.
class ChainOrder {
 public:
  explicit ChainOrder(const std::vector<Tensor>& chain) : n_(chain.size()), cut_(n_ * n_, 0) {
    std::vector<double> sizes;
    for (const Tensor& matrix : chain) sizes.push_back(static_cast<double>(matrix.size(0)));
    sizes.push_back(static_cast<double>(chain.back().size(1)));
    std::vector<double> cost(n_ * n_, 0);
    for (size_t length = 1; length < n_; ++length) {
      for (size_t i = 0; i + length < n_; ++i) {
        const size_t j = i + length;
        double best = -1;
        for (size_t k = i; k < j; ++k) {
          const double total = cost[i * n_ + k] + cost[(k + 1) * n_ + j] + sizes[i] * sizes[k + 1] * sizes[j + 1];
          if (best >= 0 && total >= best) continue;
          best = total;
          cut_[i * n_ + j] = k;
        }
        cost[i * n_ + j] = best;
      }
    }
  }
  Tensor product(const std::vector<Tensor>& chain, size_t i, size_t j) const {
    if (i == j) return chain[i];
    const size_t k = cut_[i * n_ + j];
    return mm(product(chain, i, k), product(chain, k + 1, j));
  }

 private:
  size_t n_;
  std::vector<size_t> cut_;
};

}  // namespace

Tensor linalg_matmul(const Tensor& self, const Tensor& other) { return matmul(self, other); }

Tensor linalg_matrix_power(const Tensor& self, int64_t n) {
  if (self.dim() < 2 || self.size(-1) != self.size(-2)) {
    fail("linalg.matrix_power",
         fmt::format("A must be batches of square matrices, but they are {}", to_string(self.sizes())));
  }
  if (n == 0) {
    Tensor y = self.clone();
    return y.copy_(eye(self.size(-1), self.dtype()));
  }
  if (n == 1) return self.clone();
  if (n == std::numeric_limits<int64_t>::min()) {
    fail_value("linalg.matrix_power", fmt::format("no integer of 64 bits is the opposite of n = {}", n));
  }
  return n > 0 ? positive_power(self, n) : positive_power(linalg_inv(self), -n);
}
Tensor matrix_power(const Tensor& self, int64_t n) { return linalg_matrix_power(self, n); }

Tensor linalg_matrix_exp(const Tensor& self) {
  const ScalarType type = self.dtype();
  if (is_reduced_floating(type)) return linalg_matrix_exp(self.to(kFloat)).to(type);
  ops::check_square("linalg.matrix_exp", self);
  Tensor y = self.numel() == 0 ? tensor_data::make(self.sizes(), type)
                               : (self.size(-1) == 1 ? self.detach().exp() : exponential(self.detach()));
  if (auto* node = ops::record<MatrixExpBackward>(y, self)) node->x.save_input(self);
  return y;
}
Tensor matrix_exp(const Tensor& self) { return linalg_matrix_exp(self); }

Tensor linalg_multi_dot(TensorList tensors) {
  if (tensors.size() < 2) {
    fail("multi_dot", fmt::format("expected at least 2 tensors but got {}", tensors.size()));
  }
  std::vector<Tensor> chain(tensors.begin(), tensors.end());
  const bool row = chain.front().dim() == 1, column = chain.back().dim() == 1;
  if (row) chain.front() = chain.front().unsqueeze(0);
  if (column) chain.back() = chain.back().unsqueeze(1);
  for (size_t i = 0; i < chain.size(); ++i) {
    const bool end = i == 0 || i + 1 == chain.size();
    if (chain[i].dim() != 2) {
      fail("multi_dot", fmt::format("tensor {} must be {} but got {}D", i, end ? "1D or 2D" : "2D", tensors[i].dim()));
    }
    if (chain[i].dtype() != chain[0].dtype()) {
      fail("multi_dot", fmt::format("all tensors must have be the same dtype: tensor 0 is {}, tensor {} is {}",
                                    toString(chain[0].dtype()), i, toString(chain[i].dtype())));
    }
    if (i > 0 && chain[i - 1].size(1) != chain[i].size(0)) {
      fail("multi_dot", fmt::format("tensors {} and {} with shapes {} and {} cannot be multiplied", i - 1, i,
                                    to_string(chain[i - 1].sizes()), to_string(chain[i].sizes())));
    }
  }
  Tensor y = ChainOrder(chain).product(chain, 0, chain.size() - 1);
  if (column) y = y.squeeze(1);
  return row ? y.squeeze(0) : y;
}

Tensor chain_matmul(TensorList matrices) {
  if (matrices.empty()) fail("chain_matmul", "Expecting at least one matrix");
  for (size_t i = 0; i < matrices.size(); ++i) {
    if (matrices[i].dim() != 2) {
      fail("chain_matmul", fmt::format("Tensor {} has {} dimensions; need matrices", i, matrices[i].dim()));
    }
  }
  return matrices.size() == 1 ? matrices[0] : linalg_multi_dot(matrices);
}

RONDO_OP(
    linalg_matrix_power, .name = "linalg_matrix_power", .doc = "products of a matrix with itself, by squaring",
    .samples = [](ops::Samples& s) {
      s.add("0", {s.real({2, 2})}, RONDO_SAMPLE(matrix_power(in[0], 0)));
      s.add("1", {s.real({2, 2})}, RONDO_SAMPLE(matrix_power(in[0], 1)));
      s.add("2", {s.real({2, 2, 2})}, RONDO_SAMPLE(matrix_power(in[0], 2)));
      s.add("7, transposed", {s.real({3, 3}, -0.5, 0.5)}, RONDO_SAMPLE(linalg_matrix_power(in[0].t(), 7)));
      s.add("-3", {s.real({2, 2})}, RONDO_SAMPLE(matrix_power(in[0] + 4 * eye(2, in[0].dtype()), -3)));
      s.add("no rows", {s.real({0, 0})}, RONDO_SAMPLE(matrix_power(in[0], 3)));
      s.error("not square", "must be batches of square matrices", [] { matrix_power(ones({2, 3}), 2); });
    });

RONDO_OP(
    linalg_matrix_exp, .name = "linalg_matrix_exp",
    .doc = "sum_k x^k / k!; a primitive: scaling, Pade's approximant and squaring", .samples = [](ops::Samples& s) {
      s.add("a matrix", {s.real({3, 3})}, RONDO_SAMPLE(linalg_matrix_exp(in[0])));
      s.add("scaled, each by its own", {s.real({2, 2, 2})}, [](const ops::Samples::Inputs& in) {
        return matrix_exp(in[0] * tensor({0.1, 4.0}, in[0].dtype()).reshape({2, 1, 1})) * 0.01;
      });
      s.add("one number", {s.real({1, 1})}, RONDO_SAMPLE(matrix_exp(in[0])));
      s.add("zeros", {s.real({2, 2})}, RONDO_SAMPLE(matrix_exp(in[0] * 0)));
      s.add("an empty stack", {s.real({0, 2, 2})}, RONDO_SAMPLE(matrix_exp(in[0])));
      s.error("not square", "square matrices", [] { matrix_exp(ones({2, 3})); });
      s.error("integers", "Expected a floating point", [] { matrix_exp(ones({2, 2}, kLong)); });
    });

RONDO_OP(
    linalg_multi_dot, .name = "linalg_multi_dot", .doc = "a chain of products in the cheapest order",
    .samples = [](ops::Samples& s) {
      s.add("matrices", {s.real({2, 5}), s.real({5, 3}), s.real({3, 4})},
            RONDO_SAMPLE(linalg_multi_dot({in[0], in[1], in[2]})));
      s.add("vectors at both ends", {s.real({2}), s.real({2, 3}), s.real({3})},
            RONDO_SAMPLE(linalg_multi_dot({in[0], in[1], in[2]})));
      s.add("two", {s.real({2, 3}), s.real({3})}, RONDO_SAMPLE(linalg_multi_dot({in[0], in[1]})));
      s.add("chain_matmul", {s.real({2, 3}), s.real({3, 1}), s.real({1, 2}), s.real({2, 2})},
            RONDO_SAMPLE(chain_matmul({in[0], in[1], in[2], in[3]})));
      s.error("one", "expected at least 2 tensors", [] { linalg_multi_dot({ones({2, 2})}); });
      s.error("sizes", "cannot be multiplied", [] { linalg_multi_dot({ones({2, 2}), ones({3, 2})}); });
      s.error("a vector within", "tensor 1 must be 2D", [] { linalg_multi_dot({ones({2}), ones({2}), ones({2})}); });
      s.error("no matrix", "has 1 dimensions", [] { chain_matmul({ones({2, 2}), ones({2})}); });
    });

}  // namespace rondo
