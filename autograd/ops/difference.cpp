// Differences of neighbours, integrals and derivatives of sampled functions.
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/sample.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

#include <algorithm>

namespace rondo {
namespace {

Tensor left_of(const Tensor& x, int64_t dim) { return x.slice(dim, 0, -1); }
Tensor right_of(const Tensor& x, int64_t dim) { return x.slice(dim, 1); }

// The distances of the points x, in a shape that broadcasts with the halves of y.
Tensor distances(const char* operation, const Tensor& y, const Tensor& x, int64_t dim) {
  if (x.dtype() == kBool || y.dtype() == kBool) {
    fail(operation, "received a bool input for `x` or `y`, but bool is not supported");
  }
  Tensor points = x;
  if (x.dim() == 1) {
    if (x.size(0) != y.size(dim)) {
      fail(operation, fmt::format("There must be one `x` value for each sample point: x is {}, y is {}, dim {}",
                                  to_string(x.sizes()), to_string(y.sizes()), dim));
    }
    Dims sizes(static_cast<int32_t>(y.dim()), 1);
    sizes[static_cast<int32_t>(dim)] = x.size(0);
    points = x.view(sizes);
  }
  while (points.dim() < y.dim()) points = points.unsqueeze(0);
  return right_of(points, dim) - left_of(points, dim);
}

void check_samples(const char* operation, const Tensor& y) {
  if (y.dtype() == kBool) fail(operation, "received a bool input for `y`, but bool is not supported");
}

Tensor without(const Tensor& y, int64_t dim) {
  Dims sizes(y.sizes());
  sizes.erase(static_cast<int32_t>(dim));
  return zeros(sizes, y.dtype());
}

void check_joined(const char* which, const Tensor& self, const Tensor& joined, int64_t dim) {
  bool fits = joined.dim() == self.dim();
  for (int64_t d = 0; fits && d < self.dim(); ++d) fits = d == dim || joined.size(d) == self.size(d);
  if (!fits) {
    fail("diff",
         fmt::format("diff expects the shape of tensor to prepend or append to match that of input except along "
                     "the differencing dimension; input is {}, {} is {}",
                     to_string(self.sizes()), which, to_string(joined.sizes())));
  }
}

}  // namespace

Tensor diff(const Tensor& self, int64_t n, int64_t dim, const std::optional<Tensor>& prepend,
            const std::optional<Tensor>& append) {
  if (self.dim() == 0) fail("diff", "diff expects input to be at least one-dimensional");
  if (n < 0) fail("diff", fmt::format("order must be non-negative but got {}", n));
  const int64_t along = wrap_dim("diff", dim, self.dim());
  std::vector<Tensor> parts;
  if (prepend && prepend->defined()) {
    check_joined("prepend", self, *prepend, along);
    parts.push_back(*prepend);
  }
  parts.push_back(self);
  if (append && append->defined()) {
    check_joined("append", self, *append, along);
    parts.push_back(*append);
  }
  Tensor y = parts.size() == 1 ? self : cat(parts, along);
  if (n == 0) return y.clone();
  for (int64_t left = std::min(n, y.size(along)); left > 0; --left) {
    const Tensor a = left_of(y, along), b = right_of(y, along);
    y = y.dtype() == kBool ? logical_xor(b, a) : b - a;
  }
  return y;
}

Tensor trapezoid(const Tensor& y, Scalar dx, int64_t dim) {
  check_samples("trapezoid", y);
  const int64_t along = wrap_dim("trapezoid", dim, y.dim());
  if (y.dim() == 0 || y.size(along) == 0) return y.dim() == 0 ? zeros_like(y) : without(y, along);
  return (y.sum(along) - (y.select(along, 0) + y.select(along, -1)) * 0.5) * dx.toDouble();
}
Tensor trapezoid(const Tensor& y, const Tensor& x, int64_t dim) {
  const int64_t along = wrap_dim("trapezoid", dim, y.dim());
  if (y.dim() > 0 && y.size(along) == 0) return without(y, along);
  const Tensor steps = distances("trapezoid", y, x, along);
  return ((left_of(y, along) + right_of(y, along)) * steps).sum(along) / 2;
}
Tensor trapz(const Tensor& y, double dx, int64_t dim) { return trapezoid(y, Scalar(dx), dim); }
Tensor trapz(const Tensor& y, const Tensor& x, int64_t dim) { return trapezoid(y, x, dim); }

Tensor cumulative_trapezoid(const Tensor& y, Scalar dx, int64_t dim) {
  check_samples("cumulative_trapezoid", y);
  const int64_t along = wrap_dim("cumulative_trapezoid", dim, y.dim());
  return (left_of(y, along) + right_of(y, along)).cumsum(along) * (dx.toDouble() / 2);
}
Tensor cumulative_trapezoid(const Tensor& y, const Tensor& x, int64_t dim) {
  const int64_t along = wrap_dim("cumulative_trapezoid", dim, y.dim());
  const Tensor steps = distances("cumulative_trapezoid", y, x, along);
  return (steps / 2 * (left_of(y, along) + right_of(y, along))).cumsum(along);
}

namespace {

// Derivatives along one dimension from distances between neighbours: `h` has one number for each gap, or is
// 0-dimensional where all are equal.
Tensor derivative(const Tensor& f, const Tensor& h, int64_t dim, int64_t edge_order) {
  const int64_t n = f.size(dim);
  const auto at = [&](int64_t first, int64_t count) { return f.narrow(dim, first, count); };
  const auto gap = [&](int64_t first, int64_t count) { return h.dim() == 0 ? h : h.narrow(dim, first, count); };
  std::vector<Tensor> parts;
  if (edge_order == 1) {
    parts.push_back((at(1, 1) - at(0, 1)) / gap(0, 1));
  } else {
    const Tensor a = gap(0, 1), b = gap(1, 1), both = a + b;
    parts.push_back(-(2 * a + b) / (a * both) * at(0, 1) + both / (a * b) * at(1, 1) - a / (b * both) * at(2, 1));
  }
  if (n > 2 && h.dim() == 0) {
    parts.push_back((at(2, n - 2) - at(0, n - 2)) / (2 * h));
  } else if (n > 2) {
    const Tensor a = gap(0, n - 2), b = gap(1, n - 2), both = a + b;
    parts.push_back(-b / (a * both) * at(0, n - 2) + (b - a) / (a * b) * at(1, n - 2) + a / (b * both) * at(2, n - 2));
  }
  if (edge_order == 1) {
    parts.push_back((at(n - 1, 1) - at(n - 2, 1)) / gap(n - 2, 1));
  } else {
    const Tensor a = gap(n - 3, 1), b = gap(n - 2, 1), both = a + b;
    parts.push_back(b / (a * both) * at(n - 3, 1) - both / (a * b) * at(n - 2, 1) +
                    (2 * b + a) / (b * both) * at(n - 1, 1));
  }
  return cat(parts, dim);
}

std::vector<int64_t> chosen_dims(const Tensor& self, std::optional<int64_t> dim) {
  if (dim) return {*dim};
  std::vector<int64_t> all;
  for (int64_t d = 0; d < self.dim(); ++d) all.push_back(d);
  return all;
}

void check_gradient(const Tensor& self, int64_t spacings, IntArrayRef dim, int64_t edge_order) {
  if (edge_order != 1 && edge_order != 2) {
    fail("gradient", fmt::format("torch.gradient only supports edge_order=1 and edge_order=2; got {}", edge_order));
  }
  if (spacings != static_cast<int64_t>(dim.size())) {
    fail("gradient",
         fmt::format("torch.gradient expected spacing to be unspecified, a scalar or a list of length equal to "
                     "the number of dimensions; got {} spacings for {} dimensions",
                     spacings, dim.size()));
  }
  for (int64_t d : dim) {
    const int64_t along = wrap_dim("gradient", d, self.dim());
    if (self.dim() == 0 || self.size(along) < edge_order + 1) {
      fail("gradient",
           fmt::format("torch.gradient expected each dimension size to be at least edge_order+1; input is {}, "
                       "edge_order {}",
                       to_string(self.sizes()), edge_order));
    }
  }
}

Tensor real_samples(const Tensor& self) { return is_floating_point(self.dtype()) ? self : self.to(default_dtype()); }

}  // namespace

std::vector<Tensor> gradient(const Tensor& self, ArrayRef<Scalar> spacing, IntArrayRef dim, int64_t edge_order) {
  check_gradient(self, static_cast<int64_t>(spacing.size()), dim, edge_order);
  const Tensor f = real_samples(self);
  std::vector<Tensor> result;
  for (size_t i = 0; i < dim.size(); ++i) {
    const Tensor h = scalar_tensor(spacing[i].toDouble(), f.dtype());
    result.push_back(derivative(f, h, wrap_dim("gradient", dim[i], self.dim()), edge_order));
  }
  return result;
}
std::vector<Tensor> gradient(const Tensor& self, TensorList spacing, IntArrayRef dim, int64_t edge_order) {
  check_gradient(self, static_cast<int64_t>(spacing.size()), dim, edge_order);
  const Tensor f = real_samples(self);
  std::vector<Tensor> result;
  for (size_t i = 0; i < dim.size(); ++i) {
    const int64_t along = wrap_dim("gradient", dim[i], self.dim());
    const Tensor& points = spacing[i];
    if (points.dim() != 1 || points.size(0) != self.size(along)) {
      fail("gradient",
           fmt::format("torch.gradient expected each coordinate tensor to have one dimension and one number for "
                       "each sample; got {} for dimension {} of {}",
                       to_string(points.sizes()), along, to_string(self.sizes())));
    }
    Dims sizes(static_cast<int32_t>(self.dim()), 1);
    sizes[static_cast<int32_t>(along)] = points.size(0) - 1;
    result.push_back(derivative(f, (right_of(points, 0) - left_of(points, 0)).reshape(sizes), along, edge_order));
  }
  return result;
}
std::vector<Tensor> gradient(const Tensor& self, Scalar spacing, IntArrayRef dim, int64_t edge_order) {
  return gradient(self, ArrayRef<Scalar>(std::vector<Scalar>(dim.size(), spacing)), dim, edge_order);
}
std::vector<Tensor> gradient(const Tensor& self, IntArrayRef dim, int64_t edge_order) {
  return gradient(self, Scalar(1), dim, edge_order);
}
std::vector<Tensor> gradient(const Tensor& self, std::optional<Scalar> spacing, std::optional<int64_t> dim,
                             int64_t edge_order) {
  return gradient(self, spacing.value_or(1), IntArrayRef(chosen_dims(self, dim)), edge_order);
}
std::vector<Tensor> gradient(const Tensor& self, ArrayRef<Scalar> spacing, std::optional<int64_t> dim,
                             int64_t edge_order) {
  return gradient(self, spacing, IntArrayRef(chosen_dims(self, dim)), edge_order);
}
std::vector<Tensor> gradient(const Tensor& self, TensorList spacing, std::optional<int64_t> dim, int64_t edge_order) {
  return gradient(self, spacing, IntArrayRef(chosen_dims(self, dim)), edge_order);
}

RONDO_OP(
    diff, .name = "diff", .doc = "differences of neighbours; from slice and sub", .samples = [](ops::Samples& s) {
      s.add("last", {s.real({3, 4})}, RONDO_SAMPLE(diff(in[0])));
      s.add("second, first dimension", {s.real({4, 3})}, RONDO_SAMPLE(diff(in[0], 2, 0)));
      s.add("none", {s.real({4})}, RONDO_SAMPLE(diff(in[0], 0)));
      s.add("more than there are", {s.real({3})}, RONDO_SAMPLE(diff(in[0], 5)));
      s.add("joined", {s.real({2, 3}), s.real({2, 1}), s.real({2, 2})}, RONDO_SAMPLE(in[0].diff(1, 1, in[1], in[2])));
      s.add("strided", {s.real({3, 4})}, RONDO_SAMPLE(diff(in[0].t())));
      s.add("empty", {s.real({0})}, RONDO_SAMPLE(diff(in[0])));
      s.error("a number", "at least one-dimensional", [] { diff(ones({})); });
      s.error("order", "order must be non-negative", [] { diff(ones({2}), -1); });
      s.error("joined", "except along the differencing dimension", [] { diff(ones({2, 3}), 1, 1, ones({1, 3})); });
    })
RONDO_OP(
    trapezoid, .name = "trapezoid, trapz, cumulative_trapezoid", .doc = "integrals by the trapezoidal rule",
    .samples = [](ops::Samples& s) {
      s.add("trapezoid", {s.real({3, 4})}, RONDO_SAMPLE(trapezoid(in[0])));
      s.add("trapezoid, dx", {s.real({3, 4})}, RONDO_SAMPLE(trapezoid(in[0].t(), 0.5, 0)));
      s.add("trapezoid, x", {s.real({3, 4}), s.real({4})}, RONDO_SAMPLE(trapezoid(in[0], in[1])));
      s.add("trapezoid, x of y's shape", {s.real({3, 4}), s.real({3, 4})}, RONDO_SAMPLE(trapezoid(in[0], in[1], 0)));
      s.add("trapz", {s.real({4}), s.real({4})}, RONDO_SAMPLE(trapz(in[0], in[1]) + trapz(in[0], 0.3)));
      s.add("cumulative", {s.real({3, 4})}, RONDO_SAMPLE(cumulative_trapezoid(in[0], 0.5)));
      s.add("cumulative, x", {s.real({3, 4}), s.real({3})}, RONDO_SAMPLE(cumulative_trapezoid(in[0], in[1], 0)));
      s.add("empty", {s.real({0, 3})}, RONDO_SAMPLE(trapezoid(in[0], 1, 0)));
      s.error("points", "one `x` value for each sample point", [] { trapezoid(ones({3}), ones({2})); });
      s.error("bool", "bool is not supported", [] { trapezoid(ones({3}, kBool)); });
    })
RONDO_OP(
    gradient, .name = "gradient", .doc = "derivatives of a sampled function by differences",
    .samples = [](ops::Samples& s) {
      s.add("all", {s.real({3, 4})}, RONDO_SAMPLE(stack(gradient(in[0]))));
      s.add("one dimension, spaced", {s.real({3, 4})}, RONDO_SAMPLE(gradient(in[0], Scalar(0.5), 1)[0]));
      s.add("second order edges", {s.real({3, 4})}, RONDO_SAMPLE(stack(gradient(in[0], 2, std::nullopt, 2))));
      s.add("dimensions", {s.real({3, 4})}, RONDO_SAMPLE(stack(gradient(in[0], IntArrayRef({1, 0})))));
      s.add("spacings", {s.real({3, 4})}, [](const ops::Samples::Inputs& in) -> Tensor {
        const Scalar spacing[] = {0.5, 2};
        return stack(gradient(in[0], ArrayRef<Scalar>(spacing)));
      });
      s.add("coordinates", {s.real({3, 4}), s.real({3}, 0.1, 0.5), s.real({4}, 0.1, 0.5)},
            [](const ops::Samples::Inputs& in) -> Tensor {
              const Tensor points[] = {in[1].cumsum(0), in[2].cumsum(0)};
              return stack(gradient(in[0], TensorList(points), std::nullopt, 2));
            });
      s.error("edge order", "only supports edge_order=1", [] { gradient(ones({3}), IntArrayRef({0}), 3); });
      s.error("too short", "at least edge_order+1", [] { gradient(ones({1})); });
    })

}  // namespace rondo
