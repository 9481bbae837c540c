// Products through OpenBLAS: for processors on which the packed body has no wide registers to work with, and the
// reference of its tests. The only file that includes cblas.h.
#include <rondo/autograd/base/parallel.h>
#include <rondo/autograd/kernels/product_parts.h>

#include <cblas.h>

#include <algorithm>

namespace rondo::kernels::product {
namespace {

// Fixed tiles, each one-threaded, so that no bit depends on the number of threads.
constexpr int64_t kTileRows = 256, kTileColumns = 512, kParallelWork = int64_t{1} << 20;

// An operand as BLAS takes it: rows of unit stride, or columns (transposed).
struct Form {
  CBLAS_TRANSPOSE transposed;
  blasint leading;
  bool fits;
};
Form form_of(int64_t rows, int64_t columns, int64_t row_stride, int64_t column_stride) {
  constexpr int64_t kMost = 2147483647;
  if ((column_stride == 1 || columns == 1) && row_stride >= columns && row_stride <= kMost) {
    return {CblasNoTrans, static_cast<blasint>(row_stride), true};
  }
  if ((row_stride == 1 || rows == 1) && column_stride >= rows && column_stride <= kMost) {
    return {CblasTrans, static_cast<blasint>(column_stride), true};
  }
  return {CblasNoTrans, 0, false};
}

void call(const Form& a, const Form& b, blasint m, blasint n, blasint k, float alpha, const float* pa, const float* pb,
          float beta, float* y, blasint ldy) {
  cblas_sgemm(CblasRowMajor, a.transposed, b.transposed, m, n, k, alpha, pa, a.leading, pb, b.leading, beta, y, ldy);
}
void call(const Form& a, const Form& b, blasint m, blasint n, blasint k, double alpha, const double* pa,
          const double* pb, double beta, double* y, blasint ldy) {
  cblas_dgemm(CblasRowMajor, a.transposed, b.transposed, m, n, k, alpha, pa, a.leading, pb, b.leading, beta, y, ldy);
}

template <class T>
bool run(const Task<T>& task) {
  const Form a = form_of(task.m, task.k, task.a_row, task.a_column);
  const Form b = form_of(task.k, task.n, task.b_row, task.b_column);
  if (!a.fits || !b.fits || task.y_row < task.n) return false;
  const int64_t down = (task.m + kTileRows - 1) / kTileRows, across = (task.n + kTileColumns - 1) / kTileColumns;
  const auto tiles = [&](int64_t first, int64_t last) {
    const base::OneOpenMPThread one;
    for (int64_t tile = first; tile < last; ++tile) {
      const int64_t i = tile / across * kTileRows, j = tile % across * kTileColumns;
      const int64_t rows = std::min(kTileRows, task.m - i), columns = std::min(kTileColumns, task.n - j);
      T* y = task.y + i * task.y_row + j;
      call(a, b, static_cast<blasint>(rows), static_cast<blasint>(columns), static_cast<blasint>(task.k), task.alpha,
           task.a + i * task.a_row, task.b + j * task.b_column, task.beta, y, static_cast<blasint>(task.y_row));
      if (!task.bias) continue;
      for (int64_t r = 0; r < rows; ++r) {
        for (int64_t c = 0; c < columns; ++c) y[r * task.y_row + c] += task.bias[j + c];
      }
    }
  };
  const bool large = task.m * task.n * task.k >= kParallelWork;
  parallel_for(0, down * across, large ? 1 : down * across, tiles);
  return true;
}

}  // namespace

bool blas(const Task<float>& task) { return run(task); }
bool blas(const Task<double>& task) { return run(task); }

}  // namespace rondo::kernels::product
