// Products of any size as blocks of k: b in strips of two registers' columns, a in strips of as many rows as the
// registers hold, so that the inner loop reads both in order whatever the operands' strides were. Every element is one
// chain of sums per block of k, wherever it lies, so no bit depends on how strips are shared among threads.
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/product_parts.h>
#include <rondo/autograd/kernels/scratch.h>

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/kernels/packed_product.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <rondo/autograd/kernels/product-inl.h>

#ifndef RONDO_AUTOGRAD_KERNELS_PACKED_PRODUCT_ONCE
#define RONDO_AUTOGRAD_KERNELS_PACKED_PRODUCT_ONCE
namespace rondo::kernels::product {
namespace {

// Cuts `size` into `parts` pieces that differ by at most one.
struct Split {
  int64_t size, parts;
  int64_t begin(int64_t i) const { return i * size / parts; }
  int64_t largest() const { return (size + parts - 1) / parts; }
};
inline Split split_by(int64_t size, int64_t limit) { return {size, (size + limit - 1) / limit}; }

}  // namespace
}  // namespace rondo::kernels::product
#endif

HWY_BEFORE_NAMESPACE();
namespace rondo::HWY_NAMESPACE {
namespace {

using kernels::Buffer;
using kernels::product::Split;
using kernels::product::split_by;
using kernels::product::Task;

// With 32 registers: 28 sums, two of b, one to broadcast a; with 16: 12, two and one.
constexpr int kRows = HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_SCALAR ? 6 : 14;
constexpr int64_t kDepth = 384;        // of a block of k
constexpr int64_t kStripsOfA = 12;     // packed at once: 168 x 384 floats stay in the L2 cache
constexpr int64_t kPackedA = 1 << 16;  // elements that stay there as well
constexpr int64_t kPackedB = 1 << 21;  // elements packed at once
constexpr int64_t kLongestK = 1 << 13;

template <class T>
using Full = hn::ScalableTag<T>;
template <class T>
constexpr int64_t kLanes = hn::MaxLanes(Full<T>());

// y[R, V registers] = a[k][R] b[k][V registers] + rows of `more`, one every more_row, unless it is null; it may be y.
template <int R, int V, class T>
HWY_NOINLINE void multiply(int64_t k, const T* HWY_RESTRICT a, const T* HWY_RESTRICT b, T* y, int64_t y_row,
                           const T* more, int64_t more_row) {
  const Full<T> d;
  constexpr int64_t kL = kLanes<T>;
  // y is far away where it is large: it comes while the sums are made.
  HWY_UNROLL(1)
  for (int r = 0; r < R; ++r) {
    __builtin_prefetch(y + r * y_row, 1);
    __builtin_prefetch(y + r * y_row + V * kL - 1, 1);
  }
  hn::VFromD<Full<T>> sum[R][V];
  HWY_UNROLL(16)
  for (int r = 0; r < R; ++r) {
    HWY_UNROLL(2)
    for (int v = 0; v < V; ++v) sum[r][v] = hn::Zero(d);
  }
  for (; k > 0; --k, a += R, b += V * kL) {
    hn::VFromD<Full<T>> row[V];
    HWY_UNROLL(2)
    for (int v = 0; v < V; ++v) row[v] = hn::Load(d, b + v * kL);
    HWY_UNROLL(16)
    for (int r = 0; r < R; ++r) {
      const auto factor = hn::Set(d, a[r]);
      HWY_UNROLL(2)
      for (int v = 0; v < V; ++v) sum[r][v] = hn::MulAdd(factor, row[v], sum[r][v]);
    }
  }
  HWY_UNROLL(16)
  for (int r = 0; r < R; ++r) {
    HWY_UNROLL(2)
    for (int v = 0; v < V; ++v) {
      const auto value = more == nullptr ? sum[r][v] : hn::Add(hn::LoadU(d, more + r * more_row + v * kL), sum[r][v]);
      hn::StoreU(value, d, y + r * y_row + v * kL);
    }
  }
}

template <class T>
using Multiply = void (*)(int64_t, const T*, const T*, T*, int64_t, const T*, int64_t);

template <class T, int V, int... R>
HWY_INLINE Multiply<T> choose_rows(int64_t rows, std::integer_sequence<int, R...>) {
  static constexpr Multiply<T> kTable[] = {&multiply<R + 1, V, T>...};
  return kTable[rows - 1];
}

template <class T>
HWY_INLINE Multiply<T> choose(int64_t rows, int64_t registers) {
  using Rows = std::make_integer_sequence<int, kRows>;
  return registers == 2 ? choose_rows<T, 2>(rows, Rows()) : choose_rows<T, 1>(rows, Rows());
}

template <class T>
HWY_INLINE void copy_run(const T* from, int64_t count, T* to) {
  const Full<T> d;
  for (; count >= kLanes<T>; count -= kLanes<T>, from += kLanes<T>, to += kLanes<T>) {
    hn::StoreU(hn::LoadU(d, from), d, to);
  }
  if (count > 0) {
    const Part<Full<T>> part(static_cast<size_t>(count));
    part.store(part.load(from), to);
  }
}

// to[p][width] = b[p, 0 .. columns), zeros behind.
template <class T>
HWY_NOINLINE void pack_b(const T* b, int64_t b_row, int64_t b_column, int64_t k, int64_t columns, int64_t width,
                         T* to) {
  if (columns < width) std::fill(to, to + k * width, T(0));
  if (b_row == 1) {
    transpose(b, b_column, columns, k, to, width);
  } else if (b_column == 1) {
    constexpr int64_t kAhead = 8;
    for (int64_t p = 0; p < k; ++p, b += b_row) {
      if (p + kAhead < k) {
        __builtin_prefetch(b + kAhead * b_row);
        __builtin_prefetch(b + kAhead * b_row + columns - 1);
      }
      copy_run(b, columns, to + p * width);
    }
  } else {
    for (int64_t p = 0; p < k; ++p) {
      for (int64_t c = 0; c < columns; ++c) to[p * width + c] = b[p * b_row + c * b_column];
    }
  }
}

// pack_a of at most kStripsOfA strips whose rows are neighbours in memory: reads in the order of memory.
template <class T>
HWY_NOINLINE void copy_rows(const T* a, int64_t a_column, const Split& rows, int64_t first, int64_t last, int64_t k,
                            T* to) {
  const Full<T> d;
  constexpr int64_t kMost = (kRows + kLanes<T> - 1) / kLanes<T> * kLanes<T>;
  constexpr int64_t kAhead = 4;
  int64_t begins[kStripsOfA + 1];
  for (int64_t s = first; s <= last; ++s) begins[s - first] = rows.begin(s) - rows.begin(first);
  const int64_t strips = last - first, all = begins[strips];
  // Whole registers reach into what is written later, the next two p of the same strip (strips of several are of at
  // least half of kRows). So the last two p go by themselves, and so does the last strip, behind which a may end.
  for (int64_t p = 0; p < k; ++p, a += a_column) {
    if (p + kAhead < k) {
      for (int64_t row = 0; row < all; row += 64 / sizeof(T)) __builtin_prefetch(a + kAhead * a_column + row);
    }
    for (int64_t s = 0; s < strips; ++s) {
      const int64_t row = begins[s], height = begins[s + 1] - row;
      T* line = to + row * k + p * height;
      if (p + 2 < k && row + kMost <= all) {
        for (int64_t i = 0; i < kMost; i += kLanes<T>) hn::StoreU(hn::LoadU(d, a + row + i), d, line + i);
      } else {
        copy_run(a + row, height, line);
      }
    }
  }
}

// Strips [first, last) of a's rows, one behind the other, each as to[p][rows of the strip] = a[row, p].
template <class T>
HWY_NOINLINE void pack_a(const T* a, int64_t a_row, int64_t a_column, const Split& rows, int64_t first, int64_t last,
                         int64_t k, T* to) {
  const auto height = [&](int64_t s) { return rows.begin(s + 1) - rows.begin(s); };
  if (a_row == 1) {
    for (int64_t s = first; s < last; s += kStripsOfA) {
      const int64_t row = rows.begin(s) - rows.begin(first);
      copy_rows(a + row, a_column, rows, s, std::min(s + kStripsOfA, last), k, to + row * k);
    }
    return;
  }
  for (int64_t s = first; s < last; a += height(s) * a_row, to += height(s) * k, ++s) {
    if (a_column == 1) {
      transpose(a, a_row, height(s), k, to, height(s));
      continue;
    }
    for (int64_t p = 0; p < k; ++p) {
      for (int64_t r = 0; r < height(s); ++r) to[p * height(s) + r] = a[r * a_row + p * a_column];
    }
  }
}

// One range of columns [0, task.n) against one range of k, all packed at once.
template <class T>
class Panel {
 public:
  Panel(const Task<T>& task, T* packed_b)
      : task_(task), rows_(split_by(task.m, kRows)), depth_(split_by(task.k, kDepth)), packed_b_(packed_b) {}

  // Where the rows' strips are all packed at once, a strip of b is used by them as soon as it is packed, while it is in
  // the cache, and needs no room of its own. Each thread packs all of a: only where there are columns for all of them.
  static bool has_few_rows(const Task<T>& task) {
    if (task.m * std::min(task.k, kDepth) > kPackedA) return false;
    const int64_t work = task.m * task.n * task.k, enough = (2 * get_num_threads() - 1) * kWidth;
    return work < kSequential || task.n > enough;
  }
  void multiply_few_rows() const {
    const int64_t threads = get_num_threads();
    const bool alone = task_.m * task_.n * task_.k < kSequential;
    parallel_for(0, strips(), alone ? strips() : split_by(strips(), threads).parts, [&](int64_t first, int64_t last) {
      const Buffer<T> packed_a(task_.m * depth_.largest()), packed_b(kWidth * depth_.largest());
      for (int64_t block = 0; block < depth_.parts; ++block) {
        const int64_t p = depth_.begin(block), depth = depth_.begin(block + 1) - p;
        pack_a(task_.a + p * task_.a_column, task_.a_row, task_.a_column, rows_, 0, rows_.parts, depth,
               packed_a.data());
        for (int64_t t = first; t < last; ++t) {
          const T* b = task_.b + p * task_.b_row + t * kWidth * task_.b_column;
          pack_b(b, task_.b_row, task_.b_column, depth, columns(t), width(t), packed_b.data());
          for (int64_t s = 0; s < rows_.parts; ++s) {
            const int64_t row = rows_.begin(s), height = rows_.begin(s + 1) - row;
            tile(row, height, t, block, depth, packed_a.data() + row * depth, packed_b.data());
          }
        }
      }
    });
  }

  void pack() const {
    parallel_for(0, strips(), grain(2 * task_.k * kWidth), [&](int64_t first, int64_t last) {
      // Whole strips of rows that lie side by side are copied in the order of memory.
      const int64_t whole = task_.b_column == 1 ? std::min(last, task_.n / kWidth) : first;
      for (int64_t block = 0; block < depth_.parts; ++block) {
        const int64_t p = depth_.begin(block), depth = depth_.begin(block + 1) - p;
        const T* b = task_.b + p * task_.b_row;
        if (first < whole) copy_strips(b, first, whole, block, depth);
        for (int64_t s = std::max(first, whole); s < last; ++s) {
          pack_b(b + s * kWidth * task_.b_column, task_.b_row, task_.b_column, depth, columns(s), width(s),
                 strip_of_b(s, block));
        }
      }
    });
  }

  void multiply() const {
    const int64_t threads = task_.m * task_.n * task_.k < kSequential ? 1 : get_num_threads();
    // As many groups of rows for each thread; where rows are few, columns are shared as well.
    const int64_t groups = split_by(split_by(rows_.parts, kStripsOfA).parts, threads).parts * threads;
    const Split of_rows{rows_.parts, std::min(groups, rows_.parts)};
    const Split of_columns{strips(), std::min(strips(), split_by(threads, of_rows.parts).parts)};
    const int64_t tiles = of_rows.parts * of_columns.parts;
    parallel_for(0, tiles, threads == 1 ? tiles : 1, [&](int64_t first, int64_t last) {
      const int64_t most = of_rows.largest() * kRows * depth_.largest();
      const Buffer<T> packed_a(most);
      for (int64_t tile = first; tile < last; ++tile) {
        const int64_t i = tile / of_columns.parts, j = tile % of_columns.parts;
        multiply(of_rows.begin(i), of_rows.begin(i + 1), of_columns.begin(j), of_columns.begin(j + 1), packed_a.data());
      }
    });
  }

 private:
  static constexpr int64_t kWidth = 2 * kLanes<T>;
  static constexpr int64_t kSequential = 1 << 20;

  static int64_t grain(int64_t work) { return std::max<int64_t>(1, 65536 / std::max<int64_t>(1, work)); }
  int64_t strips() const { return (task_.n + kWidth - 1) / kWidth; }
  int64_t columns(int64_t strip) const { return std::min(kWidth, task_.n - strip * kWidth); }
  int64_t width(int64_t strip) const { return columns(strip) <= kLanes<T> ? kLanes<T> : kWidth; }
  T* strip_of_b(int64_t strip, int64_t block) const {
    return packed_b_ + strip * kWidth * task_.k + depth_.begin(block) * width(strip);
  }

  void copy_strips(const T* b, int64_t first, int64_t last, int64_t block, int64_t depth) const {
    const Full<T> d;
    T* to = strip_of_b(first, block);
    const int64_t next = kWidth * task_.k;  // all of these strips are of the same width
    b += first * kWidth;
    for (int64_t p = 0; p < depth; ++p, b += task_.b_row, to += kWidth) {
      T* line = to;
      for (int64_t i = 0; i < (last - first) * kWidth; i += kWidth, line += next) {
        hn::Store(hn::LoadU(d, b + i), d, line);
        hn::Store(hn::LoadU(d, b + i + kLanes<T>), d, line + kLanes<T>);
      }
    }
  }

  // Strips of rows [first, last) against strips of columns [left, right).
  void multiply(int64_t first, int64_t last, int64_t left, int64_t right, T* packed_a) const {
    const int64_t top = rows_.begin(first);
    for (int64_t block = 0; block < depth_.parts; ++block) {
      const int64_t p = depth_.begin(block), depth = depth_.begin(block + 1) - p;
      pack_a(task_.a + top * task_.a_row + p * task_.a_column, task_.a_row, task_.a_column, rows_, first, last, depth,
             packed_a);
      for (int64_t t = left; t < right; ++t) {
        for (int64_t s = first; s < last; ++s) {
          const int64_t row = rows_.begin(s), height = rows_.begin(s + 1) - row;
          tile(row, height, t, block, depth, packed_a + (row - top) * depth, strip_of_b(t, block));
        }
      }
    }
  }

  HWY_NOINLINE void tile(int64_t row, int64_t height, int64_t strip, int64_t block, int64_t depth, const T* packed_a,
                         const T* packed_b) const {
    T* y = task_.y + row * task_.y_row + strip * kWidth;
    const int64_t wide = width(strip);
    const auto kernel = choose<T>(height, wide / kLanes<T>);
    const bool first = block == 0;
    const T beta = first ? task_.beta : T(1);
    const T* bias = first && task_.bias != nullptr ? task_.bias + strip * kWidth : nullptr;
    const bool add = beta == T(1);
    if (task_.alpha == T(1) && columns(strip) == wide && (add ? bias == nullptr : beta == T(0))) {
      kernel(depth, packed_a, packed_b, y, task_.y_row, add ? y : bias, add ? task_.y_row : 0);
      return;
    }
    HWY_ALIGN T result[kRows * kWidth];
    kernel(depth, packed_a, packed_b, result, wide, nullptr, 0);
    finish(task_, result, wide, height, columns(strip), beta, bias, y);
  }

  const Task<T>& task_;
  Split rows_, depth_;
  T* packed_b_;
};

template <class T>
void run(const Task<T>& task) {
  const Split of_k = split_by(task.k, kLongestK);
  constexpr int64_t kWidth = 2 * kLanes<T>;
  const bool few_rows = Panel<T>::has_few_rows(task);
  const int64_t most = std::max<int64_t>(1, kPackedB / (of_k.largest() * kWidth)) * kWidth;
  const int64_t whole = (task.n + kWidth - 1) / kWidth * kWidth, panel = few_rows ? whole : std::min(most, whole);
  const Buffer<T> packed_b(few_rows ? 0 : panel * of_k.largest());
  for (int64_t part = 0; part < of_k.parts; ++part) {
    const int64_t p = of_k.begin(part);
    for (int64_t column = 0; column < task.n; column += panel) {
      Task<T> piece = task;
      piece.n = std::min(panel, task.n - column);
      piece.k = of_k.begin(part + 1) - p;
      piece.a += p * task.a_column;
      piece.b += p * task.b_row + column * task.b_column;
      piece.y += column;
      if (part > 0) {
        piece.beta = T(1);
        piece.bias = nullptr;
      } else if (piece.bias != nullptr) {
        piece.bias += column;
      }
      const Panel<T> work(piece, packed_b.data());
      if (few_rows) {
        work.multiply_few_rows();
      } else {
        work.pack();
        work.multiply();
      }
    }
  }
}

void packed_float(const Task<float>& task) { run(task); }
void packed_double(const Task<double>& task) { run(task); }
bool wide_registers() { return hwy::HWY_NAMESPACE::Lanes(hwy::HWY_NAMESPACE::ScalableTag<float>()) >= 8; }

}  // namespace
}  // namespace rondo::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo {
namespace {
HWY_EXPORT(packed_float);
HWY_EXPORT(packed_double);
HWY_EXPORT(wide_registers);
}  // namespace

namespace kernels::product {

void packed(const Task<float>& task) { HWY_DYNAMIC_DISPATCH(packed_float)(task); }
void packed(const Task<double>& task) { HWY_DYNAMIC_DISPATCH(packed_double)(task); }
bool packed_is_quick() {
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  return HWY_DYNAMIC_DISPATCH(wide_registers)();
}

}  // namespace kernels::product
}  // namespace rondo
#endif
