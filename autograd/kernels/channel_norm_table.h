// The functions of channel_norm.cpp for one processor target and one type of numbers.
#pragma once

#include <rondo/autograd/kernels/channel_norm.h>

namespace rondo::kernels {

template <class T>
struct NormTable {
  using Shape = const ChannelShape&;
  void (*batch)(Shape, double eps, const T* x, const T* weight, const T* bias, T* y, T* mean, T* variance, T* rstd);
  void (*apply)(Shape, const T* x, const T* weight, const T* bias, const T* mean, const T* rstd, T* y);
  void (*batch_gradients)(Shape, bool training, const T* gy, const T* x, const T* weight, const T* mean, const T* rstd,
                          T* gx, T* gweight, T* gbias);
  void (*group)(Shape, int64_t groups, double eps, const T* x, const T* weight, const T* bias, T* y, T* mean, T* rstd);
  void (*group_gradients)(Shape, int64_t groups, const T* gy, const T* x, const T* weight, const T* mean, const T* rstd,
                          T* gx, T* gweight, T* gbias);
  void (*rms)(int64_t rows, int64_t size, double eps, const T* x, const T* weight, T* y, T* rstd);
  void (*rms_gradients)(int64_t rows, int64_t size, const T* gy, const T* x, const T* weight, const T* rstd, T* gx,
                        T* gweight);
};

}  // namespace rondo::kernels
