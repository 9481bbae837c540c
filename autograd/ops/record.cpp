#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/tensor/factory.h>

namespace rondo::ops {

Tensor dense(const Tensor& x) {
  if (!x.defined()) return x;
  NoGradGuard guard;
  return x.contiguous();
}

Tensor turned_data(const Tensor& x) {
  Dims sizes(x.sizes()), strides(x.strides());
  const int32_t last = sizes.size() - 1;
  std::swap(sizes[last], sizes[last - 1]);
  std::swap(strides[last], strides[last - 1]);
  return tensor_data::window(x, sizes, strides, 0);
}

}  // namespace rondo::ops
