// Products that are added to a tensor, and the forms in place.
#include <rondo/autograd/ops/in_place.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

namespace rondo {
namespace {

void check_shape(const char* name, const Tensor& self, const Tensor& product) {
  const Dims shape = broadcast_shapes(name, self.sizes(), product.sizes());
  if (IntArrayRef(shape) != product.sizes()) {
    fail(name, fmt::format("the expanded size of self must be {}: self is {}", to_string(product.sizes()),
                           to_string(self.sizes())));
  }
}

void check_types(const char* name, const Tensor& self, const Tensor& a, const Tensor& b) {
  if (self.dtype() == a.dtype() && a.dtype() == b.dtype()) return;
  fail(name, fmt::format("expected self and both factors to have the same dtype, but got: {}, {} and {}",
                         dtype_name(self.dtype()), dtype_name(a.dtype()), dtype_name(b.dtype())));
}

// y = product: self is not read, and has a gradient of zeros.
struct UnreadBackward final : ops::Rule {
  std::string name() const override { return "AddBackward0"; }
  void backward(ops::Backward& step) override {
    if (step.wants(1)) step[1] = zeros_like(step.gy());
    if (step.wants(0)) step[0] = step.take_gy();
  }
};

// beta * self + alpha * product; a beta of 0 means that self is not read, so that its NaN stays out.
Tensor added(const char* name, const Tensor& self, const Tensor& product, Scalar beta, Scalar alpha) {
  check_shape(name, self, product);
  if (!is_floating_point(product.dtype())) {  // as libtorch: integers have whole factors
    beta = beta.toLong();
    alpha = alpha.toLong();
  }
  const Tensor scaled = alpha.equal(1) ? product : product * alpha;
  if (beta.equal(0)) {
    if (!graph::requires_grad(self)) return scaled;
    Tensor y = graph::alias_without_history(scaled);
    ops::record<UnreadBackward>(y, scaled, self);
    return y;
  }
  return beta.equal(1) ? self + scaled : add(scaled, self, beta);
}

void check_stacks(const char* name, const Tensor& a, const Tensor& b) {
  if (a.dim() == 3 && b.dim() == 3) return;
  fail(name, fmt::format("batch1 and batch2 must be 3D tensors: batch1 is {}, batch2 is {}; need (b, m, k) and "
                         "(b, k, n)",
                         to_string(a.sizes()), to_string(b.sizes())));
}

}  // namespace

Tensor& addmm_(Tensor& self, const Tensor& mat1, const Tensor& mat2, Scalar beta, Scalar alpha) {
  return ops::become("addmm_", self, addmm(self, mat1, mat2, beta, alpha));
}

Tensor addmv(const Tensor& self, const Tensor& mat, const Tensor& vec, Scalar beta, Scalar alpha) {
  if (mat.dim() != 2 || vec.dim() != 1 || self.dim() > 1) {
    fail("addmv", fmt::format("vector + matrix @ vector expected, got {}, {}, {}", self.dim(), mat.dim(), vec.dim()));
  }
  check_types("addmv", self, mat, vec);
  return added("addmv", self, mv(mat, vec), beta, alpha);
}
Tensor& addmv_(Tensor& self, const Tensor& mat, const Tensor& vec, Scalar beta, Scalar alpha) {
  return ops::become("addmv_", self, addmv(self, mat, vec, beta, alpha));
}

Tensor addr(const Tensor& self, const Tensor& vec1, const Tensor& vec2, Scalar beta, Scalar alpha) {
  if (vec1.dim() != 1 || vec2.dim() != 1) {
    fail("addr", fmt::format("Expected 1-D arguments vec1 and vec2, but got {}-D and {}-D", vec1.dim(), vec2.dim()));
  }
  const Tensor product = outer(vec1, vec2);
  if (!is_floating_point(product.dtype()) && (beta.isFloatingPoint() || alpha.isFloatingPoint())) {
    fail("addr", fmt::format("For integral input tensors, argument {} must not be a floating point number.",
                             beta.isFloatingPoint() ? "beta" : "alpha"));
  }
  return added("addr", self, product, beta, alpha);
}
Tensor& addr_(Tensor& self, const Tensor& vec1, const Tensor& vec2, Scalar beta, Scalar alpha) {
  return ops::become("addr_", self, addr(self, vec1, vec2, beta, alpha));
}

Tensor baddbmm(const Tensor& self, const Tensor& batch1, const Tensor& batch2, Scalar beta, Scalar alpha) {
  check_stacks("baddbmm", batch1, batch2);
  check_types("baddbmm", self, batch1, batch2);
  return added("baddbmm", self, bmm(batch1, batch2), beta, alpha);
}
Tensor& baddbmm_(Tensor& self, const Tensor& batch1, const Tensor& batch2, Scalar beta, Scalar alpha) {
  return ops::become("baddbmm_", self, baddbmm(self, batch1, batch2, beta, alpha));
}

// The sum over the stack is one more inner dimension.
Tensor addbmm(const Tensor& self, const Tensor& batch1, const Tensor& batch2, Scalar beta, Scalar alpha) {
  check_stacks("addbmm", batch1, batch2);
  check_types("addbmm", self, batch1, batch2);
  const int64_t b = batch1.size(0), m = batch1.size(1), k = batch1.size(2), n = batch2.size(2);
  if (batch2.size(0) != b || batch2.size(1) != k) {
    fail("addbmm", fmt::format("batch1 and batch2 must have same number of batches and matching inner sizes: batch1 is "
                               "{}, batch2 is {}",
                               to_string(batch1.sizes()), to_string(batch2.sizes())));
  }
  const Tensor product = mm(batch1.transpose(0, 1).reshape({m, b * k}), batch2.reshape({b * k, n}));
  return added("addbmm", self, product, beta, alpha);
}
Tensor& addbmm_(Tensor& self, const Tensor& batch1, const Tensor& batch2, Scalar beta, Scalar alpha) {
  return ops::become("addbmm_", self, addbmm(self, batch1, batch2, beta, alpha));
}

RONDO_OP(
    addmm_in_place, .name = "addmm_", .doc = "addmm, written into self", .samples = [](ops::Samples& s) {
      s.add("scaled", {s.real({2, 3}), s.real({2, 4}), s.real({4, 3})}, [](const ops::Samples::Inputs& in) {
        Tensor y = in[0] * 2.0;
        return y.addmm_(in[1], in[2], 0.5, -2) * in[0];
      });
      s.error("shape", "doesn't match the broadcast shape", [] { ones({3}).addmm_(ones({2, 4}), ones({4, 3})); });
    });

RONDO_OP(
    addmv, .name = "addmv", .doc = "beta * self + alpha * mat vec; composed of mv", .samples = [](ops::Samples& s) {
      s.add("plain", {s.real({2}), s.real({2, 3}), s.real({3})}, RONDO_SAMPLE(addmv(in[0], in[1], in[2])));
      s.add("a number, scaled", {s.real({}), s.real({2, 3}), s.real({3})},
            RONDO_SAMPLE(addmv(in[0], in[1], in[2], 0.5, 2)));
      s.add("beta 0, transposed", {s.real({2}), s.real({3, 2}), s.real({3})},
            RONDO_SAMPLE(addmv(in[0], in[1].t(), in[2], 0)));
      s.add("inner size 0", {s.real({2}), s.real({2, 0}), s.real({0})}, RONDO_SAMPLE(addmv(in[0], in[1], in[2])));
      s.add("in place", {s.real({2}), s.real({2, 3}), s.real({3})}, [](const ops::Samples::Inputs& in) {
        Tensor y = in[0] * 2.0;
        return y.addmv_(in[1], in[2], 0.5) * in[0];
      });
      s.error("dims", "vector + matrix @ vector expected, got 1, 2, 2", [] {
        addmv(ones({2}), ones({2, 3}), ones({3, 1}));
      });
      s.error("size of self", "addmv", [] { addmv(ones({3}), ones({2, 3}), ones({3})); });
      s.error("dtypes", "to have the same dtype", [] { addmv(ones({2}, kLong), ones({2, 3}), ones({3})); });
    });

RONDO_OP(
    addr, .name = "addr", .doc = "beta * self + alpha * vec1 vec2^T; composed of outer",
    .samples = [](ops::Samples& s) {
      s.add("plain", {s.real({2, 3}), s.real({2}), s.real({3})}, RONDO_SAMPLE(addr(in[0], in[1], in[2])));
      s.add("a row, scaled", {s.real({3}), s.real({2}), s.real({3})}, RONDO_SAMPLE(addr(in[0], in[1], in[2], 0.5, 2)));
      s.add("beta 0", {s.real({2, 3}), s.real({2}), s.real({3})}, RONDO_SAMPLE(addr(in[0], in[1], in[2], 0, 2)));
      s.add("in place", {s.real({2, 3}), s.real({2}), s.real({3})}, [](const ops::Samples::Inputs& in) {
        Tensor y = in[0] * 2.0;
        return y.addr_(in[1], in[2], 1, 3) * in[0];
      });
      s.error("dims", "Expected 1-D arguments vec1 and vec2", [] { addr(ones({2, 2}), ones({2, 1}), ones({2})); });
      s.error("integers", "argument beta must not be a floating point number", [] {
        addr(ones({2, 2}, kLong), ones({2}, kLong), ones({2}, kLong), 0.5);
      });
    });

RONDO_OP(
    baddbmm, .name = "baddbmm", .doc = "beta * self + alpha * bmm; composed of bmm", .samples = [](ops::Samples& s) {
      s.add("plain", {s.real({2, 2, 2}), s.real({2, 2, 3}), s.real({2, 3, 2})},
            RONDO_SAMPLE(baddbmm(in[0], in[1], in[2])));
      s.add("a row, scaled", {s.real({2}), s.real({2, 2, 3}), s.real({2, 3, 2})},
            RONDO_SAMPLE(baddbmm(in[0], in[1], in[2], 0.5, 2)));
      s.add("beta 0", {s.real({2, 2, 2}), s.real({2, 2, 3}), s.real({2, 3, 2})},
            RONDO_SAMPLE(baddbmm(in[0], in[1], in[2], 0, -1)));
      s.add("in place", {s.real({2, 2, 2}), s.real({2, 2, 3}), s.real({2, 3, 2})}, [](const ops::Samples::Inputs& in) {
        Tensor y = in[0] * 2.0;
        return y.baddbmm_(in[1], in[2], 0.5, 2) * in[0];
      });
      s.error("matrices", "must be 3D tensors", [] { baddbmm(ones({2, 2}), ones({2, 2}), ones({2, 2})); });
      s.error("self", "expanded size of self", [] { baddbmm(ones({3, 2, 2, 2}), ones({2, 2, 3}), ones({2, 3, 2})); });
    });

RONDO_OP(
    addbmm, .name = "addbmm", .doc = "beta * self + alpha * the sum of bmm over the stack; composed of mm",
    .samples = [](ops::Samples& s) {
      s.add("plain", {s.real({2, 2}), s.real({3, 2, 3}), s.real({3, 3, 2})}, RONDO_SAMPLE(addbmm(in[0], in[1], in[2])));
      s.add("a number, scaled", {s.real({}), s.real({2, 2, 3}), s.real({2, 3, 2})},
            RONDO_SAMPLE(addbmm(in[0], in[1], in[2], 0.5, 2)));
      s.add("an empty stack", {s.real({2, 2}), s.real({0, 2, 3}), s.real({0, 3, 2})},
            RONDO_SAMPLE(addbmm(in[0], in[1], in[2])));
      s.add("in place", {s.real({2, 2}), s.real({2, 2, 3}), s.real({2, 3, 2})}, [](const ops::Samples::Inputs& in) {
        Tensor y = in[0] * 2.0;
        return y.addbmm_(in[1], in[2], 0.5, 2) * in[0];
      });
      s.error("batches", "must have same number of batches", [] {
        addbmm(ones({2, 2}), ones({2, 2, 3}), ones({3, 3, 2}));
      });
      s.error("matrices", "must be 3D tensors", [] { addbmm(ones({2, 2}), ones({2, 2}), ones({2, 2})); });
    });

}  // namespace rondo
