// Products of vectors and of tensors over chosen dimensions, composed of elementwise products and of mm.
#include <rondo/autograd/graph/history.h>
#include <rondo/autograd/ops/linalg.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <algorithm>

namespace rondo {
namespace {

void check_vectors(const char* name, const Tensor& a, const Tensor& b) {
  for (const Tensor* x : {&a, &b}) {
    if (x->dim() != 1) fail(name, fmt::format("Expected argument to be 1-D, but got {}-D", x->dim()));
  }
}

// The dimensions that are summed over come last (first), the others are one.
struct Contraction {
  std::vector<bool> summed;
  Dims kept, sizes;

  Contraction(const Tensor& x, IntArrayRef dims) : summed(static_cast<size_t>(x.dim()), false) {
    for (int64_t d : dims) {
      const auto at = static_cast<size_t>(wrap_dim("tensordot", d, x.dim()));
      if (summed[at]) fail("tensordot", fmt::format("dim {} appears multiple times in the list of dims", at));
      summed[at] = true;
    }
    for (int64_t d = 0; d < x.dim(); ++d) {
      if (summed[static_cast<size_t>(d)]) continue;
      kept.push_back(d);
      sizes.push_back(x.size(d));
    }
  }
};

}  // namespace

Tensor outer(const Tensor& self, const Tensor& vec2) {
  check_vectors("outer", self, vec2);
  return self.unsqueeze(1) * vec2;
}
Tensor ger(const Tensor& self, const Tensor& vec2) { return outer(self, vec2); }

Tensor inner(const Tensor& self, const Tensor& other) {
  if (self.dim() == 0 || other.dim() == 0) return self * other;
  if (self.size(-1) != other.size(-1)) {
    fail("inner()", fmt::format("the last dimension must match on both input tensors but got shapes {} and {}",
                                to_string(self.sizes()), to_string(other.sizes())));
  }
  return tensordot(self, other, -1, -1);
}

Tensor vdot(const Tensor& self, const Tensor& other) { return dot(self, other); }

Tensor tensordot(const Tensor& self, const Tensor& other, IntArrayRef dims_self, IntArrayRef dims_other) {
  if (dims_self.size() != dims_other.size()) {
    fail("tensordot", fmt::format("both dimension lists should have same length: got {} and {}", to_string(dims_self),
                                  to_string(dims_other)));
  }
  if (self.dtype() != other.dtype()) {
    fail("tensordot", fmt::format("both inputs should have same dtype: got {} and {}", dtype_name(self.dtype()),
                                  dtype_name(other.dtype())));
  }
  Tensor a = self, b = other;
  for (size_t i = 0; i < dims_self.size(); ++i) {
    const int64_t d = wrap_dim("tensordot", dims_self[i], a.dim()), e = wrap_dim("tensordot", dims_other[i], b.dim());
    if (a.size(d) == b.size(e)) continue;
    if (b.size(e) == 1) {  // a size of 1 stands for any
      a = a.sum(IntArrayRef(d), true, a.dtype());
    } else if (a.size(d) == 1) {
      b = b.sum(IntArrayRef(e), true, b.dtype());
    } else {
      fail("tensordot", fmt::format("contracted dimensions need to match, but first has size {} in dim {} and second "
                                    "has size {} in dim {}",
                                    a.size(d), d, b.size(e), e));
    }
  }
  const Contraction left(a, dims_self), right(b, dims_other);
  Dims order = left.kept, order_b, sizes = left.sizes;
  int64_t k = 1;
  for (size_t i = 0; i < dims_self.size(); ++i) {
    order.push_back(wrap_dim("tensordot", dims_self[i], a.dim()));
    order_b.push_back(wrap_dim("tensordot", dims_other[i], b.dim()));
    k *= a.size(dims_self[i]);
  }
  for (int64_t d : right.kept) order_b.push_back(d);
  for (int64_t size : right.sizes) sizes.push_back(size);
  const int64_t m = count_elements(left.sizes), n = count_elements(right.sizes);
  return mm(a.permute(order).reshape({m, k}), b.permute(order_b).reshape({k, n})).reshape(sizes);
}

// The last dimensions become one first, so that the elementwise product runs over long rows.
Tensor kron(const Tensor& self, const Tensor& other) {
  const int64_t dims = std::max(self.dim(), other.dim()), last = dims - 1;
  if (self.dim() == 0 || other.dim() == 0) {
    // As arrays of one number, which take part in the choice of the dtype as the other does.
    const Dims ones(static_cast<int32_t>(dims), 1);
    return (self.dim() == 0 ? self.reshape(ones) : self) * (other.dim() == 0 ? other.reshape(ones) : other);
  }
  const int64_t n = self.size(-1), q = other.size(-1);
  const auto size = [dims](const Tensor& x, int64_t d) {
    const int64_t own = d - (dims - x.dim());
    return own < 0 ? 1 : x.size(own);
  };
  const auto rows = [n, q](const Tensor& x, int64_t at) {
    Dims wide(x.sizes().slice(0, static_cast<size_t>(x.dim() - 1)));
    wide.push_back(n);
    wide.push_back(q);
    return x.unsqueeze(at).expand(wide);
  };
  Dims a, b, sizes;
  for (int64_t d = 0; d < last; ++d) {
    a.push_back(size(self, d));
    a.push_back(1);
    b.push_back(1);
    b.push_back(size(other, d));
    sizes.push_back(size(self, d) * size(other, d));
  }
  for (Dims* list : {&a, &b, &sizes}) list->push_back(n * q);
  return graph::unviewed((rows(self, -1).reshape(a) * rows(other, -2).reshape(b)).reshape(sizes));
}

Tensor linalg_cross(const Tensor& self, const Tensor& other, int64_t dim) {
  if (self.dim() != other.dim()) {
    fail("linalg.cross", fmt::format("inputs must have the same number of dimensions: got {} and {}",
                                     to_string(self.sizes()), to_string(other.sizes())));
  }
  const int64_t along = wrap_dim("linalg.cross", dim, self.dim());
  if (self.dim() == 0 || self.size(along) != 3 || other.size(along) != 3) {
    fail("linalg.cross", fmt::format("inputs dimension {} must have length 3: got {} and {}", dim,
                                     to_string(self.sizes()), to_string(other.sizes())));
  }
  const auto part = [along](const Tensor& x, int64_t i) { return x.select(along, i % 3); };
  std::vector<Tensor> parts;
  for (int64_t i = 0; i < 3; ++i) {
    parts.push_back(part(self, i + 1) * part(other, i + 2) - part(self, i + 2) * part(other, i + 1));
  }
  return stack(parts, along);
}

Tensor cross(const Tensor& self, const Tensor& other, std::optional<int64_t> dim) {
  if (dim) return linalg_cross(self, other, *dim);
  for (int64_t d = 0; d < self.dim(); ++d) {
    if (self.size(d) == 3) return linalg_cross(self, other, d);
  }
  fail("cross", fmt::format("no dimension of size 3 in input: it is {}", to_string(self.sizes())));
}

Tensor trace(const Tensor& self) {
  if (self.dim() != 2) fail("trace", fmt::format("expected a matrix, but got {}", to_string(self.sizes())));
  return self.diagonal().sum();
}

Tensor bilinear(const Tensor& input1, const Tensor& input2, const Tensor& weight, const std::optional<Tensor>& bias) {
  if (weight.dim() != 3 || input1.dim() < 1 || input1.dim() != input2.dim()) {
    fail("bilinear()", fmt::format("input dimensions do not match: got {}, {} and weight {}; need (..., i), (..., j) "
                                   "and (o, i, j)",
                                   to_string(input1.sizes()), to_string(input2.sizes()), to_string(weight.sizes())));
  }
  const auto lead = static_cast<size_t>(input1.dim() - 1);
  const int64_t o = weight.size(0), i = weight.size(1), j = weight.size(2);
  if (!(input1.sizes().slice(0, lead) == input2.sizes().slice(0, lead)) || input1.size(-1) != i ||
      input2.size(-1) != j) {
    fail("bilinear()", fmt::format("input sizes do not match: got {}, {} and weight {}", to_string(input1.sizes()),
                                   to_string(input2.sizes()), to_string(weight.sizes())));
  }
  if (bias && bias->defined() && (bias->dim() != 1 || bias->size(0) != o)) {
    fail("bilinear()",
         fmt::format("bias size does not match weight size: got {} but expected ({},)", to_string(bias->sizes()), o));
  }
  const Dims rows(input1.sizes().slice(0, lead));
  const int64_t n = count_elements(rows);
  const Tensor half = matmul(input1.reshape({n, i}), weight);  // (o, n, j)
  Tensor y = (half * input2.reshape({n, j})).sum(IntArrayRef(-1)).t().contiguous();
  if (bias && bias->defined()) y = y + *bias;
  Dims sizes = rows;
  sizes.push_back(o);
  return graph::unviewed(y.reshape(sizes));
}

Tensor linalg_vecdot(const Tensor& x, const Tensor& y, int64_t dim) {
  for (const Tensor* t : {&x, &y}) {
    if (!is_floating_point(t->dtype())) {
      fail("linalg.vecdot",
           fmt::format("Expected a floating point or complex tensor as input. Got {}", toString(t->dtype())));
    }
  }
  if (x.dtype() != y.dtype()) {
    fail("linalg.vecdot", fmt::format("Expected x and y to have the same dtype: got {} and {}", toString(x.dtype()),
                                      toString(y.dtype())));
  }
  return (x * y).sum(IntArrayRef(dim));
}

Tensor linalg_diagonal(const Tensor& self, int64_t offset, int64_t dim1, int64_t dim2) {
  return self.diagonal(offset, dim1, dim2);
}

Tensor linalg_vander(const Tensor& x, std::optional<int64_t> N) {
  if (x.dim() == 0 && !N) fail("torch.linalg.vander", "a number needs N");
  const int64_t n = N ? *N : x.size(-1);
  if (N && n <= 1) fail("torch.linalg.vander", fmt::format("N must be greater than 1: got {}", n));
  const Tensor base = is_floating_point(x.dtype()) ? x : x.to(kLong);
  return ops::rising_powers(base, std::max<int64_t>(n, 0));
}

#define RONDO_BOTH(f) RONDO_SAMPLE(f(in[0], in[1]))

RONDO_OP(
    outer, .name = "outer", .doc = "y[i][j] = a[i] b[j]; an elementwise product", .samples = [](ops::Samples& s) {
      s.add("vectors", {s.real({2}), s.real({3})}, RONDO_BOTH(outer));
      s.add("ger, empty", {s.real({0}), s.real({3})}, RONDO_BOTH(ger));
      s.add("strided", {s.real({6}), s.real({3})}, RONDO_SAMPLE(outer(in[0].slice(0, 0, 6, 2), in[1])));
      s.error("a matrix", "Expected argument to be 1-D, but got 2-D", [] { outer(ones({2, 2}), ones({2})); });
    });

RONDO_OP(
    inner, .name = "inner", .doc = "sums of products over both last dimensions", .samples = [](ops::Samples& s) {
      s.add("vectors", {s.real({3}), s.real({3})}, RONDO_BOTH(inner));
      s.add("tensors", {s.real({2, 3}), s.real({2, 2, 3})}, RONDO_BOTH(inner));
      s.add("a number", {s.real({}), s.real({2, 3})}, RONDO_BOTH(inner));
      s.add("vdot", {s.real({3}), s.real({3})}, RONDO_BOTH(vdot));
      s.error("sizes", "the last dimension must match", [] { inner(ones({2, 3}), ones({2})); });
      s.error("vdot of matrices", "1D tensors expected", [] { vdot(ones({2, 3}), ones({2})); });
    });

RONDO_OP(
    tensordot, .name = "tensordot", .doc = "sums of products over pairs of dimensions; one product of matrices",
    .samples = [](ops::Samples& s) {
      s.add("one pair", {s.real({2, 3, 2}), s.real({4, 3})}, RONDO_SAMPLE(tensordot(in[0], in[1], 1, 1)));
      s.add("two pairs", {s.real({2, 3, 4}), s.real({4, 2, 2})},
            RONDO_SAMPLE(tensordot(in[0], in[1], {-1, 0}, {0, 1})));
      s.add("none", {s.real({2}), s.real({3})}, RONDO_SAMPLE(tensordot(in[0], in[1], IntArrayRef(), IntArrayRef())));
      s.add("size 1", {s.real({2, 3}), s.real({1, 2})}, RONDO_SAMPLE(tensordot(in[0], in[1], 1, 0)));
      s.add("size 1 on the left", {s.real({2, 1}), s.real({3, 2})}, RONDO_SAMPLE(tensordot(in[0], in[1], 1, 0)));
      s.add("empty", {s.real({2, 0}), s.real({0, 2})}, RONDO_SAMPLE(tensordot(in[0], in[1], 1, 0)));
      s.error("sizes", "contracted dimensions need to match", [] { tensordot(ones({2, 3}), ones({2, 3}), 1, 0); });
      s.error("lists", "should have same length", [] { tensordot(ones({2, 3}), ones({2, 3}), {0, 1}, 0); });
      s.error("twice", "appears multiple times", [] { tensordot(ones({2, 2}), ones({2, 2}), {0, 0}, {0, 1}); });
      s.error("dtypes", "should have same dtype", [] { tensordot(ones({2}), ones({2}, kLong), 0, 0); });
    });

RONDO_OP(
    kron, .name = "kron", .doc = "each number of a times all of b; an elementwise product",
    .samples = [](ops::Samples& s) {
      s.add("matrices", {s.real({2, 3}), s.real({3, 2})}, RONDO_BOTH(kron));
      s.add("vector and matrix", {s.real({2}), s.real({2, 3})}, RONDO_BOTH(kron));
      s.add("number", {s.real({}), s.real({2})}, RONDO_BOTH(kron));
      s.add("transposed", {s.real({2, 3}), s.real({1, 2})}, RONDO_SAMPLE(kron(in[0].t(), in[1])));
    });

RONDO_OP(
    linalg_cross, .name = "linalg_cross", .doc = "the vector product along a dimension of size 3; composed",
    .samples = [](ops::Samples& s) {
      s.add("vectors", {s.real({3}), s.real({3})}, RONDO_BOTH(linalg_cross));
      s.add("columns, broadcast", {s.real({3, 2}), s.real({3, 1})}, RONDO_SAMPLE(linalg_cross(in[0], in[1], 0)));
      s.add("the first of size 3", {s.real({2, 3, 3}), s.real({2, 3, 3})}, RONDO_BOTH(cross));
      s.add("a dimension", {s.real({3, 3}), s.real({3, 3})}, RONDO_SAMPLE(cross(in[0], in[1], 1)));
      s.error("size", "must have length 3", [] { linalg_cross(ones({2}), ones({2})); });
      s.error("none", "no dimension of size 3 in input", [] { cross(ones({2}), ones({2})); });
      s.error("dims", "must have the same number of dimensions", [] { linalg_cross(ones({3}), ones({1, 3})); });
    });

RONDO_OP(
    trace, .name = "trace", .doc = "the sum of the main diagonal; composed", .samples = [](ops::Samples& s) {
      s.add("square", {s.real({3, 3})}, RONDO_SAMPLE(trace(in[0])));
      s.add("wide", {s.real({2, 3})}, RONDO_SAMPLE(trace(in[0])));
      s.add("empty", {s.real({0, 3})}, RONDO_SAMPLE(trace(in[0])));
      s.error("a vector", "expected a matrix", [] { trace(ones({2})); });
    });

RONDO_OP(
    bilinear, .name = "bilinear", .doc = "y[o] = x1^T W[o] x2 + b[o]; composed of matmul",
    .samples = [](ops::Samples& s) {
      s.add("with bias", {s.real({3, 2}), s.real({3, 4}), s.real({2, 2, 4}), s.real({2})},
            RONDO_SAMPLE(bilinear(in[0], in[1], in[2], in[3])));
      s.add("vectors", {s.real({2}), s.real({3}), s.real({2, 2, 3})}, RONDO_SAMPLE(bilinear(in[0], in[1], in[2])));
      s.add("more dimensions", {s.real({2, 1, 2}), s.real({2, 1, 3}), s.real({1, 2, 3})},
            RONDO_SAMPLE(bilinear(in[0], in[1], in[2])));
      s.error("sizes", "input sizes do not match", [] { bilinear(ones({2, 2}), ones({2, 3}), ones({1, 2, 2})); });
      s.error("dims", "input dimensions do not match", [] { bilinear(ones({2}), ones({2, 3}), ones({1, 2, 2})); });
      s.error("bias", "bias size does not match weight size", [] {
        bilinear(ones({2, 2}), ones({2, 2}), ones({1, 2, 2}), ones({2}));
      });
    });

RONDO_OP(
    linalg_vecdot, .name = "linalg_vecdot", .doc = "sums of products along a dimension; composed",
    .samples = [](ops::Samples& s) {
      s.add("last", {s.real({2, 3}), s.real({2, 3})}, RONDO_BOTH(linalg_vecdot));
      s.add("first, broadcast", {s.real({2, 3}), s.real({2, 1})}, RONDO_SAMPLE(linalg_vecdot(in[0], in[1], 0)));
      s.add("the diagonal of a product", {s.real({2, 3, 2}), s.real({2, 2, 3})},
            RONDO_SAMPLE(linalg_diagonal(linalg_matmul(in[0], in[1]))));
      s.error("integers", "Expected a floating point", [] { linalg_vecdot(ones({2}, kLong), ones({2}, kLong)); });
      s.error("dtypes", "same dtype", [] { linalg_vecdot(ones({2}, kFloat), ones({2}, kDouble)); });
    });

RONDO_OP(
    linalg_vander, .name = "linalg_vander", .doc = "the powers 0 ... N - 1; composed of products",
    .samples = [](ops::Samples& s) {
      s.add("a vector", {s.real({3})}, RONDO_SAMPLE(linalg_vander(in[0])));
      s.add("N, a stack", {s.real({2, 2})}, RONDO_SAMPLE(linalg_vander(in[0], 4)));
      s.error("N", "N must be greater than 1", [] { linalg_vander(ones({3}), 1); });
    });

#undef RONDO_BOTH

}  // namespace rondo
