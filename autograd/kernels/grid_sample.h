// Numbers of planes or volumes at positions of a grid. Contiguous float32 or float64.
#pragma once

#include <rondo/autograd/base/scalar_type.h>

#include <cstdint>

namespace rondo::kernels {

enum class GridMode : uint8_t { Linear, Nearest, Cubic };
enum class GridPadding : uint8_t { Zeros, Border, Reflection };

// x [batch, channels, in...], grid [batch, out..., dims] with the position along the last dimension first, y [batch,
// channels, out...]; points: the product of out.
struct GridShape {
  int dims;  // 2 or 3
  int64_t batch, channels, points;
  int64_t in[3];  // from the last dimension
  GridMode mode;
  GridPadding padding;
  bool align_corners;
};

void grid_sample(ScalarType type, const GridShape& shape, const void* x, const void* grid, void* y);
// gx and ggrid may be null.
void grid_sample_backward(ScalarType type, const GridShape& shape, const void* gy, const void* x, const void* grid,
                          void* gx, void* ggrid);

}  // namespace rondo::kernels
