#include <rondo/autograd/kernels/embedding_bag.h>

#include <rondo/autograd/base/parallel.h>

#include <algorithm>

namespace rondo::kernels {
namespace {

constexpr int64_t kGrain = 32768;  // numbers that are worth a thread

template <class T>
int64_t sum_bag(const Bags& bags, int64_t b, const T* table, const T* sample_weights, T* to) {
  const int64_t width = bags.width;
  int64_t size = 0;
  std::fill_n(to, width, T(0));
  for (int64_t i = bags.borders[b]; i < bags.borders[b + 1]; ++i) {
    if (bags.indices[i] == bags.padding_idx) continue;
    ++size;
    const T* from = table + bags.indices[i] * width;
    if (sample_weights) {
      const T weight = sample_weights[i];
      for (int64_t j = 0; j < width; ++j) to[j] += weight * from[j];
    } else {
      for (int64_t j = 0; j < width; ++j) to[j] += from[j];
    }
  }
  return size;
}

template <class T>
int64_t max_bag(const Bags& bags, int64_t b, const T* table, T* to, int64_t* rows) {
  const int64_t width = bags.width;
  int64_t size = 0;
  std::fill_n(to, width, T(0));
  std::fill_n(rows, width, int64_t{0});
  for (int64_t i = bags.borders[b]; i < bags.borders[b + 1]; ++i) {
    const int64_t row = bags.indices[i];
    if (row == bags.padding_idx) continue;
    const T* from = table + row * width;
    for (int64_t j = 0; j < width; ++j) {
      if (size > 0 && !(from[j] > to[j])) continue;
      to[j] = from[j];
      rows[j] = row;
    }
    ++size;
  }
  return size;
}

template <class T>
void forward(const Bags& bags, BagMode mode, const T* table, const T* sample_weights, T* y, int64_t* sizes,
             int64_t* rows) {
  const int64_t mean_size = bags.count > 0 ? (bags.borders[bags.count] - bags.borders[0]) / bags.count + 1 : 1;
  const int64_t grain = std::max<int64_t>(1, kGrain / std::max<int64_t>(1, bags.width * mean_size));
  parallel_for(0, bags.count, grain, [&](int64_t first, int64_t last) {
    for (int64_t b = first; b < last; ++b) {
      T* to = y + b * bags.width;
      sizes[b] = mode == BagMode::Max ? max_bag(bags, b, table, to, rows + b * bags.width)
                                      : sum_bag(bags, b, table, sample_weights, to);
      if (mode != BagMode::Mean || sizes[b] < 2) continue;
      for (int64_t j = 0; j < bags.width; ++j) to[j] /= static_cast<T>(sizes[b]);
    }
  });
}

// Threads share columns, never rows: so each sum keeps its order.
template <class T>
void backward(const Bags& bags, const T* scales, const T* gy, T* gtable) {
  constexpr int64_t strip = 64;
  const int64_t count = bags.borders[bags.count] - bags.borders[0], strips = (bags.width + strip - 1) / strip;
  const int64_t grain = std::max<int64_t>(1, kGrain / std::max<int64_t>(1, strip * count));
  parallel_for(0, strips, grain, [&](int64_t first, int64_t last) {
    const int64_t begin = first * strip, end = std::min(bags.width, last * strip);
    for (int64_t b = 0; b < bags.count; ++b) {
      const T* from = gy + b * bags.width;
      for (int64_t i = bags.borders[b]; i < bags.borders[b + 1]; ++i) {
        if (bags.indices[i] == bags.padding_idx) continue;
        T* to = gtable + bags.indices[i] * bags.width;
        const T scale = scales[i];
        for (int64_t j = begin; j < end; ++j) to[j] += scale * from[j];
      }
    }
  });
}

}  // namespace

void embedding_bag(ScalarType type, const Bags& bags, BagMode mode, const void* table, const void* sample_weights,
                   void* y, int64_t* sizes, int64_t* rows) {
  if (type == kDouble) {
    return forward(bags, mode, static_cast<const double*>(table), static_cast<const double*>(sample_weights),
                   static_cast<double*>(y), sizes, rows);
  }
  forward(bags, mode, static_cast<const float*>(table), static_cast<const float*>(sample_weights),
          static_cast<float*>(y), sizes, rows);
}

void embedding_bag_backward(ScalarType type, const Bags& bags, const void* scales, const void* gy, void* gtable) {
  if (type == kDouble) {
    return backward(bags, static_cast<const double*>(scales), static_cast<const double*>(gy),
                    static_cast<double*>(gtable));
  }
  backward(bags, static_cast<const float*>(scales), static_cast<const float*>(gy), static_cast<float*>(gtable));
}

}  // namespace rondo::kernels
