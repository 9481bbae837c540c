// Rows and elements picked by index.
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/loops.h>
#include <rondo/autograd/kernels/strided.h>
#include <rondo/autograd/kernels/work.h>

#include <algorithm>
#include <cstring>
#include <type_traits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/kernels/index.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h, as Highway asks.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace rondo {
namespace HWY_NAMESPACE {
namespace {
namespace hn = hwy::HWY_NAMESPACE;

// Columns [first, last) of y[index[i], :] += x[i, :], where the columns of x lie x_step apart: 1, or 0 for one number
// that stands for a row. Rows anywhere in a large array are where the processor does not look ahead: `ahead` does, two
// rows.
template <class T>
void add_columns_typed(int64_t first, int64_t last, void* y, int64_t y_stride, const int64_t* index, int64_t count,
                       const void* x, int64_t x_stride, int64_t x_step, bool ahead) {
  constexpr int64_t line = 64 / sizeof(T);  // numbers of a cache line
  for (int64_t i = 0; i < count; ++i) {
    if (ahead && i + 2 < count) {
      const T* next = static_cast<const T*>(y) + index[i + 2] * y_stride;
      for (int64_t j = first; j < last; j += line) __builtin_prefetch(next + j, 1);
    }
    T* HWY_RESTRICT to = static_cast<T*>(y) + index[i] * y_stride;
    const T* HWY_RESTRICT from = static_cast<const T*>(x) + i * x_stride;
    if (x_step == 0) {
      const T number = from[0];
      for (int64_t j = first; j < last; ++j) to[j] += number;
    } else {
      for (int64_t j = first; j < last; ++j) to[j] += from[j];
    }
  }
}

void add_columns(bool wide, int64_t first, int64_t last, void* y, int64_t y_stride, const int64_t* index, int64_t count,
                 const void* x, int64_t x_stride, int64_t x_step, bool ahead) {
  wide ? add_columns_typed<double>(first, last, y, y_stride, index, count, x, x_stride, x_step, ahead)
       : add_columns_typed<float>(first, last, y, y_stride, index, count, x, x_stride, x_step, ahead);
}

// Wraps a block of indices; whether all are inside.
bool wrap_block(const int64_t* index, int64_t count, int64_t size, int64_t* wrapped) {
  uint64_t outside = 0;
  for (int64_t i = 0; i < count; ++i) {
    const int64_t value = index[i] + (index[i] < 0 ? size : 0);
    outside |= static_cast<uint64_t>(static_cast<uint64_t>(value) >= static_cast<uint64_t>(size));
    wrapped[i] = value;
  }
  return outside == 0;
}

// y[i * bytes] = the `bytes` at x + index[i] * step, for bytes of at least two vectors. Rows anywhere in a large array
// are where the processor does not look ahead: `ahead` does, two rows.
void take_wide(int64_t bytes, const char* x, int64_t step, const int64_t* index, int64_t count, bool ahead, char* y) {
  constexpr int64_t line = 64;  // bytes of a cache line
  const hn::ScalableTag<uint8_t> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto move = [&](const char* from, char* to) HWY_ATTR {
    hn::StoreU(hn::LoadU(d, reinterpret_cast<const uint8_t*>(from)), d, reinterpret_cast<uint8_t*>(to));
  };
  for (int64_t i = 0; i < count; ++i, y += bytes) {
    const char* from = x + index[i] * step;
    const char* next = ahead && i + 2 < count ? x + index[i + 2] * step : nullptr;
    int64_t j = 0;
    for (; j + 2 * lanes <= bytes; j += 2 * lanes) {
      if (next != nullptr) {
        __builtin_prefetch(next + j);
        if (2 * lanes > line) __builtin_prefetch(next + j + line);
      }
      move(from + j, y + j);
      move(from + j + lanes, y + j + lanes);
    }
    for (; j < bytes; j += lanes) move(from + std::min(j, bytes - lanes), y + std::min(j, bytes - lanes));
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace rondo
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace rondo::kernels {

HWY_EXPORT(add_columns);
HWY_EXPORT(take_wide);
HWY_EXPORT(wrap_block);

namespace {

// Two moves of kBytes that may overlap: for kBytes <= n <= 2 kBytes.
template <size_t kBytes>
void copy_ends(char* to, const char* from, size_t n) {
  char head[kBytes], tail[kBytes];
  std::memcpy(head, from, kBytes);
  std::memcpy(tail, from + n - kBytes, kBytes);
  std::memcpy(to, head, kBytes);
  std::memcpy(to + n - kBytes, tail, kBytes);
}

constexpr int64_t kWideRow = 256;         // bytes: rows of several vectors
constexpr int64_t kAheadBytes = 1 << 18;  // that come from beyond the nearest caches

// memcpy without a call for short rows.
void copy_bytes(char* to, const char* from, size_t n) {
  if (n > 64) {
    std::memcpy(to, from, n);
  } else if (n >= 32) {
    copy_ends<32>(to, from, n);
  } else if (n >= 16) {
    copy_ends<16>(to, from, n);
  } else if (n >= 8) {
    copy_ends<8>(to, from, n);
  } else if (n >= 4) {
    copy_ends<4>(to, from, n);
  } else {
    for (size_t i = 0; i < n; ++i) to[i] = from[i];
  }
}

template <class T>
void take_numbers(const void* x, int64_t x_stride, const int64_t* index, int64_t count, void* y) {
  const auto* from = static_cast<const T*>(x);
  auto* to = static_cast<T*>(y);
  for (int64_t i = 0; i < count; ++i) to[i] = from[index[i] * x_stride];
}

void take_range(int64_t bytes, const void* x, int64_t step, int64_t width, int64_t x_stride, const int64_t* index,
                int64_t count, void* y) {
  if (width == 1 || step == bytes) {  // rows as large as one number
    const int64_t stride = width == 1 ? x_stride : step / bytes;
    if (bytes == 8) return take_numbers<uint64_t>(x, stride, index, count, y);
    if (bytes == 4) return take_numbers<uint32_t>(x, stride, index, count, y);
    if (bytes == 2) return take_numbers<uint16_t>(x, stride, index, count, y);
    if (bytes == 1) return take_numbers<uint8_t>(x, stride, index, count, y);
  }
  const auto* from = static_cast<const char*>(x);
  auto* to = static_cast<char*>(y);
  if (bytes >= kWideRow) {
    return HWY_DYNAMIC_DISPATCH(take_wide)(bytes, from, step, index, count, bytes * count >= kAheadBytes, to);
  }
  for (int64_t i = 0; i < count; ++i) copy_bytes(to + i * bytes, from + index[i] * step, static_cast<size_t>(bytes));
}

// Integers wrap, truth values join.
template <class T>
T added(T a, T b) {
  if constexpr (std::is_same_v<T, bool>) {
    return a || b;
  } else if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
  } else {
    return static_cast<T>(a + b);
  }
}

}  // namespace

void take_rows(ScalarType type, int64_t width, const void* x, int64_t x_stride, const int64_t* index, int64_t count,
               void* y) {
  const auto size = static_cast<int64_t>(element_size(type));
  const int64_t bytes = width * size, step = x_stride * size;
  if (bytes == 0) return;
  parallel_for(0, count, grain_of(width), [&](int64_t first, int64_t last) {
    take_range(bytes, x, step, width, x_stride, index + first, last - first, static_cast<char*>(y) + first * bytes);
  });
}

void add_rows(ScalarType type, int64_t width, void* y, int64_t y_stride, const int64_t* index, int64_t count,
              const void* x, int64_t x_stride, int64_t x_step) {
  // Threads share columns, never rows: so each sum keeps its order.
  constexpr int64_t strip = 64;
  const int64_t strips = (width + strip - 1) / strip;
  const auto bytes = static_cast<int64_t>(element_size(type)) * width;
  const bool ahead = bytes >= kWideRow && bytes * count >= kAheadBytes;
  parallel_for(0, strips, grain_of(strip * count), [&](int64_t first, int64_t last) {
    const int64_t begin = first * strip, end = std::min(width, last * strip);
    if (type == kFloat || type == kDouble) {
      return HWY_DYNAMIC_DISPATCH(add_columns)(type == kDouble, begin, end, y, y_stride, index, count, x, x_stride,
                                               x_step, ahead);
    }
    visit_dtype(type, [&](auto tag) {
      using T = typename decltype(tag)::type;
      for (int64_t i = 0; i < count; ++i) {
        T* to = static_cast<T*>(y) + index[i] * y_stride;
        const T* from = static_cast<const T*>(x) + i * x_stride;
        for (int64_t j = begin; j < end; ++j) to[j] = added(to[j], from[j * x_step]);
      }
    });
  });
}

int64_t check_index(const int64_t* index, int64_t count, int64_t size, int64_t* wrapped) {
  constexpr int64_t block = 1024;
  for (int64_t i = 0; i < count; i += block) {
    const int64_t n = std::min(block, count - i);
    if (HWY_DYNAMIC_DISPATCH(wrap_block)(index + i, n, size, wrapped + i)) continue;
    // `wrapped` may be `index`, so look at what was written: outside stays outside.
    return std::find_if(wrapped + i, wrapped + i + n, [&](int64_t v) { return v < 0 || v >= size; }) - wrapped;
  }
  return -1;
}

namespace {

// A run of an indexed walk: n elements at `own`, with their indices at `places`, and what they reach from `other` by
// an index times `reach`. Steps in elements: of own, other, places.
struct Run {
  int64_t own, other, reach, n;
  const int64_t* places;
  const int64_t* step;

  // f(place in own, place in other) of each element. Dense rows, with indices of their own or with one for all, are
  // loops that the compiler sees through.
  template <class F>
  void each(const F& f) const {
    if (step[0] == 1 && step[1] == 0 && step[2] == 1) {
      for (int64_t i = 0; i < n; ++i) f(own + i, other + places[i] * reach);
    } else if (step[0] == 1 && step[1] == 1 && step[2] == 0) {
      const int64_t begin = other + places[0] * reach;
      int64_t i = 0;
      for (; i + 16 <= n; i += 16) {
#pragma GCC ivdep
        for (int64_t j = i; j < i + 16; ++j) f(own + j, begin + j);
      }
      for (; i < n; ++i) f(own + i, begin + i);
    } else {
      for (int64_t i = 0; i < n; ++i) f(own + i * step[0], other + i * step[1] + places[i * step[2]] * reach);
    }
  }
};
using RunKernel = void (*)(const Run& run, void* y, const void* x);

template <class T>
void gather_run(const Run& run, void* y, const void* x) {
  run.each([to = static_cast<T*>(y), from = static_cast<const T*>(x)](int64_t own, int64_t reached) {
    to[own] = from[reached];
  });
}

template <class T>
void scatter_run(const Run& run, void* y, const void* x) {
  run.each([to = static_cast<T*>(y), from = static_cast<const T*>(x)](int64_t own, int64_t reached) {
    to[reached] = from[own];
  });
}

template <class T>
void scatter_add_run(const Run& run, void* y, const void* x) {
  run.each([to = static_cast<T*>(y), from = static_cast<const T*>(x)](int64_t own, int64_t reached) {
    to[reached] = added(to[reached], from[own]);
  });
}

// `own` moves with the index, `other` is reached through it.
struct Indexed {
  int ndim, dim;
  const int64_t *sizes, *own_strides, *other_strides, *index_strides;
  const int64_t* index;
  void* y;
  const void* x;
  RunKernel kernel;
  bool any_order;  // no two positions meet
};

// The positions whose coordinate `split` lies in [first, last).
void walk_part(const Indexed& w, int split, int64_t first, int64_t last) {
  Loops<3> loops;
  Run run{0, 0, w.ndim > 0 ? w.other_strides[w.dim] : 0, 1, w.index, nullptr};
  for (int d = 0; d < w.ndim; ++d) {
    const int64_t reached = d == w.dim ? 0 : w.other_strides[d];
    loops.add(d == split ? last - first : w.sizes[d], w.own_strides[d], reached, w.index_strides[d]);
    if (d != split) continue;
    run.own = first * w.own_strides[d];
    run.other = first * reached;
    run.places += first * w.index_strides[d];
  }
  if (w.any_order) loops.order();
  if (loops.count == 0) loops.append(1, 0, 0, 0);
  const int inner = loops.count - 1;
  run.n = loops.sizes[inner];
  run.step = loops.strides[inner];
  const Run start = run;
  const int64_t runs = loops.total(inner);
  Odometer<3> place(loops, inner, 0);
  for (int64_t i = 0; i < runs; ++i, place.next()) {
    run.own = start.own + place.offset[0];
    run.other = start.other + place.offset[1];
    run.places = start.places + place.offset[2];
    w.kernel(run, w.y, w.x);
  }
}

// Large work is split along the longest dimension that may be: any one if no two positions meet, else any but the
// indexed one.
void walk(const Indexed& w) {
  int64_t total = 1;
  int split = -1;
  for (int d = 0; d < w.ndim; ++d) {
    total *= w.sizes[d];
    if (d == w.dim && !w.any_order) continue;
    if (split < 0 || w.sizes[d] > w.sizes[split]) split = d;
  }
  if (total == 0) return;
  if (split < 0 || total <= kGrain) return walk_part(w, -1, 0, 1);
  parallel_for(0, w.sizes[split], grain_of(total / w.sizes[split]),
               [&](int64_t first, int64_t last) { walk_part(w, split, first, last); });
}

RunKernel by_width(ScalarType type, RunKernel one, RunKernel two, RunKernel four, RunKernel eight) {
  const size_t width = element_size(type);
  return width == 8 ? eight : width == 4 ? four : width == 2 ? two : one;
}

}  // namespace

void gather(int ndim, int dim, const int64_t* sizes, ScalarType type, void* y, const int64_t* y_strides, const void* x,
            const int64_t* x_strides, const int64_t* index, const int64_t* index_strides) {
  const RunKernel kernel =
      by_width(type, &gather_run<uint8_t>, &gather_run<uint16_t>, &gather_run<uint32_t>, &gather_run<uint64_t>);
  walk({ndim, dim, sizes, y_strides, x_strides, index_strides, index, y, x, kernel, true});
}

void scatter(int ndim, int dim, const int64_t* sizes, ScalarType type, void* y, const int64_t* y_strides, const void* x,
             const int64_t* x_strides, const int64_t* index, const int64_t* index_strides) {
  const RunKernel kernel =
      by_width(type, &scatter_run<uint8_t>, &scatter_run<uint16_t>, &scatter_run<uint32_t>, &scatter_run<uint64_t>);
  walk({ndim, dim, sizes, x_strides, y_strides, index_strides, index, y, x, kernel, false});
}

void scatter_add(int ndim, int dim, const int64_t* sizes, ScalarType type, void* y, const int64_t* y_strides,
                 const void* x, const int64_t* x_strides, const int64_t* index, const int64_t* index_strides) {
  const RunKernel kernel =
      visit_dtype(type, [](auto tag) -> RunKernel { return &scatter_add_run<typename decltype(tag)::type>; });
  walk({ndim, dim, sizes, x_strides, y_strides, index_strides, index, y, x, kernel, false});
}

}  // namespace rondo::kernels

#endif  // HWY_ONCE
