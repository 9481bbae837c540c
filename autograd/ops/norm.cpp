// Norms of vectors and of slices.
#include <rondo/autograd/ops/in_place.h>
#include <rondo/autograd/ops/linalg.h>
#include <rondo/autograd/ops/linalg_parts.h>
#include <rondo/autograd/ops/pointwise.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/reduce_plan.h>
#include <rondo/autograd/ops/reduction.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace rondo {
namespace {

// The dimensions of a mask; none for a number, where nothing is to be summed.
Dims dims_of(uint64_t mask, int64_t ndim) {
  Dims dims;
  for (int64_t d = 0; d < ndim; ++d) {
    if (mask >> d & 1) dims.push_back(d);
  }
  return dims;
}

// Sub-gradient 0 where the norm is 0; equal extrema of the infinite norms share the gradient.
struct NormBackward final : ops::Rule {
  ops::Saved x, y;
  double p = 2;
  uint64_t mask = 0;
  bool keepdim = false, along = false;  // along: dimensions were given

  std::string name() const override { return along ? "NormBackward1" : "NormBackward0"; }
  void backward(ops::Backward& step) override {
    const Tensor input = x.get(*this);
    const Tensor gy = ops::restore_dims(step.gy(), input.dim(), mask, keepdim);
    const Tensor top = ops::restore_dims(y.get(*this), input.dim(), mask, keepdim);
    if (p == 0) return;
    if (p == 1) {
      step[0] = gy * input.sign();
    } else if (p == 2) {
      step[0] = gy * (input / top).masked_fill(top == 0, 0);
    } else if (std::isinf(p)) {
      const Tensor hits = (input.abs() == top).to(input.dtype());
      const Tensor count = input.dim() == 0 ? hits : hits.sum(IntArrayRef(dims_of(mask, input.dim())), true);
      step[0] = input.sign() * hits * (gy / count);
    } else if (p < 2) {
      const Tensor power = (input.sign() * input.abs().pow(p - 1)).masked_fill(input == 0, 0);
      step[0] = power * gy * (top.pow(1 - p)).masked_fill(top == 0, 0);
    } else {
      step[0] = input * input.abs().pow(p - 2) * (gy / top.pow(p - 1)).masked_fill(top == 0, 0);
    }
  }
  void release_variables() override { release(x, y); }
};

Tensor value_of(const Tensor& x, double p, IntArrayRef dim, bool keepdim) {
  if (p == 0) return (x != 0).to(x.dtype()).sum(dim, keepdim);
  if (p == 1) return x.abs().sum(dim, keepdim);
  if (p == 2) return (x * x).sum(dim, keepdim).sqrt_();
  if (std::isinf(p) && x.numel() == 0) return x.sum(dim, keepdim);  // zeros, as libtorch says
  if (std::isinf(p)) return p > 0 ? x.abs().amax(dim, keepdim) : x.abs().amin(dim, keepdim);
  return x.abs().pow(p).sum(dim, keepdim).pow_(1 / p);
}

}  // namespace

Tensor norm(const Tensor& self, std::optional<Scalar> p, IntArrayRef dim, bool keepdim) {
  const ScalarType type = self.dtype();
  if (!is_floating_point(type)) {
    fail_type("norm", fmt::format("Expected a floating point or complex tensor as input. Got {}", toString(type)));
  }
  if (is_reduced_floating(type)) return norm(self.to(kFloat), p, dim, keepdim).to(type);
  const double exponent = p ? p->toDouble() : 2;
  const ops::ReducePlan plan = ops::plan_reduction("norm", self, dim, keepdim);
  Tensor y;
  {
    NoGradGuard guard;
    y = value_of(self, exponent, dim, keepdim);
  }
  if (auto* node = ops::record<NormBackward>(y, self)) {
    node->x.save_input(self);
    node->y.save_output(y);
    node->p = exponent;
    node->mask = plan.mask;
    node->keepdim = keepdim;
    node->along = !dim.empty();
  }
  return y;
}

Tensor norm(const Tensor& self, Scalar p) { return norm(self, p, {}, false); }

Tensor norm(const Tensor& self, std::optional<Scalar> p, ScalarType dtype) {
  return norm(ops::in_type("norm", self.to(dtype), dtype), p, {}, false);
}
Tensor norm(const Tensor& self, std::optional<Scalar> p, IntArrayRef dim, bool keepdim, ScalarType dtype) {
  return norm(ops::in_type("norm", self.to(dtype), dtype), p, dim, keepdim);
}

Tensor linalg_vector_norm(const Tensor& self, Scalar ord, OptionalIntArrayRef dim, bool keepdim,
                          std::optional<ScalarType> dtype) {
  const Tensor x = ops::in_wider_type("linalg.vector_norm", self, dtype);
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

Tensor frobenius_norm(const Tensor& self) { return norm(self, 2, {}, false); }
Tensor frobenius_norm(const Tensor& self, IntArrayRef dim, bool keepdim) {
  if (dim.size() > 2) {
    fail("frobenius_norm", fmt::format("Expected at most 2 dimensions, but got {} dimensions instead", dim.size()));
  }
  return norm(self, 2, dim, keepdim);
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
  // What is not scaled does not depend on its norm, which may be NaN.
  const Tensor large = norm(self.detach(), p, others, true) > limit, scaled = where(large, self, Scalar(0));
  const Tensor factor = limit / (norm(scaled, p, others, true) + 1e-7);
  return where(large, scaled * factor.to(self.dtype()), self);
}
Tensor& renorm_(Tensor& self, Scalar p, int64_t dim, Scalar maxnorm) {
  // The derivative needs the numbers as they were.
  return ops::become("renorm_", self, renorm(ops::recording(self) ? self.clone() : self, p, dim, maxnorm));
}

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();
}

RONDO_OP(
    norm, .name = "norm", .doc = "(sum |x|^p)^(1/p); a primitive: its sub-gradient is 0 where all numbers are 0",
    .samples = [](ops::Samples& s) {
      s.add("2", {s.real({2, 3})}, RONDO_SAMPLE(norm(in[0])));
      s.add("a number", {s.real({}, 0.5, 2)}, RONDO_SAMPLE(norm(in[0])));
      s.add("1", {s.real({2, 3}, 0.5, 2)}, RONDO_SAMPLE(norm(-in[0], 1)));
      s.add("3", {s.real({2, 3}, 0.5, 2)}, RONDO_SAMPLE(norm(in[0], 3)));
      s.add("4, negative numbers", {s.real({2, 3}, -2, -0.5)}, RONDO_SAMPLE(norm(in[0], 4)));
      s.add("1.5", {s.real({2, 3}, 0.5, 2)}, RONDO_SAMPLE(norm(in[0], 1.5)));
      s.add("0.5", {s.real({2, 3}, 0.5, 2)}, RONDO_SAMPLE(norm(-in[0], 0.5)));
      s.add("infinity", {s.real({2, 3})}, RONDO_SAMPLE(norm(in[0], infinity)));
      s.add("-infinity", {s.real({2, 3}, 0.5, 2)}, RONDO_SAMPLE(norm(in[0], -infinity, {1})));
      s.add("one dimension", {s.real({3, 4})}, RONDO_SAMPLE(norm(in[0], 2, {1})));
      s.add("two dimensions, kept", {s.real({2, 3, 4})}, RONDO_SAMPLE(norm(in[0], 3, {0, -1}, true)));
      s.add("infinity, kept", {s.real({3, 4})}, RONDO_SAMPLE(norm(in[0], infinity, {0}, true)));
      s.error("integers", "Expected a floating point or complex tensor", [] { norm(zeros({2}, kLong)); });
      s.error("no such dimension", "norm: ", [] { norm(zeros({2, 2}), 2, {2}); });
    });

RONDO_OP(
    linalg_vector_norm, .name = "linalg_vector_norm", .doc = "norm over some or all dimensions",
    .samples = [](ops::Samples& s) {
      s.add("2", {s.real({2, 3})}, RONDO_SAMPLE(linalg_vector_norm(in[0])));
      s.add("a number", {s.real({}, 0.5, 2)}, RONDO_SAMPLE(linalg_vector_norm(in[0], 3)));
      s.add("1 over a dimension", {s.real({2, 3}, 0.5, 2)}, RONDO_SAMPLE(linalg_vector_norm(in[0], 1, {1}, true)));
      s.add("infinity over two", {s.real({2, 3, 2})}, RONDO_SAMPLE(linalg_vector_norm(in[0], infinity, {0, 2})));
      s.add("0", {s.real({2, 3}, 0.5, 2)}, RONDO_SAMPLE(linalg_vector_norm(in[0], 0) + in[0].sum()));
      s.add("empty", {s.real({0, 3})}, RONDO_SAMPLE(linalg_vector_norm(in[0], 2, {0})));
      s.add("norm with a dtype", {s.real({2, 3}, 0.5, 2)}, RONDO_SAMPLE(norm(in[0], 3, kDouble).to(in[0].dtype())));
      s.add("norm with all", {s.real({2, 3}, 0.5, 2)},
            RONDO_SAMPLE(norm(in[0], std::nullopt, {0}, true, kDouble).to(in[0].dtype())));
      s.error("empty", "does not have an identity", [] { linalg_vector_norm(zeros({0}), infinity); });
      s.error("integers", "Expected a floating point", [] { linalg_vector_norm(zeros({2}, kLong)); });
      s.error("a narrower dtype", "without narrowing",
              [] { linalg_vector_norm(zeros({2}, kDouble), 2, std::nullopt, false, kFloat); });
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
