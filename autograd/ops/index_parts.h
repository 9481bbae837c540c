// What the indexing operations share.
#pragma once

#include <rondo/autograd/ops/record.h>
#include <rondo/autograd/tensor/factory.h>

namespace rondo::ops {

// Sizes and strides of a tensor, in which a 0-dimensional one counts as [1].
struct AtLeastOne {
  explicit AtLeastOne(const Tensor& tensor) : sizes(tensor.sizes()), strides(tensor.strides()) {
    if (sizes.empty()) {
      sizes.push_back(1);
      strides.push_back(1);
    }
  }
  Dims sizes, strides;
};

// The index as contiguous int64. Throws IndexError for other dtypes than int64 and int32.
Tensor index_numbers(const char* operation, const Tensor& index);
// Throws IndexError unless all of a contiguous int64 index lies in [0, size).
void check_range(const char* operation, const Tensor& index, int64_t dim, int64_t size);

// For gather and scatter: the index as contiguous numbers, checked against `self`; and the part of the source that it
// reaches, a view, so that its gradient is padded with zeros.
Tensor checked_index(const char* operation, const Tensor& self, int64_t dim, const Tensor& index);
Tensor checked_source(const char* operation, const Tensor& self, const Tensor& index, const Tensor& source);

// y[.., i, ..] = x[.., index[i], ..], and y[.., index[i], ..] += x[.., i, ..]: along `dim`, of arrays of one dtype, the
// index contiguous, int64 and checked. y of the first is contiguous.
void take_slices(const Tensor& y, const Tensor& x, int64_t dim, const Tensor& index);
void add_slices(const Tensor& y, const Tensor& x, int64_t dim, const Tensor& index);

// A change in place of `self` by the values of `source` (which may be undefined): the checks before it, and the version
// after it. `start` says whether the change is to be recorded.
bool start_change(const char* operation, const Tensor& self, const Tensor& source);
void end_change(const Tensor& self);
// The values that a kernel may read while it writes into `self`: a copy where both share memory.
Tensor apart_from(const Tensor& self, const Tensor& source);

}  // namespace rondo::ops
