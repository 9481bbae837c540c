// The bodies behind convolution.h. Each fast one takes the shapes that it is made for and returns false, having done
// nothing, for others; `columns` takes all.
#pragma once

#include <rondo/autograd/kernels/convolution.h>

namespace rondo::kernels::conv {

// One pass: of y = w * x + bias, gx = w^T * gy + bias, gw = gy * x^T.
struct Forward {
  const void *x, *w, *bias;
  void* y;
};
struct Data {
  const void *gy, *w, *bias;
  void* gx;
};
struct Weight {
  const void *gy, *x;
  void* gw;
};

// Products with columns, of which about 2 MB exist at a time; those of 1x1 windows are x itself.
void columns(ScalarType type, const Convolution& shape, const Forward& pass);
void columns(ScalarType type, const Convolution& shape, const Data& pass);
void columns(ScalarType type, const Convolution& shape, const Weight& pass);

// Winograd's F(4x4, 3x3), for 3x3 windows of many channels in float32.
bool winograd(ScalarType type, const Convolution& shape, const Forward& pass);
bool winograd(ScalarType type, const Convolution& shape, const Data& pass);
bool winograd(ScalarType type, const Convolution& shape, const Weight& pass);

// Without columns, for planes of windows larger than one pixel in float32.
bool direct(ScalarType type, const Convolution& shape, const Forward& pass);
bool direct(ScalarType type, const Convolution& shape, const Data& pass);
bool direct(ScalarType type, const Convolution& shape, const Weight& pass);

// Sums over shifts of flat arrays: any shape in float32 and float64, where the processor has AVX2 or AVX-512.
bool flat(ScalarType type, const Convolution& shape, const Forward& pass);
bool flat(ScalarType type, const Convolution& shape, const Data& pass);
bool flat(ScalarType type, const Convolution& shape, const Weight& pass);

// The columns of the outputs [first, last) of `channels` channels: to[row][i] with rows of `row_stride` elements.
void read_columns(int64_t element_bytes, const Convolution& shape, int64_t channels, int64_t first, int64_t last,
                  const void* x, void* to, int64_t row_stride);
// Adds columns to x, where they were read from.
void add_columns(ScalarType type, const Convolution& shape, int64_t channels, int64_t first, int64_t last,
                 const void* from, int64_t row_stride, void* x);

}  // namespace rondo::kernels::conv
