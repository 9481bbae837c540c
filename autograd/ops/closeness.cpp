// Comparing whole tensors.
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>

#include <cstring>

namespace rondo {

bool equal(const Tensor& self, const Tensor& other) {
  if (self.sizes() != other.sizes()) return false;
  NoGradGuard guard;
  return (self == other).all().item<bool>();
}

Tensor isclose(const Tensor& self, const Tensor& other, double rtol, double atol, bool equal_nan) {
  if (self.dtype() != other.dtype()) {
    fail_type("isclose", std::string(dtype_name(self.dtype())) + " did not match " + dtype_name(other.dtype()));
  }
  if (rtol < 0 || atol < 0) {
    fail_value("isclose", "rtol and atol must be greater than or equal to zero, but got " + std::to_string(rtol) +
                              " and " + std::to_string(atol));
  }
  NoGradGuard guard;
  Tensor close = self == other;
  if (equal_nan && is_floating_point(self.dtype())) close = logical_or(close, logical_and(isnan(self), isnan(other)));
  if (rtol == 0 && atol == 0) return close;
  const Tensor a = is_floating_point(self.dtype()) ? self : self.to(kDouble);
  const Tensor b = is_floating_point(other.dtype()) ? other : other.to(kDouble);
  const Tensor allowed = b.abs() * rtol + atol, difference = (a - b).abs();
  return logical_or(close, logical_and(isfinite(difference), difference <= allowed));
}

bool allclose(const Tensor& self, const Tensor& other, double rtol, double atol, bool equal_nan) {
  return isclose(self, other, rtol, atol, equal_nan).all().item<bool>();
}

}  // namespace rondo
