// Planes whose borders repeat what lies inside: reflection, replication and circular padding.
#pragma once

#include <rondo/autograd/base/scalar_type.h>

#include <cstdint>

namespace rondo::kernels {

// y[p, i, j, k] = x[p, source[0][i], source[1][j], source[2][k]]; dimensions that are not padded have size 1.
struct PaddedPlanes {
  int64_t planes;
  int64_t in[3], out[3];
  const int64_t* source[3];
  // Where source[2] counts up by one.
  int64_t inside_begin, inside_end;
};

// Contiguous arrays; any dtype of these bytes.
void pad_planes(int64_t element_bytes, const PaddedPlanes& shape, const void* x, void* y);
// gx = the sums of all gy that were read from a place. float32 and float64.
void pad_planes_backward(ScalarType type, const PaddedPlanes& shape, const void* gy, void* gx);

}  // namespace rondo::kernels
