// libtorch's operations that copy what the view of the same name shows: view_copy for view. And their out forms.
#pragma once

#include <rondo/autograd/ops/memory_format.h>
#include <rondo/autograd/ops/methods.h>
#include <rondo/compat/write_out.h>

namespace rondo {

// RONDO_COPY(name, the method's call, parameters...).
#define RONDO_COPY(name, call, ...)                                                            \
  inline Tensor name##_copy(const Tensor& self __VA_OPT__(, ) __VA_ARGS__) {                   \
    return self.call.clone(MemoryFormat::Contiguous);                                          \
  }                                                                                            \
  inline Tensor& name##_copy_out(Tensor& out, const Tensor& self __VA_OPT__(, ) __VA_ARGS__) { \
    return compat::write_out(#name "_copy", self.call, out);                                   \
  }
RONDO_COPY(alias, alias())
RONDO_COPY(detach, detach())
RONDO_COPY(view, view(size), IntArrayRef size)
RONDO_COPY(view, view(dtype), ScalarType dtype)
RONDO_COPY(expand, expand(size), IntArrayRef size, bool = false)
RONDO_COPY(permute, permute(dims), IntArrayRef dims)
RONDO_COPY(transpose, transpose(dim0, dim1), int64_t dim0, int64_t dim1)
RONDO_COPY(t, t())
RONDO_COPY(select, select(dim, index), int64_t dim, int64_t index)
RONDO_COPY(slice, slice(dim, start, end, step), int64_t dim = 0, std::optional<int64_t> start = std::nullopt,
           std::optional<int64_t> end = std::nullopt, int64_t step = 1)
RONDO_COPY(squeeze, squeeze())
RONDO_COPY(squeeze, squeeze(dim), int64_t dim)
RONDO_COPY(squeeze, squeeze(dim), IntArrayRef dim)
RONDO_COPY(unsqueeze, unsqueeze(dim), int64_t dim)
RONDO_COPY(diagonal, diagonal(offset, dim1, dim2), int64_t offset = 0, int64_t dim1 = 0, int64_t dim2 = 1)
RONDO_COPY(as_strided, as_strided(size, stride, offset), IntArrayRef size, IntArrayRef stride,
           std::optional<int64_t> offset = std::nullopt)
RONDO_COPY(unfold, unfold(dimension, size, step), int64_t dimension, int64_t size, int64_t step)
#undef RONDO_COPY
#define RONDO_COPY(name, parameter)                                                        \
  inline std::vector<Tensor> name##_copy(const Tensor& self, parameter, int64_t dim = 0) { \
    std::vector<Tensor> parts = self.name(size, dim);                                      \
    for (Tensor & part : parts) part = part.clone(MemoryFormat::Contiguous);               \
    return parts;                                                                          \
  }
RONDO_COPY(split, int64_t size)
RONDO_COPY(split_with_sizes, IntArrayRef size)
#undef RONDO_COPY
inline std::vector<Tensor> unbind_copy(const Tensor& self, int64_t dim = 0) {
  std::vector<Tensor> parts = self.unbind(dim);
  for (Tensor& part : parts) part = part.clone(MemoryFormat::Contiguous);
  return parts;
}

}  // namespace rondo
