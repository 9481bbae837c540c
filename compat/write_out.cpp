// The checks and the copy of libtorch's out forms.
#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/compat/write_out.h>

#include <fmt/format.h>

namespace rondo::compat {

namespace {

Tensor& write(const char* operation, const Tensor& result, Tensor& out, bool any_dtype) {
  if (graph::grad_enabled() && (result.requires_grad() || out.requires_grad())) {
    fail(operation, fmt::format("functions with out=... arguments don't support automatic differentiation, but one of "
                                "the arguments requires grad: {}; leave out= away, or use no_grad",
                                result.requires_grad() ? "an input" : "out"));
  }
  if (!out.defined()) fail(operation, "out is an undefined tensor; make one, for example with torch::empty({0})");
  if (!any_dtype && !can_cast(result.scalar_type(), out.scalar_type())) {
    fail(operation, fmt::format("result type {} can't be cast to the desired output type {}",
                                toString(result.scalar_type()), toString(out.scalar_type())));
  }
  if (out.is_same(result)) return out;
  const NoGradGuard guard;
  if (out.sizes() != result.sizes()) {
    if (out.numel() != 0) {
      warn(
          fmt::format("{}: An output with one or more elements was resized since it had shape {}, which does not match "
                      "the required output shape {}. Resize a reused out tensor t to zero elements with t.resize_(0) "
                      "before, if that is meant.",
                      operation, to_string(out.sizes()), to_string(result.sizes())));
    }
    out.resize_(result.sizes());
  }
  return out.copy_(result);
}

}  // namespace

Tensor& write_out(const char* operation, const Tensor& result, Tensor& out) {
  return write(operation, result, out, false);
}

Tensor& convert_out(const char* operation, const Tensor& result, Tensor& out) {
  return write(operation, result, out, true);
}

Tensor& counted_out(const char* operation, const Tensor& result, Tensor& out) {
  const bool fits = out.defined() && out.numel() == result.numel();
  return write(operation, fits ? result.reshape(out.sizes()) : result, out, false);
}

}  // namespace rondo::compat
