// Distances of rows.
#include <rondo/autograd/ops/distance.h>

#include <rondo/autograd/kernels/distance.h>
#include <rondo/autograd/ops/linalg_parts.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace rondo {
namespace {

kernels::DistanceShape shape_of(const Tensor& a, const Tensor& b) {
  return {ops::count_of(a), a.size(-2), b.size(-2), a.size(-1)};
}

// The norm's slopes at all differences (..., P, R, M); 0 where the distance is 0.
Tensor slopes(const Tensor& differences, const Tensor& distances, double p) {
  if (p == 1) return differences.sign();
  const Tensor y = distances.unsqueeze(-1), zero = y == 0;
  if (std::isinf(p)) return (differences.sign() * (differences.abs() == y).to(y.dtype()));
  const Tensor safe = y.masked_fill(zero, 1);
  if (p == 2) return (differences / safe).masked_fill(zero, 0);
  const Tensor none = differences == 0;
  const Tensor sizes = differences.masked_fill(none, 1).abs();
  return (differences.sign() * sizes.pow(p - 1) / safe.pow(p - 1)).masked_fill(none, 0);
}

// For contiguous stacks of the same leading dimensions.
struct CdistBackward final : ops::Rule {
  ops::Saved a, b, y;
  double p = 2;

  std::string name() const override { return "CdistBackward0"; }
  void backward(ops::Backward& step) override {
    if (p == 0) {
      if (step.wants(0)) step[0] = zeros_like(a.peek(*this));
      if (step.wants(1)) step[1] = zeros_like(b.peek(*this));
      return;
    }
    if (step.create_graph()) {
      const Tensor differences = a.get(*this).unsqueeze(-2) - b.get(*this).unsqueeze(-3);
      const Tensor parts = step.gy().unsqueeze(-1) * slopes(differences, y.get(*this), p);
      if (step.wants(0)) step[0] = parts.sum(IntArrayRef(-2));
      if (step.wants(1)) step[1] = -parts.sum(IntArrayRef(-3));
      return;
    }
    const Tensor left = a.peek(*this).contiguous(), right = b.peek(*this).contiguous();
    const Tensor g = step.gy().contiguous(), values = y.peek(*this).contiguous();
    const int64_t rows = left.size(-2), columns = right.size(-2);
    const kernels::PairStrides plain{rows * columns, columns, 1}, exchanged{rows * columns, 1, columns};
    const auto gradient = [&](const Tensor& of, const Tensor& other, kernels::PairStrides strides) {
      Tensor result = tensor_data::make(of.sizes(), of.dtype());
      if (result.numel() > 0) {
        kernels::distances_backward(of.dtype(), shape_of(of, other), p, of.data_ptr(), other.data_ptr(),
                                    values.data_ptr(), strides, g.data_ptr(), strides, result.data_ptr());
      }
      return result;
    };
    if (step.wants(0)) step[0] = gradient(left, right, plain);
    if (step.wants(1)) step[1] = gradient(right, left, exchanged);
  }
  void release_variables() override { release(a, b, y); }
};

// The rows of the pairs, as two lists of places.
std::pair<Tensor, Tensor> pairs_of(int64_t n) {
  Tensor firsts = tensor_data::make(n * (n - 1) / 2, kLong), seconds = tensor_data::make(n * (n - 1) / 2, kLong);
  auto *to = firsts.data_ptr<int64_t>(), *beside = seconds.data_ptr<int64_t>();
  for (int64_t i = 0; i < n; ++i) {
    for (int64_t j = i + 1; j < n; ++j) {
      *to++ = i;
      *beside++ = j;
    }
  }
  return {firsts, seconds};
}

struct PdistBackward final : ops::Rule {
  ops::Saved x, y;
  double p = 2;

  std::string name() const override { return "PdistBackward0"; }
  void backward(ops::Backward& step) override {
    const Tensor& rows = x.peek(*this);
    const Tensor whole = zeros(rows.sizes(), rows.dtype());
    if (p == 0 || rows.numel() == 0) {
      step[0] = whole;
    } else if (step.create_graph()) {
      const auto [firsts, seconds] = pairs_of(rows.size(0));
      const Tensor from = x.get(*this);
      const Tensor differences = from.index_select(0, firsts) - from.index_select(0, seconds);
      const Tensor parts = step.gy().unsqueeze(-1) * slopes(differences, y.get(*this), p);
      step[0] = whole.index_add(0, firsts, parts).index_add(0, seconds, parts, -1);
    } else {
      const Tensor from = rows.contiguous(), g = step.gy().contiguous();
      kernels::pair_distances_backward(from.dtype(), from.size(0), from.size(1), p, from.data_ptr(),
                                       y.peek(*this).data_ptr(), g.data_ptr(), whole.data_ptr());
      step[0] = whole;
    }
  }
  void release_variables() override { release(x, y); }
};

void check_rows(const char* name, const Tensor& x) {
  if (x.dtype() != kFloat && x.dtype() != kDouble) {
    fail(name, fmt::format("only supports floating-point dtypes (float32, float64), got: {}", dtype_name(x.dtype())));
  }
}

}  // namespace

Tensor cdist(const Tensor& x1, const Tensor& x2, double p, std::optional<int64_t> compute_mode) {
  for (const Tensor* x : {&x1, &x2}) {
    if (x->dim() < 2) fail("cdist", fmt::format("only supports at least 2D tensors, got: {}D", x->dim()));
    check_rows("cdist", *x);
  }
  if (x1.size(-1) != x2.size(-1)) {
    fail("cdist", fmt::format("X1 and X2 must have the same number of columns. X1: {} X2: {}", to_string(x1.sizes()),
                              to_string(x2.sizes())));
  }
  if (!(p >= 0)) fail("cdist", fmt::format("only supports non-negative p values: got {}", p));
  if (compute_mode && (*compute_mode < 0 || *compute_mode > 2)) {
    fail("cdist", fmt::format("possible modes: 0, 1, 2, but was: {}", *compute_mode));
  }
  if (x1.dtype() != x2.dtype()) return cdist(x1.to(kDouble), x2.to(kDouble), p);
  const auto [a, b] = ops::broadcast_stacks("cdist", x1, x2);
  Tensor y = tensor_data::make(ops::lead_of(a, {a.size(-2), b.size(-2)}), a.dtype());
  if (y.numel() > 0) {
    const NoGradGuard guard;
    const Tensor left = a.contiguous(), right = b.contiguous();
    kernels::distances(a.dtype(), shape_of(left, right), p, left.data_ptr(), right.data_ptr(), y.data_ptr());
  }
  if (auto* node = ops::record<CdistBackward>(y, a, b)) {
    node->a.save_input(a);
    node->b.save_input(b);
    node->y.save_output(y);
    node->p = p;
  }
  return y;
}

Tensor pdist(const Tensor& self, double p) {
  if (self.dim() != 2) {
    fail("pdist", fmt::format("only supports 2D tensors, got: {}D", self.dim()));
  }
  check_rows("pdist", self);
  if (!(p >= 0)) fail("pdist", fmt::format("only supports non-negative p values: got {}", p));
  const int64_t n = self.size(0);
  Tensor y = tensor_data::make(n * (n - 1) / 2, self.dtype());
  if (y.numel() > 0) {
    const Tensor rows = self.detach().contiguous();
    kernels::pair_distances(self.dtype(), n, self.size(1), p, rows.data_ptr(), y.data_ptr());
  }
  if (auto* node = ops::record<PdistBackward>(y, self)) {
    node->x.save_input(self);
    node->y.save_output(y);
    node->p = p;
  }
  return y;
}

Tensor dist(const Tensor& self, const Tensor& other, Scalar p) { return norm(self - other, p); }

Tensor pairwise_distance(const Tensor& x1, const Tensor& x2, double p, double eps, bool keepdim) {
  const Tensor difference = x1 - x2 + eps;
  return norm(difference, p, IntArrayRef(-1), keepdim);
}

Tensor cosine_similarity(const Tensor& x1, const Tensor& x2, int64_t dim, double eps) {
  const ScalarType type = promote_types(x1.dtype(), x2.dtype());
  if (!is_floating_point(type)) {
    fail("cosine_similarity",
         fmt::format("expected common dtype to be floating point, yet common dtype is {}", toString(type)));
  }
  const auto directed = [&](const Tensor& x) {
    const Tensor y = x.to(type);
    return y / norm(y, 2, IntArrayRef(dim), true).clamp_min(eps);
  };
  const Dims sizes = broadcast_shapes("cosine_similarity", x1.sizes(), x2.sizes());
  return (directed(x1.expand(sizes)) * directed(x2.expand(sizes))).sum(IntArrayRef(dim));
}

namespace {

// The weights of the observations, undefined where there are none.
Tensor weights_of(int64_t observations, const std::optional<Tensor>& fweights, const std::optional<Tensor>& aweights) {
  Tensor product;
  const auto take = [&](const Tensor& weights, const char* what, bool counts) {
    if (weights.dim() > 1) {
      fail("cov()",
           fmt::format("expected {} to have one or fewer dimensions but got {}", what, to_string(weights.sizes())));
    }
    const ScalarType type = weights.dtype();
    if (counts ? is_floating_point(type) || type == kBool : !is_floating_point(type)) {
      fail("cov()", fmt::format("expected {} to have {} dtype but got {}", what, counts ? "integral" : "floating point",
                                toString(type)));
    }
    if (weights.numel() != observations) {
      fail("cov()", fmt::format("expected {} to have the same numel as there are observations in the input but got {} "
                                "!= {}",
                                what, weights.numel(), observations));
    }
    if (observations > 0 && weights.detach().min().item<double>() < 0) {
      fail("cov()", fmt::format("{} cannot be negative", what));
    }
    product = product.defined() ? product * weights : weights;
  };
  if (fweights && fweights->defined()) take(*fweights, "fweights", true);
  if (aweights && aweights->defined()) take(*aweights, "aweights", false);
  return product;
}

}  // namespace

Tensor cov(const Tensor& self, int64_t correction, const std::optional<Tensor>& fweights,
           const std::optional<Tensor>& aweights) {
  if (self.dim() > 2) {
    fail("cov()",
         fmt::format("expected input to have two or fewer dimensions but got an input with {} dimensions", self.dim()));
  }
  if (self.dtype() == kBool) fail("cov()", "bool dtype is not supported for input");
  const Tensor rows = self.dim() < 2 ? self.reshape({1, self.numel()}) : self;
  const Tensor weights = weights_of(rows.size(1), fweights, aweights);
  const auto weighted = [&](const Tensor& x) { return weights.defined() ? x * weights : x; };
  const Tensor total = weights.defined() ? weights.sum() : full({}, rows.size(1), kLong);
  if (weights.defined() && total.item<double>() == 0) fail("cov()", "weights sum to zero, can't be normalized");
  const Tensor mean = weighted(rows).sum(IntArrayRef(1)) / total;
  const bool adjusted = weights.defined() && aweights && correction != 0;
  Tensor divisor = adjusted ? total - correction * (weights * *aweights).sum() / total : total - correction;
  if (divisor.item<double>() <= 0) {
    warn("cov(): degrees of freedom is <= 0. Correction should be strictly less than the number of observations.");
    divisor = zeros_like(divisor);
  }
  const Tensor centred = rows - mean.unsqueeze(1);
  return (mm(centred, weighted(centred).t()) / divisor).squeeze();
}

Tensor corrcoef(const Tensor& self) {
  if (self.dim() > 2) {
    fail("corrcoef()",
         fmt::format("expected input to have two or fewer dimensions but got an input with {} dimensions", self.dim()));
  }
  const Tensor c = cov(self);
  if (c.dim() == 0) return c / c;
  const Tensor deviations = c.diagonal().sqrt();
  return (c / deviations.unsqueeze(1) / deviations).clamp(Scalar(-1), Scalar(1));
}

namespace {
constexpr double kInfinity = std::numeric_limits<double>::infinity();
}

RONDO_OP(
    cdist, .name = "cdist", .doc = "p-norms of the differences of all rows; a primitive: no differences are stored",
    .samples = [](ops::Samples& s) {
      s.add("2", {s.real({3, 4}), s.real({2, 4})}, RONDO_SAMPLE(cdist(in[0], in[1])));
      s.add("more than 8", {s.real({2, 11}), s.real({3, 11})}, RONDO_SAMPLE(cdist(in[0], in[1])));
      s.add("1, broadcast stacks", {s.real({2, 1, 3, 2}), s.real({2, 2, 2})}, RONDO_SAMPLE(cdist(in[0], in[1], 1)));
      s.add("3", {s.real({3, 4}), s.real({2, 4})}, RONDO_SAMPLE(cdist(in[0], in[1], 3)));
      s.add("4.5", {s.real({3, 2}), s.real({2, 2})}, RONDO_SAMPLE(cdist(in[0], in[1], 4.5)));
      s.add("1.5, transposed", {s.real({4, 3}), s.real({2, 4})}, RONDO_SAMPLE(cdist(in[0].t(), in[1], 1.5)));
      s.add("infinity", {s.real({2, 3, 4}), s.real({2, 2, 4})}, RONDO_SAMPLE(cdist(in[0], in[1], kInfinity)));
      s.add("0", {s.real({3, 4}), s.real({2, 4})}, RONDO_SAMPLE(cdist(in[0], in[1], 0) + in[0].sum()));
      s.add("no rows", {s.real({0, 4}), s.real({2, 4})}, RONDO_SAMPLE(cdist(in[0], in[1])));
      s.add("no columns", {s.real({3, 0}), s.real({2, 0})}, RONDO_SAMPLE(cdist(in[0], in[1])));
      s.error("columns", "must have the same number of columns", [] { cdist(ones({2, 3}), ones({2, 2})); });
      s.error("a vector", "only supports at least 2D tensors", [] { cdist(ones({3}), ones({2, 3})); });
      s.error("p", "only supports non-negative p values", [] { cdist(ones({2, 3}), ones({2, 3}), -1); });
      s.error("integers", "only supports floating-point dtypes", [] { cdist(ones({2, 3}, kLong), ones({2, 3})); });
      s.error("mode", "possible modes: 0, 1, 2, but was: 3", [] { cdist(ones({2, 3}), ones({2, 3}), 2, 3); });
    });

RONDO_OP(
    pdist, .name = "pdist", .doc = "the distances of all pairs of rows; a primitive: no differences are stored",
    .samples = [](ops::Samples& s) {
      s.add("2", {s.real({4, 3})}, RONDO_SAMPLE(pdist(in[0])));
      s.add("1", {s.real({3, 2})}, RONDO_SAMPLE(pdist(in[0], 1)));
      s.add("1.5, transposed", {s.real({3, 5})}, RONDO_SAMPLE(pdist(in[0].t(), 1.5)));
      s.add("infinity", {s.real({4, 3})}, RONDO_SAMPLE(pdist(in[0], kInfinity)));
      s.add("0", {s.real({3, 2})}, RONDO_SAMPLE(pdist(in[0], 0) + in[0].sum()));
      s.add("one row", {s.real({1, 2})}, RONDO_SAMPLE(pdist(in[0])));
      s.add("no rows", {s.real({0, 2})}, RONDO_SAMPLE(pdist(in[0])));
      s.error("three dimensions", "only supports 2D tensors", [] { pdist(ones({2, 2, 2})); });
      s.error("p", "only supports non-negative p values", [] { pdist(ones({2, 2}), -1); });
    });

RONDO_OP(
    dist, .name = "dist", .doc = "the p-norm of a difference; composed of norm", .samples = [](ops::Samples& s) {
      s.add("2", {s.real({2, 3}), s.real({3})}, RONDO_SAMPLE(dist(in[0], in[1])));
      s.add("3", {s.real({2, 3}, 0, 1), s.real({2, 3}, 1.5, 2)}, RONDO_SAMPLE(dist(in[0], in[1], 3)));
      s.error("integers", "Expected a floating point", [] { dist(ones({2}, kLong), ones({2}, kLong)); });
    });

RONDO_OP(
    pairwise_distance, .name = "pairwise_distance",
    .doc = "the p-norm of x1 - x2 + eps over the last dimension; composed", .samples = [](ops::Samples& s) {
      s.add("2", {s.real({2, 3}), s.real({2, 3})}, RONDO_SAMPLE(pairwise_distance(in[0], in[1])));
      s.add("1, kept, broadcast", {s.real({2, 3}, 0, 1), s.real({3}, 1.5, 2)},
            RONDO_SAMPLE(pairwise_distance(in[0], in[1], 1, 1e-6, true)));
      s.error("sizes", "must match the size", [] { pairwise_distance(ones({2}), ones({3})); });
    });

RONDO_OP(
    cosine_similarity, .name = "cosine_similarity", .doc = "x1 . x2 / (|x1| |x2|); composed",
    .samples = [](ops::Samples& s) {
      s.add("rows", {s.real({2, 3}), s.real({2, 3})}, RONDO_SAMPLE(cosine_similarity(in[0], in[1])));
      s.add("a dimension, broadcast", {s.real({2, 3}), s.real({2, 1})},
            RONDO_SAMPLE(cosine_similarity(in[0], in[1], 0)));
      s.error("integers", "expected common dtype to be floating point", [] {
        cosine_similarity(ones({2, 2}, kLong), ones({2, 2}, kLong));
      });
      s.error("dim", "Dimension out of range", [] { cosine_similarity(ones({2}), ones({2})); });
    });

RONDO_OP(
    cov, .name = "cov", .doc = "the covariances of rows; composed of mm", .samples = [](ops::Samples& s) {
      s.add("rows", {s.real({3, 4})}, RONDO_SAMPLE(cov(in[0])));
      s.add("a vector, correction 0", {s.real({4})}, RONDO_SAMPLE(cov(in[0], 0)));
      s.add("weights", {s.real({2, 3}), s.real({3}, 0.5, 2)}, RONDO_SAMPLE(cov(in[0], 1, full({3}, 2, kLong), in[1])));
      s.error("dims", "two or fewer dimensions", [] { cov(ones({2, 2, 2})); });
      s.error("bool", "bool dtype is not supported", [] { cov(ones({2, 2}, kBool)); });
      s.error("fweights", "expected fweights to have integral dtype", [] { cov(ones({2, 2}), 1, ones({2})); });
      s.error("aweights", "expected aweights to have floating point dtype", [] {
        cov(ones({2, 2}), 1, std::nullopt, ones({2}, kLong));
      });
      s.error("numbers of weights", "the same numel", [] { cov(ones({2, 2}), 1, ones({3}, kLong)); });
      s.error("negative", "cannot be negative", [] { cov(ones({2, 2}), 1, full({2}, -1, kLong)); });
      s.error("zeros", "weights sum to zero", [] { cov(ones({2, 2}), 1, zeros({2}, kLong)); });
    });

RONDO_OP(
    corrcoef, .name = "corrcoef", .doc = "covariances over both deviations; composed", .samples = [](ops::Samples& s) {
      s.add("rows", {s.real({3, 4})}, RONDO_SAMPLE(corrcoef(in[0]).tril(-1)));
      s.add("one row", {s.real({4})}, RONDO_SAMPLE(corrcoef(in[0])));
      s.error("dims", "two or fewer dimensions", [] { corrcoef(ones({2, 2, 2})); });
    });

}  // namespace rondo
