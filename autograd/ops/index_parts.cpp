#include <rondo/autograd/kernels/strided.h>
#include <rondo/autograd/ops/index_parts.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/autograd/tensor/layout.h>

#include <fmt/format.h>

namespace rondo::ops {

Tensor index_numbers(const char* operation, const Tensor& index) {
  if (index.dtype() == kLong) return index.contiguous();
  if (index.dtype() == kInt) return index.to(kLong).contiguous();
  fail_index(operation, fmt::format("Expected dtype int32 or int64 for index, got {}", dtype_name(index.dtype())));
}

void check_range(const char* operation, const Tensor& index, int64_t dim, int64_t size) {
  const auto* numbers = index.data_ptr<int64_t>();
  const int64_t count = index.numel();
  bool inside = true;
  for (int64_t i = 0; i < count; ++i) inside &= static_cast<uint64_t>(numbers[i]) < static_cast<uint64_t>(size);
  if (inside) return;
  while (*numbers >= 0 && *numbers < size) ++numbers;
  fail_index(operation,
             fmt::format("index out of range in self: index {} is out of bounds for dimension {} with size {}",
                         *numbers, dim, size));
}

namespace {

// Whether the slices along dimension 0 are rows without gaps.
bool has_rows(const AtLeastOne& a) {
  return is_contiguous(IntArrayRef(a.sizes).slice(1), IntArrayRef(a.strides).slice(1));
}

// Whether each of these rows is one number, expanded: as the gradients of sums are.
bool has_one_number_rows(const AtLeastOne& a) {
  for (int32_t d = 1; d < a.sizes.size(); ++d) {
    if (a.sizes[d] > 1 && a.strides[d] != 0) return false;
  }
  return true;
}

Dims along(int32_t ndim, int64_t dim) {
  Dims strides(ndim, 0);
  strides[dim] = 1;
  return strides;
}

}  // namespace

void take_slices(const Tensor& y, const Tensor& x, int64_t dim, const Tensor& index) {
  const AtLeastOne from(x), to(y);
  const int64_t* numbers = index.data_ptr<int64_t>();
  if (dim == 0 && has_rows(from)) {
    const int64_t width = count_elements(IntArrayRef(from.sizes).slice(1));
    kernels::take_rows(x.dtype(), width, x.data_ptr(), from.strides[0], numbers, index.numel(), y.data_ptr());
    return;
  }
  kernels::gather(to.sizes.size(), static_cast<int>(dim), to.sizes.data(), x.dtype(), y.data_ptr(), to.strides.data(),
                  x.data_ptr(), from.strides.data(), numbers, along(to.sizes.size(), dim).data());
}

void add_slices(const Tensor& y, const Tensor& x, int64_t dim, const Tensor& index) {
  const AtLeastOne from(x), to(y);
  const int64_t* numbers = index.data_ptr<int64_t>();
  const int64_t step = has_rows(from) ? 1 : 0;
  if (dim == 0 && has_rows(to) && (step == 1 || has_one_number_rows(from))) {
    const int64_t width = count_elements(IntArrayRef(to.sizes).slice(1));
    kernels::add_rows(x.dtype(), width, y.data_ptr(), to.strides[0], numbers, index.numel(), x.data_ptr(),
                      from.strides[0], step);
    return;
  }
  kernels::scatter_add(from.sizes.size(), static_cast<int>(dim), from.sizes.data(), x.dtype(), y.data_ptr(),
                       to.strides.data(), x.data_ptr(), from.strides.data(), numbers,
                       along(from.sizes.size(), dim).data());
}

namespace {

// The shape that an index may have beside `self`: as many dimensions, none larger but the indexed one.
void check_shape(const char* operation, const Tensor& self, int64_t dim, const Tensor& index) {
  const AtLeastOne whole(self), part(index);
  if (part.sizes.size() != whole.sizes.size()) {
    fail(operation,
         fmt::format("Index tensor must have the same number of dimensions as self tensor: index is {}, self "
                     "is {}",
                     to_string(index.sizes()), to_string(self.sizes())));
  }
  for (int32_t d = 0; d < whole.sizes.size(); ++d) {
    if (d != dim && part.sizes[d] > whole.sizes[d]) {
      fail(operation,
           fmt::format("Size does not match at dimension {}: expected index {} to be smaller than self {} apart from "
                       "dimension {}",
                       d, to_string(index.sizes()), to_string(self.sizes()), dim));
    }
  }
}

}  // namespace

Tensor checked_index(const char* operation, const Tensor& self, int64_t dim, const Tensor& index) {
  if (index.dtype() != kLong) {
    fail_index(operation, fmt::format("Expected dtype int64 for index, got {}", dtype_name(index.dtype())));
  }
  if (index.numel() > 0) check_shape(operation, self, dim, index);
  Tensor numbers = index.contiguous();
  check_range(operation, numbers, dim, AtLeastOne(self).sizes[dim]);
  return numbers;
}

Tensor checked_source(const char* operation, const Tensor& self, const Tensor& index, const Tensor& source) {
  if (self.dtype() != source.dtype()) {
    fail_type(operation, fmt::format("Expected self.dtype to be equal to src.dtype: self is {}, src is {}",
                                     dtype_name(self.dtype()), dtype_name(source.dtype())));
  }
  if (index.numel() == 0) return source;
  const AtLeastOne whole(source), part(index);
  bool fits = whole.sizes.size() == part.sizes.size();
  for (int32_t d = 0; fits && d < part.sizes.size(); ++d) fits = part.sizes[d] <= whole.sizes[d];
  if (!fits) {
    fail(operation, fmt::format("Expected index {} to be no larger than src {} in any dimension",
                                to_string(index.sizes()), to_string(source.sizes())));
  }
  Tensor result = source;
  for (int64_t d = 0; d < index.dim(); ++d) {
    if (source.dim() > 0 && index.size(d) != source.size(d)) result = result.narrow(d, 0, index.size(d));
  }
  return result;
}

bool start_change(const char* operation, const Tensor& self, const Tensor& source) {
  const bool recorded = source.defined() ? recording(self, source) : recording(self);
  graph::check_in_place(operation, self, recorded);
  graph::check_distinct(operation, self);
  return recorded;
}

void end_change(const Tensor& self) { self.impl().storage->bump_version(); }

Tensor apart_from(const Tensor& self, const Tensor& source) {
  if (!tensor_data::share_memory(self, source)) return source;
  NoGradGuard guard;
  return source.clone();
}

}  // namespace rondo::ops
