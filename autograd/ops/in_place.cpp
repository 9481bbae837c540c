#include <rondo/autograd/ops/in_place.h>

#include <rondo/autograd/graph/history.h>
#include <rondo/autograd/ops/methods.h>

#include <fmt/format.h>

namespace rondo::ops {

Tensor& become(const char* operation, Tensor& self, const Tensor& y) {
  if (self.sizes() != y.sizes()) {
    fail(operation, fmt::format("output with shape {} doesn't match the broadcast shape {}", to_string(self.sizes()),
                                to_string(y.sizes())));
  }
  if (!can_cast(y.dtype(), self.dtype())) {
    fail(operation, fmt::format("result type {} can't be cast to the desired output type {}", dtype_name(y.dtype()),
                                dtype_name(self.dtype())));
  }
  return self.copy_(y);
}

Tensor before_change(const Tensor& self, std::initializer_list<Tensor> others) {
  bool recorded = graph::recording(self);
  for (const Tensor& other : others) recorded = recorded || (other.defined() && graph::recording(other));
  return recorded ? self.clone() : self;
}

}  // namespace rondo::ops
