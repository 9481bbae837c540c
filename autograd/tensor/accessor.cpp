// What accessors refuse.
#include <rondo/autograd/tensor/accessor.h>

#include <fmt/format.h>

namespace rondo::tensor_data {

void wrong_accessor(size_t wanted, int64_t dim) {
  fail("accessor", fmt::format("TensorAccessor expected {} dims but tensor has {}", wanted, dim));
}

}  // namespace rondo::tensor_data
