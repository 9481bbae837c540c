#include <rondo/autograd/kernels/strided.h>
#include <rondo/autograd/ops/index_parts.h>
#include <rondo/autograd/ops/methods.h>

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
  if (dim == 0 && has_rows(to) && x.is_contiguous()) {
    const int64_t width = count_elements(IntArrayRef(to.sizes).slice(1));
    kernels::add_rows(x.dtype(), width, y.data_ptr(), to.strides[0], numbers, index.numel(), x.data_ptr());
    return;
  }
  kernels::scatter_add(from.sizes.size(), static_cast<int>(dim), from.sizes.data(), x.dtype(), y.data_ptr(),
                       to.strides.data(), x.data_ptr(), from.strides.data(), numbers,
                       along(from.sizes.size(), dim).data());
}

bool start_change(const char* operation, const Tensor& self, const Tensor& source) {
  const bool recorded = source.defined() ? recording(self, source) : recording(self);
  graph::check_in_place(operation, self, recorded);
  for (int64_t i = 0; i < self.dim(); ++i) {
    if (self.strides()[static_cast<size_t>(i)] == 0 && self.sizes()[static_cast<size_t>(i)] > 1) {
      fail(operation,
           "unsupported operation: more than one element of the written-to tensor refers to a single memory location. "
           "Please clone() the tensor before performing the operation.");
    }
  }
  return recorded;
}

void end_change(const Tensor& self) { self.impl().storage->bump_version(); }

Tensor apart_from(const Tensor& self, const Tensor& source) {
  if (&self.storage() != &source.storage()) return source;
  NoGradGuard guard;
  return source.clone();
}

}  // namespace rondo::ops
