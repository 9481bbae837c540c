// Local response normalization on blocks of positions that stay in the first caches.
#include <rondo/autograd/kernels/response_norm.h>

#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/scratch.h>
#include <rondo/autograd/kernels/work.h>

#include <algorithm>
#include <cmath>

namespace rondo::kernels {
namespace {

// Positions of all channels that are worked on together: they stay in the first caches.
constexpr int64_t kBlockNumbers = 1 << 14, kLeastBlock = 16, kMostBlock = 256;
constexpr int64_t kGrainNumbers = 1 << 13;

int64_t block_of(const ResponseNorm& norm) {
  return std::clamp(kBlockNumbers / std::max<int64_t>(norm.channels, 1), kLeastBlock, kMostBlock);
}

// sum[p] = k + factor * the squares of the window around the channel.
template <class T>
void denominators(const ResponseNorm& norm, const T* x, int64_t channel, int64_t count, T* __restrict sum) {
  const int64_t first = std::max<int64_t>(channel - norm.before, 0);
  const int64_t last = std::min(channel + norm.after, norm.channels - 1);
  std::fill(sum, sum + count, T(0));
  for (int64_t c = first; c <= last; ++c) {
    const T* row = x + c * norm.inner;
    for (int64_t p = 0; p < count; ++p) sum[p] += row[p] * row[p];
  }
  const T k = static_cast<T>(norm.k), factor = static_cast<T>(norm.factor);
  for (int64_t p = 0; p < count; ++p) sum[p] = sum[p] * factor + k;
}

// powers[p] = d[p]^-beta. The root of the root is the usual exponent 0.75 of AlexNet, and vectorizes.
template <class T>
void powers(const ResponseNorm& norm, const T* d, int64_t count, T* __restrict result) {
  if (norm.beta == 0.75) {
    for (int64_t p = 0; p < count; ++p) {
      const T root = std::sqrt(d[p]);
      result[p] = T(1) / (root * std::sqrt(root));
    }
  } else if (norm.beta == 0.5) {
    for (int64_t p = 0; p < count; ++p) result[p] = T(1) / std::sqrt(d[p]);
  } else if (norm.beta == 1) {
    for (int64_t p = 0; p < count; ++p) result[p] = T(1) / d[p];
  } else {
    const T exponent = static_cast<T>(-norm.beta);
    for (int64_t p = 0; p < count; ++p) result[p] = std::pow(d[p], exponent);
  }
}

// Calls f(offset of the block's first number, count) for blocks of positions of each element of the batch.
template <class F>
void for_blocks(const ResponseNorm& norm, F f) {
  const int64_t block = block_of(norm), blocks = (norm.inner + block - 1) / block;
  const int64_t grain = std::max<int64_t>(kGrainNumbers / (block * norm.channels), 1);
  parallel_for(0, norm.batch * blocks, grain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t from = i % blocks * block;
      f(i / blocks * norm.channels * norm.inner + from, std::min(block, norm.inner - from));
    }
  });
}

template <class T>
void forward(const ResponseNorm& norm, const T* x, T* y) {
  for_blocks(norm, [&](int64_t offset, int64_t count) {
    alignas(64) T d[kMostBlock], power[kMostBlock];
    for (int64_t c = 0; c < norm.channels; ++c) {
      denominators(norm, x + offset, c, count, d);
      powers(norm, d, count, power);
      const T* from = x + offset + c * norm.inner;
      T* __restrict to = y + offset + c * norm.inner;
      for (int64_t p = 0; p < count; ++p) to[p] = from[p] * power[p];
    }
  });
}

template <class T>
void backward(const ResponseNorm& norm, const T* gy, const T* x, T* gx) {
  const int64_t block = block_of(norm);
  const T slope = static_cast<T>(-2 * norm.factor * norm.beta);
  for_blocks(norm, [&](int64_t offset, int64_t count) {
    alignas(64) T d[kMostBlock], power[kMostBlock];
    // gy x D^(-beta - 1) of all channels.
    const Block memory(static_cast<size_t>(norm.channels * block) * sizeof(T));
    T* parts = memory.as<T>();
    for (int64_t c = 0; c < norm.channels; ++c) {
      denominators(norm, x + offset, c, count, d);
      powers(norm, d, count, power);
      const int64_t row = offset + c * norm.inner;
      const T *g = gy + row, *from = x + row;
      T* __restrict to = gx + row;
      T* __restrict part = parts + c * block;
      for (int64_t p = 0; p < count; ++p) {
        to[p] = g[p] * power[p];
        part[p] = to[p] * from[p] / d[p];
      }
    }
    for (int64_t c = 0; c < norm.channels; ++c) {
      const int64_t first = std::max<int64_t>(c - norm.after, 0), last = std::min(c + norm.before, norm.channels - 1);
      std::fill(d, d + count, T(0));
      for (int64_t other = first; other <= last; ++other) {
        const T* part = parts + other * block;
        for (int64_t p = 0; p < count; ++p) d[p] += part[p];
      }
      const T* from = x + offset + c * norm.inner;
      T* __restrict to = gx + offset + c * norm.inner;
      for (int64_t p = 0; p < count; ++p) to[p] += slope * from[p] * d[p];
    }
  });
}

}  // namespace

void response_norm(ScalarType type, const ResponseNorm& norm, const void* x, void* y) {
  with_type(type, [&](auto number) {
    using T = decltype(number);
    forward(norm, static_cast<const T*>(x), static_cast<T*>(y));
  });
}

void response_norm_backward(ScalarType type, const ResponseNorm& norm, const void* gy, const void* x, void* gx) {
  with_type(type, [&](auto number) {
    using T = decltype(number);
    backward(norm, static_cast<const T*>(gy), static_cast<const T*>(x), static_cast<T*>(gx));
  });
}

}  // namespace rondo::kernels
