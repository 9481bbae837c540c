// What accessors refuse.
#include <rondo/autograd/tensor/accessor.h>

#include <fmt/format.h>

namespace rondo::tensor_data {

void wrong_accessor(size_t wanted, int64_t dim) {
  fail("accessor", fmt::format("TensorAccessor expected {} dims but tensor has {}", wanted, dim));
}
void wrong_accessor_dim(int64_t dim, size_t count) {
  fail_index("transpose", fmt::format("Index {} is not within bounds of a tensor of dimension {}", dim, count));
}
void too_large_for_accessor(int64_t numel) {
  fail("packed_accessor32",
       fmt::format("numel needs to be smaller than int32_t max; got {}; use packed_accessor64", numel));
}

}  // namespace rondo::tensor_data
