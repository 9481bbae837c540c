#include <rondo/autograd/base/dims.h>

#include <fmt/format.h>

#include <algorithm>

namespace rondo {

std::string by_name::to_string(IntArrayRef list) {
  if (list.size() == 1) return fmt::format("({},)", list[0]);
  return fmt::format("({})", fmt::join(list.begin(), list.end(), ", "));
}

int64_t count_elements(IntArrayRef sizes) {
  int64_t count = 1;
  bool overflow = false, empty = false;
  for (int64_t size : sizes) {
    empty |= size == 0;
    // A zero must not hide that strides overflow.
    overflow |= __builtin_mul_overflow(count, size != 0 ? size : 1, &count);
  }
  if (overflow) [[unlikely]] {
    fail_value("Tensor", fmt::format("sizes {} have more elements than can be counted", to_string(sizes)));
  }
  return empty ? 0 : count;
}

Dims contiguous_strides(IntArrayRef sizes) {
  Dims strides;
  strides.resize(static_cast<int32_t>(sizes.size()));
  int64_t step = 1;
  for (int32_t i = strides.size(); i-- > 0;) {
    strides[i] = step;
    step *= sizes[static_cast<size_t>(i)] > 1 ? sizes[static_cast<size_t>(i)] : 1;
  }
  return strides;
}

bool is_contiguous(IntArrayRef sizes, IntArrayRef strides) {
  int64_t step = 1;
  bool dense = true;
  for (size_t i = sizes.size(); i-- > 0;) {
    if (sizes[i] == 0) return true;
    if (sizes[i] != 1 && strides[i] != step) dense = false;
    step *= sizes[i];
  }
  return dense;
}

Dims broadcast_shapes(const char* operation, IntArrayRef a, IntArrayRef b) {
  Dims shape(a.size() >= b.size() ? a : b);
  const IntArrayRef shorter = a.size() >= b.size() ? b : a;
  for (size_t i = 0; i < shorter.size(); ++i) {
    int64_t& size = shape[shape.size() - 1 - static_cast<int64_t>(i)];
    const int64_t other = shorter[shorter.size() - 1 - i];
    if (size == other || other == 1) continue;
    if (size != 1) {
      fail(operation,
           fmt::format("shapes do not broadcast: {} with {}; The size of tensor a ({}) must match the size of "
                       "tensor b ({}) at non-singleton dimension {}",
                       to_string(a), to_string(b), a[a.size() - 1 - i], b[b.size() - 1 - i],
                       shape.size() - 1 - static_cast<int64_t>(i)));
    }
    size = other;
  }
  return shape;
}

bool expands_to(IntArrayRef from, IntArrayRef to) {
  if (from.size() > to.size()) return false;
  const size_t lead = to.size() - from.size();
  for (size_t d = 0; d < from.size(); ++d) {
    if (from[d] != 1 && from[d] != to[lead + d]) return false;
  }
  return true;
}

int64_t wrap_dim(const char* operation, int64_t dim, int64_t ndim) {
  const int64_t count = std::max<int64_t>(ndim, 1);
  if (dim < -count || dim >= count) {
    fail_index(operation, fmt::format("Dimension out of range (expected to be in range of [{}, {}], but got {})",
                                      -count, count - 1, dim));
  }
  return dim < 0 ? dim + count : dim;
}

int64_t wrap_axis(const char* operation, int64_t dim, int64_t ndim) {
  if (ndim == 0) fail_index(operation, fmt::format("Dimension specified as {} but tensor has no dimensions", dim));
  return wrap_dim(operation, dim, ndim);
}

}  // namespace rondo
