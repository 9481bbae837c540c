// Attention: keys and values are packed once for each head, then block after block of queries runs against them.
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/attention.h>
#include <rondo/autograd/kernels/dispatch.h>
#include <rondo/autograd/kernels/scratch.h>

#include <algorithm>
#include <cmath>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rondo/autograd/kernels/attention.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <rondo/autograd/kernels/rows-inl.h>
#include <rondo/autograd/kernels/strips-inl.h>

HWY_BEFORE_NAMESPACE();
namespace rondo::HWY_NAMESPACE {
namespace {

using kernels::Attention;
using kernels::AttentionOperand;
using kernels::Block;

template <class T>
HWY_INLINE T* head_of(const AttentionOperand& operand, const Attention& shape, int64_t head) {
  auto* data = static_cast<T*>(const_cast<void*>(operand.data));
  return data == nullptr ? nullptr : data + head / shape.heads * operand.batch + head % shape.heads * operand.head;
}
template <class T>
HWY_INLINE const T* kept_of(const Attention& shape, int64_t head, int64_t query) {
  const auto* kept = static_cast<const T*>(shape.kept);
  return kept == nullptr ? nullptr : kept + (head * shape.queries + query) * shape.keys;
}

// Rows of scores that stay in the second level of the cache, and the length of each.
template <class T>
struct Blocks {
  explicit Blocks(const Attention& shape)
      : stride((shape.keys + strip_width<T>() - 1) / strip_width<T>() * strip_width<T>()),
        height(std::clamp<int64_t>(32768 / std::max<int64_t>(1, stride) / 8 * 8, 16, 64)),
        count((shape.queries + height - 1) / height) {}
  int64_t stride, height, count;
};

// How many keys the queries before `end` see.
HWY_INLINE int64_t keys_before(const Attention& shape, int64_t end) {
  return shape.causal ? std::min(shape.keys, end) : shape.keys;
}

template <class T>
HWY_INLINE Lanes<T> scaled(Lanes<T> score, Lanes<T> scale, const T* mask, int64_t i, const auto& part) {
  return mask == nullptr ? score * scale : score * scale + part.load(mask + i);
}

// scores become exp(scale scores + mask - their maximum), times kept; returns their sum (before kept) and the maximum.
template <class T>
struct RowSum {
  double sum;
  T largest;
};
template <class T>
HWY_INLINE RowSum<T> exponentials(int64_t n, double scale, const T* mask, const T* kept, T* scores) {
  const Lanes<T> factor(scale);
  each_register<T>(n, [&](int64_t i, auto part) HWY_ATTR {
    part.store(scaled<T>(part.load(scores + i), factor, mask, i, part), scores + i);
  });
  const T largest = row_max(scores, n);
  const Lanes<T> shift{static_cast<double>(largest)};
  const double sum = row_sum<T>(n, [&](int64_t i, auto part) HWY_ATTR {
    const Lanes<T> e = exp(part.load(scores + i) - shift);
    part.store(kept == nullptr ? e : e * part.load(kept + i), scores + i);
    return e;
  });
  return {sum, largest};
}

template <class T>
void forward(const Attention& shape, const AttentionOperand& y, T* log_sums) {
  const Blocks<T> blocks(shape);
  const int64_t heads = shape.batch * shape.heads;
  const int64_t work = blocks.height * shape.keys * (shape.depth + shape.width);
  const int64_t grain = std::max<int64_t>(1, (1 << 18) / std::max<int64_t>(1, work));
  parallel_for(0, heads * blocks.count, grain, [&](int64_t first, int64_t last) {
    Strips<T> keys(shape.depth, shape.keys), values(shape.keys, shape.width);
    const Block memory(sizeof(T) * static_cast<size_t>(blocks.height * blocks.stride));
    T* const scores = memory.as<T>();
    int64_t packed = -1;
    for (int64_t item = first; item < last; ++item) {
      const int64_t head = item / blocks.count, begin = item % blocks.count * blocks.height;
      const int64_t rows = std::min(blocks.height, shape.queries - begin);
      if (head != packed) {
        keys.pack(shape.depth, shape.keys, head_of<T>(shape.k, shape, head), 1, shape.k.row);
        values.pack(shape.keys, shape.width, head_of<T>(shape.v, shape, head), shape.v.row, 1);
        packed = head;
      }
      const int64_t seen = keys_before(shape, begin + rows);
      const T* q = head_of<T>(shape.q, shape, head) + begin * shape.q.row;
      const T* mask = head_of<T>(shape.mask, shape, head);
      T* out = head_of<T>(y, shape, head) + begin * y.row;
      multiply(rows, seen, shape.depth, q, shape.q.row, keys, scores, blocks.stride, false, true);
      T factors[64];
      for (int64_t r = 0; r < rows; ++r) {
        T* row = scores + r * blocks.stride;
        const int64_t own = keys_before(shape, begin + r + 1);
        const RowSum<T> result =
            exponentials(own, shape.scale, mask == nullptr ? mask : mask + (begin + r) * shape.mask.row,
                         kept_of<T>(shape, head, begin + r), row);
        std::fill(row + own, row + seen, T(0));
        factors[r] = static_cast<T>(1 / result.sum);
        log_sums[head * shape.queries + begin + r] =
            static_cast<T>(static_cast<double>(result.largest) + std::log(result.sum));
      }
      multiply(rows, shape.width, seen, scores, blocks.stride, values, out, y.row, false);
      for (int64_t r = 0; r < rows; ++r) {
        const Lanes<T> factor{static_cast<double>(factors[r])};
        T* row = out + r * y.row;
        each_register<T>(shape.width,
                         [&](int64_t i, auto part) HWY_ATTR { part.store(part.load(row + i) * factor, row + i); });
      }
    }
  });
}

// With p = softmax, d = gy v^T kept and D = sum(gy y) of each row: the gradient of the scores is scale p (d - D).
template <class T>
HWY_INLINE void score_gradients(int64_t n, double scale, T log_sum, T along_y, const T* mask, const T* kept, T* scores,
                                T* d) {
  const Lanes<T> factor(scale), shift{static_cast<double>(log_sum)}, middle{static_cast<double>(along_y)};
  each_register<T>(n, [&](int64_t i, auto part) HWY_ATTR {
    const Lanes<T> p = exp(scaled<T>(part.load(scores + i), factor, mask, i, part) - shift);
    Lanes<T> weight = p, g = part.load(d + i);
    if (kept != nullptr) {
      const Lanes<T> k = part.load(kept + i);
      weight = p * k;
      g = g * k;
    }
    part.store(weight, scores + i);
    part.store(p * (g - middle) * factor, d + i);
  });
}

template <class T>
void backward(const Attention& shape, const AttentionOperand& y, const AttentionOperand& gy, const T* log_sums,
              const AttentionOperand& gq, const AttentionOperand& gk, const AttentionOperand& gv) {
  const Blocks<T> blocks(shape);
  const int64_t heads = shape.batch * shape.heads;
  const int64_t work = shape.queries * shape.keys * (3 * shape.depth + 2 * shape.width);
  const int64_t grain = std::max<int64_t>(1, (1 << 18) / std::max<int64_t>(1, work));
  parallel_for(0, heads, grain, [&](int64_t first, int64_t last) {
    Strips<T> key_columns(shape.depth, shape.keys), key_rows(shape.keys, shape.depth),
        value_columns(shape.width, shape.keys), queries(blocks.height, shape.depth),
        outputs(blocks.height, shape.width);
    const auto size = static_cast<size_t>(blocks.height * blocks.stride);
    const Block memory(3 * sizeof(T) * size);
    T *const scores = memory.as<T>(), *const d = scores + size, *const turned = d + size;
    for (int64_t head = first; head < last; ++head) {
      const T *k = head_of<T>(shape.k, shape, head), *v = head_of<T>(shape.v, shape, head);
      key_columns.pack(shape.depth, shape.keys, k, 1, shape.k.row);
      key_rows.pack(shape.keys, shape.depth, k, shape.k.row, 1);
      value_columns.pack(shape.width, shape.keys, v, 1, shape.v.row);
      T *to_k = head_of<T>(gk, shape, head), *to_v = head_of<T>(gv, shape, head);
      if (shape.causal && shape.keys > shape.queries) {
        // Keys that no query sees.
        for (int64_t j = shape.queries; j < shape.keys; ++j) {
          std::fill(to_k + j * gk.row, to_k + j * gk.row + shape.depth, T(0));
          std::fill(to_v + j * gv.row, to_v + j * gv.row + shape.width, T(0));
        }
      }
      // From the last queries, which see the most keys, to the first: what the sums begin with is then written to all.
      for (int64_t block = blocks.count; block-- > 0;) {
        const int64_t begin = block * blocks.height, rows = std::min(blocks.height, shape.queries - begin);
        const int64_t seen = keys_before(shape, begin + rows);
        const bool add = block + 1 < blocks.count;
        const T* q = head_of<T>(shape.q, shape, head) + begin * shape.q.row;
        const T* g = head_of<T>(gy, shape, head) + begin * gy.row;
        const T* out = head_of<T>(y, shape, head) + begin * y.row;
        const T* mask = head_of<T>(shape.mask, shape, head);
        multiply(rows, seen, shape.depth, q, shape.q.row, key_columns, scores, blocks.stride, false, true);
        multiply(rows, seen, shape.width, g, gy.row, value_columns, d, blocks.stride, false, true);
        for (int64_t r = 0; r < rows; ++r) {
          const int64_t own = keys_before(shape, begin + r + 1), at = r * blocks.stride;
          const auto along_y = static_cast<T>(row_sum<T>(shape.width, [&](int64_t i, auto part) HWY_ATTR {
            return part.load(g + r * gy.row + i) * part.load(out + r * y.row + i);
          }));
          score_gradients(own, shape.scale, log_sums[head * shape.queries + begin + r], along_y,
                          mask == nullptr ? mask : mask + (begin + r) * shape.mask.row,
                          kept_of<T>(shape, head, begin + r), scores + at, d + at);
          std::fill(scores + at + own, scores + at + seen, T(0));
          std::fill(d + at + own, d + at + seen, T(0));
        }
        multiply(rows, shape.depth, seen, d, blocks.stride, key_rows, head_of<T>(gq, shape, head) + begin * gq.row,
                 gq.row, false);
        transpose(scores, blocks.stride, rows, seen, turned, blocks.height);
        outputs.pack(rows, shape.width, g, gy.row, 1);
        multiply(seen, shape.width, rows, turned, blocks.height, outputs, to_v, gv.row, add);
        transpose(d, blocks.stride, rows, seen, turned, blocks.height);
        queries.pack(rows, shape.depth, q, shape.q.row, 1);
        multiply(seen, shape.depth, rows, turned, blocks.height, queries, to_k, gk.row, add);
      }
    }
  });
}

void forward_float(const Attention& shape, const AttentionOperand& y, void* log_sums) {
  forward(shape, y, static_cast<float*>(log_sums));
}
void forward_double(const Attention& shape, const AttentionOperand& y, void* log_sums) {
  forward(shape, y, static_cast<double*>(log_sums));
}
void backward_float(const Attention& shape, const AttentionOperand& y, const AttentionOperand& gy, const void* log_sums,
                    const AttentionOperand& gq, const AttentionOperand& gk, const AttentionOperand& gv) {
  backward(shape, y, gy, static_cast<const float*>(log_sums), gq, gk, gv);
}
void backward_double(const Attention& shape, const AttentionOperand& y, const AttentionOperand& gy,
                     const void* log_sums, const AttentionOperand& gq, const AttentionOperand& gk,
                     const AttentionOperand& gv) {
  backward(shape, y, gy, static_cast<const double*>(log_sums), gq, gk, gv);
}

}  // namespace
}  // namespace rondo::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rondo {
namespace {
HWY_EXPORT(forward_float);
HWY_EXPORT(forward_double);
HWY_EXPORT(backward_float);
HWY_EXPORT(backward_double);

template <class T>
void rotate(int64_t rows, int64_t time, int64_t depth, bool interleaved, const double* cosines, const double* sines,
            const T* x, T* y) {
  const int64_t half = depth / 2, other = interleaved ? 1 : half, step = interleaved ? 2 : 1;
  parallel_for(0, rows, std::max<int64_t>(1, 16384 / std::max<int64_t>(1, depth)), [&](int64_t first, int64_t last) {
    for (int64_t row = first; row < last; ++row) {
      const double *c = cosines + row % time * half, *s = sines + row % time * half;
      const T* from = x + row * depth;
      T* to = y + row * depth;
      for (int64_t i = 0; i < half; ++i) {
        const T a = from[i * step], b = from[i * step + other];
        const T cosine = static_cast<T>(c[i]), sine = static_cast<T>(s[i]);
        to[i * step] = a * cosine - b * sine;
        to[i * step + other] = a * sine + b * cosine;
      }
    }
  });
}
}  // namespace

namespace kernels {

void attention(ScalarType dtype, const Attention& shape, AttentionOperand y, void* log_sums) {
  if (dtype == kDouble) {
    RONDO_CHOSEN(forward_double)(shape, y, log_sums);
  } else {
    RONDO_CHOSEN(forward_float)(shape, y, log_sums);
  }
}

void attention_backward(ScalarType dtype, const Attention& shape, AttentionOperand y, AttentionOperand gy,
                        const void* log_sums, AttentionOperand gq, AttentionOperand gk, AttentionOperand gv) {
  if (dtype == kDouble) {
    RONDO_CHOSEN(backward_double)(shape, y, gy, log_sums, gq, gk, gv);
  } else {
    RONDO_CHOSEN(backward_float)(shape, y, gy, log_sums, gq, gk, gv);
  }
}

void rotate_pairs(ScalarType dtype, int64_t rows, int64_t time, int64_t depth, bool interleaved, const double* cosines,
                  const double* sines, const void* x, void* y) {
  if (dtype == kDouble) {
    rotate(rows, time, depth, interleaved, cosines, sines, static_cast<const double*>(x), static_cast<double*>(y));
  } else {
    rotate(rows, time, depth, interleaved, cosines, sines, static_cast<const float*>(x), static_cast<float*>(y));
  }
}

}  // namespace kernels
}  // namespace rondo
#endif
