// Advanced indexing as one list of places: some dimensions of a tensor are indexed by int64 tensors of one (broadcast)
// shape, the others are taken whole.
#pragma once

#include <rondo/autograd/tensor/factory.h>

#include <vector>

namespace rondo::ops {

struct Selection {
  Dims sizes;   // of the indexed tensor
  Dims dims;    // its indexed dimensions, ascending
  Dims result;  // the sizes of what is selected
  // Where the indices' shape stands in the result: in the place of the indexed dimensions where these are neighbours,
  // else in front.
  int64_t front = 0;
  // Row-major numbers over the indexed dimensions, a list as long as the indices' shape is large.
  Tensor places;
};

// One entry for each dimension of a tensor of the given sizes, undefined where the dimension is taken whole; int64
// tensors. `origin`: what messages call the dimensions. Throws IndexError for indices out of range and for shapes that
// do not broadcast.
Selection make_selection(const char* operation, IntArrayRef sizes, const std::vector<Tensor>& indices,
                         IntArrayRef origin);

// On memory alone: the selected elements, contiguous; and values (of the tensor's dtype, broadcast to the result)
// written or added there.
Tensor read_selected(const Tensor& self, const Selection& selection);
void write_selected(const Tensor& self, const Selection& selection, const Tensor& values, bool accumulate);

}  // namespace rondo::ops
