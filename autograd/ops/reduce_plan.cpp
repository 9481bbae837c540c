#include <rondo/autograd/graph/mode.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/ops/reduce_plan.h>
#include <rondo/autograd/tensor/factory.h>

#include <fmt/format.h>

namespace rondo::ops {

kernels::ReduceShape ReducePlan::shape() const {
  kernels::ReduceShape shape;
  shape.kept = kept_sizes.size();
  shape.kept_sizes = kept_sizes.data();
  shape.kept_strides = kept_strides.data();
  shape.reduced = reduced_sizes.size();
  shape.reduced_sizes = reduced_sizes.data();
  shape.reduced_strides = reduced_strides.data();
  return shape;
}

ReducePlan plan_reduction(const char* operation, const Tensor& x, OptionalIntArrayRef dim, bool keepdim) {
  const TensorImpl& impl = x.impl();
  const int32_t ndim = impl.sizes.size();
  if (ndim > 64) fail(operation, fmt::format("got a tensor of {} dimensions; need at most 64", ndim));
  ReducePlan plan;
  const bool all = !dim || dim->empty();
  if (all) {
    plan.mask = ~uint64_t{0};
  } else {
    for (int64_t d : *dim) {
      const uint64_t bit = uint64_t{1} << wrap_dim(operation, d, ndim);
      if (plan.mask & bit) fail(operation, fmt::format("dim {} appears multiple times in the list of dims", d));
      plan.mask |= bit;
    }
  }
  if (all && impl.contiguous) {
    plan.count = impl.numel;
    plan.reduced_sizes.push_back(impl.numel);
    plan.reduced_strides.push_back(1);
    if (keepdim) plan.sizes = Dims(ndim, 1);
    return plan;
  }
  for (int32_t d = 0; d < ndim; ++d) {
    const int64_t size = impl.sizes[d], stride = impl.strides[d];
    if (plan.mask >> d & 1) {
      plan.count *= size;
      plan.reduced_sizes.push_back(size);
      plan.reduced_strides.push_back(stride);
      if (keepdim) plan.sizes.push_back(1);
    } else {
      plan.kept_sizes.push_back(size);
      plan.kept_strides.push_back(stride);
      plan.sizes.push_back(size);
    }
  }
  return plan;
}

Tensor restore_dims(const Tensor& y, int64_t ndim, uint64_t mask, bool keepdim) {
  if (keepdim) return y;
  Tensor restored = y;
  for (int64_t d = 0; d < ndim; ++d) {
    if (mask >> d & 1) restored = restored.unsqueeze(d);
  }
  return restored;
}

Tensor spread(const Tensor& y, IntArrayRef sizes, uint64_t mask, bool keepdim, bool recorded) {
  const auto ndim = static_cast<int32_t>(sizes.size());
  if (recorded) return restore_dims(y, ndim, mask, keepdim).expand(sizes);
  Dims strides(ndim, 0);
  size_t next = 0;
  for (int32_t d = 0; d < ndim; ++d) {
    const bool reduced = mask >> d & 1;
    if (!reduced) strides[d] = y.strides()[next];
    if (!reduced || keepdim) ++next;
  }
  return tensor_data::window(y, sizes, strides, 0);
}

kernels::RowShape row_shape(const Tensor& x, int64_t dim) {
  const Dims& sizes = x.impl().sizes;
  kernels::RowShape shape{1, 1, 1};
  for (int32_t d = 0; d < sizes.size(); ++d) {
    (d < dim ? shape.outer : (d == dim ? shape.size : shape.inner)) *= sizes[d];
  }
  return shape;
}

namespace {

// The stride of dimensions [first, last) as one; false where there is none.
bool merge(const TensorImpl& x, int64_t first, int64_t last, int64_t& stride) {
  int64_t count = 1;
  stride = 1;
  for (int64_t d = last; d-- > first;) {
    if (x.sizes[d] == 1) continue;
    if (count == 1) {
      stride = x.strides[d];
    } else if (x.strides[d] != stride * count) {
      return false;
    }
    count *= x.sizes[d];
  }
  return true;
}

}  // namespace

Lines::Lines(const Tensor& x, int64_t dim) : source(x) {
  const kernels::RowShape rows = row_shape(x, dim);
  shape = {rows.outer, rows.size, rows.inner, rows.size * rows.inner, rows.inner, 1};
  const TensorImpl& impl = x.impl();
  if (impl.contiguous) return;
  const int64_t ndim = impl.sizes.size();
  int64_t outer, inner;
  if (merge(impl, 0, dim, outer) && merge(impl, dim + 1, ndim, inner)) {
    shape.outer_stride = outer;
    shape.stride = impl.strides[dim];
    shape.inner_stride = inner;
  } else {
    NoGradGuard guard;
    source = x.contiguous();
  }
}

double number_of(const Tensor& x) {
  if (x.dtype() == kDouble) return *static_cast<const double*>(x.data_ptr());
  if (x.dtype() == kFloat) return static_cast<double>(*static_cast<const float*>(x.data_ptr()));
  return x.item().toDouble();
}

}  // namespace rondo::ops
