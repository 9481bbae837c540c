// Norms of matrices and of slices; the forms of the vector norm that ops/norm.cpp does not have.
#include <rondo/autograd/ops/in_place.h>
#include <rondo/autograd/ops/linalg.h>
#include <rondo/autograd/ops/linalg_parts.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace rondo {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Tensor in_type(const char* name, const Tensor& x, std::optional<ScalarType> type) {
  if (!is_floating_point(x.dtype())) {
    fail(name, fmt::format("Expected a floating point or complex tensor as input. Got {}", toString(x.dtype())));
  }
  if (type && !is_floating_point(*type)) {
    fail(name, fmt::format("dtype should be floating point or complex. Got {}", toString(*type)));
  }
  return type ? x.to(*type) : x;
}

// The functions of linalg widen alone.
Tensor in_wider_type(const char* name, const Tensor& x, std::optional<ScalarType> type) {
  if (type && promote_types(x.dtype(), *type) != *type) {
    fail(name, fmt::format("the dtype of the input ({}) should be convertible without narrowing to the specified dtype "
                           "({})",
                           toString(x.dtype()), toString(*type)));
  }
  return in_type(name, x, type);
}

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

Tensor norm(const Tensor& self, std::optional<Scalar> p, ScalarType dtype) {
  return norm(in_type("norm", self, dtype), p, {}, false);
}
Tensor norm(const Tensor& self, std::optional<Scalar> p, IntArrayRef dim, bool keepdim, ScalarType dtype) {
  return norm(in_type("norm", self, dtype), p, dim, keepdim);
}

Tensor linalg_vector_norm(const Tensor& self, Scalar ord, OptionalIntArrayRef dim, bool keepdim,
                          std::optional<ScalarType> dtype) {
  const Tensor x = in_wider_type("linalg.vector_norm", self, dtype);
  const double p = ord.toDouble();
  if (x.numel() == 0 && (p < 0 || std::isinf(p))) {
    bool none = !dim || dim->empty();
    if (!none) {
      for (int64_t d : *dim) none = none || x.size(d) == 0;
    }
    if (none) {
      fail("linalg.vector_norm", fmt::format("cannot compute the {} norm on an empty tensor because the operation does "
                                             "not have an identity: the tensor is {}",
                                             p, to_string(x.sizes())));
    }
  }
  return norm(x, ord, dim ? *dim : IntArrayRef(), keepdim);
}

Tensor linalg_matrix_norm(const Tensor& self, Scalar ord, IntArrayRef dim, bool keepdim,
                          std::optional<ScalarType> dtype) {
  constexpr const char* kName = "linalg.matrix_norm";
  const Tensor x = in_wider_type(kName, self, dtype);
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
  return y.squeeze(std::max(dims.rows, dims.columns)).squeeze(std::min(dims.rows, dims.columns));
}

Tensor linalg_matrix_norm(const Tensor& self, std::string_view ord, IntArrayRef dim, bool keepdim,
                          std::optional<ScalarType> dtype) {
  constexpr const char* kName = "linalg.matrix_norm";
  const Tensor x = in_wider_type(kName, self, dtype);
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

Tensor frobenius_norm(const Tensor& self) { return norm(self, 2, {}, false); }
Tensor frobenius_norm(const Tensor& self, IntArrayRef dim, bool keepdim) {
  if (dim.size() > 2) {
    fail("frobenius_norm", fmt::format("Expected at most 2 dimensions, but got {} dimensions instead", dim.size()));
  }
  return norm(self, 2, dim, keepdim);
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

Tensor renorm(const Tensor& self, Scalar p, int64_t dim, Scalar maxnorm) {
  const double limit = maxnorm.toDouble();
  if (p.toDouble() <= 0) fail("renorm", fmt::format("non-positive-norm not supported: p is {}", p.toDouble()));
  if (limit < 0) fail("renorm", fmt::format("expected maxnorm to be >= 0 but got {}", limit));
  if (self.dim() < 2) {
    fail("renorm", fmt::format("input needs at least 2 dimensions, got {} dimensions", self.dim()));
  }
  const int64_t kept = wrap_dim("renorm", dim, self.dim());
  Dims others;
  for (int64_t d = 0; d < self.dim(); ++d) {
    if (d != kept) others.push_back(d);
  }
  const Tensor norms = norm(self, p, others, true);
  return self * where(norms > limit, limit / (norms + 1e-7), Scalar(1)).to(self.dtype());
}
Tensor& renorm_(Tensor& self, Scalar p, int64_t dim, Scalar maxnorm) {
  // The derivative needs the numbers as they were.
  return ops::become("renorm_", self, renorm(ops::recording(self) ? self.clone() : self, p, dim, maxnorm));
}

namespace {

Tensor spread_out(const Tensor& x) {
  return x * 0.1 + arange(1, x.size(-1) + 1, x.dtype()) * eye(x.size(-2), x.size(-1), x.dtype());
}

}  // namespace

RONDO_OP(
    linalg_vector_norm, .name = "linalg_vector_norm", .doc = "norm over some or all dimensions",
    .samples = [](ops::Samples& s) {
      s.add("2", {s.real({2, 3})}, RONDO_SAMPLE(linalg_vector_norm(in[0])));
      s.add("a number", {s.real({}, 0.5, 2)}, RONDO_SAMPLE(linalg_vector_norm(in[0], 3)));
      s.add("1 over a dimension", {s.real({2, 3}, 0.5, 2)}, RONDO_SAMPLE(linalg_vector_norm(in[0], 1, {1}, true)));
      s.add("infinity over two", {s.real({2, 3, 2})}, RONDO_SAMPLE(linalg_vector_norm(in[0], kInfinity, {0, 2})));
      s.add("0", {s.real({2, 3}, 0.5, 2)}, RONDO_SAMPLE(linalg_vector_norm(in[0], 0) + in[0].sum()));
      s.add("empty", {s.real({0, 3})}, RONDO_SAMPLE(linalg_vector_norm(in[0], 2, {0})));
      s.add("norm with a dtype", {s.real({2, 3}, 0.5, 2)}, RONDO_SAMPLE(norm(in[0], 3, kDouble).to(in[0].dtype())));
      s.add("norm with all", {s.real({2, 3}, 0.5, 2)},
            RONDO_SAMPLE(norm(in[0], std::nullopt, {0}, true, kDouble).to(in[0].dtype())));
      s.error("empty", "does not have an identity", [] { linalg_vector_norm(zeros({0}), kInfinity); });
      s.error("integers", "Expected a floating point", [] { linalg_vector_norm(zeros({2}, kLong)); });
      s.error("a narrower dtype", "without narrowing",
              [] { linalg_vector_norm(zeros({2}, kDouble), 2, std::nullopt, false, kFloat); });
    });

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
      s.add("infinity", {s.real({2, 3, 2})}, RONDO_SAMPLE(linalg_matrix_norm(in[0], kInfinity, {2, 0})));
      s.add("-infinity", {s.real({3, 2})}, RONDO_SAMPLE(linalg_matrix_norm(in[0], -kInfinity)));
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
      s.add("matrices", {s.real({2, 3, 2})}, RONDO_SAMPLE(linalg_norm(in[0], kInfinity, {0, 1})));
      s.add("nuc", {s.real({2, 3})}, RONDO_SAMPLE(linalg_norm(spread_out(in[0]), "nuc")));
      s.add("fro", {s.real({2, 3, 2})}, RONDO_SAMPLE(linalg_norm(in[0], "fro", {0, 2})));
      s.error("three dimensions", "the input must be 1D or 2D", [] { linalg_norm(ones({2, 2, 2}), 2); });
      s.error("dims", "it must be of length 1 or 2", [] { linalg_norm(ones({2, 2, 2}), 2, {0, 1, 2}); });
    });

RONDO_OP(
    renorm, .name = "renorm", .doc = "slices whose norm is above maxnorm are scaled to it; composed of norm",
    .samples = [](ops::Samples& s) {
      s.add("rows", {s.real({3, 4})}, RONDO_SAMPLE(renorm(in[0], 2, 0, 1.5)));
      s.add("1, middle", {s.real({2, 3, 2}, 0.5, 2)}, RONDO_SAMPLE(renorm(in[0], 1, -2, 4)));
      s.add("all below", {s.real({3, 4})}, RONDO_SAMPLE(renorm(in[0], 2, 1, 100)));
      s.add("in place", {s.real({3, 4})}, [](const ops::Samples::Inputs& in) {
        Tensor y = in[0] * 2.0;
        return y.renorm_(2, 0, 1.5) * in[0];
      });
      s.error("p", "non-positive-norm not supported", [] { renorm(ones({2, 2}), 0, 0, 1); });
      s.error("a vector", "needs at least 2 dimensions", [] { renorm(ones({2}), 2, 0, 1); });
      s.error("maxnorm", "expected maxnorm to be >= 0", [] { renorm(ones({2, 2}), 2, 0, -1); });
    });

}  // namespace rondo
