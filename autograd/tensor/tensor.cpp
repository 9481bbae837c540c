#include <rondo/autograd/base/error.h>
#include <rondo/autograd/tensor/tensor.h>

#include <fmt/format.h>

namespace rondo {

void Tensor::undefined() { fail("Tensor", "the tensor is undefined; need one that a factory or an operation made"); }

void Tensor::wrong_pointer(ScalarType wanted) const {
  fail_type("data_ptr", fmt::format("expected scalar type {} but found {}; need the C++ type of the tensor's dtype",
                                    rondo::toString(wanted), rondo::toString(dtype())));
}

std::string Tensor::toString() const {
  return defined() ? fmt::format("CPU{}Type", rondo::toString(dtype())) : "UndefinedType";
}

Scalar Tensor::item() const {
  const TensorImpl& self = impl();
  if (self.numel != 1) {
    fail("item", fmt::format("a Tensor with {} elements cannot be converted to Scalar; its shape is {}", self.numel,
                             to_string(sizes())));
  }
  return visit_dtype(self.dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    return Scalar(*reinterpret_cast<const T*>(self.data));
  });
}

}  // namespace rondo
