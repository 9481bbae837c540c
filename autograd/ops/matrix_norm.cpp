// Norms of matrices, some of which need singular values.
#include <rondo/autograd/graph/history.h>
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

constexpr double kInf = std::numeric_limits<double>::infinity();

struct Pair {
  int64_t rows, columns;
};
Pair matrix_dims(const char* name, const Tensor& x, IntArrayRef dim) {
  if (dim.size() != 2) {
    fail(name, fmt::format("dim must be a 2-tuple. Got {}", to_string(dim)));
  }
  const int64_t rows = wrap_dim(name, dim[0], x.dim()), columns = wrap_dim(name, dim[1], x.dim());
  if (x.dim() < 2) fail(name, "The input tensor A must have at least 2 dimensions.");
  if (rows == columns) fail(name, fmt::format("dims must be different. Got {}", to_string(dim)));
  return {rows, columns};
}

Tensor singular_values(const Tensor& x, Pair dims) {
  Dims order;
  for (int64_t d = 0; d < x.dim(); ++d) {
    if (d != dims.rows && d != dims.columns) order.push_back(d);
  }
  order.push_back(dims.rows);
  order.push_back(dims.columns);
  return linalg_svdvals(x.permute(order));
}

// The two dimensions back, of size 1.
Tensor with_dims(const Tensor& y, Pair dims, bool keepdim) {
  if (!keepdim) return y;
  return y.unsqueeze(std::min(dims.rows, dims.columns)).unsqueeze(std::max(dims.rows, dims.columns));
}

}  // namespace

Tensor linalg_matrix_norm(const Tensor& self, Scalar ord, IntArrayRef dim, bool keepdim,
                          std::optional<ScalarType> dtype) {
  constexpr const char* kName = "linalg.matrix_norm";
  const Tensor x = ops::in_wider_type(kName, self, dtype);
  Pair dims = matrix_dims(kName, x, dim);
  const double p = ord.toDouble(), size = std::abs(p);
  if (size == 2) {
    const Tensor values = singular_values(x, dims);
    return with_dims(p > 0 ? values.amax(-1) : values.amin(-1), dims, keepdim);
  }
  if (size != 1 && !std::isinf(p)) {
    fail(kName, fmt::format("Order {} not supported; need 'fro', 'nuc', 1, -1, 2, -2, inf or -inf", p));
  }
  if (std::isinf(p)) std::swap(dims.rows, dims.columns);
  const Tensor sums = x.abs().sum(IntArrayRef(dims.rows), true);
  const Tensor y = p > 0 ? sums.amax(dims.columns, true) : sums.amin(dims.columns, true);
  if (keepdim) return y;
  return graph::unviewed(y.squeeze(std::max(dims.rows, dims.columns)).squeeze(std::min(dims.rows, dims.columns)));
}

Tensor linalg_matrix_norm(const Tensor& self, std::string_view ord, IntArrayRef dim, bool keepdim,
                          std::optional<ScalarType> dtype) {
  constexpr const char* kName = "linalg.matrix_norm";
  const Tensor x = ops::in_wider_type(kName, self, dtype);
  const Pair dims = matrix_dims(kName, x, dim);
  if (ord == "fro") return norm(x, 2, {dims.rows, dims.columns}, keepdim);
  if (ord != "nuc") fail(kName, fmt::format("Order {} not supported; need 'fro' or 'nuc'", ord));
  return with_dims(singular_values(x, dims).sum(IntArrayRef(-1)), dims, keepdim);
}

Tensor linalg_norm(const Tensor& self, std::optional<Scalar> ord, OptionalIntArrayRef dim, bool keepdim,
                   std::optional<ScalarType> dtype) {
  if (dim && dim->size() != 1 && dim->size() != 2) {
    fail("linalg.norm", fmt::format("If dim is specified, it must be of length 1 or 2. Got {}", to_string(*dim)));
  }
  if (!dim && ord && self.dim() != 1 && self.dim() != 2) {
    fail("linalg.norm",
         fmt::format("If dim is not specified but ord is, the input must be 1D or 2D. Got {}D", self.dim()));
  }
  if (ord && dim && dim->size() == 2) return linalg_matrix_norm(self, *ord, *dim, keepdim, dtype);
  if (ord && !dim && self.dim() == 2) return linalg_matrix_norm(self, *ord, {0, 1}, keepdim, dtype);
  return linalg_vector_norm(self, ord ? *ord : Scalar(2), dim, keepdim, dtype);
}

Tensor linalg_norm(const Tensor& self, std::string_view ord, OptionalIntArrayRef dim, bool keepdim,
                   std::optional<ScalarType> dtype) {
  if (dim) return linalg_matrix_norm(self, ord, *dim, keepdim, dtype);
  if (self.dim() != 2) {
    fail("linalg.norm",
         fmt::format("If dim is not specified, the input must be 2D for the norm '{}'. Got {}D", ord, self.dim()));
  }
  return linalg_matrix_norm(self, ord, {0, 1}, keepdim, dtype);
}

Tensor nuclear_norm(const Tensor& self, bool keepdim) {
  if (self.dim() != 2) {
    fail("nuclear_norm",
         fmt::format("Expected a tensor with 2 dimensions, but got a tensor with {} dimensions instead", self.dim()));
  }
  return linalg_matrix_norm(self, "nuc", {0, 1}, keepdim);
}
Tensor nuclear_norm(const Tensor& self, IntArrayRef dim, bool keepdim) {
  if (dim.size() != 2) {
    fail("nuclear_norm", fmt::format("Expected a 2-tuple of dimensions. Got {}", to_string(dim)));
  }
  return linalg_matrix_norm(self, "nuc", dim, keepdim);
}

namespace {

Tensor spread_out(const Tensor& x) {
  return x * 0.1 + arange(1, x.size(-1) + 1, x.dtype()) * eye(x.size(-2), x.size(-1), x.dtype());
}

}  // namespace

RONDO_OP(
    linalg_matrix_norm, .name = "linalg_matrix_norm",
    .doc = "fro, nuc, 1, 2 and infinity, of matrices in any two dimensions; composed", .samples = [](ops::Samples& s) {
      s.add("fro", {s.real({2, 3, 2})}, RONDO_SAMPLE(linalg_matrix_norm(in[0])));
      s.add("fro, kept", {s.real({2, 3, 2})}, RONDO_SAMPLE(linalg_matrix_norm(in[0], "fro", {0, 2}, true)));
      s.add("nuc", {s.real({2, 3, 2})}, RONDO_SAMPLE(linalg_matrix_norm(spread_out(in[0]), "nuc")));
      s.add("nuc, kept", {s.real({3, 2, 2})}, RONDO_SAMPLE(nuclear_norm(spread_out(in[0]), {2, 1}, true)));
      s.add("nuc of one", {s.real({3, 2})}, RONDO_SAMPLE(nuclear_norm(spread_out(in[0]))));
      s.add("1", {s.real({3, 2})}, RONDO_SAMPLE(linalg_matrix_norm(in[0], 1)));
      s.add("-1, kept", {s.real({2, 3, 2})}, RONDO_SAMPLE(linalg_matrix_norm(in[0], -1, {0, 1}, true)));
      s.add("infinity", {s.real({2, 3, 2})}, RONDO_SAMPLE(linalg_matrix_norm(in[0], kInf, {2, 0})));
      s.add("-infinity", {s.real({3, 2})}, RONDO_SAMPLE(linalg_matrix_norm(in[0], -kInf)));
      s.add("2", {s.real({2, 3, 2})}, RONDO_SAMPLE(linalg_matrix_norm(spread_out(in[0]), 2)));
      s.add("-2, kept", {s.real({2, 2, 3})}, RONDO_SAMPLE(linalg_matrix_norm(spread_out(in[0]), -2, {1, 2}, true)));
      s.add("frobenius_norm", {s.real({2, 3})}, RONDO_SAMPLE(frobenius_norm(in[0]) + frobenius_norm(in[0], {1})));
      s.error("order", "Order 3 not supported", [] { linalg_matrix_norm(ones({2, 2}), 3); });
      s.error("one dimension", "dim must be a 2-tuple", [] { linalg_matrix_norm(ones({2, 2}), 1, {0}); });
      s.error("one dimension twice", "dims must be different", [] { linalg_matrix_norm(ones({2, 2}), 1, {0, -2}); });
      s.error("a vector", "nuclear_norm: Expected a tensor with 2 dimensions", [] { nuclear_norm(ones({2})); });
      s.error("three dimensions", "at most 2 dimensions", [] { frobenius_norm(ones({2, 2, 2}), {0, 1, 2}); });
    });

RONDO_OP(
    linalg_norm, .name = "linalg_norm", .doc = "linalg_vector_norm or linalg_matrix_norm, by the dimensions",
    .samples = [](ops::Samples& s) {
      s.add("all", {s.real({2, 3, 2})}, RONDO_SAMPLE(linalg_norm(in[0])));
      s.add("a matrix", {s.real({2, 3})}, RONDO_SAMPLE(linalg_norm(in[0], 1)));
      s.add("vectors", {s.real({2, 3}, 0.5, 2)}, RONDO_SAMPLE(linalg_norm(in[0], 3, {1}, true)));
      s.add("matrices", {s.real({2, 3, 2})}, RONDO_SAMPLE(linalg_norm(in[0], kInf, {0, 1})));
      s.add("nuc", {s.real({2, 3})}, RONDO_SAMPLE(linalg_norm(spread_out(in[0]), "nuc")));
      s.add("fro", {s.real({2, 3, 2})}, RONDO_SAMPLE(linalg_norm(in[0], "fro", {0, 2})));
      s.error("three dimensions", "the input must be 1D or 2D", [] { linalg_norm(ones({2, 2, 2}), 2); });
      s.error("dims", "it must be of length 1 or 2", [] { linalg_norm(ones({2, 2, 2}), 2, {0, 1, 2}); });
    });

}  // namespace rondo
