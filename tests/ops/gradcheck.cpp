#include "gradcheck.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gradcheck {

using rondo::Tensor;

namespace {

constexpr double kStep = 1e-5;

bool is_real(const Tensor& tensor) { return rondo::is_floating_point(tensor.dtype()); }

Inputs leaves(const Inputs& inputs, rondo::ScalarType type, int only = -1) {
  Inputs result;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (!is_real(inputs[i])) {
      result.push_back(inputs[i]);
      continue;
    }
    Tensor leaf = inputs[i].detach().to(type).clone();
    if (only < 0 || only == static_cast<int>(i)) leaf.requires_grad_();
    result.push_back(leaf);
  }
  return result;
}

std::vector<Tensor> differentiable(const Inputs& inputs) {
  std::vector<Tensor> result;
  for (const Tensor& input : inputs) {
    if (is_real(input) && input.requires_grad()) result.push_back(input);
  }
  return result;
}

double scalar_product(const Tensor& a, const Tensor& b) {
  return (a.to(rondo::kDouble) * b.to(rondo::kDouble)).sum().item<double>();
}

Tensor direction(const Tensor& like) { return rondo::randn(like.sizes(), like.dtype()); }

// Gradients of <w, y>; zeros where nothing arrives.
std::vector<Tensor> gradients(const Tensor& y, const Tensor& w, const std::vector<Tensor>& xs, bool create_graph) {
  std::vector<Tensor> result;
  if (!y.requires_grad()) {
    for (const Tensor& x : xs) result.push_back(zeros_like(x));
    return result;
  }
  result = rondo::autograd::grad({y}, xs, {w}, true, create_graph, true);
  for (size_t i = 0; i < xs.size(); ++i) {
    if (!result[i].defined()) result[i] = zeros_like(xs[i]);
  }
  return result;
}

// The inputs moved along directions by `distance`, as leaves.
Inputs moved(const Inputs& inputs, const std::vector<Tensor>& directions, double distance) {
  Inputs result;
  size_t next = 0;
  for (const Tensor& input : inputs) {
    if (!is_real(input)) {
      result.push_back(input);
    } else if (!input.requires_grad()) {
      result.push_back(input);
    } else {
      result.push_back((input.detach() + directions[next++] * distance).requires_grad_());
    }
  }
  return result;
}

bool agree(double a, double b, double scale) { return std::abs(a - b) <= 2e-6 * std::max(1.0, scale); }

Finding first_order_of(Function f, const Inputs& inputs, int only) {
  const Inputs x = leaves(inputs, rondo::kDouble, only);
  const auto xs = differentiable(x);
  if (xs.empty()) return {};
  const Tensor y = f(x);
  const Tensor w = direction(y);
  const auto plain = gradients(y, w, xs, false);
  const auto recorded = gradients(y, w, xs, true);
  for (size_t i = 0; i < xs.size(); ++i) {
    if (plain[i].sizes() != xs[i].sizes()) {
      return fmt::format("gradient {} has shape {}, the input has {}", i, rondo::to_string(plain[i].sizes()),
                         rondo::to_string(xs[i].sizes()));
    }
    Finding finding = compare("gradient with create_graph", recorded[i], plain[i], 1e-10);
    if (!finding.empty()) return fmt::format("input {}: {}", i, finding);
  }
  for (int round = 0; round < 2; ++round) {
    std::vector<Tensor> v;
    double analytic = 0, scale = 0;
    for (size_t i = 0; i < xs.size(); ++i) {
      v.push_back(direction(xs[i]));
      analytic += scalar_product(plain[i], v[i]);
      scale += scalar_product(plain[i].abs(), v[i].abs());
    }
    const double after = scalar_product(f(moved(x, v, kStep)).detach(), w),
                 before = scalar_product(f(moved(x, v, -kStep)).detach(), w);
    const double numeric = (after - before) / (2 * kStep);
    if (!agree(analytic, numeric, scale + std::abs(after))) {
      return fmt::format("first derivative: backward gives {:.9g}, differences give {:.9g} (input {})", analytic,
                         numeric, only < 0 ? "all" : std::to_string(only));
    }
  }
  return {};
}

}  // namespace

Finding compare(const char* what, const Tensor& got, const Tensor& want, double tolerance) {
  if (got.sizes() != want.sizes()) {
    return fmt::format("{}: shape {}, expected {}", what, rondo::to_string(got.sizes()),
                       rondo::to_string(want.sizes()));
  }
  const Tensor a = got.detach().to(rondo::kDouble).contiguous(), b = want.detach().to(rondo::kDouble).contiguous();
  const auto *p = a.data_ptr<double>(), *q = b.data_ptr<double>();
  double scale = 0;
  for (int64_t i = 0; i < b.numel(); ++i) {
    if (std::isfinite(q[i])) scale = std::max(scale, std::abs(q[i]));
  }
  for (int64_t i = 0; i < a.numel(); ++i) {
    const bool same = std::isnan(q[i]) ? std::isnan(p[i])
                                       : p[i] == q[i] || std::abs(p[i] - q[i]) <= tolerance * std::max(scale, 1e-3);
    if (!same) return fmt::format("{}: element {} is {:.9g}, expected {:.9g}", what, i, p[i], q[i]);
  }
  return {};
}

Finding first_order(Function f, const Inputs& inputs) {
  Finding finding = first_order_of(f, inputs, -1);
  for (size_t i = 0; finding.empty() && i < inputs.size(); ++i) {
    if (is_real(inputs[i])) finding = first_order_of(f, inputs, static_cast<int>(i));
  }
  return finding;
}

Finding second_order(Function f, const Inputs& inputs) {
  const Inputs x = leaves(inputs, rondo::kDouble);
  const auto xs = differentiable(x);
  if (xs.empty()) return {};
  const Tensor probe = f(x);
  if (!probe.requires_grad()) return {};
  const Tensor w = direction(probe);
  std::vector<Tensor> u;
  for (const Tensor& input : xs) u.push_back(direction(input));
  // s(x) = <u, gradient of <w, f> at x>
  const auto slope = [&](const Inputs& at, bool record) {
    const auto leaves_at = differentiable(at);
    const auto g = gradients(f(at), w, leaves_at, record);
    Tensor s = rondo::zeros({}, rondo::kDouble);
    for (size_t i = 0; i < g.size(); ++i) s = s + (g[i] * u[i]).sum();
    return s;
  };
  const Tensor s = slope(x, true);
  std::vector<Tensor> hessian;
  if (s.requires_grad()) {
    hessian = rondo::autograd::grad({s}, xs, {}, true, false, true);
  } else {
    hessian.resize(xs.size());
  }
  std::vector<Tensor> v;
  double analytic = 0, scale = std::abs(s.item<double>());
  for (size_t i = 0; i < xs.size(); ++i) {
    v.push_back(direction(xs[i]));
    if (!hessian[i].defined()) continue;
    analytic += scalar_product(hessian[i], v[i]);
    scale += scalar_product(hessian[i].abs(), v[i].abs());
  }
  const double forward = slope(moved(x, v, kStep), false).item<double>();
  const double backward = slope(moved(x, v, -kStep), false).item<double>();
  const double numeric = (forward - backward) / (2 * kStep);
  if (!agree(analytic, numeric, 10 * scale)) {
    return fmt::format("second derivative: backward gives {:.9g}, differences give {:.9g}", analytic, numeric);
  }
  return {};
}

Finding against_float32(Function f, const Inputs& inputs) {
  const Inputs single = leaves(inputs, rondo::kFloat);
  Inputs wide;  // the very numbers that float32 holds
  for (const Tensor& input : single) {
    wide.push_back(is_real(input) ? input.detach().to(rondo::kDouble).requires_grad_() : input);
  }
  const Tensor y32 = f(single), y64 = f(wide);
  if (is_real(y64) && y32.dtype() != rondo::kFloat)
    return fmt::format("float32 inputs gave {}", dtype_name(y32.dtype()));
  Finding finding = compare("float32 value", y32, y64, 1e-5);
  if (!finding.empty() || !y64.requires_grad()) return finding;
  const Tensor w = direction(y32.detach());
  const auto g32 = gradients(y32, w, differentiable(single), false);
  const auto g64 = gradients(y64, w.to(rondo::kDouble), differentiable(wide), false);
  for (size_t i = 0; finding.empty() && i < g32.size(); ++i)
    finding = compare("float32 gradient", g32[i], g64[i], 1e-4);
  return finding;
}

Finding strided_inputs(Function f, const Inputs& inputs) {
  const Inputs plain = leaves(inputs, rondo::kDouble);
  Inputs strided;
  for (const Tensor& input : plain) {
    Tensor base = input.detach();
    if (base.dim() == 0 || base.numel() == 0) {
      strided.push_back(input);
      continue;
    }
    // Doubled along the last dimension, every other element taken, dimensions laid out in reverse order.
    std::vector<int64_t> reversed;
    for (int64_t d = base.dim(); d-- > 0;) reversed.push_back(d);
    Tensor apart = rondo::stack({base, base}, base.dim()).flatten(-2).permute(reversed).contiguous().permute(reversed);
    apart = apart.slice(-1, 0, std::nullopt, 2).detach();
    strided.push_back(is_real(input) ? apart.requires_grad_() : apart);
  }
  const Tensor y = f(plain), z = f(strided);
  Finding finding = compare("value of strided inputs", z, y, 1e-12);
  if (!finding.empty() || !y.requires_grad()) return finding;
  const Tensor w = direction(y.detach());
  const auto g = gradients(y, w, differentiable(plain), false), h = gradients(z, w, differentiable(strided), false);
  for (size_t i = 0; finding.empty() && i < g.size(); ++i)
    finding = compare("gradient of strided inputs", h[i], g[i], 1e-12);
  return finding;
}

}  // namespace gradcheck
