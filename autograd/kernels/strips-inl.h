// Products with a matrix that is packed once and used many times: strips of two registers' columns.
#if defined(RONDO_AUTOGRAD_KERNELS_STRIPS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef RONDO_AUTOGRAD_KERNELS_STRIPS_INL_H_
#undef RONDO_AUTOGRAD_KERNELS_STRIPS_INL_H_
#else
#define RONDO_AUTOGRAD_KERNELS_STRIPS_INL_H_
#endif

#include <rondo/autograd/kernels/rows-inl.h>
#include <rondo/autograd/kernels/scratch.h>

#include <algorithm>

HWY_BEFORE_NAMESPACE();
namespace rondo::HWY_NAMESPACE {
namespace {

using kernels::Buffer;

template <class T>
HWY_INLINE constexpr int64_t strip_width() {
  return 2 * lane_count<T>();
}
// As many rows as two registers of sums each leave room for.
constexpr int kMostRows = HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_SCALAR ? 4 : 8;

// A matrix [k, n] as strips: [strip][k][width], zeros behind the last column.
template <class T>
class Strips {
 public:
  // Room for matrices up to this size.
  Strips(int64_t k, int64_t n) : data_((n + kWidth - 1) / kWidth * kWidth * k), k_(k), n_(n) {}
  Strips(int64_t k, int64_t n, const T* b, int64_t b_row, int64_t b_column) : Strips(k, n) {
    pack(k, n, b, b_row, b_column);
  }
  void pack(int64_t k, int64_t n, const T* b, int64_t b_row, int64_t b_column) {
    k_ = k;
    n_ = n;
    T* to = data_.data();
    for (int64_t first = 0; first < n; first += kWidth, to += k * kWidth) {
      const int64_t columns = std::min(kWidth, n - first);
      const T* from = b + first * b_column;
      if (columns < kWidth) std::fill(to, to + k * kWidth, T(0));
      if (b_row == 1 && b_column != 1) {
        transpose(from, b_column, columns, k, to, kWidth);
        continue;
      }
      for (int64_t p = 0; p < k; ++p) {
        for (int64_t c = 0; c < columns; ++c) to[p * kWidth + c] = from[p * b_row + c * b_column];
      }
    }
  }
  int64_t k() const { return k_; }
  int64_t n() const { return n_; }
  const T* strip(int64_t s) const { return data_.data() + s * kWidth * k_; }

 private:
  static constexpr int64_t kWidth = strip_width<T>();
  Buffer<T> data_;
  int64_t k_, n_;
};

template <int R, class T>
HWY_NOINLINE void multiply(int64_t k, const T* HWY_RESTRICT a, int64_t a_row, const T* HWY_RESTRICT b,
                           T* HWY_RESTRICT y, int64_t y_row, bool add) {
  const hn::ScalableTag<T> d;
  constexpr int64_t kL = lane_count<T>();
  hn::VFromD<hn::ScalableTag<T>> sum[R][2];
  HWY_UNROLL(8)
  for (int r = 0; r < R; ++r) sum[r][0] = sum[r][1] = hn::Zero(d);
  for (int64_t p = 0; p < k; ++p, b += 2 * kL) {
    const auto left = hn::LoadU(d, b), right = hn::LoadU(d, b + kL);
    HWY_UNROLL(8)
    for (int r = 0; r < R; ++r) {
      const auto factor = hn::Set(d, a[r * a_row + p]);
      sum[r][0] = hn::MulAdd(factor, left, sum[r][0]);
      sum[r][1] = hn::MulAdd(factor, right, sum[r][1]);
    }
  }
  HWY_UNROLL(8)
  for (int r = 0; r < R; ++r) {
    T* to = y + r * y_row;
    hn::StoreU(add ? hn::Add(hn::LoadU(d, to), sum[r][0]) : sum[r][0], d, to);
    hn::StoreU(add ? hn::Add(hn::LoadU(d, to + kL), sum[r][1]) : sum[r][1], d, to + kL);
  }
}

template <class T>
HWY_INLINE void multiply_rows(int64_t rows, int64_t k, const T* a, int64_t a_row, const T* b, T* y, int64_t y_row,
                              bool add) {
  if (rows == kMostRows) {
    multiply<kMostRows>(k, a, a_row, b, y, y_row, add);
  } else if (rows == 4) {
    multiply<4>(k, a, a_row, b, y, y_row, add);
  } else if (rows == 2) {
    multiply<2>(k, a, a_row, b, y, y_row, add);
  } else {
    multiply<1>(k, a, a_row, b, y, y_row, add);
  }
}

// y [m, n] = or += a [m, k] b, for the first k rows and n columns of b. Every element is one chain of sums, whichever
// rows come along. `room`: y's rows have memory up to the end of their last strip, which is written.
template <class T>
void multiply(int64_t m, int64_t n, int64_t k, const T* a, int64_t a_row, const Strips<T>& b, T* y, int64_t y_row,
              bool add, bool room = false) {
  constexpr int64_t kWidth = strip_width<T>();
  for (int64_t first = 0, s = 0; first < n; first += kWidth, ++s) {
    const int64_t columns = std::min(kWidth, n - first);
    for (int64_t row = 0; row < m;) {
      int64_t rows = kMostRows;
      while (rows > m - row) rows /= 2;
      T* to = y + row * y_row + first;
      if (columns == kWidth || room) {
        multiply_rows(rows, k, a + row * a_row, a_row, b.strip(s), to, y_row, add);
      } else {
        HWY_ALIGN T result[kMostRows * kWidth];
        multiply_rows(rows, k, a + row * a_row, a_row, b.strip(s), result, kWidth, false);
        for (int64_t r = 0; r < rows; ++r) {
          for (int64_t c = 0; c < columns; ++c) {
            to[r * y_row + c] = add ? to[r * y_row + c] + result[r * kWidth + c] : result[r * kWidth + c];
          }
        }
      }
      row += rows;
    }
  }
}
template <class T>
void multiply(int64_t m, const T* a, int64_t a_row, const Strips<T>& b, T* y, int64_t y_row, bool add) {
  multiply(m, b.n(), b.k(), a, a_row, b, y, y_row, add);
}

}  // namespace
}  // namespace rondo::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
