// Products too small or too narrow to be worth packing. Three loops: lanes along n with a broadcast (`broadcast`),
// lanes along k with a sum over the lanes at the end (`dots`), and the first of them on the transposed problem.
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/dispatch.h>
#include <rondo/autograd/kernels/product_parts.h>

#include <algorithm>
#include <utility>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/kernels/direct_product.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <rondo/autograd/kernels/product-inl.h>

HWY_BEFORE_NAMESPACE();
namespace rondo::HWY_NAMESPACE {
namespace {

using kernels::product::kDirectCopy;
using kernels::product::Task;

constexpr int64_t kDirectWork = 96 * 96 * 96;  // multiplications; packing pays above
constexpr int64_t kFewRows = 32;               // packing b costs more than it saves up to here
constexpr int64_t kDirectDepth = 2048;         // of one chain of sums
constexpr int64_t kCachedB = 1 << 19;          // elements of b
constexpr int64_t kFarDepth = 128;
constexpr int64_t kParallelWork = 1 << 18;  // multiplications for one more thread

// ---- lanes along n

// Rows [row, row + blocks * R) of V registers of columns, the last of them `lanes` wide where kPartial. Where the sums
// are few, k is dealt out to several of each, or the additions' latency would be all the time.
template <int R, int V, bool kPartial, class D, class T>
HWY_NOINLINE void broadcast_rows(const Task<T>& task, int64_t row, int64_t blocks, int64_t column, size_t lanes) {
  const D d;
  constexpr int64_t kL = hn::MaxLanes(D());
  constexpr int kShares = R * V >= 6 ? 1 : R * V >= 3 ? 2 : 4;
  const Part<D> part(lanes);
  const auto load = [&](const T* from, int v) RONDO_UNROLLED {
    return kPartial && v == V - 1 ? part.load(from + v * kL) : hn::LoadU(d, from + v * kL);
  };
  const int64_t a_row = task.a_row, a_column = task.a_column, b_row = task.b_row, y_row = task.y_row, k = task.k;
  const bool add = task.beta != T(0);
  const T* a = task.a + row * a_row;
  T* y = task.y + row * y_row + column;
  for (; blocks > 0; --blocks, a += R * a_row, y += R * y_row) {
    hn::VFromD<D> sum[kShares][R][V];
    HWY_UNROLL(8)
    for (int v = 0; v < V; ++v) {
      const auto start = task.bias == nullptr ? hn::Zero(d) : load(task.bias + column, v);
      HWY_UNROLL(8)
      for (int r = 0; r < R; ++r) sum[0][r][v] = start;
    }
    HWY_UNROLL(4)
    for (int s = 1; s < kShares; ++s) {
      HWY_UNROLL(8)
      for (int i = 0; i < R * V; ++i) sum[s][i / V][i % V] = hn::Zero(d);
    }
    const T* b = task.b + column;
    const T* left = a;
    const auto step = [&](int s) RONDO_UNROLLED {
      hn::VFromD<D> line[V];
      HWY_UNROLL(8)
      for (int v = 0; v < V; ++v) {
        line[v] = load(b, v);
        if constexpr (R > 1) keep(line[v]);
      }
      HWY_UNROLL(8)
      for (int r = 0; r < R; ++r) {
        const auto factor = hn::Set(d, left[r * a_row]);
        HWY_UNROLL(8)
        for (int v = 0; v < V; ++v) sum[s][r][v] = hn::MulAdd(factor, line[v], sum[s][r][v]);
      }
      b += b_row;
      left += a_column;
    };
    int64_t p = 0;
    if constexpr (R == 8 && V == 2 && !kPartial) {
      // The next block's part of a comes meanwhile: few elements of each row are too short a run for the processor to
      // foresee.
      constexpr int64_t kLine = 64 / sizeof(T);
      if (blocks > 1 && a_column == 1) {
        HWY_UNROLL(1)
        for (; p + kLine <= k; p += kLine) {
          HWY_UNROLL(8)
          for (int r = 0; r < R; ++r) __builtin_prefetch(left + (R + r) * a_row);
          HWY_UNROLL(1)
          for (int64_t i = 0; i < kLine; ++i) step(0);
        }
      }
    }
    for (; p + kShares <= k; p += kShares) {
      HWY_UNROLL(4)
      for (int s = 0; s < kShares; ++s) step(s);
    }
    if constexpr (kShares > 1) {
      for (; p < k; ++p) step(0);
    }
    T* to = y;
    HWY_UNROLL(8)
    for (int r = 0; r < R; ++r, to += y_row) {
      HWY_UNROLL(8)
      for (int v = 0; v < V; ++v) {
        auto value = sum[0][r][v];
        if constexpr (kShares == 2) value = hn::Add(value, sum[1][r][v]);
        if constexpr (kShares == 4) {
          value = hn::Add(hn::Add(value, sum[1][r][v]), hn::Add(sum[2][r][v], sum[3][r][v]));
        }
        if (add) value = hn::Add(value, load(to, v));
        if (kPartial && v == V - 1) {
          part.store(value, to + v * kL);
        } else {
          hn::StoreU(value, d, to + v * kL);
        }
      }
    }
  }
}

// The rows from `row` on, in blocks of R while there are so many, the rest in blocks of half as many and so on.
template <int R, int V, bool kPartial, class D, class T>
HWY_INLINE void broadcast_blocks(const Task<T>& task, int64_t row, int64_t column, size_t lanes) {
  const int64_t blocks = (task.m - row) / R;
  if (blocks > 0) broadcast_rows<R, V, kPartial, D>(task, row, blocks, column, lanes);
  if constexpr (R > 1) {
    row += blocks * R;
    if (row < task.m) broadcast_blocks<R / 2, V, kPartial, D>(task, row, column, lanes);
  }
}

template <int V, bool kPartial, class D, class T>
HWY_INLINE void broadcast_column(const Task<T>& task, int64_t column, int64_t width) {
  constexpr int kMost = V > 2 ? 1 : HWY_TARGET == HWY_SCALAR ? 2 : V == 2 && HWY_TARGET == HWY_AVX2 ? 4 : 8;
  const int64_t whole = (V - 1) * static_cast<int64_t>(hn::MaxLanes(D()));
  broadcast_blocks<kMost, V, kPartial, D>(task, 0, column, static_cast<size_t>(width - whole));
}

// Columns [column, end); b has unit column stride.
template <class T>
void broadcast_columns(const Task<T>& task, int64_t column, int64_t end) {
  using D = hn::ScalableTag<T>;
  constexpr int64_t kL = hn::MaxLanes(D());
  if (task.m == 1) {
    for (; end - column >= 8 * kL; column += 8 * kL) broadcast_column<8, false, D>(task, column, 8 * kL);
    for (; end - column >= 4 * kL; column += 4 * kL) broadcast_column<4, false, D>(task, column, 4 * kL);
  }
  for (; end - column >= 2 * kL; column += 2 * kL) broadcast_column<2, false, D>(task, column, 2 * kL);
  const int64_t rest = end - column;
  if (rest <= 0) return;
  // Shorter registers leave more of the machine to a narrow column.
  using Half = hn::CappedTag<T, 32 / sizeof(T)>;
  using Quarter = hn::CappedTag<T, 16 / sizeof(T)>;
  if (rest > kL) {
    broadcast_column<2, true, D>(task, column, rest);
  } else if (rest <= static_cast<int64_t>(hn::MaxLanes(Quarter()))) {
    broadcast_column<1, true, Quarter>(task, column, rest);
  } else if (rest <= static_cast<int64_t>(hn::MaxLanes(Half()))) {
    broadcast_column<1, true, Half>(task, column, rest);
  } else {
    broadcast_column<1, true, D>(task, column, rest);
  }
}

// body(piece, first, last) on columns [first, last) and pieces of k, the first of which writes y and the others add to
// it. Threads take multiples of the widest block, so that an element's sums do not depend on them.
template <class T, class F>
HWY_INLINE void share_columns(const Task<T>& task, int64_t block, const F& body) {
  // Where b's lines lie far apart and leave the cache between two columns, few of them are read at a time.
  const bool far = task.b_column == 1 && task.k * task.n > kCachedB;
  const int64_t usual = !far ? kDirectDepth : task.m == 1 ? kFarDepth / 16 : kFarDepth;
  const int64_t depth = std::max(usual, task.k / 1024);  // nor may the pieces become one long chain
  const auto run = [&](int64_t first, int64_t last) {
    if (task.k <= depth) return body(task, first, last);
    Task<T> piece = task;
    for (int64_t p = 0; p < task.k; p += depth) {
      piece.k = std::min(depth, task.k - p);
      piece.a = task.a + p * task.a_column;
      piece.b = task.b + p * task.b_row;
      body(piece, first, last);
      piece.beta = T(1);
      piece.bias = nullptr;
    }
  };
  if (task.n * task.m * task.k < kParallelWork) return run(0, task.n);
  const int64_t blocks = (task.n + block - 1) / block, work = task.m * task.k * block;
  parallel_for(0, blocks, std::max<int64_t>(1, kParallelWork / work),
               [&](int64_t first, int64_t last) { run(first * block, std::min(task.n, last * block)); });
}

template <class T>
void broadcast(const Task<T>& task) {
  share_columns(task, 8 * static_cast<int64_t>(hn::MaxLanes(hn::ScalableTag<T>())),
                [](const Task<T>& piece, int64_t first, int64_t last) { broadcast_columns(piece, first, last); });
}

// ---- lanes along k

// The sums over the lanes of as many registers as a 128-bit block has lanes; always the same tree.
template <class D, class T>
HWY_INLINE void lane_sums(D d, const hn::VFromD<D>* x, T* sums) {
#if HWY_TARGET == HWY_SCALAR
  hn::Store(x[0], d, sums);
#else
  constexpr size_t kBlock = 16 / sizeof(T);
  auto sum = hn::Add(hn::InterleaveLower(d, x[0], x[1]), hn::InterleaveUpper(d, x[0], x[1]));
  if constexpr (kBlock == 4) {
    const hn::Repartition<double, D> wide;
    const auto low = hn::BitCast(wide, sum);
    const auto high =
        hn::BitCast(wide, hn::Add(hn::InterleaveLower(d, x[2], x[3]), hn::InterleaveUpper(d, x[2], x[3])));
    sum = hn::Add(hn::BitCast(d, hn::InterleaveLower(wide, low, high)),
                  hn::BitCast(d, hn::InterleaveUpper(wide, low, high)));
  }
  const hn::CappedTag<T, kBlock> block;
  if constexpr (hn::MaxLanes(d) == kBlock) {
    hn::StoreU(sum, block, sums);
  } else {
    const hn::Half<D> half;
    const auto folded = hn::Add(hn::LowerHalf(half, sum), hn::UpperHalf(half, sum));
    if constexpr (hn::MaxLanes(d) == 2 * kBlock) {
      hn::StoreU(folded, block, sums);
    } else {
      hn::StoreU(hn::Add(hn::LowerHalf(block, folded), hn::UpperHalf(block, folded)), block, sums);
    }
  }
#endif
}

// Rows [row, row + R) and columns [column, column + C). Each sum is one chain of lanes, whatever R and C are.
template <int R, int C, class T>
HWY_NOINLINE void dots_tile(const Task<T>& task, int64_t row, int64_t column) {
  using D = hn::ScalableTag<T>;
  const D d;
  constexpr int64_t kL = hn::MaxLanes(D());
  constexpr int kBlock = HWY_TARGET == HWY_SCALAR ? 1 : 16 / sizeof(T);
  constexpr int kSums = (R * C + kBlock - 1) / kBlock * kBlock;
  const int64_t a_row = task.a_row, b_column = task.b_column;
  const T* a = task.a + row * a_row;
  const T* b = task.b + column * b_column;
  hn::VFromD<D> sum[kSums];
  unroll<kSums>([&](auto i) RONDO_UNROLLED { sum[i] = hn::Zero(d); });
  const auto step = [&](const auto& load) RONDO_UNROLLED {
    hn::VFromD<D> right[C];
    unroll<C>([&](auto c) RONDO_UNROLLED { right[c] = load(b + c * b_column); });
    unroll<R>([&](auto r) RONDO_UNROLLED {
      auto left = load(a + r * a_row);
      if constexpr (C > 1) keep(left);
      unroll<C>([&](auto c) RONDO_UNROLLED { sum[r * C + c] = hn::MulAdd(left, right[c], sum[r * C + c]); });
    });
  };
  int64_t p = 0;
  for (; p + kL <= task.k; p += kL, a += kL, b += kL) {
    step([&](const T* from) RONDO_UNROLLED { return hn::LoadU(d, from); });
  }
  if (p < task.k) {
    const Part<D> part(static_cast<size_t>(task.k - p));
    step([&](const T* from) RONDO_UNROLLED { return part.load(from); });
  }
  HWY_ALIGN T sums[kSums];
  unroll<kSums / kBlock>([&](auto i) RONDO_UNROLLED { lane_sums(d, sum + i * kBlock, sums + i * kBlock); });
  if (task.bias != nullptr) {
    for (int i = 0; i < R * C; ++i) sums[i] += task.bias[column + i % C];
  }
  T* y = task.y + row * task.y_row + column;
  if (task.beta != T(0)) {
    for (int i = 0; i < R * C; ++i) sums[i] += y[i / C * task.y_row + i % C];
  }
  unroll<R>([&](auto r) RONDO_UNROLLED { std::memcpy(y + r * task.y_row, sums + r * C, C * sizeof(T)); });
}

template <int R, class T>
HWY_INLINE void dots_row(const Task<T>& task, int64_t row, int64_t column, int64_t end) {
  if constexpr (R == 1) {
    for (; end - column >= 8; column += 8) dots_tile<1, 8>(task, row, column);
  }
  for (; end - column >= 4; column += 4) dots_tile<R, 4>(task, row, column);
  if (end - column >= 2) {
    dots_tile<R, 2>(task, row, column);
    column += 2;
  }
  if (end > column) dots_tile<R, 1>(task, row, column);
}

template <class T>
void dots_block(const Task<T>& task, int64_t row, int64_t bottom, int64_t first, int64_t last) {
  for (; bottom - row >= 4; row += 4) dots_row<4>(task, row, first, last);
  for (; row < bottom; ++row) dots_row<1>(task, row, first, last);
}

// a has unit column stride, b unit row stride.
template <class T>
void dots(const Task<T>& task) {
  if (task.n >= task.m || task.k > kDirectDepth) {
    share_columns(
        task, 8, [](const Task<T>& piece, int64_t first, int64_t last) { dots_block(piece, 0, piece.m, first, last); });
    return;
  }
  const int64_t grain = std::max<int64_t>(4, kParallelWork / (task.n * task.k) / 4 * 4);
  parallel_for(0, task.m, grain, [&](int64_t first, int64_t last) { dots_block(task, first, last, 0, task.n); });
}

// ---- the choice

// Where an operand's strides suit no loop, a copy on the stack has others: f gets the task with the copy.
template <class T, class F>
HWY_NOINLINE bool with_b_along_n(const Task<T>& task, const F& f) {
  HWY_ALIGN T copy[kDirectCopy];
  Task<T> copied = task;
  if (task.b_row == 1) {
    transpose(task.b, task.b_column, task.n, task.k, copy, task.n);
  } else {
    for (int64_t p = 0; p < task.k; ++p) {
      for (int64_t j = 0; j < task.n; ++j) copy[p * task.n + j] = task.b[p * task.b_row + j * task.b_column];
    }
  }
  copied.b = copy;
  copied.b_row = task.n;
  copied.b_column = 1;
  f(copied);
  return true;
}

template <class T, class F>
HWY_NOINLINE bool with_b_along_k(const Task<T>& task, const F& f) {
  HWY_ALIGN T copy[kDirectCopy];
  Task<T> copied = task;
  if (task.b_column == 1) {
    transpose(task.b, task.b_row, task.k, task.n, copy, task.k);
  } else {
    for (int64_t j = 0; j < task.n; ++j) {
      for (int64_t p = 0; p < task.k; ++p) copy[j * task.k + p] = task.b[p * task.b_row + j * task.b_column];
    }
  }
  copied.b = copy;
  copied.b_row = 1;
  copied.b_column = task.k;
  f(copied);
  return true;
}

template <class T, class F>
HWY_NOINLINE bool with_a_along_k(const Task<T>& task, const F& f) {
  HWY_ALIGN T copy[kDirectCopy];
  Task<T> copied = task;
  for (int64_t i = 0; i < task.m; ++i) {
    for (int64_t p = 0; p < task.k; ++p) copy[i * task.k + p] = task.a[i * task.a_row + p * task.a_column];
  }
  copied.a = copy;
  copied.a_row = task.k;
  copied.a_column = 1;
  f(copied);
  return true;
}

// y^T = b^T a^T with lanes along m, for few columns; a has unit row stride.
template <class T>
HWY_NOINLINE void turned(const Task<T>& task) {
  HWY_ALIGN T result[kDirectCopy];
  const int64_t piece = kDirectCopy / task.n;
  for (int64_t row = 0; row < task.m; row += piece) {
    const int64_t rows = std::min(piece, task.m - row);
    broadcast(Task<T>{task.n, rows, task.k, T(1), task.b, task.b_column, task.b_row, task.a + row, task.a_column, 1,
                      T(0), result, rows, nullptr});
    for (int64_t i = 0; i < rows; ++i) {
      T* y = task.y + (row + i) * task.y_row;
      for (int64_t j = 0; j < task.n; ++j) {
        const T sum = result[j * rows + i] + (task.bias == nullptr ? T(0) : task.bias[j]);
        y[j] = task.beta == T(0) ? sum : sum + y[j];
      }
    }
  }
}

// Whether lanes along k save a third or more of the multiplications that lanes along n would do.
template <class T>
bool narrow(int64_t n, int64_t k) {
  constexpr int64_t kL = hn::MaxLanes(hn::ScalableTag<T>());
  const int64_t padded = n <= kL / 2 ? kL / 2 : (n + kL - 1) / kL * kL;
  return k >= 2 * kL && n <= 2 * kL && 4 * n <= 3 * padded;
}

template <class T>
bool run(const Task<T>& task) {
  constexpr int64_t kL = hn::MaxLanes(hn::ScalableTag<T>());
  const auto by_lanes_of_n = [](const Task<T>& x) { broadcast(x); };
  const auto by_lanes_of_k = [](const Task<T>& x) { dots(x); };
  const bool a_along_k = task.a_column == 1 || task.k == 1, b_along_k = task.b_row == 1 || task.k == 1;
  const bool b_along_n = task.b_column == 1 || task.n == 1;
  const int64_t a_size = task.m * task.k, b_size = task.k * task.n, work = task.m * b_size;
  const bool few_rows = task.m <= kFewRows;
  const bool by_rows = !b_along_n && task.k >= kL &&
                       (task.m <= 4 || (few_rows && b_size > kDirectCopy && task.m * b_size <= kFewRows * kCachedB));

  if (by_rows || (task.m > 4 && narrow<T>(task.n, task.k))) {
    if (a_along_k && b_along_k) return dots(task), true;
    if (task.a_row == 1 && task.m >= kL && task.n <= kL) return turned(task), true;
    if (by_rows && b_along_k && a_size <= kDirectCopy) return with_a_along_k(task, by_lanes_of_k);
    if (task.m > 4 && a_along_k && b_size <= kDirectCopy) return with_b_along_k(task, by_lanes_of_k);
  }
  if (b_along_n && (few_rows || work <= kDirectWork)) return broadcast(task), true;
  if (work > kDirectWork || b_size > kDirectCopy) return false;
  return with_b_along_n(task, by_lanes_of_n);
}

template <class T>
bool start(const Task<T>& task);

// Pieces of the bare product on the stack, then alpha, beta and bias.
template <class T>
HWY_NOINLINE bool scaled(const Task<T>& task) {
  HWY_ALIGN T result[kDirectCopy];
  const int64_t columns = std::min(task.n, kDirectCopy), rows = std::min(task.m, kDirectCopy / columns);
  Task<T> piece = task;
  piece.alpha = T(1);
  piece.beta = T(0);
  piece.bias = nullptr;
  piece.y = result;
  for (int64_t i = 0; i < task.m; i += rows) {
    for (int64_t j = 0; j < task.n; j += columns) {
      piece.m = std::min(rows, task.m - i);
      piece.n = std::min(columns, task.n - j);
      piece.a = task.a + i * task.a_row;
      piece.b = task.b + j * task.b_column;
      piece.y_row = piece.n;
      if (!start(piece)) {
        if (i == 0 && j == 0) return false;
        kernels::product::packed(piece);  // the last rows may suit no loop here
      }
      finish(task, result, piece.n, piece.m, piece.n, task.beta, task.bias == nullptr ? nullptr : task.bias + j,
             task.y + i * task.y_row + j);
    }
  }
  return true;
}

// A matrix times a column is a row times a matrix.
template <class T>
bool start(const Task<T>& task) {
  if (task.alpha != T(1) || (task.beta != T(0) && task.beta != T(1))) return scaled(task);
  if (task.n > 1 || task.m == 1 || task.y_row != 1) return run(task);
  const Task<T> row{1,      task.m,        task.k,     task.alpha, task.b, task.b_column, task.b_row,
                    task.a, task.a_column, task.a_row, task.beta,  task.y, task.m,        nullptr};
  if (!run(row)) return false;
  if (task.bias != nullptr) {
    for (int64_t i = 0; i < task.m; ++i) task.y[i] += task.bias[0];
  }
  return true;
}

bool direct_float(const Task<float>& task) { return start(task); }
bool direct_double(const Task<double>& task) { return start(task); }

}  // namespace
}  // namespace rondo::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo {
namespace {
HWY_EXPORT(direct_float);
HWY_EXPORT(direct_double);
}  // namespace

namespace kernels::product {

bool direct(const Task<float>& task) { return RONDO_CHOSEN(direct_float)(task); }
bool direct(const Task<double>& task) { return RONDO_CHOSEN(direct_double)(task); }

}  // namespace kernels::product
}  // namespace rondo
#endif
